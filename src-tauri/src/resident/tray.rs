//! What the tray shows: a pure function of the snapshot and the time. [`tray_icon`](super::tray_icon) applies it.
//!
//! Names in it come from outside. They are clean of control characters already; here they are cut, isolated from the
//! text beside them (a right-to-left name must not turn the time around), and kept out of the tooltip, which some
//! desktops read as markup.

use std::sync::Arc;
use std::time::Duration;

use gatepass_wire::{AttemptStage, Intent, Millis, Profile, Session, Snapshot, Status};

/// All that the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// Which icon: the state of the profile that needs the person most.
    pub icon: Status,
    /// The same in words, without the program's name.
    pub tooltip: String,
    /// The menu, from the top.
    pub entries: Vec<Entry>,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Text that does nothing.
    Heading(String),
    /// Text that does something.
    Item {
        /// What it does.
        deed: Deed,
        /// Its text.
        label: String,
        /// Whether it can be clicked.
        enabled: bool,
    },
    /// A line between groups.
    Separator,
}

/// What a click in the menu does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Open the window, or bring it forward.
    Open,
    /// End the resident and the window.
    Quit,
    /// Put the access token of this profile on the clipboard.
    CopyAccessToken(String),
    /// Renew this profile's session.
    Refresh(String),
    /// Open the browser at Okta's sign-in page.
    SignIn(String),
    /// Give the sign-in up.
    CancelSignIn(String),
    /// Revoke and forget.
    SignOut(String),
}

impl Deed {
    /// The menu id, which says all: a click in a menu that is being replaced still means what it said.
    pub fn id(&self) -> String {
        match self {
            Self::Open => "open".into(),
            Self::Quit => "quit".into(),
            Self::CopyAccessToken(profile) => format!("copy-access-token:{profile}"),
            Self::Refresh(profile) => format!("refresh:{profile}"),
            Self::SignIn(profile) => format!("sign-in:{profile}"),
            Self::CancelSignIn(profile) => format!("cancel-sign-in:{profile}"),
            Self::SignOut(profile) => format!("sign-out:{profile}"),
        }
    }

    /// Reads [`Deed::id`] back.
    pub fn of_id(id: &str) -> Option<Self> {
        let (what, profile) = id.split_once(':').unwrap_or((id, ""));
        let profile = profile.to_owned();
        match what {
            "open" => Some(Self::Open),
            "quit" => Some(Self::Quit),
            "copy-access-token" => Some(Self::CopyAccessToken(profile)),
            "refresh" => Some(Self::Refresh(profile)),
            "sign-in" => Some(Self::SignIn(profile)),
            "cancel-sign-in" => Some(Self::CancelSignIn(profile)),
            "sign-out" => Some(Self::SignOut(profile)),
            _ => None,
        }
    }

    /// What to ask of the resident.
    pub fn intent(self) -> Intent {
        match self {
            Self::Open => Intent::ShowWindow,
            Self::Quit => Intent::Quit,
            Self::CopyAccessToken(profile) => Intent::CopyAccessToken { profile },
            Self::Refresh(profile) => Intent::Refresh { profile },
            Self::SignIn(profile) => Intent::SignIn { profile, as_someone_else: false },
            Self::CancelSignIn(profile) => Intent::CancelSignIn { profile },
            Self::SignOut(profile) => Intent::SignOut { profile },
        }
    }
}

/// What the tray shows of `snapshot` at `now`.
pub fn render(snapshot: &Snapshot, now: Millis) -> TrayView {
    let mut entries = Vec::new();
    for profile in &snapshot.profiles {
        entries.push(Entry::Heading(heading(profile, now)));
        entries.extend(deeds(profile));
        entries.push(Entry::Separator);
    }
    entries.push(item(Deed::Open, "Open Gatepass"));
    entries.push(item(Deed::Quit, "Quit"));
    let icon = neediest(&snapshot.profiles);
    TrayView { icon, tooltip: tooltip(snapshot, icon), entries }
}

/// How long what [`render`] showed stays true if nothing happens: until a time left in it is another one. At most 30
/// seconds, since a laptop that slept counts none of its sleep.
pub fn stays_true_for(snapshot: &Snapshot, now: Millis) -> Duration {
    const LONGEST: Duration = Duration::from_secs(30);
    let ends = snapshot.profiles.iter().filter_map(|profile| profile.session.as_ref()?.expires_at);
    let left = ends.map(|end| end.0.saturating_sub(now.0)).filter(|left| *left > 0);
    // One millisecond past the minute: at the minute itself, the old text is still right.
    left.map(|left| Duration::from_millis((left % 60_000).unsigned_abs() + 1)).min().unwrap_or(LONGEST).min(LONGEST)
}

