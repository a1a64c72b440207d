use std::time::Duration;

use serde_json::json;

use super::*;
use crate::testing::{CLIENT_ID, Canned, KEYS, NOW, SignIn, TestIssuer, Wishes, header, metadata, sign};
use crate::{AcrValues, Check};

const REQUEST_URI: &str = "urn:okta:cUhhdXdhZEJ4bVpW";

async fn push(answer: Canned) -> (TestIssuer, Result<SignIn, Error>) {
    let issuer = TestIssuer::start().await;
    issuer.answer("/v1/par", answer);
    let acr_values = AcrValues::parse("phr");
    let wishes = Wishes { push: true, acr_values, ..Wishes::default() };
    let sign_in = SignIn::try_to_begin(issuer.clone(), wishes).await;
    (issuer, sign_in)
}

fn taken() -> Canned {
    Canned::json(json!({ "request_uri": REQUEST_URI, "expires_in": 60 }))
}

#[tokio::test]
async fn the_browser_carries_nothing_but_client_and_reference() {
    for status in [200, 201, 299] {
        let (issuer, sign_in) = push(Canned { status, ..taken() }).await;
        let sign_in = sign_in.unwrap();
        let carried: Vec<_> = sign_in.url.query_pairs().into_owned().collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(carried, [pair("client_id", CLIENT_ID), pair("request_uri", REQUEST_URI)], "{status}");
        assert!(sign_in.url.as_str().starts_with(&format!("{}/v1/authorize?", issuer.url)));

        let [pushed] = issuer.received("/v1/par").try_into().unwrap();
        assert_eq!(pushed.method, "POST");
        assert!(pushed.query.is_none());
        let form = pushed.form();
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "acr_values",
        ];
        assert_eq!(names, expected);
        assert_eq!(form[1].1, CLIENT_ID);
        assert_eq!(form[2].1, "http://localhost:8080/callback");
    }
}

#[tokio::test]
async fn a_pushed_request_is_answered_as_any_other() {
    let (_, sign_in) = push(taken()).await;
    let sign_in = sign_in.unwrap();
    let mut claims = sign_in.claims();
    claims["acr"] = json!("phr");
    sign_in.redeem_for(&sign(&KEYS[0], header(), &claims)).await.unwrap();

    let (_, sign_in) = push(taken()).await;
    let sign_in = sign_in.unwrap();
    let mut claims = sign_in.claims();
    claims["nonce"] = json!("another");
    let error = sign_in.redeem_for(&sign(&KEYS[0], header(), &claims)).await.unwrap_err();
    assert_eq!(error, Error::Untrusted(Check::Nonce));
}

#[tokio::test]
async fn a_reference_is_used_once_and_before_its_end() {
    let (_, sign_in) = push(taken()).await;
    let mut address = sign_in.unwrap().address;
    let end = NOW + Duration::from_secs(60);
    assert_eq!(address.ends_at(), Some(end));
    // The sign-in has opened it.
    assert_eq!(address.open(NOW), None);

    let reference = || AuthorizationUrl {
        url: Url::parse("https://acme.okta.com/authorize?request_uri=x").unwrap(),
        ends_at: Some(end),
        was_opened: false,
    };
    assert_eq!(reference().open(end), None);
    let mut address = reference();
    assert!(address.open(end - Duration::from_millis(1)).is_some());
    assert_eq!(address.open(end - Duration::from_millis(1)), None);

    // The whole request has neither limit.
    let mut whole = SignIn::begin().await.address;
    assert_eq!(whole.ends_at(), None);
    assert!(whole.open(NOW).is_some() && whole.open(NOW + Duration::from_secs(3600)).is_some());
}

#[tokio::test]
async fn what_the_server_does_not_like_is_known_before_a_browser_opens() {
    let body = r#"{"error":"invalid_request","error_description":"The 'redirect_uri' parameter must be a Login redirect URI in the client app settings."}"#;
    let (_, sign_in) = push(Canned::status(400, body)).await;
    let error = sign_in.map(drop).unwrap_err();
    let Error::Refused { code, description, status: 400, .. } = error else { panic!("{error:?}") };
    assert_eq!(code, "invalid_request");
    assert!(description.unwrap().starts_with("The 'redirect_uri' parameter must be"));

    let (_, sign_in) = push(Canned::status(429, r#"{"error":"invalid_request"}"#)).await;
    assert!(matches!(sign_in.map(drop).unwrap_err(), Error::Busy { status: 429, .. }));
}

#[tokio::test]
async fn an_answer_without_a_reference_or_an_end_is_none() {
    let long = "x".repeat(1025);
    for answer in [
        json!({ "expires_in": 60 }),
        json!({ "request_uri": "", "expires_in": 60 }),
        json!({ "request_uri": 7, "expires_in": 60 }),
        json!({ "request_uri": long, "expires_in": 60 }),
        json!({ "request_uri": REQUEST_URI }),
        json!({ "request_uri": REQUEST_URI, "expires_in": 0 }),
        json!({ "request_uri": REQUEST_URI, "expires_in": -60 }),
        json!([REQUEST_URI]),
    ] {
        let (_, sign_in) = push(Canned::json(answer.clone())).await;
        assert!(matches!(sign_in.map(drop), Err(Error::Nonconforming { .. })), "{answer}");
    }
}

#[tokio::test]
async fn a_server_that_demands_it_is_pushed_to() {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["require_pushed_authorization_requests"] = json!(true);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document.clone()));
    issuer.answer("/v1/par", taken());
    let sign_in = SignIn::begin_at(issuer.clone()).await;
    assert_eq!(issuer.received("/v1/par").len(), 1);
    assert_eq!(sign_in.url.query_pairs().count(), 2);

    document["pushed_authorization_request_endpoint"] = json!(null);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document.clone()));
    let error = SignIn::try_to_begin(issuer.clone(), Wishes::default()).await.map(drop).unwrap_err();
    assert_eq!(error, Error::nonconforming("the server has no pushed authorization request endpoint"));

    // Only `true` demands it.
    document["require_pushed_authorization_requests"] = json!("true");
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    SignIn::begin_at(issuer.clone()).await;
    assert_eq!(issuer.received("/v1/par").len(), 1);
}

#[tokio::test]
async fn nothing_of_the_request_is_in_its_debug_form() {
    let sign_in = SignIn::begin().await;
    let printed = format!("{0:?} {0:#?}", sign_in.address);
    assert!(printed.contains("ends_at") && !printed.contains(&sign_in.parameter("state")), "{printed}");
}
