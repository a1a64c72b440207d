//! Ending tokens at the server (RFC 7009).

use crate::exchange::Exchange;
use crate::{AccessToken, Client, DeviceSecret, Error, Http, Provider, RefreshToken, Timestamp};

/// What to revoke. At Okta revoking a refresh token ends its access tokens; revoking an access token ends only that.
#[derive(Clone, Copy, Debug)]
pub enum RevocationTarget<'a> {
    /// `token_type_hint=refresh_token`
    RefreshToken(&'a RefreshToken),
    /// `token_type_hint=access_token`
    AccessToken(&'a AccessToken),
    /// `token_type_hint=device_secret`: this ends the sessions of every client that was signed in by it.
    DeviceSecret(&'a DeviceSecret),
}

/// Revokes, once. 200 is success whatever the server knew of the token (RFC 7009 section 2.2).
///
/// # Errors
/// [`Error::Nonconforming`] where the server has no revocation endpoint.
pub async fn revoke(
    target: RevocationTarget<'_>,
    provider: &Provider,
    client: &Client,
    http: &Http,
    now: Timestamp,
) -> Result<(), Error> {
    let endpoint = provider.metadata().revocation_endpoint.as_ref();
    let endpoint = endpoint.ok_or_else(|| Error::nonconforming("the server has no revocation endpoint"))?;
    let (token, hint) = match target {
        RevocationTarget::RefreshToken(token) => (token.expose(), "refresh_token"),
        RevocationTarget::AccessToken(token) => (token.expose(), "access_token"),
        RevocationTarget::DeviceSecret(secret) => (secret.expose(), "device_secret"),
    };
    let form = [("token", token), ("token_type_hint", hint)];
    Exchange { provider, client, http, now }.post(endpoint, &form).await?.reply.success()?;
    Ok(())
}

#[cfg(test)]
mod tests;
