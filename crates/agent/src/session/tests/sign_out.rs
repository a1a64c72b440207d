use expect_test::expect;

use super::{after, check, refreshing, signed_in, signed_in_without_renewal, signed_out};

#[test]
fn signing_out_revokes_and_erases() {
    check(
        signed_in(),
        "12:10:00 SignOut\n 12:10:01 Token(1, 1s)",
        expect![[r#"
            12:10:00 SignOut -> Settle(R1, Ended), Revoke(R1), Erase, Publish(SignedOut)
            12:10:01 Token(1, 1s) -> Reply(1, sign in: signed out)
            signed out: signed out at 12:10:00; sleeps
        "#]],
    );
}

#[test]
fn an_access_token_that_has_no_refresh_token_to_end_with_is_revoked_itself() {
    check(
        signed_in_without_renewal(),
        "12:10:00 SignOut",
        expect![[r#"
            12:10:00 SignOut -> RevokeAccess(robin@12:00:00), Erase, Publish(SignedOut)
            signed out: signed out at 12:10:00; sleeps
        "#]],
    );
}

#[test]
fn signing_out_takes_attempt_and_question_with_it() {
    check(
        signed_in(),
        "12:10:00 SignIn
         12:10:30 SignedIn(2, ana, R2, 1h)
         12:11:00 SignIn
         12:11:01 SignOut
         12:11:02 SignedIn(3, zoe, R3, 1h)
         12:11:03 Answer(replace)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
            12:11:00 SignIn -> StartSignIn(3), Publish(SignIn)
            12:11:01 SignOut -> AbandonSignIn(3), Revoke(R2), Settle(R1, Ended), Revoke(R1), Erase, Publish(SignedOut)
            12:11:02 SignedIn(3, zoe, R3, 1h) -> Revoke(R3)
            12:11:03 Answer(replace) ->
            signed out: signed out at 12:11:01; sleeps
        "#]],
    );
}

#[test]
fn what_arrives_after_a_sign_out_is_revoked_and_not_stored() {
    check(
        refreshing(),
        "12:48:00 Token(1, 30m)
         12:48:00 Refresh(2)
         12:48:01 SignOut
         12:48:02 Arrived(1, R2)
         12:48:02 Renewed(1, robin, R2, 1h)",
        expect![[r#"
            12:48:00 Token(1, 30m) ->
            12:48:00 Refresh(2) ->
            12:48:01 SignOut -> Settle(R1, Ended), Revoke(R1), Erase, Publish(SignedOut), Reply(1, sign in: signed out), Reply(2, sign in: signed out)
            12:48:02 Arrived(1, R2) -> Revoke(R2)
            12:48:02 Renewed(1, robin, R2, 1h) ->
            signed out: signed out at 12:48:01; sleeps
        "#]],
    );
    // The answer brought no new refresh token: the one it was asked with is revoked already.
    check(
        refreshing(),
        "12:48:01 SignOut\n 12:48:02 Renewed(1, robin, R1, 1h)",
        expect![[r#"
            12:48:01 SignOut -> Settle(R1, Ended), Revoke(R1), Erase, Publish(SignedOut)
            12:48:02 Renewed(1, robin, R1, 1h) ->
            signed out: signed out at 12:48:01; sleeps
        "#]],
    );
}

#[test]
fn a_sign_out_wins_over_what_is_being_stored() {
    check(
        refreshing(),
        "12:48:01 Arrived(1, R2)
         12:48:01 Renewed(1, robin, R2, 1h)
         12:48:02 SignOut
         12:48:03 Stored(1)",
        expect![[r#"
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:01 Renewed(1, robin, R2, 1h) ->
            12:48:02 SignOut -> Settle(R1, Ended), Settle(R2, Ended), Revoke(R2), Erase, Publish(SignedOut)
            12:48:03 Stored(1) ->
            signed out: signed out at 12:48:02; sleeps
        "#]],
    );
    check(
        signed_out(),
        "12:48:00 SignIn
         12:48:01 SignedIn(1, robin, R1, 1h)
         12:48:02 SignOut
         12:48:03 NotStored(1, Locked)",
        expect![[r#"
            12:48:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:48:01 SignedIn(1, robin, R1, 1h) -> Settle(R1, Given), Persist(1, robin R1), Publish(SignIn)
            12:48:02 SignOut -> Settle(R1, Ended), Revoke(R1), Erase, Publish(SignedOut)
            12:48:03 NotStored(1, Locked) ->
            signed out: signed out at 12:48:02; sleeps
        "#]],
    );
}

#[test]
fn a_sign_out_wins_over_what_is_being_read() {
    check(
        after("11:00:00 Tick"),
        "11:00:01 Token(1, copy)
         11:00:02 SignOut
         11:00:03 Restored(robin, R1)",
        expect![[r#"
            11:00:01 Token(1, copy) ->
            11:00:02 SignOut -> Erase, Publish(SignedOut), Reply(1, sign in: signed out)
            11:00:03 Restored(robin, R1) -> Revoke(R1)
            signed out: never signed in; sleeps
        "#]],
    );
}

#[test]
fn signing_out_clears_what_only_sign_in_could_mend() {
    check(
        refreshing(),
        "12:48:01 NotRenewed(1, invalid_grant)\n 12:48:01 Restored(none)\n 12:49:00 SignOut",
        expect![[r#"
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:01 Restored(none) -> Settle(R1, Ended), Erase, Publish(Ended), Notify(sign in: refused)
            12:49:00 SignOut -> Erase, Publish(SignedOut)
            signed out: signed out at 12:49:00; sleeps
        "#]],
    );
}

#[test]
fn signing_out_gives_up_a_sign_in_that_is_all_there_is() {
    check(
        signed_out(),
        "12:00:00 SignIn\n 12:00:10 SignOut",
        expect![[r#"
        12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
        12:00:10 SignOut -> AbandonSignIn(1), Erase, Publish(SignedOut)
        signed out: never signed in; sleeps
    "#]],
    );
    check(
        signed_out(),
        "12:00:00 SignIn\n 12:00:05 SignInFailed(1, timed out)\n 12:00:10 SignOut",
        expect![[r#"
        12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
        12:00:05 SignInFailed(1, timed out) -> Publish(SignInFailed)
        12:00:10 SignOut -> Erase, Publish(SignedOut)
        signed out: never signed in; sleeps
    "#]],
    );
}

#[test]
fn signing_out_without_a_session_erases_and_says_nothing() {
    check(
        signed_out(),
        "12:00:00 SignOut\n 12:00:01 SignOut",
        expect![[r#"
        12:00:00 SignOut -> Erase
        12:00:01 SignOut -> Erase
        signed out: never signed in; sleeps
    "#]],
    );
}
