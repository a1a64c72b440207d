use std::time::Duration;

use super::*;
use crate::{Assignment, GrantType, Scope, ScopeConsent, TokenKind};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const DEVICE_SECRET: &str = "urn:x-oath:params:oauth:token-type:device-secret";
const SECOND: &str = "0oasecond1gatepass";
const WRONG_ACTOR: &str = "'actor_token' is invalid.";
const WRONG_SUBJECT: &str = "'subject_token' is invalid.";

/// A server with a second application, which may exchange.
async fn with_second() -> Setting {
    let second = App {
        client_id: SECOND.to_owned(),
        grant_types: vec![GrantType::Code, GrantType::Refresh, GrantType::TokenExchange],
        ..App::default()
    };
    setting_with(|org| org.clients.push(second)).await
}

impl Setting {
    /// A sign-in of the first application that shares itself.
    async fn shared(&self) -> Value {
        let reply = self.redeem(&self.code("openid device_sso offline_access").await, &[]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body
    }

    /// Native SSO of the second application, but for `changes`.
    async fn join(&self, shared: &Value, changes: &[(&str, &str)]) -> Reply {
        let mut form = vec![
            ("grant_type", EXCHANGE),
            ("client_id", SECOND),
            ("actor_token", shared["device_secret"].as_str().unwrap_or_default()),
            ("actor_token_type", DEVICE_SECRET),
            ("subject_token", shared["id_token"].as_str().unwrap()),
            ("subject_token_type", ID_TOKEN),
            ("scope", "openid profile offline_access"),
            ("audience", "api://default"),
        ];
        form.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        self.post("token", &form).await
    }

    async fn refresh_second(&self, tokens: &Value) -> Reply {
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("client_id", SECOND), ("refresh_token", refresh_token)];
        self.post("token", &form).await
    }
}

#[tokio::test]
async fn a_device_secret_signs_in_one_more_application() {
    let setting = with_second().await;
    let shared = setting.shared().await;
    let joined = setting.join(&shared, &[]).await.body;
    assert_eq!(joined["issued_token_type"], ACCESS_TOKEN);
    let (first, second) = (claims(&shared["id_token"]), setting.verified(&joined["id_token"]).await.unwrap());
    assert_eq!((&second["aud"], &second["sub"]), (&json!(SECOND), &first["sub"]));
    assert_eq!((&second["auth_time"], second.get("nonce")), (&first["auth_time"], None));
    assert_eq!(claims(&joined["access_token"])["cid"], SECOND);
    assert!(joined.get("device_secret").is_none());
    assert_eq!(setting.refresh_second(&joined).await.status, 200);
    let secrets = setting.okta.issued().into_iter().filter(|token| token.kind == TokenKind::DeviceSecret).count();
    assert_eq!(secrets, 1);
}

#[tokio::test]
async fn an_expired_id_token_is_good_enough() {
    let setting = with_second().await;
    let shared = setting.shared().await;
    setting.okta.advance_clock(Duration::from_secs(2 * 24 * 3600));
    assert_eq!(setting.join(&shared, &[]).await.status, 200);
}

