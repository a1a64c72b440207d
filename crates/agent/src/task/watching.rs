//! Watching the profiles file while the program runs. It owns when the file is looked at and when what stands in it
//! counts: an editor may be in the middle of writing. What becomes of the profiles is in `profiles`.
//!
//! The file is looked at, not waited for: that finds edits through links, renames and network folders alike. It costs
//! no wake-up of its own, since the task never sleeps longer than it may take.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::LONGEST_NAP;
use crate::edited_file::Stamp;
use crate::profiles_file::{ProfilesFile, Reading};

/// How long the file must be as it is before additions and changes count.
pub(super) const SETTLED: Duration = Duration::from_secs(1);

/// How long it must be as it is before what is missing counts as removed. Who takes a block out and puts it back
/// loses nothing.
pub(super) const SETTLED_FOR_REMOVAL: Duration = Duration::from_secs(10);

/// One look at the file: its stamp, and what stands in it if that is not what the task has.
pub(crate) struct Look {
    stamp: Stamp,
    reading: Option<Reading>,
}

/// What is known of the file.
pub(super) struct Watching {
    file: ProfilesFile,
    /// Of the file as the task has it.
    taken_in: Stamp,
    /// A file that the task does not have, or has in part, and since when it is so.
    news: Option<(Stamp, Instant)>,
    next: Instant,
    is_looking: bool,
    looks: mpsc::UnboundedReceiver<Look>,
    to_self: mpsc::UnboundedSender<Look>,
}

/// What in the file counts by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counts {
    /// What was added and changed.
    Additions,
    /// And what was removed.
    Removals,
}

/// What is left to do of what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    /// Something is missing from the file, which does not count yet.
    Removals,
    /// A profile is busy that is to be another.
    Busy,
}

impl Watching {
    /// The file as it is now counts as taken in: read it after this.
    pub(super) fn new(file: &ProfilesFile) -> Self {
        let (to_self, looks) = mpsc::unbounded_channel();
        Self {
            file: file.clone(),
            taken_in: file.stamp(),
            news: None,
            next: Instant::now() + LONGEST_NAP,
            is_looking: false,
            looks,
            to_self,
        }
    }

    /// When it is to be looked at.
    pub(super) fn due_at(&self) -> Option<Instant> {
        (!self.is_looking).then_some(self.next)
    }

    /// Looks, on a thread that may wait for the disk. The outcome comes as [`Self::looked`].
    pub(super) fn look(&mut self) {
        if self.is_looking {
            return;
        }
        self.is_looking = true;
        let (file, taken_in, to) = (self.file.clone(), self.taken_in.clone(), self.to_self.clone());
        // A runtime that ends has the task end with it.
        drop(tokio::task::spawn_blocking(move || {
            // The stamp first: if the file changes between the two, the next look finds another stamp.
            let stamp = file.stamp();
            let reading = (stamp != taken_in).then(|| file.load());
            let _ = to.send(Look { stamp, reading });
        }));
    }

    /// What was seen. Never `None`: the sender is in self.
    pub(super) async fn looked(&mut self) -> Option<Look> {
        self.looks.recv().await
    }

    /// Takes a look in: what is in the file, and how much of it counts by now.
    pub(super) fn judge(&mut self, look: Look) -> Option<(Reading, Counts)> {
        let now = Instant::now();
        self.is_looking = false;
        self.next = now + LONGEST_NAP;
        let Look { stamp, reading } = look;
        let Some(reading) = reading.filter(|_| stamp != self.taken_in) else {
            self.news = None;
            return None;
        };
        let since = match &self.news {
            Some((seen, since)) if *seen == stamp => *since,
            _ => now,
        };
        self.news = Some((stamp, since));
        let settled = now.duration_since(since);
        if settled < SETTLED {
            self.next = since + SETTLED;
            return None;
        }
        let counts = if settled < SETTLED_FOR_REMOVAL { Counts::Additions } else { Counts::Removals };
        Some((reading, counts))
    }

    /// The file was edited by the task: what was seen before that must be seen again to count.
    pub(super) fn edited(&mut self) {
        self.news = None;
    }

    /// What counted was taken in, but for what is left.
    pub(super) fn taken_in(&mut self, left: Left) {
        let Some((stamp, since)) = self.news.take() else { return };
        match left {
            Left::Nothing => self.taken_in = stamp,
            Left::Removals => {
                self.next = since + SETTLED_FOR_REMOVAL;
                self.news = Some((stamp, since));
            }
            Left::Busy => {
                self.next = Instant::now() + SETTLED;
                self.news = Some((stamp, since));
            }
        }
    }
}
