//! Where the browser brings the answer.

use std::fmt;

/// A redirect URI of a native app (RFC 8252 section 7): loopback or a private-use scheme. It keeps the text it was
/// given, since Okta compares to the letter, port included.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    text: String,
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Kind {
    Loopback { host: LoopbackHost, port: u16, path: String },
    PrivateScheme { scheme: String },
}

/// A loopback host as a redirect URI spells it. Three different strings to Okta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoopbackHost {
    /// `127.0.0.1`
    V4,
    /// `[::1]`
    V6,
    /// `localhost`: both, where both exist.
    Localhost,
}

/// Why a text is not a redirect URI that a native app can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARedirectUri {
    /// Not an absolute URI.
    #[error("not an absolute URI")]
    NotAUri,
    /// A fragment, forbidden by RFC 6749 section 3.1.2; or a query or user, which nothing here needs.
    #[error("a redirect URI has no fragment, no query and no user")]
    Decorated,
    /// `http` on a host that is not loopback.
    #[error("http is for loopback hosts only")]
    NotLoopback,
    /// `https`: no native desktop app can receive it.
    #[error("an https redirect cannot reach a desktop app")]
    Https,
    /// A loopback URI without a port: Okta compares the port, so it must be fixed.
    #[error("a loopback redirect URI names its port")]
    NoPort,
    /// A scheme without a dot is not a private-use scheme under anyone's control (RFC 8252 section 7.1).
    #[error("a private-use scheme is a reversed domain name")]
    SchemeWithoutDot,
}

impl RedirectUri {
    /// Reads a redirect URI to the letter.
    pub fn parse(text: &str) -> Result<Self, NotARedirectUri> {
        let _ = (text, Kind::PrivateScheme { scheme: String::new() });
        unimplemented_contract!()
    }

    /// The text as registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host, port and path to listen on; `None` for a private-use scheme.
    pub fn loopback(&self) -> Option<(LoopbackHost, u16, &str)> {
        match &self.kind {
            Kind::Loopback { host, port, path } => Some((*host, *port, path)),
            Kind::PrivateScheme { .. } => None,
        }
    }

    /// The scheme, if it is a private-use one.
    pub fn private_scheme(&self) -> Option<&str> {
        match &self.kind {
            Kind::PrivateScheme { scheme } => Some(scheme),
            Kind::Loopback { .. } => None,
        }
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedirectUri({})", self.text)
    }
}
