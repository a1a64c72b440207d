//! What must be known of a refresh token after a crash: whether it was sent and the answer never seen, and whether it
//! is spent. It owns one small file a profile and its private, versioned format. It knows no token, only fingerprints,
//! and decides nothing.
//!
//! A file that is damaged, or of a newer version, counts as none: a journal must never be what stops a renewal. One that
//! cannot be read for the moment is left as it is, and what is to be noted is kept until it can, as is what the disk did
//! not take.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use gatepass_oidc::{RefreshToken, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::session::{Fate, Past};
use crate::{Profile, ProfileId, private_file};

const VERSION: u64 = 1;

/// Many times more than a page of ours has.
const MAX_BYTES: u64 = 64 * 1024;

/// How many tokens a list remembers. A keyring that takes no renewals, because it is locked all day, is behind by as many
/// as there were.
const MAX_NOTED: usize = 256;

/// The journal of all profiles.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    /// Notes that are not on the disk, oldest first.
    unwritten: Arc<Mutex<HashMap<ProfileId, Vec<Note>>>>,
    /// Replaced in a test, by a disk that cannot say whether it has the folder.
    sync_folder: fn(&Path) -> io::Result<()>,
}

/// One thing that is noted of a refresh token.
#[derive(Clone, Copy, Debug)]
enum Note {
    Sent(Fingerprint, Timestamp),
    Settled(Fingerprint, Fate),
}

/// What is remembered of one profile's refresh tokens.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Page {
    v: u64,
    /// A refresh left, and it is not known what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Sent>,
    /// Replaced by others, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spent: Vec<Fingerprint>,
    /// Of sessions that ended, oldest first, until the vault has erased its record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ended: Vec<Fingerprint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Sent {
    token: Fingerprint,
    at_unix_ms: i64,
}

impl Journal {
    /// The journal in `folder`, which need not exist.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, unwritten: Arc::default(), sync_folder: private_file::sync_folder }
    }

    /// What is known of `token`.
    pub(crate) fn past(&self, profile: &Profile, token: &RefreshToken) -> Past {
        let read = self.read(&profile.id);
        let is_unread = read.is_err();
        let mut page = read.unwrap_or_default();
        let unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        for note in unwritten.get(&profile.id).into_iter().flatten() {
            page.take(*note);
        }
        match page.past(fingerprint(profile, token)) {
            Past::Unused if is_unread => Past::Unknown,
            past => past,
        }
    }

    /// Notes, before it happens, that `token` is sent.
    ///
    /// # Errors
    /// Where it is not certain that the note survives a crash.
    pub(crate) fn note_sent(&self, profile: &Profile, token: &RefreshToken, at: Timestamp) -> io::Result<()> {
        self.note(&profile.id, Note::Sent(fingerprint(profile, token), at))
    }

    /// Notes what became of `token`.
    ///
    /// # Errors
    /// Where it is not certain that the note survives a crash.
    pub(crate) fn settle(&self, profile: &Profile, token: &RefreshToken, fate: Fate) -> io::Result<()> {
        self.note(&profile.id, Note::Settled(fingerprint(profile, token), fate))
    }

    /// Removes what is remembered of the profile: the vault has no record any more that it could be about.
    ///
    /// # Errors
    /// Where the file stays.
    pub(crate) fn forget(&self, profile: &ProfileId) -> io::Result<()> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).remove(profile);
        private_file::remove(&self.path(profile))
    }

    /// Notes this, and first what is not on the disk yet.
    fn note(&self, profile: &ProfileId, note: Note) -> io::Result<()> {
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notes = unwritten.remove(profile).unwrap_or_default();
        notes.push(note);
        let placed = self.read(profile).and_then(|mut page| {
            let n_news = notes.iter().filter(|note| page.take(**note)).count();
            if n_news > 0 { private_file::place(&self.path(profile), &page) } else { Ok(()) }
        });
        // A page that is in place has them. To take them in once more would not be the same as once: an older token's
        // sending after a newer one's says that the newer one is spent.
        if placed.is_err() {
            notes.drain(..notes.len().saturating_sub(MAX_NOTED));
            unwritten.insert(profile.clone(), notes);
        }
        placed.and_then(|()| (self.sync_folder)(&self.folder))
    }

    fn read(&self, profile: &ProfileId) -> io::Result<Page> {
        let mut text = Vec::new();
        match fs::File::open(self.path(profile)) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Page::default());
            }
            opened => opened?.take(MAX_BYTES).read_to_end(&mut text)?,
        };
        let page = serde_json::from_slice::<Page>(&text).ok().filter(|page| page.v == VERSION);
        Ok(page.unwrap_or_default())
    }

    /// An id is lower case and short, so it is the same file on every file system; with something before it, it is none
    /// of the names that Windows keeps for devices.
    fn path(&self, profile: &ProfileId) -> PathBuf {
        self.folder.join(format!("profile-{profile}.json"))
    }
}

