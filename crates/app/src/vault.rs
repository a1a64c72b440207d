//! The keyring of this system: Secret Service, Keychain or Credential Manager.
//!
//! A keyring call can block for as long as a password dialog stands on the screen, and for ever where a bus is broken.
//! So every call is made on a thread of its own and given a time limit. A thread that does not come back is left behind,
//! and the next call gets a new one, a few times; after that the keyring counts as unresponsive until one of them ends.
//!
//! A dialog is raised once. Where it was dismissed or is still open, later calls look first whether the keyring is
//! locked, and do not ask again by themselves: they are made on a timer, for every profile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gatepass_agent::{SecretRecord, Vault, VaultError, VaultKey};
use keyring::Error;
use keyring_core::CredentialStore;

use parts::Shelf;

mod parts;

/// The service that records are filed under; `GATEPASS_KEYRING_SERVICE` overrides it, so that tests keep apart.
const SERVICE: &str = "dev.gatepass.desktop";
/// Time for one call, the person's typing of a password included.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// Threads that may be left behind. Each may stand for one password dialog.
const MAX_LEFT_BEHIND: usize = 3;

/// The keyring of this system, as a [`Vault`]. Calls are made one after another.
pub struct KeyringVault {
    service: String,
    time_limit: Duration,
    /// Bytes that one entry takes.
    room: usize,
    system: Arc<System>,
    line: Mutex<Line>,
}

/// What this system calls its keyring.
pub(crate) const KIND: &str = if cfg!(target_os = "macos") {
    "Keychain"
} else if cfg!(windows) {
    "Credential Manager"
} else {
    "Secret Service"
};

/// The service that the records of the user who runs this program are filed under.
pub(crate) fn service() -> String {
    let service = std::env::var_os("GATEPASS_KEYRING_SERVICE").and_then(|name| name.into_string().ok());
    service.filter(|name| !name.is_empty()).unwrap_or_else(|| SERVICE.into())
}

/// What the system has.
struct System {
    open: Box<Open>,
    /// Whether records wait behind a password. Asks nobody.
    is_locked: Box<IsLocked>,
}

type Open = dyn Fn() -> keyring::Result<Arc<CredentialStore>> + Send + Sync;
type IsLocked = dyn Fn() -> bool + Send + Sync;
type Job = Box<dyn FnOnce(&mut Keyring) + Send>;

impl KeyringVault {
    /// The keyring of the user who runs this program. Nothing is opened yet.
    pub fn of_this_user() -> Self {
        let system = System { open: Box::new(open_store), is_locked: Box::new(is_locked) };
        Self::new(service(), TIME_LIMIT, parts::ROOM, system)
    }

    fn new(service: String, time_limit: Duration, room: usize, system: System) -> Self {
        let line = Line { thread: None, left_behind: Vec::new(), is_quiet: false };
        Self { service, time_limit, room, system: Arc::new(system), line: Mutex::new(line) }
    }

    /// Runs `work` on the keyring's thread and waits for it, but not for ever.
    fn call<T: Send + 'static>(
        &self,
        key: &VaultKey,
        work: impl Fn(&Shelf<'_>, &Wanted) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, VaultError> {
        // Held for the whole call: the next call waits its turn here rather than behind a thread that may be stuck.
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = line.is_quiet;
        let jobs = line.jobs(&self.system)?;
        let (reply, replied) = mpsc::channel();
        let wanted = Wanted(Arc::new(AtomicBool::new(true)));
        let (service, user, still) = (self.service.clone(), key.entry(), wanted.clone());
        let (room, system) = (self.room, Arc::clone(&self.system));
        let job: Job = Box::new(move |keyring| {
            let result = if is_quiet && (system.is_locked)() {
                Err(Error::NoStorageAccess("nobody is asked again".into()))
            } else {
                keyring.with_store(|store| work(&Shelf { store, service: &service, user: &user, room }, &still))
            };
            let _ = reply.send(result);
        });
        if jobs.send(job).is_err() {
            line.thread = None;
            return Err(VaultError::Missing);
        }
        match replied.recv_timeout(self.time_limit) {
            Ok(result) => {
                let result = result.map_err(|error| vault_error(&error));
                line.is_quiet = result.as_ref().is_err_and(|error| *error == VaultError::Locked);
                result
            }
            Err(RecvTimeoutError::Timeout) => {
                wanted.0.store(false, Ordering::SeqCst);
                line.leave_behind();
                // Perhaps a dialog stands on the screen; there must not be two.
                line.is_quiet = true;
                tracing::warn!("the keyring does not answer");
                Err(VaultError::Unresponsive)
            }
            Err(RecvTimeoutError::Disconnected) => {
                line.thread = None;
                tracing::error!("the keyring's thread ended");
                Err(VaultError::Missing)
            }
        }
    }
}

