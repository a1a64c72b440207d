//! What is due when. The clipboard itself is tested with a display.

use super::*;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

#[test]
fn a_secret_is_due_after_half_a_minute_and_not_before() {
    let concealed = Concealed::new("secret", NOW);
    assert!(!concealed.is_due(NOW + Duration::from_millis(29_999)));
    assert!(concealed.is_due(NOW + CLEARS_AFTER));
    assert_eq!(concealed.left(NOW), CLEARS_AFTER);
    assert_eq!(concealed.left(NOW + CLEARS_AFTER), Duration::ZERO);
}

#[test]
fn a_clock_that_is_set_back_keeps_no_secret_longer() {
    assert!(Concealed::new("secret", NOW).is_due(NOW - Duration::from_secs(3600)));
}

#[test]
fn only_the_secret_itself_is_taken_away() {
    let concealed = Concealed::new("secret", NOW);
    assert!(concealed.is("secret"));
    assert!(!concealed.is("secret "));
}
