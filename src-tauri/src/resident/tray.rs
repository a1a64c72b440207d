//! What the tray shows: a pure function of the snapshot and the time. [`tray_icon`](super::tray_icon) applies it.
//!
//! Names in it come from outside. They are clean of control characters already; here they are cut, and isolated from the
//! text beside them: a right-to-left name must not turn the time around.

use std::cmp::Reverse;
use std::time::Duration;

use gatepass_app::ShellWords;
use gatepass_wire::{AttemptStage, Intent, Millis, Profile, Snapshot, Status};

/// All that the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// Which icon.
    pub icon: Icon,
    /// The state and the time left of the profile that needs the person most, without the program's name. Not markup.
    pub tooltip: String,
    /// The menu, from the top.
    pub entries: Vec<Entry>,
}

/// Which icon, by its two shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon {
    /// The state of the profile that needs the person most.
    pub status: Status,
    /// Whether some session would not survive a restart.
    pub memory_only: bool,
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

impl TrayView {
    /// Whether the menu of `other` has the same lines, whatever stands in them: then the one becomes the other in place.
    pub fn has_lines_of(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self.entries.iter().zip(&other.entries).all(|(entry, other)| entry.is_same_line(other))
    }
}

impl Entry {
    fn is_same_line(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Heading(_), Self::Heading(_)) | (Self::Separator, Self::Separator) => true,
            (Self::Item { deed, .. }, Self::Item { deed: other, .. }) => deed == other,
            _ => false,
        }
    }
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
            Self::SignIn(profile) => Intent::SignIn { profile, as_someone_else: false, with_code: false },
            Self::CancelSignIn(profile) => Intent::CancelSignIn { profile },
            Self::SignOut(profile) => Intent::SignOut { profile, in_browser: false },
        }
    }
}

/// What the tray shows of `snapshot` at `now`.
pub fn render(snapshot: &Snapshot, now: Millis) -> TrayView {
    let words = ShellWords::of(snapshot.resident.language);
    let mut entries = Vec::new();
    for profile in &snapshot.profiles {
        entries.push(Entry::Heading(heading(profile, now, words)));
        entries.extend(deeds(profile, words));
        entries.push(Entry::Separator);
    }
    entries.push(item(Deed::Open, words.open));
    entries.push(item(Deed::Quit, words.quit));
    let neediest = neediest(snapshot);
    let icon = Icon {
        status: neediest.map_or(Status::SignedOut, |profile| profile.status),
        memory_only: snapshot.profiles.iter().any(|profile| profile.memory_only.is_some()),
    };
    TrayView { icon, tooltip: tooltip(snapshot, neediest, now, words), entries }
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

fn deeds(profile: &Profile, words: &ShellWords) -> Vec<Entry> {
    let id = || profile.id.clone();
    let mut entries = Vec::new();
    if let Some(session) = &profile.session {
        entries.push(item(Deed::CopyAccessToken(id()), words.copy_access_token));
        if session.renewable {
            let enabled = profile.status != Status::Renewing;
            entries.push(Entry::Item { deed: Deed::Refresh(id()), label: words.refresh.into(), enabled });
        }
    }
    let can_renew = profile.session.as_ref().is_some_and(|session| session.renewable);
    if let Some(attempt) = &profile.attempt {
        let enabled = attempt.stage != AttemptStage::Storing;
        entries.push(Entry::Item { deed: Deed::CancelSignIn(id()), label: words.cancel_sign_in.into(), enabled });
    } else if !can_renew && !profile.reading {
        entries.push(item(Deed::SignIn(id()), words.sign_in_with_okta));
    }
    if profile.session.is_some() {
        entries.push(item(Deed::SignOut(id()), words.sign_out));
    }
    entries
}

fn item(deed: Deed, label: &str) -> Entry {
    Entry::Item { deed, label: label.into(), enabled: true }
}

fn heading(profile: &Profile, now: Millis, words: &ShellWords) -> String {
    let (shape, name) = (shape(profile.status), name(profile));
    let memory_only = if profile.memory_only.is_some() { format!(" ◌ {}", words.until_quit) } else { String::new() };
    match standing(profile, now, words) {
        standing if standing.is_empty() => format!("{shape} {name}{memory_only}"),
        standing => format!("{shape} {name} — {standing}{memory_only}"),
    }
}

/// The name of a profile, to stand beside other text.
fn name(profile: &Profile) -> String {
    /// Longer names widen the whole menu.
    const MAX_NAME: usize = 48;
    // First strong isolate, pop directional isolate (Unicode Standard Annex 9, section 2.4).
    format!("\u{2068}{}\u{2069}", gatepass_app::people_text(&profile.name, MAX_NAME))
}

/// The shape of the state: never colour alone, and a menu has no colour at all.
fn shape(status: Status) -> char {
    match status {
        Status::SignedIn => '●',
        Status::Renewing => '◔',
        Status::Offline => '◐',
        Status::Blocked => '▲',
        Status::SignInNeeded => '◆',
        Status::SignedOut => '○',
    }
}

/// What stands beside the name in the menu, where the shape says some of it already.
fn standing(profile: &Profile, now: Millis, words: &ShellWords) -> String {
    match (profile.status, left(profile, now, words)) {
        (Status::SignedIn, left) => left.unwrap_or_default(),
        (Status::SignInNeeded, _) if profile.attempt.is_none() => words.states.ended.into(),
        (_, Some(left)) => format!("{}, {left}", word(profile, words)),
        (_, None) => word(profile, words).into(),
    }
}

/// The state in a word.
fn word(profile: &Profile, words: &ShellWords) -> &'static str {
    match profile.status {
        _ if profile.attempt.is_some() && profile.session.is_none() => words.states.signing_in,
        Status::SignedIn => words.states.signed_in,
        Status::Renewing => words.states.renewing,
        Status::Offline => words.states.offline,
        Status::Blocked => words.states.blocked,
        Status::SignInNeeded => words.states.sign_in_needed,
        Status::SignedOut if profile.reading => words.states.reading,
        Status::SignedOut => words.states.signed_out,
    }
}

