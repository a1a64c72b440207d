use std::time::Duration;

use super::*;
use crate::{Assignment, GrantType};

const PENDING: &str = "The device authorization is pending. Please try again later.";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A server whose application may sign in devices, and which signs nobody in by itself.
async fn with_devices() -> Setting {
    setting_with(|org| {
        org.auto_sign_in = None;
        org.clients[0].grant_types.push(GrantType::Device);
    })
    .await
}

impl Setting {
    async fn device(&self, scopes: &str) -> Value {
        let reply = self.post("device/authorize", &[("client_id", DEMO_CLIENT_ID), ("scope", scopes)]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body
    }

    async fn poll(&self, device: &Value) -> Reply {
        let device_code = device["device_code"].as_str().unwrap();
        let form = [("grant_type", DEVICE), ("client_id", DEMO_CLIENT_ID), ("device_code", device_code)];
        self.post("token", &form).await
    }

    /// Polls once more, no sooner than the interval allows.
    async fn poll_in_time(&self, device: &Value) -> Reply {
        self.okta.advance_clock(Duration::from_secs(5));
        self.poll(device).await
    }
}

fn address(device: &Value) -> &str {
    device["verification_uri_complete"].as_str().unwrap()
}

#[tokio::test]
async fn a_server_without_codes_says_so_and_gives_none_out() {
    let setting = with_devices().await;
    let path = "/oauth2/default/.well-known/openid-configuration";
    let offers = |body: &Value| {
        let has_grant = body["grant_types_supported"].as_array().unwrap().contains(&json!(DEVICE));
        (body.get("device_authorization_endpoint").is_some(), has_grant)
    };
    assert_eq!(offers(&setting.get(path).await.body), (true, true));
    setting.okta.edit(|org| org.has_device_authorization = false);
    assert_eq!(offers(&setting.get(path).await.body), (false, false));
    setting.okta.allow_unexpected();
    let reply = setting.post("device/authorize", &[("client_id", DEMO_CLIENT_ID), ("scope", SCOPES)]).await;
    assert_eq!((reply.status, &reply.body["errorCode"]), (405, &json!("E0000022")));
}

#[tokio::test]
async fn a_person_allows_a_device_and_it_is_signed_in_once() {
    let setting = with_devices().await;
    let device = setting.device(SCOPES).await;
    assert_eq!((&device["expires_in"], &device["interval"]), (&json!(600), &json!(5)));
    let (code, uri) = (device["user_code"].as_str().unwrap(), device["verification_uri"].as_str().unwrap());
    assert!(code.len() == 8 && code.chars().all(|c| c.is_ascii_uppercase()), "{code}");
    assert_eq!(uri, format!("{}/activate", setting.okta.origin()));
    assert_eq!(address(&device), format!("{uri}?user_code={code}"));

    setting.poll(&device).await.is_error(400, "authorization_pending", PENDING);
    let outcome = Browser::new().allow_device(address(&device), "noor").await.unwrap();
    assert!(outcome.body.contains("id=\"activated\""), "{}", outcome.body);
    let tokens = setting.poll_in_time(&device).await.body;
    let id = setting.verified(&tokens["id_token"]).await.unwrap();
    assert_eq!((&id["name"], id.get("nonce")), (&json!("Noor Haddad"), None));
    assert_eq!(setting.refresh(&tokens["refresh_token"]).await.status, 200);
    setting.okta.assert_nothing_unexpected();

    let text = "The device code is invalid or has expired.";
    setting.poll_in_time(&device).await.is_error(400, "invalid_grant", text);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_person_types_the_code_and_denies() {
    let setting = with_devices().await;
    let device = setting.device(SCOPES).await;
    let browser = Browser::new();
    let page = browser.browse(device["verification_uri"].as_str().unwrap()).await.unwrap();
    let typed = vec![("user_code".to_owned(), device["user_code"].as_str().unwrap().to_lowercase())];
    let page = browser.post(&page.url, typed).await.unwrap();
    let page = browser.press(&page, "person-robin").await.unwrap();
    assert!(page.body.contains("Robin Calder"));
    let outcome = browser.press(&page, "cancel").await.unwrap();
    assert!(outcome.body.contains("id=\"not-activated\""), "{}", outcome.body);
    let text = "The resource owner or authorization server denied the request.";
    setting.poll(&device).await.is_error(403, "access_denied", text);

    let device = setting.device(SCOPES).await;
    Browser::new().deny_device(address(&device), "robin").await.unwrap();
    setting.poll(&device).await.is_error(403, "access_denied", text);
    // Who does not even say who they are.
    let device = setting.device(SCOPES).await;
    let browser = Browser::new();
    let page = browser.browse(address(&device)).await.unwrap();
    browser.press(&page, "cancel").await.unwrap();
    setting.poll(&device).await.is_error(403, "access_denied", text);
}

#[tokio::test]
async fn a_browser_that_is_signed_in_is_only_asked_whether() {
    let setting = with_devices().await;
    let browser = Browser::new();
    browser.allow_device(address(&setting.device(SCOPES).await), "noor").await.unwrap();
    let device = setting.device(SCOPES).await;
    let page = browser.browse(address(&device)).await.unwrap();
    assert!(page.body.contains("id=\"allow\"") && page.body.contains("Noor Haddad"));
    browser.press(&page, "allow").await.unwrap();
    assert_eq!(setting.poll(&device).await.status, 200);
}

#[tokio::test]
async fn polling_too_fast_is_told_and_costs_five_seconds_for_good() {
    let setting = with_devices().await;
    let device = setting.device(SCOPES).await;
    let slow_down = "Slow down the polling frequency. Please try again later.";
    setting.poll(&device).await.is_error(400, "authorization_pending", PENDING);
    setting.poll_in_time(&device).await.is_error(400, "authorization_pending", PENDING);
    setting.okta.assert_nothing_unexpected();
    setting.poll(&device).await.is_error(400, "slow_down", slow_down);
    setting.poll_in_time(&device).await.is_error(400, "slow_down", slow_down);
    setting.okta.advance_clock(Duration::from_secs(15));
    setting.poll(&device).await.is_error(400, "authorization_pending", PENDING);
    assert_eq!(setting.okta.unexpected().len(), 2);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn codes_end_after_ten_minutes() {
    let setting = with_devices().await;
    let device = setting.device(SCOPES).await;
    setting.okta.advance_clock(Duration::from_secs(600));
    setting.poll(&device).await.is_error(400, "expired_token", "The device code has expired.");
    let page = Browser::new().browse(address(&device)).await.unwrap();
    assert!(page.status == Some(400) && page.body.contains("The user code is invalid or has expired."));
    setting.okta.assert_nothing_unexpected();
}

#[tokio::test]
async fn a_device_code_is_for_its_client_and_server_alone() {
    let other = App { grant_types: vec![GrantType::Device], client_id: "0oaother".to_owned(), ..App::default() };
    let setting = with_devices().await;
    setting.okta.edit(|org| org.clients.push(other));
    let device = setting.device("openid").await;
    let device_code = device["device_code"].as_str().unwrap();
    let form = [("grant_type", DEVICE), ("client_id", "0oaother"), ("device_code", device_code)];
    let text = "The grant was issued to another client. Please make sure the 'client_id' matches the one used at the \
                authorize request.";
    setting.post("token", &form).await.is_error(400, "invalid_grant", text);
    let setting = setting.at_org_server();
    setting.poll(&device).await.is_error(400, "invalid_grant", "The device code is invalid or has expired.");
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_device_sign_in_needs_the_grant_type_and_scopes_that_there_are() {
    let setting = setting().await;
    let form = [("client_id", DEMO_CLIENT_ID), ("scope", "openid")];
    let text = "The client is not authorized to use the provided grant type. Configured grant types: \
                [authorization_code, refresh_token].";
    setting.post("device/authorize", &form).await.is_error(400, "unauthorized_client", text);
    setting.poll(&json!({ "device_code": "any" })).await.is_error(400, "unauthorized_client", text);
    setting.okta.edit(|org| org.clients[0].grant_types.push(GrantType::Device));
    let form = [("client_id", DEMO_CLIENT_ID), ("scope", "openid wings")];
    let text = "One or more scopes are not configured for the authorization server resource.";
    setting.post("device/authorize", &form).await.is_error(400, "invalid_scope", text);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn assignment_and_policy_are_judged_when_the_person_allows() {
    let setting = with_devices().await;
    let device = setting.device(SCOPES).await;
    setting.okta.edit(|org| org.clients[0].assignment = Assignment::People(Vec::new()));
    let outcome = Browser::new().allow_device(address(&device), "robin").await.unwrap();
    assert!(outcome.body.contains("id=\"not-activated\""));
    let text = "User is not assigned to the client application.";
    setting.poll(&device).await.is_error(400, "access_denied", text);

    setting.okta.edit(|org| {
        org.clients[0].assignment = Assignment::Everyone;
        org.servers[0].policies[0].rules[0].grant_types = vec![GrantType::Code];
    });
    let device = setting.device(SCOPES).await;
    Browser::new().allow_device(address(&device), "robin").await.unwrap();
    let text = "Policy evaluation failed for this request, please check the policy configurations.";
    setting.poll(&device).await.is_error(401, "access_denied", text);

    // The org server has no policy.
    let setting = setting.at_org_server();
    let device = setting.device(SCOPES).await;
    Browser::new().allow_device(address(&device), "robin").await.unwrap();
    assert_eq!(setting.poll(&device).await.status, 200);
}

#[tokio::test]
async fn more_than_a_hundred_groups_are_too_many_for_a_device() {
    let text = "The groups claim matched too many groups and must be configured to match fewer groups.";
    for (n, is_too_many) in [(100, false), (101, true)] {
        let setting = with_devices().await;
        setting.okta.edit(|org| org.people[2].groups.truncate(n));
        let device = setting.device(SCOPES).await;
        Browser::new().allow_device(address(&device), "sam").await.unwrap();
        let reply = setting.poll(&device).await;
        match is_too_many {
            true => reply.is_error(400, "server_error", text),
            false => assert_eq!(claims(&reply.body["id_token"])["groups"].as_array().unwrap().len(), 100),
        }
    }
}

#[tokio::test]
async fn too_many_codes_at_once_are_refused() {
    let setting = with_devices().await;
    for _ in 0..20 {
        setting.device("openid").await;
    }
    let form = [("client_id", DEMO_CLIENT_ID), ("scope", "openid")];
    let text = "Too many user codes generated. Please try again later.";
    setting.post("device/authorize", &form).await.is_error(429, "too_many_user_codes", text);
    setting.okta.advance_clock(Duration::from_secs(600));
    setting.device("openid").await;
    setting.okta.expect_trouble();
}
