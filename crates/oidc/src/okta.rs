//! Okta's quirks, all of them: what people paste for an issuer, the two kinds of authorization server, the shapes of
//! Okta's identifiers, and the one thing that its management API is asked for.

use url::Url;

use crate::issuer::is_loopback;
use crate::{IssuerUrl, NotAnIssuer};

mod groups;

pub use groups::{Group, GroupsAsker, groups};

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

/// Where `issuer` has its UserInfo endpoint (OIDC Core section 5.3), by how Okta lays its servers out: for a command
/// that a person is given to try. This crate asks only endpoints that were discovered, as [`crate::userinfo()`] does.
pub fn userinfo_endpoint(issuer: &IssuerUrl) -> Url {
    let mut url = issuer.url().clone();
    let path = match server_kind(issuer) {
        ServerKind::Org => "/oauth2/v1/userinfo".to_owned(),
        ServerKind::Custom => format!("{}/v1/userinfo", url.path().trim_end_matches('/')),
    };
    url.set_path(&path);
    url
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
/// the admin console's host, a trailing slash. White space around it, capitals in the host and a default port are
/// mended without a word.
///
/// # Errors
/// [`UnreadableIssuer`] where guessing would be worse than asking again.
pub fn read_issuer(text: &str) -> Result<ReadIssuer, UnreadableIssuer> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'));
    if text.is_empty() {
        return Err(UnreadableIssuer::Empty);
    }
    if is_placeholder(text) {
        return Err(UnreadableIssuer::Placeholder);
    }
    if is_client_id(text) {
        return Err(UnreadableIssuer::IsClientId);
    }
    let mut repairs = Vec::new();
    let mut url = if has_scheme(text) {
        Url::parse(text)
    } else {
        repairs.push(Repair::SchemeAdded);
        Url::parse(&format!("https://{text}"))
    }
    .map_err(|_| NotAnIssuer::NotAUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(UnreadableIssuer::Http),
        _ => return Err(NotAnIssuer::NotHttps.into()),
    }
    if undecorate(&mut url) {
        repairs.push(Repair::Decoration);
    }
    if let Some(host) = url.host_str().and_then(without_admin) {
        url.set_host(Some(&host)).map_err(|_| NotAnIssuer::NotAUrl)?;
        // The console's own pages lie under `/admin`; nobody's issuer does.
        if url.path() == "/admin" || url.path().starts_with("/admin/") {
            url.set_path("");
        }
        repairs.push(Repair::AdminHost);
    }
    // Once more, since parsing turns the wide brackets of some keyboards into plain ones.
    if url.host_str() == Some("example.okta.com") || is_placeholder(url.as_str()) {
        return Err(UnreadableIssuer::Placeholder);
    }
    let path = cut_path(url.path(), text, &mut repairs);
    if path.strip_prefix("/oauth2/").is_some_and(is_client_id) {
        return Err(UnreadableIssuer::ClientIdInPath);
    }
    let issuer = IssuerUrl::parse(&format!("{}://{}{path}", url.scheme(), url.authority()))?;
    Ok(ReadIssuer { issuer, repairs })
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
    /// White space, characters or a length that no Okta client ID has.
    BadCharacters,
}

/// Looks at a client ID before it is used. Okta allows 6 to 100 characters of `a-zA-Z0-9$-_.+!*'(),`. Nothing is said
/// about an empty field.
pub fn suspect_client_id(text: &str) -> ClientIdSuspicion {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if text.is_empty() {
        ClientIdSuspicion::Plausible
    } else if is_placeholder(text) || ["clientid", "client-id", "client_id"].iter().any(|word| lower.contains(word)) {
        ClientIdSuspicion::Placeholder
    } else if has_scheme(text) || text.contains('/') || OKTA_DOMAINS.iter().any(|domain| lower.ends_with(domain)) {
        ClientIdSuspicion::Url
    } else if is_okta_id(text, "aus") {
        ClientIdSuspicion::AuthorizationServerId
    } else if !(6..=100).contains(&text.len())
        || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"$-_.+!*'(),".contains(&byte))
    {
        ClientIdSuspicion::BadCharacters
    } else {
        ClientIdSuspicion::Plausible
    }
}

