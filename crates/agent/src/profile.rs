//! A saved configuration: whom to ask, as whom, for what, and where the answer comes.

use std::fmt;

use gatepass_oidc::{ClientId, EndpointHosts, IssuerUrl, RedirectUri, Scopes};

/// Names a profile over edits and restarts: 1 to 64 characters of `a-z0-9-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileId(String);

impl ProfileId {
    /// The id of this text, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        ((1..=64).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A saved configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Stable.
    pub id: ProfileId,
    /// What the person calls it; at most 100 characters.
    pub name: String,
    /// The authorization server.
    pub issuer: IssuerUrl,
    /// Who we are to it.
    pub client_id: ClientId,
    /// What is asked for. Contains `openid`.
    pub scopes: Scopes,
    /// Where answers may come, in the order they are tried. At least one.
    pub redirect_uris: Vec<RedirectUri>,
    /// Hosts other than the issuer's that its endpoints may have.
    pub endpoint_hosts: EndpointHosts,
}

impl Profile {
    /// Scopes of a profile that names none: who, groups, and renewal.
    pub const DEFAULT_SCOPES: &'static str = "openid profile email offline_access";

    /// Redirect URI of a profile that names none.
    pub const DEFAULT_REDIRECT_URI: &'static str = "http://localhost:27097/redirect";

    /// Whether the issuer is on loopback: a demo.
    pub fn is_demo(&self) -> bool {
        self.issuer.is_loopback()
    }
}

/// Why something is not a profile: the field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct NotAProfile {
    /// The field, by its name in the profiles file.
    pub field: &'static str,
    /// What is wrong, in a sentence without full stop.
    pub reason: String,
}
