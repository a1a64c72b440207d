//! The one way out of this crate: HTTP with limits. No redirect is followed, no `Origin` is sent, connect and total
//! time and the size of an answer are bounded, and the system's trust store decides about TLS.

use std::fmt;
use std::time::Duration;

use reqwest::header::ACCEPT;
use secrecy::zeroize::Zeroizing;
use url::Url;

use crate::Error;
use crate::error::quoted;
use crate::issuer::is_loopback;
use crate::reply::{self, Reply};

/// Limits and names of the HTTP client.
#[derive(Clone, Debug)]
pub struct HttpPolicy {
    /// `User-Agent`.
    pub user_agent: String,
    /// Time for DNS, TCP and TLS. Not under 20 s: on Windows a handshake may wait that long for revocation lists.
    pub connect_timeout: Duration,
    /// Time for the whole exchange.
    pub total_timeout: Duration,
    /// The same for an exchange with the token endpoint. Under 30 s, Okta's default grace period for a refresh token
    /// that was rotated: when a server hangs, there must be time left in which asking again is safe.
    pub token_timeout: Duration,
    /// Largest body accepted, in bytes.
    pub max_body: usize,
}

impl Default for HttpPolicy {
    fn default() -> Self {
        Self {
            user_agent: concat!("Gatepass/", env!("CARGO_PKG_VERSION")).into(),
            connect_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(45),
            token_timeout: Duration::from_secs(25),
            max_body: 1024 * 1024,
        }
    }
}

/// An HTTP client under a policy. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    /// For every host but loopback: https alone, through the system's proxy.
    remote: reqwest::Client,
    /// For loopback hosts, which no proxy must ever be asked for.
    loopback: reqwest::Client,
    token_timeout: Duration,
    max_body: usize,
}

impl Http {
    /// Builds the client. Proxy settings and trust store are read here, once.
    ///
    /// # Errors
    /// [`Error::Unreachable`] where the system's TLS or proxy settings cannot be read.
    pub fn new(policy: HttpPolicy) -> Result<Self, Error> {
        // reqwest panics without a provider. An error says that there is one already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(&policy.user_agent)
                .connect_timeout(policy.connect_timeout)
                .timeout(policy.total_timeout)
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                // A second sending of a refresh token that may have arrived can end the session.
                .retry(reqwest::retry::never())
                // After a suspend a pooled connection is a dead one that does not know it yet.
                .pool_max_idle_per_host(0)
                .http1_only()
        };
        let remote = builder().https_only(true).build().map_err(unreachable)?;
        let loopback = builder().no_proxy().build().map_err(unreachable)?;
        Ok(Self { remote, loopback, token_timeout: policy.token_timeout, max_body: policy.max_body })
    }

    pub(crate) async fn get(&self, url: &Url) -> Result<Reply, Error> {
        self.send(self.client(url).get(url.clone())).await
    }

    pub(crate) async fn post_form(&self, url: &Url, form: &[(&str, &str)]) -> Result<Reply, Error> {
        self.send(self.client(url).post(url.clone()).form(form)).await
    }

    /// As [`Self::post_form`], within the time for a token request.
    pub(crate) async fn post_token_request(&self, url: &Url, form: &[(&str, &str)]) -> Result<Reply, Error> {
        self.send(self.client(url).post(url.clone()).form(form).timeout(self.token_timeout)).await
    }

    fn client(&self, url: &Url) -> &reqwest::Client {
        if is_loopback(url) { &self.loopback } else { &self.remote }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Reply, Error> {
        let mut response = request.header(ACCEPT, "application/json").send().await.map_err(unreachable)?;
        let mut reply = Reply {
            status: response.status().as_u16(),
            server_time: reply::server_time(response.headers()),
            retry_after: reply::retry_after(response.headers(), response.status().as_u16()),
            body: Zeroizing::default(),
        };
        // The body of such an answer is never read, so its size and its breaking off do not matter either.
        if reply.is_busy() {
            return Ok(reply);
        }
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if reply.body.len() + chunk.len() > self.max_body {
                return Err(Error::nonconforming(format!("a body of more than {} bytes", self.max_body)));
            }
            reply.body.extend_from_slice(&chunk);
        }
        Ok(reply)
    }
}

/// Says nothing: the address of a proxy may have a password in it.
impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

/// Keeps what the system said at the end of the chain. The URL is left out: it may have a query.
fn unreachable(error: reqwest::Error) -> Error {
    let may_have_arrived = !(error.is_connect() || error.is_builder());
    let reason = if error.is_timeout() {
        if may_have_arrived { "no answer within the time limit" } else { "no connection within the time limit" }
            .to_owned()
    } else {
        let error = error.without_url();
        let mut deepest: &dyn std::error::Error = &error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        quoted(&deepest.to_string(), 200)
    };
    Error::Unreachable { reason, may_have_arrived }
}

#[cfg(test)]
mod tests;
