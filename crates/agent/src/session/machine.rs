//! The machine: what it remembers, which input goes where, and the ends that are common to all of them: how a session
//! ends, who is answered, what is revoked. Sign-ins are in `sign_in`, renewals in `renewal`, the vault in `keeping`.
//!
//! Three things go on beside each other, and none may stop another: a session and its upkeep, a sign-in attempt, and
//! the question which of two people's sessions to keep.

use std::collections::VecDeque;
use std::fmt;

use gatepass_oidc::{IdTokenHint, RefreshToken, Subject, Timestamp, TokenSet};

use super::haste::Haste;
use super::held::{Session, Upkeep};
use super::keeping::Keeping;
use super::sign_in::{Attempt, Candidate, Failed, StillShown};
use super::{AttemptId, Effect, Fate, Generation, Input, Jitter, Predecessor, ReplyId};
use crate::fingerprint::Fingerprint;
use crate::{CauseKind, Error, GrantedToken, GroupsAt, MinValidity, NoticeKind, SignedOutReason};

/// The session of one profile, its sign-in attempt, and the question that a sign-in as somebody else raises.
pub struct SessionMachine {
    pub(super) jitter: Jitter,
    pub(super) groups_at: GroupsAt,
    pub(super) holding: Holding,
    /// Of the session that is held, or of none. Answers to an older one are recognised by it.
    pub(super) generation: Generation,
    pub(super) attempt: Option<Attempt>,
    pub(super) last_attempt: AttemptId,
    pub(super) candidate: Option<Candidate>,
    pub(super) failed_sign_in: Option<Failed>,
    /// What stands in the snapshot while the vault is storing a new sign-in.
    pub(super) still_shown: Option<StillShown>,
    pub(super) keeping: Keeping,
    pub(super) waiters: Vec<Waiter>,
    pub(super) haste: Haste,
    /// The response to an outdated refresh is heard of twice, as it comes and when it is judged. Remembered so that its
    /// token is not revoked as often, which would do no harm either (RFC 7009 section 2.2).
    last_revoked: Option<RefreshToken>,
    /// Refresh tokens that were replaced or refused, oldest first. What the vault has may be one of them.
    spent: VecDeque<Fingerprint>,
    /// The latest time of an input.
    last_now: Option<Timestamp>,
}

/// How many spent refresh tokens are remembered: more than a vault is ever behind.
const MAX_SPENT: usize = 32;

/// Whether somebody is signed in.
pub(super) enum Holding {
    Nothing { because: SignedOutReason, since: Option<Timestamp> },
    Session(Box<Session>),
}

/// Someone who waits for what comes of a renewal, or for the vault to be read.
pub(super) struct Waiter {
    pub(super) reply: ReplyId,
    pub(super) wish: Wish,
}

/// What a waiter wants.
#[derive(Clone, Copy)]
pub(super) enum Wish {
    /// A token that is good enough, old or new.
    Token(MinValidity),
    /// A renewal.
    Renewal,
}

impl SessionMachine {
    /// A machine that knows nothing yet. Its first [`Input::Tick`] asks for [`Effect::Load`]. `jitter` moves renewals
    /// and retries a little.
    pub fn new(jitter: Jitter) -> Self {
        Self {
            jitter,
            groups_at: GroupsAt::default(),
            holding: Holding::Nothing { because: SignedOutReason::NeverSignedIn, since: None },
            generation: Generation(0),
            attempt: None,
            last_attempt: AttemptId(0),
            candidate: None,
            failed_sign_in: None,
            still_shown: None,
            keeping: Keeping::default(),
            waiters: Vec::new(),
            haste: Haste::default(),
            last_revoked: None,
            spent: VecDeque::new(),
            last_now: None,
        }
    }

    /// Where the person's groups are told, from now on.
    pub fn set_groups_at(&mut self, at: &GroupsAt) {
        if self.groups_at != *at {
            self.groups_at = at.clone();
            let groups_at = &self.groups_at;
            if let Holding::Session(session) = &mut self.holding
                && let Some(in_hand) = &mut session.in_hand
            {
                in_hand.find_groups(groups_at);
            }
        }
    }

