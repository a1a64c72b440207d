use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::{Endpoint, GrantType};

#[tokio::test]
async fn a_sign_in_yields_oktas_members() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], SCOPES);

    let id = setting.verified(&tokens["id_token"]).await.unwrap();
    assert_eq!(id["iss"], setting.issuer);
    assert_eq!(id["aud"], DEMO_CLIENT_ID);
    assert_eq!(id["nonce"], "a-nonce");
    assert_eq!(id["name"], "Robin Calder");
    assert_eq!((&id["email"], &id["email_verified"]), (&json!("robin.calder@acme.example"), &json!(true)));
    assert_eq!(id["preferred_username"], "robin.calder@acme.example");
    assert_eq!(id["amr"], json!(["pwd"]));
    let hash = Sha256::digest(tokens["access_token"].as_str().unwrap());
    assert_eq!(id["at_hash"], URL_SAFE_NO_PAD.encode(&hash[..16]));

    let access = setting.verified(&tokens["access_token"]).await.unwrap();
    assert_eq!(access["cid"], DEMO_CLIENT_ID);
    assert_eq!(access["uid"], id["sub"]);
    assert_eq!(access["sub"], "robin.calder@acme.example");
    assert_eq!(access["aud"], "api://default");
    assert_eq!(access["scp"], json!(["openid", "profile", "email", "groups", "offline_access"]));
}

#[tokio::test]
async fn everyone_has_the_groups_that_the_demo_needs() {
    let setting = setting().await;
    for (person, count) in [("robin", 37), ("noor", 0), ("sam", 1500), ("yael", 5)] {
        setting.okta.sign_in_as(person);
        let tokens = setting.tokens().await;
        for token in ["id_token", "access_token"] {
            assert_eq!(claims(&tokens[token])["groups"].as_array().unwrap().len(), count, "{person}");
        }
    }
}

#[tokio::test]
async fn groups_are_told_where_the_admin_said() {
    let setting = setting_with(|org| {
        org.groups_in.access_token = false;
        org.groups_in.claim = "Groups".to_owned();
    })
    .await;
    let tokens = setting.tokens().await;
    assert_eq!(claims(&tokens["id_token"])["Groups"].as_array().unwrap().len(), 37);
    assert!(claims(&tokens["access_token"]).get("Groups").is_none());

    let tokens = setting.redeem(&setting.code("openid").await, &[]).await.body;
    assert!(claims(&tokens["id_token"]).get("Groups").is_none());
}

#[tokio::test]
async fn the_org_servers_access_token_is_opaque() {
    let setting = setting().await.at_org_server();
    let tokens = setting.tokens().await;
    assert!(setting.verified(&tokens["access_token"]).await.is_none());
    assert!(claims(&tokens["access_token"]).get("groups").is_none());
    let id = setting.verified(&tokens["id_token"]).await.unwrap();
    assert_eq!(id["iss"], setting.okta.origin());
    assert_eq!(id["groups"].as_array().unwrap().len(), 37);
}

