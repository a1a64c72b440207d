//! Why no resident answers, in words for the person who waits before the window.

use std::path::Path;

use gatepass_app::{NoResident, Texts};
use gatepass_wire::{Action, Language, Problem, Severity, frame};

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
    /// What to show, in `language`. `log` is where the resident writes its log.
    pub fn problem(&self, log: &Path, language: Language) -> Problem {
        let (code, why) = match self {
            Self::NotStarted(reason) => ("resident-not-started", NoResident::NotStarted(reason)),
            Self::Ended(End { status, last_words: Some(words) })
                if status.code() == Some(i32::from(program::CANNOT_WRITE)) =>
            {
                ("folder-not-usable", NoResident::FolderNotUsable(words))
            }
            // It saw the lock of another one.
            Self::Ended(End { status, .. }) if status.code() == Some(i32::from(program::RUNS_ALREADY)) => {
                return Self::Silent.problem(log, language);
            }
            Self::Ended(End { last_words: Some(words), .. }) => ("resident-ended", NoResident::Ended(words)),
            Self::Ended(End { status, last_words: None }) => {
                let (status, log) = (status.to_string(), log.display().to_string());
                let why = NoResident::EndedWordless { status: &status, log: &log };
                return error("resident-ended", why.told(language));
            }
            Self::Silent => ("resident-silent", NoResident::Silent),
            Self::Broken(reason) => ("resident-not-spoken-to", NoResident::Broken(reason)),
            &Self::OtherVersion(theirs) if theirs < frame::VERSION => {
                let why = NoResident::Older { theirs, ours: frame::VERSION };
                let error = error("resident-older", why.told(language));
                return Problem { action: Some(Action::QuitOld), severity: Severity::Warning, ..error };
            }
            &Self::OtherVersion(theirs) => {
                let why = NoResident::Newer { theirs, ours: frame::VERSION };
                return Problem { severity: Severity::Warning, ..error("resident-newer", why.told(language)) };
            }
        };
        error(code, why.told(language))
    }
}

fn error(code: &str, told: Texts) -> Problem {
    let Texts { title, detail, advice } = told;
    Problem::new(code, title, detail, advice)
}

#[cfg(test)]
mod tests;
