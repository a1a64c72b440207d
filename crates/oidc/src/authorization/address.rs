//! Where the browser is sent: to the whole request, or to a reference to one that was pushed (RFC 9126).

use std::fmt;

use serde_json::Value;
use url::Url;

use crate::exchange::Exchange;
use crate::token_response::lifetime;
use crate::{Error, Timestamp};

/// Longer references would not fit into an address that every browser and server takes.
const MAX_REQUEST_URI: usize = 1024;

/// The address for the browser.
pub struct AuthorizationUrl {
    url: Url,
    /// Of a pushed request.
    ends_at: Option<Timestamp>,
    was_opened: bool,
}

impl AuthorizationUrl {
    /// The whole request in the query.
    pub(super) fn whole(mut endpoint: Url, parameters: &[(&str, String)]) -> Self {
        endpoint.query_pairs_mut().extend_pairs(parameters);
        Self { url: endpoint, ends_at: None, was_opened: false }
    }

    /// Hands the request to the server (RFC 9126 section 2). The browser then carries client ID and reference alone
    /// (section 4).
    pub(super) async fn push(exchange: Exchange<'_>, parameters: &[(&str, String)]) -> Result<Self, Error> {
        let metadata = exchange.provider.metadata();
        let endpoint = metadata.pushed_authorization_request_endpoint.as_ref();
        let endpoint =
            endpoint.ok_or_else(|| Error::nonconforming("the server has no pushed authorization request endpoint"))?;
        let form: Vec<_> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // The standard says 201, Okta's own description 200.
        let body =
            exchange.post(endpoint, &form).await?.reply.success()?.json_object("the answer to the pushed request")?;
        let request_uri = body.get("request_uri").and_then(Value::as_str);
        let request_uri = request_uri
            .filter(|uri| !uri.is_empty() && uri.len() <= MAX_REQUEST_URI)
            .ok_or_else(|| Error::nonconforming("no usable `request_uri` for the pushed request"))?;
        let life = body.get("expires_in").and_then(lifetime).filter(|life| !life.is_zero());
        let life = life.ok_or_else(|| Error::nonconforming("no `expires_in` for the pushed request"))?;
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("client_id", exchange.client.id.as_str())
            .append_pair("request_uri", request_uri);
        Ok(Self { url, ends_at: Some(exchange.now + life), was_opened: false })
    }

    /// Until when it can be opened. `None` where it is the whole request, which has no end of its own.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.ends_at
    }

    /// The address to open at `now`. The whole request may be opened as often as one likes; a pushed one once and before
    /// its end (RFC 9126 section 4), after which this is `None`: only a new request helps.
    pub fn open(&mut self, now: Timestamp) -> Option<Url> {
        let may_be_opened = self.ends_at.is_none_or(|end| !self.was_opened && now < end);
        self.was_opened |= may_be_opened;
        may_be_opened.then(|| self.url.clone())
    }
}

/// Without the address: `state` and `nonce` stand in it, or what leads to them.
impl fmt::Debug for AuthorizationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationUrl").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
