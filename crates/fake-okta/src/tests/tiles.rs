use super::*;
use crate::{Assignment, TileFlow};

const START: &str = "test.app:/login";

async fn with_tile(flow: TileFlow) -> Setting {
    setting_with(|org| {
        org.clients[0].tile = Some(flow);
        org.clients[0].initiate_login_uri = Some(START.to_owned());
    })
    .await
}

impl Setting {
    async fn open_tile(&self) -> BrowserOutcome {
        Browser::new().browse(&self.okta.tile(DEMO_CLIENT_ID)).await.unwrap()
    }
}

#[tokio::test]
async fn a_tile_asks_the_application_to_begin_and_names_the_org() {
    let setting = with_tile(TileFlow::Redirect).await;
    let outcome = setting.open_tile().await;
    assert!(outcome.url.as_str().starts_with(START), "{}", outcome.url);
    assert_eq!(parameter(&outcome.url, "iss"), Some(setting.okta.org_issuer()));
}

#[tokio::test]
async fn okta_simplified_posts_an_id_token_that_nobody_asked_for() {
    let setting = with_tile(TileFlow::Simplified).await.at_org_server();
    let target = format!("{}/activate", setting.okta.origin());
    setting.okta.edit(|org| org.clients[0].redirect_uris[0] = target.clone());
    // Any page that takes a form will do for a listener.
    let outcome = setting.open_tile().await;
    assert_eq!(outcome.url.as_str(), target);
    let posted = setting.okta.requests().pop().unwrap();
    assert_eq!((posted.method.as_str(), posted.parameters.names()), ("POST", vec!["id_token"]));
    let id = setting.verified(&posted.parameters.get("id_token").unwrap().into()).await.unwrap();
    assert_eq!((&id["aud"], &id["iss"], id.get("nonce")), (&json!(DEMO_CLIENT_ID), &json!(setting.issuer), None));
}

#[tokio::test]
async fn a_tile_that_is_not_there_says_why() {
    let setting = with_tile(TileFlow::Redirect).await;
    let is_shown = async |words: &str| {
        let outcome = setting.open_tile().await;
        assert!(outcome.status == Some(400) && outcome.body.contains(words), "{words}: {}", outcome.body);
    };
    setting.okta.edit(|org| org.clients[0].assignment = Assignment::FederationBroker);
    is_shown("idp_initated_flow_disabled").await;
    setting.okta.edit(|org| {
        org.clients[0].assignment = Assignment::Everyone;
        org.clients[0].initiate_login_uri = None;
    });
    is_shown("missing_initiate_login_uri").await;
    setting.okta.edit(|org| org.clients[0].tile = None);
    is_shown("idp_initated_flow_disabled").await;
    setting.okta.edit(|org| org.clients[0].is_active = false);
    is_shown("invalid_client").await;
    setting.okta.edit(|org| {
        org.clients[0].is_active = true;
        org.clients[0].tile = Some(TileFlow::Simplified);
        org.clients[0].initiate_login_uri = Some(START.to_owned());
        org.clients[0].assignment = Assignment::People(Vec::new());
    });
    is_shown("User is not assigned to the client application.").await;
    setting.okta.edit(|org| org.auto_sign_in = None);
    is_shown("Nobody is signed in to the dashboard.").await;
}
