//! What requests are to meet, and the queue in which that waits.

use std::collections::VecDeque;

use super::{Fate, Point};
use crate::hold::Barrier;

/// What one request is to meet.
pub(super) enum Order {
    Hold(Point, Barrier),
    Fate(Fate),
}

/// The orders that wait, each with the end of the path that it is for.
#[derive(Default)]
pub(super) struct Orders {
    once: VecDeque<(String, Order)>,
    always: Vec<(String, Fate)>,
}

impl Orders {
    pub(super) fn once(&mut self, path: &str, order: Order) {
        self.once.push_back((path.to_owned(), order));
    }

    pub(super) fn always(&mut self, path: &str, fate: Fate) {
        self.always.retain(|(of, _)| of != path);
        self.always.push((path.to_owned(), fate));
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What the request with this path meets.
    pub(super) fn next(&mut self, path: &str) -> Option<Order> {
        if let Some(at) = self.once.iter().position(|(of, _)| path.ends_with(of.as_str())) {
            return self.once.remove(at).map(|(_, order)| order);
        }
        let always = self.always.iter().find(|(of, _)| path.ends_with(of.as_str()));
        always.map(|(_, fate)| Order::Fate(fate.clone()))
    }
}
