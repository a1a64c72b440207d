//! Notices: messages that the desktop shows once. Nothing depends on one being seen.
//!
//! On Linux they are sent over the bus from here: the plugin would head them with the name of the program's file.

use gatepass_app::NoticeForPeople;
use gatepass_wire::{Answer, CopiedThing, Millis, Receipt};
use tauri::AppHandle;

use super::tray::time_left;

/// Shows a notice.
pub fn show(shell: &AppHandle, title: &str, body: &str) {
    if let Err(error) = system::show(shell, title, body) {
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
        // Those that are about profiles are answers to a form.
        Answer::Done
        | Answer::Activity { .. }
        | Answer::Report(_)
        | Answer::Added { .. }
        | Answer::SignsOut
        | Answer::Draft(_)
        | Answer::Places { .. } => None,
    }
}

fn about_copied(receipt: &Receipt, now: Millis) -> (String, String) {
    let what = match receipt.what {
        CopiedThing::AccessToken => "Access token copied",
        CopiedThing::AuthorizationHeader => "Authorization header copied",
        CopiedThing::Curl => "curl line copied",
        CopiedThing::Export => "export line copied",
        CopiedThing::Json => "Access token copied as JSON",
        CopiedThing::IdToken => "ID token copied",
        CopiedThing::Groups => "Groups copied",
        CopiedThing::Group => "Group copied",
        CopiedThing::SignInLink => "Sign-in link copied",
        CopiedThing::RedirectUri => "Redirect URI copied",
        CopiedThing::ProfileLink | CopiedThing::ProfileText => "Profile copied",
        CopiedThing::Diagnostics | CopiedThing::Place => "Copied",
    };
    let valid = receipt.expires_at.map(|end| format!("Valid for {}.", time_left(end, now)));
    let cleared = receipt.clears_at.map(|at| {
        let seconds = at.0.saturating_sub(now.0).max(0).saturating_add(500) / 1000;
        format!("The clipboard is cleared in {seconds} s.")
    });
    (what.into(), [valid, cleared].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// The Desktop Notifications Specification, spoken to whatever desktop there is.
#[cfg(target_os = "linux")]
mod system {
    use std::collections::HashMap;
    use std::sync::{Mutex, PoisonError};

    use tauri::AppHandle;
    use zbus::blocking::Connection;
    use zbus::zvariant::Value;

    const NAME: &str = "org.freedesktop.Notifications";
    const PATH: &str = "/org/freedesktop/Notifications";

    /// Kept open, since some desktops take the notices of a program away that leaves the bus. One that broke is not put
    /// back.
    static BUS: Mutex<Option<Connection>> = Mutex::new(None);

    pub(super) fn show(_: &AppHandle, title: &str, body: &str) -> zbus::Result<()> {
        let mut kept = BUS.lock().unwrap_or_else(PoisonError::into_inner);
        let bus = match kept.take() {
            Some(bus) => bus,
            None => Connection::session()?,
        };
        let body = if body_is_markup(&bus)? { super::escape(body) } else { body.to_owned() };
        let no_actions: &[&str] = &[];
        let no_hints: HashMap<&str, Value<'_>> = HashMap::new();
        // In order: who it is from, which notice it replaces, the icon's name, …, and for how long: as the desktop likes.
        let notice = ("Gatepass", 0u32, "gatepass-desktop", title, body, no_actions, no_hints, -1i32);
        bus.call_method(Some(NAME), PATH, Some(NAME), "Notify", &notice)?;
        *kept = Some(bus);
        Ok(())
    }

    /// Whether the desktop reads the body of a notice as markup (capability `body-markup`). If it does, a name from
    /// outside could put a link there; if it does not, escapes would show.
    fn body_is_markup(bus: &Connection) -> zbus::Result<bool> {
        let reply = bus.call_method(Some(NAME), PATH, Some(NAME), "GetCapabilities", &())?;
        let capabilities: Vec<String> = reply.body().deserialize()?;
        Ok(capabilities.iter().any(|capability| capability == "body-markup"))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use tauri::AppHandle;
    use tauri_plugin_notification::NotificationExt as _;

    pub(super) fn show(shell: &AppHandle, title: &str, body: &str) -> tauri_plugin_notification::Result<()> {
        shell.notification().builder().title(title).body(body).show()
    }
}

#[cfg(any(target_os = "linux", test))]
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
