use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::testing::{NOW, opened};
use crate::{IssuerUrl, Provider};

mod token_endpoint;

fn jwk(key: &SigningKey) -> Value {
    serde_json::from_str(&key.public_jwk()).unwrap()
}

fn provider() -> Provider {
    Provider::undiscovered_for_tests(&IssuerUrl::parse("https://acme.okta.com").unwrap(), NOW)
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn a_proof_for_a_request_without_a_token_says_which_request() {
    let key = SigningKey::generate();
    let url = url("https://acme.okta.com/oauth2/v1/token");
    let proof = Possession { key: &key, method: "POST", url: &url, access_token: None, now: NOW };
    let (header, claims) = opened(proof.prove(&Nonces::default()).expose(), &jwk(&key));
    let jwk = jwk(&key);
    let public = json!({ "kty": "EC", "crv": "P-256", "x": jwk["x"], "y": jwk["y"] });
    assert_eq!(header, json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": public }));
    let iat = NOW.as_unix_seconds() - 5;
    let expected =
        json!({ "htm": "POST", "htu": "https://acme.okta.com/oauth2/v1/token", "iat": iat, "jti": claims["jti"] });
    assert_eq!(claims, expected);
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.len() >= 22), "{claims}");
}

#[test]
fn a_proof_for_a_call_is_tied_to_the_token() {
    // Token and hash of RFC 9449 section 7.1.
    let token = AccessToken::new("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    let key = SigningKey::generate();
    let proof = prove_possession("GET", &url("https://resource.example.org/r"), &token, &key, &provider(), NOW);
    let (_, claims) = opened(proof.expose(), &jwk(&key));
    assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    assert_eq!((&claims["htm"], &claims["htu"]), (&json!("GET"), &json!("https://resource.example.org/r")));
    assert_eq!(claims.get("nonce"), None);
}

#[test]
fn a_proof_tells_neither_query_nor_password() {
    let key = SigningKey::generate();
    let url = url("https://robin:s3cret@api.example:8443/a%20b?s3cret=s3cret#s3cret");
    let proof = prove_possession("GET", &url, &AccessToken::new("a"), &key, &provider(), NOW);
    let (_, claims) = opened(proof.expose(), &jwk(&key));
    assert_eq!(claims["htu"], "https://api.example:8443/a%20b");
}

#[test]
fn a_nonce_is_used_at_the_server_that_gave_it() {
    let (key, provider) = (SigningKey::generate(), provider());
    provider.nonces().keep(&url("https://acme.okta.com/oauth2/v1/token"), "old".into());
    provider.nonces().keep(&url("https://acme.okta.com/oauth2/v1/revoke"), "newest".into());
    provider.nonces().keep(&url("https://acme.okta.com:8443/"), "another".into());
    let nonce_for = |text: &str| {
        let proof = prove_possession("GET", &url(text), &AccessToken::new("a"), &key, &provider, NOW);
        opened(proof.expose(), &jwk(&key)).1.get("nonce").cloned()
    };
    assert_eq!(nonce_for("https://acme.okta.com/oauth2/v1/userinfo"), Some(json!("newest")));
    assert_eq!(nonce_for("http://acme.okta.com/"), None);
    assert_eq!(nonce_for("https://api.acme.example/"), None);
    // Whoever has the same provider knows it too.
    assert_eq!(provider.clone().nonces().newest(&url("https://acme.okta.com/")).as_deref(), Some("newest"));
}

#[test]
fn no_two_proofs_are_alike() {
    let (key, provider) = (SigningKey::generate(), provider());
    let (url, token) = (url("https://acme.okta.com/"), AccessToken::new("a"));
    let made: HashSet<String> = (0..10)
        .map(|_| {
            let proof = prove_possession("GET", &url, &token, &key, &provider, NOW);
            opened(proof.expose(), &jwk(&key)).1["jti"].to_string()
        })
        .collect();
    assert_eq!(made.len(), 10);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_proof_is_for_the_address_it_was_made_for(
        path in "(/[a-z0-9%._~-]{0,8}){0,3}",
        query in "(\\?\\PC{0,12})?",
        fragment in "(#\\PC{0,12})?",
        token in "[!-~]{1,80}",
    ) {
        let address = Url::parse(&format!("https://api.example{path}{query}{fragment}")).unwrap();
        let bare = Url::parse(&format!("https://api.example{path}")).unwrap();
        let key = SigningKey::generate();
        let proof = prove_possession("PUT", &address, &AccessToken::new(token.clone()), &key, &provider(), NOW);
        let (_, claims) = opened(proof.expose(), &jwk(&key));
        prop_assert_eq!(claims["htu"].as_str(), Some(bare.as_str()));
        let hash = URL_SAFE_NO_PAD.decode(claims["ath"].as_str().unwrap()).unwrap();
        prop_assert_eq!(hash, Sha256::digest(token.as_bytes()).to_vec());
    }
}
