//! Keeps what each profile's client proves itself with: read from the vault when it is first needed, stored before it is
//! used where it is made here. The vault does it in one line with the sessions' records, so that no two of its dialogs
//! stand on the screen.

use std::collections::HashMap;
use std::sync::Arc;

use gatepass_oidc::{ApiToken, Client, ClientId, ClientSecret, DpopProof, IssuerUrl, SigningKey, prove_possession};
use tokio::sync::Mutex;
use tokio::time::sleep;

use super::command::{Answer, KeyWish, Proven};
use super::report::News;
use super::vault_worker::VaultLine;
use super::{ERASING_AGAIN, Task};
use crate::credentials::ClientCredentials;
use crate::{AuthenticationMethod, ClientKeys, Error, GroupsFrom, Profile, ProfileId, VaultError, VaultKey};

/// The credentials of all profiles. What is asked of it waits for the vault, and one after another.
pub(crate) struct CredentialKeeper {
    vault: VaultLine,
    machine: String,
    known: Mutex<HashMap<ProfileId, Known>>,
}

/// What is known of one profile's.
struct Known {
    issuer: IssuerUrl,
    client_id: ClientId,
    credentials: ClientCredentials,
    /// The vault has them as they are.
    is_stored: bool,
    /// The vault could not be read, so that it may have others.
    is_unread: bool,
    /// The profile was removed: what is still to be revoked needs them, and nothing else may use them.
    is_forgotten: bool,
}

impl CredentialKeeper {
    pub(crate) fn new(vault: VaultLine, machine: String) -> Self {
        Self { vault, machine, known: Mutex::default() }
    }

    /// Who we are to the profile's issuer, for whatever goes on with a session. Nothing is made for it: what is bound to a
    /// key that is gone can only be begun anew.
    ///
    /// # Errors
    /// [`Error::NoCredential`], [`Error::NoBoundKey`], or [`Error::Vault`] where the vault cannot say whether there is
    /// something.
    pub(crate) async fn client(&self, profile: &Profile) -> Result<Client, Error> {
        if !wants_credentials(profile) {
            return Ok(Client::public(profile.client_id.clone()));
        }
        let mut all = self.known.lock().await;
        let known = self.known(&mut all, profile).await?;
        let client = known.credentials.client(profile)?;
        let bound = match known.credentials.dpop_key() {
            Some(key) if profile.asking.dpop => client.bound_to(key.clone()),
            None if profile.asking.dpop => return Err(Error::NoBoundKey),
            Some(_) | None => client,
        };
        if let Err(error) = self.store(known, profile).await {
            tracing::warn!(profile = %profile.id, %error, "a key is kept in memory only");
        }
        Ok(bound)
    }

    /// The same for a sign-in. The key that its tokens will be bound to is made where there is none, or where the vault
    /// cannot be read: it is nobody's before [`Self::adopt`], so that a sign-in that comes to nothing changes nothing.
    pub(crate) async fn client_for_sign_in(&self, profile: &Profile) -> Result<Client, Error> {
        if !wants_credentials(profile) {
            return Ok(Client::public(profile.client_id.clone()));
        }
        let mut all = self.known.lock().await;
        all.retain(|id, known| *id != profile.id || !known.is_forgotten);
        let needs_more = profile.asking.client_authentication != AuthenticationMethod::None;
        let client = match self.known(&mut all, profile).await {
            Ok(known) => {
                let client = known.credentials.client(profile)?;
                known.credentials.dpop_key().map(|key| client.clone().bound_to(key.clone())).unwrap_or(client)
            }
            Err(error) if needs_more => return Err(error.into()),
            Err(error) => {
                tracing::warn!(profile = %profile.id, %error, "a key is made without the keyring");
                Client::public(profile.client_id.clone())
            }
        };
        Ok(match (profile.asking.dpop, &client.dpop_key) {
            (true, None) => client.bound_to(SigningKey::generate()),
            (true, Some(_)) => client,
            (false, _) => Client { dpop_key: None, ..client },
        })
    }

    /// A sign-in brought tokens for this client: the key that they are bound to is the profile's from now on.
    pub(crate) async fn adopt(&self, profile: &Profile, client: &Client) {
        let Some(key) = &client.dpop_key else { return };
        let mut all = self.known.lock().await;
        let known = match self.known(&mut all, profile).await {
            Ok(known) => known,
            Err(error) => {
                let is_unread = error != VaultError::Corrupt;
                let known = Known { is_unread, is_stored: false, ..Known::of(profile, ClientCredentials::default()) };
                all.entry(profile.id.clone()).insert_entry(known).into_mut()
            }
        };
        known.is_stored &= !known.credentials.bind_to(key);
        if let Err(error) = self.store(known, profile).await {
            tracing::warn!(profile = %profile.id, %error, "a key is kept in memory only");
        }
    }

    /// Takes in a secret that the authorization server made: it is tried first from now on.
    ///
    /// # Errors
    /// [`Error::Vault`] where it was not stored. It is then not used.
    pub(crate) async fn add_secret(&self, profile: &Profile, secret: ClientSecret) -> Result<ClientKeys, Error> {
        self.change(profile, |credentials| credentials.add_secret(secret)).await
    }

