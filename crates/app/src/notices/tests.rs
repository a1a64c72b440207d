use expect_test::expect;
use gatepass_agent::{
    Cause, CauseKind, Error, ProfileId, ProfileParts, ProfileSnapshot, SignInEnd, SignedOutReason, Snapshot, Standing,
};
use gatepass_oidc::Error as OidcError;
use gatepass_wire::Language;

use super::*;
use crate::SystemClock;
use crate::language::speaking;

fn notice(kind: NoticeKind) -> Notice {
    let profile = ProfileId::parse("acme").unwrap();
    Notice { id: NoticeId(1), profile, profile_name: "Ac\u{202e}me".into(), kind }
}

fn acme() -> Profile {
    Profile::from_parts(&ProfileParts {
        name: "Acme".into(),
        issuer: "https://acme.okta.com".into(),
        client_id: "0oa1".into(),
        redirect_uris: Some(vec!["http://localhost:8585/callback".into()]),
        ..ProfileParts::default()
    })
    .unwrap()
}

fn blocked(said: &str) -> NoticeKind {
    NoticeKind::Blocked(OidcError::Refused {
        code: said.into(),
        description: Some(said.into()),
        status: 400,
        request_id: None,
    })
}

#[test]
fn a_notice_names_its_profile_has_one_thing_that_helps_and_quotes_nobody() {
    let secret = || "server text".to_owned();
    let kinds = [
        NoticeKind::SignInNeeded(SignedOutReason::Refused { description: Some(secret()), request_id: None }),
        NoticeKind::SignInNeeded(SignedOutReason::AnswerLost { description: Some(secret()), request_id: None }),
        NoticeKind::SignInNeeded(SignedOutReason::NotKept),
        NoticeKind::SignInNeeded(SignedOutReason::Expired),
        blocked(&secret()),
        NoticeKind::MemoryOnly(VaultError::Locked),
        NoticeKind::EndsSoon,
        NoticeKind::Unread(VaultError::Missing),
        NoticeKind::Unread(VaultError::Corrupt),
        NoticeKind::OtherPerson,
        NoticeKind::SignInFailed(Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true })),
        NoticeKind::SignInFailed(Error::RedirectUrisTaken { taken: Vec::new() }),
    ];
    let mut told = String::new();
    for kind in kinds {
        let NoticeForPeople { title, body, advice, action, profile } = in_words(&notice(kind), &acme());
        let title = title.strip_suffix(": \u{2068}Acme\u{2069}").expect("it names its profile");
        assert!(body.ends_with('.') && profile == "acme", "{body}");
        let action = action.expect("something helps");
        match &action.intent {
            Intent::CopyRedirectUri { profile } => assert_eq!(profile, "acme"),
            Intent::SignIn { profile, as_someone_else: false, with_code: false } => {
                assert_eq!((profile.as_str(), &*action.label), ("acme", "Sign in"))
            }
            intent => assert_eq!((intent, &*action.label), (&Intent::ShowWindow, "Open Gatepass")),
        }
        told += &format!("{title} | {body} | {advice} | [{}]\n", action.label);
    }
    assert!(!told.contains("server text"), "{told}");
    expect![[r#"
        Sign in again | Okta no longer accepts what kept you signed in: it expired, or someone ended it. | Open Gatepass to sign in. | [Sign in]
        Sign in again | Okta's answer to a renewal never arrived, and Okta did not let Gatepass ask for it a second time. | Open Gatepass to sign in. | [Sign in]
        Sign in again | The keyring did not take the last renewal of the session, and what it has from before is used up. | Open Gatepass to sign in. | [Sign in]
        Sign in again | The access token ended, and Okta gave none to renew it with. | Open Gatepass to sign in. | [Sign in]
        Renewal is blocked | Okta refuses to renew the session until an admin acts. | Open Gatepass to see what to ask for. | [Open Gatepass]
        Signed in until you quit | The system's keyring is locked and was not unlocked. So the session is kept in memory alone. Unlock the keyring. Gatepass tries again by itself within a few minutes. |  | [Open Gatepass]
        Sign in again soon | The session ends within a day, and Okta lets no renewal put that off. | Open Gatepass to sign in again. | [Sign in]
        There is no keyring | No keyring runs on this system. So it is not known whether you are still signed in. Install or start one (GNOME Keyring, KWallet, KeePassXC). Gatepass tries again by itself within a few minutes. |  | [Open Gatepass]
        Sign in again | What the keyring holds for this profile is damaged or of another version. | Open Gatepass to sign in. | [Sign in]
        Somebody else signed in | Nothing is changed until you say in Gatepass which session to keep. |  | [Open Gatepass]
        The sign-in was not finished | Nothing came back from the browser within five minutes. If Okta shows an error there, Gatepass cannot see it, and says what is likely. If the browser shows “400 Bad Request” about redirect_uri, an Okta admin registers exactly http://localhost:8585/callback under Applications (and Resources) → Applications → (your app) → General → Sign-in redirect URIs. |  | [Copy redirect address]
        The redirect address is in use | Taken on this machine: . Close that program and sign in again, or add a second redirect URI to the profile and to the app at Okta. |  | [Open Gatepass]
    "#]].assert_eq(&told);
}

#[test]
fn a_notice_speaks_the_language_that_is_spoken() {
    let told = speaking(Language::German, || in_words(&notice(NoticeKind::EndsSoon), &acme()));
    assert_eq!(told.title, "Bald neu anmelden: \u{2068}Acme\u{2069}");
    assert_eq!(told.advice, "Öffnen Sie Gatepass, um sich neu anzumelden.");
    assert_eq!(told.action.map(|action| action.label).as_deref(), Some("Neu anmelden"));
}

#[test]
fn a_refusal_offers_what_helps_with_it() {
    let refused = |intent: Intent, action| {
        let problem = Problem { action, ..problem::no_such_profile() };
        let notice = about_refusal(&intent, problem, Some(Status::Offline)).unwrap();
        (notice.profile, notice.action.map(|action| action.label))
    };
    let acme = || Intent::CopyAccessToken { profile: "acme".into() };
    let offers = |label: &str| ("acme".to_owned(), Some(label.to_owned()));
    assert_eq!(refused(acme(), Some(Action::CopyRedirectUri)), offers("Copy redirect address"));
    assert_eq!(refused(acme(), Some(Action::SignIn)), offers("Sign in"));
    assert_eq!(refused(acme(), Some(Action::Refresh)), offers("Refresh now"));
    assert_eq!(refused(acme(), Some(Action::QuitOld)), ("acme".to_owned(), None));
    assert_eq!(refused(Intent::ShowWindow, None), (String::new(), None));
}

#[test]
fn what_has_a_notice_of_its_own_is_not_told_again() {
    let is_told = |intent: &Intent, status| about_refusal(intent, problem::no_such_profile(), status).is_some();
    let profile = || "acme".to_owned();
    let (refresh, copy) = (Intent::Refresh { profile: profile() }, Intent::CopyAccessToken { profile: profile() });
    let sign_in = Intent::SignIn { profile: profile(), as_someone_else: false, with_code: false };
    assert!(!is_told(&refresh, Some(Status::SignInNeeded)) && !is_told(&copy, Some(Status::SignInNeeded)));
    assert!(!is_told(&refresh, Some(Status::Blocked)));
    assert!(is_told(&copy, Some(Status::Blocked)), "that nothing was copied is news");
    assert!(is_told(&refresh, Some(Status::Offline)) && is_told(&refresh, None));
    assert!(is_told(&sign_in, Some(Status::SignInNeeded)));
}

#[tokio::test]
async fn a_sign_in_that_failed_is_not_told_where_a_window_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let shown = ProfileSnapshot {
        profile: Arc::new(acme()),
        capabilities: None,
        standing: Standing::SignedOut { because: SignedOutReason::NeverSignedIn, at: None },
        attempt: None,
        other_person: None,
        failed_sign_in: None,
        inquiry: None,
        memory_only: None,
        is_reading: false,
        unread: None,
    };
    let snapshot = Snapshot { profiles: vec![Arc::new(shown)], profiles_file_mistakes: Vec::new() };
    let cause = Cause { kind: CauseKind::Present, profile: None };
    let (_agent, changes) = watch::channel(Arc::new(Change { revision: 0, cause, snapshot }));
    let windows = watch::Sender::new(());
    let log = Arc::new(ActivityLog::start(folder.path().join("activity.jsonl")));
    let clock = Arc::new(SystemClock);
    let settings = Arc::new(SettingsKeeper::start(folder.path().join("settings.toml")));
    let teller = Teller::new(changes, windows.clone(), Arc::clone(&log), clock, settings);
    let failed = Notice {
        profile: acme().id,
        ..notice(NoticeKind::SignInFailed(Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true })))
    };
    let window = windows.subscribe();
    assert_eq!(teller.tell(&failed).await, None);
    drop(window);
    let told = teller.tell(&failed).await.expect("nobody else says it");
    assert_eq!(told.action.map(|action| action.label).as_deref(), Some("Copy redirect address"));
    log.finish();
    assert_eq!(log.read().len(), 1, "what was told is kept, and nothing else");
}

