use super::*;

#[test]
fn only_a_local_address_is_opened() {
    for (url, local) in [
        ("http://127.0.0.1:27097/go/abc", true),
        ("http://[::1]:27097/go/abc", true),
        ("http://localhost:27097/go/abc", true),
        ("https://acme.okta.com/oauth2/v1/authorize", false),
        ("http://localhost.example.com/", false),
        ("http://user@10.0.0.1/", false),
        ("file:///etc/passwd", false),
        ("javascript:alert(1)", false),
    ] {
        assert_eq!(is_local(&Url::parse(url).unwrap()), local, "{url}");
    }
    let foreign = Url::parse("https://acme.okta.com/").unwrap();
    assert!(SystemBrowser.open(&foreign).is_err());
}

#[cfg(unix)]
#[test]
fn a_launcher_that_fails_is_reported_and_one_that_is_missing_is_passed_over() {
    assert!(launch(Command::new("true")).is_ok());
    assert!(matches!(launch(Command::new("false")), Err(Launch::Failed(why)) if why.starts_with("false ended with")));
    assert!(matches!(launch(Command::new("no-such-launcher")), Err(Launch::NotFound)));
}

#[cfg(unix)]
#[test]
fn the_browser_does_not_inherit_the_bundle() {
    let environment = [
        ("APPDIR", "/tmp/.mount_x"),
        ("APPIMAGE", "/home/r/Gatepass.AppImage"),
        ("LD_LIBRARY_PATH", "/tmp/.mount_x/usr/lib"),
        ("PATH", "/tmp/.mount_x/usr/bin:/usr/bin"),
        ("HOME", "/home/r"),
    ];
    let changes = |environment: &[(&str, &str)]| {
        let mut command = Command::new("browser");
        let environment: Vec<_> = environment.iter().map(|(name, value)| (name.into(), value.into())).collect();
        without_bundle(&mut command, &environment);
        command
            .get_envs()
            .map(|(name, value)| format!("{}={}", name.to_string_lossy(), value.unwrap_or_default().to_string_lossy()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(changes(&environment), "APPDIR= APPIMAGE= LD_LIBRARY_PATH= PATH=/usr/bin");
    assert_eq!(changes(&environment[2..]), "", "without an AppImage the environment is the person's own");
}

#[test]
fn a_program_and_its_arguments_are_words_and_no_shell_reads_them() {
    let all = |text: &str| split(text).map(|words| words.join("|"));
    assert_eq!(all("firefox"), Ok("firefox".into()));
    assert_eq!(all("  firefox   -P work "), Ok("firefox|-P|work".into()));
    assert_eq!(all(r#""C:\Program Files\f.exe" --x"#), Ok(r"C:\Program Files\f.exe|--x".into()));
    assert_eq!(all("sh -c $(reboot);`x`"), Ok("sh|-c|$(reboot);`x`".into()));
    assert_eq!(all(r#"a "" b"#), Ok("a||b".into()));
    assert_eq!(all(r#"a "b"#), Err(gatepass_agent::Wrong::OpenQuote));
    assert!(check("firefox -P work").is_ok() && check("").is_ok());
    assert!(check(r#""" -x"#).is_err() && check("a\nb").is_err() && check(&"a".repeat(1_001)).is_err());
}

#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn what_the_settings_name_is_given_the_address_and_what_it_says_is_told() {
    let local = Url::parse("http://127.0.0.1:27097/go/abc").unwrap();
    assert!(open_with("true --new-window", &local).is_ok());
    assert_eq!(open_with("no-such-browser", &local).unwrap_err().reason, "this system has no such program");
    assert!(open_with("false", &local).unwrap_err().reason.starts_with("false ended with"));
    assert!(open_with("true", &Url::parse("https://acme.okta.com/").unwrap()).is_err());
    let command = command("firefox -P work", &local).unwrap();
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    assert_eq!(arguments, ["-P", "work", "http://127.0.0.1:27097/go/abc"]);
}
