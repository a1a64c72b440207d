//! Pomerium's *Okta*, which has the menus of Okta's earlier console.
//!
//! It makes a web application at the org authorization server, and an admin's API token for Pomerium to look groups up with.
//! Gatepass can use the same application, with the secret, once an admin adds a redirect URI on loopback. It asks nobody for
//! the API token, and takes it from an admin who insists.

use gatepass_fake_okta::{
    ApiToken, App, AppKind, Assignment, ClientAuthentication, ClientSecret, Endpoint, GrantType, GroupFilter,
    GroupsClaim, GroupsIn, Org, Rotation, group_id,
};
use gatepass_wire::{AccessTokenView, Answer, FieldStatus, GroupsSource, ProfileDraft};

use super::page::{LivedBy, asks_for, echo, got_the_token, makes_app, makes_groups_claim, says};
use super::*;

const API_TOKEN: &str = "00pomeriums-api-token_0123456789abcdefghij";
const SECRET: &str = "pomeriums-secret_0123456789-abcdefghijklmnopqrst";

/// The org that the document makes, and the one redirect URI that it needs for us.
fn documented() -> Org {
    let [ours] = at_free_port(["http://localhost:27097/redirect"]);
    let app = App {
        // "select the Web for your application"
        kind: AppKind::Web,
        // "Login redirect URIs", "e.g. https://authenticate.corp.example.com/oauth2/callback"
        redirect_uris: vec!["https://authenticate.corp.example.com/oauth2/callback".into(), ours],
        // "Group assignments (optional): The user groups that can sign in to this application."
        assignment: Assignment::Groups(vec!["platform-engineers".into()]),
        // "You must enable Refresh Token."
        grant_types: vec![GrantType::Code, GrantType::Refresh],
        refresh: Rotation::Static,
        // "This section contains the Client ID and Client Secret"
        client_authentication: ClientAuthentication::SecretBasic(vec![ClientSecret::active(SECRET)]),
        requires_pkce: false,
        ..App::default()
    };
    Org {
        // "click the API menu item, and select Tokens"
        api_tokens: vec![ApiToken { value: API_TOKEN.into(), made_by: "yael".into(), is_active: true }],
        // The document has Pomerium look groups up: no token tells them.
        groups_in: GroupsIn { id_token: false, access_token: false, claim: "groups".into() },
        // "IDP_PROVIDER_URL": the org's own address.
        ..org(app, None)
    }
}

const OPTIONS: &str = "scopes = \"openid profile email groups offline_access\"\n\
                       client_authentication = \"client_secret_basic\"";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_pomeriums_document_signs_in_and_uses_the_token() {
    let (okta, machine) = set_up(documented(), OPTIONS).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    let session = running.sign_in("work").await.session.expect("a session");
    assert_eq!(session.tokens.access, Some(AccessTokenView::OrgServer), "it is for Okta alone");
    assert_eq!(session.groups.source, GroupsSource::NoClaim);
    token_works(&okta, &running).await;
    assert_eq!(okta.count(Endpoint::Groups), 0, "nobody has lent us an admin's token");
    renewed_restarted_and_signed_out(&okta, &machine, running).await;
}

