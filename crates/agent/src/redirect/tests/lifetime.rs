//! Which addresses are opened, and when they are closed.

use std::io::ErrorKind;

use super::*;

async fn is_refused(address: SocketAddr) -> bool {
    TcpStream::connect(address).await.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

/// The taken URIs, with the names of the programs that hold them.
async fn taken(uris: &[RedirectUri]) -> Vec<(RedirectUri, Option<String>)> {
    match RedirectListener::bind(uris, plain_page()).await {
        Err(BindError::Taken { uris }) => uris,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn localhost_means_both_loopback_addresses() {
    let port = free_port();
    let listener =
        RedirectListener::bind(&[uri(&format!("http://localhost:{port}/redirect"))], plain_page()).await.unwrap();
    assert_eq!(listener.launch_url().host_str(), Some("localhost"));
    for ip in [V4, V6].into_iter().filter(|ip| ip.is_ipv4() || has_v6()) {
        let request = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        assert_eq!(send(SocketAddr::new(ip, port), request).await.status, 404);
    }
}

#[tokio::test]
async fn an_ipv6_address_is_listened_on_alone() {
    let port = free_port();
    let uris = [uri(&format!("http://[::1]:{port}/redirect"))];
    if !has_v6() {
        assert!(matches!(RedirectListener::bind(&uris, plain_page()).await, Err(BindError::NoLoopback)));
        return;
    }
    let listener = RedirectListener::bind(&uris, plain_page()).await.unwrap();
    assert!(is_refused(SocketAddr::new(V4, port)).await);
    let request = format!("GET /redirect?{GENUINE} HTTP/1.1\r\nHost: [::1]:{port}\r\n\r\n");
    let address = SocketAddr::new(V6, port);
    Trial { listener, address }.accepted(request).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_but_the_named_address_is_listened_on() {
    let trial = Trial::start().await;
    let port = trial.address.port();
    // Linux answers on all of 127.0.0.0/8 what listens on every address.
    assert!(is_refused(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), port)).await);
    assert!(!has_v6() || is_refused(SocketAddr::new(V6, port)).await);
}

#[tokio::test]
async fn a_port_taken_on_either_address_is_taken() {
    for ip in [V4, V6].into_iter().filter(|ip| ip.is_ipv4() || has_v6()) {
        let port = free_port();
        let other = std::net::TcpListener::bind((ip, port)).unwrap();
        let uris = [uri(&format!("http://localhost:{port}/redirect"))];
        assert_eq!(taken(&uris).await.len(), 1, "{ip}");
        drop(other);
        RedirectListener::bind(&uris, plain_page()).await.expect("nothing of the failed attempt is left");
    }
}

#[tokio::test]
async fn the_next_uri_is_used_where_the_first_is_taken() {
    let (first, second) = (free_port(), free_port());
    let _other = std::net::TcpListener::bind((V4, first)).unwrap();
    let uris = [first, second].map(|port| uri(&format!("http://127.0.0.1:{port}/redirect")));
    let listener = RedirectListener::bind(&uris, plain_page()).await.unwrap();
    assert_eq!(listener.redirect_uri(), &uris[1]);
    assert_eq!(listener.launch_url().port(), Some(second));
}

#[tokio::test]
async fn the_program_that_holds_the_port_is_named_where_the_system_tells() {
    let (first, second) = (free_port(), free_port());
    let _others = [first, second].map(|port| std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).unwrap());
    let uris = [first, second].map(|port| uri(&format!("http://127.0.0.1:{port}/redirect")));
    let holder =
        cfg!(target_os = "linux").then(|| std::fs::read_to_string("/proc/self/comm").unwrap().trim().to_owned());
    assert_eq!(taken(&uris).await, uris.map(|uri| (uri, holder.clone())));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn of_all_programs_the_one_that_holds_the_port_is_named() {
    let port = free_port();
    let listener = std::net::TcpListener::bind((V4, port)).unwrap();
    // Its standard input is the socket.
    let mut other =
        std::process::Command::new("sleep").arg("60").stdin(std::os::fd::OwnedFd::from(listener)).spawn().unwrap();
    let uris = [uri(&format!("http://127.0.0.1:{port}/redirect"))];
    let taken = taken(&uris).await;
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(taken, uris.map(|uri| (uri, Some("sleep".to_owned()))));
}

#[tokio::test]
async fn two_attempts_do_not_share_a_port() {
    let trial = Trial::start().await;
    assert_eq!(taken(&[trial.listener.redirect_uri().clone()]).await.len(), 1);
}

#[tokio::test]
async fn a_private_scheme_has_a_launch_address_alone() {
    let uris = [uri("dev.gatepass.desktop:/redirect")];
    let listener = RedirectListener::bind(&uris, plain_page()).await.unwrap();
    listener.lead_to(Url::parse("https://example.okta.com/authorize").unwrap());
    let launch = listener.launch_url().clone();
    assert_eq!(launch.host_str(), Some("127.0.0.1"));
    let trial = Trial { address: SocketAddr::new(V4, launch.port().unwrap()), listener };
    let reply = send(trial.address, trial.request("GET", launch.path(), &[])).await;
    assert_eq!(reply.location(), "https://example.okta.com/authorize");
    assert_eq!(trial.turned_away(trial.redirect(GENUINE)).await.status, 404);
}

#[tokio::test]
async fn no_uri_is_an_error() {
    assert!(matches!(RedirectListener::bind(&[], plain_page()).await, Err(BindError::Io(_))));
}

#[tokio::test]
async fn nobody_finds_the_launch_address() {
    let (one, other) = (Trial::start().await, Trial::start().await);
    assert_ne!(one.launch_path(), other.launch_path());
    assert_eq!(one.launch_path().len(), "/start/".len() + 32);
    assert!(!format!("{:?}", one.listener).contains(&one.launch_path()));
}

#[tokio::test]
async fn a_cancel_closes_the_port_at_once() {
    let trial = Trial::start().await;
    let uris = [trial.listener.redirect_uri().clone()];
    let held = connect(trial.address).await;
    drop(trial.listener);
    // No turn of the runtime in between: what the drop did not close would still be open.
    let connected = std::net::TcpStream::connect(trial.address);
    assert!(connected.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused));
    assert_eq!(reply_on(held).await.raw, "");
    RedirectListener::bind(&uris, plain_page()).await.expect("the port is free again");
}

#[tokio::test]
async fn a_cancel_leaves_a_waiting_page_without_an_answer() {
    let trial = Trial::start().await;
    let done = trial.accepted(trial.redirect(GENUINE)).await.location().to_owned();
    let browser = tokio::spawn(send(trial.address, trial.request("GET", &done, &[])));
    soon(trial.listener.attempt.a_page_waits()).await;
    drop(trial.listener);
    assert_eq!(browser.await.unwrap().raw, "");
}

#[tokio::test]
async fn the_port_is_free_again_after_the_outcome_was_read() {
    let trial = Trial::start().await;
    let uris = [trial.listener.redirect_uri().clone()];
    let done = trial.accepted(trial.redirect(GENUINE)).await.location().to_owned();
    let address = trial.address;
    let page = trial.ends_when_visited(&done, Outcome::SignedIn { as_whom: String::new() }).await;
    assert_eq!(page.status, 200);
    assert!(is_refused(address).await);
    RedirectListener::bind(&uris, plain_page()).await.expect("the port is free again");
}

#[tokio::test]
async fn an_outcome_that_no_browser_asks_for_is_kept_for_a_while() {
    let trial = Trial::start_within(Limits { grace: Duration::from_millis(50), ..Limits::default() }).await;
    trial.still_works().await;
    let failed = Outcome::Failed { title: String::new(), advice: String::new() };
    let finish = trial.listener.finish(failed);
    timeout(Duration::from_secs(10), finish).await.expect("it does not wait for ever");
    assert!(is_refused(trial.address).await);
}

#[tokio::test]
async fn where_no_answer_was_received_no_page_is_waited_for() {
    let trial = Trial::start().await;
    let failed = Outcome::Failed { title: String::new(), advice: String::new() };
    timeout(Duration::from_secs(5), trial.listener.finish(failed)).await.expect("it closes at once");
    assert!(is_refused(trial.address).await);
}
