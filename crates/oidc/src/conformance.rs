//! The misbehaving issuers of the OpenID Foundation's relying-party conformance plans (basic and configuration profile,
//! code flow, sign-out), each under the Foundation's name for it, and rows for rules that the plans have no issuer for.

use serde_json::{Value, json};

use crate::testing::{
    CLIENT_ID, Canned, KEYS, NOW, SignIn, TestIssuer, Wishes, client, header, http, metadata, sign, sign_with,
};
use crate::{AcrValues, Check, EndSessionRequest, Error, IdTokenHint, RedirectUri, TokenSet, UserInfo, userinfo};

mod fapi;
mod grants;

/// Signs in where the ID token's claims are spoilt in one way.
async fn with_claims(spoil: impl FnOnce(&mut Value)) -> Result<TokenSet, Error> {
    with_wishes(Wishes::default(), spoil).await
}

/// The same, where more is asked for than a sign-in.
async fn with_wishes(wishes: Wishes, spoil: impl FnOnce(&mut Value)) -> Result<TokenSet, Error> {
    let sign_in = SignIn::begin_with(TestIssuer::start().await, wishes).await;
    let mut claims = sign_in.claims();
    spoil(&mut claims);
    let id_token = sign(&KEYS[0], header(), &claims);
    sign_in.redeem_for(&id_token).await
}

#[track_caller]
fn assert_rejected(result: Result<TokenSet, Error>, check: Check) {
    assert_eq!(result.unwrap_err(), Error::Untrusted(check));
}

fn remove(name: &str) -> impl FnOnce(&mut Value) {
    move |claims| drop(claims.as_object_mut().unwrap().remove(name).unwrap())
}

fn set(name: &str, value: Value) -> impl FnOnce(&mut Value) {
    move |claims| claims[name] = value
}

#[tokio::test]
async fn oidcc_client_test_is_accepted() {
    let tokens = with_claims(|_| {}).await.unwrap();
    let claims = tokens.id_token.unwrap().claims().clone();
    assert_eq!(claims.subject.0, "00uid4BxXw6I6TV4m0g3");
    assert_eq!(claims.key_id.as_deref(), Some("key-0"));
}

#[tokio::test]
async fn oidcc_client_test_nonce_invalid_is_refused() {
    assert_rejected(with_claims(set("nonce", json!("another"))).await, Check::Nonce);
}

#[tokio::test]
async fn oidcc_client_test_nonce_missing_is_refused() {
    assert_rejected(with_claims(remove("nonce")).await, Check::Nonce);
}

#[tokio::test]
async fn oidcc_client_test_invalid_iss_is_refused() {
    assert_rejected(with_claims(set("iss", json!("https://acme.okta.com"))).await, Check::Issuer);
}

#[tokio::test]
async fn oidcc_client_test_missing_iss_is_refused() {
    assert_rejected(with_claims(remove("iss")).await, Check::Issuer);
}

#[tokio::test]
async fn oidcc_client_test_missing_sub_is_refused() {
    assert_rejected(with_claims(remove("sub")).await, Check::Subject);
}

#[tokio::test]
async fn oidcc_client_test_invalid_aud_is_refused() {
    assert_rejected(with_claims(set("aud", json!("another-client"))).await, Check::Audience);
}

#[tokio::test]
async fn oidcc_client_test_missing_aud_is_refused() {
    assert_rejected(with_claims(remove("aud")).await, Check::Audience);
}

#[tokio::test]
async fn oidcc_client_test_missing_iat_is_refused() {
    assert_rejected(with_claims(remove("iat")).await, Check::IssuedAt);
}

#[tokio::test]
async fn oidcc_client_test_missing_exp_is_refused() {
    assert_rejected(with_claims(remove("exp")).await, Check::Expiry);
}

#[tokio::test]
async fn oidcc_client_test_expired_is_refused() {
    let an_hour_ago = NOW.as_unix_seconds() - 3600;
    assert_rejected(with_claims(set("exp", json!(an_hour_ago))).await, Check::Expiry);
}

