//! Keeps what each profile's client proves itself with: read from the vault when it is first needed, stored before it is
//! used where it is made here. The vault does it in one line with the sessions' records, so that no two of its dialogs
//! stand on the screen.

use std::collections::HashMap;
use std::sync::Arc;

use gatepass_oidc::{Client, ClientId, ClientSecret, DpopProof, IssuerUrl, SigningKey, prove_possession};
use tokio::sync::Mutex;

use super::Task;
use super::command::{Answer, KeyWish, Proven};
use super::vault_worker::VaultLine;
use crate::credentials::ClientCredentials;
use crate::{AuthenticationMethod, ClientKeys, Error, Profile, ProfileId, VaultError, VaultKey};

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
}

impl CredentialKeeper {
    pub(crate) fn new(vault: VaultLine, machine: String) -> Self {
        Self { vault, machine, known: Mutex::default() }
    }

    /// Who we are to the profile's issuer. The key that tokens are bound to is made where there is none.
    ///
    /// # Errors
    /// [`Error::NoCredential`], or [`Error::Vault`] where the vault cannot say whether there is something.
    pub(crate) async fn client(&self, profile: &Profile) -> Result<Client, Error> {
        self.client_where(profile, false).await
    }

    /// The same for a sign-in: what binds its tokens may be made anew where the vault cannot be read, since no session
    /// depends on it yet.
    pub(crate) async fn client_for_sign_in(&self, profile: &Profile) -> Result<Client, Error> {
        self.client_where(profile, true).await
    }

    async fn client_where(&self, profile: &Profile, may_begin_anew: bool) -> Result<Client, Error> {
        let method = profile.asking.client_authentication;
        if method == AuthenticationMethod::None && !profile.asking.dpop {
            return Ok(Client::public(profile.client_id.clone()));
        }
        let mut all = self.known.lock().await;
        let known = match self.known(&mut all, profile).await {
            Ok(known) => known,
            Err(error) if may_begin_anew && method == AuthenticationMethod::None => {
                tracing::warn!(profile = %profile.id, %error, "a key is made without the keyring");
                let known = Known { is_unread: true, ..Known::of(profile, ClientCredentials::default()) };
                all.entry(profile.id.clone()).insert_entry(known).into_mut()
            }
            Err(error) => return Err(error.into()),
        };
        let mut client = known.credentials.client(profile)?;
        if profile.asking.dpop {
            let (key, is_new) = known.credentials.dpop_key();
            client = client.bound_to(key.clone());
            known.is_stored &= !is_new;
        }
        if let Err(error) = self.store(known, profile).await {
            tracing::warn!(profile = %profile.id, %error, "a key is kept in memory only");
        }
        Ok(client)
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

    /// What there is, without the secrets themselves.
    ///
    /// # Errors
    /// [`Error::Vault`] where the vault cannot be read.
    pub(crate) async fn told(&self, profile: &Profile) -> Result<ClientKeys, Error> {
        let mut all = self.known.lock().await;
        Ok(told(&self.known(&mut all, profile).await?.credentials))
    }

    /// The server took the credential of this place: what was only kept in case it would not is not needed any more.
    pub(crate) async fn worked(&self, profile: &Profile, place: usize) {
        let mut all = self.known.lock().await;
        let Ok(known) = self.known(&mut all, profile).await else { return };
        known.is_stored &= !known.credentials.worked(profile.asking.client_authentication, place);
        if let Err(error) = self.store(known, profile).await {
            tracing::warn!(profile = %profile.id, %error, "a credential that is not needed any more stays in the keyring");
        }
    }

    /// Forgets what a profile that was removed had.
    pub(crate) async fn forget(&self, profile: &ProfileId) {
        let mut all = self.known.lock().await;
        all.remove(profile);
        let key = VaultKey::client(profile.clone());
        if let Err(error) = self.vault.call(move |vault| vault.erase(&key)).await {
            tracing::warn!(%profile, %error, "the keyring keeps what the profile's client had");
        }
    }

    async fn change(&self, profile: &Profile, edit: impl FnOnce(&mut ClientCredentials)) -> Result<ClientKeys, Error> {
        let mut all = self.known.lock().await;
        let known = self.known(&mut all, profile).await?;
        let mut credentials = known.credentials.clone();
        edit(&mut credentials);
        let mut changed = Known { is_stored: false, ..Known::of(profile, credentials) };
        self.store(&mut changed, profile).await?;
        *known = changed;
        Ok(told(&known.credentials))
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

    async fn store(&self, known: &mut Known, profile: &Profile) -> Result<(), VaultError> {
        if known.is_stored {
            return Ok(());
        }
        if known.is_unread {
            known.credentials.take_over(self.load(profile).await?);
            known.is_unread = false;
        }
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
        Self { issuer, client_id, credentials, is_stored: true, is_unread: false }
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
        self.work.spawn(async move {
            let keeper = &edges.credentials;
            let told = match wish {
                KeyWish::Tell => keeper.told(&profile).await,
                KeyWish::AddSecret(secret) => keeper.add_secret(&profile, secret).await,
                KeyWish::MakeKey => keeper.make_key(&profile).await,
            };
            let _ = answer.send(told);
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
                let key = edges.credentials.client(&profile).await?.dpop_key;
                // Another key than the token is bound to would prove nothing; one that is not wanted is not made.
                let key = key.ok_or(Error::NoCredential(AuthenticationMethod::None))?;
                let Proven { method, url, access_token } = call;
                Ok(prove_possession(&method, &url, &access_token, &key, &provider, edges.now(&profile)))
            };
            let _ = answer.send(proving.await);
        });
    }

    /// Forgets the credentials of a profile that was removed.
    pub(super) fn forget_client(&mut self, seat: usize) {
        let (edges, profile) = (Arc::clone(&self.edges), self.seats[seat].profile.id.clone());
        self.work.spawn(async move { edges.credentials.forget(&profile).await });
    }
}

fn told(credentials: &ClientCredentials) -> ClientKeys {
    let public_keys = credentials.keys().iter().map(SigningKey::public_jwk).collect();
    ClientKeys { n_secrets: credentials.n_secrets(), public_keys }
}
