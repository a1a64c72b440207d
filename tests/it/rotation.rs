//! Renewals whose answer is lost, and kills in the middle of one: what survives, what cannot, and what the person is
//! told. A kill drops the runtime with everything in it; the keyring, the folder and the org are what is left.

use std::sync::Arc;
use std::time::Duration;

use gatepass_agent::VaultError;
use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, Org, Rotation};
use gatepass_tests::{Machine, Running, org_and_machine};
use gatepass_wire::{Answer, Intent, Status};

fn org(refresh: Rotation) -> Org {
    Org { clients: vec![App { refresh, ..App::default() }], ..Org::default() }
}

fn rotating(grace: u64) -> Org {
    org(Rotation::Rotate { grace: Duration::from_secs(grace) })
}

/// The program in a runtime of its own, which can be dropped as a kill drops a process.
struct Doomed {
    running: Running,
    runtime: tokio::runtime::Runtime,
}

impl Doomed {
    async fn start(machine: &Arc<Machine>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("one");
        let machine = machine.clone();
        let running = runtime.spawn(async move { machine.start().await }).await.expect("it starts");
        Self { running, runtime }
    }

    async fn kill(self) {
        let Self { running, runtime } = self;
        let ended = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(Duration::from_secs(20)));
        ended.await.expect("it ends");
        drop(running);
    }
}

async fn org_and_shared_machine(org: Org) -> (FakeOkta, Arc<Machine>) {
    let (okta, machine) = org_and_machine(org).await;
    (okta, Arc::new(machine))
}

