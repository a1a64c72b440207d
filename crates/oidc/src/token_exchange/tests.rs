use serde_json::{Value, json};

use super::*;
use crate::testing::{CLIENT_ID, Canned, KEYS, NOW, TestIssuer, client, header, http, sign};
use crate::{ClientId, Scope};

const OTHER_CLIENT: &str = "0oa2otherclient0q0g4";

/// A session of one client, out of which another is to be signed in.
struct Session {
    issuer: TestIssuer,
    provider: Provider,
    id_token: IdTokenHint,
}

impl Session {
    async fn new() -> Self {
        let issuer = TestIssuer::start().await;
        let provider = issuer.discover().await.unwrap();
        // It has expired long ago.
        let claims = json!({ "iss": issuer.url.as_str(), "sub": "robin", "aud": CLIENT_ID, "exp": 1, "iat": 1 });
        let id_token = IdTokenHint::from_vault(sign(&KEYS[0], header(), &claims));
        Self { issuer, provider, id_token }
    }

    /// What Okta answers to the other client, spoilt in one way.
    fn answer(&self, claims: impl FnOnce(&mut Value), members: impl FnOnce(&mut Value)) -> Canned {
        let now = NOW.as_unix_seconds();
        let issuer = self.issuer.url.as_str();
        let mut id_token = json!({ "iss": issuer, "sub": "robin", "aud": OTHER_CLIENT, "exp": now + 3600, "iat": now });
        claims(&mut id_token);
        let mut answer = json!({
            "token_type": "Bearer", "expires_in": 3600, "access_token": "new-access", "refresh_token": "new-refresh",
            "scope": "openid offline_access", "id_token": sign(&KEYS[0], header(), &id_token),
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        });
        members(&mut answer);
        Canned::json(answer)
    }

    async fn sign_in_another(&self, answer: Canned) -> Result<TokenSet, Error> {
        self.issuer.answer("/v1/token", answer);
        let request = NativeSso {
            device_secret: &DeviceSecret::new("device-secret"),
            subject_token: &self.id_token,
            subject: &Subject("robin".into()),
            audience: "api://default",
            scopes: &Scopes::parse("openid offline_access"),
        };
        let other = Client { id: ClientId::new(OTHER_CLIENT), ..client() };
        request.exchange(&self.provider, &other, &http(), NOW).await
    }

    async fn exchange_access_token(&self, answer: Canned) -> Result<TokenSet, Error> {
        self.issuer.answer("/v1/token", answer);
        let request = AccessTokenExchange {
            access_token: &AccessToken::new("old-access"),
            subject: &Subject("robin".into()),
            audience: "api://other",
            scopes: &Scopes::parse("read"),
        };
        let other = Client { id: ClientId::new(OTHER_CLIENT), ..client() };
        request.exchange(&self.provider, &other, &http(), NOW).await
    }

