use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::*;
use crate::{
    AccessPolicy, Claim, ClaimToken, ClaimValue, GrantType, GroupFilter, IssuerMode, Lifetimes, Rule, RuleUsers, Scope,
};

const NO_POLICY: &str = "Policy evaluation failed for this request, please check the policy configurations.";

/// A server of a setting whose first custom server is changed.
async fn with_server(change: impl FnOnce(&mut crate::CustomServer)) -> Setting {
    setting_with(|org| change(&mut org.servers[0])).await
}

fn is_denied(outcome: &BrowserOutcome) {
    is_told(outcome, "access_denied", NO_POLICY);
}

fn is_allowed(outcome: &BrowserOutcome) {
    assert!(parameter(&outcome.url, "code").is_some(), "{}", outcome.url);
}

#[tokio::test]
async fn without_a_policy_everything_is_denied_and_that_is_nobodys_fault() {
    let setting = with_server(|server| server.policies.clear()).await;
    is_denied(&setting.authorize(&[]).await);
    is_allowed(&setting.at_org_server().authorize(&[]).await);
}

#[tokio::test]
async fn a_rule_allows_only_what_it_is_for() {
    let owned = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let rule = Rule::default;
    let cases = [
        (None, Rule { grant_types: vec![GrantType::Device], ..rule() }, false),
        (None, Rule { grant_types: vec![GrantType::ClientCredentials, GrantType::Code], ..rule() }, true),
        (None, Rule { users: RuleUsers::InGroups(owned(&["book-club"])), ..rule() }, true),
        (None, Rule { users: RuleUsers::InGroups(owned(&["nobody"])), ..rule() }, false),
        (None, Rule { users: RuleUsers::These(owned(&["robin"])), ..rule() }, true),
        (None, Rule { users: RuleUsers::These(owned(&["noor"])), ..rule() }, false),
        (None, Rule { scopes: Some(SCOPES.split(' ').map(str::to_owned).collect()), ..rule() }, true),
        // One scope more than the rule allows skips it.
        (None, Rule { scopes: Some(owned(&["openid", "profile"])), ..rule() }, false),
        (Some(owned(&[DEMO_CLIENT_ID])), rule(), true),
        (Some(owned(&["0oaanother"])), rule(), false),
    ];
    let setting = setting().await;
    for (clients, rule, is_in) in cases {
        let policy = AccessPolicy { clients, rules: vec![rule] };
        setting.okta.edit(|org| org.servers[0].policies = vec![policy.clone()]);
        let outcome = setting.authorize(&[]).await;
        assert_eq!(parameter(&outcome.url, "code").is_some(), is_in, "{policy:?}");
        if !is_in {
            is_denied(&outcome);
        }
    }
}

#[tokio::test]
async fn the_first_rule_that_matches_sets_the_lifetimes() {
    let lifetimes = |minutes: u64| Lifetimes {
        access_token: Duration::from_secs(minutes * 60),
        refresh_token: Some(Duration::from_secs(3 * 3600)),
        refresh_idle: Some(Duration::from_secs(2 * 3600)),
    };
    let for_device = Rule { grant_types: vec![GrantType::Device], ..Rule::default() };
    let for_all = Rule { lifetimes: Some(lifetimes(5)), ..Rule::default() };
    let later = Rule { lifetimes: Some(lifetimes(50)), ..Rule::default() };
    let setting = with_server(|server| {
        server.policies[0].rules = vec![for_device];
        server.policies.push(AccessPolicy { clients: None, rules: vec![for_all, later] });
    })
    .await;
    let tokens = setting.tokens().await;
    assert_eq!(tokens["expires_in"], 300);
    let access = claims(&tokens["access_token"]);
    assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 300);

    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    setting.okta.advance_clock(hours(1));
    let tokens = setting.refresh(&tokens["refresh_token"]).await.body;
    setting.okta.advance_clock(hours(1));
    let tokens = setting.refresh(&tokens["refresh_token"]).await.body;
    setting.okta.advance_clock(hours(1));
    let dead = "The refresh token is invalid or expired.";
    setting.refresh(&tokens["refresh_token"]).await.is_error(400, "invalid_grant", dead);
    let tokens = setting.tokens().await;
    setting.okta.advance_clock(hours(2));
    setting.refresh(&tokens["refresh_token"]).await.is_error(400, "invalid_grant", dead);
}

#[tokio::test]
async fn a_refresh_that_policy_or_a_claim_denies_costs_nothing() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.edit(|org| org.servers[0].policies.clear());
    setting.refresh(&tokens["refresh_token"]).await.is_error(401, "access_denied", NO_POLICY);
    setting.okta.edit(|org| {
        let broken = Claim { value: ClaimValue::Broken, ..Claim::groups("groups", ClaimToken::Id, GroupFilter::all()) };
        org.servers[0].policies = vec![AccessPolicy::default()];
        org.servers[0].claims = Some(vec![broken]);
    });
    let text = "The 'groups' user claim could not be evaluated.";
    setting.refresh(&tokens["refresh_token"]).await.is_error(400, "server_error", text);
    assert_eq!(setting.okta.active_refresh_tokens(), [tokens["refresh_token"].as_str().unwrap()]);
}

