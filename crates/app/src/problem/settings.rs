//! The settings, where something is wrong with them.

use gatepass_agent::Mistake;
use gatepass_wire::Problem;

use super::{problem, quoting, warning};
use crate::settings::NotASetting;
use crate::text::{MAX_QUOTE, isolated, people_text};
use crate::words::{self, Matter};

/// The settings file as it was found at start or after it was edited.
pub(crate) fn settings_file_unreadable(mistakes: &[Mistake]) -> Problem {
    let what = people_text(&words::mistakes(mistakes), 2 * MAX_QUOTE);
    warning(problem("settings-file-unreadable", Matter::SettingsFileUnreadable { what: &what }))
}

/// The settings were not changed, because of the file.
pub(crate) fn settings_file_not_written(mistake: &Mistake) -> Problem {
    quoting(problem("settings-file-not-written", Matter::SettingsFileNotWritten), Some(&words::mistake(mistake)))
}

/// A value that cannot be set.
pub(crate) fn not_a_setting(wrong: &NotASetting) -> Problem {
    problem("not-a-setting", Matter::NotASetting { key: wrong.key, reason: &words::wrong(&wrong.what) })
}

/// The system did not take it whether Gatepass starts at sign-in.
pub(crate) fn start_not_set(reason: &str) -> Problem {
    quoting(problem("start-at-sign-in-failed", Matter::StartAtSignInFailed), Some(reason))
}

/// The browser that the settings name did not open the sign-in page.
pub(crate) fn browser_not_opened(browser: &str, reason: &str) -> Problem {
    let browser = isolated(&people_text(browser, 100));
    quoting(problem("chosen-browser-failed", Matter::ChosenBrowserFailed { browser: &browser }), Some(reason))
}
