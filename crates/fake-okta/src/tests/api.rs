use std::time::Duration;

use super::*;
use crate::ApiToken;

/// A setting at the org server whose application may use Okta's API, and whose Robin is an admin.
async fn with_api() -> Setting {
    setting_with(|org| {
        org.clients[0].okta_api_scopes = vec!["okta.users.read".to_owned()];
        org.people[0].has_admin_role = true;
        org.api_tokens = vec![ApiToken { value: "00api".to_owned(), made_by: "robin".to_owned(), is_active: true }];
    })
    .await
    .at_org_server()
}

impl Setting {
    async fn api_token(&self) -> String {
        let tokens = self.redeem(&self.code("openid okta.users.read").await, &[]).await.body;
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    async fn groups(&self, user: &str, authorization: &str) -> Reply {
        let url = format!("{}/api/v1/users/{user}/groups", self.okta.origin());
        let request = self.http.get(url).header("authorization", authorization);
        Reply::of(request.send().await.unwrap()).await.unwrap()
    }
}

fn is_challenged(reply: &Reply, status: u16, error: &str, text: &str) {
    assert_eq!(reply.status, status, "{}", reply.body);
    let challenge = format!("Bearer error=\"{error}\", error_description=\"{text}\"");
    assert_eq!(reply.header("www-authenticate"), challenge);
}

fn is_api_error(reply: &Reply, status: u16, code: &str, summary: &str) {
    assert_eq!(
        (reply.status, &reply.body["errorCode"], &reply.body["errorSummary"]),
        (status, &json!(code), &json!(summary))
    );
}

#[tokio::test]
async fn an_admin_reads_groups_with_ids_and_names() {
    let setting = with_api().await;
    let reply = setting.groups("me", &format!("Bearer {}", setting.api_token().await)).await;
    let groups = reply.body.as_array().unwrap();
    assert_eq!((reply.status, groups.len(), reply.headers.get("link")), (200, 37, None));
    assert_eq!(groups[1]["profile"]["name"], "platform-engineers");
    assert_eq!(groups[1]["id"], crate::group_id("platform-engineers"));
}

#[tokio::test]
async fn many_groups_come_page_by_page() {
    let setting = with_api().await;
    setting.okta.edit(|org| org.people[2].has_admin_role = true);
    setting.okta.sign_in_as("sam");
    let authorization = format!("Bearer {}", setting.api_token().await);
    let mut reply = setting.groups("me", &authorization).await;
    let mut names = Vec::new();
    let mut n_pages = 0;
    loop {
        n_pages += 1;
        names.extend(reply.body.as_array().unwrap().iter().map(|group| group["profile"]["name"].clone()));
        let Some(next) = reply.headers.get("link") else { break };
        let next =
            next.to_str().unwrap().strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned();
        let request = setting.http.get(next).header("authorization", &authorization);
        reply = Reply::of(request.send().await.unwrap()).await.unwrap();
    }
    assert_eq!((n_pages, names.len(), &names[1499]), (8, 1500, &json!("project-1500")));
}

#[tokio::test]
async fn who_is_no_admin_may_not_though_the_token_has_the_scope() {
    let setting = with_api().await;
    setting.okta.sign_in_as("noor");
    let reply = setting.groups("me", &format!("Bearer {}", setting.api_token().await)).await;
    is_api_error(&reply, 403, "E0000006", "You do not have permission to perform the requested action");
}

#[tokio::test]
async fn the_api_says_what_is_wrong_with_a_token() {
    let setting = with_api().await;
    let token = format!("Bearer {}", setting.api_token().await);
    setting.okta.advance_clock(Duration::from_secs(3600));
    is_challenged(&setting.groups("me", &token).await, 401, "invalid_token", "The token has expired.");
    let token = setting.api_token().await;
    setting.post("revoke", &[("client_id", DEMO_CLIENT_ID), ("token", &token)]).await;
    let reply = setting.groups("me", &format!("Bearer {token}")).await;
    is_challenged(&reply, 401, "invalid_token", "The access token has been revoked.");
    setting.okta.assert_nothing_unexpected();

    let other = setting.redeem(&setting.code("openid").await, &[]).await.body;
    let other = format!("Bearer {}", other["access_token"].as_str().unwrap());
    let text = "The access token provided does not contain the required scopes.";
    is_challenged(&setting.groups("me", &other).await, 403, "insufficient_scope", text);
    let reply = setting.groups("me", "Bearer guess").await;
    is_challenged(&reply, 401, "invalid_token", "The access token is invalid.");
    is_api_error(&setting.groups("me", "").await, 403, "E0000005", "Invalid session");
    let mut setting = setting;
    setting.issuer = setting.okta.issuer_of("default");
    let custom = setting.tokens().await;
    let custom = format!("Bearer {}", custom["access_token"].as_str().unwrap());
    let text = "The access token provided is not intended for Okta.";
    is_challenged(&setting.groups("me", &custom).await, 401, "invalid_token", text);
    assert_eq!(setting.okta.unexpected().len(), 4);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_api_token_speaks_for_the_admin_who_made_it() {
    let setting = with_api().await;
    assert_eq!(setting.groups("me", "SSWS 00api").await.body.as_array().unwrap().len(), 37);
    assert_eq!(setting.groups("yael.bendavid@acme.example", "SSWS 00api").await.body.as_array().unwrap().len(), 5);
    let reply = setting.groups("nobody", "SSWS 00api").await;
    assert_eq!((reply.status, &reply.body["errorCode"]), (404, &json!("E0000007")));
    is_api_error(&setting.groups("me", "SSWS guess").await, 401, "E0000011", "Invalid token provided");
    setting.okta.edit(|org| org.api_tokens[0].is_active = false);
    is_api_error(&setting.groups("me", "SSWS 00api").await, 401, "E0000011", "Invalid token provided");
}