/// The domains under which Okta gives out orgs.
const OKTA_DOMAINS: [&str; 5] = [".okta.com", ".oktapreview.com", ".okta-emea.com", ".okta-gov.com", ".okta.mil"];

/// Whether a guide's placeholder was left in. `%7b` is how a browser's address bar writes a brace.
fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.contains(['{', '}', '<', '>'])
        || ["%7b", "%7d", "%3c", "%3e", "your-okta-domain", "youroktadomain", "your_okta_domain"]
            .iter()
            .any(|mark| lower.contains(mark))
}

/// Whether `text` has the shape of an Okta identifier of this kind: a prefix of three letters and then letters and
/// digits, about twenty in all. A name that a person chose seldom has that length without a dash.
fn is_okta_id(text: &str, prefix: &str) -> bool {
    text.starts_with(prefix)
        && (12..=24).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_client_id(text: &str) -> bool {
    text.starts_with("0oa") && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a scheme is written out. `acme.okta.com:443` has none.
fn has_scheme(text: &str) -> bool {
    text.contains("://") || ["https:/", "http:/"].iter().any(|scheme| starts_with_ignoring_case(text, scheme))
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Drops query, fragment and user; says whether there was any.
fn undecorate(url: &mut Url) -> bool {
    let user = !url.username().is_empty() || url.password().is_some();
    let decorated = user || url.query().is_some() || url.fragment().is_some();
    url.set_query(None);
    url.set_fragment(None);
    if user {
        // These fail only for URLs that cannot have a user at all.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    decorated
}

/// `acme.okta.com` for `acme-admin.okta.com`.
fn without_admin(host: &str) -> Option<String> {
    let (label, domain) = host.split_once('.')?;
    let org = label.strip_suffix("-admin").filter(|org| !org.is_empty())?;
    OKTA_DOMAINS.iter().any(|known| known[1..] == *domain).then(|| format!("{org}.{domain}"))
}

/// The issuer's path in the path of what was pasted; empty for an org server. Repeats until nothing is left to cut, so
/// that reading the result again changes nothing.
fn cut_path(path: &str, text: &str, repairs: &mut Vec<Repair>) -> String {
    let mut path = path.to_owned();
    loop {
        let trimmed = path.trim_end_matches('/').len();
        // A bare host has the path `/` whether or not a slash was typed.
        if trimmed < path.len() && (trimmed > 0 || text.ends_with('/')) {
            note(repairs, Repair::TrailingSlash);
        }
        path.truncate(trimmed);
        let (shorter, repair) = if let Some(shorter) = without_metadata(&path) {
            (shorter, Repair::MetadataAddress)
        } else if let Some(shorter) = without_endpoint(&path) {
            (shorter, Repair::EndpointAddress)
        } else {
            return path;
        };
        path = shorter.to_owned();
        note(repairs, repair);
    }
}

fn note(repairs: &mut Vec<Repair>, repair: Repair) {
    if !repairs.contains(&repair) {
        repairs.push(repair);
    }
}

/// The path without its well-known part. RFC 8414 section 3.1 puts that part before the issuer's path, OIDC Discovery
/// section 4 after it; Okta's console shows both, and its guides cut in the middle.
fn without_metadata(path: &str) -> Option<&str> {
    const NAMES: [&str; 3] = ["openid-configuration", "oauth-authorization-server", "okta-organization"];
    let (before, after) = path.split_once("/.well-known")?;
    if after.is_empty() {
        return Some(before);
    }
    let after = after.strip_prefix('/')?;
    let name = NAMES
        .into_iter()
        .find(|name| after.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))?;
    let inserted = &after[name.len()..];
    // Either part may be empty, never both filled.
    match (before.is_empty(), inserted.is_empty()) {
        (_, true) => Some(before),
        (true, false) => Some(inserted),
        (false, false) => None,
    }
}

/// The path without `/v1/…` behind a server's own path, and without the `/oauth2` that an org server's issuer has not.
fn without_endpoint(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/oauth2")?;
    if rest.is_empty() || rest == "/v1" || rest.starts_with("/v1/") {
        return Some("");
    }
    let server = rest.strip_prefix('/')?;
    let (id, operation) = server.split_once('/')?;
    (operation == "v1" || operation.starts_with("v1/")).then(|| &path[.."/oauth2/".len() + id.len()])
}

#[cfg(test)]
mod tests;
