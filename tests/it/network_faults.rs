//! Faults of the network, made by a relay between the program and its issuer, as nothing in the program or the server
//! could make them: doors that are closed or deaf, connections that are cut at a chosen byte, portals in between. Each
//! test asserts that the session stays, what the person sees, that nobody is hammered, and that renewal comes by itself.
//! The faults that a server makes itself are in `renewal`.

use std::time::Duration;

use gatepass_agent::{Clock, ProfileId, SecretRecord, Vault, VaultKey};
use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, Org, RateLimitBody, Rotation};
use gatepass_oidc::HttpPolicy;
use gatepass_relay::{Door, Fate, HttpRelay, Point};
use gatepass_tests::{Machine, Running};
use gatepass_wire::{Answer, Intent, Profile, Status};

const TOKEN: &str = "/v1/token";
/// The limits for a connection and for an answer: shorter than in the program, where it is many seconds, and long enough
/// for a busy machine.
const CONNECT_LIMIT: Duration = Duration::from_millis(500);
const ANSWER_LIMIT: Duration = Duration::from_secs(4);

/// Past a deadline rather than at it.
const A_MOMENT: Duration = Duration::from_secs(1);

/// Robin is signed in at an org behind a relay.
struct Scene {
    okta: FakeOkta,
    relay: HttpRelay,
    machine: Machine,
}

impl Scene {
    async fn new() -> Self {
        let relay = HttpRelay::start().await.expect("a relay");
        // No grace: asking twice with one token would end the session.
        let app = App { refresh: Rotation::Rotate { grace: Duration::ZERO }, ..App::default() };
        Self::behind(relay, Org { clients: vec![app], ..Org::default() }).await
    }

    async fn behind(relay: HttpRelay, org: Org) -> Self {
        let okta = FakeOkta::start(Org { public_origin: Some(relay.origin()), ..org }).await;
        relay.leads_to(okta.address());
        let mut machine = Machine::for_org(&okta);
        machine.http = HttpPolicy {
            connect_timeout: CONNECT_LIMIT,
            total_timeout: ANSWER_LIMIT,
            token_timeout: ANSWER_LIMIT,
            ..HttpPolicy::default()
        };
        Self { okta, relay, machine }
    }

    /// Long enough for the token to be renewed, and too short for it to end.
    fn let_renewal_come(&self, running: &Running) {
        let by = Duration::from_secs(50 * 60);
        self.okta.advance_clock(by);
        self.machine.clock.advance(by);
        running.app.look_again();
    }

    /// Lets a renewal come and waits for its tokens: what was lost is asked for again at once.
    async fn until_renewed(&self, running: &Running, fate: &Fate) {
        let before = running.session("work").expires_at;
        self.let_renewal_come(running);
        let is_renewed = |profile: &Profile| {
            let expires_at = profile.session.as_ref().and_then(|session| session.expires_at);
            profile.status == Status::SignedIn && expires_at > before
        };
        running.until("work", &format!("new tokens after {fate:?}"), is_renewed).await;
    }

    /// Lets the time pass until the next try; the profile after that.
    async fn let_it_try(&self, running: &Running) -> Profile {
        let at = running.session("work").retry_at.expect("it tries again");
        let now = self.machine.clock.now().as_unix_millis();
        self.machine.clock.advance(Duration::from_millis(u64::try_from(at.0 - now).unwrap_or(0)) + A_MOMENT);
        running.app.look_again();
        let tried = |profile: &Profile| {
            let next = profile.session.as_ref().and_then(|session| session.retry_at);
            profile.status == Status::SignedIn || next.is_some_and(|next| next != at)
        };
        running.until("work", "the next try", tried).await
    }
}

