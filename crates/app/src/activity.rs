//! What happened on this machine, for the person who wonders: every renewal, setback, sign-in, copy and notice, kept in
//! the state folder. It owns which facts are kept and the format of a line; the file is in `file`.
//!
//! The file is `activity.jsonl`: one JSON object a line, oldest first, for this user alone. Each has `v` (1), `at`
//! (milliseconds since the Unix epoch, UTC), `what` (the variants of [`Activity`] in kebab case), the id of the
//! `profile` where it is about one, and the fields of the variant. No name, no text of a server, no secret is in it.
//! Readers skip lines that they do not understand: the last may be torn, and a newer version may know more.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gatepass_agent::{CauseKind, Event, ProfileSnapshot, SignedOutReason, Standing, UpkeepSnapshot};
use gatepass_oidc::Timestamp;
use gatepass_wire::{Activity, ActivityEntry, Millis};
use serde::{Deserialize, Serialize};

use crate::convert::millis;
use crate::problem;
use file::ActivityFile;

mod file;

/// The version of the format.
const VERSION: u32 = 1;

/// A day, in seconds.
const DAY: u64 = 24 * 60 * 60;

/// How long a reader waits for what was recorded before.
const TIME_TO_WRITE: Duration = Duration::from_secs(2);

/// Entries that wait for the disk. Beyond that the disk hangs, and entries are lost rather than memory.
const WAITING: usize = 4_096;

/// The log, written on a thread of its own: a disk that hangs holds up nobody.
pub(crate) struct ActivityLog {
    path: PathBuf,
    writing: Mutex<Option<(SyncSender<Order>, JoinHandle<()>)>>,
}

/// What the thread is told.
enum Order {
    Keep(ActivityEntry),
    KeepFor {
        max_age: Duration,
        now: Millis,
    },
    /// Say when everything before this is done.
    Say(SyncSender<()>),
}

/// One line.
#[derive(Serialize, Deserialize)]
struct Line {
    v: u32,
    #[serde(flatten)]
    entry: ActivityEntry,
}

impl ActivityLog {
    /// The log at `path`. That it cannot be written is no reason not to run.
    pub(crate) fn start(path: PathBuf) -> Self {
        let (orders, received) = sync_channel(WAITING);
        let file = ActivityFile::new(path.clone());
        let thread = std::thread::Builder::new().name("activity".into()).spawn(move || write(file, &received));
        let writing = match thread {
            Ok(thread) => Some((orders, thread)),
            Err(error) => {
                tracing::warn!(%error, "no activity is kept");
                None
            }
        };
        Self { path, writing: Mutex::new(writing) }
    }

    /// Keeps an entry, some time soon.
    pub(crate) fn record(&self, entry: ActivityEntry) {
        self.order(Order::Keep(entry));
    }

    /// From now on keeps entries for `days`, and takes the older ones out some time soon. None: takes the file away.
    pub(crate) fn keep_for(&self, days: u32, now: Timestamp) {
        self.order(Order::KeepFor { max_age: Duration::from_secs(u64::from(days) * DAY), now: millis(now) });
    }

    fn order(&self, order: Order) {
        if let Some((orders, _)) = &*self.writing.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = orders.try_send(order);
        }
    }

    /// Writes what is still to be written. Blocks for as long as the disk does.
    pub(crate) fn finish(&self) {
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((orders, thread)) = writing {
            drop(orders);
            if thread.join().is_err() {
                tracing::error!("the activity's thread ended badly");
            }
        }
    }

    /// Everything that is in the file by now, oldest first; nothing where it cannot be read. What was recorded before is
    /// waited for, unless the disk hangs.
    pub(crate) fn read(&self) -> Vec<ActivityEntry> {
        let (done, said) = sync_channel(1);
        self.order(Order::Say(done));
        // A thread that is gone drops the order, and nobody waits.
        let _ = said.recv_timeout(TIME_TO_WRITE);
        file::read(&self.path).entries
    }
}

