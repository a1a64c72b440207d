//! Okta's own *Create OIDC app integrations*: what its wizard lets an admin choose for a native application.

use std::time::Duration;

use gatepass_fake_okta::{
    App, AppKind, Assignment, Claim, ClaimToken, ClientAuthentication, CustomServer, Endpoint, GrantType, GroupFilter,
    GroupsClaim, IssuerMode, Org, Par, Rotation, Scope, ScopeConsent, TileFlow,
};
use gatepass_wire::{AccessTokenView, Answer, GroupsSource, Intent, Status};

use super::page::{LivedBy, asks_for, makes_groups_claim, says, server_id, ticks};
use super::*;

/// A native application as the wizard and its tabs recommend it, at the org authorization server.
fn recommended() -> Org {
    let app = App {
        // "Choose the type of app to integrate with Okta: … Native Application"
        kind: AppKind::Native,
        // "None: Recommended for native apps.", "This option requires a Proof Key for Code Exchange"
        client_authentication: ClientAuthentication::None,
        requires_pkce: true,
        // "Authorization Code", "Refresh Token", "Device Authorization"
        grant_types: vec![GrantType::Code, GrantType::Refresh, GrantType::Device],
        // "Rotate your token after every use"
        refresh: Rotation::Rotate { grace: Duration::from_secs(30) },
        // "The URIs must be absolute URIs.", "You can specify more than one URI, in any order."
        redirect_uris: at_free_port(["http://localhost:27097/redirect", "http://localhost:27097/again"]).to_vec(),
        post_logout_redirect_uris: vec!["http://localhost:27097/signed-out".into()],
        // "Limit access to selected groups"
        assignment: Assignment::Groups(vec!["platform-engineers".into()]),
        // "Select the Groups claim type. You can select either a Filter …"
        groups_claim: Some(GroupsClaim {
            name: "groups".into(),
            filter: GroupFilter::StartsWith("production-".into()),
        }),
        // "the Issuer field … Use the dropdown arrow in the field to select the organization URL."
        issuer_mode: IssuerMode::OktaUrl,
        ..App::default()
    };
    Org { device_interval: Duration::from_secs(1), ..org(app, None) }
}

/// What the form brings of itself for an org authorization server.
const OPTIONS: &str = "";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_oktas_app_wizard_signs_in_and_uses_the_token() {
    let (okta, machine) = set_up(recommended(), OPTIONS).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let told = groups(&running);
    assert_eq!(told.source, GroupsSource::IdToken);
    assert_eq!(told.names, ["production-deployers", "production-readers"]);
    token_works(&okta, &running).await;
    renewed_restarted_and_signed_out(&okta, &machine, running).await;
}

