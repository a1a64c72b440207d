//! Kong's *Configure OpenID Connect with the authorization code flow and Okta*.
//!
//! It makes a web application for the gateway. Gatepass can use the same one, with the secret, once an admin adds a redirect
//! URI on loopback: the document's own leads to the gateway.

use std::time::Duration;

use gatepass_fake_okta::{
    AccessPolicy, App, AppKind, Assignment, Claim, ClaimToken, ClaimValue as Value, ClientAuthentication, ClientSecret,
    CustomServer, DEMO_CLIENT_ID, Endpoint, GrantType, GroupFilter, Org, Par, Rotation, Rule, RuleUsers, Scope,
};
use gatepass_wire::{Answer, ClaimValue, GroupsSource, Intent, Status};

use super::page::{LivedBy, asks_for, echo, got_the_token, makes_app, makes_claim, makes_rule, says, server_id};
use super::*;

const SECRET: &str = "kongs-secret_0123456789-abcdefghijklmnopqrstuvwxyz";
/// "Your Ngrok host followed by /anything"
const GATEWAY: &str = "https://a36f045h4597.ngrok-free.app/anything";

/// The org that the document makes, and the one redirect URI that it needs for us.
fn documented() -> Org {
    let [ours] = at_free_port(["http://localhost:27097/redirect"]);
    let app = App {
        // "Select Web Application."
        kind: AppKind::Web,
        // "Click Authorization Code for the grant type."
        grant_types: vec![GrantType::Code],
        // "In both the Sign-in redirect URIs and Sign-out redirect URIs fields"
        redirect_uris: vec![GATEWAY.into(), ours],
        post_logout_redirect_uris: vec![GATEWAY.into()],
        // "token_endpoint_auth_method: client_secret_basic"
        client_authentication: ClientAuthentication::SecretBasic(vec![ClientSecret::active(SECRET)]),
        requires_pkce: false,
        // "select Skip group assignment for now", "assign your app to your Okta test user"
        assignment: Assignment::People(vec!["robin".into()]),
        ..App::default()
    };
    let rule = Rule {
        // "Grant type: Authorization Code", "User is: Any user assigned the app", "Scopes requested: Any scopes"
        grant_types: vec![GrantType::Code],
        users: RuleUsers::AnyAssigned,
        scopes: None,
        lifetimes: None,
    };
    let server = CustomServer {
        // "It should be formatted like https://domain.okta.com/oauth2/a36f045h4597."
        id: "a36f045h4597".into(),
        // "Create a server named Kong API Management with an audience and description."
        audience: "https://kong.acme.example".into(),
        scopes: Vec::new(),
        claims: Some(Vec::new()),
        // "create a new access policy and assign your Okta application you just created"
        policies: vec![AccessPolicy { clients: Some(vec![DEMO_CLIENT_ID.into()]), rules: vec![rule] }],
        ..CustomServer::default()
    };
    org(app, Some(server))
}

/// "scopes: openid, email, profile", "token_endpoint_auth_method: client_secret_basic", "response_mode: form_post"
const OPTIONS: &str = "scopes = \"openid email profile\"\nclient_authentication = \"client_secret_basic\"\n\
                       response_mode = \"form_post\"";

