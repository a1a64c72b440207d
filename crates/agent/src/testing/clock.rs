use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_oidc::Timestamp;
use tokio::time::Instant;

use crate::Clock;

/// A clock that goes as tokio's does, paused or not, and can be moved: forward as if the machine had slept, either way as
/// if a person had set it, and forward without boot time as if a virtual machine had been paused.
#[derive(Debug)]
pub struct TestClock {
    began_at: Instant,
    moved: Mutex<Moved>,
}

#[derive(Debug)]
struct Moved {
    /// What the wall clock would show if tokio's had not gone on.
    wall: Timestamp,
    /// What boot time would be if tokio's had not gone on.
    boot: Duration,
}

impl TestClock {
    /// A clock that shows `now`. Call it within a tokio runtime, after the time was paused.
    pub fn starting_at(now: Timestamp) -> Self {
        // Not zero: nobody may take the start of the machine for the start of the program.
        let moved = Moved { wall: now, boot: Duration::from_secs(5_000) };
        Self { began_at: Instant::now(), moved: Mutex::new(moved) }
    }

    /// Lets time pass without tokio's timers knowing, as suspending the machine does.
    pub fn jump(&self, ahead: Duration) {
        let mut moved = self.moved();
        moved.wall = moved.wall + ahead;
        moved.boot += ahead;
    }

    /// Puts the wall clock ahead: as a person does, or as it is found after a virtual machine was paused. Boot time
    /// knows nothing of either.
    pub fn set_ahead(&self, by: Duration) {
        let mut moved = self.moved();
        moved.wall = moved.wall + by;
    }

    /// Puts the wall clock back.
    pub fn set_back(&self, by: Duration) {
        let mut moved = self.moved();
        moved.wall = moved.wall - by;
    }

    fn moved(&self) -> MutexGuard<'_, Moved> {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.moved().wall + self.began_at.elapsed()
    }

    fn boot(&self) -> Duration {
        self.moved().boot + self.began_at.elapsed()
    }
}
