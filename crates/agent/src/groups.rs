//! Which groups a person is in, as far as it is told.
//!
//! Okta puts them where the admin says: into the ID token, into the access token of a custom authorization server, into
//! what the UserInfo endpoint says, or nowhere; under a name that the admin chose. All are read the same way. Its API knows
//! them all, with their IDs, and tells administrators.

use gatepass_oidc::okta::Group;
use gatepass_oidc::{AccessTokenContent, TokenSet, UserInfo};
use serde_json::{Map, Value};

use crate::{Groups, GroupsAt, GroupsFrom, GroupsSource};

impl Groups {
    /// Of a session that has no token to look in yet.
    pub(crate) fn not_yet() -> Self {
        Self::none(GroupsSource::NotYet)
    }

    /// Of a session whose groups are being asked for.
    pub(crate) fn asking() -> Self {
        Self::none(GroupsSource::Asking)
    }

    fn none(source: GroupsSource) -> Self {
        Self { names: Vec::new(), ids: Vec::new(), source }
    }

    /// The groups that `tokens` name, by the first claim of this name that is one; none yet where they are to be asked for.
    pub(crate) fn of(tokens: &TokenSet, at: &GroupsAt) -> Self {
        let id_token = tokens.id_token.as_ref().map(|token| &token.claims().all);
        let access_token = match &tokens.access_token_content {
            AccessTokenContent::Verified(claims) => Some(claims.all()),
            AccessTokenContent::Opaque(_) => None,
        };
        Self::named_by(at, id_token, access_token)
    }

    /// What came of asking for them.
    pub(crate) fn asked(asked: Asked, at: &GroupsAt) -> Self {
        match asked {
            Asked::UserInfo(told) => Self::in_claim(at, Some(told.all()), GroupsSource::UserInfo)
                .unwrap_or_else(|| Self::none(GroupsSource::NoClaim)),
            Asked::Groups(groups) => {
                let (names, ids) = groups.into_iter().map(|group| (group.name, group.id)).unzip();
                Self { names, ids, source: GroupsSource::OktaApi }
            }
            Asked::Refused if at.from == GroupsFrom::AdminToken => Self::none(GroupsSource::ApiTokenRefused),
            Asked::Refused if at.from == GroupsFrom::OktaApi => Self::none(GroupsSource::ApiRefused),
            Asked::Refused | Asked::NoAnswer => Self::none(GroupsSource::NoAnswer),
            Asked::NoApiToken => Self::none(GroupsSource::NoApiToken),
            Asked::Unread => Self::none(GroupsSource::KeyringSilent),
        }
    }

    fn named_by(at: &GroupsAt, id_token: Option<&Claims>, access_token: Option<&Claims>) -> Self {
        let in_id_token = || Self::in_claim(at, id_token, GroupsSource::IdToken);
        let in_access_token = || Self::in_claim(at, access_token, GroupsSource::AccessToken);
        let told = match at.from {
            GroupsFrom::Tokens => in_id_token().or_else(in_access_token),
            GroupsFrom::IdToken => in_id_token(),
            GroupsFrom::AccessToken => in_access_token(),
            GroupsFrom::UserInfo | GroupsFrom::OktaApi | GroupsFrom::AdminToken => {
                return Self::not_yet();
            }
        };
        told.unwrap_or_else(|| Self::none(GroupsSource::NoClaim))
    }

    fn in_claim(at: &GroupsAt, claims: Option<&Claims>, source: GroupsSource) -> Option<Self> {
        Some(Self { names: names(claims?.get(&at.claim)?)?, ids: Vec::new(), source })
    }
}

/// What came of asking for the groups.
#[derive(Debug)]
pub(crate) enum Asked {
    /// The UserInfo endpoint answered.
    UserInfo(UserInfo),
    /// Okta's API did.
    Groups(Vec<Group>),
    /// Whoever asked is not told.
    Refused,
    /// There was no answer, or none that can be used.
    NoAnswer,
    /// There is no API token to ask with.
    NoApiToken,
    /// The keyring does not say what there is to ask with.
    Unread,
}

impl Asked {
    /// Whether it says nothing of the groups, so that what was told before goes on being true.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::NoAnswer | Self::Unread)
    }
}

type Claims = Map<String, Value>;

/// A list of texts, or a single text, which is how some servers write a list of one. Entries that are not text are left
/// out; a claim of another kind is no groups claim.
fn names(claim: &Value) -> Option<Vec<String>> {
    match claim {
        Value::String(name) => Some(vec![name.clone()]),
        Value::Array(entries) => Some(entries.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
