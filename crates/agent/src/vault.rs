//! Where refresh tokens rest: the port to the OS keyring.

use secrecy::{ExposeSecret, SecretString};

use crate::ProfileId;

/// What a record is filed under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VaultKey {
    profile: ProfileId,
    of: RecordOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum RecordOf {
    Session,
    Client,
}

impl VaultKey {
    /// Of the profile's session.
    pub fn session(profile: ProfileId) -> Self {
        Self { profile, of: RecordOf::Session }
    }

    /// Of what the profile's client proves itself with.
    pub fn client(profile: ProfileId) -> Self {
        Self { profile, of: RecordOf::Client }
    }

    /// The key as a keyring has it, and no two alike: up to 71 characters of `a-z0-9-.`.
    pub fn entry(&self) -> String {
        match self.of {
            RecordOf::Session => self.profile.as_str().to_owned(),
            // No id has a full stop.
            RecordOf::Client => format!("{}.client", self.profile),
        }
    }
}

/// A record as text: ASCII JSON, secret.
#[derive(Clone)]
pub struct SecretRecord(SecretString);

impl SecretRecord {
    /// Takes ownership of the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Reads it, for the keyring alone.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for SecretRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretRecord([redacted])")
    }
}

/// The OS keyring. Calls may block on an unlock prompt, so they are made on a blocking thread, one after another.
pub trait Vault: Send + Sync + 'static {
    /// The record, if there is one.
    fn load(&self, key: &VaultKey) -> Result<Option<SecretRecord>, VaultError>;
    /// Stores the record in place of any other under the key.
    fn store(&self, key: &VaultKey, record: &SecretRecord) -> Result<(), VaultError>;
    /// Removes the record. No record is success.
    fn erase(&self, key: &VaultKey) -> Result<(), VaultError>;
}

/// Why the keyring did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum VaultError {
    /// It is locked, and was not unlocked.
    #[error("the keyring is locked")]
    Locked,
    /// The person or the system denied access.
    #[error("access to the keyring was denied")]
    Denied,
    /// There is none on this system, or it does not run.
    #[error("there is no keyring")]
    Missing,
    /// The record is damaged or of an unknown version.
    #[error("the record in the keyring cannot be read")]
    Corrupt,
    /// The record is larger than this keyring takes.
    #[error("the record is too large for the keyring")]
    TooLarge,
    /// It did not answer in time.
    #[error("the keyring does not answer")]
    Unresponsive,
}
