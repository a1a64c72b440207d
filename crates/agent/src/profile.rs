//! A saved configuration: whom to ask, as whom, for what, and where the answer comes.

use std::fmt;

use gatepass_oidc::okta::{ServerKind, server_kind};
use gatepass_oidc::{ClientId, EndpointHosts, IssuerUrl, RedirectUri, Scope, Scopes};

use crate::Wrong;

mod asking;
mod further_audience;
mod groups_at;

pub use asking::{Asking, AuthenticationMethod};
pub use further_audience::FurtherAudience;
pub use groups_at::{GroupsAt, GroupsFrom};

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

    /// An id that says what `name` says, as far as an id can. Not unique.
    pub fn of_name(name: &str) -> Self {
        let mut slug = String::new();
        for character in name.chars() {
            if slug.len() >= 40 {
                break;
            }
            if character.is_ascii_alphanumeric() {
                slug.push(character.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "profile".to_owned() } else { slug.to_owned() })
    }

    /// This id, or the first of `this-2`, `this-3`… that is not taken.
    pub fn made_unique(&self, mut is_taken: impl FnMut(&ProfileId) -> bool) -> Self {
        // Room for the number, so that the id stays one.
        let stem: String = self.0.chars().take(50).collect();
        std::iter::once(self.clone())
            .chain((2_u64..).map(|number| Self(format!("{stem}-{number}"))))
            .find(|id| !is_taken(id))
            .unwrap_or_else(|| self.clone())
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
    /// How the authorization server is asked.
    pub asking: Asking,
    /// Where the person's groups are told.
    pub groups: GroupsAt,
    /// For whom else tokens can be had out of its session.
    pub further_audiences: Vec<FurtherAudience>,
}

/// What a profile is made of, as text: from a form or from the profiles file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileParts {
    /// `None` where it is to be made from the name.
    pub id: Option<String>,
    /// What the person calls it.
    pub name: String,
    /// The issuer to the letter; [`gatepass_oidc::okta::read_issuer`] is for what people paste.
    pub issuer: String,
    /// The client ID.
    pub client_id: String,
    /// Space-separated; `None` for [`Profile::DEFAULT_SCOPES`] or [`Profile::DEFAULT_ORG_SCOPES`].
    pub scopes: Option<String>,
    /// In the order they are tried; `None` for [`Profile::DEFAULT_REDIRECT_URI`].
    pub redirect_uris: Option<Vec<String>>,
    /// Hosts other than the issuer's.
    pub endpoint_hosts: Vec<String>,
    /// [`Asking::client_authentication`], by the standard's name.
    pub client_authentication: Option<String>,
    /// [`Asking::dpop`].
    pub dpop: bool,
    /// [`Asking::response_mode`], by the standard's name.
    pub response_mode: Option<String>,
    /// [`Asking::prompt`], by the standard's name.
    pub prompt: Option<String>,
    /// [`Asking::acr_values`], space-separated.
    pub acr_values: Option<String>,
    /// [`Asking::max_age`], in seconds.
    pub max_age: Option<u32>,
    /// [`Asking::push`].
    pub push: bool,
    /// [`Asking::silent_first`].
    pub silent_first: bool,
    /// [`Asking::sign_in_with`].
    pub sign_in_with: Option<String>,
    /// [`GroupsAt::claim`].
    pub groups_claim: Option<String>,
    /// [`GroupsAt::from`], by its name in the profiles file.
    pub groups_from: Option<String>,
    /// [`Profile::further_audiences`], each as issuer, audience and scopes, separated by spaces.
    pub further_audiences: Vec<String>,
}

impl Profile {
    /// Scopes of a profile that names none: who, and renewal.
    pub const DEFAULT_SCOPES: &'static str = "openid profile email offline_access";

    /// The same where the issuer is an org's own server. It knows the scope `groups` and names no groups without it; a
    /// custom server that has no such scope refuses it.
    pub const DEFAULT_ORG_SCOPES: &'static str = "openid profile email groups offline_access";

    /// Redirect URI of a profile that names none.
    pub const DEFAULT_REDIRECT_URI: &'static str = "http://localhost:27097/redirect";

