//! An error told to a person, and what they can do.

use serde::{Deserialize, Serialize};

/// What went wrong: a short title, one sentence of detail, one piece of advice with at most one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// Stable, for code that must tell problems apart, and for search engines.
    pub code: String,
    /// A few words, no full stop.
    pub title: String,
    /// One sentence: what happened.
    pub detail: String,
    /// One sentence: what to do.
    pub advice: String,
    /// The one thing that a click can do about it.
    pub action: Option<Action>,
    /// How bad it is.
    pub severity: Severity,
    /// What the server said, to the letter but cut at 200 characters. To be shown as a quotation, never to decide by.
    pub quote: Option<String>,
}

/// What a click can do about a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Sign in (again).
    SignIn,
    /// Renew now.
    Refresh,
    /// Copy the redirect URI that must be registered at Okta.
    CopyRedirectUri,
    /// End a resident of before an update.
    QuitOld,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know; nothing is lost.
    Note,
    /// Something does not work and may mend itself.
    Warning,
    /// The person or an admin must act.
    Error,
}
