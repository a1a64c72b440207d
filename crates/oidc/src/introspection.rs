//! Asking the server what it thinks of a refresh token (RFC 7662).

use serde_json::Value;

use crate::exchange::Exchange;
use crate::{Client, Error, Http, Provider, RefreshToken, Timestamp};

/// What a server tells of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// Whether it can be used. A server says no of every token that is not this client's (RFC 7662 section 2.2).
    pub is_active: bool,
    /// When it ends, by the server's clock; `None` where that is not said. Whether using it puts that off, no standard
    /// tells.
    pub expires_at: Option<Timestamp>,
}

/// Asks, once.
///
/// # Errors
/// [`Error::Nonconforming`] where the server has no introspection endpoint, or does not say whether the token is active.
pub async fn introspect(
    token: &RefreshToken,
    provider: &Provider,
    client: &Client,
    http: &Http,
    now: Timestamp,
) -> Result<Introspection, Error> {
    let endpoint = provider.metadata().introspection_endpoint.as_ref();
    let endpoint = endpoint.ok_or_else(|| Error::nonconforming("the server has no introspection endpoint"))?;
    let form = [("token", token.expose()), ("token_type_hint", "refresh_token")];
    let answer = Exchange { provider, client, http, now }.post(endpoint, &form).await?;
    let body = answer.reply.success()?.json_object("the introspection response")?;
    let is_active = body.get("active").and_then(Value::as_bool);
    let is_active = is_active.ok_or_else(|| Error::nonconforming("no `active` in the introspection response"))?;
    // Some servers write 0 for a token without an end.
    let expires_at = body.get("exp").and_then(Value::as_i64).filter(|&exp| is_active && exp > 0);
    Ok(Introspection { is_active, expires_at: expires_at.map(Timestamp::from_unix_seconds) })
}

#[cfg(test)]
mod tests;
