use serde_json::json;

use super::*;

#[test]
fn one_audience_is_one_audience_however_it_is_written() {
    let audience = |aud: Value| {
        let claims = json!({ "aud": aud }).as_object().cloned().unwrap_or_default();
        let content = AccessTokenContent::Verified(AccessTokenClaims::unverified_for_tests(claims));
        content.audience().map(str::to_owned)
    };
    assert_eq!(audience(json!("api://default")).as_deref(), Some("api://default"));
    assert_eq!(audience(json!(["api://default"])).as_deref(), Some("api://default"));
    for unclear in [json!(["api://default", "api://other"]), json!([]), json!([1]), json!(1), Value::Null] {
        assert_eq!(audience(unclear.clone()), None, "{unclear}");
    }
    assert_eq!(AccessTokenContent::Verified(AccessTokenClaims::unverified_for_tests(Map::new())).audience(), None);
    assert_eq!(AccessTokenContent::Opaque(Opaque::OrgServer).audience(), None);
}
