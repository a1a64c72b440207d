//! The desktop's portal (`org.freedesktop.portal.ProxyResolver`). It is asked before each request, which costs a
//! millisecond, so nothing that it said can be out of date.

use std::time::Duration;

use gatepass_oidc::Route;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use url::Url;
use zbus::{Connection, Proxy};

/// A request that a person waits for must not wait longer for advice.
const PATIENCE: Duration = Duration::from_secs(2);

/// A portal that is not there, or does not answer, is left alone for so long.
const LEFT_ALONE: Duration = Duration::from_secs(60);

/// The portal on one bus.
pub(super) struct Portal {
    /// Where the bus is; the session's if it is not said.
    address: Option<String>,
    bus: Mutex<Option<Connection>>,
    left_alone_until: std::sync::Mutex<Option<Instant>>,
}

impl Portal {
    pub(super) fn of_this_session() -> Self {
        Self { address: None, bus: Mutex::default(), left_alone_until: std::sync::Mutex::default() }
    }

    /// The ways out to `url`, best first; none if nobody knows. Returns soon in any case.
    pub(super) async fn ask(&self, url: Url) -> Vec<Route> {
        if self.left_alone_until().is_some_and(|until| Instant::now() < until) {
            return Vec::new();
        }
        let reason = match timeout(PATIENCE, self.look_up(&url)).await {
            Ok(Ok(answers)) => return answers.iter().filter_map(|answer| route(answer)).collect(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        tracing::debug!(reason, "the desktop does not say which proxy to use");
        *self.left_alone_until() = Some(Instant::now() + LEFT_ALONE);
        Vec::new()
    }

    /// Answers in the form of GLib's `GProxyResolver`.
    async fn look_up(&self, url: &Url) -> zbus::Result<Vec<String>> {
        let (name, path) = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop");
        let bus = self.bus().await?;
        let portal = Proxy::new(&bus, name, path, "org.freedesktop.portal.ProxyResolver").await?;
        portal.call("Lookup", &(url.as_str(),)).await
    }

    /// The bus, connected to when it is first needed and again when it is gone.
    async fn bus(&self) -> zbus::Result<Connection> {
        let mut kept = self.bus.lock().await;
        if let Some(bus) = kept.as_ref().filter(|bus| !bus.is_closed()) {
            return Ok(bus.clone());
        }
        let bus = match &self.address {
            Some(address) => zbus::connection::Builder::address(address.as_str())?.build().await?,
            None => Connection::session().await?,
        };
        *kept = Some(bus.clone());
        Ok(bus)
    }

    fn left_alone_until(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.left_alone_until.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// One of the answers; none where it is a kind of proxy that we do not speak with. As in GLib, a SOCKS proxy of version
/// 5 resolves the name: it may be the only one that knows it.
fn route(answer: &str) -> Option<Route> {
    let (scheme, rest) = answer.split_once("://")?;
    let scheme = match scheme {
        "direct" => return Some(Route::Direct),
        "socks" | "socks5" | "socks5h" => "socks5h",
        "http" | "https" | "socks4" | "socks4a" => scheme,
        _ => return None,
    };
    let url = Url::parse(&format!("{scheme}://{rest}")).ok()?;
    url.host_str().is_some_and(|host| !host.is_empty()).then_some(Route::Proxy(url))
}

#[cfg(test)]
#[cfg(feature = "system-tests")]
mod tests;
