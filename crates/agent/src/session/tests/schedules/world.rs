//! The world around one machine.
//!
//! Seen red: each of these was put in, and a schedule that breaks the rule was found within the default number.
//!
//! | Put in | Broken rule |
//! |---|---|
//! | a request during a refresh begins another | two refreshes are in flight |
//! | tokens are used before the vault has answered; or the memory-only mark is never set | announced before it was stored or marked |
//! | a spent token is restored, or taken up after a refusal | a refresh token that is known to be spent is used |
//! | a refresh begins while the vault is storing | a refresh token is sent before the vault has answered about it |
//! | a page of HTML ends a session | a session ended for none of the four reasons |
//! | an end leaves its waiters | it never came to rest |
//! | a session in doubt is never due | it never came to rest |
//! | the safe time is 90 s | it was asked again in time, and was too late |
//! | the first pause is 40 s; or a restart forgets the doubt | a refresh token was used too late |
//! | no rest; or none after a sleep | an access token is in hand, and the session is put at risk |
//!
//! That a spent or ended token is noted for the next start is not seen here, where a kill may come before any note:
//! the whole-program tests of rotation hold it.

mod rules;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use gatepass_oidc::{Check, Error as OidcError, RefreshToken, Timestamp};

use super::disk::{Disk, Job};
use super::rng::Rng;
use super::server::{Policy, Server};
use crate::session::held::Upkeep;
use crate::session::tests::script::{kept, refused, tokens};
use crate::session::{Effect, Generation, Input, Jitter, Past, RefreshFailure, ReplyId, SessionMachine};
use crate::{CauseKind, MinValidity, SignInOptions, VaultError};

/// How long a token request may take, in milliseconds.
const TIME_LIMIT: i64 = 25_000;

#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Nothing goes wrong beyond what can be survived.
    pub(super) is_kind: bool,
    pub(super) policy: Policy,
    /// How long access tokens live, in seconds.
    pub(super) life: Option<u64>,
    /// How many requests out of a hundred meet trouble.
    pub(super) trouble: usize,
}

pub(super) struct World {
    rng: Rng,
    rules: Rules,
    /// The time that passes for everyone, in milliseconds, and how far our clock is ahead of it.
    real: i64,
    ahead: i64,
    server: Server,
    disk: Disk,
    machine: SessionMachine,
    life: Life,
    n_replies: u64,
    /// Answers lost in a row, by refresh token.
    losses: BTreeMap<String, usize>,
    has_clock_jumped: bool,
    has_gone_back: bool,
}

/// What ends with the process.
#[derive(Default)]
struct Life {
    flights: Vec<Flight>,
    jobs: VecDeque<Job>,
    /// Nothing was given to the vault since it was last asked to erase.
    is_to_be_erased: bool,
    /// What the vault would not erase.
    is_unerased: bool,
    /// Refresh tokens about which the vault has answered.
    answered: BTreeSet<String>,
    waiting: BTreeSet<ReplyId>,
    /// Refresh tokens that the machine was shown to be worth nothing.
    known_spent: BTreeSet<String>,
    /// Refresh tokens that were tried as the last resort, and that answer was lost.
    last_resorts: BTreeSet<String>,
    /// The server said `invalid_grant`.
    is_refused: bool,
    /// The vault has another record than the one it was given.
    has_old_record: bool,
    /// The journal could not be read when the session was restored.
    has_unread_journal: bool,
}

struct Flight {
    generation: Generation,
    token: String,
    before: Option<Timestamp>,
    stage: Stage,
}

enum Stage {
    /// It has not left.
    Planned,
    /// It left, and this is what will be answered.
    Sent { at: Timestamp, real: i64, answer: Answer },
    /// The new refresh token came, and this of the answer is still to be judged.
    Arrived { token: String, is_trusted: bool },
}

enum Answer {
    Tokens { token: String, is_trusted: bool },
    Failure(OidcError),
}

impl World {
    pub(super) fn new(mut rng: Rng, rules: Rules) -> Self {
        let machine = SessionMachine::new(Jitter::seeded(rng.next()));
        Self {
            rng,
            rules,
            real: 43_200_000,
            ahead: 0,
            server: Server::new(rules.policy),
            disk: Disk::default(),
            machine,
            life: Life::default(),
            n_replies: 0,
            losses: BTreeMap::new(),
            has_clock_jumped: false,
            has_gone_back: false,
        }
    }

