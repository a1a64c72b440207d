//! German. Terms of OAuth and Okta stay as people meet them in the console.

use super::Phrase;

pub(super) mod draft;
pub(super) mod note;
pub(super) mod page;
pub(super) mod problem;
mod refusal;
pub(super) mod shell;

pub(super) fn phrase(phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::NameWithoutLetters => "(Name ohne Buchstaben)".into(),
        Phrase::StaySignedIn { advice } => format!("Sie bleiben angemeldet. {advice}"),
        Phrase::TriesAgain => "Gatepass versucht es von selbst wieder, und Sie bleiben angemeldet.".into(),
    }
}
