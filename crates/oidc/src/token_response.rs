//! An answer of the token endpoint (RFC 6749 section 5.1), read and not judged.
//!
//! Reading is lenient on purpose: under rotation the refresh token in an answer is the only live one, and it must be
//! reachable however odd its neighbours are.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::{AccessToken, DeviceSecret, RefreshToken, Scopes, Timestamp};

/// What the answer has, each member where it is there and has a usable type.
#[derive(Debug)]
pub(crate) struct TokenResponse {
    pub access_token: Option<AccessToken>,
    pub token_type: Option<String>,
    /// What a token exchange brought (RFC 8693 section 2.2.1).
    pub issued_token_type: Option<String>,
    pub expires_in: Option<Duration>,
    pub refresh_token: Option<RefreshToken>,
    pub device_secret: Option<DeviceSecret>,
    pub scopes: Option<Scopes>,
    pub id_token: Option<SecretString>,
    /// When it arrived, by our clock.
    pub received_at: Timestamp,
    /// When it was sent, by the server's clock; by ours where the server does not say.
    pub server_time: Timestamp,
    /// Which credential of the client the server took; see [`TokenSet::credential`](crate::TokenSet::credential).
    pub credential: Option<usize>,
}

impl TokenResponse {
    pub fn read(mut body: Map<String, Value>, received_at: Timestamp, server_time: Option<Timestamp>) -> Self {
        let mut text = |name: &str| match body.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        Self {
            access_token: text("access_token").map(AccessToken::new),
            token_type: text("token_type"),
            issued_token_type: text("issued_token_type"),
            refresh_token: text("refresh_token").map(RefreshToken::new),
            device_secret: text("device_secret").map(DeviceSecret::new),
            scopes: text("scope").map(|list| Scopes::parse(&list)),
            id_token: text("id_token").map(SecretString::from),
            expires_in: body.get("expires_in").and_then(lifetime),
            received_at,
            server_time: server_time.unwrap_or(received_at),
            credential: None,
        }
    }

    /// Whether this is how the access token is to be used (RFC 6749 section 7.1; names are case-insensitive).
    pub fn has_type(&self, name: &str) -> bool {
        self.token_type.as_deref().is_some_and(|there| there.eq_ignore_ascii_case(name))
    }
}

/// `expires_in` in seconds; some servers write it as a string or with a fraction.
pub(crate) fn lifetime(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests;
