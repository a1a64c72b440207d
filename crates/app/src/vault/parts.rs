//! Records that are larger than one entry of the keyring: Windows' credential manager takes 2,560 bytes. It owns how a
//! record is cut and put together again, and the order of writes that lets no crash lose the record there was. What is
//! in a record it does not know.
//!
//! Under the profile's own name stands the record itself, or a head that says what belongs together: how many parts,
//! how many bytes, and their SHA-256. Parts stand under names of their own on one of two sides. A new set is written to
//! the side that the head does not name, read back, and then the head is replaced, which is one write: before it the
//! old record is whole, after it the new one. Every record of before and every small one is its own head.

use keyring_core::{CredentialStore, Entry, Error};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Wanted;

/// Bytes that one entry takes. `CRED_MAX_CREDENTIAL_BLOB_SIZE` on Windows; other keyrings have no limit that a record
/// comes near.
pub(super) const ROOM: usize = if cfg!(windows) { 2_560 } else { usize::MAX };

/// Parts of one record. Together they hold many times what a record has.
const MAX_PARTS: usize = 16;

/// The version of the format.
const VERSION: u32 = 1;

/// What a head begins with, and no record does.
const HEAD: &str = "{\"gatepass_parts\":";

/// Where the entries of one record stand.
pub(super) struct Shelf<'a> {
    pub(super) store: &'a CredentialStore,
    pub(super) service: &'a str,
    pub(super) user: &'a str,
    /// Bytes that one entry takes.
    pub(super) room: usize,
}

/// What stands in place of a record that was cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    gatepass_parts: u32,
    side: Side,
    n: usize,
    bytes: usize,
    sha256: String,
}

/// Where parts stand. There are two, so that a set can be written while the other is the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    A,
    B,
}

