//! What a token is worth now: `userinfo`, `introspect`, `revoke`.

use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::claims::{self, Place};
use crate::endpoints::client::client_of;
use crate::endpoints::policy;
use crate::endpoints::resource::{self, live};
use crate::lock;

/// The claims about the person (OIDC Core 5.3).
pub(super) fn userinfo(call: &Call<'_>) -> Answer {
    let token = match resource::access_token(call) {
        Ok(token) => token,
        Err(challenge) => return challenge.answer(),
    };
    if !token.scopes.iter().any(|scope| scope == "openid") {
        call.unexpected("userinfo needs the scope openid");
        let text = "The access token must provide access to at least one of these scopes - profile, email, address or \
                    phone";
        return answer::challenge("Bearer", 403, "insufficient_scope", text);
    }
    let grant = lock(&call.shared.store).grant(token.grant).clone();
    let Some(person) = call.org.person(&grant.person) else {
        return answer::challenge("Bearer", 401, "invalid_token", "The access token is invalid.");
    };
    match claims::about(call, &grant, person, &token.scopes, Place::Userinfo) {
        Ok(mut claims) => {
            claims.insert("sub".into(), person.subject.clone().into());
            answer::json(200, &Value::Object(claims))
        }
        Err((status, error, text)) => answer::oauth_error(status, error, &text),
    }
}

/// Whether a token is active (RFC 7662). Only its own client at its own server is told.
pub(super) fn introspect(call: &Call<'_>) -> Answer {
    let app = match client_of(call) {
        Ok(app) => app,
        Err((status, error, description)) => return answer::oauth_error(status, error, &description),
    };
    let value = call.parameters().get("token").unwrap_or_default();
    let inactive = || answer::json(200, &json!({ "active": false }));
    let access_token = live(call, value);
    let store = lock(&call.shared.store);
    let secret = store.grant_of_device_secret(value);
    let secret = secret.filter(|grant| store.is_live_device_secret(value, policy::lifetimes(call, grant), call.now));
    let grant = match &access_token {
        Some(token) => Some(store.grant(token.grant)),
        None => store.live_refresh_token(value).or(secret),
    };
    let Some(grant) = grant.filter(|grant| grant.client_id == app.client_id && grant.server == call.server_id()) else {
        return inactive();
    };
    let Some(person) = call.org.person(&grant.person) else { return inactive() };
    let mut body = json!({
        "active": true,
        "client_id": grant.client_id,
        "username": person.email,
        "sub": person.email,
        "uid": person.subject,
        "iss": call.issuer_of(grant),
        "scope": grant.scopes.join(" "),
    });
    let lifetimes = policy::lifetimes(call, grant);
    let ends_at = store.refresh_token_ends_at(value, lifetimes.refresh_idle, lifetimes.refresh_token);
    if let Some(ends_at) = ends_at {
        body["exp"] = ends_at.into();
    }
    if secret.is_some() {
        body["token_type"] = "urn:x-oath:params:oauth:token-type:device-secret".into();
    }
    if let Some(token) = access_token {
        let audience = call.custom_server().map_or_else(|| call.issuer_of(grant), |server| server.audience.clone());
        body["scope"] = token.scopes.join(" ").into();
        body["token_type"] = if token.key.is_some() { "DPoP" } else { "Bearer" }.into();
        if let Some(key) = &token.key {
            // RFC 9449 section 6.2.
            body["cnf"] = json!({ "jkt": key });
        }
        body["aud"] = audience.into();
        body["iat"] = token.issued_at.into();
        body["exp"] = token.expires_at.into();
    }
    answer::json(200, &body)
}

/// Revokes a token (RFC 7009): always 200, whatever the token was.
pub(super) fn revoke(call: &Call<'_>) -> Answer {
    match client_of(call) {
        Ok(app) => {
            let value = call.parameters().get("token").unwrap_or_default();
            lock(&call.shared.store).revoke(value, &app.client_id);
            answer::empty(200)
        }
        Err((status, error, description)) => answer::oauth_error(status, error, &description),
    }
}
