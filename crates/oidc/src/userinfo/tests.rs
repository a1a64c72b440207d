use serde_json::json;

use super::*;
use crate::testing::{Canned, KEYS, NOW, SignIn, TestIssuer, client, header, http, metadata, opened, sign};
use crate::{SigningKey, TokenType};

/// A session whose UserInfo endpoint answers as the test chooses.
struct Session {
    issuer: TestIssuer,
    provider: Provider,
    tokens: TokenSet,
}

impl Session {
    async fn new() -> Self {
        let sign_in = SignIn::begin().await;
        let (issuer, provider) = (sign_in.issuer.clone(), sign_in.provider.clone());
        let id_token = sign(&KEYS[0], header(), &sign_in.claims());
        let tokens = sign_in.redeem_for(&id_token).await.unwrap();
        Self { issuer, provider, tokens }
    }

    async fn ask(&self, answer: Canned) -> Result<UserInfo, Error> {
        self.ask_as(&client(), answer).await
    }

    async fn ask_as(&self, client: &Client, answer: Canned) -> Result<UserInfo, Error> {
        self.issuer.answer("/v1/userinfo", answer);
        userinfo(&self.tokens, &Subject("robin".into()), &self.provider, client, &http(), NOW).await
    }
}

fn refused(code: &str, description: Option<&str>, status: u16) -> Error {
    Error::Refused { code: code.into(), description: description.map(Into::into), status, request_id: None }
}

#[tokio::test]
async fn what_the_issuer_says_of_the_person_is_told() {
    let session = Session::new().await;
    let claims = json!({ "sub": "robin", "groups": ["Everyone"] });
    let told = session.ask(Canned::json(claims.clone())).await.unwrap();
    assert_eq!(told.all(), claims.as_object().unwrap());
    let [request] = session.issuer.received("/v1/userinfo").try_into().unwrap();
    assert_eq!((request.method.as_str(), request.query, request.body.as_str()), ("GET", None, ""));
    assert_eq!(request.headers["authorization"], "Bearer an-access-token");
    assert_eq!(request.headers["accept"], "application/json");
}

