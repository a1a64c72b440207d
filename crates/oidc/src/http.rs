//! The one way out of this crate: HTTP with limits. No redirect is followed, no `Origin` is sent, connect and total
//! time and the size of an answer are bounded, and the system's trust store decides about TLS.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use secrecy::zeroize::Zeroizing;
use tokio::sync::OnceCell;
use url::Url;

use crate::challenge::Challenge;
use crate::issuer::is_loopback;
use crate::reply::{self, Reply};
use crate::{AccessToken, ApiToken, DpopProof, Error, Timestamp};
use departure::Departing;
pub use departure::Departure;
use failure::unanswered;
use route::Routes;
pub use route::{Route, RouteFinder};

mod departure;
mod failure;
mod route;

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
    /// Largest body accepted, in bytes. Tokens that name thousands of groups are long, and they are three.
    pub max_body: usize,
    /// Who knows the ways out, beside the environment and the system's settings.
    pub routes: Option<RouteFinder>,
}

impl Default for HttpPolicy {
    fn default() -> Self {
        Self {
            user_agent: concat!("Gatepass/", env!("CARGO_PKG_VERSION")).into(),
            connect_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(45),
            token_timeout: Duration::from_secs(25),
            max_body: 4 * 1024 * 1024,
            routes: None,
        }
    }
}

/// Hears of the `Date` of every answer (RFC 9110 section 6.6.1), whatever else the answer says: it is called with the
/// address as a request leaves, and what it returns is called when the head of the answer has come. An answer that a
/// cache gave (`Age`) is left out: how old it is says nothing exact of what time it is.
pub type DateObserver = Arc<dyn Fn(&Url) -> DateReceiver + Send + Sync>;

/// Called with the `Date` of an answer.
pub type DateReceiver = Box<dyn FnOnce(Timestamp) + Send>;

/// A form to post, and what stands in the header beside it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Form<'a> {
    pub fields: &'a [(&'a str, &'a str)],
    /// User and password for `Authorization`.
    pub basic: Option<(&'a str, &'a str)>,
    /// For `DPoP`.
    pub dpop_proof: Option<&'a DpopProof>,
}

impl Form<'_> {
    fn on(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let mut request = request.form(self.fields);
        if let Some((user, password)) = self.basic {
            request = request.basic_auth(user, Some(password));
        }
        if let Some(proof) = self.dpop_proof {
            request = request.header("dpop", proof.expose());
        }
        request
    }
}

/// By what a resource server is to let a request in.
#[derive(Clone, Copy)]
pub(crate) enum Authorization<'a> {
    /// By an access token (RFC 6750 section 2.1).
    Bearer(&'a AccessToken),
    /// By one that is bound to a key, and a proof that the key is here (RFC 9449 section 7.1).
    Dpop(&'a AccessToken, &'a DpopProof),
    /// By an API token of an Okta admin's.
    Ssws(&'a ApiToken),
}

impl<'a> Authorization<'a> {
    /// The value of `Authorization`, and what stands in `DPoP` beside it.
    fn headers(self) -> Result<(HeaderValue, Option<&'a DpopProof>), Error> {
        let (scheme, token, proof) = match self {
            Self::Bearer(token) => ("Bearer", token.expose(), None),
            Self::Dpop(token, proof) => ("DPoP", token.expose(), Some(proof)),
            Self::Ssws(token) => ("SSWS", token.expose(), None),
        };
        let value = HeaderValue::from_str(&format!("{scheme} {token}"));
        let mut value = value.map_err(|_| Error::nonconforming("the token cannot stand in a header"))?;
        value.set_sensitive(true);
        Ok((value, proof))
    }
}

/// An HTTP client under a policy. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    clients: Arc<Clients>,
    dates: Option<DateObserver>,
    departure: Option<Departure>,
}

/// Each is built when it is first needed: reading the system's trust store takes longer than all else at a start.
struct Clients {
    policy: HttpPolicy,
    /// For every host but loopback: https alone, through the system's proxy.
    remote: OnceCell<reqwest::Client>,
    /// For loopback hosts, which no proxy must ever be asked for.
    loopback: OnceCell<reqwest::Client>,
    /// For every host but loopback, where somebody knows better than the system's settings.
    routes: Option<Routes>,
}

impl Http {
    /// A client that has read nothing yet. Proxy settings and trust store are read with the first request that needs
    /// them, once; where they cannot be, that request fails as [`Error::Unreachable`], and the next one tries again.
    pub fn new(policy: HttpPolicy) -> Self {
        let routes = policy.routes.clone().map(Routes::new);
        let clients = Clients { policy, remote: OnceCell::new(), loopback: OnceCell::new(), routes };
        Self { clients: Arc::new(clients), dates: None, departure: None }
    }

    /// The same client, whose servers' clocks `observer` hears of.
    #[must_use]
    pub fn with_dates(self, observer: DateObserver) -> Self {
        Self { dates: Some(observer), ..self }
    }

