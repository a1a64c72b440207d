//! Taking a profile out of the text, and nothing that is not its own.

use toml_edit::{Decor, DocumentMut, Item, RawString, Table, Value};

use super::editing::{not_there, place_of};
use super::explain;
use crate::{Mistake, ProfileId};

/// `text` without the profile of this id and the comment directly above it. What stands further up is about something
/// else, and stays.
pub(super) fn without_profile(text: &str, id: &ProfileId) -> Result<String, Mistake> {
    let Some(place) = place_of(text, id)? else { return Ok(text.to_owned()) };
    let mut document: DocumentMut = text.parse().map_err(|error| explain(text, &error))?;
    match document.get_mut("profile") {
        Some(Item::ArrayOfTables(profiles)) if place < profiles.len() => {
            let removed = profiles.remove(place);
            let left = about_something_else(removed.decor().prefix());
            leave_below(&mut document, removed.position(), left);
        }
        Some(Item::Value(Value::Array(profiles))) if place < profiles.len() => {
            let removed = profiles.remove(place);
            let left = about_something_else(removed.decor().prefix());
            match profiles.get_mut(place) {
                Some(next) => set_above(next.decor_mut(), left),
                None => profiles.set_trailing(joined(left, Some(profiles.trailing()))),
            }
        }
        _ => return Err(not_there()),
    }
    Ok(document.to_string())
}

/// Of what stands above a block, all up to the last blank line, if there is a word in it.
fn about_something_else(above: Option<&RawString>) -> &str {
    let above = above.and_then(RawString::as_str).unwrap_or_default();
    let (mut at, mut end) = (0, 0);
    for line in above.split_inclusive('\n') {
        at += line.len();
        if line.ends_with('\n') && line.trim().is_empty() {
            end = at;
        }
    }
    if above[..end].trim().is_empty() { "" } else { &above[..end] }
}

/// Puts what stood above the header at `position`, which is gone, above the one that came next, or at the end.
fn leave_below(document: &mut DocumentMut, position: Option<isize>, left: &str) {
    let mut next: Option<isize> = None;
    each_below(document, &mut |table| {
        let later = table.position().filter(|at| Some(*at) > position);
        next = next.into_iter().chain(later).min();
    });
    match next {
        None => document.set_trailing(joined(left, Some(document.trailing()))),
        Some(_) => each_below(document, &mut |table| {
            if table.position() == next {
                set_above(table.decor_mut(), left);
            }
        }),
    }
}

/// Every table below this one. Those that no header begins have no position.
fn each_below(table: &mut Table, visit: &mut impl FnMut(&mut Table)) {
    let mut below = |table: &mut Table| {
        visit(table);
        each_below(table, visit);
    };
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => below(inner),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(&mut below),
            _ => {}
        }
    }
}

fn set_above(decor: &mut Decor, left: &str) {
    decor.set_prefix(joined(left, decor.prefix()));
}

/// One after the other, with one blank line between.
fn joined(left: &str, below: Option<&RawString>) -> String {
    let below = below.and_then(RawString::as_str).unwrap_or_default();
    let is_apart = below.is_empty() || below.starts_with('\n');
    let left = left.strip_suffix('\n').filter(|_| is_apart).unwrap_or(left);
    format!("{left}{below}")
}

#[cfg(test)]
mod tests;
