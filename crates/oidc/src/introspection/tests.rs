use serde_json::json;

use super::*;
use crate::testing::{CLIENT_ID, Canned, NOW, TestIssuer, client, http, metadata};

async fn asked(answer: Canned) -> (TestIssuer, Result<Introspection, Error>) {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["introspection_endpoint"] = json!(format!("{}/v1/introspect", issuer.url));
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    issuer.answer("/v1/introspect", answer);
    let provider = issuer.discover().await.unwrap();
    let result = introspect(&RefreshToken::new("s3cret"), &provider, &client(), &http(), NOW).await;
    (issuer, result)
}

#[tokio::test]
async fn a_server_tells_when_a_refresh_token_ends() {
    let (issuer, told) = asked(Canned::json(json!({ "active": true, "exp": NOW.as_unix_seconds() }))).await;
    assert_eq!(told.unwrap(), Introspection { is_active: true, expires_at: Some(NOW) });
    let forms: Vec<_> = issuer.received("/v1/introspect").iter().map(|request| request.body.clone()).collect();
    assert_eq!(forms, [format!("token=s3cret&token_type_hint=refresh_token&client_id={CLIENT_ID}")]);
}

#[tokio::test]
async fn what_is_not_told_is_not_known() {
    for (body, is_active) in [
        (json!({ "active": true }), true),
        (json!({ "active": true, "exp": 0 }), true),
        (json!({ "active": true, "exp": "soon" }), true),
        (json!({ "active": true, "exp": 1.5e300 }), true),
        (json!({ "active": false, "exp": NOW.as_unix_seconds() }), false),
    ] {
        let (_, told) = asked(Canned::json(body.clone())).await;
        assert_eq!(told.unwrap(), Introspection { is_active, expires_at: None }, "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_an_error() {
    for answer in [
        Canned::json(json!({})),
        Canned::json(json!({ "active": "true" })),
        Canned::status(200, "[]"),
        Canned::status(503, ""),
        Canned::status(401, r#"{"error":"invalid_client"}"#),
    ] {
        let error = asked(answer).await.1.unwrap_err();
        assert!(!format!("{error:?}").contains("s3cret"));
    }
    let issuer = TestIssuer::start().await;
    let provider = issuer.discover().await.unwrap();
    let error = introspect(&RefreshToken::new("r"), &provider, &client(), &http(), NOW).await.unwrap_err();
    assert_eq!(error, Error::nonconforming("the server has no introspection endpoint"));
}
