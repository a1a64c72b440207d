use proptest::prelude::*;

use super::*;

#[test]
fn an_issuer_is_read_out_of_what_people_paste() {
    use Repair::*;
    let org = "https://acme.okta.com";
    let custom = "https://acme.okta.com/oauth2/default";
    for (text, issuer, repairs) in [
        // Nothing to mend, or nothing worth a word.
        ("https://acme.okta.com", org, &[][..]),
        ("https://acme.okta.com/oauth2/default", custom, &[]),
        ("  https://acme.okta.com\n", org, &[]),
        ("\u{200b}https://ACME.Okta.com:443", org, &[]),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", &[]),
        (
            "https://id.acme.example/oauth2/aus9o8wzkhckw9TLa0h7",
            "https://id.acme.example/oauth2/aus9o8wzkhckw9TLa0h7",
            &[],
        ),
        // The five metadata addresses of Okta's console, and how guides cut them.
        ("https://acme.okta.com/.well-known/openid-configuration", org, &[MetadataAddress]),
        ("https://acme.okta.com/.well-known/oauth-authorization-server", org, &[MetadataAddress]),
        ("https://acme.okta.com/oauth2/default/.well-known/openid-configuration", custom, &[MetadataAddress]),
        ("https://acme.okta.com/oauth2/default/.well-known/oauth-authorization-server", custom, &[MetadataAddress]),
        ("https://acme.okta.com/.well-known/oauth-authorization-server/oauth2/default", custom, &[MetadataAddress]),
        ("https://acme.okta.com/oauth2/default/.well-known", custom, &[MetadataAddress]),
        ("https://acme.okta.com/oauth2/default/.well-known/", custom, &[TrailingSlash, MetadataAddress]),
        ("https://acme.okta.com/.well-known/okta-organization", org, &[MetadataAddress]),
        // The rest, alone and together.
        ("acme.okta.com", org, &[SchemeAdded]),
        ("acme.okta.com:443/oauth2/default", custom, &[SchemeAdded]),
        ("https://acme.okta.com/", org, &[TrailingSlash]),
        ("https://acme.okta.com/oauth2/default//", custom, &[TrailingSlash]),
        ("https://acme-admin.okta.com", org, &[AdminHost]),
        ("https://acme-admin.oktapreview.com/", "https://acme.oktapreview.com", &[AdminHost, TrailingSlash]),
        ("https://acme-admin.okta.com/admin/dashboard", org, &[AdminHost]),
        ("https://acme.okta.com/oauth2", org, &[EndpointAddress]),
        ("https://acme.okta.com/oauth2/", org, &[TrailingSlash, EndpointAddress]),
        ("https://acme.okta.com/oauth2/v1", org, &[EndpointAddress]),
        ("https://acme.okta.com/oauth2/v1/token", org, &[EndpointAddress]),
        ("https://acme.okta.com/oauth2/default/v1", custom, &[EndpointAddress]),
        ("https://acme.okta.com/oauth2/default/v1/authorize?client_id=x", custom, &[Decoration, EndpointAddress]),
        ("https://robin:secret@acme.okta.com#top", org, &[Decoration]),
        (
            "acme-admin.okta.com/oauth2/default/.well-known/openid-configuration?a",
            custom,
            &[SchemeAdded, Decoration, AdminHost, MetadataAddress],
        ),
    ] {
        let read = read_issuer(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(read.issuer.as_str(), issuer, "{text}");
        assert_eq!(read.repairs, repairs, "{text}");
    }
}

#[test]
fn what_needs_the_person_is_refused_with_a_reason() {
    use UnreadableIssuer::*;
    for (text, why) in [
        ("", Empty),
        (" \t\n", Empty),
        ("https://{yourOktaDomain}", Placeholder),
        ("https://%7ByourOktaDomain%7D/oauth2/default", Placeholder),
        ("https://${OKTA_DOMAIN}/oauth2/default", Placeholder),
        ("<your issuer>", Placeholder),
        ("https://your-okta-domain.okta.com", Placeholder),
        ("https://yourOktaDomain/oauth2/default", Placeholder),
        ("https://\u{fe5b}yourDomain\u{fe5c}", Placeholder),
        ("https://example.okta.com", Placeholder),
        ("https://example-admin.okta.com", Placeholder),
        ("https://acme.okta.com/oauth2/${authorizationServerId}", Placeholder),
        ("0oa1gjh63g214q0Hq0g4", IsClientId),
        ("https://acme.okta.com/oauth2/0oa1gjh63g214q0Hq0g4", ClientIdInPath),
        ("https://acme.okta.com/oauth2/0oa1gjh63g214q0Hq0g4/v1/token", ClientIdInPath),
        ("http://acme.okta.com", Http),
        ("HTTP://acme.okta.com", Http),
        ("ftp://acme.okta.com", NotAnIssuer(crate::NotAnIssuer::NotHttps)),
        ("acme okta com", NotAnIssuer(crate::NotAnIssuer::NotAUrl)),
        ("https://", NotAnIssuer(crate::NotAnIssuer::NotAUrl)),
    ] {
        assert_eq!(read_issuer(text).unwrap_err(), why, "{text}");
    }
}

#[test]
fn a_host_that_only_resembles_an_admin_host_is_left_alone() {
    for text in [
        "https://acme-admin.example.com",
        "https://admin.okta.com",
        "https://acme-admin.okta.com.evil.example",
        "https://-admin.okta.com",
    ] {
        assert_eq!(read_issuer(text).unwrap().issuer.as_str(), text);
    }
}

#[test]
fn a_metadata_address_with_two_paths_is_left_alone() {
    let text = "https://acme.okta.com/a/.well-known/openid-configuration/b";
    assert_eq!(read_issuer(text).unwrap().issuer.as_str(), text);
}

#[test]
fn the_kind_of_server_follows_from_the_path() {
    let kind = |text| server_kind(&IssuerUrl::parse(text).unwrap());
    assert_eq!(kind("https://acme.okta.com"), ServerKind::Org);
    assert_eq!(kind("https://acme.okta.com/oauth2/default"), ServerKind::Custom);
}

#[test]
fn a_client_id_is_told_from_what_else_is_pasted_there() {
    use ClientIdSuspicion::*;
    for (text, what) in [
        ("", Plausible),
        ("0oa1gjh63g214q0Hq0g4", Plausible),
        (" 0oa1gjh63g214q0Hq0g4 ", Plausible),
        ("gatepass-desktop", Plausible),
        ("austria-portal", Plausible),
        ("$-_.+!*'(),", Plausible),
        ("aus9o8wzkhckw9TLa0h7", AuthorizationServerId),
        ("https://acme.okta.com", Url),
        ("acme.okta.com", Url),
        ("acme.example/oauth2", Url),
        ("{clientId}", Placeholder),
        ("<client id>", Placeholder),
        ("your-client-id", Placeholder),
        ("0oa1gjh63g 214q0Hq0g4", BadCharacters),
        ("0oa1gjh63g214q0Hq0g4\u{202e}", BadCharacters),
        ("0oa1g", BadCharacters),
    ] {
        assert_eq!(suspect_client_id(text), what, "{text}");
    }
    assert_eq!(suspect_client_id(&"a".repeat(101)), BadCharacters);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn reading_a_read_issuer_again_changes_nothing(
        text in "(https?:/?/?)?(acme(-admin)?\\.okta\\.com|localhost|\\PC{0,8})(:[0-9]{1,5})?\
                 ((/oauth2|/v1|/default|/\\.well-known|/openid-configuration|/oauth-authorization-server|/admin|/|//|/\\.\\.)){0,6}\
                 ([?#@][a-z]{0,3})?"
    ) {
        if let Ok(read) = read_issuer(&text) {
            let again = read_issuer(read.issuer.as_str());
            prop_assert_eq!(again, Ok(ReadIssuer { issuer: read.issuer, repairs: Vec::new() }));
        }
    }

    #[test]
    fn any_text_is_suspected_or_not(text in "\\PC{0,60}") {
        let _ = suspect_client_id(&text);
        let _ = read_issuer(&text);
    }
}
