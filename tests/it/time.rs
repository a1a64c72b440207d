//! Clocks: asleep, set, wrong, paused. The real program and a real server, each with a clock that is moved.

use std::time::Duration;

use gatepass_agent::Clock as _;
use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, Org, Rotation};
use gatepass_tests::{Machine, Running, eventually, org_and_machine};
use gatepass_wire::{Answer, Intent, Profile, Status};

const HOUR: u64 = 60 * 60;

/// Between what the two clocks say of an instant: a `Date` has whole seconds, and tests take their time.
const SLACK_MILLIS: i64 = 5_000;

fn org() -> Org {
    let clients = vec![App { refresh: Rotation::Rotate { grace: Duration::ZERO }, ..App::default() }];
    Org { clients, refresh_idle_lifetime: None, ..Org::default() }
}

/// Lets time pass for everybody: the machine sleeps.
fn sleep(okta: &FakeOkta, machine: &Machine, seconds: u64) {
    okta.advance_clock(Duration::from_secs(seconds));
    machine.clock.advance(Duration::from_secs(seconds));
}

/// How many seconds of the access token's life a person sees, who looks at the wall clock.
fn seconds_shown(machine: &Machine, profile: &Profile) -> i64 {
    let expires_at = profile.session.as_ref().and_then(|session| session.expires_at).expect("a token").0;
    (expires_at - machine.clock.now().as_unix_millis()).div_euclid(1000)
}

fn shows_about(machine: &Machine, profile: &Profile, seconds: u64) -> bool {
    let shown = seconds_shown(machine, profile) * 1000;
    profile.session.as_ref().is_some_and(|session| session.expires_at.is_some())
        && shown.abs_diff(i64::try_from(seconds * 1000).expect("hours")) <= SLACK_MILLIS.unsigned_abs()
}

/// Signs in, and waits until nothing more is on its way to the server: any answer would say what time it is.
async fn sign_in(okta: &FakeOkta, running: &Running) {
    running.sign_in("work").await;
    eventually("the question for the session's end", || okta.count(Endpoint::Introspect) == 1).await;
}

