use std::net::SocketAddr;
use std::process::Command;

use reqwest::ResponseBuilderExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use super::*;

mod between;
mod departure;
use crate::testing::{Canned, TestIssuer, http};

/// A port that nobody listens on, and that nobody else gets while the socket is held.
fn closed_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

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

fn form<'a>(fields: &'a [(&'a str, &'a str)]) -> Form<'a> {
    Form { fields, ..Form::default() }
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
    let (_socket, address) = closed_port();
    let url = Url::parse(&format!("http://{address}/?code=s3cret")).unwrap();
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
    let error = failure(&Http::new(policy), &url).await;
    assert!(may_have_arrived(&error));
    assert!(error.to_string().contains("time limit"), "{error}");
}

#[tokio::test]
async fn a_token_request_has_a_time_limit_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/?code=s3cret", listener.local_addr().unwrap())).unwrap();
    let policy = HttpPolicy { token_timeout: Duration::from_millis(50), ..HttpPolicy::default() };
    let error = Http::new(policy).post_token_request(&url, Form::default()).await.map(|_| ()).unwrap_err();
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
    let http = Http::new(HttpPolicy { max_body: 10, ..HttpPolicy::default() });
    let url = Url::parse(&format!("{}/body", issuer.url)).unwrap();
    issuer.answer("/body", Canned::status(200, "0123456789"));
    assert_eq!(http.get(&url).await.unwrap().body.as_slice(), b"0123456789");
    issuer.answer("/body", Canned::status(200, "0123456789s3cret"));
    let reply = http.get(&url).await.unwrap();
    assert!(reply.is_too_long && reply.body.len() <= 10);
    // However long the excuse, the server is busy.
    issuer.answer("/body", Canned::status(503, "0123456789s3cret"));
    assert_eq!(http.get(&url).await.unwrap().status, 503);
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read_where_its_length_is_not_announced() {
    let url =
        raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n").await;
    let http = Http::new(HttpPolicy { max_body: 10, ..HttpPolicy::default() });
    let reply = http.get(&url).await.unwrap();
    assert!(reply.is_too_long && reply.body.len() <= 10);
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
        http.post_form(&url, form(&[("a", "b c&d=é")])).await.unwrap();
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

#[tokio::test]
async fn a_client_that_cannot_be_built_fails_the_request() {
    let issuer = TestIssuer::start().await;
    let policy = HttpPolicy { user_agent: "a\nb".into(), ..HttpPolicy::default() };
    let url = Url::parse(&format!("{}/never", issuer.url)).unwrap();
    assert!(!may_have_arrived(&failure(&Http::new(policy), &url).await));
    assert!(issuer.received("/never").is_empty());
}

#[tokio::test]
async fn a_client_is_built_with_the_first_request_that_needs_it() {
    let issuer = TestIssuer::start().await;
    issuer.answer("/here", Canned::status(200, ""));
    let http = Http::new(HttpPolicy::default());
    assert!(!http.clients.loopback.initialized());
    http.get(&Url::parse(&format!("{}/here", issuer.url)).unwrap()).await.unwrap();
    assert!(http.clients.loopback.initialized() && !http.clients.remote.initialized());
}

#[tokio::test]
async fn loopback_has_a_client_of_its_own() {
    for (url, is_loopback) in [
        ("http://127.0.0.1:1/", true),
        ("https://localhost:1/", true),
        ("http://[::1]:1/", true),
        ("https://localhost.acme.example/", false),
        ("https://acme.okta.com/", false),
    ] {
        let clients = Http::new(HttpPolicy::default()).clients;
        clients.for_address(&Url::parse(url).unwrap()).await.unwrap();
        assert_eq!(
            (clients.loopback.initialized(), clients.remote.initialized()),
            (is_loopback, !is_loopback),
            "{url}"
        );
    }
}

#[tokio::test]
async fn loopback_is_reached() {
    let issuer = TestIssuer::start().await;
    issuer.answer("/here", Canned::status(200, "here"));
    let reply = http().get(&Url::parse(&format!("{}/here", issuer.url)).unwrap()).await.unwrap();
    assert_eq!(reply.body.as_slice(), b"here");
}

/// A proxy would carry the code and the tokens of the demo org out of the machine. Which one there is, a client reads
/// from the environment when it is made: this needs a process with an environment of its own.
#[test]
fn no_proxy_is_asked_for_loopback() {
    let (_socket, proxy) = closed_port();
    let mut alone = Command::new(std::env::current_exe().unwrap());
    alone.args(["--exact", "http::tests::loopback_is_reached"]);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        alone.env(name, format!("http://{proxy}"));
    }
    let output = alone.env_remove("no_proxy").env_remove("NO_PROXY").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn an_error_does_not_repeat_the_url_of_its_request() {
    // An error without a cause, so that its own words are the deepest there are.
    let url = Url::parse("http://127.0.0.1/?code=s3cret").unwrap();
    let response = hyper::Response::builder().status(500).url(url).body("").unwrap();
    let error = reqwest::Response::from(response).error_for_status().unwrap_err();
    assert!(error.to_string().contains("s3cret"), "{error}");
    may_have_arrived(&unanswered(error));
}
