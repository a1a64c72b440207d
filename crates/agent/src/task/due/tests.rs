use std::time::Duration;

use proptest::prelude::*;

use super::*;

proptest! {
    /// Whatever was set before, each seat is due once, at what was set last.
    #[test]
    fn seats_come_due_in_order_and_once(
        settings in proptest::collection::vec((0_usize..20, proptest::option::of(0_u64..100)), 0..200),
        now in 0_u64..100,
    ) {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut due = Due::default();
        let mut last = std::collections::BTreeMap::new();
        for (seat, seconds) in settings {
            due.set(seat, seconds.map(at));
            last.insert(seat, seconds);
        }
        prop_assert_eq!(due.first(), last.values().copied().flatten().min().map(at));
        let mut expected: Vec<_> = last.iter().filter_map(|(seat, seconds)| Some(((*seconds)?, *seat))).collect();
        expected.sort_unstable();
        let later = expected.split_off(expected.partition_point(|(seconds, _)| *seconds <= now));
        prop_assert_eq!(due.take(at(now)), expected.into_iter().map(|(_, seat)| seat).collect::<Vec<_>>());
        prop_assert!(due.take(at(now)).is_empty());
        prop_assert_eq!(due.first(), later.first().map(|(seconds, _)| at(*seconds)));
    }
}
