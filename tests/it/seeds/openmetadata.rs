//! OpenMetadata's *Okta SSO: Auth Code Flow*.
//!
//! It makes a web application, which has a secret. Its redirect URIs lead to loopback, so that Gatepass needs no other.

use gatepass_fake_okta::{
    AccessPolicy, App, AppKind, Assignment, Claim, ClaimToken, ClientAuthentication, ClientSecret, CustomServer,
    DEMO_CLIENT_ID, Endpoint, GrantType, GroupFilter, IssuerMode, Org, Rotation, Rule, RuleUsers, Scope, ScopeConsent,
};
use gatepass_wire::{ClaimValue, GroupsSource, Status};

use super::page::{LivedBy, asks_for, echo, got_the_token, makes_app, makes_claim, says, server_id, ticks};
use super::*;

const SECRET: &str = "openmetadatas-secret_0123456789-abcdefghijklmnop";

/// The org that the document makes.
fn documented() -> Org {
    let app = App {
        // "select the Application type -> Web Application"
        kind: AppKind::Web,
        // "Authorization Code", "Refresh Token", "Implicit (hybrid)"
        grant_types: vec![GrantType::Code, GrantType::Refresh, GrantType::Implicit],
        // "it is recommended to select the option to 'Rotate token after every use'"
        refresh: Rotation::Rotate { grace: std::time::Duration::ZERO },
        // "Enter the Sign-in redirect URIs"
        redirect_uris: at_free_port(["http://localhost:8585/callback", "http://localhost:8585/silent-callback"])
            .to_vec(),
        // "Enter the Sign-out redirect URIs"
        post_logout_redirect_uris: vec!["http://localhost:8585".into()],
        // "Select the required option for Controlled access"
        assignment: Assignment::Everyone,
        // "The Client authentication is enabled by default."
        client_authentication: ClientAuthentication::SecretBasic(vec![ClientSecret::active(SECRET)]),
        requires_pkce: false,
        // "you can deselect the option for User consent"
        requires_consent: false,
        // "For Issuer, change from the Dynamic (based on request domain) option to the Okta URL option."
        issuer_mode: IssuerMode::OktaUrl,
        ..App::default()
    };
    let rule = Rule {
        // "such as Client Credentials, Authorization Code, Device Authorization, and Token Exchange"
        grant_types: vec![GrantType::ClientCredentials, GrantType::Code, GrantType::Device, GrantType::TokenExchange],
        users: RuleUsers::AnyAssigned,
        scopes: None,
        lifetimes: None,
    };
    let server = CustomServer {
        id: "ausopenmetadata".into(),
        // "The Audience is the Client ID"
        audience: DEMO_CLIENT_ID.into(),
        // "Change the Issuer URL to Okta URL and save the changes."
        issuer_mode: IssuerMode::OktaUrl,
        // "Click on Add Scope", "Set as a Default Scope."
        scopes: vec![Scope { is_default: true, ..Scope::named("openmetadata") }],
        claims: Some(Vec::new()),
        // "Assign the policy to the required clients."
        policies: vec![AccessPolicy { clients: Some(vec![DEMO_CLIENT_ID.into()]), rules: vec![rule] }],
        ..CustomServer::default()
    };
    org(app, Some(server))
}

