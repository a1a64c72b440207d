use expect_test::expect;

use super::{after, check, refreshing, signed_in, signed_in_without_renewal};

#[test]
fn after_a_long_sleep_what_is_due_is_done_once() {
    check(
        signed_in(),
        "23:00:00 Tick\n 23:00:00 Tick\n 23:00:00 Token(1, copy)",
        expect![[r#"
        23:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
        23:00:00 Tick ->
        23:00:00 Token(1, copy) ->
        signed in: robin, no access token, renewing; sleeps
    "#]],
    );
    check(
        signed_in_without_renewal(),
        "23:00:00 Tick\n 23:00:00 Tick",
        expect![[r#"
        23:00:00 Tick -> Erase, Publish(Ended), Notify(sign in: expired)
        23:00:00 Tick ->
        signed out: expired at 23:00:00; sleeps
    "#]],
    );
}

#[test]
fn a_clock_that_is_set_back_does_not_put_renewal_off() {
    check(
        signed_in(),
        "09:00:00 Tick\n 09:47:59 Tick\n 09:48:00 Tick",
        expect![[r#"
        09:00:00 Tick ->
        09:47:59 Tick ->
        09:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
        signed in: robin, a token until 10:00:00, renewing; sleeps
    "#]],
    );
}

#[test]
fn a_clock_that_is_set_back_does_not_put_a_retry_off() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)\n 11:00:00 Tick\n 11:00:01 Tick",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            11:00:00 Tick ->
            11:00:01 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 12:00:00, renewing; sleeps
        "#]],
    );
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, invalid_client)\n 11:00:00 Tick\n 11:15:00 Tick",
        expect![[r#"
            12:48:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Notify(blocked: invalid_client), Publish(Setback)
            11:00:00 Tick ->
            11:15:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 12:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_clock_that_is_set_back_does_not_lengthen_a_token() {
    check(
        signed_in_without_renewal(),
        "09:00:00 Token(1, 1h)\n 09:30:00 Token(2, 1h)\n 10:00:00 Tick",
        expect![[r#"
        09:00:00 Token(1, 1h) -> Reply(1, robin@12:00:00 until 10:00:00)
        09:30:00 Token(2, 1h) -> Reply(2, robin@12:00:00 until 10:00:00)
        10:00:00 Tick -> Erase, Publish(Ended), Notify(sign in: expired)
        signed out: expired at 10:00:00; sleeps
    "#]],
    );
}

#[test]
fn a_clock_that_is_set_back_does_not_put_the_vault_off() {
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(Locked)"),
        "09:00:00 Tick\n 09:00:30 Tick",
        expect![[r#"
        09:00:00 Tick ->
        09:00:30 Tick -> Load
        signed out: never signed in; unread: Locked; sleeps
    "#]],
    );
    check(
        refreshing(),
        "12:48:01 Arrived(1, R2)
         12:48:01 NotStored(1, Locked)
         12:48:01 Renewed(1, robin, R2, 1h)
         09:00:00 Tick
         09:01:00 Tick",
        expect![[r#"
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:01 NotStored(1, Locked) -> Settle(R1, Spent), Notify(memory only: Locked), Publish(Stored)
            12:48:01 Renewed(1, robin, R2, 1h) -> Publish(Renewed)
            09:00:00 Tick ->
            09:01:00 Tick -> Persist(1, robin R2)
            signed in: robin, a token until 10:00:00, renewal at 09:48:00; memory only: Locked; wakes at 09:48:00
        "#]],
    );
}