    /// Takes one input and says what is to be done about it, in this order.
    ///
    /// The contract of the inputs: each [`Effect::Refresh`] is answered by one [`Input::RefreshFinished`], before
    /// which a new refresh token is handed in as [`Input::RefreshTokenArrived`]; each [`Effect::Persist`] by one
    /// [`Input::Persisted`], in order; each [`Effect::Load`] by one [`Input::Restored`]. An input that breaks it does
    /// no harm.
    pub fn step(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        self.notice_time(now);
        let mut effects = Vec::new();
        let out = &mut effects;
        match input {
            Input::Restored(result) => self.restored(now, result, out),
            Input::SignInRequested(options) => self.sign_in_requested(now, options, out),
            Input::SignInMoved(id, stage) => self.sign_in_moved(id, stage, out),
            Input::RequestTaken(id) => self.request_taken(id),
            Input::SignInFinished(id, result) => self.sign_in_finished(now, id, result, out),
            Input::SignInCancelled => self.sign_in_cancelled(out),
            Input::OtherPersonAnswered { replace } => self.other_person_answered(now, replace, out),
            Input::TokenRequested(reply, min_validity) => self.token_requested(now, reply, min_validity, out),
            Input::RefreshRequested(reply) => self.refresh_requested(now, reply, out),
            Input::RefreshTokenArrived(generation, token) => self.refresh_token_arrived(generation, token, out),
            Input::DeviceSecretArrived(generation, secret) => self.device_secret_arrived(generation, secret, out),
            Input::RefreshFinished(generation, result) => self.refresh_finished(now, generation, result, out),
            Input::Persisted(generation, result) => self.persisted(now, generation, result, out),
            Input::SignOutRequested => self.sign_out_requested(now, out),
            Input::ProblemDismissed => self.problem_dismissed(out),
            Input::InquiryRequested => self.inquiry_requested(out),
            Input::InquiryFinished(id, verdict) => self.inquiry_finished(id, verdict, out),
            Input::NetworkChanged => self.network_changed(now),
            Input::Tick => self.tick(now, out),
        }
        effects
    }

