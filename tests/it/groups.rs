//! What changed in a person's groups since they signed in before.

use gatepass_fake_okta::{FakeOkta, Org};
use gatepass_tests::{Machine, Running, eventually, org_and_machine};
use gatepass_wire::{Groups, GroupsSource, Intent, Profile, Status};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_and_what_is_gone_since_the_sign_in_before_is_told_also_after_a_restart() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    set_groups(&okta, &["kept", "given up"]);
    let running = machine.start().await;
    running.sign_in("work").await;
    let first = compared(&running).await;
    assert_eq!(news(&first), (vec![], vec![]), "a first sign-in has nothing to differ from");
    running.sign_out("work").await;

    set_groups(&okta, &["kept", "given"]);
    running.sign_in("work").await;
    let second = compared(&running).await;
    assert_eq!(news(&second), (vec!["given"], vec!["given up"]));
    assert_eq!(second.since, first.since, "both are compared with the first");
    assert_eq!(copied(&running, "given up").await, "given up");

    // A renewal brings another group.
    set_groups(&okta, &["kept", "given", "late"]);
    running.refresh("work").await;
    let late = |profile: &Profile| groups(profile).is_some_and(|groups| groups.names.contains(&"late".into()));
    let renewed = running.until("work", "the late group", late).await;
    assert_eq!(news(groups(&renewed).expect("a session")), (vec!["given", "late"], vec!["given up"]));
    running.quit().await;

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(news(&compared(&running).await), (vec!["given", "late"], vec!["given up"]));

    // Nothing is left of a profile that is removed.
    assert!(n_remembered(&machine) > 0);
    running.want(Intent::RemoveProfile { profile: "work".into() }).await;
    eventually("the groups to be forgotten", || n_remembered(&machine) == 0).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_groups_are_nothing_to_compare_with_nor_are_those_that_no_token_names() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    set_groups(&okta, &["robin's"]);
    let running = machine.start().await;
    running.sign_in("work").await;
    compared(&running).await;
    running.sign_out("work").await;

    sign_in_as(&okta, &running, "noor").await;
    assert_eq!(news(&compared(&running).await), (vec![], vec![]));
    running.sign_out("work").await;

    // An admin takes the claim away and brings it back. In between nobody has left any group.
    sign_in_as(&okta, &running, "robin").await;
    let robins = compared(&running).await;
    running.sign_out("work").await;
    okta.edit(|org| (org.groups_in.id_token, org.groups_in.access_token) = (false, false));
    let unclaimed = running.sign_in("work").await;
    let unclaimed = groups(&unclaimed).expect("a session").clone();
    assert_eq!((news(&unclaimed), unclaimed.since), ((vec![], vec![]), None));
    assert_eq!(unclaimed.source, GroupsSource::NoClaim);
    running.sign_out("work").await;
    okta.edit(|org| org.groups_in.id_token = true);
    running.sign_in("work").await;
    let again = compared(&running).await;
    assert_eq!((news(&again), again.since), ((vec![], vec![]), robins.since));
    running.quit().await;
}

async fn sign_in_as(okta: &FakeOkta, running: &Running, person: &str) {
    okta.sign_in_as(person);
    running.want(Intent::SignIn { profile: "work".into(), as_someone_else: true, with_code: false }).await;
    let name = if person == "noor" { "Noor" } else { "Robin" };
    let is_so = |profile: &Profile| profile.session.as_ref().is_some_and(|one| one.person.name.starts_with(name));
    running.until("work", name, is_so).await;
}

fn set_groups(okta: &FakeOkta, names: &[&str]) {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    okta.edit(|org| org.people.iter_mut().filter(|one| one.id == "robin").for_each(|one| one.groups = names.clone()));
}

/// The groups once it is known what to compare them with.
async fn compared(running: &Running) -> Groups {
    let is_known = |profile: &Profile| groups(profile).is_some_and(|groups| groups.since.is_some());
    let profile = running.until("work", "earlier groups", is_known).await;
    groups(&profile).expect("it was just there").clone()
}

fn groups(profile: &Profile) -> Option<&Groups> {
    profile.session.as_ref().map(|session| &session.groups)
}

fn news(groups: &Groups) -> (Vec<&str>, Vec<&str>) {
    (groups.added.iter().map(String::as_str).collect(), groups.left.iter().map(String::as_str).collect())
}

async fn copied(running: &Running, group: &str) -> String {
    running.want(Intent::CopyGroup { profile: "work".into(), group: group.into() }).await;
    running.clipboard().expect("something was copied")
}

fn n_remembered(machine: &Machine) -> usize {
    std::fs::read_dir(machine.paths().groups()).map_or(0, Iterator::count)
}
