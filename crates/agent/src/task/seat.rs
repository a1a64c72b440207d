//! A profile with its machine, and what the task remembers beside it.

use std::collections::HashMap;
use std::sync::Arc;

use gatepass_oidc::{RedirectUri, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

use super::command::Answer;
use super::report::SeatNumber;
use crate::session::{AttemptId, ReplyId, SessionMachine};
use crate::sign_in::{ATTEMPT_LIFE, Conclusion, Delivery};
use crate::{AttemptSnapshot, Error, GrantedToken, Profile, ProfileSnapshot, VaultKey};

/// One profile of the task.
pub(crate) struct Seat {
    pub(crate) number: SeatNumber,
    pub(crate) profile: Arc<Profile>,
    pub(crate) machine: SessionMachine,
    /// The sign-in that is under way.
    pub(crate) attempt: Option<Attempt>,
    /// The sign-in that ended last, while its page waits to hear what came of it.
    pub(crate) concluding: Option<Attempt>,
    pub(crate) waiters: HashMap<ReplyId, Waiter>,
    /// Those who wait for the vault to forget.
    pub(crate) erasing: Vec<Answer<()>>,
    /// The vault was told to forget, and was given nothing since.
    pub(crate) is_to_be_erased: bool,
    /// The profile was removed. The machine stays, so that what still arrives is revoked.
    pub(crate) is_removed: bool,
    /// As last published.
    pub(crate) shown: Arc<ProfileSnapshot>,
}

/// A running sign-in, as the task sees it.
pub(crate) struct Attempt {
    pub(crate) id: AttemptId,
    /// Dropping the future closes its port; this is how.
    pub(crate) running: JoinHandle<()>,
    /// Those it may bind, then the one it has bound.
    pub(crate) redirect_uris: Vec<RedirectUri>,
    /// Where the browser is sent first, once there is such a place.
    pub(crate) link: Option<Url>,
    pub(crate) ends_at: Timestamp,
    pub(crate) is_redirected: bool,
    pub(crate) browser_seen: bool,
    pub(crate) deliveries: mpsc::UnboundedSender<Delivery>,
    pub(crate) conclusions: mpsc::UnboundedSender<Conclusion>,
}

/// Someone whom the machine knows by a number.
pub(crate) enum Waiter {
    Token(Answer<GrantedToken>),
    Renewal(Answer<()>),
}

impl Seat {
    pub(crate) fn new(number: SeatNumber, profile: Profile, machine: SessionMachine, now: Timestamp) -> Self {
        let profile = Arc::new(profile);
        let shown = Arc::new(picture(&profile, &machine, [None, None], now));
        Self {
            number,
            profile,
            machine,
            attempt: None,
            concluding: None,
            waiters: HashMap::new(),
            erasing: Vec::new(),
            is_to_be_erased: false,
            is_removed: false,
            shown,
        }
    }

    pub(crate) fn key(&self) -> VaultKey {
        VaultKey(self.profile.id.clone())
    }

    /// Makes [`Self::shown`] say what is true now.
    pub(crate) fn draw(&mut self, now: Timestamp) {
        let attempts = [self.attempt.as_ref(), self.concluding.as_ref()];
        self.shown = Arc::new(picture(&self.profile, &self.machine, attempts, now));
    }

    /// The next instant at which there is something to do.
    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        if self.is_removed {
            return None;
        }
        let attempt_ends =
            self.attempt.as_ref().filter(|attempt| !attempt.is_redirected).map(|attempt| attempt.ends_at);
        [self.machine.wake_at(), attempt_ends].into_iter().flatten().min()
    }
}

impl Attempt {
    /// The redirect URI in use, once one is bound.
    pub(crate) fn redirect_uri(&self) -> Option<&RedirectUri> {
        self.link.as_ref().and(self.redirect_uris.first())
    }

    /// Tells the page what came of it. A page that is gone need not know.
    pub(crate) fn conclude(&self, conclusion: Conclusion) {
        let _ = self.conclusions.send(conclusion);
    }
}

impl Waiter {
    pub(crate) fn answer(self, answer: Result<GrantedToken, Error>) {
        // Whoever waited may have given up.
        let _ = match self {
            Self::Token(waiting) => waiting.send(answer).map_err(drop),
            Self::Renewal(waiting) => waiting.send(answer.map(drop)).map_err(drop),
        };
    }
}

fn picture(
    profile: &Arc<Profile>,
    machine: &SessionMachine,
    attempts: [Option<&Attempt>; 2],
    now: Timestamp,
) -> ProfileSnapshot {
    let part = machine.snapshot(now);
    let attempt = part.attempt.map(|shown| {
        let attempt = attempts.into_iter().flatten().find(|attempt| attempt.id == shown.id);
        AttemptSnapshot {
            stage: shown.stage,
            redirect_uri: attempt.and_then(Attempt::redirect_uri).cloned(),
            ends_at: attempt.map_or(shown.started_at + ATTEMPT_LIFE, |attempt| attempt.ends_at),
        }
    });
    ProfileSnapshot {
        profile: Arc::clone(profile),
        standing: part.standing,
        attempt,
        other_person: part.other_person,
        failed_sign_in: part.failed_sign_in,
        memory_only: part.memory_only,
        is_reading: part.is_reading,
        unread: part.unread,
    }
}
