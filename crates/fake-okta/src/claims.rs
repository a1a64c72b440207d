//! What tokens and userinfo say about a person: by scope, by the claims of a custom server, by an application's groups
//! claim, or as [`crate::GroupsIn`] has it for all that have no claims of their own.

use serde_json::{Map, Value};

use crate::call::Call;
use crate::endpoints::Refusal;
use crate::org::{ClaimToken, ClaimValue, GrantType};
use crate::people::{Person, group_id};
use crate::store::Grant;

/// How many groups a claim may have outside the code flow, and how many an expression yields.
const MAX_GROUPS: usize = 100;

/// Where claims about a person are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    IdToken,
    Userinfo,
    AccessToken,
}

/// The claims about a person that these scopes allow there.
pub(crate) fn about(
    call: &Call<'_>,
    grant: &Grant,
    person: &Person,
    scopes: &[String],
    place: Place,
) -> Result<Map<String, Value>, Refusal> {
    let has = |scope: &str| scopes.iter().any(|it| it == scope);
    let mut claims = Map::new();
    if has("profile") && place != Place::AccessToken {
        claims.insert("name".into(), person.name.clone().into());
        claims.insert("preferred_username".into(), person.email.clone().into());
    }
    if has("email") && place != Place::AccessToken {
        claims.insert("email".into(), person.email.clone().into());
        claims.insert("email_verified".into(), true.into());
    }
    let of_app = call.org.client(&grant.client_id).and_then(|app| app.groups_claim.as_ref());
    let of_server = call.custom_server().map(|server| server.claims.as_ref());
    if let Some(Some(configured)) = of_server {
        for claim in configured.iter().filter(|claim| claim.is_for(scopes) && is_told(claim.token, place)) {
            claims.insert(claim.name.clone(), value(&claim.name, &claim.value, grant, person)?);
        }
    } else if let (None, Some(claim)) = (of_server, of_app) {
        if has("groups") && place != Place::AccessToken {
            let names = claim.filter.matching(person).cloned().collect();
            claims.insert(claim.name.clone(), counted(names, grant)?);
        }
    } else if has("groups") {
        let is_told = match place {
            Place::IdToken | Place::Userinfo => call.org.groups_in.id_token,
            Place::AccessToken => call.org.groups_in.access_token && call.server.is_some(),
        };
        if is_told {
            claims.insert(call.org.groups_in.claim.clone(), counted(person.groups.clone(), grant)?);
        }
    }
    Ok(claims)
}

/// Whether tokens can be made for this person at all, before anything is spent.
pub(crate) fn check(call: &Call<'_>, grant: &Grant, person: &Person) -> Result<(), Refusal> {
    let about = |place| about(call, grant, person, &grant.scopes, place);
    about(Place::IdToken).and(about(Place::AccessToken)).map(drop)
}

fn is_told(token: ClaimToken, place: Place) -> bool {
    match token {
        ClaimToken::Access => place == Place::AccessToken,
        ClaimToken::Id => place != Place::AccessToken,
        ClaimToken::Userinfo => place == Place::Userinfo,
    }
}

fn value(name: &str, value: &ClaimValue, grant: &Grant, person: &Person) -> Result<Value, Refusal> {
    match value {
        ClaimValue::Groups(filter) => counted(filter.matching(person).cloned().collect(), grant),
        ClaimValue::GroupIds(filter) => {
            Ok(filter.matching(person).take(MAX_GROUPS).map(|name| group_id(name)).collect())
        }
        ClaimValue::Fixed(value) => Ok(value.clone()),
        ClaimValue::Broken => Err((400, "server_error", format!("The '{name}' user claim could not be evaluated."))),
    }
}

/// The code flow knows no limit; every other refuses more than a hundred instead of leaving some out.
fn counted(groups: Vec<String>, grant: &Grant) -> Result<Value, Refusal> {
    if groups.len() > MAX_GROUPS && grant.grant_type != GrantType::Code {
        let text = "The groups claim matched too many groups and must be configured to match fewer groups.";
        return Err((400, "server_error", text.to_owned()));
    }
    Ok(groups.into())
}
