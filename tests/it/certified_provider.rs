//! The same life against a provider that we did not write: npm's `oidc-provider`, certified by the OpenID Foundation.

use std::time::Duration;

use gatepass_agent::{Clock as _, ProfileId, Vault, VaultKey};
use gatepass_app::SystemClock;
use gatepass_fake_okta::Browser;
use gatepass_oidc::{
    Client, ClientId, EndSessionRequest, EndpointHosts, Http, HttpPolicy, IdTokenHint, IssuerUrl, Provider,
    RedirectUri, Timestamp,
};
use gatepass_tests::{CertifiedProvider, Machine, PATIENCE, Running, free_redirect_uri};
use gatepass_wire::{AccessTokenView, Answer, GroupsSource, Intent, Profile, Status};
use serde_json::Value;
use url::Url;

mod jose;
mod ways;

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_renew_restart_and_sign_out() {
    let (_provider, machine) = provider_and_machine().await;
    let running = machine.start().await;
    let session = running.sign_in("work").await.session.expect("a session");
    assert_eq!(session.person.name, "alice Example");
    assert_eq!((session.groups.names.len(), session.groups.source), (3, GroupsSource::IdToken));
    assert!(matches!(session.tokens.access, Some(AccessTokenView::Verified(_))), "{:?}", session.tokens.access);
    assert!(machine.browser.page(1).await.body.contains("alice Example"));
    let first = running.copy("work").await;

    // It rotates and has no grace: each renewal must use what the one before brought.
    for _ in 0..3 {
        let before = running.session("work").expires_at;
        machine.clock.advance(Duration::from_secs(250));
        running.app.look_again();
        running
            .until("work", "a renewal", |profile| {
                profile.status == Status::SignedIn && profile.session.as_ref().is_some_and(|s| s.expires_at > before)
            })
            .await;
    }
    assert_ne!(running.copy("work").await, first);
    running.quit().await;

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(machine.browser.n_opened(), 1);

    assert_eq!(running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await, Answer::Done);
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_renewed_or_signed_out_is_over_at_the_provider() {
    let (provider, machine) = provider_and_machine().await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let first = stored(&machine)["refresh_token"].clone();
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    let second = stored(&machine)["refresh_token"].clone();
    assert_ne!(first, second);
    assert!(!is_active(&provider, &machine, &first).await, "it was rotated");
    assert!(is_active(&provider, &machine, &second).await);

    assert_eq!(running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await, Answer::Done);
    // Quitting waits for what is being revoked.
    running.quit().await;
    assert!(!is_active(&provider, &machine, &second).await, "it was revoked");
}

/// It names the same end of a refresh token and of the one that took its place.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_session_is_what_the_provider_says_of_its_refresh_tokens() {
    let (provider, machine) = provider_and_machine().await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let asked = async { while count(&provider, "introspected").await == 0 {} };
    tokio::time::timeout(PATIENCE, asked).await.expect("a first question");
    let end = said_of(&provider, &machine, &stored(&machine)["refresh_token"]).await["exp"].as_i64().expect("a time");
    assert_eq!(running.session("work").ends_at, None, "it may be an end that moves");

    machine.clock.advance(Duration::from_secs(11 * 60));
    running.app.look_again();
    let knows = |profile: &Profile| profile.session.as_ref().is_some_and(|session| session.ends_at.is_some());
    let ends_at = running.until("work", "the end", knows).await.session.and_then(|session| session.ends_at);
    // A day, by the provider's clock, which is the system's. The machine's is ahead of it.
    let left = ends_at.expect("it is known").0 - machine.clock.now().as_unix_millis();
    let at_provider = end * 1000 - SystemClock.now().as_unix_millis();
    assert!((left - at_provider).abs() <= 5_000 && left > 86_000_000, "{left} {at_provider}");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_can_end_the_session_at_the_provider() {
    let (provider, machine) = provider_and_machine().await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let browser = machine.browser.client();
    let request = end_session_request(&provider, &stored(&machine)["id_token_hint"]).await;
    let fields = request.expose_fields().iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let question = browser.post(request.endpoint(), fields.collect()).await.expect("the provider answers");
    let signed_out = browser.press(&question, "sign-out").await.expect_err("nobody listens where it sends the browser");
    assert!(format!("{signed_out:#}").contains("27097/signed-out"), "{signed_out:#}");
    // It asks nobody who has no session there.
    let no_hint = vec![("client_id".to_owned(), CertifiedProvider::CLIENT_ID.to_owned())];
    let question = browser.post(request.endpoint(), no_hint).await.expect("the provider answers");
    assert_eq!(question.status, Some(200), "{}", question.body);
    assert!(!question.body.contains("sign-out"), "there is still a session: {}", question.body);
    running.quit().await;
}

async fn provider_and_machine() -> (CertifiedProvider, Machine) {
    let redirect_uri = free_redirect_uri();
    let provider = CertifiedProvider::start(&redirect_uri).await.expect("a provider");
    let machine = Machine::new();
    machine.write_profiles(&[("work", &provider.issuer, CertifiedProvider::CLIENT_ID, &redirect_uri)]);
    (provider, machine)
}

/// The record in the keyring.
fn stored(machine: &Machine) -> Value {
    let key = VaultKey::session(ProfileId::parse("work").expect("an id"));
    let record = machine.vault.load(&key).expect("a keyring").expect("a record");
    serde_json::from_str(record.expose()).expect("JSON")
}

async fn is_active(provider: &CertifiedProvider, machine: &Machine, token: &Value) -> bool {
    let said = said_of(provider, machine, token).await;
    said["active"].as_bool().unwrap_or_else(|| panic!("{said}"))
}

/// How often the provider has done this.
async fn count(provider: &CertifiedProvider, what: &str) -> u64 {
    let address = Url::parse(&provider.issuer).and_then(|issuer| issuer.join("/counts")).expect("an address");
    let counts = Browser::new().browse(address.as_str()).await.expect("the provider answers");
    let counts: Value = serde_json::from_str(&counts.body).expect("JSON");
    counts[what].as_u64().expect("a number")
}

/// What the provider says of a refresh token (RFC 7662).
async fn said_of(provider: &CertifiedProvider, machine: &Machine, token: &Value) -> Value {
    let address = Url::parse(&format!("{}/v1/introspect", provider.issuer)).expect("an address");
    let token = token.as_str().expect("a token").to_owned();
    let fields = [("client_id", CertifiedProvider::CLIENT_ID.to_owned()), ("token", token)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let said = machine.browser.client().post(&address, fields).await.expect("the provider answers");
    serde_json::from_str(&said.body).expect("JSON")
}

async fn end_session_request(provider: &CertifiedProvider, hint: &Value) -> EndSessionRequest {
    let issuer = IssuerUrl::parse(&provider.issuer).expect("an issuer");
    let http = Http::new(HttpPolicy::default());
    let (hosts, now) = (EndpointHosts::default(), Timestamp::default());
    let metadata = Provider::discover(&issuer, &hosts, &http, now).await.expect("metadata");
    let client = Client::public(ClientId::new(CertifiedProvider::CLIENT_ID));
    let hint = IdTokenHint::from_vault(hint.as_str().expect("a hint"));
    let signed_out = RedirectUri::parse("http://localhost:27097/signed-out").expect("a URI");
    EndSessionRequest::new(&metadata, &client, &hint, Some(&signed_out)).expect("it can end sessions")
}
