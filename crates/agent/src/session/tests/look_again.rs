//! A refusal is believed only after looking at what the vault has now.

use expect_test::expect;

use super::{check, refreshing, run};

#[test]
fn another_token_of_the_same_person_is_taken_up() {
    check(
        refreshing(),
        "12:48:00 Token(1, 30m)
         12:48:01 NotRenewed(1, invalid_grant)
         12:48:02 Restored(robin, R5)
         12:48:03 Arrived(1, R6)
         12:48:03 Renewed(1, robin, R6, 1h)
         12:48:04 Stored(1)",
        expect![[r#"
            12:48:00 Token(1, 30m) ->
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:02 Restored(robin, R5) -> Settle(R1, Spent), Refresh(1, R5)
            12:48:03 Arrived(1, R6) -> Persist(1, robin R6)
            12:48:03 Renewed(1, robin, R6, 1h) ->
            12:48:04 Stored(1) -> Settle(R5, Spent), Publish(Renewed), Reply(1, robin@12:48:03 until 13:48:03)
            signed in: robin, a token until 13:48:03, renewal at 13:36:03; wakes at 13:36:03
        "#]],
    );
}

#[test]
fn it_is_taken_up_once() {
    check(
        refreshing(),
        "12:48:01 NotRenewed(1, invalid_grant)
         12:48:02 Restored(robin, R5)
         12:48:03 NotRenewed(1, invalid_grant)
         12:48:04 Restored(robin, R6)",
        expect![[r#"
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:02 Restored(robin, R5) -> Settle(R1, Spent), Refresh(1, R5)
            12:48:03 NotRenewed(1, invalid_grant) -> Load
            12:48:04 Restored(robin, R6) -> Settle(R5, Ended), Erase, Publish(Ended), Notify(sign in: refused)
            signed out: refused at 12:48:04; sleeps
        "#]],
    );
}

#[test]
fn after_a_renewal_it_may_be_taken_up_again() {
    check(
        refreshing(),
        "12:48:01 NotRenewed(1, invalid_grant)
         12:48:02 Restored(robin, R5)
         12:48:03 Renewed(1, robin, R5, 1h)
         13:36:03 Tick
         13:36:04 NotRenewed(1, invalid_grant)
         13:36:05 Restored(robin, R6)",
        expect![[r#"
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:02 Restored(robin, R5) -> Settle(R1, Spent), Refresh(1, R5)
            12:48:03 Renewed(1, robin, R5, 1h) -> Settle(R5, Unspent), Publish(Renewed)
            13:36:03 Tick -> Refresh(1, R5), Publish(Renewing)
            13:36:04 NotRenewed(1, invalid_grant) -> Load
            13:36:05 Restored(robin, R6) -> Settle(R5, Spent), Refresh(1, R6)
            signed in: robin, a token until 13:48:03, renewing; sleeps
        "#]],
    );
}

#[test]
fn nothing_else_in_the_vault_saves_the_session() {
    for found in
        ["none", "robin, R1", "ana, R5", "robin, R5, spent", "robin, R5, ended", "Locked", "Corrupt", "Unresponsive"]
    {
        let script = format!("12:48:01 NotRenewed(1, invalid_grant)\n 12:48:02 Restored({found})\n 12:48:03 Tick");
        let expected = format!(
            "12:48:01 NotRenewed(1, invalid_grant) -> Load\n\
             12:48:02 Restored({found}) -> Settle(R1, Ended), Erase, Publish(Ended), Notify(sign in: refused)\n\
             12:48:03 Tick ->\n\
             signed out: refused at 12:48:02; sleeps\n"
        );
        assert_eq!(run(refreshing(), &script), expected);
    }
}

#[test]
fn what_was_replaced_in_this_life_is_not_taken_up() {
    check(
        refreshing(),
        "12:48:01 Renewed(1, robin, R2, 1h)
         12:48:01 NotStored(1, Locked)
         13:36:01 Tick
         13:36:02 NotRenewed(1, invalid_grant)
         13:36:03 Restored(robin, R1)",
        // The vault has not taken R2, and still has R1.
        expect![[r#"
            12:48:01 Renewed(1, robin, R2, 1h) -> Persist(1, robin R2)
            12:48:01 NotStored(1, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(Renewed)
            13:36:01 Tick -> Refresh(1, R2), Publish(Renewing), Persist(1, robin R2)
            13:36:02 NotRenewed(1, invalid_grant) -> Load
            13:36:03 Restored(robin, R1) -> Settle(R2, Ended), Erase, Publish(Ended), Notify(sign in: refused)
            signed out: refused at 13:36:03; sleeps
        "#]],
    );
}

#[test]
fn what_was_given_up_in_this_life_is_not_taken_up() {
    check(
        refreshing(),
        "12:48:00 SignOut
         12:48:01 SignIn
         12:48:02 SignedIn(2, robin, R2, 1h)
         12:48:02 Stored(3)
         13:36:02 Tick
         13:36:03 NotRenewed(3, invalid_grant)
         13:36:04 Restored(robin, R1)",
        // A restored backup, or another machine's.
        expect![[r#"
            12:48:00 SignOut -> Settle(R1, Ended), Revoke(R1), Erase, Publish(SignedOut)
            12:48:01 SignIn -> StartSignIn(2), Publish(SignIn)
            12:48:02 SignedIn(2, robin, R2, 1h) -> Settle(R2, Given), Persist(3, robin R2), Publish(SignIn)
            12:48:02 Stored(3) -> Publish(SignedIn)
            13:36:02 Tick -> Refresh(3, R2), Publish(Renewing)
            13:36:03 NotRenewed(3, invalid_grant) -> Load
            13:36:04 Restored(robin, R1) -> Settle(R2, Ended), Erase, Publish(Ended), Notify(sign in: refused)
            signed out: refused at 13:36:04; sleeps
        "#]],
    );
}

#[test]
fn a_token_whose_own_answer_was_lost_is_in_doubt() {
    check(
        refreshing(),
        "12:48:01 NotRenewed(1, invalid_grant)
         12:48:02 Restored(robin, R5, sent at 12:40:00)
         12:48:03 NotRenewed(1, invalid_grant)
         12:48:04 Restored(robin, R5, sent at 12:40:00)",
        expect![[r#"
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:02 Restored(robin, R5, sent at 12:40:00) -> Settle(R1, Spent), Refresh(1, R5)
            12:48:03 NotRenewed(1, invalid_grant) -> Load
            12:48:04 Restored(robin, R5, sent at 12:40:00) -> Settle(R5, Ended), Erase, Publish(Ended), Notify(sign in: answer lost)
            signed out: answer lost at 12:48:04; sleeps
        "#]],
    );
}

#[test]
fn a_sign_out_meanwhile_wins() {
    check(
        refreshing(),
        "12:48:01 NotRenewed(1, invalid_grant)
         12:48:02 SignOut
         12:48:03 Restored(robin, R5)",
        expect![[r#"
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:02 SignOut -> Settle(R1, Ended), Revoke(R1), Erase, Publish(SignedOut)
            12:48:03 Restored(robin, R5) -> Revoke(R5)
            signed out: signed out at 12:48:02; sleeps
        "#]],
    );
}

#[test]
fn a_sign_in_meanwhile_is_not_mixed_up_with_what_the_vault_had() {
    check(
        refreshing(),
        "12:48:00 SignIn
         12:48:01 NotRenewed(1, invalid_grant)
         12:48:02 SignedIn(2, robin, R2, 10s)
         12:48:02 Stored(2)
         12:48:10 Tick
         12:48:11 NotRenewed(2, invalid_grant)
         12:48:12 Restored(robin, R1)
         12:48:13 Restored(robin, R2)",
        // The first answer of the vault is about the session before.
        expect![[r#"
            12:48:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:02 SignedIn(2, robin, R2, 10s) -> Settle(R2, Given), Persist(2, robin R2), Revoke(R1), Publish(SignIn)
            12:48:02 Stored(2) -> Settle(R1, Spent), Publish(SignedIn)
            12:48:10 Tick -> Refresh(2, R2), Publish(Renewing)
            12:48:11 NotRenewed(2, invalid_grant) -> Load
            12:48:12 Restored(robin, R1) ->
            12:48:13 Restored(robin, R2) -> Settle(R2, Ended), Erase, Publish(Ended), Notify(sign in: refused)
            signed out: refused at 12:48:13; sleeps
        "#]],
    );
}
