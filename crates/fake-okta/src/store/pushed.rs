//! Pushed authorization requests (RFC 9126), each for one use by its own client.

use crate::parameters::Parameters;
use crate::store::Store;

/// How long a pushed request can be used, in seconds. Okta's figure.
pub(crate) const PUSHED_LIFETIME: i64 = 3600;

/// A pushed request.
pub(crate) struct Pushed {
    client_id: String,
    server: String,
    parameters: Parameters,
    expires_at: i64,
}

/// Why a pushed request cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PushedRefusal {
    Unknown,
    Expired,
    AnotherClient,
    AnotherServer,
}

impl Pushed {
    pub(crate) fn new(client_id: String, server: String, parameters: Parameters, now: i64) -> Self {
        Self { client_id, server, parameters, expires_at: now + PUSHED_LIFETIME }
    }
}

impl Store {
    /// Keeps a request under its name.
    pub(crate) fn keep_pushed(&mut self, request_uri: String, pushed: Pushed) {
        self.pushed.insert(request_uri, pushed);
    }

    /// Takes the request of this name, once. A stranger's attempt does not use it up.
    pub(crate) fn take_pushed(
        &mut self,
        request_uri: &str,
        client_id: &str,
        server: &str,
        now: i64,
    ) -> Result<Parameters, PushedRefusal> {
        let pushed = self.pushed.get(request_uri).ok_or(PushedRefusal::Unknown)?;
        if pushed.client_id != client_id {
            return Err(PushedRefusal::AnotherClient);
        }
        if pushed.server != server {
            return Err(PushedRefusal::AnotherServer);
        }
        if now >= pushed.expires_at {
            return Err(PushedRefusal::Expired);
        }
        self.pushed.remove(request_uri).map(|pushed| pushed.parameters).ok_or(PushedRefusal::Unknown)
    }
}
