use gatepass_agent::ProfileParts;

use super::*;

fn profiles() -> [Profile; 3] {
    let profile = |id: &str, issuer: &str, redirect_uri: &str| {
        Profile::from_parts(&ProfileParts {
            id: Some(id.into()),
            name: id.into(),
            issuer: issuer.into(),
            client_id: "0oa9x2c71kQ".into(),
            redirect_uris: Some(vec![redirect_uri.into()]),
            ..ProfileParts::default()
        })
        .unwrap()
    };
    [
        profile("loopback", "https://acme.okta.com/oauth2/default", "http://localhost:27097/redirect"),
        profile("private", "https://acme.okta.com", "com.okta.acme:/callback"),
        profile("other", "https://other.okta.com", "com.okta.other:/callback"),
    ]
}

fn of(link: &str) -> Option<String> {
    profile_of(link, profiles().iter().map(|profile| (profile, false))).map(|id| id.to_string())
}

#[test]
fn okta_names_the_org_and_a_profile_of_it_is_found() {
    assert_eq!(of("dev.gatepass.desktop:/login?iss=https%3A%2F%2Facme.okta.com").as_deref(), Some("loopback"));
    assert_eq!(of("com.okta.acme:/login?iss=https://acme.okta.com/").as_deref(), Some("private"));
    assert_eq!(
        of("dev.gatepass.desktop:/login?iss=https://other.okta.com&target_link_uri=x").as_deref(),
        Some("other")
    );
}

#[test]
fn nothing_else_is_an_invitation() {
    let long = format!("dev.gatepass.desktop:/login?iss=https://acme.okta.com&x={}", "a".repeat(MAX_LINK));
    for link in [
        "dev.gatepass.desktop:/login",
        "dev.gatepass.desktop:/login?iss=https://evil.example",
        "dev.gatepass.desktop:/login?iss=http://acme.okta.com",
        "dev.gatepass.desktop:/login?iss=https://acme.okta.com@evil.example",
        "dev.gatepass.desktop:/login?iss=https://acme.okta.com&iss=https://other.okta.com",
        "dev.gatepass.desktop:/login?iss=https://acme.okta.com&code=c&state=s",
        "dev.gatepass.desktop:/login?iss=https://acme.okta.com&id_token=t",
        "com.okta.other:/login?iss=https://acme.okta.com",
        "no address",
        &long,
    ] {
        assert_eq!(of(link), None, "{link}");
    }
}

#[test]
fn of_several_the_one_that_nobody_is_signed_in_to_is_meant() {
    let link = "dev.gatepass.desktop:/login?iss=https://acme.okta.com";
    let profiles = profiles();
    let of = |signed_in: [bool; 3]| profile_of(link, profiles.iter().zip(signed_in)).map(|id| id.to_string());
    assert_eq!(of([true, false, false]).as_deref(), Some("private"));
    assert_eq!(of([true, true, false]).as_deref(), Some("loopback"));
}
