use proptest::prelude::*;

use super::*;

#[test]
fn a_code_with_its_state_is_read() {
    let response =
        AuthorizationResponse::parse(b"code=a%2Bb+c&state=xyz&iss=https%3A%2F%2Facme.okta.com&new=1").unwrap();
    assert_eq!(response.state, "xyz");
    assert_eq!(response.iss.as_deref(), Some("https://acme.okta.com"));
    match response.outcome {
        Outcome::Code(code) => assert_eq!(code.expose(), "a+b c"),
        Outcome::Error { .. } => panic!("it has a code"),
    }
}

#[test]
fn an_error_with_its_state_is_read() {
    let response = AuthorizationResponse::parse(b"error=access_denied&error_description=No+way&state=xyz").unwrap();
    match response.outcome {
        Outcome::Error { code, description } => {
            assert_eq!(code, "access_denied");
            assert_eq!(description.as_deref(), Some("No way"));
        }
        Outcome::Code(_) => panic!("it has an error"),
    }
}

#[test]
fn what_is_not_a_response_is_refused() {
    use MalformedResponse::*;
    for (parameters, why) in [
        ("", Empty),
        ("&&=&", Empty),
        ("state=xyz", Empty),
        ("code=&state=xyz", Empty),
        ("error=&state=xyz", Empty),
        ("code=a", NoState),
        ("code=a&state=", NoState),
        ("error=access_denied", NoState),
        ("code=a&error=access_denied&state=xyz", Contradictory),
        ("code=a&code=a&state=xyz", Duplicate),
        ("code=a&c%6fde=b&state=xyz", Duplicate),
        ("code=&code=a&state=xyz", Duplicate),
        ("code=a&state=xyz&state=xyz", Duplicate),
        ("code=a&state=xyz&iss=a&iss=b", Duplicate),
        ("code=a&state=xyz&new=1&new=2", Duplicate),
        ("code=a&state=xyz&id_token=e", UnrequestedTokens),
        ("access_token=e&state=xyz", UnrequestedTokens),
        ("id_token=", UnrequestedTokens),
    ] {
        assert_eq!(AuthorizationResponse::parse(parameters.as_bytes()).unwrap_err(), why, "{parameters}");
    }
}

#[test]
fn its_debug_form_tells_nothing() {
    let response = AuthorizationResponse::parse(b"code=c0de&state=st4te").unwrap();
    assert_eq!(format!("{response:?}"), "AuthorizationResponse([redacted])");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = AuthorizationResponse::parse(&bytes);
    }

    #[test]
    fn what_is_read_has_a_state_that_stood_there(
        pairs in proptest::collection::vec(("(code|error|state|iss|x)", "[a-z%0-9+]{0,4}"), 0..5)
    ) {
        let text = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        if let Ok(response) = AuthorizationResponse::parse(text.as_bytes()) {
            prop_assert!(!response.state.is_empty());
            prop_assert_eq!(pairs.iter().filter(|(name, _)| name == "state").count(), 1);
        }
    }
}
