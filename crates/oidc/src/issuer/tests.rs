use proptest::prelude::*;

use super::*;

#[test]
fn an_issuer_is_kept_to_the_letter() {
    for text in [
        "https://acme.okta.com",
        "https://acme.okta.com/oauth2/default",
        "https://acme.okta.com:8443/oauth2/aus9o8wzkhckw9TLa0h7",
        "http://127.0.0.1:8080",
        "http://127.5.0.9:8080/oauth2/default",
        "http://[::1]:8080",
        "http://localhost:8080",
    ] {
        let issuer = IssuerUrl::parse(text).unwrap();
        assert_eq!(issuer.as_str(), text);
        assert_eq!(issuer.is_loopback(), text.starts_with("http:"), "{text}");
    }
}

#[test]
fn a_host_is_told_with_the_port_that_its_issuer_names() {
    for (text, host) in [
        ("https://acme.okta.com/oauth2/default", "acme.okta.com"),
        ("https://acme.okta.com:8443/oauth2/default", "acme.okta.com:8443"),
        ("http://[::1]:8080", "[::1]:8080"),
    ] {
        assert_eq!(IssuerUrl::parse(text).unwrap().authority(), host);
    }
}

#[test]
fn what_is_no_issuer_is_refused() {
    use NotAnIssuer::*;
    for (text, why) in [
        ("", NotAUrl),
        ("acme.okta.com", NotAUrl),
        ("mailto:robin@acme.example", NotAUrl),
        ("https://", NotAUrl),
        ("https://acme okta.com", NotAUrl),
        (" https://acme.okta.com", NotAUrl),
        ("https://acme.\nokta.com", NotAUrl),
        ("https://ACME.okta.com", NotAUrl),
        ("https://acme.okta.com:443", NotAUrl),
        ("https://acme.okta.com/a/../b", NotAUrl),
        ("https:\\\\acme.okta.com", NotAUrl),
        ("ftp://acme.okta.com", NotHttps),
        ("http://acme.okta.com", NotHttps),
        ("http://localhost.acme.example", NotHttps),
        ("http://127.0.0.1.acme.example", NotHttps),
        ("http://10.0.0.1", NotHttps),
        ("https://acme.okta.com/", Decorated),
        ("https://acme.okta.com/oauth2/default/", Decorated),
        ("https://acme.okta.com?", Decorated),
        ("https://acme.okta.com?a=b", Decorated),
        ("https://acme.okta.com#", Decorated),
        ("https://robin@acme.okta.com", Decorated),
        ("https://@acme.okta.com", Decorated),
    ] {
        assert_eq!(IssuerUrl::parse(text).unwrap_err(), why, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_kept_to_the_letter_or_refused(text in "(https?://)?[ -~\\s\u{e4}\u{202e}]{0,40}") {
        if let Ok(issuer) = IssuerUrl::parse(&text) {
            prop_assert_eq!(issuer.as_str(), text.as_str());
            prop_assert_eq!(issuer.url().as_str().trim_end_matches('/'), text.as_str());
            prop_assert!(issuer.url().scheme() == "https" || issuer.is_loopback());
        }
    }
}
