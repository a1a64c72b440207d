//! Trading a refresh token for new tokens (RFC 6749 section 6, OIDC Core section 12).
//!
//! Two steps, because under rotation the old refresh token is spent when the server has answered: [`refresh`] asks and
//! parses, the caller stores [`RefreshResponse::refresh_token`], and only then [`RefreshResponse::verify`] judges.

use crate::exchange::{Exchange, Occasion};
use crate::token_response::TokenResponse;
use crate::{Client, DeviceSecret, Error, Http, IdToken, Provider, RefreshToken, Scopes, Subject, Timestamp, TokenSet};

/// A parsed and unjudged answer to a refresh.
#[derive(Debug)]
pub struct RefreshResponse {
    response: TokenResponse,
}

/// What a refresh carries over from the sign-in.
#[derive(Debug)]
pub struct Continuation<'a> {
    /// Who signed in: a new ID token must name the same subject.
    pub subject: &'a Subject,
    /// The refresh token that was used, kept where the answer has none (RFC 6749 section 6).
    pub refresh_token: RefreshToken,
    /// The device secret so far, kept where the answer has none.
    pub device_secret: Option<DeviceSecret>,
    /// The ID token so far, kept where the answer has none.
    pub previous: Option<IdToken>,
    /// What was granted so far, kept where the answer does not say.
    pub scopes: &'a Scopes,
}

/// Asks for new tokens, once: no retry, no wait. `scope` is not sent, so the grant stays what it was.
///
/// # Errors
/// [`Error::Refused`] with `invalid_grant` is the one answer that may end a session; the same with status 429 is
/// [`Error::Busy`]. Whether the server may have spent the refresh token tells [`Error::leaves_outcome_unknown`].
pub async fn refresh(
    refresh_token: &RefreshToken,
    provider: &Provider,
    client: &Client,
    http: &Http,
    now: Timestamp,
) -> Result<RefreshResponse, Error> {
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())];
    let response = Exchange { provider, client, http, now }.ask(&form).await?;
    Ok(RefreshResponse { response })
}

impl RefreshResponse {
    /// The new refresh token, if one came. Store it before anything else is done with this answer.
    pub fn refresh_token(&self) -> Option<&RefreshToken> {
        self.response.refresh_token.as_ref()
    }

    /// The new device secret, if one came. It is to be stored with the refresh token: the old one may have ended.
    pub fn device_secret(&self) -> Option<&DeviceSecret> {
        self.response.device_secret.as_ref()
    }

    /// Judges the answer and makes it the next token set, with what `continuation` carries over.
    ///
    /// A new ID token must have the issuer, audience and subject of the sign-in (OIDC Core section 12.2); it needs no
    /// `nonce`, and one that is there is not compared, since the original is gone.
    ///
    /// # Errors
    /// [`Error::Untrusted`]. What was stored of the answer stays stored.
    pub async fn verify(
        self,
        continuation: Continuation<'_>,
        provider: &Provider,
        client: &Client,
        http: &Http,
        now: Timestamp,
    ) -> Result<TokenSet, Error> {
        Exchange { provider, client, http, now }.judge(self.response, Occasion::Refresh(continuation)).await
    }
}

#[cfg(test)]
mod tests;
