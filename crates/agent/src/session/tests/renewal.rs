use expect_test::expect;

use super::script::refused;
use super::{after, check, refreshing, signed_in};
use crate::session::renewal::{Verdict, judge};
use crate::{RenewalError, VaultError};

#[test]
fn a_token_is_renewed_at_four_fifths_of_its_life() {
    check(
        signed_in(),
        "12:47:59 Tick\n 12:48:00 Tick\n 12:48:01 Tick",
        expect![[r#"
        12:47:59 Tick ->
        12:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
        12:48:01 Tick ->
        signed in: robin, a token until 13:00:00, renewing; sleeps
    "#]],
    );
}

#[test]
fn a_rotated_refresh_token_is_stored_before_the_new_tokens_are_shown() {
    check(
        refreshing(),
        "12:48:01 Arrived(1, R2)
         12:48:02 Renewed(1, robin, R2, 1h)
         12:48:03 Stored(1)",
        expect![[r#"
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:02 Renewed(1, robin, R2, 1h) ->
            12:48:03 Stored(1) -> Settle(R1, Spent), Publish(Renewed)
            signed in: robin, a token until 13:48:02, renewal at 13:36:02; wakes at 13:36:02
        "#]],
    );
}

#[test]
fn storing_may_end_before_the_answer_is_judged() {
    check(
        refreshing(),
        "12:48:01 Arrived(1, R2)
         12:48:02 Stored(1)
         12:48:03 Renewed(1, robin, R2, 1h)",
        expect![[r#"
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:02 Stored(1) -> Settle(R1, Spent)
            12:48:03 Renewed(1, robin, R2, 1h) -> Publish(Renewed)
            signed in: robin, a token until 13:48:03, renewal at 13:36:03; wakes at 13:36:03
        "#]],
    );
}

#[test]
fn an_answer_without_a_new_refresh_token_is_not_stored() {
    check(
        refreshing(),
        "12:48:02 Renewed(1, robin, R1, 1h)\n 13:36:02 Tick",
        expect![[r#"
            12:48:02 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            13:36:02 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:48:02, renewing; sleeps
        "#]],
    );
    check(
        refreshing(),
        "12:48:02 Renewed(1, robin, -, 1h)\n 13:36:02 Tick",
        expect![[r#"
            12:48:02 Renewed(1, robin, -, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            13:36:02 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:48:02, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_refresh_token_that_comes_with_the_answer_alone_is_stored_too() {
    check(
        refreshing(),
        "12:48:02 Renewed(1, robin, R2, 1h)\n 12:48:03 Stored(1)",
        expect![[r#"
            12:48:02 Renewed(1, robin, R2, 1h) -> Persist(1, robin R2)
            12:48:03 Stored(1) -> Settle(R1, Spent), Publish(Renewed)
            signed in: robin, a token until 13:48:02, renewal at 13:36:02; wakes at 13:36:02
        "#]],
    );
}

#[test]
fn a_failed_check_does_not_lose_the_refresh_token_that_came() {
    check(
        refreshing(),
        "12:48:01 Arrived(1, R2)
         12:48:01 NotRenewed(1, untrusted)
         12:48:02 Stored(1)
         12:48:03 Tick
         12:48:04 Arrived(1, R3)
         12:48:05 Renewed(1, robin, R3, 1h)
         12:48:06 Stored(1)",
        expect![[r#"
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:01 NotRenewed(1, untrusted) -> Publish(Setback)
            12:48:02 Stored(1) -> Settle(R1, Spent)
            12:48:03 Tick -> Refresh(1, R2), Publish(Renewing)
            12:48:04 Arrived(1, R3) -> Persist(1, robin R3)
            12:48:05 Renewed(1, robin, R3, 1h) ->
            12:48:06 Stored(1) -> Settle(R2, Spent), Publish(Renewed)
            signed in: robin, a token until 13:48:05, renewal at 13:36:05; wakes at 13:36:05
        "#]],
    );
}

#[test]
fn a_refresh_token_is_not_sent_before_the_vault_has_answered_about_it() {
    check(
        refreshing(),
        "12:48:01 Arrived(1, R2)
         12:48:01 NotRenewed(1, untrusted)
         12:48:02 Tick
         12:48:10 Refresh(9)
         12:48:11 Token(8, 30m)
         12:48:20 Stored(1)
         12:48:21 Arrived(1, R3)
         12:48:21 Renewed(1, robin, R3, 1h)
         12:48:22 Stored(1)",
        expect![[r#"
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:01 NotRenewed(1, untrusted) -> Publish(Setback)
            12:48:02 Tick ->
            12:48:10 Refresh(9) ->
            12:48:11 Token(8, 30m) ->
            12:48:20 Stored(1) -> Settle(R1, Spent), Refresh(1, R2), Publish(Renewing)
            12:48:21 Arrived(1, R3) -> Persist(1, robin R3)
            12:48:21 Renewed(1, robin, R3, 1h) ->
            12:48:22 Stored(1) -> Settle(R2, Spent), Publish(Renewed), Reply(9, robin@12:48:21 until 13:48:21), Reply(8, robin@12:48:21 until 13:48:21)
            signed in: robin, a token until 13:48:21, renewal at 13:36:21; wakes at 13:36:21
        "#]],
    );
}

#[test]
fn a_passing_failure_is_tried_again_ever_more_slowly() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)
         12:48:01 Tick
         12:48:01 NotRenewed(1, nonconforming)
         12:48:03 Tick
         12:48:03 NotRenewed(1, untrusted)
         12:48:07 Tick
         12:48:07 NotRenewed(1, unreachable)",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:01 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 NotRenewed(1, nonconforming) -> Settle(R1, Unspent), Publish(Setback)
            12:48:03 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:03 NotRenewed(1, untrusted) -> Settle(R1, Unspent), Publish(Setback)
            12:48:07 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:07 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            signed in: robin, a token until 13:00:00, unreachable, again at 12:48:15; wakes at 12:48:15
        "#]],
    );
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy)
         12:48:02 Tick
         12:48:02 NotRenewed(1, busy)
         12:48:22 Tick
         12:48:22 NotRenewed(1, busy)
         13:10:52 Tick
         13:10:52 NotRenewed(1, busy)",
        expect![[r#"
            12:48:00 NotRenewed(1, busy) -> Settle(R1, Unspent), Publish(Setback)
            12:48:02 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:02 NotRenewed(1, busy) -> Settle(R1, Unspent), Publish(Setback)
            12:48:22 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:22 NotRenewed(1, busy) -> Settle(R1, Unspent), Publish(Setback)
            13:10:52 Tick -> Refresh(1, R1), Publish(Renewing)
            13:10:52 NotRenewed(1, busy) -> Settle(R1, Unspent), Publish(Setback)
            signed in: robin, no access token, busy, again at 13:33:22; wakes at 13:33:22
        "#]],
    );
}

#[test]
fn a_success_starts_the_backoff_over() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)
         12:48:01 Tick
         12:48:01 NotRenewed(1, unreachable)
         12:48:03 Tick
         12:48:03 Renewed(1, robin, R1, 100s)
         12:49:23 Tick
         12:49:23 NotRenewed(1, unreachable)",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:01 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:03 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:03 Renewed(1, robin, R1, 100s) -> Settle(R1, Unspent), Publish(Renewed)
            12:49:23 Tick -> Refresh(1, R1), Publish(Renewing)
            12:49:23 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            signed in: robin, a token until 12:49:43, unreachable, again at 12:49:24; wakes at 12:49:24
        "#]],
    );
}

#[test]
fn the_server_may_ask_for_more_patience_but_not_for_less_or_for_ever() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 90s)\n 12:49:29 Tick\n 12:49:30 Tick",
        expect![[r#"
            12:48:00 NotRenewed(1, busy for 90s) -> Settle(R1, Unspent), Publish(Setback)
            12:49:29 Tick ->
            12:49:30 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)
         12:48:01 Tick
         12:48:01 NotRenewed(1, busy for 1s)",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:01 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 NotRenewed(1, busy for 1s) -> Settle(R1, Unspent), Publish(Setback)
            signed in: robin, a token until 13:00:00, busy, again at 12:48:02; wakes at 12:48:02
        "#]],
    );
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 9000h)",
        expect![[r#"
            12:48:00 NotRenewed(1, busy for 9000h) -> Settle(R1, Unspent), Publish(Setback)
            signed in: robin, a token until 13:00:00, busy, again at 16:48:00; wakes at 16:48:00
        "#]],
    );
}

#[test]
fn an_invalid_grant_ends_the_session() {
    check(
        refreshing(),
        "12:48:00 Token(1, 30m)
         12:48:01 NotRenewed(1, invalid_grant)
         12:48:01 Restored(robin, R1)
         12:48:02 Token(2, 1s)
         12:48:02 Refresh(3)",
        expect![[r#"
            12:48:00 Token(1, 30m) ->
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:01 Restored(robin, R1) -> Settle(R1, Ended), Erase, Publish(Ended), Notify(sign in: refused), Reply(1, sign in: refused)
            12:48:02 Token(2, 1s) -> Reply(2, sign in: refused)
            12:48:02 Refresh(3) -> Reply(3, sign in: refused)
            signed out: refused at 12:48:01; sleeps
        "#]],
    );
}

#[test]
fn no_other_answer_ends_a_session() {
    use gatepass_oidc::{Check, Error};
    let judged = |error: Error| judge(&RenewalError::from(error));
    let over = |error| matches!(judged(error), Verdict::Over { .. });
    let blocked = |error| matches!(judged(error), Verdict::Blocked { .. });
    let passing = |error| judged(error) == Verdict::Passing;

    assert!(over(refused("invalid_grant", 400)));
    assert!(over(refused("invalid_grant", 401)));
    for code in ["invalid_client", "access_denied", "unauthorized_client", "invalid_request", "INVALID_GRANT", ""] {
        assert!(blocked(refused(code, 400)), "{code}");
    }
    for status in [429, 500, 503] {
        assert!(passing(refused("invalid_grant", status)), "{status}");
        assert!(passing(refused("invalid_client", status)), "{status}");
    }
    assert!(blocked(refused("invalid_client", 499)));
    for may_have_arrived in [true, false] {
        assert!(passing(Error::Unreachable { reason: "reset".into(), may_have_arrived }));
    }
    assert!(passing(Error::Busy { retry_after: None, status: 503 }));
    assert!(passing(Error::Nonconforming { what: "HTML".into() }));
    assert!(passing(Error::Untrusted(Check::Subject)));
    assert_eq!(judge(&VaultError::Locked.into()), Verdict::Passing);
}

#[test]
fn a_keyring_that_does_not_say_who_we_are_is_told_as_such_and_asked_again_soon() {
    check(
        refreshing(),
        "12:48:00 Refresh(1)
         12:48:00 Unproved(1, Locked)
         12:48:01 Tick
         12:48:01 Unproved(1, Locked)
         12:48:03 Token(2, 1s)
         12:48:03 Refresh(3)",
        expect![[r#"
            12:48:00 Refresh(1) ->
            12:48:00 Unproved(1, Locked) -> Settle(R1, Unspent), Publish(Setback), Reply(1, the keyring is locked)
            12:48:01 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 Unproved(1, Locked) -> Settle(R1, Unspent), Publish(Setback)
            12:48:03 Token(2, 1s) -> Reply(2, robin@12:00:00 until 13:00:00)
            12:48:03 Refresh(3) -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_refusal_that_an_admin_can_lift_blocks_the_session_and_is_told_once_per_code() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, invalid_client)
         13:03:00 Tick
         13:03:00 NotRenewed(1, invalid_client)
         13:33:00 Tick
         13:33:00 NotRenewed(1, access_denied)
         14:33:00 Tick
         14:33:00 NotRenewed(1, invalid_client)
         16:33:00 Tick
         16:33:00 NotRenewed(1, invalid_client)
         20:33:00 Tick
         20:33:00 NotRenewed(1, invalid_client)",
        expect![[r#"
            12:48:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Notify(blocked: invalid_client), Publish(Setback)
            13:03:00 Tick -> Refresh(1, R1), Publish(Renewing)
            13:03:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Publish(Setback)
            13:33:00 Tick -> Refresh(1, R1), Publish(Renewing)
            13:33:00 NotRenewed(1, access_denied) -> Settle(R1, Unspent), Notify(blocked: access_denied), Publish(Setback)
            14:33:00 Tick -> Refresh(1, R1), Publish(Renewing)
            14:33:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Publish(Setback)
            16:33:00 Tick -> Refresh(1, R1), Publish(Renewing)
            16:33:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Publish(Setback)
            20:33:00 Tick -> Refresh(1, R1), Publish(Renewing)
            20:33:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Publish(Setback)
            signed in: robin, no access token, blocked by invalid_client, again at 24:33:00; wakes at 24:33:00
        "#]],
    );
}

#[test]
fn after_a_success_a_refusal_is_told_again() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, invalid_client)
         12:50:00 Refresh(1)
         12:50:01 Renewed(1, robin, R1, 100s)
         12:51:21 Tick
         12:51:21 NotRenewed(1, invalid_client)",
        expect![[r#"
            12:48:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Notify(blocked: invalid_client), Publish(Setback)
            12:50:00 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            12:50:01 Renewed(1, robin, R1, 100s) -> Settle(R1, Unspent), Publish(Renewed), Reply(1, robin@12:50:01 until 12:51:41)
            12:51:21 Tick -> Refresh(1, R1), Publish(Renewing)
            12:51:21 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Notify(blocked: invalid_client), Publish(Setback)
            signed in: robin, a token until 12:51:41, blocked by invalid_client, again at 13:06:21; wakes at 13:06:21
        "#]],
    );
}

#[test]
fn a_person_who_asks_is_not_made_to_wait() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 10m)
         12:48:05 Refresh(1)
         12:48:06 NotRenewed(1, invalid_client)
         12:48:10 Refresh(2)
         12:48:11 Renewed(1, robin, R1, 1h)",
        expect![[r#"
            12:48:00 NotRenewed(1, busy for 10m) -> Settle(R1, Unspent), Publish(Setback)
            12:48:05 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            12:48:06 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Notify(blocked: invalid_client), Publish(Setback), Reply(1, invalid_client)
            12:48:10 Refresh(2) -> Refresh(1, R1), Publish(Renewing)
            12:48:11 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed), Reply(2, robin@12:48:11 until 13:48:11)
            signed in: robin, a token until 13:48:11, renewal at 13:36:11; wakes at 13:36:11
        "#]],
    );
}

#[test]
fn a_session_outlives_its_access_token_while_it_can_be_renewed() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 15m)
         13:00:00 Tick
         13:00:01 Token(1, 1s)
         13:03:00 Tick
         13:03:01 Renewed(1, robin, R1, 1h)",
        expect![[r#"
            12:48:00 NotRenewed(1, busy for 15m) -> Settle(R1, Unspent), Publish(Setback)
            13:00:00 Tick ->
            13:00:01 Token(1, 1s) -> Reply(1, busy)
            13:03:00 Tick -> Refresh(1, R1), Publish(Renewing)
            13:03:01 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            signed in: robin, a token until 14:03:01, renewal at 13:51:01; wakes at 13:51:01
        "#]],
    );
}

#[test]
fn an_unknown_life_is_renewed_every_half_hour_and_on_request() {
    check(
        after("12:00:00 Tick\n 12:00:00 SignIn\n 12:00:00 SignedIn(1, robin, R1, -)\n 12:00:00 Stored(1)"),
        "12:00:01 Token(1, 1h)
         12:00:05 Token(2, 1s)
         12:00:06 NotRenewed(1, unreachable)
         12:00:07 Tick
         12:00:08 Renewed(1, robin, R1, -)
         12:30:07 Tick
         12:30:08 Tick",
        expect![[r#"
            12:00:01 Token(1, 1h) -> Reply(1, robin@12:00:00)
            12:00:05 Token(2, 1s) -> Refresh(1, R1), Publish(Renewing)
            12:00:06 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback), Reply(2, robin@12:00:00)
            12:00:07 Tick -> Refresh(1, R1), Publish(Renewing)
            12:00:08 Renewed(1, robin, R1, -) -> Settle(R1, Unspent), Publish(Renewed)
            12:30:07 Tick ->
            12:30:08 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token without end, renewing; sleeps
        "#]],
    );
}
