use std::time::Duration;

use gatepass_oidc::Error as OidcError;

use super::{renewal, retry, retry_when_blocked};
use crate::session::Jitter;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn unreachable() -> OidcError {
    OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false }
}

#[test]
fn renewal_is_at_four_fifths_of_life() {
    for (life, expected) in [(Some(3600), 2880), (Some(120), 96), (Some(86_400), 69_120), (Some(2), 5), (None, 1800)] {
        assert_eq!(renewal(life.map(secs), &mut Jitter::none()), secs(expected), "{life:?}");
    }
}

#[test]
fn retries_come_ever_more_slowly_up_to_five_minutes() {
    for (n, expected) in [(0, 1), (1, 2), (8, 256), (9, 300), (u32::MAX, 300)] {
        assert_eq!(retry(&unreachable(), n, &mut Jitter::none()), secs(expected), "{n}");
    }
}

#[test]
fn a_refusal_is_tried_again_after_a_quarter_of_an_hour_and_up_to_four_hours() {
    for (n, expected) in [(0, 15), (1, 30), (4, 240), (5, 240), (u32::MAX, 240)] {
        assert_eq!(retry_when_blocked(n, &mut Jitter::none()), secs(expected * 60), "{n}");
    }
}
