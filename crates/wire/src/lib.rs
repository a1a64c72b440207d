//! What crosses a process or webview boundary: serializable types, framing, and a client of the resident's local API.
//!
//! This crate knows nothing else of ours. No type in it can carry a token: the resident copies, and what comes back is
//! a [`Receipt`]. Everything here may be drawn; text in it is already free of control characters and of the characters
//! that reorder text, and is still to be shown as text, never as markup.
//!
//! Start reading at [`Snapshot`], all that a frontend may know, and [`Intent`], all that it may ask for.

mod activity;
mod answer;
pub mod client;
pub mod frame;
mod intent;
mod language;
pub mod place;
mod problem;
mod settings;
mod snapshot;

pub use activity::{Activity, ActivityEntry};
pub use answer::{Answer, CopiedThing, FieldReport, FieldStatus, ProfileReport, PublicKey, Receipt};
pub use intent::{CopyFormat, DeliveredRedirect, Intent, ProfileDraft, ProfileOptions};
pub use language::Language;
pub use problem::{Action, ConsolePath, Inquiry, Problem, Severity, Whose};
pub use settings::{Kept, KeptAt, LanguageSetting, Notices, Settings, Theme};
pub use snapshot::{
    AccessTokenView, Attempt, AttemptStage, Cause, Change, Claim, ClaimValue, DeviceCode, Groups, GroupsSource, Millis,
    OtherPerson, Person, Profile, Resident, Session, Signature, Snapshot, Status, Tokens, VerifiedClaims,
};

#[cfg(test)]
mod tests;
