//! What a profile's client proves itself with: secrets that its authorization server made, keys that were made here; and
//! the API token that an admin insisted on. This module owns the format of their record, which is private and versioned,
//! and the rule that they are shown to nobody but the org they were made for: the record names issuer, client ID and
//! machine. Beside the issuer only a further audience's server on its host sees a secret, where a token is exchanged.

use gatepass_oidc::{ApiToken, Client, ClientAuthentication, ClientSecret, Credentials, SigningKey, SigningKeyText};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::record::as_ascii;
use crate::{AuthenticationMethod, Error, Profile, SecretRecord, VaultError};

const VERSION: u64 = 1;

/// How many of a kind there can be: the one in use and the one that takes its place.
const MAX_OF_A_KIND: usize = 2;

/// What there is to prove oneself with. The newest of a kind comes first; the one before it stays until the newest was
/// seen to work.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientCredentials {
    secrets: Vec<ClientSecret>,
    keys: Vec<SigningKey>,
    dpop_key: Option<SigningKey>,
    api_token: Option<ApiToken>,
}

/// The record as JSON. No `Debug`: it is a secret.
#[derive(Serialize, Deserialize)]
struct Record {
    v: u64,
    issuer: String,
    client_id: String,
    machine: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dpop_key: Option<Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_token: Option<Zeroizing<String>>,
}

impl ClientCredentials {
    /// Puts a secret before the others. One that is there already only moves. Of three, the one in the middle goes: it was
    /// never seen to work, or the one behind it would be gone.
    pub(crate) fn add_secret(&mut self, secret: ClientSecret) {
        self.secrets.retain(|known| known.expose() != secret.expose());
        self.secrets.insert(0, secret);
        if self.secrets.len() > MAX_OF_A_KIND {
            self.secrets.remove(1);
        }
    }

    /// Puts a new key before the others, unless the newest was never seen to work: then it is that one.
    pub(crate) fn make_key(&mut self) -> &SigningKey {
        if self.keys.len() < MAX_OF_A_KIND {
            self.keys.insert(0, SigningKey::generate());
        }
        &self.keys[0]
    }

    /// The key that tokens are bound to.
    pub(crate) fn dpop_key(&self) -> Option<&SigningKey> {
        self.dpop_key.as_ref()
    }

    /// Makes this the key that tokens are bound to. Whether it was another.
    pub(crate) fn bind_to(&mut self, key: &SigningKey) -> bool {
        let is_other = self.dpop_key.as_ref().is_none_or(|known| known.thumbprint() != key.thumbprint());
        self.dpop_key = Some(key.clone());
        is_other
    }

    /// What an admin gave to ask Okta's API with.
    pub(crate) fn api_token(&self) -> Option<&ApiToken> {
        self.api_token.as_ref()
    }

    /// Takes the token in place of the one before, or puts it away.
    pub(crate) fn set_api_token(&mut self, token: Option<ApiToken>) {
        self.api_token = token;
    }

    /// Adds what the vault had all along, while it could not be read.
    pub(crate) fn take_over(&mut self, stored: Self) {
        self.secrets.extend(stored.secrets);
        self.keys.extend(stored.keys);
        self.api_token = self.api_token.take().or(stored.api_token);
    }

    /// How many secrets there are.
    pub(crate) fn n_secrets(&self) -> usize {
        self.secrets.len()
    }

    /// The keys of client assertions, the newest first.
    pub(crate) fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The server took the credential of this place among those that it was shown. If that is the newest there is, the
    /// others are not needed any more; a newer one may have come since, and is not seen to work by that. Whether any went.
    pub(crate) fn worked(&mut self, shown: &ClientAuthentication, place: usize) -> bool {
        let n_before = self.secrets.len() + self.keys.len();
        match shown {
            ClientAuthentication::None => {}
            ClientAuthentication::ClientSecretBasic(secrets) | ClientAuthentication::ClientSecretPost(secrets) => {
                let newest = self.secrets.first().map(ClientSecret::expose);
                if newest.is_some() && newest == secrets.nth(place).map(ClientSecret::expose) {
                    self.secrets.truncate(1);
                }
            }
            ClientAuthentication::PrivateKeyJwt(keys) => {
                let newest = self.keys.first().map(SigningKey::key_id);
                if newest.is_some() && newest == keys.nth(place).map(SigningKey::key_id) {
                    self.keys.truncate(1);
                }
            }
        }
        n_before > self.secrets.len() + self.keys.len()
    }

