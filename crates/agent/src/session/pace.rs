//! When to renew, and when to try again: pure functions of a token's life, of what went wrong how often, and of chance.
//! They know no session and no clock; all they say are distances in time.
//!
//! A company has thousands of these programs, and what its people do together (open a laptop at nine, and again after
//! lunch) its programs must not repeat together an hour later. So chance is not an ornament here: it is what keeps a
//! fleet under its org's rate limit, and `script/bench fleet` is where these numbers were found and can be checked.

use std::time::Duration;

use gatepass_oidc::Error as OidcError;

use super::Jitter;

/// A token that came less than this long ago is not renewed for anybody's sake but a person's: a server whose tokens
/// live shorter than somebody wants them to must not be asked over and over.
pub(super) const BRAND_NEW: Duration = Duration::from_secs(5);

/// A renewal that comes later than this was slept over.
const SLEPT_OVER: Duration = Duration::from_secs(60);

/// How often a token is renewed that does not say how long it lives.
pub(super) const UNKNOWN_LIFE: Duration = Duration::from_secs(30 * 60);

const MINUTE: Duration = Duration::from_secs(60);
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// The slowest tries that disturb nobody.
pub(super) const LAST_LOCAL_RETRY: Duration = Duration::from_secs(5 * 60);
/// No one is kept waiting longer by chance.
const WIDEST_SPREAD: Duration = Duration::from_secs(30 * 60);
const NETWORK_SPREAD: Duration = Duration::from_secs(3);
const FIRST_BLOCKED_RETRY: Duration = Duration::from_secs(15 * 60);
const LAST_BLOCKED_RETRY: Duration = Duration::from_secs(4 * 60 * 60);

/// How long after its receipt a token is renewed that came in its turn: between three and four fifths of its life, so
/// that a fifth is left for whatever may go wrong.
pub(super) fn renewal(life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    let (life, latest) = match life {
        Some(life) => (life, life * 4 / 5),
        None => (UNKNOWN_LIFE, UNKNOWN_LIFE),
    };
    latest.saturating_sub(jitter.up_to(life / 5)).max(BRAND_NEW)
}

/// How long after its receipt a token is renewed that did not come in its turn: after a sign-in, a start, a sleep, an
/// outage. Many got theirs together with this one, so from here on it goes by a time of its own: anywhere between two
/// renewals, as if it had been at it for ever. A fleet that does this has no echo of whatever brought it together.
pub(super) fn first_renewal(life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    let distance = renewal(life, jitter);
    let earliest = (life.unwrap_or(UNKNOWN_LIFE) / 6).max(MINUTE);
    distance - jitter.up_to(distance.saturating_sub(earliest))
}

/// How long a renewal is put off that is late by `late`, where `left` is left of the token in hand and tokens live for
/// `life`. Late is what the machine slept over: people open their laptops together, and those whose tokens are good for
/// a while yet need not ask together with those whose tokens are not. A sixth of what is left stays for whatever may go
/// wrong.
pub(super) fn turn(late: Duration, left: Duration, life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    let ends_soon = left <= life.unwrap_or(UNKNOWN_LIFE) / 12;
    if is_in_turn(late) || ends_soon { Duration::ZERO } else { left * 5 / 6 - jitter.up_to(left / 3) }
}

/// Whether a renewal that is late by `late` is still in its turn.
pub(super) fn is_in_turn(late: Duration) -> bool {
    late <= SLEPT_OVER
}

/// How long after a failure that passes by itself the next try is made, where `n_setbacks` others came before it in a
/// row and tokens live for `life`.
///
/// Trouble on this machine's way to the server is looked after soon and often: nobody is disturbed by it. The server's
/// own trouble is everyone's: after two quick tries, for what passes in a moment, the next ones are spread so widely
/// that all who wait for the server together ask for no more than it can give when it is back.
pub(super) fn retry(error: &OidcError, n_setbacks: u32, life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    let widest = (life.unwrap_or(UNKNOWN_LIFE) * 3 / 8).clamp(MINUTE, WIDEST_SPREAD);
    match error {
        // As long as the server asks, within what a refusal would mean; then not everyone in the same moment, and more
        // thinly where there was no place again and again.
        OidcError::Busy { retry_after: Some(asked), .. } => {
            let spread = if n_setbacks < 5 { widest / 2 } else { widest };
            (*asked).clamp(FIRST_RETRY, LAST_BLOCKED_RETRY) + jitter.up_to(spread)
        }
        // Status 511 is a network's own way to say that it wants a sign-in first (RFC 6585 section 6).
        OidcError::Busy { status: ..=510 | 512.., .. } | OidcError::Unreachable { may_have_arrived: true, .. } => {
            let (latest, spread) = match n_setbacks {
                0 => (2 * FIRST_RETRY, FIRST_RETRY),
                1 => (20 * FIRST_RETRY, 10 * FIRST_RETRY),
                2 => (widest, widest * 5 / 6),
                _ => (widest, widest / 4),
            };
            latest - jitter.up_to(spread)
        }
        OidcError::Busy { .. }
        | OidcError::Unreachable { .. }
        | OidcError::Obstructed { .. }
        | OidcError::Nonconforming { .. }
        | OidcError::Untrusted(_)
        | OidcError::Refused { .. } => {
            let delay = doubled(FIRST_RETRY, n_setbacks, LAST_LOCAL_RETRY);
            delay - jitter.up_to(delay / 2)
        }
    }
}

/// How long after a change of network a try is made that only waits for a way to the server: soon, and not with all others
/// at once.
pub(super) fn retry_on_another_network(jitter: &mut Jitter) -> Duration {
    jitter.up_to(NETWORK_SPREAD)
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
