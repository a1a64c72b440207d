//! Over real sockets, but for what is about time: there a duplex pipe stands for the socket, so that tokio's clock can
//! be paused.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use gatepass_wire::client::{self, ClientError, Told};
use gatepass_wire::place::Place;
use gatepass_wire::{Answer, Intent};
use tokio::io::{DuplexStream, duplex};
use tokio::net::UnixStream;

use super::*;
use crate::testing::{resident, start_in};
use crate::{ShellRequest, StartError};

const OUR_HELLO: &str = "{\"gatepass\":1}\n";
const WATCH: &str = "{\"gatepass\":1}\n{\"watch\":{\"window\":false}}\n";
const WATCH_AS_WINDOW: &str = "{\"gatepass\":1}\n{\"watch\":{\"window\":true}}\n";

/// Everything that the resident says to `said` until it closes.
async fn talk(place: &Place, said: &[u8]) -> String {
    let mut stream = UnixStream::connect(&place.path).await.unwrap();
    // It may close before it has taken all of it.
    let _ = stream.write_all(said).await;
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard).await;
    String::from_utf8(heard).unwrap()
}

fn place_in(folder: &tempfile::TempDir) -> Place {
    Place { path: folder.path().join("runtime").join("api") }
}

fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

/// A connection that is served without a socket.
fn serve_here(app: &App, room: usize) -> (DuplexStream, tokio::task::JoinHandle<io::Result<()>>) {
    let (client, server) = duplex(room);
    let (app, quitting) = (app.clone(), watch::Sender::new(false));
    let serving = tokio::spawn(async move { serve(server, &app, quitting.subscribe()).await });
    (client, serving)
}

#[tokio::test]
async fn a_client_is_answered() {
    let running = resident().await;
    let place = running.place.clone();
    let answer = tokio::task::spawn_blocking(move || client::ask(&place, Intent::Refresh { profile: "none".into() }));
    assert!(matches!(answer.await.unwrap(), Ok(Answer::Refused(problem)) if problem.code == "no-such-profile"));
}

#[tokio::test]
async fn a_watcher_is_told_the_present_first_and_then_what_is_new() {
    let running = resident().await;
    running.app.set_in_tray(true);
    crate::testing::wait_for(&running.app, |change| change.snapshot.resident.in_tray).await;
    let (place, app) = (running.place.clone(), running.app.clone());
    let told = tokio::task::spawn_blocking(move || {
        let mut told = client::watch(&place, false).unwrap();
        let Some(Ok(Told::Change(present))) = told.next() else { panic!("no present") };
        app.set_in_tray(false);
        let Some(Ok(Told::Change(next))) = told.next() else { panic!("no change") };
        (present, next)
    });
    let (present, next) = told.await.unwrap();
    assert_eq!(present.cause, Cause::Present);
    assert!(present.snapshot.resident.in_tray);
    assert!(!next.snapshot.resident.in_tray);
    assert_eq!(next.cause, Cause::Other);
    assert!(next.revision > present.revision);
}

#[tokio::test]
async fn a_client_of_another_version_learns_ours_and_nothing_else() {
    let running = resident().await;
    let said = b"{\"gatepass\":2}\n{\"do\":{\"intent\":\"show-window\"}}\n";
    assert_eq!(talk(&running.place, said).await, OUR_HELLO);
}

#[tokio::test]
async fn garbage_gets_no_answer_and_harms_nobody() {
    let running = resident().await;
    for said in [
        &b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
        b"\n\n",
        b"{\"gatepass\":\"1\"}\n",
        b"{\"gatepass\":1}\n{\"do\":{\"intent\":\"give-me-the-token\"}}\n",
        b"{\"gatepass\":1}\nnull\n",
        b"\xff\xfe\x00\n",
    ] {
        assert_eq!(talk(&running.place, said).await, OUR_HELLO, "{said:?}");
    }
    let answered = talk(&running.place, b"{\"gatepass\":1}\n{\"do\":{\"intent\":\"show-window\"}}\n").await;
    assert_eq!(answered, format!("{OUR_HELLO}{{\"answer\":{{\"answer\":\"done\"}}}}\n"));
}

