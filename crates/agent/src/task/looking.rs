//! What is due, and when: the task's one timer. It owns how long the task may sleep, what it looks at when it wakes, and
//! that a wake costs what is due; what is then done is for the machines to say.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::seat::Seat;
use super::{LONGEST_NAP, SHORTEST_NAP, Task, work};
use crate::CauseKind;
use crate::session::Input;

impl Task {
    /// How long nothing is due.
    pub(super) fn nap(&self) -> Duration {
        let (now, boot) = (Instant::now(), self.edges.times.boot());
        let until = |at: Instant| at.saturating_duration_since(now);
        let due = [self.due.first(), self.watching.due_at()].into_iter().flatten().map(until);
        let noticed = self.notices.due_at().map(|at| at.saturating_sub(boot));
        let erasing = self.unerased.iter().map(|(_, _, again_at)| again_at.saturating_sub(boot));
        let quiet = self.quiet.left(boot);
        let nap = due.chain(erasing).chain(noticed).min().unwrap_or(LONGEST_NAP).max(quiet);
        let telling = self.telling.due_at().map_or(LONGEST_NAP, until);
        nap.min(telling).clamp(SHORTEST_NAP, LONGEST_NAP)
    }

    /// Does whatever is due. Every half minute it asks every machine, since time may not have gone on as it was thought
    /// to.
    pub(super) fn do_what_is_due(&mut self) {
        let now = Instant::now();
        if self.telling.due_at().is_some_and(|at| at <= now) {
            self.tell();
        }
        if self.watching.due_at().is_some_and(|at| at <= now) {
            self.watching.look();
        }
        if now.duration_since(self.looked_at_all) >= LONGEST_NAP {
            return self.look_at_everything();
        }
        if self.is_quiet() {
            return;
        }
        let due = self.due.take(now);
        // What is due may be to ask a server for the time.
        if !due.is_empty() && self.look_at_the_time() {
            return self.look_at_everything();
        }
        for seat in due {
            self.tick(seat);
        }
        self.erase_again_if_due();
        self.tell_what_lasted();
    }

    /// Asks every machine whether there is something to do.
    pub(super) fn look_at_everything(&mut self) {
        self.looked_at_all = Instant::now();
        self.look_at_the_time();
        if self.is_quiet() {
            return;
        }
        for seat in 0..self.seats.len() {
            self.tick(seat);
        }
        self.erase_again_if_due();
        self.tell_what_lasted();
    }

    fn is_quiet(&self) -> bool {
        self.quiet.is_on(self.edges.times.boot())
    }

    fn tick(&mut self, seat: usize) {
        if !self.seats[seat].is_removed {
            let now = self.now(seat);
            self.end_attempt_if_over(seat, now);
            self.step(seat, now, Input::Tick);
            self.warn_of_the_end(seat, now);
            self.schedule(seat);
        }
    }

    /// Sees whether the clock was set, asks the servers what time it is where that is in doubt, and shows everything
    /// anew where instants are not what they were taken for. Whether that was so: then other things may be due.
    pub(super) fn look_at_the_time(&mut self) -> bool {
        self.edges.times.look(random_share);
        for seat in self.seats.iter().filter(|seat| seat.is_session()) {
            if self.edges.times.take_question(&seat.profile.issuer) {
                // Nobody waits for it, not even whoever quits.
                drop(tokio::spawn(work::ask_time(Arc::clone(&self.edges), Arc::clone(&seat.profile))));
            }
        }
        let revision = self.edges.times.revision();
        let is_news = revision != self.drawn_by;
        if is_news {
            self.drawn_by = revision;
            for seat in &mut self.seats {
                seat.draw(&self.edges);
            }
            self.publish(CauseKind::Clock, None);
        }
        is_news
    }

    /// Shows anew the profiles whose server was found to be able to do something else than was known.
    pub(super) fn look_at_the_servers(&mut self) {
        let n_discoveries = self.edges.n_discoveries();
        if std::mem::replace(&mut self.n_discoveries, n_discoveries) == n_discoveries {
            return;
        }
        let edges = &self.edges;
        let is_news = |seat: &&mut Seat| seat.shown.capabilities != edges.capabilities(&seat.profile);
        let drawn = self.seats.iter_mut().filter(is_news).map(|seat| seat.draw(edges)).count();
        if drawn > 0 {
            self.publish(CauseKind::Discovered, None);
        }
    }

    /// Notes when the seat has something to do next.
    pub(super) fn schedule(&mut self, seat: usize) {
        let nap = self.seats[seat].nap(&self.edges.times);
        self.due.set(seat, nap.map(|nap| Instant::now() + nap.max(SHORTEST_NAP)));
    }
}

/// Some number from zero up to and without one; zero where the system has no randomness.
pub(super) fn random_share() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        Err(_) => 0.0,
    }
}
