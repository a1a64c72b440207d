use serde_json::{Value, json};

use super::*;
use crate::testing::{CLIENT_ID, Canned, NOW, Received, TestIssuer, client, http, metadata, opened};
use crate::{
    Client, ClientSecret, Credentials, Provider, RefreshToken, RevocationTarget, SigningKey, introspect, refresh,
    revoke,
};

const ENDPOINTS: [&str; 3] = ["/v1/token", "/v1/revoke", "/v1/introspect"];

/// An issuer that answers well at all three endpoints.
async fn issuer() -> (TestIssuer, Provider) {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["introspection_endpoint"] = json!(format!("{}/v1/introspect", issuer.url));
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    issuer.answer("/v1/token", Canned::json(json!({ "access_token": "a", "token_type": "Bearer" })));
    issuer.answer("/v1/introspect", Canned::json(json!({ "active": true })));
    let provider = issuer.discover().await.unwrap();
    (issuer, provider)
}

fn client_with(authentication: ClientAuthentication) -> Client {
    Client { authentication, ..client() }
}

/// Asks once at each endpoint, and tells what came there.
async fn asked_everywhere(client: &Client) -> Vec<Received> {
    let (issuer, provider) = issuer().await;
    let token = RefreshToken::new("r");
    refresh(&token, &provider, client, &http(), NOW).await.unwrap();
    revoke(RevocationTarget::RefreshToken(&token), &provider, client, &http(), NOW).await.unwrap();
    introspect(&token, &provider, client, &http(), NOW).await.unwrap();
    ENDPOINTS
        .iter()
        .map(|path| {
            let mut received = issuer.received(path);
            assert_eq!(received.len(), 1, "{path}");
            received.remove(0)
        })
        .collect()
}

fn field(received: &Received, name: &str) -> Option<String> {
    let mut form = received.form().into_iter().filter(|(there, _)| there == name);
    let value = form.next().map(|(_, value)| value);
    assert!(form.next().is_none(), "{name} twice");
    value
}

fn secret(text: &str) -> ClientSecret {
    ClientSecret::new(text)
}

fn refusal(status: u16, code: &str) -> Canned {
    Canned::status(status, json!({ "error": code }))
}

#[tokio::test]
async fn a_public_client_sends_its_id_and_no_authorization() {
    for received in asked_everywhere(&client()).await {
        assert_eq!(field(&received, "client_id").as_deref(), Some(CLIENT_ID));
        assert!(!received.headers.contains_key("authorization"), "{received:?}");
    }
}

#[tokio::test]
async fn a_secret_goes_into_the_header_at_every_endpoint() {
    let client = client_with(ClientAuthentication::ClientSecretBasic(Credentials::new(secret("a:b"))));
    for received in asked_everywhere(&client).await {
        // `0oa1gjh63g214q0Hq0g4:a%3Ab` in base64.
        assert_eq!(received.headers["authorization"], "Basic MG9hMWdqaDYzZzIxNHEwSHEwZzQ6YSUzQWI=");
        assert_eq!(field(&received, "client_id"), None);
        assert_eq!(field(&received, "client_secret"), None);
    }
}

#[tokio::test]
async fn a_secret_goes_into_the_body_at_every_endpoint() {
    let client = client_with(ClientAuthentication::ClientSecretPost(Credentials::new(secret("a:b"))));
    for received in asked_everywhere(&client).await {
        assert_eq!(field(&received, "client_id").as_deref(), Some(CLIENT_ID));
        assert_eq!(field(&received, "client_secret").as_deref(), Some("a:b"));
        assert!(!received.headers.contains_key("authorization"), "{received:?}");
    }
}

#[tokio::test]
async fn an_assertion_is_for_the_endpoint_that_is_asked() {
    let key = SigningKey::generate();
    let jwk: Value = serde_json::from_str(&key.public_jwk()).unwrap();
    let client = client_with(ClientAuthentication::PrivateKeyJwt(Credentials::new(key)));
    for (received, path) in asked_everywhere(&client).await.iter().zip(ENDPOINTS) {
        let (_, claims) = opened(&field(received, "client_assertion").unwrap(), &jwk);
        let host = received.headers["host"].to_str().unwrap();
        assert_eq!(claims["aud"], format!("http://{host}/oauth2/default{path}"));
        assert_eq!(field(received, "client_secret"), None);
        assert!(!received.headers.contains_key("authorization"), "{received:?}");
    }
}

