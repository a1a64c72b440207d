//! Issuers that misbehave, as a person meets them: no session comes of it, the message says something, and what was
//! issued is revoked. Each check by itself is tested in `crates/oidc`, under the OpenID Foundation's names.

use gatepass_fake_okta::{Endpoint, Fault, Org};
use gatepass_tests::{eventually, org_and_machine};
use gatepass_wire::{Severity, Status};

async fn nobody_is_signed_in_after(endpoint: Endpoint, fault: Fault) {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let name = format!("{fault:?}");
    okta.fault(endpoint, fault);
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let profile = running.until("work", &format!("a problem after {name}"), |profile| profile.problem.is_some()).await;
    assert_eq!((profile.status, &profile.session), (Status::SignedOut, &None), "{name}");
    let problem = profile.problem.expect("a problem");
    assert!(
        !problem.title.is_empty() && !problem.advice.is_empty() && problem.severity != Severity::Note,
        "{problem:?}"
    );
    eventually(&format!("what came with {name} to be revoked"), || okta.active_refresh_tokens().is_empty()).await;
    running.quit().await;
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_that_fails_a_check_signs_nobody_in() {
    for fault in [
        Fault::WrongIssuer("https://evil.example".into()),
        Fault::WrongSignature,
        Fault::WrongAudience,
        Fault::WrongNonce,
        Fault::MissingNonce,
        Fault::Expired,
        Fault::UnknownKid,
        Fault::AlgNone,
        Fault::AtHashWrong,
    ] {
        nobody_is_signed_in_after(Endpoint::Token, fault).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_no_answer_signs_nobody_in() {
    for fault in [Fault::Html, Fault::HugeBody, Fault::ServerError(500)] {
        nobody_is_signed_in_after(Endpoint::Token, fault).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_of_another_issuer_signs_nobody_in() {
    nobody_is_signed_in_after(Endpoint::Metadata, Fault::WrongIssuer("https://evil.example".into())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_with_another_issuer_signs_nobody_in() {
    let fault = Fault::WrongIssuer("https://evil.example".into());
    nobody_is_signed_in_after(Endpoint::Authorize, fault).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_whose_clock_is_wrong_by_minutes_signs_in_all_the_same() {
    for seconds in [-600, 600] {
        let (okta, machine) = org_and_machine(Org::default()).await;
        okta.skew_clock(seconds);
        let running = machine.start().await;
        running.sign_in("work").await;
        running.quit().await;
    }
}
