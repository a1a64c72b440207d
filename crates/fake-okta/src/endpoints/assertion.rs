//! `private_key_jwt`: an application that signs who it is (RFC 7523 section 3, OIDC Core 9), by Okta's rules.

use serde_json::Value;

use crate::call::Call;
use crate::endpoints::Refusal;
use crate::endpoints::client::{active, refuse, refuse_method};
use crate::jwt::Jwt;
use crate::lock;
use crate::org::{App, ClientAuthentication};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far ahead an assertion may end, in seconds.
const MAX_LIFETIME: i64 = 3600;

/// The application that signed `assertion`. Not recorded as unexpected are a key that an admin has removed and times
/// that are a clock's fault.
pub(super) fn client<'a>(call: &'a Call<'_>, assertion: &str) -> Result<&'a App, Refusal> {
    if call.parameters().get("client_assertion_type") != Some(TYPE) {
        return refuse(call, 400, "invalid_request", "The client_assertion_type is invalid.");
    }
    let wrong = |text: &str| refuse(call, 401, "invalid_client", text);
    let nobodys_fault = |text: &str| Err((401, "invalid_client", text.to_owned()));

    let Some(jwt) = Jwt::parse(assertion) else {
        return wrong("The parsing of the client_assertion failed.");
    };
    let Some(client_id) = jwt.claim("iss").filter(|issuer| call.org.client(issuer).is_some()) else {
        return wrong("The issuer claim for client_assertion is not a valid client_id.");
    };
    if jwt.claim("sub") != Some(client_id) {
        return wrong("The subject claim for client_assertion is not a valid client_id.");
    }
    if call.parameters().get("client_id").is_some_and(|named| named != client_id) {
        return wrong("Invalid value for 'client_id' parameter.");
    }
    let app = active(call, client_id)?;
    let keys = match &app.client_authentication {
        ClientAuthentication::PrivateKeyJwt(keys) if keys.is_empty() => {
            return nobodys_fault(
                "The client does not have a JWKSet configured, but the client_assertion requires one.",
            );
        }
        ClientAuthentication::PrivateKeyJwt(keys) => keys,
        ClientAuthentication::None | ClientAuthentication::SecretBasic(_) | ClientAuthentication::SecretPost(_) => {
            return refuse_method(call);
        }
    };
    if !jwt.has_known_algorithm() {
        return wrong("The client_assertion JWT signature algorithm is invalid.");
    }
    let Some(key) = keys.iter().find(|key| jwt.header("kid").is_some_and(|kid| key["kid"] == kid)) else {
        return nobodys_fault("The client_assertion JWT kid is invalid.");
    };
    if key["use"].as_str().is_some_and(|purpose| purpose != "sig") {
        return wrong("The client_assertion JWT needs to be signed using a signing key.");
    }
    if !jwt.is_signed_by(key) {
        return wrong("The client_assertion signature is invalid.");
    }
    if !is_for(jwt.claims.get("aud"), &call.url()) {
        return wrong("The audience claim for client_assertion must be the endpoint invoked for the request.");
    }
    match jwt.time("exp") {
        None => return wrong("The client_assertion must contain the 'exp' claim as seconds since epoch."),
        Some(end) if end <= call.now => return nobodys_fault("The client_assertion token is expired."),
        Some(end) if end > call.now + MAX_LIFETIME => {
            return nobodys_fault("The client_assertion token has an expiration too far into the future.");
        }
        Some(_) => {}
    }
    if jwt.time("iat").is_some_and(|issued_at| issued_at > call.now) {
        return nobodys_fault("The client_assertion token must be issued before the current time.");
    }
    let id = jwt.claim("jti").map(|id| format!("assertion {client_id} {id}"));
    if id.is_some_and(|id| !lock(&call.shared.store).is_first_use(id)) {
        return wrong("The client_assertion token has already been used.");
    }
    Ok(app)
}

/// Whether an audience is this URL and no other.
fn is_for(audience: Option<&Value>, url: &str) -> bool {
    match audience {
        Some(Value::String(only)) => only == url,
        Some(Value::Array(all)) => all.iter().map(Value::as_str).eq([Some(url)]),
        _ => false,
    }
}
