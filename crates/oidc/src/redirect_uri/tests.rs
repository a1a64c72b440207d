use proptest::prelude::*;

use super::*;

#[test]
fn loopback_uris_say_where_to_listen() {
    use LoopbackHost::*;
    for (text, expected) in [
        ("http://127.0.0.1:8080/callback", (V4, 8080, "/callback")),
        ("http://[::1]:65535/a/b", (V6, 65535, "/a/b")),
        ("http://localhost:27097/redirect", (Localhost, 27097, "/redirect")),
        ("http://localhost:8080/", (Localhost, 8080, "/")),
        ("http://localhost:8080", (Localhost, 8080, "/")),
        ("http://127.0.0.1:80/callback", (V4, 80, "/callback")),
    ] {
        let uri = RedirectUri::parse(text).unwrap();
        assert_eq!(uri.loopback(), Some(expected), "{text}");
        assert_eq!((uri.as_str(), uri.to_string().as_str()), (text, text));
        assert_eq!(uri.private_scheme(), None);
    }
}

#[test]
fn private_use_schemes_say_their_name() {
    for (text, scheme) in [
        ("com.okta.acme:/callback", "com.okta.acme"),
        ("dev.gatepass.desktop:/", "dev.gatepass.desktop"),
        ("dev.gatepass.desktop://callback", "dev.gatepass.desktop"),
    ] {
        let uri = RedirectUri::parse(text).unwrap();
        assert_eq!(uri.private_scheme(), Some(scheme));
        assert_eq!(uri.as_str(), text);
        assert_eq!(uri.loopback(), None);
    }
}

#[test]
fn what_no_native_app_can_use_is_refused() {
    use NotARedirectUri::*;
    for (text, why) in [
        ("", NotAUri),
        ("/callback", NotAUri),
        ("127.0.0.1:8080/callback", NotAUri),
        ("http://localhost:8080/call back", NotAUri),
        ("http://localhost:8080/call\nback", NotAUri),
        ("http://localhost:8080/a/../b", NotAUri),
        ("http://localhost:8080\\callback", NoPort),
        ("HTTP://localhost:8080/callback", NotAUri),
        ("http:/localhost:8080/callback", NotAUri),
        ("http://localhost:8080/callback?a=b", Decorated),
        ("http://localhost:8080/callback?", Decorated),
        ("http://localhost:8080/callback#", Decorated),
        ("http://robin@localhost:8080/callback", Decorated),
        ("http://acme.example:8080/callback", NotLoopback),
        ("http://127.0.0.2:8080/callback", NotLoopback),
        ("http://127.1:8080/callback", NotLoopback),
        ("http://LOCALHOST:8080/callback", NotLoopback),
        ("http://localhost.acme.example:8080/callback", NotLoopback),
        ("https://acme.example/callback", Https),
        ("https://localhost:8080/callback", Https),
        ("http://localhost/callback", NoPort),
        ("http://localhost:/callback", NoPort),
        ("http://localhost:0/callback", NoPort),
        ("http://localhost:08080/callback", NoPort),
        ("myapp:/callback", SchemeWithoutDot),
        ("javascript:alert(1)", SchemeWithoutDot),
        ("file:///etc/passwd", SchemeWithoutDot),
        ("localhost:8080/callback", SchemeWithoutDot),
        ("com.:/callback", SchemeWithoutDot),
        ("acme.example:8080/callback", NotAUri),
        ("com.okta.acme:callback", NotAUri),
        ("com.okta.acme:/call back", NotAUri),
        ("com.okta.acme:/call\nback", NotAUri),
        ("com.okta.acme:/\u{e4}", NotAUri),
        ("COM.okta.acme:/callback", NotAUri),
        ("com.okta.acme:/a/../callback", NotAUri),
        ("com.okta.acme:/callback?a", Decorated),
        ("com.okta.acme:/callback#a", Decorated),
        ("com.okta.acme://robin@callback", Decorated),
    ] {
        assert_eq!(RedirectUri::parse(text).unwrap_err(), why, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_kept_to_the_letter_or_refused(
        text in "(http://(localhost|127\\.0\\.0\\.1|\\[::1\\])|com\\.acme|)(:[0-9]{0,6})?[ -~\u{e4}\u{202e}\n]{0,20}"
    ) {
        if let Ok(uri) = RedirectUri::parse(&text) {
            prop_assert_eq!(uri.as_str(), text.as_str());
            prop_assert!(uri.loopback().is_some() != uri.private_scheme().is_some());
            if let Some((_, port, path)) = uri.loopback() {
                prop_assert!(path.starts_with('/') && port > 0);
                let spelled = format!(":{port}");
                prop_assert!(text.contains(&spelled));
            }
        }
    }
}
