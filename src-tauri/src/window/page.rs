//! What the page is told, and the line to it. The page may come after the first news, and may be loaded again: whoever
//! watches is told the present first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatepass_wire::{Change, Problem};
use serde::Serialize;
use tauri::ipc::Channel;

/// A message to the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "told", rename_all = "kebab-case")]
pub enum Told {
    /// A new snapshot.
    Change {
        /// All that may be drawn.
        change: Arc<Change>,
    },
    /// The resident died and is being started again; until it says more, nothing is known.
    ResidentGone,
    /// There is no resident that answers, for longer than a start takes. It is tried again all the same.
    Trouble {
        /// Why, and what can be done.
        problem: Problem,
    },
}

/// The line to the page. Cheap to clone.
#[derive(Clone, Default)]
pub struct Page(Arc<Mutex<Line>>);

#[derive(Default)]
struct Line {
    channel: Option<Channel<Told>>,
    last: Option<Told>,
}

impl Page {
    /// The page listens on `channel` from now on, and is told the present.
    pub fn listens(&self, channel: Channel<Told>) {
        let mut line = self.line();
        if let Some(last) = &line.last {
            send(&channel, last.clone());
        }
        line.channel = Some(channel);
    }

    /// Tells the page, now or when it listens. What it was told last is not told again.
    pub fn tell(&self, told: Told) {
        let mut line = self.line();
        if line.last.as_ref() == Some(&told) {
            return;
        }
        if let Told::Trouble { problem } = &told {
            tracing::warn!(code = problem.code, problem.detail, "no resident answers");
        }
        if let Some(channel) = &line.channel {
            send(channel, told.clone());
        }
        line.last = Some(told);
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // What is inside is whole at any moment: a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn send(channel: &Channel<Told>, told: Told) {
    if let Err(error) = channel.send(told) {
        tracing::debug!(%error, "the page is not there to be told");
    }
}

#[cfg(test)]
mod tests;
