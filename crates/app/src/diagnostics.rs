//! What helps whoever looks for a mistake: versions, system, states and recent activity, as text for a person to read
//! before they send it. Made of what may be drawn, so no token can be in it; names, hosts, client IDs and paths are in it
//! only if the person ticked that, and an e-mail address never is.

use std::fmt::Write as _;

use gatepass_wire::frame::VERSION;
use gatepass_wire::{ActivityEntry, Kept, KeptAt, Millis, Profile, Session, Settings, Snapshot};
use serde_json::Value;

use crate::text::{people_text, without_emails};
use crate::vault;

/// Entries of the activity that are in it.
const MAX_ACTIVITY: usize = 50;

/// What it is made of.
pub(crate) struct Facts<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// Oldest first.
    pub(crate) activity: &'a [ActivityEntry],
    pub(crate) system: &'a System,
    pub(crate) now: Millis,
    /// Where things are kept, if names, hosts, client IDs and paths are to be in it.
    pub(crate) names: Option<&'a [KeptAt]>,
}

/// The system that this runs on.
pub(crate) struct System {
    /// Kind, processor and, where it is known, version.
    name: String,
    /// What the session says that it is.
    desktop: String,
}

impl System {
    /// As this one describes itself.
    pub(crate) fn of_this_one() -> Self {
        let kind = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
        let version = version_of_the_system();
        let stated: Vec<_> = ["XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE"].into_iter().filter_map(stated).collect();
        Self {
            name: version.map_or(kind.clone(), |version| format!("{kind}, {}", people_text(&version, 80))),
            desktop: if stated.is_empty() { "not stated".into() } else { stated.join(", ") },
        }
    }
}

/// Of a variable, what looks like the name of a desktop.
fn stated(variable: &str) -> Option<String> {
    let value = std::env::var_os(variable)?.into_string().ok()?;
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, ':' | '-' | '_');
    (!value.is_empty() && value.len() <= 60 && value.chars().all(is_plain)).then_some(value)
}

#[cfg(target_os = "linux")]
fn version_of_the_system() -> Option<String> {
    // os-release(5)
    let text = std::fs::read_to_string("/etc/os-release").or_else(|_| std::fs::read_to_string("/usr/lib/os-release"));
    let name = text.ok()?.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=").map(str::to_owned))?;
    Some(name.trim_matches('"').to_owned())
}

