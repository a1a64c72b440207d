//! Snapshots for tests.

use std::sync::Arc;

use gatepass_wire::{
    Attempt, AttemptStage, Groups, GroupsSource, Language, Millis, Person, Problem, Profile, ProfileOptions, Resident,
    Session, Settings, Severity, Snapshot, Status, Tokens,
};

/// The present of every test.
pub const NOW: Millis = Millis(1_800_000_000_000);

pub fn snapshot(profiles: Vec<Profile>) -> Snapshot {
    let profiles = profiles.into_iter().map(Arc::new).collect();
    Snapshot {
        profiles,
        resident: Resident { version: "0.1.0".into(), in_tray: true, language: Language::English },
        problem: None,
        offered: None,
        invited: None,
        settings: Settings::default(),
        settings_problem: None,
    }
}

/// A profile without a session; its id is its name.
pub fn profile(name: &str, status: Status) -> Profile {
    Profile {
        id: name.into(),
        name: name.into(),
        issuer: "https://acme.okta.com/oauth2/default".into(),
        host: "acme.okta.com".into(),
        client_id: "0oa9x2c71kQ".into(),
        scopes: vec!["openid".into()],
        redirect_uris: vec!["http://localhost:27097/redirect".into()],
        options: ProfileOptions::default(),
        groups_claim: "groups".into(),
        audiences: Vec::new(),
        device_sign_in: true,
        demo: false,
        status,
        reading: false,
        memory_only: None,
        session: None,
        attempt: None,
        other_person: None,
        problem: None,
        ended_at: None,
    }
}

/// A profile with a renewable session whose access token has `minutes` and a half left.
pub fn with_session(name: &str, status: Status, minutes: i64) -> Profile {
    let session = Session {
        person: Person { name: "Robin Calder".into(), email: None },
        expires_at: Some(Millis(NOW.0 + minutes * 60_000 + 30_000)),
        ends_at: None,
        lifetime_ms: Some(3_600_000),
        refresh_at: None,
        retry_at: None,
        renewable: true,
        groups: Groups {
            names: Vec::new(),
            ids: Vec::new(),
            source: GroupsSource::NoClaim,
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
    Profile { session: Some(session), ..profile(name, status) }
}

pub fn attempt() -> Attempt {
    Attempt { stage: AttemptStage::InBrowser, redirect_uri: None, code: None, ends_at: Millis(NOW.0 + 300_000) }
}

pub fn problem() -> Problem {
    let problem = Problem::new("keyring-missing", "No keyring", String::new(), String::new());
    Problem { severity: Severity::Note, ..problem }
}
