//! Starting this program in another role, and what is asked of the resident from outside the window.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Context as _;
use gatepass_app::StartError;
use gatepass_wire::client::{self, ClientError};
use gatepass_wire::place::Place;
use gatepass_wire::{Answer, DeliveredRedirect, Intent};

use crate::{environment, starting};

/// How long a resident may take to answer after it was started.
const START_LIMIT: Duration = Duration::from_secs(10);

/// This program, for starting it again. An AppImage must be started as a whole: what it mounted ends with this process.
///
/// # Errors
/// What the system said.
pub fn path() -> std::io::Result<PathBuf> {
    match std::env::var_os("APPIMAGE").filter(|path| !path.is_empty()) {
        Some(image) => Ok(image.into()),
        None => std::env::current_exe().map(as_it_is_now),
    }
}

/// Linux says of a program that was replaced while it runs, by an update for one, that its file is deleted. The new one
/// stands in its place.
fn as_it_is_now(path: PathBuf) -> PathBuf {
    let replaced = path.to_str().and_then(|path| path.strip_suffix(" (deleted)"));
    match replaced {
        Some(replaced) if cfg!(target_os = "linux") && !path.exists() => replaced.into(),
        _ => path,
    }
}

/// The exit code of a program that cannot write where it must: `EX_CANTCREAT` of sysexits.h.
pub const CANNOT_WRITE: u8 = 73;

/// The exit code of a resident that a window started where another keeps the sessions already: `EX_TEMPFAIL` of
/// sysexits.h. Success is for the one that was told to quit.
pub const RUNS_ALREADY: u8 = 75;

/// The exit code that says what kind of failure `error` is.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref() {
        Some(StartError::Folder { .. }) => ExitCode::from(CANNOT_WRITE),
        _ => ExitCode::FAILURE,
    }
}

/// The command that starts the resident so that it outlives the window, the terminal and whoever started them. Where one
/// is running already, the new one sees the lock and ends at once.
///
/// # Errors
/// What the system said.
pub fn resident() -> std::io::Result<Command> {
    let mut command = Command::new(path()?);
    command.args(["--resident", "--started-by-window"]);
    environment::keep_from(&mut command);
    detach(&mut command);
    Ok(command)
}

/// Lets go of the standard error that a window reads: it is gone some day, and a library that writes its complaints there
/// must not fail for that. Elsewhere than on Unix nobody reads it.
pub fn let_go_of_stderr() {
    #[cfg(unix)]
    {
        let null = std::fs::OpenOptions::new().write(true).open("/dev/null");
        if let Err(error) = null.and_then(|null| Ok(rustix::stdio::dup2_stderr(null)?)) {
            tracing::warn!(%error, "standard error stays with the window that started this");
        }
    }
}

/// Makes a session of its own for this process, so that a closed terminal or an interrupt there does not end it. Where a
/// person started it from a shell, it leads a process group and stays theirs.
pub fn leave_the_session() {
    #[cfg(unix)]
    if let Err(error) = rustix::process::setsid() {
        tracing::debug!(%error, "started from a shell: staying in its session");
    }
}

/// Hands an address to the resident: a redirect to the one that waits for it, and a link to a profile to one that is
/// started where none runs.
///
/// # Errors
/// Where there is no resident: then nobody waits for a redirect any more.
pub fn deliver(place: &Place, address: DeliveredRedirect) -> anyhow::Result<()> {
    let is_link = gatepass_app::is_profile_link(&address.0);
    let intent = Intent::DeliverRedirect { redirect: address };
    let answer = match client::ask(place, intent.clone()) {
        Err(ClientError::NotRunning) if is_link => {
            let started = starting::start().context("Gatepass could not be started")?;
            let has_failed = || started.end().filter(|end| end.status.code() != Some(i32::from(RUNS_ALREADY)));
            ask_when_it_runs(place, &intent, || has_failed().is_some()).map_err(|error| {
                let last_words = has_failed().and_then(|end| end.last_words);
                last_words.map_or_else(|| error.into(), |words| anyhow::anyhow!(words))
            })
        }
        answer => answer.map_err(Into::into),
    };
    match answer.context("the link could not be handed over")? {
        Answer::Refused(problem) => anyhow::bail!("{}: {}", problem.title, problem.detail),
        _ => Ok(()),
    }
}

/// Asks for the window that another process has, and waits for a resident that is only just starting.
///
/// # Errors
/// Where no resident answers in time.
pub fn show_window_of_another_process(place: &Place) -> anyhow::Result<()> {
    ask_when_it_runs(place, &Intent::ShowWindow, || false)
        .context("the window that is open already could not be brought forward")
        .map(drop)
}

/// Asks a resident that may only just be starting, unless it is known that `is_in_vain`.
fn ask_when_it_runs(place: &Place, intent: &Intent, is_in_vain: impl Fn() -> bool) -> Result<Answer, ClientError> {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        match client::ask(place, intent.clone()) {
            Err(ClientError::NotRunning | ClientError::Broken(_)) if waited < START_LIMIT && !is_in_vain() => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            answer => return answer,
        }
    }
}

/// The resident takes itself out of this session (see [`leave_the_session`]); only the folder is not to be held.
#[cfg(unix)]
fn detach(command: &mut Command) {
    command.current_dir("/");
}

#[cfg(windows)]
fn detach(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    const DETACHED_PROCESS: u32 = 0x8;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_the_way_has_an_exit_code_of_its_own_and_its_cause_is_said_once() {
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let cause = source.to_string();
        let error = anyhow::Error::from(StartError::Folder { folder: "/a/state".into(), source });
        assert_eq!(format!("{error:#}"), format!("/a/state cannot be used: {cause}"));
        assert_eq!(exit_code(&error), ExitCode::from(CANNOT_WRITE));
        assert_eq!(exit_code(&anyhow::anyhow!("something else")), ExitCode::FAILURE);
    }

    #[test]
    fn a_program_that_was_replaced_is_started_as_it_is_now() {
        let folder = tempfile::tempdir().expect("a folder");
        let odd_name = folder.path().join("x (deleted)");
        assert_eq!(as_it_is_now(odd_name.clone()), folder.path().join("x"));
        std::fs::write(&odd_name, "").expect("a file");
        assert_eq!(as_it_is_now(odd_name.clone()), odd_name);
    }
}
