//! The keyring of this system: Secret Service, Keychain or Credential Manager.
//!
//! A keyring call can block for as long as a password dialog stands on the screen, and for ever where a bus is broken.
//! So every call is made on a thread of its own and given a time limit. A thread that does not come back is left behind,
//! and the next call gets a new one, a few times; after that the keyring counts as unresponsive until one of them ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gatepass_agent::{SecretRecord, Vault, VaultError, VaultKey};
use keyring::Error;
use keyring_core::{CredentialStore, Entry};
use zeroize::Zeroizing;

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
    open: Arc<Open>,
    line: Mutex<Line>,
}

type Open = dyn Fn() -> keyring::Result<Arc<CredentialStore>> + Send + Sync;
type Job = Box<dyn FnOnce(&mut Keyring) + Send>;

impl KeyringVault {
    /// The keyring of the user who runs this program. Nothing is opened yet.
    pub fn of_this_user() -> Self {
        let service = std::env::var_os("GATEPASS_KEYRING_SERVICE").and_then(|name| name.into_string().ok());
        let service = service.filter(|name| !name.is_empty()).unwrap_or_else(|| SERVICE.into());
        Self::new(service, TIME_LIMIT, Arc::new(open_store))
    }

    fn new(service: String, time_limit: Duration, open: Arc<Open>) -> Self {
        Self { service, time_limit, open, line: Mutex::new(Line { thread: None, left_behind: Vec::new() }) }
    }

    /// Runs `work` on the keyring's thread and waits for it, but not for ever.
    fn call<T: Send + 'static>(
        &self,
        key: &VaultKey,
        work: impl Fn(&Entry, &Wanted) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, VaultError> {
        // Held for the whole call: the next call waits its turn here rather than behind a thread that may be stuck.
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = line.jobs(&self.open)?;
        let (reply, replied) = mpsc::channel();
        let wanted = Wanted(Arc::new(AtomicBool::new(true)));
        let (service, user, still) = (self.service.clone(), key.0.as_str().to_owned(), wanted.clone());
        let job: Job = Box::new(move |keyring| {
            let _ = reply.send(keyring.with_entry(&service, &user, |entry| work(entry, &still)));
        });
        if jobs.send(job).is_err() {
            line.thread = None;
            return Err(VaultError::Missing);
        }
        match replied.recv_timeout(self.time_limit) {
            Ok(result) => result.map_err(|error| vault_error(&error)),
            Err(RecvTimeoutError::Timeout) => {
                wanted.0.store(false, Ordering::SeqCst);
                line.leave_behind();
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
        self.call(key, |entry, _| match entry.get_secret() {
            Ok(secret) => String::from_utf8(secret)
                .map(|text| Some(SecretRecord::new(text)))
                .map_err(|_| Error::BadStoreFormat("not text".into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn store(&self, key: &VaultKey, record: &SecretRecord) -> Result<(), VaultError> {
        let record = record.clone();
        self.call(key, move |entry, wanted| {
            // Reading first puts the wait for a password before the write, where it can still be called off: a record
            // that is written long after it was given up could overwrite the one that took its place.
            match entry.get_secret().map(Zeroizing::new) {
                Ok(_) | Err(Error::NoEntry) => {}
                Err(Error::Ambiguous(entries)) => erase_all(entries)?,
                Err(error) => return Err(error),
            }
            if !wanted.still() {
                return Ok(());
            }
            entry.set_secret(record.expose().as_bytes())?;
            // Under rotation the stored token is the only live one: believe the keyring only what it gives back.
            match *Zeroizing::new(entry.get_secret()?) == record.expose().as_bytes() {
                true => Ok(()),
                false => Err(Error::BadStoreFormat("it gave back something else".into())),
            }
        })
    }

    fn erase(&self, key: &VaultKey) -> Result<(), VaultError> {
        self.call(key, |entry, wanted| {
            // As in `store`: the wait for a password comes first. An erasure that was given up must not take away the
            // record of a later sign-in; who gave it up asks again.
            let read = entry.get_secret().map(Zeroizing::new);
            if cfg!(target_os = "linux")
                && let Err(error @ Error::NoStorageAccess(_)) = read
            {
                // It stays locked, and deleting would raise the dialog again.
                return Err(error);
            }
            if !wanted.still() {
                return Ok(());
            }
            match entry.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(Error::Ambiguous(entries)) => erase_all(entries),
                Err(error) => Err(error),
            }
        })
    }
}

fn erase_all(entries: Vec<Entry>) -> Result<(), Error> {
    entries.iter().try_for_each(Entry::delete_credential)
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
}

impl Line {
    fn jobs(&mut self, open: &Arc<Open>) -> Result<&mpsc::Sender<Job>, VaultError> {
        self.left_behind.retain(|thread| !thread.is_finished());
        if self.thread.is_none() {
            if self.left_behind.len() >= MAX_LEFT_BEHIND {
                return Err(VaultError::Unresponsive);
            }
            let (jobs, work) = mpsc::channel::<Job>();
            let mut keyring = Keyring { open: open.clone(), store: None };
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
    open: Arc<Open>,
    store: Option<Arc<CredentialStore>>,
}

impl Keyring {
    /// Does `work` with the entry; once more with a new store where an old one fails. A Secret Service that was
    /// restarted answers `NoSession` to every call of a store from before.
    fn with_entry<T>(
        &mut self,
        service: &str,
        user: &str,
        work: impl Fn(&Entry) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(store) = &self.store {
            match store.build(service, user, None).and_then(|entry| work(&entry)) {
                Err(Error::PlatformFailure(_)) => self.store = None,
                result => return result,
            }
        }
        let store = (self.open)().map_err(|_| Error::NoDefaultStore)?;
        let store = self.store.insert(store);
        let result = store.build(service, user, None).and_then(|entry| work(&entry));
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

#[cfg(test)]
mod tests;