/// What a change means to the log; `None` where it is a step on the way to something.
pub(crate) fn of(event: &Event) -> Option<(Option<String>, Activity)> {
    match event {
        Event::Changed { kind, shown: Some(shown) } => {
            of_profile(*kind, shown).map(|what| (Some(shown.profile.id.to_string()), what))
        }
        Event::Changed { kind: CauseKind::Profiles, shown: None } => Some((None, Activity::Profiles)),
        Event::Changed { kind: CauseKind::Clock, shown: None } => Some((None, Activity::ClockSet)),
        Event::Changed { .. } => None,
        Event::FellAsleep => Some((None, Activity::FellAsleep)),
        Event::Woke => Some((None, Activity::Woke)),
        Event::NetworkChanged => Some((None, Activity::NetworkChanged)),
    }
}

fn of_profile(kind: CauseKind, shown: &ProfileSnapshot) -> Option<Activity> {
    let session = match &shown.standing {
        Standing::SignedIn(session) => Some(session),
        Standing::SignedOut { .. } => None,
    };
    match kind {
        CauseKind::SignedIn => Some(Activity::SignedIn),
        CauseKind::SignInFailed => {
            let error = shown.failed_sign_in.as_ref()?;
            Some(Activity::SignInFailed { code: problem::describe(error, &shown.profile).code })
        }
        CauseKind::OtherPerson => Some(Activity::OtherPerson),
        CauseKind::Renewed => Some(Activity::Renewed { expires_at: session?.expires_at.map(millis) }),
        CauseKind::Setback => match &session?.upkeep {
            UpkeepSnapshot::Blocked { retry_at, because } => {
                let code = problem::blocked(because, &shown.profile).code;
                Some(Activity::Blocked { code, retry_at: millis(*retry_at) })
            }
            UpkeepSnapshot::Retrying { retry_at, because } | UpkeepSnapshot::InDoubt { retry_at, because } => {
                let code = problem::offline(because, &shown.profile).code;
                Some(Activity::Setback { code, retry_at: millis(*retry_at) })
            }
            _ => None,
        },
        CauseKind::Ended => Some(Activity::Ended {
            code: match &shown.standing {
                Standing::SignedOut { because: SignedOutReason::Expired, .. } => "session-expired".into(),
                _ => "session-ended".into(),
            },
        }),
        CauseKind::SignedOut => Some(Activity::SignedOut),
        CauseKind::Restored => session.map(|_| Activity::Restored),
        CauseKind::Stored => Some(match (shown.unread, shown.memory_only) {
            (Some(because), _) => Activity::Unread { code: problem::unread(because).code },
            (None, Some(because)) => Activity::MemoryOnly { code: problem::memory_only(because).code },
            (None, None) => Activity::Stored,
        }),
        CauseKind::Profiles => Some(Activity::Profiles),
        _ => None,
    }
}

fn write(mut file: ActivityFile, orders: &Receiver<Order>) {
    let mut is_failing = false;
    for order in orders {
        let failed = match order {
            Order::Keep(entry) => file.append(&entry),
            Order::KeepFor { max_age, now } => file.keep_for(max_age, now),
            Order::Say(done) => {
                // Whoever asked may have given up.
                let _ = done.send(());
                continue;
            }
        }
        .err();
        // Once: a disk that is full stays so for a while, and the log is on the same one.
        if let (false, Some(error)) = (is_failing, &failed) {
            tracing::warn!(%error, "activity is not kept as it should be");
        }
        is_failing = failed.is_some();
    }
}

/// The entry as a line, without its end.
fn to_line(entry: &ActivityEntry) -> Option<String> {
    serde_json::to_string(&Line { v: VERSION, entry: entry.clone() }).ok()
}

/// The entry of a line, if it is one of this version.
fn from_line(line: &str) -> Option<ActivityEntry> {
    serde_json::from_str::<Line>(line).ok().filter(|line| line.v == VERSION).map(|line| line.entry)
}

#[cfg(test)]
mod tests;
