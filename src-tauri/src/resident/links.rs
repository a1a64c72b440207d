//! Addresses with a private-use scheme (RFC 8252 section 7.1): making the system bring them to this program. They come
//! in as the argument of a new process (see [`Role::Deliver`](crate::role::Role::Deliver)), on macOS as an event.
//!
//! They carry authorization codes, so nothing here logs one, and no webview of this process could hear of one: the
//! resident has none.

use std::collections::BTreeSet;
use std::sync::mpsc;

use gatepass_app::App;
use gatepass_wire::{DeliveredRedirect, Intent, Snapshot};
use tauri::AppHandle;
use tauri_plugin_deep_link::DeepLinkExt as _;

use crate::role::is_private_scheme;

/// The scheme that Gatepass itself suggests.
const OWN_SCHEME: &str = "dev.gatepass.desktop";

/// Registers schemes with the system, each once.
pub struct Links {
    known: BTreeSet<String>,
    to_register: mpsc::Sender<String>,
}

impl Links {
    /// Starts the thread that registers (the system's tools for it may take a second), and listens for addresses.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(shell: &AppHandle, app: &App) -> std::io::Result<Self> {
        let (to_register, schemes) = mpsc::channel::<String>();
        let handle = shell.clone();
        std::thread::Builder::new().name("links".into()).spawn(move || {
            for scheme in schemes {
                register(&handle, &scheme);
            }
        })?;
        let app = app.clone();
        shell.deep_link().on_open_url(move |event| {
            for url in event.urls() {
                let app = app.clone();
                let redirect = DeliveredRedirect(url.into());
                tauri::async_runtime::spawn(async move { app.carry_out(Intent::DeliverRedirect { redirect }).await });
            }
        });
        Ok(Self { known: BTreeSet::new(), to_register })
    }

    /// Sees to it that every private-use redirect URI of a profile comes here, and those of our own scheme.
    pub fn cover(&mut self, snapshot: &Snapshot) {
        self.add(OWN_SCHEME);
        for scheme in schemes(snapshot) {
            self.add(scheme);
        }
    }

    fn add(&mut self, scheme: &str) {
        if self.known.insert(scheme.to_owned()) {
            // The thread ends with the sender alone.
            let _ = self.to_register.send(scheme.to_owned());
        }
    }
}

/// The private-use schemes in the redirect URIs of all profiles. A profile can be imported or typed by hand: `https` or
/// `mailto` in it must not make Gatepass the handler of either.
fn schemes(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    let uris = snapshot.profiles.iter().flat_map(|profile| &profile.redirect_uris);
    uris.filter_map(|uri| uri.split_once(':')).map(|(scheme, _)| scheme).filter(|scheme| is_private_scheme(scheme))
}

fn register(shell: &AppHandle, scheme: &str) {
    // The bundle's Info.plist registers there, and nothing else can.
    if cfg!(target_os = "macos") {
        return;
    }
    let links = shell.deep_link();
    match links.is_registered(scheme) {
        Ok(true) => return,
        Ok(false) => {}
        Err(error) => tracing::debug!(%error, scheme, "not known whether the scheme is registered"),
    }
    match links.register(scheme) {
        Ok(()) => tracing::info!(scheme, "registered for redirects"),
        Err(error) => tracing::warn!(%error, scheme, "redirects by this scheme will not arrive"),
    }
}

#[cfg(test)]
mod tests {
    use gatepass_wire::Status;

    use super::*;
    use crate::samples::{profile, snapshot};

    #[test]
    fn only_private_schemes_are_registered() {
        let mut one = profile("a", Status::SignedOut);
        one.redirect_uris =
            ["http://localhost:1/redirect", "com.okta.acme:/redirect", "mailto:x", "https://a.b/", ".:/"]
                .map(String::from)
                .into();
        assert_eq!(schemes(&snapshot(vec![one])).collect::<Vec<_>>(), ["com.okta.acme"]);
    }
}
