//! What is due when. The clipboard itself is tested with a display.

use super::*;

const CLEARS_AFTER: Duration = Duration::from_secs(30);
const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

#[test]
fn a_secret_is_due_after_its_time_and_not_before() {
    let concealed = Concealed::new("secret", CLEARS_AFTER, NOW);
    assert!(!concealed.is_due(NOW + Duration::from_millis(29_999)));
    assert!(concealed.is_due(NOW + CLEARS_AFTER));
    assert_eq!(concealed.left(NOW), CLEARS_AFTER);
    assert_eq!(concealed.left(NOW + CLEARS_AFTER), Duration::ZERO);
}

#[test]
fn a_clock_that_is_set_back_keeps_no_secret_longer() {
    assert!(Concealed::new("secret", CLEARS_AFTER, NOW).is_due(NOW - Duration::from_secs(3600)));
}

#[test]
fn only_the_secret_itself_is_taken_away() {
    let concealed = Concealed::new("secret", CLEARS_AFTER, NOW);
    assert!(concealed.is("secret"));
    assert!(!concealed.is("secret "));
}

#[test]
fn clearing_is_tried_again_a_second_later_and_not_for_ever() {
    let mut now = NOW + CLEARS_AFTER;
    let mut concealed = Concealed::new("secret", CLEARS_AFTER, NOW).once_more(now).expect("a second try");
    for _ in 1..CLEARING_TRIES {
        assert!(concealed.is("secret") && !concealed.is_due(now));
        now = now + Duration::from_secs(1);
        assert!(concealed.is_due(now));
        concealed = concealed.once_more(now).expect("another try");
    }
    assert!(concealed.once_more(now).is_none());
}
