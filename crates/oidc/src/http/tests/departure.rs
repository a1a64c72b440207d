//! Requests that leave in time or not at all.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;

/// Long enough to connect over loopback on a busy machine.
const AMPLE: Duration = Duration::from_secs(20);

/// A server that tells of each connection and of the first bytes that came, and answers after `pause`.
async fn server(scheme: &str, pause: Duration) -> (Url, mpsc::UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("{scheme}://{}/?code=s3cret", listener.local_addr().unwrap())).unwrap();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 4096];
            let n = stream.read(&mut bytes).await.unwrap_or(0);
            bytes.truncate(n);
            let _ = tell.send(bytes);
            let _ = timeout(pause, pending::<()>()).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood").await;
        }
    });
    (url, told)
}

#[tokio::test]
async fn an_answer_may_come_after_the_last_moment_to_leave() {
    let limit = Duration::from_secs(1);
    let (url, _told) = server("http", limit * 2).await;
    let is_open = Arc::new(AtomicBool::new(true));
    let may_leave = is_open.clone();
    let http = http().departing(Departure::new(limit, move || may_leave.load(Ordering::Relaxed)));
    let reply = http.post_token_request(&url, Form::default()).await.unwrap();
    assert_eq!(reply.body.as_slice(), b"good");
    // And one that has to be sent again does not leave after it.
    let error = http.post_token_request(&url, Form::default()).await.map(drop).unwrap_err();
    assert!(!may_have_arrived(&error), "{error}");
    assert!(error.to_string().contains("too long"), "{error}");
}

#[tokio::test]
async fn a_request_whose_connection_takes_too_long_does_not_leave() {
    // It takes connections and says nothing, so that no TLS is ever agreed upon.
    let (url, mut told) = server("https", Duration::MAX).await;
    let http = http().departing(Departure::new(Duration::from_millis(50), || true));
    let error = http.post_token_request(&url, Form::default()).await.map(drop).unwrap_err();
    assert!(!may_have_arrived(&error), "{error}");
    assert!(error.to_string().contains("too long"), "not the limit that every connection has: {error}");
    assert_eq!(told.recv().await.unwrap().first(), Some(&22), "a handshake and no more");
}

#[tokio::test]
async fn a_request_that_may_not_leave_when_it_is_connected_does_not() {
    let (url, mut told) = server("http", Duration::ZERO).await;
    let n_asked = Arc::new(AtomicUsize::new(0));
    let asked = n_asked.clone();
    // By then the machine has slept, say.
    let http = http().departing(Departure::new(AMPLE, move || asked.fetch_add(1, Ordering::Relaxed) == 0));
    let error = http.post_token_request(&url, form(&[("refresh_token", "s3cret")])).await.map(drop).unwrap_err();
    assert!(!may_have_arrived(&error), "{error}");
    assert_eq!(told.recv().await.unwrap(), b"", "connected, and nothing said");
    assert_eq!(n_asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_request_that_may_not_leave_asks_for_no_connection() {
    let (url, mut told) = server("http", Duration::ZERO).await;
    let late = http().departing(Departure::new(AMPLE, || false));
    let error = late.get(&url).await.map(drop).unwrap_err();
    assert!(!may_have_arrived(&error), "{error}");
    assert!(error.to_string().contains("too long"), "{error}");
    // The next one, which is bound by nothing, is the first that comes.
    http().get(&url).await.unwrap();
    assert!(told.recv().await.unwrap().starts_with(b"GET"));
    assert!(told.try_recv().is_err());
}
