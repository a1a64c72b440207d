//! Renewal: who asks for it, what its answer means, and when it is tried again.

use std::time::Duration;

use gatepass_oidc::{Error as OidcError, RefreshToken, Timestamp, TokenSet};

use super::deadline::Deadline;
use super::doubt::Doubt;
use super::held::{InHand, Sending, Session, Upkeep};
use super::machine::{Holding, Waiter, Wish};
use super::{Effect, Fate, Generation, Jitter, Kept, Past, RefreshFailure, ReplyId, SessionMachine, pace};
use crate::{CauseKind, Error, MinValidity, NoticeKind, RenewalError, SignedOutReason, VaultError};

/// What a failed renewal means for the session.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is over: the one answer that ends a session.
    Over { description: Option<String>, request_id: Option<String> },
    /// Only an admin can lift it; the session stays.
    Blocked { code: String, because: OidcError },
    /// It passes.
    Passing,
}

/// Judges a failed renewal. A wrong `Over` signs people out, so it takes the one code that RFC 6749 section 5.2 has for
/// a refresh token that is invalid, expired or revoked, and not one that a rate limit wrote.
pub(super) fn judge(error: &RenewalError) -> Verdict {
    let error = match error {
        RenewalError::Oidc(error) => error,
        // Nobody was asked, so nobody refused.
        RenewalError::Vault(_) => return Verdict::Passing,
    };
    match error {
        OidcError::Refused { status: 429 | 500.., .. } => Verdict::Passing,
        OidcError::Refused { code, description, request_id, .. } if code == "invalid_grant" => {
            Verdict::Over { description: description.clone(), request_id: request_id.clone() }
        }
        OidcError::Refused { code, .. } => Verdict::Blocked { code: code.clone(), because: error.clone() },
        OidcError::Unreachable { .. }
        | OidcError::Obstructed { .. }
        | OidcError::Busy { .. }
        | OidcError::Nonconforming { .. }
        | OidcError::Untrusted(_) => Verdict::Passing,
    }
}

impl SessionMachine {
    pub(super) fn token_requested(
        &mut self,
        now: Timestamp,
        reply: ReplyId,
        min_validity: MinValidity,
        out: &mut Vec<Effect>,
    ) {
        self.end_if_over(now, out);
        let Some(session) = self.session() else {
            return self.requested_without_session(reply, Wish::Token(min_validity), out);
        };
        let is_resting = !session.is_being_renewed() && session.rests_until(now).is_some();
        let enough = session.grant(now, min_validity);
        // Whatever is in hand is the best there is while nothing may be done to get a better one.
        if let Some(granted) = enough.or_else(|| session.granted().filter(|_| is_resting)) {
            return out.push(Effect::Reply(reply, Ok(granted)));
        }
        let refused = match &session.upkeep {
            Upkeep::Waiting { .. }
            | Upkeep::Refreshing
            | Upkeep::LookingAgain { .. }
            | Upkeep::Storing(_)
            | Upkeep::InDoubt { .. } => None,
            Upkeep::None => Some(Error::SignInRequired(SignedOutReason::Expired)),
            Upkeep::Blocked { because, .. } => Some(Error::Oidc(because.clone())),
            // Programs ask for tokens in loops. A server that asked for patience is left in peace by all but a person, for
            // as long as it asked; what is waited beyond that is for those whom nobody asks.
            Upkeep::Retrying {
                retry,
                because: RenewalError::Oidc(because @ OidcError::Busy { retry_after: Some(asked), .. }),
            } if now < retry.set_at() + *asked => Some(Error::Oidc(because.clone())),
            Upkeep::Retrying { .. } => None,
        };
        match refused {
            Some(error) => {
                let answer = session.grant_second_best(now, min_validity).ok_or(error);
                out.push(Effect::Reply(reply, answer));
            }
            None => self.wait_for_renewal(now, reply, Wish::Token(min_validity), out),
        }
    }

