use std::time::Duration;

use super::*;
use crate::{AppKind, ClientAuthentication, ClientSecret, Par};

const INVALID: &str = "The authorize request_uri is invalid.";

impl Setting {
    /// Pushes an authorization request in order, but for `changes`.
    async fn push(&self, changes: &[(&str, &str)]) -> Reply {
        let url = Url::parse(&self.authorize_url(changes)).unwrap();
        let form: Vec<_> = url.query_pairs().collect();
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        self.post("par", &form).await
    }

    async fn pushed(&self) -> String {
        let reply = self.push(&[]).await;
        assert_eq!((reply.status, &reply.body["expires_in"]), (201, &json!(3600)), "{}", reply.body);
        reply.body["request_uri"].as_str().unwrap().to_owned()
    }

    /// What comes of `request_uri` in a browser, for this client.
    async fn open(&self, client_id: &str, request_uri: &str) -> BrowserOutcome {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("client_id", client_id), ("request_uri", request_uri)])
            .finish();
        Browser::new().browse(&format!("{}?{query}", self.endpoint("authorize"))).await.unwrap()
    }
}

async fn with_par(par: Par) -> Setting {
    setting_with(|org| org.par = par).await
}

fn is_shown(outcome: &BrowserOutcome, error: &str, text: &str) {
    assert_eq!((outcome.status, outcome.visited.len()), (Some(400), 1), "{}", outcome.url);
    assert!(outcome.body.contains(error) && outcome.body.contains(text), "{}", outcome.body);
}

#[tokio::test]
async fn a_pushed_request_is_good_once() {
    let setting = with_par(Par::Required).await;
    let request_uri = setting.pushed().await;
    let outcome = setting.open(DEMO_CLIENT_ID, &request_uri).await;
    assert_eq!(parameter(&outcome.url, "state").as_deref(), Some("a-state"));
    let tokens = setting.redeem(&parameter(&outcome.url, "code").unwrap(), &[]).await.body;
    assert_eq!(claims(&tokens["id_token"])["nonce"], "a-nonce");
    setting.okta.assert_nothing_unexpected();
    is_shown(&setting.open(DEMO_CLIENT_ID, &request_uri).await, "invalid_request_uri", INVALID);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_old_request_is_over_and_nobodys_fault() {
    let setting = with_par(Par::Offered).await;
    let request_uri = setting.pushed().await;
    setting.okta.advance_clock(Duration::from_secs(3600));
    is_shown(&setting.open(DEMO_CLIENT_ID, &request_uri).await, "invalid_request_uri", INVALID);
}

#[tokio::test]
async fn a_pushed_request_is_for_its_client_and_server_alone() {
    let setting = with_par(Par::Offered).await;
    let request_uri = setting.pushed().await;
    let text = "The &#39;client_id&#39; parameter does not match the expected value for the provided request_uri.";
    is_shown(&setting.open("0oaother", &request_uri).await, "invalid_client", text);
    let setting = setting.at_org_server();
    let text = "The request_uri was issued for another authorization server.";
    is_shown(&setting.open(DEMO_CLIENT_ID, &request_uri).await, "invalid_request_uri", text);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_when_it_is_pushed() {
    let setting = with_par(Par::Offered).await;
    setting.okta.allow_unexpected();
    for (name, value, error, text) in [
        (
            "redirect_uri",
            "http://localhost:1/no",
            "invalid_request",
            "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
        ),
        (
            "scope",
            "openid wings",
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ),
        ("code_challenge", "", "invalid_request", "PKCE code challenge is required by the application."),
        (
            "request_uri",
            "urn:okta:any",
            "invalid_request",
            "The 'request_uri' parameter must not be present in the request.",
        ),
    ] {
        setting.push(&[(name, value)]).await.is_error(400, error, text);
    }
    let text = "Invalid value for 'client_id' parameter.";
    setting.push(&[("client_id", "0oanobody")]).await.is_error(401, "invalid_client", text);
}

#[tokio::test]
async fn pushing_takes_client_authentication_and_leaves_it_out_of_the_request() {
    let setting = with_par(Par::Offered).await;
    setting.okta.edit(|org| {
        org.clients[0].kind = AppKind::Web;
        org.clients[0].client_authentication = ClientAuthentication::SecretPost(vec![ClientSecret::active("s")]);
    });
    setting.push(&[]).await.is_error(401, "invalid_client", "No client credentials found.");
    let reply = setting.push(&[("client_secret", "s")]).await;
    let outcome = setting.open(DEMO_CLIENT_ID, reply.body["request_uri"].as_str().unwrap()).await;
    assert!(parameter(&outcome.url, "code").is_some());
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn metadata_says_whether_requests_can_and_must_be_pushed() {
    for (par, is_offered, is_required) in
        [(Par::Absent, false, None), (Par::Offered, true, Some(false)), (Par::Required, true, Some(true))]
    {
        let setting = with_par(par).await;
        let metadata = setting.get("/oauth2/default/.well-known/openid-configuration").await.body;
        let endpoint = metadata.get("pushed_authorization_request_endpoint").and_then(Value::as_str);
        assert_eq!(endpoint, is_offered.then(|| setting.endpoint("par")).as_deref());
        let required = metadata.get("require_pushed_authorization_requests").and_then(Value::as_bool);
        assert_eq!(required, is_required);
    }
}

#[tokio::test]
async fn where_pushing_is_required_nothing_else_will_do() {
    let setting = with_par(Par::Required).await;
    is_told(&setting.authorize(&[]).await, "invalid_request", "Pushed authorization requests are required.");
    setting.okta.edit(|org| org.par = Par::Absent);
    assert_eq!(setting.push(&[]).await.status, 405);
    assert!(parameter(&setting.authorize(&[]).await.url, "code").is_some());
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn more_parameters_beside_the_pushed_ones_are_not_careful() {
    let setting = with_par(Par::Offered).await;
    let request_uri = setting.pushed().await;
    let outcome = setting.authorize(&[("request_uri", &request_uri), ("state", "another-state")]).await;
    assert_eq!(parameter(&outcome.url, "state").as_deref(), Some("a-state"));
    assert_eq!(setting.okta.unexpected().len(), 1);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_answer_names_its_issuer_where_the_org_does_so() {
    let setting = setting_with(|org| org.answers_with_issuer = true).await;
    let metadata = setting.get("/oauth2/default/.well-known/openid-configuration").await.body;
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    let outcome = setting.authorize(&[]).await;
    assert_eq!(parameter(&outcome.url, "iss").as_ref(), Some(&setting.issuer));
    let outcome = setting.authorize(&[("scope", "wings")]).await;
    assert_eq!(parameter(&outcome.url, "iss").as_ref(), Some(&setting.issuer));
    setting.okta.expect_trouble();
}
