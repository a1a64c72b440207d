//! A profile with its machine, and what the task remembers beside it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gatepass_oidc::{RedirectUri, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

use super::command::Answer;
use super::earlier::Earlier;
use super::edges::Edges;
use super::horizon::Horizon;
use super::inquiry::Requested;
use super::report::SeatNumber;
use super::times::{Shift, Times};
use crate::session::{AttemptId, Generation, ReplyId, SessionMachine};
use crate::sign_in::{ATTEMPT_LIFE, Conclusion, Delivery};
use crate::{
    AttemptSnapshot, DeviceCode, Error, GrantedToken, Groups, GroupsBefore, Profile, ProfileSnapshot, Standing,
    UpkeepSnapshot, VaultKey,
};

/// One profile of the task.
pub(crate) struct Seat {
    pub(crate) number: SeatNumber,
    pub(crate) profile: Arc<Profile>,
    pub(crate) machine: SessionMachine,
    /// Which session is held, for work beside the task.
    pub(crate) held: Held,
    /// The sign-in that is under way.
    pub(crate) attempt: Option<Attempt>,
    /// The sign-in that ended last, while its page waits to hear what came of it.
    pub(crate) concluding: Option<Attempt>,
    pub(crate) waiters: HashMap<ReplyId, Waiter>,
    /// Those who wait for the vault to forget.
    pub(crate) erasing: Vec<Answer<()>>,
    /// Those who wait to hear why a sign-in did not finish.
    pub(crate) inquirers: Vec<(AttemptId, Answer<()>)>,
    /// What the last sign-in asked through the browser; `None` where it did not come that far.
    pub(crate) requested: Option<Requested>,
    /// The vault was told to forget, and was given nothing since.
    pub(crate) is_to_be_erased: bool,
    pub(crate) horizon: Horizon,
    /// What came of asking for the groups of this session, and which question was the last.
    pub(crate) asked_groups: Option<Arc<Groups>>,
    pub(crate) groups_question: u64,
    pub(crate) earlier: Earlier,
    /// The profile was removed. The machine stays, so that what still arrives is revoked.
    pub(crate) is_removed: bool,
    /// The profile was edited into one of another issuer or client, and has a seat of its own as such. What this one
    /// left in the vault stays there: the edit may be taken back.
    pub(crate) is_set_aside: bool,
    /// Readings of the vault in a row that failed.
    pub(crate) n_unread: u32,
    /// As last published.
    pub(crate) shown: Arc<ProfileSnapshot>,
}

/// Which session a profile holds, as whoever works for one of them can see at any time: a request that waits for its turn
/// may find that its session is over.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<AtomicU64>);

impl Held {
    /// It is the session of this generation.
    pub(crate) fn set(&self, generation: Generation) {
        self.0.store(generation.0, Ordering::Release);
    }

    /// Whether it still is.
    pub(crate) fn is(&self, generation: Generation) -> bool {
        self.0.load(Ordering::Acquire) == generation.0
    }
}

/// A running sign-in, as the task sees it.
pub(crate) struct Attempt {
    pub(crate) id: AttemptId,
    /// As it was when the attempt began.
    pub(crate) profile: Arc<Profile>,
    /// Dropping the future closes its port; this is how.
    pub(crate) running: JoinHandle<()>,
    /// Those it may bind, then the one it has bound.
    pub(crate) redirect_uris: Vec<RedirectUri>,
    /// Where the browser is sent first, once there is such a place.
    pub(crate) link: Option<Url>,
    /// What is entered on another device.
    pub(crate) code: Option<DeviceCode>,
    /// In boot time: the issuer's may be learned in between.
    pub(crate) ends_at: Duration,
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
    pub(crate) fn new(number: SeatNumber, profile: Profile, mut machine: SessionMachine, edges: &Edges) -> Self {
        machine.set_groups_at(&profile.groups);
        let profile = Arc::new(profile);
        let shown = Arc::new(picture(&profile, &machine, [None, None], Beside::default(), edges));
        Self {
            number,
            profile,
            held: Held::default(),
            machine,
            attempt: None,
            concluding: None,
            waiters: HashMap::new(),
            erasing: Vec::new(),
            inquirers: Vec::new(),
            requested: None,
            is_to_be_erased: false,
            horizon: Horizon::default(),
            asked_groups: None,
            groups_question: 0,
            earlier: Earlier::default(),
            is_removed: false,
            is_set_aside: false,
            n_unread: 0,
            shown,
        }
    }

    /// Makes the profile another one of the same issuer and client.
    pub(crate) fn follow(&mut self, profile: Profile) {
        self.machine.set_groups_at(&profile.groups);
        if self.profile.groups != profile.groups {
            self.asked_groups = None;
            // Another list is nothing to compare with.
            self.earlier = Earlier::default();
        }
        self.profile = profile.into();
    }

