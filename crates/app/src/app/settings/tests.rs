//! What the system or the disk does not take changes nothing.

use gatepass_wire::{Answer, Intent};

use super::super::TIME_FOR_THE_SHELL;
use super::*;
use crate::testing::{Running, resident};

/// Asks for the start at sign-in, with a shell that answers each request in turn; the answer, and what was requested.
async fn asking_to_start(running: &mut Running, replies: &[Result<(), &str>]) -> (Answer, Vec<bool>) {
    let settings = Settings { start_at_sign_in: true, ..running.app.settings() };
    let app = running.app.clone();
    let asking = tokio::spawn(async move { app.carry_out(Intent::ChangeSettings { settings }).await });
    let mut requested = Vec::new();
    for answer in replies {
        let request = tokio::time::timeout(TIME_FOR_THE_SHELL, running.shell.requests.recv()).await;
        let Ok(Some(ShellRequest::StartAtSignIn { start, reply })) = request else {
            panic!("nothing, or something else, was asked of the shell");
        };
        requested.push(start);
        reply.send(answer.map_err(str::to_owned)).unwrap();
    }
    (asking.await.unwrap(), requested)
}

#[tokio::test]
async fn what_the_system_does_not_take_is_told_and_not_written() {
    let mut running = resident().await;
    let (answer, _) = asking_to_start(&mut running, &[Err("the disk is full")]).await;
    let Answer::Refused(problem) = answer else { panic!("{answer:?}") };
    assert_eq!(
        (problem.code.as_str(), problem.quote.as_deref()),
        ("start-at-sign-in-failed", Some("the disk is full"))
    );
    assert_eq!(running.app.settings(), Settings::default());
    assert!(!running.app.inner.paths.settings_file().exists());
}

#[tokio::test]
async fn where_the_file_is_not_written_the_system_is_asked_to_have_it_as_before() {
    for (second, starts) in [(Ok(()), false), (Err("no"), true)] {
        let mut running = resident().await;
        std::fs::write(running.app.inner.paths.settings_file(), "no toml").unwrap();
        let (answer, requested) = asking_to_start(&mut running, &[Ok(()), second]).await;
        let Answer::Refused(problem) = answer else { panic!("{answer:?}") };
        assert_eq!(problem.code, "settings-file-not-written");
        assert!(problem.quote.is_some_and(|quote| quote.starts_with("line 1: ")));
        assert_eq!(requested, [true, false]);
        assert_eq!(running.app.settings().start_at_sign_in, starts, "what the system has is so");
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_set_is_refused_before_anything_is_done() {
    let mut running = resident().await;
    let settings = Settings { clipboard_seconds: 9, start_at_sign_in: true, ..Settings::default() };
    let answer = running.app.carry_out(Intent::ChangeSettings { settings }).await;
    assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "not-a-setting"), "{answer:?}");
    assert!(running.shell.requests.try_recv().is_err(), "the system was asked");
    assert_eq!(running.app.settings(), Settings::default());
}