    /// The same client, whose requests leave in time or not at all. One that does not fails as [`Error::Unreachable`] that
    /// has not arrived.
    #[must_use]
    pub fn departing(self, departure: Departure) -> Self {
        Self { departure: Some(departure), ..self }
    }

    pub(crate) async fn get(&self, url: &Url) -> Result<Reply, Error> {
        self.send(url, |client| client.get(url.clone())).await
    }

    /// The same, of a resource server.
    pub(crate) async fn get_authorized(&self, url: &Url, authorization: Authorization<'_>) -> Result<Reply, Error> {
        let (value, proof) = authorization.headers()?;
        self.send(url, |client| {
            let request = client.get(url.clone()).header(AUTHORIZATION, value.clone());
            match proof {
                Some(proof) => request.header("dpop", proof.expose()),
                None => request,
            }
        })
        .await
    }

    pub(crate) async fn post_form(&self, url: &Url, form: Form<'_>) -> Result<Reply, Error> {
        self.send(url, |client| form.on(client.post(url.clone()))).await
    }

    /// As [`Self::post_form`], within the time for a token request.
    pub(crate) async fn post_token_request(&self, url: &Url, form: Form<'_>) -> Result<Reply, Error> {
        let timeout = self.clients.policy.token_timeout;
        self.send(url, |client| form.on(client.post(url.clone())).timeout(timeout)).await
    }

    /// Sends what `request` makes, once: by another way only where the one before did not reach the server.
    async fn send(
        &self,
        url: &Url,
        request: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder,
    ) -> Result<Reply, Error> {
        let (last, others) = self.clients.for_address(url).await?;
        for client in others {
            match self.send_by(url, request(&client)).await {
                Err(Error::Unreachable { may_have_arrived: false, .. } | Error::Obstructed { .. }) => {}
                outcome => return outcome,
            }
        }
        self.send_by(url, request(&last)).await
    }

    async fn send_by(&self, url: &Url, request: reqwest::RequestBuilder) -> Result<Reply, Error> {
        let date_receiver = self.dates.as_ref().map(|observer| observer(url));
        let sending = request.header(ACCEPT, "application/json").send();
        let sent = match &self.departure {
            Some(departure) => departure.clone().bounding(sending).await,
            None => sending.await,
        };
        let mut response = sent.map_err(unanswered)?;
        let mut reply = Reply {
            status: response.status().as_u16(),
            server_time: reply::server_time(response.headers()),
            retry_after: reply::retry_after(response.headers(), response.status().as_u16()),
            challenge: Challenge::read(response.headers()),
            dpop_nonce: reply::dpop_nonce(response.headers()),
            next_page: reply::next_page(response.headers()),
            request_id: reply::request_id(response.headers()),
            body: Zeroizing::default(),
            is_too_long: false,
        };
        if let Some((receiver, date)) = date_receiver.zip(reply::date(response.headers())) {
            receiver(date);
        }
        // The body of such an answer is never read, so its size and its breaking off do not matter either.
        if reply.is_busy() {
            return Ok(reply);
        }
        while let Some(chunk) = response.chunk().await.map_err(unanswered)? {
            if reply.body.len() + chunk.len() > self.clients.policy.max_body {
                reply.is_too_long = true;
                break;
            }
            reply.body.extend_from_slice(&chunk);
        }
        Ok(reply)
    }
}

impl Clients {
    /// The client to try last, and those to try in turn before it.
    async fn for_address(&self, url: &Url) -> Result<(reqwest::Client, Vec<reqwest::Client>), Error> {
        let policy = &self.policy;
        if is_loopback(url) {
            let client = self.loopback.get_or_try_init(|| built_aside(bounded(policy).no_proxy())).await?;
            return Ok((client.clone(), Vec::new()));
        }
        let mut known = match &self.routes {
            Some(routes) => routes.clients(url, || remote(policy)).await,
            None => Vec::new(),
        };
        match known.pop() {
            Some(last) => Ok((last, known)),
            None => Ok((self.remote.get_or_try_init(|| built_aside(remote(policy))).await?.clone(), known)),
        }
    }
}

/// A client for hosts other than loopback.
fn remote(policy: &HttpPolicy) -> reqwest::ClientBuilder {
    bounded(policy).https_only(true)
}

fn bounded(policy: &HttpPolicy) -> reqwest::ClientBuilder {
    // reqwest panics without a provider. An error says that there is one already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(&policy.user_agent)
        .connect_timeout(policy.connect_timeout)
        .connector_layer(Departing)
        .timeout(policy.total_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // A second sending of a refresh token that may have arrived can end the session.
        .retry(reqwest::retry::never())
        // After a suspend a pooled connection is a dead one that does not know it yet.
        .pool_max_idle_per_host(0)
        .http1_only()
}

/// Builds a client where reading hundreds of certificates holds nobody up.
async fn built_aside(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
    match tokio::task::spawn_blocking(move || builder.build()).await {
        Ok(built) => built.map_err(unanswered),
        // The runtime is ending.
        Err(_) => Err(Error::Unreachable { reason: "the program is ending".into(), may_have_arrived: false }),
    }
}

/// Says nothing: the address of a proxy may have a password in it.
impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