#[tokio::test]
async fn oidcc_client_test_invalid_at_hash_is_refused() {
    assert_rejected(with_claims(set("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ"))).await, Check::AccessTokenHash);
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_rs256_is_refused() {
    let sign_in = SignIn::begin().await;
    // The issuer names the key that it publishes and signs with another.
    let id_token = sign(&KEYS[1], header(), &sign_in.claims());
    assert_rejected(sign_in.redeem_for(&id_token).await, Check::Signature);
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_none_is_refused() {
    let sign_in = SignIn::begin().await;
    let id_token = sign_with(json!({ "alg": "none" }), &sign_in.claims(), |_| Vec::new());
    assert_rejected(sign_in.redeem_for(&id_token).await, Check::Algorithm);
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_none_is_refused_where_the_metadata_announces_it() {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["id_token_signing_alg_values_supported"] = json!(["RS256", "none", "HS256"]);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    let sign_in = SignIn::begin_at(issuer).await;
    let id_token = sign_with(json!({ "alg": "none" }), &sign_in.claims(), |_| Vec::new());
    assert_rejected(sign_in.redeem_for(&id_token).await, Check::Algorithm);
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_single_jwks_is_accepted() {
    let sign_in = SignIn::begin().await;
    let id_token = sign(&KEYS[0], json!({ "alg": "RS256" }), &sign_in.claims());
    sign_in.redeem_for(&id_token).await.unwrap();
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_multiple_jwks_is_accepted() {
    let issuer = TestIssuer::start().await;
    issuer.publish_keys(&[&KEYS[2], &KEYS[1], &KEYS[0]]);
    let sign_in = SignIn::begin_at(issuer).await;
    let id_token = sign(&KEYS[0], json!({ "alg": "RS256" }), &sign_in.claims());
    sign_in.redeem_for(&id_token).await.unwrap();
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_is_followed() {
    let sign_in = SignIn::begin().await;
    let issuer = sign_in.issuer.clone();
    issuer.publish_keys(&[&KEYS[1]]);
    let id_token = sign(&KEYS[1], json!({ "alg": "RS256", "kid": "key-1" }), &sign_in.claims());
    sign_in.redeem_for(&id_token).await.unwrap();
    assert_eq!(issuer.received("/v1/keys").len(), 2);
}

#[tokio::test]
async fn a_token_of_an_unknown_kid_is_refused() {
    let sign_in = SignIn::begin().await;
    let id_token = sign(&KEYS[0], json!({ "alg": "RS256", "kid": "key-9" }), &sign_in.claims());
    assert_rejected(sign_in.redeem_for(&id_token).await, Check::Signature);
}

#[tokio::test]
async fn oidcc_client_test_discovery_issuer_mismatch_is_refused() {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["issuer"] = json!(format!("{}/", issuer.url));
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    assert_eq!(issuer.discover().await.unwrap_err(), Error::Untrusted(Check::Issuer));
}

#[tokio::test]
async fn oidcc_client_test_discovery_jwks_uri_keys_are_fetched() {
    let issuer = TestIssuer::start().await;
    issuer.discover().await.unwrap();
    assert_eq!(issuer.received("/v1/keys").len(), 1);
}

#[tokio::test]
async fn an_acr_that_was_not_asked_for_is_refused() {
    let wishes = || Wishes { acr_values: AcrValues::parse("urn:okta:loa:2fa:any"), ..Wishes::default() };
    with_wishes(wishes(), set("acr", json!("urn:okta:loa:2fa:any"))).await.unwrap();
    let result = with_wishes(wishes(), set("acr", json!("urn:okta:loa:1fa:any"))).await;
    assert_rejected(result, Check::AuthenticationContext);
}

#[tokio::test]
async fn a_max_age_needs_an_auth_time() {
    let wishes = || Wishes { max_age: Some(std::time::Duration::from_secs(60)), ..Wishes::default() };
    let now = NOW.as_unix_seconds();
    with_wishes(wishes(), set("auth_time", json!(now))).await.unwrap();
    assert_rejected(with_wishes(wishes(), |_| {}).await, Check::AuthenticationTime);
    assert_rejected(with_wishes(wishes(), set("auth_time", json!(now - 3600))).await, Check::AuthenticationTime);
}

#[tokio::test]
async fn a_request_is_pushed_where_the_metadata_demands_it() {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["require_pushed_authorization_requests"] = json!(true);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    issuer.answer("/v1/par", Canned::json(json!({ "request_uri": "urn:okta:x", "expires_in": 60 })));
    let sign_in = SignIn::begin_at(issuer).await;
    assert_eq!(sign_in.url.query(), Some(format!("client_id={}&request_uri=urn%3Aokta%3Ax", CLIENT_ID)).as_deref());
    let id_token = sign(&KEYS[0], header(), &sign_in.claims());
    sign_in.redeem_for(&id_token).await.unwrap();
}

/// Asks for the UserInfo of a session, where its claims are spoilt in one way.
async fn with_userinfo(spoil: impl FnOnce(&mut Value)) -> (TestIssuer, Result<UserInfo, Error>) {
    let sign_in = SignIn::begin().await;
    let (issuer, provider) = (sign_in.issuer.clone(), sign_in.provider.clone());
    let id_token = sign(&KEYS[0], header(), &sign_in.claims());
    let tokens = sign_in.redeem_for(&id_token).await.unwrap();
    let subject = tokens.id_token.as_ref().unwrap().claims().subject.clone();
    let mut claims = json!({ "sub": subject.0, "email": "robin@acme.example" });
    spoil(&mut claims);
    issuer.answer("/v1/userinfo", Canned::json(claims));
    let told = userinfo(&tokens, &subject, &provider, &client(), &http(), NOW).await;
    (issuer, told)
}

#[tokio::test]
async fn oidcc_client_test_userinfo_bearer_header_is_sent() {
    let (issuer, told) = with_userinfo(|_| {}).await;
    assert_eq!(told.unwrap().all()["email"], "robin@acme.example");
    let [request] = issuer.received("/v1/userinfo").try_into().unwrap();
    assert_eq!((request.method.as_str(), request.query), ("GET", None));
    assert_eq!(request.headers["authorization"], "Bearer an-access-token");
}

#[tokio::test]
async fn oidcc_client_test_userinfo_invalid_sub_is_refused() {
    let (_, told) = with_userinfo(set("sub", json!("somebody-else"))).await;
    assert_eq!(told.unwrap_err(), Error::Untrusted(Check::Subject));
    let (_, told) = with_userinfo(remove("sub")).await;
    assert_eq!(told.unwrap_err(), Error::Untrusted(Check::Subject));
}

/// A sign-out whose redirect the issuer spoils in one way: whether it is taken for the answer.
async fn signed_out(redirect: impl FnOnce(&str) -> String) -> bool {
    let provider = TestIssuer::start().await.discover().await.unwrap();
    let uri = RedirectUri::parse("http://localhost:8080/signed-out").unwrap();
    let request = EndSessionRequest::new(&provider, &client(), &IdTokenHint::from_vault("h"), Some(&uri)).unwrap();
    let (_, state) = request.expose_fields().iter().find(|(name, _)| *name == "state").unwrap();
    request.is_answered_by(redirect(state).as_bytes())
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout_is_accepted() {
    assert!(signed_out(|state| format!("state={state}")).await);
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout_no_state_is_refused() {
    assert!(!signed_out(|_| String::new()).await);
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout_other_state_is_refused() {
    assert!(!signed_out(|state| format!("state={state}1")).await);
}

#[tokio::test]
async fn an_iss_of_another_issuer_in_the_redirect_is_refused() {
    let sign_in = SignIn::begin().await;
    let issuer = sign_in.issuer.clone();
    let redirect = sign_in.redirect("code=a-code&iss=https%3A%2F%2Facme.okta.com");
    let result = sign_in.pending.redeem(redirect, &sign_in.provider, &client(), &http(), NOW).await;
    assert_rejected(result, Check::Issuer);
    assert!(issuer.received("/v1/token").is_empty(), "the code must not leave");
}
