//! German. Terms of OAuth and Okta stay as people meet them in the console.

use super::Phrase;

pub(super) mod draft;
pub(super) mod mistake;
pub(super) mod note;
pub(super) mod page;
pub(super) mod problem;
mod refusal;
pub(super) mod shell;

pub(super) fn phrase(phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::ClipboardSilent => "die Zwischenablage antwortet nicht".into(),
        Phrase::NoBrowser => "dieses System hat kein Programm, das Webadressen öffnet".into(),
        Phrase::NoSuchProgram => "dieses System hat kein solches Programm".into(),
        Phrase::Quitting => "Gatepass wird beendet".into(),
        Phrase::SystemSilent => "das System antwortet nicht".into(),
        Phrase::NameWithoutLetters => "(Name ohne Buchstaben)".into(),
        Phrase::StaySignedIn { advice } => format!("Sie bleiben angemeldet. {advice}"),
        Phrase::TriesAgain => "Gatepass versucht es von selbst wieder, und Sie bleiben angemeldet.".into(),
    }
}
