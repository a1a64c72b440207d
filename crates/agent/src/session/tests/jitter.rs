use std::collections::BTreeSet;
use std::time::Duration;

use gatepass_oidc::Error as OidcError;

use super::refreshing;
use super::script::{instant, refused};
use crate::session::{Input, Jitter, RefreshFailure};

#[test]
fn jitter_makes_a_retry_a_little_earlier_and_never_later() {
    let now = instant("12:48:00");
    let unreachable = OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false };
    for (error, earliest, latest) in
        [(unreachable, "12:48:00.500", "12:48:01"), (refused("invalid_client", 401), "13:02:15", "13:03:00")]
    {
        let mut seen = BTreeSet::new();
        for seed in 0..50 {
            let mut machine = refreshing();
            machine.jitter = Jitter::seeded(seed);
            machine.step(now, Input::RefreshFinished(machine.generation, Err(RefreshFailure::known(error.clone()))));
            let at = machine.wake_at().unwrap();
            assert!(instant(earliest) < at && at <= instant(latest), "{at}");
            seen.insert(at);
        }
        assert!(seen.len() > 30, "only {} different instants", seen.len());
    }
}

#[test]
fn jitter_is_the_published_series_scaled_to_the_limit() {
    // The first numbers of SplitMix64 for this seed.
    let published = [6457827717110365317, 3203168211198807973, 9817491932198370423];
    let mut jitter = Jitter::seeded(1234567);
    // The widest limit leaves all but the last bit of a number as it is.
    let widest = Duration::from_millis(u64::MAX);
    assert_eq!(published.map(|_| jitter.up_to(widest)), published.map(|number| Duration::from_millis(number - 1)));
    let mut jitter = Jitter::seeded(1234567);
    // 6457827717110365317 / 2^64 of it.
    assert_eq!(jitter.up_to(Duration::from_millis(1_000_000)), Duration::from_millis(350_079));
    assert_eq!(jitter.up_to(Duration::ZERO), Duration::ZERO);
}
