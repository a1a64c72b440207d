use std::sync::Arc;
use std::time::Duration;

use agent::{
    AttemptSnapshot, AttemptStage, Error, Groups, GroupsBefore, GroupsSource, Person, Profile, ProfileParts,
    ProfileSnapshot, RenewalError, SessionSnapshot, SignInEnd, SignedOutReason, Standing, UpkeepSnapshot, VaultError,
};
use gatepass_oidc::{AccessTokenContent, Capabilities, Error as OidcError, IdTokenClaims, Scopes, Subject};
use serde_json::json;

use super::*;
use crate::language::speaking;
use crate::testing::no_capabilities;

/// Text of the kind that must never be drawn as it is.
const EVIL: &str = "a\u{202e}b\u{2066}c\u{200b}d\ne\u{7}";
const DRAWN: &str = "abcde";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn acme() -> Arc<Profile> {
    let parts = ProfileParts {
        name: "Acme".into(),
        issuer: "https://acme.okta.com/oauth2/default".into(),
        client_id: "0oa9x2c71kQabc".into(),
        ..ProfileParts::default()
    };
    Arc::new(Profile::from_parts(&parts).unwrap())
}

fn robin() -> Person {
    Person { name: "Robin".into(), email: Some("robin@acme.com".into()) }
}

fn session(upkeep: UpkeepSnapshot) -> SessionSnapshot {
    SessionSnapshot {
        is_bound: false,
        person: robin(),
        expires_at: Some(at(1000)),
        ends_at: None,
        lifetime: Some(Duration::from_secs(3600)),
        has_access_token: true,
        renewable: true,
        upkeep,
        groups: Arc::new(Groups { names: vec!["ops".into()], ids: Vec::new(), source: GroupsSource::IdToken }),
        groups_before: None,
        access_token: Some(Arc::new(AccessTokenContent::Opaque(Opaque::OrgServer))),
        access_token_size: Some(1834),
        id_token: None,
        id_token_size: None,
        scopes: Scopes::parse("openid offline_access"),
    }
}

fn standing(standing: Standing) -> ProfileSnapshot {
    ProfileSnapshot {
        profile: acme(),
        capabilities: None,
        standing,
        attempt: None,
        other_person: None,
        failed_sign_in: None,
        inquiry: None,
        memory_only: None,
        is_reading: false,
        unread: None,
    }
}

fn signed_in(upkeep: UpkeepSnapshot) -> ProfileSnapshot {
    standing(Standing::SignedIn(Box::new(session(upkeep))))
}

fn signed_out(because: SignedOutReason) -> ProfileSnapshot {
    standing(Standing::SignedOut { because, at: Some(at(500)) })
}

fn unreachable() -> RenewalError {
    OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false }.into()
}

fn refused() -> OidcError {
    OidcError::Refused { code: "invalid_client".into(), description: None, status: 401, request_id: None }
}

fn code(problem: &Option<wire::Problem>) -> Option<&str> {
    problem.as_ref().map(|problem| problem.code.as_str())
}

#[test]
fn each_standing_has_its_state_and_its_problem() {
    use wire::Status;
    let refused_by_server = SignedOutReason::Refused { description: None, request_id: None };
    for (one, status, problem) in [
        (signed_in(UpkeepSnapshot::Waiting { refresh_at: at(800) }), Status::SignedIn, None),
        (signed_in(UpkeepSnapshot::None), Status::SignedIn, None),
        (signed_in(UpkeepSnapshot::Refreshing), Status::Renewing, None),
        (
            signed_in(UpkeepSnapshot::Retrying { retry_at: at(900), because: unreachable() }),
            Status::Offline,
            Some("unreachable"),
        ),
        (
            signed_in(UpkeepSnapshot::Blocked { retry_at: at(900), because: refused() }),
            Status::Blocked,
            Some("client-refused"),
        ),
        (
            signed_in(UpkeepSnapshot::InDoubt { retry_at: at(900), because: unreachable() }),
            Status::Offline,
            Some("renewal-in-doubt"),
        ),
        (
            signed_out(SignedOutReason::AnswerLost { description: None, request_id: None }),
            Status::SignInNeeded,
            Some("renewal-lost"),
        ),
        (signed_out(SignedOutReason::NotKept), Status::SignInNeeded, Some("renewal-not-kept")),
        (signed_out(refused_by_server), Status::SignInNeeded, Some("session-ended")),
        (signed_out(SignedOutReason::Expired), Status::SignInNeeded, Some("session-expired")),
        (signed_out(SignedOutReason::NeverSignedIn), Status::SignedOut, None),
        (signed_out(SignedOutReason::SignedOut), Status::SignedOut, None),
    ] {
        let drawn = profile(&one);
        assert_eq!((drawn.status, code(&drawn.problem)), (status, problem), "{:?}", one.standing);
        assert_eq!(drawn.session.is_some(), matches!(one.standing, Standing::SignedIn(_)));
        assert_eq!(drawn.ended_at.is_some(), status == Status::SignInNeeded, "{status:?}");
    }
}

