//! Tokens at a server that we did not write: Apache's `mod_auth_openidc`, which verifies them and admits by group. It is
//! set up by the very lines of `docs/okta/apache.md`, and called by the very command that a person copies.

use std::time::Duration;

use gatepass_fake_okta::{App, Claim, ClaimToken, ClaimValue, CustomServer, FakeOkta, GroupFilter, OldKey, Org};
use gatepass_tests::{Called, Machine, Page, ResourceServer, eventually, free_redirect_uri, run_copied};
use gatepass_wire::{GroupsSource, Status};

const GROUP: &str = "platform-engineers";

async fn apache_for(okta: &FakeOkta) -> ResourceServer {
    ResourceServer::start(okta, Page::read("apache").block("apache", "Require")).await.expect("Apache")
}

/// The org that the page has an admin set up, and a machine with the page's profile.
async fn set_up(options: &str) -> (FakeOkta, Machine) {
    let claim = Claim {
        name: "groups".into(),
        token: ClaimToken::Access,
        value: ClaimValue::Groups(GroupFilter::StartsWith("platform-".into())),
        is_enabled: true,
        scopes: Vec::new(),
    };
    let server = CustomServer {
        id: "aus6kg12qeLXS0bm05d7".into(),
        audience: "api://reports".into(),
        scopes: Vec::new(),
        claims: Some(vec![claim]),
        ..CustomServer::default()
    };
    let redirect_uri = free_redirect_uri();
    let app = App { redirect_uris: vec![redirect_uri.clone()], ..App::default() };
    let okta = FakeOkta::start(Org { clients: vec![app], servers: vec![server], ..Org::default() }).await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    let page = Page::read("apache");
    let of_page = page.profile("reports").split("redirect_uris").nth(1).and_then(|rest| rest.split_once('\n'));
    let options = format!("{}\n{options}", of_page.expect("more lines of a profile").1);
    machine.write_profile(&okta, &[redirect_uri], &options);
    (okta, machine)
}

/// Somebody is signed in at this org, and calls the server by the copied command.
async fn called_by_somebody_of(okta: &FakeOkta, machine: &Machine, apache: &ResourceServer) -> Called {
    let running = machine.start().await;
    running.sign_in("work").await;
    let called = running.call("work", &apache.url).await;
    okta.assert_nothing_unexpected();
    running.quit().await;
    called
}

fn is_let_in(called: &Called, apache: &ResourceServer) {
    assert_eq!((called.status, called.body.as_str()), (200, ResourceServer::PAGE), "{called:?}\n{}", apache.said());
    assert!(called.head.contains("seen-as: robin.calder@acme.example"), "{called:?}");
}

/// `reason` is what the caller is told, or what is written into the log.
fn is_turned_away(called: &Called, status: u16, reason: &str, apache: &ResourceServer) {
    let said = apache.said();
    assert!(called.status == status && !called.body.contains(ResourceServer::PAGE), "{called:?}\n{said}");
    assert!(called.head.contains(reason) || said.contains(reason), "no word of {reason}: {called:?}\n{said}");
}

fn set_groups(okta: &FakeOkta, names: &[&str]) {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    okta.edit(|org| org.people.iter_mut().filter(|one| one.id == "robin").for_each(|one| one.groups = names.clone()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_is_let_in_by_group() {
    let (okta, machine) = set_up("").await;
    let apache = apache_for(&okta).await;
    let running = machine.start().await;
    let groups = running.sign_in("work").await.session.expect("a session").groups;
    assert_eq!(groups.source, GroupsSource::AccessToken);
    assert!(groups.names.contains(&GROUP.to_owned()), "{groups:?}");
    is_let_in(&running.call("work", &apache.url).await, &apache);
    is_turned_away(&run_copied(&format!("curl {}", apache.url)).await, 401, "no bearer token found", &apache);

    // Another key signs from now on, of which Apache has not heard yet.
    okta.rotate_keys(OldKey::Kept);
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    is_let_in(&running.call("work", &apache.url).await, &apache);

    // An admin takes the group away.
    let before = running.copy_curl("work", &apache.url).await;
    set_groups(&okta, &["platform-readers"]);
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    is_turned_away(&running.call("work", &apache.url).await, 403, "expression '\"groups:", &apache);
    is_let_in(&run_copied(&before).await, &apache);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_the_group_is_turned_away() {
    let (okta, machine) = set_up("").await;
    let apache = apache_for(&okta).await;
    okta.sign_in_as("noor");
    is_turned_away(&called_by_somebody_of(&okta, &machine, &apache).await, 403, "expression '\"groups:", &apache);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_somebody_else_or_for_somebody_else_is_turned_away() {
    let (okta, machine) = set_up("").await;
    let apache = apache_for(&okta).await;

    // Orgs in one process share their keys: the issuer alone tells them apart.
    let (another, anothers_machine) = set_up("").await;
    is_turned_away(
        &called_by_somebody_of(&another, &anothers_machine, &apache).await,
        403,
        "expression '\"iss:",
        &apache,
    );
    another.rotate_keys(OldKey::Kept);
    is_turned_away(
        &called_by_somebody_of(&another, &anothers_machine, &apache).await,
        401,
        "could not find key with kid",
        &apache,
    );

    okta.edit(|org| org.servers[0].audience = "api://payroll".into());
    is_turned_away(&called_by_somebody_of(&okta, &machine, &apache).await, 403, "expression '\"aud:", &apache);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_of_two_hours_ago_is_turned_away_and_a_new_one_is_let_in() {
    const HOURS: Duration = Duration::from_secs(2 * 3600);
    let (okta, machine) = set_up("").await;
    let apache = apache_for(&okta).await;
    // Apache's clock is the system's, so what is done first is done two hours ago.
    okta.skew_clock(-7200);
    machine.clock.set_wall(-7200);
    let running = machine.start().await;
    running.sign_in("work").await;
    let earlier = running.copy_curl("work", &apache.url).await;

    machine.clock.advance(HOURS);
    okta.advance_clock(HOURS);
    running.app.look_again();
    is_turned_away(&run_copied(&earlier).await, 401, "JWT expired", &apache);
    is_let_in(&running.call("work", &apache.url).await, &apache);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

/// As `docs/okta/choosing.md` says: nobody tells a server that verifies tokens by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_does_not_end_a_token_that_a_server_verifies_by_itself() {
    let (okta, machine) = set_up("").await;
    let apache = apache_for(&okta).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let (token, command) = (running.copy("work").await, running.copy_curl("work", &apache.url).await);
    running.sign_out("work").await;
    eventually("the token to be revoked", || !okta.is_active_access_token(&token)).await;
    is_let_in(&run_copied(&command).await, &apache);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_bound_to_a_key_is_not_understood() {
    let (okta, machine) = set_up("dpop = true").await;
    let apache = apache_for(&okta).await;
    is_turned_away(
        &called_by_somebody_of(&okta, &machine, &apache).await,
        401,
        "unsupported authentication scheme",
        &apache,
    );
}
