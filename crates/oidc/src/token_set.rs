//! The tokens of one response.

use serde_json::{Map, Value};

use crate::{AccessToken, DeviceSecret, IdToken, RefreshToken, Scopes, Timestamp};

/// The tokens of one successful and verified response (RFC 6749 section 5.1).
#[derive(Clone, Debug)]
pub struct TokenSet {
    /// For resource servers.
    pub access_token: AccessToken,
    /// How they are to be shown it.
    pub token_type: TokenType,
    /// What is known of the access token's content.
    pub access_token_content: AccessTokenContent,
    /// For the next refresh. `None` where the server gave none and there was none before.
    pub refresh_token: Option<RefreshToken>,
    /// For further clients of this issuer on this machine ([`NativeSso`](crate::NativeSso)): the newest that came. `None`
    /// where `device_sso` was not granted.
    pub device_secret: Option<DeviceSecret>,
    /// Who signed in. `None` only where a refresh response had none and the program was restarted since the sign-in, and
    /// where an access token was exchanged for another.
    pub id_token: Option<IdToken>,
    /// What was granted; what was asked for where the response does not say (RFC 6749 section 5.1).
    pub scopes: Scopes,
    /// When the response arrived, by our clock.
    pub received_at: Timestamp,
    /// When the access token ends, by our clock: `received_at` plus `expires_in`. `None` where the server did not say.
    pub expires_at: Option<Timestamp>,
    /// Which of the client's [`Credentials`](crate::Credentials) the server took, counted from the first: those before it
    /// are not registered, those after it are not needed any more. `None` for a public client.
    pub credential: Option<usize>,
}

/// How an access token is to be used (RFC 6749 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// By whoever holds it (RFC 6750).
    Bearer,
    /// By whoever holds the key that it is bound to, with a proof at each call (RFC 9449 section 7).
    Dpop {
        /// The thumbprint of the key.
        jkt: String,
    },
}

/// What may be said of an access token's inside.
#[derive(Clone, Debug, PartialEq)]
pub enum AccessTokenContent {
    /// Nothing, and why.
    Opaque(Opaque),
    /// Claims whose signature was verified with the issuer's keys.
    Verified(AccessTokenClaims),
}

impl AccessTokenContent {
    /// Whom the token is for: its `aud`, where that is one and was verified.
    pub fn audience(&self) -> Option<&str> {
        let Self::Verified(claims) = self else { return None };
        match claims.all.get("aud")? {
            Value::Array(audiences) => match &audiences[..] {
                [one] => one.as_str(),
                _ => None,
            },
            one => one.as_str(),
        }
    }
}

/// Why an access token is opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opaque {
    /// It is an org authorization server's: for Okta alone.
    OrgServer,
    /// It is not a JWT.
    NotJwt,
    /// It is a JWT that the issuer's keys do not verify.
    Unverified,
}

/// The claims of an access token, built by signature verification alone.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessTokenClaims {
    pub(crate) algorithm: String,
    pub(crate) key_id: Option<String>,
    pub(crate) all: Map<String, Value>,
}

impl AccessTokenClaims {
    /// Claims that nobody signed, for the tests of other crates.
    #[doc(hidden)]
    pub fn unverified_for_tests(all: Map<String, Value>) -> Self {
        Self { algorithm: "RS256".into(), key_id: None, all }
    }

    /// `alg` of the signature that was verified.
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// `kid` of the key that verified it.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// `cnf.jkt`: the thumbprint of the key that the token is bound to (RFC 9449 section 6.1).
    pub(crate) fn key_thumbprint(&self) -> Option<&str> {
        self.all.get("cnf")?.get("jkt")?.as_str()
    }

    /// Every claim, by name.
    pub fn all(&self) -> &Map<String, Value> {
        &self.all
    }
}

#[cfg(test)]
mod tests;
