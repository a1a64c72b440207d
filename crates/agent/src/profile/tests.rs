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

/// A profile with everything that an Okta app can want.
fn with_everything() -> ProfileParts {
    let text = |text: &str| Some(text.to_owned());
    ProfileParts {
        id: text("demo-org"),
        client_authentication: text("private_key_jwt"),
        dpop: true,
        response_mode: text("form_post"),
        acr_values: text("urn:okta:loa:2fa:any phr"),
        max_age: Some(3600),
        push: true,
        silent_first: true,
        sign_in_with: text("first-org"),
        groups_claim: text("Groups"),
        groups_from: text("access_token"),
        further_audiences: vec!["http://127.0.0.1:9080/oauth2/ausB api://b b.read b.write".into()],
        ..Profile::from_parts(&parts()).unwrap().to_parts()
    }
}

#[test]
fn a_profile_and_its_parts_say_the_same() {
    for parts in [parts(), with_everything(), ProfileParts { prompt: Some("login consent".into()), ..parts() }] {
        let profile = Profile::from_parts(&parts).unwrap();
        assert_eq!(Profile::from_parts(&profile.to_parts()).unwrap(), profile);
    }
    assert_eq!(Profile::from_parts(&with_everything()).unwrap().to_parts(), with_everything());
    let plain = Profile::from_parts(&parts()).unwrap();
    assert_eq!((plain.asking, plain.groups), (Asking::default(), GroupsAt::default()));
}

#[test]
fn what_contradicts_itself_is_no_profile() {
    let private = || Some(vec!["com.okta.acme:/callback".to_owned()]);
    let custom = "https://acme.okta.com/oauth2/default".to_owned();
    let on_org_server = |scopes: &str| ProfileParts {
        issuer: "https://acme.okta.com".into(),
        scopes: Some(scopes.to_owned()),
        ..parts()
    };
    let from = |name: &str| Some(name.to_owned());
    let wrong: [(&str, ProfileParts); 13] = [
        ("client_authentication", ProfileParts { client_authentication: Some("client_secret_jwt".into()), ..parts() }),
        ("response_mode", ProfileParts { response_mode: Some("fragment".into()), ..parts() }),
        ("response_mode", ProfileParts { redirect_uris: private(), ..with_everything() }),
        ("prompt", ProfileParts { prompt: Some("none".into()), ..parts() }),
        ("max_age", ProfileParts { max_age: Some(u32::MAX), ..parts() }),
        ("acr_values", ProfileParts { acr_values: Some("\u{e4}cr".into()), ..parts() }),
        ("silent_first", ProfileParts { prompt: Some("login".into()), silent_first: true, ..parts() }),
        ("silent_first", ProfileParts { max_age: Some(0), silent_first: true, ..parts() }),
        ("sign_in_with", ProfileParts { sign_in_with: Some("Not An Id".into()), ..parts() }),
        ("sign_in_with", ProfileParts { sign_in_with: Some("demo-org".into()), ..with_everything() }),
        ("groups_claim", ProfileParts { groups_claim: Some("a\nb".into()), ..parts() }),
        ("groups_from", ProfileParts { groups_from: from("okta_api"), ..on_org_server("openid") }),
        (
            "groups_from",
            ProfileParts { issuer: custom, groups_from: from("okta_api"), ..on_org_server("openid okta.users.read") },
        ),
    ];
    for (field, parts) in wrong {
        assert_eq!(Profile::from_parts(&parts).unwrap_err().field, field);
    }
    let of_okta = |scopes, name| ProfileParts { groups_from: from(name), ..on_org_server(scopes) };
    for (scopes, name) in [("openid okta.users.read", "okta_api"), ("openid", "okta_api_token")] {
        assert_eq!(Profile::from_parts(&of_okta(scopes, name)).unwrap().to_parts().groups_from, from(name));
    }
    // By a private scheme nothing but a query comes.
    assert!(
        Profile::from_parts(&ProfileParts { redirect_uris: private(), response_mode: None, ..with_everything() })
            .is_ok()
    );
}

