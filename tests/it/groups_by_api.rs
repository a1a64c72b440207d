//! Groups from Okta's own API: with the person's token, which Okta takes from administrators, and with the API token of an
//! admin who insists.

use gatepass_fake_okta::{
    ApiToken, App, CustomServer, Endpoint, FakeOkta, Fault, GroupFilter, GroupsClaim, Org, group_id,
};
use gatepass_tests::{Machine, Running, eventually, free_redirect_uri};
use gatepass_wire::{Answer, CopiedThing, Groups, GroupsSource, Intent, Status};

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
    running.sign_in("work").await;
    running.groups("work").await
}

/// Renews, and waits until the groups are these.
async fn renewed(running: &Running, is_it: impl Fn(&Groups) -> bool) -> Groups {
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    running.until_groups("work", is_it).await
}

fn told(groups: &Groups) -> bool {
    groups.source == GroupsSource::OktaApi
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_every_group_and_copies_an_id() {
    let (okta, machine) = set_up(org(), "sam", WITH_OWN_TOKEN).await;
    let running = machine.start().await;
    let groups = signed_in(&running).await;
    assert_eq!((groups.source, groups.names.len(), groups.ids.len()), (GroupsSource::OktaApi, 1500, 1500));
    assert_eq!(groups.ids[1499], group_id("project-1500"));
    assert_eq!(okta.count(Endpoint::Groups), 8, "a page for each 200");

    let group = groups.ids[0].clone();
    let answer = running.want(Intent::CopyGroup { profile: "work".into(), group: group.clone() }).await;
    assert!(matches!(answer, Answer::Copied(receipt) if receipt.what == CopiedThing::GroupId));
    assert_eq!(running.clipboard(), Some(group));

    // Without an answer what was told before is shown; the session is as it was.
    okta.fault(Endpoint::Groups, Fault::ServerError(503));
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    okta.wait_for_count(Endpoint::Groups, 9).await;
    okta.edit(|org| org.people.iter_mut().for_each(|person| person.groups.truncate(2)));
    let fewer = renewed(&running, |groups| groups.ids.len() == 2).await;
    assert_eq!(fewer.names, ["project-0001", "project-0002"]);
    assert!(!running.everything_sent().contains("no-answer"));
    running.quit().await;

    let running = machine.start().await;
    assert_eq!(running.until_groups("work", told).await.ids.len(), 2);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_person_is_told_that_okta_does_not_tell_them_and_stays_signed_in() {
    let (okta, machine) = set_up(org(), "robin", WITH_OWN_TOKEN).await;
    let running = machine.start().await;
    assert_eq!(signed_in(&running).await.source, GroupsSource::ApiRefused);
    okta.edit(|org| org.people[0].has_admin_role = true);
    renewed(&running, told).await;
    okta.edit(|org| org.people[0].has_admin_role = false);
    let refused = renewed(&running, |groups| !told(groups)).await;
    assert_eq!((refused.source, refused.names), (GroupsSource::ApiRefused, Vec::new()), "nothing old is shown as true");
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
    eventually("the clipboard to be emptied", || running.clipboard().is_none()).await;
    // They are asked for at once, with no renewal.
    let asked = okta.count(Endpoint::Token);
    let groups = running.until_groups("work", told).await;
    assert_eq!((groups.names.len(), &groups.ids[0]), (37, &group_id("Everyone")));
    assert_eq!(okta.count(Endpoint::Token), asked);
    running.quit().await;

    // A start later; the token died meanwhile of a month without use.
    let running = machine.start().await;
    running.until_groups("work", told).await;
    okta.edit(|org| org.api_tokens[0].is_active = false);
    assert_eq!(renewed(&running, |groups| !told(groups)).await.source, GroupsSource::ApiTokenRefused);
    let answer = running.want(Intent::ForgetApiToken { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::ClientKeys { has_api_token: false, .. }), "{answer:?}");
    running.until_groups("work", |groups| groups.source == GroupsSource::NoApiToken).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_token_goes_with_the_wish_for_it() {
    let (okta, machine) = set_up(org(), "robin", WITH_ADMINS_TOKEN).await;
    let running = machine.start().await;
    running.put_on_clipboard(API_TOKEN);
    running.want(Intent::TakeApiToken { profile: "work".into() }).await;
    assert!(told(&signed_in(&running).await));

    // Edited away, by hand, and back.
    machine.edit_profiles("\"okta_api_token\"", "\"id_token\"");
    running.app.look_again();
    running.until_groups("work", |groups| groups.source == GroupsSource::NoClaim).await;
    machine.edit_profiles("\"id_token\"", "\"okta_api_token\"");
    running.app.look_again();
    running.until_groups("work", |groups| groups.source == GroupsSource::NoApiToken).await;
    let Answer::ClientKeys { has_api_token, .. } = running.want(Intent::ClientKeys { profile: "work".into() }).await
    else {
        panic!("no answer about keys");
    };
    assert!(!has_api_token);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_does_not_wait_for_a_list_that_hangs() {
    let (okta, machine) = set_up(org(), "sam", WITH_OWN_TOKEN).await;
    let held = okta.hold(Endpoint::Groups);
    let running = machine.start().await;
    let session = running.sign_in("work").await.session.expect("a session");
    assert_eq!(session.groups.source, GroupsSource::Asking);
    running.copy("work").await;
    held.release();
    running.until_groups("work", told).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_question_of_before_does_not_bring_back_what_was_forgotten() {
    let (okta, machine) = set_up(org(), "robin", WITH_ADMINS_TOKEN).await;
    let running = machine.start().await;
    running.put_on_clipboard(API_TOKEN);
    running.want(Intent::TakeApiToken { profile: "work".into() }).await;
    assert!(told(&signed_in(&running).await));
    let mut held = okta.hold_answer(Endpoint::Groups);
    running.refresh("work").await;
    held.arrived().await;
    running.want(Intent::ForgetApiToken { profile: "work".into() }).await;
    let is_without = |groups: &Groups| groups.source == GroupsSource::NoApiToken;
    running.until_groups("work", is_without).await;
    held.release();
    // Longer than the answer takes.
    running.refresh("work").await;
    running.copy("work").await;
    assert!(is_without(&running.session("work").groups));
    let sent = running.everything_sent();
    assert!(sent.rfind("\"okta-api\"") < sent.rfind("\"no-api-token\""));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_list_of_groups_is_nothing_to_compare_with() {
    let mut org = org();
    org.clients[0].groups_claim =
        Some(GroupsClaim { name: "groups".into(), filter: GroupFilter::StartsWith("project-000".into()) });
    let options = "scopes = \"openid profile email groups offline_access okta.users.read\"\ngroups_from = \"id_token\"";
    let (_okta, machine) = set_up(org, "sam", options).await;
    let running = machine.start().await;
    assert_eq!(signed_in(&running).await.names.len(), 9);
    running.until_groups("work", |groups| groups.since.is_some()).await;
    machine.edit_profiles("\"id_token\"", "\"okta_api\"");
    running.app.look_again();
    let all = running.until_groups("work", told).await;
    assert_eq!((all.names.len(), all.added, all.left), (1500, vec![], vec![]));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_whose_groups_are_told_late_is_remembered_all_the_same() {
    let (okta, machine) = set_up(org(), "sam", WITH_OWN_TOKEN).await;
    let in_groups = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        okta.edit(|org| org.people.iter_mut().for_each(|person| person.groups.clone_from(&names)));
    };
    in_groups(&["kept", "given up"]);
    okta.fault(Endpoint::Groups, Fault::ServerError(503));
    let running = machine.start().await;
    assert_eq!(signed_in(&running).await.source, GroupsSource::NoAnswer);
    renewed(&running, told).await;
    running.until_groups("work", |groups| groups.since.is_some()).await;
    running.sign_out("work").await;

    in_groups(&["kept"]);
    running.sign_in("work").await;
    let later = running.until_groups("work", |groups| groups.since.is_some()).await;
    assert_eq!(later.left, ["given up"]);
    running.quit().await;
}
