//! MongoDB's *Configure Workforce Identity Federation with Okta*.

use std::time::Duration;

use gatepass_fake_okta::{
    AccessPolicy, App, AppKind, Assignment, Claim, ClaimToken, ClientAuthentication, ClientSecret, CustomServer,
    DEMO_CLIENT_ID, GrantType, GroupFilter, Lifetimes, Org, PersonStatus, Rotation, Rule, RuleUsers,
};
use gatepass_wire::{ClaimValue, GroupsSource, Intent, Status};

use super::page::{LivedBy, asks_for, makes_app, makes_claim, makes_rule, says, server_id};
use super::*;

/// The org that the document makes.
fn documented() -> Org {
    let app = App {
        // "In the Application type section, select Native Application."
        kind: AppKind::Native,
        // "Authorization Code or Device Authorization", "(Optional) Refresh Token"
        grant_types: vec![GrantType::Code, GrantType::Device, GrantType::Refresh],
        // "Enter the following URL: http://localhost:27097/redirect."
        redirect_uris: at_free_port(["http://localhost:27097/redirect"]).to_vec(),
        // "ensure Enable immediate access with Federation Broker Mode is checked"
        assignment: Assignment::FederationBroker,
        // "ensure Require PKCE as additional verification is enabled (checked by default)"
        requires_pkce: true,
        // What the console begins with.
        client_authentication: ClientAuthentication::None,
        refresh: Rotation::Static,
        ..App::default()
    };
    let rule = Rule {
        // "If the client is acting on behalf of a user, select the following: Authorization Code, Device Authorization"
        grant_types: vec![GrantType::Code, GrantType::Device],
        // "Select Any user assigned to the app.", "Select Any scopes."
        users: RuleUsers::AnyAssigned,
        scopes: None,
        lifetimes: Some(Lifetimes {
            // "Access token lifetime is 1 Hours"
            access_token: Duration::from_secs(3600),
            // "Refresh token lifetime is Unlimited"
            refresh_token: None,
            // "but will expire if not used every 7 days"
            refresh_idle: Some(Duration::from_secs(7 * 24 * 3600)),
        }),
    };
    let server = CustomServer {
        id: "ausabgmhveoOQSMsE697".into(),
        // "In the Audience field, paste the client ID from the previous step."
        audience: DEMO_CLIENT_ID.into(),
        scopes: Vec::new(),
        // "Enter a name for your claim. … select Access Token. … select Groups. … Matches regex … .*" "Any scope."
        claims: Some(vec![Claim::groups("mongodb-groups", ClaimToken::Access, GroupFilter::all())]),
        // "In the Assign to field, select All clients."
        policies: vec![AccessPolicy { clients: None, rules: vec![rule] }],
        ..CustomServer::default()
    };
    let mut org = org(app, Some(server));
    // "name your directory OIDC", "Groups: Enter OIDC."
    org.people[0].groups = vec!["Everyone".into(), "OIDC".into()];
    org.device_interval = Duration::from_secs(1);
    org
}

/// What the document's person enters beside issuer, client ID and redirect URI: the name that was chosen for the claim.
fn options() -> String {
    format!("{SCOPES}\ngroups_claim = \"mongodb-groups\"")
}

