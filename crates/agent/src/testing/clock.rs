use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use gatepass_oidc::Timestamp;
use tokio::time::Instant;

use crate::Clock;

/// A clock that goes as tokio's does, paused or not, and can be set: forward as if the machine had slept, or back as
/// if a person had set it.
#[derive(Debug)]
pub struct TestClock {
    began_at: Instant,
    shown_then: Mutex<Timestamp>,
}

impl TestClock {
    /// A clock that shows `now`. Call it within a tokio runtime, after the time was paused.
    pub fn starting_at(now: Timestamp) -> Self {
        Self { began_at: Instant::now(), shown_then: Mutex::new(now) }
    }

    /// Puts the clock forward without letting tokio's timers know, as suspending the machine does.
    pub fn jump(&self, ahead: Duration) {
        let mut shown_then = self.shown_then();
        *shown_then = *shown_then + ahead;
    }

    /// Puts the clock back.
    pub fn set_back(&self, by: Duration) {
        let mut shown_then = self.shown_then();
        *shown_then = *shown_then - by;
    }

    fn shown_then(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        self.shown_then.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.shown_then() + self.began_at.elapsed()
    }
}
