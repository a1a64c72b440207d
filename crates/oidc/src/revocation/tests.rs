use serde_json::json;

use super::*;
use crate::testing::{CLIENT_ID, Canned, NOW, TestIssuer, client, http, metadata};

#[tokio::test]
async fn a_token_is_revoked_by_its_kind() {
    let issuer = TestIssuer::start().await;
    let provider = issuer.discover().await.unwrap();
    let (refresh_token, access_token) = (RefreshToken::new("r"), AccessToken::new("a"));
    for target in [
        RevocationTarget::RefreshToken(&refresh_token),
        RevocationTarget::AccessToken(&access_token),
        RevocationTarget::DeviceSecret(&DeviceSecret::new("d")),
    ] {
        revoke(target, &provider, &client(), &http(), NOW).await.unwrap();
    }
    let forms: Vec<_> = issuer.received("/v1/revoke").iter().map(|request| request.body.clone()).collect();
    assert_eq!(
        forms,
        [
            format!("token=r&token_type_hint=refresh_token&client_id={CLIENT_ID}"),
            format!("token=a&token_type_hint=access_token&client_id={CLIENT_ID}"),
            format!("token=d&token_type_hint=device_secret&client_id={CLIENT_ID}"),
        ]
    );
}

#[tokio::test]
async fn a_revocation_that_did_not_happen_is_an_error() {
    let issuer = TestIssuer::start().await;
    let token = RefreshToken::new("r");
    let target = RevocationTarget::RefreshToken(&token);
    let provider = issuer.discover().await.unwrap();
    issuer.answer("/v1/revoke", Canned::status(503, ""));
    let busy = Error::Busy { retry_after: None, status: 503 };
    assert_eq!(revoke(target, &provider, &client(), &http(), NOW).await.unwrap_err(), busy);
    issuer.answer("/v1/revoke", Canned::status(401, r#"{"error":"invalid_client"}"#));
    let error = revoke(target, &provider, &client(), &http(), NOW).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error:?}");

    let mut document = metadata(&issuer.url);
    document["revocation_endpoint"] = json!(null);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    let provider = issuer.discover().await.unwrap();
    let error = revoke(target, &provider, &client(), &http(), NOW).await.unwrap_err();
    assert_eq!(error, Error::nonconforming("the server has no revocation endpoint"));
}
