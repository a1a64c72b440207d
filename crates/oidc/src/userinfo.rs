//! Asking the issuer about the person (OIDC Core section 5.3): for what stands in no ID token, such as the groups of a
//! custom authorization server's.

use serde_json::{Map, Value};

use crate::resource::Asker;
use crate::{Check, Client, Error, Http, Provider, Subject, Timestamp, TokenSet};

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
    let reply = Asker { tokens, provider, client, http, now }.get(endpoint).await?;
    let all = reply.success()?.json_object("the UserInfo response")?;
    if all.get("sub").and_then(Value::as_str) != Some(&subject.0) {
        return Err(Error::Untrusted(Check::Subject));
    }
    Ok(UserInfo { all })
}

#[cfg(test)]
mod tests;