    /// The client of a profile, without the key that its tokens are bound to.
    ///
    /// # Errors
    /// [`Error::NoCredential`] where its server wants to be shown something that there is not.
    pub(crate) fn client(&self, profile: &Profile) -> Result<Client, Error> {
        let method = profile.asking.client_authentication;
        let authentication = match method {
            AuthenticationMethod::None => Some(ClientAuthentication::None),
            AuthenticationMethod::ClientSecretBasic => {
                in_turn(&self.secrets).map(ClientAuthentication::ClientSecretBasic)
            }
            AuthenticationMethod::ClientSecretPost => {
                in_turn(&self.secrets).map(ClientAuthentication::ClientSecretPost)
            }
            AuthenticationMethod::PrivateKeyJwt => in_turn(&self.keys).map(ClientAuthentication::PrivateKeyJwt),
        };
        let authentication = authentication.ok_or(Error::NoCredential(method))?;
        Ok(Client { authentication, ..Client::public(profile.client_id.clone()) })
    }

    /// The record as ASCII.
    pub(crate) fn encode(&self, profile: &Profile, machine: &str) -> SecretRecord {
        let key = |key: &SigningKey| Zeroizing::new(key.to_text().expose().to_owned());
        let record = Record {
            v: VERSION,
            issuer: profile.issuer.as_str().to_owned(),
            client_id: profile.client_id.as_str().to_owned(),
            machine: machine.to_owned(),
            secrets: self.secrets.iter().map(|secret| Zeroizing::new(secret.expose().to_owned())).collect(),
            keys: self.keys.iter().map(key).collect(),
            dpop_key: self.dpop_key.as_ref().map(key),
            api_token: self.api_token.as_ref().map(|token| Zeroizing::new(token.expose().to_owned())),
        };
        SecretRecord::new(as_ascii(&record).as_str())
    }

    /// Reads a record on behalf of `profile` on `machine`. One of another issuer, client or machine has nothing for it.
    ///
    /// # Errors
    /// [`VaultError::Corrupt`] where it is damaged, or of an unknown version.
    pub(crate) fn decode(profile: &Profile, machine: &str, record: &SecretRecord) -> Result<Self, VaultError> {
        let record: Record = serde_json::from_str(record.expose()).map_err(|_| VaultError::Corrupt)?;
        if record.v != VERSION {
            return Err(VaultError::Corrupt);
        }
        let is_ours = record.issuer == profile.issuer.as_str()
            && record.client_id == profile.client_id.as_str()
            && record.machine == machine;
        if !is_ours {
            return Ok(Self::default());
        }
        let key = |text: &Zeroizing<String>| {
            SigningKey::from_text(&SigningKeyText::new(text.as_str())).map_err(|_| VaultError::Corrupt)
        };
        Ok(Self {
            secrets: record.secrets.iter().map(|secret| ClientSecret::new(secret.as_str())).collect(),
            keys: record.keys.iter().map(key).collect::<Result<_, _>>()?,
            dpop_key: record.dpop_key.as_ref().map(key).transpose()?,
            api_token: record.api_token.as_ref().map(|token| ApiToken::new(token.as_str())),
        })
    }
}

fn in_turn<T: Clone>(all: &[T]) -> Option<Credentials<T>> {
    let (first, others) = all.split_first()?;
    Some(others.iter().cloned().fold(Credentials::new(first.clone()), Credentials::or))
}

#[cfg(test)]
mod tests;
