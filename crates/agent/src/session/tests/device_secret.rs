//! What signs further clients in: kept as the refresh token is, replaced when another comes, ended at sign-out.

use expect_test::expect;
use serde_json::json;

use super::script::{Trace, instant, tokens};
use super::{after, check, signed_in};
use crate::session::{AttemptId, Generation, Input, SessionMachine};
use gatepass_oidc::{AccessTokenClaims, AccessTokenContent, DeviceSecret, TokenSet};

/// As [`signed_in`], with the device secret D1.
fn sharing() -> SessionMachine {
    after(
        "11:00:00 Tick
         11:00:00 Restored(none)
         11:59:00 SignIn
         12:00:00 SignedIn(1, robin, R1, 1h, D1)
         12:00:00 Stored(1)",
    )
}

#[test]
fn it_is_stored_with_the_refresh_token_and_ended_at_sign_out() {
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(none)\n 11:59:00 SignIn"),
        "12:00:00 SignedIn(1, robin, R1, 1h, D1)
         12:00:00 Stored(1)
         12:10:00 SignOut",
        expect![[r#"
            12:00:00 SignedIn(1, robin, R1, 1h, D1) -> Settle(R1, Given), Persist(1, robin R1 D1), Publish(SignIn)
            12:00:00 Stored(1) -> Publish(SignedIn)
            12:10:00 SignOut -> Settle(R1, Ended), Revoke(R1), RevokeDeviceSecret(D1), Erase, Publish(SignedOut)
            signed out: signed out at 12:10:00; sleeps
        "#]],
    );
}

#[test]
fn a_renewal_that_says_nothing_of_it_leaves_it_and_another_one_takes_its_place() {
    check(
        sharing(),
        "12:48:00 Tick
         12:48:01 Arrived(1, R2)
         12:48:01 Renewed(1, robin, R2, 1h)
         12:48:02 Stored(1)
         13:36:01 Tick
         13:36:02 Arrived(1, R3)
         13:36:02 Renewed(1, robin, R3, 1h, D2)
         13:36:03 Stored(1)
         13:36:03 Stored(1)
         14:00:00 SignOut",
        expect![[r#"
            12:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2 D1)
            12:48:01 Renewed(1, robin, R2, 1h) ->
            12:48:02 Stored(1) -> Settle(R1, Spent), Publish(Renewed)
            13:36:01 Tick -> Refresh(1, R2), Publish(Renewing)
            13:36:02 Arrived(1, R3) -> Persist(1, robin R3 D1)
            13:36:02 Renewed(1, robin, R3, 1h, D2) -> Persist(1, robin R3 D2)
            13:36:03 Stored(1) ->
            13:36:03 Stored(1) -> Settle(R2, Spent), Publish(Renewed)
            14:00:00 SignOut -> Settle(R3, Ended), Revoke(R3), RevokeDeviceSecret(D2), Erase, Publish(SignedOut)
            signed out: signed out at 14:00:00; sleeps
        "#]],
    );
}

#[test]
fn one_that_came_when_another_client_was_signed_in_is_stored() {
    check(
        sharing(),
        "12:10:00 Shared(1, D1)
         12:10:00 Shared(1, D2)
         12:10:01 Stored(1)
         12:48:00 Tick
         12:48:01 Renewed(1, robin, R1, 1h)
         12:50:00 SignOut
         12:50:01 Shared(1, D3)",
        expect![[r#"
            12:10:00 Shared(1, D1) ->
            12:10:00 Shared(1, D2) -> Persist(1, robin R1 D2)
            12:10:01 Stored(1) ->
            12:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            12:50:00 SignOut -> Settle(R1, Ended), Revoke(R1), RevokeDeviceSecret(D2), Erase, Publish(SignedOut)
            12:50:01 Shared(1, D3) -> RevokeDeviceSecret(D3)
            signed out: signed out at 12:50:00; sleeps
        "#]],
    );
    // Whoever signed in again did not sign the other client out.
    check(
        sharing(),
        "12:10:00 SignIn
         12:10:30 SignedIn(2, robin, R2, 1h, D2)
         12:10:30 Stored(2)
         12:10:31 Shared(1, D3)
         12:10:32 SignOut",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, robin, R2, 1h, D2) -> Settle(R2, Given), Persist(2, robin R2 D2), Revoke(R1), Publish(SignIn)
            12:10:30 Stored(2) -> Settle(R1, Spent), Publish(SignedIn)
            12:10:31 Shared(1, D3) ->
            12:10:32 SignOut -> Settle(R2, Ended), Revoke(R2), RevokeDeviceSecret(D2), Erase, Publish(SignedOut)
            signed out: signed out at 12:10:32; sleeps
        "#]],
    );
}

#[test]
fn it_is_kept_in_memory_while_the_vault_refuses() {
    check(
        sharing(),
        "12:10:00 Shared(1, D2)
         12:10:01 NotStored(1, Locked)
         12:10:16 Tick
         12:10:17 Stored(1)",
        expect![[r#"
            12:10:00 Shared(1, D2) -> Persist(1, robin R1 D2)
            12:10:01 NotStored(1, Locked) -> Notify(memory only: Locked), Publish(Stored)
            12:10:16 Tick -> Persist(1, robin R1 D2)
            12:10:17 Stored(1) -> Publish(Stored)
            signed in: robin, a token until 13:00:00, renewal at 12:48:00; wakes at 12:48:00
        "#]],
    );
}

#[test]
fn what_the_vault_kept_is_ended_where_its_session_was() {
    check(
        after("11:00:00 Tick"),
        "11:00:01 Restored(robin, R1, unused, D1)
         11:00:02 Renewed(1, robin, R1, 1h)
         11:00:03 SignOut",
        expect![[r#"
            11:00:01 Restored(robin, R1, unused, D1) -> Refresh(1, R1), Publish(Restored)
            11:00:02 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            11:00:03 SignOut -> Settle(R1, Ended), Revoke(R1), RevokeDeviceSecret(D1), Erase, Publish(SignedOut)
            signed out: signed out at 11:00:03; sleeps
        "#]],
    );
    check(
        after("11:00:00 Tick"),
        "11:00:01 Restored(robin, R1, ended, D1)",
        expect![[r#"
        11:00:01 Restored(robin, R1, ended, D1) -> Revoke(R1), RevokeDeviceSecret(D1), Erase, Publish(Restored)
        signed out: signed out; sleeps
    "#]],
    );
    check(
        after("11:00:00 Tick"),
        "11:00:01 SignOut\n 11:00:02 Restored(robin, R1, unused, D1)",
        expect![[r#"
        11:00:01 SignOut -> Erase, Publish(SignedOut)
        11:00:02 Restored(robin, R1, unused, D1) -> Revoke(R1), RevokeDeviceSecret(D1)
        signed out: never signed in; sleeps
    "#]],
    );
}

#[test]
fn a_sign_in_that_nobody_wants_any_more_leaves_none_behind() {
    check(
        signed_in(),
        "12:10:00 SignIn
         12:10:10 Cancel
         12:10:30 SignedIn(2, robin, R2, 1h, D2)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:10 Cancel -> AbandonSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, robin, R2, 1h, D2) -> RevokeDeviceSecret(D2), Revoke(R2)
            signed in: robin, a token until 13:00:00, renewal at 12:48:00; wakes at 12:48:00
        "#]],
    );
}

#[test]
fn a_session_that_ends_by_itself_ends_no_other() {
    check(
        sharing(),
        "12:48:00 Tick
         12:48:01 NotRenewed(1, invalid_grant)
         12:48:02 Restored(none)
         12:48:03 Shared(1, D2)",
        expect![[r#"
            12:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:02 Restored(none) -> Settle(R1, Ended), Erase, Publish(Ended), Notify(sign in: refused)
            12:48:03 Shared(1, D2) ->
            signed out: refused at 12:48:02; sleeps
        "#]],
    );
}

#[test]
fn what_is_shared_names_the_audience_of_the_access_token_in_hand() {
    let now = instant("12:00:00");
    let with = |content: AccessTokenContent, device_secret| {
        let mut machine = after("11:00:00 Tick\n 11:00:00 Restored(none)\n 11:59:00 SignIn");
        let tokens = tokens(now, "robin", Some("R1"), None);
        let tokens = Box::new(TokenSet { device_secret, access_token_content: content, ..*tokens });
        machine.step(now, Input::SignInFinished(AttemptId(1), Ok(tokens)));
        let before_stored = machine.shareable();
        Trace::run(&mut machine, "12:00:00 Stored(1)");
        assert!(before_stored.is_none(), "nobody is signed in yet");
        machine
    };
    let claims = json!({ "aud": "api://default" }).as_object().cloned().unwrap_or_default();
    let for_default = AccessTokenContent::Verified(AccessTokenClaims::unverified_for_tests(claims));
    let secret = || Some(DeviceSecret::new("D1"));

    let shareable = with(for_default.clone(), secret()).shareable().expect("something to share");
    assert_eq!((shareable.audience.as_str(), shareable.generation), ("api://default", Generation(1)));
    assert_eq!((shareable.subject.0.as_str(), shareable.device_secret.expose()), ("robin", "D1"));
    let printed = format!("{shareable:?}");
    assert!(!printed.contains("D1") && !printed.contains("header.payload"), "{printed}");

    assert!(with(for_default, None).shareable().is_none(), "there is no secret");
    assert!(sharing().shareable().is_none(), "the audience is not known");
    let restored = after("11:00:00 Tick\n 11:00:01 Restored(robin, R1, unused, D1)");
    assert!(restored.shareable().is_none(), "the audience is not known yet");
}
