use proptest::prelude::*;

use super::*;
use crate::testing::opened;

fn text(text: impl Into<String>) -> SigningKeyText {
    SigningKeyText::new(text)
}

/// The key of RFC 7515 appendix A.3.
fn known() -> SigningKey {
    SigningKey::from_text(&text("ES256.jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")).unwrap()
}

fn jwk(key: &SigningKey) -> Value {
    serde_json::from_str(&key.public_jwk()).unwrap()
}

#[test]
fn the_public_half_has_what_okta_asks_for_and_nothing_private() {
    // The thumbprint was reckoned by hand.
    let kid = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";
    let expected = json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "kid": kid,
        "alg": "ES256",
        "use": "sig",
    });
    assert_eq!(jwk(&known()), expected);
    assert_eq!((known().key_id(), known().thumbprint()), (kid, kid));
}

#[test]
fn a_thumbprint_is_that_of_the_standard() {
    // The key and the `jkt` of RFC 9449, sections 4.1 and 6.1.
    let (x, y) = ("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA");
    assert_eq!(thumbprint(x, y), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

#[test]
fn a_new_key_is_another_one() {
    let (one, other) = (SigningKey::generate(), SigningKey::generate());
    assert_ne!(one.thumbprint(), other.thumbprint());
    assert_ne!(one.to_text().expose(), other.to_text().expose());
}

#[test]
fn a_key_that_was_written_is_read_again() {
    let key = SigningKey::generate();
    let written = key.to_text();
    assert!(written.expose().is_ascii() && written.expose().len() < 60);
    let again = SigningKey::from_text(&written).unwrap();
    assert_eq!(again.to_text().expose(), written.expose());
    let header = json!({ "alg": "ES256" });
    assert_eq!(opened(&again.sign(&header, &json!({ "a": 1 })), &jwk(&key)), (header, json!({ "a": 1 })));
    assert_eq!(known().to_text().expose(), "ES256.jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");
}

#[test]
fn what_is_no_key_is_not_read() {
    let good = known().to_text();
    let scalar = good.expose().trim_start_matches("ES256.");
    let encoded = |bytes: &[u8]| format!("ES256.{}", URL_SAFE_NO_PAD.encode(bytes));
    // The order of the curve: no private key reaches it.
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let order: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&order[2 * i..2 * i + 2], 16).unwrap()).collect();
    for junk in [
        String::new(),
        "ES256.".into(),
        scalar.into(),
        format!("ES384.{scalar}"),
        format!("es256.{scalar}"),
        format!("ES256.{scalar}="),
        format!(" ES256.{scalar}"),
        format!("ES256.{scalar}\n"),
        encoded(&[7; 31]),
        encoded(&[7; 33]),
        encoded(&[0; 32]),
        encoded(&[255; 32]),
        encoded(&order),
    ] {
        assert_eq!(SigningKey::from_text(&text(junk.clone())).map(drop), Err(NotASigningKey), "{junk}");
    }
}

#[test]
fn it_is_named_by_its_public_half() {
    let printed = format!("{:?}", known());
    assert_eq!(printed, r#"SigningKey { key_id: "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", .. }"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_signed_is_what_was_said(scalar in any::<[u8; 32]>(), name in "\\PC{0,20}", value in "\\PC{0,60}", n in any::<i64>()) {
        let key = SigningKey::from_text(&text(format!("ES256.{}", URL_SAFE_NO_PAD.encode(scalar))));
        prop_assume!(key.is_ok());
        let key = key.unwrap();
        let (header, claims) = (json!({ "alg": "ES256", "kid": key.key_id() }), json!({ name: value, "n": n }));
        let jwt = key.sign(&header, &claims);
        prop_assert!(jwt.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
        prop_assert_eq!(opened(&jwt, &jwk(&key)), (header, claims));
    }
}
