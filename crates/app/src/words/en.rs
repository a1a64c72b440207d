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
        Phrase::ClipboardSilent => "the clipboard does not answer".into(),
        Phrase::NoBrowser => "this system has no program that opens web addresses".into(),
        Phrase::NoSuchProgram => "this system has no such program".into(),
        Phrase::Quitting => "Gatepass is quitting".into(),
        Phrase::SystemSilent => "the system does not answer".into(),
        Phrase::NameWithoutLetters => "(name without letters)".into(),
        Phrase::StaySignedIn { advice } => format!("You stay signed in. {advice}"),
        Phrase::TriesAgain => "Gatepass tries again by itself, and you stay signed in.".into(),
    }
}
