//! The system's clock: the one place that reads it.

use std::time::{SystemTime, UNIX_EPOCH};

use gatepass_agent::Clock;
use gatepass_oidc::Timestamp;

/// The wall clock of this system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "everyone else asks this clock")]
    fn now(&self) -> Timestamp {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => Timestamp::default() + since,
            Err(before) => Timestamp::default() - before.duration(),
        }
    }
}
