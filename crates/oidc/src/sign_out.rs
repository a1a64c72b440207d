//! Ending the Okta session in the browser (OIDC RP-Initiated Logout).

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use url::Url;

use crate::authorization::unguessable;
use crate::{Client, IdTokenHint, Provider, RedirectUri};

/// A sign-out to be carried out by the browser that holds the Okta session. The hint is a token, so it goes by form
/// post from a local page and stands in no address, argument or history.
pub struct EndSessionRequest {
    endpoint: Url,
    fields: Vec<(&'static str, String)>,
    /// Ties the redirect to this request (section 2). `None` where nobody returns.
    state: Option<SecretString>,
}

impl EndSessionRequest {
    /// The request; `None` where the server has no end-session endpoint. `post_logout_redirect_uri` must be registered
    /// at Okta among the sign-out redirect URIs; without one, the person stays at a page of Okta's.
    pub fn new(
        provider: &Provider,
        client: &Client,
        hint: &IdTokenHint,
        post_logout_redirect_uri: Option<&RedirectUri>,
    ) -> Option<Self> {
        let endpoint = provider.metadata().end_session_endpoint.clone()?;
        let mut fields =
            vec![("id_token_hint", hint.expose().to_owned()), ("client_id", client.id.as_str().to_owned())];
        let state = post_logout_redirect_uri.map(|_| unguessable());
        if let Some((uri, state)) = post_logout_redirect_uri.zip(state.as_ref()) {
            fields.push(("post_logout_redirect_uri", uri.as_str().to_owned()));
            fields.push(("state", state.expose_secret().to_owned()));
        }
        Some(Self { endpoint, fields, state })
    }

    /// Where the form goes.
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The fields of the form, `id_token_hint` among them: secret.
    pub fn expose_fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// Whether these parameters, the query of a redirect to the `post_logout_redirect_uri`, bear our `state`: then the
    /// Okta session is over. Any page can send others (section 3). Compared in constant time; one that stands twice is
    /// none.
    pub fn is_answered_by(&self, parameters: &[u8]) -> bool {
        let mut states = url::form_urlencoded::parse(parameters).filter(|(name, _)| name == "state");
        match (&self.state, states.next(), states.next()) {
            (Some(ours), Some((_, theirs)), None) => ours.expose_secret().as_bytes().ct_eq(theirs.as_bytes()).into(),
            _ => false,
        }
    }
}

impl std::fmt::Debug for EndSessionRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndSessionRequest").field("endpoint", &self.endpoint.as_str()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
