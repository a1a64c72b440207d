use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::{Endpoint, Fault};

/// What dropping the server says; empty if it says nothing.
fn complaint_of(okta: FakeOkta) -> String {
    match catch_unwind(AssertUnwindSafe(|| drop(okta))) {
        Ok(()) => String::new(),
        Err(panic) => panic.downcast_ref::<String>().cloned().unwrap_or_default(),
    }
}

/// What one request more makes of a server that nobody complained about.
async fn complaint_about(request: impl AsyncFnOnce(&Setting)) -> String {
    let setting = setting().await;
    request(&setting).await;
    complaint_of(setting.okta)
}

#[tokio::test]
async fn a_careful_client_is_not_complained_about() {
    let complaint = complaint_about(async |setting| {
        let tokens = setting.tokens().await;
        let tokens = setting.refresh(&tokens["refresh_token"]).await.body;
        setting.verified(&tokens["id_token"]).await;
        setting.get("/favicon.ico").await;
    })
    .await;
    assert_eq!(complaint, "");
}

#[tokio::test]
async fn an_unexpected_request_fails_the_test() {
    let complaints = [
        ("no such path", complaint_about(async |it| drop(it.get("/oauth2/v1/tokens").await)).await),
        ("does not take that method", complaint_about(async |it| drop(it.get("/oauth2/v1/token").await)).await),
        ("not redeemed: Unknown", complaint_about(async |it| drop(it.redeem("guess", &[]).await)).await),
        ("PKCE code challenge", complaint_about(async |it| drop(it.authorize(&[("code_challenge", "")]).await)).await),
        ("came twice", complaint_about(async |it| drop(it.authorize(&[("state", "a"), ("state", "b")]).await)).await),
        ("not granted: Unknown", complaint_about(async |it| drop(it.refresh(&"guess".into()).await)).await),
        ("id_token_hint", complaint_about(async |it| drop(it.get("/oauth2/default/v1/logout").await)).await),
        ("no access token", complaint_about(async |it| drop(it.get("/oauth2/default/v1/userinfo").await)).await),
    ];
    for (words, complaint) in complaints {
        assert!(complaint.contains(words), "{words}: {complaint:?}");
    }
}

#[tokio::test]
async fn a_revoked_refresh_token_that_is_used_fails_the_test() {
    let complaint = complaint_about(async |setting| {
        let tokens = setting.tokens().await;
        let value = tokens["refresh_token"].as_str().unwrap();
        setting.post("revoke", &[("client_id", DEMO_CLIENT_ID), ("token", value)]).await;
        setting.refresh(&tokens["refresh_token"]).await;
    })
    .await;
    assert!(complaint.contains("not granted: Ended(Revoked)"), "{complaint:?}");
}

#[tokio::test]
async fn a_token_request_that_no_native_client_sends_is_refused() {
    let setting = setting().await;
    let send = async |form: &[(&str, &str)], headers: &[(&str, &str)]| setting.post_with("token", form, headers).await;
    let code = [("grant_type", "authorization_code"), ("client_id", DEMO_CLIENT_ID), ("code", "x")];
    let refresh = [("grant_type", "refresh_token"), ("client_id", DEMO_CLIENT_ID), ("refresh_token", "x")];
    let origin = [("origin", "tauri://localhost")];

    let text = "Browser requests to the token endpoint must use Proof Key for Code Exchange.";
    send(&code, &origin).await.is_error(401, "invalid_client", text);
    let text = "Browser requests to the token endpoint may only use the authorization_code grant_type.";
    send(&refresh, &origin).await.is_error(400, "unauthorized_client", text);
    let text = "Found Authentication header but was not valid client credentials.";
    send(&refresh, &[("authorization", "Basic MG9hOg==")]).await.is_error(401, "invalid_client", text);
    let text = "Invalid value for 'client_id' parameter.";
    send(&[("grant_type", "refresh_token"), ("client_id", "0oanobody")], &[]).await.is_error(
        401,
        "invalid_client",
        text,
    );
    send(&[("grant_type", "refresh_token")], &[]).await.is_error(401, "invalid_client", "No client credentials found.");
    let twice = [("client_id", DEMO_CLIENT_ID), ("client_id", DEMO_CLIENT_ID)];
    let text = "The request contained multiple parameters with the same name.";
    send(&twice, &[]).await.is_error(400, "invalid_request", text);
    assert_eq!(setting.okta.unexpected().len(), 6);
    setting.okta.allow_unexpected();
}

#[tokio::test]
async fn a_fault_that_no_request_met_fails_the_test() {
    let setting = setting().await;
    setting.okta.fault(Endpoint::Token, Fault::Html);
    assert!(complaint_of(setting.okta).contains("no request met the fault Html at Token"));
}

#[tokio::test]
async fn a_gate_that_no_request_came_to_fails_the_test() {
    let setting = setting().await;
    let _gate = setting.okta.hold(Endpoint::Token);
    assert!(complaint_of(setting.okta).contains("no request came to the gate at Token"));
}

#[tokio::test]
async fn trouble_that_was_expected_must_come() {
    let setting = setting().await;
    setting.okta.expect_trouble();
    assert!(complaint_of(setting.okta).contains("trouble was expected and none came"));
}

#[tokio::test]
async fn trouble_that_was_allowed_may_stay_away() {
    let setting = setting().await;
    setting.okta.allow_unexpected();
    assert_eq!(complaint_of(setting.okta), "");
}

#[tokio::test]
async fn a_complaint_is_made_once() {
    let setting = setting().await;
    setting.get("/nowhere").await;
    assert!(catch_unwind(AssertUnwindSafe(|| setting.okta.assert_nothing_unexpected())).is_err());
    assert_eq!(complaint_of(setting.okta), "");
}

#[tokio::test]
async fn a_fault_that_changes_nothing_cannot_be_ordered() {
    let setting = setting().await;
    let ordering = catch_unwind(AssertUnwindSafe(|| setting.okta.fault(Endpoint::Keys, Fault::WrongNonce)));
    assert!(ordering.is_err());
}
