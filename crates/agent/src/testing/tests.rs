use std::time::Duration;

use gatepass_oidc::Timestamp;

use super::*;
use crate::{Clock, ProfileId, SecretRecord, Vault, VaultError, VaultKey};

#[test]
fn the_vault_in_memory_keeps_the_contract() {
    vault_contract(&MemoryVault::default());
}

#[test]
fn the_vault_in_memory_fails_as_it_is_told() {
    let vault = MemoryVault::default();
    let key = VaultKey::session(ProfileId::parse("demo").unwrap());
    vault.store(&key, &SecretRecord::new("kept")).unwrap();
    vault.fail_with(Some(VaultError::Locked));
    assert_eq!(vault.load(&key).unwrap_err(), VaultError::Locked);
    assert_eq!(vault.store(&key, &SecretRecord::new("lost")), Err(VaultError::Locked));
    assert_eq!(vault.erase(&key), Err(VaultError::Locked));
    vault.fail_with(None);
    assert_eq!(vault.load(&key).unwrap().unwrap().expose(), "kept");
}

#[test]
fn the_contract_notices_a_vault_that_keeps_the_first_record() {
    struct Stubborn(MemoryVault);
    impl Vault for Stubborn {
        fn load(&self, key: &VaultKey) -> Result<Option<SecretRecord>, VaultError> {
            self.0.load(key)
        }
        fn store(&self, key: &VaultKey, record: &SecretRecord) -> Result<(), VaultError> {
            if self.0.load(key)?.is_some() { Ok(()) } else { self.0.store(key, record) }
        }
        fn erase(&self, key: &VaultKey) -> Result<(), VaultError> {
            self.0.erase(key)
        }
    }
    let verdict = std::panic::catch_unwind(|| vault_contract(&Stubborn(MemoryVault::default())));
    let message = *verdict.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("a record is stored in place of the one before"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn the_clock_follows_tokio_and_can_be_set() {
    let clock = TestClock::starting_at(Timestamp::from_unix_seconds(1_000));
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(clock.now(), Timestamp::from_unix_seconds(1_005));
    clock.jump(Duration::from_secs(60));
    assert_eq!(clock.now(), Timestamp::from_unix_seconds(1_065));
    clock.set_back(Duration::from_secs(100));
    assert_eq!(clock.now(), Timestamp::from_unix_seconds(965));
}
