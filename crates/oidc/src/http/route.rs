//! The ways out: straight, or through a proxy that somebody outside this crate names for each address.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

/// One way out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Route {
    /// Straight to the server.
    Direct,
    /// Through this proxy: `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`, with user and password where it
    /// wants them.
    Proxy(Url),
}

/// Finds the ways out to an address, best first; the later ones are tried where an earlier one leads nowhere. Where it
/// finds none, the request goes as the environment and the system's settings say.
#[derive(Clone)]
pub struct RouteFinder(Arc<Find>);

type Find = dyn Fn(Url) -> Finding + Send + Sync;
type Finding = Pin<Box<dyn Future<Output = Vec<Route>> + Send>>;

impl RouteFinder {
    /// One that calls `find` before each request that leaves this machine. It is given the address without path and
    /// query.
    pub fn new<F: Future<Output = Vec<Route>> + Send + 'static>(
        find: impl Fn(Url) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |url| Box::pin(find(url))))
    }

    async fn find(&self, url: &Url) -> Vec<Route> {
        let mut origin = url.clone();
        origin.set_path("/");
        origin.set_query(None);
        origin.set_fragment(None);
        (self.0)(origin).await
    }
}

/// A client for each way out that was used. What is under way on one is not disturbed by the making of another.
#[derive(Clone)]
pub(super) struct Routes {
    finder: RouteFinder,
    clients: Arc<Mutex<HashMap<Route, reqwest::Client>>>,
}

/// Nobody has as many proxies; one that names itself anew each time must not fill the memory.
const MAX_CLIENTS: usize = 8;

impl Routes {
    pub(super) fn new(finder: RouteFinder) -> Self {
        Self { finder, clients: Arc::default() }
    }

    /// The clients to try in turn; empty where nobody knows a way.
    pub(super) async fn clients(
        &self,
        url: &Url,
        builder: impl Fn() -> reqwest::ClientBuilder,
    ) -> Vec<reqwest::Client> {
        let mut clients = Vec::new();
        for route in self.finder.find(url).await {
            clients.extend(self.client(route, &builder).await);
        }
        clients
    }

    async fn client(&self, route: Route, builder: impl Fn() -> reqwest::ClientBuilder) -> Option<reqwest::Client> {
        if let Some(client) = self.known().get(&route) {
            return Some(client.clone());
        }
        let builder = match &route {
            Route::Direct => builder().no_proxy(),
            Route::Proxy(url) => builder().proxy(reqwest::Proxy::all(url.clone()).ok()?),
        };
        let client = super::built_aside(builder).await.ok()?;
        let mut known = self.known();
        if known.len() >= MAX_CLIENTS {
            known.clear();
        }
        known.insert(route, client.clone());
        Some(client)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Route, reqwest::Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Without user and password.
impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("Direct"),
            Self::Proxy(url) => write!(f, "Proxy({}://{})", url.scheme(), host_and_port(url)),
        }
    }
}

fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

impl fmt::Debug for RouteFinder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RouteFinder")
    }
}
