//! How the resident's side of the line ends, and what follows from it.

use gatepass_wire::{Cause, Change};
use tauri::test::MockRuntime;

use super::*;

fn window_to_come() -> Listener<MockRuntime> {
    Listener::new(Theme::System)
}

fn change() -> Result<client::Told, ClientError> {
    let snapshot = crate::samples::snapshot(Vec::new());
    Ok(client::Told::Change(Box::new(Change { revision: 1, cause: Cause::Present, snapshot })))
}

fn end_of(told: Vec<Result<client::Told, ClientError>>) -> End {
    follow(told.into_iter(), &Page::default(), &window_to_come())
}

#[test]
fn a_goodbye_is_a_quit_and_an_end_without_one_a_death() {
    assert!(matches!(end_of(vec![change(), Ok(client::Told::Bye)]), End::Quit));
    assert!(matches!(end_of(vec![change(), change()]), End::Died));
    let broken = || Err(ClientError::Broken(std::io::ErrorKind::InvalidData.into()));
    assert!(matches!(end_of(vec![change(), broken(), Ok(client::Told::Bye)]), End::Died));
    assert!(matches!(end_of(vec![]), End::SaidNothing));
    assert!(matches!(end_of(vec![broken()]), End::SaidNothing));
}

#[test]
fn a_wish_to_see_a_window_that_is_not_made_yet_is_no_panic() {
    assert!(matches!(end_of(vec![Ok(client::Told::ComeForward), change()]), End::Died));
}

#[test]
fn a_quit_before_there_is_a_window_is_remembered() {
    let listener = window_to_come();
    listener.close();
    assert!(matches!(*listener.state.lock().expect("unspoiled"), State::ToBeClosed));
}

#[test]
fn a_resident_that_died_is_started_at_once_whatever_failed_before() {
    let mut patience = Patience::default();
    // The line breaks while the resident dies.
    assert_eq!(patience.pause(), PAUSES[0]);
    assert!(patience.absent(), "nobody listens: started");
    assert!((1..PAUSES.len()).all(|_| !patience.absent()), "then waited for");
    assert!(patience.absent(), "and started again where that was in vain");
}

#[test]
fn patience_ends_after_as_many_tries_as_there_are_pauses() {
    let mut patience = Patience::default();
    for _ in PAUSES {
        assert!(!patience.is_at_its_end());
        patience.pause();
    }
    assert!(patience.is_at_its_end());
}

#[test]
fn a_program_that_cannot_be_started_is_a_trouble_and_one_that_runs_is_none() {
    let missing = Err(std::io::ErrorKind::NotFound.into());
    assert!(matches!(why_not(&missing), Some(Trouble::NotStarted(_))));
    assert!(why_not(&Ok(Started::default())).is_none());
}

#[test]
fn a_window_whose_resident_quit_before_it_came_closes_and_starts_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let nobody = Place { path: folder.path().join("no-folder/nobody-listens-here") };
    let (ended, end) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let listener = window_to_come();
        listen(&nobody, &Page::default(), &listener, Path::new("log"), true);
        let is_to_be_closed = matches!(*listener.state.lock().expect("unspoiled"), State::ToBeClosed);
        ended.send(is_to_be_closed)
    });
    assert_eq!(end.recv_timeout(Duration::from_secs(20)), Ok(true));
}

#[test]
fn the_theme_of_the_last_word_is_the_windows() {
    let listener = window_to_come();
    let dark = || {
        let mut snapshot = crate::samples::snapshot(Vec::new());
        snapshot.settings.theme = Theme::Dark;
        Ok(client::Told::Change(Box::new(Change { revision: 2, cause: Cause::Present, snapshot })))
    };
    follow([change(), dark()].into_iter(), &Page::default(), &listener);
    assert_eq!(listener.shown().is_made(), Some(tauri::Theme::Dark));
    follow([change()].into_iter(), &Page::default(), &listener);
    assert_eq!(listener.shown().is_made(), None);
}