    pub(super) fn refresh_requested(&mut self, now: Timestamp, reply: ReplyId, out: &mut Vec<Effect>) {
        self.end_if_over(now, out);
        let Some(session) = self.session() else {
            return self.requested_without_session(reply, Wish::Renewal, out);
        };
        let refused = match session.upkeep {
            Upkeep::None => Some(Error::SignInRequired(SignedOutReason::Expired)),
            _ if session.is_being_renewed() => None,
            // Not even for a person: a click that asks for a newer token must not be what ends the session. To sign in
            // again brings one without that risk.
            _ => session.rests_until(now).map(|until| Error::RenewalInDoubt { until }),
        };
        match refused {
            Some(error) => out.push(Effect::Reply(reply, Err(error))),
            None => self.wait_for_renewal(now, reply, Wish::Renewal, out),
        }
    }

    pub(super) fn refresh_token_arrived(&mut self, generation: Generation, token: RefreshToken, out: &mut Vec<Effect>) {
        if !self.is_refreshing(generation) {
            return self.revoke(token, out);
        }
        self.take_refresh_token(token, out);
    }

    pub(super) fn refresh_finished(
        &mut self,
        now: Timestamp,
        generation: Generation,
        result: Result<Box<TokenSet>, RefreshFailure>,
        out: &mut Vec<Effect>,
    ) {
        match result {
            Ok(mut tokens) => {
                let refresh_token = tokens.refresh_token.take();
                if !self.is_refreshing(generation) {
                    return refresh_token.into_iter().for_each(|token| self.revoke(token, out));
                }
                let is_new_secret = self.session_mut().is_some_and(|session| session.take_in(tokens));
                if let Some(token) = refresh_token {
                    self.take_refresh_token(token, out);
                }
                if is_new_secret {
                    self.store(out);
                }
                self.refresh_token_survived(out);
                self.settle(now, out);
            }
            Err(failure) if self.is_refreshing(generation) => self.refresh_failed(now, failure, out),
            Err(_) => {}
        }
    }

    pub(super) fn refresh_if_due(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Holding::Session(session) = &mut self.holding else { return };
        if !session.is_refresh_due(now) || session.puts_off(now, &mut self.jitter) {
            return;
        }
        // What was in time when it was planned can be too late after a sleep.
        if self.session_mut().is_some_and(|session| session.heed_doubt(now)) {
            return out.push(Effect::Publish(CauseKind::Setback));
        }
        self.refresh(now, out);
        out.push(Effect::Publish(CauseKind::Renewing));
    }

    /// Brings a retry forward that only waits for a way to the server. Whoever answered and asked for patience is not
    /// reached better by another network.
    pub(super) fn network_changed(&mut self, now: Timestamp) {
        let soon = pace::retry_on_another_network(&mut self.jitter) + self.haste.wait(now);
        let Holding::Session(session) = &mut self.holding else { return };
        if let Upkeep::Retrying { retry, because } = &mut session.upkeep
            && matches!(because, RenewalError::Oidc(OidcError::Unreachable { .. } | OidcError::Obstructed { .. }))
            && retry.at > now + soon
        {
            *retry = Deadline::after(now, soon);
            self.haste.note(retry.at);
        }
    }

    /// Begins a refresh. The caller sees to it that none is in flight.
    pub(super) fn refresh(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let generation = self.generation;
        let Some(session) = self.session_mut() else { return };
        let Some(refresh_token) = session.refresh_token.clone() else { return };
        session.upkeep = Upkeep::Refreshing;
        let before = session.doubt.filter(|doubt| doubt.is_safe(now)).map(|doubt| doubt.safe_until());
        let is_last_resort = session.doubt.is_some() && before.is_none();
        session.sent = Some(Sending { token: refresh_token.clone(), is_last_resort, has_lost_time: false });
        out.push(Effect::Refresh(generation, refresh_token, before));
    }

    /// What was refused, while the vault is being read because of it.
    pub(super) fn refused(&self) -> Option<SignedOutReason> {
        match &self.session()?.upkeep {
            Upkeep::LookingAgain { refused } => Some(refused.clone()),
            _ => None,
        }
    }

