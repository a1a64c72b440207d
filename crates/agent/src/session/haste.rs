//! How often another network may bring a retry forward. A machine whose links come and go all day, as those of
//! containers do, is on another network every few seconds, and the server that cannot be reached is the same.

use std::time::Duration;

use gatepass_oidc::Timestamp;

/// From the first retry that was brought forward to the next one. Doubled with each, until a renewal succeeds.
const FIRST_INTERVAL: Duration = Duration::from_secs(15);

/// Retries come as often by themselves.
const LAST_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// What was brought forward since the last renewal.
#[derive(Debug, Default)]
pub(super) struct Haste {
    n_hurried: u32,
    /// When the last one comes.
    last: Option<Timestamp>,
}

impl Haste {
    /// How long it is until a retry may be brought forward to.
    pub(super) fn wait(&self, now: Timestamp) -> Duration {
        let Some(last) = self.last else { return Duration::ZERO };
        let interval = FIRST_INTERVAL * (1 << self.n_hurried.saturating_sub(1).min(16));
        (last + interval.min(LAST_INTERVAL)).since(now)
    }

    /// A retry was brought forward to `at`.
    pub(super) fn note(&mut self, at: Timestamp) {
        self.n_hurried = self.n_hurried.saturating_add(1);
        self.last = Some(at);
    }

    /// By a clock that was set back, one that came would lie far ahead.
    pub(super) fn notice_time(&mut self, now: Timestamp) {
        self.last = self.last.map(|last| last.min(now + LAST_INTERVAL));
    }
}
