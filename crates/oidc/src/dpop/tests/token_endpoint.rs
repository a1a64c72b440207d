//! Proofs at the token endpoint, and what may come of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::testing::{Canned, KEYS, Received, TestIssuer, client, header, http, sign};
use crate::{
    AccessTokenContent, Check, Client, ClientAuthentication, Continuation, Credentials, Departure, Error, Http, Opaque,
    RefreshResponse, RefreshToken, RevocationTarget, Scopes, Subject, TokenSet, TokenType, refresh, revoke,
};

/// A session whose tokens are bound to a key, at a server whose answers the test chooses.
struct Session {
    issuer: TestIssuer,
    provider: Provider,
    client: Client,
    key: SigningKey,
}

impl Session {
    async fn new() -> Self {
        let issuer = TestIssuer::start().await;
        let provider = issuer.discover().await.unwrap();
        let key = SigningKey::generate();
        issuer.answer("/v1/token", tokens(json!({})));
        Self { issuer, provider, client: client().bound_to(key.clone()), key }
    }

    async fn refresh(&self) -> Result<RefreshResponse, Error> {
        self.refresh_by(&http()).await
    }

    async fn refresh_by(&self, http: &Http) -> Result<RefreshResponse, Error> {
        refresh(&RefreshToken::new("old"), &self.provider, &self.client, http, NOW).await
    }

    async fn verify(&self, response: RefreshResponse) -> Result<TokenSet, Error> {
        let continuation = Continuation {
            subject: &Subject("robin".into()),
            refresh_token: RefreshToken::new("old"),
            device_secret: None,
            previous: None,
            scopes: &Scopes::default(),
        };
        response.verify(continuation, &self.provider, &self.client, &http(), NOW).await
    }

    /// The claims of the proofs that came to the token endpoint.
    fn proofs(&self) -> Vec<Value> {
        let claims = |received: &Received| {
            let proof = received.headers["dpop"].to_str().unwrap();
            opened(proof, &jwk(&self.key)).1
        };
        self.issuer.received("/v1/token").iter().map(claims).collect()
    }

    fn nonces(&self) -> Vec<Option<String>> {
        self.proofs().iter().map(|claims| Some(claims.get("nonce")?.as_str().unwrap().to_owned())).collect()
    }
}

fn tokens(more: Value) -> Canned {
    let mut tokens = json!({ "access_token": "new-access", "token_type": "DPoP", "expires_in": 120 });
    tokens.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Canned::json(tokens)
}