/// What the person reads who signs in after one mistake, the secret taken from the console.
async fn problem_with_secret(org: Org, options: &str) -> Problem {
    let (okta, machine) = set_up(org, options).await;
    okta.allow_unexpected();
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    let problem = running.fail_to_sign_in("work").await;
    running.quit().await;
    problem
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_kongs_document_signs_in_and_uses_the_token() {
    let (okta, machine) = set_up(documented(), OPTIONS).await;
    let running = machine.start().await;
    // "Export the client ID and client secret of your Okta app"
    assert_eq!(running.give_secret("work", SECRET).await, 1);
    let session = running.sign_in("work").await.session.expect("a session");
    // The document makes neither a groups claim nor a refresh token.
    assert_eq!(session.groups.source, GroupsSource::NoClaim);
    assert!(!session.renewable);
    assert_eq!(in_access_token(&running, "aud"), Some(ClaimValue::Text("https://kong.acme.example".into())));
    token_works(&okta, &running).await;

    let asked = okta.requests_to(Endpoint::Authorize).pop().expect("a request");
    assert_eq!(asked.parameters.get("response_mode"), Some("form_post"));
    // "The OIDC plugin supports PKCE out of the box": so do we, demanded or not.
    assert_eq!(asked.parameters.get("code_challenge_method"), Some("S256"));
    is_signed_out(&okta, running).await;
}

/// The org that our page makes: the document's, and a native app on the same server.
fn on_our_page(page: &Page) -> Org {
    let written = page.parts("kong");
    let mut org = documented();
    // The document's web app keeps its own redirect URI alone.
    org.clients[0].redirect_uris.truncate(1);
    let native = App {
        client_id: written.client_id.clone(),
        redirect_uris: vec!["http://localhost:27097/redirect".into()],
        refresh: Rotation::Static,
        assignment: Assignment::People(vec!["robin".into()]),
        ..App::default()
    };
    let claim = Claim::groups("groups", ClaimToken::Access, GroupFilter::StartsWith("kong-".into()));
    let server = &mut org.servers[0];
    (server.id, server.audience) = (server_id(&written), "api://kong".into());
    makes_app(page.step("The Native app."), &native);
    makes_claim(page.step("Groups, if Kong is to admit by them."), &claim);
    makes_rule(page.step("The access policy."), &server.policies[0].rules[0]);
    says(page.step("The Web app."), &format!("`{GATEWAY}`"));
    says(page.step("The authorization server."), &format!("*Audience* such as `{}`", server.audience));
    says(page.step("Let it in."), "*Assign to* both apps");
    server.claims = Some(vec![claim]);
    server.policies[0].clients.iter_mut().for_each(|clients| clients.push(native.client_id.clone()));
    org.clients.push(native);
    org.people[0].groups = vec!["Everyone".into(), "kong-readers".into(), "kong-writers".into()];
    org
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_our_page_on_kong_has_an_app_beside_kongs_and_calls_it_by_the_pages_command() {
    let page = Page::read("kong");
    asks_for(&page, &page.parts("kong"));
    let lived = LivedBy::new(&page, "kong", on_our_page(&page)).await;
    let running = lived.sign_in().await;
    let told = groups(&running);
    assert_eq!(told.source, GroupsSource::AccessToken);
    assert_eq!(told.names, ["kong-readers", "kong-writers"]);
    says(page.text(), "**Groups** lists those that begin with `kong-`");
    let claims = ["aud", "cid"].map(|name| in_access_token(&running, name));
    let client_id = page.parts("kong").client_id;
    assert_eq!(claims, ["api://kong", &client_id].map(|value| Some(ClaimValue::Text(value.into()))));
    says(page.text(), "**Tokens** has `aud` `api://kong` and `cid` the Native app's client ID");

    // What Kong is to take is what the profile's server makes.
    let plugin = lived.page.block("yaml", "openid-connect");
    says(plugin, &format!("issuer: {}\n", lived.okta.issuer()));
    says(plugin, "audience_required: [ api://kong ]");
    says(plugin, &format!("redirect_uri: [ {GATEWAY} ]"));
    let gateway = GATEWAY.trim_end_matches("/anything");
    let lived = LivedBy { page: lived.page.with(gateway, &echo().await), ..lived };
    got_the_token(&lived.call(&running, "/anything").await, &running, "/anything").await;
    token_works(&lived.okta, &running).await;
    renewed_restarted_and_signed_out(&lived.okta, &lived.machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_ends_with_its_token_until_an_admin_ticks_refresh_token() {
    let (okta, machine) = set_up(documented(), OPTIONS).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    running.sign_in("work").await;
    machine.clock.advance(Duration::from_secs(3601));
    running.app.look_again();
    running.until_status("work", Status::SignInNeeded).await;
    running.quit().await;
    drop((okta, machine));

    let with_refresh = OPTIONS.replace("profile", "profile offline_access");
    assert_eq!(problem_with_secret(documented(), &with_refresh).await.code, "scope-not-here");
    let mut org = documented();
    org.clients[0].grant_types.push(GrantType::Refresh);
    let (okta, machine) = set_up(org, &with_refresh).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    running.sign_in("work").await;
    renewed_restarted_and_signed_out(&okta, &machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateways_redirect_uri_alone_is_none_for_this_machine() {
    let mut org = documented();
    let ours = org.clients[0].redirect_uris.pop().expect("ours");
    org.par = Par::Offered;
    let problem = problem_of_redirect_uri(org.clone(), &ours, &OPTIONS.replace("client_secret_basic", "none")).await;
    assert_eq!(problem.code, "sign-in-timed-out");
    // Where the server takes pushed requests it says so itself, and no browser is opened for nothing.
    let (okta, machine) = set_up(org, "").await;
    machine.write_profile(&okta, std::slice::from_ref(&ours), &format!("{OPTIONS}\npush = true"));
    okta.expect_trouble();
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    let problem = running.fail_to_sign_in("work").await;
    assert_eq!(problem.code, "redirect-uri-unknown");
    assert!(problem.advice.contains(&ours), "{problem:?}");
    assert_eq!(machine.browser.n_opened(), 0);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_whom_nobody_has_assigned() {
    let mut org = documented();
    // "Skip group assignment for now", and then nothing.
    org.clients[0].assignment = Assignment::People(Vec::new());
    assert_eq!(problem_with_secret(org, OPTIONS).await.code, "not-assigned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_missing_wrong_or_sent_the_other_way() {
    let (okta, machine) = set_up(documented(), OPTIONS).await;
    let running = machine.start().await;
    assert_eq!(running.fail_to_sign_in("work").await.code, "no-client-secret");
    assert_eq!((okta.count(Endpoint::Authorize), okta.count(Endpoint::Token), machine.browser.n_opened()), (0, 0, 0));
    running.give_secret("work", "another-applications-secret_0123456789").await;
    let wrong = running.fail_to_sign_in("work").await;
    assert_eq!(wrong.quote.as_deref(), Some("The client secret supplied for a confidential client is invalid."));
    running.quit().await;

    let by_post = OPTIONS.replace("client_secret_basic", "client_secret_post");
    assert_eq!(problem_with_secret(documented(), &by_post).await.code, "client-refused");
    let without = OPTIONS.replace("client_secret_basic", "none");
    assert_eq!(problem_of(documented(), &without).await.code, "client-wants-secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_is_another_applications() {
    let mut org = documented();
    org.servers[0].policies[0].clients = Some(vec!["0oaanother".into()]);
    assert_eq!(problem_with_secret(org, OPTIONS).await.code, "no-matching-policy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_scope_needs_scope_rule_and_claim_in_this_order() {
    // "make sure you add the custom claim to your authorization server scopes, claims, access policy, and access policy rules"
    let options = OPTIONS.replace("profile", "profile kong");
    let mut org = documented();
    let rule = |org: &mut Org, scopes: &[&str]| {
        org.servers[0].policies[0].rules[0].scopes = Some(scopes.iter().map(|&scope| scope.to_owned()).collect());
    };
    rule(&mut org, &["openid", "email", "profile"]);
    assert_eq!(problem_with_secret(org.clone(), &options).await.code, "unknown-scope");
    org.servers[0].scopes.push(Scope::named("kong"));
    assert_eq!(problem_with_secret(org.clone(), &options).await.code, "no-matching-policy");
    rule(&mut org, &["openid", "email", "profile", "kong"]);
    for has_claim in [false, true] {
        if has_claim {
            org.servers[0].claims = Some(vec![Claim {
                name: "tier".into(),
                token: ClaimToken::Access,
                value: Value::Fixed("gold".into()),
                is_enabled: true,
                scopes: vec!["kong".into()],
            }]);
        }
        let (_okta, machine) = set_up(org.clone(), &options).await;
        let running = machine.start().await;
        running.give_secret("work", SECRET).await;
        running.sign_in("work").await;
        let tier = has_claim.then(|| ClaimValue::Text("gold".into()));
        assert_eq!(in_access_token(&running, "tier"), tier);
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metadata_address_is_cut_and_a_form_is_only_for_loopback() {
    // "strip the /.well-known/oauth-authorization-server"
    let issuer = "https://domain.okta.com/oauth2/a36f045h4597";
    assert_eq!(issuer_read_from(&format!("{issuer}/.well-known/oauth-authorization-server")).await, issuer);
    let (_okta, machine) = set_up(documented(), OPTIONS).await;
    let uri = machine.profiles_text().split("redirect_uris = [\"").nth(1).expect("a URI").to_owned();
    let uri = uri.split('"').next().expect("its end").to_owned();
    machine.edit_profiles(&uri, "dev.gatepass.desktop:/callback");
    let running = machine.start().await;
    let told = running.until_told_of_the_file(true).await.expect("a problem");
    assert!(told.detail.contains("response_mode"), "{told:?}");
    let answer =
        running.want(Intent::SignIn { profile: "work".into(), as_someone_else: false, with_code: false }).await;
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
    running.quit().await;
}
