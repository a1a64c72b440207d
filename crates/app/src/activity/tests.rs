use gatepass_wire::{CopiedThing, Millis};
use proptest::prelude::*;

use super::file::{MAX_AGE, MAX_BYTES, MAX_ENTRIES};
use super::*;

fn entry(at: i64) -> ActivityEntry {
    ActivityEntry {
        at: Millis(at),
        profile: Some("acme".into()),
        what: Activity::Renewed { expires_at: Some(Millis(at + 1)) },
    }
}

fn in_folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("activity.jsonl");
    (folder, path)
}

fn append(path: &std::path::Path, entries: impl IntoIterator<Item = ActivityEntry>) {
    let mut file = ActivityFile::new(path.into());
    entries.into_iter().for_each(|entry| file.append(&entry).unwrap());
}

#[test]
fn a_line_says_what_happened_when_and_to_whom() {
    let lines: Vec<_> = [
        entry(1_800_000_000_000),
        ActivityEntry { at: Millis(1), profile: None, what: Activity::Profiles },
        ActivityEntry {
            at: Millis(2),
            profile: Some("acme".into()),
            what: Activity::Setback { code: "unreachable".into(), retry_at: Millis(9) },
        },
        ActivityEntry {
            at: Millis(3),
            profile: Some("acme".into()),
            what: Activity::Copied { thing: CopiedThing::AccessToken },
        },
    ]
    .iter()
    .map(|entry| to_line(entry).unwrap())
    .collect();
    expect_test::expect![[r#"
        {"v":1,"at":1800000000000,"profile":"acme","what":"renewed","expires_at":1800000000001}
        {"v":1,"at":1,"what":"profiles"}
        {"v":1,"at":2,"profile":"acme","what":"setback","code":"unreachable","retry_at":9}
        {"v":1,"at":3,"profile":"acme","what":"copied","thing":"access-token"}"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn a_torn_last_line_costs_itself_alone() {
    let (_folder, path) = in_folder();
    append(&path, [entry(1), entry(2)]);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &text[..text.len() - 20]).unwrap();
    append(&path, [entry(3)]);
    assert_eq!(file::read(&path).entries, [entry(1), entry(3)]);
}

#[test]
fn what_a_newer_version_wrote_is_skipped_and_kept() {
    let (_folder, path) = in_folder();
    append(&path, [entry(1)]);
    let newer = "{\"v\":2,\"at\":5,\"what\":\"renewed\"}\n{\"v\":1,\"at\":5,\"what\":\"invented\"}\n";
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str(newer);
    std::fs::write(&path, &text).unwrap();
    append(&path, [entry(9)]);
    assert_eq!(file::read(&path).entries, [entry(1), entry(9)]);
    assert!(std::fs::read_to_string(&path).unwrap().contains(newer));
}

#[test]
fn a_log_stays_within_its_bounds_and_keeps_the_newest() {
    let (_folder, path) = in_folder();
    let mut file = ActivityFile::new(path.clone());
    let last = i64::try_from(MAX_ENTRIES).unwrap() * 2;
    for at in 0..=last {
        file.append(&entry(at)).unwrap();
    }
    let entries = file::read(&path).entries;
    assert!(entries.len() > MAX_ENTRIES / 2 && entries.len() <= MAX_ENTRIES, "{}", entries.len());
    assert_eq!(entries.last(), Some(&entry(last)));
    assert!(entries.windows(2).all(|pair| pair[1].at.0 == pair[0].at.0 + 1), "one is missing in between");
    assert!(std::fs::metadata(&path).unwrap().len() <= MAX_BYTES);
}

#[test]
fn large_entries_are_bounded_by_bytes() {
    let (_folder, path) = in_folder();
    let mut file = ActivityFile::new(path.clone());
    for at in 0..1_500 {
        let code = "x".repeat(2_000);
        file.append(&ActivityEntry { what: Activity::Ended { code }, ..entry(at) }).unwrap();
    }
    assert!(std::fs::metadata(&path).unwrap().len() <= MAX_BYTES + 4_096);
    assert_eq!(file::read(&path).entries.last().unwrap().at, Millis(1_499));
}

#[test]
fn what_is_older_than_a_month_goes() {
    let (_folder, path) = in_folder();
    let day = 24 * 60 * 60 * 1_000;
    let month = i64::try_from(MAX_AGE.as_millis()).unwrap();
    append(&path, [entry(0), entry(10 * day), entry(month + 2 * day)]);
    let ats: Vec<_> = file::read(&path).entries.iter().map(|entry| entry.at.0).collect();
    assert_eq!(ats, [10 * day, month + 2 * day]);
}

#[test]
fn a_clock_that_was_set_back_removes_nothing() {
    let (_folder, path) = in_folder();
    let year = 365 * 24 * 60 * 60 * 1_000;
    append(&path, [entry(2 * year), entry(0), entry(year)]);
    assert_eq!(file::read(&path).entries.len(), 3);
}

#[test]
fn a_log_that_was_removed_begins_anew() {
    let (_folder, path) = in_folder();
    let mut file = ActivityFile::new(path.clone());
    file.append(&entry(1)).unwrap();
    std::fs::remove_file(&path).unwrap();
    file.append(&entry(2)).unwrap();
    assert_eq!(file::read(&path).entries, [entry(2)]);
}

#[cfg(unix)]
#[test]
fn a_log_is_readable_for_its_owner_alone_also_after_room_was_made() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = in_folder();
    let mode = |path: &PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    append(&path, [entry(0)]);
    assert_eq!(mode(&path), 0o600);
    append(&path, [entry(0), entry(i64::MAX - 1)]);
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_place_that_cannot_be_written_costs_entries_and_nothing_else() {
    let (folder, path) = in_folder();
    std::fs::create_dir(&path).unwrap();
    let log = ActivityLog::start(path.clone());
    log.record(entry(1));
    assert!(log.read().is_empty());
    std::fs::remove_dir(&path).unwrap();
    log.record(entry(2));
    log.finish();
    log.record(entry(3));
    let ats: Vec<_> = log.read().iter().map(|entry| entry.at.0).collect();
    assert!(ats.contains(&2) && !ats.contains(&3), "{ats:?}");
    drop(folder);
}

fn any_activity() -> impl Strategy<Value = Activity> {
    let code = "[a-z-]{0,20}";
    prop_oneof![
        Just(Activity::Started),
        Just(Activity::SignedOut),
        code.prop_map(|code| Activity::Unread { code }),
        code.prop_map(|code| Activity::SignInFailed { code }),
        proptest::option::of(any::<i64>()).prop_map(|at| Activity::Renewed { expires_at: at.map(Millis) }),
        (code, any::<i64>()).prop_map(|(code, at)| Activity::Blocked { code, retry_at: Millis(at) }),
        Just(Activity::Copied { thing: CopiedThing::Groups }),
        code.prop_map(|about| Activity::Noticed { about }),
    ]
}

proptest! {
    #[test]
    fn every_entry_is_one_line_and_is_read_back(
        at in any::<i64>(), profile in proptest::option::of(".{0,20}"), what in any_activity(),
    ) {
        let entry = ActivityEntry { at: Millis(at), profile, what };
        let line = to_line(&entry).unwrap();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(from_line(&line), Some(entry));
    }

    #[test]
    fn no_line_panics(line in ".{0,200}", tail in ".{0,80}") {
        from_line(&line);
        from_line(&format!("{{\"v\":1,\"at\":1,\"what\":{tail}"));
    }

    /// Wherever a crash or a full disk cuts the file, all whole lines before the cut are read, and the next entry too.
    #[test]
    fn a_cut_costs_one_entry_at_most(n in 1_i64..8, cut in 0_usize..700) {
        let (_folder, path) = in_folder();
        append(&path, (0..n).map(entry));
        let text = std::fs::read(&path).unwrap();
        let cut = cut.min(text.len());
        std::fs::write(&path, &text[..cut]).unwrap();
        let mut whole: Vec<_> = (0..).map(entry).take(text[..cut].iter().filter(|byte| **byte == b'\n').count()).collect();
        append(&path, [entry(99)]);
        let read = file::read(&path).entries;
        // A cut just before the end of a line leaves a line that is whole.
        if read.len() > whole.len() + 1 {
            whole.push(entry(i64::try_from(whole.len()).unwrap()));
        }
        whole.push(entry(99));
        prop_assert_eq!(read, whole);
    }
}

#[test]
fn what_is_older_than_is_kept_goes_at_once_and_the_rest_stays() {
    let (_folder, path) = in_folder();
    let now = Millis(1_800_000_000_000);
    let day = 24 * 60 * 60 * 1000;
    let (old, young) = (entry(now.0 - 3 * day), entry(now.0 - day));
    append(&path, [old, young.clone()]);
    let mut file = ActivityFile::new(path.clone());
    file.keep_for(Duration::from_secs(2 * DAY), now).unwrap();
    assert_eq!(file::read(&path).entries, std::slice::from_ref(&young));
    file.append(&entry(now.0)).unwrap();
    assert_eq!(file::read(&path).entries, [young, entry(now.0)]);
}

#[test]
fn where_nothing_is_kept_there_is_no_file() {
    let (_folder, path) = in_folder();
    append(&path, [entry(1)]);
    let mut file = ActivityFile::new(path.clone());
    file.keep_for(Duration::ZERO, Millis(2)).unwrap();
    assert!(!path.exists(), "the file is still there");
    file.append(&entry(3)).unwrap();
    assert!(!path.exists(), "an entry was kept");
    file.keep_for(MAX_AGE, Millis(4)).unwrap();
    file.append(&entry(5)).unwrap();
    assert_eq!(file::read(&path).entries, [entry(5)]);
}
