//! Makes tokens, in Okta's shapes or with the flaw that was ordered.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::claims::{self, Place};
use crate::endpoints::{Refusal, policy};
use crate::fault::Fault;
use crate::jwt::digest;
use crate::keys::{Key, random_value, unsigned};
use crate::lock;
use crate::observe::TokenKind;
use crate::people::Person;
use crate::store::{AccessToken, Grant, GrantId, seconds};

/// What a token response is made from.
pub(crate) struct Minting<'a> {
    pub(crate) id: GrantId,
    pub(crate) grant: &'a Grant,
    pub(crate) person: &'a Person,
    pub(crate) scopes: &'a [String],
    /// The nonce of the authorization request; none at a refresh (OIDC Core 12.2).
    pub(crate) nonce: Option<&'a str>,
    /// The thumbprint of the key that the access token is bound to.
    pub(crate) key: Option<&'a str>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) device_secret: Option<String>,
    pub(crate) issued_token_type: Option<&'static str>,
}

/// The body of a token response (RFC 6749 section 5.1). What it contains is kept in the store and in the journal.
pub(crate) fn token_response(call: &Call<'_>, minting: Minting<'_>) -> Result<Value, Refusal> {
    let Minting { id, grant, person, scopes, .. } = minting;
    let in_access_token = claims::about(call, grant, person, scopes, Place::AccessToken)?;
    let in_id_token = claims::about(call, grant, person, scopes, Place::IdToken)?;
    let lifetime = seconds(policy::lifetimes(call, grant).access_token);
    let access_token = access_token(call, &minting, in_access_token, lifetime);
    let life = (call.now, call.now + lifetime);
    let key = minting.key.filter(|_| call.fault != Some(Fault::BearerDespiteProof));
    let token = AccessToken::new(id, scopes.to_vec(), key.map(str::to_owned), life);
    lock(&call.shared.store).keep_access_token(access_token.clone(), token);
    call.issue(TokenKind::Access, &person.id, &grant.client_id, &access_token);

    let mut response = Map::new();
    response.insert("token_type".into(), if key.is_some() { "DPoP" } else { "Bearer" }.into());
    response.insert("expires_in".into(), lifetime.into());
    response.insert("access_token".into(), access_token.clone().into());
    response.insert("scope".into(), scopes.join(" ").into());
    if has(scopes, "openid") && call.fault != Some(Fault::NoIdToken) {
        let id_token = id_token(call, &minting, in_id_token, &access_token);
        call.issue(TokenKind::Id, &person.id, &grant.client_id, &id_token);
        lock(&call.shared.store).keep_id_token(id_token.clone(), id);
        response.insert("id_token".into(), id_token.into());
    }
    if let Some(refresh_token) = minting.refresh_token {
        call.issue(TokenKind::Refresh, &person.id, &grant.client_id, &refresh_token);
        response.insert("refresh_token".into(), refresh_token.into());
    }
    if let Some(device_secret) = minting.device_secret {
        call.issue(TokenKind::DeviceSecret, &person.id, &grant.client_id, &device_secret);
        response.insert("device_secret".into(), device_secret.into());
    }
    if let Some(token_type) = minting.issued_token_type {
        response.insert("issued_token_type".into(), token_type.into());
    }
    Ok(Value::Object(response))
}

/// An ID token of the org server that comes uninvited: without access token, nonce or state.
pub(crate) fn unasked_id_token(call: &Call<'_>, grant: &Grant, person: &Person) -> String {
    let claims = json!({
        "ver": 1,
        "jti": format!("ID.{}", random_value()),
        "iss": call.issuer_of(grant),
        "aud": grant.client_id,
        "sub": person.subject,
        "iat": call.now,
        "exp": call.now + seconds(call.org.id_token_lifetime),
        "auth_time": grant.auth_time,
        "amr": ["pwd"],
    });
    let key = lock(&call.shared.keys).current();
    let id_token = key.sign(&json!({ "kid": key.kid(), "alg": "RS256" }), &claims);
    call.issue(TokenKind::Id, &person.id, &grant.client_id, &id_token);
    id_token
}

