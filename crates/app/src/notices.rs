//! Notices in words: what happened, and the one thing that helps. It owns too what is not told again: what an earlier run
//! of the program told and nothing has ended since, as far as the activity log knows.

use std::sync::Arc;
use std::time::Duration;

use gatepass_agent::{Change, Clock, Notice, NoticeId, NoticeKind, Notifying, Profile, VaultError};
use gatepass_wire::{Action, Activity, ActivityEntry, Intent, Millis, Problem, Status};
use tokio::sync::watch;

use crate::activity::ActivityLog;
use crate::convert::{millis, name};
use crate::language::spoken;
use crate::problem;
use crate::settings::SettingsKeeper;
use crate::text::isolated;
use crate::words::{self, Noticed, ShellWords, Texts};

/// How long the log is waited for.
const TIME_TO_READ: Duration = Duration::from_secs(5);

/// What the shell is to do about notices, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeRequest {
    /// Show it.
    Show(NoticeId, Box<NoticeForPeople>),
    /// What it says is over: take it back where it can still be seen.
    TakeBack(NoticeId),
}

/// A one-time message in words, free of control characters and of characters that reorder text; the name in it is
/// isolated from the words beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeForPeople {
    /// A few words.
    pub title: String,
    /// A sentence or two.
    pub body: String,
    /// What to do, in a sentence, where [`Self::action`] cannot be offered; may be empty.
    pub advice: String,
    /// What helps.
    pub action: Option<NoticeAction>,
    /// Id of the profile that it is about; may be empty.
    pub profile: String,
}

/// Something that the person can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeAction {
    /// As a button says it.
    pub label: String,
    /// What it does.
    pub intent: Intent,
}

impl NoticeAction {
    /// Opens the window, or brings it forward: what helps where nothing shorter does.
    pub fn open() -> Self {
        offer(words().open, Intent::ShowWindow)
    }
}

fn words() -> &'static ShellWords {
    ShellWords::of(spoken())
}

fn sign_in(profile: String) -> NoticeAction {
    offer(words().sign_in, Intent::SignIn { profile, as_someone_else: false, with_code: false })
}

fn offer(label: &str, intent: Intent) -> NoticeAction {
    NoticeAction { label: label.into(), intent }
}

/// What to say of a refusal to whoever clicked in the tray or in a notice. `None` where another notice tells of it: that
/// the session ended, or is blocked, in which `status` its profile is now.
pub(crate) fn about_refusal(intent: &Intent, problem: Problem, status: Option<Status>) -> Option<NoticeForPeople> {
    match (intent, status) {
        (Intent::Refresh { .. } | Intent::CopyAccessToken { .. }, Some(Status::SignInNeeded)) => None,
        (Intent::Refresh { .. }, Some(Status::Blocked)) => None,
        (intent, _) => Some(of_problem(problem, profile_of(intent).unwrap_or_default())),
    }
}

/// What went wrong with `profile`. What to do about it is more than its action says.
fn of_problem(problem: Problem, profile: &str) -> NoticeForPeople {
    let id = || profile.to_owned();
    let action = problem.action.and_then(|action| match action {
        Action::SignIn => Some(sign_in(id())),
        Action::Refresh => Some(offer(words().refresh, Intent::Refresh { profile: id() })),
        Action::CopyRedirectUri => Some(offer(words().copy_redirect_uri, Intent::CopyRedirectUri { profile: id() })),
        // Not a resident's.
        Action::QuitOld => None,
    });
    let Problem { title, detail, advice, .. } = problem;
    NoticeForPeople { title, body: format!("{detail} {advice}"), advice: String::new(), action, profile: id() }
}

/// The profile of an intent that tray and notices can have.
pub(crate) fn profile_of(intent: &Intent) -> Option<&str> {
    match intent {
        Intent::SignIn { profile, .. }
        | Intent::CancelSignIn { profile }
        | Intent::Refresh { profile }
        | Intent::CopyAccessToken { profile }
        | Intent::CopyRedirectUri { profile } => Some(profile),
        _ => None,
    }
}

/// Puts the agent's notices into words.
pub(crate) struct Teller {
    /// Profiles are looked up here.
    changes: watch::Receiver<Arc<Change>>,
    /// Each window that watches holds a receiver.
    windows: watch::Sender<()>,
    log: Arc<ActivityLog>,
    clock: Arc<dyn Clock>,
    settings: Arc<SettingsKeeper>,
    started_at: Millis,
}

impl Teller {
    /// One that begins now.
    pub(crate) fn new(
        changes: watch::Receiver<Arc<Change>>,
        windows: watch::Sender<()>,
        log: Arc<ActivityLog>,
        clock: Arc<dyn Clock>,
        settings: Arc<SettingsKeeper>,
    ) -> Self {
        let started_at = millis(clock.now());
        Self { changes, windows, log, clock, settings, started_at }
    }

    /// What the shell is to do about a word of the agent.
    pub(crate) async fn take(&self, word: Notifying) -> Option<NoticeRequest> {
        match word {
            Notifying::Show(notice) => {
                let words = self.tell(&notice).await?;
                Some(NoticeRequest::Show(notice.id, Box::new(words)))
            }
            Notifying::TakeBack(id) => Some(NoticeRequest::TakeBack(id)),
        }
    }