#[test]
fn each_time_is_told_where_it_belongs() {
    let drawn = |upkeep| profile(&signed_in(upkeep)).session.unwrap();
    let waiting = drawn(UpkeepSnapshot::Waiting { refresh_at: at(800) });
    assert_eq!((waiting.refresh_at, waiting.retry_at), (Some(wire::Millis(800_000)), None));
    assert_eq!((waiting.expires_at, waiting.lifetime_ms), (Some(wire::Millis(1_000_000)), Some(3_600_000)));
    let retrying = drawn(UpkeepSnapshot::Retrying { retry_at: at(900), because: unreachable() });
    assert_eq!((retrying.refresh_at, retrying.retry_at), (None, Some(wire::Millis(900_000))));
    let in_doubt = drawn(UpkeepSnapshot::InDoubt { retry_at: at(900), because: unreachable() });
    assert_eq!((in_doubt.refresh_at, in_doubt.retry_at), (None, Some(wire::Millis(900_000))));
    let blocked = drawn(UpkeepSnapshot::Blocked { retry_at: at(900), because: refused() });
    assert_eq!(blocked.retry_at, Some(wire::Millis(900_000)));
}

#[test]
fn what_the_person_did_last_comes_before_what_happened_by_itself() {
    let mut one = signed_in(UpkeepSnapshot::Retrying { retry_at: at(900), because: unreachable() });
    one.unread = Some(VaultError::Locked);
    assert_eq!(code(&profile(&one).problem), Some("unreachable"));
    one.failed_sign_in = Some(Error::SignInEnded(SignInEnd::TimedOut { browser_seen: false }));
    assert_eq!(code(&profile(&one).problem), Some("browser-never-came"));
}

#[test]
fn trouble_with_the_keyring_is_told_beside_the_state() {
    let mut one = signed_in(UpkeepSnapshot::None);
    one.memory_only = Some(VaultError::Missing);
    let drawn = profile(&one);
    assert_eq!((code(&drawn.memory_only), code(&drawn.problem)), (Some("keyring-missing"), None));
    assert_eq!(drawn.memory_only.unwrap().title, "Signed in until you quit");

    let mut one = signed_out(SignedOutReason::NeverSignedIn);
    one.unread = Some(VaultError::Locked);
    assert_eq!(code(&profile(&one).problem), Some("keyring-locked"));
}

#[test]
fn a_keyring_that_is_being_asked_is_said() {
    let mut one = signed_out(SignedOutReason::NeverSignedIn);
    assert!(!profile(&one).reading);
    one.is_reading = true;
    assert!(profile(&one).reading);
}

