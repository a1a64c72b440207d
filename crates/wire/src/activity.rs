//! What happened on this machine. The resident keeps these in a file of its own, one a line, so that what is renamed here
//! is not understood in the files of before: variants and fields are added, never changed.

use serde::{Deserialize, Serialize};

use crate::{CopiedThing, Millis};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ActivityEntry {
    /// When, by the clock on the wall.
    pub at: Millis,
    /// The id of the profile that it happened to; `None` where it is about all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub profile: Option<String>,
    /// What.
    #[serde(flatten)]
    pub what: Activity,
}

/// What happened. A `code` is that of a [`Problem`](crate::Problem).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Activity {
    /// The program started.
    Started,
    /// The program was asked to quit.
    Quit,
    /// The keyring gave a session back.
    Restored,
    /// The keyring could not be read.
    Unread {
        /// Why.
        code: String,
    },
    /// A sign-in ended well.
    SignedIn,
    /// A sign-in failed.
    SignInFailed {
        /// Why.
        code: String,
    },
    /// Somebody else signed in than before.
    OtherPerson,
    /// A renewal ended well.
    Renewed {
        /// The end of the new access token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        expires_at: Option<Millis>,
    },
    /// A renewal failed, and is tried again.
    Setback {
        /// Why.
        code: String,
        /// When it is tried again.
        retry_at: Millis,
    },
    /// A renewal was refused until an admin acts.
    Blocked {
        /// Why.
        code: String,
        /// When it is tried all the same.
        retry_at: Millis,
    },
    /// The session ended without the person wanting it.
    Ended {
        /// Why.
        code: String,
    },
    /// The person signed out.
    SignedOut,
    /// The keyring did not take the session: it lasts until the program quits.
    MemoryOnly {
        /// Why.
        code: String,
    },
    /// The keyring has the session after all.
    Stored,
    /// Profiles were added, changed or removed.
    Profiles,
    /// Something was copied.
    Copied {
        /// What.
        thing: CopiedThing,
    },
    /// The person was told something.
    Noticed {
        /// What about: `sign-in-needed`, `blocked`, `memory-only`, `unread`, `ends-soon`, `other-person` or
        /// `sign-in-failed`.
        about: String,
    },
    /// The machine said that it falls asleep.
    FellAsleep,
    /// The machine said that it woke.
    Woke,
    /// The network became another.
    NetworkChanged,
    /// The clock was set, or the time of a server was learned.
    ClockSet,
}
