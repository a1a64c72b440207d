//! The authorization request, what the browser brings back, and the only value that can join the two.

use url::Url;

use crate::{
    AuthorizationResponse, Client, Error, Http, IssuerUrl, Provider, RedirectUri, Scopes, Timestamp, TokenSet,
};

/// `prompt` (OIDC Core section 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Ask for the password again, or for another person.
    Login,
}

/// A request to be carried out by the browser: code flow with PKCE S256 (RFC 7636), `state` and `nonce`.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest<'a> {
    /// Whom to ask.
    pub provider: &'a Provider,
    /// Who asks.
    pub client: &'a Client,
    /// Where the answer goes.
    pub redirect_uri: &'a RedirectUri,
    /// What is asked for.
    pub scopes: &'a Scopes,
    /// Whether the person must sign in anew.
    pub prompt: Option<Prompt>,
    /// The user name to offer.
    pub login_hint: Option<&'a str>,
}

impl AuthorizationRequest<'_> {
    /// The URL for the browser, and the secrets that prove the answer is for us.
    pub fn start(self, now: Timestamp) -> (Url, PendingAuthorization) {
        let _ = now;
        unimplemented_contract!()
    }
}

/// Everything this side must remember between opening the browser and the redirect: issuer, redirect URI, `state`,
/// `nonce`, code verifier. Not `Clone`, and consumed by [`redeem`](Self::redeem): a request can be answered once.
pub struct PendingAuthorization {
    issuer: IssuerUrl,
}

impl PendingAuthorization {
    /// Whether `response` bears our `state`, compared in constant time. Any page can send requests to the listener, so
    /// a stranger's redirect is turned away without spending the attempt.
    pub fn is_answered_by(&self, response: &AuthorizationResponse) -> bool {
        let _ = response;
        unimplemented_contract!()
    }

    /// The issuer that was asked.
    pub fn issuer(&self) -> &IssuerUrl {
        &self.issuer
    }

    /// Trades the code for tokens. Checks `state`, then `iss` (RFC 9207 section 2.4), then the error members, then
    /// exchanges, then the ID token: signature, `iss`, `aud`, `azp`, `exp`, `iat`, `nonce`, `at_hash`.
    ///
    /// Where tokens arrive and a check fails, the refresh token among them is revoked: nobody will ever use it.
    ///
    /// # Errors
    /// [`Error::Untrusted`] names the check. [`Error::Refused`] with status 0 is the answer of the redirect itself.
    pub async fn redeem(
        self,
        response: AuthorizationResponse,
        provider: &Provider,
        client: &Client,
        http: &Http,
        now: Timestamp,
    ) -> Result<TokenSet, Error> {
        let _ = (response, provider, client, http, now);
        unimplemented_contract!()
    }
}

impl std::fmt::Debug for PendingAuthorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingAuthorization").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
