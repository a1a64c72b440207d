//! The org: as many token requests a minute as its limit says, and half an hour on Wednesday none.

use std::time::Duration;

use gatepass_oidc::Error as OidcError;

use crate::chance::Chance;
use crate::scenario::{MINUTE, OUTAGE, Outage, SECOND, Scenario};

/// What comes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Granted,
    /// 429, with the seconds to the reset of the limit.
    OverLimit(i64),
    /// 503.
    Down,
    /// The request went out and nothing came.
    Silent,
    /// No connection.
    Unconnected,
}

impl Verdict {
    /// As the protocol reports it; `None` for tokens.
    pub fn error(self) -> Option<OidcError> {
        Some(match self {
            Self::Granted => return None,
            Self::OverLimit(seconds) => {
                let seconds = Duration::from_secs(seconds.unsigned_abs());
                OidcError::Busy { retry_after: Some(seconds), status: 429 }
            }
            Self::Down => OidcError::Busy { retry_after: None, status: 503 },
            Self::Silent => OidcError::Unreachable { reason: String::new(), may_have_arrived: true },
            Self::Unconnected => OidcError::Unreachable { reason: String::new(), may_have_arrived: false },
        })
    }
}

/// The token endpoint of one org.
pub struct Server {
    limit: u32,
    outage: Outage,
    minute: i64,
    used: u32,
    chance: Chance,
}

impl Server {
    pub fn new(scenario: &Scenario) -> Self {
        let chance = Chance::of(scenario.seed, u64::MAX, 0);
        Self { limit: scenario.limit(), outage: scenario.outage, minute: 0, used: 0, chance }
    }

    /// Answers a request, and says how long that takes.
    pub fn ask(&mut self, now: i64) -> (Verdict, i64) {
        if OUTAGE.contains(&now) {
            return match self.outage {
                // The program waits 25 seconds for an answer, and 20 for a connection.
                Outage::Answers if self.chance.percent(50) => (Verdict::Silent, 25 * SECOND),
                Outage::Answers => (Verdict::Down, 200),
                Outage::NoConnection => (Verdict::Unconnected, 20 * SECOND),
            };
        }
        // Okta counts by the minute of the clock and tells when it begins anew (`X-Rate-Limit-Reset`).
        if now.div_euclid(MINUTE) != self.minute {
            (self.minute, self.used) = (now.div_euclid(MINUTE), 0);
        }
        if self.used == self.limit {
            let reset = (self.minute + 1) * MINUTE;
            // `Date` is in whole seconds.
            return (Verdict::OverLimit((reset - now.div_euclid(SECOND) * SECOND) / SECOND), 100);
        }
        self.used += 1;
        (Verdict::Granted, 200)
    }
}
