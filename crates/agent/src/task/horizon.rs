//! The end of a session that no renewal puts off, as far as its server tells.
//!
//! A server that is asked about a refresh token names an end (RFC 7662), and does not say which: the one that comes if
//! the token is not used for a while, or the one that comes in any case. Only the second is worth telling a person, and
//! it is known by not having moved when a renewal lies between two answers.

use std::time::Duration;

use gatepass_oidc::Timestamp;

/// Between the first two questions: an end that each use puts off must have moved by more than two answers about the same
/// end may differ.
const APART: Duration = Duration::from_secs(10 * 60);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Two answers that differ by less name the same end.
const SAME: Duration = Duration::from_secs(60);

/// What is known of the end.
#[derive(Debug, Default)]
pub(crate) struct Horizon {
    n_asked: u32,
    /// In boot time.
    asked_at: Option<Duration>,
    /// The end that was named last.
    named: Option<Timestamp>,
    end: Option<Timestamp>,
    is_told: bool,
}

impl Horizon {
    /// The end that no renewal puts off, where it is known; by the issuer's time.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        self.end
    }

    /// Whether the server is to be asked, now that new tokens came: twice, some time apart, and then once a day.
    pub(crate) fn take_question(&mut self, boot: Duration) -> bool {
        let distance = if self.n_asked >= 2 { DAY } else { APART };
        if self.asked_at.is_some_and(|asked_at| boot.saturating_sub(asked_at) < distance) {
            return false;
        }
        self.n_asked = self.n_asked.saturating_add(1);
        self.asked_at = Some(boot);
        true
    }

    /// Takes an answer; whether more or less is known than before.
    pub(crate) fn learn(&mut self, named: Option<Timestamp>) -> bool {
        let before = self.named.take();
        self.named = named;
        let is_same = |(a, b): &(Timestamp, Timestamp)| a.since(*b).max(b.since(*a)) < SAME;
        let end = named.zip(before).filter(is_same).map(|(named, _)| named);
        let is_news = match (end, self.end) {
            (Some(end), Some(known)) => !is_same(&(end, known)),
            (end, known) => end != known,
        };
        if is_news {
            self.end = end;
            self.is_told = false;
        }
        is_news
    }

    /// When the person is to be warned, if that is still to come.
    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        self.end.filter(|_| !self.is_told).map(|end| end - DAY)
    }

    /// Whether the person was warned of this end.
    pub(crate) fn is_warned_of(&self) -> bool {
        self.end.is_some() && self.is_told
    }

    /// Whether the person is to be warned now.
    pub(crate) fn take_warning(&mut self, now: Timestamp) -> bool {
        let is_due = self.wake_at().is_some_and(|at| at <= now);
        self.is_told |= is_due;
        is_due
    }
}

#[cfg(test)]
mod tests;