#[tokio::test]
async fn a_refresh_token_of_another_server_is_no_matter_of_policy() {
    let mut setting = setting_with(|org| org.servers[1].policies.clear()).await;
    let tokens = setting.tokens().await;
    setting.issuer = setting.okta.issuer_of("aus4kd81demo");
    let text = "The grant was issued for another authorization server.";
    setting.refresh(&tokens["refresh_token"]).await.is_error(400, "invalid_request", text);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn default_scopes_are_for_whoever_asks_for_none() {
    let setting = with_server(|server| {
        server.scopes.push(Scope { is_default: true, is_published: true, ..Scope::named("wings") });
    })
    .await;
    let code = parameter(&setting.authorize(&[("scope", "")]).await.url, "code").unwrap();
    assert_eq!(setting.redeem(&code, &[]).await.body["scope"], "wings");
    let metadata = setting.get("/oauth2/default/.well-known/openid-configuration").await.body;
    let advertised: Vec<_> = metadata["scopes_supported"].as_array().unwrap().iter().map(|it| it.as_str()).collect();
    assert!(advertised.contains(&Some("wings")) && !advertised.contains(&Some("groups")), "{advertised:?}");

    setting.okta.edit(|org| org.servers[0].scopes.clear());
    let text =
        "The authorization server resource does not have any configured default scopes, 'scope' must be provided.";
    is_told(&setting.authorize(&[("scope", "")]).await, "invalid_scope", text);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn claims_are_where_the_admin_put_them() {
    let groups = |name, token| Claim::groups(name, token, GroupFilter::StartsWith("VAULT".to_owned()));
    let setting = with_server(|server| {
        server.claims = Some(vec![
            groups("inAccess", ClaimToken::Access),
            groups("inId", ClaimToken::Id),
            groups("inUserinfo", ClaimToken::Userinfo),
            Claim { is_enabled: false, ..groups("disabled", ClaimToken::Access) },
            Claim { scopes: vec!["groups".to_owned()], ..groups("forGroups", ClaimToken::Access) },
            Claim { value: ClaimValue::Fixed(json!("one")), ..groups("single", ClaimToken::Access) },
        ]);
    })
    .await;
    let tokens = setting.tokens().await;
    let (access, id) = (claims(&tokens["access_token"]), claims(&tokens["id_token"]));
    let value = tokens["access_token"].as_str().unwrap();
    let reply = setting.http.get(setting.endpoint("userinfo")).bearer_auth(value).send().await.unwrap();
    let userinfo = Reply::of(reply).await.unwrap().body;
    let names = ["inAccess", "inId", "inUserinfo", "disabled", "forGroups", "single", "groups"];
    let found = |claims: &Value| names.map(|name| claims.get(name).is_some());
    assert_eq!(found(&access), [true, false, false, false, true, true, false]);
    assert_eq!(found(&id), [false, true, false, false, false, false, false]);
    assert_eq!(found(&userinfo), [false, true, true, false, false, false, false]);
    assert_eq!((&access["inAccess"], &access["single"]), (&json!(["vault-operators"]), &json!("one")));

    let tokens = setting.redeem(&setting.code("openid").await, &[]).await.body;
    assert_eq!(found(&claims(&tokens["access_token"])), [true, false, false, false, false, true, false]);
}

#[tokio::test]
async fn groups_are_filtered_as_the_console_does() {
    let setting = setting().await;
    for (filter, expected) in [
        (GroupFilter::StartsWith("GitHub".to_owned()), &["github-acme", "github-acme-platform"][..]),
        (GroupFilter::Equals("BOOK-club".to_owned()), &["book-club"]),
        (GroupFilter::Contains("-ENG".to_owned()), &["platform-engineers"]),
        (GroupFilter::Regex("oncall-.*ary".to_owned()), &["oncall-primary", "oncall-secondary"]),
        (GroupFilter::Regex("book-club".to_owned()), &["book-club"]),
        (GroupFilter::Regex("BOOK.*".to_owned()), &[]),
        (GroupFilter::Regex(".*-.*-platform".to_owned()), &["github-acme-platform"]),
    ] {
        let claim = Claim::groups("of", ClaimToken::Access, filter.clone());
        setting.okta.edit(|org| org.servers[0].claims = Some(vec![claim]));
        assert_eq!(claims(&setting.tokens().await["access_token"])["of"], json!(expected), "{filter:?}");
    }
    let claim = Claim::groups("of", ClaimToken::Access, GroupFilter::all());
    setting.okta.edit(|org| org.servers[0].claims = Some(vec![claim.clone()]));
    assert_eq!(claims(&setting.tokens().await["access_token"])["of"].as_array().unwrap().len(), 37);

    let odd = Claim::groups("of", ClaimToken::Access, GroupFilter::Regex("^a|b$".to_owned()));
    let saving = AssertUnwindSafe(|| setting.okta.edit(|org| org.servers[0].claims = Some(vec![odd])));
    assert!(catch_unwind(saving).is_err());
}

#[tokio::test]
async fn ids_of_groups_are_a_hundred_at_most() {
    let filter = GroupFilter::Contains("o".to_owned());
    let by_id = |filter| Claim {
        value: ClaimValue::GroupIds(filter),
        ..Claim::groups("ids", ClaimToken::Access, GroupFilter::all())
    };
    let setting =
        with_server(|server| server.claims = Some(vec![by_id(GroupFilter::Equals("mentors".to_owned()))])).await;
    let ids = claims(&setting.tokens().await["access_token"])["ids"].clone();
    assert_eq!(ids, json!([crate::group_id("mentors")]));
    assert!(ids[0].as_str().unwrap().starts_with("00g") && ids[0].as_str().unwrap().len() == 20);
    setting.okta.edit(|org| org.servers[0].claims = Some(vec![by_id(filter)]));
    setting.okta.sign_in_as("sam");
    assert_eq!(claims(&setting.tokens().await["access_token"])["ids"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn the_org_servers_groups_claim_is_the_applications() {
    let setting = setting_with(|org| {
        let filter = GroupFilter::Contains("vault".to_owned());
        org.clients[0].groups_claim = Some(crate::GroupsClaim { name: "Teams".to_owned(), filter });
    })
    .await
    .at_org_server();
    let tokens = setting.tokens().await;
    let id = claims(&tokens["id_token"]);
    assert_eq!((&id["Teams"], id.get("groups")), (&json!(["vault-operators"]), None));
    assert!(claims(&tokens["access_token"]).get("Teams").is_none());
    let tokens = setting.redeem(&setting.code("openid").await, &[]).await.body;
    assert!(claims(&tokens["id_token"]).get("Teams").is_none());
}

#[tokio::test]
async fn a_scope_of_oktas_api_is_granted_to_the_application_or_refused() {
    let setting = setting_with(|org| org.clients[0].okta_api_scopes = vec!["okta.users.read.self".to_owned()]).await;
    let custom = setting.authorize(&[("scope", "openid okta.users.read.self")]).await;
    let no_scope = "One or more scopes are not configured for the authorization server resource.";
    is_told(&custom, "invalid_scope", no_scope);
    let setting = setting.at_org_server();
    is_allowed(&setting.authorize(&[("scope", "openid okta.users.read.self")]).await);
    let outcome = setting.authorize(&[("scope", "openid okta.groups.read")]).await;
    is_told(&outcome, "consent_required", "You are not allowed any of the requested scopes.");
    setting.okta.expect_trouble();
}

/// A sign-in through the custom domain or not: what metadata there says, and the `iss` that comes.
async fn issuers(setting: &Setting, is_custom: bool) -> (Value, Value) {
    let origin = if is_custom { setting.okta.custom_origin().unwrap() } else { setting.okta.org_issuer() };
    let path = setting.issuer.strip_prefix(setting.okta.origin()).unwrap();
    let metadata = format!("{origin}{path}/.well-known/openid-configuration?client_id={DEMO_CLIENT_ID}");
    let metadata = Reply::of(setting.http.get(metadata).send().await.unwrap()).await.unwrap().body;
    let url = setting.authorize_url(&[]).replace(setting.okta.origin(), &origin);
    let code = parameter(&Browser::new().browse(&url).await.unwrap().url, "code").unwrap();
    let tokens = setting.redeem(&code, &[]).await.body;
    assert!(metadata["token_endpoint"].as_str().unwrap().starts_with(metadata["issuer"].as_str().unwrap()));
    (metadata["issuer"].clone(), claims(&tokens["id_token"])["iss"].clone())
}

#[tokio::test]
async fn a_server_calls_itself_as_its_issuer_mode_says() {
    for is_org_server in [false, true] {
        let setting = setting_with(|org| org.custom_domain = Some("localhost".to_owned())).await;
        let setting = if is_org_server { setting.at_org_server() } else { setting };
        let own = setting.issuer.clone();
        let custom = own.replace(setting.okta.origin(), &setting.okta.custom_origin().unwrap());
        for (mode, at_own, at_custom) in [
            (IssuerMode::OktaUrl, &own, &own),
            (IssuerMode::CustomUrl, &custom, &custom),
            (IssuerMode::Dynamic, &own, &custom),
        ] {
            setting.okta.edit(|org| match is_org_server {
                true => org.clients[0].issuer_mode = mode,
                false => org.servers[0].issuer_mode = mode,
            });
            assert_eq!(issuers(&setting, false).await, (json!(at_own), json!(at_own)), "{mode:?}");
            assert_eq!(issuers(&setting, true).await, (json!(at_custom), json!(at_custom)), "{mode:?}");
        }
    }
}

#[tokio::test]
async fn the_org_tells_of_its_custom_domain() {
    let setting = setting_with(|org| org.custom_domain = Some("localhost".to_owned())).await;
    let body = setting.get("/.well-known/okta-organization").await.body;
    assert_eq!(body["_links"]["alternate"]["href"], setting.okta.custom_origin().unwrap());
}
