use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{SecretRecord, Vault, VaultError, VaultKey};

/// A vault in memory, for tests. It can be told to fail.
#[derive(Debug, Default)]
pub struct MemoryVault {
    inner: Mutex<MemoryVaultInner>,
}

#[derive(Debug, Default)]
struct MemoryVaultInner {
    records: HashMap<VaultKey, SecretRecord>,
    failing: Option<VaultError>,
}

impl MemoryVault {
    /// Makes every call fail with `error` until it is called with `None`.
    pub fn fail_with(&self, error: Option<VaultError>) {
        self.lock().failing = error;
    }

    fn lock(&self) -> MutexGuard<'_, MemoryVaultInner> {
        // A panic of a test that held the lock must not hide its own message.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unless_failing(&self) -> Result<MutexGuard<'_, MemoryVaultInner>, VaultError> {
        let inner = self.lock();
        match inner.failing {
            Some(error) => Err(error),
            None => Ok(inner),
        }
    }
}

impl Vault for MemoryVault {
    fn load(&self, key: &VaultKey) -> Result<Option<SecretRecord>, VaultError> {
        Ok(self.unless_failing()?.records.get(key).cloned())
    }

    fn store(&self, key: &VaultKey, record: &SecretRecord) -> Result<(), VaultError> {
        self.unless_failing()?.records.insert(key.clone(), record.clone());
        Ok(())
    }

    fn erase(&self, key: &VaultKey) -> Result<(), VaultError> {
        self.unless_failing()?.records.remove(key);
        Ok(())
    }
}
