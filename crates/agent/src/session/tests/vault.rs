use expect_test::expect;

use super::{after, check, refreshing, signed_in, signed_in_without_renewal, signed_out};
use crate::session::{Jitter, SessionMachine};

#[test]
fn a_session_that_was_kept_is_renewed_at_once() {
    check(
        SessionMachine::new(Jitter::none()),
        "11:00:00 Tick
         11:00:00 Tick
         11:00:01 Restored(robin, R1)",
        expect![[r#"
            11:00:00 Tick -> Load
            11:00:00 Tick ->
            11:00:01 Restored(robin, R1) -> Refresh(1, R1), Publish(Restored)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
    check(
        after("11:00:00 Tick\n 11:00:01 Restored(robin, R1)"),
        "11:00:02 Arrived(1, R2)
         11:00:02 Renewed(1, robin, R2, 1h)
         11:00:03 Stored(1)",
        expect![[r#"
            11:00:02 Arrived(1, R2) -> Persist(1, robin R2)
            11:00:02 Renewed(1, robin, R2, 1h) ->
            11:00:03 Stored(1) -> Settle(R1, Spent), Publish(Renewed)
            signed in: robin, a token until 12:00:02, renewal at 11:48:02; wakes at 11:48:02
        "#]],
    );
}

#[test]
fn while_the_vault_is_first_read_nobody_is_shown_as_signed_out_for_good() {
    check(
        SessionMachine::new(Jitter::none()),
        "11:00:00 Tick",
        expect![[r#"
            11:00:00 Tick -> Load
            signed out: never signed in; reading; sleeps
        "#]],
    );
    check(
        after("11:00:00 Tick"),
        "11:00:20 Restored(Unresponsive)\n 11:00:50 Tick",
        // From here on the failure is what is shown, also while it is read again.
        expect![[r#"
            11:00:20 Restored(Unresponsive) -> Publish(Stored)
            11:00:50 Tick -> Load
            signed out: never signed in; unread: Unresponsive; sleeps
        "#]],
    );
    check(
        after("11:00:00 Tick"),
        "11:00:01 SignOut",
        expect![[r#"
            11:00:01 SignOut -> Erase, Publish(SignedOut)
            signed out: never signed in; sleeps
        "#]],
    );
}

#[test]
fn a_session_that_was_kept_outlives_the_lack_of_a_network() {
    check(
        after("11:00:00 Tick\n 11:00:01 Restored(robin, R1)"),
        "11:00:02 NotRenewed(1, unreachable)\n 11:00:02 Token(1, copy)\n 11:00:03 NotRenewed(1, unreachable)",
        expect![[r#"
            11:00:02 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            11:00:02 Token(1, copy) -> Refresh(1, R1), Publish(Renewing)
            11:00:03 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback), Reply(1, unreachable)
            signed in: robin, no access token, unreachable, again at 11:00:05; wakes at 11:00:05
        "#]],
    );
}

#[test]
fn who_asks_before_the_vault_is_read_waits_for_it() {
    let asked = "11:00:00 Token(1, copy)\n 11:00:00 Tick\n 11:00:00 Refresh(2)\n";
    for (answer, expected) in [
        (
            "11:00:01 Restored(none)",
            expect![[r#"
            11:00:00 Token(1, copy) ->
            11:00:00 Tick -> Load
            11:00:00 Refresh(2) ->
            11:00:01 Restored(none) -> Publish(Restored), Reply(1, sign in: never signed in), Reply(2, sign in: never signed in)
            signed out: never signed in; sleeps
        "#]],
        ),
        (
            "11:00:01 Restored(Locked)\n 11:00:02 Token(3, copy)",
            expect![[r#"
            11:00:00 Token(1, copy) ->
            11:00:00 Tick -> Load
            11:00:00 Refresh(2) ->
            11:00:01 Restored(Locked) -> Publish(Stored), Reply(1, the keyring is locked), Reply(2, the keyring is locked)
            11:00:02 Token(3, copy) -> Reply(3, the keyring is locked)
            signed out: never signed in; unread: Locked; wakes at 11:00:31
        "#]],
        ),
        (
            "11:00:01 Restored(Corrupt)\n 11:00:02 Token(3, copy)",
            expect![[r#"
            11:00:00 Token(1, copy) ->
            11:00:00 Tick -> Load
            11:00:00 Refresh(2) ->
            11:00:01 Restored(Corrupt) -> Publish(Stored), Reply(1, sign in: never signed in), Reply(2, sign in: never signed in)
            11:00:02 Token(3, copy) -> Reply(3, sign in: never signed in)
            signed out: never signed in; unread: Corrupt; sleeps
        "#]],
        ),
        (
            "11:00:01 Restored(robin, R1)\n 11:00:02 Renewed(1, robin, R1, 1h)",
            expect![[r#"
                11:00:00 Token(1, copy) ->
                11:00:00 Tick -> Load
                11:00:00 Refresh(2) ->
                11:00:01 Restored(robin, R1) -> Refresh(1, R1), Publish(Restored)
                11:00:02 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed), Reply(1, robin@11:00:02 until 12:00:02), Reply(2, robin@11:00:02 until 12:00:02)
                signed in: robin, a token until 12:00:02, renewal at 11:48:02; wakes at 11:48:02
            "#]],
        ),
    ] {
        check(SessionMachine::new(Jitter::none()), &format!("{asked}{answer}"), expected);
    }
}

#[test]
fn a_vault_that_cannot_be_read_is_read_again_ever_more_slowly() {
    check(
        after("11:00:00 Tick"),
        "11:00:00 Restored(Locked)
         11:00:29 Tick
         11:00:30 Tick
         11:00:30 Restored(Locked)
         11:01:29 Tick
         11:01:30 Tick
         11:01:30 Restored(Missing)
         11:03:29 Tick
         11:03:30 Tick
         11:03:30 Restored(Unresponsive)
         11:07:29 Tick
         11:07:30 Tick
         11:07:30 Restored(Denied)
         11:12:29 Tick
         11:12:30 Tick
         11:12:30 Restored(Denied)
         11:17:30 Tick
         11:17:31 Restored(robin, R1)",
        expect![[r#"
            11:00:00 Restored(Locked) -> Publish(Stored)
            11:00:29 Tick ->
            11:00:30 Tick -> Load
            11:00:30 Restored(Locked) ->
            11:01:29 Tick ->
            11:01:30 Tick -> Load
            11:01:30 Restored(Missing) -> Publish(Stored)
            11:03:29 Tick ->
            11:03:30 Tick -> Load
            11:03:30 Restored(Unresponsive) -> Publish(Stored)
            11:07:29 Tick ->
            11:07:30 Tick -> Load
            11:07:30 Restored(Denied) -> Publish(Stored)
            11:12:29 Tick ->
            11:12:30 Tick -> Load
            11:12:30 Restored(Denied) ->
            11:17:30 Tick -> Load
            11:17:31 Restored(robin, R1) -> Refresh(1, R1), Publish(Restored)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
}

#[test]
fn an_unlock_prompt_does_not_come_between_somebody_and_the_sign_in_page() {
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(Locked)"),
        "11:00:20 SignIn\n 11:00:30 Tick",
        expect![[r#"
        11:00:20 SignIn -> StartSignIn(1), Publish(SignIn)
        11:00:30 Tick ->
        signed out: never signed in; attempt 1 Preparing since 11:00:20; unread: Locked; sleeps
    "#]],
    );
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(Locked)"),
        "11:00:20 SignIn
         11:00:30 Tick
         11:00:40 Cancel
         11:00:40 Tick",
        expect![[r#"
            11:00:20 SignIn -> StartSignIn(1), Publish(SignIn)
            11:00:30 Tick ->
            11:00:40 Cancel -> AbandonSignIn(1), Publish(SignIn)
            11:00:40 Tick -> Load
            signed out: never signed in; unread: Locked; sleeps
        "#]],
    );
}

#[test]
fn after_a_sign_in_an_older_record_is_of_no_interest() {
    let signed_in = "11:00:05 SignIn\n 11:00:30 SignedIn(1, robin, R2, 1h)\n";
    check(
        after("11:00:00 Tick"),
        &format!("{signed_in} 11:00:31 Restored(robin, R1)\n 11:00:32 Stored(1)"),
        expect![[r#"
            11:00:05 SignIn -> StartSignIn(1), Publish(SignIn)
            11:00:30 SignedIn(1, robin, R2, 1h) -> Settle(R2, Given), Persist(1, robin R2), Publish(SignIn)
            11:00:31 Restored(robin, R1) ->
            11:00:32 Stored(1) -> Publish(SignedIn)
            signed in: robin, a token until 12:00:30, renewal at 11:48:30; wakes at 11:48:30
        "#]],
    );
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(Locked)"),
        &format!("{signed_in} 11:00:31 Stored(1)\n 11:01:00 Tick"),
        expect![[r#"
            11:00:05 SignIn -> StartSignIn(1), Publish(SignIn)
            11:00:30 SignedIn(1, robin, R2, 1h) -> Settle(R2, Given), Persist(1, robin R2), Publish(SignIn)
            11:00:31 Stored(1) -> Publish(SignedIn)
            11:01:00 Tick ->
            signed in: robin, a token until 12:00:30, renewal at 11:48:30; wakes at 11:48:30
        "#]],
    );
}

#[test]
fn a_damaged_record_counts_as_none_and_stays_until_a_sign_in() {
    check(
        after("11:00:00 Tick"),
        "11:00:00 Restored(Corrupt)\n 11:30:00 Tick\n 11:30:01 SignIn\n 11:31:00 SignedIn(1, robin, R1, 1h)",
        expect![[r#"
            11:00:00 Restored(Corrupt) -> Publish(Stored)
            11:30:00 Tick ->
            11:30:01 SignIn -> StartSignIn(1), Publish(SignIn)
            11:31:00 SignedIn(1, robin, R1, 1h) -> Settle(R1, Given), Persist(1, robin R1), Publish(SignIn)
            signed out: never signed in; attempt 1 Storing since 11:30:01; sleeps
        "#]],
    );
}

#[test]
fn signing_out_while_the_vault_cannot_be_read_erases_it() {
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(Locked)"),
        "11:00:10 SignOut\n 11:00:30 Tick",
        expect![[r#"
        11:00:10 SignOut -> Erase, Publish(SignedOut)
        11:00:30 Tick ->
        signed out: never signed in; sleeps
    "#]],
    );
}

#[test]
fn a_vault_that_refuses_a_sign_in_leaves_it_in_memory() {
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:30 SignedIn(1, robin, R1, 1h)
         12:00:31 NotStored(1, Locked)
         12:00:45 Tick
         12:00:46 Tick
         12:00:47 NotStored(1, Locked)
         12:01:46 Tick
         12:01:47 Tick
         12:01:48 NotStored(1, Missing)
         12:02:48 Tick
         12:03:40 Tick
         12:03:41 Stored(1)
         12:10:00 Tick",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:30 SignedIn(1, robin, R1, 1h) -> Settle(R1, Given), Persist(1, robin R1), Publish(SignIn)
            12:00:31 NotStored(1, Locked) -> Notify(memory only: Locked), Publish(SignedIn)
            12:00:45 Tick ->
            12:00:46 Tick -> Persist(1, robin R1)
            12:00:47 NotStored(1, Locked) ->
            12:01:46 Tick ->
            12:01:47 Tick -> Persist(1, robin R1)
            12:01:48 NotStored(1, Missing) -> Publish(Stored)
            12:02:48 Tick -> Persist(1, robin R1)
            12:03:40 Tick ->
            12:03:41 Stored(1) -> Publish(Stored)
            12:10:00 Tick ->
            signed in: robin, a token until 13:00:30, renewal at 12:48:30; wakes at 12:48:30
        "#]],
    );
}

#[test]
fn a_vault_that_refuses_a_renewal_does_not_hold_it_up() {
    check(
        refreshing(),
        "12:48:00 Token(1, 30m)
         12:48:01 Arrived(1, R2)
         12:48:01 Renewed(1, robin, R2, 1h)
         12:48:02 NotStored(1, Unresponsive)
         12:49:02 Tick
         12:49:03 Stored(1)",
        expect![[r#"
            12:48:00 Token(1, 30m) ->
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:01 Renewed(1, robin, R2, 1h) ->
            12:48:02 NotStored(1, Unresponsive) -> Settle(R1, Spent), Notify(memory only: Unresponsive), Publish(Renewed), Reply(1, robin@12:48:01 until 13:48:01)
            12:49:02 Tick -> Persist(1, robin R2)
            12:49:03 Stored(1) -> Publish(Stored)
            signed in: robin, a token until 13:48:01, renewal at 13:36:01; wakes at 13:36:01
        "#]],
    );
}

#[test]
fn storing_again_does_not_hold_up_a_renewal_that_stores_nothing() {
    check(
        signed_in(),
        "12:10:00 Refresh(1)
         12:10:01 Arrived(1, R2)
         12:10:01 Renewed(1, robin, R2, 1h)
         12:10:02 NotStored(1, Locked)
         12:11:02 Tick
         12:11:03 Refresh(2)
         12:11:04 Renewed(1, robin, R2, 1h)",
        expect![[r#"
            12:10:00 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            12:10:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:10:01 Renewed(1, robin, R2, 1h) ->
            12:10:02 NotStored(1, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(Renewed), Reply(1, robin@12:10:01 until 13:10:01)
            12:11:02 Tick -> Persist(1, robin R2)
            12:11:03 Refresh(2) -> Refresh(1, R2), Publish(Renewing)
            12:11:04 Renewed(1, robin, R2, 1h) -> Settle(R2, Unspent), Publish(Renewed), Reply(2, robin@12:11:04 until 13:11:04)
            signed in: robin, a token until 13:11:04, renewal at 12:59:04; memory only: Locked; wakes at 12:59:04
        "#]],
    );
}

#[test]
fn of_two_records_the_newer_one_decides() {
    check(
        signed_in(),
        "12:10:00 Refresh(1)
         12:10:01 Arrived(1, R2)
         12:10:01 Renewed(1, robin, R2, 1h)
         12:10:02 NotStored(1, Locked)
         12:11:02 Tick
         12:11:03 Refresh(2)
         12:11:04 Arrived(1, R3)
         12:11:05 Renewed(1, robin, R3, 1h)
         12:11:06 Stored(1)
         12:11:07 NotStored(1, Locked)",
        expect![[r#"
            12:10:00 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            12:10:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:10:01 Renewed(1, robin, R2, 1h) ->
            12:10:02 NotStored(1, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(Renewed), Reply(1, robin@12:10:01 until 13:10:01)
            12:11:02 Tick -> Persist(1, robin R2)
            12:11:03 Refresh(2) -> Refresh(1, R2), Publish(Renewing)
            12:11:04 Arrived(1, R3) -> Persist(1, robin R3)
            12:11:05 Renewed(1, robin, R3, 1h) ->
            12:11:06 Stored(1) ->
            12:11:07 NotStored(1, Locked) -> Settle(R2, Spent), Publish(Renewed), Reply(2, robin@12:11:05 until 13:11:05)
            signed in: robin, a token until 13:11:05, renewal at 12:59:05; memory only: Locked; wakes at 12:12:07
        "#]],
    );
}

#[test]
fn signing_in_anew_tries_the_vault_anew() {
    let memory_only = "12:10:00 Refresh(1)\n 12:10:01 Arrived(1, R2)\n 12:10:01 NotStored(1, Locked)\n";
    let signed_in_anew = "12:10:02 SignIn\n 12:10:03 SignedIn(2, robin, R3, 1h)\n";
    check(
        signed_in(),
        &format!("{memory_only}{signed_in_anew} 12:10:04 Stored(2)"),
        expect![[r#"
            12:10:00 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            12:10:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:10:01 NotStored(1, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(Stored)
            12:10:02 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:03 SignedIn(2, robin, R3, 1h) -> Settle(R3, Given), Persist(2, robin R3), Revoke(R2), Publish(SignIn)
            12:10:04 Stored(2) -> Settle(R2, Spent), Publish(SignedIn), Reply(1, robin@12:10:03 until 13:10:03)
            signed in: robin, a token until 13:10:03, renewal at 12:58:03; wakes at 12:58:03
        "#]],
    );
    check(
        signed_in(),
        &format!("{memory_only}{signed_in_anew} 12:10:04 NotStored(2, Locked)"),
        expect![[r#"
            12:10:00 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            12:10:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:10:01 NotStored(1, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(Stored)
            12:10:02 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:03 SignedIn(2, robin, R3, 1h) -> Settle(R3, Given), Persist(2, robin R3), Revoke(R2), Publish(SignIn)
            12:10:04 NotStored(2, Locked) -> Settle(R2, Spent), Publish(SignedIn), Reply(1, robin@12:10:03 until 13:10:03)
            signed in: robin, a token until 13:10:03, renewal at 12:58:03; memory only: Locked; wakes at 12:11:04
        "#]],
    );
    let signed_in_without_renewal = "12:10:02 SignIn\n 12:10:03 SignedIn(2, robin, -, 1h)\n";
    check(
        signed_in(),
        &format!("{memory_only}{signed_in_without_renewal}"),
        expect![[r#"
            12:10:00 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            12:10:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:10:01 NotStored(1, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(Stored)
            12:10:02 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:03 SignedIn(2, robin, -, 1h) -> Erase, Settle(R2, Ended), Revoke(R2), Publish(SignedIn), Reply(1, robin@12:10:03 until 13:10:03)
            signed in: robin, a token until 13:10:03, no renewal; wakes at 13:10:03
        "#]],
    );
}

#[test]
fn what_the_vault_was_not_asked_for_is_no_news() {
    check(
        signed_in(),
        "12:10:00 NotStored(1, Locked)\n 12:10:00 NotStored(7, Locked)",
        expect![[r#"
        12:10:00 NotStored(1, Locked) ->
        12:10:00 NotStored(7, Locked) ->
        signed in: robin, a token until 13:00:00, renewal at 12:48:00; wakes at 12:48:00
    "#]],
    );
    check(
        signed_in_without_renewal(),
        "12:10:00 Stored(1)\n 12:10:00 Restored(ana, R9)",
        expect![[r#"
        12:10:00 Stored(1) ->
        12:10:00 Restored(ana, R9) ->
        signed in: robin, a token until 13:00:00, no renewal; wakes at 13:00:00
    "#]],
    );
}
