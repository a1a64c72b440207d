//! Tokens for the audiences of further authorization servers, out of one session.

use std::time::Duration;

use gatepass_fake_okta::{CustomServer, Endpoint, FakeOkta, GrantType, Org, Scope};
use gatepass_tests::{Machine, Running, eventually, free_redirect_uri};
use gatepass_wire::{Answer, CopiedThing, Intent, Problem, Status};

/// A second server that trusts the first, and an app that may exchange.
fn org(redirect_uri: &str) -> Org {
    let mut org = Org::default();
    let billing = CustomServer {
        id: "ausbilling".into(),
        audience: "api://billing".into(),
        trusted_servers: vec!["default".into()],
        scopes: vec![Scope::named("billing.read")],
        ..CustomServer::default()
    };
    org.servers = vec![CustomServer::default(), billing];
    let app = &mut org.clients[0];
    app.redirect_uris = vec![redirect_uri.to_owned()];
    app.grant_types.push(GrantType::TokenExchange);
    app.may_act_on_behalf = true;
    org
}

async fn set_up(options: &str) -> (FakeOkta, Machine) {
    let redirect_uri = free_redirect_uri();
    let (okta, machine) = (FakeOkta::start(org(&redirect_uri)).await, Machine::new());
    okta.sign_in_as("robin");
    let further = format!("further_audiences = [\"{} api://billing billing.read\"]", okta.issuer_of("ausbilling"));
    machine.write_profile(&okta, &[redirect_uri], &format!("{further}\n{options}"));
    (okta, machine)
}

async fn copy_for(running: &Running, audience: &str) -> Result<String, Problem> {
    match running.want(Intent::CopyTokenFor { profile: "work".into(), audience: audience.into() }).await {
        Answer::Copied(receipt) => {
            assert_eq!(receipt.what, CopiedThing::ExchangedToken);
            Ok(running.clipboard().expect("a token"))
        }
        Answer::Refused(problem) => Err(problem),
        answer => panic!("{answer:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_another_audience_is_had_without_another_sign_in() {
    let (okta, machine) = set_up("").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let own = running.copy("work").await;
    let billing = copy_for(&running, "api://billing").await.expect("a token");
    assert_ne!(billing, own);
    assert!(okta.is_active_access_token(&billing));
    let request = okta.requests_to(Endpoint::Token).pop().expect("a request");
    assert_eq!(request.path, "/oauth2/ausbilling/v1/token");
    assert_eq!(request.parameters.get("audience"), Some("api://billing"));
    assert_eq!(request.parameters.get("scope"), Some("billing.read"));
    assert_eq!(running.copy("work").await, own, "the session is as it was");
    assert_eq!(machine.browser.n_opened(), 1);
    assert_eq!(running.profile("work").audiences, ["api://billing"]);

    // Whoever asks late gets one of a session that was renewed first.
    machine.clock.advance(Duration::from_secs(3590));
    okta.advance_clock(Duration::from_secs(3590));
    assert_ne!(copy_for(&running, "api://billing").await.expect("a token"), billing);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_session_gets_a_bound_token() {
    let (okta, machine) = set_up("dpop = true").await;
    okta.edit(|org| org.clients[0].requires_dpop = true);
    let running = machine.start().await;
    running.sign_in("work").await;
    let billing = copy_for(&running, "api://billing").await.expect("a token");
    assert!(okta.is_active_access_token(&billing));
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_okta_refuses_is_told_and_the_session_goes_on() {
    let (okta, machine) = set_up("").await;
    okta.expect_trouble();
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.edit(|org| org.servers[1].trusted_servers.clear());
    assert_eq!(copy_for(&running, "api://billing").await.unwrap_err().code, "exchange-refused");
    // As Okta does for all apps of people.
    okta.edit(|org| org.clients[0].may_act_on_behalf = false);
    let problem = copy_for(&running, "api://billing").await.unwrap_err();
    let said = Some("Only service clients may use on-behalf token exchange.");
    assert_eq!((problem.code.as_str(), problem.quote.as_deref()), ("exchange-refused", said));
    // What an admin can mend is told as that.
    okta.edit(|org| org.clients[0].grant_types.retain(|grant| *grant != GrantType::TokenExchange));
    assert_eq!(copy_for(&running, "api://billing").await.unwrap_err().code, "grant-type-off");
    okta.edit(|org| org.clients[0].grant_types.push(GrantType::TokenExchange));
    okta.edit(|org| {
        org.clients[0].may_act_on_behalf = true;
        org.servers[1].trusted_servers = vec!["default".into()];
        org.servers[1].scopes.clear();
    });
    assert_eq!(copy_for(&running, "api://billing").await.unwrap_err().code, "unknown-scope");
    assert_eq!(running.profile("work").status, Status::SignedIn);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_for_whom_the_profile_does_not_name_or_without_a_session() {
    let (okta, machine) = set_up("").await;
    let running = machine.start().await;
    assert_eq!(copy_for(&running, "api://billing").await.unwrap_err().code, "signed-out");
    running.sign_in("work").await;
    let asked = okta.count(Endpoint::Token);
    // Not even a renewal, though one is due before anything is copied.
    machine.clock.advance(Duration::from_secs(3590));
    assert_eq!(copy_for(&running, "api://elsewhere").await.unwrap_err().code, "nothing-to-copy");
    assert_eq!(okta.count(Endpoint::Token), asked);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_comes_after_the_sign_out_is_ended_and_not_copied() {
    let (okta, machine) = set_up("").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.put_on_clipboard("before");
    let mut held = okta.hold_answer(Endpoint::Token);
    let (copied, ()) = tokio::join!(copy_for(&running, "api://billing"), async {
        held.arrived().await;
        running.sign_out("work").await;
        held.release();
    });
    assert_eq!(copied.unwrap_err().code, "signed-out");
    assert_eq!(running.clipboard().as_deref(), Some("before"));
    let exchanged = okta.issued().pop().expect("a token");
    eventually("it to be revoked", || !okta.is_active_access_token(&exchanged.value)).await;
    running.quit().await;
}
