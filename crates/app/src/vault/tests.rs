//! Against the keyring crate's own mock. The real Secret Service is in `examples/vault_contract.rs`, since plain tests
//! need no bus.

use std::sync::atomic::AtomicUsize;

use gatepass_agent::ProfileId;
use keyring_core::mock;

use super::*;

fn key(id: &str) -> VaultKey {
    VaultKey::session(ProfileId::parse(id).unwrap())
}

fn text(loaded: Result<Option<SecretRecord>, VaultError>) -> Result<Option<String>, VaultError> {
    loaded.map(|record| record.map(|record| record.expose().to_owned()))
}

/// A vault over a mock store that outlives the connections to it; `open` is called before each is made.
fn vault(open: impl Fn(&mock::Store) -> keyring_core::Result<()> + Send + Sync + 'static) -> KeyringVault {
    let store = mock::Store::new().unwrap();
    let opened = move || {
        open(&store)?;
        Ok(store.clone() as Arc<CredentialStore>)
    };
    KeyringVault::new("test".into(), Duration::from_secs(1), parts::ROOM, never_locked(opened))
}

fn never_locked(open: impl Fn() -> keyring::Result<Arc<CredentialStore>> + Send + Sync + 'static) -> System {
    System { open: Box::new(open), is_locked: Box::new(|| false) }
}

fn fail_next(store: &mock::Store, error: Error) {
    use keyring_core::api::CredentialStoreApi;
    let entry = store.build("test", "a", None).unwrap();
    entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
}

fn platform_failure() -> Error {
    Error::PlatformFailure("no session".into())
}

#[test]
fn a_record_is_kept_under_its_profile() {
    let vault = vault(|_| Ok(()));
    assert_eq!(text(vault.load(&key("a"))), Ok(None));
    vault.store(&key("a"), &SecretRecord::new("one")).unwrap();
    vault.store(&key("a"), &SecretRecord::new("two")).unwrap();
    vault.store(&key("b"), &SecretRecord::new("other")).unwrap();
    assert_eq!(text(vault.load(&key("a"))), Ok(Some("two".into())));
    vault.erase(&key("a")).unwrap();
    vault.erase(&key("a")).unwrap();
    assert_eq!(text(vault.load(&key("a"))), Ok(None));
    assert_eq!(text(vault.load(&key("b"))), Ok(Some("other".into())));
}

#[test]
fn a_keyring_that_starts_late_is_found() {
    let attempts = AtomicUsize::new(0);
    let vault = vault(move |_| match attempts.fetch_add(1, Ordering::SeqCst) {
        0 => Err(platform_failure()),
        _ => Ok(()),
    });
    assert_eq!(vault.store(&key("a"), &SecretRecord::new("one")), Err(VaultError::Missing));
    assert_eq!(vault.store(&key("a"), &SecretRecord::new("one")), Ok(()));
}

#[test]
fn a_keyring_that_was_restarted_is_opened_anew() {
    let (opened, counted) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(None)));
    let (count, kept) = (opened.clone(), counted.clone());
    let store = mock::Store::new().unwrap();
    *kept.lock().unwrap() = Some(store.clone());
    let vault = KeyringVault::new(
        "test".into(),
        Duration::from_secs(5),
        parts::ROOM,
        never_locked(move || {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(store.clone() as Arc<CredentialStore>)
        }),
    );
    vault.store(&key("a"), &SecretRecord::new("one")).unwrap();
    fail_next(counted.lock().unwrap().as_ref().unwrap(), platform_failure());
    assert_eq!(text(vault.load(&key("a"))), Ok(Some("one".into())));
    assert_eq!(opened.load(Ordering::SeqCst), 2);
}

#[test]
fn each_failure_has_its_name() {
    let no = || "no".to_owned();
    let locked = if cfg!(target_os = "linux") { VaultError::Locked } else { VaultError::Denied };
    for (error, told) in [
        (Error::NoStorageAccess(no().into()), locked),
        (Error::TooLong(no(), 2560), VaultError::TooLarge),
        (Error::BadEncoding(vec![0xff]), VaultError::Corrupt),
        (Error::BadDataFormat(vec![1], no().into()), VaultError::Corrupt),
        (Error::BadStoreFormat(no()), VaultError::Corrupt),
        (Error::NoDefaultStore, VaultError::Missing),
    ] {
        let next = Mutex::new(Some(error));
        let vault = vault(move |store| {
            fail_next(store, next.lock().unwrap().take().expect("opened once"));
            Ok(())
        });
        assert_eq!(text(vault.load(&key("a"))), Err(told));
    }
}

#[test]
fn a_record_that_is_no_text_is_corrupt() {
    let vault = vault(|store| {
        use keyring_core::api::CredentialStoreApi;
        store.build("test", "a", None)?.set_secret(&[0xff, 0xfe])
    });
    assert_eq!(text(vault.load(&key("a"))), Err(VaultError::Corrupt));
}

/// A gate that stands for a password dialog: whoever opens the store waits until it is raised.
#[derive(Default)]
struct Gate {
    raised: Mutex<bool>,
    change: std::sync::Condvar,
}

impl Gate {
    fn wait(&self) {
        drop(self.change.wait_while(self.raised.lock().unwrap(), |raised| !*raised).unwrap());
    }

    fn raise(&self) {
        *self.raised.lock().unwrap() = true;
        self.change.notify_all();
    }
}

