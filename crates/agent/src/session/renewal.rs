//! Renewal: who asks for it, what its answer means, and when it is tried again.

use gatepass_oidc::{Error as OidcError, RefreshToken, Timestamp, TokenSet};

use super::deadline::Deadline;
use super::held::{InHand, Session, Upkeep};
use super::machine::{Holding, Waiter, Wish};
use super::{Effect, Generation, ReplyId, SessionMachine, pace};
use crate::{CauseKind, Error, MinValidity, NoticeKind, SignedOutReason};

/// What a failed renewal means for the session.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is over: the one answer that ends a session.
    Over { description: Option<String> },
    /// Only an admin can lift it; the session stays.
    Blocked { code: String },
    /// It passes.
    Passing,
}

/// Judges a failed renewal. A wrong `Over` signs people out, so it takes the one code that RFC 6749 section 5.2 has for
/// a refresh token that is invalid, expired or revoked, and not one that a rate limit wrote.
pub(super) fn judge(error: &OidcError) -> Verdict {
    match error {
        OidcError::Refused { status: 429 | 500.., .. } => Verdict::Passing,
        OidcError::Refused { code, description, .. } if code == "invalid_grant" => {
            Verdict::Over { description: description.clone() }
        }
        OidcError::Refused { code, .. } => Verdict::Blocked { code: code.clone() },
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
        if let Some(granted) = session.grant(now, min_validity) {
            return out.push(Effect::Reply(reply, Ok(granted)));
        }
        let refused = match &session.upkeep {
            Upkeep::Waiting { .. } | Upkeep::Refreshing | Upkeep::Storing(_) => None,
            Upkeep::None => Some(Error::SignInRequired(SignedOutReason::Expired)),
            Upkeep::Blocked { because, .. } => Some(Error::Oidc(because.clone())),
            // Programs ask for tokens in loops. A server that asked for patience is left in peace by all but a person, for
            // as long as it asked; what is waited beyond that is for those whom nobody asks.
            Upkeep::Retrying { retry, because: because @ OidcError::Busy { retry_after: Some(asked), .. } }
                if now < retry.set_at() + *asked =>
            {
                Some(Error::Oidc(because.clone()))
            }
            Upkeep::Retrying { .. } => None,
        };
        match refused {
            Some(error) => {
                let answer = session.grant_second_best(now, min_validity).ok_or(error);
                out.push(Effect::Reply(reply, answer));
            }
            None => self.wait_for_renewal(reply, Wish::Token(min_validity), out),
        }
    }

    pub(super) fn refresh_requested(&mut self, now: Timestamp, reply: ReplyId, out: &mut Vec<Effect>) {
        self.end_if_over(now, out);
        match self.session().map(|session| &session.upkeep) {
            None => self.requested_without_session(reply, Wish::Renewal, out),
            Some(Upkeep::None) => {
                out.push(Effect::Reply(reply, Err(Error::SignInRequired(SignedOutReason::Expired))));
            }
            Some(_) => self.wait_for_renewal(reply, Wish::Renewal, out),
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
        result: Result<Box<TokenSet>, OidcError>,
        out: &mut Vec<Effect>,
    ) {
        match result {
            Ok(mut tokens) => {
                let refresh_token = tokens.refresh_token.take();
                if !self.is_refreshing(generation) {
                    return refresh_token.into_iter().for_each(|token| self.revoke(token, out));
                }
                if let Some(session) = self.session_mut() {
                    session.take_in(tokens);
                }
                if let Some(token) = refresh_token {
                    self.take_refresh_token(token, out);
                }
                self.settle(now, out);
            }
            Err(error) if self.is_refreshing(generation) => self.refresh_failed(now, error, out),
            Err(_) => {}
        }
    }

    pub(super) fn refresh_if_due(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Holding::Session(session) = &mut self.holding else { return };
        if session.refresh().is_some_and(|due| due.is_due(now)) && !session.puts_off(now, &mut self.jitter) {
            self.refresh(out);
            out.push(Effect::Publish(CauseKind::Renewing));
        }
    }

    /// Brings a retry forward that only waits for a way to the server. Whoever answered and asked for patience is not
    /// reached better by another network.
    pub(super) fn network_changed(&mut self, now: Timestamp) {
        let soon = pace::retry_on_another_network(&mut self.jitter);
        let Some(session) = self.session_mut() else { return };
        if let Upkeep::Retrying { retry, because } = &mut session.upkeep
            && matches!(because, OidcError::Unreachable { .. } | OidcError::Obstructed { .. })
            && retry.at > now + soon
        {
            *retry = Deadline::after(now, soon);
        }
    }

    /// Begins a refresh. The caller sees to it that none is in flight.
    pub(super) fn refresh(&mut self, out: &mut Vec<Effect>) {
        let generation = self.generation;
        let Some(session) = self.session_mut() else { return };
        let Some(refresh_token) = session.refresh_token.clone() else { return };
        session.upkeep = Upkeep::Refreshing;
        out.push(Effect::Refresh(generation, refresh_token));
    }

    fn is_refreshing(&self, generation: Generation) -> bool {
        generation == self.generation
            && self.session().is_some_and(|session| matches!(session.upkeep, Upkeep::Refreshing))
    }

    /// The refresh token in hand is spent, this one takes its place. The same one again is no news.
    fn take_refresh_token(&mut self, token: RefreshToken, out: &mut Vec<Effect>) {
        let Some(session) = self.session_mut() else { return };
        if !session.holds(&token) {
            session.refresh_token = Some(token);
            self.store_new_refresh_token(out);
        }
    }

    fn refresh_failed(&mut self, now: Timestamp, error: OidcError, out: &mut Vec<Effect>) {
        let Holding::Session(session) = &mut self.holding else { return };
        match judge(&error) {
            Verdict::Over { description } => return self.end(now, SignedOutReason::Refused { description }, out),
            Verdict::Blocked { code } => {
                let delay = pace::retry_when_blocked(session.n_refusals, &mut self.jitter);
                session.n_refusals = session.n_refusals.saturating_add(1);
                session.upkeep = Upkeep::Blocked { retry: Deadline::after(now, delay), because: error.clone() };
                if !session.told_codes.contains(&code) {
                    session.told_codes.push(code);
                    out.push(Effect::Notify(NoticeKind::Blocked(error.clone())));
                }
            }
            Verdict::Passing => {
                let life = session.in_hand.as_ref().and_then(InHand::lifetime);
                let delay = pace::retry(&error, session.n_setbacks, life, &mut self.jitter);
                session.is_in_turn = false;
                session.n_setbacks = session.n_setbacks.saturating_add(1);
                session.upkeep = Upkeep::Retrying { retry: Deadline::after(now, delay), because: error.clone() };
            }
        }
        out.push(Effect::Publish(CauseKind::Setback));
        self.answer_waiters_after_failure(now, error, out);
    }

    fn answer_waiters_after_failure(&mut self, now: Timestamp, error: OidcError, out: &mut Vec<Effect>) {
        let waiters = std::mem::take(&mut self.waiters);
        for Waiter { reply, wish } in waiters {
            let granted = match wish {
                Wish::Token(min_validity) => {
                    self.session().and_then(|session| session.grant_second_best(now, min_validity))
                }
                Wish::Renewal => None,
            };
            out.push(Effect::Reply(reply, granted.ok_or_else(|| Error::Oidc(error.clone()))));
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
    fn wait_for_renewal(&mut self, reply: ReplyId, wish: Wish, out: &mut Vec<Effect>) {
        self.waiters.push(Waiter { reply, wish });
        let is_idle = |session: &Session| !matches!(session.upkeep, Upkeep::Refreshing | Upkeep::Storing(_));
        if self.session().is_some_and(is_idle) {
            self.refresh(out);
            out.push(Effect::Publish(CauseKind::Renewing));
        }
    }
}
