//! When no renewal begins: while the machine falls asleep and while the program quits, either of which would cut it off,
//! and with it perhaps the only answer that has the new refresh token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Shared by the task, which sets it, and by renewals that wait for their turn. Times are boot time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quiet(Arc<AtomicU64>);

impl Quiet {
    /// No renewal begins before `until`.
    pub(crate) fn set(&self, until: Duration) {
        self.0.store(u64::try_from(until.as_millis()).unwrap_or(u64::MAX), Ordering::Release);
    }

    /// Renewals may begin.
    pub(crate) fn end(&self) {
        self.0.store(0, Ordering::Release);
    }

    /// For how long yet none begins; zero if they may.
    pub(crate) fn left(&self, boot: Duration) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Acquire)).saturating_sub(boot)
    }

    /// Whether none begins.
    pub(crate) fn is_on(&self, boot: Duration) -> bool {
        !self.left(boot).is_zero()
    }
}
