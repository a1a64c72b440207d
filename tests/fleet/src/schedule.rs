//! Who decides on a desktop when to ask for tokens: the session machine of the program, driven by its inputs alone, or
//! one of the simple rules that it is compared with.

use std::time::Duration;

use gatepass_agent::session::{AttemptId, Effect, Generation, Input, Jitter, RefreshFailure, SessionMachine};
use gatepass_agent::{Error, NoticeKind, SignInOptions};
use gatepass_oidc::{
    AccessToken, AccessTokenContent, IdToken, IdTokenClaims, Opaque, RefreshToken, Scopes, Subject, Timestamp,
    TokenSet, TokenType,
};

use crate::scenario::{MINUTE, SECOND, TOKEN_LIFE};
use crate::server::Verdict;

/// When to renew, and when to try again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// The program's.
    Ours,
    /// At four fifths of a token's life; tried again after 1, 2, 4 … 300 seconds, or when the limit is reset.
    FourFifths,
    /// Five minutes before a token ends; tried again every minute.
    FiveMinutesBefore,
    /// At four fifths of a token's life; tried again after five seconds, whatever the server says.
    AtOnce,
}

/// A request that is under way.
#[derive(Clone, Copy)]
pub enum Asked {
    SignIn(AttemptId),
    Renewal(Generation),
}

/// What wants doing after a step.
#[derive(Default)]
pub struct Wanted {
    pub ask: Option<Asked>,
    pub is_lost: bool,
}

/// What decides on one desktop.
pub enum Driver {
    Machine(Box<Gatepass>),
    Rule(Rule),
}

impl Driver {
    pub fn new(schedule: Schedule, seed: u64, rotates: bool) -> Self {
        match schedule {
            Schedule::Ours => {
                let machine = SessionMachine::new(Jitter::seeded(seed));
                Self::Machine(Box::new(Gatepass { machine, rotates, n_refresh_tokens: 0 }))
            }
            rule => Self::Rule(Rule { rule, due_at: Some(i64::MAX), n_failures: 0 }),
        }
    }

    /// The next time at which [`Self::tick`] would do something.
    pub fn wake_at(&self) -> Option<i64> {
        match self {
            Self::Machine(gatepass) => gatepass.machine.wake_at().map(Timestamp::as_unix_millis),
            Self::Rule(rule) => rule.due_at,
        }
    }

    /// Somebody clicks **Sign in with Okta** and has done at Okta what there is to do.
    pub fn sign_in(&mut self, now: i64) -> Wanted {
        match self {
            Self::Machine(gatepass) => gatepass.drive(now, Input::SignInRequested(SignInOptions::default())),
            Self::Rule(rule) => rule.ask(),
        }
    }

    pub fn tick(&mut self, now: i64) -> Wanted {
        match self {
            Self::Machine(gatepass) => gatepass.drive(now, Input::Tick),
            Self::Rule(rule) if rule.due_at.is_some_and(|due_at| due_at <= now) => rule.ask(),
            Self::Rule(_) => Wanted::default(),
        }
    }

    /// What was asked for at `asked_at` is answered.
    pub fn answered(&mut self, now: i64, asked: Asked, asked_at: i64, verdict: Verdict) -> Wanted {
        let gatepass = match self {
            Self::Rule(rule) => return rule.answered(now, verdict),
            Self::Machine(gatepass) => gatepass,
        };
        let error = verdict.error();
        let input = match (asked, error) {
            (Asked::SignIn(attempt), None) => Input::SignInFinished(attempt, Ok(gatepass.tokens(now, true))),
            (Asked::SignIn(attempt), Some(error)) => Input::SignInFinished(attempt, Err(Error::Oidc(error))),
            (Asked::Renewal(generation), None) => Input::RefreshFinished(generation, Ok(gatepass.tokens(now, false))),
            (Asked::Renewal(generation), Some(error)) => {
                let failure = RefreshFailure::of_request(error, Timestamp::from_unix_millis(asked_at));
                Input::RefreshFinished(generation, Err(failure))
            }
        };
        gatepass.drive(now, input)
    }
}

/// The program, as far as it decides.
pub struct Gatepass {
    machine: SessionMachine,
    rotates: bool,
    n_refresh_tokens: u32,
}

impl Gatepass {
    /// Lets the machine take an input. Its vault works at once; what it asks of the network is handed out.
    fn drive(&mut self, now: i64, input: Input) -> Wanted {
        let mut wanted = Wanted::default();
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in self.machine.step(Timestamp::from_unix_millis(now), input) {
                match effect {
                    Effect::Load => inputs.push(Input::Restored(Ok(None))),
                    Effect::Persist(generation, _) => inputs.push(Input::Persisted(generation, Ok(()))),
                    Effect::StartSignIn(attempt, _) => wanted.ask = Some(Asked::SignIn(attempt)),
                    Effect::Refresh(generation, ..) => wanted.ask = Some(Asked::Renewal(generation)),
                    Effect::Notify(NoticeKind::SignInNeeded(_)) => wanted.is_lost = true,
                    _ => {}
                }
            }
        }
        wanted
    }

    /// The tokens that the org gives next; with an ID token at sign-in, and later without, which saves memory and changes
    /// nothing.
    fn tokens(&mut self, now: i64, with_id_token: bool) -> Box<TokenSet> {
        self.n_refresh_tokens += u32::from(self.rotates);
        let now = Timestamp::from_unix_millis(now);
        let life = Duration::from_millis(TOKEN_LIFE.unsigned_abs());
        let claims = || IdTokenClaims {
            subject: Subject("robin".into()),
            name: None,
            email: None,
            preferred_username: None,
            expires_at: now + life,
            issued_at: now,
            authenticated_at: None,
            algorithm: "RS256".into(),
            key_id: None,
            all: serde_json::Map::new(),
        };
        Box::new(TokenSet {
            access_token: AccessToken::new("access"),
            token_type: TokenType::Bearer,
            access_token_content: AccessTokenContent::Opaque(Opaque::OrgServer),
            refresh_token: Some(RefreshToken::new(format!("refresh-{}", self.n_refresh_tokens))),
            device_secret: None,
            id_token: with_id_token.then(|| IdToken::unverified_for_tests(claims())),
            scopes: Scopes::default(),
            received_at: now,
            expires_at: Some(now + life),
            credential: None,
        })
    }
}

/// A rule of thumb.
pub struct Rule {
    rule: Schedule,
    /// `None` while a request is under way.
    due_at: Option<i64>,
    n_failures: u32,
}

impl Rule {
    fn ask(&mut self) -> Wanted {
        self.due_at = None;
        Wanted { ask: Some(Asked::Renewal(Generation(0))), is_lost: false }
    }

    fn answered(&mut self, now: i64, verdict: Verdict) -> Wanted {
        let wait = if verdict == Verdict::Granted {
            self.n_failures = 0;
            match self.rule {
                Schedule::FiveMinutesBefore => TOKEN_LIFE - 5 * MINUTE,
                _ => TOKEN_LIFE * 4 / 5,
            }
        } else {
            self.n_failures += 1;
            match (self.rule, verdict) {
                (Schedule::AtOnce, _) => 5 * SECOND,
                (Schedule::FiveMinutesBefore, _) => MINUTE,
                (_, Verdict::OverLimit(seconds)) => seconds * SECOND,
                _ => (SECOND << (self.n_failures - 1).min(16)).min(5 * MINUTE),
            }
        };
        self.due_at = Some(now + wait);
        Wanted::default()
    }
}
