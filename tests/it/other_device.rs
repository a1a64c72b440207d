//! Signing in on another device (RFC 8628): a code is shown here and entered there.

use std::time::Duration;

use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, GrantType, Org};
use gatepass_tests::{Machine, Running, eventually, free_redirect_uri};
use gatepass_wire::{Answer, AttemptStage, DeviceCode, Intent, Profile, Status};

async fn set_up() -> (FakeOkta, Machine) {
    let redirect_uri = free_redirect_uri();
    let app = App {
        redirect_uris: vec![redirect_uri.clone()],
        grant_types: vec![GrantType::Code, GrantType::Refresh, GrantType::Device],
        ..App::default()
    };
    let org = Org { clients: vec![app], device_interval: Duration::from_secs(1), ..Org::default() };
    let (okta, machine) = (FakeOkta::start(org).await, Machine::new());
    machine.write_profile(&okta, &[redirect_uri], "");
    (okta, machine)
}

/// Asks for a code, and waits until it is shown.
async fn shown(running: &Running) -> DeviceCode {
    let sign_in = Intent::SignIn { profile: "work".into(), as_someone_else: false, with_code: true };
    assert_eq!(running.want(sign_in).await, Answer::Done);
    let is_shown = |profile: &Profile| profile.attempt.as_ref().is_some_and(|attempt| attempt.code.is_some());
    let attempt = running.until("work", "a code", is_shown).await.attempt.expect("it was just there");
    assert_eq!((attempt.stage, attempt.redirect_uri), (AttemptStage::OnOtherDevice, None));
    attempt.code.expect("it was just there")
}

fn with_code(code: &DeviceCode) -> &str {
    code.address_with_code.as_deref().expect("Okta sends one")
}

/// The polls with the code of the sign-in that began as the `n`th.
fn n_polls(okta: &FakeOkta, n: usize) -> usize {
    let mut codes: Vec<String> = Vec::new();
    let polls = okta.requests_to(Endpoint::Token).into_iter();
    let polls: Vec<_> = polls.filter_map(|poll| poll.parameters.get("device_code").map(str::to_owned)).collect();
    for code in &polls {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    codes.get(n).map_or(0, |code| polls.iter().filter(|poll| *poll == code).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_shown_and_copied_and_whoever_allows_it_is_signed_in() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    let code = shown(&running).await;
    assert_eq!(code.address, format!("{}/activate", okta.org_issuer()));
    assert!(with_code(&code).ends_with(&code.user_code));
    assert!(matches!(running.want(Intent::CopyCode { profile: "work".into() }).await, Answer::Copied(_)));
    assert_eq!(running.clipboard().as_deref(), Some(code.user_code.as_str()));

    // Somebody else's computer.
    let device = gatepass_fake_okta::Browser::new();
    device.allow_device(with_code(&code), "yael").await.expect("Okta's pages");
    let session = running.until_status("work", Status::SignedIn).await.session.expect("a session");
    assert_eq!(session.person.email.as_deref(), Some("yael.bendavid@acme.example"));
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!(machine.browser.n_opened(), 0);
    okta.assert_nothing_unexpected();
    running.quit().await;

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_offered_until_the_server_is_known_to_give_none() {
    for has_codes in [true, false] {
        let (okta, machine) = set_up().await;
        okta.edit(|org| org.has_device_authorization = has_codes);
        okta.sign_in_as("robin");
        let (issuer, client_id) = (okta.issuer(), okta.client_id());
        let beside = ("beside", issuer.as_str(), client_id.as_str(), "http://127.0.0.1:1/redirect");
        let work = ("work", issuer.as_str(), client_id.as_str(), &*okta.redirect_uri());
        machine.write_profiles(&[work, beside]);
        let running = machine.start().await;
        assert!(running.profile("work").device_sign_in, "nothing is known yet");
        assert_eq!(running.sign_in("work").await.device_sign_in, has_codes);
        let knows = |profile: &Profile| profile.device_sign_in == has_codes;
        running.until("beside", "what its server can do", knows).await;
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_denies_it_is_believed() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    let code = shown(&running).await;
    machine.browser.client().deny_device(with_code(&code), "robin").await.expect("Okta's pages");
    assert_eq!(running.until_problem("work").await.code, "access-denied");
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_nobody_entered_in_time_is_over() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    shown(&running).await;
    okta.advance_clock(Duration::from_secs(601));
    let problem = running.until_problem("work").await;
    assert!(problem.code.ends_with("code-expired"), "{problem:?}");
    assert_eq!(problem.action, Some(gatepass_wire::Action::SignIn));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_slow_down_it_waits_five_seconds_longer() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    let slow_down = Fault::Refuse {
        status: 400,
        error: "slow_down".into(),
        description: "Slow down the polling frequency.".into(),
    };
    okta.fault(Endpoint::Token, slow_down);
    let code = shown(&running).await;
    okta.wait_for_count(Endpoint::Token, 1).await;
    let told = tokio::time::Instant::now();
    machine.browser.client().allow_device(with_code(&code), "robin").await.expect("Okta's pages");
    okta.wait_for_count(Endpoint::Token, 2).await;
    assert!(told.elapsed() > Duration::from_millis(5_500), "asked again after {:?}", told.elapsed());
    running.until_status("work", Status::SignedIn).await;
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_code_is_not_asked_about_again() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    shown(&running).await;
    okta.wait_for_count(Endpoint::Token, 1).await;
    assert_eq!(running.want(Intent::CancelSignIn { profile: "work".into() }).await, Answer::Done);
    let profile = running.until_status("work", Status::SignedOut).await;
    assert_eq!(profile.problem, None, "a cancel is not an error");
    let so_far = n_polls(&okta, 0);

    // Another is asked about three times: the first would have had its turn as often.
    let code = shown(&running).await;
    eventually("three polls", || n_polls(&okta, 1) >= 3).await;
    machine.browser.client().allow_device(with_code(&code), "robin").await.expect("Okta's pages");
    running.until_status("work", Status::SignedIn).await;
    // One may have been on its way.
    assert!(n_polls(&okta, 0) <= so_far + 1, "a code that was given up is still asked about");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_without_the_grant_gives_no_code() {
    let (okta, machine) = set_up().await;
    okta.expect_trouble();
    okta.edit(|org| org.clients[0].grant_types = vec![GrantType::Code, GrantType::Refresh]);
    let running = machine.start().await;
    let sign_in = Intent::SignIn { profile: "work".into(), as_someone_else: false, with_code: true };
    assert_eq!(running.want(sign_in).await, Answer::Done);
    assert_eq!(running.until_problem("work").await.code, "grant-type-off");
    running.quit().await;
}
