//! Telling everyone who watches, and whoever keeps a log. Of much that happens at once (a thousand profiles at a start)
//! watchers are told together, since a snapshot is of all profiles and costs as much; a log is told each.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::Task;
use crate::{Cause, CauseKind, Change, Event, ProfileId, Snapshot};

/// How long a change can wait for others to be told with it. Short for a person, long for a processor.
pub(super) const APART: Duration = Duration::from_millis(25);

/// Who is told, and what was not told yet.
pub(super) struct Telling {
    pub(super) changes: watch::Sender<Arc<Change>>,
    events: mpsc::UnboundedSender<Event>,
    /// Somebody waits for an answer: nothing waits.
    pub(super) is_hurried: bool,
    untold: Option<Cause>,
    told_at: Option<Instant>,
}

impl Telling {
    pub(super) fn new(changes: watch::Sender<Arc<Change>>, events: mpsc::UnboundedSender<Event>) -> Self {
        Self { changes, events, is_hurried: false, untold: None, told_at: None }
    }

    /// Has it kept, if anybody keeps a log.
    pub(super) fn log(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// When what was not told yet is to be told.
    pub(super) fn due_at(&self) -> Option<Instant> {
        self.untold.as_ref().map(|_| self.told_at.map_or_else(Instant::now, |told_at| told_at + APART))
    }
}

impl Task {
    /// Has everyone who watches see what is true now: at once, or shortly if they were told of something just now. Nobody
    /// who signed in waits, who is one person.
    pub(super) fn publish(&mut self, kind: CauseKind, seat: Option<usize>) {
        if let Some(seat) = seat {
            self.seats[seat].draw(&self.edges);
        }
        self.settle_notices();
        let profile = seat.map(|seat| self.seats[seat].profile.id.clone());
        tracing::debug!(?kind, profile = profile.as_ref().map(ProfileId::as_str), "change");
        let shown = seat.map(|seat| Arc::clone(&self.seats[seat].shown));
        self.telling.log(Event::Changed { kind, shown });
        self.telling.untold = Some(Cause { kind, profile });
        let is_awaited = self.telling.is_hurried || kind == CauseKind::SignedIn;
        if is_awaited || self.telling.due_at().is_some_and(|due_at| due_at <= Instant::now()) {
            self.tell();
        }
    }

    /// Tells what was not told yet. Before any answer: whoever has one finds it in the snapshot.
    pub(super) fn tell(&mut self) {
        let Some(cause) = self.telling.untold.take() else { return };
        self.telling.told_at = Some(Instant::now());
        let snapshot = Snapshot {
            profiles: self.order.iter().map(|seat| Arc::clone(&self.seats[*seat].shown)).collect(),
            profiles_file_mistakes: self.file_mistakes.clone(),
        };
        let revision = self.telling.changes.borrow().revision + 1;
        self.telling.changes.send_replace(Arc::new(Change { revision, cause, snapshot }));
    }
}
