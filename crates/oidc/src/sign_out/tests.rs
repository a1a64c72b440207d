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
    assert_eq!(
        request.expose_fields(),
        [
            field("id_token_hint", "h1nt"),
            field("client_id", CLIENT_ID),
            field("post_logout_redirect_uri", "http://localhost:8080/signed-out"),
        ]
    );
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
