use proptest::prelude::*;
use reqwest::header::{HeaderName, HeaderValue};

use super::*;
use crate::testing::{NOW, NOW_AS_DATE};

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        server_time: None,
        retry_after: None,
        challenge: None,
        dpop_nonce: None,
        next_page: None,
        request_id: None,
        body: Zeroizing::new(body.as_bytes().to_vec()),
        is_too_long: false,
    }
}

fn failure(status: u16, body: &str) -> Error {
    reply(status, body).success().map(|_| ()).unwrap_err()
}

fn refused(code: &str, description: Option<&str>, status: u16) -> Error {
    Error::Refused { code: code.into(), description: description.map(Into::into), status, request_id: None }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap()))
        .collect()
}

#[test]
fn a_refusal_is_read_in_oauths_form_and_in_oktas() {
    for (status, body, expected) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}"#,
            refused("invalid_grant", Some("The refresh token is invalid or expired."), 400),
        ),
        (401, r#"{"error":"invalid_client","more":[1]}"#, refused("invalid_client", None, 401)),
        (
            404,
            r#"{"errorCode":"E0000007","errorSummary":"Not found: Resource not found: x","errorCauses":[]}"#,
            refused("E0000007", Some("Not found: Resource not found: x"), 404),
        ),
        (400, r#"{"error":"access_denied","error_description":7}"#, refused("access_denied", None, 400)),
    ] {
        assert_eq!(failure(status, body), expected, "{body}");
    }
}

#[test]
fn a_refusal_keeps_what_okta_calls_the_request() {
    let id = |value: &str| request_id(&headers(&[("x-okta-request-id", value)]));
    for harmless in ["aqV-9x_0", &"x".repeat(64)] {
        assert_eq!(id(harmless).as_deref(), Some(harmless));
    }
    for value in ["", "a b", "<b>", "a\u{202e}b", "a;b", &"x".repeat(65)] {
        assert_eq!(id(value), None, "{value}");
    }
    assert_eq!(request_id(&headers(&[])), None);

    for body in [r#"{"error":"invalid_client"}"#, r#"{"errorCode":"E0000007"}"#] {
        let reply = Reply { request_id: Some("aqV-9x_0".into()), ..reply(401, body) };
        let Err(Error::Refused { request_id, .. }) = reply.success() else { panic!("{body}") };
        assert_eq!(request_id.as_deref(), Some("aqV-9x_0"), "{body}");
    }
}

