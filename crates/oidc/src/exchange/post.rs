//! The one place where a request says which client asks: at the token endpoint, and wherever else the server wants to
//! know (revocation, introspection, and the like).

use secrecy::ExposeSecret;
use url::Url;

use super::Exchange;
use crate::client_authentication::Credential;
use crate::http::Form;
use crate::reply::Reply;
use crate::{ClientAuthentication, Error};

/// An answer to a client that said who it is.
pub(crate) struct Answer {
    pub reply: Reply,
    /// Which credential of the client the answer is for, counted from the first; `None` for a public client.
    pub credential: Option<usize>,
}

/// Which endpoint is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Token,
    Other,
}

impl Exchange<'_> {
    /// Posts `form` to an endpoint of the provider, with what says who we are. `client_id` may stand in the form.
    pub async fn post(self, endpoint: &Url, form: &[(&str, &str)]) -> Result<Answer, Error> {
        self.try_credentials(endpoint, form, Kind::Other).await
    }

    /// As [`Self::post`], to the token endpoint and within its time.
    pub(super) async fn post_token_request(self, form: &[(&str, &str)]) -> Result<Answer, Error> {
        self.try_credentials(&self.provider.metadata().token_endpoint, form, Kind::Token).await
    }

    /// Tries the credentials in turn. A server that does not know the client says so before it looks at what was asked
    /// for, so nothing is spent by a try that failed.
    async fn try_credentials(self, endpoint: &Url, form: &[(&str, &str)], kind: Kind) -> Result<Answer, Error> {
        let credentials = self.client.authentication.credentials();
        let is_public = matches!(self.client.authentication, ClientAuthentication::None);
        let mut tried = 0;
        loop {
            let reply = self.send(endpoint, form, credentials[tried], kind).await?;
            if !reply.refuses_client() || tried + 1 == credentials.len() {
                return Ok(Answer { reply, credential: (!is_public).then_some(tried) });
            }
            tried += 1;
        }
    }

    async fn send(
        self,
        endpoint: &Url,
        form: &[(&str, &str)],
        credential: Credential<'_>,
        kind: Kind,
    ) -> Result<Reply, Error> {
        let attachment = credential.attach(&self.client.id, endpoint, self.now);
        let mut fields = form.to_vec();
        for (name, value) in &attachment.fields {
            // A pushed authorization request names the client in any case.
            if !form.iter().any(|(there, _)| there == name) {
                fields.push((name, value.expose_secret()));
            }
        }
        let basic = attachment.basic.as_ref().map(|(user, password)| (user.as_str(), password.expose_secret()));
        let form = Form { fields: &fields, basic };
        match kind {
            Kind::Token => self.http.post_token_request(endpoint, form).await,
            Kind::Other => self.http.post_form(endpoint, form).await,
        }
    }
}

#[cfg(test)]
mod tests;
