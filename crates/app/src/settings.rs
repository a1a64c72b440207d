//! The settings: kept in one TOML file beside the profiles, which a person may edit by hand. It owns which values are in
//! effect and how they come and go; what stands in the file is read and edited by `text`, which touches no disk.
//!
//! A value that makes no sense counts as its default, and is told with its line; no write of ours takes it away. Whether
//! Gatepass starts at sign-in is the system's to say, whatever the file has.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use gatepass_agent::edited_file::{EditedFile, Stamp};
use gatepass_agent::{Mistake, Notice, NoticeKind, VaultError, Wrong};
use gatepass_wire::{Notices, Problem, Settings};
use tokio::sync::watch;

use crate::{Paths, problem};
use text::Reading;

mod text;

pub(crate) use text::{NotASetting, check};

/// The settings in effect, and what is wrong with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct InEffect {
    pub(crate) settings: Settings,
    /// The mistakes in the file.
    mistakes: Vec<Mistake>,
    /// Why the browser that the settings name did not open a page, the last time.
    browser_failed: Option<String>,
}

impl InEffect {
    /// What a person is to be told; first what came of what they did last.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let browser = self.browser_failed.as_deref();
        let browser = browser.map(|reason| problem::browser_not_opened(&self.settings.browser, reason));
        browser.or_else(|| (!self.mistakes.is_empty()).then(|| problem::settings_file_unreadable(&self.mistakes)))
    }
}

/// Keeps the settings. Whoever follows them holds a receiver.
pub(crate) struct SettingsKeeper {
    file: EditedFile,
    in_effect: watch::Sender<InEffect>,
    seen: Mutex<Seen>,
}

/// What is known of the file and of the system.
struct Seen {
    /// Of the file as it is in effect.
    taken_in: Stamp,
    /// Of the file as it was at the last look: an editor may be in the middle of writing.
    last: Stamp,
    /// What the system says about starting at sign-in, once it was asked.
    starts_at_sign_in: Option<bool>,
}

impl Seen {
    /// What is in effect after a reading, and by what the system says.
    fn after(&self, before: InEffect, reading: Result<Reading, Mistake>) -> InEffect {
        let mut now = after(before, reading);
        now.settings.start_at_sign_in = self.starts_at_sign_in.unwrap_or(now.settings.start_at_sign_in);
        now
    }
}

impl SettingsKeeper {
    /// Reads the file at `path`. It need not exist.
    pub(crate) fn start(path: PathBuf) -> Self {
        let file = EditedFile::new(path);
        // The stamp first: if the file changes between the two, the next look finds another stamp.
        let stamp = file.stamp();
        let seen = Mutex::new(Seen { taken_in: stamp.clone(), last: stamp, starts_at_sign_in: None });
        let in_effect = watch::Sender::new(after(InEffect::default(), read(&file)));
        Self { file, in_effect, seen }
    }

    /// The settings in effect.
    pub(crate) fn now(&self) -> Settings {
        self.in_effect.borrow().settings.clone()
    }

    /// Whether the person wants to be told this, unasked.
    pub(crate) fn wants(&self, notice: &Notice) -> bool {
        wants(self.in_effect.borrow().settings.notices, &notice.kind)
    }

    /// The settings in effect, and what is wrong with them, from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<InEffect> {
        self.in_effect.subscribe()
    }

    /// Looks whether the file was edited, and takes in what is the same at two looks in a row. Whether it did.
    pub(crate) fn look(&self) -> bool {
        // Nothing is held while the disk is waited for.
        let stamp = self.file.stamp();
        let before = {
            let mut seen = self.seen();
            let is_settled = std::mem::replace(&mut seen.last, stamp.clone()) == stamp;
            if stamp == seen.taken_in || !is_settled {
                return false;
            }
            seen.taken_in.clone()
        };
        let reading = read(&self.file);
        let mut seen = self.seen();
        // A change in the window came between.
        if seen.taken_in != before {
            return false;
        }
        seen.taken_in = stamp;
        self.in_effect.send_modify(|now| *now = seen.after(std::mem::take(now), reading));
        true
    }

    /// Writes what differs from the settings in effect into the file, and has it count, with what else stands there: an
    /// edit by hand need not have been seen yet.
    ///
    /// # Errors
    /// Why the file cannot be read or written. It is then as it was, and so are the settings.
    pub(crate) fn change(&self, wanted: Settings) -> Result<(), Mistake> {
        // Nothing is held while the disk is waited for.
        let before = self.file.text()?;
        let edited = text::with_changed(&before, &self.now(), &wanted)?;
        if edited != before {
            self.file.replace(&edited).map_err(|error| Wrong::System(error.to_string()))?;
        }
        let (stamp, reading) = (self.file.stamp(), text::read(&edited));
        let mut seen = self.seen();
        seen.taken_in = stamp;
        seen.last = seen.taken_in.clone();
        self.in_effect.send_modify(|now| {
            *now = InEffect { browser_failed: None, ..seen.after(std::mem::take(now), reading) };
        });
        Ok(())
    }

    /// Takes in what the system says about starting at sign-in.
    pub(crate) fn starts_at_sign_in(&self, starts: bool) {
        self.seen().starts_at_sign_in = Some(starts);
        self.in_effect.send_if_modified(|now| std::mem::replace(&mut now.settings.start_at_sign_in, starts) != starts);
    }

    /// Takes in what came of opening the browser that the settings name.
    pub(crate) fn browser_opened(&self, opened: Result<(), &str>) {
        let failed = opened.err().map(str::to_owned);
        self.in_effect.send_if_modified(|now| std::mem::replace(&mut now.browser_failed, failed.clone()) != failed);
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        // What is inside is whole at any moment: a panic elsewhere does not spoil it.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The settings as they stand in the file, for a window that is to be drawn before a resident has said more.
pub fn settings_on_disk(paths: &Paths) -> Settings {
    SettingsKeeper::start(paths.settings_file()).now()
}

/// Whether a person who set `notices` is to be told of this.
pub(crate) fn wants(notices: Notices, kind: &NoticeKind) -> bool {
    match notices {
        Notices::All => true,
        Notices::SignInNeeded => {
            matches!(kind, NoticeKind::SignInNeeded(_) | NoticeKind::Unread(VaultError::Corrupt))
        }
        Notices::None => false,
    }
}

fn read(file: &EditedFile) -> Result<Reading, Mistake> {
    file.text().and_then(|text| text::read(&text))
}

/// What is in effect after a reading. Of a file that cannot be read, nothing counts, and what was before goes on.
fn after(before: InEffect, reading: Result<Reading, Mistake>) -> InEffect {
    match reading {
        Ok(Reading { settings, mistakes }) => {
            let is_same_browser = settings.browser == before.settings.browser;
            InEffect { settings, mistakes, browser_failed: before.browser_failed.filter(|_| is_same_browser) }
        }
        Err(mistake) => InEffect { mistakes: vec![mistake], ..before },
    }
}

#[cfg(test)]
mod tests;
