//! A person's groups by Okta's management API: all of them, past the hundred that a claim can have, with their IDs.
//!
//! It is asked with the person's own access token, which Okta takes only where it is of the org authorization server, was
//! granted the scope `okta.users.read`, and the person is an administrator; or with an admin's API token.

use serde_json::{Map, Value};
use url::Url;

use crate::http::Authorization;
use crate::reply::Reply;
use crate::resource::Asker;
use crate::{ApiToken, Client, Error, Http, Provider, Subject, Timestamp, TokenSet};

/// How many pages are read.
const MAX_PAGES: usize = 100;

/// How many groups are told: Okta's 200 on each page. A list is in every snapshot, and longer ones are nobody's.
const MAX_GROUPS: usize = 200 * MAX_PAGES;

/// How long their names and IDs are together, in bytes: twenty thousand of a usual length.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// A group of an Okta org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// By which Okta's API and some policies know it (`00g…`).
    pub id: String,
    /// By which people, and tokens, know it.
    pub name: String,
}

/// Who asks for the groups.
#[derive(Clone, Copy, Debug)]
pub enum GroupsAsker<'a> {
    /// The person, by the access token of their session.
    Person(&'a TokenSet, &'a Client),
    /// An admin, by the API token that they made.
    Admin(&'a ApiToken),
}

/// Asks Okta for the groups of `subject`, page by page. `now` is the server's time, for the proofs of a token that is bound
/// to the client's key.
///
/// # Errors
/// [`Error::Refused`] with `insufficient_scope` where `okta.users.read` was not granted, with `E0000006` where whoever asks is
/// no administrator, with `E0000011` where an API token has ended. [`Error::Nonconforming`] where a page is none, leads
/// elsewhere than to the next, or there is no end of them: nothing is told by halves.
pub async fn groups(
    subject: &Subject,
    asker: GroupsAsker<'_>,
    provider: &Provider,
    http: &Http,
    now: Timestamp,
) -> Result<Vec<Group>, Error> {
    let first = address(provider, subject)?;
    let (mut page, mut told, mut text) = (first.clone(), Vec::new(), 0);
    for _ in 0..MAX_PAGES {
        let reply = match asker {
            GroupsAsker::Person(tokens, client) => Asker { tokens, provider, client, http, now }.get(&page).await?,
            GroupsAsker::Admin(token) => http.get_authorized(&page, Authorization::Ssws(token)).await?,
        };
        let reply = reply.success()?;
        for group in reply.json_objects("the list of groups")? {
            let group = read(&group).ok_or_else(|| Error::nonconforming("a group has no ID or no name"))?;
            text += group.id.len() + group.name.len();
            told.push(group);
        }
        if told.len() > MAX_GROUPS || text > MAX_TEXT {
            break;
        }
        match next(&reply, &first)? {
            Some(next) => page = next,
            None => return Ok(told),
        }
    }
    Err(Error::nonconforming(format!(
        "a list of groups with more than {MAX_PAGES} pages, {MAX_GROUPS} groups or {MAX_TEXT} bytes"
    )))
}

/// Where the groups of `subject` are told, on the issuer's own host.
fn address(provider: &Provider, subject: &Subject) -> Result<Url, Error> {
    let mut url = provider.issuer().url().clone();
    // Dots are segments of their own kind, and no ID of Okta's.
    let is_id = !subject.0.is_empty() && !subject.0.bytes().all(|byte| byte == b'.');
    match url.path_segments_mut() {
        Ok(mut segments) if is_id => {
            segments.clear().extend(["api", "v1", "users", &subject.0, "groups"]);
        }
        _ => return Err(Error::nonconforming("the person has no ID that Okta's API could be asked about")),
    }
    Ok(url)
}

/// The next page, which is the same list from further on: what else a server writes there is not followed with a token.
fn next(reply: &Reply, first: &Url) -> Result<Option<Url>, Error> {
    let Some(target) = &reply.next_page else { return Ok(None) };
    let is_same = |url: &Url| url.origin() == first.origin() && url.path() == first.path();
    match first.join(target).ok().filter(is_same) {
        Some(url) => Ok(Some(url)),
        None => Err(Error::nonconforming("the list of groups goes on elsewhere")),
    }
}

fn read(group: &Map<String, Value>) -> Option<Group> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    Some(Group {
        id: text(group.get("id"))?,
        name: text(group.get("profile").and_then(|profile| profile.get("name")))?,
    })
}

#[cfg(test)]
mod tests;
