use serde_json::{Value, json};

use super::*;
use crate::testing::{CLIENT_ID, Canned, KEYS, NOW, TestIssuer, client, header, http, sign};
use crate::{Check, IdTokenClaims, Opaque};

use std::time::Duration;

/// A session at a server whose answer to the refresh the test chooses.
struct Session {
    issuer: TestIssuer,
    provider: Provider,
}

impl Session {
    async fn new() -> Self {
        let issuer = TestIssuer::start().await;
        let provider = issuer.discover().await.unwrap();
        Self { issuer, provider }
    }

    fn id_token(&self, spoil: impl FnOnce(&mut Value)) -> String {
        let now = NOW.as_unix_seconds();
        let issuer = self.issuer.url.as_str();
        let mut claims = json!({ "iss": issuer, "sub": "robin", "aud": CLIENT_ID, "exp": now + 3600, "iat": now });
        spoil(&mut claims);
        sign(&KEYS[0], header(), &claims)
    }

    async fn refresh(&self, canned: Canned) -> Result<RefreshResponse, Error> {
        self.issuer.answer("/v1/token", canned);
        refresh(&RefreshToken::new("old"), &self.provider, &client(), &http(), NOW).await
    }

    async fn verify(&self, response: RefreshResponse, previous: Option<IdToken>) -> Result<TokenSet, Error> {
        let continuation = Continuation {
            subject: &Subject("robin".into()),
            refresh_token: RefreshToken::new("old"),
            device_secret: Some(DeviceSecret::new("old-secret")),
            previous,
            scopes: &Scopes::parse("openid groups"),
        };
        response.verify(continuation, &self.provider, &client(), &http(), NOW).await
    }
}

fn tokens(more: Value) -> Canned {
    let mut tokens = json!({ "access_token": "new-access", "token_type": "Bearer", "expires_in": 120 });
    tokens.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Canned::json(tokens)
}

fn previous() -> IdToken {
    IdToken::unverified_for_tests(IdTokenClaims {
        subject: Subject("robin".into()),
        name: None,
        email: None,
        preferred_username: None,
        expires_at: NOW,
        issued_at: NOW,
        authenticated_at: None,
        algorithm: "RS256".into(),
        key_id: None,
        all: Default::default(),
    })
}