fn challenge(status: u16) -> Canned {
    Canned::status(status, r#"{"error":"use_dpop_nonce"}"#)
}

#[tokio::test]
async fn a_token_request_carries_a_proof() {
    let session = Session::new().await;
    session.refresh().await.unwrap();
    let [claims] = &session.proofs()[..] else { panic!("one request") };
    let issuer = &session.issuer.url;
    assert_eq!((&claims["htm"], &claims["htu"]), (&json!("POST"), &json!(format!("{issuer}/v1/token"))));
    assert_eq!((claims.get("ath"), claims.get("nonce")), (None, None));
}

#[tokio::test]
async fn a_client_without_a_key_carries_none() {
    let session = Session::new().await;
    let client = client();
    session.issuer.answer("/v1/token", challenge(400).with("dpop-nonce", "n-1"));
    refresh(&RefreshToken::new("old"), &session.provider, &client, &http(), NOW).await.unwrap_err();
    let [received] = &session.issuer.received("/v1/token")[..] else { panic!("asked again without a key") };
    assert!(!received.headers.contains_key("dpop"));
}

#[tokio::test]
async fn a_server_that_wants_a_nonce_is_asked_again_with_it() {
    let session = Session::new().await;
    session.issuer.answer_first("/v1/token", [challenge(400).with("dpop-nonce", "n-1")]);
    session.refresh().await.unwrap();
    assert_eq!(session.nonces(), [None, Some("n-1".into())]);
    let proofs = session.proofs();
    assert_ne!(proofs[0]["jti"], proofs[1]["jti"], "Okta takes no `jti` twice");
    let forms: Vec<_> = session.issuer.received("/v1/token").iter().map(|received| received.body.clone()).collect();
    assert_eq!(forms[0], forms[1]);
    // The next request has it from the beginning.
    session.refresh().await.unwrap();
    assert_eq!(session.nonces()[2..], [Some("n-1".into())]);
}

#[tokio::test]
async fn the_newest_nonce_of_any_answer_is_used() {
    let session = Session::new().await;
    session.issuer.answer_first(
        "/v1/token",
        [tokens(json!({})).with("dpop-nonce", "of-success"), Canned::status(503, "").with("dpop-nonce", "of-busy")],
    );
    session.refresh().await.unwrap();
    session.refresh().await.unwrap_err();
    session.issuer.answer("/v1/revoke", Canned::status(200, "").with("dpop-nonce", "of-revocation"));
    session.refresh().await.unwrap();
    let token = RefreshToken::new("r");
    let target = RevocationTarget::RefreshToken(&token);
    revoke(target, &session.provider, &session.client, &http(), NOW).await.unwrap();
    session.refresh().await.unwrap();
    let nonces = session.nonces();
    let nonces: Vec<_> = nonces.iter().map(Option::as_deref).collect();
    assert_eq!(nonces, [None, Some("of-success"), Some("of-busy"), Some("of-revocation")]);
}

#[tokio::test]
async fn what_is_no_nonce_is_not_kept() {
    let session = Session::new().await;
    let too_long: &'static str = Box::leak("n".repeat(1025).into_boxed_str());
    for junk in ["", "a b", "a\"b", "a\\b", "\u{e9}", too_long] {
        session.issuer.answer("/v1/token", tokens(json!({})).with("dpop-nonce", junk));
        session.refresh().await.unwrap();
    }
    session.refresh().await.unwrap();
    assert!(session.nonces().iter().all(Option::is_none), "{:?}", session.nonces());
}

/// Under rotation a request that may have been carried out must not be sent again.
#[tokio::test]
async fn no_other_answer_is_a_challenge() {
    for answer in [
        challenge(400),
        challenge(401).with("dpop-nonce", "n"),
        challenge(429).with("dpop-nonce", "n"),
        challenge(500).with("dpop-nonce", "n"),
        Canned::status(400, r#"{"error":"invalid_dpop_proof"}"#).with("dpop-nonce", "n"),
        Canned::status(400, r#"{"error":"invalid_grant"}"#).with("dpop-nonce", "n"),
        Canned::status(400, "use_dpop_nonce").with("dpop-nonce", "n"),
        Canned::status(200, r#"{"error":"use_dpop_nonce""#).with("dpop-nonce", "n"),
    ] {
        let session = Session::new().await;
        let what = format!("{} {}", answer.status, answer.body);
        session.issuer.answer_first("/v1/token", [answer]);
        assert!(session.refresh().await.is_err(), "{what}");
        assert_eq!(session.issuer.received("/v1/token").len(), 1, "{what}");
    }
}

#[tokio::test]
async fn a_server_that_is_never_content_is_asked_twice() {
    let session = Session::new().await;
    session.issuer.answer("/v1/token", challenge(400).with("dpop-nonce", "n"));
    let error = session.refresh().await.unwrap_err();
    assert_eq!(error, Error::from_code("use_dpop_nonce", None, 400));
    assert!(!error.leaves_outcome_unknown(), "it did not look at the refresh token");
    assert_eq!(session.issuer.received("/v1/token").len(), 2);
}

#[tokio::test]
async fn an_assertion_is_made_anew_with_the_proof() {
    let mut session = Session::new().await;
    let (new, old) = (SigningKey::generate(), SigningKey::generate());
    let (jwk_new, jwk_old) = (jwk(&new), jwk(&old));
    session.client.authentication = ClientAuthentication::PrivateKeyJwt(Credentials::new(new).or(old));
    session.issuer.answer_first(
        "/v1/token",
        [
            challenge(400).with("dpop-nonce", "n-1"),
            Canned::status(401, r#"{"error":"invalid_client"}"#).with("dpop-nonce", "n-2"),
        ],
    );
    let response = session.refresh().await.unwrap();
    assert_eq!(session.verify(response).await.unwrap().credential, Some(1));
    assert_eq!(session.nonces(), [None, Some("n-1".into()), Some("n-2".into())]);
    let mut ids = HashSet::new();
    for (received, jwk) in session.issuer.received("/v1/token").iter().zip([&jwk_new, &jwk_new, &jwk_old]) {
        let form = received.form();
        let (_, assertion) = form.iter().find(|(name, _)| name == "client_assertion").unwrap();
        ids.insert(opened(assertion, jwk).1["jti"].to_string());
    }
    assert_eq!(ids.len(), 3, "an assertion must not be sent twice");
}

#[tokio::test]
async fn a_refresh_whose_time_is_over_does_not_leave_after_a_challenge_either() {
    let session = Session::new().await;
    session.issuer.answer("/v1/token", challenge(400).with("dpop-nonce", "n"));
    let n_asked = Arc::new(AtomicUsize::new(0));
    let asked = n_asked.clone();
    // It is asked before and after the first connecting; by the second request the time is over.
    let may_leave = move || asked.fetch_add(1, Ordering::Relaxed) < 2;
    let error = session.refresh_by(&http().departing(Departure::new(Duration::MAX, may_leave))).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { may_have_arrived: false, .. }), "{error:?}");
    assert!(!error.leaves_outcome_unknown());
    assert_eq!(session.issuer.received("/v1/token").len(), 1);
    assert_eq!(n_asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn an_answer_that_is_lost_after_a_challenge_leaves_the_outcome_unknown() {
    let session = Session::new().await;
    session.issuer.answer_first("/v1/token", [challenge(400).with("dpop-nonce", "n")]);
    session.issuer.answer("/v1/token", Canned::status(200, r#"{"refresh_token":"ne"#));
    assert!(session.refresh().await.unwrap_err().leaves_outcome_unknown());
    assert_eq!(session.issuer.received("/v1/token").len(), 2);
}

#[tokio::test]
async fn the_type_that_was_not_asked_for_is_refused_after_the_refresh_token_is_known() {
    let session = Session::new().await;
    for named in
        [json!("Bearer"), json!("bearer"), json!("N_A"), json!("DPoP2"), json!(""), json!(null), json!(["DPoP"])]
    {
        session.issuer.answer("/v1/token", tokens(json!({ "token_type": named, "refresh_token": "new" })));
        let response = session.refresh().await.unwrap();
        assert_eq!(response.refresh_token().unwrap().expose(), "new");
        assert_eq!(session.verify(response).await.unwrap_err(), Error::Untrusted(Check::TokenType), "{named}");
    }
    for named in ["DPoP", "dpop", "DPOP"] {
        session.issuer.answer("/v1/token", tokens(json!({ "token_type": named })));
        let response = session.refresh().await.unwrap();
        let jkt = session.key.thumbprint().to_owned();
        assert_eq!(session.verify(response).await.unwrap().token_type, TokenType::Dpop { jkt });
    }
}

#[tokio::test]
async fn an_access_token_that_can_be_read_names_our_key() {
    let session = Session::new().await;
    let other = SigningKey::generate();
    let access_token = |confirmation: Value| {
        let mut claims = json!({ "iss": session.issuer.url.as_str(), "cnf": confirmation });
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        sign(&KEYS[0], header(), &claims)
    };
    let verified = async |access_token: String| {
        session.issuer.answer("/v1/token", tokens(json!({ "access_token": access_token, "refresh_token": "new" })));
        let response = session.refresh().await.unwrap();
        assert_eq!(response.refresh_token().unwrap().expose(), "new");
        session.verify(response).await
    };
    let ours = json!({ "jkt": session.key.thumbprint() });
    let set = verified(access_token(ours)).await.unwrap();
    assert!(matches!(set.access_token_content, AccessTokenContent::Verified(_)));
    for confirmation in [
        json!({ "jkt": other.thumbprint() }),
        json!({ "jkt": "" }),
        json!({ "jkt": [session.key.thumbprint()] }),
        json!({ "x5t#S256": session.key.thumbprint() }),
        json!({}),
        json!(session.key.thumbprint()),
        json!(null),
    ] {
        let error = verified(access_token(confirmation.clone())).await.unwrap_err();
        assert_eq!(error, Error::Untrusted(Check::KeyBinding), "{confirmation}");
    }
    // What cannot be read is the server's own business.
    let set = verified("opaque".into()).await.unwrap();
    assert_eq!(set.access_token_content, AccessTokenContent::Opaque(Opaque::NotJwt));
}
