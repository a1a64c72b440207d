//! The name of an authorization server.

use std::fmt;

use url::{Host, Url};

/// Identifies an authorization server: the `iss` of its tokens and the place of its metadata. Compared as text, never
/// as a parsed URL (OIDC Core section 3.1.3.7, OIDC Discovery section 4.3).
///
/// It is `https`, or `http` where the host is loopback (the demo org); it has no query, no fragment, no user, and no
/// trailing slash, which no Okta issuer has.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IssuerUrl {
    text: String,
    url: Url,
}

/// Why a text is not an issuer. [`crate::okta::read_issuer`] is the forgiving reader for what people paste.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIssuer {
    /// Not an absolute URL with a host, or not spelled as URLs are normally spelled: white space, capitals in the host,
    /// a default port. Issuers are compared as text, so a spelling that no server sends could never match.
    #[error("not an absolute URL in its normal spelling")]
    NotAUrl,
    /// Neither `https` nor `http` on a loopback host.
    #[error("not https")]
    NotHttps,
    /// A query, a fragment, a user or a trailing slash.
    #[error("an issuer has no query, no fragment, no user and no trailing slash")]
    Decorated,
}

impl IssuerUrl {
    /// Reads an issuer to the letter.
    pub fn parse(text: &str) -> Result<Self, NotAnIssuer> {
        let url = Url::parse(text).map_err(|_| NotAnIssuer::NotAUrl)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ if url.has_host() => return Err(NotAnIssuer::NotHttps),
            _ => return Err(NotAnIssuer::NotAUrl),
        }
        if text.contains(['?', '#', '@']) || text.ends_with('/') {
            return Err(NotAnIssuer::Decorated);
        }
        // The parser forgives much that a comparison of texts does not: it drops line breaks, lower-cases hosts, removes
        // dot segments and default ports, and writes an empty path as `/`.
        let normal = if url.path() == "/" { url.as_str().trim_end_matches('/') } else { url.as_str() };
        if text != normal {
            return Err(NotAnIssuer::NotAUrl);
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// The text to compare and to send.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same, parsed.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Host, with port where one is given.
    pub fn authority(&self) -> &str {
        self.url.authority()
    }

    /// Whether the host is 127.0.0.0/8, `[::1]` or `localhost`. Only then may it be plain `http`, and then a profile
    /// of it is labelled *demo*.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }
}

/// Whether the host is 127.0.0.0/8, `[::1]` or `localhost`: the only hosts that plain `http` may reach.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for IssuerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuerUrl({})", self.text)
    }
}

#[cfg(test)]
mod tests;
