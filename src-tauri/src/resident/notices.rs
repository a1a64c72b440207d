//! Notices: messages that the desktop shows once. Nothing depends on one being seen. Where the desktop can offer what
//! helps beside it, it does; elsewhere the text says what to do.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

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
        std::thread::Builder::new().name("notices".into()).spawn(move || carry_out(desktop, &received, AGAIN))?;
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

/// What shows notices.
trait Board {
    type Error: std::fmt::Display;

    fn show(&mut self, id: Option<NoticeId>, notice: &NoticeForPeople) -> Result<(), Self::Error>;

    fn take_back(&mut self, id: NoticeId) -> Result<(), Self::Error>;
}

/// A notice that was not taken is offered again so often: whoever starts with the session may come before what shows
/// notices.
const OFFERED_AGAIN: usize = 12;

/// How soon.
const AGAIN: Duration = Duration::from_secs(5);

fn carry_out(mut board: impl Board, requests: &Receiver<Request>, again: Duration) {
    let mut refused: Vec<(Option<NoticeId>, Box<NoticeForPeople>, usize)> = Vec::new();
    loop {
        let request = if refused.is_empty() {
            requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            requests.recv_timeout(again)
        };
        match request {
            Ok(Request::Show(id, notice)) => refused.extend(offer(&mut board, id, notice, OFFERED_AGAIN)),
            Ok(Request::TakeBack(id)) => {
                refused.retain(|(of, ..)| *of != Some(id));
                if let Err(error) = board.take_back(id) {
                    tracing::warn!(%error, "the desktop does not take a notice back");
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let all = std::mem::take(&mut refused);
                refused =
                    all.into_iter().filter_map(|(id, notice, left)| offer(&mut board, id, notice, left)).collect();
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Shows a notice; it, if it is to be offered again.
fn offer(
    board: &mut impl Board,
    id: Option<NoticeId>,
    notice: Box<NoticeForPeople>,
    left: usize,
) -> Option<(Option<NoticeId>, Box<NoticeForPeople>, usize)> {
    let Err(error) = board.show(id, &notice) else { return None };
    tracing::warn!(%error, left, "the desktop does not take a notice");
    // Who clicked has looked elsewhere by then.
    (id.is_some() && left > 0).then(|| (id, notice, left - 1))
}

impl Board for Desktop {
    #[cfg(target_os = "linux")]
    type Error = zbus::Error;
    #[cfg(not(target_os = "linux"))]
    type Error = tauri_plugin_notification::Error;

    fn show(&mut self, id: Option<NoticeId>, notice: &NoticeForPeople) -> Result<(), Self::Error> {
        Self::show(self, id, notice)
    }

    fn take_back(&mut self, id: NoticeId) -> Result<(), Self::Error> {
        Self::take_back(self, id)
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

    /// A desktop whose notices come some time after the session.
    struct Late {
        n_refusals: usize,
        did: Sender<String>,
    }

    impl Board for Late {
        type Error = &'static str;

        fn show(&mut self, _: Option<NoticeId>, notice: &NoticeForPeople) -> Result<(), Self::Error> {
            if self.n_refusals > 0 {
                self.n_refusals -= 1;
                return Err("not there yet");
            }
            let _ = self.did.send(notice.title.clone());
            Ok(())
        }

        fn take_back(&mut self, _: NoticeId) -> Result<(), Self::Error> {
            Ok(())
        }
    }

    #[test]
    fn a_notice_that_comes_before_the_desktop_is_offered_again_unless_it_was_taken_back() {
        let notice = |title: &str| {
            let (title, body) = (title.into(), String::new());
            Box::new(NoticeForPeople { title, body, advice: String::new(), action: None, profile: String::new() })
        };
        let ((requests, received), (did, done)) = (channel(), channel());
        let board = Late { n_refusals: 4, did };
        requests.send(Request::Show(Some(NoticeId(1)), notice("over"))).expect("it runs");
        requests.send(Request::TakeBack(NoticeId(1))).expect("it runs");
        requests.send(Request::Show(None, notice("a click"))).expect("it runs");
        requests.send(Request::Show(Some(NoticeId(2)), notice("lasts"))).expect("it runs");
        // All of it is there before the first is looked at.
        let showing = std::thread::spawn(move || carry_out(board, &received, Duration::from_millis(1)));
        assert_eq!(done.recv().expect("a notice"), "lasts");
        drop(requests);
        showing.join().expect("it ends");
        assert_eq!(done.recv().ok(), None, "what was taken back, or only confirmed a click, came again");
    }
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
