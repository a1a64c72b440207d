//! What an [`App`](crate::App) is made of, and where this system keeps it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatepass_agent::{Browser, Clock, Vault};
use gatepass_oidc::HttpPolicy;
use gatepass_wire::place::Place;

use crate::{KeyringVault, SystemBrowser, SystemClock, machine, system};

/// What an [`App`](crate::App) is made of. Tests put their own in place of any of it.
pub struct AppOptions {
    /// Where files are.
    pub paths: Paths,
    /// Where the local API listens.
    pub place: Place,
    /// The keyring.
    pub vault: Arc<dyn Vault>,
    /// The browser.
    pub browser: Arc<dyn Browser>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Limits of the HTTP client.
    pub http: HttpPolicy,
    /// Where profiles are saved that are to be handed on.
    pub exports: PathBuf,
    /// Names this machine, so that a vault record restored on another one is not used. Not a secret.
    pub machine: String,
}

impl AppOptions {
    /// Everything as this system has it.
    ///
    /// # Errors
    /// [`StartError::NoHome`] and [`StartError::Folder`].
    pub fn of_this_system() -> Result<Self, StartError> {
        let paths = Paths::of_this_user()?;
        paths.make()?;
        Ok(Self {
            machine: machine::name(&paths.state),
            place: Place::of_this_user(),
            exports: dirs::download_dir().or_else(dirs::home_dir).ok_or(StartError::NoHome)?,
            vault: Arc::new(KeyringVault::of_this_user()),
            browser: Arc::new(SystemBrowser),
            clock: Arc::new(SystemClock),
            http: HttpPolicy { routes: system::route_finder(), ..HttpPolicy::default() },
            paths,
        })
    }
}

/// The folders of this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// What the person may edit: `profiles.toml` and `settings.toml`.
    pub config: PathBuf,
    /// What the program keeps: locks, logs, the activity, notes about refreshes.
    pub state: PathBuf,
}

impl Paths {
    /// `GATEPASS_CONFIG_DIR` and `GATEPASS_STATE_DIR`, else a folder of ours where this system keeps such things.
    ///
    /// # Errors
    /// [`StartError::NoHome`] where the system names no such place.
    pub fn of_this_user() -> Result<Self, StartError> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let config = set("GATEPASS_CONFIG_DIR").or_else(|| Some(dirs::config_dir()?.join("gatepass")));
        // Only Linux has a folder for state; elsewhere it goes with the data that stays on this machine.
        let state = set("GATEPASS_STATE_DIR")
            .or_else(|| Some(dirs::state_dir().or_else(dirs::data_local_dir)?.join("gatepass")));
        Ok(Self { config: config.ok_or(StartError::NoHome)?, state: state.ok_or(StartError::NoHome)? })
    }

    /// The profiles file.
    pub fn profiles_file(&self) -> PathBuf {
        self.config.join("profiles.toml")
    }

    /// The settings file.
    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The folder for notes about refreshes under way. No secret is in it.
    pub fn refreshes(&self) -> PathBuf {
        self.state.join("refreshes")
    }

    /// The folder for the groups of earlier sign-ins.
    pub fn groups(&self) -> PathBuf {
        self.state.join("groups")
    }

    /// The log of the resident.
    pub fn log_file(&self) -> PathBuf {
        self.state.join("gatepass.log")
    }

    /// The activity log.
    pub fn activity_file(&self) -> PathBuf {
        self.state.join("activity.jsonl")
    }

    /// Makes both folders where they are not, for this user alone.
    ///
    /// # Errors
    /// [`StartError::Folder`].
    pub fn make(&self) -> Result<(), StartError> {
        for folder in [&self.config, &self.state] {
            make_private(folder).map_err(|source| StartError::Folder { folder: folder.clone(), source })?;
        }
        Ok(())
    }
}

/// Makes a folder and those above it; the mode is for those that are new.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Why the resident cannot start. For whoever started it: a terminal, a log, or a window that puts it on the screen. What
/// lies beneath is the `source`, and is not said here too.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system names no home folder.
    #[error("this user has no home folder; set GATEPASS_CONFIG_DIR and GATEPASS_STATE_DIR")]
    NoHome,
    /// A folder cannot be made, or a file in it cannot be opened.
    #[error("{folder} cannot be used", folder = folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder of the local API belongs to somebody else, or others may write in it.
    #[error("{folder} is not this user's alone: {reason}", folder = folder.display())]
    ForeignFolder {
        /// Which.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another program answers at the place of the local API.
    #[error("another Gatepass already listens at {place}", place = place.display())]
    PlaceTaken {
        /// The socket or pipe.
        place: PathBuf,
    },
    /// The local API cannot listen for another reason.
    #[error("the local API cannot listen at {place}", place = place.display())]
    Listen {
        /// The socket or pipe.
        place: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
