//! Groups from Okta's own API: with the person's token, which Okta takes from administrators, and with the API token of an
//! admin who insists.

use gatepass_fake_okta::{ApiToken, App, CustomServer, Endpoint, FakeOkta, Fault, Org, group_id};
use gatepass_tests::{Machine, Running, free_redirect_uri};
use gatepass_wire::{Answer, CopiedThing, Groups, GroupsSource, Intent, Profile, Status};

const WITH_OWN_TOKEN: &str = "scopes = \"openid profile email offline_access okta.users.read\"\n\
                              groups_from = \"okta_api\"";
const WITH_ADMINS_TOKEN: &str = "scopes = \"openid profile email offline_access\"\n\
                                 groups_from = \"okta_api_token\"";
const API_TOKEN: &str = "00QCjAl4MlV-WPXM0123456789abcdefghijklmnop";

/// An org without custom servers whose admin granted the scope to the app, and where sam, who is in 1,500 groups, is an
/// administrator.
fn org() -> Org {
    let mut org = Org { servers: Vec::new(), ..Org::default() };
    org.clients[0].okta_api_scopes = vec!["okta.users.read".into()];
    for person in &mut org.people {
        person.has_admin_role = person.id == "sam";
    }
    org.api_tokens = vec![ApiToken { value: API_TOKEN.into(), made_by: "sam".into(), is_active: true }];
    org
}

async fn set_up(org: Org, person: &str, options: &str) -> (FakeOkta, Machine) {
    let redirect_uri = free_redirect_uri();
    let app = App { redirect_uris: vec![redirect_uri.clone()], ..org.clients[0].clone() };
    let (okta, machine) = (FakeOkta::start(Org { clients: vec![app], ..org }).await, Machine::new());
    okta.sign_in_as(person);
    machine.write_profile(&okta, &[redirect_uri], options);
    (okta, machine)
}

async fn signed_in(running: &Running) -> Groups {
    running.sign_in("work").await.session.expect("a session").groups
}

async fn renewed(running: &Running) -> Groups {
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    running.session("work").groups
}

async fn until_told(running: &Running) -> Groups {
    let is_told =
        |one: &Profile| one.session.as_ref().is_some_and(|session| session.groups.source == GroupsSource::OktaApi);
    running.until("work", "the groups", is_told).await.session.expect("a session").groups
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_every_group_and_copies_an_id() {
    let (okta, machine) = set_up(org(), "sam", WITH_OWN_TOKEN).await;
    let running = machine.start().await;
    let told = signed_in(&running).await;
    assert_eq!((told.source, told.names.len(), told.ids.len()), (GroupsSource::OktaApi, 1500, 1500));
    assert_eq!(told.ids[1499], group_id("project-1500"));
    assert_eq!(okta.count(Endpoint::Groups), 8, "a page for each 200");

    let group = told.ids[0].clone();
    let answer = running.want(Intent::CopyGroup { profile: "work".into(), group: group.clone() }).await;
    assert!(matches!(answer, Answer::Copied(receipt) if receipt.what == CopiedThing::GroupId));
    assert_eq!(running.clipboard(), Some(group));

    // Without an answer what was told before is shown; the session is as it was.
    okta.fault(Endpoint::Groups, Fault::ServerError(503));
    assert_eq!(renewed(&running).await.ids.len(), 1500);
    okta.edit(|org| org.people.iter_mut().for_each(|person| person.groups.truncate(2)));
    assert_eq!(renewed(&running).await.names, ["project-0001", "project-0002"]);
    running.quit().await;

    let running = machine.start().await;
    assert_eq!(until_told(&running).await.ids.len(), 2);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_person_is_told_that_okta_does_not_tell_them_and_stays_signed_in() {
    let (okta, machine) = set_up(org(), "robin", WITH_OWN_TOKEN).await;
    let running = machine.start().await;
    assert_eq!(signed_in(&running).await.source, GroupsSource::ApiRefused);
    okta.edit(|org| org.people[0].has_admin_role = true);
    assert_eq!(renewed(&running).await.source, GroupsSource::OktaApi);
    okta.edit(|org| org.people[0].has_admin_role = false);
    let told = renewed(&running).await;
    assert_eq!((told.source, told.names), (GroupsSource::ApiRefused, Vec::new()), "nothing old is shown as true");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_token_is_shown_to_the_api_with_its_proof() {
    let mut org = org();
    org.clients[0].requires_dpop = true;
    let (okta, machine) = set_up(org, "sam", &format!("{WITH_OWN_TOKEN}\ndpop = true")).await;
    let running = machine.start().await;
    assert_eq!(signed_in(&running).await.ids.len(), 1500);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_server_has_no_such_token_and_the_file_says_so() {
    let org = Org { servers: vec![CustomServer::default()], ..org() };
    let (_okta, machine) = set_up(org, "sam", WITH_OWN_TOKEN).await;
    let running = machine.start().await;
    let told = running.until_told_of_the_file(true).await.expect("a problem");
    assert!(
        told.detail.contains("groups_from: Okta's API takes tokens of the org authorization server only"),
        "{told:?}"
    );
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_insists_lends_a_token_that_is_kept_and_can_be_forgotten() {
    let (okta, machine) = set_up(org(), "robin", WITH_ADMINS_TOKEN).await;
    let running = machine.start().await;
    assert_eq!(signed_in(&running).await.source, GroupsSource::NoApiToken);
    assert_eq!(okta.count(Endpoint::Groups), 0);

    running.put_on_clipboard("not a token");
    let answer = running.want(Intent::TakeApiToken { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::Refused(problem) if problem.code == "no-api-token-on-clipboard"));
    running.put_on_clipboard(API_TOKEN);
    let answer = running.want(Intent::TakeApiToken { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::ClientKeys { has_api_token: true, .. }), "{answer:?}");
    assert_eq!(running.clipboard(), None, "it does not lie there");
    // They are asked for at once.
    let told = until_told(&running).await;
    assert_eq!((told.names.len(), &told.ids[0]), (37, &group_id("Everyone")));
    running.quit().await;

    // A start later; the token died meanwhile of a month without use.
    let running = machine.start().await;
    until_told(&running).await;
    okta.edit(|org| org.api_tokens[0].is_active = false);
    assert_eq!(renewed(&running).await.source, GroupsSource::ApiRefused);
    let answer = running.want(Intent::ForgetApiToken { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::ClientKeys { has_api_token: false, .. }), "{answer:?}");
    assert_eq!(renewed(&running).await.source, GroupsSource::NoApiToken);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_did_not_say_so_is_asked_for_no_admins_token() {
    let (okta, machine) = set_up(org(), "robin", "scopes = \"openid profile email offline_access\"").await;
    let running = machine.start().await;
    signed_in(&running).await;
    running.put_on_clipboard(API_TOKEN);
    let answer = running.want(Intent::TakeApiToken { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::Refused(problem) if problem.code == "no-api-token-wanted"));
    assert_eq!(running.clipboard().as_deref(), Some(API_TOKEN), "it stays where it is");
    assert_eq!(okta.count(Endpoint::Groups), 0);
    running.quit().await;
}
