//! The claims of a token in the order a person reads them, each in the shape it is drawn in.

use gatepass_wire::{Claim, ClaimValue, Millis};
use serde_json::{Map, Value};

use crate::text::{MAX_CLAIM, MAX_GROUP, MAX_NAME, people_text};

/// Who issued it, about whom, for whom, until when, for what.
const FIRST: [&str; 9] = ["iss", "sub", "aud", "exp", "iat", "auth_time", "scp", "scope", "groups"];
/// Of use to machines alone.
const LAST: [&str; 2] = ["nonce", "at_hash"];
/// The longest list that is repeated entry by entry.
const MAX_LIST: usize = 20;
/// Claims of one token that are shown; a token is bounded by the size of an HTTP answer, which is far more.
const MAX_CLAIMS: usize = 200;

/// The claims as they are drawn.
pub(super) fn in_reading_order(all: &Map<String, Value>) -> Vec<Claim> {
    let mut claims: Vec<_> = all.iter().collect();
    claims.sort_by_key(|(name, _)| (rank(name), name.as_str()));
    claims
        .into_iter()
        .take(MAX_CLAIMS)
        .map(|(name, value)| Claim { name: people_text(name, MAX_NAME), value: drawn(name, value) })
        .collect()
}

fn rank(name: &str) -> usize {
    let at = |list: &[&str]| list.iter().position(|one| *one == name);
    match (at(&FIRST), at(&LAST)) {
        (Some(first), _) => first,
        (None, None) => FIRST.len(),
        (None, Some(last)) => FIRST.len() + 1 + last,
    }
}

fn drawn(name: &str, value: &Value) -> ClaimValue {
    match value {
        Value::String(text) => ClaimValue::Text(people_text(text, MAX_CLAIM)),
        // RFC 7519 section 2 allows fractions of a second.
        Value::Number(number) if matches!(name, "exp" | "iat" | "nbf" | "auth_time" | "updated_at") => number
            .as_f64()
            .map(|seconds| ClaimValue::Instant(Millis((seconds * 1000.0) as i64)))
            .unwrap_or_else(|| as_json(value)),
        Value::Array(entries) if name == "groups" || entries.len() > MAX_LIST => {
            ClaimValue::Count(u32::try_from(entries.len()).unwrap_or(u32::MAX))
        }
        Value::Array(entries) => entries
            .iter()
            .map(|entry| entry.as_str().map(|text| people_text(text, MAX_GROUP)))
            .collect::<Option<_>>()
            .map_or_else(|| as_json(value), ClaimValue::List),
        Value::Number(_) | Value::Bool(_) | Value::Null | Value::Object(_) => as_json(value),
    }
}

fn as_json(value: &Value) -> ClaimValue {
    ClaimValue::Json(people_text(&value.to_string(), MAX_CLAIM))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(claims: Value, drawn: Expect) {
        let claims = claims.as_object().expect("an object").clone();
        let lines = in_reading_order(&claims).into_iter().map(|one| format!("{} {:?}\n", one.name, one.value));
        drawn.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn a_person_reads_who_and_when_first_and_random_numbers_last() {
        check(
            json!({
                "at_hash": "x", "nonce": "y", "ver": 1, "amr": ["pwd", "mfa"], "email_verified": true,
                "groups": ["a", "b"], "exp": 1_700_000_000, "iat": 1_699_999_999.5, "aud": "0oa1",
                "sub": "00u1", "iss": "https://acme.okta.com", "auth_time": 1, "name": "Robin",
            }),
            expect![[r#"
                iss Text("https://acme.okta.com")
                sub Text("00u1")
                aud Text("0oa1")
                exp Instant(Millis(1700000000000))
                iat Instant(Millis(1699999999500))
                auth_time Instant(Millis(1000))
                groups Count(2)
                amr List(["pwd", "mfa"])
                email_verified Json("true")
                name Text("Robin")
                ver Json("1")
                nonce Text("y")
                at_hash Text("x")
            "#]],
        );
    }

    #[test]
    fn what_is_odd_or_long_is_bounded_and_cleaned() {
        check(
            json!({
                "exp": "soon", "aud": ["one\u{202e}", "two"], "mixed": ["a", 1], "many": vec!["g"; 21],
                "few": vec!["g"; 1], "deep": {"a": "\u{2066}b\n"}, "iat": 1e300, "name\u{200b}": null,
            }),
            expect![[r#"
                aud List(["one", "two"])
                exp Text("soon")
                iat Instant(Millis(9223372036854775807))
                deep Json("{\"a\":\"b\\n\"}")
                few List(["g"])
                many Count(21)
                mixed Json("[\"a\",1]")
                name Json("null")
            "#]],
        );
        let Some(long) = in_reading_order(json!({ "a": "x".repeat(5000) }).as_object().unwrap()).pop() else {
            panic!("one claim");
        };
        assert_eq!(long.value, ClaimValue::Text(format!("{}…", "x".repeat(999))));
    }
}