    /// Makes the next key for client assertions.
    ///
    /// # Errors
    /// As [`Self::add_secret`].
    pub(crate) async fn make_key(&self, profile: &Profile) -> Result<ClientKeys, Error> {
        self.change(profile, |credentials| drop(credentials.make_key().clone())).await
    }

    /// Takes in the API token that an admin insists on, in place of the one before; or forgets it.
    ///
    /// # Errors
    /// As [`Self::add_secret`].
    pub(crate) async fn set_api_token(&self, profile: &Profile, token: Option<ApiToken>) -> Result<ClientKeys, Error> {
        self.change(profile, |credentials| credentials.set_api_token(token)).await
    }

    /// The API token, where there is one.
    ///
    /// # Errors
    /// [`Error::Vault`] where the vault cannot be read.
    pub(crate) async fn api_token(&self, profile: &Profile) -> Result<Option<ApiToken>, Error> {
        let mut all = self.known.lock().await;
        let known = self.known(&mut all, profile).await?;
        self.read_up(known, profile).await?;
        Ok(known.credentials.api_token().cloned())
    }

    /// What there is, without the secrets themselves.
    ///
    /// # Errors
    /// [`Error::Vault`] where the vault cannot be read.
    pub(crate) async fn told(&self, profile: &Profile) -> Result<ClientKeys, Error> {
        let mut all = self.known.lock().await;
        match self.known(&mut all, profile).await {
            Ok(known) if known.is_forgotten => Ok(ClientKeys::default()),
            Ok(known) => Ok(told(&known.credentials)),
            // What cannot be read is replaced by what comes next.
            Err(VaultError::Corrupt) => Ok(ClientKeys::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// The key that the profile's tokens are bound to, whatever it asks for by now.
    async fn bound_key(&self, profile: &Profile) -> Result<Option<SigningKey>, Error> {
        let mut all = self.known.lock().await;
        Ok(self.known(&mut all, profile).await?.credentials.dpop_key().cloned())
    }

    /// The server took the credential of this place of those that `client` has: what was only kept in case it would not is
    /// not needed any more.
    pub(crate) async fn worked(&self, profile: &Profile, client: &Client, place: usize) {
        let mut all = self.known.lock().await;
        let Ok(known) = self.known(&mut all, profile).await else { return };
        known.is_stored &= !known.credentials.worked(&client.authentication, place);
        if let Err(error) = self.store(known, profile).await {
            tracing::warn!(profile = %profile.id, %error, "a credential that is not needed any more stays in the keyring");
        }
    }

    /// Removes from the vault what a profile that was removed had. What is still to be revoked for it can be: the memory
    /// keeps them while the program runs.
    pub(crate) async fn forget(&self, profile: &Profile) {
        // It may never have been needed, and is about to be.
        let mut all = self.known.lock().await;
        if let Ok(known) = self.known(&mut all, profile).await {
            known.is_forgotten = true;
            // Nothing is revoked with it.
            known.credentials.set_api_token(None);
        }
        drop(all);
        while !self.erased(profile).await {
            sleep(ERASING_AGAIN).await;
        }
    }

    /// Whether the vault has nothing for the profile any more, or has it for another one of its id.
    async fn erased(&self, profile: &Profile) -> bool {
        let all = self.known.lock().await;
        if all.get(&profile.id).is_some_and(|known| !known.is_forgotten) {
            return true;
        }
        let key = VaultKey::client(profile.id.clone());
        let erased = self.vault.call(move |vault| vault.erase(&key)).await;
        if let Err(error) = &erased {
            tracing::warn!(profile = %profile.id, %error, "the keyring keeps what the profile's client had");
        }
        erased.is_ok()
    }

    async fn change(&self, profile: &Profile, edit: impl FnOnce(&mut ClientCredentials)) -> Result<ClientKeys, Error> {
        let mut all = self.known.lock().await;
        all.retain(|id, known| *id != profile.id || !known.is_forgotten);
        let mut credentials = match self.known(&mut all, profile).await {
            Ok(known) => {
                // What is stored now takes the place of what the vault has.
                self.read_up(known, profile).await?;
                known.credentials.clone()
            }
            Err(VaultError::Corrupt) => ClientCredentials::default(),
            Err(error) => return Err(error.into()),
        };
        edit(&mut credentials);
        let mut changed = Known { is_stored: false, ..Known::of(profile, credentials) };
        self.store(&mut changed, profile).await?;
        let told = told(&changed.credentials);
        all.insert(profile.id.clone(), changed);
        Ok(told)
    }

    /// What is known of the profile's, read from the vault if nothing is.
    async fn known<'a>(
        &self,
        all: &'a mut HashMap<ProfileId, Known>,
        profile: &Profile,
    ) -> Result<&'a mut Known, VaultError> {
        let is_it = |known: &Known| known.issuer == profile.issuer && known.client_id == profile.client_id;
        if !all.get(&profile.id).is_some_and(is_it) {
            let credentials = self.load(profile).await?;
            all.insert(profile.id.clone(), Known::of(profile, credentials));
        }
        all.get_mut(&profile.id).ok_or(VaultError::Unresponsive)
    }

    async fn load(&self, profile: &Profile) -> Result<ClientCredentials, VaultError> {
        let key = VaultKey::client(profile.id.clone());
        match self.vault.call(move |vault| vault.load(&key)).await? {
            Some(record) => ClientCredentials::decode(profile, &self.machine, &record),
            None => Ok(ClientCredentials::default()),
        }
    }

    /// Adds what the vault has, if it could not be read before.
    async fn read_up(&self, known: &mut Known, profile: &Profile) -> Result<(), VaultError> {
        if known.is_unread {
            known.credentials.take_over(self.load(profile).await?);
            known.is_unread = false;
        }
        Ok(())
    }

    async fn store(&self, known: &mut Known, profile: &Profile) -> Result<(), VaultError> {
        if known.is_stored || known.is_forgotten {
            return Ok(());
        }
        self.read_up(known, profile).await?;
        let key = VaultKey::client(profile.id.clone());
        let record = known.credentials.encode(profile, &self.machine);
        self.vault.call(move |vault| vault.store(&key, &record)).await?;
        known.is_stored = true;
        Ok(())
    }
}

impl Known {
    fn of(profile: &Profile, credentials: ClientCredentials) -> Self {
        let (issuer, client_id) = (profile.issuer.clone(), profile.client_id.clone());
        Self { issuer, client_id, credentials, is_stored: true, is_unread: false, is_forgotten: false }
    }
}

impl Task {
    /// Does what is wanted of the profile's credentials. Nothing else waits for the vault.
    pub(super) fn client_keys(&mut self, profile: &ProfileId, wish: KeyWish, answer: Answer<ClientKeys>) {
        let seat = match self.find(profile) {
            Ok(seat) => seat,
            Err(error) => return drop(answer.send(Err(error))),
        };
        let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
        let reporter = self.reporter(seat);
        self.work.spawn(async move {
            let keeper = &edges.credentials;
            let is_about_api_token = matches!(wish, KeyWish::SetApiToken(_));
            let told = match wish {
                KeyWish::Tell => keeper.told(&profile).await,
                KeyWish::AddSecret(secret) => keeper.add_secret(&profile, secret).await,
                KeyWish::MakeKey => keeper.make_key(&profile).await,
                KeyWish::SetApiToken(token) => keeper.set_api_token(&profile, token).await,
            };
            if is_about_api_token && told.is_ok() {
                reporter.tell(News::ApiTokenChanged);
            }
            let _ = answer.send(told);
        });
    }