impl Shelf<'_> {
    /// The record, if there is one.
    ///
    /// # Errors
    /// The keyring's own, and [`Error::BadStoreFormat`] where parts are missing or do not belong together.
    pub(super) fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        match self.read(self.user)? {
            None => {
                // What an erasure that was interrupted has left.
                self.clear(Side::A, 0)?;
                self.clear(Side::B, 0)?;
                Ok(None)
            }
            Some(bytes) => match head_of(&bytes)? {
                Some(head) => self.joined(&head).map(Some),
                None => Ok(Some(bytes)),
            },
        }
    }

    /// Stores `record` in place of any other, and believes the keyring only what it gives back: under rotation the
    /// stored token is the only live one. Nothing is written once nobody waits for it.
    ///
    /// # Errors
    /// The keyring's own; the old record is then as it was, or the new one is there. [`Error::TooLong`] where it is
    /// too large even in parts.
    pub(super) fn store(&self, record: &[u8], wanted: &Wanted) -> Result<(), Error> {
        // Reading first puts the wait for a password before the write, where it can still be called off: a record that
        // is written long after it was given up could overwrite the one that took its place.
        let old = match self.read(self.user) {
            Err(Error::Ambiguous(entries)) => {
                entries.iter().try_for_each(Entry::delete_credential)?;
                None
            }
            old => old?,
        };
        if record.len() <= self.room && !record.starts_with(HEAD.as_bytes()) {
            if !self.write(self.user, record, wanted)? {
                return Ok(());
            }
            self.tidy(Side::A, 0);
            self.tidy(Side::B, 0);
            return Ok(());
        }
        let n = record.len().div_ceil(self.room);
        if n > MAX_PARTS {
            return Err(Error::TooLong("record".into(), u32::try_from(self.room * MAX_PARTS).unwrap_or(u32::MAX)));
        }
        // A head that is damaged names no side, and what it named cannot be read anyway.
        let side = match old.as_deref().and_then(|old| head_of(old).ok().flatten()) {
            Some(Head { side: Side::A, .. }) => Side::B,
            Some(_) | None => Side::A,
        };
        for (part, bytes) in record.chunks(self.room).enumerate() {
            if !self.write(&self.part(side, part), bytes, wanted)? {
                return Ok(());
            }
        }
        let head = Head { gatepass_parts: VERSION, side, n, bytes: record.len(), sha256: hash(record) };
        let head = serde_json::to_string(&head).map_err(|_| Error::BadStoreFormat("no head".into()))?;
        if self.write(self.user, head.as_bytes(), wanted)? {
            self.tidy(side, n);
            self.tidy(other(side), 0);
        }
        Ok(())
    }

    /// Removes the record. The head goes first: without it there is none, whatever becomes of the parts.
    ///
    /// # Errors
    /// The keyring's own. Erase it again then.
    pub(super) fn erase(&self, wanted: &Wanted) -> Result<(), Error> {
        if !wanted.still() {
            return Ok(());
        }
        match self.entry(self.user)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => {}
            Err(Error::Ambiguous(entries)) => entries.iter().try_for_each(Entry::delete_credential)?,
            Err(error) => return Err(error),
        }
        self.clear(Side::A, 0)?;
        self.clear(Side::B, 0)
    }

    /// What stands under a name.
    pub(super) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes one entry and reads it back. False, and nothing done, where nobody waits for it any more.
    fn write(&self, name: &str, bytes: &[u8], wanted: &Wanted) -> Result<bool, Error> {
        if !wanted.still() {
            return Ok(false);
        }
        self.entry(name)?.set_secret(bytes)?;
        match self.read(name)?.is_some_and(|read| *read == bytes) {
            true => Ok(true),
            false => Err(Error::BadStoreFormat("it gave back something else".into())),
        }
    }

    fn joined(&self, head: &Head) -> Result<Zeroizing<Vec<u8>>, Error> {
        let broken = || Error::BadStoreFormat("parts of a record are missing or do not belong together".into());
        // What stands in the keyring is not believed to be small.
        if head.gatepass_parts != VERSION || head.n > MAX_PARTS {
            return Err(broken());
        }
        let mut record = Zeroizing::new(Vec::with_capacity(head.bytes.min(64 * 1024)));
        for part in 0..head.n {
            let bytes = self.read(&self.part(head.side, part))?.ok_or_else(broken)?;
            record.extend_from_slice(&bytes);
        }
        if record.len() == head.bytes && hash(&record) == head.sha256 { Ok(record) } else { Err(broken()) }
    }

    /// Removes the parts of one side from the one numbered `from` on, the last one first: what an interruption leaves
    /// is without gaps, and found again.
    fn clear(&self, side: Side, from: usize) -> Result<(), Error> {
        if self.room == usize::MAX {
            return Ok(());
        }
        let mut end = from;
        while end < MAX_PARTS && self.read(&self.part(side, end))?.is_some() {
            end += 1;
        }
        for part in (from..end).rev() {
            match self.entry(&self.part(side, part))?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// [`Self::clear`] after the record is safe: a failure leaves what the next store or erasure removes.
    fn tidy(&self, side: Side, from: usize) {
        if self.clear(side, from).is_err() {
            tracing::info!("parts of an older record stay in the keyring until the next one is stored");
        }
    }

    fn entry(&self, name: &str) -> Result<Entry, Error> {
        self.store.build(self.service, name, modifiers().as_ref())
    }

    /// No profile's id has a slash in it.
    fn part(&self, side: Side, part: usize) -> String {
        let side = match side {
            Side::A => 'a',
            Side::B => 'b',
        };
        format!("{}/{side}{part}", self.user)
    }
}

/// The head, if these bytes are one and not a record.
fn head_of(bytes: &[u8]) -> Result<Option<Head>, Error> {
    if !bytes.starts_with(HEAD.as_bytes()) {
        return Ok(None);
    }
    serde_json::from_slice(bytes).map(Some).map_err(|_| Error::BadStoreFormat("damaged".into()))
}

fn other(side: Side) -> Side {
    match side {
        Side::A => Side::B,
        Side::B => Side::A,
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// On Windows an entry would otherwise roam with its user: another machine's sign-in would take this one's place.
fn modifiers() -> Option<std::collections::HashMap<&'static str, &'static str>> {
    cfg!(windows).then(|| [("persistence", "Local")].into())
}

#[cfg(test)]
mod tests;
