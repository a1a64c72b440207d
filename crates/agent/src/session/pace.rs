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
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// The slowest tries that disturb nobody.
const LAST_LOCAL_RETRY: Duration = Duration::from_secs(5 * 60);
/// How often a server in trouble is asked soon, before it is asked seldom.
pub(super) const SOON_TRIES: u32 = 2;
/// No one is kept waiting longer by chance.
const WIDEST_SPREAD: Duration = Duration::from_secs(30 * 60);
const NETWORK_SPREAD: Duration = Duration::from_secs(3);
const FIRST_BLOCKED_RETRY: Duration = Duration::from_secs(15 * 60);
const LAST_BLOCKED_RETRY: Duration = Duration::from_secs(4 * 60 * 60);

/// How long after its receipt a token is renewed at the latest while the machine is awake: after four fifths of its life,
/// so that a fifth is left for whatever may go wrong, and at least about once a day however long it lives. Okta lets a
/// refresh token lapse that was not used for a while, seven days if no admin made it less.
pub(super) fn latest(life: Option<Duration>) -> Duration {
    life.map_or(UNKNOWN_LIFE, |life| life * 4 / 5).clamp(BRAND_NEW, DAY)
}

/// How long after its receipt a token is renewed that came in its turn: in the last quarter of the time until it has to
/// be, which is between three and four fifths of its life.
pub(super) fn renewal(life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    let latest = latest(life);
    (latest - jitter.up_to(latest / 4)).max(BRAND_NEW)
}

/// How long after its receipt a token is renewed that did not come in its turn: after a sign-in, a start, a sleep, an
/// outage. Many got theirs together with this one, so from here on it goes by a time of its own: anywhere between two
/// renewals, as if it had been at it for ever. A fleet that does this has no echo of whatever brought it together.
pub(super) fn first_renewal(life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    let distance = renewal(life, jitter);
    let earliest = (latest(life) / 5).max(MINUTE);
    distance - jitter.up_to(distance.saturating_sub(earliest))
}

/// How long a renewal is put off that is late by `late`, where the token in hand came `age` ago and tokens live for `life`.
/// Late is what the machine slept over: people open their laptops together. A token that should have been renewed by now
/// at the latest is renewed at once, for somebody who has just come back wants to work. The others are good for a while
/// yet, and wait until those are through: into the second half of what is left, of which a sixth stays for whatever may go
/// wrong.
pub(super) fn turn(late: Duration, age: Duration, life: Option<Duration>, jitter: &mut Jitter) -> Duration {
    if is_in_turn(late) || is_overdue(age, life) {
        return Duration::ZERO;
    }
    let longest = (life.unwrap_or(UNKNOWN_LIFE).saturating_sub(age) * 5 / 6).min(DAY.saturating_sub(age));
    longest - jitter.up_to(longest * 2 / 5)
}

/// Whether a token that came `age` ago should have been renewed by now, whatever was planned.
pub(super) fn is_overdue(age: Duration, life: Option<Duration>) -> bool {
    age >= latest(life)
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
            let spread = if n_setbacks < 5 { widest * 3 / 4 } else { widest };
            (*asked).clamp(FIRST_RETRY, LAST_BLOCKED_RETRY) + jitter.up_to(spread)
        }
        // Status 511 is a network's own way to say that it wants a sign-in first (RFC 6585 section 6).
        OidcError::Busy { status: ..=510 | 512.., .. } | OidcError::Unreachable { may_have_arrived: true, .. } => {
            let (latest, spread) = match n_setbacks {
                0 => (2 * FIRST_RETRY, FIRST_RETRY),
                1 => (20 * FIRST_RETRY, 10 * FIRST_RETRY),
                SOON_TRIES => (widest, widest * 5 / 6),
                _ => (widest, widest / 4),
            };
            latest - jitter.up_to(spread)
        }
        OidcError::Busy { .. }
        | OidcError::Unreachable { .. }
        | OidcError::Obstructed { .. }
        | OidcError::Nonconforming { .. }
        | OidcError::Untrusted(_)
        | OidcError::Refused { .. } => retry_here(n_setbacks, jitter),
    }
}

/// The same after trouble on this machine or on its way to the server.
pub(super) fn retry_here(n_setbacks: u32, jitter: &mut Jitter) -> Duration {
    let delay = doubled(FIRST_RETRY, n_setbacks, LAST_LOCAL_RETRY);
    delay - jitter.up_to(delay / 2)
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
