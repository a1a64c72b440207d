//! What holds for any sequence of inputs. A small world answers what the machine asks for, in its own time and order;
//! strays come in between.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use gatepass_oidc::{Check, Error as OidcError, RefreshToken, Timestamp};
use proptest::prelude::*;

use super::script::{instant, kept, refused, tokens};
use crate::session::{AttemptId, Effect, Generation, Input, Jitter, Past, RefreshFailure, ReplyId, SessionMachine};
use crate::{AttemptStage, CauseKind, Error, MinValidity, SignInEnd, SignInOptions, VaultError};

const PEOPLE: [&str; 2] = ["robin", "ana"];

/// Something that happens in the world.
#[derive(Clone, Copy, Debug)]
enum Event {
    Tick,
    SignIn {
        as_someone_else: bool,
    },
    Moved,
    SignedIn {
        who: usize,
        is_renewable: bool,
        life: Option<u64>,
        is_outdated: bool,
    },
    SignInFailed(bool),
    Cancel,
    Answer {
        replace: bool,
    },
    Token(u64),
    Copy,
    Refresh,
    /// The server's answer to the oldest refresh in flight moves on: its refresh token comes, then its judgement.
    Answered {
        rotates: bool,
        verdict: u8,
        life: Option<u64>,
    },
    VaultAnswers(Option<VaultError>),
    SignOut,
    Dismiss,
    Stray(u8),
}

fn events() -> impl Strategy<Value = Vec<(u32, Event)>> {
    let life = || prop_oneof![Just(None), prop_oneof![Just(0), Just(20), Just(3600)].prop_map(Some)];
    let vault = prop_oneof![
        3 => Just(None),
        1 => prop_oneof![Just(VaultError::Locked), Just(VaultError::Corrupt)].prop_map(Some)
    ];
    let event = prop_oneof![
        4 => Just(Event::Tick),
        2 => any::<bool>().prop_map(|as_someone_else| Event::SignIn { as_someone_else }),
        1 => Just(Event::Moved),
        3 => (0..PEOPLE.len(), prop::bool::weighted(0.8), life(), prop::bool::weighted(0.2)).prop_map(
            |(who, is_renewable, life, is_outdated)| Event::SignedIn { who, is_renewable, life, is_outdated }
        ),
        1 => any::<bool>().prop_map(Event::SignInFailed),
        1 => Just(Event::Cancel),
        1 => any::<bool>().prop_map(|replace| Event::Answer { replace }),
        2 => prop_oneof![Just(0), Just(60), Just(7200)].prop_map(Event::Token),
        1 => Just(Event::Copy),
        1 => Just(Event::Refresh),
        5 => (any::<bool>(), 0u8..6, life())
            .prop_map(|(rotates, verdict, life)| Event::Answered { rotates, verdict, life }),
        5 => vault.prop_map(Event::VaultAnswers),
        1 => Just(Event::SignOut),
        1 => Just(Event::Dismiss),
        1 => (0u8..4).prop_map(Event::Stray),
    ];
    let pause = prop_oneof![Just(0u32), Just(1), Just(6), Just(61), Just(3000)];
    prop::collection::vec((pause, event), 0..80)
}

/// The answers that are due, and everything that must be remembered to say whether the machine behaves.
struct World {
    machine: SessionMachine,
    now: Timestamp,
    refreshes: VecDeque<InFlight>,
    vault: VecDeque<VaultJob>,
    answered: BTreeMap<ReplyId, usize>,
    n_replies: u64,
    n_tokens: u64,
    /// Every refresh token that the machine was given.
    given: BTreeSet<String>,
    /// Those that the server retired itself.
    spent: BTreeSet<String>,
    revoked: BTreeSet<String>,
    /// Those that the vault took or refused.
    settled: BTreeSet<String>,
    /// The generation that was signed out last.
    signed_out: Option<Generation>,
}

struct InFlight {
    generation: Generation,
    spends: String,
    brought: Option<String>,
}