fn left(profile: &Profile, now: Millis, words: &ShellWords) -> Option<String> {
    profile.session.as_ref()?.expires_at.map(|end| time_left(end, now, words))
}

/// Whole minutes, rounded down: what is promised is there.
pub fn time_left(end: Millis, now: Millis, words: &ShellWords) -> String {
    match end.0.saturating_sub(now.0).div_euclid(60_000) {
        ..0 => words.states.ended.into(),
        0 => words.under_a_minute.into(),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..1440 if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes @ 60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        minutes => format!("{} d", minutes / 1440),
    }
}

/// The profile that needs the person most; of several, the one whose time is up first. One that is signed out on purpose
/// needs nobody: it counts only where there is nothing else.
fn neediest(snapshot: &Snapshot) -> Option<&Profile> {
    let need = |status: Status| match status {
        Status::SignInNeeded => 5,
        Status::Blocked => 4,
        Status::Offline => 3,
        Status::Renewing => 2,
        Status::SignedIn => 1,
        Status::SignedOut => 0,
    };
    let end = |profile: &Profile| profile.session.as_ref().and_then(|session| session.expires_at).map(|end| end.0);
    let profiles = snapshot.profiles.iter().map(|profile| &**profile);
    profiles.min_by_key(|profile| (Reverse(need(profile.status)), end(profile).unwrap_or(i64::MAX)))
}

/// How `profile` stands, and how many more stand so. It is named where there are others.
fn tooltip(snapshot: &Snapshot, profile: Option<&Profile>, now: Millis, words: &ShellWords) -> String {
    let Some(profile) = profile else { return capital(words.states.signed_out) };
    // Said of none of them before it is known of all.
    if profile.status == Status::SignedOut && snapshot.profiles.iter().any(|profile| profile.reading) {
        return capital(words.states.reading);
    }
    let mut said = word(profile, words).to_owned();
    match left(profile, now, words) {
        Some(left) if left == words.states.ended => said += words.token_ended,
        Some(left) => said = format!("{said}, {}", (words.left)(&left)),
        None => {}
    }
    if profile.memory_only.is_some() {
        said = format!("{said}, {}", words.until_quit);
    } else if snapshot.profiles.iter().any(|other| other.memory_only.is_some()) {
        said += words.another_until_quit;
    }
    match snapshot.profiles.iter().filter(|other| other.status == profile.status).count() {
        1 if snapshot.profiles.len() == 1 => capital(&said),
        1 => format!("{}: {said}", name(profile)),
        all => format!("{}: {said}", (words.and_more)(&name(profile), all - 1)),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests;
