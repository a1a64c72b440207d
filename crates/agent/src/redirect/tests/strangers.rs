//! What another user of the machine can send. A test has one user; so whoever comes from 127.0.0.2 counts as another.

use tokio::net::TcpSocket;

use super::*;

const OURS: u32 = 1000;

fn visitors() -> Visitors {
    Visitors {
        ours: OURS,
        user_of: |visitor, _| Some(if visitor.ip() == Ipv4Addr::new(127, 0, 0, 2) { OURS + 1 } else { OURS }),
    }
}

async fn send_as_stranger(address: SocketAddr, request: String) -> Reply {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 2], 0))).unwrap();
    send_on(socket.connect(address).await.unwrap(), request).await
}

#[tokio::test]
async fn another_user_is_not_led_to_the_issuer_and_counts_as_no_browser() {
    let trial = Trial::start_for(visitors(), Limits::default()).await;
    let reply = send_as_stranger(trial.address, trial.request("GET", &trial.launch_path(), &[])).await;
    assert_eq!(reply.status, 403, "{}", reply.raw);
    assert_eq!(reply.header("location"), None);
    let launched = timeout(Duration::ZERO, trial.listener.launched()).await;
    assert!(launched.is_err(), "a stranger's visit was taken for the browser's");

    let reply = send(trial.address, trial.request("GET", &trial.launch_path(), &[])).await;
    assert_eq!(reply.status, 303, "{}", reply.raw);
}

#[tokio::test]
async fn another_users_answer_is_not_taken_even_with_our_state() {
    let trial = Trial::start_for(visitors(), Limits::default()).await;
    for request in [trial.redirect(GENUINE), trial.form(GENUINE, &["Content-Type: application/x-www-form-urlencoded"])]
    {
        let reply = tokio::select! {
            biased;
            _ = trial.listener.receive(bears_our_state) => panic!("a stranger answered"),
            reply = send_as_stranger(trial.address, request) => reply,
        };
        assert_eq!(reply.status, 403, "{}", reply.raw);
    }
    trial.still_works().await;
}

#[tokio::test]
async fn another_user_does_not_read_the_outcome() {
    let trial = Trial::start_for(visitors(), Limits::default()).await;
    let done = trial.accepted(trial.redirect(GENUINE)).await.location().to_owned();
    let reply = send_as_stranger(trial.address, trial.request("GET", &done, &[])).await;
    assert_eq!(reply.status, 403, "{}", reply.raw);
}
