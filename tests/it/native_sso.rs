//! One sign-in for several profiles: the second is signed in out of the session of the first, without a browser.

use gatepass_fake_okta::{App, CustomServer, DEMO_CLIENT_ID, Endpoint, FakeOkta, Fault, GrantType, Org, Received};
use gatepass_tests::{Machine, Running, eventually, everything_logged, free_redirect_uri};
use gatepass_wire::{Answer, Intent, Status};

const SECOND: &str = "0oasecond1gatepass";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const SHARES: &str = "openid profile email offline_access device_sso";
const DOES_NOT: &str = "openid profile email offline_access";

/// Two profiles of one person at one server, each of an app of its own.
struct TwoProfiles {
    okta: FakeOkta,
    machine: Machine,
}

impl TwoProfiles {
    async fn new() -> Self {
        Self::with(SHARES, "", |_| {}).await
    }

    /// The same, with what the first asks for, more lines for the second, and another org.
    async fn with(scopes: &str, options: &str, change: impl FnOnce(&mut Org)) -> Self {
        let redirect_uris = [free_redirect_uri(), free_redirect_uri()];
        let [first, second] = redirect_uris.clone().map(|uri| App { redirect_uris: vec![uri], ..App::default() });
        let mut org = Org {
            clients: vec![
                first,
                App {
                    client_id: SECOND.into(),
                    grant_types: vec![GrantType::Code, GrantType::Refresh, GrantType::TokenExchange],
                    ..second
                },
            ],
            servers: vec![CustomServer::default()],
            ..Org::default()
        };
        change(&mut org);
        let (last, okta) = (org.servers.last().map(|server| server.id.clone()), FakeOkta::start(org).await);
        okta.sign_in_as("robin");
        let machine = Machine::new();
        let (issuer, other) = (okta.issuer(), okta.issuer_of(&last.expect("a custom server")));
        let [first, second] = redirect_uris;
        // Both share, so that it can be seen that the second asks for no secret of its own.
        let text = format!(
            "version = 1\n\n[[profile]]\nid = \"first\"\nname = \"First\"\nissuer = \"{issuer}\"\n\
             client_id = \"{DEMO_CLIENT_ID}\"\nredirect_uris = [\"{first}\"]\nscopes = \"{scopes}\"\n\n[[profile]]\n\
             id = \"second\"\nname = \"Second\"\nissuer = \"{other}\"\nclient_id = \"{SECOND}\"\n\
             redirect_uris = [\"{second}\"]\nscopes = \"{SHARES}\"\nsign_in_with = \"first\"\n{options}\n"
        );
        std::fs::create_dir_all(machine.paths().config).expect("a folder");
        std::fs::write(machine.paths().profiles_file(), text).expect("a file");
        Self { okta, machine }
    }

    /// The program, with the first profile signed in.
    async fn first_signed_in(&self) -> Running {
        let running = self.machine.start().await;
        running.sign_in("first").await;
        running
    }

    fn exchanges(&self) -> Vec<Received> {
        let mut requests = self.okta.requests_to(Endpoint::Token);
        requests.retain(|request| request.parameters.get("grant_type") == Some(EXCHANGE));
        requests
    }

    async fn live(&self, count: usize) {
        eventually("the rest to be revoked", || self.okta.active_refresh_tokens().len() == count).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_visit_to_the_browser_signs_two_profiles_in() {
    everything_logged();
    let two = TwoProfiles::new().await;
    let running = two.first_signed_in().await;
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.okta.count(Endpoint::Authorize)), (1, 1));
    let [exchange] = &two.exchanges()[..] else { panic!("one exchange") };
    assert_eq!(exchange.parameters.get("audience"), Some("api://default"));
    assert_eq!(exchange.parameters.get("scope"), Some(DOES_NOT));
    assert_eq!(exchange.parameters.get("client_id"), Some(SECOND));
    assert_eq!(running.session("second").person.name, running.session("first").person.name);

    // It is a session like any other.
    assert_eq!(running.refresh("second").await, Status::SignedIn);
    assert_eq!(two.okta.active_refresh_tokens().len(), 2);
    assert_ne!(running.copy("second").await, running.copy("first").await);

    let mut places = vec![("the log", everything_logged()), ("what a frontend is sent", running.everything_sent())];
    running.quit().await;
    places.extend(two.machine.files());
    for secret in two.okta.issued().into_iter().map(|issued| issued.value) {
        for (place, text) in &places {
            assert!(!text.contains(&secret), "{place} has a secret in it");
        }
    }

