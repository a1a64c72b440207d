use super::*;
use crate::ProfileParts;

fn profile(client_id: &str) -> Profile {
    Profile::from_parts(&ProfileParts {
        id: Some("work".into()),
        name: "Work".into(),
        issuer: "https://acme.okta.com".into(),
        client_id: client_id.into(),
        ..ProfileParts::default()
    })
    .unwrap()
}

fn robin() -> Subject {
    Subject("robin".into())
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn before(seconds: i64, of: &[&str]) -> GroupsBefore {
    GroupsBefore { at: at(seconds), names: names(of) }
}

#[test]
fn groups_are_compared_with_those_of_the_sign_in_before_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let groups = EarlierGroups::new(folder.path().join("groups"));
    assert_eq!(groups.recall(&profile("a"), &robin()), None);
    // The first one has nothing but itself.
    assert_eq!(groups.signed_in(&profile("a"), &robin(), &names(&["x"]), at(1)), before(1, &["x"]));
    assert_eq!(groups.recall(&profile("a"), &robin()), Some(before(1, &["x"])));
    assert_eq!(groups.signed_in(&profile("a"), &robin(), &names(&["y"]), at(2)), before(1, &["x"]));
    assert_eq!(groups.signed_in(&profile("a"), &robin(), &names(&["z"]), at(3)), before(2, &["y"]));
    let restarted = EarlierGroups::new(folder.path().join("groups"));
    assert_eq!(restarted.recall(&profile("a"), &robin()), Some(before(2, &["y"])));
}

#[test]
fn groups_of_another_person_or_client_are_nothing_to_compare_with() {
    let folder = tempfile::tempdir().unwrap();
    let groups = EarlierGroups::new(folder.path().to_owned());
    groups.signed_in(&profile("a"), &robin(), &names(&["x"]), at(1));
    assert_eq!(groups.recall(&profile("b"), &robin()), None);
    assert_eq!(groups.recall(&profile("a"), &Subject("noor".into())), None);
    assert_eq!(groups.signed_in(&profile("b"), &robin(), &names(&["y"]), at(2)), before(2, &["y"]));
}

#[test]
fn a_page_that_is_nonsense_or_newer_counts_as_none_and_one_that_cannot_be_written_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let groups = EarlierGroups::new(folder.path().to_owned());
    groups.signed_in(&profile("a"), &robin(), &names(&["x"]), at(1));
    let path = groups.path(&profile("a").id);
    let written = std::fs::read_to_string(&path).unwrap();
    for text in ["", "{", &written.replace("\"v\":1", "\"v\":2")] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(groups.recall(&profile("a"), &robin()), None, "{text}");
    }
    assert_eq!(groups.signed_in(&profile("a"), &robin(), &names(&["y"]), at(2)), before(2, &["y"]));

    let no_folder = EarlierGroups::new(path);
    assert_eq!(no_folder.signed_in(&profile("a"), &robin(), &names(&["z"]), at(3)), before(3, &["z"]));
    assert_eq!(no_folder.recall(&profile("a"), &robin()), None);
}

#[test]
fn what_is_forgotten_is_off_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let groups = EarlierGroups::new(folder.path().to_owned());
    groups.signed_in(&profile("a"), &robin(), &names(&["x"]), at(1));
    groups.forget(&profile("a").id);
    groups.forget(&profile("a").id);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn while_one_waits_for_the_disk_no_other_takes_a_thread() {
    let folder = tempfile::tempdir().unwrap();
    let groups = EarlierGroups::new(folder.path().to_owned());
    let (began, other) = std::sync::mpsc::channel();
    let first = groups.clone().in_turn(move |_| other.recv_timeout(std::time::Duration::from_millis(300)));
    let second = groups.in_turn(move |_| began.send(()));
    let (waited, _) = tokio::join!(first, second);
    assert!(waited.unwrap().is_err(), "both had a thread");
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_a_page() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let groups = EarlierGroups::new(folder.path().join("groups"));
    groups.signed_in(&profile("a"), &robin(), &names(&["x"]), at(1));
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(groups.path(&profile("a").id)), 0o600);
    assert_eq!(mode(folder.path().join("groups")), 0o700);
}
