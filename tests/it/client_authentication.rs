//! Applications that want to be shown a secret or a signature: given once, kept in the keyring, rotated without a gap, and
//! seen by nobody but their server.

use gatepass_agent::{MemoryVault, ProfileId, Vault, VaultKey};
use gatepass_fake_okta::{App, ClientAuthentication, ClientSecret, Endpoint, FakeOkta, Org};
use gatepass_tests::{Machine, Running, eventually, everything_logged, free_redirect_uri};
use gatepass_wire::{Answer, Intent, PublicKey, Status};
use serde_json::Value;

const OLD: &str = "the-old-secret_0123456789-abcdefghijklmnopqrstuv";
const NEW: &str = "the-new-secret_9876543210-zyxwvutsrqponmlkjihgfe";

type Method = fn(Vec<ClientSecret>) -> ClientAuthentication;
/// Both ways in which a secret is sent, by the standard's names.
const BY_SECRET: [(&str, Method); 2] = [
    ("client_secret_basic", ClientAuthentication::SecretBasic),
    ("client_secret_post", ClientAuthentication::SecretPost),
];

async fn set_up(authentication: ClientAuthentication, method: &str) -> (FakeOkta, Machine) {
    let redirect_uri = free_redirect_uri();
    let app = App {
        client_authentication: authentication,
        redirect_uris: vec![redirect_uri.clone()],
        requires_pkce: false,
        ..App::default()
    };
    let okta = FakeOkta::start(Org { clients: vec![app], ..Org::default() }).await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    machine.write_profile(&okta, &[redirect_uri], &format!("client_authentication = \"{method}\""));
    (okta, machine)
}

fn have(okta: &FakeOkta, authentication: ClientAuthentication) {
    okta.edit(|org| org.clients[0].client_authentication = authentication);
}

/// How many secrets there are, and which keys.
async fn credentials(running: &Running) -> (u32, Vec<PublicKey>) {
    match running.want(Intent::ClientKeys { profile: "work".into() }).await {
        Answer::ClientKeys { secrets, keys, .. } => (secrets, keys),
        answer => panic!("{answer:?}"),
    }
}

/// Makes a key; all there are then, the newest first.
async fn make_key(running: &Running) -> Vec<PublicKey> {
    match running.want(Intent::MakeClientKey { profile: "work".into() }).await {
        Answer::ClientKeys { keys, .. } => keys,
        answer => panic!("{answer:?}"),
    }
}

/// Copies a public key as an admin is sent it.
async fn copied_key(running: &Running, kid: &str) -> Value {
    let answer = running.want(Intent::CopyPublicKey { profile: "work".into(), key: kid.into() }).await;
    assert!(matches!(answer, Answer::Copied(_)), "{answer:?}");
    serde_json::from_str(&running.clipboard().expect("something was copied")).expect("a JWK")
}

