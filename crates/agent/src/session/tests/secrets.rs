use super::script::{Trace, instant, kept, tokens};
use super::signed_in;
use crate::session::{AttemptId, Effect, Generation, Input, Past};
use gatepass_oidc::{DeviceSecret, RefreshToken};

#[test]
fn no_secret_is_in_any_debug_form() {
    let now = instant("12:00:00");
    let mut machine = signed_in();
    let persisted = Trace::run(&mut machine, "12:10:00 SignIn");
    let granted = Trace::run(&mut machine, "12:10:00 Token(1, copy)");
    let stored = Trace::run(&mut machine, "12:10:30 SignedIn(2, robin, R2, 1h, D2)");
    let candidate = Trace::run(&mut machine, "12:10:31 SignIn");
    let asked = Trace::run(&mut machine, "12:10:32 SignedIn(3, ana, R3, 1h)");
    let printed = format!(
        "{machine:?} {machine:#?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        [persisted.effects, granted.effects, stored.effects, candidate.effects, asked.effects],
        kept("robin", "R1"),
        machine.predecessor(),
        Input::SignInFinished(AttemptId(1), Ok(tokens(now, "robin", Some("R1"), None))),
        Input::RefreshFinished(Generation(1), Ok(tokens(now, "robin", Some("R1"), None))),
        Input::RefreshTokenArrived(Generation(1), RefreshToken::new("R1")),
        Input::Restored(Ok(Some((kept("robin", "R1"), Past::Unused)))),
        Effect::Revoke(RefreshToken::new("R1")),
        Effect::RevokeAccess(tokens(now, "robin", None, None).access_token),
        Effect::Refresh(Generation(1), RefreshToken::new("R1"), None),
        Effect::RevokeDeviceSecret(DeviceSecret::new("D1")),
        Input::DeviceSecretArrived(Generation(1), DeviceSecret::new("D1")),
    );
    for secret in ["R1", "R2", "R3", "D1", "D2", "robin@", "ana@", "header.payload"] {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
    let outline = format!("{machine:?}");
    assert!(!outline.contains("robin") && !outline.contains("ana"), "{outline}");
}

#[test]
fn the_answer_to_a_refresh_is_judged_against_what_the_session_knows() {
    let predecessor = signed_in().predecessor().expect("somebody is signed in");
    assert_eq!(predecessor.subject.0, "robin");
    assert!(predecessor.id_token.is_some());
    assert_eq!(predecessor.scopes.expect("they were granted").to_string(), "openid");

    let restored = super::after("11:00:00 Tick\n 11:00:01 Restored(robin, R1)");
    let predecessor = restored.predecessor().expect("somebody is signed in");
    assert_eq!(predecessor.subject.0, "robin");
    assert!(predecessor.id_token.is_none() && predecessor.scopes.is_none());

    assert!(super::signed_out().predecessor().is_none());
}
