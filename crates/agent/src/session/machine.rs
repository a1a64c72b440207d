//! The machine: what it remembers, and what each input does to it.

use gatepass_oidc::Timestamp;

use super::{AttemptId, Effect, Input, Jitter, Predecessor, SessionPart};

/// The session of one profile, its sign-in attempt, and the question that a sign-in as somebody else raises.
#[derive(Debug)]
pub struct SessionMachine {}

impl SessionMachine {
    /// A machine that knows nothing yet. Its first [`Input::Tick`] asks for [`Effect::Load`]. `jitter` moves renewals
    /// and retries a little.
    pub fn new(jitter: Jitter) -> Self {
        let _ = jitter;
        Self {}
    }

    /// Takes one input and says what is to be done about it, in this order.
    pub fn step(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        let _ = (now, input);
        panic!("not written yet")
    }

    /// The next instant at which an [`Input::Tick`] would do something: the past if it would now, `None` if only
    /// another input can. A function of the state, so ask after every step.
    pub fn wake_at(&self) -> Option<Timestamp> {
        panic!("not written yet")
    }

    /// What frontends may know at `now`.
    pub fn snapshot(&self, now: Timestamp) -> SessionPart {
        let _ = now;
        panic!("not written yet")
    }

    /// The sign-in that is under way.
    pub fn attempt(&self) -> Option<AttemptId> {
        panic!("not written yet")
    }

    /// What the answer to [`Effect::Refresh`] is to be judged against; `None` where nobody is signed in.
    pub fn predecessor(&self) -> Option<Predecessor> {
        panic!("not written yet")
    }
}
