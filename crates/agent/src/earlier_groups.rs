//! The groups that a person was in at earlier sign-ins, to tell what changed since. It owns one small file a profile and
//! its private, versioned format.
//!
//! Nothing depends on it: a file that is damaged, too long, of a newer version or about somebody else counts as none, and
//! of one that cannot be written nobody misses more than the marks beside the groups.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use gatepass_oidc::{Subject, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::fingerprint::Fingerprint;
use crate::{GroupsAt, GroupsBefore, Profile, ProfileId, private_file};

const VERSION: u64 = 1;

/// More than the largest ID token that any server sends, twice.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The groups at earlier sign-ins, of all profiles. Every call waits for the disk: [`Self::in_turn`] waits beside the task.
#[derive(Clone, Debug)]
pub(crate) struct EarlierGroups {
    folder: PathBuf,
    turn: Arc<Mutex<()>>,
}

/// What is remembered of one profile.
#[derive(Serialize, Deserialize)]
struct Page {
    v: u64,
    /// Of issuer, client and subject, and of where the groups are looked for: those of another person or app, or another
    /// list of them, are nothing to compare with.
    whose: Fingerprint,
    /// At the last sign-in.
    last: Seen,
    /// At the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Seen>,
}

#[derive(Serialize, Deserialize)]
struct Seen {
    at_unix_ms: i64,
    names: Vec<String>,
}

impl EarlierGroups {
    /// Those in `folder`, which need not exist.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, turn: Arc::default() }
    }

    /// Does this on a thread that may wait for the disk, one after another: two sign-ins of one profile must not read the
    /// same page, and of a thousand profiles on a disk that hangs no more than one thread is to hang with it.
    pub(crate) async fn in_turn<T: Send + 'static>(self, work: impl FnOnce(&Self) -> T + Send + 'static) -> Option<T> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let working = spawn_blocking(move || {
            let _turn = turn;
            work(&self)
        });
        working.await.ok()
    }

    /// Remembers the groups of a sign-in at `at`; those to compare them with are the answer: of the sign-in before, or of
    /// this one if it is the first.
    pub(crate) fn signed_in(
        &self,
        profile: &Profile,
        subject: &Subject,
        names: &[String],
        at: Timestamp,
    ) -> GroupsBefore {
        let whose = whose(profile, subject);
        let before = self.read(&profile.id).filter(|page| page.whose == whose).map(|page| page.last);
        let last = Seen { at_unix_ms: at.as_unix_millis(), names: names.to_vec() };
        let page = Page { v: VERSION, whose, last, before };
        if let Err(error) = private_file::place(&self.path(&profile.id), &page) {
            tracing::warn!(%error, "the groups of this sign-in are not kept to compare later ones with");
        }
        page.compared_with()
    }

    /// Those to compare the groups of a session with that was there before this start.
    pub(crate) fn recall(&self, profile: &Profile, subject: &Subject) -> Option<GroupsBefore> {
        let page = self.read(&profile.id).filter(|page| page.whose == whose(profile, subject))?;
        Some(page.compared_with())
    }

    /// Removes what is remembered of the profile.
    pub(crate) fn forget(&self, profile: &ProfileId) {
        if let Err(error) = private_file::remove(&self.path(profile)) {
            tracing::warn!(%error, "the groups of a profile that was removed are still on the disk");
        }
    }

    fn read(&self, profile: &ProfileId) -> Option<Page> {
        let mut text = Vec::new();
        let read = File::open(self.path(profile)).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut text));
        match read {
            Ok(_) => serde_json::from_slice::<Page>(&text).ok().filter(|page| page.v == VERSION),
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(%error, "the groups of earlier sign-ins cannot be read");
                }
                None
            }
        }
    }

    /// Named as the journal's pages are, for the same reasons.
    fn path(&self, profile: &ProfileId) -> PathBuf {
        self.folder.join(format!("profile-{profile}.json"))
    }
}

impl Page {
    fn compared_with(self) -> GroupsBefore {
        let Seen { at_unix_ms, names } = self.before.unwrap_or(self.last);
        GroupsBefore { at: Timestamp::from_unix_millis(at_unix_ms), names }
    }
}

fn whose(profile: &Profile, subject: &Subject) -> Fingerprint {
    let GroupsAt { claim, from } = &profile.groups;
    Fingerprint::of(&[profile.issuer.as_str(), profile.client_id.as_str(), &subject.0, from.as_str(), claim])
}

#[cfg(test)]
mod tests;
