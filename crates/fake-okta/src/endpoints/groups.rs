//! `/api/v1/users/{user}/groups` of Okta's management API: with a person's access token of the org server, or with an
//! admin's API token.

use serde_json::{Value, json};

use crate::answer::{self, Answer, with_header};
use crate::call::Call;
use crate::endpoints::resource;
use crate::lock;
use crate::people::{Person, group_id};

const SCOPE: &str = "okta.users.read";
/// How many groups are on one page.
const PAGE: usize = 200;

/// The groups of a person, page by page.
pub(super) fn of_user(call: &Call<'_>, user: &str) -> Answer {
    let caller = match caller(call) {
        Ok(caller) => caller,
        Err(answer) => return *answer,
    };
    let is_named = |person: &&Person| user == person.subject || user == person.email;
    let person = if user == "me" { Some(caller) } else { call.org.people.iter().find(is_named) };
    match person {
        Some(person) => page(call, user, person),
        None => answer::api_error(404, "E0000007", &format!("Not found: Resource not found: {user} (User)")),
    }
}

/// Whoever asks, if they may: the person of the access token, or the admin who made the API token.
fn caller<'a>(call: &'a Call<'_>) -> Result<&'a Person, Box<Answer>> {
    let refuse = |status, code, summary| Err(Box::new(answer::api_error(status, code, summary)));
    let authorization = call.request.header("authorization").unwrap_or_default();
    if let Some(value) = authorization.strip_prefix("SSWS ") {
        let token = call.org.api_tokens.iter().find(|token| token.value == value && token.is_active);
        return match token.and_then(|token| call.org.person(&token.made_by)) {
            Some(person) => Ok(person),
            // It may have died of thirty days without use.
            None => refuse(401, "E0000011", "Invalid token provided"),
        };
    }
    if authorization.is_empty() {
        call.unexpected("no token for the API");
        return refuse(403, "E0000005", "Invalid session");
    }
    let token = resource::access_token(call).map_err(|challenge| Box::new(challenge.answer()))?;
    if !token.scopes.iter().any(|scope| scope == SCOPE) {
        call.unexpected("the API needs the scope okta.users.read");
        let text = "The access token provided does not contain the required scopes.";
        return Err(Box::new(answer::challenge("Bearer", 403, "insufficient_scope", text)));
    }
    let person = lock(&call.shared.store).grant(token.grant).person.clone();
    match call.org.person(&person) {
        // The token shows the scope all the same.
        Some(person) if !person.has_admin_role => {
            refuse(403, "E0000006", "You do not have permission to perform the requested action")
        }
        Some(person) => Ok(person),
        None => refuse(401, "E0000011", "Invalid token provided"),
    }
}

fn page(call: &Call<'_>, user: &str, person: &Person) -> Answer {
    let start = call.parameters().get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let groups = person.groups.iter().skip(start).take(PAGE);
    let groups: Vec<Value> = groups
        .map(|name| json!({ "id": group_id(name), "type": "OKTA_GROUP", "profile": { "name": name, "description": null } }))
        .collect();
    let answer = answer::json(200, &groups.into());
    if start + PAGE >= person.groups.len() {
        return answer;
    }
    let next = format!("{}/api/v1/users/{user}/groups?after={}", call.origin(), start + PAGE);
    with_header(answer, "link", &format!("<{next}>; rel=\"next\""))
}
