//! Notices: messages that the desktop shows once. Nothing depends on one being seen. Where the desktop can offer what
//! helps beside it, it does; elsewhere the text says what to do.

use std::sync::mpsc::{Receiver, Sender, channel};

use gatepass_agent::NoticeId;
use gatepass_app::{NoticeForPeople, NoticeRequest, ShellWords};
use gatepass_wire::{Intent, Millis, Receipt};
use tauri::AppHandle;
use tokio::sync::mpsc;

use super::tray::time_left;

#[cfg(target_os = "linux")]
mod on_linux;

#[cfg(not(target_os = "linux"))]
use by_plugin::Desktop;
#[cfg(target_os = "linux")]
use on_linux::Desktop;

/// Shows notices, on a thread of its own: desktops are asked in the blocking way.
pub struct Notices {
    requests: Sender<Request>,
}

enum Request {
    Show(Option<NoticeId>, Box<NoticeForPeople>),
    TakeBack(NoticeId),
}

impl Notices {
    /// Starts the thread. What the person chooses in a notice is sent to `intents`.
    ///
    /// # Errors
    /// Where the system has no thread left.
    pub fn start(shell: AppHandle, intents: mpsc::UnboundedSender<Intent>) -> std::io::Result<Self> {
        let (requests, received) = channel();
        let desktop = Desktop::new(shell, intents);
        // Ends with this value.
        std::thread::Builder::new().name("notices".into()).spawn(move || carry_out(desktop, &received))?;
        Ok(Self { requests })
    }

    /// Does what the app asks.
    pub fn take(&self, request: NoticeRequest) {
        self.send(match request {
            NoticeRequest::Show(id, notice) => Request::Show(Some(id), notice),
            NoticeRequest::TakeBack(id) => Request::TakeBack(id),
        });
    }

    /// Shows a notice that is never taken back.
    pub fn show(&self, notice: NoticeForPeople) {
        self.send(Request::Show(None, Box::new(notice)));
    }

    fn send(&self, request: Request) {
        // A thread that ended has panicked, which is in the log.
        let _ = self.requests.send(request);
    }
}

fn carry_out(mut desktop: Desktop, requests: &Receiver<Request>) {
    for request in requests {
        let done = match request {
            Request::Show(id, notice) => desktop.show(id, &notice),
            Request::TakeBack(id) => desktop.take_back(id),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the desktop does not take notices");
        }
    }
}

/// Where the plugin shows notices, which neither offers actions on a desktop nor takes anything back.
#[cfg(not(target_os = "linux"))]
mod by_plugin {
    use tauri_plugin_notification::{NotificationExt as _, Result};

    use super::{AppHandle, Intent, NoticeForPeople, NoticeId, mpsc, with_advice};

    pub(super) struct Desktop {
        shell: AppHandle,
    }

    impl Desktop {
        pub(super) fn new(shell: AppHandle, _: mpsc::UnboundedSender<Intent>) -> Self {
            Self { shell }
        }

        pub(super) fn show(&mut self, _: Option<NoticeId>, notice: &NoticeForPeople) -> Result<()> {
            self.shell.notification().builder().title(&notice.title).body(with_advice(notice)).show()
        }

        pub(super) fn take_back(&mut self, _: NoticeId) -> Result<()> {
            Ok(())
        }
    }
}

/// What a notice says where nothing can be offered.
fn with_advice(notice: &NoticeForPeople) -> String {
    [notice.body.as_str(), notice.advice.as_str()].join(" ").trim().to_owned()
}

/// Confirms a copy that was asked for where nothing else would.
pub fn about_copy(receipt: &Receipt, now: Millis, words: &ShellWords) -> NoticeForPeople {
    let valid = receipt.expires_at.map(|end| (words.valid_for)(&time_left(end, now, words)));
    let cleared = receipt.clears_at.map(|at| {
        let seconds = at.0.saturating_sub(now.0).max(0).saturating_add(500) / 1000;
        (words.cleared_in)(seconds)
    });
    let body = [valid, cleared].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let title = (words.copied)(receipt.what).into();
    NoticeForPeople { title, body, advice: String::new(), action: None, profile: String::new() }
}

#[cfg(any(target_os = "linux", test))]
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use gatepass_wire::{CopiedThing, Language};

    use super::*;
    use crate::samples::NOW;

    #[test]
    fn a_copy_is_confirmed_with_its_times() {
        let receipt = Receipt {
            what: CopiedThing::AccessToken,
            expires_at: Some(Millis(NOW.0 + 41 * 60_000 + 5_000)),
            clears_at: Some(Millis(NOW.0 + 29_990)),
        };
        let notice = about_copy(&receipt, NOW, ShellWords::of(Language::English));
        assert_eq!(notice.title, "Access token copied");
        assert_eq!(notice.body, "Valid for 41 min. The clipboard is cleared in 30 s.");
        let notice = about_copy(&receipt, NOW, ShellWords::of(Language::German));
        assert_eq!(notice.title, "Access Token kopiert");
        assert_eq!(notice.body, "Noch 41 min gültig. Die Zwischenablage wird in 30 s geleert.");
    }

    #[test]
    fn what_cannot_be_offered_is_said() {
        let (body, advice) = ("It ended.".to_owned(), "Open Gatepass to sign in.".to_owned());
        let notice = |advice| NoticeForPeople {
            title: String::new(),
            body: body.clone(),
            advice,
            action: None,
            profile: String::new(),
        };
        assert_eq!(with_advice(&notice(advice)), "It ended. Open Gatepass to sign in.");
        assert_eq!(with_advice(&notice(String::new())), "It ended.");
    }

    #[test]
    fn markup_in_a_name_is_text() {
        assert_eq!(escape("R&D <a href='x'>"), "R&amp;D &lt;a href='x'&gt;");
    }
}
