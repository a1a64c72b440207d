//! The system's browser.
//!
//! It is only ever given a local address of ours, which leads on to the authorization server: the real address carries
//! `state`, and arguments of processes are kept in places that outlive the sign-in. While the sign-in waits, whoever can
//! read the arguments and reach our loopback address can follow it all the same; SECURITY.md says so.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use gatepass_agent::{Browser, BrowserFailed};
use url::{Host, Url};

/// How long a launcher has to say that it cannot. One that found a browser may run as long as the browser does.
const TIME_TO_FAIL: Duration = Duration::from_secs(3);

/// The browser that this system opens web addresses with.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> Result<(), BrowserFailed> {
        if !is_local(url) {
            return Err(BrowserFailed { reason: "only a local address is opened".into() });
        }
        let mut reason = String::from("this system has no program that opens web addresses");
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
