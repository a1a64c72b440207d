//! A server that hangs in the middle of a renewal, and answers after all: late, too late, or after the program was
//! stopped and started again. Under rotation it has done its work meanwhile, so what is asked a second time counts.

use std::time::Duration;

use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, Org, Rotation};
use gatepass_oidc::HttpPolicy;
use gatepass_relay::{Door, HttpRelay, Point};
use gatepass_tests::{Machine, eventually, org_and_machine};
use gatepass_wire::{Answer, Intent, Profile, Status};

/// Refresh tokens rotate, and one that was used works for this many seconds more.
fn rotating(grace: u64) -> Org {
    let refresh = Rotation::Rotate { grace: Duration::from_secs(grace) };
    Org { clients: vec![App { refresh, ..App::default() }], ..Org::default() }
}

fn let_pass(okta: &FakeOkta, machine: &Machine, time: Duration) {
    okta.advance_clock(time);
    machine.clock.advance(time);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_takes_25_seconds_is_waited_for_and_nothing_is_asked_twice() {
    // No grace: whatever is asked twice ends the session.
    let (okta, machine) = org_and_machine(rotating(0)).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let token = running.copy("work").await;
    let mut gate = okta.hold_answer(Endpoint::Token);
    let so_far = okta.count(Endpoint::Token);
    let_pass(&okta, &machine, Duration::from_secs(50 * 60));
    running.app.look_again();
    gate.arrived().await;
    // The machine wakes, the token is copied, somebody asks for a new one. The token in hand goes on meanwhile.
    for _ in 0..5 {
        let_pass(&okta, &machine, Duration::from_secs(5));
        running.app.look_again();
        assert_eq!(running.copy("work").await, token);
    }
    let release = async {
        // Both wishes take the same way, so by this answer the one for a renewal has arrived.
        assert!(matches!(running.want(Intent::CopyAccessToken { profile: "work".into() }).await, Answer::Copied(_)));
        assert_eq!(okta.count(Endpoint::Token), so_far + 1);
        gate.release();
    };
    let (answer, ()) = tokio::join!(running.want(Intent::Refresh { profile: "work".into() }), release);
    assert_eq!(answer, Answer::Done);
    running.until_status("work", Status::SignedIn).await;
    assert_ne!(running.copy("work").await, token);
    assert_eq!((okta.count(Endpoint::Token), okta.reuse_detections()), (so_far + 1, 0));
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!((running.notices(), machine.browser.n_opened()), (vec![], 1));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_given_up_is_asked_for_again_and_may_come_later_without_harm() {
    let (okta, mut machine) = org_and_machine(rotating(30)).await;
    machine.http = HttpPolicy { token_timeout: Duration::from_secs(1), ..HttpPolicy::default() };
    let running = machine.start().await;
    running.sign_in("work").await;
    let mut gate = okta.hold_answer(Endpoint::Token);
    let so_far = okta.count(Endpoint::Token);
    let_pass(&okta, &machine, Duration::from_secs(50 * 60));
    let before = running.session("work").expires_at;
    running.app.look_again();
    gate.arrived().await;
    let is_renewed = |profile: &Profile| {
        let expires_at = profile.session.as_ref().and_then(|session| session.expires_at);
        profile.status == Status::SignedIn && expires_at > before
    };
    running.until("work", "the answer to the second asking", is_renewed).await;
    // To nobody.
    gate.release();
    let asked = okta.requests_to(Endpoint::Token).split_off(so_far);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].parameters.get("refresh_token"), asked[1].parameters.get("refresh_token"));
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!((okta.reuse_detections(), running.notices(), machine.browser.n_opened()), (0, vec![], 1));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_there_after_the_grace_carries_no_refresh_token() {
    let relay = HttpRelay::start().await.expect("a relay");
    let okta = FakeOkta::start(Org { public_origin: Some(relay.origin()), ..rotating(30) }).await;
    relay.leads_to(okta.address());
    let machine = Machine::for_org(&okta);
    let running = machine.start().await;
    running.sign_in("work").await;
    let token = running.copy("work").await;
    let mut hold = relay.hold("/v1/token", Point::Answer { permille: 0 });
    let_pass(&okta, &machine, Duration::from_secs(50 * 60));
    running.app.look_again();
    hold.reached().await.expect("the renewal is asked for");
    // The answer is lost, and the next connection is not completed.
    relay.door(Door::Deaf).await.expect("a door");
    drop(hold);
    eventually("the next connection", || relay.somebody_knocks().expect("the system lists them")).await;
    let_pass(&okta, &machine, Duration::from_secs(31));
    relay.door(Door::Open).await.expect("the port is free");
    let in_doubt =
        |profile: &Profile| profile.problem.as_ref().is_some_and(|problem| problem.code == "renewal-in-doubt");
    running.until("work", "the doubt to show", in_doubt).await;
    assert_eq!((okta.count(Endpoint::Token), okta.reuse_detections()), (2, 0), "a sign-in and a renewal");
    assert_eq!(running.copy("work").await, token);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_stopped_in_doubt_and_started_after_the_grace_tells_once_and_tries_once() {
    let (okta, machine) = org_and_machine(rotating(30)).await;
    okta.allow_unexpected();
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.fault_always(Endpoint::Token, Fault::ResetAfter);
    let refused = running.want(Intent::Refresh { profile: "work".into() }).await;
    assert!(matches!(refused, Answer::Refused(_)), "{refused:?}");
    running.quit().await;
    assert_eq!(okta.reuse_detections(), 0, "asked again within the grace");

    okta.clear_faults();
    let_pass(&okta, &machine, Duration::from_secs(40));
    let so_far = okta.count(Endpoint::Token);
    let running = machine.start().await;
    let problem = running.until_status("work", Status::SignInNeeded).await.problem.expect("it is told");
    assert_eq!(problem.code, "renewal-lost");
    assert!(problem.advice.contains("grace period"), "{problem:?}");
    let notices = running.noticed().await;
    running.quit().await;
    assert_eq!((notices.len(), okta.count(Endpoint::Token)), (1, so_far + 1), "{notices:?}");
    assert_eq!(machine.browser.n_opened(), 1, "no browser by itself");

    // Nothing is told or tried twice, and a sign-in mends it.
    let running = machine.start().await;
    running.until_read("work").await;
    assert_eq!((running.notices(), okta.count(Endpoint::Token)), (vec![], so_far + 1));
    running.sign_in("work").await;
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    running.quit().await;
}