    /// Forgets the API token that the profile had, if it had one.
    pub(super) fn forget_api_token(&mut self, seat: usize) {
        if self.seats[seat].profile.groups.from != GroupsFrom::AdminToken {
            return;
        }
        let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
        self.work.spawn(async move {
            let forgotten = match edges.credentials.api_token(&profile).await {
                Ok(None) => return,
                Ok(Some(_)) => edges.credentials.set_api_token(&profile, None).await.map(drop),
                Err(error) => Err(error),
            };
            if let Err(error) = forgotten {
                tracing::warn!(profile = %profile.id, %error, "an API token stays in the keyring");
            }
        });
    }

    /// Proves that the key is here that an access token is bound to.
    pub(super) fn prove(&mut self, profile: &ProfileId, call: Proven, answer: Answer<DpopProof>) {
        let seat = match self.find(profile) {
            Ok(seat) => seat,
            Err(error) => return drop(answer.send(Err(error))),
        };
        let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
        self.work.spawn(async move {
            let proving = async {
                let provider = edges.provider(&profile).await?;
                let Proven { method, url, access_token, jkt } = call;
                let key = edges.credentials.bound_key(&profile).await?;
                // Another one would prove nothing.
                let key = key.filter(|key| key.thumbprint() == jkt).ok_or(Error::NoBoundKey)?;
                Ok(prove_possession(&method, &url, &access_token, &key, &provider, edges.now(&profile)))
            };
            let _ = answer.send(proving.await);
        });
    }

    /// Forgets the credentials of a profile that was removed.
    pub(super) fn forget_client(&mut self, seat: usize) {
        let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
        // Nobody waits for it, not even whoever quits.
        drop(tokio::spawn(async move { edges.credentials.forget(&profile).await }));
    }
}

/// Whether there is anything to keep for the profile's client.
fn wants_credentials(profile: &Profile) -> bool {
    profile.asking.client_authentication != AuthenticationMethod::None || profile.asking.dpop
}

fn told(credentials: &ClientCredentials) -> ClientKeys {
    let public_keys = credentials.keys().iter().map(SigningKey::public_jwk).collect();
    ClientKeys { n_secrets: credentials.n_secrets(), public_keys, has_api_token: credentials.api_token().is_some() }
}

#[cfg(test)]
mod tests;
