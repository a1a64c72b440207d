//! The documents that people set Okta up by: for each an org with the settings that it tells an admin to make, and a life
//! there; then its mistakes, and what the person reads.
//!
//! Comments quote the document's own words. Redirect URIs are the document's but for the port, so that these tests can run
//! beside each other.
//!
//! Of each system there is a page of ours in `docs/okta`, with the app that Gatepass is to have there: it is lived by, as it
//! stands there.

use gatepass_fake_okta::{App, CustomServer, FakeOkta, Org};
use gatepass_tests::{Machine, Page, Running, eventually, free_redirect_uri};
use gatepass_wire::{AccessTokenView, AttemptStage, Claim, ClaimValue, Groups, Intent, Problem, Profile, Status};
use url::Url;

mod app_wizard;
mod choosing;
mod kong;
mod mongodb;
mod openmetadata;
mod page;
mod pomerium;

/// Every scope that renews and says who is there, at a custom server without a scope `groups`.
const SCOPES: &str = r#"scopes = "openid profile email offline_access""#;

/// An org with one application and its server, or the org server alone.
fn org(app: App, server: Option<CustomServer>) -> Org {
    Org { clients: vec![app], servers: server.into_iter().collect(), ..Org::default() }
}

/// The org, and a machine with the profile that a person makes for it: with those of the application's redirect URIs that
/// lead to this machine.
async fn set_up(org: Org, options: &str) -> (FakeOkta, Machine) {
    let (okta, machine) = (FakeOkta::start(org.clone()).await, Machine::new());
    okta.sign_in_as("robin");
    let uris = &org.clients[0].redirect_uris;
    let ours: Vec<_> = uris.iter().filter(|uri| uri.starts_with("http://")).cloned().collect();
    machine.write_profile(&okta, &ours, options);
    (okta, machine)
}

/// Redirect URIs as a document has them, all on one port that is free.
fn at_free_port<const N: usize>(uris: [&str; N]) -> [String; N] {
    let free = Url::parse(&free_redirect_uri()).expect("a URI");
    uris.map(|uri| {
        let mut uri = Url::parse(uri).expect("a URI");
        uri.set_port(free.port()).expect("it has a host");
        uri.into()
    })
}

/// What the person reads who signs in after one mistake.
async fn problem_of(org: Org, options: &str) -> Problem {
    let (okta, machine) = set_up(org, options).await;
    // A person's mistake is not the program's.
    okta.allow_unexpected();
    let running = machine.start().await;
    let problem = running.fail_to_sign_in("work").await;
    running.quit().await;
    problem
}

/// What the person reads whose redirect URI Okta does not know.
async fn problem_of_redirect_uri(org: Org, uri: &str, options: &str) -> Problem {
    let (okta, machine) = set_up(org, options).await;
    machine.write_profile(&okta, &[uri.to_owned()], options);
    problem_that_okta_keeps(&okta, &machine).await
}

/// What the person reads where Okta says it on a page of its own, and never calls back: time must run out.
async fn problem_that_okta_keeps(okta: &FakeOkta, machine: &Machine) -> Problem {
    okta.allow_unexpected();
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let is_away =
        |profile: &Profile| profile.attempt.as_ref().is_some_and(|attempt| attempt.stage == AttemptStage::InBrowser);
    running.until("work", "the browser to be seen", is_away).await;
    assert_eq!(machine.browser.page(1).await.status, Some(400), "Okta's own page");
    machine.clock.advance(std::time::Duration::from_secs(301));
    running.app.look_again();
    let problem = running.until_problem("work").await;
    running.quit().await;
    problem
}

/// Calls the server's UserInfo endpoint by the copied command: the token is what it says it is.
async fn token_works(okta: &FakeOkta, running: &Running) {
    let called = running.call(&only(running), &userinfo(okta)).await;
    assert_eq!(called.status, 200, "{called:?}");
    assert_eq!(called.json()["name"], "Robin Calder");
}

fn userinfo(okta: &FakeOkta) -> String {
    let (issuer, org) = (okta.issuer(), okta.org_issuer());
    if issuer == org { format!("{org}/oauth2/v1/userinfo") } else { format!("{issuer}/v1/userinfo") }
}

/// Renews, is there again after a restart without a browser, and signs out for good.
async fn renewed_restarted_and_signed_out(okta: &FakeOkta, machine: &Machine, running: Running) {
    let profile = only(&running);
    let first = running.copy(&profile).await;
    assert_eq!(running.refresh(&profile).await, Status::SignedIn);
    assert_ne!(running.copy(&profile).await, first);
    running.quit().await;

    let running = machine.start().await;
    running.until_status(&profile, Status::SignedIn).await;
    token_works(okta, &running).await;
    assert_eq!(machine.browser.n_opened(), 1);
    assert_eq!(okta.reuse_detections(), 0);
    is_signed_out(okta, running).await;
}

/// Signs out: nothing lives on.
async fn is_signed_out(okta: &FakeOkta, running: Running) {
    let token = running.copy(&only(&running)).await;
    running.sign_out(&only(&running)).await;
    eventually("the tokens to be revoked", || {
        okta.active_refresh_tokens().is_empty() && !okta.is_active_access_token(&token)
    })
    .await;
    okta.assert_nothing_unexpected();
    running.quit().await;
}

/// The one profile of the machine.
fn only(running: &Running) -> String {
    let changes = running.app.changes();
    let present = changes.borrow();
    let [profile] = &present.snapshot.profiles[..] else { panic!("{:?}", present.snapshot.profiles) };
    profile.id.clone()
}

fn groups(running: &Running) -> Groups {
    running.session(&only(running)).groups
}

/// The value of a claim in the access token, verified.
fn in_access_token(running: &Running, name: &str) -> Option<ClaimValue> {
    let Some(AccessTokenView::Verified(verified)) = running.session(&only(running)).tokens.access else {
        panic!("the access token is not one that can be looked into");
    };
    verified.claims.into_iter().find(|claim: &Claim| claim.name == name).map(|claim| claim.value)
}

/// The issuer that a profile gets into which `pasted` was pasted.
async fn issuer_read_from(pasted: &str) -> String {
    let running = Machine::new().start().await;
    let draft = gatepass_wire::ProfileDraft {
        issuer: pasted.into(),
        client_id: "0oademo1gatepass".into(),
        ..gatepass_wire::ProfileDraft::default()
    };
    let answer = running.want(Intent::AddProfile { draft }).await;
    let gatepass_wire::Answer::Added { profile } = answer else { panic!("{answer:?}") };
    let issuer = running.until(&profile, "the profile", |_| true).await.issuer;
    running.quit().await;
    issuer
}
