//! Asking the issuer about the person (OIDC Core section 5.3): for what stands in no ID token, such as the groups of a
//! custom authorization server's.

use serde_json::{Map, Value};
use url::Url;

use crate::challenge::Challenge;
use crate::reply::Reply;
use crate::{Check, Client, Error, Http, Provider, Subject, Timestamp, TokenSet, TokenType, prove_possession};

/// What the issuer says of the person whose session it is.
#[derive(Clone, Debug, PartialEq)]
pub struct UserInfo {
    all: Map<String, Value>,
}

impl UserInfo {
    /// Every claim, by name. They are true of the person as of now; the ID token tells of the sign-in.
    pub fn all(&self) -> &Map<String, Value> {
        &self.all
    }

    /// Claims that nobody sent, for the tests of other crates.
    #[doc(hidden)]
    pub fn unverified_for_tests(all: Map<String, Value>) -> Self {
        Self { all }
    }
}

/// Asks with the access token of `tokens`, once. `subject` is the person of the verified ID token; `now` is the server's
/// time, for the proof of a token that is bound to the client's key.
///
/// # Errors
/// [`Check::Subject`] where the answer is about somebody else, or does not say about whom (section 5.3.2): nothing of it
/// may be used. [`Error::Refused`] with `invalid_token` or `insufficient_scope` is what the server thinks of the access
/// token (RFC 6750 section 3.1). [`Check::KeyBinding`] where the token is bound to another key than the client's: then
/// it does not leave. [`Error::Nonconforming`] where the server has no UserInfo endpoint, or answers with a JWT, which
/// was not asked for.
pub async fn userinfo(
    tokens: &TokenSet,
    subject: &Subject,
    provider: &Provider,
    client: &Client,
    http: &Http,
    now: Timestamp,
) -> Result<UserInfo, Error> {
    let endpoint = provider.metadata().userinfo_endpoint.as_ref();
    let endpoint = endpoint.ok_or_else(|| Error::nonconforming("the server has no UserInfo endpoint"))?;
    let ask = || ask(endpoint, tokens, provider, client, http, now);
    let mut reply = ask().await?;
    // RFC 9449 section 9: the first answer brings the nonce that the second proof is to hold.
    let wants_nonce = |challenge: &Challenge| challenge.error == "use_dpop_nonce";
    if reply.dpop_nonce.is_some() && reply.challenge.as_ref().is_some_and(wants_nonce) {
        reply = ask().await?;
    }
    let all = reply.success()?.json_object("the UserInfo response")?;
    if all.get("sub").and_then(Value::as_str) != Some(&subject.0) {
        return Err(Error::Untrusted(Check::Subject));
    }
    Ok(UserInfo { all })
}

/// One request, with a proof of its own where the token is bound to a key.
async fn ask(
    endpoint: &Url,
    tokens: &TokenSet,
    provider: &Provider,
    client: &Client,
    http: &Http,
    now: Timestamp,
) -> Result<Reply, Error> {
    let token = &tokens.access_token;
    let proof = match &tokens.token_type {
        TokenType::Bearer => None,
        TokenType::Dpop { jkt } => {
            let key = client.dpop_key.as_ref().filter(|key| key.thumbprint() == jkt);
            let key = key.ok_or(Error::Untrusted(Check::KeyBinding))?;
            Some(prove_possession("GET", endpoint, token, key, provider, now))
        }
    };
    let reply = http.get_with_token(endpoint, token, proof.as_ref()).await?;
    if let Some(nonce) = &reply.dpop_nonce {
        provider.nonces().keep(endpoint, nonce.clone());
    }
    Ok(reply)
}

#[cfg(test)]
mod tests;
