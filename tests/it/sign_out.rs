//! Signing out means it.

use gatepass_fake_okta::{Endpoint, Fault, Org};
use gatepass_tests::{eventually, org_and_machine};
use gatepass_wire::{Answer, Intent, Status};

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_revokes_and_forgets() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let token = running.copy("work").await;
    assert_eq!(running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await, Answer::Done);
    running.until_status("work", Status::SignedOut).await;
    eventually("both tokens to be revoked", || {
        okta.active_refresh_tokens().is_empty() && !okta.is_active_access_token(&token)
    })
    .await;
    running.quit().await;

    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_without_a_network_forgets_all_the_same() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.fault_always(Endpoint::Revoke, Fault::ResetBefore);
    assert_eq!(running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await, Answer::Done);
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_after_a_sign_out_is_revoked_and_not_stored() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let mut gate = okta.hold_answer(Endpoint::Token);
    let refresh = running.want(Intent::Refresh { profile: "work".into() });
    let sign_out = async {
        gate.arrived().await;
        assert_eq!(running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await, Answer::Done);
        gate.release();
    };
    let (_, ()) = tokio::join!(refresh, sign_out);
    running.until_status("work", Status::SignedOut).await;
    eventually("what arrived to be revoked", || okta.active_refresh_tokens().is_empty()).await;
    running.quit().await;
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
}
