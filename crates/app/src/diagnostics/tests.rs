//! What stands in the text, and what never does.

use std::sync::Arc;

use gatepass_wire::{
    Activity, CopiedThing, Groups, GroupsSource, Person, Problem, ProfileOptions, Resident, Severity, Status, Tokens,
};

use super::*;

const NOW: Millis = Millis(1_800_000_000_000);
const MINUTE: i64 = 60_000;

fn problem(code: &str) -> Problem {
    let detail = "acme.okta.com did not answer.".into();
    let problem = Problem::new(code, "A title of acme.okta.com", detail, String::new());
    Problem { severity: Severity::Warning, quote: Some("robin@acme.com is not assigned".into()), ..problem }
}

fn snapshot() -> Snapshot {
    let session = Session {
        person: Person { name: "Robin Calder".into(), email: Some("robin@acme.com".into()) },
        expires_at: Some(Millis(NOW.0 + 41 * MINUTE)),
        lifetime_ms: Some(3_600_000),
        refresh_at: None,
        retry_at: Some(Millis(NOW.0 + 30_000)),
        ends_at: None,
        renewable: true,
        groups: Groups {
            names: vec!["secret-project".into()],
            ids: Vec::new(),
            source: GroupsSource::IdToken,
            added: Vec::new(),
            left: Vec::new(),
            since: None,
        },
        tokens: Tokens {
            is_bound: false,
            access: None,
            id: None,
            granted_scopes: Vec::new(),
            access_size: None,
            id_size: None,
        },
    };
    let first = Profile {
        options: ProfileOptions::default(),
        groups_claim: "groups".into(),
        device_sign_in: true,
        id: "acme-data".into(),
        name: "Acme data robin@acme.com".into(),
        issuer: "https://acme.okta.com/oauth2/aus4kd81".into(),
        host: "acme.okta.com".into(),
        client_id: "0oa9x2c71kQ".into(),
        scopes: Vec::new(),
        redirect_uris: vec!["http://localhost:27097/redirect".into()],
        audiences: Vec::new(),
        demo: false,
        status: Status::Offline,
        reading: false,
        memory_only: Some(problem("keyring-locked")),
        session: Some(session),
        attempt: None,
        other_person: None,
        problem: Some(problem("unreachable")),
        ended_at: None,
    };
    let second = Profile {
        id: "org".into(),
        issuer: "https://acme.okta.com".into(),
        status: Status::SignedOut,
        session: None,
        memory_only: None,
        problem: None,
        ..first.clone()
    };
    Snapshot {
        profiles: vec![Arc::new(first), Arc::new(second)],
        resident: Resident { version: "0.1.0".into(), in_tray: true, language: gatepass_wire::Language::English },
        problem: None,
        offered: None,
        invited: None,
        settings: Settings { browser: "/home/robin/bin/browser".into(), ..Settings::default() },
        settings_problem: None,
    }
}

fn activity() -> Vec<ActivityEntry> {
    let entry = |ago: i64, profile: Option<&str>, what| ActivityEntry {
        at: Millis(NOW.0 - ago * MINUTE),
        profile: profile.map(str::to_owned),
        what,
    };
    vec![
        entry(200, None, Activity::Started),
        entry(90, Some("removed-profile"), Activity::SignedIn),
        entry(5, Some("acme-data"), Activity::Copied { thing: CopiedThing::AccessToken }),
        entry(1, Some("acme-data"), Activity::Setback { code: "unreachable".into(), retry_at: Millis(NOW.0 + 30_000) }),
    ]
}

fn text(names: Option<&[KeptAt]>) -> String {
    let system = System { name: "linux x86_64, Debian GNU/Linux 12".into(), desktop: "GNOME, wayland".into() };
    report(&Facts { snapshot: &snapshot(), activity: &activity(), system: &system, now: NOW, names })
}

#[test]
fn the_text_says_how_things_stand_without_saying_whose_they_are() {
    let text = text(None).replace(vault::KIND, "(kind)");
    expect_test::expect![[r#"
        Gatepass diagnostics
        Without names, hosts, client IDs, paths, secrets and e-mail addresses.

        Version: 0.1.0 (local API 1)
        System: linux x86_64, Debian GNU/Linux 12
        Desktop: GNOME, wayland
        Tray: yes
        Keyring: (kind), keyring-locked
        Settings: theme system, language system, clipboard 30 s, notices all, activity 30 days, browser chosen, start at sign-in no
        Profiles file: good
        Settings file: good

        profile 1: offline, custom server, in memory only (keyring-locked)
          access token ends in 41 min 0 s, lives 1 h 0 min, retry in 30 s, refresh token, 1 groups
          problem: unreachable

        profile 2: signed-out, org server

        Recent activity, newest first:
        1 min 0 s ago: profile 1 setback, unreachable, retry_at in 30 s
        5 min 0 s ago: profile 1 copied, access-token
        1 h 30 min ago: a profile that is gone signed-in
        3 h 20 min ago: started
    "#]]
    .assert_eq(&text);
    for whose in
        ["acme", "okta.com", "0oa9", "Robin", "robin", "secret-project", "/home", "localhost", "removed-profile"]
    {
        assert!(!text.contains(whose), "{whose} is in it:\n{text}");
    }
}

#[test]
fn with_names_there_are_hosts_and_paths_and_still_no_address_of_a_person() {
    let places = [KeptAt { what: Kept::Profiles, place: "/home/robin/.config/gatepass/profiles.toml".into() }];
    let text = text(Some(&places));
    for named in
        ["https://acme.okta.com/oauth2/aus4kd81", "0oa9x2c71kQ", "/home/robin/.config", "Acme data", "localhost"]
    {
        assert!(text.contains(named), "{named} is not in it:\n{text}");
    }
    assert!(text.contains("Acme data (e-mail address)"), "{text}");
    for never in ["robin@acme.com", "Robin Calder", "secret-project"] {
        assert!(!text.contains(never), "{never} is in it:\n{text}");
    }
}

#[test]
fn only_the_last_of_the_activity_is_in_it() {
    let many: Vec<_> =
        (0..80).map(|n| ActivityEntry { at: Millis(NOW.0 - n), profile: None, what: Activity::Woke }).collect();
    let system = System::of_this_one();
    let text = report(&Facts { snapshot: &snapshot(), activity: &many, system: &system, now: NOW, names: None });
    assert_eq!(text.matches("woke").count(), MAX_ACTIVITY);
}

#[test]
fn what_is_known_of_the_keyring_is_said() {
    let mut known = snapshot();
    known.profiles.remove(0);
    assert_eq!(keyring(&known), "answers");
    known.profiles[0] = Arc::new(Profile { reading: true, ..Profile::clone(&known.profiles[0]) });
    assert_eq!(keyring(&known), "asked, has not answered yet");
    known.profiles.clear();
    assert_eq!(keyring(&known), "not asked yet");
}
