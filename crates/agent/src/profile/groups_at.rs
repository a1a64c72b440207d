//! Where a person's groups are told: an admin of Okta chooses the claim's name, and the token that has it. Where no token
//! has it there is Okta's API, for administrators.

use gatepass_oidc::okta::{ServerKind, server_kind};
use gatepass_oidc::{IssuerUrl, Scope, Scopes};

use super::asking::{Names, named};
use super::{NotAProfile, ProfileParts};
use crate::Wrong;

/// Where a person's groups are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupsAt {
    /// The name of the claim; 1 to 100 characters.
    pub claim: String,
    /// Where it is looked for.
    pub from: GroupsFrom,
}

/// Where a claim is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupsFrom {
    /// In the ID token, else in the access token.
    #[default]
    Tokens,
    /// In the ID token alone.
    IdToken,
    /// In the access token alone.
    AccessToken,
    /// At the UserInfo endpoint, which is asked after each sign-in and renewal (OIDC Core section 5.3).
    UserInfo,
    /// At Okta's API, which is asked after each sign-in and renewal with the person's access token. It takes one of the org
    /// authorization server alone, and tells administrators.
    OktaApi,
    /// The same with an API token, for an admin who insists: whoever has it has all rights of the admin who made it.
    AdminToken,
}

const PLACES: Names<GroupsFrom, 6> = Names(
    &["tokens", "id_token", "access_token", "userinfo", "okta_api", "okta_api_token"],
    [
        GroupsFrom::Tokens,
        GroupsFrom::IdToken,
        GroupsFrom::AccessToken,
        GroupsFrom::UserInfo,
        GroupsFrom::OktaApi,
        GroupsFrom::AdminToken,
    ],
);

/// What Okta's API wants an access token to allow that asks for somebody's groups.
const API_SCOPE: &str = "okta.users.read";

impl GroupsFrom {
    /// By its name in the profiles file.
    pub fn as_str(self) -> &'static str {
        PLACES.name(self)
    }

    /// Whether somebody is asked for the groups, so that they come after the tokens.
    pub fn is_asked(self) -> bool {
        matches!(self, Self::UserInfo | Self::OktaApi | Self::AdminToken)
    }
}

impl Default for GroupsAt {
    fn default() -> Self {
        Self { claim: Self::CLAIM.to_owned(), from: GroupsFrom::default() }
    }
}

impl GroupsAt {
    /// What Okta's guides call the claim.
    const CLAIM: &'static str = "groups";

    /// Reads it out of the parts of a profile with this issuer and these scopes.
    pub(super) fn from_parts(parts: &ProfileParts, issuer: &IssuerUrl, scopes: &Scopes) -> Result<Self, NotAProfile> {
        let claim = parts.groups_claim.as_deref().map(str::trim).filter(|claim| !claim.is_empty());
        let claim = claim.unwrap_or(Self::CLAIM);
        if claim.chars().count() > 100 || claim.chars().any(char::is_control) {
            return Err(NotAProfile::new("groups_claim", Wrong::NoClaim));
        }
        let from = named("groups_from", parts.groups_from.as_deref(), &PLACES)?.unwrap_or_default();
        if from == GroupsFrom::OktaApi {
            if server_kind(issuer) == ServerKind::Custom {
                return Err(NotAProfile::new("groups_from", Wrong::ApiNotOfCustomServer));
            }
            if !Scope::parse(API_SCOPE).is_some_and(|scope| scopes.contains(&scope)) {
                return Err(NotAProfile::new("groups_from", Wrong::ApiScopeMissing(API_SCOPE)));
            }
        }
        Ok(Self { claim: claim.to_owned(), from })
    }

    pub(super) fn write(&self, parts: &mut ProfileParts) {
        let by_default = Self::default();
        parts.groups_claim = (self.claim != by_default.claim).then(|| self.claim.clone());
        parts.groups_from = (self.from != by_default.from).then(|| self.from.as_str().to_owned());
    }
}
