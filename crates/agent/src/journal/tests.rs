use super::*;
use crate::ProfileParts;

const AT: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

fn profile(id: &str, issuer: &str) -> Profile {
    Profile::from_parts(&ProfileParts {
        id: Some(id.into()),
        name: id.into(),
        issuer: issuer.into(),
        client_id: "0oademo1gatepass".into(),
        ..ProfileParts::default()
    })
    .unwrap()
}

fn work() -> Profile {
    profile("work", "https://acme.okta.com")
}

fn token(name: &str) -> RefreshToken {
    RefreshToken::new(name)
}

fn journal() -> (tempfile::TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path().join("refreshes"));
    (folder, journal)
}

#[test]
fn a_token_that_was_sent_is_known_until_it_is_settled() {
    let (_folder, journal) = journal();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Unused);
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Sent { at: AT });
    assert_eq!(journal.past(&work(), &token("R2")), Past::Unused, "what was sent is another");
    journal.settle(&work(), &token("R1"), Fate::Unspent).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Unused);
}

#[test]
fn the_first_sending_counts() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    journal.note_sent(&work(), &token("R1"), AT + std::time::Duration::from_secs(20)).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Sent { at: AT });
}

#[test]
fn what_was_sent_before_another_token_is_spent() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    journal.note_sent(&work(), &token("R2"), AT).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Spent);
    assert_eq!(journal.past(&work(), &token("R2")), Past::Sent { at: AT });
}

#[test]
fn what_is_spent_or_ended_stays_so() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    journal.settle(&work(), &token("R1"), Fate::Spent).unwrap();
    journal.settle(&work(), &token("R2"), Fate::Ended).unwrap();
    journal.settle(&work(), &token("R1"), Fate::Unspent).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Spent);
    assert_eq!(journal.past(&work(), &token("R2")), Past::Ended);
    journal.forget(&work().id).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Unused);
    journal.forget(&work().id).unwrap();
}

#[test]
fn what_the_server_gives_again_is_good_again() {
    let (_folder, journal) = journal();
    journal.settle(&work(), &token("R1"), Fate::Spent).unwrap();
    journal.settle(&work(), &token("R1"), Fate::Ended).unwrap();
    journal.settle(&work(), &token("R2"), Fate::Spent).unwrap();
    journal.settle(&work(), &token("R1"), Fate::Given).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Unused);
    assert_eq!(journal.past(&work(), &token("R2")), Past::Spent);
}

#[test]
fn a_settlement_leaves_the_next_sending_alone() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R2"), AT).unwrap();
    journal.settle(&work(), &token("R1"), Fate::Spent).unwrap();
    assert_eq!(journal.past(&work(), &token("R2")), Past::Sent { at: AT });
}

#[test]
fn profiles_issuers_and_clients_have_nothing_to_do_with_each_other() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    assert_eq!(journal.past(&profile("other", "https://acme.okta.com"), &token("R1")), Past::Unused);
    assert_eq!(journal.past(&profile("work", "https://other.okta.com"), &token("R1")), Past::Unused);
    let another_client = Profile { client_id: gatepass_oidc::ClientId::new("0oaother"), ..work() };
    assert_eq!(journal.past(&another_client, &token("R1")), Past::Unused);
}

#[test]
fn only_so_many_are_remembered() {
    let (_folder, journal) = journal();
    for n in 0..1_000 {
        journal.settle(&work(), &token(&format!("R{n}")), Fate::Spent).unwrap();
    }
    assert_eq!(journal.past(&work(), &token("R999")), Past::Spent);
    assert_eq!(journal.past(&work(), &token("R744")), Past::Spent);
    assert_eq!(journal.past(&work(), &token("R743")), Past::Unused);
    // With as many that ended it can still be read.
    assert!(fs::metadata(journal.path(&work().id)).unwrap().len() < MAX_BYTES / 2);
}

#[test]
fn a_file_that_cannot_be_used_counts_as_none() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    let path = journal.path(&work().id);
    let good = fs::read_to_string(&path).unwrap();
    let newer = good.replace("\"v\":1", "\"v\":2");
    assert_ne!(good, newer);
    for bad in [
        "",
        "{",
        "null",
        "[]",
        &good[..good.len() / 2],
        &newer,
        &good.replace("token\":\"", "token\":\"é"),
        &" ".repeat(1 << 20),
    ] {
        fs::write(&path, bad).unwrap();
        assert_eq!(journal.past(&work(), &token("R1")), Past::Unused, "{bad}");
        journal.note_sent(&work(), &token("R1"), AT).unwrap();
        assert_eq!(journal.past(&work(), &token("R1")), Past::Sent { at: AT });
    }
}

