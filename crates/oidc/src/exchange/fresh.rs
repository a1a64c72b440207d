//! The end of every grant that begins a session.

use super::{Exchange, Occasion};
use crate::token_response::TokenResponse;
use crate::{Error, RevocationTarget, TokenSet, revoke};

impl Exchange<'_> {
    /// Judges an answer of whose tokens nobody knows yet. Where a check fails the refresh token among them is revoked:
    /// nobody will ever use it.
    pub async fn judge_fresh(self, response: TokenResponse, occasion: Occasion<'_>) -> Result<TokenSet, Error> {
        let refresh_token = response.refresh_token.clone();
        let judged = self.judge(response, occasion).await;
        if let (Err(_), Some(refresh_token)) = (&judged, refresh_token) {
            let target = RevocationTarget::RefreshToken(&refresh_token);
            // Best effort: whatever comes of it, the person has to hear of the failed check.
            let _ = revoke(target, self.provider, self.client, self.http, self.now).await;
        }
        judged
    }
}
