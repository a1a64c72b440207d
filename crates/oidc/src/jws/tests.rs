use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{KEYS, sign, sign_with};

#[test]
fn a_token_is_taken_apart() {
    let token = sign(&KEYS[0], json!({ "alg": "RS256", "kid": "k" }), &json!({ "sub": "robin" }));
    let jws = Jws::parse(&token).unwrap();
    assert_eq!(jws.algorithm(), Some(CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256));
    assert_eq!(jws.key_id(), Some("k"));
    assert_eq!(jws.claims["sub"], "robin");
    assert!(token.starts_with(jws.signed) && !jws.signed.ends_with('.'));
}

#[test]
fn what_is_not_three_parts_of_base64url_and_json_is_none() {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let (object, list) = (part("{}"), part("[]"));
    for token in [
        String::new(),
        "..".into(),
        object.clone(),
        format!("{object}.{object}"),
        format!("{object}.{object}.AA.AA"),
        format!("{object}.{object}.AA.AA.AA"),
        format!("{list}.{object}.AA"),
        format!("{object}.{list}.AA"),
        format!("{object}=.{object}.AA"),
        format!("{object}.{object}.A"),
        format!("{object}.{object}.A+"),
        format!(" {object}.{object}.AA"),
    ] {
        assert!(Jws::parse(&token).is_none(), "{token}");
    }
}

#[test]
fn only_two_algorithms_are_known() {
    let known = |alg: serde_json::Value| {
        let token = sign_with(json!({ "alg": alg }), &json!({}), |_| vec![0]);
        Jws::parse(&token).unwrap().algorithm().is_some()
    };
    assert!(known(json!("RS256")) && known(json!("ES256")));
    for alg in ["none", "None", "HS256", "HS512", "rs256", "RS384", "PS256", "ES384", "EdDSA", ""] {
        assert!(!known(json!(alg)), "{alg}");
    }
    assert!(!known(json!(["RS256"])) && !known(json!(null)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_taken_apart_or_not(text in "[A-Za-z0-9_.=-]{0,60}|\\PC{0,60}") {
        let _ = Jws::parse(&text);
    }
}
