use gatepass_oidc::{IdTokenClaims, Subject, Timestamp};

use crate::Person;

fn claims(name: Option<&str>, preferred_username: Option<&str>, email: Option<&str>) -> IdTokenClaims {
    IdTokenClaims {
        subject: Subject("00u1".into()),
        name: name.map(Into::into),
        email: email.map(Into::into),
        preferred_username: preferred_username.map(Into::into),
        expires_at: Timestamp::default(),
        issued_at: Timestamp::default(),
        authenticated_at: None,
        algorithm: "RS256".into(),
        key_id: None,
        all: serde_json::Map::new(),
    }
}

#[test]
fn a_person_is_called_by_the_best_name_that_the_claims_have() {
    for (name, username, email, expected) in [
        (Some("Robin Doe"), Some("robin"), Some("r@example.com"), ("Robin Doe", Some("r@example.com"))),
        (Some("Robin Doe"), Some("robin"), None, ("Robin Doe", Some("robin"))),
        (Some("Robin Doe"), None, None, ("Robin Doe", None)),
        (None, Some("robin"), Some("r@example.com"), ("robin", Some("r@example.com"))),
        (None, Some("r@example.com"), Some("r@example.com"), ("r@example.com", None)),
        (None, Some("robin"), None, ("robin", None)),
        (None, None, Some("r@example.com"), ("r@example.com", None)),
        (None, None, None, ("00u1", None)),
        (Some("  "), Some(""), Some("r@example.com"), ("r@example.com", None)),
        (Some(""), None, Some(" "), ("00u1", None)),
    ] {
        let claims = claims(name, username, email);
        let expected = Person { name: expected.0.into(), email: expected.1.map(Into::into) };
        assert_eq!(Person::of(&claims), expected, "{claims:?}");
    }
}
