//! Where the browser brings the answer.

use std::fmt;

use url::Url;

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
    /// Not an absolute URI, or one that a browser would ask for in another spelling.
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
        // The parser would drop line breaks and escape the rest; Okta compares the text.
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NotARedirectUri::NotAUri);
        }
        let url = Url::parse(text).map_err(|_| NotARedirectUri::NotAUri)?;
        let kind = match url.scheme() {
            "https" => return Err(NotARedirectUri::Https),
            "http" => loopback_kind(text, &url)?,
            scheme => private_scheme_kind(text, &url, scheme)?,
        };
        Ok(Self { text: text.to_owned(), kind })
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

/// Reads host and port out of the text, since the parsed URL no longer knows a port 80 or the spelling of the host.
fn loopback_kind(text: &str, url: &Url) -> Result<Kind, NotARedirectUri> {
    let rest = text.strip_prefix("http://").ok_or(NotARedirectUri::NotAUri)?;
    if rest.contains(['?', '#', '@']) {
        return Err(NotARedirectUri::Decorated);
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) =
        [("127.0.0.1", LoopbackHost::V4), ("[::1]", LoopbackHost::V6), ("localhost", LoopbackHost::Localhost)]
            .into_iter()
            .find_map(|(spelling, host)| Some((host, authority.strip_prefix(spelling)?)))
            .filter(|(_, port)| port.is_empty() || port.starts_with(':'))
            .ok_or(NotARedirectUri::NotLoopback)?;
    let port = port
        .strip_prefix(':')
        .filter(|digits| !digits.starts_with(['0', '+']))
        .and_then(|digits| digits.parse().ok())
        .ok_or(NotARedirectUri::NoPort)?;
    // A browser asks for the path as the parser writes it (`/a/../b` becomes `/b`), so another spelling would never
    // be answered. Without a path it asks for `/`.
    if !(path.is_empty() || path == url.path()) {
        return Err(NotARedirectUri::NotAUri);
    }
    Ok(Kind::Loopback { host, port, path: url.path().to_owned() })
}

fn private_scheme_kind(text: &str, url: &Url, scheme: &str) -> Result<Kind, NotARedirectUri> {
    let labels_are_named = scheme.split('.').all(|label| !label.is_empty());
    if !scheme.contains('.') || !labels_are_named {
        return Err(NotARedirectUri::SchemeWithoutDot);
    }
    if text.contains(['?', '#', '@']) {
        return Err(NotARedirectUri::Decorated);
    }
    // RFC 8252 section 7.1 puts a slash after the colon. `example.com:8080/redirect` is a web address without `http`.
    if !text.starts_with(scheme) || !text[scheme.len()..].starts_with(":/") {
        return Err(NotARedirectUri::NotAUri);
    }
    // The system hands over what a browser made of it, as with the path of a loopback URI.
    if text != url.as_str() {
        return Err(NotARedirectUri::NotAUri);
    }
    Ok(Kind::PrivateScheme { scheme: scheme.to_owned() })
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

#[cfg(test)]
mod tests;
