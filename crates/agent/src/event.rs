//! What happened, each thing once and in order, for whoever keeps a log. Snapshots are for drawing: of several that
//! come together a watcher sees the last.

use std::sync::Arc;

use crate::{CauseKind, ProfileSnapshot};

/// Something happened. No secret is in it.
#[derive(Clone, Debug)]
pub enum Event {
    /// Something changed.
    Changed {
        /// What.
        kind: CauseKind,
        /// The profile as it is then; `None` where it is about all of them.
        shown: Option<Arc<ProfileSnapshot>>,
    },
    /// The machine said that it falls asleep.
    FellAsleep,
    /// The machine said that it woke.
    Woke,
    /// The network became another. Told once for all changes of ten minutes.
    NetworkChanged,
}
