use super::*;

fn parts() -> ProfileParts {
    ProfileParts {
        name: "Demo org".into(),
        issuer: "http://127.0.0.1:9080/oauth2/default".into(),
        client_id: "0oademo1gatepass".into(),
        ..ProfileParts::default()
    }
}

#[test]
fn what_is_left_out_has_a_default() {
    let profile = Profile::from_parts(&parts()).unwrap();
    assert_eq!(profile.id.as_str(), "demo-org");
    assert_eq!(profile.scopes.to_string(), Profile::DEFAULT_SCOPES);
    assert_eq!(profile.redirect_uris[0].as_str(), Profile::DEFAULT_REDIRECT_URI);
    assert!(profile.is_demo());
}

#[test]
fn groups_are_asked_for_where_the_server_is_sure_to_know_them() {
    let scopes = |issuer: &str| {
        let parts = ProfileParts { issuer: issuer.into(), ..parts() };
        Profile::from_parts(&parts).unwrap().scopes.to_string()
    };
    assert_eq!(scopes("https://acme.okta.com"), "openid profile email groups offline_access");
    assert_eq!(scopes("https://acme.okta.com/oauth2/default"), "openid profile email offline_access");
}

#[test]
fn each_field_is_judged_and_named() {
    let long = "x".repeat(101);
    let cases: Vec<(&str, ProfileParts)> = vec![
        ("name", ProfileParts { name: "  ".into(), ..parts() }),
        ("name", ProfileParts { name: long, ..parts() }),
        ("name", ProfileParts { name: "two\nlines".into(), ..parts() }),
        ("id", ProfileParts { id: Some("Demo".into()), ..parts() }),
        ("id", ProfileParts { id: Some(String::new()), ..parts() }),
        ("issuer", ProfileParts { issuer: "http://acme.okta.com".into(), ..parts() }),
        ("issuer", ProfileParts { issuer: "acme".into(), ..parts() }),
        ("client_id", ProfileParts { client_id: " ".into(), ..parts() }),
        ("client_id", ProfileParts { client_id: "two words".into(), ..parts() }),
        ("scopes", ProfileParts { scopes: Some("profile".into()), ..parts() }),
        ("scopes", ProfileParts { scopes: Some("openid a\"b".into()), ..parts() }),
        ("redirect_uris", ProfileParts { redirect_uris: Some(vec![]), ..parts() }),
        ("redirect_uris", ProfileParts { redirect_uris: Some(vec!["https://acme.com/cb".into()]), ..parts() }),
        ("endpoint_hosts", ProfileParts { endpoint_hosts: vec!["https://acme.com/".into()], ..parts() }),
    ];
    for (field, parts) in cases {
        let error = Profile::from_parts(&parts).unwrap_err();
        assert_eq!(error.field, field, "{error}");
    }
}

#[test]
fn an_id_says_what_the_name_says() {
    for (name, id) in
        [("Acme Corp (prod)", "acme-corp-prod"), ("  --Ünïcode--  ", "n-code"), ("שלום", "profile"), ("A", "a")]
    {
        let made = ProfileId::of_name(name);
        assert_eq!(made.as_str(), id, "{name}");
        assert_eq!(ProfileId::parse(made.as_str()), Some(made));
    }
}

#[test]
fn a_taken_id_gets_a_number_and_stays_an_id() {
    let demo = ProfileId::parse("demo").unwrap();
    assert_eq!(demo.made_unique(|_| false).as_str(), "demo");
    assert_eq!(demo.made_unique(|id| ["demo", "demo-2"].contains(&id.as_str())).as_str(), "demo-3");
    let long = ProfileId::parse(&"x".repeat(64)).unwrap();
    let unique = long.made_unique(|id| *id == long);
    assert_eq!(ProfileId::parse(unique.as_str()), Some(unique));
}