#[cfg(target_os = "macos")]
fn version_of_the_system() -> Option<String> {
    let said = std::process::Command::new("/usr/bin/sw_vers").arg("-productVersion").output().ok()?;
    Some(String::from_utf8(said.stdout).ok()?.trim().to_owned()).filter(|version| !version.is_empty())
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn version_of_the_system() -> Option<String> {
    None
}

/// The text.
pub(crate) fn report(facts: &Facts<'_>) -> String {
    let Facts { snapshot, system, names, .. } = facts;
    let mut lines = vec![
        "Gatepass diagnostics".to_owned(),
        match names {
            Some(_) => "With names, hosts, client IDs and paths. Without secrets and e-mail addresses.".to_owned(),
            None => "Without names, hosts, client IDs, paths, secrets and e-mail addresses.".to_owned(),
        },
        String::new(),
        format!("Version: {} (local API {VERSION})", snapshot.resident.version),
        format!("System: {}", system.name),
        format!("Desktop: {}", system.desktop),
        format!("Tray: {}", if snapshot.resident.in_tray { "yes" } else { "no" }),
        format!("Keyring: {}, {}", vault::KIND, keyring(snapshot)),
        format!("Settings: {}", settings(&snapshot.settings, names.is_some())),
        format!("Profiles file: {}", snapshot.problem.as_ref().map_or("good", |problem| &problem.code)),
        format!("Settings file: {}", snapshot.settings_problem.as_ref().map_or("good", |problem| &problem.code)),
    ];
    let places = names.unwrap_or_default();
    lines.extend(places.iter().map(|place| format!("{}: {}", kept(place.what), place.place)));
    for (index, profile) in snapshot.profiles.iter().enumerate() {
        lines.push(String::new());
        lines.extend(about_profile(index + 1, profile, facts));
    }
    lines.push(String::new());
    lines.push("Recent activity, newest first:".into());
    lines.extend(facts.activity.iter().rev().take(MAX_ACTIVITY).map(|entry| happened(entry, facts)));
    let text = lines.join("\n") + "\n";
    without_emails(&text, "(e-mail address)")
}

/// What is known of the keyring without asking it: that may raise a password dialog.
fn keyring(snapshot: &Snapshot) -> String {
    let troubles = snapshot.profiles.iter().filter_map(|profile| {
        let of_keyring = profile.problem.as_ref().filter(|problem| problem.code.starts_with("keyring-"));
        profile.memory_only.as_ref().or(of_keyring)
    });
    match troubles.map(|problem| problem.code.clone()).next() {
        Some(code) => code,
        None if snapshot.profiles.is_empty() => "not asked yet".into(),
        None if snapshot.profiles.iter().any(|profile| profile.reading) => "asked, has not answered yet".into(),
        None => "answers".into(),
    }
}

fn settings(settings: &Settings, with_names: bool) -> String {
    let browser = match settings.browser.as_str() {
        "" => "of the system".to_owned(),
        browser if with_names => people_text(browser, 200),
        _ => "chosen".to_owned(),
    };
    format!(
        "theme {}, language {}, clipboard {} s, notices {}, activity {} days, browser {browser}, start at sign-in {}",
        word(&settings.theme),
        word(&settings.language),
        settings.clipboard_seconds,
        word(&settings.notices),
        settings.activity_days,
        if settings.start_at_sign_in { "yes" } else { "no" },
    )
}

fn about_profile(number: usize, profile: &Profile, facts: &Facts<'_>) -> Vec<String> {
    let mut states = vec![word(&profile.status)];
    states.push(if is_org_server(profile) { "org server".into() } else { "custom server".into() });
    if profile.demo {
        states.push("demo".into());
    }
    if profile.reading {
        states.push("keyring asked".into());
    }
    if let Some(because) = &profile.memory_only {
        states.push(format!("in memory only ({})", because.code));
    }
    if let Some(attempt) = &profile.attempt {
        states.push(format!("sign-in {}", word(&attempt.stage)));
    }
    let mut lines = vec![format!("profile {number}: {}", states.join(", "))];
    if let Some(session) = &profile.session {
        lines.push(format!("  {}", about_session(session, facts.now)));
    }
    if let Some(at) = profile.ended_at {
        lines.push(format!("  ended {}", relative(at, facts.now)));
    }
    if let Some(problem) = &profile.problem {
        lines.push(format!("  problem: {}", problem.code));
    }
    if facts.names.is_some() {
        lines.push(format!("  name: {}", profile.name));
        lines.push(format!("  issuer: {}", profile.issuer));
        lines.push(format!("  client ID: {}", profile.client_id));
        lines.push(format!("  redirect URIs: {}", profile.redirect_uris.join(" ")));
    }
    lines
}

fn about_session(session: &Session, now: Millis) -> String {
    let mut facts = Vec::new();
    match session.expires_at {
        Some(at) => facts.push(format!("access token ends {}", relative(at, now))),
        None => facts.push("no access token, or one without end".into()),
    }
    facts.extend(session.lifetime_ms.map(|lifetime| format!("lives {}", span(lifetime))));
    facts.extend(session.refresh_at.map(|at| format!("renewal {}", relative(at, now))));
    facts.extend(session.retry_at.map(|at| format!("retry {}", relative(at, now))));
    facts.extend(session.ends_at.map(|at| format!("session ends {}", relative(at, now))));
    facts.push(if session.renewable { "refresh token".into() } else { "no refresh token".into() });
    facts.push(format!("{} groups", session.groups.names.len()));
    facts.join(", ")
}

/// One line: what, to which profile, and when. The fields are those of the activity log, which has no names.
fn happened(entry: &ActivityEntry, facts: &Facts<'_>) -> String {
    let place = |id: &String| facts.snapshot.profiles.iter().position(|profile| profile.id == *id);
    let whom = match entry.profile.as_ref().map(place) {
        None => String::new(),
        Some(Some(index)) => format!(" profile {}", index + 1),
        Some(None) => " a profile that is gone".to_owned(),
    };
    let mut line = format!("{}:{whom}", relative(entry.at, facts.now));
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&entry.what) else { return line };
    if let Some(Value::String(what)) = fields.remove("what") {
        let _ = write!(line, " {what}");
    }
    for (name, value) in fields {
        let _ = match value {
            Value::String(text) => write!(line, ", {text}"),
            Value::Number(at) => write!(line, ", {name} {}", relative(Millis(at.as_i64().unwrap_or(0)), facts.now)),
            _ => Ok(()),
        };
    }
    line
}

/// An issuer without a path is the org's own authorization server.
fn is_org_server(profile: &Profile) -> bool {
    profile.issuer.split_once("://").is_some_and(|(_, rest)| !rest.trim_end_matches('/').contains('/'))
}

fn kept(what: Kept) -> &'static str {
    match what {
        Kept::Profiles => "Profiles are in",
        Kept::Settings => "Settings are in",
        Kept::Activity => "Activity is in",
        Kept::Log => "The log is",
        Kept::Sessions => "Sessions are in the keyring under",
    }
}

fn relative(at: Millis, now: Millis) -> String {
    let distance = at.0.abs_diff(now.0);
    if at >= now { format!("in {}", span(distance)) } else { format!("{} ago", span(distance)) }
}

/// A span of milliseconds, in its two largest units.
fn span(ms: u64) -> String {
    let seconds = ms / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// The word of the wire, such as `sign-in-needed`.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