enum VaultJob {
    Load,
    Store(Generation, String),
}

impl World {
    fn new() -> Self {
        Self {
            machine: SessionMachine::new(Jitter::seeded(7)),
            now: instant("12:00:00"),
            refreshes: VecDeque::new(),
            vault: VecDeque::new(),
            answered: BTreeMap::new(),
            n_replies: 0,
            n_tokens: 0,
            given: BTreeSet::new(),
            spent: BTreeSet::new(),
            revoked: BTreeSet::new(),
            settled: BTreeSet::new(),
            signed_out: None,
        }
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Tick => {
                self.step(Input::Tick);
                let wake_at = self.machine.wake_at();
                assert!(wake_at.is_none_or(|at| at > self.now), "after a tick nothing is due, but {wake_at:?}");
            }
            Event::SignIn { as_someone_else } => {
                self.step(Input::SignInRequested(SignInOptions { as_someone_else, ..SignInOptions::default() }))
            }
            Event::Moved => self.step(Input::SignInMoved(self.attempt(), AttemptStage::InBrowser)),
            Event::SignedIn { who, is_renewable, life, is_outdated } => {
                let id = if is_outdated { AttemptId(0) } else { self.attempt() };
                let token = is_renewable.then(|| self.give_token());
                let life = life.map(Duration::from_secs);
                self.step(Input::SignInFinished(id, Ok(tokens(self.now, PEOPLE[who], token.as_deref(), life))));
            }
            Event::SignInFailed(is_cancel) => {
                let end = if is_cancel { SignInEnd::Cancelled } else { SignInEnd::TimedOut { browser_seen: false } };
                self.step(Input::SignInFinished(self.attempt(), Err(Error::SignInEnded(end))));
            }
            Event::Cancel => self.step(Input::SignInCancelled),
            Event::Answer { replace } => self.step(Input::OtherPersonAnswered { replace }),
            Event::Token(seconds) => {
                let reply = self.next_reply();
                self.step(Input::TokenRequested(reply, MinValidity::AtLeast(Duration::from_secs(seconds))));
            }
            Event::Copy => {
                let reply = self.next_reply();
                self.step(Input::TokenRequested(reply, MinValidity::ForCopying));
            }
            Event::Refresh => {
                let reply = self.next_reply();
                self.step(Input::RefreshRequested(reply));
            }
            Event::Answered { rotates, verdict, life } => self.server_answers(rotates, verdict, life),
            Event::VaultAnswers(error) => self.vault_answers(error),
            Event::SignOut => {
                if self.machine.session().is_some() {
                    self.signed_out = Some(self.machine.generation);
                }
                self.step(Input::SignOutRequested);
                assert!(self.machine.session().is_none() && self.machine.candidate.is_none());
            }
            Event::Dismiss => self.step(Input::ProblemDismissed),
            Event::Stray(kind) => self.stray(kind),
        }
    }

    fn server_answers(&mut self, rotates: bool, verdict: u8, life: Option<u64>) {
        let Some(mut in_flight) = self.refreshes.pop_front() else { return };
        if rotates && in_flight.brought.is_none() && verdict <= 3 {
            let token = self.give_token();
            self.spent.insert(in_flight.spends.clone());
            in_flight.brought = Some(token.clone());
            let generation = in_flight.generation;
            self.refreshes.push_front(in_flight);
            return self.step(Input::RefreshTokenArrived(generation, RefreshToken::new(token)));
        }
        let owner = self.machine.session().map_or("nobody".to_owned(), |session| session.subject.0.clone());
        let held = in_flight.brought.clone().unwrap_or_else(|| in_flight.spends.clone());
        let verdict = if in_flight.brought.is_some() { verdict % 4 } else { verdict };
        let result = match verdict {
            0..=2 => Ok(tokens(self.now, &owner, Some(&held), life.map(Duration::from_secs))),
            3 => Err(RefreshFailure::known(OidcError::Untrusted(Check::Nonce))),
            4 => Err(RefreshFailure::known(refused("invalid_client", 401))),
            _ => {
                self.spent.insert(in_flight.spends.clone());
                Err(RefreshFailure::known(refused("invalid_grant", 400)))
            }
        };
        self.step(Input::RefreshFinished(in_flight.generation, result));
    }

    fn vault_answers(&mut self, error: Option<VaultError>) {
        match self.vault.pop_front() {
            None => {}
            Some(VaultJob::Store(generation, token)) => {
                self.settled.insert(token);
                self.step(Input::Persisted(generation, error.map_or(Ok(()), Err)));
            }
            Some(VaultJob::Load) => {
                let result = match error {
                    Some(error) => Err(error),
                    None if self.machine.session().is_some() => Ok(None),
                    None => {
                        let token = self.give_token();
                        self.settled.insert(token.clone());
                        Ok(Some((kept("robin", &token), Past::Unused)))
                    }
                };
                self.step(Input::Restored(result));
            }
        }
    }

    /// What nobody asked for.
    fn stray(&mut self, kind: u8) {
        let is_refreshing = self.refreshes.iter().any(|in_flight| in_flight.generation == self.machine.generation);
        let generation = Generation(if is_refreshing { u64::MAX } else { self.machine.generation.0 });
        match kind {
            0 => {
                let token = self.give_token();
                self.step(Input::RefreshTokenArrived(generation, RefreshToken::new(token)));
            }
            1 => {
                let token = self.give_token();
                self.step(Input::RefreshFinished(generation, Ok(tokens(self.now, "robin", Some(&token), None))));
            }
            2 => {
                self.step(Input::RefreshFinished(generation, Err(RefreshFailure::known(refused("invalid_grant", 400)))))
            }
            _ => self.step(Input::Persisted(Generation(u64::MAX), Err(VaultError::Locked))),
        }
    }

    fn step(&mut self, input: Input) {
        let effects = self.machine.step(self.now, input);
        for effect in effects {
            self.heed(effect);
        }
        let shown = format!("{:?} {:?}", self.machine, self.machine.snapshot(self.now));
        assert!(!shown.contains("secret-"), "{shown}");
    }

    fn heed(&mut self, effect: Effect) {
        match effect {
            Effect::Load => self.vault.push_back(VaultJob::Load),
            Effect::Refresh(generation, token, _) => {
                assert_eq!(generation, self.machine.generation);
                assert!(self.refreshes.iter().all(|other| other.generation != generation), "two refreshes in flight");
                let spends = token.expose().to_owned();
                assert!(!self.revoked.contains(&spends), "a revoked token is used");
                self.refreshes.push_back(InFlight { generation, spends, brought: None });
            }
            Effect::Persist(generation, kept) => {
                assert!(Some(generation) > self.signed_out, "a session that was signed out is stored");
                assert_eq!(generation, self.machine.generation);
                self.vault.push_back(VaultJob::Store(generation, kept.refresh_token.expose().to_owned()));
            }
            Effect::Revoke(token) => {
                let token = token.expose().to_owned();
                assert!(!self.held().contains(&token), "a token that is held is revoked");
                // Twice does no harm (RFC 7009 section 2.2).
                self.revoked.insert(token);
            }
            Effect::Reply(reply, answer) => {
                let n = self.answered.get_mut(&reply).expect("only who asked is answered");
                *n += 1;
                assert_eq!(*n, 1, "{reply:?} is answered twice");
                if let Ok(granted) = answer {
                    let in_hand = self.machine.session().and_then(|session| session.granted()).expect("a session");
                    assert_eq!(granted.access_token.expose(), in_hand.access_token.expose());
                }
            }
            Effect::Publish(CauseKind::Renewed | CauseKind::SignedIn) => {
                let session = self.machine.session().expect("a session is published");
                if let Some(token) = &session.refresh_token {
                    assert!(self.settled.contains(token.expose()), "shown before the vault answered");
                }
            }
            _ => {}
        }
    }

    /// Answers all that is asked, and says what was left over.
    fn comes_to_rest(&mut self) {
        while !self.refreshes.is_empty() || !self.vault.is_empty() {
            self.server_answers(false, 0, Some(3600));
            self.vault_answers(None);
        }
        // Before its first tick the machine asks for nothing, and so may leave people waiting.
        self.step(Input::Tick);
        while !self.refreshes.is_empty() || !self.vault.is_empty() {
            self.server_answers(false, 0, Some(3600));
            self.vault_answers(None);
        }
        for (reply, n) in &self.answered {
            assert_eq!(*n, 1, "{reply:?} is answered {n} times");
        }
        let held = self.held();
        for token in &self.given {
            let is_accounted_for = held.contains(token) || self.spent.contains(token) || self.revoked.contains(token);
            assert!(is_accounted_for, "{token} is neither held nor spent nor revoked");
        }
    }

    fn held(&self) -> BTreeSet<String> {
        let session = self.machine.session().and_then(|session| session.refresh_token.as_ref());
        let candidate = self.machine.candidate.as_ref().and_then(|candidate| candidate.tokens.refresh_token.as_ref());
        session.into_iter().chain(candidate).map(|token| token.expose().to_owned()).collect()
    }

    fn give_token(&mut self) -> String {
        self.n_tokens += 1;
        let token = format!("secret-{}", self.n_tokens);
        self.given.insert(token.clone());
        token
    }

    fn next_reply(&mut self) -> ReplyId {
        self.n_replies += 1;
        self.answered.insert(ReplyId(self.n_replies), 0);
        ReplyId(self.n_replies)
    }

    fn attempt(&self) -> AttemptId {
        self.machine.attempt().unwrap_or(AttemptId(u64::MAX))
    }
}

