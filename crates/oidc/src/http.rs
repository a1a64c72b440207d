//! The one way out of this crate: HTTP with limits. No redirect is followed, no `Origin` is sent, connect and total
//! time and the size of an answer are bounded, and the system's trust store decides about TLS.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::ACCEPT;
use secrecy::zeroize::Zeroizing;
use tokio::sync::OnceCell;
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
    clients: Arc<Clients>,
}

/// Each is built when it is first needed: reading the system's trust store takes longer than all else at a start.
struct Clients {
    policy: HttpPolicy,
    /// For every host but loopback: https alone, through the system's proxy.
    remote: OnceCell<reqwest::Client>,
    /// For loopback hosts, which no proxy must ever be asked for.
    loopback: OnceCell<reqwest::Client>,
}

impl Http {
    /// A client that has read nothing yet. Proxy settings and trust store are read with the first request that needs
    /// them, once; where they cannot be, that request fails as [`Error::Unreachable`], and the next one tries again.
    pub fn new(policy: HttpPolicy) -> Self {
        Self { clients: Arc::new(Clients { policy, remote: OnceCell::new(), loopback: OnceCell::new() }) }
    }

    pub(crate) async fn get(&self, url: &Url) -> Result<Reply, Error> {
        self.send(self.client(url).await?.get(url.clone())).await
    }

    pub(crate) async fn post_form(&self, url: &Url, form: &[(&str, &str)]) -> Result<Reply, Error> {
        self.send(self.client(url).await?.post(url.clone()).form(form)).await
    }

    /// As [`Self::post_form`], within the time for a token request.
    pub(crate) async fn post_token_request(&self, url: &Url, form: &[(&str, &str)]) -> Result<Reply, Error> {
        let timeout = self.clients.policy.token_timeout;
        self.send(self.client(url).await?.post(url.clone()).form(form).timeout(timeout)).await
    }

    async fn client(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        let Clients { policy, remote, loopback } = &*self.clients;
        let (client, build): (_, fn(&HttpPolicy) -> _) =
            if is_loopback(url) { (loopback, build_loopback) } else { (remote, build_remote) };
        client.get_or_try_init(|| built_aside(policy.clone(), build)).await
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
            if reply.body.len() + chunk.len() > self.clients.policy.max_body {
                return Err(Error::nonconforming(format!(
                    "a body of more than {} bytes",
                    self.clients.policy.max_body
                )));
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

/// Builds a client where reading hundreds of certificates holds nobody up.
async fn built_aside(
    policy: HttpPolicy,
    build: fn(&HttpPolicy) -> reqwest::Result<reqwest::Client>,
) -> Result<reqwest::Client, Error> {
    match tokio::task::spawn_blocking(move || build(&policy)).await {
        Ok(built) => built.map_err(unreachable),
        // The runtime is ending.
        Err(_) => Err(Error::Unreachable { reason: "the program is ending".into(), may_have_arrived: false }),
    }
}

fn build_remote(policy: &HttpPolicy) -> reqwest::Result<reqwest::Client> {
    under(policy).https_only(true).build()
}

fn build_loopback(policy: &HttpPolicy) -> reqwest::Result<reqwest::Client> {
    under(policy).no_proxy().build()
}

fn under(policy: &HttpPolicy) -> reqwest::ClientBuilder {
    // reqwest panics without a provider. An error says that there is one already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
