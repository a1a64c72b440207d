//! The server's idea of the time: the system's, plus a skew that can be changed at any moment.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The system clock plus a skew. The `Date` header, the claims of tokens and every lifetime follow it, so a skew that
/// grows is also how tests let time pass.
#[derive(Default)]
pub(crate) struct Clock {
    skew: AtomicI64,
}

impl Clock {
    /// Seconds since the epoch.
    #[allow(
        clippy::disallowed_methods,
        reason = "a server of its own, with its own clock; nothing else here reads time"
    )]
    pub(crate) fn now(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        i64::try_from(since_epoch).unwrap_or(i64::MAX).saturating_add(self.skew.load(Ordering::SeqCst))
    }

    /// From now on the server's clock is ahead of the system's by `seconds`.
    pub(crate) fn skew_by(&self, seconds: i64) {
        self.skew.store(seconds, Ordering::SeqCst);
    }

    /// The clock moves forward by `seconds`, on top of what it was skewed before.
    pub(crate) fn advance(&self, seconds: i64) {
        self.skew.fetch_add(seconds, Ordering::SeqCst);
    }
}
