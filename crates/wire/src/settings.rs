//! What a person can set, and where things are kept.

use serde::{Deserialize, Serialize};

/// All that can be set. The defaults are those of a program whose settings nobody touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Settings {
    /// The window's colours.
    pub theme: Theme,
    /// The language that window and resident speak.
    pub language: LanguageSetting,
    /// After how many seconds a secret is taken off the clipboard: 0 (never) or 10 to 600.
    pub clipboard_seconds: u32,
    /// Which notices come unasked.
    pub notices: Notices,
    /// For how many days activity is kept: 0 (not at all) to 31.
    pub activity_days: u32,
    /// What opens the sign-in page: empty for the system's browser, else a program with its arguments, on macOS the name
    /// of an app.
    pub browser: String,
    /// Whether Gatepass starts, without its window, when the person signs in to the system.
    pub start_at_sign_in: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: LanguageSetting::System,
            clipboard_seconds: 30,
            notices: Notices::All,
            activity_days: 30,
            browser: String::new(),
            start_at_sign_in: false,
        }
    }
}

/// The window's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system has them.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The language that window and resident speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum LanguageSetting {
    /// The first of the system's languages that there are words for.
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Which notices come unasked. What was clicked in the tray is answered, unless there are to be none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Notices {
    /// All.
    All,
    /// Only where the person must sign in.
    SignInNeeded,
    /// None.
    None,
}

/// Something that Gatepass keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// The profiles, in a file.
    Profiles,
    /// The settings, in a file.
    Settings,
    /// The activity, in a file.
    Activity,
    /// The log, in a file.
    Log,
    /// The sessions, in the system's keyring.
    Sessions,
}

/// Where something is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeptAt {
    /// What.
    pub what: Kept,
    /// The path of the file; of the sessions, the service that their entries in the keyring are filed under.
    pub place: String,
}