fn rule(org: &mut Org) -> &mut Rule {
    &mut org.servers[0].policies[0].rules[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_mongodbs_document_signs_in_and_uses_the_token() {
    let (okta, machine) = set_up(documented(), &options()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let told = groups(&running);
    assert_eq!((told.source, told.names), (GroupsSource::AccessToken, vec!["Everyone".into(), "OIDC".into()]));
    assert_eq!(in_access_token(&running, "aud"), Some(ClaimValue::Text(DEMO_CLIENT_ID.into())));
    assert_eq!(running.session("work").lifetime_ms, Some(3_600_000));
    token_works(&okta, &running).await;
    renewed_restarted_and_signed_out(&okta, &machine, running).await;
}

/// The org that our page makes: the document's, with a name for the claim.
fn on_our_page(page: &Page) -> Org {
    let written = page.parts("mongodb");
    let mut org = documented();
    let (app, server) = (&mut org.clients[0], &mut org.servers[0]);
    app.client_id = written.client_id.clone();
    app.redirect_uris = vec!["http://localhost:27097/redirect".into()];
    (server.id, server.audience) = (server_id(&written), written.client_id);
    let claim = Claim::groups("groups", ClaimToken::Access, GroupFilter::all());
    let (made, identified) = (page.step("The app."), page.step("Its client ID."));
    makes_app(&format!("{made}\n{identified}"), app);
    says(made, "**Enable immediate access with Federation Broker Mode** ticked");
    says(identified, "**Require PKCE as additional verification** is ticked");
    says(page.step("The authorization server."), "*Audience*: the client ID of step 2");
    makes_claim(page.step("The groups claim."), &claim);
    let policy = page.step("The access policy.");
    says(policy, "*Assign to* **All clients**");
    makes_rule(policy, &server.policies[0].rules[0]);
    says(policy, "*Access token lifetime* **1 hour**; *Refresh token lifetime* **Unlimited**");
    says(policy, "*but will expire if not used every* **7 days**");
    says(page.step("A group and a person."), "*Groups* `OIDC`");
    server.claims = Some(vec![claim]);
    org
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_our_page_on_mongodb_sees_the_groups_and_asks_okta_by_the_pages_commands() {
    let page = Page::read("mongodb");
    let written = page.parts("mongodb");
    asks_for(&page, &written);
    let lived = LivedBy::new(&page, "mongodb", on_our_page(&page)).await;
    let running = lived.sign_in().await;
    let told = groups(&running);
    assert_eq!((told.source, told.names), (GroupsSource::AccessToken, vec!["Everyone".into(), "OIDC".into()]));
    says(page.text(), "**Groups** lists `OIDC` and `Everyone`, from the claim `groups` of the access token");
    assert_eq!(in_access_token(&running, "aud"), Some(ClaimValue::Text(written.client_id.clone())));
    says(page.text(), "`aud` is the client ID of step 2");

    // What MongoDB is to take is what the profile's server makes.
    let server = lived.page.block("yaml", "oidcIdentityProviders");
    says(server, &format!("\"issuer\": \"{}\"", lived.okta.issuer()));
    says(server, &format!("\"audience\": \"{0}\", \"clientId\": \"{0}\"", written.client_id));
    says(server, "\"authorizationClaim\": \"groups\"");
    says(page.block("python", "OIDCCallbackResult"), "os.environ[\"ACCESS_TOKEN\"]");
    let named = lived.call(&running, "/v1/userinfo").await;
    assert_eq!((named.status, &named.json()["name"]), (200, &"Robin Calder".into()), "{named:?}");
    let asked = lived.call(&running, "/v1/introspect").await;
    assert_eq!((asked.status, &asked.json()["active"]), (200, &true.into()), "{asked:?}");
    says(page.text(), "The first names you, the second says `\"active\":true`");
    lived.is_the_copied_command(&running, "/v1/userinfo").await;
    renewed_restarted_and_signed_out(&lived.okta, &lived.machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_mongodbs_document_signs_in_with_a_code_too() {
    let (okta, machine) = set_up(documented(), &options()).await;
    let running = machine.start().await;
    let code = with_code(&running).await;
    machine.browser.client().allow_device(&code, "robin").await.expect("Okta's pages");
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(groups(&running).names, ["Everyone", "OIDC"]);
    token_works(&okta, &running).await;
    is_signed_out(&okta, running).await;
}

/// Begins a sign-in on another device; the address there, with the code in it.
async fn with_code(running: &Running) -> String {
    let sign_in = Intent::SignIn { profile: "work".into(), as_someone_else: false, with_code: true };
    assert_eq!(running.want(sign_in).await, gatepass_wire::Answer::Done);
    let shown = running.until("work", "a code", |profile| profile.attempt.as_ref().is_some_and(|it| it.code.is_some()));
    let code = shown.await.attempt.and_then(|attempt| attempt.code).expect("it was just there");
    code.address_with_code.expect("Okta sends one")
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_refresh_token_the_session_ends_with_its_token_as_the_document_says() {
    // "When refresh tokens are not enabled, users must re-authenticate … once their access token expires."
    let mut org = documented();
    org.clients[0].grant_types = vec![GrantType::Code];
    let (okta, machine) = set_up(org, &options().replace(" offline_access", "")).await;
    let running = machine.start().await;
    let session = running.sign_in("work").await.session.expect("a session");
    assert!(!session.renewable && session.refresh_at.is_none());
    token_works(&okta, &running).await;
    machine.clock.advance(Duration::from_secs(3601));
    running.app.look_again();
    let ended = running.until_status("work", Status::SignInNeeded).await;
    assert_eq!(ended.problem.expect("a problem").code, "session-expired");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_is_not_ticked_and_asked_for_all_the_same() {
    let mut org = documented();
    org.clients[0].grant_types = vec![GrantType::Code];
    assert_eq!(problem_of(org, &options()).await.code, "scope-not-here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_uri_that_is_not_mongodbs_to_the_letter() {
    let org = documented();
    let uri = format!("{}/", org.clients[0].redirect_uris[0]);
    let problem = problem_of_redirect_uri(org, &uri, &options()).await;
    assert_eq!(problem.code, "sign-in-timed-out");
    assert!(format!("{} {}", problem.detail, problem.advice).contains(&uri), "{problem:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_application_in_place_of_a_native_one() {
    let mut org = documented();
    let app = &mut org.clients[0];
    app.kind = AppKind::Web;
    app.client_authentication =
        ClientAuthentication::SecretBasic(vec![ClientSecret::active("a-secret-that-nobody-has-copied-yet")]);
    assert_eq!(problem_of(org, &options()).await.code, "client-wants-secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_without_authorization_code() {
    let mut org = documented();
    org.clients[0].grant_types = vec![GrantType::Device, GrantType::Refresh];
    assert_eq!(problem_of(org, &options()).await.code, "code-grant-off");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_for_the_client_itself_in_place_of_a_user() {
    // "If the client is acting on behalf of itself, select Client Credentials."
    let mut org = documented();
    rule(&mut org).grant_types = vec![GrantType::ClientCredentials];
    assert_eq!(problem_of(org, &options()).await.code, "no-matching-policy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_without_device_authorization_refuses_the_code_alone() {
    let mut org = documented();
    rule(&mut org).grant_types = vec![GrantType::Code];
    let (_okta, machine) = set_up(org, &options()).await;
    let running = machine.start().await;
    let code = with_code(&running).await;
    machine.browser.client().allow_device(&code, "robin").await.expect("Okta's pages");
    assert_eq!(running.until_problem("work").await.code, "no-matching-policy");
    running.sign_in("work").await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_policy_and_a_scope_that_is_on_no_server() {
    let mut org = documented();
    org.servers[0].policies.clear();
    assert_eq!(problem_of(org, &options()).await.code, "no-matching-policy");
    let with_groups = options().replace("offline_access", "offline_access groups");
    assert_eq!(problem_of(documented(), &with_groups).await.code, "unknown-scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_disabled_or_of_another_name_tells_no_groups() {
    // "Disable claim: Do not check."
    for (is_enabled, options) in [(false, options()), (true, SCOPES.to_owned())] {
        let mut org = documented();
        org.servers[0].claims.iter_mut().flatten().for_each(|claim| claim.is_enabled = is_enabled);
        let (_okta, machine) = set_up(org, &options).await;
        let running = machine.start().await;
        running.sign_in("work").await;
        let told = groups(&running);
        assert_eq!((told.source, told.names), (GroupsSource::NoClaim, vec![]));
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_cannot_be_evaluated_or_matches_too_many_groups() {
    let mut org = documented();
    let claims = org.servers[0].claims.iter_mut().flatten();
    claims.for_each(|claim| claim.value = gatepass_fake_okta::ClaimValue::Broken);
    assert_eq!(problem_of(org, &options()).await.code, "claim-not-evaluated");

    // `.*` is fine until somebody with more than a hundred groups signs in with a code.
    let (okta, machine) = set_up(documented(), &options()).await;
    okta.sign_in_as("sam");
    let running = machine.start().await;
    let code = with_code(&running).await;
    machine.browser.client().allow_device(&code, "sam").await.expect("Okta's pages");
    assert_eq!(running.until_problem("work").await.code, "too-many-groups");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_without_api_access_management_has_no_server_to_add() {
    let org = Org { has_api_access_management: false, ..documented() };
    assert_eq!(problem_of(org, &options()).await.code, "no-api-access-management");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_was_not_activated_or_must_change_the_password() {
    // "Select Activate Now", "User must change password on first login: Select Optional"
    for (status, said) in
        [(PersonStatus::Staged, "Login failed."), (PersonStatus::PasswordExpired, "The user's password is expired.")]
    {
        let mut org = documented();
        org.people[0].status = status;
        let problem = problem_of(org, &options()).await;
        assert_eq!((problem.quote.as_deref(), problem.action), (Some(said), Some(gatepass_wire::Action::SignIn)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_id_of_another_org() {
    let (okta, machine) = set_up(documented(), &options()).await;
    machine.edit_profiles(DEMO_CLIENT_ID, "0oaofanotherorg00001");
    assert_eq!(problem_that_okta_keeps(&okta, &machine).await.code, "sign-in-timed-out");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metadata_uri_is_cut_where_the_document_says() {
    // "copying the first part of the Metadata URI up to the .well-known section"
    let issuer = "https://trial4238026.okta.com/oauth2/ausabgmhveoOQSMsE697";
    for rest in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/"] {
        assert_eq!(issuer_read_from(&format!("{issuer}{rest}")).await, issuer);
    }
}
