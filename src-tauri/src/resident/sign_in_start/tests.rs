//! What is written where, and what counts as on.

use super::*;

#[test]
fn an_entry_starts_the_program_without_its_window_whatever_its_path() {
    assert!(
        desktop_entry("/opt/gatepass/gatepass-desktop")
            .contains("\nExec=\"/opt/gatepass/gatepass-desktop\" --resident\n")
    );
    assert!(desktop_entry(r#"/a b/$x"`y\z%f"#).contains(r#"Exec="/a b/\\$x\\"\\`y\\\\z%%f" --resident"#));
    assert!(launch_agent("/A & B/<x>").contains("<string>/A &amp; B/&lt;x&gt;</string><string>--resident</string>"));
}

#[cfg(not(windows))]
#[test]
fn the_system_is_told_and_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = SignInStart::of_this_user(folder.path(), folder.path());
    assert!(!start.is_on());
    start.set(false).expect("nothing to take out");
    start.set(true).expect("it is written");
    assert!(start.is_on());
    let text = std::fs::read_to_string(&start.file).expect("a file");
    let this = std::env::current_exe().expect("a program");
    assert!(text.contains(this.to_str().expect("a plain path")), "{text}");
    // As GNOME's and other desktops' own settings do it.
    for off in ["X-GNOME-Autostart-enabled=false", "Hidden=true"] {
        std::fs::write(&start.file, format!("{text}{off}\n")).expect("a file");
        assert!(!start.is_on(), "{off}");
    }
    start.set(true).expect("it is written anew");
    assert!(start.is_on());
    start.set(false).expect("it is taken out");
    assert!(!start.is_on() && !start.file.exists());
}

#[cfg(not(windows))]
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, "").expect("a file");
    assert!(SignInStart::of_this_user(&in_the_way, &in_the_way).set(true).is_err());
}
