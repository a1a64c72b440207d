//! What comes back to the task from work that goes on beside it.

use gatepass_oidc::{DeviceSecret, RefreshToken, Timestamp, TokenSet};
use tokio::sync::mpsc;

use super::inquiry::Inquired;
use crate::groups::Asked;
use crate::session::{AttemptId, Generation, Kept, Past, RefreshFailure};
use crate::sign_in::{Bound, Redirected};
use crate::{AttemptStage, DeviceCode, Error, GroupsBefore, SecretRecord, VaultError};

/// Names a profile in the life of one task. Ids of profiles can be used again; what arrives for a profile that was
/// removed must not reach the next one of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SeatNumber(pub(crate) u64);

/// Something happened, and to whom.
pub(crate) struct Report {
    pub(crate) seat: SeatNumber,
    pub(crate) news: News,
}

/// What happened.
pub(crate) enum News {
    /// The vault was read.
    Loaded(Result<Option<SecretRecord>, VaultError>),
    /// The vault has this, and this is what the journal knows of it.
    Recalled(Box<Kept>, Past),
    /// The vault took a record or did not.
    Stored(Generation, Result<(), VaultError>),
    /// The vault removed a record or did not.
    Erased(Result<(), VaultError>),
    /// The attempt has its addresses.
    Bound(AttemptId, Bound),
    /// The attempt has a code to be entered elsewhere, which is over then.
    CodeGiven(AttemptId, DeviceCode, Timestamp),
    /// The attempt went on.
    Moved(AttemptId, AttemptStage),
    /// The browser came back from a silent try, and waits for the page that says what came of the attempt.
    CameBack(AttemptId),
    /// The redirect came.
    Redirected(AttemptId, Box<Redirected>),
    /// The attempt ended.
    SignInFinished(AttemptId, Result<Box<TokenSet>, Error>),
    /// The server was asked why a sign-in did not finish.
    Inquired(Box<Inquired>),
    /// A refresh brought a refresh token, and nothing of its response is judged yet.
    RefreshTokenArrived(Generation, RefreshToken),
    /// Another profile was signed in out of this session, and this device secret came in place of the one that was used.
    DeviceSecretArrived(Generation, DeviceSecret),
    /// The server told when the refresh token ends, or did not.
    Introspected(Generation, Option<Timestamp>),
    /// Whoever was asked for the groups, with this question, answered or not.
    GroupsTold(u64, Asked),
    /// An admin's API token came, or went.
    ApiTokenChanged,
    /// The groups to compare this session's with.
    GroupsCompared(Generation, GroupsBefore),
    /// The refresh ended.
    RefreshFinished(Generation, Result<Box<TokenSet>, RefreshFailure>),
}

/// Sends news about one profile to the task.
#[derive(Clone)]
pub(crate) struct Reporter {
    seat: SeatNumber,
    reports: mpsc::UnboundedSender<Report>,
}

impl Reporter {
    pub(crate) fn new(seat: SeatNumber, reports: mpsc::UnboundedSender<Report>) -> Self {
        Self { seat, reports }
    }

    /// Tells the task. One that has ended need not know.
    pub(crate) fn tell(&self, news: News) {
        let _ = self.reports.send(Report { seat: self.seat, news });
    }
}
