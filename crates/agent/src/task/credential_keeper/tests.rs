use gatepass_oidc::ClientSecret;

use super::*;
use crate::testing::MemoryVault;
use crate::{ProfileParts, SecretRecord};

struct Fixture {
    vault: Arc<MemoryVault>,
    keeper: CredentialKeeper,
}

impl Fixture {
    fn new() -> Self {
        Self::with(Arc::default())
    }

    fn with(vault: Arc<MemoryVault>) -> Self {
        let keeper = CredentialKeeper::new(VaultLine::start(vault.clone()), "here".into());
        Self { vault, keeper }
    }

    /// The program, started again.
    fn again(&self) -> Self {
        Self::with(Arc::clone(&self.vault))
    }

    fn kept(&self) -> Option<SecretRecord> {
        use crate::Vault as _;
        self.vault.load(&VaultKey::client(bound().id)).unwrap()
    }

    async fn key(&self, profile: &Profile) -> Result<String, Error> {
        let key = self.keeper.client(profile).await?.dpop_key;
        key.map(|key| key.key_id().to_owned()).ok_or(Error::NoBoundKey)
    }

    /// A sign-in that comes to a session.
    async fn sign_in(&self, profile: &Profile) -> String {
        let client = self.keeper.client_for_sign_in(profile).await.unwrap();
        self.keeper.adopt(profile, &client).await;
        client.dpop_key.unwrap().key_id().to_owned()
    }
}

fn with(parts: ProfileParts) -> Profile {
    let fixed = ProfileParts {
        name: "Work".into(),
        issuer: "https://acme.okta.com".into(),
        client_id: "0oa9x2c71kQ".into(),
        ..parts
    };
    Profile::from_parts(&fixed).unwrap()
}

/// A public client whose tokens are bound.
fn bound() -> Profile {
    with(ProfileParts { dpop: true, ..ProfileParts::default() })
}

fn by_secret() -> Profile {
    with(ProfileParts { client_authentication: Some("client_secret_post".into()), ..ProfileParts::default() })
}

#[tokio::test]
async fn a_key_is_made_by_a_sign_in_and_stays_over_restarts_and_further_sign_ins() {
    let fixture = Fixture::new();
    assert_eq!(fixture.key(&bound()).await, Err(Error::NoBoundKey), "a renewal makes none");
    let key = fixture.sign_in(&bound()).await;
    let fixture = fixture.again();
    assert_eq!(fixture.key(&bound()).await, Ok(key.clone()));
    assert_eq!(fixture.sign_in(&bound()).await, key);
}

#[tokio::test]
async fn a_sign_in_that_comes_to_nothing_changes_no_key_whatever_the_keyring_was_like() {
    let fixture = Fixture::new();
    fixture.keeper.client_for_sign_in(&bound()).await.unwrap();
    assert!(fixture.kept().is_none(), "nobody signed in");
    let key = fixture.sign_in(&bound()).await;
    let fixture = fixture.again();
    fixture.vault.fail_with(Some(VaultError::Locked));
    let begun = fixture.keeper.client_for_sign_in(&bound()).await.unwrap();
    assert_ne!(begun.dpop_key.unwrap().key_id(), key);
    assert_eq!(fixture.key(&bound()).await, Err(Error::Vault(VaultError::Locked)), "nothing is made up for a renewal");
    fixture.vault.fail_with(None);
    assert_eq!(fixture.key(&bound()).await, Ok(key));
}

#[tokio::test]
async fn a_session_that_began_without_the_keyring_has_its_key_stored_when_it_can_be_and_nothing_else_is_lost() {
    let fixture = Fixture::new();
    let both = with(ProfileParts { dpop: true, client_authentication: Some("none".into()), ..ProfileParts::default() });
    fixture.keeper.add_secret(&both, ClientSecret::new("kept all along")).await.unwrap();
    let fixture = fixture.again();
    fixture.vault.fail_with(Some(VaultError::Locked));
    let key = fixture.sign_in(&both).await;
    fixture.vault.fail_with(None);
    assert_eq!(fixture.key(&both).await, Ok(key.clone()));
    let fixture = fixture.again();
    assert_eq!(fixture.key(&both).await, Ok(key));
    assert_eq!(fixture.keeper.told(&both).await.unwrap().n_secrets, 1);
}

#[tokio::test]
async fn an_edit_that_is_taken_back_finds_its_key_unless_somebody_signed_in_meanwhile() {
    let fixture = Fixture::new();
    let key = fixture.sign_in(&bound()).await;
    let edited = Profile { client_id: ClientId::new("0oaother"), ..bound() };
    fixture.keeper.client_for_sign_in(&edited).await.unwrap();
    assert_eq!(fixture.key(&edited).await, Err(Error::NoBoundKey));
    assert_eq!(fixture.key(&bound()).await, Ok(key.clone()));
    let others = fixture.sign_in(&edited).await;
    assert_eq!(fixture.key(&edited).await, Ok(others));
    assert_eq!(fixture.key(&bound()).await, Err(Error::NoBoundKey));
}

