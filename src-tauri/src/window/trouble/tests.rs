//! What a person reads in place of the page.

use std::process::ExitStatus;

use super::*;

fn problem(trouble: Trouble) -> Problem {
    trouble.problem(Path::new("/home/robin/.local/state/gatepass/gatepass.log"), Language::English)
}

#[cfg(unix)]
fn ended(code: u8, last_words: Option<&str>) -> Trouble {
    use std::os::unix::process::ExitStatusExt as _;
    let status = ExitStatus::from_raw(i32::from(code) << 8);
    Trouble::Ended(End { status, last_words: last_words.map(str::to_owned) })
}

#[cfg(windows)]
fn ended(code: u8, last_words: Option<&str>) -> Trouble {
    use std::os::windows::process::ExitStatusExt as _;
    let status = ExitStatus::from_raw(code.into());
    Trouble::Ended(End { status, last_words: last_words.map(str::to_owned) })
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_the_reason() {
    let words = "/a/state cannot be used: Permission denied (os error 13)";
    let problem = problem(ended(program::CANNOT_WRITE, Some(words)));
    assert_eq!(problem.code, "folder-not-usable");
    assert!(problem.detail.contains(words), "{problem:?}");
    assert!(problem.advice.contains("write there"), "{problem:?}");
}

#[test]
fn the_last_words_of_a_resident_are_repeated_and_without_any_the_log_is_named() {
    assert!(problem(ended(1, Some("there is no display"))).detail.contains("there is no display"));
    let wordless = problem(ended(101, None));
    assert!(wordless.detail.contains("101"), "{wordless:?}");
    assert!(wordless.advice.contains("/gatepass/gatepass.log"), "{wordless:?}");
}

#[test]
fn one_that_makes_room_for_another_is_not_called_a_failure() {
    assert_eq!(problem(ended(program::RUNS_ALREADY, None)), problem(Trouble::Silent));
}

#[test]
fn an_older_resident_can_be_quit_with_a_click_and_a_newer_one_cannot() {
    let older = problem(Trouble::OtherVersion(frame::VERSION - 1));
    assert_eq!((older.code.as_str(), older.action), ("resident-older", Some(Action::QuitOld)));
    let newer = problem(Trouble::OtherVersion(frame::VERSION + 1));
    assert_eq!((newer.code.as_str(), newer.action), ("resident-newer", None));
    for (problem, theirs) in [(older, frame::VERSION - 1), (newer, frame::VERSION + 1)] {
        for version in [frame::VERSION, theirs] {
            assert!(problem.detail.contains(&format!("version {version}")), "{problem:?}");
        }
    }
}

#[test]
fn what_the_system_said_is_repeated() {
    for trouble in [Trouble::NotStarted("no such file".into()), Trouble::Broken("no such file".into())] {
        assert!(problem(trouble).detail.contains("no such file"));
    }
}