    /// The next instant at which an [`Input::Tick`] would do something: the past if it would now, `None` if only
    /// another input can. A function of the state, so ask after every step. Tick after a sleep too: a renewal that waits
    /// for its turn may not have to wait any longer.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let refresh = self.session().and_then(Session::refresh).map(|due| due.at);
        let end = self.session().and_then(Session::ends_at);
        let load = self.load_at();
        let store_again = self.store_again_at();
        [refresh, end, load, store_again].into_iter().flatten().min()
    }

    /// The sign-in that is under way.
    pub fn attempt(&self) -> Option<AttemptId> {
        self.attempt.as_ref().map(|attempt| attempt.id)
    }

    /// Of the session that is held, or of none.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Whether somebody is signed in.
    pub fn has_session(&self) -> bool {
        self.session().is_some()
    }

    /// Who is signed in.
    pub fn subject(&self) -> Option<Subject> {
        Some(self.session()?.subject.clone())
    }

    /// What names the session to the server's sign-out, where it is known.
    pub fn id_token_hint(&self) -> Option<IdTokenHint> {
        self.session()?.id_token_hint.clone()
    }

    /// What renews the session, where something does.
    pub fn refresh_token(&self) -> Option<RefreshToken> {
        self.session()?.refresh_token.clone()
    }

    /// What the answer to [`Effect::Refresh`] is to be judged against; `None` where nobody is signed in.
    pub fn predecessor(&self) -> Option<Predecessor> {
        let session = self.session()?;
        let tokens = session.in_hand.as_ref().map(|in_hand| &in_hand.tokens);
        Some(Predecessor {
            subject: session.subject.clone(),
            id_token: tokens.and_then(|tokens| tokens.id_token.clone()),
            scopes: tokens.map(|tokens| tokens.scopes.clone()),
        })
    }

    /// The tokens in hand and whose they are, for asking about the person; `None` while there are none that work.
    pub fn in_hand(&self, now: Timestamp) -> Option<(&Subject, &TokenSet)> {
        let session = self.session()?;
        let in_hand = session.in_hand.as_ref().filter(|in_hand| in_hand.is_valid(now))?;
        Some((&session.subject, &in_hand.tokens))
    }

    pub(super) fn session(&self) -> Option<&Session> {
        match &self.holding {
            Holding::Session(session) => Some(session),
            Holding::Nothing { .. } => None,
        }
    }

    pub(super) fn session_mut(&mut self) -> Option<&mut Session> {
        match &mut self.holding {
            Holding::Session(session) => Some(session),
            Holding::Nothing { .. } => None,
        }
    }

    /// Puts the tokens to use that wait for it, if nothing stands in their way, and tells everyone. False if not.
    pub(super) fn settle(&mut self, now: Timestamp, out: &mut Vec<Effect>) -> bool {
        let Holding::Session(session) = &mut self.holding else { return false };
        if !session.put_to_use(now, &mut self.jitter, &self.groups_at) {
            return false;
        }
        let granted = session.granted();
        self.haste = Haste::default();
        let cause = match self.still_shown.take() {
            Some(_) => CauseKind::SignedIn,
            None => CauseKind::Renewed,
        };
        out.push(Effect::Publish(cause));
        if let Some(granted) = granted {
            // A token that lives shorter than somebody wants is the best there is: nobody waits for a second renewal.
            self.answer_waiters(&Ok(granted), out);
        }
        true
    }

    /// Ends the session without the person wanting it. What it holds is worth nothing any more, so nothing is revoked.
    pub(super) fn end(&mut self, now: Timestamp, because: SignedOutReason, out: &mut Vec<Effect>) {
        self.give_up_tokens(out);
        self.hold_nothing(now, because.clone());
        out.push(Effect::Erase);
        out.push(Effect::Publish(CauseKind::Ended));
        out.push(Effect::Notify(NoticeKind::SignInNeeded(because.clone())));
        self.answer_waiters(&Err(Error::SignInRequired(because)), out);
    }

    /// Notices that the session ended with its access token.
    pub(super) fn end_if_over(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.session().and_then(Session::ends_at).is_some_and(|ends_at| ends_at <= now) {
            self.end(now, SignedOutReason::Expired, out);
        }
    }

    /// Gives everyone who waits this answer.
    pub(super) fn answer_waiters(&mut self, answer: &Result<GrantedToken, Error>, out: &mut Vec<Effect>) {
        out.extend(self.waiters.drain(..).map(|waiter| Effect::Reply(waiter.reply, answer.clone())));
    }

    /// Notes that a refresh token was replaced, refused or given up.
    pub(super) fn note_spent(&mut self, token: &RefreshToken) {
        let fingerprint = Fingerprint::of(&[token.expose()]);
        if !self.spent.contains(&fingerprint) {
            self.spent.push_back(fingerprint);
        }
        if self.spent.len() > MAX_SPENT {
            self.spent.pop_front();
        }
    }

    /// A refresh token that the server just gave is good, even if a server gives the same one again after a sign-out.
    pub(super) fn note_given(&mut self, token: &RefreshToken, out: &mut Vec<Effect>) {
        let fingerprint = Fingerprint::of(&[token.expose()]);
        self.spent.retain(|spent| *spent != fingerprint);
        out.push(Effect::Settle(token.clone(), Fate::Given));
    }

    /// Whether a refresh token is known to have been replaced or refused.
    pub(super) fn is_spent(&self, token: &RefreshToken) -> bool {
        self.spent.contains(&Fingerprint::of(&[token.expose()]))
    }

    /// Notes that whatever the vault may still have of the session that is held has had its day: a vault that is
    /// locked now must not bring it back at the next start.
    pub(super) fn give_up_tokens(&mut self, out: &mut Vec<Effect>) {
        let tokens = self.session_mut().map(Session::take_refresh_tokens).unwrap_or_default();
        tokens.iter().for_each(|token| self.note_spent(token));
        out.extend(tokens.into_iter().map(|token| Effect::Settle(token, Fate::Ended)));
    }

    /// Has a refresh token ended at the server, unless it is one that is held.
    pub(super) fn revoke(&mut self, token: RefreshToken, out: &mut Vec<Effect>) {
        let is_same = |other: &RefreshToken| other.expose() == token.expose();
        let is_held = self.session().is_some_and(|session| session.holds(&token))
            || self
                .candidate
                .as_ref()
                .and_then(|candidate| candidate.tokens.refresh_token.as_ref())
                .is_some_and(is_same);
        if is_held || self.last_revoked.as_ref().is_some_and(is_same) {
            return;
        }
        self.last_revoked = Some(token.clone());
        out.push(Effect::Revoke(token));
    }

    /// Begins a new generation: what was asked for in the one before is not waited for any more.
    pub(super) fn begin_generation(&mut self) {
        self.generation = Generation(self.generation.0.saturating_add(1));
        self.keeping.n_storing = 0;
    }

    fn sign_out_requested(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let attempt = self.attempt.take();
        let candidate = self.candidate.take();
        let was_unread = self.keeping.give_up_reading();
        let had_failed = self.failed_sign_in.take().is_some();
        let was_anyone = !matches!(
            self.holding,
            Holding::Nothing { because: SignedOutReason::NeverSignedIn | SignedOutReason::SignedOut, .. }
        );
        let is_change = attempt.is_some() || candidate.is_some() || was_unread || had_failed || was_anyone;
        if let Some(attempt) = attempt {
            out.push(Effect::AbandonSignIn(attempt.id));
        }
        if let Some(candidate) = candidate {
            self.revoke_tokens(candidate.tokens, out);
        }
        if was_anyone {
            let token = self.session().and_then(|session| session.refresh_token.clone());
            let lone = self.session().and_then(Session::lone_access_token);
            let secret = self.session().and_then(|session| session.device_secret.clone());
            self.give_up_tokens(out);
            self.hold_nothing(now, SignedOutReason::SignedOut);
            token.into_iter().for_each(|token| self.revoke(token, out));
            out.extend(lone.map(Effect::RevokeAccess));
            out.extend(secret.map(Effect::RevokeDeviceSecret));
        }
        // Even where nothing is held: the vault may have a record that could not be read.
        out.push(Effect::Erase);
        if is_change {
            out.push(Effect::Publish(CauseKind::SignedOut));
        }
        self.answer_waiters(&Err(Error::SignInRequired(SignedOutReason::SignedOut)), out);
    }

    fn problem_dismissed(&mut self, out: &mut Vec<Effect>) {
        if self.failed_sign_in.take().is_some() {
            out.push(Effect::Publish(CauseKind::Dismissed));
        }
    }

    fn tick(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.end_if_over(now, out);
        self.load_if_due(now, out);
        self.refresh_if_due(now, out);
        self.store_again_if_due(now, out);
    }

    fn hold_nothing(&mut self, now: Timestamp, because: SignedOutReason) {
        self.holding = Holding::Nothing { because, since: Some(now) };
        self.begin_generation();
        self.keeping.forget();
        self.still_shown = None;
    }

    fn notice_time(&mut self, now: Timestamp) {
        let went_back = self.last_now.replace(now).is_some_and(|last| now < last);
        if let Some(session) = self.session_mut().filter(|_| went_back) {
            session.lose_time();
        }
        if let Holding::Session(session) = &mut self.holding {
            session.notice_time(now);
        }
        self.keeping.notice_time(now);
        self.haste.notice_time(now);
    }
}

/// The outline alone: no token, and no word about the person.
impl fmt::Debug for SessionMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holding = match self.session().map(|session| &session.upkeep) {
            None => "nothing",
            Some(Upkeep::Waiting { .. }) => "a session",
            Some(Upkeep::Refreshing) => "a session, being renewed",
            Some(Upkeep::LookingAgain { .. }) => "a session, refused",
            Some(Upkeep::Storing(_)) => "a session, being stored",
            Some(Upkeep::Retrying { .. }) => "a session, to be renewed again",
            Some(Upkeep::InDoubt { .. }) => "a session, in doubt",
            Some(Upkeep::Blocked { .. }) => "a session, blocked",
            Some(Upkeep::None) => "a session without renewal",
        };
        f.debug_struct("SessionMachine")
            .field("holding", &holding)
            .field("generation", &self.generation)
            .field("attempt", &self.attempt())
            .field("wake_at", &self.wake_at())
            .finish_non_exhaustive()
    }
}
