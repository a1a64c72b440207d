//! The authorization request, and the only value that can join it to what the browser brings back. How the answer is
//! fetched and judged is [`crate::exchange`]'s.

use std::time::Duration;

use openidconnect::{CsrfToken, PkceCodeChallenge};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::authorization_response::Outcome;
use crate::exchange::{Exchange, Occasion};
use crate::id_token::Demands;
use crate::{
    AcrValues, AuthorizationResponse, Check, Client, Error, Http, IssuerUrl, Provider, RedirectUri, Scopes, Timestamp,
    TokenSet,
};

mod address;

pub use address::AuthorizationUrl;

/// `prompt` (OIDC Core section 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Show no page: answer at once, or with an error of which [`Error::wants_interaction`] is true.
    None,
    /// Ask for the password again, or for another person.
    Login,
    /// Ask for consent, also where it was given before.
    Consent,
    /// Both.
    LoginAndConsent,
}

impl Prompt {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::LoginAndConsent => "login consent",
        }
    }
}

/// How the answer comes to the redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ResponseMode {
    /// In the query of a redirect: what a server does where nothing is said (OAuth 2.0 Multiple Response Type Encoding
    /// Practices section 2.1).
    #[default]
    Query,
    /// As a form that the browser posts (OAuth 2.0 Form Post Response Mode section 2): on loopback alone, where somebody
    /// can take it. The code then stands in no address and no history.
    FormPost,
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
    /// Which pages the person must see; `None` leaves it to the server.
    pub prompt: Option<Prompt>,
    /// The user name to offer.
    pub login_hint: Option<&'a str>,
    /// How the person must authenticate, where that matters. The answer's `acr` must be one of these.
    pub acr_values: &'a AcrValues,
    /// How long ago the person may have authenticated, in whole seconds; zero asks them to do it now, which contradicts
    /// [`Prompt::None`]. The answer's `auth_time` is held to it.
    pub max_age: Option<Duration>,
    /// How the answer comes.
    pub response_mode: ResponseMode,
    /// Whether to hand the request to the server ahead of the browser (RFC 9126), so that nobody can read or change it
    /// on the way and the server says at once what it does not like about it. It is done in any case where the server
    /// demands it.
    pub push: bool,
}

impl AuthorizationRequest<'_> {
    /// The address for the browser, and the secrets that prove the answer is for us. Nothing is sent unless the request
    /// is pushed.
    ///
    /// # Errors
    /// Those of a push: [`Error::Refused`] is what the browser would have been shown.
    pub async fn start(self, http: &Http, now: Timestamp) -> Result<(AuthorizationUrl, PendingAuthorization), Error> {
        let (parameters, pending) = self.prepare(now);
        let url = if self.is_pushed() {
            let exchange = Exchange { provider: self.provider, client: self.client, http, now };
            AuthorizationUrl::push(exchange, &parameters).await?
        } else {
            AuthorizationUrl::whole(self.provider.metadata().authorization_endpoint.clone(), &parameters)
        };
        Ok((url, pending))
    }

    /// Whether it is handed to the server ahead of the browser: because that is wished, or demanded.
    pub fn is_pushed(&self) -> bool {
        self.push || self.provider.metadata().requires_pushed_authorization_requests
    }

    /// What is asked, and what must be remembered of it.
    fn prepare(&self, now: Timestamp) -> (Vec<(&'static str, String)>, PendingAuthorization) {
        let (code_challenge, code_verifier) = PkceCodeChallenge::new_random_sha256();
        let (state, nonce) = (unguessable(), unguessable());
        let mut parameters = vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.client.id.as_str().to_owned()),
            ("redirect_uri", self.redirect_uri.as_str().to_owned()),
            ("scope", self.scopes.to_string()),
            ("state", state.expose_secret().to_owned()),
            ("nonce", nonce.expose_secret().to_owned()),
            ("code_challenge", code_challenge.as_str().to_owned()),
            ("code_challenge_method", code_challenge.method().as_str().to_owned()),
        ];
        parameters.extend(self.prompt.map(|prompt| ("prompt", prompt.as_str().to_owned())));
        parameters.extend(self.login_hint.map(|hint| ("login_hint", hint.to_owned())));
        parameters.extend((!self.acr_values.is_empty()).then(|| ("acr_values", self.acr_values.to_string())));
        parameters.extend(self.max_age.map(|age| ("max_age", age.as_secs().to_string())));
        if self.response_mode == ResponseMode::FormPost {
            parameters.push(("response_mode", "form_post".to_owned()));
        }
        let pending = PendingAuthorization {
            issuer: self.provider.issuer().clone(),
            redirect_uri: self.redirect_uri.clone(),
            state,
            nonce,
            code_verifier: SecretString::from(code_verifier.into_secret()),
            scopes: self.scopes.clone(),
            acr_values: self.acr_values.clone(),
            max_age: self.max_age,
            requested_at: now,
        };
        (parameters, pending)
    }
}

