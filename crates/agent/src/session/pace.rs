//! When to renew, and when to try again: pure functions of a token's life, of what went wrong how often, and of chance.
//! They know no session and no clock; all they say are distances in time.

use std::time::Duration;

use gatepass_oidc::Error as OidcError;

use super::Jitter;

/// A token that came less than this long ago is not renewed for anybody's sake but a person's: a server whose tokens
/// live shorter than somebody wants them to must not be asked over and over.
pub(super) const BRAND_NEW: Duration = Duration::from_secs(5);

/// How often a token is renewed that does not say how long it lives.
const UNKNOWN_LIFE: Duration = Duration::from_secs(30 * 60);

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(5 * 60);
const FIRST_BLOCKED_RETRY: Duration = Duration::from_secs(15 * 60);
const LAST_BLOCKED_RETRY: Duration = Duration::from_secs(4 * 60 * 60);

/// How long after its receipt a token is renewed: at four fifths of its life, never later, and a little earlier each
/// time.
pub(super) fn renewal(life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    let (life, latest) = match life {
        Some(life) => (life, life * 4 / 5),
        None => (UNKNOWN_LIFE, UNKNOWN_LIFE),
    };
    latest.saturating_sub(jitter.up_to(life / 20)).max(BRAND_NEW)
}

/// How long after a failure that passes by itself the next try is made, where `n_setbacks` others came before it in a
/// row.
pub(super) fn retry(error: &OidcError, n_setbacks: u32, jitter: &mut Jitter) -> Duration {
    let delay = doubled(FIRST_RETRY, n_setbacks, LAST_RETRY);
    let delay = delay - jitter.up_to(delay / 4);
    match error {
        // As long as the server asks, within what a refusal would mean.
        OidcError::Busy { retry_after: Some(asked), .. } => delay.max((*asked).min(LAST_BLOCKED_RETRY)),
        _ => delay,
    }
}

/// How long after a refusal that only an admin can lift it is tried whether somebody has, where `n_refusals` others
/// came before it in a row.
pub(super) fn retry_when_blocked(n_refusals: u32, jitter: &mut Jitter) -> Duration {
    let delay = doubled(FIRST_BLOCKED_RETRY, n_refusals, LAST_BLOCKED_RETRY);
    delay - jitter.up_to(delay / 20)
}

/// `first`, doubled `n` times, at most `last`.
fn doubled(first: Duration, n: u32, last: Duration) -> Duration {
    (first * (1 << n.min(16))).min(last)
}

#[cfg(test)]
mod tests;
