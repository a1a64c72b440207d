//! Tokens that are bound to a key of this computer (DPoP, RFC 9449), where the server demands a nonce as Okta does.

use gatepass_agent::{ProfileId, Vault, VaultKey};
use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, Org};
use gatepass_tests::{Machine, Running, everything_logged, free_redirect_uri, run_copied};
use gatepass_wire::{AccessTokenView, Answer, ClaimValue, CopyFormat, Intent, Status};

async fn set_up() -> (FakeOkta, Machine) {
    let redirect_uri = free_redirect_uri();
    let app = App { requires_dpop: true, redirect_uris: vec![redirect_uri.clone()], ..App::default() };
    let okta = FakeOkta::start(Org { clients: vec![app], ..Org::default() }).await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    machine.write_profile(&okta, &[redirect_uri], "dpop = true");
    (okta, machine)
}

/// The thumbprint of the key that the access token is bound to, verified.
fn bound_to(running: &Running) -> String {
    let tokens = running.session("work").tokens;
    assert!(tokens.is_bound);
    let Some(AccessTokenView::Verified(verified)) = tokens.access else { panic!("a token of a custom server") };
    match verified.claims.into_iter().find(|claim| claim.name == "cnf").expect("it is bound").value {
        ClaimValue::Json(confirmation) => confirmation,
        other => panic!("{other:?}"),
    }
}

/// What the keyring has for the profile's client.
fn in_keyring(machine: &Machine) -> Option<String> {
    let key = VaultKey::client(ProfileId::parse("work").expect("an id"));
    machine.vault.load(&key).expect("a keyring").map(|record| record.expose().to_owned())
}

fn userinfo(okta: &FakeOkta) -> String {
    format!("{}/v1/userinfo", okta.issuer())
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_renewal_and_restart_prove_the_same_key() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    running.sign_in("work").await;
    // The first is told which nonce to use.
    assert_eq!(okta.count(Endpoint::Token), 2);
    let key = bound_to(&running);
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!((okta.count(Endpoint::Token), bound_to(&running)), (3, key.clone()), "the nonce is remembered");

    okta.renew_dpop_nonces();
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!(okta.count(Endpoint::Token), 5);
    running.quit().await;

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    running.copy("work").await;
    assert_eq!(bound_to(&running), key);
    assert_eq!((machine.browser.n_opened(), okta.reuse_detections()), (1, 0));

    let proofs = okta.requests_to(Endpoint::Token);
    let mut proofs: Vec<_> = proofs.iter().map(|request| request.header("dpop").expect("a proof")).collect();
    let n_proofs = proofs.len();
    proofs.sort_unstable();
    proofs.dedup();
    assert_eq!(proofs.len(), n_proofs, "each request has a proof of its own");
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_works_once_and_only_where_it_says() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let command = running.copy_curl("work", &userinfo(&okta)).await;
    let called = run_copied(&command).await;
    assert_eq!((called.status, &called.json()["name"]), (200, &"Robin Calder".into()), "{called:?}");
    okta.assert_nothing_unexpected();

    // Whoever finds it later has nothing.
    okta.expect_trouble();
    let again = run_copied(&command).await;
    assert_eq!(again.status, 400, "{again:?}");
    assert!(again.head.contains("already been used"), "{again:?}");
    // Nor has who finds the token alone, or takes the proof elsewhere.
    let token = running.copy("work").await;
    let alone = run_copied(&format!(r#"curl -H "Authorization: Bearer {token}" "{}""#, userinfo(&okta))).await;
    assert_eq!(alone.status, 400, "{alone:?}");
    let command = running.copy_curl("work", &userinfo(&okta)).await;
    let elsewhere = run_copied(&command.replacen("curl ", "curl -X POST ", 1)).await;
    assert_eq!(elsewhere.status, 400, "{elsewhere:?}");
    assert!(elsewhere.head.contains("htm"), "{elsewhere:?}");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_bound_to_the_key_is_refused() {
    for (fault, code) in [(Fault::BearerDespiteProof, "wrong-token-type"), (Fault::BoundToAnotherKey, "wrong-key")] {
        let (okta, machine) = set_up().await;
        okta.fault_always(Endpoint::Token, fault.clone());
        let running = machine.start().await;
        assert_eq!(running.fail_to_sign_in("work").await.code, code, "{fault:?}");
        assert!(running.profile("work").session.is_none());

        okta.clear_faults();
        running.sign_in("work").await;
        let first = running.copy("work").await;
        okta.fault(Endpoint::Token, fault.clone());
        assert_ne!(running.refresh("work").await, Status::SignedIn);
        let answer = running.want(Intent::CopyAccessToken { profile: "work".into() }).await;
        if matches!(answer, Answer::Copied(_)) {
            assert_eq!(running.clipboard(), Some(first), "the token that is not bound was handed out: {fault:?}");
        }
        // The session goes on.
        running.want(Intent::Refresh { profile: "work".into() }).await;
        running.until_status("work", Status::SignedIn).await;
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_has_no_proof_for_a_server_that_demands_one() {
    let (okta, machine) = set_up().await;
    machine.edit_profiles("dpop = true", "dpop = false");
    okta.allow_unexpected();
    let running = machine.start().await;
    let problem = running.fail_to_sign_in("work").await;
    assert_eq!(problem.quote.as_deref(), Some("The DPoP proof JWT header is missing."));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_outlives_a_sign_out_and_goes_with_the_profile() {
    let (okta, machine) = set_up().await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let (key, record) = (bound_to(&running), in_keyring(&machine).expect("a key"));
    running.sign_out("work").await;
    okta.wait_for_count(Endpoint::Revoke, 1).await;
    assert_eq!(in_keyring(&machine), Some(record));
    running.sign_in("work").await;
    assert_eq!(bound_to(&running), key);

    running.want(Intent::RemoveProfile { profile: "work".into() }).await;
    gatepass_tests::eventually("the key to be erased", || in_keyring(&machine).is_none()).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_written_nowhere_but_into_the_keyring() {
    everything_logged();
    let (_okta, machine) = set_up().await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.refresh("work").await;
    let copy = Intent::Copy { profile: "work".into(), what: CopyFormat::Json };
    assert!(matches!(running.want(copy).await, Answer::Copied(_)));
    assert!(running.clipboard().expect("JSON").contains(r#""token_type":"DPoP""#), "what it is, is said beside it");

    let record: serde_json::Value = serde_json::from_str(&in_keyring(&machine).expect("a key")).expect("JSON");
    let key = record["dpop_key"].as_str().expect("a key").to_owned();
    assert!(key.len() > 20, "nothing to search for");
    let mut places = machine.files();
    places.push(("what a frontend is sent", running.everything_sent()));
    places.push(("the log", everything_logged()));
    places.push(("the clipboard", running.clipboard().unwrap_or_default()));
    running.quit().await;
    for (place, text) in places {
        assert!(!text.contains(&key), "{place} has the key in it");
    }
}