#[tokio::test]
async fn a_refresh_asks_for_what_was_granted_and_nothing_else() {
    let session = Session::new().await;
    session.refresh(tokens(json!({}))).await.unwrap();
    let requests = session.issuer.received("/v1/token");
    assert_eq!(requests.len(), 1);
    let expected = [("grant_type", "refresh_token"), ("refresh_token", "old"), ("client_id", CLIENT_ID)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(requests[0].form(), expected);
}

#[tokio::test]
async fn what_an_answer_does_not_say_stays_as_it_was() {
    let session = Session::new().await;
    let response = session.refresh(tokens(json!({}))).await.unwrap();
    assert!(response.refresh_token().is_none());
    let set = session.verify(response, Some(previous())).await.unwrap();
    assert_eq!(set.access_token.expose(), "new-access");
    assert_eq!(set.access_token_content, crate::AccessTokenContent::Opaque(Opaque::NotJwt));
    assert_eq!(set.refresh_token.unwrap().expose(), "old");
    assert_eq!(set.device_secret.unwrap().expose(), "old-secret");
    assert_eq!(set.id_token.unwrap().claims().subject, Subject("robin".into()));
    assert_eq!(set.scopes, Scopes::parse("openid groups"));
    assert_eq!(set.expires_at, Some(NOW + Duration::from_secs(120)));
}

#[tokio::test]
async fn a_session_restored_from_the_vault_needs_no_id_token() {
    let session = Session::new().await;
    let response = session.refresh(tokens(json!({}))).await.unwrap();
    assert!(session.verify(response, None).await.unwrap().id_token.is_none());
}

#[tokio::test]
async fn what_an_answer_says_replaces_what_was() {
    let session = Session::new().await;
    let id_token = session.id_token(|claims| claims["name"] = json!("Robin B."));
    let mut answer = json!({ "refresh_token": "new", "id_token": id_token, "scope": "openid" });
    answer["device_secret"] = json!("new-secret");
    let answer = tokens(answer);
    let response = session.refresh(answer).await.unwrap();
    assert_eq!(response.refresh_token().unwrap().expose(), "new");
    assert_eq!(response.device_secret().unwrap().expose(), "new-secret");
    let set = session.verify(response, Some(previous())).await.unwrap();
    assert_eq!(set.refresh_token.unwrap().expose(), "new");
    assert_eq!(set.device_secret.unwrap().expose(), "new-secret");
    assert_eq!(set.id_token.unwrap().claims().name.as_deref(), Some("Robin B."));
    assert_eq!(set.scopes, Scopes::parse("openid"));
}

#[tokio::test]
async fn the_new_refresh_token_is_reachable_whatever_stands_beside_it() {
    let session = Session::new().await;
    for (beside, expected) in [
        (json!({ "id_token": "junk" }), Error::nonconforming("the ID token is not a signed JWT")),
        (json!({ "id_token": session.id_token(|c| c["sub"] = json!("kim")) }), Error::Untrusted(Check::Subject)),
        (
            json!({ "id_token": session.id_token(|c| c["iss"] = json!("https://x.example")) }),
            Error::Untrusted(Check::Issuer),
        ),
        (json!({ "id_token": session.id_token(|c| c["aud"] = json!("another")) }), Error::Untrusted(Check::Audience)),
        (json!({ "id_token": session.id_token(|c| c["iat"] = json!(1)) }), Error::Untrusted(Check::IssuedAt)),
        (json!({ "token_type": "DPoP" }), Error::Untrusted(Check::TokenType)),
        (json!({ "access_token": null }), Error::nonconforming("no access token")),
    ] {
        let mut answer = json!({ "refresh_token": "new" });
        answer.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
        let response = session.refresh(tokens(answer)).await.unwrap();
        assert_eq!(response.refresh_token().unwrap().expose(), "new");
        assert_eq!(session.verify(response, Some(previous())).await.unwrap_err(), expected);
    }
    // The caller has stored it by now, so nothing is revoked.
    assert!(session.issuer.received("/v1/revoke").is_empty());
}

#[tokio::test]
async fn a_nonce_from_the_sign_in_may_come_again() {
    let session = Session::new().await;
    let answer = tokens(json!({ "id_token": session.id_token(|claims| claims["nonce"] = json!("first")) }));
    let response = session.refresh(answer).await.unwrap();
    session.verify(response, None).await.unwrap();
}

#[tokio::test]
async fn only_a_plain_invalid_grant_ends_a_session() {
    let session = Session::new().await;
    let body = r#"{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}"#;
    let refused = session.refresh(Canned::status(400, body)).await.unwrap_err();
    assert!(matches!(refused, Error::Refused { ref code, status: 400, .. } if code == "invalid_grant"));
    let busy = session.refresh(Canned::status(429, body).with("retry-after", "5")).await.unwrap_err();
    assert_eq!(busy, Error::Busy { retry_after: Some(Duration::from_secs(5)), status: 429 });
}

#[tokio::test]
async fn a_refresh_is_asked_once_whatever_comes_of_it() {
    let session = Session::new().await;
    session.refresh(Canned::status(503, "")).await.unwrap_err();
    assert_eq!(session.issuer.received("/v1/token").len(), 1);
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_the_outcome_unknown() {
    let session = Session::new().await;
    let broken = session.refresh(Canned::status(200, r#"{"refresh_token":"ne"#)).await.unwrap_err();
    assert!(broken.leaves_outcome_unknown(), "{broken:?}");
    let portal = session.refresh(Canned::status(200, "<html>Welcome to the Wi-Fi</html>")).await.unwrap_err();
    assert!(!portal.leaves_outcome_unknown(), "{portal:?}");
}