#[test]
fn a_server_that_is_busy_refuses_nothing() {
    let busy = |status| Error::Busy { retry_after: None, status };
    for (status, body) in [
        (429, r#"{"error":"invalid_grant","error_description":"API call exceeded rate limit"}"#),
        (429, r#"{"errorCode":"E0000047"}"#),
        (500, r#"{"error":"invalid_grant"}"#),
        (503, "<html>"),
        (599, ""),
        (400, r#"{"error":"temporarily_unavailable"}"#),
    ] {
        assert_eq!(failure(status, body), busy(status), "{status} {body}");
    }
}

#[test]
fn a_busy_server_is_left_alone_for_as_long_as_it_asks() {
    let retry_after = Some(Duration::from_secs(7));
    for (status, body) in [(429, ""), (503, ""), (400, r#"{"error":"temporarily_unavailable"}"#)] {
        let reply = Reply { retry_after, ..reply(status, body) };
        assert_eq!(reply.success().map(|_| ()).unwrap_err(), Error::Busy { retry_after, status });
    }
}

#[test]
fn what_is_no_oauth_answer_does_not_conform() {
    for (status, body) in
        [(302, ""), (400, "{}"), (400, r#"["error"]"#), (403, r#"{"error":{"message":"no"}}"#), (407, "")]
    {
        assert!(matches!(failure(status, body), Error::Nonconforming { .. }), "{status} {body}");
    }
    assert!(matches!(reply(200, "[]").json_object("it"), Err(Error::Nonconforming { .. })));
}

#[test]
fn a_web_page_is_somebody_elses() {
    let page = |status| Error::Obstructed { by: Obstacle::WebPage, reason: format!("a web page with status {status}") };
    for body in ["<html>Welcome to the hotel", "\r\n <!doctype html>", "\u{feff}<?xml version=\"1.0\"?>"] {
        assert_eq!(reply(200, body).json_object("it"), Err(page(200)), "{body}");
        for status in [400, 403, 404, 451] {
            assert_eq!(failure(status, body), page(status), "{body}");
        }
        // A gateway's page in an outage: the server has trouble.
        assert!(matches!(failure(503, body), Error::Busy { .. }));
    }
}

#[test]
fn text_of_the_server_is_bounded_and_harmless() {
    let body = serde_json::json!({
        "error": "e".repeat(101),
        "error_description": format!("a\n\u{1b}[31m\u{202e}b\u{2066}{}", "d".repeat(300)),
    });
    let expected = refused(&"e".repeat(100), Some(&format!("a[31mb{}", "d".repeat(194))), 400);
    assert_eq!(failure(400, &body.to_string()), expected);
}

#[test]
fn no_error_repeats_a_body() {
    for body in ["s3cret", r#"{"access_token": s3cret"#, r#"["s3cret"]"#] {
        let error = reply(200, body).json_object("the token response").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("s3cret"));
        assert!(!format!("{:?}", failure(400, body)).contains("s3cret"));
    }
}

#[test]
fn the_server_says_how_long_to_wait() {
    let reset = (NOW.as_unix_seconds() + 90).to_string();
    let past = (NOW.as_unix_seconds() - 90).to_string();
    for (status, pairs, seconds) in [
        (429, vec![], None),
        (429, vec![("retry-after", "30")], Some(30)),
        (503, vec![("retry-after", " 30 ")], Some(30)),
        (429, vec![("retry-after", "0")], Some(1)),
        (429, vec![("retry-after", "99999999")], Some(86_400)),
        (429, vec![("retry-after", "-1")], None),
        (429, vec![("retry-after", "soon")], None),
        (503, vec![("retry-after", "Fri, 15 Jan 2027 08:02:00 GMT"), ("date", NOW_AS_DATE)], Some(120)),
        (503, vec![("retry-after", "Fri, 15 Jan 2027 07:00:00 GMT"), ("date", NOW_AS_DATE)], Some(1)),
        (503, vec![("retry-after", "Fri, 15 Jan 2027 08:02:00 GMT")], None),
        (429, vec![("x-rate-limit-reset", reset.as_str()), ("date", NOW_AS_DATE)], Some(90)),
        (429, vec![("x-rate-limit-reset", past.as_str()), ("date", NOW_AS_DATE)], Some(1)),
        (429, vec![("x-rate-limit-reset", reset.as_str())], None),
        (429, vec![("x-rate-limit-reset", reset.as_str()), ("date", NOW_AS_DATE), ("retry-after", "7")], Some(7)),
        // Okta sends its limits with every answer; an outage has nothing to do with them.
        (503, vec![("x-rate-limit-reset", reset.as_str()), ("date", NOW_AS_DATE)], None),
    ] {
        assert_eq!(retry_after(&headers(&pairs), status).map(|wait| wait.as_secs()), seconds, "{status} {pairs:?}");
    }
}

#[test]
fn the_servers_clock_is_its_date_and_the_age_of_the_answer() {
    assert_eq!(server_time(&headers(&[("date", NOW_AS_DATE)])), Some(NOW));
    let cached = headers(&[("date", NOW_AS_DATE), ("age", "3600")]);
    assert_eq!(server_time(&cached), Some(NOW + Duration::from_secs(3600)));
    for pairs in [vec![], vec![("date", "yesterday")], vec![("age", "1")]] {
        assert_eq!(server_time(&headers(&pairs)), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_headers_give_a_sensible_wait_or_none(
        wait in "[0-9]{0,25}|\\PC{0,30}",
        reset in "-?[0-9]{0,25}",
        age in "[0-9]{0,25}",
        date in "(Fri, 15 Jan 2027 08:00:00 GMT|\\PC{0,30})",
        status in 400..600u16,
    ) {
        let pairs = [("retry-after", &*wait), ("x-rate-limit-reset", &*reset), ("date", &*date), ("age", &*age)];
        let headers = headers(&pairs);
        let _ = server_time(&headers);
        if let Some(wait) = retry_after(&headers, status) {
            prop_assert!((1..=86_400).contains(&wait.as_secs()));
        }
    }
}

#[test]
fn a_token_response_that_broke_off_is_told_from_somebody_elses_page() {
    let broke_off = Error::Unreachable { reason: "the answer broke off".into(), may_have_arrived: true };
    for body in ["", " \n", "{", r#"{"access_token":"s3cr"#, "\n {\"a\": 1,"] {
        assert_eq!(reply(200, body).token_response(), Err(broke_off.clone()), "{body}");
    }
    assert!(!reply(200, "<!doctype html>").token_response().unwrap_err().leaves_outcome_unknown());
    // The server was at work, for all that is known.
    for body in ["[]", "null", "\"text\"", "OK"] {
        assert!(reply(200, body).token_response().unwrap_err().leaves_outcome_unknown(), "{body}");
        assert!(!reply(400, body).token_response().unwrap_err().leaves_outcome_unknown(), "{body}");
    }
    let too_long = |status| Reply { is_too_long: true, ..reply(status, "{\"access_token\":") };
    assert!(too_long(200).token_response().unwrap_err().leaves_outcome_unknown());
    assert!(!too_long(400).token_response().unwrap_err().leaves_outcome_unknown());
    assert!(matches!(too_long(200).success().map(|_| ()), Err(Error::Nonconforming { .. })));
    assert!(reply(200, "{}").token_response().unwrap().is_empty());
}

#[test]
fn where_a_list_goes_on_stands_in_one_link_of_several() {
    let next = |links: &[(&'static str, &str)]| next_page(&headers(links));
    assert_eq!(next(&[]), None);
    assert_eq!(next(&[("link", r#"<https://a/1>; rel="self""#)]), None);
    assert_eq!(next(&[("link", r#"<https://a/2?x=1,2>; rel="next""#)]).as_deref(), Some("https://a/2?x=1,2"));
    let both = r#"<https://a/1>; rel="self", <https://a/2>; title="x"; rel=next"#;
    assert_eq!(next(&[("link", both)]).as_deref(), Some("https://a/2"));
    for joined in [
        r#"<https://a/1>; rel="self",<https://a/2>; rel="next""#,
        r#"<https://a/2>;REL="next" , <https://a/1>;rel=self"#,
    ] {
        assert_eq!(next(&[("link", joined)]).as_deref(), Some("https://a/2"), "{joined}");
    }
    for broken in ["https://a/2", "<https://a/2", "<>", "", "<https://a/2>", "<https://a/2>; rel=\"next-page\""] {
        assert_eq!(next(&[("link", broken)]), None, "{broken}");
    }
}
