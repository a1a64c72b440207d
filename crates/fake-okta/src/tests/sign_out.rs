use super::*;

#[tokio::test]
async fn revoking_a_refresh_token_is_seen_by_introspection() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    assert!(setting.is_active(&tokens["access_token"]).await && setting.is_active(&tokens["refresh_token"]).await);
    let form = [("client_id", DEMO_CLIENT_ID), ("token", tokens["refresh_token"].as_str().unwrap())];
    let reply = setting.post("revoke", &form).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, Some("")));
    assert!(!setting.is_active(&tokens["access_token"]).await);
    assert!(!setting.is_active(&tokens["refresh_token"]).await);
}

#[tokio::test]
async fn revoking_what_never_was_is_fine() {
    let setting = setting().await;
    let reply = setting.post("revoke", &[("client_id", DEMO_CLIENT_ID), ("token", "nothing")]).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn introspection_tells_what_okta_tells() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let form = [("client_id", DEMO_CLIENT_ID), ("token", tokens["access_token"].as_str().unwrap())];
    let body = setting.post("introspect", &form).await.body;
    let access = claims(&tokens["access_token"]);
    for name in ["iss", "aud", "iat", "exp", "uid", "sub"] {
        assert_eq!(body[name], access[name], "{name}");
    }
    assert_eq!(body["scope"], SCOPES);
    assert_eq!(body["client_id"], DEMO_CLIENT_ID);
}

#[tokio::test]
async fn userinfo_wants_a_live_token() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let token = tokens["access_token"].as_str().unwrap();
    let ask = || async {
        let response = setting.http.get(setting.endpoint("userinfo")).bearer_auth(token).send().await.unwrap();
        Reply::of(response).await.unwrap()
    };
    let body = ask().await.body;
    assert_eq!(body["sub"], claims(&tokens["id_token"])["sub"]);
    assert_eq!(body["groups"].as_array().unwrap().len(), 37);
    setting.okta.end_sessions_of("robin");
    let reply = ask().await;
    assert_eq!(reply.status, 401);
    assert!(reply.header("www-authenticate").contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn userinfo_wants_a_token_with_openid() {
    let setting = setting().await;
    let tokens = setting.redeem(&setting.code("groups").await, &[]).await.body;
    let token = tokens["access_token"].as_str().unwrap();
    let request = setting.http.get(setting.endpoint("userinfo")).bearer_auth(token);
    let reply = Reply::of(request.send().await.unwrap()).await.unwrap();
    assert_eq!(reply.status, 403);
    assert!(reply.header("www-authenticate").contains("error=\"insufficient_scope\""));
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn userinfo_takes_a_token_under_no_other_scheme() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let authorization = format!("Basic {}", tokens["access_token"].as_str().unwrap());
    let request = setting.http.get(setting.endpoint("userinfo")).header("authorization", authorization);
    assert_eq!(request.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn introspection_tells_another_client_nothing() {
    let other = App { client_id: "0oasomebodyelse".to_owned(), ..App::default() };
    let setting = setting_with(|org| org.clients.push(other)).await;
    let tokens = setting.tokens().await;
    for name in ["access_token", "refresh_token"] {
        let form = [("client_id", "0oasomebodyelse"), ("token", tokens[name].as_str().unwrap())];
        assert_eq!(setting.post("introspect", &form).await.body, json!({ "active": false }));
        assert!(setting.is_active(&tokens[name]).await);
    }
}

#[tokio::test]
async fn userinfo_takes_no_token_of_another_server() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let setting = setting.at_org_server();
    let token = tokens["access_token"].as_str().unwrap();
    let reply = setting.http.get(setting.endpoint("userinfo")).bearer_auth(token).send().await.unwrap();
    assert_eq!(reply.status(), 401);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn signing_out_in_the_browser_ends_the_okta_session_and_no_token() {
    let setting = setting().await;
    let browser = Browser::new();
    let outcome = browser.browse(&setting.authorize_url(&[])).await.unwrap();
    let tokens = setting.redeem(&parameter(&outcome.url, "code").unwrap(), &[]).await.body;
    let silent = setting.authorize_url(&[("prompt", "none")]);
    assert!(parameter(&browser.browse(&silent).await.unwrap().url, "code").is_some());

    setting.okta.edit(|org| org.clients[0].post_logout_redirect_uris.push("test.app:/signed-out".to_owned()));
    let hint = tokens["id_token"].as_str().unwrap();
    let url = format!(
        "{}?id_token_hint={hint}&post_logout_redirect_uri=test.app:/signed-out&state=bye",
        setting.endpoint("logout")
    );
    assert_eq!(browser.browse(&url).await.unwrap().url.as_str(), "test.app:/signed-out?state=bye");
    let outcome = browser.browse(&silent).await.unwrap();
    assert_eq!(parameter(&outcome.url, "error").as_deref(), Some("login_required"));
    assert!(setting.is_active(&tokens["access_token"]).await);
    // Without a session it redirects all the same.
    assert_eq!(browser.browse(&url).await.unwrap().url.as_str(), "test.app:/signed-out?state=bye");
}

#[tokio::test]
async fn signing_out_checks_hint_uri_and_person() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let hint = tokens["id_token"].as_str().unwrap();
    let logout = setting.endpoint("logout");
    let browser = Browser::new();
    for (query, words) in [
        ("".to_owned(), "id_token_hint"),
        ("?id_token_hint=x.y.z".to_owned(), "id_token_hint"),
        (
            format!("?id_token_hint={hint}&post_logout_redirect_uri=test.app:/elsewhere"),
            "must be a Logout redirect URI",
        ),
    ] {
        let outcome = browser.browse(&format!("{logout}{query}")).await.unwrap();
        assert_eq!((outcome.status, outcome.visited.len()), (Some(400), 1), "{query}");
        assert!(outcome.body.contains(words), "{query}");
    }
    setting.okta.expect_trouble();

    setting.okta.sign_in_as("noor");
    browser.browse(&setting.authorize_url(&[])).await.unwrap();
    let outcome = browser.browse(&format!("{logout}?id_token_hint={hint}")).await.unwrap();
    assert!(outcome.body.contains("id_token_does_not_match_session"));
}

#[tokio::test]
async fn a_hint_can_be_posted_so_that_it_stands_in_no_address() {
    let setting = setting().await;
    let browser = Browser::new();
    let outcome = browser.browse(&setting.authorize_url(&[])).await.unwrap();
    let tokens = setting.redeem(&parameter(&outcome.url, "code").unwrap(), &[]).await.body;
    setting.okta.edit(|org| org.clients[0].post_logout_redirect_uris.push("test.app:/signed-out".to_owned()));
    let url = Url::parse(&setting.endpoint("logout")).unwrap();
    let sign_out = async |hint: &Value| {
        let fields = [
            ("id_token_hint", hint.as_str().unwrap()),
            ("post_logout_redirect_uri", "test.app:/signed-out"),
            ("state", "bye"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        browser.post(&url, fields).await.unwrap()
    };
    assert_eq!(sign_out(&"x.y.z".into()).await.status, Some(400));
    let silent = setting.authorize_url(&[("prompt", "none")]);
    assert!(parameter(&browser.browse(&silent).await.unwrap().url, "code").is_some());
    assert_eq!(sign_out(&tokens["id_token"]).await.url.as_str(), "test.app:/signed-out?state=bye");
    let outcome = browser.browse(&silent).await.unwrap();
    assert_eq!(parameter(&outcome.url, "error").as_deref(), Some("login_required"));
    setting.okta.expect_trouble();
}
