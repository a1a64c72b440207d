use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{CLIENT_ID, NOW};

const ISSUER: &str = "https://acme.okta.com";

fn claims() -> Map<String, Value> {
    let now = NOW.as_unix_seconds();
    let claims = json!({
        "iss": ISSUER, "aud": CLIENT_ID, "sub": "robin", "exp": now + 3600, "iat": now, "nonce": "n0nce",
        "at_hash": half_hash("an-access-token"),
    });
    claims.as_object().unwrap().clone()
}

fn check(claims: &Map<String, Value>) -> Result<IdTokenClaims, Error> {
    check_parties(claims, &IssuerUrl::parse(ISSUER).unwrap(), &ClientId::new(CLIENT_ID))?;
    let expected = Expected { nonce: Some("n0nce"), subject: None, access_token: "an-access-token", server_time: NOW };
    check_content(claims, "RS256", None, expected)
}

/// What becomes of good claims after one was replaced.
fn with(name: &str, value: Value) -> Option<Check> {
    let mut claims = claims();
    claims.insert(name.into(), value);
    match check(&claims) {
        Ok(_) => None,
        Err(Error::Untrusted(check)) => Some(check),
        Err(other) => panic!("{other:?}"),
    }
}

fn in_seconds(seconds: i64) -> Value {
    json!(NOW.as_unix_seconds() + seconds)
}

#[test]
fn the_hash_is_that_of_the_standards_example() {
    // OIDC Core appendix A.3 gives this pair.
    assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
}

#[test]
fn each_claim_is_judged_by_its_own_check() {
    let now = NOW.as_unix_seconds();
    for (name, value, verdict) in [
        ("iss", json!(ISSUER), None),
        ("iss", json!("https://acme.okta.com/"), Some(Check::Issuer)),
        ("iss", json!([ISSUER]), Some(Check::Issuer)),
        ("aud", json!(CLIENT_ID), None),
        ("aud", json!([CLIENT_ID]), None),
        ("aud", json!([]), Some(Check::Audience)),
        ("aud", json!([CLIENT_ID, "another"]), Some(Check::Audience)),
        ("aud", json!([CLIENT_ID, 7]), Some(Check::Audience)),
        ("aud", json!("another"), Some(Check::Audience)),
        ("aud", json!({ "0": CLIENT_ID }), Some(Check::Audience)),
        ("azp", json!(CLIENT_ID), None),
        ("azp", json!("another"), Some(Check::AuthorizedParty)),
        ("azp", json!(null), Some(Check::AuthorizedParty)),
        ("sub", json!(""), Some(Check::Subject)),
        ("sub", json!(7), Some(Check::Subject)),
        ("exp", in_seconds(0), None),
        ("exp", in_seconds(-59), None),
        ("exp", in_seconds(-60), Some(Check::Expiry)),
        ("exp", json!(now as f64 + 0.5), None),
        ("exp", json!("tomorrow"), Some(Check::Expiry)),
        ("exp", json!(-1e300), Some(Check::Expiry)),
        ("exp", json!(1e300), None),
        ("iat", in_seconds(300), None),
        ("iat", in_seconds(301), Some(Check::IssuedAt)),
        ("iat", in_seconds(-600), None),
        ("iat", in_seconds(-601), Some(Check::IssuedAt)),
        ("iat", json!(null), Some(Check::IssuedAt)),
        ("nbf", in_seconds(300), None),
        ("nbf", in_seconds(301), Some(Check::IssuedAt)),
        ("nbf", json!("now"), Some(Check::IssuedAt)),
        ("nonce", json!("n0nce "), Some(Check::Nonce)),
        ("nonce", json!(""), Some(Check::Nonce)),
        ("nonce", json!(["n0nce"]), Some(Check::Nonce)),
        ("at_hash", json!(half_hash("another")), Some(Check::AccessTokenHash)),
        ("at_hash", json!(""), Some(Check::AccessTokenHash)),
        ("at_hash", json!(null), Some(Check::AccessTokenHash)),
        // An admin may give custom claims the names and types that they like.
        ("name", json!(7), None),
        ("address", json!("a street"), None),
        ("updated_at", json!("yesterday"), None),
        ("email_verified", json!("yes"), None),
        ("auth_time", json!("yesterday"), None),
    ] {
        assert_eq!(with(name, value.clone()), verdict, "{name}: {value}");
    }
}

#[test]
fn a_missing_hash_is_no_wrong_hash() {
    let mut claims = claims();
    claims.remove("at_hash");
    check(&claims).unwrap();
}

#[test]
fn claims_are_told_as_they_stand() {
    let mut claims = claims();
    claims.insert("name".into(), json!("Robin"));
    claims.insert("email".into(), json!("robin@acme.example"));
    claims.insert("auth_time".into(), in_seconds(-5));
    claims.insert("groups".into(), json!(["Everyone"]));
    let told = check(&claims).unwrap();
    assert_eq!(told.subject, Subject("robin".into()));
    assert_eq!(told.name.as_deref(), Some("Robin"));
    assert_eq!(told.email.as_deref(), Some("robin@acme.example"));
    assert_eq!(told.preferred_username, None);
    assert_eq!(told.expires_at, NOW + Duration::from_secs(3600));
    assert_eq!(told.authenticated_at, Some(NOW - Duration::from_secs(5)));
    assert_eq!(told.all, claims);
}

#[test]
fn a_refreshed_token_is_about_the_same_person_and_has_any_nonce() {
    let robin = Subject("robin".into());
    let kim = Subject("kim".into());
    let check = |subject| {
        let expected =
            Expected { nonce: None, subject: Some(subject), access_token: "an-access-token", server_time: NOW };
        check_content(&claims(), "RS256", None, expected)
    };
    check(&robin).unwrap();
    assert_eq!(check(&kim).unwrap_err(), Error::Untrusted(Check::Subject));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_number_is_an_instant(seconds in any::<f64>()) {
        let _ = with("exp", json!(seconds));
        let _ = with("iat", json!(seconds));
    }
}
