//! The words of tray and notices, and of a window that finds no resident.

use gatepass_wire::{CopiedThing, Language};

use super::{Texts, de, en};

/// The words of tray and notices.
pub struct ShellWords {
    /// A button or an entry of the menu: opens the window.
    pub open: &'static str,
    /// Ends resident and window.
    pub quit: &'static str,
    /// Begins a sign-in, in a notice.
    pub sign_in: &'static str,
    /// Begins a sign-in, in the menu.
    pub sign_in_with_okta: &'static str,
    /// Gives a sign-in up.
    pub cancel_sign_in: &'static str,
    /// Ends the session, here and at Okta.
    pub sign_out: &'static str,
    /// Renews a session.
    pub refresh: &'static str,
    /// Copies the access token.
    pub copy_access_token: &'static str,
    /// Copies the redirect URI that is to be registered.
    pub copy_redirect_uri: &'static str,

    /// The states in a word, as inside a sentence.
    pub states: States,
    /// Said of a session that would not survive a restart.
    pub until_quit: &'static str,
    /// Follows what is said of a profile, where another one would not.
    pub another_until_quit: &'static str,
    /// Follows the state of a profile whose access token ended.
    pub token_ended: &'static str,
    /// A span, as what is left.
    pub left: fn(&str) -> String,
    /// So many more than the one that is named; at least one.
    pub and_more: fn(&str, usize) -> String,
    /// Less than a minute.
    pub under_a_minute: &'static str,

    /// What was copied, as the head of a notice.
    pub copied: fn(CopiedThing) -> &'static str,
    /// How long what was copied is valid.
    pub valid_for: fn(&str) -> String,
    /// In how many seconds the clipboard is cleared.
    pub cleared_in: fn(i64) -> String,
}

/// The states in a word, as inside a sentence.
pub struct States {
    pub signing_in: &'static str,
    pub signed_in: &'static str,
    pub renewing: &'static str,
    pub offline: &'static str,
    pub blocked: &'static str,
    pub sign_in_needed: &'static str,
    pub signed_out: &'static str,
    /// The keyring is asked for a session.
    pub reading: &'static str,
    /// A session or a token that is over.
    pub ended: &'static str,
}

impl ShellWords {
    /// In `language`.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::shell::WORDS,
            Language::German => &de::shell::WORDS,
        }
    }
}

/// What is told once, beside what a problem says of itself.
#[derive(Clone, Copy)]
pub(crate) enum Noticed<'a> {
    Blocked,
    EndsSoon,
    OtherPerson,
    SignInNeeded { because: &'a str },
}

/// A notice: its head, its text, and what to do where nothing can be offered, which may be empty.
pub(crate) fn notice(language: Language, of: Noticed<'_>) -> Texts {
    match language {
        Language::English => en::shell::notice(of),
        Language::German => de::shell::notice(of),
    }
}

/// Why no resident answers a window.
#[derive(Clone, Copy, Debug)]
pub enum NoResident<'a> {
    /// The system does not start it: what it said.
    NotStarted(&'a str),
    /// It cannot write where it must: what it said.
    FolderNotUsable(&'a str),
    /// It ended with these words.
    Ended(&'a str),
    /// It ended without any.
    EndedWordless {
        /// How it ended.
        status: &'a str,
        /// Where its log is.
        log: &'a str,
    },
    /// It runs and does not answer.
    Silent,
    /// It did not take an intent.
    NotReached,
    /// It cannot be spoken to: why not.
    Broken(&'a str),
    /// It speaks an earlier version of the local API.
    Older {
        /// Its version.
        theirs: u32,
        /// The window's.
        ours: u32,
    },
    /// It speaks a later one.
    Newer {
        /// Its version.
        theirs: u32,
        /// The window's.
        ours: u32,
    },
}

impl NoResident<'_> {
    /// The texts of the problem.
    pub fn told(self, language: Language) -> Texts {
        match language {
            Language::English => en::shell::no_resident(self),
            Language::German => de::shell::no_resident(self),
        }
    }
}