/// Clicks **Refresh now**; the code of the problem, if it is refused.
async fn refresh_refused(running: &Running) -> Option<String> {
    match running.want(Intent::Refresh { profile: "work".into() }).await {
        Answer::Refused(problem) => Some(problem.code),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_lost_answer_is_not_even_noticed() {
    for fault in [Fault::ResetAfter, Fault::HalfAnswer, Fault::ResetBefore, Fault::ServerError(502)] {
        for org in [rotating(30), org(Rotation::Static)] {
            let (okta, machine) = org_and_machine(org).await;
            let running = machine.start().await;
            running.sign_in("work").await;
            let so_far = okta.count(Endpoint::Token);
            okta.fault(Endpoint::Token, fault.clone());
            assert_eq!(refresh_refused(&running).await, None, "{fault:?}");
            running.until_status("work", Status::SignedIn).await;
            assert_eq!(okta.count(Endpoint::Token), so_far + 2, "{fault:?}");
            assert_eq!(okta.reuse_detections(), 0, "{fault:?}");
            assert_eq!(running.notices(), []);
            running.quit().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_grace_period_a_lost_answer_ends_the_session_with_one_clear_notice() {
    let (okta, machine) = org_and_machine(rotating(0)).await;
    okta.allow_unexpected();
    let running = machine.start().await;
    running.sign_in("work").await;
    let so_far = okta.count(Endpoint::Token);
    okta.fault(Endpoint::Token, Fault::ResetAfter);
    assert_eq!(refresh_refused(&running).await.as_deref(), Some("renewal-lost"));
    let profile = running.until_status("work", Status::SignInNeeded).await;
    let problem = profile.problem.expect("it is told");
    assert!(problem.advice.contains("grace period"), "{}", problem.advice);
    machine.clock.advance(Duration::from_secs(3600));
    running.app.look_again();
    assert_eq!(refresh_refused(&running).await.as_deref(), Some("renewal-lost"));
    assert_eq!(okta.count(Endpoint::Token), so_far + 2, "no loop");
    assert_eq!(running.noticed().await.len(), 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_it_is_too_late_to_ask_again_the_access_token_is_used_to_its_end() {
    let (okta, machine) = org_and_machine(rotating(30)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let token = running.copy("work").await;
    okta.fault_always(Endpoint::Token, Fault::ResetBefore);
    refresh_refused(&running).await;
    machine.clock.advance(Duration::from_secs(31));
    running.app.look_again();
    let in_doubt = |profile: &gatepass_wire::Profile| {
        profile.problem.as_ref().is_some_and(|problem| problem.code == "renewal-in-doubt")
    };
    let profile = running.until("work", "the doubt to show", in_doubt).await;
    assert_eq!(profile.status, Status::Offline);
    let so_far = okta.count(Endpoint::Token);
    okta.clear_faults();
    machine.clock.advance(Duration::from_secs(50 * 60));
    running.app.look_again();
    assert_eq!(running.copy("work").await, token);
    assert_eq!(refresh_refused(&running).await.as_deref(), Some("renewal-in-doubt"));
    assert_eq!(okta.count(Endpoint::Token), so_far, "the refresh token rests");
    // The requests never reached the server, so the one try that is left succeeds.
    machine.clock.advance(Duration::from_secs(10 * 60));
    running.app.look_again();
    running.until_status("work", Status::SignedIn).await;
    assert_ne!(running.copy("work").await, token);
    assert_eq!((okta.count(Endpoint::Token), okta.reuse_detections()), (so_far + 1, 0));
    assert_eq!(running.notices(), []);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_the_server_and_the_answer_is_survived_within_the_grace_period() {
    for (org, pause) in [(rotating(30), 0), (rotating(60), 0), (org(Rotation::Static), 3600)] {
        let (okta, machine) = org_and_shared_machine(org).await;
        let doomed = Doomed::start(&machine).await;
        doomed.running.sign_in("work").await;
        let mut gate = okta.hold_answer(Endpoint::Token);
        machine.clock.advance(Duration::from_secs(55 * 60));
        doomed.running.app.look_again();
        gate.arrived().await;
        doomed.kill().await;
        gate.release();
        okta.advance_clock(Duration::from_secs(pause));
        machine.clock.advance(Duration::from_secs(pause));

        let running = machine.start().await;
        running.until_status("work", Status::SignedIn).await;
        assert_eq!((okta.reuse_detections(), machine.browser.n_opened()), (0, 1));
        assert_eq!(running.notices(), []);
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_that_nothing_can_survive_costs_one_try_and_one_notice() {
    let (okta, machine) = org_and_shared_machine(rotating(30)).await;
    okta.allow_unexpected();
    let doomed = Doomed::start(&machine).await;
    doomed.running.sign_in("work").await;
    let mut gate = okta.hold_answer(Endpoint::Token);
    machine.clock.advance(Duration::from_secs(55 * 60));
    doomed.running.app.look_again();
    gate.arrived().await;
    doomed.kill().await;
    gate.release();
    okta.advance_clock(Duration::from_secs(600));
    machine.clock.advance(Duration::from_secs(600));

    let so_far = okta.count(Endpoint::Token);
    let running = machine.start().await;
    let profile = running.until_status("work", Status::SignInNeeded).await;
    assert_eq!(profile.problem.expect("it is told").code, "renewal-lost");
    assert_eq!(running.noticed().await.len(), 1);
    assert_eq!(okta.count(Endpoint::Token), so_far + 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_keyring_did_not_take_is_not_mistaken_for_a_session_after_a_kill() {
    let (okta, machine) = org_and_shared_machine(rotating(0)).await;
    let doomed = Doomed::start(&machine).await;
    doomed.running.sign_in("work").await;
    machine.vault.fail_with(Some(VaultError::Locked));
    assert_eq!(doomed.running.refresh("work").await, Status::SignedIn);
    doomed.running.until("work", "the mark", |profile| profile.memory_only.is_some()).await;
    let page = machine.paths().refreshes().join("profile-work.json");
    let is_noted = || std::fs::read_to_string(&page).is_ok_and(|page| page.contains("spent"));
    gatepass_tests::eventually("the note that the old token is spent", is_noted).await;
    doomed.kill().await;

    machine.vault.fail_with(None);
    let so_far = okta.count(Endpoint::Token);
    let running = machine.start().await;
    let profile = running.until_status("work", Status::SignInNeeded).await;
    assert_eq!(profile.problem.expect("it is told").code, "renewal-not-kept");
    assert_eq!(running.noticed().await.len(), 1);
    assert_eq!((okta.count(Endpoint::Token), okta.reuse_detections()), (so_far, 0), "a spent token was used");
    running.quit().await;

    // Told once, and the record is gone.
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    assert_eq!(running.notices(), []);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_signed_out_with_the_keyring_locked_does_not_come_back() {
    let (okta, machine) = org_and_shared_machine(rotating(30)).await;
    let doomed = Doomed::start(&machine).await;
    doomed.running.sign_in("work").await;
    machine.vault.fail_with(Some(VaultError::Locked));
    doomed.running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await;
    doomed.running.until_status("work", Status::SignedOut).await;
    let page = machine.paths().refreshes().join("profile-work.json");
    let is_noted = || std::fs::read_to_string(&page).is_ok_and(|page| page.contains("ended"));
    gatepass_tests::eventually("the note that the session ended", is_noted).await;
    doomed.kill().await;

    machine.vault.fail_with(None);
    let so_far = okta.count(Endpoint::Token);
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
    assert_eq!(okta.count(Endpoint::Token), so_far);
    assert!(!page.exists(), "the record is erased, and so is what was known of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_cannot_be_written_stops_no_renewal() {
    let (_okta, machine) = org_and_machine(rotating(0)).await;
    // As good as a full disk, and even root is refused.
    std::fs::create_dir_all(machine.paths().state).expect("a folder");
    std::fs::write(machine.paths().refreshes(), "").expect("a file in its place");
    let running = machine.start().await;
    running.sign_in("work").await;
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    running.quit().await;
    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    running.quit().await;
}
