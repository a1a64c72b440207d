use proptest::prelude::*;
use reqwest::header::HeaderValue;

use super::*;

fn of(values: &[&str]) -> Option<(String, Option<String>)> {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    Challenge::read(&headers).map(|challenge| (challenge.error, challenge.description))
}

#[test]
fn what_went_wrong_is_found_among_challenges() {
    for (values, error, description) in [
        (
            &[
                r#"Bearer realm="x", error="invalid_token", error_description="The access token is invalid.", resource="/y""#,
            ][..],
            "invalid_token",
            Some("The access token is invalid."),
        ),
        (&["bearer error=insufficient_scope"], "insufficient_scope", None),
        (&["DPoP algs=\"ES256\", error=\"invalid_token\""], "invalid_token", None),
        (&["BEARER Error = \"a\" , ERROR_description = \"b\""], "a", Some("b")),
        (&["Basic realm=\"error=, Bearer\"", "Bearer error=\"a\""], "a", None),
        (&["Basic YWJj==, Negotiate, Bearer error=\"a\""], "a", None),
        (&[r#"Bearer error_description="one", DPoP error="a""#], "a", None),
        (&[r#"Bearer error="a", Basic error_description="c""#], "a", None),
        (&[r#"Bearer error="a", DPoP error="b""#], "a", None),
        (&[r#"Bearer error="a", error_description="say \"no\", then \\ go""#], "a", Some(r#"say "no", then \ go"#)),
        (&["Bearer error=\"a\", error_description=\"k\u{e4}se\""], "a", Some("k\u{e4}se")),
        (&[r#"Bearer error="a"#], "a", None),
    ] {
        assert_eq!(of(values), Some((error.into(), description.map(Into::into))), "{values:?}");
    }
}

#[test]
fn a_challenge_without_an_error_of_ours_is_none() {
    for values in [
        &[][..],
        &[""],
        &["Bearer"],
        &[r#"Bearer realm="error=invalid_token""#],
        &[r#"Bearer error="""#],
        &[r#"Basic error="invalid_token""#],
        &[r#"Bearer realm="x", Negotiate, error="a""#],
        &[r#"error="invalid_token""#],
        &[",,=,= ,\"\\"],
    ] {
        assert_eq!(of(values), None, "{values:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_read_back(error in "[a-z_]{1,20}", description in "[ -~]{0,40}", before in "[ -~&&[^\"\\\\]]{0,20}") {
        let quoted = description.replace('\\', r"\\").replace('"', "\\\"");
        let header = format!(r#"Bearer realm="{before}", error_description="{quoted}", error="{error}""#);
        prop_assert_eq!(of(&[&header]), Some((error, Some(description))));
    }

    #[test]
    fn any_header_is_read_or_not(text in "[ -~]{0,60}") {
        of(&[&text]);
    }
}