#[test]
fn a_further_audience_is_of_another_custom_server_of_the_same_org() {
    let with = |texts: &[&str]| {
        let further_audiences = texts.iter().map(|text| (*text).to_owned()).collect();
        Profile::from_parts(&ProfileParts { further_audiences, ..parts() }).map(|profile| profile.further_audiences)
    };
    let host = "http://127.0.0.1:9080/oauth2";
    let read = with(&[&format!("  {host}/ausB   api://b  b.read b.write"), "", &format!("{host}/ausC api://c c.read")]);
    let told: Vec<_> = read.unwrap().iter().map(|one| (one.audience.clone(), one.scopes.to_string())).collect();
    assert_eq!(told, [("api://b".into(), "b.read b.write".into()), ("api://c".into(), "c.read".into())]);
    let wrong = |texts: &[&str]| with(texts).unwrap_err().what;
    for (text, is_it) in [
        ("api://b", (|what| matches!(what, Wrong::NoAudience(_))) as fn(&Wrong) -> bool),
        (&format!("{host}/ausB api://b"), |what| matches!(what, Wrong::NoAudience(_))),
        (&format!("{host}/ausB \u{e4}pi b.read"), |what| matches!(what, Wrong::NoAudience(_))),
        (&format!("{host}/ausB api://b \"b"), |what| matches!(what, Wrong::Scope(_))),
        ("acme api://b b.read", |what| matches!(what, Wrong::Issuer(_))),
        ("https://evil.example/oauth2/ausB api://b b.read", |what| matches!(what, Wrong::AudienceElsewhere(_))),
        ("http://127.0.0.1:9081/oauth2/ausB api://b b.read", |what| matches!(what, Wrong::AudienceElsewhere(_))),
        ("http://127.0.0.1:9080 api://b b.read", |what| matches!(what, Wrong::AudienceElsewhere(_))),
        (&format!("{} api://b b.read", parts().issuer), |what| matches!(what, Wrong::AudienceElsewhere(_))),
        (&format!("{host}/ausB api://b openid b.read"), |what| matches!(what, Wrong::AudienceScope(_))),
        (&format!("{host}/ausB api://b b.read offline_access"), |what| matches!(what, Wrong::AudienceScope(_))),
    ] {
        let what = wrong(&[text]);
        assert!(is_it(&what), "{text}: {what}");
    }
    let b = format!("{host}/ausB api://b b.read");
    assert!(matches!(wrong(&[&b, &format!("{host}/ausC api://b c.read")]), Wrong::AudienceTwice(_)));
    let (long_audience, long) = ("x".repeat(201), "b ".repeat(500));
    for text in [format!("{host}/ausB {long_audience} b.read"), format!("{host}/ausB api://b {long}")] {
        assert_eq!(wrong(&[&text]), Wrong::TooLong);
    }
    assert_eq!(wrong(&vec![b.as_str(); 21]), Wrong::TooLong);

    // As long and as many as there can be.
    let longest = format!("{host}/ausB {} b.read", "x".repeat(200));
    let filled = format!("{host}/ausB api://b {:b<1$}", "", 1_000 - format!("{host}/ausB api://b ").len());
    let twenty: Vec<_> = (0..20).map(|n| format!("{host}/aus{n} api://{n} b.read")).collect();
    assert_eq!(with(&[&longest, &filled]).unwrap().len(), 2);
    assert_eq!(with(&twenty.iter().map(String::as_str).collect::<Vec<_>>()).unwrap().len(), 20);
}

#[test]
fn a_claim_of_any_name_is_looked_for_and_only_where_nobody_is_asked() {
    let with = |claim: &str| ProfileParts { groups_claim: Some(claim.to_owned()), ..parts() };
    assert_eq!(Profile::from_parts(&with(&"g".repeat(100))).unwrap().groups.claim.len(), 100);
    assert_eq!(Profile::from_parts(&with(&"g".repeat(101))).unwrap_err().what, Wrong::NoClaim);
    use GroupsFrom::{AccessToken, AdminToken, IdToken, OktaApi, Tokens, UserInfo};
    let asked = [Tokens, IdToken, AccessToken, UserInfo, OktaApi, AdminToken].map(GroupsFrom::is_asked);
    assert_eq!(asked, [false, false, false, true, true, true]);
}