#[test]
fn what_it_does_not_know_of_the_same_version_is_no_matter() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    let path = journal.path(&work().id);
    let text = fs::read_to_string(&path).unwrap().replacen('{', r#"{"more":[1],"#, 1);
    fs::write(&path, text).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Sent { at: AT });
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_no_more() {
    let (folder, journal) = journal();
    // A file stands where the folder should be: as good as a full disk, and even root is refused.
    fs::write(folder.path().join("refreshes"), "").unwrap();
    journal.note_sent(&work(), &token("R1"), AT).unwrap_err();
    journal.settle(&work(), &token("R1"), Fate::Spent).unwrap_err();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Spent, "known as long as the program runs");
    assert_eq!(journal.past(&work(), &token("R2")), Past::Unused);
    // Somebody made room: what was not written is, with the next note.
    fs::remove_file(folder.path().join("refreshes")).unwrap();
    journal.note_sent(&work(), &token("R2"), AT).unwrap();
    let after_a_restart = Journal::new(folder.path().join("refreshes"));
    assert_eq!(after_a_restart.past(&work(), &token("R1")), Past::Spent);
    assert_eq!(after_a_restart.past(&work(), &token("R2")), Past::Sent { at: AT });
}

#[test]
fn nothing_to_note_is_nothing_to_write() {
    let (folder, journal) = journal();
    journal.settle(&work(), &token("R1"), Fate::Unspent).unwrap();
    assert!(!folder.path().join("refreshes").exists());
}

/// A link that leads to itself: even root cannot read it, and a file may take its place.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_for_the_moment_is_left_as_it_is_and_written_later() {
    let (folder, journal) = journal();
    for (name, fate) in [("R0", Fate::Spent), ("R9", Fate::Ended)] {
        journal.settle(&work(), &token(name), fate).unwrap();
    }
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    let (path, aside) = (journal.path(&work().id), folder.path().join("aside"));
    fs::rename(&path, &aside).unwrap();
    std::os::unix::fs::symlink(&path, &path).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Unknown);
    journal.note_sent(&work(), &token("R2"), AT).unwrap_err();
    journal.settle(&work(), &token("R2"), Fate::Spent).unwrap_err();
    assert_eq!(journal.past(&work(), &token("R2")), Past::Spent, "what was noted meanwhile is known");
    assert_eq!(journal.past(&work(), &token("R3")), Past::Unknown);

    fs::rename(&aside, &path).unwrap();
    assert_eq!(journal.past(&work(), &token("R0")), Past::Spent);
    journal.note_sent(&work(), &token("R3"), AT).unwrap();
    let after_a_restart = Journal::new(journal.folder.clone());
    for (name, past) in [
        ("R0", Past::Spent),
        ("R9", Past::Ended),
        ("R1", Past::Spent),
        ("R2", Past::Spent),
        ("R3", Past::Sent { at: AT }),
        ("R4", Past::Unused),
    ] {
        assert_eq!(after_a_restart.past(&work(), &token(name)), past, "{name}");
    }
}

#[test]
fn what_is_in_place_is_not_taken_in_again_where_the_folder_cannot_be_flushed() {
    let (_folder, journal) = journal();
    let journal = Journal { sync_folder: |_| Err(io::ErrorKind::InvalidInput.into()), ..journal };
    let (old, new) = (token("R1"), token("R2"));
    journal.note_sent(&work(), &old, AT).unwrap_err();
    journal.settle(&work(), &old, Fate::Spent).unwrap_err();
    journal.note_sent(&work(), &new, AT).unwrap_err();
    assert_eq!(journal.past(&work(), &new), Past::Sent { at: AT });
    journal.settle(&work(), &new, Fate::Unspent).unwrap_err();
    assert_eq!(journal.past(&work(), &new), Past::Unused);
    assert_eq!(journal.past(&work(), &old), Past::Spent);
}

#[test]
fn what_is_forgotten_is_not_written_later() {
    let (folder, journal) = journal();
    fs::write(folder.path().join("refreshes"), "").unwrap();
    journal.settle(&work(), &token("R1"), Fate::Spent).unwrap_err();
    // There is no such file, which the system says in its own way.
    let _ = journal.forget(&work().id);
    fs::remove_file(folder.path().join("refreshes")).unwrap();
    journal.note_sent(&work(), &token("R2"), AT).unwrap();
    assert_eq!(journal.past(&work(), &token("R1")), Past::Unused);
}

#[test]
fn only_so_many_wait_for_the_disk() {
    let (folder, journal) = journal();
    fs::write(folder.path().join("refreshes"), "").unwrap();
    for n in 0..1_000 {
        journal.settle(&work(), &token(&format!("R{n}")), Fate::Spent).unwrap_err();
    }
    assert_eq!(journal.unwritten.lock().unwrap()[&work().id].len(), MAX_NOTED);
    assert_eq!(journal.past(&work(), &token("R999")), Past::Spent);
}

#[test]
fn no_token_is_in_the_file() {
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("s3cret-of-some-length"), AT).unwrap();
    journal.settle(&work(), &token("s3cret-of-another"), Fate::Ended).unwrap();
    let text = fs::read_to_string(journal.path(&work().id)).unwrap();
    assert!(!text.contains("s3cret"), "{text}");
    assert_eq!(fs::read_dir(&journal.folder).unwrap().count(), 1, "a temporary file is left");
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, journal) = journal();
    journal.note_sent(&work(), &token("R1"), AT).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&journal.folder), 0o700);
    assert_eq!(mode(&journal.path(&work().id)), 0o600);
}

#[test]
fn a_name_that_windows_keeps_for_a_device_is_no_file_name_here() {
    let journal = Journal::new(PathBuf::from("refreshes"));
    let path = journal.path(&ProfileId::parse("con").unwrap());
    assert_eq!(path, Path::new("refreshes").join("profile-con.json"));
}
