//! Proofs that the client holds the key that its tokens are bound to (RFC 9449).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::{Origin, Url};

use crate::authorization::unguessable;
use crate::client_authentication::issued_at;
use crate::{AccessToken, DpopProof, Provider, SigningKey, Timestamp};

/// The newest nonce of each server (RFC 9449 section 8.2), for as long as the provider is known. They are of the
/// provider's own endpoints, so they are few.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<HashMap<Origin, String>>);

impl Nonces {
    /// Keeps what came with an answer of `url`.
    pub fn keep(&self, url: &Url, nonce: String) {
        self.known().insert(url.origin(), nonce);
    }

    fn newest(&self, url: &Url) -> Option<String> {
        self.known().get(&url.origin()).cloned()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Origin, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A proof for one request, without or with an access token (RFC 9449 section 4.2).
pub(crate) struct Possession<'a> {
    pub key: &'a SigningKey,
    pub method: &'a str,
    pub url: &'a Url,
    pub access_token: Option<&'a AccessToken>,
    pub now: Timestamp,
}

impl Possession<'_> {
    /// Proves it with the newest nonce of the server, and never twice alike.
    pub fn prove(&self, nonces: &Nonces) -> DpopProof {
        // No member but those that make the key: Okta's readers were seen to stumble over others.
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.minimal_jwk() });
        let mut claims = json!({
            "htm": self.method,
            "htu": target(self.url).as_str(),
            "iat": issued_at(self.now).as_unix_seconds(),
            "jti": unguessable().expose_secret(),
        });
        if let Some(nonce) = nonces.newest(self.url) {
            claims["nonce"] = json!(nonce);
        }
        if let Some(token) = self.access_token {
            claims["ath"] = json!(URL_SAFE_NO_PAD.encode(Sha256::digest(token.expose())));
        }
        DpopProof::new(self.key.sign(&header, &claims))
    }
}

/// `htu`: without query and fragment, which may hold what is nobody else's business; and without user and password.
fn target(url: &Url) -> Url {
    let mut target = url.clone();
    target.set_query(None);
    target.set_fragment(None);
    // These fail only for URLs that cannot have a user at all.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    target
}

/// A proof for one call of a resource server with an access token that is bound to `key` (RFC 9449 section 7.1): what
/// stands in the header `DPoP`, beside `Authorization: DPoP` and the token. `method` is in capitals as it will be sent. A
/// server takes it once, and within minutes of `now`, which is the server's time.
pub fn prove_possession(
    method: &str,
    url: &Url,
    access_token: &AccessToken,
    key: &SigningKey,
    provider: &Provider,
    now: Timestamp,
) -> DpopProof {
    Possession { key, method, url, access_token: Some(access_token), now }.prove(provider.nonces())
}

#[cfg(test)]
mod tests;