fn options() -> String {
    format!("{SCOPES}\nclient_authentication = \"client_secret_basic\"")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_openmetadatas_document_signs_in_and_uses_the_token() {
    let (okta, machine) = set_up(documented(), &options()).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    running.sign_in("work").await;
    // The document makes no groups claim.
    assert_eq!(groups(&running).source, GroupsSource::NoClaim);
    assert_eq!(in_access_token(&running, "aud"), Some(ClaimValue::Text(DEMO_CLIENT_ID.into())));
    let asked = okta.requests_to(Endpoint::Authorize).pop().expect("a request");
    assert!(asked.parameters.get("redirect_uri").is_some_and(|uri| uri.ends_with("/callback")));
    // "Implicit (hybrid)" is ticked, and nobody needs it.
    assert_eq!(asked.parameters.get("response_type"), Some("code"));
    token_works(&okta, &running).await;
    renewed_restarted_and_signed_out(&okta, &machine, running).await;
}

/// The org that our page makes: the document's, and a native app on the same server.
fn on_our_page(page: &Page) -> Org {
    let written = page.parts("openmetadata");
    let mut org = documented();
    let native = App {
        client_id: written.client_id.clone(),
        redirect_uris: vec!["http://localhost:27097/redirect".into()],
        ..App::default()
    };
    let claim = Claim::groups("groups", ClaimToken::Id, GroupFilter::all());
    let (web, server) = (&mut org.clients[0], &mut org.servers[0]);
    web.redirect_uris = vec!["http://localhost:8585/callback".into(), "http://localhost:8585/silent-callback".into()];
    web.redirect_uris.iter().for_each(|uri| says(page.text(), &format!("`{uri}`")));
    let policy = &mut server.policies[0];
    // "tick what you use"
    policy.rules[0].grant_types = vec![GrantType::Code];
    ticks(page.step("The access policy."), &policy.rules[0].grant_types);
    says(page.step("The authorization server."), "*Audience*: the Web app's client ID");
    says(page.step("Its issuer."), "*Issuer* from **Dynamic** to **Okta URL**");
    makes_app(page.step("The Native app."), &native);
    says(page.step("The Native app."), "*User consent* not ticked");
    says(page.step("Let it in."), "*Assign to* both apps");
    makes_claim(page.step("Groups, if you want to see them."), &claim);
    server.id = server_id(&written);
    server.claims = Some(vec![claim]);
    policy.clients.iter_mut().for_each(|clients| clients.push(native.client_id.clone()));
    org.clients.push(native);
    org
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_our_page_on_openmetadata_has_an_app_beside_its_own_and_calls_it_by_the_pages_command() {
    let page = Page::read("openmetadata");
    let written = page.parts("openmetadata");
    asks_for(&page, &written);
    assert!(written.silent_first, "{written:?}");
    let lived = LivedBy::new(&page, "openmetadata", on_our_page(&page)).await;
    let running = lived.sign_in().await;
    let told = groups(&running);
    assert_eq!((told.source, told.names.len()), (GroupsSource::IdToken, 37));
    says(page.text(), "**Groups** as of step 8");
    let claims = ["aud", "cid", "sub"].map(|name| in_access_token(&running, name));
    let expected = [DEMO_CLIENT_ID, &written.client_id, "robin.calder@acme.example"];
    assert_eq!(claims, expected.map(|value| Some(ClaimValue::Text(value.into()))));
    says(
        page.text(),
        "`aud` the **Web** app's client ID (so says the document), `cid` the Native app's, and `sub` your login",
    );
    let asked = lived.okta.requests_to(Endpoint::Authorize);
    let first = asked.first().expect("a request");
    assert_eq!(first.parameters.get("prompt"), Some("none"), "a click tries without a page first");

    // What OpenMetadata is to verify by is where the profile's server has its keys.
    says(lived.page.text(), &format!("`publicKeyUrls` has `{}/v1/keys`", lived.okta.issuer()));
    let lived =
        LivedBy { page: lived.page.with("http://localhost:8585/api", &format!("{}/api", echo().await)), ..lived };
    let called = lived.call(&running, "loggedInUser").await;
    got_the_token(&called, &running, "/api/v1/users/loggedInUser").await;
    token_works(&lived.okta, &running).await;
    renewed_restarted_and_signed_out(&lived.okta, &lived.machine, running).await;
}

/// Whoever may not make another app has the page's worse way: the web app, with its secret.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_web_app_alone_gets_in_by_what_our_page_says_of_it() {
    let page = Page::read("openmetadata");
    let (authentication, uri) = ("client_authentication = \"client_secret_basic\"", "http://localhost:8585/callback");
    says(page.text(), &format!("`{authentication}` with `redirect_uris = [\"{uri}\"]`"));
    let options = format!("scopes = \"{}\"\n{authentication}", page.parts("openmetadata").scopes.expect("scopes"));
    let (okta, machine) = set_up(documented(), &options).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    running.sign_in("work").await;
    token_works(&okta, &running).await;
    is_signed_out(&okta, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_rotated_is_not_used_again_though_the_document_gives_no_grace() {
    let (okta, machine) = set_up(documented(), &options()).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    running.sign_in("work").await;
    for _ in 0..3 {
        assert_eq!(running.refresh("work").await, Status::SignedIn);
    }
    assert_eq!((okta.reuse_detections(), okta.active_refresh_tokens().len()), (0, 1));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_stayed_dynamic_or_became_custom_is_another_issuer() {
    // "The Issuer URL shows up as Dynamic by default."
    for (mode, expected) in [(IssuerMode::Dynamic, None), (IssuerMode::CustomUrl, Some("issuer-mismatch"))] {
        let mut org = documented();
        org.custom_domain = Some("localhost".into());
        org.servers[0].issuer_mode = mode;
        let (_okta, machine) = set_up(org, &options()).await;
        let running = machine.start().await;
        running.give_secret("work", SECRET).await;
        match expected {
            // Whoever asks by the Okta URL is answered by it.
            None => drop(running.sign_in("work").await),
            Some(code) => assert_eq!(running.fail_to_sign_in("work").await.code, code),
        }
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_secret_that_is_there_by_default_and_not_entered() {
    // "The Client authentication is enabled by default."
    assert_eq!(problem_of(documented(), SCOPES).await.code, "client-wants-secret");
    let problem = problem_of(documented(), &options()).await;
    assert_eq!(problem.code, "no-client-secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_for_no_client_of_ours_and_a_rule_without_authorization_code() {
    for is_assigned in [false, true] {
        let mut org = documented();
        let policy = &mut org.servers[0].policies[0];
        if is_assigned {
            policy.rules[0].grant_types = vec![GrantType::ClientCredentials, GrantType::TokenExchange];
        } else {
            policy.clients = Some(Vec::new());
        }
        let (okta, machine) = set_up(org, &options()).await;
        let running = machine.start().await;
        running.give_secret("work", SECRET).await;
        assert_eq!(running.fail_to_sign_in("work").await.code, "no-matching-policy");
        running.quit().await;
        drop(okta);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn user_consent_that_is_left_on_is_asked_for_once_and_may_be_refused() {
    let mut org = documented();
    org.clients[0].requires_consent = true;
    org.servers[0].scopes[0].consent = ScopeConsent::Required;
    let options = options().replace("offline_access", "offline_access openmetadata");
    let (_okta, machine) = set_up(org, &options).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    let browser = machine.browser.client();

    running.click_sign_in("work").await;
    let page = machine.browser.page(1).await;
    browser.press(&page, "cancel").await.expect("Okta's page");
    assert_eq!(running.until_problem("work").await.code, "access-denied");

    running.click_sign_in("work").await;
    let page = machine.browser.page(2).await;
    browser.press(&page, "allow").await.expect("Okta's page");
    let signed_in = running.until_status("work", Status::SignedIn).await;
    let granted = signed_in.session.expect("a session").tokens.granted_scopes;
    assert!(granted.contains(&"openmetadata".into()), "{granted:?}");
    running.sign_out("work").await;

    // "A consent grant can outlast a token."
    running.sign_in("work").await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_of_openmetadatas_that_is_taken_moves_on_to_another_redirect_uri_only_if_there_is_one() {
    let org = documented();
    let callback = org.clients[0].redirect_uris[0].clone();
    let port = Url::parse(&callback).expect("a URI").port().expect("a port");
    let holder = std::net::TcpListener::bind(("127.0.0.1", port)).expect("it was free");
    // Both of the document's have one port: OpenMetadata itself may run there.
    let problem = {
        let (_okta, machine) = set_up(org, &options()).await;
        let running = machine.start().await;
        running.give_secret("work", SECRET).await;
        let problem = running.fail_to_sign_in("work").await;
        running.quit().await;
        problem
    };
    assert_eq!(problem.code, "redirect-uris-taken");
    drop(holder);
}
