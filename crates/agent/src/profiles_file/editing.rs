//! Edits of profiles that are in the file already. They touch no disk, and only what changes: comments, keys that are
//! not ours and the rest of the file stay to the letter.

use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::{fields, parse, read_profile, read_table, tables};
use crate::edited_file::{explain, set};
use crate::{Mistake, NotAProfile, Profile, ProfileId, Wrong};

/// `text` with what differs between `old` and `new` set to what `new` says, and the profile as it is then. What was
/// edited by hand meanwhile stays.
pub(super) fn with_edited(text: &str, old: &Profile, new: &Profile) -> Result<(String, Profile), Mistake> {
    let place = place_of(text, &old.id)?.ok_or_else(not_there)?;
    let document = parse(text)?;
    let now = read_table(text, *tables(document.as_table())?.get(place).ok_or_else(not_there)?)?;
    if now.issuer != old.issuer || now.client_id != old.client_id {
        return Err(Wrong::ChangedMeanwhile.into());
    }
    let [was, wanted, stands] = [old, new, &now].map(|profile| fields::values(&profile.to_parts()));
    let mut document: DocumentMut = text.parse().map_err(|error| explain(text, &error))?;
    let table = table_at(&mut document, place).ok_or_else(not_there)?;
    if now.issuer != new.issuer {
        set(table, "issuer", new.issuer.as_str().into());
    }
    // What is not in the file may be another with another issuer.
    let by_now = fields::values(&read_profile(table).map_err(of_key)?.to_parts());
    for ((((key, was), (_, wanted)), (_, stands)), (_, by_now)) in was.into_iter().zip(wanted).zip(stands).zip(by_now) {
        // Whoever named hosts by hand meant them for that issuer.
        let is_edited = !is_same(&was, &wanted) || (key == "endpoint_hosts" && old.issuer != new.issuer);
        let goal = if is_edited { wanted } else { stands };
        if is_same(&goal, &by_now) {
            continue;
        }
        match goal {
            Some(value) => set(table, key, value),
            None => drop(table.remove(key)),
        }
    }
    let edited = read_profile(table).map_err(of_key)?;
    Ok((document.to_string(), edited))
}

fn is_same(one: &Option<Value>, other: &Option<Value>) -> bool {
    let text = |value: &Option<Value>| value.as_ref().map(ToString::to_string);
    text(one) == text(other)
}

fn of_key(wrong: NotAProfile) -> Mistake {
    Mistake::somewhere(wrong.what).of_key(wrong.field)
}

/// `text` with the profiles of these ids in each other's place, each with the comments above it.
pub(super) fn with_swapped(text: &str, one: &ProfileId, other: &ProfileId) -> Result<String, Mistake> {
    let [one, other] = [one, other].map(|id| place_of(text, id)?.ok_or_else(not_there));
    let (one, other) = (one?, other?);
    let mut document: DocumentMut = text.parse().map_err(|error| explain(text, &error))?;
    match document.get_mut("profile") {
        Some(Item::ArrayOfTables(profiles)) => {
            let (Some(mut first), Some(mut second)) = (profiles.get(one).cloned(), profiles.get(other).cloned()) else {
                return Err(not_there());
            };
            // They stand at places of their own, and would be left behind as another profile's.
            let has_tables = |table: &toml_edit::Table| table.iter().any(|(_, item)| !item.is_value());
            if has_tables(&first) || has_tables(&second) {
                return Err(Wrong::HasTables.into());
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

/// Where the profile of this id is: of several blocks, the one that counts when the file is read.
pub(super) fn place_of(text: &str, id: &ProfileId) -> Result<Option<usize>, Mistake> {
    let document = parse(text)?;
    let tables = tables(document.as_table())?;
    let is_it = |table: &&dyn TableLike| table.get("id").and_then(Item::as_str) == Some(id.as_str());
    let counts = |table: &&dyn TableLike| is_it(table) && read_profile(*table).is_ok();
    Ok(tables.iter().position(counts).or_else(|| tables.iter().position(is_it)))
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

pub(super) fn not_there() -> Mistake {
    Wrong::NotThere.into()
}

#[cfg(test)]
mod tests;
