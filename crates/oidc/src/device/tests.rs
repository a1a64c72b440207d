use std::time::Duration;

use serde_json::json;

use super::*;
use crate::testing::{CLIENT_ID, Canned, KEYS, NOW, TestIssuer, client, header, http, metadata, sign};
use crate::{Scope, Subject};

/// What Okta says, at this issuer.
fn code(issuer: &TestIssuer) -> Value {
    let origin = issuer.url.url().origin().ascii_serialization();
    json!({
        "device_code": "1a521d9f-0922-4e6d-8db9-8b654297435a", "user_code": "GDLMZQCT",
        "verification_uri": format!("{origin}/activate"),
        "verification_uri_complete": format!("{origin}/activate?user_code=GDLMZQCT"),
        "expires_in": 600, "interval": 5,
    })
}

/// Asks this issuer for a code.
async fn start(issuer: &TestIssuer) -> Result<PendingDeviceAuthorization, Error> {
    let provider = issuer.discover().await.unwrap();
    let scopes = Scopes::parse("openid offline_access");
    let acr_values = AcrValues::default();
    let client = client();
    let request = DeviceAuthorizationRequest {
        provider: &provider,
        client: &client,
        scopes: &scopes,
        acr_values: &acr_values,
        max_age: None,
    };
    request.start(&http(), NOW).await
}

/// Starts where one member of the answer is another, or is not there.
async fn start_with(member: &str, value: Value) -> Result<PendingDeviceAuthorization, Error> {
    let issuer = TestIssuer::start().await;
    let mut answer = code(&issuer);
    answer[member] = value;
    issuer.answer("/v1/device/authorize", Canned::json(answer));
    start(&issuer).await
}

/// A code that waits, and where.
struct Waiting {
    issuer: TestIssuer,
    provider: Provider,
    pending: PendingDeviceAuthorization,
}

impl Waiting {
    async fn new() -> Self {
        let issuer = TestIssuer::start().await;
        issuer.answer("/v1/device/authorize", Canned::json(code(&issuer)));
        let pending = start(&issuer).await.unwrap();
        let provider = issuer.discover().await.unwrap();
        Self { issuer, provider, pending }
    }

    async fn poll(&mut self, answer: Canned) -> DevicePoll {
        self.issuer.answer("/v1/token", answer);
        self.pending.poll(&self.provider, &client(), &http(), NOW).await
    }

    /// An answer with tokens; the ID token has no `nonce`.
    fn tokens(&self, spoil: impl FnOnce(&mut Value)) -> Canned {
        let now = NOW.as_unix_seconds();
        let issuer = self.issuer.url.as_str();
        let mut claims = json!({ "iss": issuer, "sub": "robin", "aud": CLIENT_ID, "exp": now + 3600, "iat": now });
        spoil(&mut claims);
        Canned::json(json!({
            "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": "a-refresh-token", "id_token": sign(&KEYS[0], header(), &claims),
        }))
    }
}

fn refusal(code: &str) -> Canned {
    Canned::status(400, json!({ "error": code, "error_description": "so it is" }))
}

#[tokio::test]
async fn a_code_is_asked_for_and_told() {
    let Waiting { issuer, pending, .. } = Waiting::new().await;
    let answer = code(&issuer);
    assert_eq!(pending.user_code(), "GDLMZQCT");
    assert_eq!(pending.verification_uri().as_str(), answer["verification_uri"].as_str().unwrap());
    let complete = answer["verification_uri_complete"].as_str();
    assert_eq!(pending.verification_uri_complete().map(Url::as_str), complete);
    assert_eq!(pending.interval(), Duration::from_secs(5));
    assert_eq!(pending.ends_at(), NOW + Duration::from_secs(600));
    let [request] = issuer.received("/v1/device/authorize").try_into().unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(request.form(), [pair("scope", "openid offline_access"), pair("client_id", CLIENT_ID)]);
}

#[tokio::test]
async fn nobody_is_sent_to_another_host() {
    for elsewhere in [
        "https://evil.example/activate",
        "http://acme.okta.com/activate",
        "http://127.0.0.1.evil.example/activate",
        "http://robin@127.0.0.1/activate",
        "http://127.0.0.1/activate#here",
        "http://localhost/activate",
        "javascript:alert(1)",
        "/activate",
        &format!("http://127.0.0.1/{}", "a".repeat(512)),
    ] {
        let error = start_with("verification_uri", json!(elsewhere)).await.unwrap_err();
        assert_eq!(error, Error::Untrusted(Check::Endpoint), "{elsewhere}");
        // What only spares typing is done without.
        let pending = start_with("verification_uri_complete", json!(elsewhere)).await.unwrap();
        assert!(pending.verification_uri_complete().is_none(), "{elsewhere}");
    }
    assert!(start_with("verification_uri_complete", json!(null)).await.unwrap().verification_uri_complete().is_none());
}

