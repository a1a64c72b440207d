//! Okta's quirks, all of them: what people paste for an issuer, the two kinds of authorization server, the shapes of
//! Okta's identifiers.

use crate::{IssuerUrl, NotAnIssuer};

/// The two kinds of authorization server that Okta has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKind {
    /// `https://{domain}`: its access tokens are for Okta alone and must be treated as opaque.
    Org,
    /// `https://{domain}/oauth2/{id}`, the one named `default` included.
    Custom,
}

/// Which kind `issuer` names, by its path.
pub fn server_kind(issuer: &IssuerUrl) -> ServerKind {
    if issuer.url().path().trim_matches('/').is_empty() { ServerKind::Org } else { ServerKind::Custom }
}

/// An issuer read out of what a person pasted, with what had to be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadIssuer {
    /// The issuer to use.
    pub issuer: IssuerUrl,
    /// What was mended, in the order it was done; empty where the text was the issuer to the letter.
    pub repairs: Vec<Repair>,
}

/// One thing that was mended in a pasted issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// `https://` was missing.
    SchemeAdded,
    /// The host was the admin console's (`acme-admin.okta.com`).
    AdminHost,
    /// A slash at the end.
    TrailingSlash,
    /// One of the five metadata addresses that Okta's console shows was cut back to its issuer.
    MetadataAddress,
    /// An endpoint (`…/v1/authorize`) or the bare `/oauth2` was cut back to its issuer.
    EndpointAddress,
    /// A query, fragment or user was dropped.
    Decoration,
}

/// Why no issuer can be read out of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableIssuer {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// A placeholder of a guide was left in: `{yourOktaDomain}`, `${…}`, `<…>`, `your-okta-domain`, `example.okta.com`.
    #[error("a placeholder was left in")]
    Placeholder,
    /// It is a client ID (`0oa…`).
    #[error("this is a client ID")]
    IsClientId,
    /// A client ID stands where the authorization server's ID belongs (`/oauth2/0oa…`).
    #[error("a client ID stands in the issuer's path")]
    ClientIdInPath,
    /// Plain `http` on a host that is not loopback.
    #[error("http is not https")]
    Http,
    /// Not an issuer for another reason.
    #[error(transparent)]
    NotAnIssuer(#[from] NotAnIssuer),
}

/// Reads an issuer out of what a person typed or pasted: any metadata address that Okta's console shows, an endpoint,
/// the admin console's host, a trailing slash.
pub fn read_issuer(text: &str) -> Result<ReadIssuer, UnreadableIssuer> {
    let _ = text;
    unimplemented_contract!()
}

/// What a text in the client ID's field really is, where that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientIdSuspicion {
    /// Nothing to say.
    Plausible,
    /// An authorization server's ID (`aus…`).
    AuthorizationServerId,
    /// A URL.
    Url,
    /// A placeholder of a guide.
    Placeholder,
    /// White space or characters no Okta client ID has.
    BadCharacters,
}

/// Looks at a client ID before it is used. Okta allows 6 to 100 characters of `a-zA-Z0-9$-_.+!*'(),`.
pub fn suspect_client_id(text: &str) -> ClientIdSuspicion {
    let _ = text;
    unimplemented_contract!()
}