#[tokio::test(start_paused = true)]
async fn a_profile_that_is_removed_can_still_be_revoked_for_and_leaves_nothing_in_the_keyring() {
    let fixture = Fixture::new();
    fixture.keeper.add_secret(&by_secret(), ClientSecret::new("s")).await.unwrap();
    let fixture = fixture.again();
    fixture.keeper.forget(&by_secret()).await;
    assert!(fixture.kept().is_none());
    assert!(fixture.keeper.client(&by_secret()).await.is_ok(), "what is to be revoked is revoked as that client");
    assert!(fixture.kept().is_none(), "and nothing is stored for it");
    assert!(fixture.keeper.client_for_sign_in(&by_secret()).await.is_err(), "another of its id has nothing of it");
    assert_eq!(fixture.keeper.told(&by_secret()).await.unwrap().n_secrets, 0);

    // One that the keyring would not remove is removed when it does, unless there is another by then.
    fixture.keeper.add_secret(&by_secret(), ClientSecret::new("t")).await.unwrap();
    fixture.vault.fail_with(Some(VaultError::Locked));
    let (keeper, profile) = (&fixture.keeper, by_secret());
    tokio::join!(keeper.forget(&profile), async {
        sleep(3 * ERASING_AGAIN / 2).await;
        fixture.vault.fail_with(None);
        assert!(fixture.kept().is_some());
    });
    assert!(fixture.kept().is_none());
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_replaced_by_what_comes_next() {
    use crate::Vault as _;
    let fixture = Fixture::new();
    fixture.vault.store(&VaultKey::client(bound().id), &SecretRecord::new("damaged")).unwrap();
    assert_eq!(fixture.key(&bound()).await, Err(Error::Vault(VaultError::Corrupt)));
    let key = fixture.sign_in(&bound()).await;
    assert_eq!(fixture.again().key(&bound()).await, Ok(key));
    fixture.vault.store(&VaultKey::client(bound().id), &SecretRecord::new("damaged")).unwrap();
    let fixture = fixture.again();
    assert_eq!(fixture.keeper.told(&by_secret()).await.unwrap().n_secrets, 0);
    assert_eq!(fixture.keeper.add_secret(&by_secret(), ClientSecret::new("s")).await.unwrap().n_secrets, 1);
}

fn by_api_token() -> Profile {
    with(ProfileParts { groups_from: Some("okta_api_token".into()), dpop: true, ..ProfileParts::default() })
}

async fn api_token(fixture: &Fixture) -> Option<String> {
    fixture.keeper.api_token(&by_api_token()).await.unwrap().map(|token| token.expose().to_owned())
}

#[tokio::test(start_paused = true)]
async fn an_api_token_goes_with_its_profile_also_where_one_like_it_is_added_again() {
    let fixture = Fixture::new();
    let told = fixture.keeper.set_api_token(&by_api_token(), Some(ApiToken::new("00t"))).await.unwrap();
    assert!(told.has_api_token);
    assert_eq!(api_token(&fixture.again()).await.as_deref(), Some("00t"), "it is kept");
    fixture.keeper.forget(&by_api_token()).await;
    assert_eq!(api_token(&fixture).await, None);
    assert_eq!(fixture.keeper.told(&by_api_token()).await, Ok(ClientKeys::default()));
    assert_eq!(api_token(&fixture.again()).await, None);
}

#[tokio::test]
async fn what_the_vault_could_not_be_asked_for_at_first_is_not_lost_by_what_comes_then() {
    let fixture = Fixture::new();
    fixture.keeper.add_secret(&by_api_token(), ClientSecret::new("kept all along")).await.unwrap();
    fixture.keeper.set_api_token(&by_api_token(), Some(ApiToken::new("00t"))).await.unwrap();
    let fixture = fixture.again();
    fixture.vault.fail_with(Some(VaultError::Locked));
    fixture.sign_in(&by_api_token()).await;
    assert_eq!(fixture.keeper.api_token(&by_api_token()).await.err(), Some(Error::Vault(VaultError::Locked)));
    fixture.vault.fail_with(None);
    assert_eq!(api_token(&fixture).await.as_deref(), Some("00t"));

    let fixture = fixture.again();
    fixture.vault.fail_with(Some(VaultError::Locked));
    fixture.sign_in(&by_api_token()).await;
    fixture.vault.fail_with(None);
    let told = fixture.keeper.set_api_token(&by_api_token(), None).await.unwrap();
    assert_eq!((told.n_secrets, told.has_api_token), (1, false), "the secret stays, and the token is gone for good");
    assert_eq!(api_token(&fixture.again()).await, None);
}
