use super::*;
use crate::{Endpoint, Fault};

#[tokio::test]
async fn metadata_is_found_under_all_five_addresses() {
    let setting = setting().await;
    let (org, custom) = (setting.okta.org_issuer(), setting.okta.issuer_of("aus4kd81demo"));
    for (path, issuer, base) in [
        ("/.well-known/openid-configuration", &org, "/oauth2"),
        ("/.well-known/oauth-authorization-server", &org, "/oauth2"),
        ("/oauth2/aus4kd81demo/.well-known/openid-configuration", &custom, ""),
        ("/oauth2/aus4kd81demo/.well-known/oauth-authorization-server", &custom, ""),
        ("/.well-known/oauth-authorization-server/oauth2/aus4kd81demo", &custom, ""),
    ] {
        let reply = setting.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.body["issuer"], **issuer, "{path}");
        assert_eq!(reply.body["token_endpoint"], format!("{issuer}{base}/v1/token"), "{path}");
        assert!(reply.body.get("authorization_response_iss_parameter_supported").is_none());
    }
}

#[tokio::test]
async fn a_server_behind_a_relay_calls_itself_by_the_relays_address() {
    let relay = "http://127.0.0.1:9";
    let okta = FakeOkta::start(Org { public_origin: Some(relay.to_owned()), ..Org::default() }).await;
    assert_eq!((okta.origin(), okta.issuer()), (relay, format!("{relay}/oauth2/default")));
    let own = format!("http://{}/oauth2/default/.well-known/openid-configuration", okta.address());
    let metadata: Value = serde_json::from_str(&crate::browse(&own).await.unwrap().body).unwrap();
    assert_eq!(metadata["token_endpoint"], format!("{relay}/oauth2/default/v1/token"));
}

#[tokio::test]
async fn metadata_tells_a_wrong_client_from_a_wrong_server() {
    let setting = setting().await;
    let path = "/oauth2/default/.well-known/openid-configuration";
    assert_eq!(setting.get(&format!("{path}?client_id={DEMO_CLIENT_ID}")).await.status, 200);
    let reply = setting.get(&format!("{path}?client_id=0oanobody")).await;
    assert_eq!((reply.status, &reply.body["errorCode"]), (400, &json!("invalid_client")));
    let reply = setting.get("/oauth2/ausnothere/.well-known/openid-configuration").await;
    assert_eq!((reply.status, &reply.body["errorCode"]), (404, &json!("E0000007")));
}

#[tokio::test]
async fn metadata_can_name_another_issuer() {
    let setting = setting().await;
    let path = "/oauth2/default/.well-known/openid-configuration";
    setting.okta.fault(Endpoint::Metadata, Fault::WrongIssuer("https://evil.example".to_owned()));
    assert_eq!(setting.get(path).await.body["issuer"], "https://evil.example");
    assert_eq!(setting.get(path).await.body["issuer"], setting.issuer);
    setting.okta.edit(|org| org.metadata_issuer = Some("https://login.acme.example".to_owned()));
    assert_eq!(setting.get(path).await.body["issuer"], "https://login.acme.example");
}

#[tokio::test]
async fn without_api_access_management_there_is_the_org_server_alone() {
    let setting = setting_with(|org| org.has_api_access_management = false).await;
    let reply = setting.get("/oauth2/default/.well-known/openid-configuration").await;
    let summary = "You do not have permission to access the feature you are requesting";
    assert_eq!((reply.status, &reply.body["errorCode"]), (401, &json!("E0000015")));
    assert_eq!(reply.body["errorSummary"], summary);
    assert_eq!(setting.authorize(&[]).await.status, Some(401));
    assert!(parameter(&setting.at_org_server().authorize(&[]).await.url, "code").is_some());
}

#[tokio::test]
async fn the_org_says_that_it_is_one() {
    let setting = setting().await;
    let body = setting.get("/.well-known/okta-organization").await.body;
    assert_eq!(body["pipeline"], "idx");
    assert_eq!(body["_links"]["organization"]["href"], setting.okta.origin());
}

#[tokio::test]
async fn every_answer_has_oktas_headers() {
    let setting = setting().await;
    for path in ["/oauth2/v1/keys", "/.well-known/okta-organization", "/oauth2/ausnothere/v1/keys"] {
        let reply = setting.get(path).await;
        assert_eq!(reply.header("x-rate-limit-limit"), "1200", "{path}");
        assert!(reply.header("x-rate-limit-remaining").parse::<u32>().unwrap() < 1200, "{path}");
        let reset: i64 = reply.header("x-rate-limit-reset").parse().unwrap();
        assert_eq!(reset % 60, 0, "{path}");
        assert!(!reply.header("x-okta-request-id").is_empty(), "{path}");
    }
    assert!(setting.get("/oauth2/v1/keys").await.header("cache-control").starts_with("max-age="));
}
