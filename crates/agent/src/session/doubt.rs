//! The doubt that a lost answer leaves. Under rotation a server that answered has spent the refresh token, and ends the
//! whole session if a spent one comes again outside its grace period. A client cannot learn how long that is; Okta's
//! default is 30 seconds.
//!
//! So a refresh whose answer was lost is asked for again at once and for 30 seconds. After that the refresh token rests
//! while there is an access token to live on, and is then tried once more: if that answers, it decides, and if that
//! answer is lost as well, there is nothing left to lose by asking.

use std::time::Duration;

use gatepass_oidc::Timestamp;

use super::Past;

/// For how long asking again is safe, from the first sending.
const SAFE: Duration = Duration::from_secs(30);

/// For how long a refresh token rests at most: well within the time after which a server forgets one that is not used (7
/// days, by Okta's default).
const LONGEST_REST: Duration = Duration::from_secs(3 * 24 * 3600);

/// Before each time of asking again.
const PAUSES: [Duration; 5] =
    [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// The same where the failure is a server's own word: a gateway in trouble has it with everybody, and everybody asks
/// again. After these it is left alone.
const PAUSES_OF_A_BUSY_SERVER: [Duration; 3] = [Duration::ZERO, Duration::from_secs(5), Duration::from_secs(12)];

/// It is not known whether the refresh token that is held was spent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    /// When the first request left whose answer was lost.
    since: Timestamp,
    n_again: usize,
    /// It cannot be told how long ago that was.
    has_lost_time: bool,
    /// It was tried outside the safe time, and that answer was lost too.
    has_tried: bool,
}

impl Doubt {
    pub(super) fn since(sent_at: Timestamp) -> Self {
        Self { since: sent_at, n_again: 0, has_lost_time: false, has_tried: false }
    }

    /// The doubt about a refresh token with this past. One that was sent in the future was sent by another clock; one of
    /// which nothing can be read may have been sent at any time.
    pub(super) fn of(past: Past, now: Timestamp) -> Option<Self> {
        match past {
            Past::Sent { at } => Some(Self { has_lost_time: at > now, ..Self::since(at) }),
            Past::Unknown => Some(Self { has_lost_time: true, ..Self::since(now) }),
            Past::Unused | Past::Spent | Past::Ended => None,
        }
    }

    /// The answer to the one try outside the safe time was lost.
    pub(super) fn note_last_resort(&mut self) {
        self.has_tried = true;
    }

    /// Whether a refresh token that was spent in the meantime would still be good at `now`.
    pub(super) fn is_safe(&self, now: Timestamp) -> bool {
        !self.has_lost_time && self.since <= now && now < self.safe_until()
    }

    /// The end of the safe time.
    pub(super) fn safe_until(&self) -> Timestamp {
        self.since + SAFE
    }

    /// Until when the refresh token is better left alone, if at `now` it is, as long as that costs nothing.
    pub(super) fn rests_until(&self, now: Timestamp) -> Option<Timestamp> {
        (!self.is_safe(now) && !self.has_tried).then_some(self.since + LONGEST_REST)
    }

    /// Whether asking again can make nothing worse.
    pub(super) fn has_tried(&self) -> bool {
        self.has_tried
    }

    /// How long to wait before asking again within the safe time, after an answer that did not come or, `is_busy`, one
    /// that says that the server has trouble.
    pub(super) fn next_pause(&mut self, now: Timestamp, is_busy: bool) -> Duration {
        let pause = if is_busy {
            let left = self.safe_until().since(now);
            // After a hang there is little time left, and what is planned must come within it. The last pause outlasts
            // it, also where a quarter is left out.
            PAUSES_OF_A_BUSY_SERVER.get(self.n_again).map_or(SAFE, |pause| (*pause).min(left / 2))
        } else {
            PAUSES[self.n_again.min(PAUSES.len() - 1)]
        };
        self.n_again += 1;
        pause
    }

    /// The clock went back, and an unknown part of the safe time with it.
    pub(super) fn lose_time(&mut self) {
        self.has_lost_time = true;
    }
}