    pub(super) fn something_happens(&mut self) {
        let is_kind = self.rules.is_kind;
        match self.rng.below(100) {
            0..20 => self.time_passes(),
            20..45 => self.a_flight_goes_on(),
            45..62 => self.the_vault_answers(false),
            62..68 => self.disk.flush(1),
            68..75 => self.sleep_until_wake(),
            75..81 => self.ask_for_a_token(),
            81..85 => self.ask_for_a_renewal(),
            85..90 => self.sign_in(),
            90..91 => self.step(Input::SignOutRequested),
            91..95 => self.kill(),
            95..97 if !is_kind => self.set_clock(),
            97..98 if !is_kind => {
                self.disk.go_back();
                self.life.has_old_record = true;
                self.has_gone_back = true;
            }
            98..99 => {
                if let Some(token) = self.held() {
                    self.server.end(&token);
                }
            }
            _ => self.step(Input::Tick),
        }
        if is_kind {
            self.hurry();
        }
    }

    /// A network and a vault that work give back every session that there can be.
    pub(super) fn comes_to_rest(&mut self) {
        self.rules.trouble = 0;
        let is_good = self.held().is_some_and(|token| self.server.is_good(&token));
        for _ in 0..200 {
            self.settle_down();
            let is_done = match self.machine.session() {
                None => self.machine.wake_at().is_none(),
                Some(session) => match session.upkeep {
                    Upkeep::Waiting { .. } => self.has_access_token(),
                    Upkeep::None => true,
                    _ => false,
                },
            };
            if is_done && self.life.waiting.is_empty() {
                assert!(!is_good || self.machine.session().is_some(), "a session that could be renewed was lost");
                return;
            }
            self.sleep_until_wake();
        }
        panic!("it never came to rest: {:?} {:?} waiting", self.machine, self.life.waiting);
    }

    fn time_passes(&mut self) {
        self.real += self.rng.pick(&[0, 200, 1_000, 6_000, 31_000, 61_000, 3_000_000]);
    }

    fn sleep_until_wake(&mut self) {
        if let Some(at) = self.machine.wake_at() {
            self.real = self.real.max(at.as_unix_millis() - self.ahead);
        }
        self.step(Input::Tick);
        let wake_at = self.machine.wake_at();
        assert!(wake_at.is_none_or(|at| at > self.now()), "after a tick nothing is due, but {wake_at:?}");
    }

    fn set_clock(&mut self) {
        self.ahead += self.rng.pick(&[-3_600_000, -20_000, 20_000, 3_600_000]);
        self.has_clock_jumped = true;
        self.step(Input::Tick);
    }

    fn ask_for_a_token(&mut self) {
        let wanted = match self.rng.pick(&[0, 10, 7_200]) {
            0 => MinValidity::ForCopying,
            seconds => MinValidity::AtLeast(Duration::from_secs(seconds)),
        };
        let reply = self.next_reply();
        self.step(Input::TokenRequested(reply, wanted));
    }

    fn ask_for_a_renewal(&mut self) {
        let reply = self.next_reply();
        self.step(Input::RefreshRequested(reply));
    }

    fn sign_in(&mut self) {
        self.step(Input::SignInRequested(SignInOptions::default()));
        let Some(attempt) = self.machine.attempt() else { return };
        let token = self.rng.chance(90).then(|| self.server.sign_in());
        let life = self.rules.life.map(Duration::from_secs);
        self.step(Input::SignInFinished(attempt, Ok(tokens(self.now(), "robin", token.as_deref(), life))));
    }

    /// The process ends in the middle of everything, and starts again.
    fn kill(&mut self) {
        let sent: Vec<String> =
            self.life.flights.iter().filter(|flight| !flight.is_planned()).map(|flight| flight.token.clone()).collect();
        if self.rules.is_kind && sent.iter().any(|token| self.n_losses(token) >= 2) {
            return;
        }
        for token in sent {
            *self.losses.entry(token).or_default() += 1;
        }
        for _ in 0..self.rng.below(self.life.jobs.len() + 1) {
            match self.life.jobs.pop_front() {
                Some(Job::Store(_, token)) => self.disk.store(&token),
                Some(Job::Erase) => self.disk.erase(),
                Some(Job::Load) | None => {}
            }
        }
        let n_entries = self.rng.below(self.disk.n_entries() + 1);
        self.disk.flush(n_entries);
        self.disk.lose_entries();
        self.real += if self.rules.is_kind { 1_000 } else { self.rng.pick(&[100, 5_000, 40_000, 600_000]) };
        self.life = Life::default();
        self.machine = SessionMachine::new(Jitter::seeded(self.rng.next()));
        self.step(Input::Tick);
    }

