use serde_json::json;

use super::*;
use crate::Check;
use crate::jws::Jws;
use crate::okta::ServerKind;
use crate::testing::{Canned, KEYS, NOW, NOW_AS_DATE, TestIssuer, header, http, metadata, sign, sign_with};

use std::time::Duration;

const DOCUMENT: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn a_server_says_what_it_can_do() {
    let issuer = TestIssuer::start().await;
    let provider = issuer.discover().await.unwrap();
    let all = Capabilities {
        kind: ServerKind::Custom,
        pkce_s256: true,
        device_authorization: true,
        userinfo: true,
        revocation: true,
        end_session: true,
        pushed_authorization: true,
        requires_pushed_authorization: false,
    };
    assert_eq!(provider.capabilities(), all);
    assert_eq!((provider.issuer(), provider.discovered_at()), (&issuer.url, NOW));

    let mut document = metadata(&issuer.url);
    for member in [
        "device_authorization_endpoint",
        "pushed_authorization_request_endpoint",
        "revocation_endpoint",
        "userinfo_endpoint",
    ] {
        document.as_object_mut().unwrap().remove(member);
    }
    document["require_pushed_authorization_requests"] = json!(true);
    issuer.answer(DOCUMENT, Canned::json(document));
    let fewer = Capabilities {
        device_authorization: false,
        userinfo: false,
        revocation: false,
        pushed_authorization: false,
        requires_pushed_authorization: true,
        ..all
    };
    assert_eq!(issuer.discover().await.unwrap().capabilities(), fewer);
}

#[tokio::test]
async fn a_grant_that_is_missing_from_the_list_is_not_offered_whatever_endpoint_there_is() {
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    for (listed, is_offered) in [
        (json!(null), true),
        (json!(["authorization_code", device]), true),
        (json!(["authorization_code", "refresh_token"]), false),
        (json!([]), false),
    ] {
        let issuer = TestIssuer::start().await;
        let mut document = metadata(&issuer.url);
        document["grant_types_supported"] = listed.clone();
        issuer.answer(DOCUMENT, Canned::json(document));
        assert_eq!(issuer.discover().await.unwrap().capabilities().device_authorization, is_offered, "{listed}");
    }
}

#[tokio::test]
async fn no_client_id_is_sent_to_discover() {
    let issuer = TestIssuer::start().await;
    issuer.discover().await.unwrap();
    for path in [DOCUMENT, "/v1/keys"] {
        let requests = issuer.received(path);
        assert_eq!(requests.len(), 1);
        assert_eq!((requests[0].method.as_str(), requests[0].body.as_str()), ("GET", ""));
        assert_eq!(requests[0].query, None);
    }
}

#[tokio::test]
async fn an_issuer_that_is_none_is_told_from_one_that_is_busy() {
    for (canned, expected) in [
        (Canned::status(200, "Welcome to the hotel"), "the metadata is not a JSON object"),
        (Canned::status(302, "").with("location", "/portal"), "a redirect (status 302), which is not followed"),
        (Canned::status(404, "nothing"), "status 404 without an error code"),
    ] {
        let issuer = TestIssuer::start().await;
        issuer.answer(DOCUMENT, canned);
        assert_eq!(issuer.discover().await.unwrap_err(), Error::nonconforming(expected));
    }
    let issuer = TestIssuer::start().await;
    issuer.answer("/v1/keys", Canned::json(json!({ "values": [] })));
    assert_eq!(issuer.discover().await.unwrap_err(), Error::nonconforming("the key set is not a JSON Web Key Set"));
    issuer.answer(DOCUMENT, Canned::status(503, "").with("retry-after", "7"));
    let busy = Error::Busy { retry_after: Some(Duration::from_secs(7)), status: 503 };
    assert_eq!(issuer.discover().await.unwrap_err(), busy);
}

#[tokio::test]
async fn the_servers_clock_is_heard_of_whatever_it_answers() {
    let issuer = TestIssuer::start().await;
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let ears = heard.clone();
    let http = http().with_dates(Arc::new(move |url| {
        let (ears, path) = (ears.clone(), url.path().to_owned());
        Box::new(move |date| ears.lock().unwrap().push((path, date)))
    }));
    for status in [200, 400, 429, 503] {
        issuer.answer(DOCUMENT, Canned::status(status, "").with("date", NOW_AS_DATE));
        Provider::ask_time(&issuer.url, &http).await.unwrap();
    }
    // Neither an answer without a date nor one out of a cache says what time it is.
    issuer.answer(DOCUMENT, Canned::status(200, ""));
    Provider::ask_time(&issuer.url, &http).await.unwrap();
    issuer.answer(DOCUMENT, Canned::status(200, "").with("date", NOW_AS_DATE).with("age", "0"));
    Provider::ask_time(&issuer.url, &http).await.unwrap();
    let path = url::Url::parse(&format!("{}{DOCUMENT}", issuer.url)).unwrap().path().to_owned();
    assert_eq!(*heard.lock().unwrap(), vec![(path, NOW); 4]);
}

