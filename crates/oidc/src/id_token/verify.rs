//! The checks of an ID token's claims (OIDC Core sections 2, 3.1.3.7, 3.1.3.8 and 12.2). The signature is checked by
//! [`crate::keys`] between the two halves of this.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{IdTokenClaims, Subject};
use crate::{Check, ClientId, Error, IssuerUrl, Timestamp};

/// How long past its `exp` a token is still taken: the time an answer may be under way.
const EXPIRY_LEEWAY: Duration = Duration::from_secs(60);
/// How far the issuer's own machines may disagree about `iat`.
const ISSUED_AHEAD: Duration = Duration::from_secs(300);
/// How old the token of a new answer may be.
const ISSUED_BEFORE: Duration = Duration::from_secs(600);

/// What ties an ID token to the exchange that brought it.
pub(crate) struct Expected<'a> {
    /// The `nonce` that was sent. `None` where none is compared: none was sent, or it is long gone.
    pub nonce: Option<&'a str>,
    /// Who signed in. `None` at the sign-in itself.
    pub subject: Option<&'a Subject>,
    /// What `at_hash` is over.
    pub access_token: &'a str,
    /// When the answer was sent. The same clock wrote `iat` and `exp`, so a laptop whose own is wrong signs in as well.
    pub server_time: Timestamp,
}

/// By whom the token is and for whom.
pub(crate) fn check_parties(claims: &Map<String, Value>, issuer: &IssuerUrl, client: &ClientId) -> Result<(), Error> {
    if claims.get("iss").and_then(Value::as_str) != Some(issuer.as_str()) {
        return Err(Error::Untrusted(Check::Issuer));
    }
    // Another audience could pass our token off as its own, and we trust none.
    let for_us = |audience: &Value| audience.as_str() == Some(client.as_str());
    let audience_fits = match claims.get("aud") {
        Some(Value::Array(list)) => !list.is_empty() && list.iter().all(for_us),
        Some(one) => for_us(one),
        None => false,
    };
    if !audience_fits {
        return Err(Error::Untrusted(Check::Audience));
    }
    if claims.get("azp").is_some_and(|party| !for_us(party)) {
        return Err(Error::Untrusted(Check::AuthorizedParty));
    }
    Ok(())
}

/// When the token was made, for which request, and about whom. `algorithm` and `key_id` are those that verified it.
pub(crate) fn check_content(
    claims: &Map<String, Value>,
    algorithm: &str,
    key_id: Option<String>,
    expected: Expected<'_>,
) -> Result<IdTokenClaims, Error> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let subject = text("sub").filter(|sub| !sub.is_empty()).map(|sub| Subject(sub.to_owned()));
    let subject = subject
        .filter(|subject| expected.subject.is_none_or(|known| known == subject))
        .ok_or(Error::Untrusted(Check::Subject))?;
    let expires_at = instant(claims, "exp")
        .filter(|&exp| exp + EXPIRY_LEEWAY > expected.server_time)
        .ok_or(Error::Untrusted(Check::Expiry))?;
    let latest = expected.server_time + ISSUED_AHEAD;
    let issued_at = instant(claims, "iat")
        .filter(|&iat| iat <= latest && iat + ISSUED_BEFORE >= expected.server_time)
        .ok_or(Error::Untrusted(Check::IssuedAt))?;
    if claims.contains_key("nbf") && instant(claims, "nbf").is_none_or(|nbf| nbf > latest) {
        return Err(Error::Untrusted(Check::IssuedAt));
    }
    if let Some(nonce) = expected.nonce
        && !text("nonce").is_some_and(|claimed| claimed.as_bytes().ct_eq(nonce.as_bytes()).into())
    {
        return Err(Error::Untrusted(Check::Nonce));
    }
    if let Some(hash) = claims.get("at_hash")
        && hash.as_str() != Some(&half_hash(expected.access_token))
    {
        return Err(Error::Untrusted(Check::AccessTokenHash));
    }
    Ok(IdTokenClaims {
        subject,
        name: text("name").map(str::to_owned),
        email: text("email").map(str::to_owned),
        preferred_username: text("preferred_username").map(str::to_owned),
        expires_at,
        issued_at,
        authenticated_at: instant(claims, "auth_time"),
        algorithm: algorithm.to_owned(),
        key_id,
        all: claims.clone(),
    })
}

/// A NumericDate (RFC 7519 section 2): seconds, perhaps with a fraction.
fn instant(claims: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    let seconds = claims.get(name)?.as_f64()?;
    // The cast saturates, so a number from outside cannot overflow it.
    Some(Timestamp::from_unix_millis((seconds * 1000.0) as i64))
}

/// The left half of SHA-256 (OIDC Core section 3.1.3.6): both algorithms that we allow hash with it.
fn half_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token.as_bytes())[..16])
}

#[cfg(test)]
mod tests;
