//! Finding out why a sign-in did not finish, from the handle to what the server was asked.

use gatepass_oidc::Error as OidcError;
use serde_json::{Value, json};

use super::*;
use crate::{AttemptStage, Inquiry, SignInEnd};

const DEMO: &str = "demo";

fn taken() -> (u16, Value) {
    (201, json!({ "request_uri": "urn:okta:1", "expires_in": 60 }))
}

fn refused() -> (u16, Value) {
    let description = "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
    (400, json!({ "error": "invalid_request", "error_description": description }))
}

/// A profile of two redirect URIs at a server that answers pushed requests so, whose sign-in was given up in the browser.
async fn given_up(answers: impl IntoIterator<Item = (u16, Value)>) -> Fixture {
    let mut before = Before::new().await.with_profile(DEMO, &free_redirect_uri());
    before.issuer.answer_pushed(answers);
    let second = gatepass_oidc::RedirectUri::parse(&free_redirect_uri()).unwrap();
    before.profiles[0].redirect_uris.push(second);
    let fixture = before.start();
    fixture.browser.does(Behaviour::StaysAway);
    give_up(&fixture).await;
    fixture
}

async fn give_up(fixture: &Fixture) {
    let demo = id(DEMO);
    fixture.sign_in(&demo).await;
    let is_in_browser = |shown: &ProfileSnapshot| {
        shown.attempt.as_ref().is_some_and(|attempt| attempt.stage == AttemptStage::InBrowser)
    };
    fixture.shows(&demo, is_in_browser).await;
    fixture.handle.cancel_sign_in(&demo).await.unwrap();
}

fn shown(fixture: &Fixture) -> Arc<ProfileSnapshot> {
    fixture.handle.watch().borrow().snapshot.profiles[0].clone()
}

const CANCELLED: Error = Error::SignInEnded(SignInEnd::Cancelled);

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_asked_for_each_redirect_uri_up_to_the_first_that_it_refuses() {
    let uris = |fixture: &Fixture| -> Vec<_> {
        shown(fixture).profile.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect()
    };
    for (answers, n_asked) in [([refused(), taken()], 1), ([taken(), refused()], 2)] {
        let fixture = given_up(answers).await;
        assert_eq!(shown(&fixture).failed_sign_in, Some(CANCELLED));
        fixture.handle.find_out(&id(DEMO)).await.unwrap();
        // Whoever is answered finds it in the snapshot.
        let shown = shown(&fixture);
        let Some(Error::Oidc(OidcError::Refused { code, .. })) = &shown.failed_sign_in else { panic!("{shown:?}") };
        assert_eq!((code.as_str(), shown.inquiry), ("invalid_request", None));
        assert_eq!(fixture.issuer.received("/v1/par", "redirect_uri"), uris(&fixture)[..n_asked]);
        assert_eq!(fixture.browser.n_opened(), 1, "nor is a page opened");
    }
    let fixture = given_up([taken()]).await;
    fixture.handle.find_out(&id(DEMO)).await.unwrap();
    assert_eq!(shown(&fixture).failed_sign_in, Some(Error::RequestAccepted));
    assert_eq!(fixture.issuer.received("/v1/par", "redirect_uri"), uris(&fixture));
    // There is nothing more to find out.
    fixture.handle.find_out(&id(DEMO)).await.unwrap();
    assert_eq!(fixture.issuer.received("/v1/par", "redirect_uri").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_sign_in_s_own_request_was_taken_there_is_nothing_to_ask() {
    let mut before = Before::new().await.with_profile(DEMO, &free_redirect_uri());
    before.issuer.answer_pushed([taken()]);
    before.profiles[0].asking.push = true;
    let fixture = before.start();
    fixture.browser.does(Behaviour::StaysAway);
    give_up(&fixture).await;
    fixture.handle.find_out(&id(DEMO)).await.unwrap();
    let shown = shown(&fixture);
    assert_eq!((&shown.failed_sign_in, shown.inquiry), (&Some(CANCELLED), None));
    assert_eq!(fixture.issuer.received("/v1/par", "redirect_uri").len(), 1, "by the sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_does_not_look_at_the_request_nothing_is_said_of_it() {
    let api_error = json!({ "errorCode": "E0000022", "errorSummary": "The endpoint does not support the method" });
    let refused = |status, error, said| (status, json!({ "error": error, "error_description": said }));
    let feature_off = "The requested feature is not enabled in this environment.";
    for answer in [
        (429, json!({})),
        (503, json!({})),
        (405, api_error),
        (200, json!({ "no": "reference" })),
        // An org without the Identity Engine.
        refused(400, "access_denied", feature_off),
        refused(403, "server_error", feature_off),
        // What the browser does not carry.
        refused(401, "invalid_client", "The client secret supplied for a confidential client is invalid."),
        refused(401, "invalid_client", "The client JWKSet is invalid."),
        refused(400, "invalid_request", "The client_assertion is invalid."),
        (400, json!({ "error": "invalid_dpop_proof" })),
        (400, json!({ "error": "use_dpop_nonce" })),
        refused(400, "invalid_request", "The resource request requires a DPoP proof."),
    ] {
        let fixture = given_up([answer.clone()]).await;
        let error = fixture.handle.find_out(&id(DEMO)).await.unwrap_err();
        assert!(matches!(error, Error::Oidc(_)), "{answer:?}: {error:?}");
        let shown = shown(&fixture);
        let is_as_before = (&shown.failed_sign_in, shown.inquiry) == (&Some(CANCELLED), Some(Inquiry::Possible));
        assert!(is_as_before, "{answer:?}: {shown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_id_that_the_server_does_not_know_is_one_that_the_browser_carried() {
    let said = "Invalid value for 'client_id' parameter.";
    let fixture = given_up([(401, json!({ "error": "invalid_client", "error_description": said }))]).await;
    fixture.handle.find_out(&id(DEMO)).await.unwrap();
    let shown = shown(&fixture);
    let Some(Error::Oidc(OidcError::Refused { code, .. })) = &shown.failed_sign_in else { panic!("{shown:?}") };
    assert_eq!(code, "invalid_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_can_do_is_shown_of_all_its_profiles_once_it_was_asked() {
    let before =
        Before::new().await.with_profile(DEMO, &free_redirect_uri()).with_profile("beside", &free_redirect_uri());
    before.issuer.answer_pushed([taken()]);
    let fixture = before.start();
    assert_eq!(shown(&fixture).capabilities, None);
    fixture.sign_in(&id(DEMO)).await;
    for profile in [DEMO, "beside"] {
        let shown = fixture.shows(&id(profile), |shown| shown.capabilities.is_some()).await;
        assert!(shown.capabilities.unwrap().pushed_authorization, "{profile}");
    }
}
