//! Clients that prove who they are and whose tokens are bound to a key: what of the Foundation's plan for FAPI 2.0 clients
//! (final, `private_key_jwt`, DPoP) is about them, under its names, and a row for each further rule.

use serde_json::{Value, json};

use super::assert_rejected;
use crate::testing::{Canned, KEYS, NOW, SignIn, TestIssuer, client, header, http, opened, sign};
use crate::{Check, Client, ClientAuthentication, ClientSecret, Credentials, Error, SigningKey, TokenSet, TokenType};

/// A client with a key to say who it is, and another that its tokens are bound to.
fn confidential() -> Client {
    let authentication = ClientAuthentication::PrivateKeyJwt(Credentials::new(SigningKey::generate()));
    Client { authentication, ..client().bound_to(SigningKey::generate()) }
}

/// Signs in as `client` at an issuer that answers its first token requests so, and then with tokens that are `spoilt`.
async fn sign_in<const N: usize>(
    client: &Client,
    first: [Canned; N],
    spoil: impl FnOnce(&mut Value, &SignIn),
) -> (Result<TokenSet, Error>, TestIssuer) {
    let sign_in = SignIn::begin().await;
    let issuer = sign_in.issuer.clone();
    let mut tokens = sign_in.tokens(&sign(&KEYS[0], header(), &sign_in.claims()));
    spoil(&mut tokens, &sign_in);
    issuer.answer_first("/v1/token", first);
    issuer.answer("/v1/token", Canned::json(tokens));
    let redirect = sign_in.redirect("code=a-code");
    (sign_in.pending.redeem(redirect, &sign_in.provider, client, &http(), NOW).await, issuer)
}

fn set(name: &'static str, value: Value) -> impl FnOnce(&mut Value, &SignIn) {
    move |tokens, _| tokens[name] = value
}

/// An access token with this confirmation, which the issuer's key signed.
fn confirmed(confirmation: Value) -> impl FnOnce(&mut Value, &SignIn) {
    move |tokens, sign_in| {
        let claims = json!({ "iss": sign_in.issuer.url.as_str(), "cnf": confirmation });
        tokens["access_token"] = json!(sign(&KEYS[0], header(), &claims));
        tokens["token_type"] = json!("DPoP");
    }
}

fn bound_to(client: &Client) -> TokenType {
    TokenType::Dpop { jkt: client.dpop_key.as_ref().unwrap().thumbprint().to_owned() }
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_happy_path_no_dpop_nonce_is_accepted() {
    let client = confidential();
    let (signed_in, issuer) = sign_in(&client, [], set("token_type", json!("DPoP"))).await;
    assert_eq!(signed_in.unwrap().token_type, bound_to(&client));
    assert_eq!(issuer.received("/v1/token").len(), 1);
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_happy_path_is_accepted() {
    let client = confidential();
    let challenge = Canned::status(400, r#"{"error":"use_dpop_nonce"}"#).with("dpop-nonce", "a-nonce");
    let (signed_in, issuer) = sign_in(&client, [challenge], set("token_type", json!("DPoP"))).await;
    assert_eq!(signed_in.unwrap().token_type, bound_to(&client));
    let jwk: Value = serde_json::from_str(&client.dpop_key.unwrap().public_jwk()).unwrap();
    let proof = |index: usize| opened(issuer.received("/v1/token")[index].headers["dpop"].to_str().unwrap(), &jwk).1;
    assert_eq!((proof(0).get("nonce"), &proof(1)["nonce"]), (None, &json!("a-nonce")));
    assert_eq!(issuer.received("/v1/token").len(), 2);
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_token_type_case_insensitivity_is_accepted() {
    let client = confidential();
    let (signed_in, _) = sign_in(&client, [], set("token_type", json!("dpOp"))).await;
    assert_eq!(signed_in.unwrap().token_type, bound_to(&client));
}

#[tokio::test]
async fn a_bearer_token_where_dpop_was_demanded_is_refused() {
    let (signed_in, issuer) = sign_in(&confidential(), [], |_, _| {}).await;
    assert_rejected(signed_in, Check::TokenType);
    assert!(issuer.received("/v1/revoke")[0].body.contains("token=a-refresh-token"));
}

#[tokio::test]
async fn a_dpop_token_that_was_not_asked_for_is_refused() {
    let (signed_in, _) = sign_in(&client(), [], set("token_type", json!("DPoP"))).await;
    assert_rejected(signed_in, Check::TokenType);
}

#[tokio::test]
async fn an_access_token_that_is_bound_to_our_key_is_accepted() {
    let client = confidential();
    let jkt = client.dpop_key.as_ref().unwrap().thumbprint().to_owned();
    sign_in(&client, [], confirmed(json!({ "jkt": jkt }))).await.0.unwrap();
}

#[tokio::test]
async fn an_access_token_that_is_bound_to_another_key_is_refused() {
    let jkt = SigningKey::generate().thumbprint().to_owned();
    let (signed_in, issuer) = sign_in(&confidential(), [], confirmed(json!({ "jkt": jkt }))).await;
    assert_rejected(signed_in, Check::KeyBinding);
    assert!(issuer.received("/v1/revoke")[0].body.contains("token=a-refresh-token"));
}

#[tokio::test]
async fn an_access_token_that_is_bound_to_no_key_is_refused() {
    assert_rejected(sign_in(&confidential(), [], confirmed(json!({}))).await.0, Check::KeyBinding);
}

#[tokio::test]
async fn a_code_survives_a_key_that_is_not_registered_yet() {
    let credentials = Credentials::new(SigningKey::generate()).or(SigningKey::generate());
    let client = Client { authentication: ClientAuthentication::PrivateKeyJwt(credentials), ..client() };
    let unknown = Canned::status(401, r#"{"error":"invalid_client"}"#);
    let (signed_in, issuer) = sign_in(&client, [unknown], |_, _| {}).await;
    assert_eq!(signed_in.unwrap().credential, Some(1));
    assert!(issuer.received("/v1/token").iter().all(|received| received.body.contains("code=a-code")));
}

#[tokio::test]
async fn a_client_with_a_secret_signs_in() {
    let secret = || Credentials::new(ClientSecret::new("s3cret"));
    for authentication in
        [ClientAuthentication::ClientSecretBasic(secret()), ClientAuthentication::ClientSecretPost(secret())]
    {
        let client = Client { authentication, ..client() };
        let (signed_in, issuer) = sign_in(&client, [], |_, _| {}).await;
        assert_eq!(signed_in.unwrap().credential, Some(0));
        assert_eq!(issuer.received("/v1/token").len(), 1);
    }
}
