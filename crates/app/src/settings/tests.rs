//! What a person writes into the file, and what is in effect of it.

use super::text::{read, with_changed};
use super::*;
use gatepass_wire::{LanguageSetting, Theme};

fn in_folder(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

const BY_HAND: &str =
    "# mine\nversion = 1\ntheme = \"pink\" # a joke\nlanguage = \"de\"\n\nextra = { of = \"mine\" }\n";

#[test]
fn every_setting_is_written_as_it_is_read() {
    let settings = Settings {
        theme: Theme::Dark,
        language: LanguageSetting::De,
        clipboard_seconds: 0,
        notices: Notices::SignInNeeded,
        activity_days: 7,
        browser: "\"/opt/my browser/run\" --private".into(),
        start_at_sign_in: true,
    };
    let text = with_changed("", &Settings::default(), &settings).unwrap();
    expect_test::expect![[r#"
        version = 1
        theme = "dark"
        language = "de"
        clipboard_seconds = 0
        notices = "sign-in-needed"
        activity_days = 7
        browser = '"/opt/my browser/run" --private'
        start_at_sign_in = true
    "#]]
    .assert_eq(&text);
    assert_eq!(read(&text).unwrap(), Reading { settings, mistakes: Vec::new() });
    assert_eq!(read("").unwrap(), Reading::default());
}

#[test]
fn nonsense_has_the_default_of_its_key_and_names_its_line() {
    let text = "theme = \"pink\"\nlanguage = \"de\"\nclipboard_seconds = 9\nnotices = true\nactivity_days = 32\n\
                browser = \"a \\\"b\"\nstart_at_sign_in = \"yes\"\n";
    let Reading { settings, mistakes } = read(text).unwrap();
    assert_eq!(settings, Settings { language: LanguageSetting::De, ..Settings::default() });
    expect_test::expect![[r#"
        line 1: theme: it must be "system", "light" or "dark"
        line 3: clipboard_seconds: it must be 0 or a number from 10 to 600
        line 4: notices: it must be "all", "sign-in-needed" or "none"
        line 5: activity_days: it must be 0 or a number from 1 to 31
        line 6: browser: a quote in it is not closed
        line 7: start_at_sign_in: it must be true or false"#]]
    .assert_eq(&mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_write_changes_what_differs_and_nothing_else() {
    let before = Settings { language: LanguageSetting::De, ..Settings::default() };
    let settings = Settings { clipboard_seconds: 60, ..before.clone() };
    assert_eq!(with_changed(BY_HAND, &before, &settings).unwrap(), format!("{BY_HAND}clipboard_seconds = 60\n"));
    let settings = Settings { theme: Theme::Light, ..before.clone() };
    assert_eq!(with_changed(BY_HAND, &before, &settings).unwrap(), BY_HAND.replace("\"pink\"", "\"light\""));
    assert_eq!(with_changed(BY_HAND, &before, &before).unwrap(), BY_HAND);
}

#[test]
fn line_ends_and_the_mark_at_the_beginning_stay_as_they_are() {
    let by_hand = format!("\u{feff}{}", BY_HAND.replace('\n', "\r\n"));
    let (_folder, path) = in_folder(&by_hand);
    let keeper = SettingsKeeper::start(path.clone());
    keeper.change(Settings { theme: Theme::Light, clipboard_seconds: 60, ..keeper.now() }).unwrap();
    let after = format!("{}clipboard_seconds = 60\r\n", by_hand.replace("pink", "light"));
    assert_eq!(std::fs::read_to_string(path).unwrap(), after);
}

#[test]
fn a_file_that_is_no_toml_or_of_a_newer_version_is_not_written() {
    for text in ["theme = \"dark\nlanguage = 1", "version = 2\n"] {
        let (_folder, path) = in_folder(text);
        let keeper = SettingsKeeper::start(path.clone());
        assert!(keeper.watch().borrow().problem().unwrap().detail.starts_with("line 1: "));
        assert_eq!(keeper.now(), Settings::default());
        assert!(keeper.change(Settings { theme: Theme::Light, ..Settings::default() }).is_err());
        assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    }
}

#[test]
fn what_cannot_be_set_is_named() {
    let of = |settings: Settings| check(&settings).map_err(|wrong| wrong.key);
    assert_eq!(of(Settings::default()), Ok(()));
    assert_eq!(of(Settings { clipboard_seconds: 601, ..Settings::default() }), Err("clipboard_seconds"));
    assert_eq!(of(Settings { activity_days: 32, ..Settings::default() }), Err("activity_days"));
    assert_eq!(of(Settings { browser: "\"".into(), ..Settings::default() }), Err("browser"));
}

#[test]
fn an_edit_by_hand_counts_once_it_has_settled() {
    let (_folder, path) = in_folder("theme = \"dark\"\n");
    let keeper = SettingsKeeper::start(path.clone());
    assert!(!keeper.look());
    std::fs::write(&path, "theme = \"light\"\nnotices = \"none\"\n").unwrap();
    assert!(!keeper.look(), "an editor may still be writing");
    assert!(keeper.look());
    assert_eq!(keeper.now(), Settings { theme: Theme::Light, notices: Notices::None, ..Settings::default() });
    std::fs::write(&path, "theme =").unwrap();
    assert!(!keeper.look() && keeper.look());
    assert_eq!(keeper.now().theme, Theme::Light, "what was read before goes on");
    assert!(keeper.watch().borrow().problem().is_some());
}

#[test]
fn an_edit_by_hand_that_was_not_seen_yet_stays_and_counts_with_the_next_change() {
    let (_folder, path) = in_folder("");
    let keeper = SettingsKeeper::start(path.clone());
    keeper.starts_at_sign_in(true);
    let by_hand = "activity_days = 0 # mine\nbrowser = \"firefox\"\nnotices = 1\nstart_at_sign_in = true\n";
    std::fs::write(&path, by_hand).unwrap();
    let settings = Settings { theme: Theme::Dark, ..keeper.now() };
    keeper.change(settings.clone()).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), format!("{by_hand}theme = \"dark\"\n"));
    assert_eq!(keeper.now(), Settings { activity_days: 0, browser: "firefox".into(), ..settings });
    let problem = keeper.watch().borrow().problem().unwrap();
    assert!(problem.detail.starts_with("line 3: notices"), "{problem:?}");
}

#[test]
fn a_change_brings_the_file_in_line_with_what_the_system_says() {
    let (_folder, path) = in_folder("start_at_sign_in = true\n");
    let keeper = SettingsKeeper::start(path.clone());
    keeper.starts_at_sign_in(false);
    keeper.change(Settings { theme: Theme::Dark, ..keeper.now() }).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "start_at_sign_in = false\ntheme = \"dark\"\n");
    assert!(!keeper.now().start_at_sign_in);
}

#[test]
fn the_system_says_whether_it_starts_at_sign_in_and_not_the_file() {
    let (_folder, path) = in_folder("start_at_sign_in = true\n");
    let keeper = SettingsKeeper::start(path.clone());
    keeper.starts_at_sign_in(false);
    assert!(!keeper.now().start_at_sign_in);
    std::fs::write(&path, "start_at_sign_in = true\ntheme = \"dark\"\n").unwrap();
    assert!(!keeper.look() && keeper.look());
    assert!(!keeper.now().start_at_sign_in);
}

#[cfg(unix)]
#[test]
fn only_its_user_can_read_what_was_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    SettingsKeeper::start(path.clone()).change(Settings { theme: Theme::Dark, ..Settings::default() }).unwrap();
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn notices_come_as_they_are_wanted() {
    let corrupt = NoticeKind::Unread(VaultError::Corrupt);
    let locked = NoticeKind::MemoryOnly(VaultError::Locked);
    assert!(wants(Notices::All, &locked) && wants(Notices::SignInNeeded, &corrupt));
    assert!(!wants(Notices::SignInNeeded, &locked) && !wants(Notices::SignInNeeded, &NoticeKind::EndsSoon));
    assert!(!wants(Notices::None, &corrupt));
}
