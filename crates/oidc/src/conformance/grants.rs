//! The misbehaving issuers of the grants that the Foundation's plans for relying parties do not have: another device
//! (RFC 8628) and token exchange (RFC 8693).

use serde_json::{Value, json};

use super::{assert_rejected, remove, set};
use crate::testing::{Canned, KEYS, NOW, SignIn, TestIssuer, client, header, http, sign};
use crate::{
    Check, DeviceAuthorizationRequest, DevicePoll, DeviceSecret, Error, IdTokenHint, NativeSso, Scopes, Subject,
    TokenSet,
};

/// Signs in on another device, where the code or the ID token's claims are spoilt in one way.
async fn with_device(
    spoil_code: impl FnOnce(&mut Value),
    spoil_claims: impl FnOnce(&mut Value),
) -> Result<TokenSet, Error> {
    let issuer = TestIssuer::start().await;
    let provider = issuer.discover().await?;
    let mut code = json!({
        "device_code": "d", "user_code": "u", "verification_uri": "http://127.0.0.1/activate", "expires_in": 600,
    });
    spoil_code(&mut code);
    issuer.answer("/v1/device/authorize", Canned::json(code));
    let sign_in = SignIn::begin_at(issuer).await;
    let mut claims = sign_in.claims();
    claims.as_object_mut().unwrap().remove("nonce");
    spoil_claims(&mut claims);
    sign_in.issuer.answer("/v1/token", Canned::json(sign_in.tokens(&sign(&KEYS[0], header(), &claims))));
    let scopes = Scopes::parse("openid");
    let (client, acr_values) = (client(), crate::AcrValues::default());
    let request = DeviceAuthorizationRequest {
        provider: &provider,
        client: &client,
        scopes: &scopes,
        acr_values: &acr_values,
        max_age: None,
    };
    match request.start(&http(), NOW).await?.poll(&provider, &client, &http(), NOW).await {
        DevicePoll::Finished(result) => result.map(|tokens| *tokens),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_device_sign_in_needs_no_nonce_and_all_else() {
    with_device(|_| {}, |_| {}).await.unwrap();
    assert_rejected(with_device(|_| {}, set("iss", json!("https://acme.okta.com"))).await, Check::Issuer);
    assert_rejected(with_device(|_| {}, set("aud", json!("another-client"))).await, Check::Audience);
    assert_rejected(with_device(|_| {}, remove("sub")).await, Check::Subject);
    assert_rejected(with_device(|_| {}, set("exp", json!(NOW.as_unix_seconds() - 3600))).await, Check::Expiry);
}

#[tokio::test]
async fn a_device_sign_in_at_another_host_is_refused() {
    let elsewhere = json!("https://evil.example/activate");
    assert_rejected(with_device(set("verification_uri", elsewhere), |_| {}).await, Check::Endpoint);
}

#[tokio::test]
async fn a_token_exchange_for_another_person_or_kind_of_token_is_refused() {
    let sign_in = SignIn::begin().await;
    let (issuer, provider, mut claims) = (sign_in.issuer.clone(), sign_in.provider.clone(), sign_in.claims());
    let hint = IdTokenHint::from_vault(sign(&KEYS[0], header(), &claims));
    let subject = Subject(claims["sub"].as_str().unwrap().to_owned());
    let exchange = async |issued: &str, claims: &Value| {
        let mut tokens = sign_in.tokens(&sign(&KEYS[0], header(), claims));
        tokens["issued_token_type"] = json!(issued);
        issuer.answer("/v1/token", Canned::json(tokens));
        let request = NativeSso {
            device_secret: &DeviceSecret::new("d"),
            subject_token: &hint,
            subject: &subject,
            audience: "api://default",
            scopes: &Scopes::parse("openid"),
        };
        request.exchange(&provider, &client(), &http(), NOW).await
    };
    exchange("urn:ietf:params:oauth:token-type:access_token", &claims).await.unwrap();
    assert_rejected(exchange("urn:ietf:params:oauth:token-type:id_token", &claims).await, Check::TokenType);
    claims["sub"] = json!("somebody-else");
    assert_rejected(exchange("urn:ietf:params:oauth:token-type:access_token", &claims).await, Check::Subject);
}
