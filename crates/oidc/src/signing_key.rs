//! A key pair of ours on the curve P-256, which signs with ES256 (RFC 7518 section 3.4): client assertions, and proofs of
//! possession.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{self, Signature};
use p256::elliptic_curve::Generate;
use secrecy::zeroize::Zeroizing;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::SigningKeyText;

/// A key pair. Cheap to clone; the private half leaves it as [`SigningKeyText`] alone.
#[derive(Clone)]
pub struct SigningKey(Arc<KeyPair>);

struct KeyPair {
    /// Zeroed on drop.
    private: ecdsa::SigningKey,
    /// The coordinates of the public half as a JWK has them (RFC 7518 section 6.2.1).
    x: String,
    y: String,
    thumbprint: String,
}

/// A text that is no key of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a signing key")]
pub struct NotASigningKey;

/// What the text of a key begins with, so that another kind of key can be told from it one day.
const TEXT_BEGINS: &str = "ES256.";

impl SigningKey {
    /// A new key pair.
    ///
    /// # Panics
    /// Where the system has no random numbers.
    pub fn generate() -> Self {
        Self::of(ecdsa::SigningKey::generate())
    }

    /// The key that [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    /// Where the text is of something else.
    pub fn from_text(text: &SigningKeyText) -> Result<Self, NotASigningKey> {
        let encoded = text.expose().strip_prefix(TEXT_BEGINS).ok_or(NotASigningKey)?;
        let scalar = Zeroizing::new(URL_SAFE_NO_PAD.decode(encoded).map_err(|_| NotASigningKey)?);
        // p256 would fill up what was cut off, and make another key of it.
        if scalar.len() != 32 {
            return Err(NotASigningKey);
        }
        ecdsa::SigningKey::from_slice(&scalar).map(Self::of).map_err(|_| NotASigningKey)
    }

    /// The private half, for the vault: under 60 characters of ASCII.
    pub fn to_text(&self) -> SigningKeyText {
        let scalar = Zeroizing::new(<[u8; 32]>::from(self.0.private.to_bytes()));
        let mut text = String::with_capacity(64);
        text.push_str(TEXT_BEGINS);
        URL_SAFE_NO_PAD.encode_string(*scalar, &mut text);
        SigningKeyText::new(text)
    }

    fn of(private: ecdsa::SigningKey) -> Self {
        let point = private.verifying_key().to_sec1_point(false);
        let coordinate = |bytes: Option<&_>| bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
        let (x, y) = (coordinate(point.x()), coordinate(point.y()));
        let thumbprint = thumbprint(&x, &y);
        Self(Arc::new(KeyPair { private, x, y, thumbprint }))
    }

    /// The public half as a JWK (RFC 7517) to register with the authorization server: what an admin pastes into Okta.
    /// JSON over several lines; nothing in it is secret.
    pub fn public_jwk(&self) -> String {
        let mut jwk = self.minimal_jwk();
        jwk["kid"] = json!(self.key_id());
        jwk["alg"] = json!("ES256");
        jwk["use"] = json!("sig");
        format!("{jwk:#}")
    }

    /// `kid`: the thumbprint, so that everybody who has the public half finds the same name for it.
    pub fn key_id(&self) -> &str {
        self.thumbprint()
    }

    /// SHA-256 over the public half, in base64url (RFC 7638): `jkt` of what is bound to this key.
    pub fn thumbprint(&self) -> &str {
        &self.0.thumbprint
    }

    /// The public half with nothing beside what makes the key.
    pub(crate) fn minimal_jwk(&self) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": self.0.x, "y": self.0.y })
    }

    /// A JWT in its compact form (RFC 7515 section 7.1). The header must say `"alg": "ES256"`.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature: Signature = self.0.private.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

/// Over the members that RFC 7638 section 3.2 names, in their order, without white space.
fn thumbprint(x: &str, y: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)))
}

/// By the name of its public half.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("key_id", &self.key_id()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
