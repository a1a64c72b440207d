//! Where a person's groups are told: an admin of Okta chooses the claim's name, and the token that has it.

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
}

const PLACES: Names<GroupsFrom, 4> = Names(
    &["tokens", "id_token", "access_token", "userinfo"],
    [GroupsFrom::Tokens, GroupsFrom::IdToken, GroupsFrom::AccessToken, GroupsFrom::UserInfo],
);

impl Default for GroupsAt {
    fn default() -> Self {
        Self { claim: Self::CLAIM.to_owned(), from: GroupsFrom::default() }
    }
}

impl GroupsAt {
    /// What Okta's guides call the claim.
    const CLAIM: &'static str = "groups";

    pub(super) fn from_parts(parts: &ProfileParts) -> Result<Self, NotAProfile> {
        let claim = parts.groups_claim.as_deref().map(str::trim).filter(|claim| !claim.is_empty());
        let claim = claim.unwrap_or(Self::CLAIM);
        if claim.chars().count() > 100 || claim.chars().any(char::is_control) {
            return Err(NotAProfile::new("groups_claim", Wrong::NoClaim));
        }
        let from = named("groups_from", parts.groups_from.as_deref(), &PLACES)?.unwrap_or_default();
        Ok(Self { claim: claim.to_owned(), from })
    }

    pub(super) fn write(&self, parts: &mut ProfileParts) {
        let by_default = Self::default();
        parts.groups_claim = (self.claim != by_default.claim).then(|| self.claim.clone());
        parts.groups_from = (self.from != by_default.from).then(|| PLACES.name(self.from).to_owned());
    }
}
