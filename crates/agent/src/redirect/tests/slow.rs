//! Clients that take their time, and many at once.

use gatepass_oidc::HttpPolicy;

use super::*;

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_slow_client_does_not_block_another() {
    let trial = Trial::start().await;
    let mut slow = connect(trial.address).await;
    slow.write_all(b"GET /redirect?code=").await.unwrap();
    trial.still_works().await;
}

#[tokio::test]
async fn a_header_that_does_not_end_is_not_waited_for() {
    let trial = Trial::start_within(Limits { header: SHORT, ..Limits::default() }).await;
    let mut slow = connect(trial.address).await;
    slow.write_all(trial.request("GET", "/redirect", &[]).trim_end().as_bytes()).await.unwrap();
    let reply = reply_on(slow).await;
    assert!([0, 408].contains(&reply.status), "{}", reply.raw);
    trial.still_works().await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_not_waited_for() {
    let trial = Trial::start_within(Limits { header: SHORT, ..Limits::default() }).await;
    let reply = reply_on(connect(trial.address).await).await;
    assert!([0, 408].contains(&reply.status), "{}", reply.raw);
}

#[tokio::test]
async fn a_body_that_does_not_end_is_not_waited_for() {
    let trial = Trial::start_within(Limits { body: SHORT, ..Limits::default() }).await;
    let headers = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 100"];
    let reply = trial.turned_away(trial.request("POST", "/redirect", &headers) + GENUINE).await;
    assert_eq!(reply.status, 408, "{}", reply.raw);
    trial.still_works().await;
}

#[tokio::test]
async fn a_body_that_nobody_wants_is_not_waited_for() {
    let trial = Trial::start().await;
    let reply = send(trial.address, trial.request("POST", "/", &["Content-Length: 100"])).await;
    assert_eq!(reply.status, 404, "{}", reply.raw);
}

#[tokio::test]
async fn a_client_that_never_closes_is_not_waited_for() {
    let trial = Trial::start_within(Limits { connections: 1, linger: SHORT, ..Limits::default() }).await;
    // It is answered, and keeps its side open: the place must be free again nevertheless.
    let mut lingering = connect(trial.address).await;
    lingering.write_all(trial.request("GET", "/", &[]).as_bytes()).await.unwrap();
    trial.still_works().await;
    drop(lingering);
}

#[tokio::test]
async fn a_connection_too_many_waits_for_a_place() {
    let trial = Trial::start_within(Limits { connections: 8, header: SHORT, ..Limits::default() }).await;
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(connect(trial.address).await);
    }
    trial.still_works().await;
    // It was served only once one of the others had been given up.
    let mut n_closed = 0;
    for mut connection in silent {
        n_closed += usize::from(timeout(Duration::ZERO, connection.read_to_end(&mut Vec::new())).await.is_ok());
    }
    assert!(n_closed > 0, "nine connections were served at once");
}

#[tokio::test]
async fn nine_requests_at_once_are_all_answered() {
    let trial = Trial::start().await;
    let requests = (0..9).map(|n| trial.redirect(&format!("code=the-code&state=stranger-{n}")));
    let mut tasks: tokio::task::JoinSet<_> = requests.map(|request| send(trial.address, request)).collect();
    let mut answered = 0;
    tokio::select! {
        _ = trial.listener.receive(bears_our_state) => panic!("a stranger was accepted"),
        () = async { while let Some(reply) = tasks.join_next().await {
            assert_eq!(reply.unwrap().status, 400);
            answered += 1;
        } } => {}
    }
    assert_eq!(answered, 9);
    trial.still_works().await;
}

#[tokio::test]
async fn a_redirect_that_nobody_judges_is_told_to_try_again() {
    let trial = Trial::start_within(Limits { verdict: SHORT, ..Limits::default() }).await;
    let reply = send(trial.address, trial.redirect(GENUINE)).await;
    assert_eq!(reply.status, 503, "{}", reply.raw);
}

#[test]
fn a_browser_waits_longer_for_its_way_than_the_authorization_server_may_take_to_say_it() {
    assert!(Limits::default().verdict > HttpPolicy::default().total_timeout);
}
