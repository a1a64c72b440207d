use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::{Door, Fate, HttpRelay, Point};

const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";

/// A relay in front of a server that notes what it is asked, and always answers the same.
async fn relay() -> (HttpRelay, mpsc::UnboundedReceiver<String>) {
    let relay = HttpRelay::start().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    relay.leads_to(listener.local_addr().unwrap());
    let (note, notes) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut read = Vec::new();
            while !read.ends_with(b"the body") {
                stream.read_buf(&mut read).await.unwrap();
            }
            let _ = note.send(String::from_utf8(read).unwrap());
            stream.write_all(ANSWER.as_bytes()).await.unwrap();
        }
    });
    (relay, notes)
}

async fn connect(relay: &HttpRelay) -> io::Result<TcpStream> {
    TcpStream::connect(relay.origin().trim_start_matches("http://")).await
}

async fn ask(relay: &HttpRelay, path: &str) -> io::Result<TcpStream> {
    let mut client = connect(relay).await?;
    client
        .write_all(
            format!("POST {path}?a=b HTTP/1.1\r\nConnection: keep-alive\r\ncontent-length: 8\r\n\r\n").as_bytes(),
        )
        .await?;
    client.write_all(b"the body").await?;
    Ok(client)
}

async fn heard(mut client: TcpStream) -> io::Result<String> {
    let mut heard = String::new();
    client.read_to_string(&mut heard).await.map(|_| heard)
}

#[tokio::test]
async fn what_is_not_ordered_otherwise_passes_unchanged_but_for_the_connection() {
    let (relay, mut notes) = relay().await;
    assert_eq!(heard(ask(&relay, "/v1/token").await.unwrap()).await.unwrap(), ANSWER);
    let asked = notes.recv().await.unwrap();
    assert_eq!(asked, "POST /v1/token?a=b HTTP/1.1\r\nConnection: close\r\ncontent-length: 8\r\n\r\nthe body");
    assert_eq!((relay.n_requests("/token"), relay.n_passed("/token"), relay.n_requests("/keys")), (1, 1, 0));
}

#[tokio::test]
async fn a_request_that_is_held_has_not_come_to_the_server_and_goes_on_when_it_is_let() {
    let (relay, mut notes) = relay().await;
    let mut hold = relay.hold("/token", Point::Request);
    let client = ask(&relay, "/v1/token").await.unwrap();
    hold.reached().await.unwrap();
    assert_eq!((relay.n_requests("/token"), relay.n_passed("/token")), (1, 0));
    assert!(notes.try_recv().is_err());
    hold.release();
    assert_eq!(heard(client).await.unwrap(), ANSWER);
}

#[tokio::test]
async fn a_hold_that_is_dropped_cuts_the_connection_and_the_request_is_lost() {
    let (relay, mut notes) = relay().await;
    let mut hold = relay.hold("/token", Point::Request);
    let client = ask(&relay, "/v1/token").await.unwrap();
    hold.reached().await.unwrap();
    drop(hold);
    assert_eq!(heard(client).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    relay.is_quiet().await.unwrap();
    assert!(notes.try_recv().is_err());
    assert_eq!(relay.n_passed("/token"), 0);
}

#[tokio::test]
async fn so_much_of_an_answer_is_passed_on_as_was_ordered() {
    let (relay, mut notes) = relay().await;
    for (permille, expected) in [(0, 0), (500, ANSWER.len() / 2), (1000, ANSWER.len())] {
        let mut hold = relay.hold("/token", Point::Answer { permille });
        let mut client = ask(&relay, "/v1/token").await.unwrap();
        hold.reached().await.unwrap();
        notes.recv().await.unwrap();
        let mut heard = vec![0; expected];
        client.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, ANSWER.as_bytes()[..expected]);
        assert!(client.try_read(&mut [0]).is_err(), "more of it was passed on");
    }
}

#[tokio::test]
async fn fates_are_met_by_the_paths_they_are_for() {
    let (relay, mut notes) = relay().await;
    relay.always("/token", Fate::Reset(Point::Request));
    relay.once("/token", Fate::Say("HTTP/1.1 503 No\r\n\r\n".into()));
    assert_eq!(heard(ask(&relay, "/v1/token").await.unwrap()).await.unwrap(), "HTTP/1.1 503 No\r\n\r\n");
    for _ in 0..2 {
        assert!(heard(ask(&relay, "/v1/token").await.unwrap()).await.is_err());
    }
    assert!(notes.try_recv().is_err());
    assert_eq!(heard(ask(&relay, "/v1/keys").await.unwrap()).await.unwrap(), ANSWER);
    relay.clear();
    assert_eq!(heard(ask(&relay, "/v1/token").await.unwrap()).await.unwrap(), ANSWER);
}

#[tokio::test]
async fn a_closed_door_refuses_and_an_open_one_is_at_the_same_address_again() {
    let (relay, _notes) = relay().await;
    relay.door(Door::Closed).await.unwrap();
    assert_eq!(connect(&relay).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    relay.door(Door::Open).await.unwrap();
    assert_eq!(heard(ask(&relay, "/v1/token").await.unwrap()).await.unwrap(), ANSWER);
}

/// A client that knocks at a deaf door.
#[cfg(target_os = "linux")]
async fn connect_in_vain(relay: &HttpRelay) -> tokio::task::JoinHandle<io::Result<TcpStream>> {
    let address = relay.origin();
    let knocking = tokio::spawn(async move { TcpStream::connect(address.trim_start_matches("http://")).await });
    while !relay.somebody_knocks().unwrap() {
        tokio::time::timeout(Duration::from_millis(1), std::future::pending::<()>()).await.unwrap_err();
    }
    assert!(!knocking.is_finished());
    knocking
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn at_a_deaf_door_a_client_knocks_and_is_never_let_in() {
    let (relay, _notes) = relay().await;
    relay.door(Door::Deaf).await.unwrap();
    assert!(!relay.somebody_knocks().unwrap());
    connect_in_vain(&relay).await.abort();
    relay.door(Door::Open).await.unwrap();
    assert_eq!(heard(ask(&relay, "/v1/token").await.unwrap()).await.unwrap(), ANSWER);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_door_becomes_deaf_though_others_come_in_at_the_same_moment() {
    let (relay, _notes) = relay().await;
    // The system has completed their connections, and the relay has not yet accepted them all.
    let connect = || std::net::TcpStream::connect(relay.origin().trim_start_matches("http://")).unwrap();
    let _others: Vec<_> = (0..12).map(|_| connect()).collect();
    tokio::time::timeout(Duration::from_secs(30), relay.door(Door::Deaf)).await.expect("it is deaf").unwrap();
    connect_in_vain(&relay).await.abort();
    relay.door(Door::Open).await.unwrap();
    assert_eq!(heard(ask(&relay, "/v1/token").await.unwrap()).await.unwrap(), ANSWER);
}
