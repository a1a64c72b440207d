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
    let request = Request::Do(Intent::SignIn { profile: "a\nb".into(), as_someone_else: true });
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

proptest! {
    #[test]
    fn no_line_is_read_into_a_panic(bytes: Vec<u8>) {
        let _ = frame::read_line::<Request>(&mut bytes.as_slice());
    }
}
