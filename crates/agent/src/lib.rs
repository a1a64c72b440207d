//! The brain of Gatepass: profiles, sessions, the state machine of a session, and the one task that runs them all.
//!
//! This crate knows no frontend and has no serializable public type. It talks to the machine through three ports
//! ([`Clock`], [`Vault`], [`Browser`]) and to authorization servers through `gatepass-oidc`.
//!
//! Start reading at [`session::SessionMachine`], which decides everything and does nothing; then [`Agent`], which does
//! what it decides; then [`AgentHandle`], which is all that anyone else holds.

mod credentials;
mod earlier_groups;
pub mod edited_file;
mod error;
mod event;
mod fingerprint;
mod groups;
mod handle;
mod journal;
mod mistake;
mod person;
mod ports;
mod private_file;
mod profile;
mod profiles_file;
mod record;
pub mod redirect;
pub mod session;
mod sign_in;
mod snapshot;
mod task;
#[doc(hidden)]
pub mod testing;
mod vault;

pub use error::{Error, RenewalError, SignInEnd, SignedOutReason};
pub use event::Event;
pub use handle::{
    Agent, AgentHandle, AgentOptions, Direction, Explain, Explanation, GrantedToken, MinValidity, SignInOptions,
    SignInWay, SignOutOptions,
};
pub use mistake::{Mistake, Wrong, alternatives};
pub use ports::{Browser, BrowserFailed, Clock};
pub use profile::{
    Asking, AuthenticationMethod, FurtherAudience, GroupsAt, GroupsFrom, NotAProfile, Profile, ProfileId, ProfileParts,
};
pub use snapshot::{
    AttemptSnapshot, AttemptStage, Cause, CauseKind, Change, ClientKeys, DeviceCode, Groups, GroupsBefore,
    GroupsSource, Inquiry, Notice, NoticeId, NoticeKind, Notifying, Person, ProfileSnapshot, SessionSnapshot, Snapshot,
    Standing, UpkeepSnapshot,
};
#[doc(hidden)]
pub use testing::MemoryVault;
pub use vault::{SecretRecord, Vault, VaultError, VaultKey};