/// The org that our page makes: the document's, and a native app beside its own.
fn on_our_page(page: &Page) -> Org {
    let mut org = documented();
    // The document's web app keeps its own redirect URI alone.
    org.clients[0].redirect_uris.truncate(1);
    let native = App {
        client_id: page.parts("pomerium").client_id,
        redirect_uris: vec!["http://localhost:27097/redirect".into()],
        refresh: Rotation::Static,
        assignment: org.clients[0].assignment.clone(),
        groups_claim: Some(GroupsClaim { name: "groups".into(), filter: GroupFilter::all() }),
        ..App::default()
    };
    says(page.step("The Web app."), &format!("`{}`", org.clients[0].redirect_uris[0]));
    makes_app(page.step("The Native app."), &native);
    says(page.step("The Native app."), "*Controlled access* for the same people");
    makes_groups_claim(page.step("Groups, to see them."), native.groups_claim.as_ref().expect("it was just made"));
    org.clients.push(native);
    org
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_our_page_on_pomerium_has_an_app_beside_its_own_and_calls_it_by_the_pages_command() {
    let page = Page::read("pomerium");
    asks_for(&page, &page.parts("pomerium"));
    let lived = LivedBy::new(&page, "pomerium", on_our_page(&page)).await;
    let running = lived.sign_in().await;
    let told = running.groups("pomerium").await;
    assert_eq!((told.source, told.names.len()), (GroupsSource::UserInfo, 37));
    says(page.text(), "**Groups** lists your groups by name, from UserInfo");
    let tokens = running.session("pomerium").tokens;
    assert_eq!(tokens.access, Some(AccessTokenView::OrgServer));
    says(page.text(), "the access token is *opaque*");

    // What Pomerium is to ask is the org of the profile.
    let settings = lived.page.block("yaml", "idp_provider");
    says(settings, &format!("idp_provider_url: {}\n", lived.okta.org_issuer()));
    let asked = lived.call(&running, "/oauth2/v1/userinfo").await;
    assert_eq!((asked.status, &asked.json()["name"]), (200, &"Robin Calder".into()), "{asked:?}");
    lived.is_the_copied_command(&running, "/oauth2/v1/userinfo").await;
    let route = echo().await;
    let lived = LivedBy { page: lived.page.with("https://verify.corp.example.com", &route), ..lived };
    got_the_token(&lived.call(&running, &route).await, &running, "/").await;
    assert_eq!(lived.okta.count(Endpoint::Groups), 0, "nobody has lent us an admin's token");
    renewed_restarted_and_signed_out(&lived.okta, &lived.machine, running).await;
}

/// "Group ID will be used to affirm group membership", and no token names it.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_insists_sees_the_ids_that_pomeriums_policies_use() {
    let (okta, machine) = set_up(documented(), &format!("{OPTIONS}\ngroups_from = \"okta_api_token\"")).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    running.sign_in("work").await;
    running.put_on_clipboard(API_TOKEN);
    let answer = running.want(Intent::TakeApiToken { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::ClientKeys { secrets: 1, has_api_token: true, .. }), "{answer:?}");
    let told = running.until_groups("work", |groups| !groups.ids.is_empty()).await;
    let place = told.names.iter().position(|name| name == "platform-engineers").expect("a group of Robin's");
    assert_eq!(told.ids[place], group_id("platform-engineers"));
    renewed_restarted_and_signed_out(&okta, &machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_adds_a_groups_claim_lets_everyone_see_their_own() {
    let mut org = documented();
    org.clients[0].groups_claim = Some(GroupsClaim { name: "groups".into(), filter: GroupFilter::all() });
    let (_okta, machine) = set_up(org, OPTIONS).await;
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    running.sign_in("work").await;
    assert_eq!((groups(&running).source, groups(&running).names.len()), (GroupsSource::IdToken, 37));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_token_that_is_not_enabled_though_it_must_be() {
    let mut org = documented();
    org.clients[0].grant_types = vec![GrantType::Code];
    let (okta, machine) = set_up(org, OPTIONS).await;
    okta.expect_trouble();
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    let problem = running.fail_to_sign_in("work").await;
    assert_eq!(problem.code, "scope-not-here");
    assert_eq!(
        problem.quote.as_deref(),
        Some("The following scopes are not allowed for this request: [offline_access].")
    );
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_in_none_of_the_groups_that_can_sign_in() {
    let (okta, machine) = set_up(documented(), OPTIONS).await;
    okta.sign_in_as("noor");
    let running = machine.start().await;
    running.give_secret("work", SECRET).await;
    assert_eq!(running.fail_to_sign_in("work").await.code, "not-assigned");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_secret_that_is_still_replace_me() {
    // "IDP_CLIENT_SECRET="REPLACE_ME""
    let (_okta, machine) = set_up(documented(), OPTIONS).await;
    let running = machine.start().await;
    running.put_on_clipboard("REPLACE_ME");
    let answer = running.want(Intent::TakeClientSecret { profile: "work".into() }).await;
    let Answer::Refused(problem) = answer else { panic!("{answer:?}") };
    assert_eq!(problem.code, "no-secret-on-clipboard");
    assert_eq!(running.clipboard().as_deref(), Some("REPLACE_ME"), "what is no secret stays there");
    assert_eq!(running.fail_to_sign_in("work").await.code, "no-client-secret");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_the_admin_console_with_its_slash() {
    // "IDP_PROVIDER_URL="https://dev-108295-admin.oktapreview.com/""
    let issuer = issuer_read_from("https://dev-108295-admin.oktapreview.com/").await;
    assert_eq!(issuer, "https://dev-108295.oktapreview.com");

    // Repaired with a word.
    let okta = FakeOkta::start(documented()).await;
    let running = Machine::new().start().await;
    let draft = ProfileDraft { issuer: format!("{}/", okta.org_issuer()), ..ProfileDraft::default() };
    let answer = running.want(Intent::CheckProfile { draft }).await;
    let Answer::Report(report) = answer else { panic!("{answer:?}") };
    assert_eq!((report.issuer.status, report.found_issuer), (FieldStatus::Note, Some(okta.org_issuer())));
    assert!(!report.issuer.message.is_empty());
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_was_written_into_the_file_with_its_slash_is_not_taken() {
    let (okta, machine) = set_up(documented(), OPTIONS).await;
    machine.edit_profiles(&format!("\"{}\"", okta.org_issuer()), &format!("\"{}/\"", okta.org_issuer()));
    let running = machine.start().await;
    let told = running.until_told_of_the_file(true).await.expect("a problem");
    assert!(told.detail.contains("issuer"), "{told:?}");
    running.quit().await;
}
