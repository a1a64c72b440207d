//! Starting the resident, and learning how it ended where it did not stay.

use std::io::{self, Read};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::program;

/// How much of what a resident says on standard error is kept: its last words stand at the end.
const KEPT: usize = 8 * 1024;

/// A resident that was started here.
#[derive(Clone, Default)]
pub struct Started(Arc<Mutex<Option<End>>>);

/// How a resident that was started here ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// What the system says of it.
    pub status: ExitStatus,
    /// Why, if it said so.
    pub last_words: Option<String>,
}

/// Starts the resident. It outlives this process.
///
/// # Errors
/// What the system said.
pub fn start() -> io::Result<Started> {
    let mut command = program::resident()?;
    // Read until the resident runs, when it lets go of it. On Windows it cannot.
    let stderr = if cfg!(unix) { Stdio::piped() } else { Stdio::null() };
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr).spawn()?;
    let started = Started::default();
    let ended = started.clone();
    // Waited for, so that a resident which dies before this process does not stay as a zombie.
    std::thread::Builder::new().name("resident-reaper".into()).spawn(move || {
        let said = child.stderr.take().map(|stderr| the_end_of(stderr, KEPT)).unwrap_or_default();
        match child.wait() {
            Ok(status) => {
                tracing::debug!(%status, "the resident that was started here ended");
                let last_words = last_words(&String::from_utf8_lossy(&said));
                *ended.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(End { status, last_words });
            }
            Err(error) => tracing::debug!(%error, "it is not known whether the resident runs"),
        }
    })?;
    Ok(started)
}

impl End {
    /// Whether it kept the sessions until it was told to quit.
    pub fn is_quit(&self) -> bool {
        self.status.success()
    }
}

impl Started {
    /// How it ended; `None` while it runs.
    pub fn end(&self) -> Option<End> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The last `most` bytes of `from`. Whoever writes there is never held up.
fn the_end_of(mut from: impl Read, most: usize) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut piece = [0; 1024];
    loop {
        match from.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return kept,
            Ok(n) => {
                kept.extend_from_slice(&piece[..n]);
                kept.drain(..kept.len().saturating_sub(most));
            }
        }
    }
}

/// Why a program of ours says it ended: the error of its `main`, or what a panic was about.
fn last_words(said: &str) -> Option<String> {
    const LONGEST: usize = 400;
    // As the log writes it, and where there is no log yet.
    const MARKS: [&str; 2] = [" ERROR gatepass_desktop: ", "gatepass-desktop: "];
    let after_mark =
        |line: &str| MARKS.iter().find_map(|mark| line.split_once(mark)).map(|(_, words)| words.to_owned());
    let panic = || said.lines().skip_while(|line| !line.contains("panicked at ")).nth(1).map(str::to_owned);
    let words = said.lines().rev().find_map(after_mark).or_else(panic)?;
    let words = gatepass_app::people_text(words.trim().trim_end_matches('.'), LONGEST);
    if words.is_empty() { None } else { Some(words) }
}

#[cfg(test)]
mod tests;
