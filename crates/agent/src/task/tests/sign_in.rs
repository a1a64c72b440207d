//! Sign-ins, from the handle to the browser's page.

use std::net::{Ipv4Addr, TcpListener};

use url::Url;

use super::*;
use crate::{AttemptStage, SignInEnd};

const DEMO: &str = "demo";

async fn with_demo() -> (Fixture, u16) {
    let port = free_port();
    let before = Before::new().await.with_profile(DEMO, &format!("http://127.0.0.1:{port}/redirect"));
    (before.start(), port)
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_ends_with_a_stored_session_and_a_page_that_says_so() {
    let (fixture, port) = with_demo().await;
    let demo = id(DEMO);
    fixture.sign_in(&demo).await;
    let shown = fixture.signed_in(&demo).await;
    assert_eq!(session(&shown).unwrap().person.name, "Robin");
    assert_eq!(shown.memory_only, None);
    assert!(fixture.kept(&demo).unwrap().contains("refresh-1"));
    assert!(fixture.browser.page().await.contains("Robin"));
    let granted = fixture.handle.access_token(&demo, crate::MinValidity::ForCopying).await.unwrap();
    assert_eq!(granted.access_token.expose(), "access-1");
    assert_eq!(granted.expires_at.map(|at| at.since(START).as_secs() / 60), Some(issuer::LIFETIME / 60));
    // The page was delivered, so nothing holds the port; signing in again needs it.
    fixture.sign_in(&demo).await;
    fixture.browser.opened(2).await;
    fixture.shows(&demo, |shown| shown.attempt.is_none()).await;
    assert_eq!(fixture.issuer.received("/v1/token", "grant_type"), ["authorization_code"; 2]);
    fixture.handle.quit().await;
    assert!(is_free(port));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_port_is_closed_when_a_cancel_returns() {
    let (fixture, port) = with_demo().await;
    let demo = id(DEMO);
    fixture.browser.does(Behaviour::Sleeps);
    fixture.sign_in(&demo).await;
    fixture.browser.opened(1).await;
    assert!(!is_free(port));
    fixture.handle.cancel_sign_in(&demo).await.unwrap();
    assert!(is_free(port));
    let shown = fixture.shows(&demo, |shown| shown.attempt.is_none()).await;
    assert_eq!(shown.failed_sign_in, None);
    fixture.handle.cancel_sign_in(&demo).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_brings_the_same_page_back() {
    let (fixture, _) = with_demo().await;
    let demo = id(DEMO);
    fixture.browser.does(Behaviour::Sleeps);
    fixture.sign_in(&demo).await;
    fixture.browser.opened(1).await;
    fixture.sign_in(&demo).await;
    let opened = fixture.browser.opened(2).await;
    assert_eq!(opened[0], opened[1]);
    assert_eq!(fixture.handle.sign_in_link(&demo).await.unwrap(), opened[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_as_someone_else_takes_the_port_over_and_asks_for_a_password() {
    let (fixture, _) = with_demo().await;
    let demo = id(DEMO);
    fixture.browser.does(Behaviour::Sleeps);
    fixture.sign_in(&demo).await;
    fixture.browser.opened(1).await;
    fixture.browser.does(Behaviour::Follows);
    fixture.handle.sign_in(&demo, SignInOptions { as_someone_else: true, ..SignInOptions::default() }).await.unwrap();
    fixture.signed_in(&demo).await;
    assert_eq!(fixture.issuer.received("/v1/authorize", "prompt"), ["login"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_cannot_be_started_leaves_a_link_to_copy() {
    let (fixture, _) = with_demo().await;
    let demo = id(DEMO);
    fixture.browser.does(Behaviour::Fails);
    fixture.sign_in(&demo).await;
    let stage = |shown: &ProfileSnapshot| shown.attempt.as_ref().map(|attempt| attempt.stage);
    let shown = fixture.shows(&demo, |shown| stage(shown) == Some(AttemptStage::BrowserNotSeen)).await;
    assert_eq!(shown.attempt.as_ref().unwrap().redirect_uri, shown.profile.redirect_uris.first().cloned());
    let link = fixture.handle.sign_in_link(&demo).await.unwrap();
    // Whatever the link is pasted into is as good as the browser that could not be started.
    fixture.browser.does(Behaviour::Follows);
    let browser = Arc::clone(&fixture.browser);
    tokio::task::spawn_blocking(move || crate::Browser::open(&*browser, &link)).await.unwrap().unwrap();
    fixture.signed_in(&demo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_ends_after_five_minutes_by_the_clock() {
    let (fixture, port) = with_demo().await;
    let demo = id(DEMO);
    fixture.browser.does(Behaviour::StaysAway);
    fixture.sign_in(&demo).await;
    fixture.browser.led_to().await;
    let is_in_browser = |shown: &ProfileSnapshot| {
        shown.attempt.as_ref().is_some_and(|attempt| attempt.stage == AttemptStage::InBrowser)
    };
    fixture.shows(&demo, is_in_browser).await;
    fixture.clock.jump(Duration::from_secs(299 - 60));
    fixture.handle.look_again();
    fixture.handle.dismiss_problem(&demo).await.unwrap();
    fixture.shows(&demo, is_in_browser).await;
    fixture.clock.jump(Duration::from_secs(61));
    fixture.handle.look_again();
    let shown = fixture.shows(&demo, |shown| shown.failed_sign_in.is_some()).await;
    let timed_out = Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true });
    assert_eq!(shown.failed_sign_in, Some(timed_out));
    fixture.handle.cancel_sign_in(&demo).await.unwrap();
    assert!(is_free(port));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_given_up_exchange_brings_is_revoked() {
    let (fixture, _) = with_demo().await;
    let demo = id(DEMO);
    fixture.issuer.hold();
    fixture.sign_in(&demo).await;
    fixture.issuer.pending(1).await;
    fixture.handle.sign_out(&demo, SignOutOptions::default()).await.unwrap();
    fixture.issuer.release(1);
    fixture.issuer.arrived("/v1/revoke", 1).await;
    assert_eq!(fixture.issuer.received("/v1/revoke", "token"), ["refresh-1"]);
    assert_eq!(fixture.kept(&demo), None);
    assert!(!fixture.is_signed_in(&demo));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_as_somebody_else_asks_which_session_to_keep() {
    let (mut fixture, _) = with_demo().await;
    let demo = id(DEMO);
    fixture.sign_in(&demo).await;
    fixture.signed_in(&demo).await;
    fixture.issuer.sign_in_as("Alex");
    fixture.sign_in(&demo).await;
    let shown = fixture.shows(&demo, |shown| shown.other_person.is_some()).await;
    assert_eq!(session(&shown).unwrap().person.name, "Robin");
    assert_eq!(fixture.told().await.kind, crate::NoticeKind::OtherPerson);
    fixture.handle.answer_other_person(&demo, true).await.unwrap();
    fixture.shows(&demo, |shown| session(shown).is_some_and(|session| session.person.name == "Alex")).await;
    fixture.issuer.arrived("/v1/revoke", 1).await;
    assert_eq!(fixture.issuer.received("/v1/revoke", "token"), ["refresh-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_issuers_never_wait_on_one_redirect_uri() {
    let uri = "dev.gatepass.desktop:/redirect";
    let other_issuer = TestIssuer::start(START).await;
    let mut before = Before::new().await.with_profile("one", uri).with_profile("same-issuer", uri);
    before.profiles.push(profile("other-issuer", other_issuer.url.as_str(), uri));
    let fixture = before.start();
    fixture.browser.does(Behaviour::StaysAway);
    fixture.sign_in(&id("one")).await;
    fixture.sign_in(&id("same-issuer")).await;
    let refused = fixture.handle.sign_in(&id("other-issuer"), SignInOptions::default()).await.unwrap_err();
    assert_eq!(refused, Error::RedirectUriPending { by: "Profile one".into() });
    assert_eq!(other_issuer.n_received(), 0);
    for pending in ["one", "same-issuer"] {
        fixture.handle.cancel_sign_in(&id(pending)).await.unwrap();
    }
    fixture.sign_in(&id("other-issuer")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_profiles_never_wait_on_one_port() {
    let uri = free_redirect_uri();
    let fixture = Before::new().await.with_profile("one", &uri).with_profile("other", &uri).start();
    fixture.browser.does(Behaviour::Sleeps);
    fixture.sign_in(&id("one")).await;
    let refused = fixture.handle.sign_in(&id("other"), SignInOptions::default()).await.unwrap_err();
    assert_eq!(refused, Error::RedirectUriPending { by: "Profile one".into() });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_told_with_its_uri() {
    let port = free_port();
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let fixture = Before::new().await.with_profile(DEMO, &format!("http://127.0.0.1:{port}/redirect")).start();
    fixture.sign_in(&id(DEMO)).await;
    let shown = fixture.shows(&id(DEMO), |shown| shown.failed_sign_in.is_some()).await;
    let Some(Error::RedirectUrisTaken { taken }) = &shown.failed_sign_in else { panic!("{shown:?}") };
    assert_eq!(taken[0].0, shown.profile.redirect_uris[0]);
    fixture.handle.dismiss_problem(&id(DEMO)).await.unwrap();
    fixture.shows(&id(DEMO), |shown| shown.failed_sign_in.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivered_redirect_finds_its_attempt_by_state() {
    let uri = "dev.gatepass.desktop:/redirect";
    let fixture = Before::new().await.with_profile("one", uri).with_profile("two", uri).start();
    fixture.browser.does(Behaviour::StaysAway);
    fixture.sign_in(&id("one")).await;
    let first = fixture.browser.led_to().await;
    fixture.sign_in(&id("two")).await;
    let second = fixture.browser.led_to().await;
    assert!(second.as_str().starts_with(uri), "{second}");

    let deliver = |text: &str| fixture.handle.deliver_redirect(Url::parse(text).unwrap());
    for stranger in [
        "dev.gatepass.desktop:/redirect?code=stolen&state=strange",
        "dev.gatepass.desktop:/redirect?code=stolen",
        "dev.gatepass.desktop:/redirect",
        &second.as_str().replace("/redirect", "/elsewhere"),
        &second.as_str().replace("dev.gatepass.desktop:", "dev.gatepass.other:"),
    ] {
        assert!(!deliver(stranger).await, "{stranger}");
    }
    assert!(fixture.issuer.received("/v1/token", "code").is_empty());

    assert!(deliver(second.as_str()).await);
    fixture.signed_in(&id("two")).await;
    assert!(!fixture.is_signed_in(&id("one")));
    assert!(!deliver(second.as_str()).await);
    assert!(deliver(first.as_str()).await);
    fixture.signed_in(&id("one")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_has_its_redirect_does_not_keep_those_of_others() {
    let uri = "dev.gatepass.desktop:/redirect";
    let fixture = Before::new().await.with_profile("one", uri).with_profile("two", uri).start();
    fixture.browser.does(Behaviour::StaysAway);
    fixture.sign_in(&id("one")).await;
    let first = fixture.browser.led_to().await;
    fixture.sign_in(&id("two")).await;
    let second = fixture.browser.led_to().await;

    fixture.issuer.hold();
    assert!(fixture.handle.deliver_redirect(first.clone()).await);
    fixture.issuer.pending(1).await;
    let again = soon(fixture.handle.deliver_redirect(first)).await;
    assert!(!again, "a redirect is taken once");
    assert!(soon(fixture.handle.deliver_redirect(second)).await);
    fixture.issuer.release(2);
    fixture.signed_in(&id("one")).await;
    fixture.signed_in(&id("two")).await;
}
