//! What the machine contributes to the snapshot of its profile. No secret is in it.

use gatepass_oidc::Timestamp;

use super::AttemptId;
use crate::{AttemptStage, Error, Person, Standing, VaultError};

/// Everything of a [`ProfileSnapshot`](crate::ProfileSnapshot) that the machine knows: all but the profile, and of the
/// attempt all but its redirect URI and its end.
#[derive(Clone, Debug)]
pub struct SessionPart {
    /// Signed in or not.
    pub standing: Standing,
    /// The sign-in that is under way.
    pub attempt: Option<AttemptPart>,
    /// Somebody else signed in: who was, who is now.
    pub other_person: Option<(Person, Person)>,
    /// Why the last sign-in failed, until it is dismissed or the next begins.
    pub failed_sign_in: Option<Error>,
    /// Set while what is held would not survive a restart.
    pub memory_only: Option<VaultError>,
    /// Set while the vault could not be read.
    pub unread: Option<VaultError>,
}

/// A sign-in that is under way, as far as the machine knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptPart {
    /// Which one.
    pub id: AttemptId,
    /// How far it is.
    pub stage: AttemptStage,
    /// When it was asked for.
    pub started_at: Timestamp,
}
