//! Settings: set in the window or by hand, and what follows from them; and what helps to find a mistake.

use std::time::Duration;

use gatepass_fake_okta::{Endpoint, Fault, Org};
use gatepass_tests::{Machine, eventually, org_and_machine};
use gatepass_wire::client;
use gatepass_wire::{Answer, AttemptStage, Intent, LanguageSetting, Notices, Settings, Status, Theme};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_set_counts_at_once_and_after_a_restart() {
    let machine = Machine::new();
    let running = machine.start().await;
    let settings = Settings {
        theme: Theme::Dark,
        language: LanguageSetting::De,
        clipboard_seconds: 60,
        notices: Notices::None,
        activity_days: 7,
        browser: "firefox".into(),
        start_at_sign_in: true,
    };
    assert_eq!(running.want(Intent::ChangeSettings { settings: settings.clone() }).await, Answer::Done);
    assert_eq!(running.app.settings(), settings);
    let mut changes = running.app.changes();
    let told = changes.wait_for(|change| change.snapshot.settings == settings);
    tokio::time::timeout(gatepass_tests::PATIENCE, told).await.expect("a word about it").expect("it runs");
    running.quit().await;

    let running = machine.start().await;
    assert_eq!(running.app.changes().borrow().snapshot.settings, settings);
    // The person took it out in the system's own settings.
    running.app.set_starts_at_sign_in(false);
    assert!(!running.app.settings().start_at_sign_in);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_by_hand_keeps_the_rest_names_the_line_and_outlives_a_write() {
    let machine = Machine::new();
    let by_hand = "# Mine.\nversion = 1\ntheme = \"dark\"\nclipboard_seconds = 5\nof_mine = 1\n";
    std::fs::create_dir_all(machine.paths().config).expect("a folder");
    std::fs::write(machine.paths().settings_file(), by_hand).expect("a file");
    let running = machine.start().await;
    let present = running.app.changes().borrow().snapshot.clone();
    assert_eq!(present.settings, Settings { theme: Theme::Dark, ..Settings::default() });
    let problem = present.settings_problem.expect("a problem");
    assert!(problem.detail.contains("line 4: clipboard_seconds"), "{problem:?}");

    assert_eq!(running.set(|settings| settings.activity_days = 3).await, Answer::Done);
    let written = std::fs::read_to_string(machine.paths().settings_file()).expect("a file");
    assert_eq!(written, format!("{by_hand}activity_days = 3\n"));

    let refused = running.set(|settings| settings.clipboard_seconds = 5).await;
    assert!(matches!(&refused, Answer::Refused(problem) if problem.code == "not-a-setting"), "{refused:?}");
    assert_eq!(running.set(|settings| settings.clipboard_seconds = 45).await, Answer::Done);
    assert_eq!(running.until_told_of_the_settings(false).await, None);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_by_hand_counts_while_a_window_is_open() {
    let machine = Machine::new();
    let running = machine.start().await;
    std::fs::write(machine.paths().settings_file(), "theme = \"light\"\n").expect("a file");
    let place = machine.place();
    // A thread that nobody waits for: it ends with the program.
    std::thread::spawn(move || client::watch(&place, true).map(|told| told.for_each(drop)));
    let mut changes = running.app.changes();
    let light = changes.wait_for(|change| change.snapshot.settings.theme == Theme::Light);
    tokio::time::timeout(gatepass_tests::PATIENCE, light).await.expect("the new theme").expect("it runs");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clipboard_is_cleared_when_it_is_set_to_be() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.copy("work").await;
    assert_eq!(running.clipboard_cleared_after(), Some(Duration::from_secs(30)));
    running.set(|settings| settings.clipboard_seconds = 120).await;
    running.copy("work").await;
    assert_eq!(running.clipboard_cleared_after(), Some(Duration::from_secs(120)));
    running.set(|settings| settings.clipboard_seconds = 0).await;
    running.copy("work").await;
    assert_eq!(running.clipboard_cleared_after(), None);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_activity_is_kept_there_is_no_file() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    let file = machine.paths().activity_file();
    let running = machine.start().await;
    running.sign_in("work").await;
    eventually("activity", || file.exists()).await;
    running.set(|settings| settings.activity_days = 0).await;
    eventually("the file to be gone", || !file.exists()).await;
    running.copy("work").await;
    let answer = running.want(Intent::Activity { profile: "work".into() }).await;
    assert_eq!(answer, Answer::Activity { entries: Vec::new() });
    running.quit().await;
    assert!(!file.exists(), "something was kept at the end");

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    running.quit().await;
    assert!(!file.exists(), "something was kept at the start");
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_that_are_not_wanted_do_not_come_and_are_not_called_told() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.set(|settings| settings.notices = Notices::None).await;
    okta.end_sessions_of("robin");
    running.refresh("work").await;
    running.until_status("work", Status::SignInNeeded).await;
    // Signed in again, which is heard of after the notice.
    running.sign_in("work").await;
    let is_again = |entry: &gatepass_app::ActivityEntry| entry.what == gatepass_app::Activity::SignedIn;
    while running.app.activity().await.into_iter().filter(is_again).count() < 2 {
        tokio::task::yield_now().await;
    }
    running.set(|settings| settings.notices = Notices::SignInNeeded).await;
    okta.end_sessions_of("robin");
    running.refresh("work").await;
    running.until_status("work", Status::SignInNeeded).await;
    running.noticed().await;
    let app = running.app.clone();
    assert_eq!(running.notices().len(), 1, "{:?}", running.notices());
    running.quit().await;
    let told = app.activity().await;
    let n_told = told.iter().filter(|entry| matches!(entry.what, gatepass_app::Activity::Noticed { .. })).count();
    assert_eq!(n_told, 1, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_not_there_is_named_and_another_signs_in() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    assert_eq!(running.set(|settings| settings.browser = "no-such-browser".into()).await, Answer::Done);
    running.click_sign_in("work").await;
    let problem = running.until_told_of_the_settings(true).await.expect("a problem");
    assert!(problem.detail.contains("no-such-browser"), "{problem:?}");
    assert!(problem.advice.contains("Settings"), "{problem:?}");
    running
        .until("work", "the browser to be missed", |profile| {
            profile.attempt.as_ref().is_some_and(|attempt| attempt.stage == AttemptStage::BrowserNotSeen)
        })
        .await;
    assert_eq!(machine.browser.n_opened(), 0);

    running.set(|settings| settings.browser.clear()).await;
    assert_eq!(running.until_told_of_the_settings(false).await, None);
    running.sign_in("work").await;
    running.quit().await;
}

/// A page that was taken over speaks for the window.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_run_is_a_name_unless_it_was_written_by_hand() {
    let machine = Machine::new();
    std::fs::create_dir_all(machine.paths().config).expect("a folder");
    std::fs::write(machine.paths().settings_file(), "browser = \"firefox -P work\"\n").expect("a file");
    let running = machine.start().await;
    for wanted in ["sh -c id", "/tmp/x", r"\\host\share\x.exe", "../x", "--version", "firefox\u{a0}x"] {
        let refused = running.set(|settings| settings.browser = wanted.into()).await;
        assert!(
            matches!(&refused, Answer::Refused(problem) if problem.code == "not-a-setting"),
            "{wanted}: {refused:?}"
        );
        assert_eq!(running.app.settings().browser, "firefox -P work");
    }
    // What was written by hand stays when something else is set.
    assert_eq!(running.set(|settings| settings.theme = Theme::Dark).await, Answer::Done);
    assert_eq!(running.app.settings().browser, "firefox -P work");
    assert_eq!(running.set(|settings| settings.browser = "chromium-browser".into()).await, Answer::Done);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_tell_how_things_stand_and_not_whose_they_are() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    machine.edit_profiles("work profile", "Robins robin.calder@acme.example");
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.fault(Endpoint::Token, Fault::ServerError(503));
    running.refresh("work").await;
    running.until_status("work", Status::Offline).await;
    running.copy("work").await;
    let client_id = okta.client_id();
    let host = okta.origin().split_once("://").expect("an address").1.to_owned();

    running.want(Intent::CopyDiagnostics { with_names: false }).await;
    let without = running.clipboard().expect("a text");
    for told in ["profile 1: offline", "problem: server-busy", "signed-in", "access-token", "Version: "] {
        assert!(without.contains(told), "no {told} in {without}");
    }
    running.want(Intent::CopyDiagnostics { with_names: true }).await;
    let with = running.clipboard().expect("a text");
    let config = machine.paths().config.display().to_string();
    for named in [host.as_str(), &client_id, "Robins", &config] {
        assert!(with.contains(named), "no {named} in {with}");
        assert!(!without.contains(named), "{named} in {without}");
    }
    let mut never: Vec<String> = okta.issued().into_iter().map(|token| token.value).collect();
    assert!(never.len() > 2, "the org gave out too little to search for");
    never.extend(["robin.calder@acme.example".into(), "Robin Calder".into()]);
    for never in &never {
        assert!(!with.contains(never.as_str()) && !without.contains(never.as_str()), "{never} in {with}");
    }
    running.quit().await;
}
