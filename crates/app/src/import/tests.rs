use gatepass_agent::GroupsAt;
use proptest::prelude::*;

use super::*;
use crate::report;

fn profile() -> Profile {
    Profile::from_parts(&ProfileParts {
        name: "Acme & Söhne = 100 %".into(),
        issuer: "https://acme.okta.com/oauth2/default".into(),
        client_id: "0oa9x2c71kQabc12345".into(),
        scopes: Some("openid offline_access api://x/read".into()),
        redirect_uris: Some(vec!["http://localhost:27097/redirect".into(), "dev.gatepass.desktop:/redirect".into()]),
        further_audiences: ["b", "c"]
            .map(|of| format!("https://acme.okta.com/oauth2/aus{of} api://{of} {of}.read"))
            .into(),
        ..ProfileParts::default()
    })
    .unwrap()
}

#[test]
fn what_is_handed_on_is_read_as_the_same_profile() {
    for text in [link(&profile()), profile().to_toml(), format!("  {}\n", link(&profile()))] {
        let draft = read(&text).unwrap();
        assert_eq!(report::read(&draft), Ok(profile()), "{text}");
    }
}

#[test]
fn a_link_is_told_from_a_redirect_by_its_host() {
    for (text, is) in [
        ("dev.gatepass.desktop://profile?issuer=x", true),
        ("DEV.gatepass.desktop://PROFILE/?issuer=x", true),
        ("dev.gatepass.desktop:/redirect?code=c&state=s", false),
        ("dev.gatepass.desktop:/profile?code=c", false),
        ("dev.gatepass.desktop://profiles?code=c", false),
        ("com.example://profile?code=c", false),
    ] {
        assert_eq!(is_link(text), is, "{text}");
    }
}

#[test]
fn what_is_no_single_whole_profile_is_refused() {
    let (two, long) = (format!("{0}{0}", profile().to_toml()), "x".repeat(2_001));
    for text in [
        "",
        "hello",
        "version = 1",
        "dev.gatepass.desktop://profile",
        "dev.gatepass.desktop://profile?issuer=https://acme.okta.com",
        "dev.gatepass.desktop://profile?issuer=https://a.okta.com&issuer=https://b.okta.com&client_id=0oa1",
        &format!("dev.gatepass.desktop://profile?issuer=https://a.okta.com&client_id=0oa1&name={long}"),
        &two,
        &"#".repeat(MAX_TEXT + 1),
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn nobody_is_handed_the_wish_for_an_admins_token() {
    let of_admin = Profile { groups: GroupsAt { from: GroupsFrom::AdminToken, ..GroupsAt::default() }, ..profile() };
    for text in [link(&of_admin), of_admin.to_toml()] {
        assert!(text.contains("okta_api_token"), "{text}");
        assert_eq!(read(&text).unwrap().options.groups_from, "", "{text}");
    }
    let in_disguise = link(&of_admin).replace("okta_api_token", "okta_api_to%C2%ADken");
    assert_eq!(read(&in_disguise).unwrap().options.groups_from, "");
}

#[test]
fn hosts_beside_the_issuers_are_not_imported() {
    let text = format!("{}endpoint_hosts = [\"evil.example\"]\n", profile().to_toml());
    let draft = read(&text).unwrap();
    assert!(!format!("{draft:?}").contains("evil"));
    assert_eq!(report::read(&draft).unwrap().endpoint_hosts.0, Vec::<String>::new());
}

#[test]
fn the_id_of_a_profile_on_another_machine_is_not_imported() {
    let parts = ProfileParts { sign_in_with: Some("first".into()), ..profile().to_parts() };
    let sharing = Profile::from_parts(&parts).unwrap();
    assert_eq!(report::options(&sharing).sign_in_with, "first", "a form keeps it");
    assert!(!link(&sharing).contains("sign_in_with"));
    for text in [sharing.to_toml(), format!("{}&sign_in_with=first", link(&profile()))] {
        assert_eq!(read(&text).unwrap().options.sign_in_with, "", "{text}");
    }
}

proptest! {
    #[test]
    fn whatever_a_link_says_is_short_and_cannot_disguise_itself(
        name in any::<String>(), issuer in any::<String>(), client_id in ".{1,80}", more in any::<String>()
    ) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("name", &name).append_pair("issuer", &issuer).append_pair("client_id", &client_id);
        query.append_pair("redirect_uri", &more).append_pair("scopes", &more).append_pair("redirect_uri", &name);
        if let Ok(draft) = read(&format!("{LINK}?{}", query.finish())) {
            for field in [&draft.name, &draft.issuer, &draft.client_id, &draft.redirect_uri, &draft.scopes] {
                prop_assert!(field.chars().count() <= MAX_FIELD);
                prop_assert_eq!(&people_text(field, MAX_FIELD), field);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(dev.gatepass.desktop://profile[?]|\\[\\[profile\\]\\]\n)?(?s:.{0,300})") {
        let _ = read(&text);
    }
}
