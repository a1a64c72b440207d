use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::testing::{Canned, TestIssuer, http};

/// A server that reads one request and answers with these bytes, then closes the connection.
async fn raw(answer: &'static [u8]) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/secret?code=s3cret", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(answer).await;
    });
    url
}

fn may_have_arrived(error: &Error) -> bool {
    match error {
        Error::Unreachable { may_have_arrived, reason } => {
            assert!(!reason.is_empty() && !reason.contains("s3cret"), "{reason}");
            *may_have_arrived
        }
        other => panic!("{other:?}"),
    }
}

async fn failure(http: &Http, url: &Url) -> Error {
    http.get(url).await.map(|_| ()).unwrap_err()
}

#[tokio::test]
async fn a_refused_connection_cannot_have_carried_the_request() {
    // Bound, so that nobody else gets the port, and not listening.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = Url::parse(&format!("http://{}/?code=s3cret", socket.local_addr().unwrap())).unwrap();
    assert!(!may_have_arrived(&failure(&http(), &url).await));
}

#[tokio::test]
async fn a_connection_that_breaks_may_have_carried_the_request() {
    for answer in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", b"nonsense"] {
        let url = raw(answer).await;
        assert!(may_have_arrived(&failure(&http(), &url).await), "{answer:?}");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/?code=s3cret", listener.local_addr().unwrap())).unwrap();
    let policy = HttpPolicy { total_timeout: Duration::from_millis(50), ..HttpPolicy::default() };
    let error = failure(&Http::new(policy).unwrap(), &url).await;
    assert!(may_have_arrived(&error));
    assert!(error.to_string().contains("time limit"), "{error}");
}

#[tokio::test]
async fn a_token_request_has_a_time_limit_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/?code=s3cret", listener.local_addr().unwrap())).unwrap();
    let policy = HttpPolicy { token_timeout: Duration::from_millis(50), ..HttpPolicy::default() };
    let error = Http::new(policy).unwrap().post_token_request(&url, &[]).await.map(|_| ()).unwrap_err();
    assert!(may_have_arrived(&error));
    assert!(HttpPolicy::default().token_timeout < Duration::from_secs(30), "no time to ask again");
}

#[tokio::test]
async fn plain_http_leaves_loopback_never() {
    // Nothing is asked, so this needs no network.
    let url = Url::parse("http://acme.okta.com/?code=s3cret").unwrap();
    let error = failure(&http(), &url).await;
    assert!(!may_have_arrived(&error));
    assert!(error.to_string().contains("scheme"), "{error}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read() {
    let issuer = TestIssuer::start().await;
    let http = Http::new(HttpPolicy { max_body: 10, ..HttpPolicy::default() }).unwrap();
    let url = Url::parse(&format!("{}/body", issuer.url)).unwrap();
    issuer.answer("/body", Canned::status(200, "0123456789"));
    assert_eq!(http.get(&url).await.unwrap().body.as_slice(), b"0123456789");
    issuer.answer("/body", Canned::status(200, "0123456789s3cret"));
    assert_eq!(failure(&http, &url).await, Error::nonconforming("a body of more than 10 bytes"));
    // However long the excuse, the server is busy.
    issuer.answer("/body", Canned::status(503, "0123456789s3cret"));
    assert_eq!(http.get(&url).await.unwrap().status, 503);
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read_where_its_length_is_not_announced() {
    let url =
        raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n").await;
    let http = Http::new(HttpPolicy { max_body: 10, ..HttpPolicy::default() }).unwrap();
    assert_eq!(failure(&http, &url).await, Error::nonconforming("a body of more than 10 bytes"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let issuer = TestIssuer::start().await;
    issuer.answer("/from", Canned::status(302, "").with("location", "/oauth2/default/to"));
    let reply = http().get(&Url::parse(&format!("{}/from", issuer.url)).unwrap()).await.unwrap();
    assert!(matches!(reply.success().map(|_| ()), Err(Error::Nonconforming { .. })));
    assert!(issuer.received("/to").is_empty());
}

#[tokio::test]
async fn a_request_looks_like_no_browsers() {
    let issuer = TestIssuer::start().await;
    issuer.answer("/form", Canned::status(200, "").with("set-cookie", "a=b; Path=/"));
    let (http, url) = (http(), Url::parse(&format!("{}/form", issuer.url)).unwrap());
    for _ in 0..2 {
        http.post_form(&url, &[("a", "b c&d=é")]).await.unwrap();
    }
    for request in issuer.received("/form") {
        let mut names: Vec<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        // No `origin`, which makes Okta take the caller for a web page; no `cookie`, no `referer`, no `authorization`.
        assert_eq!(names, ["accept", "content-length", "content-type", "host", "user-agent"]);
        assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
        assert_eq!(request.headers["accept"], "application/json");
        assert!(request.headers["user-agent"].to_str().unwrap().starts_with("Gatepass/"));
        assert_eq!(request.body, "a=b+c%26d%3D%C3%A9");
    }
}

#[test]
fn a_user_agent_that_is_no_header_is_an_error() {
    let policy = HttpPolicy { user_agent: "a\nb".into(), ..HttpPolicy::default() };
    assert!(!may_have_arrived(&Http::new(policy).unwrap_err()));
}

#[test]
fn loopback_has_a_client_of_its_own() {
    let http = http();
    for (url, is_loopback) in [
        ("http://127.0.0.1:1/", true),
        ("https://localhost:1/", true),
        ("http://[::1]:1/", true),
        ("https://localhost.acme.example/", false),
        ("https://acme.okta.com/", false),
    ] {
        let client = http.client(&Url::parse(url).unwrap());
        assert_eq!(std::ptr::eq(client, &http.loopback), is_loopback, "{url}");
    }
}
