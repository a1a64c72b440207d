use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};

use super::*;
use crate::jwt::Jwt;

/// A key pair of a client. The same `seed` makes the same pair.
pub(super) struct TestKey {
    signing: SigningKey,
    pub(super) public: Value,
}

impl TestKey {
    pub(super) fn new(seed: u8) -> Self {
        let signing = SigningKey::from_slice(&[seed; 32]).unwrap();
        let point = signing.verifying_key().to_sec1_point(false);
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (x, y) = (number(&point.as_bytes()[1..33]), number(&point.as_bytes()[33..]));
        Self { signing, public: json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }) }
    }

    /// As an admin registers it.
    pub(super) fn registered(&self, kid: &str) -> Value {
        let mut key = self.public.clone();
        key["kid"] = kid.into();
        key["use"] = "sig".into();
        key
    }

    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = crate::keys::unsigned(header, claims);
        let signature: Signature = self.signing.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

#[test]
fn a_signature_counts_under_its_own_key_alone() {
    let token = TestKey::new(7).sign(&json!({ "alg": "ES256" }), &json!({ "iss": "a" }));
    let jwt = Jwt::parse(&token).unwrap();
    assert!(jwt.is_signed_by(&TestKey::new(7).public));
    assert!(!jwt.is_signed_by(&TestKey::new(8).public));
    assert_eq!(jwt.claim("iss"), Some("a"));
}

#[test]
fn a_point_counts_on_its_own_curve_alone() {
    let key = TestKey::new(7);
    let token = key.sign(&json!({ "alg": "ES256" }), &json!({}));
    let mut public = key.public.clone();
    public["crv"] = "P-384".into();
    assert!(!Jwt::parse(&token).unwrap().is_signed_by(&public));
}

#[test]
fn a_signature_of_rsa_counts_too() {
    let key = crate::keys::KeyRing::new().current();
    let token = key.sign(&json!({ "alg": "RS256" }), &json!({}));
    let published = crate::keys::KeyRing::new().published();
    assert!(Jwt::parse(&token).unwrap().is_signed_by(&published["keys"][0]));
    let other = crate::keys::Key::unpublished().sign(&json!({ "alg": "RS256" }), &json!({}));
    assert!(!Jwt::parse(&other).unwrap().is_signed_by(&published["keys"][0]));
}

#[test]
fn an_algorithm_that_is_not_the_keys_does_not_count() {
    let key = TestKey::new(7);
    for alg in ["RS256", "none", "HS256"] {
        let token = key.sign(&json!({ "alg": alg }), &json!({}));
        assert!(!Jwt::parse(&token).unwrap().is_signed_by(&key.public), "{alg}");
    }
}
