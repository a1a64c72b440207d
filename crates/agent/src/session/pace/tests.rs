use std::time::Duration;

use gatepass_oidc::{Check, Error as OidcError, Obstacle};

use super::{first_renewal, is_in_turn, latest, renewal, retry, retry_when_blocked, turn};
use crate::session::Jitter;

const HOUR: Option<Duration> = Some(Duration::from_secs(3600));

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What chance makes of it: the least and the most of many draws, in seconds rounded down and up.
fn range(draw: impl Fn(&mut Jitter) -> Duration) -> (u64, u64) {
    let drawn: Vec<Duration> = (0..4000).map(|seed| draw(&mut Jitter::seeded(seed))).collect();
    let (least, most) = (drawn.iter().min().unwrap(), drawn.iter().max().unwrap());
    (least.as_secs(), most.as_secs() + u64::from(most.subsec_nanos() > 0))
}

fn is_within((least, most): (u64, u64), (from, to): (u64, u64)) -> bool {
    let slack = (to - from) / 50 + 1;
    (from..=from + slack).contains(&least) && (to.saturating_sub(slack)..=to).contains(&most)
}

fn overloaded() -> OidcError {
    OidcError::Busy { retry_after: None, status: 503 }
}

fn silent() -> OidcError {
    OidcError::Unreachable { reason: "no answer".into(), may_have_arrived: true }
}

fn on_the_way() -> [OidcError; 5] {
    [
        OidcError::Busy { retry_after: None, status: 511 },
        OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false },
        OidcError::Obstructed { by: Obstacle::WebPage, reason: "a web page".into() },
        OidcError::Nonconforming { what: "HTML".into() },
        OidcError::Untrusted(Check::Nonce),
    ]
}

fn over_limit(reset: u64) -> OidcError {
    OidcError::Busy { retry_after: Some(secs(reset)), status: 429 }
}

#[test]
fn renewal_is_between_three_and_four_fifths_of_life() {
    for (life, from, to) in [(Some(3600), 2160, 2880), (Some(120), 72, 96), (Some(86_400), 51_840, 69_120)] {
        let renewal_of = |jitter: &mut Jitter| renewal(life.map(secs), jitter);
        assert!(is_within(range(renewal_of), (from, to)), "{life:?}: {:?}", range(renewal_of));
        assert_eq!(renewal(life.map(secs), &mut Jitter::none()), secs(to));
    }
    let unknown = range(|jitter| renewal(None, jitter));
    assert!(is_within(unknown, (1350, 1800)), "{unknown:?}");
}

#[test]
fn a_life_that_is_too_short_to_be_divided_is_renewed_after_five_seconds() {
    for life in [0, 1, 5, 6] {
        assert_eq!(renewal(Some(secs(life)), &mut Jitter::seeded(1)), secs(5), "{life}");
        assert_eq!(first_renewal(Some(secs(life)), &mut Jitter::seeded(1)), secs(5), "{life}");
    }
}

#[test]
fn the_first_renewal_is_anywhere_after_a_fifth_of_the_time_that_there_is_and_a_minute() {
    let first = range(|jitter| first_renewal(HOUR, jitter));
    assert!(is_within(first, (576, 2880)), "{first:?}");
    // The demo's tokens live for two minutes.
    let first = range(|jitter| first_renewal(Some(secs(120)), jitter));
    assert!(is_within(first, (60, 96)), "{first:?}");
    let first = range(|jitter| first_renewal(Some(secs(60)), jitter));
    assert!(is_within(first, (36, 48)), "{first:?}");
}

#[test]
fn only_what_was_slept_over_and_is_not_late_for_the_token_is_put_off() {
    let put_off = |late, age| range(move |jitter| turn(secs(late), secs(age), HOUR, jitter));
    assert_eq!(put_off(60, 2400), (0, 0));
    assert_eq!(put_off(600, 2880), (0, 0));
    assert_eq!(put_off(36_000, 40_000), (0, 0));
    assert!(is_within(put_off(61, 2400), (600, 1000)), "{:?}", put_off(61, 2400));
    assert_eq!(turn(secs(61), secs(2880), HOUR, &mut Jitter::none()), Duration::ZERO);
    assert_eq!(turn(secs(61), secs(2879), HOUR, &mut Jitter::none()), secs(721) * 5 / 6);
    assert_eq!(turn(secs(3600), secs(1500), None, &mut Jitter::none()), secs(250));
    assert!(is_in_turn(secs(60)) && !is_in_turn(secs(61)));
}