#[tokio::test]
async fn an_unknown_key_is_worth_one_request_a_minute() {
    let issuer = TestIssuer::start().await;
    let provider = issuer.discover().await.unwrap();
    let unknown = sign(&KEYS[2], json!({ "alg": "RS256", "kid": "key-2" }), &json!({}));
    let known = sign(&KEYS[0], header(), &json!({}));
    let verify = async |token: &str, now| {
        let verdict = provider.keys().verify(&Jws::parse(token).unwrap(), &http(), now).await;
        (verdict.is_ok(), issuer.received("/v1/keys").len())
    };
    let seconds = |seconds| NOW + Duration::from_secs(seconds);
    assert_eq!(verify(&known, seconds(0)).await, (true, 1));
    assert_eq!(verify(&unknown, seconds(0)).await, (false, 2));
    assert_eq!(verify(&unknown, seconds(59)).await, (false, 2));
    assert_eq!(verify(&known, seconds(59)).await, (true, 2));
    issuer.publish_keys(&[&KEYS[0], &KEYS[2]]);
    assert_eq!(verify(&unknown, seconds(60)).await, (true, 3));
    assert_eq!(verify(&unknown, seconds(600)).await, (true, 3));
    // A clock that was set back does not shut the door for as long as it was ahead.
    issuer.publish_keys(&[&KEYS[0]]);
    let gone = sign(&KEYS[1], json!({ "alg": "RS256", "kid": "key-1" }), &json!({}));
    assert_eq!(verify(&gone, NOW - Duration::from_secs(3600)).await, (false, 4));
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_not_a_bad_signature() {
    let issuer = TestIssuer::start().await;
    let provider = issuer.discover().await.unwrap();
    issuer.answer("/v1/keys", Canned::status(503, ""));
    let unknown = sign(&KEYS[1], json!({ "alg": "RS256", "kid": "key-1" }), &json!({}));
    let error = provider.keys().verify(&Jws::parse(&unknown).unwrap(), &http(), NOW).await.unwrap_err();
    assert_eq!(error, Error::Busy { retry_after: None, status: 503 });
    // And the next attempt may ask again at once.
    issuer.publish_keys(&[&KEYS[1]]);
    provider.keys().verify(&Jws::parse(&unknown).unwrap(), &http(), NOW).await.unwrap();
}

#[tokio::test]
async fn a_key_verifies_only_what_it_is_for() {
    for (member, value) in [("use", "enc"), ("alg", "RS512"), ("alg", "RSA-OAEP"), ("kty", "oct")] {
        let issuer = TestIssuer::start().await;
        let mut key = KEYS[0].jwk.clone();
        key[member] = json!(value);
        issuer.answer("/v1/keys", Canned::json(json!({ "keys": [key] })));
        let provider = issuer.discover().await.unwrap();
        let token = sign(&KEYS[0], header(), &json!({}));
        let verdict = provider.keys().verify(&Jws::parse(&token).unwrap(), &http(), NOW).await;
        assert_eq!(verdict.unwrap_err(), Error::Untrusted(Check::Signature), "{member}: {value}");
    }
}

#[tokio::test]
async fn a_critical_extension_makes_a_token_invalid() {
    let provider = TestIssuer::start().await.discover().await.unwrap();
    let header = json!({ "alg": "RS256", "kid": "key-0", "crit": ["b64"], "b64": false });
    let token = sign(&KEYS[0], header, &json!({}));
    let verdict = provider.keys().verify(&Jws::parse(&token).unwrap(), &http(), NOW).await;
    assert_eq!(verdict.unwrap_err(), Error::Untrusted(Check::Signature));
}

#[tokio::test]
async fn a_public_key_is_no_shared_secret() {
    let provider = TestIssuer::start().await.discover().await.unwrap();
    let token = sign_with(json!({ "alg": "HS256", "kid": "key-0" }), &json!({}), |_| vec![0; 32]);
    let verdict = provider.keys().verify(&Jws::parse(&token).unwrap(), &http(), NOW).await;
    assert_eq!(verdict.unwrap_err(), Error::Untrusted(Check::Algorithm));
}

#[tokio::test]
async fn an_elliptic_signature_is_verified_and_junk_is_not() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use p256::ecdsa::{Signature, SigningKey, signature::Signer};
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = (URL_SAFE_NO_PAD.encode(point.x().unwrap()), URL_SAFE_NO_PAD.encode(point.y().unwrap()));
    let issuer = TestIssuer::start().await;
    let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "ec", "x": x, "y": y });
    // The keys beside it are not understood, and do no harm.
    let others = [json!({ "kty": "new" }), json!({ "kty": "RSA", "kid": "ec" }), json!(7)];
    issuer.answer("/v1/keys", Canned::json(json!({ "keys": [&others[0], &others[1], &others[2], jwk] })));
    let provider = issuer.discover().await.unwrap();
    let header = json!({ "alg": "ES256", "kid": "ec" });
    let verify = async |token: String| {
        let key = provider.keys().verify(&Jws::parse(&token).unwrap(), &http(), NOW).await?;
        Ok(key.key_id)
    };
    let signature = |input: &[u8]| -> Vec<u8> {
        let signature: Signature = key.sign(input);
        signature.to_bytes().to_vec()
    };
    let good = sign_with(header.clone(), &json!({ "sub": "robin" }), signature);
    assert_eq!(verify(good).await, Ok(Some("ec".into())));
    for junk in [vec![], vec![0; 63], vec![0; 64], vec![0; 65], vec![255; 64]] {
        let token = sign_with(header.clone(), &json!({ "sub": "robin" }), |_| junk);
        assert_eq!(verify(token).await, Err(Error::Untrusted(Check::Signature)));
    }
}

#[test]
fn a_provider_for_tests_has_oktas_endpoints() {
    for (issuer, token_endpoint) in [
        ("https://acme.okta.com", "https://acme.okta.com/oauth2/v1/token"),
        ("https://acme.okta.com/oauth2/default", "https://acme.okta.com/oauth2/default/v1/token"),
    ] {
        let provider = Provider::undiscovered_for_tests(&IssuerUrl::parse(issuer).unwrap(), NOW);
        assert_eq!(provider.metadata().token_endpoint.as_str(), token_endpoint);
        assert!(provider.capabilities().pkce_s256);
    }
}
