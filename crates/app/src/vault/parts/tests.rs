use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use proptest::prelude::*;

use super::*;

/// A head fits, and little else.
const SMALL: usize = 160;

/// A keyring whose entries are small, and whose machine can lose its power.
#[derive(Clone, Default)]
struct SmallKeyring {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    entries: BTreeMap<String, Vec<u8>>,
    /// Changes until the power fails; `None` if it does not.
    changes_left: Option<usize>,
}

impl SmallKeyring {
    fn shelf<'a>(&'a self, user: &'a str) -> Shelf<'a> {
        Shelf { store: self, service: "test", user, room: SMALL }
    }

    fn power_fails_after(&self, changes: Option<usize>) {
        self.inner.lock().unwrap().changes_left = changes;
    }

    fn names(&self) -> Vec<String> {
        self.inner.lock().unwrap().entries.keys().cloned().collect()
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> Result<(), Error>) -> Result<(), Error> {
        let mut inner = self.inner.lock().unwrap();
        match &mut inner.changes_left {
            Some(0) => return Err(Error::PlatformFailure("no power".into())),
            Some(left) => *left -= 1,
            None => {}
        }
        change(&mut inner.entries)
    }

    fn loaded(&self, user: &str) -> Option<Vec<u8>> {
        self.shelf(user).load().unwrap().map(|bytes| bytes.to_vec())
    }

    fn store(&self, user: &str, record: &[u8]) -> Result<(), Error> {
        self.shelf(user).store(record, &wanted())
    }
}

