use proptest::prelude::*;

use super::*;
use crate::ProfileParts;

const MACHINE: &str = "machine-1";

fn profile(issuer: &str, client_id: &str) -> Profile {
    Profile::from_parts(&ProfileParts {
        name: "Acme".into(),
        issuer: issuer.into(),
        client_id: client_id.into(),
        ..ProfileParts::default()
    })
    .unwrap()
}

fn acme() -> Profile {
    profile("https://acme.okta.com", "0oaacme")
}

fn kept(refresh_token: &str, name: &str, hint: Option<String>) -> Kept {
    Kept {
        refresh_token: RefreshToken::new(refresh_token),
        subject: Subject("00u1".into()),
        person: Person { name: name.into(), email: Some("robin@acme.com".into()) },
        id_token_hint: hint.map(IdTokenHint::from_vault),
        device_secret: None,
    }
}

fn read_back(record: &SecretRecord) -> Kept {
    match decode(&acme(), MACHINE, record) {
        Decoded::Kept(kept) => kept,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_says_what_was_kept() {
    let record = encode(&acme(), MACHINE, &kept("R3fresh", "Robin Doe", Some("a.b.c".into())));
    expect_test::expect![[r#"{"v":1,"issuer":"https://acme.okta.com","client_id":"0oaacme","machine":"machine-1","refresh_token":"R3fresh","subject":"00u1","name":"Robin Doe","email":"robin@acme.com","id_token_hint":"a.b.c"}"#]]
    .assert_eq(record.expose());
    let read = read_back(&record);
    assert_eq!(read.refresh_token.expose(), "R3fresh");
    assert_eq!(read.subject, Subject("00u1".into()));
    assert_eq!(read.person, Person { name: "Robin Doe".into(), email: Some("robin@acme.com".into()) });
    assert_eq!(read.id_token_hint.unwrap().expose(), "a.b.c");
}

#[test]
fn a_record_of_another_issuer_client_or_machine_is_not_used() {
    let record = encode(&acme(), MACHINE, &kept("R3fresh", "Robin", None));
    let is_foreign = |profile: &Profile, machine| matches!(decode(profile, machine, &record), Decoded::Foreign);
    assert!(is_foreign(&profile("https://acme.okta.com/oauth2/default", "0oaacme"), MACHINE));
    assert!(is_foreign(&profile("https://acme.okta.com", "0oaother"), MACHINE));
    assert!(is_foreign(&acme(), "machine-2"));
    assert!(!is_foreign(&Profile { name: "Renamed".into(), ..acme() }, MACHINE));
}

#[test]
fn damage_and_other_versions_are_corrupt() {
    let record = encode(&acme(), MACHINE, &kept("R3fresh", "Robin", None));
    let text = record.expose();
    let without_token = text.replace("R3fresh", "");
    let newer = text.replace("\"v\":1", "\"v\":2");
    for text in ["", "{}", "null", &text[..text.len() - 1], &newer, &without_token] {
        assert!(matches!(decode(&acme(), MACHINE, &SecretRecord::new(text)), Decoded::Corrupt), "{text}");
    }
}

#[test]
fn the_hint_is_left_out_where_it_does_not_fit() {
    let without = encode(&acme(), MACHINE, &kept("R3fresh", "Robin", None)).expose().len();
    let room = MAX_BYTES - without - r#","id_token_hint":"""#.len();
    let fits = encode(&acme(), MACHINE, &kept("R3fresh", "Robin", Some("h".repeat(room))));
    assert_eq!(fits.expose().len(), MAX_BYTES);
    assert!(read_back(&fits).id_token_hint.is_some());
    let too_long = encode(&acme(), MACHINE, &kept("R3fresh", "Robin", Some("h".repeat(room + 1))));
    assert_eq!(too_long.expose().len(), without);
    assert!(read_back(&too_long).id_token_hint.is_none());
}

#[test]
fn the_device_secret_is_left_out_after_the_hint() {
    let sharing = |secret: &str, hint: Option<String>| Kept {
        device_secret: Some(DeviceSecret::new(secret)),
        ..kept("R3fresh", "Robin", hint)
    };
    let without = encode(&acme(), MACHINE, &kept("R3fresh", "Robin", None)).expose().len();
    let both = read_back(&encode(&acme(), MACHINE, &sharing("D1", Some("a.b.c".into()))));
    assert_eq!(both.device_secret.unwrap().expose(), "D1");
    assert_eq!(both.id_token_hint.unwrap().expose(), "a.b.c");
    let long_hint = read_back(&encode(&acme(), MACHINE, &sharing("D1", Some("h".repeat(MAX_BYTES)))));
    assert_eq!(long_hint.device_secret.unwrap().expose(), "D1");
    assert!(long_hint.id_token_hint.is_none());
    let long_secret = encode(&acme(), MACHINE, &sharing(&"d".repeat(MAX_BYTES), Some("a.b.c".into())));
    assert_eq!(long_secret.expose().len(), without);
    assert_eq!(read_back(&long_secret).refresh_token.expose(), "R3fresh");
}

#[test]
fn a_long_name_leaves_room_for_the_refresh_token() {
    let record = encode(&acme(), MACHINE, &kept(&"r".repeat(500), &"n".repeat(1_000_000), Some("h".repeat(9_000))));
    assert!(record.expose().len() <= MAX_BYTES);
    assert_eq!(read_back(&record).refresh_token.expose().len(), 500);
}

proptest! {
    #[test]
    fn whatever_is_kept_is_ascii_and_read_back(token in ".{1,100}", name in ".{0,100}", hint in proptest::option::of(".{0,100}")) {
        let record = encode(&acme(), MACHINE, &kept(&token, &name, hint.clone()));
        prop_assert!(record.expose().is_ascii());
        let read = read_back(&record);
        prop_assert_eq!(read.refresh_token.expose(), token);
        prop_assert_eq!(read.person.name, name);
        if record.expose().len() < MAX_BYTES / 2 {
            prop_assert_eq!(read.id_token_hint.map(|hint| hint.expose().to_owned()), hint);
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        decode(&acme(), MACHINE, &SecretRecord::new(text));
    }
}
