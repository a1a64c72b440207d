//! What the server answers, and what the machine does about all this, held against the rules.

use super::*;

impl World {
    pub(super) fn server_answers(&mut self, flight: &Flight) -> Answer {
        let n_losses = self.n_losses(&flight.token);
        let is_lossless = self.rules.is_kind && n_losses >= 2;
        if is_lossless || !self.rng.chance(self.rules.trouble) {
            return self.server_does_it(flight, true);
        }
        let lost = || Answer::Failure(OidcError::Unreachable { reason: "reset".into(), may_have_arrived: true });
        let busy = |status, retry_after| Answer::Failure(OidcError::Busy { status, retry_after });
        // A request that fails in a way that leaves no doubt takes its time as well.
        let n_kinds = if self.rules.is_kind && self.is_in_doubt() { 5 } else { 10 };
        let answer = match self.rng.below(n_kinds) {
            0 => lost(),
            1 | 2 => {
                self.server_does_it(flight, true);
                lost()
            }
            3 => {
                if self.rng.chance(50) {
                    self.server_does_it(flight, true);
                }
                busy(502, None)
            }
            4 => return self.server_does_it(flight, false),
            5 => busy(503, None),
            6 => busy(429, Some(Duration::from_secs(self.rng.pick(&[1, 40, 4_000])))),
            7 => Answer::Failure(OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false }),
            8 => Answer::Failure(OidcError::Nonconforming { what: "HTML".into() }),
            _ => Answer::Failure(refused("invalid_client", 401)),
        };
        if matches!(&answer, Answer::Failure(error) if error.leaves_outcome_unknown()) {
            let may_hang = n_losses == 0 || !self.rules.is_kind;
            self.real += if may_hang && self.rng.chance(20) { TIME_LIMIT } else { 0 };
            *self.losses.entry(flight.token.clone()).or_default() += 1;
        }
        answer
    }

    fn server_does_it(&mut self, flight: &Flight, is_trusted: bool) -> Answer {
        let n_reuses = self.server.n_reuses;
        let answer = match self.server.refresh(&flight.token, self.real) {
            Some(token) => Answer::Tokens { token, is_trusted },
            None => Answer::Failure(refused("invalid_grant", 400)),
        };
        if self.server.n_reuses > n_reuses && self.server.is_kind() {
            assert!(!self.rules.is_kind, "a refresh token was used too late");
            let is_excused = flight.before.is_none() || self.has_clock_jumped || self.has_gone_back;
            assert!(is_excused, "it was asked again in time, and was too late");
        }
        answer
    }

    pub(super) fn failed(&mut self, flight: &Flight, failure: RefreshFailure) {
        if flight.generation == self.machine.generation {
            if failure.error == refused("invalid_grant", 400).into() {
                self.life.is_refused = true;
                self.life.known_spent.insert(flight.token.clone());
            }
            if failure.lost_at.is_some() && flight.before.is_none() && self.is_in_doubt() {
                self.life.last_resorts.insert(flight.token.clone());
            }
        }
        self.step(Input::RefreshFinished(flight.generation, Err(failure)));
    }

    pub(super) fn step(&mut self, input: Input) {
        let may_end = matches!(input, Input::SignOutRequested) || self.life.is_refused;
        let is_tick = matches!(input, Input::Tick);
        let was_renewable = self.machine.session().map(|session| session.refresh_token.is_some());
        let effects = self.machine.step(self.now(), input);
        let has_ended = was_renewable.is_some() && self.machine.session().is_none();
        assert!(!has_ended || may_end || was_renewable == Some(false), "a session ended for none of the four reasons");
        if self.machine.session().is_none_or(|session| !matches!(session.upkeep, Upkeep::LookingAgain { .. })) {
            self.life.is_refused = false;
        }
        for effect in effects {
            self.heed(effect);
        }
        if is_tick && self.life.is_unerased {
            self.life.is_unerased = false;
            self.life.jobs.push_back(Job::Erase);
        }
    }

    fn heed(&mut self, effect: Effect) {
        match effect {
            Effect::Load => self.life.jobs.push_back(Job::Load),
            Effect::Erase => {
                self.life.is_to_be_erased = true;
                self.life.jobs.push_back(Job::Erase);
            }
            Effect::Persist(generation, kept) => {
                self.life.is_to_be_erased = false;
                self.life.is_unerased = false;
                self.life.jobs.push_back(Job::Store(generation, kept.refresh_token.expose().to_owned()));
            }
            Effect::Settle(token, fate) => self.disk.settle(token.expose(), fate),
            Effect::Revoke(token) => self.server.end(token.expose()),
            Effect::Refresh(generation, token, before) => self.refreshes(generation, token.expose(), before),
            Effect::Reply(reply, _) => {
                assert!(self.life.waiting.remove(&reply), "{reply:?} is answered twice, or never asked");
            }
            Effect::Publish(CauseKind::Renewed | CauseKind::SignedIn) => self.is_announced(),
            // An access token ends no session, and in this world there is no device secret.
            Effect::RevokeAccess(_)
            | Effect::RevokeDeviceSecret(_)
            | Effect::Publish(_)
            | Effect::Inquire(..)
            | Effect::Notify(_)
            | Effect::StartSignIn(..)
            | Effect::ShowSignIn(_)
            | Effect::AbandonSignIn(_) => {}
        }
    }

    fn refreshes(&mut self, generation: Generation, token: &str, before: Option<Timestamp>) {
        let rival = self.life.flights.iter().any(|flight| flight.generation == generation || flight.token == token);
        assert!(!rival, "two refreshes are in flight");
        assert!(!self.life.known_spent.contains(token), "a refresh token that is known to be spent is used");
        let is_unanswered = |job: &Job| matches!(job, Job::Store(_, stored) if stored == token);
        let is_too_soon = !self.life.answered.contains(token) && self.life.jobs.iter().any(is_unanswered);
        assert!(!is_too_soon, "a refresh token is sent before the vault has answered about it");
        let is_last_resort = before.is_none() && self.is_in_doubt() && !self.life.last_resorts.contains(token);
        let is_needless = is_last_resort && self.rules.life.is_some() && self.has_access_token();
        assert!(!is_needless, "an access token is in hand, and the session is put at risk");
        let flight = Flight { generation, token: token.to_owned(), before, stage: Stage::Planned };
        self.life.flights.push(flight);
    }

    fn is_announced(&self) {
        let Some(token) = self.held() else { return };
        let is_memory_only = self.machine.snapshot(self.now()).memory_only.is_some();
        let is_stored = self.disk.record() == Some(&token) || self.life.has_old_record;
        assert!(is_stored || is_memory_only, "announced before it was stored or marked");
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.real + self.ahead)
    }

    pub(super) fn held(&self) -> Option<String> {
        let token = self.machine.session()?.refresh_token.as_ref()?;
        Some(token.expose().to_owned())
    }

    pub(super) fn is_in_doubt(&self) -> bool {
        self.machine.session().is_some_and(|session| session.doubt.is_some())
    }

    pub(super) fn has_access_token(&self) -> bool {
        let in_hand = self.machine.session().and_then(|session| session.in_hand.as_ref());
        in_hand.is_some_and(|in_hand| in_hand.tokens.expires_at.is_none_or(|end| self.now() < end))
    }

    pub(super) fn n_losses(&self, token: &str) -> usize {
        self.losses.get(token).copied().unwrap_or_default()
    }

    pub(super) fn next_reply(&mut self) -> ReplyId {
        self.n_replies += 1;
        self.life.waiting.insert(ReplyId(self.n_replies));
        ReplyId(self.n_replies)
    }
}

impl Flight {
    pub(super) fn is_planned(&self) -> bool {
        matches!(self.stage, Stage::Planned)
    }
}