/// Everything this side must remember between opening the browser and the redirect: issuer, redirect URI, `state`,
/// `nonce`, code verifier. Not `Clone`, and consumed by [`redeem`](Self::redeem): a request can be answered once.
pub struct PendingAuthorization {
    issuer: IssuerUrl,
    /// Sent again with the code, to the letter (RFC 6749 section 4.1.3).
    redirect_uri: RedirectUri,
    /// Ties the redirect to this request (RFC 6749 section 10.12).
    state: SecretString,
    /// Ties the ID token to this request (OIDC Core section 3.1.3.7, step 11).
    nonce: SecretString,
    /// Ties the exchange to this request (RFC 7636 section 4.5).
    code_verifier: SecretString,
    /// What was asked for, which is what was granted where the answer does not say.
    scopes: Scopes,
    /// What was demanded of the authentication (OIDC Core section 3.1.3.7, steps 12 and 13).
    acr_values: AcrValues,
    max_age: Option<Duration>,
    requested_at: Timestamp,
}

impl PendingAuthorization {
    /// Whether `response` bears our `state`, compared in constant time. Any page can send requests to the listener, so
    /// a stranger's redirect is turned away without spending the attempt.
    pub fn is_answered_by(&self, response: &AuthorizationResponse) -> bool {
        self.state.expose_secret().as_bytes().ct_eq(response.state.as_bytes()).into()
    }

    /// The issuer that was asked.
    pub fn issuer(&self) -> &IssuerUrl {
        &self.issuer
    }

    /// Where the answer goes.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// When the request was made, by the time given to [`AuthorizationRequest::start`].
    pub fn requested_at(&self) -> Timestamp {
        self.requested_at
    }

    /// Trades the code for tokens. Checks `state`, then `iss` (RFC 9207 section 2.4), then the error members, then
    /// exchanges, then the ID token: signature, `iss`, `aud`, `azp`, `exp`, `iat`, `nonce`, `at_hash`, and `acr` and
    /// `auth_time` where the request demanded something of them.
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
        if !self.is_answered_by(&response) {
            return Err(Error::Untrusted(Check::State));
        }
        if !self.is_from_whom_was_asked(&response, provider) {
            return Err(Error::Untrusted(Check::Issuer));
        }
        let code = match response.outcome {
            Outcome::Code(code) => code,
            Outcome::Error { code, description } => return Err(Error::from_code(&code, description.as_deref(), 0)),
        };
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_verifier", self.code_verifier.expose_secret()),
        ];
        let exchange = Exchange { provider, client, http, now };
        let response = exchange.ask(&form).await?;
        let demands = Demands {
            acr_values: &self.acr_values,
            max_age: self.max_age,
            since_request: now.since(self.requested_at),
        };
        let occasion = Occasion::SignIn { nonce: self.nonce.expose_secret(), demands, scopes: &self.scopes };
        exchange.judge_fresh(response, occasion).await
    }

    /// Whether the redirect and the provider at hand are of the issuer that was asked (RFC 9207 section 2.4): otherwise
    /// the code would be handed to the wrong server.
    fn is_from_whom_was_asked(&self, response: &AuthorizationResponse, provider: &Provider) -> bool {
        let named = match &response.iss {
            Some(iss) => iss == self.issuer.as_str(),
            None => !provider.metadata().promises_iss,
        };
        named && *provider.issuer() == self.issuer
    }

    /// A request that was never made, whose `state` is known, for the tests of other crates.
    #[doc(hidden)]
    pub fn unsent_for_tests(issuer: IssuerUrl, redirect_uri: RedirectUri, state: &str, now: Timestamp) -> Self {
        Self {
            issuer,
            redirect_uri,
            state: SecretString::from(state),
            nonce: unguessable(),
            code_verifier: unguessable(),
            scopes: Scopes::default(),
            acr_values: AcrValues::default(),
            max_age: None,
            requested_at: now,
        }
    }
}

/// 256 bits in base64url without padding: Okta takes only letters, digits and `,._-` in `state`.
pub(crate) fn unguessable() -> SecretString {
    SecretString::from(CsrfToken::new_random_len(32).into_secret())
}

impl std::fmt::Debug for PendingAuthorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingAuthorization").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
