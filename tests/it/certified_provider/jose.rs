//! What we sign, verified by `jose` from npm.

use gatepass_fake_okta::{App, ClientAuthentication, Endpoint, FakeOkta, Org};
use gatepass_tests::verified_by_jose;
use serde_json::json;

use super::*;

/// Signs in and renews, and returns what was signed meanwhile, as `jose` is to demand it: assertions, then proofs.
async fn signed() -> (Vec<Value>, Vec<Value>) {
    let redirect_uri = free_redirect_uri();
    let app = App {
        requires_dpop: true,
        client_authentication: ClientAuthentication::PrivateKeyJwt(Vec::new()),
        redirect_uris: vec![redirect_uri.clone()],
        ..App::default()
    };
    let okta = FakeOkta::start(Org { clients: vec![app], ..Org::default() }).await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    machine.write_profile(&okta, &[redirect_uri], "client_authentication = \"private_key_jwt\"\ndpop = true");
    let running = machine.start().await;
    let Answer::ClientKeys { keys, .. } = running.want(Intent::MakeClientKey { profile: "work".into() }).await else {
        panic!("no key")
    };
    let key: Value = serde_json::from_str(&keys[0].jwk).expect("a JWK");
    okta.edit(|org| org.clients[0].client_authentication = ClientAuthentication::PrivateKeyJwt(vec![key.clone()]));
    running.sign_in("work").await;
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    let called = running.call("work", &format!("{}/v1/userinfo", okta.issuer())).await;
    assert_eq!(called.status, 200, "{called:?}");

    let client_id = okta.client_id();
    let requests = okta.requests_to(Endpoint::Token);
    let assertions = requests.iter().map(|request| {
        json!({
            "jwt": request.parameters.get("client_assertion").expect("an assertion"),
            "key": key,
            "algorithms": ["ES256"],
            "audience": format!("{}/v1/token", okta.issuer()),
            "issuer": client_id,
            "subject": client_id,
            "requiredClaims": ["jti", "iat", "exp"],
        })
    });
    let proof = |jwt: &str, access_token: Option<&str>| {
        json!({
            "jwt": jwt,
            "key": null,
            "accessToken": access_token,
            "typ": "dpop+jwt",
            "algorithms": ["ES256"],
            "requiredClaims": ["jti", "iat", "htm", "htu"],
        })
    };
    let mut proofs: Vec<_> =
        requests.iter().map(|request| proof(request.header("dpop").expect("a proof"), None)).collect();
    let calls = okta.requests_to(Endpoint::Userinfo);
    let call = calls.last().expect("it was called");
    let token = call.header("authorization").and_then(|value| value.strip_prefix("DPoP ")).expect("a bound token");
    proofs.push(proof(call.header("dpop").expect("a proof"), Some(token)));
    let signed = (assertions.collect(), proofs);
    running.quit().await;
    signed
}

#[tokio::test(flavor = "multi_thread")]
async fn another_library_verifies_assertions_and_proofs() {
    let (assertions, proofs) = signed().await;
    let told = verified_by_jose(&assertions).await.expect("jose verifies each");
    assert!(told.len() >= 3, "{told:?}");
    for one in &told {
        let life = one["payload"]["exp"].as_i64().zip(one["payload"]["iat"].as_i64()).expect("times");
        assert!((1..=3600).contains(&(life.0 - life.1)), "Okta takes no more than an hour: {one}");
        // By RFC 7638, so that everybody finds the same name for it.
        assert_eq!(one["header"]["kid"], one["thumbprint"]);
    }

    let told = verified_by_jose(&proofs).await.expect("jose verifies each");
    let (call, requests) = told.split_last().expect("there are some");
    assert_eq!(call["payload"]["htm"], "GET");
    assert!(call["payload"]["htu"].as_str().is_some_and(|url| url.ends_with("/v1/userinfo")), "{call}");
    for one in requests {
        assert_eq!(one["payload"]["htm"], "POST");
        assert!(one["payload"]["htu"].as_str().is_some_and(|url| url.ends_with("/v1/token")), "{one}");
        assert_eq!(one["thumbprint"], call["thumbprint"], "one key for all");
        assert!(one["header"]["jwk"].get("d").is_none(), "{one}");
    }
    let nonces: Vec<_> = requests.iter().map(|one| one["payload"].get("nonce").is_some()).collect();
    assert_eq!(nonces, [false, true, true], "the server gave its nonce after the first");
    let mut ids: Vec<_> = told.iter().map(|one| one["payload"]["jti"].to_string()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), told.len(), "each is made anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_library_refuses_what_is_of_another_key_or_for_somebody_else() {
    let (mut assertions, mut proofs) = signed().await;
    let (of_one, _) = signed().await;
    let mut wrong = assertions[0].clone();
    wrong["key"] = of_one[0]["key"].clone();
    verified_by_jose(&[wrong]).await.expect_err("it is of another key");
    assertions[0]["audience"] = "https://evil.example/token".into();
    verified_by_jose(&assertions[..1]).await.expect_err("it is for somebody else");
    let call = proofs.last_mut().expect("there are some");
    call["accessToken"] = "another".into();
    let call = call.clone();
    verified_by_jose(&[call]).await.expect_err("it is for another token");
}
