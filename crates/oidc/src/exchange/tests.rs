use serde_json::{Value, json};

use super::*;
use crate::testing::{Canned, KEYS, NOW, SignIn, TestIssuer, client, header, http, sign};
use crate::{IssuerUrl, Subject};

fn payload(issuer: &str) -> Value {
    json!({ "iss": issuer, "aud": "api://default", "groups": ["Everyone"] })
}

async fn look(provider: &Provider, token: &str) -> AccessTokenContent {
    let exchange = Exchange { provider, client: &client(), http: &http(), now: NOW };
    exchange.look_inside(&AccessToken::new(token)).await
}

#[tokio::test]
async fn an_access_token_is_told_only_where_the_issuers_key_signed_it() {
    let issuer = TestIssuer::start().await;
    let provider = issuer.discover().await.unwrap();
    let ours = issuer.url.as_str();
    let AccessTokenContent::Verified(claims) = look(&provider, &sign(&KEYS[0], header(), &payload(ours))).await else {
        panic!("it is the issuer's")
    };
    assert_eq!((claims.algorithm(), claims.key_id()), ("RS256", Some("key-0")));
    assert_eq!(claims.all()["groups"], json!(["Everyone"]));

    for (token, why) in [
        (sign(&KEYS[1], header(), &payload(ours)), Opaque::Unverified),
        (sign(&KEYS[0], header(), &payload("https://acme.okta.com")), Opaque::Unverified),
        (sign(&KEYS[0], header(), &json!({})), Opaque::Unverified),
        (sign(&KEYS[0], json!({ "alg": "none" }), &payload(ours)), Opaque::Unverified),
        (sign(&KEYS[0], json!({}), &payload(ours)), Opaque::Unverified),
        ("opaque".into(), Opaque::NotJwt),
        ("a.b.c".into(), Opaque::NotJwt),
        ("a.b.c.d.e".into(), Opaque::NotJwt),
    ] {
        assert_eq!(look(&provider, &token).await, AccessTokenContent::Opaque(why), "{token}");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_make_an_access_token_opaque_and_nothing_worse() {
    let sign_in = SignIn::begin().await;
    let id_token = sign(&KEYS[0], header(), &sign_in.claims());
    let mut tokens = sign_in.tokens(&id_token);
    let header = json!({ "alg": "RS256", "kid": "key-1" });
    tokens["access_token"] = json!(sign(&KEYS[1], header, &payload(sign_in.issuer.url.as_str())));
    sign_in.issuer.answer("/v1/keys", Canned::status(500, ""));
    let tokens = sign_in.redeem(Canned::json(tokens)).await.unwrap();
    assert_eq!(tokens.access_token_content, AccessTokenContent::Opaque(Opaque::Unverified));
}

#[tokio::test]
async fn an_org_servers_access_token_is_not_looked_into() {
    // There is nobody at this address: a request would fail, and so would the parsing of `x`.
    let provider = Provider::undiscovered_for_tests(&IssuerUrl::parse("http://127.0.0.1:9").unwrap(), NOW);
    for token in ["x".to_owned(), sign(&KEYS[0], header(), &payload("http://127.0.0.1:9"))] {
        assert_eq!(look(&provider, &token).await, AccessTokenContent::Opaque(Opaque::OrgServer));
    }
}

#[tokio::test]
async fn an_algorithm_that_the_metadata_does_not_announce_is_refused() {
    let sign_in = SignIn::begin().await;
    let id_token = sign(&KEYS[0], json!({ "alg": "ES256", "kid": "key-0" }), &sign_in.claims());
    let error = sign_in.redeem_for(&id_token).await.unwrap_err();
    assert_eq!(error, Error::Untrusted(Check::Algorithm));
}

#[tokio::test]
async fn a_token_for_somebody_else_fetches_no_keys() {
    let sign_in = SignIn::begin().await;
    let issuer = sign_in.issuer.clone();
    let mut claims = sign_in.claims();
    claims["aud"] = json!("another");
    let id_token = sign(&KEYS[1], json!({ "alg": "RS256", "kid": "key-1" }), &claims);
    assert_eq!(sign_in.redeem_for(&id_token).await.unwrap_err(), Error::Untrusted(Check::Audience));
    assert_eq!(issuer.received("/v1/keys").len(), 1);
}

#[tokio::test]
async fn an_id_token_with_its_hash_is_accepted() {
    let sign_in = SignIn::begin().await;
    let mut claims = sign_in.claims();
    // The left half of the SHA-256 of `an-access-token`, reckoned with openssl.
    claims["at_hash"] = json!("YiHPD2T9DaX5B837XJXtow");
    let tokens = sign_in.redeem_for(&sign(&KEYS[0], header(), &claims)).await.unwrap();
    assert_eq!(tokens.id_token.unwrap().claims().subject, Subject("00uid4BxXw6I6TV4m0g3".into()));
}
