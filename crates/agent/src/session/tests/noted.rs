//! What the journal noted of a refresh token: what follows from it after a restart, and when it is written.

use expect_test::expect;

use super::{after, check, signed_in};

#[test]
fn what_was_lost_before_a_restart_is_asked_for_again_within_the_same_half_minute() {
    let restart = "12:00:00 Tick";
    check(
        after(restart),
        "12:00:05 Restored(robin, R1, sent at 11:59:50)
         12:00:05 Lost(1, 12:00:05)
         12:00:05 Lost(1, 12:00:05)
         12:00:06 Tick",
        expect![[r#"
            12:00:05 Restored(robin, R1, sent at 11:59:50) -> Refresh(1, R1, before 12:00:20), Publish(Restored)
            12:00:05 Lost(1, 12:00:05) -> Refresh(1, R1, before 12:00:20)
            12:00:05 Lost(1, 12:00:05) -> Publish(Setback)
            12:00:06 Tick -> Refresh(1, R1, before 12:00:20), Publish(Renewing)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
    // There is no access token to live on, so it is tried at once, however late it is.
    check(
        after(restart),
        "12:00:05 Restored(robin, R1, sent at 11:00:00)
         12:00:06 Lost(1, 12:00:05)
         12:11:21 Tick",
        expect![[r#"
            12:00:05 Restored(robin, R1, sent at 11:00:00) -> Refresh(1, R1), Publish(Restored)
            12:00:06 Lost(1, 12:00:05) -> Publish(Setback)
            12:11:21 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
    // By a clock that was set in the meantime it was sent in a moment.
    check(
        after(restart),
        "12:00:05 Restored(robin, R1, sent at 12:00:10)
         12:00:11 NotRenewed(1, unreachable)
         12:00:12 Refresh(1)",
        expect![[r#"
            12:00:05 Restored(robin, R1, sent at 12:00:10) -> Refresh(1, R1), Publish(Restored)
            12:00:11 NotRenewed(1, unreachable) -> Publish(Setback)
            12:00:12 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_refused_token_whose_answer_was_lost_before_a_restart_is_told_apart() {
    check(
        after("12:00:00 Tick"),
        "12:00:05 Restored(robin, R1, sent at 11:59:00)
         12:00:06 NotRenewed(1, invalid_grant)
         12:00:06 Restored(robin, R1, sent at 11:59:00)",
        expect![[r#"
            12:00:05 Restored(robin, R1, sent at 11:59:00) -> Refresh(1, R1), Publish(Restored)
            12:00:06 NotRenewed(1, invalid_grant) -> Load
            12:00:06 Restored(robin, R1, sent at 11:59:00) -> Settle(R1, Ended), Erase, Publish(Ended), Notify(sign in: answer lost)
            signed out: answer lost at 12:00:06; sleeps
        "#]],
    );
}

#[test]
fn what_is_known_to_be_spent_is_never_used() {
    check(
        after("12:00:00 Tick\n 12:00:00 Token(1, copy)"),
        "12:00:05 Restored(robin, R1, spent)
         12:00:06 Tick
         12:00:07 Refresh(2)",
        expect![[r#"
            12:00:05 Restored(robin, R1, spent) -> Erase, Publish(Ended), Notify(sign in: not kept), Reply(1, sign in: not kept)
            12:00:06 Tick ->
            12:00:07 Refresh(2) -> Reply(2, sign in: not kept)
            signed out: not kept at 12:00:05; sleeps
        "#]],
    );
}

#[test]
fn a_session_that_ended_does_not_come_back_with_a_record_that_was_not_erased() {
    check(
        after("12:00:00 Tick\n 12:00:00 Token(1, copy)"),
        "12:00:05 Restored(robin, R1, ended)
         12:00:06 Tick",
        expect![[r#"
            12:00:05 Restored(robin, R1, ended) -> Revoke(R1), Erase, Publish(Restored), Reply(1, sign in: signed out)
            12:00:06 Tick ->
            signed out: signed out; sleeps
        "#]],
    );
}

#[test]
fn what_a_vault_may_still_have_is_noted_when_its_session_ends() {
    check(
        signed_in(),
        "12:48:00 Tick
         12:48:01 Arrived(1, R2)
         12:48:02 SignOut",
        // The vault has not answered for R2, so it may have R1 as well.
        expect![[r#"
            12:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:02 SignOut -> Settle(R1, Ended), Settle(R2, Ended), Revoke(R2), Erase, Publish(SignedOut)
            signed out: signed out at 12:48:02; sleeps
        "#]],
    );
}

#[test]
fn what_a_sign_in_replaced_is_noted_when_the_vault_has_answered() {
    check(
        signed_in(),
        "12:10:00 SignIn
         12:10:30 SignedIn(2, robin, R2, 1h)
         12:10:31 NotStored(2, Locked)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, robin, R2, 1h) -> Settle(R2, Given), Persist(2, robin R2), Revoke(R1), Publish(SignIn)
            12:10:31 NotStored(2, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(SignedIn)
            signed in: robin, a token until 13:10:30, renewal at 12:58:30; memory only: Locked; wakes at 12:10:46
        "#]],
    );
}

#[test]
fn a_token_of_which_nothing_can_be_read_is_treated_as_one_that_was_sent_long_ago() {
    check(
        after("12:00:00 Tick"),
        "12:00:05 Restored(robin, R1, unknown)
         12:00:06 Lost(1, 12:00:05)
         12:11:21 Tick
         12:11:22 NotRenewed(1, invalid_grant)
         12:11:22 Restored(robin, R2, unknown)
         12:11:23 Arrived(1, R3)",
        expect![[r#"
            12:00:05 Restored(robin, R1, unknown) -> Refresh(1, R1), Publish(Restored)
            12:00:06 Lost(1, 12:00:05) -> Publish(Setback)
            12:11:21 Tick -> Refresh(1, R1), Publish(Renewing)
            12:11:22 NotRenewed(1, invalid_grant) -> Load
            12:11:22 Restored(robin, R2, unknown) -> Settle(R1, Spent), Refresh(1, R2)
            12:11:23 Arrived(1, R3) -> Persist(1, robin R3)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_token_that_was_sent_at_this_very_instant_was_sent_by_this_clock() {
    check(
        after("12:00:00 Tick"),
        "12:00:05 Restored(robin, R1, sent at 12:00:05)",
        expect![[r#"
            12:00:05 Restored(robin, R1, sent at 12:00:05) -> Refresh(1, R1, before 12:00:35), Publish(Restored)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
}
