use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::NOW;

fn read(body: Value) -> TokenResponse {
    let Value::Object(body) = body else { panic!("a test gives objects") };
    TokenResponse::read(body, NOW, None)
}

#[test]
fn a_lifetime_is_read_in_any_spelling() {
    for (value, seconds) in [
        (json!(3600), Some(3600.0)),
        (json!(3599.5), Some(3599.5)),
        (json!("3600"), Some(3600.0)),
        (json!(" 3600.0 "), Some(3600.0)),
        (json!(0), Some(0.0)),
        (json!(-1), None),
        (json!("-1"), None),
        (json!("NaN"), None),
        (json!("inf"), None),
        (json!("1e300"), None),
        (json!("soon"), None),
        (json!(null), None),
        (json!([3600]), None),
    ] {
        let read = read(json!({ "expires_in": value })).expires_in;
        assert_eq!(read.map(|lifetime| lifetime.as_secs_f64()), seconds, "{value}");
    }
}

#[test]
fn a_refresh_token_is_found_among_broken_neighbours() {
    let response = read(json!({
        "access_token": 7, "token_type": null, "expires_in": {}, "scope": ["openid"], "id_token": false,
        "refresh_token": "r", "device_secret": "d",
    }));
    assert_eq!(response.refresh_token.unwrap().expose(), "r");
    assert!(response.access_token.is_none() && response.id_token.is_none() && response.scopes.is_none());
}

#[test]
fn an_empty_token_is_none() {
    let response = read(json!({ "access_token": "", "refresh_token": "", "id_token": "" }));
    assert!(response.access_token.is_none() && response.refresh_token.is_none() && response.id_token.is_none());
}

#[test]
fn only_a_bearer_token_is_one() {
    for (name, is_bearer) in [
        (json!("Bearer"), true),
        (json!("bearer"), true),
        (json!("BEARER"), true),
        (json!("DPoP"), false),
        (json!("N_A"), false),
        (json!(null), false),
    ] {
        assert_eq!(read(json!({ "token_type": name })).has_type("Bearer"), is_bearer, "{name}");
    }
}

#[test]
fn the_servers_clock_is_ours_where_it_says_nothing() {
    assert_eq!(read(json!({})).server_time, NOW);
    let later = NOW + Duration::from_secs(5);
    assert_eq!(TokenResponse::read(Map::new(), NOW, Some(later)).server_time, later);
}

fn any_json() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        "\\PC{0,20}".prop_map(|value| json!(value)),
        Just(json!({ "a": [] })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_object_is_read(members in proptest::collection::vec(any_json(), 6)) {
        let names = ["access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"];
        let body: Map<String, Value> = names.iter().map(|name| name.to_string()).zip(members).collect();
        let refresh_token = body["refresh_token"].as_str().unwrap_or_default().to_owned();
        let response = TokenResponse::read(body, NOW, None);
        prop_assert_eq!(response.refresh_token.as_ref().map_or("", |token| token.expose()), refresh_token);
        // The sum must not overflow, whatever the lifetime.
        prop_assert!(response.expires_in.is_none_or(|lifetime| NOW + lifetime >= NOW));
    }
}