#[test]
fn a_keyring_that_never_answers_costs_a_few_waits_and_then_none() {
    let gate = Arc::new(Gate::default());
    let (closed, opens) = (gate.clone(), Arc::new(AtomicUsize::new(0)));
    let count = opens.clone();
    let vault = vault(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        closed.wait();
        Ok(())
    });
    for _ in 0..MAX_LEFT_BEHIND + 3 {
        assert_eq!(text(vault.load(&key("a"))), Err(VaultError::Unresponsive));
    }
    assert_eq!(opens.load(Ordering::SeqCst), MAX_LEFT_BEHIND, "later calls did not ask");

    gate.raise();
    // Threads that were left behind end by themselves; then the keyring is asked again.
    while !vault.line.lock().unwrap().left_behind.iter().all(JoinHandle::is_finished) {
        std::thread::yield_now();
    }
    assert_eq!(text(vault.load(&key("a"))), Ok(None));
}

#[test]
fn a_record_that_was_given_up_is_not_written_later() {
    let gate = Arc::new(Gate::default());
    let closed = gate.clone();
    let vault = vault(move |_| {
        closed.wait();
        Ok(())
    });
    assert_eq!(vault.store(&key("a"), &SecretRecord::new("old")), Err(VaultError::Unresponsive));
    gate.raise();
    while !vault.line.lock().unwrap().left_behind.iter().all(JoinHandle::is_finished) {
        std::thread::yield_now();
    }
    assert_eq!(text(vault.load(&key("a"))), Ok(None));
}

#[test]
fn a_record_is_not_erased_by_an_order_that_was_given_up() {
    let gate = Arc::new(Gate::default());
    let (closed, stored) = (gate.clone(), AtomicBool::new(false));
    let vault = vault(move |store| {
        use keyring_core::api::CredentialStoreApi;
        if !stored.swap(true, Ordering::SeqCst) {
            // Stands for the sign-in that came after the sign-out whose order hangs.
            store.build("test", "a", None)?.set_secret(b"newer")?;
        }
        closed.wait();
        Ok(())
    });
    assert_eq!(vault.erase(&key("a")), Err(VaultError::Unresponsive));
    gate.raise();
    while !vault.line.lock().unwrap().left_behind.iter().all(JoinHandle::is_finished) {
        std::thread::yield_now();
    }
    assert_eq!(text(vault.load(&key("a"))), Ok(Some("newer".into())));
}

/// A keyring behind a password, and how often it asked for it. Each question is dismissed.
fn dismissing() -> (KeyringVault, Arc<AtomicBool>, Arc<AtomicUsize>) {
    let (locked, n_dialogs) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let store = mock::Store::new().unwrap();
    let (opening, asking, looking) = (locked.clone(), n_dialogs.clone(), locked.clone());
    let system = System {
        open: Box::new(move || {
            if opening.load(Ordering::SeqCst) {
                // The mock has no lock. Each call opens anew until one succeeds, so here is where it would ask.
                asking.fetch_add(1, Ordering::SeqCst);
                fail_next(&store, Error::NoStorageAccess("dismissed".into()));
            }
            Ok(store.clone() as Arc<CredentialStore>)
        }),
        is_locked: Box::new(move || looking.load(Ordering::SeqCst)),
    };
    (KeyringVault::new("test".into(), Duration::from_secs(5), parts::ROOM, system), locked, n_dialogs)
}

#[cfg(target_os = "linux")]
#[test]
fn a_dialog_that_was_dismissed_is_not_raised_again_for_anybody() {
    let (vault, locked, n_dialogs) = dismissing();
    assert_eq!(text(vault.load(&key("a"))), Err(VaultError::Locked));
    for other in ["a", "b", "c"] {
        assert_eq!(text(vault.load(&key(other))), Err(VaultError::Locked));
        assert_eq!(vault.store(&key(other), &SecretRecord::new("new")), Err(VaultError::Locked));
        assert_eq!(vault.erase(&key(other)), Err(VaultError::Locked));
    }
    assert_eq!(n_dialogs.load(Ordering::SeqCst), 1);
    locked.store(false, Ordering::SeqCst);
    assert_eq!(vault.store(&key("a"), &SecretRecord::new("new")), Ok(()), "unlocked by other means");
}

#[test]
fn a_dialog_that_stays_open_is_the_only_one() {
    let (gate, n_dialogs) = (Arc::new(Gate::default()), Arc::new(AtomicUsize::new(0)));
    let (open, count, locked) = (gate.clone(), n_dialogs.clone(), gate.clone());
    let store = mock::Store::new().unwrap();
    let system = System {
        open: Box::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
            open.wait();
            Ok(store.clone() as Arc<CredentialStore>)
        }),
        is_locked: Box::new(move || !*locked.raised.lock().unwrap()),
    };
    let vault = KeyringVault::new("test".into(), Duration::from_secs(1), parts::ROOM, system);
    assert_eq!(text(vault.load(&key("a"))), Err(VaultError::Unresponsive));
    let locked = if cfg!(target_os = "linux") { VaultError::Locked } else { VaultError::Denied };
    for _ in 0..5 {
        assert_eq!(text(vault.load(&key("a"))), Err(locked), "at once, and without a second dialog");
    }
    assert_eq!(n_dialogs.load(Ordering::SeqCst), 1);
    gate.raise();
    assert_eq!(text(vault.load(&key("a"))), Ok(None));
}

#[test]
fn a_keyring_that_shows_nothing_while_it_is_locked_does_not_mean_that_nobody_is_signed_in() {
    let locked = Arc::new(AtomicBool::new(true));
    let (store, looking) = (mock::Store::new().unwrap(), locked.clone());
    let system = System {
        open: Box::new(move || Ok(store.clone() as Arc<CredentialStore>)),
        is_locked: Box::new(move || looking.load(Ordering::SeqCst)),
    };
    let vault = KeyringVault::new("test".into(), Duration::from_secs(5), parts::ROOM, system);
    assert!(text(vault.load(&key("a"))).is_err());
    locked.store(false, Ordering::SeqCst);
    assert_eq!(text(vault.load(&key("a"))), Ok(None));
}
