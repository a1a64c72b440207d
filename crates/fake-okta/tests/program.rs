//! The program as a script starts it.

use std::process::{Command, Output, Stdio};

/// Runs the program with its standard input closed, and returns what it printed until it ended of itself.
fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fake-okta"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program is built")
}

#[test]
fn it_prints_a_profile_and_ends_with_its_standard_input() {
    let uris = ["--redirect-uri", "http://localhost:1/a", "--redirect-uri", "test.app:/b"];
    let output = run(&[&["--port", "0", "--print-profile", "--until-stdin-closes"], &uris[..]].concat());
    assert!(output.status.success());
    let profile = String::from_utf8(output.stdout).unwrap();
    assert!(profile.starts_with("version = 1\n\n[[profile]]\nid = \"demo\"\n"), "{profile}");
    assert!(profile.contains("\nissuer = \"http://127.0.0.1:"), "{profile}");
    assert!(profile.contains("\nclient_id = \"0oademo1gatepass\"\n"), "{profile}");
    assert!(profile.ends_with("redirect_uris = [\"http://localhost:1/a\", \"test.app:/b\"]\n"), "{profile}");
}

#[test]
fn it_says_what_is_wrong_with_its_arguments() {
    for (arguments, words) in [
        (&["--prot", "9080"][..], "unknown option --prot"),
        (&["--port"], "--port needs a value"),
        (&["--port", "many"], "many is not a number that fits"),
        (&["--auto", "nobody"], "nobody here is called nobody"),
    ] {
        let output = run(arguments);
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{words}: {said}");
    }
}