impl CredentialStoreApi for SmallKeyring {
    fn vendor(&self) -> String {
        "test".into()
    }
    fn id(&self) -> String {
        "test".into()
    }
    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry, Error> {
        Ok(Entry::new_with_credential(Arc::new(SmallEntry { keyring: self.clone(), name: user.into() })))
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct SmallEntry {
    keyring: SmallKeyring,
    name: String,
}

impl CredentialApi for SmallEntry {
    fn set_secret(&self, secret: &[u8]) -> Result<(), Error> {
        if secret.len() > SMALL {
            return Err(Error::TooLong("secret".into(), 160));
        }
        self.keyring.change(|entries| {
            entries.insert(self.name.clone(), secret.to_vec());
            Ok(())
        })
    }
    fn get_secret(&self) -> Result<Vec<u8>, Error> {
        self.keyring.inner.lock().unwrap().entries.get(&self.name).cloned().ok_or(Error::NoEntry)
    }
    fn delete_credential(&self) -> Result<(), Error> {
        self.keyring.change(|entries| entries.remove(&self.name).map(drop).ok_or(Error::NoEntry))
    }
    fn get_credential(&self) -> Result<Option<Arc<Credential>>, Error> {
        Ok(None)
    }
    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn wanted() -> Wanted {
    Wanted(Arc::new(AtomicBool::new(true)))
}

/// A record like ours, which no head looks like.
fn record(fill: char, length: usize) -> Vec<u8> {
    let mut text = String::from("{\"v\":1,\"refresh_token\":\"");
    // Not all alike, so that parts in a wrong order are noticed.
    text.extend((0..length).map(|n| if n % 7 == 0 { char::from(b'0' + u8::try_from(n % 10).unwrap()) } else { fill }));
    text.into_bytes()
}

#[test]
fn a_small_record_is_one_entry_and_a_large_one_is_cut() {
    let keyring = SmallKeyring::default();
    let (small, large) = (record('s', 100), record('l', 400));
    keyring.store("acme", &small).unwrap();
    assert_eq!(keyring.names(), ["acme"]);
    assert_eq!(keyring.loaded("acme"), Some(small.clone()));
    keyring.store("acme", &large).unwrap();
    assert_eq!(keyring.names(), ["acme", "acme/a0", "acme/a1", "acme/a2"]);
    assert_eq!(keyring.loaded("acme"), Some(large));
    // A new set goes to the other side, and the old one goes away after it.
    let larger = record('m', 600);
    keyring.store("acme", &larger).unwrap();
    assert_eq!(keyring.names(), ["acme", "acme/b0", "acme/b1", "acme/b2", "acme/b3"]);
    assert_eq!(keyring.loaded("acme"), Some(larger));
    keyring.store("acme", &small).unwrap();
    assert_eq!(keyring.names(), ["acme"]);
    assert_eq!(keyring.loaded("acme"), Some(small));
}

#[test]
fn an_erased_record_leaves_no_part() {
    let keyring = SmallKeyring::default();
    keyring.store("acme", &record('l', 400)).unwrap();
    keyring.store("other", &record('o', 400)).unwrap();
    keyring.shelf("acme").erase(&wanted()).unwrap();
    assert_eq!(keyring.loaded("acme"), None);
    assert_eq!(keyring.names(), ["other", "other/a0", "other/a1", "other/a2"]);
}

#[test]
fn parts_that_do_not_belong_together_are_no_record() {
    for spoil in [
        |entries: &mut BTreeMap<String, Vec<u8>>| drop(entries.remove("acme/a1")),
        |entries: &mut BTreeMap<String, Vec<u8>>| drop(entries.insert("acme/a1".into(), record('x', 100))),
        |entries: &mut BTreeMap<String, Vec<u8>>| {
            let (first, second) = (entries["acme/a0"].clone(), entries["acme/a1"].clone());
            entries.insert("acme/a0".into(), second);
            entries.insert("acme/a1".into(), first);
        },
        |entries: &mut BTreeMap<String, Vec<u8>>| drop(entries.insert("acme".into(), HEAD.into())),
        |entries: &mut BTreeMap<String, Vec<u8>>| {
            let newer = String::from_utf8(entries["acme"].clone()).unwrap().replace("parts\":1", "parts\":2");
            entries.insert("acme".into(), newer.into_bytes());
        },
    ] {
        let keyring = SmallKeyring::default();
        keyring.store("acme", &record('l', 400)).unwrap();
        spoil(&mut keyring.inner.lock().unwrap().entries);
        let before = keyring.names();
        assert!(matches!(keyring.shelf("acme").load(), Err(Error::BadStoreFormat(_))));
        assert_eq!(keyring.names(), before, "reading removes nothing");
        // A new sign-in replaces it.
        keyring.store("acme", &record('n', 500)).unwrap();
        assert_eq!(keyring.loaded("acme"), Some(record('n', 500)));
    }
}

#[test]
fn what_is_too_large_even_in_parts_changes_nothing() {
    let keyring = SmallKeyring::default();
    keyring.store("acme", &record('s', 10)).unwrap();
    assert!(matches!(keyring.store("acme", &record('l', SMALL * MAX_PARTS)), Err(Error::TooLong(..))));
    assert_eq!(keyring.loaded("acme"), Some(record('s', 10)));
    assert_eq!(keyring.names(), ["acme"]);
}

#[test]
fn nothing_is_written_once_nobody_waits() {
    let keyring = SmallKeyring::default();
    let given_up = Wanted(Arc::new(AtomicBool::new(false)));
    for length in [10, 400] {
        keyring.shelf("acme").store(&record('l', length), &given_up).unwrap();
        assert_eq!(keyring.names(), [""; 0]);
    }
    keyring.store("acme", &record('s', 400)).unwrap();
    keyring.shelf("acme").erase(&given_up).unwrap();
    assert_eq!(keyring.loaded("acme"), Some(record('s', 400)));
}

proptest! {
    /// Whatever was stored before, and wherever the power fails: the old record or the new one is there, whole.
    #[test]
    fn no_loss_of_power_loses_the_record(
        lengths in proptest::collection::vec(0_usize..1_200, 1..5),
        next in 0_usize..1_200,
        changes in 0_usize..24,
    ) {
        let keyring = SmallKeyring::default();
        for length in &lengths {
            keyring.store("acme", &record('o', *length)).unwrap();
        }
        let (old, new) = (record('o', lengths[lengths.len() - 1]), record('n', next));
        keyring.power_fails_after(Some(changes));
        let stored = keyring.store("acme", &new);
        keyring.power_fails_after(None);
        let loaded = keyring.loaded("acme").unwrap();
        if stored.is_ok() {
            prop_assert!(loaded == new);
        } else {
            prop_assert!(loaded == old);
        }
        // What was left lying about goes with the next record.
        keyring.store("acme", &record('l', 200)).unwrap();
        prop_assert_eq!(keyring.names().len(), 3, "{:?}", keyring.names());
    }

    /// An erasure that was cut short has erased, or it has not; what it left goes with the next reading.
    #[test]
    fn no_loss_of_power_halves_an_erasure(length in 0_usize..1_200, changes in 0_usize..10) {
        let keyring = SmallKeyring::default();
        keyring.store("acme", &record('o', length)).unwrap();
        keyring.power_fails_after(Some(changes));
        let erased = keyring.shelf("acme").erase(&wanted());
        keyring.power_fails_after(None);
        let loaded = keyring.loaded("acme");
        if changes == 0 {
            prop_assert!(erased.is_err() && loaded == Some(record('o', length)));
        } else {
            prop_assert!(loaded.is_none());
            prop_assert_eq!(keyring.names(), Vec::<String>::new());
        }
    }

    #[test]
    fn no_bytes_panic(head in any::<Vec<u8>>(), tail in ".{0,80}") {
        let keyring = SmallKeyring::default();
        keyring.inner.lock().unwrap().entries.insert("acme".into(), head);
        let _ = keyring.shelf("acme").load();
        keyring.inner.lock().unwrap().entries.insert("acme".into(), format!("{HEAD}{tail}").into_bytes());
        let _ = keyring.shelf("acme").load();
    }

    /// Even one that looks like a head comes back as it was.
    #[test]
    fn every_record_comes_back(tail in proptest::collection::vec(any::<u8>(), 0..900), like_a_head in any::<bool>()) {
        let keyring = SmallKeyring::default();
        let record = if like_a_head { [HEAD.as_bytes(), &tail].concat() } else { tail };
        keyring.store("acme", &record).unwrap();
        prop_assert_eq!(keyring.loaded("acme"), Some(record));
    }
}
