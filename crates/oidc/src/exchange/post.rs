//! The one place where a request says which client asks: at the token endpoint, and wherever else the server wants to
//! know (revocation, introspection, and the like). At the token endpoint it also proves that it holds its key (RFC 9449).

use secrecy::ExposeSecret;
use url::Url;

use super::Exchange;
use crate::client_authentication::Credential;
use crate::dpop::Possession;
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

    /// Sends one request, and where the server wants a nonce in the proof, the same once more with it.
    async fn send(
        self,
        endpoint: &Url,
        form: &[(&str, &str)],
        credential: Credential<'_>,
        kind: Kind,
    ) -> Result<Reply, Error> {
        let reply = self.send_once(endpoint, form, credential, kind).await?;
        if kind == Kind::Token && self.client.dpop_key.is_some() && reply.wants_dpop_nonce() {
            return self.send_once(endpoint, form, credential, kind).await;
        }
        Ok(reply)
    }

    async fn send_once(
        self,
        endpoint: &Url,
        form: &[(&str, &str)],
        credential: Credential<'_>,
        kind: Kind,
    ) -> Result<Reply, Error> {
        let Self { provider, client, http, now } = self;
        let attachment = credential.attach(&client.id, endpoint, now);
        let mut fields = form.to_vec();
        for (name, value) in &attachment.fields {
            // A pushed authorization request names the client in any case.
            if !form.iter().any(|(there, _)| there == name) {
                fields.push((name, value.expose_secret()));
            }
        }
        let basic = attachment.basic.as_ref().map(|(user, password)| (user.as_str(), password.expose_secret()));
        let form = |dpop_proof| Form { fields: &fields, basic, dpop_proof };
        let reply = match kind {
            Kind::Token => {
                let prove = |key| {
                    let possession = Possession { key, method: "POST", url: endpoint, access_token: None, now };
                    possession.prove(provider.nonces())
                };
                let proof = client.dpop_key.as_ref().map(prove);
                http.post_token_request(endpoint, form(proof.as_ref())).await?
            }
            Kind::Other => http.post_form(endpoint, form(None)).await?,
        };
        if let Some(nonce) = &reply.dpop_nonce {
            provider.nonces().keep(endpoint, nonce.clone());
        }
        Ok(reply)
    }
}

#[cfg(test)]
mod tests;
