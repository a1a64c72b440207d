//! stub
use gatepass_agent::{SecretRecord, Vault, VaultError, VaultKey};

/// The keyring of this system.
pub struct KeyringVault;

impl KeyringVault {
    /// The keyring of this user.
    pub fn of_this_user() -> Self {
        Self
    }
}

impl Vault for KeyringVault {
    fn load(&self, _: &VaultKey) -> Result<Option<SecretRecord>, VaultError> {
        Err(VaultError::Missing)
    }
    fn store(&self, _: &VaultKey, _: &SecretRecord) -> Result<(), VaultError> {
        Err(VaultError::Missing)
    }
    fn erase(&self, _: &VaultKey) -> Result<(), VaultError> {
        Err(VaultError::Missing)
    }
}
