use super::*;
use crate::profiles_file::tests::{DEMO, acme};
use crate::profiles_file::{as_toml, read};

fn demo() -> Profile {
    read(DEMO).unwrap().profiles.remove(0)
}

#[test]
fn an_edit_touches_what_changed_and_nothing_else() {
    let text = format!("{DEMO}\n{}", as_toml(&acme()));
    let demo = read(DEMO).unwrap().profiles.remove(0);
    assert_eq!(with_edited(&text, &demo, &demo).unwrap().0, text);
    let renamed = Profile { name: "Renamed".into(), ..demo.clone() };
    let (edited, profile) = with_edited(&text, &demo, &renamed).unwrap();
    assert_eq!(edited, text.replace("\"Demo org\"", "\"Renamed\""));
    assert_eq!(profile, renamed);
    let stranger = Profile { id: ProfileId::parse("stranger").unwrap(), ..renamed };
    assert!(with_edited(&text, &stranger, &stranger).is_err());
}

#[test]
fn profiles_change_places_with_their_comments() {
    let (a, b) = (ProfileId::parse("demo").unwrap(), ProfileId::parse("acme").unwrap());
    let block = as_toml(&acme());
    let text = format!("{DEMO}\n# the big one\n{block}");
    let swapped = with_swapped(&text, &a, &b).unwrap();
    let (head, demo) = DEMO.split_at(DEMO.find("\n[[profile]]").unwrap());
    assert_eq!(swapped, format!("{head}\n# the big one\n{block}{demo}"));
    assert_eq!(with_swapped(&swapped, &a, &b).unwrap(), text);
    let inline = "profile = [{ id = \"demo\", x = 1 }, { id = \"acme\" }]\n";
    assert!(with_swapped(inline, &a, &b).unwrap().find("acme") < Some(20));
    let nested = format!("{DEMO}[profile.own]\nx = 1\n\n{block}");
    assert!(with_swapped(&nested, &a, &b).unwrap_err().to_string().contains("by hand"));
}

#[test]
fn what_was_edited_by_hand_meanwhile_stays() {
    let by_hand =
        DEMO.replace("Demo org", "By hand").replace("endpoint_hosts = [] ", "endpoint_hosts = [\"a.example\"]");
    let wider = Profile { scopes: gatepass_oidc::Scopes::parse("openid email"), ..demo() };
    let (edited, profile) = with_edited(&by_hand, &demo(), &wider).unwrap();
    assert_eq!(edited, by_hand.replace("openid profile email groups offline_access", "openid email"));
    assert_eq!(read(&edited).unwrap().profiles, std::slice::from_ref(&profile));
    assert_eq!((profile.name.as_str(), &profile.scopes), ("By hand", &wider.scopes));
}

#[test]
fn hosts_that_were_named_for_one_issuer_are_not_another_ones() {
    let by_hand = DEMO.replace("endpoint_hosts = []", "endpoint_hosts = [\"a.example\"]");
    let moved = Profile { issuer: acme().issuer, ..demo() };
    let (edited, profile) = with_edited(&by_hand, &demo(), &moved).unwrap();
    assert_eq!(read(&edited).unwrap().profiles, std::slice::from_ref(&profile));
    assert_eq!(profile, moved);
}

#[test]
fn scopes_that_are_not_in_the_file_are_those_of_the_form_with_another_issuer_too() {
    let text =
        DEMO.replace("scopes =", "# scopes =").replace("http://127.0.0.1:9080/oauth2/default", "https://acme.okta.com");
    let old = read(&text).unwrap().profiles.remove(0);
    let moved = Profile { issuer: demo().issuer, ..old.clone() };
    let (edited, profile) = with_edited(&text, &old, &moved).unwrap();
    assert_eq!((&profile, read(&edited).unwrap().profiles), (&moved, vec![moved.clone()]));
}

#[test]
fn what_is_another_ones_by_now_or_has_a_mistake_is_not_edited() {
    let renamed = Profile { name: "Renamed".into(), ..demo() };
    for by_hand in [DEMO.replace("0oademo1gatepass", "0oaother"), DEMO.replace("/default", "/other")] {
        let refused = with_edited(&by_hand, &demo(), &renamed).unwrap_err();
        assert_eq!(refused.to_string(), "its issuer or client ID was changed in the file meanwhile");
    }
    let mistake = DEMO.replace("scopes = \"openid", "scopes = \"open");
    assert!(with_edited(&mistake, &demo(), &renamed).unwrap_err().to_string().starts_with("line 10: scopes: "));
}

#[test]
fn of_two_blocks_with_one_id_the_one_that_counts_is_edited() {
    let wrong = DEMO.replace("http://", "nonsense");
    let block = &DEMO[DEMO.find("[[profile]]").unwrap()..];
    let text = format!("{wrong}\n{block}\n{block}");
    let renamed = Profile { name: "Renamed".into(), ..demo() };
    let (edited, _) = with_edited(&text, &demo(), &renamed).unwrap();
    assert_eq!(edited, format!("{wrong}\n{}\n{block}", block.replace("Demo org", "Renamed")));
}

#[test]
fn what_an_app_wants_beside_the_usual_is_written_and_taken_out_again() {
    let everything = r#"client_authentication = "private_key_jwt"
dpop = true
response_mode = "form_post"
acr_values = "phr"
max_age = 0
push = true
groups_claim = "Groups"
groups_from = "userinfo"
"#;
    let plain = as_toml(&demo());
    let text = format!("{plain}{everything}");
    let wanted = read(&text).unwrap().profiles.remove(0);
    assert_eq!(as_toml(&wanted), text);
    assert_eq!(with_edited(&plain, &demo(), &wanted).unwrap(), (text.clone(), wanted.clone()));
    assert_eq!(with_edited(&text, &wanted, &demo()).unwrap(), (plain, demo()));
    for (line, said) in [
        ("dpop = 1", "line 9: dpop: it must be true or false"),
        ("max_age = -1", "line 9: max_age: it must be 0 or a number from 1 to 2147483647"),
        ("prompt = \"none\"", "line 9: prompt: it must be \"login\", \"consent\" or \"login consent\""),
    ] {
        let reading = read(&format!("version = 1\n{}{line}\n", as_toml(&demo()))).unwrap();
        assert_eq!(reading.mistakes[0].to_string(), said);
    }
}