    /// Where survival is asked for, nobody dawdles while an answer is missing.
    fn hurry(&mut self) {
        for _ in 0..50 {
            let is_under_way = self.life.flights.iter().any(|flight| !flight.is_planned());
            if !is_under_way && !self.is_in_doubt() && self.life.jobs.is_empty() {
                return;
            }
            if self.rng.chance(10) {
                self.kill();
            }
            self.settle_down();
            if self.is_in_doubt() {
                self.sleep_until_wake();
            }
        }
        panic!("it stays in doubt: {:?}", self.machine);
    }

    /// Lets everything come that is on its way.
    fn settle_down(&mut self) {
        while !self.life.flights.is_empty() || !self.life.jobs.is_empty() {
            self.a_flight_goes_on();
            self.the_vault_answers(true);
        }
        self.disk.flush(usize::MAX);
    }

    fn the_vault_answers(&mut self, is_willing: bool) {
        let fails = !is_willing && !self.rules.is_kind && self.rng.chance(25);
        let result = if fails { Err(VaultError::Locked) } else { Ok(()) };
        match self.life.jobs.pop_front() {
            None => {}
            Some(Job::Store(generation, token)) => {
                // One that says no may have done it all the same.
                if !fails || self.rng.chance(20) {
                    self.disk.store(&token);
                    self.life.has_old_record = false;
                }
                self.life.answered.insert(token);
                self.step(Input::Persisted(generation, result));
            }
            Some(Job::Erase) => {
                if !fails {
                    self.disk.erase();
                }
                self.life.is_unerased = fails && self.life.is_to_be_erased;
            }
            Some(Job::Load) => {
                let record = self.disk.record().map(str::to_owned);
                let found = record.map(|token| {
                    let is_unread = !self.rules.is_kind && self.machine.session().is_none() && self.rng.chance(10);
                    self.life.has_unread_journal |= is_unread;
                    let past = if is_unread { Past::Unknown } else { self.disk.past(&token) };
                    if !fails && matches!(past, Past::Spent | Past::Ended) {
                        self.life.known_spent.insert(token.clone());
                    }
                    (kept("robin", &token), past)
                });
                self.step(Input::Restored(result.map(|()| found)));
            }
        }
    }

    fn a_flight_goes_on(&mut self) {
        if self.life.flights.is_empty() {
            return;
        }
        let mut flight = self.life.flights.remove(0);
        match flight.stage {
            Stage::Planned => {
                let is_worthless = matches!(self.disk.past(&flight.token), Past::Spent | Past::Ended);
                let is_outdated = flight.generation != self.machine.generation;
                let may_differ = is_outdated || self.life.has_unread_journal;
                assert!(!is_worthless || may_differ, "the journal knows better than the machine");
                if is_worthless {
                    return self.failed(&flight, RefreshFailure::known(refused("invalid_grant", 400)));
                }
                if flight.before.is_some_and(|before| self.now() >= before) {
                    let error = OidcError::Unreachable { reason: "too late".into(), may_have_arrived: false };
                    return self.failed(&flight, RefreshFailure::known(error));
                }
                let at = self.now();
                self.disk.note_sent(&flight.token, at);
                let answer = self.server_answers(&flight);
                flight.stage = Stage::Sent { at, real: self.real, answer };
                self.life.flights.insert(0, flight);
            }
            Stage::Sent { at, real, ref mut answer } => {
                let timed_out = OidcError::Unreachable { reason: "time limit".into(), may_have_arrived: true };
                if self.real - real > TIME_LIMIT {
                    *answer = Answer::Failure(timed_out);
                }
                match std::mem::replace(answer, Answer::Failure(refused("gone", 400))) {
                    Answer::Failure(error) => self.failed(&flight, RefreshFailure::of_request(error, at)),
                    Answer::Tokens { token, is_trusted } => {
                        if token == flight.token {
                            self.losses.remove(&flight.token);
                        } else {
                            if flight.generation == self.machine.generation {
                                self.life.known_spent.insert(flight.token.clone());
                            }
                            self.step(Input::RefreshTokenArrived(flight.generation, RefreshToken::new(token.as_str())));
                        }
                        flight.stage = Stage::Arrived { token, is_trusted };
                        self.life.flights.insert(0, flight);
                    }
                }
            }
            Stage::Arrived { token, is_trusted: true } => {
                let life = self.rules.life.map(Duration::from_secs);
                let set = tokens(self.now(), "robin", Some(&token), life);
                self.step(Input::RefreshFinished(flight.generation, Ok(set)));
            }
            Stage::Arrived { is_trusted: false, .. } => {
                let failure = RefreshFailure::known(OidcError::Untrusted(Check::Nonce));
                self.step(Input::RefreshFinished(flight.generation, Err(failure)));
            }
        }
    }
}
