use super::*;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);
const HOUR: Duration = Duration::from_secs(60 * 60);

#[test]
fn an_end_that_a_renewal_does_not_move_is_the_end() {
    let mut horizon = Horizon::default();
    assert!(!horizon.learn(Some(NOW + 3 * DAY)));
    assert_eq!(horizon.end(), None);
    assert!(horizon.learn(Some(NOW + 3 * DAY + Duration::from_secs(1))));
    assert_eq!(horizon.end(), Some(NOW + 3 * DAY + Duration::from_secs(1)));
    assert!(!horizon.learn(Some(NOW + 3 * DAY)), "a second is no news");
}

#[test]
fn an_end_that_moves_with_each_renewal_is_none() {
    let mut horizon = Horizon::default();
    for hour in 0..100 {
        assert!(!horizon.learn(Some(NOW + 7 * DAY + HOUR * hour)));
    }
    assert_eq!((horizon.end(), horizon.wake_at()), (None, None));
}

#[test]
fn a_warning_is_about_one_end() {
    let mut horizon = Horizon::default();
    horizon.learn(Some(NOW + DAY));
    horizon.learn(Some(NOW + DAY));
    assert!(!horizon.is_warned_of());
    assert!(horizon.take_warning(NOW) && horizon.is_warned_of() && !horizon.take_warning(NOW));
    horizon.learn(Some(NOW + 9 * DAY));
    assert!(!horizon.is_warned_of());
}

#[test]
fn an_end_that_is_taken_back_is_not_shown_any_longer() {
    for later in [None, Some(NOW + 9 * DAY)] {
        let mut horizon = Horizon::default();
        horizon.learn(Some(NOW + DAY));
        horizon.learn(Some(NOW + DAY));
        assert!(horizon.learn(later));
        assert_eq!(horizon.end(), None);
    }
}

#[test]
fn the_server_is_asked_twice_and_then_once_a_day() {
    let mut horizon = Horizon::default();
    let asked: Vec<u32> = (0..60).filter(|hour| horizon.take_question(HOUR * *hour)).collect();
    assert_eq!(asked, [0, 1, 25, 49]);
}

#[test]
fn the_person_is_warned_once_the_day_before() {
    let mut horizon = Horizon::default();
    horizon.learn(Some(NOW + 3 * DAY));
    assert!(!horizon.take_warning(NOW + 3 * DAY), "it may be an end that moves");
    horizon.learn(Some(NOW + 3 * DAY));
    assert_eq!(horizon.wake_at(), Some(NOW + 2 * DAY));
    assert!(!horizon.take_warning(NOW + 2 * DAY - HOUR));
    assert!(horizon.take_warning(NOW + 2 * DAY));
    assert!(!horizon.take_warning(NOW + 2 * DAY + HOUR));
    assert_eq!(horizon.wake_at(), None);
}

#[test]
fn a_renewal_right_after_the_sign_in_is_no_second_question() {
    let mut horizon = Horizon::default();
    let asked: Vec<u32> = (0..60).filter(|minute| horizon.take_question(Duration::from_secs(60) * *minute)).collect();
    assert_eq!(asked, [0, 10]);
}