    /// In words, if it is to be told: then that is kept in the log.
    async fn tell(&self, notice: &Notice) -> Option<NoticeForPeople> {
        if !self.settings.wants(notice) {
            return None;
        }
        // The window says it where the person clicked.
        if matches!(notice.kind, NoticeKind::SignInFailed(_)) && self.windows.receiver_count() > 0 {
            return None;
        }
        if is_lasting(&notice.kind) && was_told(&read(&self.log).await, self.started_at, notice) {
            return None;
        }
        let present = Arc::clone(&self.changes.borrow());
        let one = present.snapshot.profiles.iter().find(|one| one.profile.id == notice.profile)?;
        let what = Activity::Noticed { about: about(&notice.kind).into() };
        let profile = Some(notice.profile.to_string());
        self.log.record(ActivityEntry { at: millis(self.clock.now()), profile, what });
        Some(in_words(notice, &one.profile))
    }
}

async fn read(log: &Arc<ActivityLog>) -> Vec<ActivityEntry> {
    let log = Arc::clone(log);
    let reading = tokio::task::spawn_blocking(move || log.read());
    // In doubt a thing is told: a disk that hangs must not keep everything from being told.
    tokio::time::timeout(TIME_TO_READ, reading).await.ok().and_then(Result::ok).unwrap_or_default()
}

/// Whether the next run of the program would tell the same again. The end of a session would not: it leaves nothing to
/// find. Nor is it ever left untold, whatever the log says.
fn is_lasting(kind: &NoticeKind) -> bool {
    match kind {
        NoticeKind::Blocked(_) | NoticeKind::Unread(_) | NoticeKind::EndsSoon => true,
        NoticeKind::SignInNeeded(_)
        | NoticeKind::MemoryOnly(_)
        | NoticeKind::OtherPerson
        | NoticeKind::SignInFailed(_) => false,
    }
}

/// Whether it was told before `this_run`, and nothing has ended it since.
fn was_told(entries: &[ActivityEntry], this_run: Millis, notice: &Notice) -> bool {
    let of_profile = entries.iter().filter(|entry| entry.profile.as_deref() == Some(notice.profile.as_str()));
    let mut was_told = false;
    for entry in of_profile {
        match &entry.what {
            Activity::Noticed { about } if about == self::about(&notice.kind) => was_told |= entry.at < this_run,
            Activity::SignedIn | Activity::SignedOut | Activity::Ended { .. } => was_told = false,
            // The keyring was read or written.
            Activity::Restored | Activity::Stored if matches!(notice.kind, NoticeKind::Unread(_)) => was_told = false,
            Activity::Renewed { .. } if matches!(notice.kind, NoticeKind::Blocked(_)) => was_told = false,
            _ => {}
        }
    }
    was_told
}

/// As the activity log has it.
fn about(kind: &NoticeKind) -> &'static str {
    match kind {
        NoticeKind::SignInNeeded(_) => "sign-in-needed",
        NoticeKind::Blocked(_) => "blocked",
        NoticeKind::MemoryOnly(_) => "memory-only",
        NoticeKind::Unread(_) => "unread",
        NoticeKind::EndsSoon => "ends-soon",
        NoticeKind::OtherPerson => "other-person",
        NoticeKind::SignInFailed(_) => "sign-in-failed",
    }
}

/// No text of a server is in it: a notice has no room to mark it as a quotation.
fn in_words(notice: &Notice, of: &Profile) -> NoticeForPeople {
    let profile = || notice.profile.to_string();
    let told = |title: &str, body: String, advice: &str, action| NoticeForPeople {
        title: format!("{title}: {}", isolated(&name(&notice.profile_name))),
        body,
        advice: advice.into(),
        action: Some(action),
        profile: profile(),
    };
    let (sign_in, open) = (sign_in(profile()), NoticeAction::open());
    let say = |of, action| {
        let Texts { title, detail, advice } = words::notice(spoken(), of);
        told(title, detail, &advice, action)
    };
    match &notice.kind {
        NoticeKind::SignInNeeded(reason) => {
            let Problem { detail, .. } = problem::sign_in_required(reason);
            say(Noticed::SignInNeeded { because: &detail }, sign_in)
        }
        NoticeKind::Blocked(_) => say(Noticed::Blocked, open),
        NoticeKind::MemoryOnly(because) => {
            let Problem { title, detail, advice, .. } = problem::memory_only(*because);
            told(&title, format!("{detail} {advice}"), "", open)
        }
        NoticeKind::Unread(because @ VaultError::Corrupt) => {
            say(Noticed::SignInNeeded { because: &problem::vault(*because).detail }, sign_in)
        }
        NoticeKind::Unread(because) => {
            let Problem { title, detail, advice, .. } = problem::unread(*because);
            told(&title, format!("{detail} {advice}"), "", open)
        }
        NoticeKind::EndsSoon => say(Noticed::EndsSoon, sign_in),
        NoticeKind::OtherPerson => say(Noticed::OtherPerson, open),
        NoticeKind::SignInFailed(error) => {
            let NoticeForPeople { title, body, action, .. } = of_problem(problem::describe(error, of), &profile());
            told(&title, body, "", action.unwrap_or(open))
        }
    }
}

#[cfg(test)]
mod tests;
