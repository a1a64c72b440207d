//! The edges of the machine that tests replace: the clock and the browser. (The third is [`Vault`](crate::Vault).)

use std::time::Duration;

use gatepass_oidc::Timestamp;
use url::Url;

/// The two clocks of a machine. Decisions are made by neither alone: what has passed is told by [`Clock::boot`], and
/// what the time is, by the server.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock: what a person sees, and can set.
    fn now(&self) -> Timestamp;

    /// The time since some instant of the past, such as the start of the machine. It goes on while the machine sleeps,
    /// and nobody can set it.
    fn boot(&self) -> Duration;
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
