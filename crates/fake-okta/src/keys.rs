//! The RSA keys that sign, and the set of them that is published. Making a key takes a large part of a second, so the
//! process makes each of them once and all servers in it share them.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::rand_core::{OsRng, RngCore as _};
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const BITS: usize = 2048;

/// The first is never published: it signs the org server's access tokens, whose keys Okta does not expose.
static POOL: [OnceLock<Key>; 16] = [const { OnceLock::new() }; 16];

/// A key pair with its name.
pub(crate) struct Key {
    kid: String,
    signing: SigningKey<Sha256>,
    modulus: String,
    exponent: String,
}

/// Which keys a server has published, and with which it signs.
pub(crate) struct KeyRing {
    current: usize,
    published: Vec<usize>,
}

/// What becomes of the key that [`crate::FakeOkta::rotate_keys`] replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldKey {
    /// It stays published, as in Okta's planned rotations.
    Kept,
    /// It is gone at once, as after a leak: tokens that it signed no longer verify.
    Withdrawn,
}

impl KeyRing {
    /// One key, published.
    pub(crate) fn new() -> Self {
        Self { current: 1, published: vec![1] }
    }

    /// Signs with another key from now on. After fifteen rotations the first key comes back.
    pub(crate) fn rotate(&mut self, old: OldKey) {
        let next = self.current % (POOL.len() - 1) + 1;
        if old == OldKey::Withdrawn {
            self.published.retain(|key| *key != self.current);
        }
        self.published.retain(|key| *key != next);
        self.published.push(next);
        self.current = next;
    }

    /// The key that signs.
    pub(crate) fn current(&self) -> &'static Key {
        pooled(self.current)
    }

    /// The JSON Web Key Set (RFC 7517).
    pub(crate) fn published(&self) -> Value {
        json!({ "keys": self.published.iter().map(|key| pooled(*key).public()).collect::<Vec<_>>() })
    }
}

impl Key {
    /// The key that no key set has.
    pub(crate) fn unpublished() -> &'static Self {
        pooled(0)
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// A JWT in compact form (RFC 7515 section 7.1), RS256, with `header` as given.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = unsigned(header, claims);
        let signature = self.signing.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn generate() -> Self {
        let private = RsaPrivateKey::new(&mut OsRng, BITS).expect("2048 bits are enough for a pair of primes");
        let modulus = URL_SAFE_NO_PAD.encode(private.n().to_bytes_be());
        let exponent = URL_SAFE_NO_PAD.encode(private.e().to_bytes_be());
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(&modulus));
        Self { kid, signing: SigningKey::new(private), modulus, exponent }
    }

    fn public(&self) -> Value {
        json!({ "kty": "RSA", "alg": "RS256", "kid": self.kid, "use": "sig", "e": self.exponent, "n": self.modulus })
    }
}

/// Header and claims of a JWT, joined and encoded; a JWS signing input.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

/// 192 random bits, in base64url.
pub(crate) fn random_value() -> String {
    let mut bytes = [0; 24];
    OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn pooled(index: usize) -> &'static Key {
    POOL[index].get_or_init(Key::generate)
}