#[test]
fn nothing_from_outside_is_drawn_as_it_came() {
    let evil = || EVIL.to_owned();
    let person = || Person { name: evil(), email: Some(evil()) };
    let claims = IdTokenClaims {
        subject: Subject(evil()),
        name: Some(evil()),
        email: None,
        preferred_username: None,
        expires_at: at(1),
        issued_at: at(1),
        authenticated_at: None,
        algorithm: evil(),
        key_id: Some(evil()),
        all: json!({ EVIL: EVIL, "list": [EVIL], "json": { EVIL: EVIL } }).as_object().unwrap().clone(),
    };
    let refused = OidcError::Refused { code: evil(), description: Some(evil()), status: 400, request_id: None };
    let mut one = signed_in(UpkeepSnapshot::Blocked { retry_at: at(1), because: refused.clone() });
    if let Standing::SignedIn(session) = &mut one.standing {
        session.person = person();
        session.groups =
            Arc::new(Groups { names: vec![evil(), evil()], ids: vec![evil(), evil()], source: GroupsSource::OktaApi });
        session.id_token = Some(Arc::new(claims));
    }
    one.profile = Arc::new(Profile { name: evil(), ..Profile::clone(&one.profile) });
    one.other_person = Some((person(), person()));
    let failures = [
        Error::Oidc(refused),
        Error::Oidc(OidcError::Unreachable { reason: evil(), may_have_arrived: true }),
        Error::Oidc(OidcError::Nonconforming { what: evil() }),
        Error::Browser(agent::BrowserFailed { reason: evil() }),
        Error::RedirectUrisTaken { taken: vec![(one.profile.redirect_uris[0].clone(), Some(evil()))] },
        Error::RedirectUriPending { by: evil() },
        Error::Listener { reason: evil() },
        Error::NotAProfile(agent::NotAProfile { field: "name", what: agent::Wrong::Told(evil()) }),
        Error::ProfilesFile(agent::Wrong::System(evil()).into()),
        Error::SignInRequired(SignedOutReason::Refused { description: Some(evil()), request_id: None }),
    ];
    let resident = || wire::Resident { version: "1".into(), in_tray: true, language: wire::Language::English };
    for failed in std::iter::once(None).chain(failures.into_iter().map(Some)) {
        one.failed_sign_in = failed;
        let all = agent::Snapshot {
            profiles: vec![Arc::new(one.clone())],
            profiles_file_mistakes: vec![agent::Wrong::System(evil()).into()],
        };
        let mut drawn = Converter::default().snapshot(&all, resident(), None, &InEffect::default(), at(1));
        // The one text with lines of its own: it is judged line by line.
        for profile in &mut drawn.profiles {
            let problem = Arc::make_mut(profile).problem.as_mut();
            let note = problem.and_then(|problem| problem.note.take()).unwrap_or_default();
            for line in note.lines() {
                assert_eq!(people_text(line, 2000), line, "{note}");
                assert!(line.is_empty() || line.contains(": ") || line.ends_with('.'), "{note}");
            }
        }
        let drawn = serde_json::to_string(&drawn).unwrap();
        assert!(drawn.contains(DRAWN));
        for character in ['\u{202e}', '\u{2066}', '\u{200b}'] {
            assert!(!drawn.contains(character), "{drawn}");
        }
        // As JSON writes them. One stands twice escaped inside a claim that is shown as JSON, where it is text.
        assert!(!drawn.replace("\\\\n", "").replace("\\\\u0007", "").contains("\\n"), "{drawn}");
        assert!(!drawn.replace("\\\\u0007", "").contains("\\u0007"), "{drawn}");
    }
}

#[test]
fn groups_are_compared_by_their_names_where_a_token_names_any() {
    let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let shown = |names: &[&str], source, before: Option<&[&str]>| {
        let before = before.map(|before| GroupsBefore { at: at(7), names: texts(before) });
        groups(&Groups { names: texts(names), ids: Vec::new(), source }, before.as_ref())
    };
    let one = shown(&["a", "b\u{202e}", "c"], GroupsSource::IdToken, Some(&["c", "d\u{202e}", "a"]));
    assert_eq!(
        (one.added, one.left, one.since),
        (vec!["b".to_owned()], vec!["d".to_owned()], Some(wire::Millis(7000)))
    );
    for (source, before) in [
        (GroupsSource::AccessToken, None),
        (GroupsSource::NoClaim, Some(&["d"][..])),
        (GroupsSource::NotYet, Some(&["d"][..])),
    ] {
        let one = shown(&["a"], source, before);
        assert_eq!((one.added, one.left, one.since), (vec![], vec![], None), "{source:?}");
    }
}

