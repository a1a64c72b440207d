//! An error told to a person, and what they can do.

use serde::{Deserialize, Serialize};

/// What went wrong: a short title, one sentence of detail, one piece of advice with at most one action; and who can mend
/// it, where.
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
    /// What else it may be, likeliest first, a sentence each, where that cannot be known: Okta has shown an error on a
    /// page of its own and told nobody else.
    #[serde(default)]
    pub likely: Vec<String>,
    /// Whether the authorization server can be asked why, with [`FindOut`](crate::Intent::FindOut).
    #[serde(default)]
    pub inquiry: Option<Inquiry>,
    /// Whose it is to mend.
    #[serde(default)]
    pub whose: Whose,
    /// Where in Okta's admin console it is mended or looked up.
    #[serde(default)]
    pub console: Option<Box<ConsolePath>>,
    /// A note for an Okta admin, who can act on it without asking back. No token, code or state is in it, and nothing of
    /// the person. Copied by [`CopyNoteForAdmin`](crate::Intent::CopyNoteForAdmin).
    #[serde(default)]
    pub note: Option<String>,
}

impl Problem {
    /// An error with these texts, and nothing else to say of it.
    pub fn new(code: &str, title: &str, detail: String, advice: String) -> Self {
        Self {
            code: code.into(),
            title: title.into(),
            detail,
            advice,
            action: None,
            severity: Severity::Error,
            quote: None,
            likely: Vec::new(),
            inquiry: None,
            whose: Whose::You,
            console: None,
            note: None,
        }
    }
}

/// A question to the authorization server about a sign-in that did not finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Inquiry {
    /// It can be asked.
    Possible,
    /// It was, and has not answered yet.
    UnderWay,
}

/// Whose it is to mend a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The person's.
    #[default]
    You,
    /// Their Okta admin's.
    Admin,
    /// Okta's own.
    Okta,
    /// A mistake of Gatepass: it is to be reported.
    Gatepass,
}

/// A place in Okta's admin console, by the names of its menus. Okta has renamed them, and both names are met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConsolePath {
    /// As the menus are called now.
    pub now: String,
    /// As the Developer Console called them, in which many guides are written. May be the same.
    pub before: String,
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
