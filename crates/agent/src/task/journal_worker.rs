//! The journal's one worker. Entries are made in the order they were given, so that a settlement never wipes out the
//! note of a sending that came after it. The disk may be slow, so they are made on a blocking thread.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{RefreshToken, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use crate::Profile;
use crate::journal::Journal;
use crate::session::{Fate, Past};

/// How long a renewal waits for its note. A disk that hangs, as network homes do, must not keep anybody from renewing.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often a page that cannot be read for the moment is tried again, such as while something scans it for viruses.
const READING_AGAIN: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1500)];

/// What the journal is asked or told about one profile.
enum Entry {
    Past(RefreshToken, oneshot::Sender<Past>),
    Sent(RefreshToken, Timestamp, oneshot::Sender<bool>),
    Settled(RefreshToken, Fate, oneshot::Sender<()>),
    Forget(oneshot::Sender<()>),
}

/// Gives the journal its entries. Each call takes its place in the order at once; the future that it returns is done
/// when the entry is on the disk, or cannot be.
#[derive(Clone, Debug)]
pub(crate) struct JournalWorker {
    entries: mpsc::UnboundedSender<(Arc<Profile>, Entry)>,
}

impl JournalWorker {
    /// Starts the worker. It ends when the last of its handles is gone and every entry is made.
    pub(crate) fn start(journal: Journal) -> Self {
        let (entries, mut received) = mpsc::unbounded_channel::<(Arc<Profile>, Entry)>();
        tokio::spawn(async move {
            let mut has_warned = false;
            while let Some((profile, entry)) = received.recv().await {
                let journal = journal.clone();
                let made = tokio::task::spawn_blocking(move || make(&journal, &profile, entry)).await;
                let Ok(Err(error)) = made else { continue };
                // The same every time, until somebody makes room.
                if !std::mem::replace(&mut has_warned, true) {
                    tracing::warn!(%error, "a renewal goes on without a note that would survive a crash");
                }
            }
        });
        Self { entries }
    }

    /// What is known of `token`. A page that cannot be read is tried again for some seconds.
    pub(crate) fn past(&self, profile: Arc<Profile>, token: RefreshToken) -> impl Future<Output = Past> + use<> {
        let worker = self.clone();
        let ask = move || worker.enter(Arc::clone(&profile), |done| Entry::Past(token.clone(), done));
        let mut answered = ask();
        let asking = async move {
            for pause in READING_AGAIN {
                match answered.await {
                    Ok(Past::Unknown) => {
                        sleep(pause).await;
                        answered = ask();
                    }
                    other => return other,
                }
            }
            answered.await
        };
        async { timeout(PATIENCE, asking).await.ok().and_then(Result::ok).unwrap_or(Past::Unknown) }
    }

    /// Notes that `token` is about to be sent. False if it must not be: its session ended, or it was replaced, while the
    /// request waited for its turn.
    pub(crate) fn sent(
        &self,
        profile: Arc<Profile>,
        token: RefreshToken,
        at: Timestamp,
    ) -> impl Future<Output = bool> + use<> {
        let answered = self.enter(profile, |done| Entry::Sent(token, at, done));
        async { timeout(PATIENCE, answered).await.ok().and_then(Result::ok).unwrap_or(true) }
    }

    /// Notes what became of `token`.
    pub(crate) fn settled(
        &self,
        profile: Arc<Profile>,
        token: RefreshToken,
        fate: Fate,
    ) -> impl Future<Output = ()> + use<> {
        let answered = self.enter(profile, |done| Entry::Settled(token, fate, done));
        async { answered.await.unwrap_or_default() }
    }

    /// Forgets the profile.
    pub(crate) fn forget(&self, profile: Arc<Profile>) -> impl Future<Output = ()> + use<> {
        let answered = self.enter(profile, Entry::Forget);
        async { answered.await.unwrap_or_default() }
    }

    fn enter<T>(&self, profile: Arc<Profile>, entry: impl FnOnce(oneshot::Sender<T>) -> Entry) -> oneshot::Receiver<T> {
        let (done, answered) = oneshot::channel();
        // A worker that is gone makes no entries, which the dropped answer says.
        let _ = self.entries.send((profile, entry(done)));
        answered
    }
}

/// Makes the entry. Whoever waits goes on in any case: without a journal a renewal is as safe as it was before there
/// was one.
fn make(journal: &Journal, profile: &Profile, entry: Entry) -> std::io::Result<()> {
    let (made, done) = match entry {
        Entry::Past(token, answer) => {
            let _ = answer.send(journal.past(profile, &token));
            return Ok(());
        }
        Entry::Sent(token, at, answer) => {
            let may_be_sent = !matches!(journal.past(profile, &token), Past::Spent | Past::Ended);
            let made = if may_be_sent { journal.note_sent(profile, &token, at) } else { Ok(()) };
            let _ = answer.send(may_be_sent);
            return made;
        }
        Entry::Settled(token, fate, done) => (journal.settle(profile, &token, fate), done),
        Entry::Forget(done) => (journal.forget(&profile.id), done),
    };
    let _ = done.send(());
    made
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
