//! When something is due, by a clock that may be set.

use std::time::Duration;

use gatepass_oidc::Timestamp;

/// An instant at which something is due, and how far away it was when it was set.
///
/// The distance is kept because a clock can be set back: a retry in ten seconds must not become one in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deadline {
    pub(super) at: Timestamp,
    distance: Duration,
}

impl Deadline {
    /// `distance` after `from`.
    pub(super) fn after(from: Timestamp, distance: Duration) -> Self {
        Self { at: from + distance, distance }
    }

    /// When it was set.
    pub(super) fn set_at(self) -> Timestamp {
        self.at - self.distance
    }

    /// Whether it has come.
    pub(super) fn is_due(self, now: Timestamp) -> bool {
        self.at <= now
    }

    /// Brings it back to within its distance of `now`.
    pub(super) fn clamp(&mut self, now: Timestamp) {
        self.at = self.at.min(now + self.distance);
    }
}
