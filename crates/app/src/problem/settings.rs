//! The settings in words.

use gatepass_wire::Problem;

use super::{problem, quoting, warning};
use crate::settings::NotASetting;
use crate::text::{MAX_QUOTE, isolated, people_text};

/// The settings file as it was found at start or after it was edited.
pub(crate) fn settings_file_unreadable(what: &str) -> Problem {
    warning(problem(
        "settings-file-unreadable",
        "Something in the settings file is wrong",
        format!("{}.", people_text(&what.replace('\n', "; "), 2 * MAX_QUOTE)),
        "Correct the file, or set it anew under Settings. What could be read of it is in use, and the default of the rest.",
    ))
}

/// The settings were not changed, because of the file.
pub(crate) fn settings_file_not_written(reason: &str) -> Problem {
    quoting(
        problem(
            "settings-file-not-written",
            "The settings file could not be written",
            "Nothing was changed.",
            "Look whether the disk is full, the file is read-only or what stands in it is damaged, then try again.",
        ),
        Some(reason),
    )
}

/// A value that cannot be set.
pub(crate) fn not_a_setting(wrong: &NotASetting) -> Problem {
    problem(
        "not-a-setting",
        "This cannot be set",
        format!("{}: {}.", wrong.key, wrong.reason),
        "Correct it. What was set before goes on.",
    )
}

/// The system did not take it whether Gatepass starts at sign-in.
pub(crate) fn start_not_set(reason: &str) -> Problem {
    quoting(
        problem(
            "start-at-sign-in-failed",
            "This could not be set",
            "The system did not take it whether Gatepass starts when you sign in.",
            "Set it in the system's own settings for what starts by itself.",
        ),
        Some(reason),
    )
}

/// The browser that the settings name did not open the sign-in page.
pub(crate) fn browser_not_opened(browser: &str, reason: &str) -> Problem {
    quoting(
        problem(
            "chosen-browser-failed",
            "Your browser could not be opened",
            format!(
                "The settings name {} to open the sign-in page, and it did not.",
                isolated(&people_text(browser, 100))
            ),
            "Choose another under Settings → Sign-in, or leave that empty for the system's. The link of a sign-in that \
             waits can be copied.",
        ),
        Some(reason),
    )
}
