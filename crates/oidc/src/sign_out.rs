//! Ending the Okta session in the browser (OIDC RP-Initiated Logout).

use url::Url;

use crate::{Client, IdTokenHint, Provider, RedirectUri};

/// A sign-out to be carried out by the browser that holds the Okta session. The hint is a token, so it goes by form
/// post from a local page and stands in no address, argument or history.
pub struct EndSessionRequest {
    endpoint: Url,
    fields: Vec<(&'static str, String)>,
}

impl EndSessionRequest {
    /// The request; `None` where the server has no end-session endpoint. `post_logout_redirect_uri` must be registered
    /// at Okta among the sign-out redirect URIs.
    pub fn new(
        provider: &Provider,
        client: &Client,
        hint: &IdTokenHint,
        post_logout_redirect_uri: Option<&RedirectUri>,
    ) -> Option<Self> {
        let endpoint = provider.metadata().end_session_endpoint.clone()?;
        let mut fields =
            vec![("id_token_hint", hint.expose().to_owned()), ("client_id", client.id.as_str().to_owned())];
        if let Some(uri) = post_logout_redirect_uri {
            fields.push(("post_logout_redirect_uri", uri.as_str().to_owned()));
        }
        Some(Self { endpoint, fields })
    }

    /// Where the form goes.
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The fields of the form, `id_token_hint` among them: secret.
    pub fn expose_fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }
}

impl std::fmt::Debug for EndSessionRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndSessionRequest").field("endpoint", &self.endpoint.as_str()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