#[tokio::test]
async fn a_client_that_the_form_names_is_named_once() {
    let (issuer, provider) = issuer().await;
    let post = ClientAuthentication::ClientSecretPost(Credentials::new(secret("s")));
    for client in [client(), client_with(post)] {
        let exchange = Exchange { provider: &provider, client: &client, http: &http(), now: NOW };
        let endpoint = provider.metadata().revocation_endpoint.clone().unwrap();
        exchange.post(&endpoint, &[("client_id", CLIENT_ID), ("scope", "openid")]).await.unwrap();
        let received = issuer.received("/v1/revoke").pop().unwrap();
        assert_eq!(field(&received, "client_id").as_deref(), Some(CLIENT_ID));
    }
}

/// Asks the token endpoint, which answers so at first and well afterwards, with two secrets; tells which credential it
/// took and which secrets it saw.
async fn with_two_secrets<const N: usize>(first: [Canned; N]) -> (Result<Option<usize>, Error>, Vec<String>) {
    let (issuer, provider) = issuer().await;
    let client = client_with(ClientAuthentication::ClientSecretPost(Credentials::new(secret("new")).or(secret("old"))));
    issuer.answer_first("/v1/token", first);
    let exchange = Exchange { provider: &provider, client: &client, http: &http(), now: NOW };
    let taken = exchange.ask(&[("grant_type", "refresh_token")]).await.map(|response| response.credential);
    let seen = issuer.received("/v1/token").iter().map(|received| field(received, "client_secret").unwrap()).collect();
    (taken, seen)
}

#[tokio::test]
async fn the_next_credential_is_tried_where_the_first_is_not_known() {
    assert_eq!(with_two_secrets([]).await, (Ok(Some(0)), vec!["new".into()]));
    let (taken, seen) = with_two_secrets([refusal(401, "invalid_client")]).await;
    assert_eq!((taken, seen), (Ok(Some(1)), vec!["new".into(), "old".into()]));
}

#[tokio::test]
async fn a_client_without_a_credential_that_is_known_is_refused() {
    let (taken, seen) = with_two_secrets([refusal(401, "invalid_client"), refusal(401, "invalid_client")]).await;
    assert_eq!(taken, Err(Error::from_code("invalid_client", None, 401)));
    assert_eq!(seen, ["new", "old"]);
}

/// Under rotation a second sending of a refresh token that was looked at can end the session.
#[tokio::test]
async fn no_other_answer_has_the_next_credential_tried() {
    for answer in [
        refusal(400, "invalid_client"),
        refusal(400, "invalid_grant"),
        refusal(401, "invalid_grant"),
        refusal(401, "invalid_request"),
        refusal(429, "invalid_client"),
        refusal(503, "invalid_client"),
        Canned::status(401, "<html>invalid_client</html>"),
        Canned::status(401, ""),
        Canned::status(200, r#"{"access_token":"#),
    ] {
        let what = answer.body.clone();
        let (taken, seen) = with_two_secrets([answer]).await;
        assert!(taken.is_err() && seen == ["new"], "{what}: {taken:?}, {seen:?}");
    }
}

#[tokio::test]
async fn the_credential_that_was_taken_is_told() {
    let (issuer, provider) = issuer().await;
    let (new, old) = (SigningKey::generate(), SigningKey::generate());
    let jwks: Vec<Value> = [&new, &old].map(|key| serde_json::from_str(&key.public_jwk()).unwrap()).to_vec();
    let client = client_with(ClientAuthentication::PrivateKeyJwt(Credentials::new(new).or(old)));
    issuer.answer_first("/v1/token", [refusal(401, "invalid_client")]);
    let response = refresh(&RefreshToken::new("r"), &provider, &client, &http(), NOW).await.unwrap();
    let continuation = crate::Continuation {
        subject: &crate::Subject("robin".into()),
        refresh_token: RefreshToken::new("r"),
        device_secret: None,
        previous: None,
        scopes: &crate::Scopes::default(),
    };
    let set = response.verify(continuation, &provider, &client, &http(), NOW).await.unwrap();
    assert_eq!(set.credential, Some(1));
    for (received, jwk) in issuer.received("/v1/token").iter().zip(&jwks) {
        assert_eq!(opened(&field(received, "client_assertion").unwrap(), jwk).0["kid"], jwk["kid"]);
        assert_eq!(field(received, "refresh_token").as_deref(), Some("r"));
    }
}

#[tokio::test]
async fn a_public_client_has_no_credential_that_could_be_taken() {
    let (issuer, provider) = issuer().await;
    let (client, http) = (client(), http());
    let exchange = Exchange { provider: &provider, client: &client, http: &http, now: NOW };
    assert_eq!(exchange.ask(&[]).await.unwrap().credential, None);
    issuer.answer("/v1/token", refusal(401, "invalid_client"));
    exchange.ask(&[]).await.unwrap_err();
    assert_eq!(issuer.received("/v1/token").len(), 2);
}
