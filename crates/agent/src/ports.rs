//! The edges of the machine that tests replace: the clock and the browser. (The third is [`Vault`](crate::Vault).)

use gatepass_oidc::Timestamp;
use url::Url;

/// Tells the time by which decisions are made.
pub trait Clock: Send + Sync + 'static {
    /// The present.
    fn now(&self) -> Timestamp;
}

/// Starts the system's browser.
pub trait Browser: Send + Sync + 'static {
    /// Opens `url`. It is a local address of ours, never the authorization server's. Called on a blocking thread.
    ///
    /// # Errors
    /// Where the system says that nothing could be started. That it says nothing proves little: the launch address
    /// tells whether a browser came.
    fn open(&self, url: &Url) -> Result<(), BrowserFailed>;
}

/// The browser could not be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser could not be started: {reason}")]
pub struct BrowserFailed {
    /// What the system said.
    pub reason: String,
}