    /// Reads a profile out of its parts. White space around each is removed.
    ///
    /// # Errors
    /// The first field that is not right.
    pub fn from_parts(parts: &ProfileParts) -> Result<Self, NotAProfile> {
        let name = read_name(&parts.name)?;
        let id = match &parts.id {
            Some(id) => ProfileId::parse(id).ok_or_else(|| NotAProfile::new("id", Wrong::NoId))?,
            None => ProfileId::of_name(&name),
        };
        let issuer = IssuerUrl::parse(parts.issuer.trim()).map_err(|error| NotAProfile::new("issuer", error))?;
        let client_id = read_client_id(&parts.client_id)?;
        let scopes = read_scopes(parts.scopes.as_deref().unwrap_or(match server_kind(&issuer) {
            ServerKind::Org => Self::DEFAULT_ORG_SCOPES,
            ServerKind::Custom => Self::DEFAULT_SCOPES,
        }))?;
        let redirect_uris = match &parts.redirect_uris {
            Some(uris) => read_redirect_uris(uris)?,
            None => read_redirect_uris(&[Self::DEFAULT_REDIRECT_URI.to_owned()])?,
        };
        let endpoint_hosts = read_hosts(&parts.endpoint_hosts)?;
        let asking = Asking::from_parts(parts, &redirect_uris)?;
        let groups = GroupsAt::from_parts(parts, &issuer, &scopes)?;
        let further_audiences = FurtherAudience::all_from_parts(&parts.further_audiences, &issuer)?;
        Ok(Self {
            id,
            name,
            issuer,
            client_id,
            scopes,
            redirect_uris,
            endpoint_hosts,
            asking,
            groups,
            further_audiences,
        })
    }

    /// The parts of it, from which [`Profile::from_parts`] makes the same again.
    pub fn to_parts(&self) -> ProfileParts {
        let mut parts = ProfileParts {
            id: Some(self.id.as_str().to_owned()),
            name: self.name.clone(),
            issuer: self.issuer.as_str().to_owned(),
            client_id: self.client_id.as_str().to_owned(),
            scopes: Some(self.scopes.to_string()),
            redirect_uris: Some(self.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect()),
            endpoint_hosts: self.endpoint_hosts.0.clone(),
            further_audiences: self.further_audiences.iter().map(FurtherAudience::to_part).collect(),
            ..ProfileParts::default()
        };
        self.asking.write(&mut parts);
        self.groups.write(&mut parts);
        parts
    }

    /// Whether the issuer is on loopback: a demo.
    pub fn is_demo(&self) -> bool {
        self.issuer.is_loopback()
    }
}

/// Why something is not a profile: the field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {what}")]
pub struct NotAProfile {
    /// The field, by its name in the profiles file.
    pub field: &'static str,
    /// What is wrong with it.
    pub what: Wrong,
}

impl NotAProfile {
    pub(crate) fn new(field: &'static str, what: impl Into<Wrong>) -> Self {
        Self { field, what: what.into() }
    }
}

fn read_name(name: &str) -> Result<String, NotAProfile> {
    let name = name.trim();
    if !(1..=100).contains(&name.chars().count()) {
        return Err(NotAProfile::new("name", Wrong::NameLength));
    }
    if name.chars().any(char::is_control) {
        return Err(NotAProfile::new("name", Wrong::NotOneLine));
    }
    Ok(name.to_owned())
}

/// Visible ASCII (RFC 6749 appendix A.1), and a length that no server exceeds, so that a pasted document is caught.
fn read_client_id(client_id: &str) -> Result<ClientId, NotAProfile> {
    let client_id = client_id.trim();
    if client_id.is_empty() {
        return Err(NotAProfile::new("client_id", Wrong::Missing));
    }
    if client_id.len() > 256 || !client_id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NotAProfile::new("client_id", Wrong::NoClientId));
    }
    Ok(ClientId::new(client_id))
}

fn read_scopes(text: &str) -> Result<Scopes, NotAProfile> {
    if let Some(word) = text.split_ascii_whitespace().find(|word| Scope::parse(word).is_none()) {
        return Err(NotAProfile::new("scopes", Wrong::Scope(shortened(word))));
    }
    let scopes = Scopes::parse(text);
    if !scopes.contains(&Scope::openid()) {
        return Err(NotAProfile::new("scopes", Wrong::NoOpenid));
    }
    Ok(scopes)
}

fn read_redirect_uris(uris: &[String]) -> Result<Vec<RedirectUri>, NotAProfile> {
    if uris.is_empty() {
        return Err(NotAProfile::new("redirect_uris", Wrong::NoRedirectUri));
    }
    uris.iter()
        .map(|uri| {
            RedirectUri::parse(uri.trim())
                .map_err(|why| NotAProfile::new("redirect_uris", Wrong::RedirectUri { uri: shortened(uri), why }))
        })
        .collect()
}

fn read_hosts(hosts: &[String]) -> Result<EndpointHosts, NotAProfile> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    let read = hosts.iter().map(|host| match host.trim() {
        host if !host.is_empty() && host.bytes().all(allowed) => Ok(host.to_owned()),
        host => Err(NotAProfile::new("endpoint_hosts", Wrong::Host(shortened(host)))),
    });
    Ok(EndpointHosts(read.collect::<Result<_, _>>()?))
}

/// As much of a text as fits a message.
fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests;
