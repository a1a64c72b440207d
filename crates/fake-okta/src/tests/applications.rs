use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::{AppKind, Assignment, ClientAuthentication, ClientSecret, GrantType};

const UNASSIGNED: &str = "User is not assigned to the client application.";

#[tokio::test]
async fn the_console_does_not_save_what_cannot_be() {
    let setting = setting().await;
    let one_secret = || ClientAuthentication::SecretBasic(vec![ClientSecret::active("s")]);
    let complaint = |change: &dyn Fn(&mut App)| {
        let saved = catch_unwind(AssertUnwindSafe(|| setting.okta.edit(|org| change(&mut org.clients[0]))));
        saved.expect_err("not saved").downcast_ref::<String>().cloned().unwrap()
    };
    let complaints = [
        ("secret or a key", complaint(&|app| app.kind = AppKind::Web)),
        (
            "neither secret nor key",
            complaint(&|app| (app.kind, app.client_authentication) = (AppKind::SinglePage, one_secret())),
        ),
        ("PKCE is required", complaint(&|app| app.requires_pkce = false)),
        (
            "two secrets at most",
            complaint(&|app| {
                let secrets = ["a", "b", "c"].map(ClientSecret::active).to_vec();
                app.client_authentication = ClientAuthentication::SecretPost(secrets);
            }),
        ),
        ("cannot have that grant type", complaint(&|app| app.grant_types.push(GrantType::ClientCredentials))),
        (
            "DPoP goes with neither",
            complaint(&|app| {
                app.grant_types.push(GrantType::Implicit);
                app.requires_dpop = true;
            }),
        ),
        ("needs a redirect URI", complaint(&|app| app.redirect_uris.clear())),
    ];
    for (words, complaint) in complaints {
        assert!(complaint.contains(words), "{words}: {complaint}");
    }
    let org = Org { clients: vec![App { requires_pkce: false, ..App::default() }], ..Org::default() };
    assert!(FakeOkta::bind(org).await.is_err());
    // What was not saved changed nothing.
    assert_eq!(setting.tokens().await["token_type"], "Bearer");
}

#[tokio::test]
async fn an_inactive_application_is_unknown_and_nobodys_fault() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.edit(|org| org.clients[0].is_active = false);
    let outcome = setting.authorize(&[]).await;
    assert_eq!((outcome.status, outcome.visited.len()), (Some(400), 1));
    assert!(outcome.body.contains("Invalid value for &#39;client_id&#39; parameter."));
    let text = "Invalid value for 'client_id' parameter.";
    setting.refresh(&tokens["refresh_token"]).await.is_error(401, "invalid_client", text);
}

#[tokio::test]
async fn an_application_is_for_whom_it_is_assigned_to() {
    let setting = setting().await;
    for (assignment, is_assigned) in [
        (Assignment::Everyone, true),
        (Assignment::FederationBroker, true),
        (Assignment::Groups(vec!["book-club".to_owned()]), true),
        (Assignment::Groups(vec!["nobody".to_owned()]), false),
        (Assignment::People(vec!["robin".to_owned()]), true),
        (Assignment::People(Vec::new()), false),
    ] {
        setting.okta.edit(|org| org.clients[0].assignment = assignment.clone());
        let outcome = setting.authorize(&[]).await;
        match is_assigned {
            true => assert!(parameter(&outcome.url, "code").is_some(), "{assignment:?}"),
            false => is_told(&outcome, "access_denied", UNASSIGNED),
        }
    }
}

#[tokio::test]
async fn who_is_not_assigned_any_more_loses_the_refresh_token_and_that_is_nobodys_fault() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.edit(|org| org.clients[0].assignment = Assignment::People(vec!["noor".to_owned()]));
    let text = "The refresh token is invalid or expired.";
    setting.refresh(&tokens["refresh_token"]).await.is_error(400, "invalid_grant", text);
}

#[tokio::test]
async fn pkce_is_optional_where_the_application_does_not_require_it() {
    let setting = setting_with(|org| {
        org.clients[0].requires_pkce = false;
        org.clients[0].client_authentication = ClientAuthentication::SecretPost(vec![ClientSecret::active("s")]);
    })
    .await;
    let secret = ("client_secret", "s");
    let code = async |changes| parameter(&setting.authorize(changes).await.url, "code").unwrap();
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let reply = setting.redeem(&code(&without).await, &[secret, ("code_verifier", "")]).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(setting.redeem(&code(&[]).await, &[secret]).await.status, 200);
    setting.okta.assert_nothing_unexpected();

    let reply = setting.redeem(&code(&[]).await, &[secret, ("code_verifier", "")]).await;
    reply.is_error(400, "invalid_request", "PKCE code verifier is required by the application.");
    let text = "PKCE code challenge should be specified in the authorize request for code verification.";
    setting.redeem(&code(&without).await, &[secret]).await.is_error(400, "invalid_request", text);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn grant_types_that_are_ticked_are_named_in_the_refusal() {
    let setting = setting_with(|org| org.clients[0].grant_types = vec![GrantType::Implicit]).await;
    let text = "The client is not authorized to use the provided grant type. Configured grant types: [implicit].";
    setting.refresh(&"any".into()).await.is_error(400, "unauthorized_client", text);
    let form = [("client_id", DEMO_CLIENT_ID), ("grant_type", "password")];
    let text = "The authorization grant type is not supported by the authorization server. Configured grant types: \
                [implicit].";
    setting.post("token", &form).await.is_error(400, "unsupported_grant_type", text);
    let text = "The response type is not supported by the authorization server. Configured response types: [].";
    is_told(&setting.authorize(&[]).await, "unsupported_response_type", text);
    setting.okta.expect_trouble();
}
