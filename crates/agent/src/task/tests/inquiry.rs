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

/// Why, as the server was understood, and with which redirect URI it was asked.
fn refusal(shown: &ProfileSnapshot) -> (&str, &str) {
    match &shown.failed_sign_in {
        Some(Error::RequestRefused { error: OidcError::Refused { code, .. }, redirect_uri }) => {
            (code, redirect_uri.as_str())
        }
        other => panic!("{other:?}"),
    }
}

fn uris(fixture: &Fixture) -> Vec<String> {
    shown(fixture).profile.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect()
}

/// Changes the profile of a fixture in the window.
async fn edit(fixture: &Fixture, edit: impl FnOnce(&mut Profile)) {
    let mut profile = Profile::clone(&shown(fixture).profile);
    edit(&mut profile);
    fixture.handle.edit_profile(profile, false).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_asked_with_the_redirect_uri_that_the_sign_in_had_and_no_other() {
    for (answer, is_taken) in [(taken(), true), (refused(), false)] {
        // To the second it would say something else.
        let fixture = given_up([answer, refused()]).await;
        assert_eq!(shown(&fixture).failed_sign_in, Some(CANCELLED));
        fixture.handle.find_out(&id(DEMO)).await.unwrap();
        // Whoever is answered finds it in the snapshot.
        let shown = shown(&fixture);
        if is_taken {
            assert_eq!(shown.failed_sign_in, Some(Error::RequestAccepted));
        } else {
            assert_eq!(refusal(&shown), ("invalid_request", uris(&fixture)[0].as_str()));
        }
        assert_eq!(shown.inquiry, None);
        assert_eq!(fixture.browser.n_opened(), 1, "nor is a page opened");
        // There is nothing more to find out.
        fixture.handle.find_out(&id(DEMO)).await.unwrap();
        assert_eq!(fixture.issuer.received("/v1/par", "redirect_uri"), uris(&fixture)[..1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_profile_has_that_redirect_uri_no_more_each_is_asked_for_up_to_the_first_that_is_refused() {
    let another = gatepass_oidc::RedirectUri::parse(&free_redirect_uri()).unwrap();
    for (answers, n_asked) in [([refused(), taken()], 1), ([taken(), refused()], 2)] {
        let fixture = given_up(answers).await;
        edit(&fixture, |profile| profile.redirect_uris[0] = another.clone()).await;
        fixture.handle.find_out(&id(DEMO)).await.unwrap();
        assert_eq!(fixture.issuer.received("/v1/par", "redirect_uri"), uris(&fixture)[..n_asked]);
        assert_eq!(refusal(&shown(&fixture)).1, uris(&fixture)[n_asked - 1]);
    }
    let fixture = given_up([taken(), taken()]).await;
    edit(&fixture, |profile| profile.redirect_uris[0] = another).await;
    fixture.handle.find_out(&id(DEMO)).await.unwrap();
    assert_eq!(fixture.issuer.received("/v1/par", "redirect_uri"), uris(&fixture));
    assert_eq!(shown(&fixture).failed_sign_in, Some(Error::RequestAcceptedNow));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_edited_since_is_not_the_one_that_the_sign_in_made() {
    type Edit = fn(&mut Profile);
    let edits: [(Edit, Error); 7] = [
        (|profile| profile.scopes = gatepass_oidc::Scopes::parse("openid"), Error::RequestAcceptedNow),
        (|profile| profile.asking.prompt = Some(gatepass_oidc::Prompt::Login), Error::RequestAcceptedNow),
        (|profile| profile.asking.max_age = Some(Duration::from_secs(60)), Error::RequestAcceptedNow),
        (|profile| profile.asking.response_mode = gatepass_oidc::ResponseMode::FormPost, Error::RequestAcceptedNow),
        (
            |profile| profile.asking.acr_values = gatepass_oidc::AcrValues::parse("urn:okta:loa:2fa:any"),
            Error::RequestAcceptedNow,
        ),
        // The browser carries nothing of these.
        (|profile| profile.name = "Another".into(), Error::RequestAccepted),
        (|profile| profile.redirect_uris.truncate(1), Error::RequestAccepted),
    ];
    for (index, (change, told)) in edits.into_iter().enumerate() {
        let fixture = given_up([taken()]).await;
        edit(&fixture, change).await;
        fixture.handle.find_out(&id(DEMO)).await.unwrap();
        assert_eq!(shown(&fixture).failed_sign_in, Some(told), "the edit {index}");
    }
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
    assert_eq!(refusal(&shown(&fixture)).0, "invalid_client");
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
