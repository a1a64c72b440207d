//! Why no resident answers, in words for the person who waits before the window.

use std::path::Path;

use gatepass_wire::{Action, Problem, Severity, frame};

use crate::program;
use crate::starting::End;

/// Why no resident answers.
#[derive(Debug)]
pub enum Trouble {
    /// The system does not start the program once more: what it said.
    NotStarted(String),
    /// It was started and ended.
    Ended(End),
    /// It runs, and does not listen or says nothing.
    Silent,
    /// It cannot be spoken to: why not.
    Broken(String),
    /// It speaks this version of the local API.
    OtherVersion(u32),
}

impl Trouble {
    /// What to show. `log` is where the resident writes its log.
    pub fn problem(&self, log: &Path) -> Problem {
        const GOES_ON: &str = "Gatepass tries again by itself";
        let log = log.display();
        match self {
            Self::NotStarted(reason) => error(
                "resident-not-started",
                "Gatepass cannot start",
                format!("Your system does not start the program: {reason}."),
                format!("{GOES_ON}. If this lasts, install Gatepass again."),
            ),
            Self::Ended(End { status, last_words: Some(words) })
                if status.code() == Some(i32::from(program::CANNOT_WRITE)) =>
            {
                error(
                    "folder-not-usable",
                    "Gatepass cannot write in its folder",
                    format!("{words}."),
                    format!("See to it that you can write there. {GOES_ON}."),
                )
            }
            // It saw the lock of another one.
            Self::Ended(End { status, .. }) if status.code() == Some(i32::from(program::RUNS_ALREADY)) => {
                Self::Silent.problem(Path::new(""))
            }
            Self::Ended(End { last_words: Some(words), .. }) => error(
                "resident-ended",
                "Gatepass cannot start",
                format!("The part of it that keeps your sessions ended with these words: {words}."),
                format!("{GOES_ON}. If this lasts, mend that, or close this window and start Gatepass again."),
            ),
            Self::Ended(End { status, last_words: None }) => error(
                "resident-ended",
                "Gatepass cannot start",
                format!("The part of it that keeps your sessions ended without a word ({status})."),
                format!("{GOES_ON}. Its log may say more: {log}"),
            ),
            Self::Silent => error(
                "resident-silent",
                "Gatepass does not answer",
                "The part of it that keeps your sessions runs, and does not answer this window.".into(),
                format!(
                    "{GOES_ON}. If this lasts, end every gatepass-desktop in your system’s list of programs, and start Gatepass again."
                ),
            ),
            Self::Broken(reason) => error(
                "resident-not-spoken-to",
                "Gatepass cannot be reached",
                format!("The part of it that keeps your sessions cannot be spoken to: {reason}."),
                format!("{GOES_ON}."),
            ),
            Self::OtherVersion(theirs) if *theirs < frame::VERSION => Problem {
                action: Some(Action::QuitOld),
                severity: Severity::Warning,
                ..error(
                    "resident-older",
                    "Gatepass was updated",
                    format!(
                        "The old Gatepass still runs in the background: it speaks version {theirs} of the language between its parts, and this window version {}.",
                        frame::VERSION
                    ),
                    "Quit the old one; the new one starts by itself and takes over.".into(),
                )
            },
            Self::OtherVersion(theirs) => Problem {
                severity: Severity::Warning,
                ..error(
                    "resident-newer",
                    "This window is of an older Gatepass",
                    format!(
                        "The Gatepass that runs in the background speaks version {theirs} of the language between its parts, and this window version {}.",
                        frame::VERSION
                    ),
                    "Close this window and open Gatepass again.".into(),
                )
            },
        }
    }
}

fn error(code: &str, title: &str, detail: String, advice: String) -> Problem {
    Problem {
        code: code.into(),
        title: title.into(),
        detail,
        advice,
        action: None,
        severity: Severity::Error,
        quote: None,
    }
}

#[cfg(test)]
mod tests;
