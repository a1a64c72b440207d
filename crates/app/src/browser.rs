//! The browser: the one that the settings name, else the system's.
//!
//! It is only ever given a local address of ours, which leads on to the authorization server: the real address carries
//! `state`, and arguments of processes are kept in places that outlive the sign-in. While the sign-in waits, whoever can
//! read the arguments and reach our loopback address can follow it all the same; SECURITY.md says so.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use gatepass_agent::{Browser, BrowserFailed, Wrong};
use url::{Host, Url};

use crate::settings::SettingsKeeper;
use crate::words::{self, Phrase};

/// How long a launcher has to say that it cannot. One that found a browser may run as long as the browser does.
const TIME_TO_FAIL: Duration = Duration::from_secs(3);

/// The longest text that names a browser, in characters.
const MAX_CHOSEN: usize = 1_000;

/// The browser that this system opens web addresses with.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> Result<(), BrowserFailed> {
        if !is_local(url) {
            return Err(BrowserFailed { reason: "only a local address is opened".into() });
        }
        let mut reason = words::phrase(Phrase::NoBrowser);
        let environment: Vec<_> = std::env::vars_os().collect();
        // Each system has its way, and Linux several: xdg-open, gio, …
        for mut command in open::commands(url.as_str()) {
            without_bundle(&mut command, &environment);
            match launch(command) {
                Ok(()) => return Ok(()),
                Err(Launch::NotFound) => {}
                Err(Launch::Failed(why)) => reason = why,
            }
        }
        Err(BrowserFailed { reason })
    }
}

/// The browser that the settings name; where they name none, the one it is made with.
pub(crate) struct ChosenBrowser {
    pub(crate) system: Arc<dyn Browser>,
    pub(crate) settings: Arc<SettingsKeeper>,
}

impl Browser for ChosenBrowser {
    fn open(&self, url: &Url) -> Result<(), BrowserFailed> {
        let chosen = self.settings.now().browser;
        if chosen.is_empty() {
            return self.system.open(url);
        }
        let opened = open_with(&chosen, url);
        self.settings.browser_opened(opened.as_ref().copied().map_err(|failed| failed.reason.as_str()));
        opened
    }
}

fn open_with(chosen: &str, url: &Url) -> Result<(), BrowserFailed> {
    let failed = |reason: String| BrowserFailed { reason };
    if !is_local(url) {
        return Err(failed("only a local address is opened".into()));
    }
    let mut command = command(chosen, url).map_err(|what| failed(words::wrong(&what)))?;
    without_bundle(&mut command, &std::env::vars_os().collect::<Vec<_>>());
    launch(command).map_err(|launch| match launch {
        Launch::NotFound => failed(words::phrase(Phrase::NoSuchProgram)),
        Launch::Failed(why) => failed(why),
    })
}

/// What opens `url` with what the settings name. No shell takes part.
#[cfg(target_os = "macos")]
fn command(chosen: &str, url: &Url) -> Result<Command, Wrong> {
    let mut command = Command::new("open");
    command.args(["-a", chosen, url.as_str()]);
    Ok(command)
}

#[cfg(not(target_os = "macos"))]
fn command(chosen: &str, url: &Url) -> Result<Command, Wrong> {
    let mut words = split(chosen)?.into_iter();
    let mut command = Command::new(words.next().ok_or(Wrong::NoProgram)?);
    command.args(words).arg(url.as_str());
    Ok(command)
}

/// Whether the settings may name this.
///
/// # Errors
/// Why not.
pub(crate) fn check(chosen: &str) -> Result<(), Wrong> {
    if chosen.chars().count() > MAX_CHOSEN {
        return Err(Wrong::TooLong);
    }
    if chosen.chars().any(char::is_control) {
        return Err(Wrong::NotOneLine);
    }
    match split(chosen)?.first() {
        Some(program) if program.is_empty() => Err(Wrong::NoProgram),
        _ => Ok(()),
    }
}

/// Whether a window may have the settings name this. A page that was taken over speaks for the window, so it is a program
/// of this system by its name alone: a path or arguments could be of the page's making, and are written by hand.
pub(crate) fn is_name(chosen: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    let is_of_app = |c: char| is_of_name(c) || c == ' ';
    let is_allowed =
        if cfg!(target_os = "macos") { chosen.chars().all(is_of_app) } else { chosen.chars().all(is_of_name) };
    is_allowed && !chosen.starts_with(['-', '.'])
}

/// The program and its arguments: words with spaces between them; spaces in double quotes belong to the word. A backslash
/// is one, as paths on Windows have it.
fn split(text: &str) -> Result<Vec<String>, Wrong> {
    let mut words: Vec<String> = Vec::new();
    let (mut is_quoted, mut is_in_word) = (false, false);
    for character in text.chars() {
        if character == ' ' && !is_quoted {
            is_in_word = false;
            continue;
        }
        if !std::mem::replace(&mut is_in_word, true) {
            words.push(String::new());
        }
        match (character, words.last_mut()) {
            ('"', _) => is_quoted = !is_quoted,
            (other, Some(word)) => word.push(other),
            (_, None) => {}
        }
    }
    if is_quoted { Err(Wrong::OpenQuote) } else { Ok(words) }
}

/// Whether `url` is `http` or `https` on a loopback host.
fn is_local(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    loopback && matches!(url.scheme(), "http" | "https")
}

enum Launch {
    NotFound,
    Failed(String),
}

fn launch(mut command: Command) -> Result<(), Launch> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A group of its own, so that Ctrl-C at a terminal does not end the browser with Gatepass.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Launch::NotFound,
        _ => Launch::Failed(format!("{program}: {error}")),
    })?;
    let (ended, end) = mpsc::channel();
    // Somebody must wait for the child, or it stays as a zombie until Gatepass ends.
    std::thread::spawn(move || {
        let _ = ended.send(child.wait());
    });
    match end.recv_timeout(TIME_TO_FAIL) {
        Ok(Ok(status)) if !status.success() => Err(Launch::Failed(format!("{program} ended with {status}"))),
        Ok(Err(error)) => Err(Launch::Failed(format!("{program}: {error}"))),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

/// Takes out of the child's environment what an AppImage put into ours: libraries and folders of the bundle, which
/// break a browser that was built against the system's.
fn without_bundle(command: &mut Command, environment: &[(OsString, OsString)]) {
    let Some((_, bundle)) = environment.iter().find(|(name, value)| name == "APPDIR" && !value.is_empty()) else {
        return;
    };
    for (name, value) in environment {
        if matches!(name.to_str(), Some("APPDIR" | "APPIMAGE" | "ARGV0" | "OWD")) {
            command.env_remove(name);
            continue;
        }
        let inside = |entry: &PathBuf| entry.starts_with(bundle);
        if !std::env::split_paths(value).any(|entry| inside(&entry)) {
            continue;
        }
        let kept: Vec<_> = std::env::split_paths(value).filter(|entry| !inside(entry)).collect();
        match std::env::join_paths(&kept) {
            Ok(value) if !kept.is_empty() => command.env(name, value),
            _ => command.env_remove(name),
        };
    }
}

#[cfg(test)]
mod tests;