#[tokio::test]
async fn a_request_that_is_too_long_is_not_read_to_its_end() {
    let running = resident().await;
    let mut said = b"{\"gatepass\":1}\n".to_vec();
    let padding = " ".repeat(300 * 1024);
    said.extend(format!("{{\"do\":{{\"intent\":\"show-window\"{padding}}}}}\n").into_bytes());
    assert_eq!(talk(&running.place, &said).await, OUR_HELLO);
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut() {
    let running = resident().await;
    let (mut client, serving) = serve_here(&running.app, 1024);
    client.write_all(b"{\"gatepass\":1}\n").await.unwrap();
    tokio::time::pause();
    let ended = serving.await.unwrap().expect_err("it is cut");
    assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_watcher_that_does_not_read_is_cut() {
    let running = resident().await;
    let (mut client, serving) = serve_here(&running.app, 128);
    client.write_all(WATCH.as_bytes()).await.unwrap();
    tokio::time::pause();
    let ended = serving.await.unwrap().expect_err("it is cut");
    assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_watcher_that_falls_behind_is_told_only_the_latest() {
    let running = resident().await;
    let (mut client, _serving) = serve_here(&running.app, 64);
    client.write_all(WATCH.as_bytes()).await.unwrap();
    let mut changes = running.app.changes();
    let first = changes.borrow().revision;
    for change in 1..=20 {
        running.app.set_in_tray(change % 2 == 1);
        changes.wait_for(|present| present.revision == first + change).await.unwrap();
    }
    let mut heard = BufReader::new(client).lines();
    let mut told = 0;
    while let Some(line) = heard.next_line().await.unwrap() {
        if line.contains(&format!("\"revision\":{}", first + 20)) {
            break;
        }
        told += 1;
    }
    assert!(told < 5, "{told} lines before the latest");
}

#[tokio::test]
async fn a_window_that_watches_is_brought_forward() {
    let mut running = resident().await;
    let (client, serving) = serve_here(&running.app, 64 * 1024);
    let mut client = BufReader::new(client);
    client.write_all(WATCH_AS_WINDOW.as_bytes()).await.unwrap();
    let mut lines = client.lines();
    lines.next_line().await.unwrap().expect("hello");
    lines.next_line().await.unwrap().expect("the present");
    assert_eq!(running.app.carry_out(Intent::ShowWindow).await, Answer::Done);
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("\"come-forward\""));
    assert!(running.shell.requests.try_recv().is_err(), "no second window is started");

    drop(lines);
    serving.await.unwrap().expect("its end is noticed");
    running.app.carry_out(Intent::ShowWindow).await;
    assert!(matches!(running.shell.requests.recv().await, Some(ShellRequest::ShowWindow)));
}

#[tokio::test]
async fn another_watcher_is_no_window() {
    let mut running = resident().await;
    let (mut client, _serving) = serve_here(&running.app, 64 * 1024);
    client.write_all(WATCH.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(client).lines();
    lines.next_line().await.unwrap().expect("hello");
    lines.next_line().await.unwrap().expect("the present");
    running.app.carry_out(Intent::ShowWindow).await;
    assert!(matches!(running.shell.requests.recv().await, Some(ShellRequest::ShowWindow)));
}

#[tokio::test]
async fn one_connection_too_many_is_closed_and_room_is_made_again() {
    let running = resident().await;
    let mut open = Vec::new();
    for _ in 0..MAX_CONNECTIONS {
        let mut stream = UnixStream::connect(&running.place.path).await.unwrap();
        stream.write_all(WATCH.as_bytes()).await.unwrap();
        stream.read_exact(&mut [0; OUR_HELLO.len()]).await.unwrap();
        open.push(stream);
    }
    assert_eq!(talk(&running.place, b"").await, "");
    open.clear();
    // The ends of the others are noticed one after another.
    while talk(&running.place, b"{}\n").await != OUR_HELLO {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_socket_and_its_folder_are_this_users_alone() {
    let running = resident().await;
    assert_eq!(mode(&running.place.path), 0o600);
    assert_eq!(mode(running.place.path.parent().unwrap()), 0o700);
}

#[tokio::test]
async fn a_folder_that_is_not_ours_alone_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = folder.path().join("runtime");
    let refused = |started: Result<_, StartError>| matches!(started, Err(StartError::ForeignFolder { .. }));

    std::fs::create_dir(&runtime).unwrap();
    std::fs::set_permissions(&runtime, PermissionsExt::from_mode(0o755)).unwrap();
    assert!(refused(start_in(&folder).await), "others can look in");

    std::fs::remove_dir(&runtime).unwrap();
    symlink(folder.path().join("config"), &runtime).unwrap();
    assert!(refused(start_in(&folder).await), "a link leads elsewhere");

    let ours = tempfile::tempdir().unwrap();
    std::fs::set_permissions(ours.path(), PermissionsExt::from_mode(0o700)).unwrap();
    let me = rustix::process::geteuid().as_raw();
    assert!(system::check_folder(ours.path(), me).is_ok());
    assert!(refused(system::check_folder(ours.path(), me + 1).map(|()| unreachable!())), "somebody else's");
}

#[tokio::test]
async fn a_dead_residents_socket_is_taken_away_and_a_live_ones_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(&folder);
    crate::options::make_private(place.path.parent().unwrap()).unwrap();

    let live = std::os::unix::net::UnixListener::bind(&place.path).unwrap();
    assert!(matches!(start_in(&folder).await, Err(StartError::PlaceTaken { .. })));
    assert!(place.path.exists());

    drop(live);
    let (app, _shell) = start_in(&folder).await.expect("nobody listens any more");
    app.quit().await;
    assert!(!place.path.exists(), "it takes its own away");

    drop(app);
    std::fs::write(&place.path, "not a socket").unwrap();
    assert!(matches!(start_in(&folder).await, Err(StartError::Listen { .. })));
    assert_eq!(std::fs::read_to_string(&place.path).unwrap(), "not a socket");
}

#[tokio::test]
async fn a_watcher_hears_goodbye_when_the_resident_quits_and_only_then() {
    let running = resident().await;
    let mut stream = UnixStream::connect(&running.place.path).await.unwrap();
    stream.write_all(WATCH_AS_WINDOW.as_bytes()).await.unwrap();
    let mut told = BufReader::new(stream).lines();
    assert_eq!(told.next_line().await.unwrap().as_deref(), Some(OUR_HELLO.trim_end()));
    assert!(told.next_line().await.unwrap().is_some_and(|present| present.starts_with("{\"change\"")));
    running.app.quit().await;
    let mut rest = Vec::new();
    while let Some(line) = told.next_line().await.unwrap() {
        rest.push(line);
    }
    assert_eq!(rest.last().map(String::as_str), Some("\"bye\""));
    assert_eq!(rest.iter().filter(|line| line.contains("bye")).count(), 1);
}

#[tokio::test]
async fn quitting_ends_every_watch() {
    let running = resident().await;
    let mut stream = UnixStream::connect(&running.place.path).await.unwrap();
    stream.write_all(WATCH.as_bytes()).await.unwrap();
    stream.read_exact(&mut [0; OUR_HELLO.len()]).await.unwrap();
    running.app.quit().await;
    stream.read_to_end(&mut Vec::new()).await.unwrap();
    let place = running.place.clone();
    let asked = tokio::task::spawn_blocking(move || client::ask(&place, Intent::ShowWindow)).await.unwrap();
    assert!(matches!(asked, Err(ClientError::NotRunning)));
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_changes_is_told_in_few_lines_and_the_last_is_told() {
    let running = resident().await;
    let (client, _serving) = serve_here(&running.app, 1024 * 1024);
    let (from, mut to) = tokio::io::split(client);
    to.write_all(WATCH.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(from).lines();
    // Hello and the present.
    for _ in 0..2 {
        lines.next_line().await.unwrap().unwrap();
    }
    let (mut n_lines, began_at) = (0, Instant::now());
    let storm = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(1));
        for n in 0..=1_000 {
            ticks.tick().await;
            running.app.set_in_tray(n % 2 == 0);
        }
        running.app.changes().borrow().revision
    };
    let listen = async {
        while began_at.elapsed() < Duration::from_secs(2) {
            let Ok(line) = timeout(Duration::from_secs(1), lines.next_line()).await else { break };
            n_lines += 1;
            if n_lines > 1 && line.unwrap().unwrap().contains("\"revision\":1002") {
                break;
            }
        }
    };
    let (revision, ()) = tokio::join!(storm, listen);
    assert!(revision > 900, "{revision}");
    assert!((2..=25).contains(&n_lines), "{n_lines} lines in a second");
}
