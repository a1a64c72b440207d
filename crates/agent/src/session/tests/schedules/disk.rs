//! What outlives the program: the vault's record, and the journal's page. What is on its way there when the program is
//! killed arrives in part: of both, the first so many.

use std::collections::VecDeque;

use gatepass_oidc::Timestamp;

use crate::fingerprint::Fingerprint;
use crate::journal::Page;
use crate::session::{Fate, Generation, Past};

#[derive(Default)]
pub(super) struct Disk {
    record: Option<String>,
    /// Records that were there before, oldest first.
    older: Vec<String>,
    page: Page,
    /// Notes on their way to the page.
    entries: VecDeque<Entry>,
}

enum Entry {
    Settled(String, Fate),
    Forget,
}

/// A call of the vault.
pub(super) enum Job {
    Load,
    Store(Generation, String),
    Erase,
}

impl Disk {
    pub(super) fn record(&self) -> Option<&str> {
        self.record.as_deref()
    }

    pub(super) fn store(&mut self, token: &str) {
        self.older.extend(self.record.replace(token.to_owned()));
    }

    pub(super) fn erase(&mut self) {
        self.older.extend(self.record.take());
        self.entries.push_back(Entry::Forget);
    }

    /// A record of before, as a restored backup brings it.
    pub(super) fn go_back(&mut self) {
        if let Some(older) = self.older.last().cloned() {
            self.record = Some(older);
        }
    }

    /// What the journal knows of the token; as it is asked, all that it was told is in it.
    pub(super) fn past(&mut self, token: &str) -> Past {
        self.flush(usize::MAX);
        self.page.past(fingerprint(token))
    }

    pub(super) fn note_sent(&mut self, token: &str, at: Timestamp) {
        self.flush(usize::MAX);
        self.page.note_sent(fingerprint(token), at);
    }

    pub(super) fn settle(&mut self, token: &str, fate: Fate) {
        self.entries.push_back(Entry::Settled(token.to_owned(), fate));
    }

    pub(super) fn n_entries(&self) -> usize {
        self.entries.len()
    }

    /// Makes the first `n` entries.
    pub(super) fn flush(&mut self, n: usize) {
        for entry in self.entries.drain(..n.min(self.entries.len())) {
            match entry {
                Entry::Settled(token, fate) => drop(self.page.settle(fingerprint(&token), fate)),
                Entry::Forget => self.page = Page::default(),
            }
        }
    }

    pub(super) fn lose_entries(&mut self) {
        self.entries.clear();
    }
}

fn fingerprint(token: &str) -> Fingerprint {
    Fingerprint::of(&[token])
}