/// A JWT of a custom server; of the org server something that looks like one, and that nobody outside can verify.
fn access_token(call: &Call<'_>, minting: &Minting<'_>, about: Map<String, Value>, lifetime: i64) -> String {
    let token = match call.custom_server() {
        Some(server) => {
            let mut claims = access_claims(call, minting, &server.audience, lifetime);
            claims.extend(about);
            let key = lock(&call.shared.keys).current();
            key.sign(&json!({ "kid": key.kid(), "alg": "RS256" }), &Value::Object(claims))
        }
        None => {
            let key = Key::unpublished();
            let header = json!({ "kid": key.kid(), "typ": "application/okta-internal-at+jwt", "alg": "RS256" });
            key.sign(&header, &Value::Object(access_claims(call, minting, &call.issuer_of(minting.grant), lifetime)))
        }
    };
    if call.fault == Some(Fault::TokenWithNewline) { format!("{token}\"\nrm") } else { token }
}

fn access_claims(call: &Call<'_>, minting: &Minting<'_>, audience: &str, lifetime: i64) -> Map<String, Value> {
    let Minting { grant, person, scopes, .. } = minting;
    let mut claims = into_map(json!({
        "ver": 1,
        "jti": format!("AT.{}", random_value()),
        "iss": call.issuer_of(grant),
        "aud": audience,
        "iat": call.now,
        "exp": call.now + lifetime,
        "cid": grant.client_id,
        "uid": person.subject,
        "scp": scopes,
        "auth_time": grant.auth_time,
        "sub": person.email,
    }));
    let key = match &call.fault {
        Some(Fault::BearerDespiteProof) => None,
        Some(Fault::BoundToAnotherKey) => minting.key.map(digest),
        _ => minting.key.map(str::to_owned),
    };
    if let Some(key) = key {
        claims.insert("cnf".into(), json!({ "jkt": key }));
    }
    claims
}

fn id_token(call: &Call<'_>, minting: &Minting<'_>, about: Map<String, Value>, access_token: &str) -> String {
    let Minting { grant, person, nonce, .. } = minting;
    let mut claims = into_map(json!({
        "ver": 1,
        "jti": format!("ID.{}", random_value()),
        "iss": call.issuer_of(grant),
        "aud": grant.client_id,
        "sub": person.subject,
        "iat": call.now,
        "exp": call.now + seconds(call.org.id_token_lifetime),
        "auth_time": grant.auth_time,
        "amr": if grant.has_two_factors { json!(["pwd", "otp", "mfa"]) } else { json!(["pwd"]) },
        "idp": "00o1acme0gatepass",
        "at_hash": half_hash(access_token),
    }));
    claims.extend(about);
    if let Some(acr) = &grant.acr {
        claims.insert("acr".into(), acr.as_str().into());
    }
    if let Some(nonce) = nonce {
        claims.insert("nonce".into(), (*nonce).into());
    }
    spoil_claims(call, &mut claims);

    let key = lock(&call.shared.keys).current();
    let header = json!({ "kid": key.kid(), "alg": "RS256" });
    let claims = Value::Object(claims);
    match &call.fault {
        Some(Fault::WrongSignature) => Key::unpublished().sign(&header, &claims),
        Some(Fault::NoKid) => key.sign(&json!({ "alg": "RS256" }), &claims),
        Some(Fault::UnknownKid) => {
            let key = Key::unpublished();
            key.sign(&json!({ "kid": key.kid(), "alg": "RS256" }), &claims)
        }
        Some(Fault::AlgNone) => format!("{}.", unsigned(&json!({ "alg": "none" }), &claims)),
        _ => key.sign(&header, &claims),
    }
}

fn spoil_claims(call: &Call<'_>, claims: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    match &call.fault {
        Some(Fault::WrongIssuer(issuer)) => put("iss", issuer.as_str().into()),
        Some(Fault::WrongAudience) => put("aud", "0oasomebodyelse".into()),
        Some(Fault::WrongNonce) => put("nonce", random_value().into()),
        Some(Fault::MissingNonce) => claims.remove("nonce"),
        Some(Fault::AtHashWrong) => put("at_hash", half_hash("another access token").into()),
        Some(Fault::OtherSubject) => put("sub", "00usomebodyelse00".into()),
        Some(Fault::AnotherAcr) => put("acr", "urn:okta:loa:1fa:any".into()),
        Some(Fault::AuthenticatedYesterday) => put("auth_time", (call.now - 24 * 3600).into()),
        Some(Fault::Expired) => {
            put("iat", (call.now - 7200).into());
            put("exp", (call.now - 3600).into())
        }
        _ => None,
    };
}

/// OIDC Core 3.1.3.6: the left half of the hash, by the hash of the signature's algorithm.
fn half_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

fn has(scopes: &[String], scope: &str) -> bool {
    scopes.iter().any(|it| it == scope)
}

fn into_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