    fn forms(&self, path: &str) -> Vec<Vec<(String, String)>> {
        self.issuer.received(path).iter().map(|request| request.form()).collect()
    }
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

#[tokio::test]
async fn another_client_is_signed_in_out_of_a_session() {
    let session = Session::new().await;
    let set = session.sign_in_another(session.answer(|_| {}, |_| {})).await.unwrap();
    let expected = pairs([
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("actor_token", "device-secret"),
        ("actor_token_type", "urn:x-oath:params:oauth:token-type:device-secret"),
        ("subject_token", session.id_token.expose()),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ("scope", "openid offline_access"),
        ("audience", "api://default"),
        ("client_id", OTHER_CLIENT),
    ]);
    assert_eq!(session.forms("/v1/token"), [expected]);
    assert_eq!(set.access_token.expose(), "new-access");
    assert_eq!(set.refresh_token.unwrap().expose(), "new-refresh");
    assert_eq!(set.id_token.unwrap().claims().subject, Subject("robin".into()));
    assert!(set.scopes.contains(&Scope::offline_access()));
    assert_eq!(set.device_secret.unwrap().expose(), "device-secret");
    assert!(session.forms("/v1/revoke").is_empty());
}

#[tokio::test]
async fn a_new_device_secret_takes_the_place_of_the_old() {
    let session = Session::new().await;
    let answer = session.answer(|_| {}, |members| members["device_secret"] = json!("newer-secret"));
    let set = session.sign_in_another(answer).await.unwrap();
    assert_eq!(set.device_secret.unwrap().expose(), "newer-secret");
}

#[tokio::test]
async fn another_client_is_the_same_persons_or_nobodys() {
    let session = Session::new().await;
    for (answer, expected) in [
        (session.answer(|claims| claims["sub"] = json!("kim"), |_| {}), Error::Untrusted(Check::Subject)),
        (session.answer(|claims| claims["aud"] = json!(CLIENT_ID), |_| {}), Error::Untrusted(Check::Audience)),
        (session.answer(|claims| claims["iss"] = json!("https://x.example"), |_| {}), Error::Untrusted(Check::Issuer)),
        (session.answer(|claims| claims["exp"] = json!(1), |_| {}), Error::Untrusted(Check::Expiry)),
        (session.answer(|_| {}, |members| members["id_token"] = json!(null)), Error::nonconforming("no ID token")),
    ] {
        let n_revoked = session.forms("/v1/revoke").len();
        assert_eq!(session.sign_in_another(answer).await.unwrap_err(), expected);
        let revoked = session.forms("/v1/revoke");
        assert_eq!(revoked.len(), n_revoked + 1, "{expected:?}");
        let target = [("token", "new-refresh"), ("token_type_hint", "refresh_token"), ("client_id", OTHER_CLIENT)];
        assert_eq!(revoked.last().unwrap(), &pairs(target));
    }
}

#[tokio::test]
async fn an_answer_says_what_kind_of_token_it_brought() {
    let session = Session::new().await;
    let untrusted = Error::Untrusted(Check::TokenType);
    let unsaid = Error::nonconforming("the answer does not say what kind of token it brought");
    for (kind, expected) in [
        (json!("urn:okta:params:oauth:token-type:interclient_token"), &untrusted),
        (json!("urn:ietf:params:oauth:token-type:id_token"), &untrusted),
        (json!(null), &unsaid),
        (json!(7), &unsaid),
    ] {
        let answer = || session.answer(|_| {}, |members| members["issued_token_type"] = kind.clone());
        assert_eq!(&session.sign_in_another(answer()).await.unwrap_err(), expected, "{kind}");
        assert_eq!(&session.exchange_access_token(answer()).await.unwrap_err(), expected, "{kind}");
    }
    let answer = session.answer(|_| {}, |members| members["token_type"] = json!("N_A"));
    assert_eq!(session.exchange_access_token(answer).await.unwrap_err(), untrusted);
}

#[tokio::test]
async fn a_device_secret_goes_to_its_own_issuer() {
    let (mut session, other) = (Session::new().await, Session::new().await);
    let answer = session.answer(|_| {}, |_| {});
    for hint in [other.id_token.clone(), IdTokenHint::from_vault("junk"), IdTokenHint::from_vault("")] {
        session.id_token = hint;
        let error = session.sign_in_another(answer.clone()).await.unwrap_err();
        assert_eq!(error, Error::Untrusted(Check::Issuer));
    }
    assert!(session.forms("/v1/token").is_empty());
}

#[tokio::test]
async fn a_client_that_demands_more_says_so() {
    let session = Session::new().await;
    let body = r#"{"error":"invalid_grant","error_description":"The client's assurance requirements are not met."}"#;
    let error = session.sign_in_another(Canned::status(400, body)).await.unwrap_err();
    assert!(matches!(error, Error::Refused { code, .. } if code == "invalid_grant"));
}

#[tokio::test]
async fn an_access_token_is_exchanged_for_one_for_another_audience() {
    let session = Session::new().await;
    let bare = |members: &mut Value| {
        for name in ["id_token", "refresh_token", "scope"] {
            members.as_object_mut().unwrap().remove(name);
        }
    };
    let set = session.exchange_access_token(session.answer(|_| {}, bare)).await.unwrap();
    let expected = pairs([
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", "old-access"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("scope", "read"),
        ("audience", "api://other"),
        ("client_id", OTHER_CLIENT),
    ]);
    assert_eq!(session.forms("/v1/token"), [expected]);
    assert_eq!(set.access_token.expose(), "new-access");
    assert_eq!(set.scopes, Scopes::parse("read"));
    assert!(set.id_token.is_none() && set.refresh_token.is_none() && set.device_secret.is_none());
}

#[tokio::test]
async fn an_id_token_beside_an_exchanged_access_token_is_the_same_persons() {
    let session = Session::new().await;
    session.exchange_access_token(session.answer(|_| {}, |_| {})).await.unwrap();
    let answer = session.answer(|claims| claims["sub"] = json!("kim"), |_| {});
    let error = session.exchange_access_token(answer).await.unwrap_err();
    assert_eq!(error, Error::Untrusted(Check::Subject));
    assert_eq!(session.forms("/v1/revoke").len(), 1);
}
