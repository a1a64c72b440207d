//! An authorization server as it describes itself: metadata and keys of one issuer.

use std::fmt;
use std::sync::Arc;

use crate::dpop::Nonces;
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
    /// There is a device authorization endpoint, and its grant is not missing from `grant_types_supported`.
    pub device_authorization: bool,
    /// There is a UserInfo endpoint.
    pub userinfo: bool,
    /// There is a revocation endpoint.
    pub revocation: bool,
    /// There is an end-session endpoint.
    pub end_session: bool,
    /// There is a pushed authorization request endpoint.
    pub pushed_authorization: bool,
    /// The server takes no authorization request that was not pushed.
    pub requires_pushed_authorization: bool,
}

/// Metadata and keys of one issuer, as discovered (OIDC Discovery section 4). Cheap to clone; clones share the keys,
/// which are fetched again when a token names one that is not among them, and the newest DPoP nonces.
#[derive(Clone)]
pub struct Provider {
    shared: Arc<Shared>,
}

struct Shared {
    metadata: Metadata,
    keys: Keys,
    nonces: Nonces,
    discovered_at: Timestamp,
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
        let metadata = Metadata::read(&reply.success()?.json_object("the metadata")?, issuer, hosts)?;
        let keys = Keys::fetch(metadata.jwks_uri.clone(), http).await?;
        Ok(Self::new(metadata, keys, now))
    }

    /// Asks the issuer for its metadata and takes no notice of it: what is wanted is the `Date` of the answer, which
    /// the observer of `http` hears of.
    ///
    /// # Errors
    /// [`Error::Unreachable`]; any answer is good enough.
    pub async fn ask_time(issuer: &IssuerUrl, http: &Http) -> Result<(), Error> {
        http.get(&Metadata::address(issuer)?).await.map(drop)
    }

    fn new(metadata: Metadata, keys: Keys, discovered_at: Timestamp) -> Self {
        Self { shared: Arc::new(Shared { metadata, keys, nonces: Nonces::default(), discovered_at }) }
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
            device_authorization: metadata.offers_device_authorization(),
            userinfo: metadata.userinfo_endpoint.is_some(),
            revocation: metadata.revocation_endpoint.is_some(),
            end_session: metadata.end_session_endpoint.is_some(),
            pushed_authorization: metadata.pushed_authorization_request_endpoint.is_some(),
            requires_pushed_authorization: metadata.requires_pushed_authorization_requests,
        }
    }

    /// When the metadata was fetched, by the time given to [`Provider::discover`].
    pub fn discovered_at(&self) -> Timestamp {
        self.shared.discovered_at
    }

    pub(crate) fn metadata(&self) -> &Metadata {
        &self.shared.metadata
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    pub(crate) fn nonces(&self) -> &Nonces {
        &self.shared.nonces
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
