//! A clock that goes with the system's and can be moved.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use gatepass_agent::Clock;
use gatepass_app::SystemClock;
use gatepass_oidc::Timestamp;

/// The system's clock plus an offset. It moves at once, as a clock does over a laptop's sleep.
#[derive(Debug, Default)]
pub struct MovableClock {
    offset_millis: AtomicI64,
}

impl MovableClock {
    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).expect("tests do not wait for millions of years");
        self.offset_millis.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(SystemClock.now().as_unix_millis() + self.offset_millis.load(Ordering::SeqCst))
    }
}