/// Waits for a token that has its whole life before it.
async fn until_fresh(machine: &Machine, running: &Running, lifetime: u64) -> Profile {
    let is_fresh = |profile: &Profile| {
        profile.status == Status::SignedIn
            && profile.session.as_ref().is_some_and(|session| session.expires_at.is_some())
            && shows_about(machine, profile, lifetime)
    };
    running.until("work", "a fresh token", is_fresh).await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_sleep_of_any_length_what_is_due_is_done_once() {
    for seconds in [50 * 60, 9 * HOUR, 40 * 24 * HOUR] {
        let (okta, machine) = org_and_machine(org()).await;
        let running = machine.start().await;
        sign_in(&okta, &running).await;
        let n_before = okta.count(Endpoint::Token);
        running.app.look_again();
        sleep(&okta, &machine, seconds);
        running.app.look_again();
        until_fresh(&machine, &running, HOUR).await;
        assert_eq!(okta.count(Endpoint::Token), n_before + 1, "after {seconds} s");
        assert_eq!((running.notices(), machine.browser.n_opened()), (vec![], 1));
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_sleep_renews_nothing() {
    let (okta, machine) = org_and_machine(org()).await;
    let running = machine.start().await;
    sign_in(&okta, &running).await;
    let n_before = okta.count(Endpoint::Token);
    sleep(&okta, &machine, 20);
    running.app.look_again();
    assert!(!running.copy("work").await.is_empty());
    assert_eq!(okta.count(Endpoint::Token), n_before);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_in_the_sleep_is_not_handed_out() {
    let (okta, machine) = org_and_machine(org()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let first = running.copy("work").await;
    sleep(&okta, &machine, 2 * HOUR);
    // Nobody has said that the machine woke.
    assert_ne!(running.copy("work").await, first);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_all_day_harms_nothing() {
    for wrong_by in [-3 * 3600, -7 * 60, 7 * 60, 3 * 3600] {
        let (okta, machine) = org_and_machine(org()).await;
        machine.clock.set_wall(wrong_by);
        let running = machine.start().await;
        sign_in(&okta, &running).await;
        until_fresh(&machine, &running, HOUR).await;
        for _ in 0..3 {
            let n_before = okta.count(Endpoint::Token);
            let token = running.copy("work").await;
            sleep(&okta, &machine, 30 * 60);
            running.app.look_again();
            assert!(shows_about(&machine, &running.profile("work"), 30 * 60), "wrong by {wrong_by}");
            assert_eq!(running.copy("work").await, token, "it is good for half an hour");
            assert_eq!(okta.count(Endpoint::Token), n_before, "renewed too early with a clock wrong by {wrong_by}");
            sleep(&okta, &machine, 20 * 60);
            running.app.look_again();
            until_fresh(&machine, &running, HOUR).await;
            assert_eq!(okta.count(Endpoint::Token), n_before + 1);
            // Asked a second time with the first renewal, and not again on this day.
            eventually("the question for the session's end", || okta.count(Endpoint::Introspect) == 2).await;
        }
        let Answer::Copied(receipt) = running.want(Intent::CopyAccessToken { profile: "work".into() }).await else {
            panic!("it was not copied")
        };
        assert_eq!(receipt.expires_at, running.session("work").expires_at, "the receipt is read by the wall clock too");
        running.quit().await;
        assert_eq!(okta.reuse_detections(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_while_waiting_renews_nothing_and_shows_the_same_time_left() {
    for set_by in [-5 * 3600, 5 * 3600] {
        let (okta, machine) = org_and_machine(org()).await;
        let running = machine.start().await;
        sign_in(&okta, &running).await;
        let (n_tokens, n_metadata) = (okta.count(Endpoint::Token), okta.count(Endpoint::Metadata));
        machine.clock.set_wall(set_by);
        running.app.look_again();
        until_fresh(&machine, &running, HOUR).await;
        // The server is asked what time it is, once.
        eventually("a question for the time", || okta.count(Endpoint::Metadata) == n_metadata + 1).await;
        running.app.look_again();
        until_fresh(&machine, &running, HOUR).await;
        assert_eq!(okta.count(Endpoint::Token), n_tokens, "renewed because the clock was set by {set_by}");
        assert_eq!(okta.count(Endpoint::Metadata), n_metadata + 1);
        // Server and machine sleep one after the other: whoever looks in between may ask for the time again.
        sleep(&okta, &machine, 50 * 60);
        running.app.look_again();
        until_fresh(&machine, &running, HOUR).await;
        assert_eq!(okta.count(Endpoint::Token), n_tokens + 1);
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_during_a_renewal_changes_nothing() {
    for set_by in [-5 * 3600, 5 * 3600] {
        let (okta, machine) = org_and_machine(org()).await;
        let running = machine.start().await;
        sign_in(&okta, &running).await;
        let mut gate = okta.hold(Endpoint::Token);
        sleep(&okta, &machine, 50 * 60);
        running.app.look_again();
        gate.arrived().await;
        machine.clock.set_wall(set_by);
        running.app.look_again();
        gate.release();
        until_fresh(&machine, &running, HOUR).await;
        assert_eq!(okta.reuse_detections(), 0);
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virtual_machine_that_was_paused_asks_for_the_time_and_does_what_is_due() {
    let (okta, machine) = org_and_machine(org()).await;
    let running = machine.start().await;
    sign_in(&okta, &running).await;
    let n_before = okta.count(Endpoint::Token);
    // Boot time stood still; the wall clock was put right when it went on.
    okta.advance_clock(Duration::from_secs(2 * HOUR));
    machine.clock.set_wall(2 * 3600);
    running.app.look_again();
    eventually("a renewal", || okta.count(Endpoint::Token) == n_before + 1).await;
    until_fresh(&machine, &running, HOUR).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_is_asked_for_again_when_the_server_is_back() {
    let (okta, machine) = org_and_machine(org()).await;
    let running = machine.start().await;
    sign_in(&okta, &running).await;
    let (n_tokens, n_metadata) = (okta.count(Endpoint::Token), okta.count(Endpoint::Metadata));
    okta.fault_always(Endpoint::Metadata, Fault::ResetBefore);
    okta.advance_clock(Duration::from_secs(2 * HOUR));
    machine.clock.set_wall(2 * 3600);
    running.app.look_again();
    eventually("a question for the time", || okta.count(Endpoint::Metadata) > n_metadata).await;
    assert_eq!(okta.count(Endpoint::Token), n_tokens, "boot time is believed until the server has answered");
    okta.clear_faults();
    machine.clock.advance(Duration::from_secs(30));
    running.app.look_again();
    eventually("a renewal", || okta.count(Endpoint::Token) == n_tokens + 1).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_a_minute_and_of_a_day_are_renewed_before_they_end() {
    for lifetime in [60, 24 * HOUR] {
        let (okta, machine) =
            org_and_machine(Org { access_token_lifetime: Duration::from_secs(lifetime), ..org() }).await;
        machine.clock.set_wall(-3600);
        let running = machine.start().await;
        running.sign_in("work").await;
        until_fresh(&machine, &running, lifetime).await;
        for _ in 0..3 {
            let n_before = okta.count(Endpoint::Token);
            sleep(&okta, &machine, lifetime * 9 / 10);
            running.app.look_again();
            until_fresh(&machine, &running, lifetime).await;
            assert_eq!(okta.count(Endpoint::Token), n_before + 1, "a token of {lifetime} s");
        }
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_that_ends_before_it_can_be_renewed_ends_no_session() {
    let (okta, machine) = org_and_machine(org()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.fault_always(Endpoint::Token, Fault::ServerError(503));
    sleep(&okta, &machine, 3 * HOUR);
    running.app.look_again();
    let profile = running.until_status("work", Status::Offline).await;
    assert!(seconds_shown(&machine, &profile) <= 0, "it ended two hours ago");
    okta.clear_faults();
    sleep(&okta, &machine, 6 * 60);
    running.app.look_again();
    until_fresh(&machine, &running, HOUR).await;
    assert_eq!((running.notices(), machine.browser.n_opened()), (vec![], 1));
    running.quit().await;
}

/// What the server names as the end of the refresh token moves with each renewal if it is the idle end.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_no_renewal_puts_off_is_shown_and_warned_of_once_the_day_before() {
    let day = 24 * HOUR;
    let org = Org {
        access_token_lifetime: Duration::from_secs(HOUR),
        refresh_absolute_lifetime: Some(Duration::from_secs(3 * day)),
        refresh_idle_lifetime: Some(Duration::from_secs(20 * day)),
        ..org()
    };
    let (okta, machine) = org_and_machine(org).await;
    // By a wall clock that is wrong by hours.
    machine.clock.set_wall(-3 * 3600);
    let running = machine.start().await;
    running.sign_in("work").await;
    eventually("a first question", || okta.count(Endpoint::Introspect) == 1).await;
    assert_eq!(running.session("work").ends_at, None, "it may be an end that moves");
    sleep(&okta, &machine, 50 * 60);
    running.app.look_again();
    let knows = |profile: &Profile| profile.session.as_ref().is_some_and(|session| session.ends_at.is_some());
    let profile = running.until("work", "the end", knows).await;
    let ends_at = profile.session.and_then(|session| session.ends_at).expect("it is known").0;
    let left = ends_at - machine.clock.now().as_unix_millis();
    let expected = i64::try_from((3 * day - 50 * 60) * 1000).expect("days");
    assert!((left - expected).abs() <= SLACK_MILLIS, "{left}");
    assert_eq!(running.notices(), []);
    for _ in 0..3 {
        sleep(&okta, &machine, day * 2 / 3);
        running.app.look_again();
        until_fresh(&machine, &running, HOUR).await;
    }
    assert_eq!(running.noticed().await.len(), 1);
    assert_eq!(machine.browser.n_opened(), 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_each_renewal_puts_off_is_not_shown() {
    let idle = Some(Duration::from_secs(7 * 24 * HOUR));
    let (okta, machine) = org_and_machine(Org { refresh_idle_lifetime: idle, ..org() }).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    for n in 1..=2 {
        eventually("a question", || okta.count(Endpoint::Introspect) == n).await;
        sleep(&okta, &machine, 50 * 60);
        running.app.look_again();
        until_fresh(&machine, &running, HOUR).await;
    }
    assert_eq!(running.session("work").ends_at, None);
    assert_eq!(okta.count(Endpoint::Introspect), 2, "asked more often than twice on the first day");
    running.quit().await;
}

/// With the system's own clocks, in a process whose wall clock libfaketime moves while it runs.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_systems_own_wall_clock_can_be_set_while_it_runs() {
    const MOVED_BY: &str = "GATEPASS_TEST_CLOCK";
    if let Some(file) = std::env::var_os(MOVED_BY) {
        return set_the_systems_clock(file.as_ref()).await;
    }
    let library = format!("/usr/lib/{}-linux-gnu/faketime/libfaketimeMT.so.1", std::env::consts::ARCH);
    assert!(std::path::Path::new(&library).exists(), "no libfaketime here: run script/bootstrap desktop first");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("offset");
    std::fs::write(&file, "+0").expect("a file");
    let mut again = tokio::process::Command::new(std::env::current_exe().expect("this program"));
    again.args(["--exact", "time::the_systems_own_wall_clock_can_be_set_while_it_runs", "--nocapture"]);
    again.env("LD_PRELOAD", &library).env("FAKETIME_TIMESTAMP_FILE", &file).env("FAKETIME_NO_CACHE", "1");
    let output = again.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env(MOVED_BY, &file).output().await.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(target_os = "linux")]
async fn set_the_systems_clock(file: &std::path::Path) {
    use gatepass_app::SystemClock;

    // The clock of the test machine is the system's, moved by nothing; the server's is the system's too.
    let (okta, machine) = org_and_machine(org()).await;
    let running = machine.start().await;
    sign_in(&okta, &running).await;
    let n_before = okta.count(Endpoint::Token);
    for hours in [5, -7] {
        let (wall, boot) = (SystemClock.now(), SystemClock.boot());
        std::fs::write(file, format!("{:+}", hours * 3600)).expect("a file");
        // The server's clock did not jump.
        okta.skew_clock(-hours * 3600);
        let jumped = SystemClock.now().as_unix_millis() - wall.as_unix_millis();
        assert!(jumped.abs() > 4 * 3_600_000, "the wall clock was not set: {jumped}");
        assert!(SystemClock.boot() - boot < Duration::from_secs(60), "boot time was set too");
        running.app.look_again();
        until_fresh(&machine, &running, HOUR).await;
    }
    assert_eq!(okta.count(Endpoint::Token), n_before, "renewed because the clock was set");
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    running.quit().await;
}
