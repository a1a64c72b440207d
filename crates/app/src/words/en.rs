//! English.

use super::Phrase;

pub(super) mod draft;
pub(super) mod note;
pub(super) mod page;
pub(super) mod problem;
mod refusal;
pub(super) mod shell;

pub(super) fn phrase(phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::NameWithoutLetters => "(name without letters)".into(),
        Phrase::StaySignedIn { advice } => format!("You stay signed in. {advice}"),
        Phrase::TriesAgain => "Gatepass tries again by itself, and you stay signed in.".into(),
    }
}
