//! What is asked about the person beside their tokens, where the profile wants it: what the issuer's UserInfo endpoint says,
//! or which groups Okta's API knows. Nothing of it holds tokens up for long, and nothing that goes wrong with it ends anything.

use std::time::Duration;

use gatepass_oidc::okta::{Group, GroupsAsker, groups};
use gatepass_oidc::{AboutPerson, Client, Error as OidcError, Provider, Subject, TokenSet, userinfo};
use tokio::time::timeout;

use super::edges::Edges;
use crate::{GroupsFrom, Profile};

/// How long tokens wait for what the issuer says of the person.
const USER_INFO_PATIENCE: Duration = Duration::from_secs(5);

/// The same for a list of groups, which is cut into pages that come one after the other.
const GROUPS_PATIENCE: Duration = Duration::from_secs(15);

/// What was known before a renewal.
pub(super) struct Before {
    /// Whose session it is.
    pub(super) subject: Subject,
    /// What came of asking last.
    pub(super) told: Option<AboutPerson>,
}

/// The tokens, and what came of asking about the person; without an answer, soon, what was told before.
pub(super) async fn ask(
    edges: &Edges,
    profile: &Profile,
    tokens: TokenSet,
    provider: &Provider,
    client: &Client,
    before: Option<Before>,
) -> TokenSet {
    let (known, before) = before.map_or((None, None), |before| (Some(before.subject), before.told));
    let subject = tokens.id_token.as_ref().map(|id_token| id_token.claims().subject.clone()).or(known);
    let Some(subject) = subject else { return tokens };
    let now = edges.now(profile);
    let about_person = match profile.groups.from {
        GroupsFrom::Tokens | GroupsFrom::IdToken | GroupsFrom::AccessToken => None,
        GroupsFrom::UserInfo => {
            let asking = userinfo(&tokens, &subject, provider, client, &edges.http, now);
            match within(USER_INFO_PATIENCE, profile, asking).await {
                Ok(told) => Some(AboutPerson::UserInfo(told)),
                Err(_) => before.filter(|before| matches!(before, AboutPerson::UserInfo(_))),
            }
        }
        GroupsFrom::OktaApi => {
            let asker = GroupsAsker::Person(&tokens, client);
            let asking = groups(&subject, asker, provider, &edges.http, now);
            Some(of_groups(within(GROUPS_PATIENCE, profile, asking).await, before))
        }
        GroupsFrom::AdminToken => match edges.credentials.api_token(profile).await {
            Ok(None) => None,
            Ok(Some(token)) => {
                let asking = groups(&subject, GroupsAsker::Admin(&token), provider, &edges.http, now);
                Some(of_groups(within(GROUPS_PATIENCE, profile, asking).await, before))
            }
            Err(error) => {
                let reason = error.to_string();
                Some(of_groups(Err(OidcError::Unreachable { reason, may_have_arrived: false }), before))
            }
        },
    };
    TokenSet { about_person, ..tokens }
}

/// What is known of the groups now. A refusal says that they are not told any more; any other failure says nothing of them.
fn of_groups(asked: Result<Vec<Group>, OidcError>, before: Option<AboutPerson>) -> AboutPerson {
    match (asked, before) {
        (Ok(groups), _) => AboutPerson::Groups(groups),
        (Err(error), Some(known @ AboutPerson::Groups(_))) if !matches!(error, OidcError::Refused { .. }) => known,
        (Err(error), _) => AboutPerson::NoGroups(error),
    }
}

/// What `asking` comes to within this time, which is logged where it comes to nothing.
async fn within<T>(
    patience: Duration,
    profile: &Profile,
    asking: impl Future<Output = Result<T, OidcError>>,
) -> Result<T, OidcError> {
    let asked = timeout(patience, asking).await.unwrap_or_else(|_| {
        let reason = format!("no answer within {} s", patience.as_secs());
        Err(OidcError::Unreachable { reason, may_have_arrived: true })
    });
    asked.inspect_err(|error| tracing::info!(profile = %profile.id, %error, "nothing is told about the person"))
}
