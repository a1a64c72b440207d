//! Edits of profiles that are in the file already. They touch no disk, and only what changes: comments, keys that are
//! not ours and the rest of the file stay to the letter.

use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

use super::{parse, read_profile, tables};
use crate::edited_file::{explain, set};
use crate::{Profile, ProfileId};

/// `text` with what differs in the profile of this id set to what `profile` says.
pub(super) fn with_edited(text: &str, profile: &Profile) -> Result<String, String> {
    let place = place_of(text, &profile.id)?;
    let mut document: DocumentMut = text.parse().map_err(|error| explain(text, &error))?;
    let table = table_at(&mut document, place).ok_or_else(not_there)?;
    let before = read_profile(table).ok();
    let differs = |same: fn(&Profile, &Profile) -> bool| before.as_ref().is_none_or(|before| !same(before, profile));
    if differs(|a, b| a.name == b.name) {
        set(table, "name", profile.name.as_str().into());
    }
    if differs(|a, b| a.issuer == b.issuer) {
        set(table, "issuer", profile.issuer.as_str().into());
    }
    if differs(|a, b| a.client_id == b.client_id) {
        set(table, "client_id", profile.client_id.as_str().into());
    }
    if differs(|a, b| a.scopes == b.scopes) {
        set(table, "scopes", profile.scopes.to_string().into());
    }
    if differs(|a, b| a.redirect_uris == b.redirect_uris) {
        let uris = profile.redirect_uris.iter().map(|uri| uri.as_str());
        set(table, "redirect_uris", uris.collect::<Array>().into());
    }
    if differs(|a, b| a.endpoint_hosts == b.endpoint_hosts) {
        set(table, "endpoint_hosts", profile.endpoint_hosts.0.iter().map(String::as_str).collect::<Array>().into());
    }
    Ok(document.to_string())
}

/// `text` with the profiles of these ids in each other's place, each with the comments above it.
pub(super) fn with_swapped(text: &str, one: &ProfileId, other: &ProfileId) -> Result<String, String> {
    let (one, other) = (place_of(text, one)?, place_of(text, other)?);
    let mut document: DocumentMut = text.parse().map_err(|error| explain(text, &error))?;
    match document.get_mut("profile") {
        Some(Item::ArrayOfTables(profiles)) => {
            let (Some(mut first), Some(mut second)) = (profiles.get(one).cloned(), profiles.get(other).cloned()) else {
                return Err(not_there());
            };
            // They stand at places of their own, and would be left behind as another profile's.
            let has_tables = |table: &toml_edit::Table| table.iter().any(|(_, item)| !item.is_value());
            if has_tables(&first) || has_tables(&second) {
                return Err("a profile with tables of its own can be moved by hand only".to_owned());
            }
            let place = first.position();
            first.set_position(second.position());
            second.set_position(place);
            for (at, table) in [(one, second), (other, first)] {
                *profiles.get_mut(at).ok_or_else(not_there)? = table;
            }
        }
        Some(Item::Value(Value::Array(profiles))) => {
            let (Some(first), Some(second)) = (profiles.get(one).cloned(), profiles.get(other).cloned()) else {
                return Err(not_there());
            };
            profiles.replace(one, second);
            profiles.replace(other, first);
        }
        _ => return Err(not_there()),
    }
    Ok(document.to_string())
}

fn place_of(text: &str, id: &ProfileId) -> Result<usize, String> {
    let document = parse(text)?;
    let tables = tables(document.as_table())?;
    let is_it = |table: &&dyn TableLike| table.get("id").and_then(Item::as_str) == Some(id.as_str());
    tables.iter().position(is_it).ok_or_else(not_there)
}

fn table_at(document: &mut DocumentMut, place: usize) -> Option<&mut dyn TableLike> {
    match document.get_mut("profile")? {
        Item::ArrayOfTables(profiles) => profiles.get_mut(place).map(|table| table as &mut dyn TableLike),
        Item::Value(Value::Array(profiles)) => {
            let table = profiles.get_mut(place)?.as_inline_table_mut()?;
            Some(table as &mut dyn TableLike)
        }
        _ => None,
    }
}

fn not_there() -> String {
    "the profile is not in it any more".to_owned()
}