fn deeds(profile: &Profile) -> Vec<Entry> {
    let id = || profile.id.clone();
    let mut entries = Vec::new();
    if let Some(session) = &profile.session {
        entries.push(item(Deed::CopyAccessToken(id()), "Copy access token"));
        if session.renewable {
            let enabled = profile.status != Status::Renewing;
            entries.push(Entry::Item { deed: Deed::Refresh(id()), label: "Refresh now".into(), enabled });
        }
    }
    let can_renew = profile.session.as_ref().is_some_and(|session| session.renewable);
    if let Some(attempt) = &profile.attempt {
        let enabled = attempt.stage != AttemptStage::Storing;
        entries.push(Entry::Item { deed: Deed::CancelSignIn(id()), label: "Cancel sign-in".into(), enabled });
    } else if !can_renew && !profile.reading {
        entries.push(item(Deed::SignIn(id()), "Sign in with Okta…"));
    }
    if profile.session.is_some() {
        entries.push(item(Deed::SignOut(id()), "Sign out"));
    }
    entries
}

fn item(deed: Deed, label: &str) -> Entry {
    Entry::Item { deed, label: label.into(), enabled: true }
}

fn heading(profile: &Profile, now: Millis) -> String {
    /// Longer names widen the whole menu.
    const MAX_NAME: usize = 48;
    let name = gatepass_app::people_text(&profile.name, MAX_NAME);
    let shape = shape(profile, now);
    let memory_only = if profile.memory_only.is_some() { " ◌ until you quit" } else { "" };
    // First strong isolate, pop directional isolate (Unicode Standard Annex 9, section 2.4).
    let name = format!("\u{2068}{name}\u{2069}");
    match standing(profile, now) {
        standing if standing.is_empty() => format!("{shape} {name}{memory_only}"),
        standing => format!("{shape} {name} — {standing}{memory_only}"),
    }
}

/// The shape of the state: never colour alone, and a menu has no colour at all.
fn shape(profile: &Profile, now: Millis) -> char {
    match profile.status {
        Status::SignedIn if profile.session.as_ref().is_some_and(|session| is_ending(session, now)) => '◐',
        Status::SignedIn => '●',
        Status::Renewing => '◔',
        Status::Offline => '◐',
        Status::Blocked => '▲',
        Status::SignInNeeded => '◆',
        Status::SignedOut => '○',
    }
}

/// Whether these are the last minutes of a session that nothing renews.
fn is_ending(session: &Session, now: Millis) -> bool {
    const LAST: i64 = 5 * 60_000;
    !session.renewable && session.expires_at.is_some_and(|end| end.0.saturating_sub(now.0) < LAST)
}

fn standing(profile: &Profile, now: Millis) -> String {
    let left = profile.session.as_ref().and_then(|session| session.expires_at).map(|end| time_left(end, now));
    let with_left = |word: &str| match &left {
        Some(left) => format!("{word}, {left}"),
        None => word.to_owned(),
    };
    match profile.status {
        _ if profile.attempt.is_some() && profile.session.is_none() => "signing in…".into(),
        Status::SignedIn => left.unwrap_or_default(),
        Status::Renewing => with_left("renewing"),
        Status::Offline => with_left("offline"),
        Status::Blocked => with_left("blocked"),
        Status::SignInNeeded => "ended".into(),
        Status::SignedOut if profile.reading => "looking in the keyring…".into(),
        Status::SignedOut => "signed out".into(),
    }
}

/// Whole minutes, rounded down: what is promised is there.
pub fn time_left(end: Millis, now: Millis) -> String {
    match end.0.saturating_sub(now.0).div_euclid(60_000) {
        ..0 => "ended".into(),
        0 => "under 1 min".into(),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..1440 if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes @ 60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        minutes => format!("{} d", minutes / 1440),
    }
}

/// The state that needs the person most. A profile that is signed out on purpose needs nobody: it counts only where
/// there is nothing else.
fn neediest(profiles: &[Arc<Profile>]) -> Status {
    let need = |status: Status| match status {
        Status::SignInNeeded => 5,
        Status::Blocked => 4,
        Status::Offline => 3,
        Status::Renewing => 2,
        Status::SignedIn => 1,
        Status::SignedOut => 0,
    };
    profiles.iter().map(|profile| profile.status).max_by_key(|status| need(*status)).unwrap_or(Status::SignedOut)
}

fn tooltip(snapshot: &Snapshot, icon: Status) -> String {
    const LOOKING: &str = "Looking in the keyring…";
    let word = match icon {
        Status::SignedIn => "Signed in",
        Status::Renewing => "Renewing",
        Status::Offline => "Offline",
        Status::Blocked => "Blocked",
        Status::SignInNeeded => "Sign-in needed",
        // Said of none of them before it is known of all.
        Status::SignedOut if snapshot.profiles.iter().any(|profile| profile.reading) => return LOOKING.into(),
        Status::SignedOut => "Signed out",
    };
    let all = snapshot.profiles.len();
    match snapshot.profiles.iter().filter(|profile| profile.status == icon).count() {
        some if some < all => format!("{word} ({some} of {all})"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests;
