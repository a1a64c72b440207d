//! Notices: messages that the desktop shows once. Nothing depends on one being seen.

use gatepass_app::NoticeForPeople;
use gatepass_wire::{Answer, CopiedThing, Millis, Receipt};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

use super::tray::time_left;

/// Shows a notice.
pub fn show(shell: &AppHandle, title: &str, body: &str) {
    let body = if body_is_markup() { escape(body) } else { body.to_owned() };
    if let Err(error) = shell.notification().builder().title(title).body(body).show() {
        tracing::warn!(%error, "a notice could not be shown");
    }
}

/// What to say about an intent that came from the tray, which has no other way to answer. `None` where the tray itself
/// will show it.
pub fn about(answer: Answer, now: Millis) -> Option<NoticeForPeople> {
    let notice = |title, body| Some(NoticeForPeople { title, body, profile: String::new() });
    match answer {
        Answer::Copied(receipt) => {
            let (title, body) = about_copied(&receipt, now);
            notice(title, body)
        }
        Answer::Refused(problem) => notice(problem.title, format!("{} {}", problem.detail, problem.advice)),
        Answer::Done | Answer::Report(_) | Answer::Added { .. } => None,
    }
}

fn about_copied(receipt: &Receipt, now: Millis) -> (String, String) {
    let what = match receipt.what {
        CopiedThing::AccessToken => "Access token copied",
        CopiedThing::Groups => "Groups copied",
        CopiedThing::SignInLink => "Sign-in link copied",
        CopiedThing::RedirectUri => "Redirect URI copied",
    };
    let valid = receipt.expires_at.map(|end| format!("Valid for {}.", time_left(end, now)));
    let cleared = receipt.clears_at.map(|at| {
        let seconds = at.0.saturating_sub(now.0).max(0).saturating_add(500) / 1000;
        format!("The clipboard is cleared in {seconds} s.")
    });
    (what.into(), [valid, cleared].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// Whether the desktop reads the body of a notice as markup (Desktop Notifications Specification, capability
/// `body-markup`). If it does, a name from outside could put a link there; if it does not, escapes would show.
#[cfg(target_os = "linux")]
fn body_is_markup() -> bool {
    const NAME: &str = "org.freedesktop.Notifications";
    let asked = || -> zbus::Result<Vec<String>> {
        let bus = zbus::blocking::Connection::session()?;
        let reply =
            bus.call_method(Some(NAME), "/org/freedesktop/Notifications", Some(NAME), "GetCapabilities", &())?;
        reply.body().deserialize()
    };
    // Where nobody answers, nothing will be shown either.
    asked().is_ok_and(|capabilities| capabilities.iter().any(|capability| capability == "body-markup"))
}

#[cfg(not(target_os = "linux"))]
fn body_is_markup() -> bool {
    false
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, problem};

    #[test]
    fn a_copy_is_confirmed_with_its_times() {
        let receipt = Receipt {
            what: CopiedThing::AccessToken,
            expires_at: Some(Millis(NOW.0 + 41 * 60_000 + 5_000)),
            clears_at: Some(Millis(NOW.0 + 29_990)),
        };
        let notice = about(Answer::Copied(receipt), NOW).expect("a notice");
        assert_eq!(notice.title, "Access token copied");
        assert_eq!(notice.body, "Valid for 41 min. The clipboard is cleared in 30 s.");
    }

    #[test]
    fn a_refusal_is_told_and_what_is_done_is_not() {
        assert_eq!(about(Answer::Refused(problem()), NOW).expect("a notice").title, "No keyring");
        assert_eq!(about(Answer::Done, NOW), None);
    }

    #[test]
    fn markup_in_a_name_is_text() {
        assert_eq!(escape("R&D <a href='x'>"), "R&amp;D &lt;a href='x'&gt;");
    }
}
