use super::*;
use crate::{Endpoint, Fault, RateLimitBody};

/// A sign-in whose token response has this flaw.
async fn tokens_with(setting: &Setting, fault: Fault) -> Value {
    setting.okta.fault(Endpoint::Token, fault);
    setting.tokens().await
}

#[tokio::test]
async fn a_connection_cut_before_the_work_leaves_the_refresh_token_as_it_was() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.fault(Endpoint::Token, Fault::ResetBefore);
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", DEMO_CLIENT_ID),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    assert!(setting.try_post("token", &form).await.is_err());
    assert_eq!(setting.okta.active_refresh_tokens(), [tokens["refresh_token"].as_str().unwrap()]);
}

#[tokio::test]
async fn a_connection_cut_after_the_work_has_rotated_the_refresh_token() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.fault(Endpoint::Token, Fault::ResetAfter);
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", DEMO_CLIENT_ID),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    assert!(setting.try_post("token", &form).await.is_err());
    assert_ne!(setting.okta.active_refresh_tokens(), [tokens["refresh_token"].as_str().unwrap()]);
    // The fault was for one request: the next, within the grace, is answered.
    assert_eq!(setting.refresh(&tokens["refresh_token"]).await.status, 200);
}

#[tokio::test]
async fn a_hanging_request_arrives_and_is_not_answered() {
    let setting = setting().await;
    setting.okta.fault(Endpoint::Keys, Fault::Hang);
    let asking = tokio::spawn(setting.http.get(setting.endpoint("keys")).send());
    setting.okta.wait_for_count(Endpoint::Keys, 1).await;
    assert!(!asking.is_finished());
    // The server goes, and the connection with it.
    drop(setting);
    assert!(asking.await.unwrap().is_err());
}

#[tokio::test]
async fn a_held_request_has_done_nothing_until_it_is_released() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let mut gate = setting.okta.hold(Endpoint::Token);
    let ((), reply) = tokio::join!(
        async {
            gate.arrived().await;
            gate.arrived().await;
            assert_eq!(setting.okta.active_refresh_tokens(), [tokens["refresh_token"].as_str().unwrap()]);
            gate.release();
        },
        setting.refresh(&tokens["refresh_token"])
    );
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_held_answer_is_of_work_that_is_done() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let mut gate = setting.okta.hold_answer(Endpoint::Token);
    let (rotated, reply) = tokio::join!(
        async {
            gate.arrived().await;
            let rotated = setting.okta.active_refresh_tokens();
            gate.release();
            rotated
        },
        setting.refresh(&tokens["refresh_token"])
    );
    assert_eq!(rotated, [reply.body["refresh_token"].as_str().unwrap()]);
}

#[tokio::test]
async fn too_many_requests_says_when_to_come_back() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let fault = |body| Fault::TooManyRequests { retry_after: Some(7), reset_in: 42, body };
    setting.okta.fault(Endpoint::Token, fault(RateLimitBody::Api));
    setting.okta.fault(Endpoint::Token, fault(RateLimitBody::InvalidGrant));

    let reply = setting.refresh(&tokens["refresh_token"]).await;
    assert_eq!((reply.status, &reply.body["errorCode"]), (429, &json!("E0000047")));
    assert_eq!((reply.header("retry-after"), reply.header("x-rate-limit-remaining")), ("7", "0"));
    let date = httpdate::parse_http_date(reply.header("date")).unwrap();
    let date = date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(reply.header("x-rate-limit-reset"), (date + 42).to_string());

    let reply = setting.refresh(&tokens["refresh_token"]).await;
    reply.is_error(429, "invalid_grant", "API call exceeded rate limit due to too many requests.");
    assert_eq!(setting.refresh(&tokens["refresh_token"]).await.status, 200);
}

#[tokio::test]
async fn a_fault_can_stay_until_it_is_cleared() {
    let setting = setting().await;
    setting.okta.fault_always(Endpoint::Keys, Fault::ServerError(503));
    setting.okta.fault(Endpoint::Keys, Fault::ServerError(500));
    for status in [500, 503, 503] {
        assert_eq!(setting.get("/oauth2/v1/keys").await.status, status);
    }
    setting.okta.clear_faults();
    assert_eq!(setting.get("/oauth2/v1/keys").await.status, 200);
}

#[tokio::test]
async fn a_captive_portal_and_a_huge_body_are_what_they_say() {
    let setting = setting().await;
    setting.okta.fault(Endpoint::Metadata, Fault::Html);
    let reply = setting.get("/.well-known/openid-configuration").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/html"));
    setting.okta.fault(Endpoint::Metadata, Fault::HugeBody);
    let reply = setting.get("/.well-known/openid-configuration").await;
    assert!(reply.header("content-length").parse::<usize>().unwrap() > 16 * 1024 * 1024);
}

