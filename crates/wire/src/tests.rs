//! The TypeScript types of the UI are generated from this crate; the framing survives whatever it is fed.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use ts_rs::TS;

use crate::frame::{self, Hello, Request};
use crate::{Answer, Change, Intent};

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/wire")
}

fn generate(into: &Path) {
    let config = ts_rs::Config::new().with_out_dir(into);
    Change::export_all(&config).expect("export");
    Intent::export_all(&config).expect("export");
    Answer::export_all(&config).expect("export");
}

/// `cargo gen` sets `GATEPASS_GEN` and so writes the files; otherwise they are compared.
#[test]
fn the_generated_types_are_the_committed_ones() {
    if std::env::var_os("GATEPASS_GEN").is_some() {
        generate(&committed());
        return;
    }
    let fresh = tempfile::tempdir().expect("a folder");
    generate(fresh.path());
    for entry in std::fs::read_dir(fresh.path()).expect("generated") {
        let name = entry.expect("entry").file_name();
        let generated = std::fs::read_to_string(fresh.path().join(&name)).expect("generated");
        let kept = std::fs::read_to_string(committed().join(&name)).unwrap_or_default();
        assert_eq!(generated, kept, "{} is not current: run `cargo gen`", name.to_string_lossy());
    }
}

#[test]
fn what_is_written_is_what_is_read() {
    let mut wire = Vec::new();
    let request = Request::Do(Intent::SignIn { profile: "a\nb".into(), as_someone_else: true, with_code: false });
    frame::write_line(&mut wire, &Hello { gatepass: 1 }).expect("write");
    frame::write_line(&mut wire, &request).expect("write");
    let mut from = wire.as_slice();
    assert_eq!(frame::read_line::<Hello>(&mut from).expect("read"), Some(Hello { gatepass: 1 }));
    assert_eq!(frame::read_line::<Request>(&mut from).expect("read"), Some(request));
    assert_eq!(frame::read_line::<Request>(&mut from).expect("read"), None);
}

#[test]
fn an_error_of_framing_does_not_quote_the_line() {
    let error = frame::read_line::<Hello>(&mut &b"{\"gatepass\":\"s3cret\"}\n"[..]).expect_err("not a number");
    assert!(!format!("{error:?}{error}").contains("s3cret"));
}

#[cfg(unix)]
#[test]
fn a_resident_in_a_folder_that_others_can_write_is_not_spoken_to() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let place = crate::place::Place { path: folder.path().join("api") };
    let listener = std::os::unix::net::UnixListener::bind(&place.path).expect("a socket");
    std::thread::spawn(move || listener.incoming().for_each(drop));
    for mode in [0o777, 0o720, 0o750] {
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).expect("set");
        let refused = crate::client::ask(&place, Intent::ShowWindow).expect_err("refused");
        assert!(refused.to_string().contains("is not this user's alone"), "{refused}");
    }
}

/// A resident of another version, which hears one client; what it hears.
#[cfg(unix)]
fn resident_of_version(version: u32, folder: &Path) -> (crate::place::Place, std::thread::JoinHandle<Vec<String>>) {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).expect("set");
    let place = crate::place::Place { path: folder.join("api") };
    let listener = std::os::unix::net::UnixListener::bind(&place.path).expect("a socket");
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        writeln!(stream, "{{\"gatepass\":{version}}}").expect("hello");
        let mut lines = BufReader::new(stream.try_clone().expect("both ends")).lines();
        let heard: Vec<String> = lines.by_ref().map_while(Result::ok).take(2).collect();
        // An answer in words that this version does not have.
        let _ = writeln!(stream, "{{\"answer-of-the-future\":[1,2]}}");
        heard
    });
    (place, heard)
}

#[cfg(unix)]
#[test]
fn a_resident_of_another_version_is_named_and_asked_for_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (place, heard) = resident_of_version(7, folder.path());
    let refused = crate::client::ask(&place, Intent::ShowWindow).expect_err("refused");
    assert!(matches!(refused, crate::client::ClientError::OtherVersion { theirs: 7 }), "{refused}");
    assert_eq!(heard.join().expect("no panic"), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_resident_of_another_version_is_asked_to_quit_in_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let (place, heard) = resident_of_version(7, folder.path());
    assert_eq!(crate::client::quit(&place).expect("it answers"), Answer::Done);
    // To the letter: these are the words that every version understands.
    assert_eq!(heard.join().expect("no panic"), [r#"{"gatepass":7}"#, r#"{"do":{"intent":"quit"}}"#]);
}

proptest! {
    #[test]
    fn no_line_is_read_into_a_panic(bytes: Vec<u8>) {
        let _ = frame::read_line::<Request>(&mut bytes.as_slice());
    }
}
