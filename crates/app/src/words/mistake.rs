//! The words for what is wrong with something that a person wrote. English is what the values say of themselves.

use gatepass_agent::{Mistake, Wrong};
use gatepass_wire::Language;

use super::de;
use crate::language::spoken;

/// In a few words, without a full stop.
pub(crate) fn wrong(what: &Wrong) -> String {
    match spoken() {
        Language::English => what.to_string(),
        Language::German => de::mistake::wrong(what),
    }
}

/// Where it is and what is wrong, without a full stop.
pub(crate) fn mistake(mistake: &Mistake) -> String {
    match spoken() {
        Language::English => mistake.to_string(),
        Language::German => de::mistake::mistake(mistake),
    }
}

/// All of them in a row.
pub(crate) fn mistakes(all: &[Mistake]) -> String {
    all.iter().map(mistake).collect::<Vec<_>>().join("; ")
}
