//! The system's clocks: the one place that reads them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gatepass_agent::Clock;
use gatepass_oidc::Timestamp;

/// The clocks of this system.
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

    fn boot(&self) -> Duration {
        boot()
    }
}

/// `CLOCK_BOOTTIME` counts sleep, `CLOCK_MONOTONIC` does not (clock_gettime(2)).
#[cfg(target_os = "linux")]
fn boot() -> Duration {
    since_zero(rustix::time::ClockId::Boottime)
}

/// On macOS `CLOCK_MONOTONIC` is the one that counts sleep (clock_gettime(3)); what Rust calls `Instant` does not.
#[cfg(all(unix, not(target_os = "linux")))]
fn boot() -> Duration {
    since_zero(rustix::time::ClockId::Monotonic)
}

#[cfg(unix)]
fn since_zero(clock: rustix::time::ClockId) -> Duration {
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

/// On Windows `Instant` is the performance counter, which counts sleep and hibernation.
#[cfg(windows)]
#[expect(clippy::disallowed_methods, reason = "everyone else asks this clock")]
fn boot() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGINNING.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_time_goes_forward() {
        let before = SystemClock.boot();
        let after = loop {
            let now = SystemClock.boot();
            if now != before {
                break now;
            }
        };
        assert!(after > before);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn boot_time_is_that_of_the_machine() {
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
        let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
        assert!((SystemClock.boot().as_secs_f64() - uptime).abs() < 60.0);
    }
}