#[tokio::test]
async fn no_refresh_token_without_offline_access() {
    let setting = setting().await;
    let tokens = setting.redeem(&setting.code("openid").await, &[]).await.body;
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(tokens["scope"], "openid");
    let tokens = setting.redeem(&setting.code("groups").await, &[]).await.body;
    assert!(tokens.get("id_token").is_none());
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_to_the_letter_gets_a_page() {
    let setting = setting().await;
    setting.okta.register_redirect_uri("http://localhost:27097/redirect");
    for uri in [
        "http://localhost:27098/redirect",
        "http://localhost:27097/redirect/",
        "http://localhost:27097/Redirect",
        "http://127.0.0.1:27097/redirect",
        "https://localhost:27097/redirect",
        "http://localhost:27097/redirect?a=b",
    ] {
        let outcome = setting.authorize(&[("redirect_uri", uri)]).await;
        assert_eq!(outcome.status, Some(400), "{uri}");
        assert_eq!(outcome.visited.len(), 1, "{uri}");
        let text = "The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app settings.";
        assert!(outcome.body.contains(text), "{}", outcome.body);
    }
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_unknown_client_gets_a_page() {
    let setting = setting().await;
    let outcome = setting.authorize(&[("client_id", "aus4kd81demo")]).await;
    assert_eq!((outcome.status, outcome.visited.len()), (Some(400), 1));
    assert!(outcome.body.contains("Invalid value for &#39;client_id&#39; parameter."));
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn everything_else_is_told_by_a_redirect() {
    let setting = setting().await;
    let pkce_missing = "PKCE code challenge is required by the application.";
    let no_scope = "One or more scopes are not configured for the authorization server resource.";
    for (name, value, error, description) in [
        ("state", "", "invalid_request", "The authentication request has an invalid 'state' parameter."),
        ("state", "a+b/c=", "invalid_request", "The authentication request has an invalid 'state' parameter."),
        ("code_challenge", "", "invalid_request", pkce_missing),
        ("code_challenge", "short", "invalid_request", "PKCE code challenge contains illegal characters."),
        (
            "code_challenge_method",
            "plain",
            "invalid_request",
            "PKCE code challenge method is not supported. Valid values: [S256]",
        ),
        ("scope", "openid wings", "invalid_scope", no_scope),
        (
            "scope",
            "profile",
            "invalid_scope",
            "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope.",
        ),
        (
            "response_type",
            "token",
            "unsupported_response_type",
            "The response type is not supported by the authorization server. Configured response types: [code].",
        ),
    ] {
        is_told(&setting.authorize(&[(name, value)]).await, error, description);
    }
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_refused_state_is_not_sent_on_and_a_good_one_is() {
    let setting = setting().await;
    let outcome = setting.authorize(&[("state", "a b")]).await;
    assert_eq!(parameter(&outcome.url, "state"), None);
    let outcome = setting.authorize(&[("scope", "wings")]).await;
    assert_eq!(parameter(&outcome.url, "state").as_deref(), Some("a-state"));
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn the_org_server_knows_groups_and_no_custom_scope() {
    let setting = setting().await.at_org_server();
    assert!(parameter(&setting.authorize(&[("scope", "openid groups")]).await.url, "code").is_some());
    let outcome = setting.authorize(&[("scope", "openid wings")]).await;
    is_told(&outcome, "invalid_scope", "Custom scopes are not allowed for this request.");
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn the_page_offers_everyone_and_a_way_out() {
    let setting = setting_with(|org| org.auto_sign_in = None).await;
    let browser = Browser::new();
    let page = browser.browse(&setting.authorize_url(&[])).await.unwrap();
    assert_eq!(page.status, Some(200));
    for words in ["id=\"person-robin\"", "37 groups", "no groups", "1,500 groups", "יעל בן־דוד", "id=\"cancel\""]
    {
        assert!(page.body.contains(words), "{words}");
    }
    let outcome = browser.press(&page, "person-noor").await.unwrap();
    let code = parameter(&outcome.url, "code").unwrap();
    let tokens = setting.redeem(&code, &[]).await.body;
    assert_eq!(claims(&tokens["id_token"])["name"], "Noor Haddad");

    // A page is answered once.
    assert_eq!(browser.press(&page, "person-sam").await.unwrap().status, Some(400));
}

#[tokio::test]
async fn cancel_is_access_denied() {
    let setting = setting_with(|org| org.auto_sign_in = None).await;
    let browser = Browser::new();
    let page = browser.browse(&setting.authorize_url(&[])).await.unwrap();
    let outcome = browser.press(&page, "cancel").await.unwrap();
    is_told(&outcome, "access_denied", "The resource owner or authorization server denied the request.");
}

#[tokio::test]
async fn an_okta_session_passes_silently_until_prompt_login() {
    let setting = setting_with(|org| org.auto_sign_in = None).await;
    let browser = Browser::new();
    let silent = setting.authorize_url(&[("prompt", "none")]);
    let text = "The client specified not to prompt, but the user is not logged in.";
    is_told(&browser.browse(&silent).await.unwrap(), "login_required", text);

    let page = browser.browse(&setting.authorize_url(&[])).await.unwrap();
    browser.press(&page, "person-robin").await.unwrap();
    for url in [silent, setting.authorize_url(&[])] {
        let outcome = browser.browse(&url).await.unwrap();
        let tokens = setting.redeem(&parameter(&outcome.url, "code").unwrap(), &[]).await.body;
        assert_eq!(claims(&tokens["id_token"])["name"], "Robin Calder");
    }
    let page = browser.browse(&setting.authorize_url(&[("prompt", "login")])).await.unwrap();
    assert!(page.body.contains("Choose who signs in"));
}

#[tokio::test]
async fn auth_time_is_that_of_the_okta_session() {
    let setting = setting().await;
    let browser = Browser::new();
    browser.browse(&setting.authorize_url(&[])).await.unwrap();
    setting.okta.advance_clock(Duration::from_secs(50));
    let outcome = browser.browse(&setting.authorize_url(&[])).await.unwrap();
    let tokens = setting.redeem(&parameter(&outcome.url, "code").unwrap(), &[]).await.body;
    let id = claims(&tokens["id_token"]);
    assert!(id["iat"].as_i64().unwrap() - id["auth_time"].as_i64().unwrap() >= 50);
    // Too old for a client that wants a recent sign-in.
    let outcome = browser.browse(&setting.authorize_url(&[("max_age", "20"), ("prompt", "none")])).await.unwrap();
    assert_eq!(parameter(&outcome.url, "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_response_can_travel_in_the_fragment() {
    let setting = setting().await;
    let outcome = setting.authorize(&[("response_mode", "fragment")]).await;
    assert!(outcome.url.query().is_none());
    assert!(outcome.url.fragment().unwrap().starts_with("code="));
}

#[tokio::test]
async fn a_response_can_travel_in_a_form_to_a_loopback_listener() {
    let setting = setting().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/callback", listener.local_addr().unwrap());
    setting.okta.register_redirect_uri(&uri);
    let receiving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut received = String::new();
        while !received.contains("state=a-state") {
            let mut buffer = [0; 4096];
            let n = stream.read(&mut buffer).await.unwrap();
            assert_ne!(n, 0, "the browser hung up after {received}");
            received.push_str(std::str::from_utf8(&buffer[..n]).unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nDone").await.unwrap();
        received
    });
    let outcome = setting.authorize(&[("redirect_uri", &uri), ("response_mode", "form_post")]).await;
    assert_eq!((outcome.status, outcome.body.as_str()), (Some(200), "Done"));
    let received = receiving.await.unwrap();
    assert!(received.starts_with("POST /callback ") && received.contains("code="), "{received}");
}

#[tokio::test]
async fn a_wrong_verifier_gets_no_token() {
    let setting = setting().await;
    let code = setting.code(SCOPES).await;
    let reply = setting.redeem(&code, &[("code_verifier", "another-verifier-of-more-than-forty-three-chars")]).await;
    reply.is_error(400, "invalid_grant", "PKCE verification failed.");
    let reply = setting.redeem(&code, &[("code_verifier", "")]).await;
    reply.is_error(400, "invalid_request", "PKCE code verifier is required by the application.");
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_what_came_of_it() {
    let setting = setting().await;
    let code = setting.code(SCOPES).await;
    let tokens = setting.redeem(&code, &[]).await.body;
    assert!(setting.is_active(&tokens["access_token"]).await);
    let reply = setting.redeem(&code, &[]).await;
    reply.is_error(400, "invalid_grant", "The authorization code is invalid or has expired.");
    assert!(!setting.is_active(&tokens["access_token"]).await);
    assert!(!setting.is_active(&tokens["refresh_token"]).await);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_old_code_is_refused_and_nobodys_fault() {
    let setting = setting().await;
    let code = setting.code(SCOPES).await;
    setting.okta.advance_clock(Duration::from_secs(301));
    let reply = setting.redeem(&code, &[]).await;
    reply.is_error(400, "invalid_grant", "The authorization code is invalid or has expired.");
}

#[tokio::test]
async fn an_application_uses_only_the_grants_that_are_ticked() {
    let setting = setting_with(|org| org.clients[0].grant_types = vec![GrantType::Code]).await;
    let reply = setting.refresh(&"any".into()).await;
    let text = "The client is not authorized to use the provided grant type. Configured grant types: \
                [authorization_code].";
    reply.is_error(400, "unauthorized_client", text);
    is_told(
        &setting.authorize(&[]).await,
        "invalid_scope",
        "The following scopes are not allowed for this request: [offline_access].",
    );
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_redirect_that_is_waited_for_is_seen() {
    let setting = setting().await;
    let arrival = setting.okta.wait_for_request(Endpoint::Token);
    setting.tokens().await;
    assert_eq!(arrival.await.parameters.get("code_verifier"), Some(VERIFIER));
}