/// Instants and durations at the edges of what can be told.
fn extreme_inputs() -> impl Strategy<Value = Vec<(i64, u8, u64)>> {
    let instants = prop_oneof![Just(i64::MIN), Just(-1), Just(0), Just(43_200_000), Just(i64::MAX)];
    let durations = prop_oneof![Just(0), Just(1), Just(3600), Just(u64::MAX)];
    prop::collection::vec((instants, 0u8..10, durations), 0..40)
}

proptest! {
    #[test]
    fn nothing_is_lost_or_done_twice_whatever_happens(events in events()) {
        let mut world = World::new();
        for (pause, event) in events {
            world.now = world.now + Duration::from_secs(pause.into());
            world.happens(event);
        }
        world.comes_to_rest();
    }

    #[test]
    fn no_instant_and_no_duration_is_too_much(inputs in extreme_inputs()) {
        let mut machine = SessionMachine::new(Jitter::seeded(1));
        for (now, kind, seconds) in inputs {
            let now = Timestamp::from_unix_millis(now);
            let duration = Duration::from_secs(seconds);
            let generation = machine.generation;
            let token_set = |token| tokens(Timestamp::from_unix_millis(0), "robin", token, Some(duration));
            let attempt = machine.attempt().unwrap_or(AttemptId(0));
            let input = match kind {
                0 => Input::SignInRequested(SignInOptions::default()),
                1 => Input::SignInFinished(attempt, Ok(token_set(Some("R1")))),
                2 => Input::SignInFinished(attempt, Ok(token_set(None))),
                3 => Input::Persisted(generation, Ok(())),
                4 => Input::TokenRequested(ReplyId(1), MinValidity::AtLeast(duration)),
                5 => Input::RefreshFinished(generation, Ok(token_set(Some("R1")))),
                6 => {
                    let error = OidcError::Busy { retry_after: Some(duration), status: 429 };
                    Input::RefreshFinished(generation, Err(RefreshFailure::known(error)))
                }
                7 => Input::Restored(Err(VaultError::Locked)),
                8 => Input::RefreshFinished(generation, Err(RefreshFailure::known(refused("invalid_client", 401)))),
                _ => Input::Tick,
            };
            machine.step(now, input);
            machine.snapshot(now);
        }
    }
}
