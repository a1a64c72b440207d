//! Staying signed in: renewal, restarts, and everything that must not end a session.

use std::time::Duration;

use gatepass_app::Activity;
use gatepass_fake_okta::{App, Endpoint, Fault, Org, RateLimitBody, Rotation};
use gatepass_tests::org_and_machine;
use gatepass_wire::{Intent, Status};

fn rotating(grace: u64) -> Org {
    let refresh = Rotation::Rotate { grace: Duration::from_secs(grace) };
    Org { clients: vec![App { refresh, ..App::default() }], ..Org::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_before_it_ends_and_nobody_is_asked() {
    for org in
        [rotating(0), Org { clients: vec![App { refresh: Rotation::Static, ..App::default() }], ..Org::default() }]
    {
        let (okta, machine) = org_and_machine(org).await;
        let running = machine.start().await;
        running.sign_in("work").await;
        let first = running.copy("work").await;
        for _ in 0..3 {
            let before = running.session("work").expires_at;
            machine.clock.advance(Duration::from_secs(50 * 60));
            running.app.look_again();
            running
                .until("work", "a renewal", |profile| {
                    profile.status == Status::SignedIn
                        && profile.session.as_ref().is_some_and(|s| s.expires_at > before)
                })
                .await;
        }
        assert_ne!(running.copy("work").await, first);
        assert_eq!(machine.browser.n_opened(), 1, "a browser was opened for a renewal");
        assert_eq!(okta.reuse_detections(), 0);
        okta.assert_nothing_unexpected();
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_the_session_is_there_without_a_browser() {
    let (okta, machine) = org_and_machine(rotating(0)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.quit().await;

    let running = machine.start().await;
    let profile = running.until_status("work", Status::SignedIn).await;
    assert_eq!(profile.session.expect("a session").groups.names.len(), 37);
    assert_eq!(machine.browser.n_opened(), 1);
    assert_eq!(okta.reuse_detections(), 0);
    running.copy("work").await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_start_without_a_network_it_says_who_is_signed_in_and_offline() {
    let (okta, machine) = org_and_machine(rotating(30)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.quit().await;

    okta.fault_always(Endpoint::Metadata, Fault::ResetBefore);
    let running = machine.start().await;
    let profile = running.until_status("work", Status::Offline).await;
    assert_eq!(profile.session.expect("a session").person.name, "Robin Calder");
    okta.clear_faults();
    running.refresh("work").await;
    running.until_status("work", Status::SignedIn).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_trouble_of_the_network_ends_a_session() {
    let troubles = [
        Fault::ResetBefore,
        Fault::ServerError(500),
        Fault::ServerError(503),
        Fault::Html,
        Fault::HugeBody,
        Fault::TooManyRequests { retry_after: Some(7), reset_in: 5, body: RateLimitBody::Api },
        Fault::TooManyRequests { retry_after: None, reset_in: 5, body: RateLimitBody::InvalidGrant },
    ];
    let (okta, machine) = org_and_machine(rotating(30)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    for trouble in troubles {
        okta.fault_always(Endpoint::Token, trouble.clone());
        running.refresh("work").await;
        let profile = running.until_status("work", Status::Offline).await;
        let session = profile.session.expect("the session goes on");
        assert!(session.retry_at.is_some(), "{trouble:?}");
        okta.clear_faults();
        running.refresh("work").await;
        running.until_status("work", Status::SignedIn).await;
    }
    assert_eq!(running.notices(), [], "what heals by itself is not announced");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_an_admin_can_lift_blocks_and_ends_nothing() {
    for (error, description) in [
        ("invalid_client", "Client authentication failed. Either the client or the client credentials are invalid."),
        ("access_denied", "Policy evaluation failed for this request, please check the policy configurations."),
        ("unauthorized_client", "The client is not authorized to use the provided grant type."),
    ] {
        let (okta, machine) = org_and_machine(rotating(30)).await;
        let running = machine.start().await;
        running.sign_in("work").await;
        let refusal = || Fault::Refuse { status: 401, error: error.into(), description: description.into() };
        okta.fault_always(Endpoint::Token, refusal());
        running.refresh("work").await;
        let profile = running.until_status("work", Status::Blocked).await;
        assert!(profile.session.is_some() && profile.problem.is_some(), "{error}");
        okta.clear_faults();
        running.refresh("work").await;
        running.until_status("work", Status::SignedIn).await;
        assert_eq!(running.notices(), [], "what is lifted in time is not told: {error}");

        okta.fault_always(Endpoint::Token, refusal());
        running.refresh("work").await;
        running.until_status("work", Status::Blocked).await;
        machine.clock.advance(Duration::from_secs(20));
        running.app.look_again();
        running.noticed().await;
        running.refresh("work").await;
        running.until_status("work", Status::Blocked).await;
        running.quit().await;

        // Still blocked after a restart: that is known.
        let running = machine.start().await;
        running.until_status("work", Status::Blocked).await;
        machine.clock.advance(Duration::from_secs(20));
        running.app.look_again();
        okta.clear_faults();
        running.refresh("work").await;
        running.until_status("work", Status::SignedIn).await;
        let app = running.app.clone();
        running.quit().await;
        let log = app.activity().await;
        drop(app);
        let n_told = log.iter().filter(|entry| matches!(entry.what, Activity::Noticed { .. })).count();
        assert_eq!(n_told, 1, "{error}: {log:?}");

        // Blocked once more is news.
        let running = machine.start().await;
        running.until_status("work", Status::SignedIn).await;
        okta.fault_always(Endpoint::Token, refusal());
        running.refresh("work").await;
        running.until_status("work", Status::Blocked).await;
        machine.clock.advance(Duration::from_secs(20));
        running.app.look_again();
        assert_eq!(running.noticed().await.len(), 1, "told once: {error}");
        okta.clear_faults();
        running.refresh("work").await;
        running.all_taken_back().await;
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_okta_refuses_ends_the_session_with_one_notice() {
    let (okta, machine) = org_and_machine(rotating(30)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.end_sessions_of("robin");
    running.refresh("work").await;
    let profile = running.until_status("work", Status::SignInNeeded).await;
    assert!(profile.session.is_none() && profile.ended_at.is_some() && profile.problem.is_some());
    assert_eq!(running.noticed().await.len(), 1);
    assert_eq!(machine.browser.n_opened(), 1, "no background need opens a browser");
    running.quit().await;

    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_check_never_loses_the_only_live_refresh_token() {
    let (okta, machine) = org_and_machine(rotating(0)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.fault(Endpoint::Token, Fault::WrongSignature);
    running.refresh("work").await;
    let profile = running.until_status("work", Status::Offline).await;
    assert!(profile.session.is_some());
    // The old one is spent, so only the stored new one can renew; also from another process.
    running.quit().await;
    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(okta.reuse_detections(), 0);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_during_a_renewal_join_it() {
    let (okta, machine) = org_and_machine(rotating(0)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let so_far = okta.count(Endpoint::Token);
    let mut gate = okta.hold(Endpoint::Token);
    machine.clock.advance(Duration::from_secs(3590));
    let many = async {
        let copies = (0..5).map(|_| running.want(Intent::CopyAccessToken { profile: "work".into() }));
        let mut answers = Vec::new();
        for copy in copies.map(Box::pin).collect::<Vec<_>>() {
            answers.push(copy.await);
        }
        answers
    };
    let release = async {
        gate.arrived().await;
        gate.release();
    };
    let (answers, ()) = tokio::join!(many, release);
    assert!(answers.iter().all(|answer| matches!(answer, gatepass_wire::Answer::Copied(_))), "{answers:?}");
    assert_eq!(okta.count(Endpoint::Token), so_far + 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_refresh_token_the_session_ends_with_its_access_token() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    okta.fault(Endpoint::Token, Fault::NoRefreshToken);
    let running = machine.start().await;
    let session = running.sign_in("work").await.session.expect("a session");
    assert!(!session.renewable && session.refresh_at.is_none());
    machine.clock.advance(Duration::from_secs(3601));
    running.app.look_again();
    running.until_status("work", Status::SignInNeeded).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_rotated_is_fetched() {
    let (okta, machine) = org_and_machine(rotating(30)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.rotate_keys(gatepass_fake_okta::OldKey::Withdrawn);
    machine.clock.advance(Duration::from_secs(120));
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!(okta.count(Endpoint::Keys), 2, "the keys were not fetched again");
    running.quit().await;
}