impl Vault for KeyringVault {
    fn load(&self, key: &VaultKey) -> Result<Option<SecretRecord>, VaultError> {
        let system = Arc::clone(&self.system);
        self.call(key, move |shelf, _| match shelf.load()? {
            Some(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => Ok(Some(SecretRecord::new(text))),
                Err(_) => Err(Error::BadStoreFormat("not text".into())),
            },
            // Some keyrings do not tell what they hold until they are unlocked.
            None if (system.is_locked)() => Err(Error::NoStorageAccess("locked, and it shows nothing".into())),
            None => Ok(None),
        })
    }

    fn store(&self, key: &VaultKey, record: &SecretRecord) -> Result<(), VaultError> {
        let record = record.clone();
        self.call(key, move |shelf, wanted| shelf.store(record.expose().as_bytes(), wanted))
    }

    fn erase(&self, key: &VaultKey) -> Result<(), VaultError> {
        self.call(key, |shelf, wanted| {
            // As where a record is stored: the wait for a password comes first. An erasure that was given up must not
            // take away the record of a later sign-in; who gave it up asks again.
            let read = shelf.read(shelf.user);
            if cfg!(target_os = "linux")
                && let Err(error @ Error::NoStorageAccess(_)) = read
            {
                // It stays locked, and deleting would raise the dialog again.
                return Err(error);
            }
            shelf.erase(wanted)
        })
    }
}

/// Whether the caller still waits.
#[derive(Clone)]
struct Wanted(Arc<AtomicBool>);

impl Wanted {
    fn still(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// The thread that works, and those that were left behind.
struct Line {
    thread: Option<(mpsc::Sender<Job>, JoinHandle<()>)>,
    left_behind: Vec<JoinHandle<()>>,
    /// Nobody is to be asked for a password: they were, and gave none.
    is_quiet: bool,
}

impl Line {
    fn jobs(&mut self, system: &Arc<System>) -> Result<&mpsc::Sender<Job>, VaultError> {
        self.left_behind.retain(|thread| !thread.is_finished());
        if self.thread.is_none() {
            if self.left_behind.len() >= MAX_LEFT_BEHIND {
                return Err(VaultError::Unresponsive);
            }
            let (jobs, work) = mpsc::channel::<Job>();
            let mut keyring = Keyring { system: Arc::clone(system), store: None };
            let thread = std::thread::Builder::new()
                .name("keyring".into())
                .spawn(move || work.into_iter().for_each(|job| job(&mut keyring)))
                .map_err(|_| VaultError::Unresponsive)?;
            self.thread = Some((jobs, thread));
        }
        self.thread.as_ref().map(|(jobs, _)| jobs).ok_or(VaultError::Unresponsive)
    }

    /// Lets the thread go. It ends when its call does, since nobody can send it another.
    fn leave_behind(&mut self) {
        if let Some((_, thread)) = self.thread.take() {
            self.left_behind.push(thread);
        }
    }
}

/// The store, opened when it is first needed.
struct Keyring {
    system: Arc<System>,
    store: Option<Arc<CredentialStore>>,
}

impl Keyring {
    /// Does `work` with the store; once more with a new one where an old one fails. A Secret Service that was restarted
    /// answers `NoSession` to every call of a store from before.
    fn with_store<T>(&mut self, work: impl Fn(&CredentialStore) -> Result<T, Error>) -> Result<T, Error> {
        if let Some(store) = &self.store {
            match work(&**store) {
                Err(Error::PlatformFailure(_)) => self.store = None,
                result => return result,
            }
        }
        let store = (self.system.open)().map_err(|_| Error::NoDefaultStore)?;
        let result = work(&**self.store.insert(store));
        if matches!(result, Err(Error::PlatformFailure(_))) {
            self.store = None;
        }
        result
    }
}

/// What the keyring's error means to us. Its text is dropped: some variants carry the secret.
fn vault_error(error: &Error) -> VaultError {
    match error {
        // On Linux it is the state of the collection; elsewhere the system or the person said no to this program.
        Error::NoStorageAccess(_) if cfg!(target_os = "linux") => VaultError::Locked,
        Error::NoStorageAccess(_) => VaultError::Denied,
        Error::TooLong(..) => VaultError::TooLarge,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) | Error::Ambiguous(_) => {
            VaultError::Corrupt
        }
        _ => VaultError::Missing,
    }
}

#[cfg(target_os = "linux")]
fn open_store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open_store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn open_store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Whether the default collection is locked. That there is none, or no keyring, is for the call itself to find out.
#[cfg(target_os = "linux")]
fn is_locked() -> bool {
    use secret_service::EncryptionType;
    use secret_service::blocking::SecretService;
    // No secret goes over this connection.
    let Ok(service) = SecretService::connect(EncryptionType::Plain) else { return false };
    let Ok(collection) = service.get_default_collection() else { return false };
    collection.is_locked().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn is_locked() -> bool {
    false
}

#[cfg(test)]
mod tests;
