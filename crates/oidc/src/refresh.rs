//! Trading a refresh token for new tokens (RFC 6749 section 6, OIDC Core section 12).
//!
//! Two steps, because under rotation the old refresh token is spent when the server has answered: [`refresh`] asks and
//! parses, the caller stores [`RefreshResponse::refresh_token`], and only then [`RefreshResponse::verify`] judges.

use crate::{Client, Error, Http, IdToken, Provider, RefreshToken, Scopes, Subject, Timestamp, TokenSet};

/// A parsed and unjudged answer to a refresh.
#[derive(Debug)]
pub struct RefreshResponse {
    _private: (),
}

/// Asks for new tokens, once: no retry, no wait. `scope` is not sent, so the grant stays what it was.
///
/// # Errors
/// [`Error::Refused`] with `invalid_grant` is the one answer that may end a session; the same with status 429 is
/// [`Error::Busy`].
pub async fn refresh(
    refresh_token: &RefreshToken,
    provider: &Provider,
    client: &Client,
    http: &Http,
    now: Timestamp,
) -> Result<RefreshResponse, Error> {
    let _ = (refresh_token, provider, client, http, now);
    unimplemented_contract!()
}

impl RefreshResponse {
    /// The new refresh token, if one came. Store it before anything else is done with this answer.
    pub fn refresh_token(&self) -> Option<&RefreshToken> {
        unimplemented_contract!()
    }

    /// Judges the answer and makes it the next token set. Keeps `refresh_token` where the answer has none, `previous`
    /// where it has no ID token, and `scopes` where it does not say.
    ///
    /// A new ID token must have the issuer, audience and `subject` of the sign-in (OIDC Core section 12.2); it needs no
    /// `nonce`, and one that is there is not compared, since the original is gone.
    ///
    /// # Errors
    /// [`Error::Untrusted`]. What was stored of the answer stays stored.
    pub async fn verify(
        self,
        subject: &Subject,
        refresh_token: RefreshToken,
        previous: Option<IdToken>,
        scopes: &Scopes,
        provider: &Provider,
        client: &Client,
        http: &Http,
        now: Timestamp,
    ) -> Result<TokenSet, Error> {
        let _ = (subject, refresh_token, previous, scopes, provider, client, http, now);
        unimplemented_contract!()
    }
}