#[test]
fn a_refresh_token_is_used_about_once_a_day_however_long_access_tokens_live() {
    const DAY: u64 = 24 * 3600;
    for days in [2, 7, 365, 36_500] {
        let life = Some(secs(days * DAY));
        assert_eq!(latest(life), secs(DAY), "{days}");
        let in_turn = range(|jitter| renewal(life, jitter));
        assert!(is_within(in_turn, (DAY * 3 / 4, DAY)), "{days}: {in_turn:?}");
        let first = range(|jitter| first_renewal(life, jitter));
        assert!(is_within(first, (DAY / 5, DAY)), "{days}: {first:?}");
        // Slept over, and with days of life left: still within the day.
        let put_off = range(|jitter| turn(secs(3600), secs(DAY * 9 / 10), life, jitter));
        assert!(is_within(put_off, (DAY * 6 / 100, DAY / 10)), "{days}: {put_off:?}");
        assert_eq!(turn(secs(3600), secs(DAY), life, &mut Jitter::none()), Duration::ZERO, "{days}");
    }
}

#[test]
fn trouble_on_the_way_is_looked_after_ever_more_slowly_up_to_five_minutes() {
    for error in on_the_way() {
        for (n, to) in [(0, 1), (1, 2), (4, 16), (8, 256), (9, 300), (u32::MAX, 300)] {
            assert_eq!(retry(&error, n, HOUR, &mut Jitter::none()), secs(to), "{error} {n}");
            let seen = range(|jitter| retry(&error, n, HOUR, jitter));
            assert!(is_within(seen, (to / 2, to)), "{error} {n}: {seen:?}");
        }
    }
}

#[test]
fn trouble_of_the_servers_is_asked_after_twice_soon_and_then_seldom() {
    for error in [overloaded(), silent()] {
        for (n, from, to) in [(0, 1, 2), (1, 10, 20), (2, 225, 1350), (3, 1012, 1350), (u32::MAX, 1012, 1350)] {
            let seen = range(|jitter| retry(&error, n, HOUR, jitter));
            assert!(is_within(seen, (from, to)), "{error} {n}: {seen:?}");
        }
    }
}

#[test]
fn the_shorter_a_token_lives_the_sooner_the_server_is_asked_again() {
    for (life, widest) in [(None, 675), (Some(24 * 3600), 1800), (Some(600), 225), (Some(60), 60), (Some(0), 60)] {
        let seen = range(|jitter| retry(&overloaded(), 3, life.map(secs), jitter));
        assert!(is_within(seen, (widest * 3 / 4, widest)), "{life:?}: {seen:?}");
    }
}

#[test]
fn who_finds_no_place_comes_after_the_reset_and_more_thinly_each_time() {
    for (n, spread) in [(0, 1012), (4, 1012), (5, 1350), (u32::MAX, 1350)] {
        let seen = range(|jitter| retry(&over_limit(40), n, HOUR, jitter));
        assert!(is_within(seen, (40, 40 + spread)), "{n}: {seen:?}");
    }
    let of_short_life = range(|jitter| retry(&over_limit(40), 5, Some(secs(300)), jitter));
    assert!(is_within(of_short_life, (40, 153)), "{of_short_life:?}");
}

#[test]
fn the_server_may_ask_for_a_second_to_four_hours() {
    for (asked, expected) in [(0, 1), (1, 1), (90, 90), (9000 * 3600, 4 * 3600)] {
        assert_eq!(retry(&over_limit(asked), 0, HOUR, &mut Jitter::none()), secs(expected), "{asked}");
    }
}

#[test]
fn a_refusal_is_tried_again_after_a_quarter_of_an_hour_and_up_to_four_hours() {
    for (n, expected) in [(0, 15), (1, 30), (4, 240), (5, 240), (u32::MAX, 240)] {
        assert_eq!(retry_when_blocked(n, &mut Jitter::none()), secs(expected * 60), "{n}");
    }
}
