//! The one way out of this crate: HTTP with limits. No redirect is followed, no `Origin` is sent, connect and total
//! time and the size of an answer are bounded, and the system's trust store decides about TLS.

use std::time::Duration;

use crate::Error;

/// Limits and names of the HTTP client.
#[derive(Clone, Debug)]
pub struct HttpPolicy {
    /// `User-Agent`.
    pub user_agent: String,
    /// Time for DNS, TCP and TLS. Not under 20 s: on Windows a handshake may wait that long for revocation lists.
    pub connect_timeout: Duration,
    /// Time for the whole exchange.
    pub total_timeout: Duration,
    /// Largest body accepted, in bytes.
    pub max_body: usize,
}

impl Default for HttpPolicy {
    fn default() -> Self {
        Self {
            user_agent: concat!("Gatepass/", env!("CARGO_PKG_VERSION")).into(),
            connect_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(45),
            max_body: 1024 * 1024,
        }
    }
}

/// An HTTP client under a policy. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    policy: HttpPolicy,
}

impl Http {
    /// Builds the client.
    ///
    /// # Errors
    /// [`Error::Unreachable`] where the system's TLS or proxy settings cannot be read.
    pub fn new(policy: HttpPolicy) -> Result<Self, Error> {
        let _ = policy;
        unimplemented_contract!()
    }
}