    /// The vault was read because the refresh token in hand was refused. Another one of the same person is tried, once;
    /// a vault that cannot be read has none.
    pub(super) fn looked_again(
        &mut self,
        now: Timestamp,
        refused: SignedOutReason,
        result: Result<Option<(Kept, Past)>, VaultError>,
        out: &mut Vec<Effect>,
    ) {
        let is_usable = |session: &Session, kept: &Kept, past: Past| {
            matches!(past, Past::Unused | Past::Sent { .. } | Past::Unknown)
                && kept.subject == session.subject
                && !session.has_looked_again
                && !self.is_spent(&kept.refresh_token)
        };
        let other = result
            .ok()
            .flatten()
            .filter(|(kept, past)| self.session().is_some_and(|session| is_usable(session, kept, *past)));
        let Some((kept, past)) = other else { return self.end(now, refused, out) };
        self.keeping.forget();
        let Some(session) = self.session_mut() else { return };
        session.doubt = Doubt::of(past, now);
        session.has_looked_again = true;
        session.device_secret = kept.device_secret.or(session.device_secret.take());
        let old = session.refresh_token.replace(kept.refresh_token);
        out.extend(old.map(|token| Effect::Settle(token, Fate::Spent)));
        self.refresh(now, out);
    }

    fn is_refreshing(&self, generation: Generation) -> bool {
        generation == self.generation
            && self.session().is_some_and(|session| matches!(session.upkeep, Upkeep::Refreshing))
    }

    /// The refresh token in hand is spent, this one takes its place. The same one again is no news.
    fn take_refresh_token(&mut self, token: RefreshToken, out: &mut Vec<Effect>) {
        let Some(session) = self.session_mut() else { return };
        if session.holds(&token) {
            return;
        }
        session.rotates = Some(true);
        session.doubt = None;
        session.sent = None;
        let old = session.refresh_token.replace(token.clone());
        session.replaced.extend(old.clone());
        old.iter().for_each(|old| self.note_spent(old));
        if self.is_spent(&token) {
            self.note_given(&token, out);
        }
        self.store_new_refresh_token(out);
    }

    /// An answer came that was right in all respects. If it brought no new refresh token, the one that was sent is still
    /// good: this server does not rotate.
    fn refresh_token_survived(&mut self, out: &mut Vec<Effect>) {
        let Some(session) = self.session_mut() else { return };
        if let Some(Sending { token, .. }) = session.sent.take() {
            session.rotates = Some(false);
            session.doubt = None;
            out.push(Effect::Settle(token, Fate::Unspent));
        }
    }

    fn refresh_failed(&mut self, now: Timestamp, failure: RefreshFailure, out: &mut Vec<Effect>) {
        let RefreshFailure { error, lost_at } = failure;
        let verdict = judge(&error);
        if let Verdict::Over { description, request_id } = verdict {
            return self.look_again(description, request_id, out);
        }
        let Holding::Session(session) = &mut self.holding else { return };
        let sent = session.sent.take();
        match (lost_at, sent) {
            (Some(sent_at), Some(sending)) => session.doubt_after(&sending, sent_at),
            (None, Some(Sending { token, .. })) if session.doubt.is_none() => {
                out.push(Effect::Settle(token, Fate::Unspent));
            }
            _ => {}
        }
        match verdict {
            Verdict::Over { .. } => {}
            Verdict::Blocked { code, because } => {
                let delay = pace::retry_when_blocked(session.n_refusals, &mut self.jitter);
                session.n_refusals = session.n_refusals.saturating_add(1);
                session.upkeep = Upkeep::Blocked { retry: Deadline::after(now, delay), because: because.clone() };
                if !session.told_codes.contains(&code) {
                    session.told_codes.push(code);
                    out.push(Effect::Notify(NoticeKind::Blocked(because)));
                }
            }
            Verdict::Passing => {
                let delay = session.next_retry(now, &error, lost_at.is_some(), &mut self.jitter);
                if delay.is_zero() {
                    // Whoever waits goes on waiting: most answers that are lost come with the next asking.
                    return self.refresh(now, out);
                }
                session.upkeep = Upkeep::Retrying { retry: Deadline::after(now, delay), because: error.clone() };
            }
        }
        session.heed_doubt(now);
        out.push(Effect::Publish(CauseKind::Setback));
        self.answer_waiters_after_failure(now, error, out);
    }

