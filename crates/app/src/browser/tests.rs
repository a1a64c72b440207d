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