/// Where the issuer is none of loopback, plain http is refused even on its host.
#[test]
fn a_real_issuer_is_visited_by_https() {
    let issuer = IssuerUrl::parse("https://acme.okta.com").unwrap();
    for (address, is_taken) in [
        ("https://acme.okta.com/activate", true),
        ("http://acme.okta.com/activate", false),
        ("http://127.0.0.1/activate", false),
        ("https://acme.okta.com.evil.example/activate", false),
    ] {
        let answer = json!({ "device_code": "d", "user_code": "u", "verification_uri": address, "expires_in": 1 });
        let read = read(answer.as_object().unwrap().clone(), &issuer, &Scopes::default(), NOW);
        assert_eq!(read.is_ok(), is_taken, "{address}");
    }
}

#[tokio::test]
async fn a_user_code_is_shown_as_it_is_or_not_at_all() {
    for shown in ["GDLM-ZQCT", "\u{e4}\u{f6}\u{fc}", "a b", &"1".repeat(40)] {
        assert_eq!(start_with("user_code", json!(shown)).await.unwrap().user_code(), shown);
    }
    for refused in
        [json!(""), json!("  "), json!("A\nB"), json!("A\u{202e}B"), json!("1".repeat(41)), json!(7), json!(null)]
    {
        let error = start_with("user_code", refused.clone()).await.unwrap_err();
        assert_eq!(
            error,
            Error::nonconforming("no usable `user_code` in the device authorization response"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn what_the_standard_demands_must_be_there() {
    for member in ["device_code", "verification_uri", "expires_in"] {
        for value in [json!(null), json!(""), json!([7])] {
            let error = start_with(member, value.clone()).await.unwrap_err();
            let what = format!("no usable `{member}` in the device authorization response");
            assert_eq!(error, Error::nonconforming(what), "{value}");
        }
    }
    assert!(start_with("expires_in", json!(0)).await.is_err());
    assert!(start_with("expires_in", json!(-600)).await.is_err());
}

#[tokio::test]
async fn pauses_and_lives_are_believed_within_bounds() {
    for (interval, seconds) in [
        (json!(null), 5),
        (json!("soon"), 5),
        (json!(-1), 5),
        (json!(0), 1),
        (json!(1), 1),
        (json!("7"), 7),
        (json!(86_400), 300),
        (json!(1e300), 5),
    ] {
        let pending = start_with("interval", interval.clone()).await.unwrap();
        assert_eq!(pending.interval(), Duration::from_secs(seconds), "{interval}");
    }
    for (life, seconds) in [(json!(1), 1), (json!(3600), 3600), (json!(1e9), 3600)] {
        let pending = start_with("expires_in", life.clone()).await.unwrap();
        assert_eq!(pending.ends_at(), NOW + Duration::from_secs(seconds), "{life}");
    }
}

#[tokio::test]
async fn a_server_that_gives_no_code_says_why() {
    let issuer = TestIssuer::start().await;
    let answer = |status, body: &str| issuer.answer("/v1/device/authorize", Canned::status(status, body));
    answer(400, r#"{"error":"unauthorized_client"}"#);
    assert!(matches!(start(&issuer).await.unwrap_err(), Error::Refused { code, .. } if code == "unauthorized_client"));
    answer(429, r#"{"error":"too_many_user_codes"}"#);
    assert!(matches!(start(&issuer).await.unwrap_err(), Error::Busy { status: 429, .. }));
    answer(200, "<html>Welcome</html>");
    assert!(matches!(start(&issuer).await.unwrap_err(), Error::Obstructed { .. }));

    let mut document = metadata(&issuer.url);
    document["device_authorization_endpoint"] = json!(null);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    let error = start(&issuer).await.unwrap_err();
    assert_eq!(error, Error::nonconforming("the server has no device authorization endpoint"));
}

#[tokio::test]
async fn a_poll_asks_once_and_brings_judged_tokens() {
    let mut waiting = Waiting::new().await;
    let answer = waiting.tokens(|_| {});
    let DevicePoll::Finished(Ok(tokens)) = waiting.poll(answer).await else { panic!("it has tokens") };
    assert_eq!(tokens.id_token.unwrap().claims().subject, Subject("robin".into()));
    assert_eq!(tokens.refresh_token.unwrap().expose(), "a-refresh-token");
    // The answer does not say, so it is what was asked for.
    assert!(tokens.scopes.contains(&Scope::offline_access()));
    let [request] = waiting.issuer.received("/v1/token").try_into().unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        pair("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        pair("device_code", "1a521d9f-0922-4e6d-8db9-8b654297435a"),
        pair("client_id", CLIENT_ID),
    ];
    assert_eq!(request.form(), expected);
    assert!(waiting.issuer.received("/v1/revoke").is_empty());
}

#[tokio::test]
async fn who_polls_too_fast_slows_down_for_good() {
    let mut waiting = Waiting::new().await;
    for (code, seconds) in [
        ("authorization_pending", 5),
        ("slow_down", 10),
        ("authorization_pending", 10),
        ("slow_down", 15),
        ("authorization_pending", 15),
    ] {
        let poll = waiting.poll(refusal(code)).await;
        match code {
            "slow_down" => assert!(matches!(poll, DevicePoll::SlowDown), "{poll:?}"),
            _ => assert!(matches!(poll, DevicePoll::Pending), "{poll:?}"),
        }
        assert_eq!(waiting.pending.interval(), Duration::from_secs(seconds));
    }
}

#[tokio::test]
async fn what_is_no_answer_is_told_from_one() {
    let mut waiting = Waiting::new().await;
    for answer in [
        Canned::status(503, ""),
        Canned::status(429, r#"{"error":"slow_down"}"#),
        Canned::status(200, "<html>Welcome</html>"),
        Canned::status(200, r#"{"access_token":"an"#),
    ] {
        let poll = waiting.poll(answer.clone()).await;
        assert!(matches!(poll, DevicePoll::Unanswered(_)), "{} {poll:?}", answer.body);
        assert_eq!(waiting.pending.interval(), Duration::from_secs(5));
    }
    for (code, is_over) in [("expired_token", true), ("access_denied", false), ("invalid_grant", false)] {
        match waiting.poll(refusal(code)).await {
            DevicePoll::Expired => assert!(is_over, "{code}"),
            DevicePoll::Finished(Err(Error::Refused { code: named, .. })) => assert!(!is_over && named == code),
            other => panic!("{code}: {other:?}"),
        }
    }
    let poll = waiting.poll(Canned::status(302, "")).await;
    assert!(matches!(poll, DevicePoll::Finished(Err(Error::Nonconforming { .. }))), "{poll:?}");
}

#[tokio::test]
async fn a_code_that_is_over_is_not_sent() {
    let mut waiting = Waiting::new().await;
    let end = waiting.pending.ends_at();
    let answer = waiting.tokens(|_| {});
    waiting.issuer.answer("/v1/token", answer);
    let poll = waiting.pending.poll(&waiting.provider, &client(), &http(), end).await;
    assert!(matches!(poll, DevicePoll::Expired), "{poll:?}");
    assert!(waiting.issuer.received("/v1/token").is_empty());
}

#[tokio::test]
async fn a_code_goes_to_the_issuer_that_gave_it() {
    let mut waiting = Waiting::new().await;
    let other = Waiting::new().await;
    let poll = waiting.pending.poll(&other.provider, &client(), &http(), NOW).await;
    assert!(matches!(poll, DevicePoll::Finished(Err(Error::Untrusted(Check::Issuer)))), "{poll:?}");
    assert!(other.issuer.received("/v1/token").is_empty());
}

#[tokio::test]
async fn tokens_that_nobody_will_use_are_revoked() {
    let mut waiting = Waiting::new().await;
    let answer = waiting.tokens(|claims| claims["aud"] = json!("another"));
    let poll = waiting.poll(answer).await;
    assert!(matches!(poll, DevicePoll::Finished(Err(Error::Untrusted(Check::Audience)))), "{poll:?}");
    let [revoked] = waiting.issuer.received("/v1/revoke").try_into().unwrap();
    assert_eq!(revoked.form()[0].1, "a-refresh-token");

    let mut answer = waiting.tokens(|_| {});
    answer.body = answer.body.replace("id_token", "another_token");
    let poll = waiting.poll(answer).await;
    let DevicePoll::Finished(Err(error)) = poll else { panic!("{poll:?}") };
    assert_eq!(error, Error::nonconforming("no ID token"));
    assert_eq!(waiting.issuer.received("/v1/revoke").len(), 2);
}

#[tokio::test]
async fn no_code_is_in_a_debug_form() {
    let printed = format!("{0:?} {0:#?}", Waiting::new().await.pending);
    assert!(
        printed.contains("127.0.0.1") && !printed.contains("GDLMZQCT") && !printed.contains("1a521d9f"),
        "{printed}"
    );
}
