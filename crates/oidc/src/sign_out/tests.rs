use serde_json::json;

use super::*;
use crate::testing::{CLIENT_ID, Canned, TestIssuer, client, metadata};

#[tokio::test]
async fn a_sign_out_names_whom_and_where_to_return() {
    let provider = TestIssuer::start().await.discover().await.unwrap();
    let hint = IdTokenHint::from_vault("h1nt");
    let redirect_uri = RedirectUri::parse("http://localhost:8080/signed-out").unwrap();
    let request = EndSessionRequest::new(&provider, &client(), &hint, Some(&redirect_uri)).unwrap();
    assert_eq!(request.endpoint().as_str(), format!("{}/v1/logout", provider.issuer()));
    let field = |name, value: &str| (name, value.to_owned());
    let [fields @ .., (state, value)] = request.expose_fields() else { panic!("there are fields") };
    let expected = [
        field("id_token_hint", "h1nt"),
        field("client_id", CLIENT_ID),
        field("post_logout_redirect_uri", "http://localhost:8080/signed-out"),
    ];
    assert_eq!(fields, expected);
    // 43 characters of base64url are 256 bits.
    assert_eq!((*state, value.len()), ("state", 43));
    assert!(request.endpoint().query().is_none());
    let request = EndSessionRequest::new(&provider, &client(), &hint, None).unwrap();
    assert_eq!(request.expose_fields().len(), 2);
}

#[tokio::test]
async fn a_server_without_the_endpoint_cannot_be_signed_out_of() {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["end_session_endpoint"] = json!(null);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    let provider = issuer.discover().await.unwrap();
    assert!(EndSessionRequest::new(&provider, &client(), &IdTokenHint::from_vault("h1nt"), None).is_none());
}

#[tokio::test]
async fn who_returns_from_a_sign_out_of_ours_is_known() {
    let provider = TestIssuer::start().await.discover().await.unwrap();
    let hint = IdTokenHint::from_vault("h1nt");
    let uri = RedirectUri::parse("http://localhost:8080/signed-out").unwrap();
    let request = |uri| EndSessionRequest::new(&provider, &client(), &hint, uri).unwrap();
    let ours = request(Some(&uri));
    let state = &ours.expose_fields().last().unwrap().1;
    let returned = |query: &str| ours.is_answered_by(query.as_bytes());
    assert!(returned(&format!("state={state}")) && returned(&format!("a=b&state={state}&c")));
    for strange in [
        String::new(),
        "state=".into(),
        format!("state={}", &state[1..]),
        format!("state={state}x"),
        format!("State={state}"),
        format!("state={state}&state={state}"),
        format!("state={state}&state="),
    ] {
        assert!(!returned(&strange), "{strange}");
    }
    assert!(!request(Some(&uri)).is_answered_by(format!("state={state}").as_bytes()));
    // Nobody returns from one without an address to return to.
    let without = request(None);
    assert!(!without.is_answered_by(b"state=") && !without.is_answered_by(b""));
}
