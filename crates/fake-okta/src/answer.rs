//! The shapes of an answer: JSON, a page, a redirect, and Okta's two kinds of error.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use crate::keys::random_value;

/// A whole response.
pub(crate) type Answer = Response<Full<Bytes>>;

/// A body of this type and status.
pub(crate) fn body(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    // What a test orders may be no status at all; a 500 is the nearest thing to it.
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    answer
}

/// JSON.
pub(crate) fn json(status: u16, value: &Value) -> Answer {
    body(status, "application/json", value.to_string())
}

/// Nothing, with this status.
pub(crate) fn empty(status: u16) -> Answer {
    let mut answer = body(status, "text/plain", Bytes::new());
    answer.headers_mut().remove(CONTENT_TYPE);
    answer
}

/// An error of the token endpoint and its relatives (RFC 6749 section 5.2).
pub(crate) fn oauth_error(status: u16, error: &str, description: &str) -> Answer {
    json(status, &json!({ "error": error, "error_description": description }))
}

/// An error of Okta's management API, which metadata endpoints use too.
pub(crate) fn api_error(status: u16, code: &str, summary: &str) -> Answer {
    let body = json!({
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": format!("oae{}", random_value()),
        "errorCauses": [],
    });
    json(status, &body)
}

/// An error of a resource that wants an access token (RFC 6750 section 3, RFC 9449 section 7.1).
pub(crate) fn challenge(scheme: &str, status: u16, error: &str, description: &str) -> Answer {
    let challenge = format!("{scheme} error=\"{error}\", error_description=\"{description}\"");
    with_header(empty(status), "www-authenticate", &challenge)
}

/// A 302 to `location`.
pub(crate) fn redirect(location: &str) -> Answer {
    let answer = with_header(empty(302), LOCATION.as_str(), location);
    with_header(answer, "referrer-policy", "no-referrer")
}

/// The same answer with one more header. A value that no header can carry is left out.
pub(crate) fn with_header(mut answer: Answer, name: &'static str, value: &str) -> Answer {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(HeaderName::from_static(name), value);
    }
    answer
}
