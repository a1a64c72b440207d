use serde_json::{Value, json};

use super::*;
use crate::testing::{Canned, KEYS, NOW, SignIn, TestIssuer, client, header, http, opened, sign};
use crate::{Check, SigningKey, TokenType};

const PATH: &str = "/api/v1/users/00urobin/groups";

/// A session whose org has an API that answers as the test chooses.
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

    async fn ask(&self, answer: Canned) -> Result<Vec<Group>, Error> {
        self.issuer.answer(PATH, answer);
        self.ask_about("00urobin", GroupsAsker::Person(&self.tokens, &client())).await
    }

    async fn ask_about(&self, subject: &str, asker: GroupsAsker<'_>) -> Result<Vec<Group>, Error> {
        groups(&Subject(subject.into()), asker, &self.provider, &http(), NOW).await
    }
}

fn page(names: &[&str]) -> Canned {
    let groups = names.iter().map(|name| json!({ "id": format!("00g{name}"), "profile": { "name": name } }));
    Canned::json(groups.collect())
}

fn named(told: &[Group]) -> Vec<(&str, &str)> {
    told.iter().map(|group| (group.id.as_str(), group.name.as_str())).collect()
}

#[tokio::test]
async fn every_page_is_read_and_no_token_leaves_the_list() {
    let session = Session::new().await;
    let first = page(&["ops"])
        .with("link", r#"</api/v1/users/00urobin/groups>; rel="self""#)
        .with("link", r#"</api/v1/users/00urobin/groups?after=1>; rel="next""#);
    session.issuer.answer_first(PATH, [first]);
    let told = session.ask(page(&["on-call"])).await.unwrap();
    assert_eq!(named(&told), [("00gops", "ops"), ("00gon-call", "on-call")]);
    let [first, second] = session.issuer.received(PATH).try_into().unwrap();
    assert_eq!((first.query, second.query.as_deref()), (None, Some("after=1")));
    assert_eq!(second.headers["authorization"], "Bearer an-access-token");

    for elsewhere in [
        r#"<https://acme.example/api/v1/users/00urobin/groups?after=1>; rel="next""#,
        r#"</api/v1/users/00ukim/groups>; rel="next""#,
        r#"<//>; rel="next""#,
    ] {
        let error = session.ask(page(&["ops"]).with("link", elsewhere)).await.unwrap_err();
        assert_eq!(error, Error::nonconforming("the list of groups goes on elsewhere"), "{elsewhere}");
    }
    assert!(session.issuer.received("/api/v1/users/00ukim/groups").is_empty());
}

#[tokio::test]
async fn a_list_without_end_is_given_up() {
    let session = Session::new().await;
    let endless = page(&["ops"]).with("link", r#"</api/v1/users/00urobin/groups?after=1>; rel="next""#);
    let error = session.ask(endless).await.unwrap_err();
    let too_long = Error::nonconforming("a list of groups with more than 100 pages, 20000 groups or 2097152 bytes");
    assert_eq!(error, too_long);
    assert_eq!(session.issuer.received(PATH).len(), 100);
    let names = vec!["ops"; 20_001];
    assert_eq!(session.ask(page(&names)).await.unwrap_err(), too_long);
    assert_eq!(session.ask(page(&names[1..])).await.unwrap().len(), 20_000);
    // The ID of each is its name with three letters more.
    let name = "x".repeat(1024 * 1024 - 1);
    assert_eq!(session.ask(page(&[&name])).await.unwrap_err(), too_long);
    assert_eq!(session.ask(page(&[&name[1..]])).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_told_as_the_api_words_it() {
    let session = Session::new().await;
    let refused = |code: &str, description: Option<&str>, status| Error::Refused {
        code: code.into(),
        description: description.map(Into::into),
        status,
        request_id: None,
    };
    let text = "You do not have permission to perform the requested action";
    let answer = Canned::status(403, json!({ "errorCode": "E0000006", "errorSummary": text }));
    assert_eq!(session.ask(answer).await.unwrap_err(), refused("E0000006", Some(text), 403));
    let answer = Canned::status(403, "").with("www-authenticate", r#"Bearer error="insufficient_scope""#);
    assert_eq!(session.ask(answer).await.unwrap_err(), refused("insufficient_scope", None, 403));
}

#[tokio::test]
async fn only_a_list_of_groups_is_one() {
    let session = Session::new().await;
    for body in ["{}", "[1]", "", "null"] {
        let error = session.ask(Canned::status(200, body)).await.unwrap_err();
        assert_eq!(error, Error::nonconforming("the list of groups is not a list of JSON objects"), "{body}");
    }
    for group in [
        json!({ "id": "00g" }),
        json!({ "profile": { "name": "ops" } }),
        json!({ "id": "", "profile": { "name": "ops" } }),
    ] {
        let error = session.ask(Canned::json(json!([group]))).await.unwrap_err();
        assert_eq!(error, Error::nonconforming("a group has no ID or no name"), "{group}");
    }
    assert!(session.ask(Canned::json(json!([]))).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_is_made_a_path_of() {
    let session = Session::new().await;
    let admin = ApiToken::new("00secret");
    for subject in ["", ".", ".."] {
        let error = session.ask_about(subject, GroupsAsker::Admin(&admin)).await.unwrap_err();
        assert!(matches!(&error, Error::Nonconforming { what } if what.contains("no ID")), "{subject}: {error:?}");
    }
    session.issuer.answer("/api/v1/users/..%2Fme%3Fx/groups", page(&["ops"]));
    assert_eq!(session.ask_about("../me?x", GroupsAsker::Admin(&admin)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_admins_token_goes_as_okta_wants_it() {
    let session = Session::new().await;
    session.issuer.answer(PATH, page(&["ops"]));
    let admin = ApiToken::new("00secret");
    assert_eq!(named(&session.ask_about("00urobin", GroupsAsker::Admin(&admin)).await.unwrap()), [("00gops", "ops")]);
    let [request] = session.issuer.received(PATH).try_into().unwrap();
    assert_eq!(request.headers["authorization"], "SSWS 00secret");
    let split = ApiToken::new("00\nsecret");
    let error = session.ask_about("00urobin", GroupsAsker::Admin(&split)).await.unwrap_err();
    assert_eq!(error, Error::nonconforming("the token cannot stand in a header"));
    assert_eq!(session.issuer.received(PATH).len(), 1);
}

#[tokio::test]
async fn a_bound_token_is_proved_on_every_page() {
    let mut session = Session::new().await;
    let key = SigningKey::generate();
    session.tokens.token_type = TokenType::Dpop { jkt: key.thumbprint().to_owned() };
    let first = page(&["ops"]).with("link", r#"</api/v1/users/00urobin/groups?after=1>; rel="next""#);
    session.issuer.answer_first(PATH, [first]);
    session.issuer.answer(PATH, page(&["on-call"]));
    let bound = client().bound_to(key.clone());
    session.ask_about("00urobin", GroupsAsker::Person(&session.tokens, &bound)).await.unwrap();
    let jwk: Value = serde_json::from_str(&key.public_jwk()).unwrap();
    let address = session.issuer.url.url().join(PATH).unwrap();
    let proofs: Vec<_> = session
        .issuer
        .received(PATH)
        .iter()
        .map(|request| {
            assert_eq!(request.headers["authorization"], "DPoP an-access-token");
            opened(request.headers["dpop"].to_str().unwrap(), &jwk).1
        })
        .collect();
    assert!(proofs.iter().all(|proof| proof["htu"] == address.as_str()), "{proofs:?}");
    assert_ne!(proofs[0]["jti"], proofs[1]["jti"]);

    let error = session.ask_about("00urobin", GroupsAsker::Person(&session.tokens, &client())).await.unwrap_err();
    assert_eq!(error, Error::Untrusted(Check::KeyBinding));
    assert_eq!(session.issuer.received(PATH).len(), 2);
}
