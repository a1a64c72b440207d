use std::fs;

use proptest::prelude::*;

use super::*;

pub(super) const DEMO: &str = r#"# My profiles. Keep sorted!
version = 1
theme = "dark"   # not ours

[[profile]]
id = "demo"
name = "Demo org"   # the little one
issuer = "http://127.0.0.1:9080/oauth2/default"
client_id = "0oademo1gatepass"
scopes = "openid profile email groups offline_access"
redirect_uris = ["http://localhost:27097/redirect"]
endpoint_hosts = []            # optional
colour = "blue"
"#;

pub(super) fn acme() -> Profile {
    Profile::from_parts(&ProfileParts {
        name: "Acme \"prod\" — שלום".into(),
        id: Some("acme".into()),
        issuer: "https://acme.okta.com".into(),
        client_id: "0oaacme".into(),
        redirect_uris: Some(vec!["http://localhost:27097/redirect".into(), "dev.gatepass.desktop:/redirect".into()]),
        endpoint_hosts: vec!["sso.acme.com".into()],
        ..ProfileParts::default()
    })
    .unwrap()
}

pub(super) fn in_folder() -> (tempfile::TempDir, ProfilesFile) {
    let folder = tempfile::tempdir().unwrap();
    let file = ProfilesFile::new(folder.path().join("gatepass/profiles.toml"));
    (folder, file)
}

pub(super) fn holding(text: impl AsRef<[u8]>) -> (tempfile::TempDir, ProfilesFile) {
    let (folder, file) = in_folder();
    fs::create_dir_all(file.file.path.parent().unwrap()).unwrap();
    fs::write(&file.file.path, text).unwrap();
    (folder, file)
}

pub(super) fn contents(file: &ProfilesFile) -> String {
    fs::read_to_string(&file.file.path).unwrap()
}

/// The one mistake in a file.
fn told(reading: &Reading) -> String {
    let [mistake] = &reading.mistakes[..] else { panic!("{reading:?}") };
    mistake.to_string()
}

