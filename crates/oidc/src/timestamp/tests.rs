use proptest::prelude::*;

use super::*;

#[test]
fn an_instant_is_printed_for_people() {
    assert_eq!(Timestamp::from_unix_millis(1_800_000_000_123).to_string(), "2027-01-15T08:00:00.123Z");
    assert_eq!(Timestamp::from_unix_millis(i64::MAX).to_string(), "9223372036854775807ms");
}

#[test]
fn seconds_are_rounded_down() {
    assert_eq!(Timestamp::from_unix_millis(1_999).as_unix_seconds(), 1);
    assert_eq!(Timestamp::from_unix_millis(-1).as_unix_seconds(), -1);
}

#[test]
fn what_is_not_after_is_no_time_after() {
    let (early, late) = (Timestamp::from_unix_seconds(1), Timestamp::from_unix_seconds(3));
    assert_eq!(late.since(early), Duration::from_secs(2));
    assert_eq!(early.since(late), Duration::ZERO);
    assert_eq!((early + Duration::from_secs(2), late - Duration::from_secs(2)), (late, early));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_overflows(instant in any::<i64>(), other in any::<i64>(), seconds in any::<u64>()) {
        let duration = Duration::from_secs(seconds);
        let at = Timestamp::from_unix_millis(instant);
        prop_assert!(at + duration >= at && at - duration <= at);
        let _ = (at.since(Timestamp::from_unix_millis(other)), Timestamp::from_unix_seconds(other), at.to_string());
    }
}
