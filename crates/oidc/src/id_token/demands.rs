//! How the person had to authenticate, where the request said so (OIDC Core section 3.1.3.7, steps 12 and 13).

use std::time::Duration;

use crate::{AcrValues, Check, Error, IdTokenClaims, Timestamp};

/// How far the issuer's own machines may disagree, and how long the exchange itself may take: the request was made that
/// much earlier than it can be reckoned to have been.
const AUTHENTICATION_LEEWAY: Duration = Duration::from_secs(30);
/// How far ahead of the clock that answers the clock may be that wrote `auth_time`.
const AUTHENTICATED_AHEAD: Duration = Duration::from_secs(300);

/// What an authorization request demanded of the authentication.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demands<'a> {
    /// `acr_values`; empty where the server was to choose.
    pub acr_values: &'a AcrValues,
    /// `max_age`: how old the authentication may have been when the request was made.
    pub max_age: Option<Duration>,
    /// How long ago that was.
    pub since_request: Duration,
}

impl Demands<'_> {
    /// Whether `claims` meet them. `server_time` is when the answer was sent, by the clock that wrote `auth_time`.
    pub fn check(&self, claims: &IdTokenClaims, server_time: Timestamp) -> Result<(), Error> {
        let acr = claims.all.get("acr").and_then(serde_json::Value::as_str);
        if !self.acr_values.is_empty() && !acr.is_some_and(|acr| self.acr_values.contains(acr)) {
            return Err(Error::Untrusted(Check::AuthenticationContext));
        }
        let Some(max_age) = self.max_age else { return Ok(()) };
        let requested_at = server_time - self.since_request;
        let is_recent = claims.authenticated_at.is_some_and(|at| {
            at + max_age + AUTHENTICATION_LEEWAY >= requested_at && at <= server_time + AUTHENTICATED_AHEAD
        });
        if is_recent { Ok(()) } else { Err(Error::Untrusted(Check::AuthenticationTime)) }
    }
}

#[cfg(test)]
mod tests;
