//! Which groups a person is in, as far as it is told.
//!
//! Okta puts them where the admin says: into the ID token, into the access token of a custom authorization server, into
//! what the UserInfo endpoint says, or nowhere; under a name that the admin chose. All are read the same way. Its API knows
//! them all, with their IDs, and tells administrators.

use gatepass_oidc::{AboutPerson, AccessTokenContent, Error as OidcError, TokenSet};
use serde_json::{Map, Value};

use crate::{Groups, GroupsAt, GroupsFrom, GroupsSource};

impl Groups {
    /// Of a session that has no token to look in yet.
    pub(crate) fn not_yet() -> Self {
        Self::none(GroupsSource::NotYet)
    }

    fn none(source: GroupsSource) -> Self {
        Self { names: Vec::new(), ids: Vec::new(), source }
    }

    /// The groups that `tokens` name, by the first claim of this name that is one; or those that Okta's API told beside.
    pub(crate) fn of(tokens: &TokenSet, at: &GroupsAt) -> Self {
        if at.from.is_api() {
            return Self::by_api(at.from, tokens.about_person.as_ref());
        }
        let id_token = tokens.id_token.as_ref().map(|token| &token.claims().all);
        let access_token = match &tokens.access_token_content {
            AccessTokenContent::Verified(claims) => Some(claims.all()),
            AccessTokenContent::Opaque(_) => None,
        };
        let user_info = match &tokens.about_person {
            Some(AboutPerson::UserInfo(told)) => Some(told.all()),
            Some(AboutPerson::Groups(_) | AboutPerson::NoGroups(_)) | None => None,
        };
        Self::named_by(at, id_token, access_token, user_info)
    }

    fn by_api(from: GroupsFrom, told: Option<&AboutPerson>) -> Self {
        match (told, from) {
            (Some(AboutPerson::Groups(groups)), _) => {
                let (names, ids) = groups.iter().map(|group| (group.name.clone(), group.id.clone())).unzip();
                Self { names, ids, source: GroupsSource::OktaApi }
            }
            (Some(AboutPerson::NoGroups(OidcError::Refused { .. })), _) => Self::none(GroupsSource::ApiRefused),
            (Some(AboutPerson::NoGroups(_)), _) => Self::none(GroupsSource::ApiSilent),
            (Some(AboutPerson::UserInfo(_)) | None, GroupsFrom::AdminToken) => Self::none(GroupsSource::NoApiToken),
            // The profile was edited since, and the next renewal asks.
            (Some(AboutPerson::UserInfo(_)) | None, _) => Self::none(GroupsSource::NotYet),
        }
    }

    fn named_by(
        at: &GroupsAt,
        id_token: Option<&Claims>,
        access_token: Option<&Claims>,
        user_info: Option<&Claims>,
    ) -> Self {
        let id_token = (id_token, GroupsSource::IdToken);
        let access_token = (access_token, GroupsSource::AccessToken);
        let places = match at.from {
            GroupsFrom::Tokens => vec![id_token, access_token],
            GroupsFrom::IdToken => vec![id_token],
            GroupsFrom::AccessToken => vec![access_token],
            GroupsFrom::UserInfo => vec![(user_info, GroupsSource::UserInfo)],
            GroupsFrom::OktaApi | GroupsFrom::AdminToken => Vec::new(),
        };
        let told = places.into_iter().find_map(|(claims, source)| Some((names(claims?.get(&at.claim)?)?, source)));
        told.map_or_else(
            || Self::none(GroupsSource::NoClaim),
            |(names, source)| Self { names, ids: Vec::new(), source },
        )
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