impl Page {
    /// Takes a note in; false if it is no news.
    fn take(&mut self, note: Note) -> bool {
        match note {
            Note::Sent(token, at) => self.note_sent(token, at),
            Note::Settled(token, fate) => self.settle(token, fate),
        }
    }

    /// What is known of `token`.
    pub(crate) fn past(&self, token: Fingerprint) -> Past {
        match self.sent {
            _ if self.ended.contains(&token) => Past::Ended,
            _ if self.spent.contains(&token) => Past::Spent,
            Some(sent) if sent.token == token => Past::Sent { at: Timestamp::from_unix_millis(sent.at_unix_ms) },
            _ => Past::Unused,
        }
    }

    /// Notes that `token` is sent; false if that was known. The first sending whose outcome is unknown stays: it is what
    /// the server's grace period is reckoned from. Another token that was sent before is spent: this one came in its
    /// place, even if the vault may not have it yet.
    pub(crate) fn note_sent(&mut self, token: Fingerprint, at: Timestamp) -> bool {
        if self.sent.is_some_and(|sent| sent.token == token) {
            return false;
        }
        if let Some(before) = self.sent.replace(Sent { token, at_unix_ms: at.as_unix_millis() }) {
            note(&mut self.spent, before.token);
        }
        true
    }

    /// Notes what became of `token`; false if that is no news. What is known of others stays.
    pub(crate) fn settle(&mut self, token: Fingerprint, fate: Fate) -> bool {
        let was_sent = self.sent.take_if(|sent| sent.token == token).is_some();
        let list = match fate {
            Fate::Given => {
                let n_before = self.spent.len() + self.ended.len();
                self.spent.retain(|spent| *spent != token);
                self.ended.retain(|ended| *ended != token);
                return was_sent || n_before > self.spent.len() + self.ended.len();
            }
            Fate::Unspent => None,
            Fate::Spent => Some(&mut self.spent),
            Fate::Ended => Some(&mut self.ended),
        };
        let is_news = list.is_some_and(|list| note(list, token));
        was_sent || is_news
    }
}

impl Default for Page {
    fn default() -> Self {
        Self { v: VERSION, sent: None, spent: Vec::new(), ended: Vec::new() }
    }
}

/// Adds to a list what is not there yet. False if it is.
fn note(list: &mut Vec<Fingerprint>, token: Fingerprint) -> bool {
    if list.contains(&token) {
        return false;
    }
    list.push(token);
    list.drain(..list.len().saturating_sub(MAX_NOTED));
    true
}

/// Of the token as this profile holds it: what another issuer or client was given is another token.
fn fingerprint(profile: &Profile, token: &RefreshToken) -> Fingerprint {
    Fingerprint::of(&[profile.issuer.as_str(), profile.client_id.as_str(), token.expose()])
}

#[cfg(test)]
mod tests;
