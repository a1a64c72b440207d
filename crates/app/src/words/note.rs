//! The words of a note for an Okta admin. What Okta says, and what its console is called by, stays as it is.

use gatepass_wire::Language;

use super::{de, en};

/// What stands before each fact of the note.
pub(crate) struct NoteWords {
    pub(crate) head: &'static str,
    pub(crate) happened: &'static str,
    pub(crate) change: &'static str,
    pub(crate) place: &'static str,
    /// The same by the names that the menus had.
    pub(crate) place_before: &'static str,
    pub(crate) likely: &'static str,
    pub(crate) error: &'static str,
    /// An error that came back through the browser has no status.
    pub(crate) through_the_browser: &'static str,
    pub(crate) description: &'static str,
    /// By which the System Log knows it.
    pub(crate) request_id: &'static str,
    pub(crate) when: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) client_id: &'static str,
    pub(crate) redirect_uri: &'static str,
    /// Where it is not known which of them was in use.
    pub(crate) redirect_uris: &'static str,
    pub(crate) scopes: &'static str,
    pub(crate) log: &'static str,
    pub(crate) program: &'static str,
    /// In place of something that may be a secret.
    pub(crate) left_out: &'static str,
    pub(crate) foot: &'static str,
}

impl NoteWords {
    /// In `language`.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::note::WORDS,
            Language::German => &de::note::WORDS,
        }
    }
}
