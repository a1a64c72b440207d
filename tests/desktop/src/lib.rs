//! A virtual desktop with everything that Gatepass meets on a real one: a tray host, a keyring, a browser, a window
//! that WebDriver reads and clicks, and an Okta-shaped org that issues the tokens.
//!
//! [`Desktop`] is what a test or the demo starts with; `script/virtual-desktop` has to have set the scene (display, bus,
//! keyring, a home of its own). Whatever is waited for is waited for by looking until it is there ([`eventually`]),
//! with a time limit that only a broken program reaches.

mod browser;
mod desktop;
mod keyring;
mod notices;
mod org;
mod story;
mod tray;
mod window;

use std::future::Future;
use std::time::Duration;

pub use browser::{Browser, Opener};
pub use desktop::{Desktop, Resident};
pub use keyring::Keyring;
pub use notices::{Notice, Notices};
pub use org::Org;
pub use story::{all_end, command_line, quit, quit_by, signed_in};
pub use tray::{Entry, OpenMenu, TrayHost};
pub use window::Window;

/// How long a thing may take that a person would wait for. Generous: two busy cores draw slowly.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// Asks servers on loopback. The TLS provider that reqwest insists on is seen to, though none is ever used.
pub fn http() -> reqwest::Client {
    // An error says that there is one already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// Looks again and again until `look` finds something, and fails with `what` and the last reason if it never does.
pub async fn eventually<T, F>(what: &str, mut look: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<T>>,
{
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        match look().await {
            Ok(found) => return Ok(found),
            Err(error) if tokio::time::Instant::now() > end => {
                return Err(error.context(format!("waited {} s for: {what}", PATIENCE.as_secs())));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
