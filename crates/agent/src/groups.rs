//! Which groups a token names.
//!
//! Okta puts them where the admin says: into the ID token, into the access token of a custom authorization server, or
//! nowhere. Both are read the same way.

use gatepass_oidc::{AccessTokenContent, TokenSet};
use serde_json::{Map, Value};

use crate::{Groups, GroupsSource};

const CLAIM: &str = "groups";

impl Groups {
    /// Of a session that has no token to look in yet.
    pub(crate) fn not_yet() -> Self {
        Self { names: Vec::new(), source: GroupsSource::NotYet }
    }

    /// The groups that `tokens` name: the ID token's claim if it has one, else the verified access token's.
    pub(crate) fn of(tokens: &TokenSet) -> Self {
        let id_token = tokens.id_token.as_ref().map(|token| &token.claims().all);
        let access_token = match &tokens.access_token_content {
            AccessTokenContent::Verified(claims) => Some(claims.all()),
            AccessTokenContent::Opaque(_) => None,
        };
        Self::named_by(id_token, access_token)
    }

    fn named_by(id_token: Option<&Map<String, Value>>, access_token: Option<&Map<String, Value>>) -> Self {
        let claim_of = |claims: Option<&Map<String, Value>>| claims?.get(CLAIM).and_then(names);
        if let Some(names) = claim_of(id_token) {
            Self { names, source: GroupsSource::IdToken }
        } else if let Some(names) = claim_of(access_token) {
            Self { names, source: GroupsSource::AccessToken }
        } else {
            Self { names: Vec::new(), source: GroupsSource::NoClaim }
        }
    }
}

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
