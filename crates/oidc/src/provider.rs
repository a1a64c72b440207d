//! An authorization server as it describes itself: metadata and keys of one issuer.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::keys::Keys;
use crate::metadata::Metadata;
use crate::{Error, Http, IssuerUrl, Timestamp};

/// Hosts other than the issuer's that a profile allows for endpoints. Empty for every ordinary Okta org.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EndpointHosts(pub Vec<String>);

/// What the metadata says the server can do, for the person who sets up a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Org or custom authorization server.
    pub kind: crate::okta::ServerKind,
    /// `code_challenge_methods_supported` has `S256`.
    pub pkce_s256: bool,
    /// There is a device authorization endpoint.
    pub device_authorization: bool,
    /// There is a revocation endpoint.
    pub revocation: bool,
    /// There is an end-session endpoint.
    pub end_session: bool,
    /// There is a pushed authorization request endpoint.
    pub pushed_authorization: bool,
}

/// Metadata and keys of one issuer, as discovered (OIDC Discovery section 4). Cheap to clone; clones share the keys,
/// which are fetched again when a token names one that is not among them.
#[derive(Clone)]
pub struct Provider {
    shared: Arc<Shared>,
}

struct Shared {
    metadata: Metadata,
    keys: Keys,
    discovered_at: Timestamp,
    clock_offset_millis: Mutex<Option<i64>>,
}

impl Provider {
    /// Fetches metadata and keys. No client ID is sent.
    ///
    /// # Errors
    /// [`Check::Issuer`](crate::Check::Issuer) where the metadata names another issuer (OIDC Discovery section 4.3);
    /// [`Check::Endpoint`](crate::Check::Endpoint) where an endpoint is not https on the issuer's host or one of `hosts`.
    pub async fn discover(
        issuer: &IssuerUrl,
        hosts: &EndpointHosts,
        http: &Http,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let reply = http.get(&Metadata::address(issuer)?).await?;
        let server_time = reply.server_time;
        let metadata = Metadata::read(&reply.success()?.json_object("the metadata")?, issuer, hosts)?;
        let keys = Keys::fetch(metadata.jwks_uri.clone(), http).await?;
        let provider = Self::new(metadata, keys, now);
        provider.learn_time(server_time, now);
        Ok(provider)
    }

    fn new(metadata: Metadata, keys: Keys, discovered_at: Timestamp) -> Self {
        let clock_offset_millis = Mutex::new(None);
        Self { shared: Arc::new(Shared { metadata, keys, discovered_at, clock_offset_millis }) }
    }

    /// The issuer.
    pub fn issuer(&self) -> &IssuerUrl {
        &self.metadata().issuer
    }

    /// What the server says it can do.
    pub fn capabilities(&self) -> Capabilities {
        let metadata = self.metadata();
        Capabilities {
            kind: crate::okta::server_kind(&metadata.issuer),
            pkce_s256: metadata.pkce_s256,
            device_authorization: metadata.device_authorization_endpoint.is_some(),
            revocation: metadata.revocation_endpoint.is_some(),
            end_session: metadata.end_session_endpoint.is_some(),
            pushed_authorization: metadata.pushed_authorization_request_endpoint.is_some(),
        }
    }

    /// When the metadata was fetched, by the time given to [`Provider::discover`].
    pub fn discovered_at(&self) -> Timestamp {
        self.shared.discovered_at
    }

    /// The server's clock less ours, in milliseconds, as its `Date` header told when it last answered through this
    /// value; `None` where it sent none. Whole seconds of precision at best.
    pub fn clock_offset_millis(&self) -> Option<i64> {
        *self.shared.clock_offset_millis.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn metadata(&self) -> &Metadata {
        &self.shared.metadata
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    /// Remembers how the server's clock differs from the one that said `now`.
    pub(crate) fn learn_time(&self, server_time: Option<Timestamp>, now: Timestamp) {
        if let Some(server_time) = server_time {
            let offset = server_time.as_unix_millis().saturating_sub(now.as_unix_millis());
            *self.shared.clock_offset_millis.lock().unwrap_or_else(PoisonError::into_inner) = Some(offset);
        }
    }

    /// A provider with Okta's endpoints that was never asked for them, and that has no keys yet.
    #[doc(hidden)]
    pub fn undiscovered_for_tests(issuer: &IssuerUrl, now: Timestamp) -> Self {
        let base = match crate::okta::server_kind(issuer) {
            crate::okta::ServerKind::Org => format!("{issuer}/oauth2/v1"),
            crate::okta::ServerKind::Custom => format!("{issuer}/v1"),
        };
        let document = serde_json::json!({
            "issuer": issuer.as_str(),
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "revocation_endpoint": format!("{base}/revoke"),
            "end_session_endpoint": format!("{base}/logout"),
            "code_challenge_methods_supported": ["S256"],
        });
        let document = document.as_object().expect("it is written as an object above");
        let metadata = Metadata::read(document, issuer, &EndpointHosts::default())
            .expect("its endpoints are on the issuer's host");
        let keys = Keys::none_yet(metadata.jwks_uri.clone());
        Self::new(metadata, keys, now)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("metadata", self.metadata()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
