//! The ID token: who signed in, when, and how (OIDC Core section 2). One exists only verified.

mod demands;
mod verify;

use secrecy::{ExposeSecret, SecretString};

use crate::Timestamp;

pub(crate) use demands::Demands;
pub(crate) use verify::{Expected, check_content, check_parties};

/// `sub`: the person, as the issuer names them. Unique at one issuer only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(pub String);

/// A verified ID token.
#[derive(Clone)]
pub struct IdToken {
    claims: IdTokenClaims,
    raw: SecretString,
}

impl IdToken {
    /// Puts together what [`check_parties`], the signature and [`check_content`] have let pass.
    pub(crate) fn verified(claims: IdTokenClaims, raw: SecretString) -> Self {
        Self { claims, raw }
    }

    /// An ID token that nobody signed, for the tests of other crates.
    #[doc(hidden)]
    pub fn unverified_for_tests(claims: IdTokenClaims) -> Self {
        Self { claims, raw: SecretString::from("header.payload.signature") }
    }

    /// What it says.
    pub fn claims(&self) -> &IdTokenClaims {
        &self.claims
    }

    /// Reads the token itself, to hand it to the person who asks for it.
    pub fn expose(&self) -> &str {
        self.raw.expose_secret()
    }

    /// The token as it may be shown to the issuer again, at sign-out and for nothing else.
    pub fn to_hint(&self) -> IdTokenHint {
        IdTokenHint(self.raw.clone())
    }
}

impl std::fmt::Debug for IdToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdToken([redacted])")
    }
}

/// What is kept of an ID token over a restart: the raw text, for sign-out alone (`id_token_hint`, OIDC RP-Initiated
/// Logout section 2). It proves nothing to us.
#[derive(Clone)]
pub struct IdTokenHint(SecretString);

impl IdTokenHint {
    /// Takes a hint out of a vault record.
    pub fn from_vault(raw: impl Into<String>) -> Self {
        Self(SecretString::from(raw.into()))
    }

    /// Reads it, for the vault and for the sign-out form.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for IdTokenHint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdTokenHint([redacted])")
    }
}

/// The claims of a verified ID token.
#[derive(Clone, Debug, PartialEq)]
pub struct IdTokenClaims {
    /// `sub`.
    pub subject: Subject,
    /// `name`, where it is given.
    pub name: Option<String>,
    /// `email`, where it is given.
    pub email: Option<String>,
    /// `preferred_username`, where it is given.
    pub preferred_username: Option<String>,
    /// `exp`.
    pub expires_at: Timestamp,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `auth_time`, where it is given.
    pub authenticated_at: Option<Timestamp>,
    /// `alg` of the signature that was verified.
    pub algorithm: String,
    /// `kid` of the key that verified it, where it has one.
    pub key_id: Option<String>,
    /// Every claim, by name.
    pub all: serde_json::Map<String, serde_json::Value>,
}