#[test]
fn a_name_without_letters_is_told_from_none() {
    assert_eq!(name("\u{200b}\u{202e} "), "(name without letters)");
    assert_eq!(name("ليلى"), "ليلى");
}

#[test]
fn a_sign_in_under_way_stands_beside_the_session() {
    let mut one = signed_in(UpkeepSnapshot::None);
    let redirect_uri = one.profile.redirect_uris.first().cloned();
    one.attempt =
        Some(AttemptSnapshot { stage: AttemptStage::BrowserNotSeen, redirect_uri, code: None, ends_at: at(300) });
    let drawn = profile(&one);
    assert!(drawn.session.is_some());
    assert_eq!(
        drawn.attempt,
        Some(wire::Attempt {
            code: None,
            stage: wire::AttemptStage::BrowserNotSeen,
            redirect_uri: Some(Profile::DEFAULT_REDIRECT_URI.into()),
            ends_at: wire::Millis(300_000),
        })
    );
}

#[test]
fn an_issuer_on_loopback_is_a_demo() {
    let mut one = signed_out(SignedOutReason::NeverSignedIn);
    assert!(!profile(&one).demo);
    let issuer = gatepass_oidc::IssuerUrl::parse("http://127.0.0.1:4444/oauth2/default").unwrap();
    one.profile = Arc::new(Profile { issuer, ..Profile::clone(&one.profile) });
    let drawn = profile(&one);
    assert!(drawn.demo);
    assert_eq!(drawn.host, "127.0.0.1:4444");
}

#[test]
fn a_profile_that_did_not_change_is_not_converted_again() {
    let resident = || wire::Resident { version: "1".into(), in_tray: true, language: wire::Language::English };
    let (one, two, three) = [0, 1, 2].map(|_| Arc::new(signed_in(UpkeepSnapshot::None))).into();
    let all = |profiles: &[&Arc<ProfileSnapshot>]| agent::Snapshot {
        profiles: profiles.iter().map(|one| Arc::clone(one)).collect(),
        profiles_file_mistakes: Vec::new(),
    };
    let mut converter = Converter::default();
    let first = converter.snapshot(&all(&[&one, &two]), resident(), None, &InEffect::default(), at(1));
    let second = converter.snapshot(&all(&[&one, &three]), resident(), None, &InEffect::default(), at(1));
    assert!(Arc::ptr_eq(&first.profiles[0], &second.profiles[0]));
    assert!(!Arc::ptr_eq(&first.profiles[1], &second.profiles[1]));
    let fewer = converter.snapshot(&all(&[&three]), resident(), None, &InEffect::default(), at(1));
    assert_eq!(fewer.profiles.len(), 1);
    let more = converter.snapshot(&all(&[&three, &one, &two]), resident(), None, &InEffect::default(), at(1));
    assert!(Arc::ptr_eq(&fewer.profiles[0], &more.profiles[0]));
    assert_eq!(more.profiles.len(), 3);
}

#[test]
fn in_another_language_all_is_worded_again() {
    let one = Arc::new(signed_out(SignedOutReason::Expired));
    let all = agent::Snapshot { profiles: vec![one], profiles_file_mistakes: Vec::new() };
    let mut converter = Converter::default();
    let mut title = |language| {
        let resident = wire::Resident { version: "1".into(), in_tray: true, language };
        let drawn = speaking(language, || converter.snapshot(&all, resident, None, &InEffect::default(), at(1)));
        drawn.profiles[0].problem.as_ref().unwrap().title.clone()
    };
    assert_eq!(title(wire::Language::German), "Die Sitzung ist beendet");
    assert_eq!(title(wire::Language::English), "The session ended");
    assert_eq!(title(wire::Language::German), "Die Sitzung ist beendet");
}

#[test]
fn a_code_is_offered_until_the_server_is_known_to_give_none() {
    let offered = |can: Option<bool>| {
        let capabilities = can.map(|device_authorization| Capabilities { device_authorization, ..no_capabilities() });
        profile(&ProfileSnapshot { capabilities, ..signed_out(SignedOutReason::NeverSignedIn) }).device_sign_in
    };
    assert_eq!([None, Some(true), Some(false)].map(offered), [true, true, false]);
}
