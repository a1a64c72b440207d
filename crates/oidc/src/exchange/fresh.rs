//! What the grants that begin a session have in common.

use url::Url;

use super::{Exchange, Occasion};
use crate::reply::Reply;
use crate::token_response::TokenResponse;
use crate::{ClientAuthentication, Error, RevocationTarget, TokenSet, revoke};

impl Exchange<'_> {
    /// Posts to an endpoint that wants to know which client asks, once.
    pub async fn post(self, endpoint: &Url, form: &[(&str, &str)]) -> Result<Reply, Error> {
        let mut form = form.to_vec();
        match self.client.authentication {
            ClientAuthentication::None if form.iter().any(|(name, _)| *name == "client_id") => {}
            ClientAuthentication::None => form.push(("client_id", self.client.id.as_str())),
        }
        self.http.post_form(endpoint, &form).await
    }

    /// Judges an answer of whose tokens nobody knows yet. Where a check fails the refresh token among them is revoked:
    /// nobody will ever use it.
    pub async fn judge_fresh(self, response: TokenResponse, occasion: Occasion<'_>) -> Result<TokenSet, Error> {
        let refresh_token = response.refresh_token.clone();
        let judged = self.judge(response, occasion).await;
        if let (Err(_), Some(refresh_token)) = (&judged, refresh_token) {
            let target = RevocationTarget::RefreshToken(&refresh_token);
            // Best effort: whatever comes of it, the person has to hear of the failed check.
            let _ = revoke(target, self.provider, self.client, self.http).await;
        }
        judged
    }
}
