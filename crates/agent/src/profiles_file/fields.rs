//! The keys of a profile in the file: how each is read and written. What its value means is for
//! [`Profile::from_parts`](crate::Profile::from_parts) to say.

use toml_edit::{Array, Item, TableLike, Value};

use crate::{NotAProfile, ProfileParts, Wrong};

/// How a value of the file goes into the parts. Its shape may be wrong.
type Take = fn(&Item, &mut ProfileParts) -> Result<(), Wrong>;
/// What of the parts stands in the file; `None` where it is as it is by default.
type Give = fn(&ProfileParts) -> Option<Value>;

/// Every key, in the order in which they are written.
const FIELDS: [(&str, Take, Give); 19] = [
    ("id", |item, to| put(&mut to.id, text(item).map(Some)), |of| of.id.as_deref().map(Value::from)),
    ("name", |item, to| put(&mut to.name, text(item)), |of| Some(of.name.as_str().into())),
    ("issuer", |item, to| put(&mut to.issuer, text(item)), |of| Some(of.issuer.as_str().into())),
    ("client_id", |item, to| put(&mut to.client_id, text(item)), |of| Some(of.client_id.as_str().into())),
    ("scopes", |item, to| put(&mut to.scopes, text(item).map(Some)), |of| of.scopes.as_deref().map(Value::from)),
    (
        "redirect_uris",
        |item, to| put(&mut to.redirect_uris, texts(item).map(Some)),
        |of| of.redirect_uris.as_ref().map(|uris| list(uris)),
    ),
    (
        "endpoint_hosts",
        |item, to| put(&mut to.endpoint_hosts, texts(item)),
        |of| (!of.endpoint_hosts.is_empty()).then(|| list(&of.endpoint_hosts)),
    ),
    (
        "client_authentication",
        |item, to| put(&mut to.client_authentication, text(item).map(Some)),
        |of| of.client_authentication.as_deref().map(Value::from),
    ),
    ("dpop", |item, to| put(&mut to.dpop, flag(item)), |of| of.dpop.then(|| true.into())),
    (
        "response_mode",
        |item, to| put(&mut to.response_mode, text(item).map(Some)),
        |of| of.response_mode.as_deref().map(Value::from),
    ),
    ("prompt", |item, to| put(&mut to.prompt, text(item).map(Some)), |of| of.prompt.as_deref().map(Value::from)),
    (
        "acr_values",
        |item, to| put(&mut to.acr_values, text(item).map(Some)),
        |of| of.acr_values.as_deref().map(Value::from),
    ),
    (
        "max_age",
        |item, to| put(&mut to.max_age, seconds(item).map(Some)),
        |of| of.max_age.map(|age| i64::from(age).into()),
    ),
    ("push", |item, to| put(&mut to.push, flag(item)), |of| of.push.then(|| true.into())),
    ("silent_first", |item, to| put(&mut to.silent_first, flag(item)), |of| of.silent_first.then(|| true.into())),
    (
        "sign_in_with",
        |item, to| put(&mut to.sign_in_with, text(item).map(Some)),
        |of| of.sign_in_with.as_deref().map(Value::from),
    ),
    (
        "groups_claim",
        |item, to| put(&mut to.groups_claim, text(item).map(Some)),
        |of| of.groups_claim.as_deref().map(Value::from),
    ),
    (
        "groups_from",
        |item, to| put(&mut to.groups_from, text(item).map(Some)),
        |of| of.groups_from.as_deref().map(Value::from),
    ),
    (
        "further_audiences",
        |item, to| put(&mut to.further_audiences, texts(item)),
        |of| (!of.further_audiences.is_empty()).then(|| list(&of.further_audiences)),
    ),
];

/// Those without which there is no profile.
const NEEDED: [&str; 4] = ["id", "name", "issuer", "client_id"];

/// The parts that stand in a table.
///
/// # Errors
/// The first key that is missing, or whose value has another shape.
pub(super) fn read(table: &dyn TableLike) -> Result<ProfileParts, NotAProfile> {
    let mut parts = ProfileParts::default();
    for (key, take, _) in FIELDS {
        match table.get(key) {
            Some(item) => take(item, &mut parts).map_err(|wrong| NotAProfile::new(key, wrong))?,
            None if NEEDED.contains(&key) => return Err(NotAProfile::new(key, Wrong::Missing)),
            None => {}
        }
    }
    Ok(parts)
}

/// The parts that stand in a table, as far as they are there in the right shape.
pub(super) fn read_what_is_right(table: &dyn TableLike) -> ProfileParts {
    let mut parts = ProfileParts::default();
    for (key, take, _) in FIELDS {
        // What is not right was not taken in.
        let _ = table.get(key).map(|item| take(item, &mut parts));
    }
    parts
}

/// Every key, and what stands in the file for it.
pub(super) fn values(parts: &ProfileParts) -> [(&'static str, Option<Value>); FIELDS.len()] {
    FIELDS.map(|(key, _, give)| (key, give(parts)))
}

fn put<T>(place: &mut T, value: Result<T, Wrong>) -> Result<(), Wrong> {
    *place = value?;
    Ok(())
}

fn text(item: &Item) -> Result<String, Wrong> {
    item.as_str().map(str::to_owned).ok_or(Wrong::NoString)
}

fn texts(item: &Item) -> Result<Vec<String>, Wrong> {
    let texts = item.as_array().and_then(|array| array.iter().map(|entry| entry.as_str().map(str::to_owned)).collect());
    texts.ok_or(Wrong::NoStrings)
}

fn flag(item: &Item) -> Result<bool, Wrong> {
    item.as_bool().ok_or(Wrong::NoBoolean)
}

fn seconds(item: &Item) -> Result<u32, Wrong> {
    let seconds = item.as_integer().and_then(|seconds| u32::try_from(seconds).ok());
    seconds.ok_or(Wrong::OutOfRange(1, i32::MAX.unsigned_abs()))
}

fn list(texts: &[String]) -> Value {
    texts.iter().map(String::as_str).collect::<Array>().into()
}