/// What the keyring has for the profile's client.
fn in_keyring(vault: &MemoryVault) -> Value {
    let key = VaultKey::client(ProfileId::parse("work").expect("an id"));
    vault
        .load(&key)
        .expect("a keyring")
        .map_or(Value::Null, |record| serde_json::from_str(record.expose()).expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_taken_from_the_clipboard_and_shown_to_its_server_alone() {
    everything_logged();
    for (method, authentication) in BY_SECRET {
        let (okta, machine) = set_up(authentication(vec![ClientSecret::active(OLD)]), method).await;
        let running = machine.start().await;
        assert_eq!(running.give_secret("work", OLD).await, 1);
        eventually("the clipboard to be emptied", || running.clipboard().is_none()).await;
        running.sign_in("work").await;
        assert_eq!(running.refresh("work").await, Status::SignedIn);
        running.quit().await;
        let running = machine.start().await;
        running.until_status("work", Status::SignedIn).await;
        running.sign_out("work").await;
        okta.wait_for_count(Endpoint::Revoke, 1).await;

        let mut n_shown = 0;
        for request in okta.requests() {
            let in_header = request.header("authorization").is_some_and(|value| value.starts_with("Basic "));
            let in_body = request.parameters.get("client_secret") == Some(OLD);
            let wants = matches!(request.endpoint, Some(Endpoint::Token | Endpoint::Revoke | Endpoint::Introspect));
            let expected = (wants && method == "client_secret_basic", wants && method == "client_secret_post");
            assert_eq!((in_header, in_body), expected, "{method}: {} {}", request.method, request.path);
            n_shown += usize::from(wants);
        }
        assert!(n_shown >= 4, "sign-in, two renewals and sign-out show it: {n_shown}");

        let mut places = machine.files();
        places.push(("what a frontend is sent", running.everything_sent()));
        places.push(("the log", everything_logged()));
        places.push(("what is shown of the program", format!("{:?}", running.profile("work"))));
        running.quit().await;
        for (place, text) in places {
            assert!(!text.contains(OLD), "{place} has the secret in it");
        }
        assert!(in_keyring(&machine.vault).to_string().contains(OLD), "it stays in the keyring after a sign-out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_secret_is_missing_nothing_is_sent() {
    for (method, authentication) in BY_SECRET {
        let (okta, machine) = set_up(authentication(vec![ClientSecret::active(OLD)]), method).await;
        let running = machine.start().await;
        assert_eq!(running.fail_to_sign_in("work").await.code, "no-client-secret");
        for endpoint in [Endpoint::Authorize, Endpoint::Token, Endpoint::Par] {
            assert_eq!(okta.count(endpoint), 0, "{endpoint:?}");
        }
        assert_eq!(machine.browser.n_opened(), 0);
        // A profile whose server wants none takes none: the clipboard is nobody's business.
        running.quit().await;
        machine.edit_profiles(method, "none");
        let running = machine.start().await;
        running.until_read("work").await;
        running.put_on_clipboard(OLD);
        let answer = running.want(Intent::TakeClientSecret { profile: "work".into() }).await;
        assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "no-secret-wanted"), "{answer:?}");
        assert_eq!(running.clipboard().as_deref(), Some(OLD));
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_of_secrets_has_no_gap() {
    for (method, authentication) in BY_SECRET {
        let early = authentication(vec![ClientSecret::active(OLD), ClientSecret::inactive(NEW)]);
        let (okta, machine) = set_up(early, method).await;
        let running = machine.start().await;
        running.give_secret("work", OLD).await;
        running.sign_in("work").await;

        // The person is sooner than the admin.
        assert_eq!(running.give_secret("work", NEW).await, 2);
        assert_eq!(running.refresh("work").await, Status::SignedIn);
        assert_eq!(credentials(&running).await.0, 2, "the new one was not seen to work");
        running.quit().await;
        let running = machine.start().await;
        running.until_status("work", Status::SignedIn).await;
        assert_eq!(credentials(&running).await.0, 2);

        have(&okta, authentication(vec![ClientSecret::inactive(OLD), ClientSecret::active(NEW)]));
        assert_eq!(running.refresh("work").await, Status::SignedIn);
        assert_eq!(credentials(&running).await.0, 1, "only the new one is kept");
        running.quit().await;
        let kept = in_keyring(&machine.vault).to_string();
        assert!(kept.contains(NEW) && !kept.contains(OLD), "the old one is still in the keyring");

        let running = machine.start().await;
        running.until_status("work", Status::SignedIn).await;
        let so_far = okta.count(Endpoint::Token);
        assert_eq!(running.refresh("work").await, Status::SignedIn);
        assert_eq!(okta.count(Endpoint::Token), so_far + 1, "the old one was tried");
        okta.assert_nothing_unexpected();
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_an_admin_takes_away_blocks_and_ends_nothing() {
    let (okta, machine) =
        set_up(ClientAuthentication::SecretPost(vec![ClientSecret::active(OLD)]), BY_SECRET[1].0).await;
    let running = machine.start().await;
    running.give_secret("work", OLD).await;
    running.sign_in("work").await;
    have(&okta, ClientAuthentication::SecretPost(vec![ClientSecret::active(NEW)]));
    assert_eq!(running.refresh("work").await, Status::Blocked);
    let problem = running.profile("work").problem.expect("a problem");
    assert_eq!(problem.quote.as_deref(), Some("The client secret supplied for a confidential client is invalid."));
    running.give_secret("work", NEW).await;
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!(machine.browser.n_opened(), 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_made_here_signs_and_its_private_half_stays_in_the_keyring() {
    everything_logged();
    let (okta, machine) = set_up(ClientAuthentication::PrivateKeyJwt(Vec::new()), "private_key_jwt").await;
    let running = machine.start().await;
    assert_eq!(running.fail_to_sign_in("work").await.code, "no-client-key");
    assert_eq!((okta.count(Endpoint::Authorize), machine.browser.n_opened()), (0, 0));

    let [key] = &make_key(&running).await[..] else { panic!("one key") };
    let public = copied_key(&running, &key.kid).await;
    assert!(public.get("d").is_none() && public["kid"] == key.kid.as_str(), "{public}");
    have(&okta, ClientAuthentication::PrivateKeyJwt(vec![public]));
    running.sign_in("work").await;
    assert_eq!(running.refresh("work").await, Status::SignedIn);

    let assertions: Vec<_> = okta
        .requests_to(Endpoint::Token)
        .iter()
        .map(|request| request.parameters.get("client_assertion").expect("an assertion").to_owned())
        .collect();
    assert!(assertions.len() >= 2 && assertions[0] != assertions[1], "an assertion is used once");

    let record = in_keyring(&machine.vault);
    let private = record["keys"][0].as_str().expect("a key").to_owned();
    let mut places = machine.files();
    places.push(("what a frontend is sent", running.everything_sent()));
    places.push(("the log", everything_logged()));
    places.push(("the clipboard", running.clipboard().unwrap_or_default()));
    places.push(("what an intent is answered", format!("{:?}", credentials(&running).await)));
    running.quit().await;
    assert!(private.len() > 20, "nothing to search for");
    for (place, text) in places {
        assert!(!text.contains(&private), "{place} has the private key in it");
        assert!(!assertions.iter().any(|assertion| text.contains(assertion)), "{place} has an assertion in it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_of_keys_has_no_gap() {
    let (okta, machine) = set_up(ClientAuthentication::PrivateKeyJwt(Vec::new()), "private_key_jwt").await;
    let running = machine.start().await;
    let old = make_key(&running).await.remove(0).kid;
    let old_jwk = copied_key(&running, &old).await;
    have(&okta, ClientAuthentication::PrivateKeyJwt(vec![old_jwk.clone()]));
    running.sign_in("work").await;

    let keys = make_key(&running).await;
    let new = keys[0].kid.clone();
    assert!(keys.len() == 2 && keys[1].kid == old && new != old, "{keys:?}");
    assert_eq!(make_key(&running).await, keys, "the new one was not seen to work: there is no third");
    // Okta does not know it yet.
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    running.quit().await;
    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(credentials(&running).await.1, keys);

    let new_jwk = copied_key(&running, &new).await;
    have(&okta, ClientAuthentication::PrivateKeyJwt(vec![old_jwk, new_jwk.clone()]));
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    let left: Vec<_> = credentials(&running).await.1.into_iter().map(|key| key.kid).collect();
    assert_eq!(left, [new], "only the new one is kept");
    have(&okta, ClientAuthentication::PrivateKeyJwt(vec![new_jwk]));
    running.quit().await;
    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(machine.browser.n_opened(), 1);
    okta.assert_nothing_unexpected();
    running.quit().await;
}