    /// The server says that the refresh token is worth nothing. Before that is believed, the vault is read: what it has
    /// may be newer than what is held, such as after a restored machine or a store that was only thought to fail.
    fn look_again(&mut self, description: Option<String>, request_id: Option<String>, out: &mut Vec<Effect>) {
        let Some(session) = self.session_mut() else { return };
        session.sent = None;
        let refused = match session.doubt {
            Some(_) => SignedOutReason::AnswerLost { description, request_id },
            None => SignedOutReason::Refused { description, request_id },
        };
        session.upkeep = Upkeep::LookingAgain { refused };
        let token = session.refresh_token.clone();
        token.iter().for_each(|token| self.note_spent(token));
        self.load(out);
    }

    fn answer_waiters_after_failure(&mut self, now: Timestamp, error: RenewalError, out: &mut Vec<Effect>) {
        let waiters = std::mem::take(&mut self.waiters);
        for Waiter { reply, wish } in waiters {
            let granted = match wish {
                Wish::Token(min_validity) => {
                    self.session().and_then(|session| session.grant_second_best(now, min_validity))
                }
                Wish::Renewal => None,
            };
            out.push(Effect::Reply(reply, granted.ok_or_else(|| error.clone().into())));
        }
    }

    fn requested_without_session(&mut self, reply: ReplyId, wish: Wish, out: &mut Vec<Effect>) {
        if self.keeping.is_reading() {
            return self.waiters.push(Waiter { reply, wish });
        }
        let Holding::Nothing { because, .. } = &self.holding else { return };
        let error = match self.keeping.obstacle() {
            Some(error) => Error::Vault(error),
            None => Error::SignInRequired(because.clone()),
        };
        out.push(Effect::Reply(reply, Err(error)));
    }

    /// Joins the renewal in flight, or begins one.
    fn wait_for_renewal(&mut self, now: Timestamp, reply: ReplyId, wish: Wish, out: &mut Vec<Effect>) {
        self.waiters.push(Waiter { reply, wish });
        self.refresh_for_waiters(now, out);
    }

    /// Begins a renewal where somebody waits for one and none is under way.
    pub(super) fn refresh_for_waiters(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let can_begin = self.session().is_some_and(|session| {
            session.refresh_token.is_some() && !session.is_being_renewed() && session.rests_until(now).is_none()
        });
        if can_begin && !self.waiters.is_empty() {
            self.refresh(now, out);
            out.push(Effect::Publish(CauseKind::Renewing));
        }
    }
}

impl Session {
    /// The answer to a refresh was lost that left at `sent_at`.
    fn doubt_after(&mut self, sending: &Sending, sent_at: Timestamp) {
        // A server that does not rotate has spent nothing, and may be asked as often as one likes.
        if self.rotates == Some(false) {
            return;
        }
        let doubt = self.doubt.get_or_insert_with(|| Doubt::since(sent_at));
        if sending.is_last_resort {
            doubt.note_last_resort();
        }
        if sending.has_lost_time {
            doubt.lose_time();
        }
    }

    /// How long to wait after a failure that passes.
    fn next_retry(&mut self, now: Timestamp, error: &RenewalError, is_lost: bool, jitter: &mut Jitter) -> Duration {
        let is_busy = matches!(error, RenewalError::Oidc(OidcError::Busy { .. }));
        let must_wait = matches!(error, RenewalError::Oidc(OidcError::Busy { retry_after: Some(_), .. }));
        self.is_in_turn = false;
        match &mut self.doubt {
            Some(doubt) if doubt.is_safe(now) && !must_wait => {
                let pause = doubt.next_pause(now, is_busy);
                return pause - jitter.up_to(pause / 4);
            }
            // It was asked again at once when the first answer was lost, and now again.
            Some(doubt) if doubt.has_tried() && is_lost => self.n_setbacks = self.n_setbacks.max(pace::SOON_TRIES),
            _ => {}
        }
        let life = self.in_hand.as_ref().and_then(InHand::lifetime);
        let delay = match error {
            RenewalError::Oidc(error) => pace::retry(error, self.n_setbacks, life, jitter),
            RenewalError::Vault(_) => pace::retry_here(self.n_setbacks, jitter),
        };
        self.n_setbacks = self.n_setbacks.saturating_add(1);
        delay
    }
}
