//! Notices in words: what happened, and the one thing that helps. It owns too what is not told again: what an earlier run
//! of the program told and nothing has ended since, as far as the activity log knows.

use std::sync::Arc;

use gatepass_agent::{Clock, Notice, NoticeId, NoticeKind, Notifying, VaultError};
use gatepass_wire::{Action, Activity, ActivityEntry, Intent, Millis, Problem};
use tokio::sync::mpsc;

use crate::activity::ActivityLog;
use crate::convert::{millis, name};
use crate::problem;
use crate::text::isolated;

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

impl NoticeForPeople {
    /// What went wrong with something that was wanted for `profile`. `None` where that ended its session, of which another
    /// notice tells.
    pub fn of_problem(problem: Problem, profile: &str) -> Option<Self> {
        if problem::ENDED.contains(&problem.code.as_str()) {
            return None;
        }
        let id = || profile.to_owned();
        let action = problem.action.and_then(|action| match action {
            Action::SignIn => Some(sign_in(id())),
            Action::Refresh => Some(offer("Refresh now", Intent::Refresh { profile: id() })),
            Action::CopyRedirectUri => Some(offer("Copy redirect address", Intent::CopyRedirectUri { profile: id() })),
            // Not a resident's.
            Action::QuitOld => None,
        });
        Some(Self { title: problem.title, body: problem.detail, advice: problem.advice, action, profile: id() })
    }
}

impl NoticeAction {
    /// Opens the window, or brings it forward: what helps where nothing shorter does.
    pub fn open() -> Self {
        offer("Open Gatepass", Intent::ShowWindow)
    }
}

fn sign_in(profile: String) -> NoticeAction {
    offer("Sign in", Intent::SignIn { profile, as_someone_else: false })
}

fn offer(label: &str, intent: Intent) -> NoticeAction {
    NoticeAction { label: label.into(), intent }
}

/// Hands the agent's notices on, in words. Ends with the agent.
pub(crate) async fn put_into_words(
    mut notices: mpsc::UnboundedReceiver<Notifying>,
    to: mpsc::UnboundedSender<NoticeRequest>,
    log: Arc<ActivityLog>,
    clock: Arc<dyn Clock>,
) {
    let started_at = millis(clock.now());
    while let Some(word) = notices.recv().await {
        let request = match word {
            Notifying::Show(notice) => {
                if is_lasting(&notice.kind) && was_told(&read(&log).await, started_at, &notice) {
                    continue;
                }
                let what = Activity::Noticed { about: about(&notice.kind).into() };
                let profile = Some(notice.profile.to_string());
                log.record(ActivityEntry { at: millis(clock.now()), profile, what });
                NoticeRequest::Show(notice.id, Box::new(in_words(&notice)))
            }
            Notifying::TakeBack(id) => NoticeRequest::TakeBack(id),
        };
        // A shell that is gone is quitting; nobody is left to tell.
        let _ = to.send(request);
    }
}

async fn read(log: &Arc<ActivityLog>) -> Vec<ActivityEntry> {
    let log = Arc::clone(log);
    tokio::task::spawn_blocking(move || log.read()).await.unwrap_or_default()
}

/// Whether the next run of the program would tell the same again. The end of a session would not: it leaves nothing to
/// find. Nor is it ever left untold, whatever the log says.
fn is_lasting(kind: &NoticeKind) -> bool {
    match kind {
        NoticeKind::Blocked(_) | NoticeKind::Unread(_) | NoticeKind::EndsSoon => true,
        NoticeKind::SignInNeeded(_) | NoticeKind::MemoryOnly(_) | NoticeKind::OtherPerson => false,
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
    }
}

/// No text of a server is in it: a notice has no room to mark it as a quotation.
fn in_words(notice: &Notice) -> NoticeForPeople {
    let profile = || notice.profile.to_string();
    let told = |title: &str, body: String, advice: &str, action| NoticeForPeople {
        title: format!("{title}: {}", isolated(&name(&notice.profile_name))),
        body,
        advice: advice.into(),
        action: Some(action),
        profile: profile(),
    };
    let (sign_in, open) = (sign_in(profile()), NoticeAction::open());
    match &notice.kind {
        NoticeKind::SignInNeeded(reason) => {
            let Problem { detail, .. } = problem::sign_in_required(reason);
            told("Sign in again", detail, "Open Gatepass to sign in.", sign_in)
        }
        NoticeKind::Blocked(_) => {
            let body = "Okta refuses to renew the session until an admin acts.";
            told("Renewal is blocked", body.into(), "Open Gatepass to see what to ask for.", open)
        }
        NoticeKind::MemoryOnly(because) => {
            let Problem { detail, advice, .. } = problem::memory_only(*because);
            told("Signed in until you quit", format!("{detail} {advice}"), "", open)
        }
        NoticeKind::Unread(because @ VaultError::Corrupt) => {
            told("Sign in again", problem::vault(*because).detail, "Open Gatepass to sign in.", sign_in)
        }
        NoticeKind::Unread(because) => {
            let Problem { title, detail, advice, .. } = problem::unread(*because);
            told(&title, format!("{detail} {advice}"), "", open)
        }
        NoticeKind::EndsSoon => {
            let body = "The session ends within a day, and Okta lets no renewal put that off.";
            told("Sign in again soon", body.into(), "Open Gatepass to sign in again.", sign_in)
        }
        NoticeKind::OtherPerson => {
            let body = "Nothing is changed until you say in Gatepass which session to keep.";
            told("Somebody else signed in", body.into(), "", open)
        }
    }
}

#[cfg(test)]
mod tests;
