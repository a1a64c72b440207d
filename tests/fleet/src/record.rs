//! What is written down of a week, and what is read from it.

use crate::scenario::{DAY, DAYS, MINUTE, OUTAGE, Scenario, is_quiet};
use crate::server::Verdict;

/// Requests of one minute, by what came of them.
#[derive(Clone, Copy, Default)]
pub struct Minute {
    pub granted: u32,
    /// 429.
    pub refused: u32,
    /// Neither: the issuer did not work.
    pub failed: u32,
    /// Those of all that were the first try.
    pub first_tries: u32,
}

impl Minute {
    pub fn all(self) -> u32 {
        self.granted + self.refused + self.failed
    }
}

/// A week.
pub struct Record {
    pub limit: u32,
    pub minutes: Vec<Minute>,
    pub n_lost: usize,
    pub n_waiting_at_the_end: usize,
    /// When each of those was renewed whose renewal had failed in the outage.
    renewed_after_outage: Vec<i64>,
    without_token: i64,
    began_after_wake: i64,
    n_desktops: u32,
}

impl Record {
    pub fn new(scenario: &Scenario) -> Self {
        let n_minutes = usize::try_from(DAYS * DAY / MINUTE).unwrap_or(0);
        Self {
            limit: scenario.limit(),
            minutes: vec![Minute::default(); n_minutes],
            n_lost: 0,
            n_waiting_at_the_end: 0,
            renewed_after_outage: Vec::new(),
            without_token: 0,
            began_after_wake: 0,
            n_desktops: scenario.desktops,
        }
    }

    pub fn asked(&mut self, now: i64, verdict: Verdict, is_another_try: bool) {
        let Some(minute) = usize::try_from(now / MINUTE).ok().and_then(|n| self.minutes.get_mut(n)) else { return };
        match verdict {
            Verdict::Granted => minute.granted += 1,
            Verdict::OverLimit(_) => minute.refused += 1,
            Verdict::Down | Verdict::Silent | Verdict::Unconnected => minute.failed += 1,
        }
        minute.first_tries += u32::from(!is_another_try);
    }

    /// Somebody had no token for so long, with the lid open.
    pub fn without_token(&mut self, millis: i64) {
        self.without_token += millis.max(0);
    }

    /// A renewal began so long after the lid was opened on a token that had ended.
    pub fn began_after_wake(&mut self, millis: i64) {
        self.began_after_wake = self.began_after_wake.max(millis);
    }

    pub fn renewed_after_outage(&mut self, now: i64) {
        self.renewed_after_outage.push(now);
    }

    /// Requests a minute in the quiet hours: the mean, and the most.
    pub fn quiet(&self) -> (f64, u32) {
        let quiet = || self.during(is_quiet).map(Minute::all);
        (f64::from(quiet().sum::<u32>()) / quiet().count() as f64, quiet().max().unwrap_or(0))
    }

    /// The most requests in a minute, outage or not.
    pub fn peak(&self) -> u32 {
        self.minutes.iter().map(|minute| minute.all()).max().unwrap_or(0)
    }

    /// The share of all requests that were refused for the limit.
    pub fn refused(&self) -> f64 {
        share_refused(&self.minutes)
    }

    /// The same of the worst ten minutes in a row.
    pub fn refused_at_worst(&self) -> f64 {
        self.minutes.windows(10).map(share_refused).fold(0.0, f64::max)
    }

    /// The same of the worst ten minutes of these.
    pub fn refused_at_worst_during(&self, is_in: impl Fn(i64) -> bool) -> f64 {
        let windows = self.minutes.windows(10).enumerate().filter(|(n, _)| is_in(*n as i64 * MINUTE));
        windows.map(|(_, window)| share_refused(window)).fold(0.0, f64::max)
    }

    /// How many renewals failed in the outage, and how long after its end the last of those sessions was renewed.
    pub fn recovery(&self) -> (usize, i64) {
        let last = self.renewed_after_outage.iter().max().copied().unwrap_or(OUTAGE.end);
        (self.renewed_after_outage.len(), last - OUTAGE.end)
    }

    /// How long that takes at the least, where the limit has to serve those as well who come due meanwhile: the first
    /// minutes whose places suffice for both.
    pub fn least_recovery(&self) -> i64 {
        let first = usize::try_from(OUTAGE.end / MINUTE).unwrap_or(0);
        let after = self.renewed_after_outage.iter().filter(|at| **at >= OUTAGE.end + 1000).count();
        let mut due = f64::from(u32::try_from(after).unwrap_or(u32::MAX));
        for (n, minute) in self.minutes[first..].iter().enumerate() {
            let come_due = f64::from(minute.first_tries);
            if due + come_due <= f64::from(self.limit) {
                let share = due / (f64::from(self.limit) - come_due);
                return ((n as f64 + share) * MINUTE as f64) as i64;
            }
            due += come_due - f64::from(self.limit);
        }
        0
    }

    /// Seconds that a person spent without a good token over the week, with the lid open.
    pub fn seconds_without_token(&self) -> f64 {
        self.without_token as f64 / 1000.0 / f64::from(self.n_desktops)
    }

    /// The longest that a renewal took to begin after the lid was opened on a token that had ended.
    pub fn longest_after_wake(&self) -> i64 {
        self.began_after_wake
    }

    fn during(&self, is_in: impl Fn(i64) -> bool) -> impl Iterator<Item = Minute> {
        self.minutes.iter().enumerate().filter(move |(n, _)| is_in(*n as i64 * MINUTE)).map(|(_, minute)| *minute)
    }
}

fn share_refused(minutes: &[Minute]) -> f64 {
    let all: u32 = minutes.iter().map(|minute| minute.all()).sum();
    let refused: u32 = minutes.iter().map(|minute| minute.refused).sum();
    if all == 0 { 0.0 } else { f64::from(refused) / f64::from(all) }
}
