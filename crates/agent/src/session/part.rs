//! What the machine contributes to the snapshot of its profile. No secret is in it.

use std::sync::Arc;

use gatepass_oidc::{Scopes, Timestamp, TokenType};

use super::held::{Session, Upkeep};
use super::machine::Holding;
use super::sign_in::{Attempt, Failed};
use super::{AttemptId, SessionMachine};
use crate::{AttemptStage, Error, Groups, Inquiry, Person, SessionSnapshot, Standing, UpkeepSnapshot, VaultError};

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
    /// How it stands about asking the server why.
    pub inquiry: Option<Inquiry>,
    /// Set while what is held would not survive a restart.
    pub memory_only: Option<VaultError>,
    /// Whether the vault is being asked for a session and has not answered yet.
    pub is_reading: bool,
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

impl SessionMachine {
    /// What frontends may know at `now`. A sign-in that is not stored yet does not show: until the vault has answered,
    /// the standing is the one before it, and the attempt still goes on, at its last stage.
    pub fn snapshot(&self, now: Timestamp) -> SessionPart {
        let shown = self.still_shown.as_ref();
        let storing = || Some(Attempt { stage: AttemptStage::Storing, ..shown?.attempt? });
        let attempt = self.attempt.or_else(storing);
        SessionPart {
            standing: shown.map_or_else(|| self.standing(now), |shown| shown.standing.clone()),
            attempt: attempt.map(|Attempt { id, stage, started_at, .. }| AttemptPart { id, stage, started_at }),
            other_person: self.candidate.as_ref().map(|candidate| (candidate.was.clone(), candidate.now.clone())),
            failed_sign_in: self.failed_sign_in.as_ref().map(|failed| failed.error.clone()),
            inquiry: self.failed_sign_in.as_ref().and_then(Failed::inquiry),
            memory_only: self.keeping.memory_only,
            is_reading: self.keeping.is_first_reading(),
            unread: self.keeping.unread,
        }
    }

    pub(super) fn standing(&self, now: Timestamp) -> Standing {
        match &self.holding {
            Holding::Nothing { because, since } => Standing::SignedOut { because: because.clone(), at: *since },
            Holding::Session(session) => Standing::SignedIn(Box::new(session.snapshot(now))),
        }
    }
}

impl Session {
    fn snapshot(&self, now: Timestamp) -> SessionSnapshot {
        let in_hand = self.in_hand.as_ref();
        SessionSnapshot {
            person: self.person.clone(),
            expires_at: in_hand.and_then(|in_hand| in_hand.tokens.expires_at),
            // Known to the task, which asks the server.
            ends_at: None,
            lifetime: in_hand.and_then(|in_hand| in_hand.lifetime()),
            has_access_token: in_hand.is_some_and(|in_hand| in_hand.is_valid(now)),
            renewable: self.refresh_token.is_some(),
            upkeep: self.upkeep.snapshot(),
            groups_before: None,
            groups: in_hand.map_or_else(|| Arc::new(Groups::not_yet()), |in_hand| Arc::clone(&in_hand.groups)),
            access_token: in_hand.map(|in_hand| Arc::clone(&in_hand.content)),
            is_bound: in_hand.is_some_and(|in_hand| matches!(in_hand.tokens.token_type, TokenType::Dpop { .. })),
            access_token_size: in_hand.map(|in_hand| in_hand.tokens.access_token.expose().len()),
            id_token: in_hand.and_then(|in_hand| in_hand.claims.clone()),
            id_token_size: in_hand.and_then(|in_hand| Some(in_hand.tokens.id_token.as_ref()?.expose().len())),
            scopes: in_hand.map_or_else(Scopes::default, |in_hand| in_hand.tokens.scopes.clone()),
        }
    }
}

impl Upkeep {
    fn snapshot(&self) -> UpkeepSnapshot {
        match self {
            Upkeep::Waiting { refresh } => UpkeepSnapshot::Waiting { refresh_at: refresh.at },
            // Nobody outside need tell the answer's way to the vault from its way to us.
            Upkeep::Refreshing | Upkeep::LookingAgain { .. } | Upkeep::Storing(_) => UpkeepSnapshot::Refreshing,
            Upkeep::Retrying { retry, because } => {
                UpkeepSnapshot::Retrying { retry_at: retry.at, because: because.clone() }
            }
            Upkeep::InDoubt { retry, because } => {
                UpkeepSnapshot::InDoubt { retry_at: retry.at, because: because.clone() }
            }
            Upkeep::Blocked { retry, because } => {
                UpkeepSnapshot::Blocked { retry_at: retry.at, because: because.clone() }
            }
            Upkeep::None => UpkeepSnapshot::None,
        }
    }
}