/// What has to be true of everybody whom the network keeps from renewing.
fn assert_offline(profile: &Profile, because: &str) {
    assert_eq!(profile.status, Status::Offline);
    let session = profile.session.as_ref().expect("the session goes on");
    assert_eq!(session.person.name, "Robin Calder");
    assert!(session.retry_at.is_some(), "it tries again by itself");
    let problem = profile.problem.as_ref().expect("it says why");
    assert_eq!(problem.code, because);
    assert!(problem.advice.to_lowercase().contains("you stay signed in"), "{problem:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_connections_are_refused_or_never_answered_the_session_stays_and_comes_back_by_itself() {
    for door in [Door::Closed, Door::Deaf] {
        let scene = Scene::new().await;
        let running = scene.machine.start().await;
        let expires_at = running.sign_in("work").await.session.and_then(|session| session.expires_at);
        scene.relay.door(door).await.expect("a door");
        scene.let_renewal_come(&running);
        let profile = running.until_status("work", Status::Offline).await;
        assert_offline(&profile, "unreachable");
        // Still valid: the countdown goes on, and the token can be copied.
        assert_eq!(profile.session.and_then(|session| session.expires_at), expires_at);
        running.copy("work").await;
        for _ in 0..3 {
            assert_offline(&scene.let_it_try(&running).await, "unreachable");
        }
        scene.relay.door(Door::Open).await.expect("the port is free");
        assert_eq!(scene.let_it_try(&running).await.status, Status::SignedIn, "{door:?}");
        assert_eq!(running.notices(), [], "what heals by itself is not announced");
        assert_eq!((scene.machine.browser.n_opened(), scene.okta.reuse_detections()), (1, 0));
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_does_not_resolve_leaves_the_session_as_it_was() {
    let scene = Scene::new().await;
    let running = scene.machine.start().await;
    running.sign_in("work").await;
    running.quit().await;

    // The same session, of an issuer whose name nobody knows (RFC 6761 section 6.4).
    let key = VaultKey::session(ProfileId::parse("work").expect("an id"));
    let record = scene.machine.vault.load(&key).expect("a keyring").expect("a record");
    let elsewhere = |text: &str| text.replace(&scene.relay.origin(), "https://gatepass.invalid");
    scene.machine.vault.store(&key, &SecretRecord::new(elsewhere(record.expose()))).expect("a keyring");
    let profiles = scene.machine.profiles_text();
    scene.machine.edit_profiles(&profiles, &elsewhere(&profiles));
    let running = scene.machine.start().await;
    assert_offline(&running.until_status("work", Status::Offline).await, "unreachable");
    running.quit().await;

    // Back where the name is known.
    scene.machine.vault.store(&key, &record).expect("a keyring");
    scene.machine.edit_profiles(&elsewhere(&profiles), &profiles);
    let running = scene.machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!((scene.machine.browser.n_opened(), scene.okta.reuse_detections()), (1, 0));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_answers_in_the_issuers_place_ends_nothing_and_gets_no_refresh_token_at_a_start() {
    let page = "<title>Welcome to the Wi-Fi</title>";
    let length = page.len();
    for (because, portal) in [
        (
            "web-page-in-the-way",
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n{page}"),
        ),
        ("nonconforming", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n".into()),
        ("server-busy", format!("HTTP/1.1 511 Log in first\r\nContent-Length: {length}\r\n\r\n{page}")),
    ] {
        let scene = Scene::new().await;
        let running = scene.machine.start().await;
        running.sign_in("work").await;
        scene.relay.always("", Fate::Say(portal));
        scene.let_renewal_come(&running);
        assert_offline(&running.until_status("work", Status::Offline).await, because);
        running.quit().await;

        // A start in the same café: no metadata, so nothing is sent to whoever this is.
        let n_before = scene.relay.n_requests(TOKEN);
        let running = scene.machine.start().await;
        assert_offline(&running.until_status("work", Status::Offline).await, because);
        assert_offline(&scene.let_it_try(&running).await, because);
        assert_eq!(scene.relay.n_requests(TOKEN), n_before);
        scene.relay.clear();
        assert_eq!(scene.let_it_try(&running).await.status, Status::SignedIn);
        assert_eq!(running.notices(), []);
        assert_eq!((scene.machine.browser.n_opened(), scene.okta.reuse_detections()), (1, 0));
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_before_the_request_arrives_costs_nothing() {
    for fate in [Fate::Reset(Point::Request), Fate::Hang(Point::Request)] {
        let scene = Scene::new().await;
        let running = scene.machine.start().await;
        running.sign_in("work").await;
        scene.relay.once(TOKEN, fate.clone());
        scene.until_renewed(&running, &fate).await;
        assert_eq!(scene.relay.n_requests(TOKEN), 3, "a sign-in, a failure and a renewal");
        assert_eq!(scene.okta.reuse_detections(), 0);
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_wholly_or_half_way_is_asked_for_again_within_the_grace() {
    for fate in [0, 1, 500, 999].map(|permille| Fate::Reset(Point::Answer { permille })) {
        // Okta's default: a token that was used works for 30 seconds more.
        let scene = Scene::behind(HttpRelay::start().await.expect("a relay"), Org::default()).await;
        let running = scene.machine.start().await;
        running.sign_in("work").await;
        scene.relay.once(TOKEN, fate.clone());
        scene.until_renewed(&running, &fate).await;
        let sent = scene.okta.requests_to(Endpoint::Token);
        assert_eq!(sent.len(), 3, "a sign-in, a renewal whose answer was lost, and the same again");
        assert_eq!(sent[1].parameters.get("refresh_token"), sent[2].parameters.get("refresh_token"));
        assert_eq!(scene.okta.reuse_detections(), 0);
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_without_the_server_ends_nothing_and_few_requests_are_made() {
    for fault in [Fault::ServerError(500), Fault::ServerError(503)] {
        let scene = Scene::new().await;
        let running = scene.machine.start().await;
        let expires_at = running.sign_in("work").await.session.and_then(|session| session.expires_at);
        scene.okta.fault_always(Endpoint::Token, fault);
        scene.let_renewal_come(&running);
        running.until_status("work", Status::Offline).await;
        let end = scene.machine.clock.now() + Duration::from_secs(3600);
        let n_before = scene.okta.count(Endpoint::Token);
        while scene.machine.clock.now() < end {
            assert_offline(&scene.let_it_try(&running).await, "server-busy");
        }
        let n_tries = scene.okta.count(Endpoint::Token) - n_before;
        assert!((4..=12).contains(&n_tries), "{n_tries} tries in an hour");
        // The access token has ended meanwhile, and the session has not.
        let ended = expires_at.is_some_and(|at| at.0 < scene.machine.clock.now().as_unix_millis());
        assert!(ended && running.session("work").renewable);
        scene.okta.clear_faults();
        assert_eq!(scene.let_it_try(&running).await.status, Status::SignedIn);
        assert_eq!(running.notices(), []);
        assert_eq!((scene.machine.browser.n_opened(), scene.okta.reuse_detections()), (1, 0));
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_patience_is_left_in_peace_for_as_long() {
    for (retry_after, reset_in) in [(Some(120), 5), (None, 120)] {
        let scene = Scene::new().await;
        let running = scene.machine.start().await;
        running.sign_in("work").await;
        scene.okta.fault(
            Endpoint::Token,
            Fault::TooManyRequests { retry_after, reset_in, body: RateLimitBody::InvalidGrant },
        );
        scene.let_renewal_come(&running);
        let profile = running.until_status("work", Status::Offline).await;
        assert_offline(&profile, "rate-limited");
        let retry_at = profile.session.and_then(|session| session.retry_at).expect("it tries again");
        let wait = retry_at.0 - scene.machine.clock.now().as_unix_millis();
        // For two minutes, and then not with everyone else who was refused.
        assert!((115_000..=20 * 60 * 1000).contains(&wait), "it waits {wait} ms");

        scene.machine.clock.advance(Duration::from_secs(100));
        running.app.look_again();
        // Programs may ask meanwhile; they get what there is. The answer also shows that the look is over.
        let answer = running.want(Intent::CopyAccessToken { profile: "work".into() }).await;
        assert!(matches!(answer, Answer::Copied(_)), "{answer:?}");
        assert_eq!(scene.okta.count(Endpoint::Token), 2);
        assert_eq!(scene.let_it_try(&running).await.status, Status::SignedIn);
        assert_eq!((running.notices(), scene.okta.reuse_detections()), (vec![], 0));
        running.quit().await;
    }
}