#[tokio::test]
async fn nothing_is_believed_about_anybody_else() {
    let session = Session::new().await;
    for sub in [json!("kim"), json!("Robin"), json!(""), json!(["robin"]), json!(null)] {
        let told = session.ask(Canned::json(json!({ "sub": sub, "groups": ["Admins"] }))).await;
        assert_eq!(told.unwrap_err(), Error::Untrusted(Check::Subject), "{sub}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_token_is_said_in_the_header() {
    let session = Session::new().await;
    let header = r#"Bearer realm="okta", error="invalid_token", error_description="The access token is invalid.""#;
    let answer = |body: &str| Canned::status(401, body).with("www-authenticate", header);
    let expected = refused("invalid_token", Some("The access token is invalid."), 401);
    assert_eq!(session.ask(answer("")).await.unwrap_err(), expected);
    assert_eq!(session.ask(answer("<html>")).await.unwrap_err(), expected);
    assert_eq!(session.ask(answer(r#"{"errorCode":"E0000011"}"#)).await.unwrap_err(), expected);

    let answer = Canned::status(403, "").with("www-authenticate", r#"Bearer error="insufficient_scope""#);
    assert_eq!(session.ask(answer).await.unwrap_err(), refused("insufficient_scope", None, 403));
    let answer = Canned::status(401, r#"{"errorCode":"E0000011","errorSummary":"Invalid token provided"}"#);
    assert_eq!(session.ask(answer).await.unwrap_err(), refused("E0000011", Some("Invalid token provided"), 401));
    let answer = Canned::status(401, "").with("www-authenticate", "Bearer");
    assert_eq!(session.ask(answer).await.unwrap_err(), Error::nonconforming("status 401 without an error code"));
}

#[tokio::test]
async fn only_a_json_object_is_an_answer() {
    let session = Session::new().await;
    let jwt = sign(&KEYS[0], header(), &json!({ "sub": "robin" }));
    for body in [jwt.as_str(), "[]", "", "\"robin\""] {
        let error = session.ask(Canned::status(200, body)).await.unwrap_err();
        assert_eq!(error, Error::nonconforming("the UserInfo response is not a JSON object"), "{body}");
    }
    let error = session.ask(Canned::status(200, "<html>Welcome</html>")).await.unwrap_err();
    assert!(matches!(error, Error::Obstructed { .. }), "{error:?}");
    let error = session.ask(Canned::status(302, "").with("location", "/v1/keys")).await.unwrap_err();
    assert!(matches!(error, Error::Nonconforming { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let session = Session::new().await;
    let body = json!({ "sub": "robin", "padding": "x".repeat(4 * 1024 * 1024) });
    let error = session.ask(Canned::json(body)).await.unwrap_err();
    assert!(matches!(&error, Error::Nonconforming { what } if what.contains("more than")), "{error:?}");
}

#[tokio::test]
async fn a_token_that_is_no_header_is_not_sent() {
    let mut session = Session::new().await;
    session.tokens.access_token = crate::AccessToken::new("an\naccess-token");
    let error = session.ask(Canned::json(json!({ "sub": "robin" }))).await.unwrap_err();
    assert_eq!(error, Error::nonconforming("the token cannot stand in a header"));
    assert!(session.issuer.received("/v1/userinfo").is_empty());
}

/// The proof of each request, and the access token beside it.
fn proofs(session: &Session, key: &SigningKey) -> Vec<(Value, Value)> {
    let jwk = serde_json::from_str(&key.public_jwk()).unwrap();
    let received = session.issuer.received("/v1/userinfo");
    let proofs = received.iter().map(|request| {
        assert_eq!(request.headers["authorization"], "DPoP an-access-token");
        opened(request.headers["dpop"].to_str().unwrap(), &jwk)
    });
    proofs.collect()
}

#[tokio::test]
async fn a_bound_token_is_shown_with_a_proof() {
    let mut session = Session::new().await;
    let key = SigningKey::generate();
    session.tokens.token_type = TokenType::Dpop { jkt: key.thumbprint().to_owned() };
    let bound = client().bound_to(key.clone());
    let wants_nonce = Canned::status(401, "")
        .with("www-authenticate", r#"DPoP error="use_dpop_nonce", algs="ES256""#)
        .with("dpop-nonce", "n1");
    session.issuer.answer_first("/v1/userinfo", [wants_nonce]);
    session.ask_as(&bound, Canned::json(json!({ "sub": "robin" }))).await.unwrap();
    let [first, second] = proofs(&session, &key).try_into().unwrap();
    assert_eq!(first.0["typ"], "dpop+jwt");
    let endpoint = format!("{}/v1/userinfo", session.issuer.url);
    assert_eq!((first.1["htm"].as_str(), first.1["htu"].as_str()), (Some("GET"), Some(endpoint.as_str())));
    // Base64url of the SHA-256 of `an-access-token`, reckoned with openssl.
    assert_eq!(first.1["ath"], second.1["ath"]);
    assert!(first.1["ath"].as_str().unwrap().starts_with("YiHPD2T9DaX5B837XJXto"));
    assert_eq!((first.1["nonce"].as_str(), second.1["nonce"].as_str()), (None, Some("n1")));
    assert_ne!(first.1["jti"], second.1["jti"]);
}

#[tokio::test]
async fn a_server_that_always_wants_another_nonce_is_asked_twice() {
    let mut session = Session::new().await;
    let key = SigningKey::generate();
    session.tokens.token_type = TokenType::Dpop { jkt: key.thumbprint().to_owned() };
    let answer =
        Canned::status(401, "").with("www-authenticate", r#"DPoP error="use_dpop_nonce""#).with("dpop-nonce", "n1");
    let error = session.ask_as(&client().bound_to(key.clone()), answer).await.unwrap_err();
    assert_eq!(error, refused("use_dpop_nonce", None, 401));
    assert_eq!(proofs(&session, &key).len(), 2);
}

#[tokio::test]
async fn only_who_wants_a_nonce_and_gives_one_is_asked_again() {
    let session = Session::new().await;
    let told = Canned::json(json!({ "sub": "robin" })).with("dpop-nonce", "n1");
    session.ask(told).await.unwrap();
    assert_eq!(session.issuer.received("/v1/userinfo").len(), 1);
    let answer = Canned::status(401, "").with("www-authenticate", r#"DPoP error="use_dpop_nonce""#);
    assert_eq!(session.ask(answer).await.unwrap_err(), refused("use_dpop_nonce", None, 401));
    assert_eq!(session.issuer.received("/v1/userinfo").len(), 2);
}

#[tokio::test]
async fn a_token_bound_to_another_key_does_not_leave() {
    let mut session = Session::new().await;
    session.tokens.token_type = TokenType::Dpop { jkt: SigningKey::generate().thumbprint().to_owned() };
    for client in [client(), client().bound_to(SigningKey::generate())] {
        let error = session.ask_as(&client, Canned::json(json!({ "sub": "robin" }))).await.unwrap_err();
        assert_eq!(error, Error::Untrusted(Check::KeyBinding));
    }
    assert!(session.issuer.received("/v1/userinfo").is_empty());
}

#[tokio::test]
async fn a_server_without_the_endpoint_is_not_asked() {
    let mut session = Session::new().await;
    let mut document = metadata(&session.issuer.url);
    document["userinfo_endpoint"] = json!(null);
    session.issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    session.provider = session.issuer.discover().await.unwrap();
    let error = session.ask(Canned::json(json!({ "sub": "robin" }))).await.unwrap_err();
    assert_eq!(error, Error::nonconforming("the server has no UserInfo endpoint"));
}
