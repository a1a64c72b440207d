//! Keyrings that are absent, locked or too small, and records that must not be used.

use std::time::Duration;

use gatepass_agent::VaultError;
use gatepass_fake_okta::{App, ClientAuthentication, ClientSecret, Endpoint, FakeOkta, Org};
use gatepass_tests::{Machine, org_and_machine};
use gatepass_wire::{Answer, Intent, Severity, Status};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_session_lasts_until_you_quit_and_says_so() {
    for trouble in
        [VaultError::Missing, VaultError::Locked, VaultError::Denied, VaultError::TooLarge, VaultError::Unresponsive]
    {
        let (_okta, machine) = org_and_machine(Org::default()).await;
        machine.vault.fail_with(Some(trouble));
        let running = machine.start().await;
        let profile = running.sign_in("work").await;
        assert!(profile.memory_only.is_some(), "{trouble:?}");
        running.copy("work").await;
        assert_eq!(running.notices(), [], "it may pass: {trouble:?}");
        machine.clock.advance(Duration::from_secs(20));
        running.app.look_again();
        assert_eq!(running.noticed().await.len(), 1, "{trouble:?}");
        running.refresh("work").await;
        assert_eq!(running.notices().len(), 1, "{trouble:?}: {:?}", running.notices());

        machine.vault.fail_with(None);
        running.refresh("work").await;
        running.until("work", "the keyring to take it", |profile| profile.memory_only.is_none()).await;
        running.all_taken_back().await;
        running.quit().await;
        let running = machine.start().await;
        running.until_status("work", Status::SignedIn).await;
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_a_profile_that_was_changed_to_another_issuer_is_sent_nowhere() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    // The last that a sign-in asks, after everything else.
    okta.wait_for_count(Endpoint::Introspect, 1).await;
    running.quit().await;

    let other = FakeOkta::start(Org::default()).await;
    machine.edit_profiles(&okta.issuer(), &other.issuer());
    let so_far = okta.requests().len();
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.refresh("work").await;
    running.quit().await;
    assert_eq!(other.count(Endpoint::Token) + other.count(Endpoint::Revoke), 0, "the other issuer was sent something");
    assert_eq!(okta.requests().len(), so_far);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_another_machine_or_client_is_not_used() {
    for change in ["machine", "client"] {
        let (okta, mut machine) = org_and_machine(Org::default()).await;
        let running = machine.start().await;
        running.sign_in("work").await;
        running.quit().await;
        match change {
            "machine" => machine.name = "another machine".into(),
            _ => machine.edit_profiles(&okta.client_id(), "0oaanother"),
        }
        let so_far = okta.count(Endpoint::Token);
        let running = machine.start().await;
        running.until_read("work").await;
        running.until_status("work", Status::SignedOut).await;
        running.quit().await;
        assert_eq!(okta.count(Endpoint::Token), so_far, "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_is_unlocked_later_gives_the_session_back() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.quit().await;

    machine.vault.fail_with(Some(VaultError::Locked));
    let running = machine.start().await;
    running.until("work", "the locked keyring to be told", |profile| profile.problem.is_some()).await;
    machine.vault.fail_with(None);
    machine.clock.advance(std::time::Duration::from_secs(60));
    running.app.look_again();
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(machine.browser.n_opened(), 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyring_has_a_record_of_its_own_for_each_profile() {
    let okta = FakeOkta::start(Org::default()).await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    let uris = [gatepass_tests::free_redirect_uri(), gatepass_tests::free_redirect_uri()];
    uris.iter().for_each(|uri| okta.register_redirect_uri(uri));
    machine.write_profiles(&[
        ("one", &okta.issuer(), &okta.client_id(), &uris[0]),
        ("two", &okta.issuer(), &okta.client_id(), &uris[1]),
    ]);
    let running = machine.start().await;
    running.sign_in("one").await;
    running.sign_in("two").await;
    running.want(Intent::SignOut { profile: "one".into(), in_browser: false }).await;
    running.quit().await;
    let running = machine.start().await;
    running.until_status("two", Status::SignedIn).await;
    running.until_status("one", Status::SignedOut).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_locks_before_a_renewal_is_told_as_that_and_ends_nothing() {
    const SECRET: &str = "the-secret_0123456789-abcdefghijklmnopqrstuv";
    let by_secret = ClientAuthentication::SecretBasic(vec![ClientSecret::active(SECRET)]);
    let apps = [
        (
            "client_authentication = \"client_secret_basic\"",
            App { client_authentication: by_secret, requires_pkce: false, ..App::default() },
        ),
        ("dpop = true", App { requires_dpop: true, ..App::default() }),
    ];
    for (options, app) in apps {
        let redirect_uri = gatepass_tests::free_redirect_uri();
        let app = App { redirect_uris: vec![redirect_uri.clone()], ..app };
        let okta = FakeOkta::start(Org { clients: vec![app], ..Org::default() }).await;
        okta.sign_in_as("robin");
        let machine = Machine::new();
        machine.write_profile(&okta, &[redirect_uri], options);
        let running = machine.start().await;
        if options.contains("secret") {
            running.give_secret("work", SECRET).await;
        }
        running.sign_in("work").await;
        running.quit().await;

        // The keyring gives the session back, and is locked before it is asked what the client proves itself with.
        let mut gate = okta.hold(Endpoint::Metadata);
        let n_renewals = okta.count(Endpoint::Token);
        let running = machine.start().await;
        gate.arrived().await;
        machine.vault.fail_with(Some(VaultError::Locked));
        gate.release();
        let told = running.until("work", "the locked keyring to be told", |profile| profile.problem.is_some()).await;
        let problem = told.problem.expect("it was just there");
        assert_eq!((problem.code.as_str(), problem.severity), ("keyring-locked", Severity::Warning), "{options}");
        assert_eq!(problem.quote, None, "{options}: nobody else said anything");
        assert!(problem.advice.starts_with("You stay signed in. Unlock the keyring."), "{}", problem.advice);
        assert!(told.session.is_some(), "{options}");
        let answer = running.want(Intent::Refresh { profile: "work".into() }).await;
        assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "keyring-locked"), "{answer:?}");
        assert_eq!(okta.count(Endpoint::Token), n_renewals, "{options}: nothing was sent");

        machine.vault.fail_with(None);
        assert_eq!(running.refresh("work").await, Status::SignedIn, "{options}");
        assert_eq!((machine.browser.n_opened(), okta.reuse_detections()), (1, 0), "{options}");
        running.quit().await;
    }
}
