//! Clocks that go with the system's and can be moved.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use gatepass_agent::Clock;
use gatepass_app::SystemClock;
use gatepass_oidc::Timestamp;

/// The system's clocks, moved.
#[derive(Debug, Default)]
pub struct MovableClock {
    wall_millis: AtomicI64,
    boot_millis: AtomicI64,
}

impl MovableClock {
    /// Lets time pass at once, as it does over a laptop's sleep.
    pub fn advance(&self, by: Duration) {
        self.set_wall(seconds(by));
        self.boot_millis.fetch_add(seconds(by) * 1000, Ordering::SeqCst);
    }

    /// Sets the wall clock ahead by so many seconds, or back, as a person does; or as it is found after a virtual machine
    /// was paused, of which boot time knows nothing.
    pub fn set_wall(&self, seconds: i64) {
        self.wall_millis.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(SystemClock.now().as_unix_millis() + self.wall_millis.load(Ordering::SeqCst))
    }

    fn boot(&self) -> Duration {
        let moved = self.boot_millis.load(Ordering::SeqCst);
        SystemClock.boot() + Duration::from_millis(u64::try_from(moved).expect("time does not go back"))
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).expect("tests do not wait for millions of years")
}
