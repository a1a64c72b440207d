//! When each seat has something to do. It owns the order in which they come due, so that one timer serves them all and
//! a wake costs what is due rather than what there is.

use std::collections::BTreeSet;

use tokio::time::Instant;

/// The seats that have something to do some time, by when. Instants are the timer's, which a suspended machine stops:
/// whoever keeps this looks at every seat now and then.
#[derive(Debug, Default)]
pub(super) struct Due {
    order: BTreeSet<(Instant, usize)>,
    /// By seat.
    at: Vec<Option<Instant>>,
}

impl Due {
    /// The seat has something to do then, or not before something from outside happens to it.
    pub(super) fn set(&mut self, seat: usize, at: Option<Instant>) {
        if self.at.len() <= seat {
            self.at.resize(seat + 1, None);
        }
        if let Some(before) = std::mem::replace(&mut self.at[seat], at) {
            self.order.remove(&(before, seat));
        }
        if let Some(at) = at {
            self.order.insert((at, seat));
        }
    }

    /// When the first of them is due.
    pub(super) fn first(&self) -> Option<Instant> {
        self.order.first().map(|(at, _)| *at)
    }

    /// Those that are due, the longest overdue first. Each is to be [`Self::set`] again.
    pub(super) fn take(&mut self, now: Instant) -> Vec<usize> {
        let mut due = Vec::new();
        while let Some((at, seat)) = self.order.pop_first() {
            if at > now {
                self.order.insert((at, seat));
                break;
            }
            self.at[seat] = None;
            due.push(seat);
        }
        due
    }
}

#[cfg(test)]
mod tests;