    pub(crate) fn key(&self) -> VaultKey {
        VaultKey::session(self.profile.id.clone())
    }

    /// Makes [`Self::shown`] say what is true now.
    pub(crate) fn draw(&mut self, edges: &Edges) {
        let attempts = [self.attempt.as_ref(), self.concluding.as_ref()];
        let beside = Beside {
            end: self.horizon.end(),
            groups: self.asked_groups.as_ref(),
            groups_before: self.earlier.groups(),
        };
        self.shown = Arc::new(picture(&self.profile, &self.machine, attempts, beside, edges));
    }

    /// How long there is nothing to do; `None` if only something from outside can change that.
    pub(crate) fn nap(&self, times: &Times) -> Option<Duration> {
        if self.is_removed {
            return None;
        }
        let issuer = &self.profile.issuer;
        let now = times.at_issuer(issuer);
        let due = self.machine.wake_at().map(|wake_at| wake_at.since(now));
        let warning = self.horizon.wake_at().map(|wake_at| wake_at.since(now));
        let attempt = self.attempt.as_ref().filter(|attempt| !attempt.is_redirected);
        let attempt_ends = attempt.map(|attempt| attempt.ends_at.saturating_sub(times.boot()));
        let question = if self.is_session() { times.until_question(issuer) } else { None };
        [due, attempt_ends, question, warning].into_iter().flatten().min()
    }

    /// Whether somebody is signed in.
    pub(crate) fn is_session(&self) -> bool {
        !self.is_removed && self.machine.has_session()
    }

    /// The same, or it is not known yet: a session that is being read, or cannot be, is one all the same.
    pub(crate) fn may_have_session(&self) -> bool {
        self.is_session() || self.shown.is_reading || self.shown.unread.is_some()
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

/// What is known of a session beside its machine.
#[derive(Default)]
struct Beside<'a> {
    end: Option<Timestamp>,
    groups: Option<&'a Arc<Groups>>,
    groups_before: Option<&'a Arc<GroupsBefore>>,
}

fn picture(
    profile: &Arc<Profile>,
    machine: &SessionMachine,
    attempts: [Option<&Attempt>; 2],
    beside: Beside<'_>,
    edges: &Edges,
) -> ProfileSnapshot {
    let times = &edges.times;
    let mut part = machine.snapshot(times.at_issuer(&profile.issuer));
    if let Standing::SignedIn(session) = &mut part.standing {
        session.ends_at = beside.end;
        if let Some(groups) = beside.groups {
            session.groups = Arc::clone(groups);
        }
        session.groups_before = beside.groups_before.cloned();
    }
    let shift = times.shift(&profile.issuer);
    let attempt = part.attempt.map(|shown| {
        let attempt = attempts.into_iter().flatten().find(|attempt| attempt.id == shown.id);
        AttemptSnapshot {
            stage: shown.stage,
            redirect_uri: attempt.and_then(Attempt::redirect_uri).cloned(),
            code: attempt.and_then(|attempt| attempt.code.clone()),
            ends_at: match attempt {
                Some(attempt) => times.wall_at(attempt.ends_at),
                None => shift.apply(shown.started_at + ATTEMPT_LIFE),
            },
        }
    });
    ProfileSnapshot {
        profile: Arc::clone(profile),
        capabilities: edges.capabilities(profile),
        standing: by_the_wall(part.standing, shift),
        attempt,
        other_person: part.other_person,
        failed_sign_in: part.failed_sign_in,
        inquiry: part.inquiry,
        memory_only: part.memory_only,
        is_reading: part.is_reading,
        unread: part.unread,
    }
}

/// With its instants as the wall clock shows them.
fn by_the_wall(standing: Standing, shift: Shift) -> Standing {
    let moved = |at: &mut Timestamp| *at = shift.apply(*at);
    let mut standing = standing;
    match &mut standing {
        Standing::SignedOut { at, .. } => at.iter_mut().for_each(moved),
        Standing::SignedIn(session) => {
            session.expires_at.iter_mut().for_each(moved);
            session.ends_at.iter_mut().for_each(moved);
            match &mut session.upkeep {
                UpkeepSnapshot::Waiting { refresh_at: at }
                | UpkeepSnapshot::Retrying { retry_at: at, .. }
                | UpkeepSnapshot::InDoubt { retry_at: at, .. }
                | UpkeepSnapshot::Blocked { retry_at: at, .. } => moved(at),
                UpkeepSnapshot::Refreshing | UpkeepSnapshot::None => {}
            }
        }
    }
    standing
}