#[tokio::test]
async fn a_refusal_is_worded_by_the_test() {
    let setting = setting().await;
    let refusal = || Fault::Refuse {
        status: 401,
        error: "access_denied".to_owned(),
        description: "Policy evaluation failed for this request, please check the policy configurations.".to_owned(),
    };
    let text = "Policy evaluation failed for this request, please check the policy configurations.";
    setting.okta.fault(Endpoint::Authorize, refusal());
    is_told(&setting.authorize(&[]).await, "access_denied", text);
    setting.okta.fault(Endpoint::Token, refusal());
    setting.redeem(&setting.code(SCOPES).await, &[]).await.is_error(401, "access_denied", text);
}

#[tokio::test]
async fn a_redirect_can_name_an_issuer_though_okta_does_not() {
    let setting = setting().await;
    assert_eq!(parameter(&setting.authorize(&[]).await.url, "iss"), None);
    setting.okta.fault(Endpoint::Authorize, Fault::WrongIssuer("https://evil.example".to_owned()));
    let outcome = setting.authorize(&[]).await;
    assert_eq!(parameter(&outcome.url, "iss").as_deref(), Some("https://evil.example"));
}

#[tokio::test]
async fn a_wrong_claim_is_the_only_thing_wrong() {
    let setting = setting().await;
    let honest = claims(&setting.tokens().await["id_token"]);
    for (fault, name) in [
        (Fault::WrongIssuer("https://evil.example".to_owned()), "iss"),
        (Fault::WrongAudience, "aud"),
        (Fault::WrongNonce, "nonce"),
        (Fault::MissingNonce, "nonce"),
        (Fault::OtherSubject, "sub"),
        (Fault::AnotherAcr, "acr"),
    ] {
        let tokens = tokens_with(&setting, fault.clone()).await;
        let spoiled = setting.verified(&tokens["id_token"]).await.expect("a good signature");
        for claim in ["iss", "aud", "nonce", "sub", "acr"] {
            assert_eq!(spoiled.get(claim) == honest.get(claim), claim != name, "{fault:?} {claim}");
        }
    }
}

#[tokio::test]
async fn somebody_can_have_authenticated_a_day_ago() {
    let setting = setting().await;
    let tokens = tokens_with(&setting, Fault::AuthenticatedYesterday).await;
    let id_token = setting.verified(&tokens["id_token"]).await.unwrap();
    assert_eq!(id_token["auth_time"].as_i64().unwrap(), id_token["iat"].as_i64().unwrap() - 24 * 3600);
}

#[tokio::test]
async fn an_expired_token_is_over_when_it_comes() {
    let setting = setting().await;
    let tokens = tokens_with(&setting, Fault::Expired).await;
    let expired = setting.verified(&tokens["id_token"]).await.unwrap();
    let honest = claims(&setting.tokens().await["id_token"]);
    assert!(expired["exp"].as_i64() < honest["iat"].as_i64());
    assert!(expired["iat"].as_i64() < expired["exp"].as_i64());
}

#[tokio::test]
async fn at_hash_can_be_of_another_access_token() {
    let setting = setting().await;
    let tokens = tokens_with(&setting, Fault::AtHashWrong).await;
    let hash = Sha256::digest(tokens["access_token"].as_str().unwrap());
    let spoiled = setting.verified(&tokens["id_token"]).await.unwrap();
    assert_ne!(spoiled["at_hash"], URL_SAFE_NO_PAD.encode(&hash[..16]));
}

#[tokio::test]
async fn a_spoiled_signature_does_not_verify() {
    let setting = setting().await;
    let kid = header(&setting.tokens().await["id_token"])["kid"].clone();
    let check = async |fault, is_kid: &dyn Fn(Option<&Value>) -> bool, alg| {
        let tokens = tokens_with(&setting, fault).await;
        let header = header(&tokens["id_token"]);
        assert!(is_kid(header.get("kid")), "{header}");
        assert_eq!(header["alg"], alg);
        assert!(setting.verified(&tokens["id_token"]).await.is_none());
    };
    check(Fault::WrongSignature, &|named| named == Some(&kid), "RS256").await;
    check(Fault::UnknownKid, &|named| named.is_some_and(|named| *named != kid), "RS256").await;
    check(Fault::NoKid, &|named| named.is_none(), "RS256").await;
    check(Fault::AlgNone, &|named| named.is_none(), "none").await;
}

#[tokio::test]
async fn members_can_be_missing() {
    let setting = setting().await;
    assert!(tokens_with(&setting, Fault::NoIdToken).await.get("id_token").is_none());
    assert!(tokens_with(&setting, Fault::NoRefreshToken).await.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_refresh_without_a_new_refresh_token_does_not_rotate() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.fault(Endpoint::Token, Fault::NoRefreshToken);
    assert!(setting.refresh(&tokens["refresh_token"]).await.body.get("refresh_token").is_none());
    assert_eq!(setting.okta.active_refresh_tokens(), [tokens["refresh_token"].as_str().unwrap()]);
}

#[tokio::test]
async fn an_access_token_can_have_a_newline_in_it() {
    let setting = setting().await;
    let tokens = tokens_with(&setting, Fault::TokenWithNewline).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert!(token.contains('"') && token.contains('\n'));
    let hash = Sha256::digest(token);
    assert_eq!(claims(&tokens["id_token"])["at_hash"], URL_SAFE_NO_PAD.encode(&hash[..16]));
}