fn log(entries: &[(i64, &str, Activity)]) -> Vec<ActivityEntry> {
    let entry = |(at, profile, what): &(i64, &str, Activity)| ActivityEntry {
        at: Millis(*at),
        profile: Some((*profile).to_owned()),
        what: what.clone(),
    };
    entries.iter().map(entry).collect()
}

#[test]
fn what_an_earlier_run_told_is_not_told_again_until_it_has_ended() {
    const THIS_RUN: Millis = Millis(100);
    let noticed = |about: &str| Activity::Noticed { about: about.into() };
    let renewed = || Activity::Renewed { expires_at: None };
    let was_told =
        |kind: NoticeKind, entries: &[(i64, &str, Activity)]| was_told(&log(entries), THIS_RUN, &notice(kind));
    let unread = || NoticeKind::Unread(VaultError::Corrupt);

    assert!(was_told(blocked("e"), &[(1, "acme", noticed("blocked"))]));
    assert!(was_told(blocked("e"), &[(1, "acme", noticed("blocked")), (2, "acme", Activity::Restored)]));
    assert!(was_told(
        unread(),
        &[(1, "acme", noticed("unread")), (101, "acme", Activity::Unread { code: "e".into() })]
    ));
    assert!(was_told(NoticeKind::EndsSoon, &[(1, "acme", noticed("ends-soon")), (2, "acme", renewed())]));

    assert!(!was_told(blocked("e"), &[]));
    assert!(!was_told(blocked("e"), &[(1, "other", noticed("blocked"))]));
    assert!(!was_told(blocked("e"), &[(1, "acme", noticed("unread"))]));
    assert!(!was_told(blocked("e"), &[(101, "acme", noticed("blocked"))]), "this run knows what it told");
    for end in [renewed(), Activity::SignedIn, Activity::SignedOut, Activity::Ended { code: "e".into() }] {
        assert!(!was_told(blocked("e"), &[(1, "acme", noticed("blocked")), (101, "acme", end)]));
    }
    for end in [Activity::Restored, Activity::Stored, Activity::SignedIn] {
        assert!(!was_told(unread(), &[(1, "acme", noticed("unread")), (2, "acme", end)]));
    }
    assert!(!was_told(NoticeKind::EndsSoon, &[(1, "acme", noticed("ends-soon")), (2, "acme", Activity::SignedIn)]));
}

#[test]
fn the_end_of_a_session_is_told_whatever_the_log_says() {
    assert!(!is_lasting(&NoticeKind::SignInNeeded(SignedOutReason::Expired)));
    assert!(!is_lasting(&NoticeKind::MemoryOnly(VaultError::Locked)), "a restart ends it");
}