/// The org that our page makes, task by task.
fn on_our_page(page: &Page) -> Org {
    let mut org = recommended();
    let app = &mut org.clients[0];
    app.client_id = page.parts("okta").client_id;
    app.redirect_uris = vec!["http://localhost:27097/redirect".into(), "http://localhost:27098/redirect".into()];
    says(page.text(), "*Application type* **Native Application**");
    ticks(page.row("Grant type"), &app.grant_types);
    let uris = page.row("Sign-in redirect URIs");
    says(uris, &format!("`{}`; a second with another port", app.redirect_uris[0]));
    says(page.step("Client Credentials → Client authentication"), "**None**");
    let rotation = page.step("General Settings → Refresh Token");
    says(rotation, "**Rotate token after every use**, grace period 30 seconds");
    assert_eq!(app.refresh, Rotation::Rotate { grace: Duration::from_secs(30) });
    app.groups_claim = Some(GroupsClaim { name: "groups".into(), filter: GroupFilter::all() });
    makes_groups_claim(page.step("Groups."), app.groups_claim.as_ref().expect("it was just made"));
    org
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_our_page_on_any_other_app_signs_in_and_calls_by_the_pages_command() {
    let page = Page::read("app-wizard");
    asks_for(&page, &page.parts("okta"));
    let lived = LivedBy::new(&page, "okta", on_our_page(&page)).await;
    let running = lived.machine.start().await;
    running.sign_in("okta").await;
    let told = groups(&running);
    assert_eq!((told.source, told.names.len()), (GroupsSource::IdToken, 37));
    assert_eq!(running.session("okta").tokens.access, Some(AccessTokenView::OrgServer));
    says(page.text(), "The access token of the org's own server is opaque");
    let called = lived.call(&running, "/oauth2/v1/userinfo").await;
    assert_eq!((called.status, &called.json()["name"]), (200, &"Robin Calder".into()), "{called:?}");
    lived.is_the_copied_command(&running, "/oauth2/v1/userinfo").await;
    renewed_restarted_and_signed_out(&lived.okta, &lived.machine, running).await;
}

/// The page's app that wants much: a custom server, a domain of one's own, a key pair, DPoP, requests pushed, two factors.
#[tokio::test(flavor = "multi_thread")]
async fn the_strict_profile_of_our_page_is_met_by_an_app_that_demands_all_of_it() {
    let page = Page::read("app-wizard");
    let written = page.parts("strict");
    let mut org = recommended();
    org.custom_domain = Some("localhost".into());
    org.par = Par::Required;
    org.servers = vec![CustomServer {
        id: server_id(&written),
        issuer_mode: IssuerMode::CustomUrl,
        scopes: vec![Scope::named("reports.read")],
        claims: Some(vec![Claim::groups("Groups", ClaimToken::Id, GroupFilter::all())]),
        ..CustomServer::default()
    }];
    let app = &mut org.clients[0];
    app.client_id = written.client_id.clone();
    app.redirect_uris = vec!["http://localhost:27097/redirect".into()];
    app.requires_dpop = true;
    app.client_authentication = ClientAuthentication::PrivateKeyJwt(Vec::new());
    let lived = LivedBy::new(&page, "strict", org).await;
    let running = lived.machine.start().await;
    let Answer::ClientKeys { keys, .. } = running.want(Intent::MakeClientKey { profile: "strict".into() }).await else {
        panic!("no key")
    };
    let key = serde_json::from_str(&keys[0].jwk).expect("a JWK");
    lived.okta.edit(|org| org.clients[0].client_authentication = ClientAuthentication::PrivateKeyJwt(vec![key]));

    let session = running.sign_in("strict").await.session.expect("a session");
    assert!(session.tokens.is_bound);
    assert!(session.tokens.granted_scopes.contains(&"reports.read".into()), "{:?}", session.tokens.granted_scopes);
    assert_eq!((session.groups.source, session.groups.names.len()), (GroupsSource::IdToken, 37));
    let pushed = lived.okta.requests_to(Endpoint::Par).pop().expect("a request");
    let asked = ["acr_values", "max_age"].map(|name| pushed.parameters.get(name));
    assert_eq!(asked, [Some("urn:okta:loa:2fa:any"), Some("28800")]);
    assert_eq!(written.acr_values.as_deref(), asked[0]);

    // The page's command for a service, but for what is new in each.
    let service = page.block("sh", "DPoP").trim_end();
    let command = running.copy_curl("strict", "https://reports.example.com/v1/mine").await;
    assert_eq!(without_jwts(&command), service);
    is_signed_out(&lived.okta, running).await;
}

/// A command with an ellipsis in place of all but the beginning of its JWTs.
fn without_jwts(command: &str) -> String {
    let shortened = |word: &str| match word.split_once("eyJ") {
        Some((before, _)) => format!("{before}eyJ…\""),
        None => word.to_owned(),
    };
    command.split(' ').map(shortened).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wizards_dpop_is_met_by_a_profile_that_has_it() {
    // "Select this option to require a client to prove possession of a public/private key pair for token requests."
    let mut org = recommended();
    org.clients[0].requires_dpop = true;
    let (okta, machine) = set_up(org, "dpop = true").await;
    let running = machine.start().await;
    assert!(running.sign_in("work").await.session.expect("a session").tokens.is_bound);
    token_works(&okta, &running).await;
    renewed_restarted_and_signed_out(&okta, &machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_the_proof_that_the_wizard_demands() {
    // "The authorization server rejects token requests from this client that don't contain the DPoP header."
    let mut org = recommended();
    org.clients[0].requires_dpop = true;
    let problem = problem_of(org, OPTIONS).await;
    assert_eq!(problem.quote.as_deref(), Some("The DPoP proof JWT header is missing."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_uri_that_is_not_registered() {
    // "Users see an error message if they try to sign in to a URI that isn't registered with your integration."
    let [uri] = at_free_port(["http://localhost:27097/elsewhere"]);
    let problem = problem_of_redirect_uri(recommended(), &uri, OPTIONS).await;
    assert_eq!(problem.code, "sign-in-timed-out");
    assert!(format!("{} {}", problem.detail, problem.advice).contains(&uri), "{problem:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn skip_group_assignment_for_now_and_nobody_assigned_later() {
    let mut org = recommended();
    org.clients[0].assignment = Assignment::People(Vec::new());
    assert_eq!(problem_of(org, OPTIONS).await.code, "not-assigned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_the_wizard_was_not_told_to_give() {
    // "decide if you want to use refresh tokens"
    let mut org = recommended();
    org.clients[0].grant_types = vec![GrantType::Code];
    assert_eq!(problem_of(org, OPTIONS).await.code, "scope-not-here");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_hundred_groups_fail_with_a_code_and_not_with_a_browser() {
    // "If there are more than 100 groups … and your grant type is neither Authorization Code nor …, an error occurs"
    let mut org = recommended();
    org.clients[0].assignment = Assignment::Everyone;
    org.clients[0].groups_claim = Some(GroupsClaim { name: "groups".into(), filter: GroupFilter::all() });
    let (okta, machine) = set_up(org, OPTIONS).await;
    okta.sign_in_as("sam");
    let running = machine.start().await;
    running.want(Intent::SignIn { profile: "work".into(), as_someone_else: false, with_code: true }).await;
    let has_code = |profile: &Profile| profile.attempt.as_ref().is_some_and(|attempt| attempt.code.is_some());
    let attempt = running.until("work", "a code", has_code).await.attempt;
    let code = attempt.and_then(|attempt| attempt.code?.address_with_code).expect("Okta sends one");
    machine.browser.client().allow_device(&code, "sam").await.expect("Okta's pages");
    assert_eq!(running.until_problem("work").await.code, "too-many-groups");
    assert_eq!(running.sign_in("work").await.session.expect("a session").groups.names.len(), 1500);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_asked_for_at_a_custom_server_and_what_was_left_out_is_not_there() {
    // "There can be multiple tokens with varying sets of scopes derived from a single consent."
    let mut org = recommended();
    org.clients[0].requires_consent = true;
    org.servers = vec![CustomServer {
        scopes: vec![Scope { consent: ScopeConsent::Optional, ..Scope::named("reports") }],
        ..CustomServer::default()
    }];
    let (_okta, machine) = set_up(org, &SCOPES.replace("offline_access", "offline_access reports")).await;
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let page = machine.browser.page(1).await;
    machine.browser.client().press(&page, "allow-required").await.expect("Okta's page");
    let session = running.until_status("work", Status::SignedIn).await.session.expect("a session");
    assert!(!session.tokens.granted_scopes.contains(&"reports".into()), "{:?}", session.tokens.granted_scopes);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_that_okta_simplified_posts_is_refused_and_the_sign_in_goes_on() {
    // "Send an ID token directly to your OIDC app. … There's no state parameter included"
    let mut org = recommended();
    let app = &mut org.clients[0];
    (app.tile, app.initiate_login_uri) = (Some(TileFlow::Simplified), Some("https://app.acme.example/login".into()));
    let (okta, machine) = set_up(org, OPTIONS).await;
    machine.browser.only_notes();
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let link = machine.browser.opened(1).await;
    let posted = machine.browser.client().browse(&okta.tile(&okta.client_id())).await.expect("a page");
    assert!(posted.status.is_some_and(|status| (400..500).contains(&status)), "{posted:?}");
    assert!(running.profile("work").session.is_none());
    assert_eq!(okta.count(Endpoint::Token), 0);

    machine.browser.client().browse(link.as_str()).await.expect("the page");
    running.until_status("work", Status::SignedIn).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_the_custom_url_while_the_profile_has_oktas() {
    // "the Issuer field defaults to the custom URL"
    let mut org = recommended();
    org.custom_domain = Some("localhost".into());
    org.clients[0].issuer_mode = IssuerMode::CustomUrl;
    assert_eq!(problem_of(org, OPTIONS).await.code, "issuer-mismatch");
}