pub(super) fn reason(error: Error) -> String {
    match error {
        Error::ProfilesFile(mistake) => mistake.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_profile_is_read_as_written() {
    let reading = read(DEMO).unwrap();
    assert_eq!(reading.mistakes, []);
    let [profile] = &reading.profiles[..] else { panic!("{reading:?}") };
    assert_eq!(profile.id.as_str(), "demo");
    assert_eq!(profile.name, "Demo org");
    assert_eq!(profile.issuer.as_str(), "http://127.0.0.1:9080/oauth2/default");
    assert_eq!(profile.client_id.as_str(), "0oademo1gatepass");
    assert_eq!(profile.scopes.to_string(), "openid profile email groups offline_access");
    assert_eq!(profile.redirect_uris[0].as_str(), "http://localhost:27097/redirect");
}

#[test]
fn no_file_is_no_profile_and_no_problem() {
    let (_folder, file) = in_folder();
    assert_eq!(file.load(), Reading { is_blank: true, ..Reading::default() });
}

#[test]
fn each_mistake_names_its_line_and_field() {
    let bad_issuer = DEMO.replace("http://127.0.0.1:9080/oauth2/default", "http://acme.okta.com");
    assert_eq!(told(&read(&bad_issuer).unwrap()), "line 8: issuer: not https");
    let no_name = DEMO.replace("name = \"Demo org\"", "nome = \"Demo org\"");
    assert_eq!(told(&read(&no_name).unwrap()), "line 6: name: missing");
    let number = DEMO.replace("\"0oademo1gatepass\"", "7");
    assert_eq!(told(&read(&number).unwrap()), "line 9: client_id: it must be a text in quotes");
    let mixed = DEMO.replace("[\"http://localhost:27097/redirect\"]", "[1]");
    assert_eq!(told(&read(&mixed).unwrap()), "line 11: redirect_uris: it must be a list of texts in quotes");
    let broken = DEMO.replace("\"dark\"", "dark");
    assert!(read(&broken).unwrap_err().to_string().starts_with("line 3: "), "{:?}", read(&broken));
}

#[test]
fn one_bad_profile_does_not_hide_the_good_ones() {
    let text = format!("{}{}", DEMO.replace("name = \"Demo org\"", ""), as_toml(&acme()));
    let reading = read(&text).unwrap();
    assert_eq!(reading.profiles, [acme()]);
    assert!(told(&reading).contains("name: missing"));
}

#[test]
fn of_two_profiles_with_one_id_the_first_counts() {
    let text = format!("{DEMO}{}", as_toml(&Profile { id: ProfileId::parse("demo").unwrap(), ..acme() }));
    let reading = read(&text).unwrap();
    assert_eq!(reading.profiles.len(), 1);
    assert_eq!(reading.profiles[0].name, "Demo org");
    assert_eq!(told(&reading), "line 15: id: another profile has the id `demo`");
}

#[test]
fn what_cannot_be_read_is_never_overwritten() {
    let newer = DEMO.replace("version = 1", "version = 2");
    let odd = DEMO.replace("version = 1", "version = \"one\"");
    let shape = "[profile]\nid = \"demo\"\n";
    let inline = "profile = [{ id = \"demo\" }]\n";
    for text in [&newer, &odd, "this is not TOML", shape, inline] {
        let (_folder, file) = holding(text);
        assert_eq!(file.load().profiles, [], "{text}");
        assert!(!file.load().mistakes.is_empty(), "{text}");
        let error = file.add(acme(), |_| false).unwrap_err();
        assert!(!reason(error).is_empty());
        assert_eq!(contents(&file), text);
    }
    let (_folder, file) = holding(b"version = 1\n\n# caf\xe9\n");
    assert_eq!(told(&file.load()), "line 3: not UTF-8 text");
    file.add(acme(), |_| false).unwrap_err();
    file.remove(&acme().id).unwrap_err();
    assert_eq!(fs::read(&file.file.path).unwrap(), b"version = 1\n\n# caf\xe9\n");
}

#[test]
fn a_profile_of_a_newer_version_says_so() {
    let problem = read(&DEMO.replace("version = 1", "version = 2")).unwrap_err();
    assert_eq!(problem.to_string(), "line 2: version: 2 is of a newer Gatepass; this one knows 1");
}

#[test]
fn what_is_added_is_read_back_and_keeps_every_byte_before_it() {
    for before in ["", "\n# nothing yet\n", DEMO, DEMO.trim_end(), &DEMO.replace('\n', "\r\n"), "[other]\nkey = 1\n"] {
        let after = with_profile(before, &acme()).unwrap();
        assert!(after.starts_with(before), "{after}");
        assert_eq!(read(&after).unwrap().profiles.last(), Some(&acme()), "{after}");
        assert_eq!(read(&after).unwrap().mistakes, [], "{after}");
    }
    assert!(with_profile("", &acme()).unwrap().starts_with("version = 1\n"));
}

#[test]
fn an_id_that_stands_in_the_file_is_not_used_again() {
    // The profile in the file is not right, and a person will mend it.
    let (_folder, file) = holding(DEMO.replace("http://127.0.0.1:9080", "http://acme.okta.com"));
    let demo = Profile { id: ProfileId::parse("demo").unwrap(), ..acme() };
    let added = file.add(demo, |id| id.as_str() == "demo-2").unwrap();
    assert_eq!(added.id.as_str(), "demo-3");
    assert_eq!(file.load().profiles, [added]);
}

#[test]
fn an_edit_is_made_to_what_is_in_the_file_now() {
    let (_folder, file) = holding(DEMO);
    file.load();
    let by_hand = format!("{DEMO}# a comment made meanwhile\n");
    fs::write(&file.file.path, &by_hand).unwrap();
    file.add(acme(), |_| false).unwrap();
    assert!(contents(&file).starts_with(&by_hand));
}

#[test]
fn removing_one_keeps_the_rest() {
    let both = with_profile(DEMO, &acme()).unwrap();
    let (_folder, file) = holding(&both);
    file.remove(&acme().id).unwrap();
    assert_eq!(contents(&file).trim_end(), DEMO.trim_end());
    file.remove(&ProfileId::parse("stranger").unwrap()).unwrap();
    file.remove(&ProfileId::parse("demo").unwrap()).unwrap();
    assert_eq!(contents(&file), "# My profiles. Keep sorted!\nversion = 1\ntheme = \"dark\"   # not ours\n");
}

#[test]
fn line_ends_and_the_mark_at_the_beginning_stay_as_they_are() {
    let text = format!("{DEMO}\n# the big one\n{}", as_toml(&acme()));
    let mixed = text.replace("\"blue\"\n", "\"blue\"\r\n").replace("ours\n", "ours\r\n");
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let demo = read(DEMO).unwrap().profiles.remove(0);
    let renamed = Profile { name: "Renamed".into(), ..demo.clone() };
    for before in [&mixed, &windows] {
        let (_folder, file) = holding(before);
        file.edit(&demo, &renamed).unwrap();
        assert_eq!(contents(&file), before.replace("Demo org", "Renamed"));
        file.edit(&renamed, &demo).unwrap();
        file.remove(&acme().id).unwrap();
        let end = before.find("big one").unwrap();
        assert_eq!(contents(&file).trim_end(), before[..end].trim_end_matches("# the ").trim_end());
    }
    let (_folder, file) = holding(&windows);
    file.add(Profile { id: ProfileId::parse("new").unwrap(), ..acme() }, |_| false).unwrap();
    file.swap(&demo.id, &acme().id).unwrap();
    assert!(contents(&file).starts_with("\u{feff}# My profiles"));
    assert_eq!(contents(&file).matches('\n').count(), contents(&file).matches("\r\n").count());
    assert_eq!(file.load().profiles.len(), 3);
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone_and_no_trace_of_the_writing_is_left() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, file) = in_folder();
    file.add(acme(), |_| false).unwrap();
    assert_eq!(fs::metadata(&file.file.path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(file.file.path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn an_edit_that_is_in_place_is_made_even_where_the_folder_cannot_be_flushed() {
    let (_folder, file) = holding(DEMO);
    let file = ProfilesFile {
        file: EditedFile { sync_folder: |_| Err(std::io::ErrorKind::InvalidInput.into()), ..file.file },
    };
    file.add(acme(), |_| false).unwrap();
    assert_eq!(file.load().profiles.len(), 2);
    file.remove(&acme().id).unwrap();
    assert_eq!(file.load().profiles.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_stays_one() {
    let (folder, file) = in_folder();
    let target = folder.path().join("dotfiles/profiles.toml");
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::create_dir_all(file.file.path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("../dotfiles/profiles.toml", &file.file.path).unwrap();
    for _ in 0..2 {
        file.add(acme(), |_| false).unwrap();
        assert!(fs::symlink_metadata(&file.file.path).unwrap().is_symlink());
    }
    assert_eq!(read(&fs::read_to_string(target).unwrap()).unwrap().profiles.len(), 2);
}

/// Text with the words that the reader looks for, so that some of it is nearly right.
fn nearly_toml() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "version",
        "profile",
        "[[profile]]",
        "[profile]",
        "=",
        "1",
        "2",
        "\"",
        "\n",
        "#",
        "id",
        "[",
        "]",
        "{",
        "}",
        ",",
        "name",
        "issuer",
        "'''",
        "\r\n",
        "redirect_uris",
        "\u{feff}",
        "é",
        ".",
        "x",
    ]);
    prop::collection::vec(word, 0..30).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_text_panics_and_an_edit_keeps_what_was_there(text in prop_oneof![any::<String>(), nearly_toml()]) {
        let reading = read(&text);
        let _ = without_profile(&text, &acme().id);
        if let Ok(longer) = with_profile(&text, &acme()) {
            prop_assert!(longer.starts_with(&text));
            let profiles = read(&longer).unwrap().profiles;
            prop_assert_eq!(profiles.len(), reading.unwrap().profiles.len() + 1);
        }
    }

    #[test]
    fn comments_survive_adding_and_removing(comment in "#[^\\p{Cc}]{0,40}", name in "[^\\p{Cc}\\s]{1,40}") {
        let text = format!("{comment}\n{DEMO}{comment}\n");
        let profile = Profile { name, ..acme() };
        let longer = with_profile(&text, &profile).unwrap();
        prop_assert_eq!(read(&longer).unwrap().profiles.pop(), Some(profile));
        let shorter = without_profile(&longer, &ProfileId::parse("demo").unwrap()).unwrap();
        prop_assert_eq!(shorter.matches(&comment).count() >= 2, true);
    }
}

#[test]
fn a_file_without_profiles_is_told_from_one_that_says_nothing() {
    for (text, is_blank) in
        [("", true), ("\n# mine\n", true), ("version = 1\n", false), ("theme = 1\n", true), (DEMO, false)]
    {
        assert_eq!(read(text).unwrap().is_blank, is_blank, "{text:?}");
    }
}

#[test]
fn every_edit_of_the_file_changes_its_stamp() {
    let (folder, file) = holding("version = 1\n");
    let first = file.stamp();
    assert_eq!(file.stamp(), first);
    fs::write(&file.file.path, "version = 1\n\n").unwrap();
    let longer = file.stamp();
    assert_ne!(longer, first);
    let other = folder.path().join("other");
    fs::write(&other, "version = 1\n\n").unwrap();
    fs::rename(&other, &file.file.path).unwrap();
    assert_ne!(file.stamp(), longer, "as editors do: another file of the same length");
    fs::remove_file(&file.file.path).unwrap();
    assert_ne!(file.stamp(), longer);
}