#[tokio::test]
async fn no_secret_without_the_scope_or_at_the_org_server() {
    let setting = setting().await;
    assert!(setting.tokens().await.get("device_secret").is_none());
    let text = "The following scopes: [device_sso] must be requested together with [openid, offline_access].";
    is_told(&setting.authorize(&[("scope", "openid device_sso")]).await, "invalid_scope", text);
    let setting = setting.at_org_server();
    assert!(setting.shared().await.get("device_secret").is_none());
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_exchange_that_is_wrong_is_refused_for_the_reason_that_it_is_wrong_for() {
    let setting = with_second().await;
    let shared = setting.shared().await;
    setting.okta.sign_in_as("noor");
    let others = setting.tokens().await;
    let others = others["id_token"].as_str().unwrap();
    let types = format!("When 'actor_token_type' is '{DEVICE_SECRET}', 'subject_token_type' must be '{ID_TOKEN}'.");
    let missing = "The required parameter 'actor_token_type' is missing.";
    let audience = "Token Exchange requests must include a valid audience of the authorization server.";
    let scope = "One or more scopes are not configured for the authorization server resource.";
    let wrong = [
        (("actor_token", "guess"), "invalid_request", WRONG_ACTOR),
        (("subject_token", "guess"), "invalid_request", WRONG_SUBJECT),
        (("subject_token", others), "invalid_request", WRONG_SUBJECT),
        (("subject_token_type", ACCESS_TOKEN), "invalid_request", &types),
        (("actor_token_type", ACCESS_TOKEN), "invalid_request", "'actor_token_type' is invalid or not supported."),
        (("actor_token_type", ""), "invalid_request", missing),
        (("subject_token", ""), "invalid_request", "The required parameter 'subject_token' is missing."),
        (("requested_token_type", ID_TOKEN), "invalid_request", "'requested_token_type' is invalid or not supported."),
        (("audience", "https://api.acme.example"), "invalid_target", audience),
        (("audience", ""), "invalid_target", audience),
        (("scope", "openid wings"), "invalid_scope", scope),
    ];
    for (change, error, text) in wrong {
        setting.join(&shared, &[change]).await.is_error(400, error, text);
    }
    assert_eq!(setting.okta.unexpected().len(), wrong.len());
    let mut setting = setting;
    setting.issuer = setting.okta.issuer_of("aus4kd81demo");
    let audience = ("audience", "https://api.acme.example");
    setting.join(&shared, &[audience]).await.is_error(400, "invalid_request", WRONG_ACTOR);
    let setting = setting.at_org_server();
    let text = "'urn:ietf:params:oauth:grant-type:token-exchange' grant type is not supported.";
    setting.join(&shared, &[]).await.is_error(400, "unsupported_grant_type", text);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn assignment_policy_and_consent_count_for_an_exchange() {
    let setting = with_second().await;
    let shared = setting.shared().await;
    setting.okta.edit(|org| org.clients[1].assignment = Assignment::People(Vec::new()));
    let text = "User is not assigned to the client application.";
    setting.join(&shared, &[]).await.is_error(400, "access_denied", text);
    setting.okta.edit(|org| {
        org.clients[1].assignment = Assignment::Everyone;
        org.servers[0].policies[0].rules[0].grant_types = vec![GrantType::Code];
    });
    let text = "Policy evaluation failed for this request, please check the policy configurations.";
    setting.join(&shared, &[]).await.is_error(401, "access_denied", text);
    setting.okta.edit(|org| {
        org.servers[0].policies[0].rules[0].grant_types.push(GrantType::TokenExchange);
        org.servers[0].scopes.push(Scope { consent: ScopeConsent::Required, ..Scope::named("calendar") });
        org.clients[1].requires_consent = true;
    });
    let reply = setting.join(&shared, &[("scope", "openid calendar")]).await;
    assert_eq!((reply.status, &reply.body["error"]), (400, &json!("consent_required")));
    setting.okta.edit(|org| org.clients[1].grant_types = vec![GrantType::Code]);
    let text = "The client is not authorized to use the provided grant type. Configured grant types: \
                [authorization_code].";
    setting.join(&shared, &[]).await.is_error(400, "unauthorized_client", text);
    assert_eq!(setting.okta.unexpected().len(), 1);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn revoking_a_secret_ends_all_that_came_of_it() {
    let setting = with_second().await;
    let shared = setting.shared().await;
    let joined = setting.join(&shared, &[]).await.body;
    let secret = shared["device_secret"].as_str().unwrap();
    let introspect =
        async || setting.post("introspect", &[("client_id", DEMO_CLIENT_ID), ("token", secret)]).await.body;
    let told = introspect().await;
    assert_eq!((&told["active"], &told["token_type"]), (&json!(true), &json!(DEVICE_SECRET)));
    setting.post("revoke", &[("client_id", "0oanobody"), ("token", secret)]).await;
    setting.post("revoke", &[("client_id", DEMO_CLIENT_ID), ("token", secret)]).await;
    assert_eq!(introspect().await, json!({ "active": false }));
    assert!(setting.okta.active_refresh_tokens().is_empty());
    assert_eq!(setting.okta.unexpected().len(), 1, "the stranger");

    // The other application cannot know.
    let dead = "The refresh token is invalid or expired.";
    setting.refresh_second(&joined).await.is_error(400, "invalid_grant", dead);
    setting.join(&shared, &[]).await.is_error(400, "invalid_request", WRONG_ACTOR);
    assert_eq!(setting.okta.unexpected().len(), 1);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_stranger_revokes_no_secret() {
    let setting = with_second().await;
    let shared = setting.shared().await;
    let secret = shared["device_secret"].as_str().unwrap();
    setting.post("revoke", &[("client_id", SECOND), ("token", secret)]).await;
    assert_eq!(setting.join(&shared, &[]).await.status, 200);
}

#[tokio::test]
async fn a_sign_out_in_the_browser_can_end_the_secret_too() {
    let setting = with_second().await;
    let shared = setting.shared().await;
    let fields = [("id_token_hint", &shared["id_token"]), ("device_secret", &shared["device_secret"])];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.as_str().unwrap().to_owned()));
    let url = Url::parse(&setting.endpoint("logout")).unwrap();
    let outcome = Browser::new().post(&url, fields.to_vec()).await.unwrap();
    assert!(outcome.body.contains("id=\"signed-out\""), "{}", outcome.body);
    setting.join(&shared, &[]).await.is_error(400, "invalid_request", WRONG_ACTOR);
}

#[tokio::test]
async fn a_secret_lives_as_long_as_the_first_refresh_token_would() {
    let week = Duration::from_secs(7 * 24 * 3600);
    let setting = with_second().await;
    let shared = setting.shared().await;
    setting.okta.advance_clock(week / 2);
    assert_eq!(setting.join(&shared, &[]).await.status, 200);
    setting.okta.advance_clock(week / 2);
    assert_eq!(setting.join(&shared, &[]).await.status, 200, "use prolongs it");
    setting.okta.advance_clock(week);
    setting.join(&shared, &[]).await.is_error(400, "invalid_request", WRONG_ACTOR);
    let shared = setting.shared().await;
    setting.okta.end_sessions_of("robin");
    setting.join(&shared, &[]).await.is_error(400, "invalid_request", WRONG_ACTOR);
}

/// The second application's access token of one server, exchanged at the other.
async fn on_behalf(setting: &Setting, subject: &str, scope: &str) -> Reply {
    let form = [
        ("grant_type", EXCHANGE),
        ("client_id", DEMO_CLIENT_ID),
        ("subject_token", subject),
        ("subject_token_type", ACCESS_TOKEN),
        ("scope", scope),
        ("audience", "https://api.acme.example"),
    ];
    let request = setting.http.post(format!("{}/v1/token", setting.okta.issuer_of("aus4kd81demo"))).form(&form);
    Reply::of(request.send().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn an_access_token_is_exchanged_for_another_audience_where_it_is_trusted() {
    let setting = setting_with(|org| {
        org.clients[0].grant_types.push(GrantType::TokenExchange);
        org.clients[0].may_act_on_behalf = true;
    })
    .await;
    let tokens = setting.tokens().await;
    let subject = tokens["access_token"].as_str().unwrap();
    let text = "The 'subject_token' issuer isn't a trusted authorization server.";
    on_behalf(&setting, subject, "groups").await.is_error(403, "access_denied", text);
    setting.okta.edit(|org| org.servers[1].trusted_servers = vec!["default".to_owned()]);
    let exchanged = on_behalf(&setting, subject, "groups").await.body;
    let access = claims(&exchanged["access_token"]);
    assert_eq!(access["aud"], "https://api.acme.example");
    assert_eq!(access["iss"], setting.okta.issuer_of("aus4kd81demo"));
    assert_eq!((&exchanged["issued_token_type"], exchanged.get("id_token")), (&json!(ACCESS_TOKEN), None));
    setting.okta.assert_nothing_unexpected();

    let other = App { client_id: SECOND.to_owned(), redirect_uris: vec![REDIRECT_URI.to_owned()], ..App::default() };
    setting.okta.edit(|org| org.clients.push(other));
    let code = parameter(&setting.authorize(&[("client_id", SECOND)]).await.url, "code").unwrap();
    let of_other = setting.redeem(&code, &[("client_id", SECOND)]).await.body;
    let of_other = of_other["access_token"].as_str().unwrap();
    on_behalf(&setting, of_other, "groups").await.is_error(400, "invalid_request", WRONG_SUBJECT);
    let text = "Can't request 'openid' scopes using the Token Exchange flow for a service app.";
    on_behalf(&setting, subject, "openid groups").await.is_error(400, "invalid_scope", text);
    on_behalf(&setting, "guess", "groups").await.is_error(400, "invalid_request", WRONG_SUBJECT);
    setting.okta.end_sessions_of("robin");
    let text = "The 'subject_token' either expired or the session associated with it was terminated.";
    on_behalf(&setting, subject, "groups").await.is_error(400, "invalid_grant", text);
    setting.okta.edit(|org| org.clients[0].may_act_on_behalf = false);
    let text = "Only service clients may use on-behalf token exchange.";
    on_behalf(&setting, subject, "groups").await.is_error(400, "invalid_request", text);
    setting.okta.expect_trouble();
}
