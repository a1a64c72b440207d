//! Who we are to an authorization server: the client ID and how we authenticate as it.

use std::fmt;

use crate::{ClientAuthentication, SigningKey};

/// The identifier that the authorization server gave the application (RFC 6749 section 2.2). Not a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Wraps the identifier, surrounding white space removed.
    pub fn new(id: impl AsRef<str>) -> Self {
        Self(id.as_ref().trim().to_owned())
    }

    /// The identifier as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A client ID with its authentication, and with the key that its tokens are bound to.
#[derive(Clone, Debug)]
pub struct Client {
    /// The registered identifier.
    pub id: ClientId,
    /// How it authenticates.
    pub authentication: ClientAuthentication,
    /// What its tokens are bound to (RFC 9449). It is not the key that the client authenticates with, and tokens that are
    /// bound to one cannot be refreshed with another.
    pub dpop_key: Option<SigningKey>,
}

impl Client {
    /// A public client, as a native app is (RFC 8252 section 8.4).
    pub fn public(id: ClientId) -> Self {
        Self { id, authentication: ClientAuthentication::None, dpop_key: None }
    }

    /// The same client, which asks for tokens that are bound to `key`, and takes no others.
    #[must_use]
    pub fn bound_to(self, key: SigningKey) -> Self {
        Self { dpop_key: Some(key), ..self }
    }
}
