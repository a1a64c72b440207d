use expect_test::expect;
use gatepass_agent::{ProfileId, SignedOutReason};
use gatepass_oidc::Error as OidcError;

use super::*;

fn notice(kind: NoticeKind) -> Notice {
    let profile = ProfileId::parse("acme").unwrap();
    Notice { id: NoticeId(1), profile, profile_name: "Ac\u{202e}me".into(), kind }
}

fn blocked(said: &str) -> NoticeKind {
    NoticeKind::Blocked(OidcError::Refused { code: said.into(), description: Some(said.into()), status: 400 })
}

#[test]
fn a_notice_names_its_profile_has_one_thing_that_helps_and_quotes_nobody() {
    let secret = || "server text".to_owned();
    let kinds = [
        NoticeKind::SignInNeeded(SignedOutReason::Refused { description: Some(secret()) }),
        NoticeKind::SignInNeeded(SignedOutReason::AnswerLost { description: Some(secret()) }),
        NoticeKind::SignInNeeded(SignedOutReason::NotKept),
        NoticeKind::SignInNeeded(SignedOutReason::Expired),
        blocked(&secret()),
        NoticeKind::MemoryOnly(VaultError::Locked),
        NoticeKind::EndsSoon,
        NoticeKind::Unread(VaultError::Missing),
        NoticeKind::Unread(VaultError::Corrupt),
        NoticeKind::OtherPerson,
    ];
    let mut told = String::new();
    for kind in kinds {
        let NoticeForPeople { title, body, advice, action, profile } = in_words(&notice(kind));
        let title = title.strip_suffix(": \u{2068}Acme\u{2069}").expect("it names its profile");
        assert!(body.ends_with('.') && profile == "acme", "{body}");
        let action = action.expect("something helps");
        match &action.intent {
            Intent::SignIn { profile, as_someone_else: false } => {
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
    "#]].assert_eq(&told);
}

#[test]
fn a_problem_offers_what_helps_with_it() {
    let with = |action| {
        let problem = Problem { action, ..problem::no_such_profile() };
        NoticeForPeople::of_problem(problem, "acme").unwrap().action.map(|action| action.label)
    };
    assert_eq!(with(Some(Action::CopyRedirectUri)).as_deref(), Some("Copy redirect address"));
    assert_eq!(with(Some(Action::SignIn)).as_deref(), Some("Sign in"));
    assert_eq!(with(Some(Action::Refresh)).as_deref(), Some("Refresh now"));
    assert_eq!((with(Some(Action::QuitOld)), with(None)), (None, None));
}

#[test]
fn that_a_session_ended_is_told_by_its_own_notice_alone() {
    let told = |reason: &SignedOutReason| NoticeForPeople::of_problem(problem::sign_in_required(reason), "acme");
    for reason in [
        SignedOutReason::Refused { description: None },
        SignedOutReason::AnswerLost { description: None },
        SignedOutReason::NotKept,
        SignedOutReason::Expired,
    ] {
        assert_eq!(told(&reason), None);
    }
    assert!(told(&SignedOutReason::SignedOut).is_some(), "no notice tells of what the person did");
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
