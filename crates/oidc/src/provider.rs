//! An authorization server as it describes itself: metadata and keys of one issuer.

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
#[derive(Clone, Debug)]
pub struct Provider {
    issuer: IssuerUrl,
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
        let _ = (issuer, hosts, http, now);
        unimplemented_contract!()
    }

    /// The issuer.
    pub fn issuer(&self) -> &IssuerUrl {
        &self.issuer
    }

    /// What the server says it can do.
    pub fn capabilities(&self) -> Capabilities {
        unimplemented_contract!()
    }

    /// When the metadata was fetched, by the time given to [`Provider::discover`].
    pub fn discovered_at(&self) -> Timestamp {
        unimplemented_contract!()
    }

    /// The server's clock less ours, in milliseconds, as its `Date` header told when it last answered through this
    /// value; `None` where it sent none. Whole seconds of precision at best.
    pub fn clock_offset_millis(&self) -> Option<i64> {
        unimplemented_contract!()
    }
}
