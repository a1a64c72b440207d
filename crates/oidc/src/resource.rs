//! A call of one of the issuer's own resources with the person's access token (RFC 6750 section 2.1, RFC 9449 section 7).

use url::Url;

use crate::challenge::Challenge;
use crate::http::Authorization;
use crate::reply::Reply;
use crate::{Check, Client, Error, Http, Provider, Timestamp, TokenSet, TokenType, prove_possession};

/// Who asks, and as when.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub tokens: &'a TokenSet,
    pub provider: &'a Provider,
    pub client: &'a Client,
    pub http: &'a Http,
    pub now: Timestamp,
}

impl Asker<'_> {
    /// The answer of `endpoint`, whatever it says. Asked once, and once more where the first answer brings the nonce that the
    /// second proof is to hold (RFC 9449 section 9).
    pub(crate) async fn get(&self, endpoint: &Url) -> Result<Reply, Error> {
        let reply = self.get_once(endpoint).await?;
        let wants_nonce = |challenge: &Challenge| challenge.error == "use_dpop_nonce";
        if reply.dpop_nonce.is_some() && reply.challenge.as_ref().is_some_and(wants_nonce) {
            return self.get_once(endpoint).await;
        }
        Ok(reply)
    }

    /// One request, with a proof of its own where the token is bound to a key.
    async fn get_once(&self, endpoint: &Url) -> Result<Reply, Error> {
        let token = &self.tokens.access_token;
        let proof = match &self.tokens.token_type {
            TokenType::Bearer => None,
            TokenType::Dpop { jkt } => {
                let key = self.client.dpop_key.as_ref().filter(|key| key.thumbprint() == jkt);
                let key = key.ok_or(Error::Untrusted(Check::KeyBinding))?;
                Some(prove_possession("GET", endpoint, token, key, self.provider, self.now))
            }
        };
        let authorization = match &proof {
            None => Authorization::Bearer(token),
            Some(proof) => Authorization::Dpop(token, proof),
        };
        let reply = self.http.get_authorized(endpoint, authorization).await?;
        if let Some(nonce) = &reply.dpop_nonce {
            self.provider.nonces().keep(endpoint, nonce.clone());
        }
        Ok(reply)
    }
}