    let running = two.machine.start().await;
    running.until_status("first", Status::SignedIn).await;
    running.until_status("second", Status::SignedIn).await;
    // What the second gives up is its own.
    running.sign_out("second").await;
    two.live(1).await;
    assert_eq!(running.refresh("first").await, Status::SignedIn);
    // The keyring has kept what it takes.
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (1, 2));
    two.okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_that_is_signed_out_ends_both_and_the_second_says_so() {
    let two = TwoProfiles::new().await;
    let running = two.first_signed_in().await;
    running.sign_in("second").await;
    running.quit().await;

    let running = two.machine.start().await;
    running.until_status("first", Status::SignedIn).await;
    running.until_status("second", Status::SignedIn).await;
    running.sign_out("first").await;
    two.live(0).await;
    running.refresh("second").await;
    running.until_status("second", Status::SignInNeeded).await;
    // Nothing is left to sign in with.
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 1));
    two.okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_nothing_to_exchange_the_same_click_opens_the_browser() {
    let two = TwoProfiles::new().await;
    let running = two.machine.start().await;
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (1, 0));
    running.quit().await;

    // No device secret; demands that an exchange cannot meet; nobody of that name.
    let cases = [(DOES_NOT, ""), (SHARES, "max_age = 3600"), (SHARES, "prompt = \"login\"")];
    for (scopes, options) in cases {
        let two = TwoProfiles::with(scopes, options, |_| {}).await;
        let running = two.first_signed_in().await;
        running.sign_in("second").await;
        assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 0), "{options}");
        running.quit().await;
    }
    let two = TwoProfiles::new().await;
    two.machine.edit_profiles("sign_in_with = \"first\"", "sign_in_with = \"nobody\"");
    let running = two.first_signed_in().await;
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 0));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_the_browser_mends_with_the_same_click() {
    // The device secret has ended.
    let two = TwoProfiles::new().await;
    let running = two.first_signed_in().await;
    two.okta.end_sessions_of("robin");
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 1));
    two.okta.assert_nothing_unexpected();
    running.quit().await;

    // The app has no such grant.
    let two = TwoProfiles::with(SHARES, "", |org| org.clients[1].grant_types.truncate(2)).await;
    two.okta.expect_trouble();
    let running = two.first_signed_in().await;
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 1));
    running.quit().await;

    // What comes cannot be trusted, and nothing of it stays.
    let two = TwoProfiles::new().await;
    let running = two.first_signed_in().await;
    two.okta.fault(Endpoint::Token, Fault::WrongSignature);
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 1));
    two.live(2).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_reached_is_told_of_and_no_browser_is_opened() {
    let two = TwoProfiles::new().await;
    let running = two.first_signed_in().await;
    two.okta.fault(Endpoint::Token, Fault::ResetBefore);
    running.fail_to_sign_in("second").await;
    assert_eq!(two.machine.browser.n_opened(), 1);
    running.sign_in("second").await;
    assert_eq!(two.machine.browser.n_opened(), 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_issuer_is_sent_nowhere() {
    let other = CustomServer { id: "ausother".into(), ..CustomServer::default() };
    let two = TwoProfiles::with(SHARES, "", |org| org.servers.push(other)).await;
    let running = two.first_signed_in().await;
    running.sign_in("second").await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 0));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_as_someone_else_is_not_signed_in_out_of_a_session() {
    let two = TwoProfiles::new().await;
    let running = two.first_signed_in().await;
    let as_someone_else = Intent::SignIn { profile: "second".into(), as_someone_else: true, with_code: false };
    assert_eq!(running.want(as_someone_else).await, Answer::Done);
    running.until_status("second", Status::SignedIn).await;
    assert_eq!((two.machine.browser.n_opened(), two.exchanges().len()), (2, 0));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_a_cancel_is_ended_and_the_first_goes_on() {
    let two = TwoProfiles::new().await;
    let running = two.first_signed_in().await;
    let mut gate = two.okta.hold_answer(Endpoint::Token);
    assert_eq!(running.click_sign_in("second").await, Answer::Done);
    gate.arrived().await;
    assert_eq!(two.okta.active_refresh_tokens().len(), 2);
    assert_eq!(running.want(Intent::CancelSignIn { profile: "second".into() }).await, Answer::Done);
    running.until_status("second", Status::SignedOut).await;
    gate.release();
    two.live(1).await;
    assert_eq!(running.refresh("first").await, Status::SignedIn);
    assert_eq!(running.profile("second").status, Status::SignedOut);
    assert_eq!(two.machine.browser.n_opened(), 1);
    running.quit().await;
}
