//! What is done about a refresh whose answer was lost.

use expect_test::expect;

use super::{after, check, refreshing};
use crate::session::SessionMachine;

/// As [`refreshing`], of a server that is known not to rotate.
fn refreshing_without_rotation() -> SessionMachine {
    after(
        "11:00:00 Tick
         11:00:00 Restored(none)
         11:59:00 SignIn
         12:00:00 SignedIn(1, robin, R1, 1h)
         12:00:00 Stored(1)
         12:10:00 Refresh(9)
         12:10:00 Renewed(1, robin, R1, 1h)
         12:58:00 Tick",
    )
}

/// As [`refreshing`], after the answer was lost and the safe time passed without a word.
fn in_doubt() -> SessionMachine {
    after(
        "11:00:00 Tick
         11:00:00 Restored(none)
         11:59:00 SignIn
         12:00:00 SignedIn(1, robin, R1, 1h)
         12:00:00 Stored(1)
         12:48:00 Tick
         12:48:25 Lost(1, 12:48:00)
         12:48:50 Lost(1, 12:48:25)",
    )
}

#[test]
fn a_lost_answer_is_asked_for_again_at_once_and_whoever_waits_goes_on_waiting() {
    check(
        refreshing(),
        "12:48:00 Token(1, 30m)
         12:48:01 Lost(1, 12:48:00)
         12:48:02 Arrived(1, R2)
         12:48:02 Renewed(1, robin, R2, 1h)
         12:48:02 Stored(1)",
        expect![[r#"
            12:48:00 Token(1, 30m) ->
            12:48:01 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:02 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:02 Renewed(1, robin, R2, 1h) ->
            12:48:02 Stored(1) -> Settle(R1, Spent), Publish(Renewed), Reply(1, robin@12:48:02 until 13:48:02)
            signed in: robin, a token until 13:48:02, renewal at 13:36:02; wakes at 13:36:02
        "#]],
    );
}

#[test]
fn it_is_asked_for_again_for_half_a_minute_and_no_longer() {
    check(
        refreshing(),
        "12:48:00 Lost(1, 12:48:00)
         12:48:00 Lost(1, 12:48:00)
         12:48:01 Tick
         12:48:01 Lost(1, 12:48:01)
         12:48:03 Tick
         12:48:03 Lost(1, 12:48:03)
         12:48:07 Tick
         12:48:07 Lost(1, 12:48:07)
         12:48:15 Tick
         12:48:15 Lost(1, 12:48:15)
         12:48:23 Tick
         12:48:23 Lost(1, 12:48:23)
         12:48:31 Tick
         12:59:59 Tick
         13:00:00 Tick",
        // 13:00 is the end of the access token.
        expect![[r#"
            12:48:00 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:00 Lost(1, 12:48:00) -> Publish(Setback)
            12:48:01 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:01 Lost(1, 12:48:01) -> Publish(Setback)
            12:48:03 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:03 Lost(1, 12:48:03) -> Publish(Setback)
            12:48:07 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:07 Lost(1, 12:48:07) -> Publish(Setback)
            12:48:15 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:15 Lost(1, 12:48:15) -> Publish(Setback)
            12:48:23 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:23 Lost(1, 12:48:23) -> Publish(Setback)
            12:48:31 Tick ->
            12:59:59 Tick ->
            13:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
}

#[test]
fn after_a_hang_there_is_time_for_one_more_try() {
    check(
        refreshing(),
        "12:48:25 Lost(1, 12:48:00)
         12:48:50 Lost(1, 12:48:25)
         12:48:51 Tick",
        expect![[r#"
            12:48:25 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:50 Lost(1, 12:48:25) -> Publish(Setback)
            12:48:51 Tick ->
            signed in: robin, a token until 13:00:00, unreachable, in doubt until 13:00:00; wakes at 13:00:00
        "#]],
    );
}

#[test]
fn a_refresh_token_does_not_rest_until_its_server_has_forgotten_it() {
    check(
        after(
            "11:00:00 Tick
             11:00:00 Restored(none)
             11:59:00 SignIn
             12:00:00 SignedIn(1, robin, R1, 720h)
             12:00:00 Stored(1)",
        ),
        "36:00:00 Tick
         36:00:25 Lost(1, 36:00:00)
         36:00:50 Lost(1, 36:00:25)
         107:59:59 Tick
         108:00:00 Tick",
        expect![[r#"
            36:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            36:00:25 Lost(1, 36:00:00) -> Refresh(1, R1, before 36:00:30)
            36:00:50 Lost(1, 36:00:25) -> Publish(Setback)
            107:59:59 Tick ->
            108:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 732:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn what_was_planned_in_time_is_not_done_too_late() {
    check(
        refreshing(),
        "12:48:00 Lost(1, 12:48:00)
         12:48:00 Lost(1, 12:48:00)
         12:48:30 Tick
         12:48:31 Refresh(1)",
        expect![[r#"
            12:48:00 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:00 Lost(1, 12:48:00) -> Publish(Setback)
            12:48:30 Tick -> Publish(Setback)
            12:48:31 Refresh(1) -> Reply(1, in doubt until 13:00:00)
            signed in: robin, a token until 13:00:00, unreachable, in doubt until 13:00:00; wakes at 13:00:00
        "#]],
    );
}

#[test]
fn while_the_refresh_token_rests_the_access_token_is_used_to_its_end() {
    check(
        in_doubt(),
        "12:50:00 Token(1, 1s)
         12:50:00 Token(2, 50m)
         12:59:59 Token(3, copy)
         12:59:59 Refresh(4)
         13:00:00 Token(5, 1s)
         13:00:01 Arrived(1, R2)
         13:00:01 Renewed(1, robin, R2, 1h)
         13:00:01 Stored(1)",
        expect![[r#"
            12:50:00 Token(1, 1s) -> Reply(1, robin@12:00:00 until 13:00:00)
            12:50:00 Token(2, 50m) -> Reply(2, robin@12:00:00 until 13:00:00)
            12:59:59 Token(3, copy) -> Reply(3, robin@12:00:00 until 13:00:00)
            12:59:59 Refresh(4) -> Reply(4, in doubt until 13:00:00)
            13:00:00 Token(5, 1s) -> Refresh(1, R1), Publish(Renewing)
            13:00:01 Arrived(1, R2) -> Persist(1, robin R2)
            13:00:01 Renewed(1, robin, R2, 1h) ->
            13:00:01 Stored(1) -> Settle(R1, Spent), Publish(Renewed), Reply(5, robin@13:00:01 until 14:00:01)
            signed in: robin, a token until 14:00:01, renewal at 13:48:01; wakes at 13:48:01
        "#]],
    );
}

#[test]
fn the_one_try_after_it_is_decided_by_what_the_server_says() {
    check(
        in_doubt(),
        "13:00:00 Tick
         13:00:01 NotRenewed(1, invalid_grant)
         13:00:01 Restored(robin, R1)
         13:00:02 Tick",
        expect![[r#"
            13:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            13:00:01 NotRenewed(1, invalid_grant) -> Load
            13:00:01 Restored(robin, R1) -> Settle(R1, Ended), Erase, Publish(Ended), Notify(sign in: answer lost)
            13:00:02 Tick ->
            signed out: answer lost at 13:00:01; sleeps
        "#]],
    );
}

#[test]
fn a_failure_that_surely_did_not_arrive_is_not_the_one_try() {
    check(
        in_doubt(),
        "13:00:00 Tick
         13:00:00 NotRenewed(1, unreachable)
         13:00:01 Tick
         13:00:01 NotRenewed(1, busy)
         13:00:03 Tick
         13:00:03 Lost(1, 13:00:03)
         13:22:32 Tick
         13:22:33 Tick",
        expect![[r#"
            13:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            13:00:00 NotRenewed(1, unreachable) -> Publish(Setback)
            13:00:01 Tick ->
            13:00:01 NotRenewed(1, busy) ->
            13:00:03 Tick -> Refresh(1, R1), Publish(Renewing)
            13:00:03 Lost(1, 13:00:03) -> Publish(Setback)
            13:22:32 Tick ->
            13:22:33 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
}

#[test]
fn when_that_answer_is_lost_too_there_is_nothing_left_to_lose() {
    check(
        in_doubt(),
        "13:00:00 Tick
         13:00:25 Lost(1, 13:00:00)
         13:01:00 Refresh(1)
         13:01:25 Lost(1, 13:01:00)
         13:23:55 Tick
         13:23:55 Arrived(1, R2)
         13:23:55 Renewed(1, robin, R2, 1h)
         13:23:55 Stored(1)",
        expect![[r#"
            13:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            13:00:25 Lost(1, 13:00:00) -> Publish(Setback)
            13:01:00 Refresh(1) -> Refresh(1, R1), Publish(Renewing)
            13:01:25 Lost(1, 13:01:00) -> Publish(Setback), Reply(1, unreachable)
            13:23:55 Tick -> Refresh(1, R1), Publish(Renewing)
            13:23:55 Arrived(1, R2) -> Persist(1, robin R2)
            13:23:55 Renewed(1, robin, R2, 1h) ->
            13:23:55 Stored(1) -> Settle(R1, Spent), Publish(Renewed)
            signed in: robin, a token until 14:23:55, renewal at 14:11:55; wakes at 14:11:55
        "#]],
    );
}

#[test]
fn a_refusal_of_the_app_while_in_doubt_does_not_bring_the_try_forward() {
    check(
        refreshing(),
        "12:48:00 Lost(1, 12:48:00)
         12:48:01 NotRenewed(1, invalid_client)
         12:50:00 Token(1, 50m)",
        // A quarter of an hour later would be after the access token's end; with a longer one it would not.
        expect![[r#"
            12:48:00 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:01 NotRenewed(1, invalid_client) -> Notify(blocked: invalid_client), Publish(Setback)
            12:50:00 Token(1, 50m) -> Reply(1, robin@12:00:00 until 13:00:00)
            signed in: robin, a token until 13:00:00, blocked by invalid_client, again at 13:03:01; wakes at 13:03:01
        "#]],
    );
    check(
        after(
            "11:00:00 Tick
             11:00:00 Restored(none)
             11:59:00 SignIn
             12:00:00 SignedIn(1, robin, R1, 10h)
             12:00:00 Stored(1)
             12:00:10 Refresh(9)",
        ),
        "12:00:11 Lost(1, 12:00:10)
         12:00:11 NotRenewed(1, invalid_client)",
        expect![[r#"
            12:00:11 Lost(1, 12:00:10) -> Refresh(1, R1, before 12:00:40)
            12:00:11 NotRenewed(1, invalid_client) -> Notify(blocked: invalid_client), Publish(Setback), Reply(9, invalid_client)
            signed in: robin, a token until 22:00:00, blocked by invalid_client, again at 22:00:00; wakes at 22:00:00
        "#]],
    );
}

#[test]
fn a_server_that_does_not_rotate_is_asked_as_often_as_one_likes() {
    check(
        refreshing_without_rotation(),
        "12:58:00 Lost(1, 12:58:00)
         12:58:02 Tick
         12:58:40 Lost(1, 12:58:02)
         12:59:00 Tick",
        expect![[r#"
            12:58:00 Lost(1, 12:58:00) -> Publish(Setback)
            12:58:02 Tick -> Refresh(1, R1), Publish(Renewing)
            12:58:40 Lost(1, 12:58:02) -> Publish(Setback)
            12:59:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:10:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_server_may_ask_for_patience_even_then() {
    check(
        refreshing(),
        "12:48:00 Lost(1, 12:48:00)
         12:48:00 NotRenewed(1, busy for 10s)
         12:48:10 Tick
         12:48:10 NotRenewed(1, busy for 60s)",
        expect![[r#"
            12:48:00 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:00 NotRenewed(1, busy for 10s) -> Publish(Setback)
            12:48:10 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:10 NotRenewed(1, busy for 60s) -> Publish(Setback)
            signed in: robin, a token until 13:00:00, busy, in doubt until 13:00:00; wakes at 13:00:00
        "#]],
    );
}

#[test]
fn a_clock_that_was_set_back_leaves_no_time_to_ask_again() {
    check(
        refreshing(),
        "12:48:20 Tick
         12:48:10 Lost(1, 12:48:00)
         12:48:11 Tick",
        expect![[r#"
            12:48:20 Tick ->
            12:48:10 Lost(1, 12:48:00) -> Publish(Setback)
            12:48:11 Tick ->
            signed in: robin, a token until 13:00:00, unreachable, in doubt until 13:00:00; wakes at 13:00:00
        "#]],
    );
}

#[test]
fn a_clock_that_is_set_back_while_in_doubt_leaves_no_time_either() {
    check(
        refreshing(),
        "12:48:10 Lost(1, 12:48:00)
         12:48:05 Tick
         12:48:06 Lost(1, 12:48:10)
         12:48:07 Tick",
        expect![[r#"
            12:48:10 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:05 Tick ->
            12:48:06 Lost(1, 12:48:10) -> Publish(Setback)
            12:48:07 Tick ->
            signed in: robin, a token until 13:00:00, unreachable, in doubt until 13:00:00; wakes at 13:00:00
        "#]],
    );
}

#[test]
fn a_session_that_is_not_signed_in_any_more_has_no_doubt() {
    check(
        in_doubt(),
        "12:50:00 SignIn
         12:50:10 SignedIn(2, robin, R2, 1h)
         12:50:10 Stored(2)
         13:38:10 Tick",
        expect![[r#"
            12:50:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:50:10 SignedIn(2, robin, R2, 1h) -> Settle(R2, Given), Persist(2, robin R2), Revoke(R1), Publish(SignIn)
            12:50:10 Stored(2) -> Settle(R1, Spent), Publish(SignedIn)
            13:38:10 Tick -> Refresh(2, R2), Publish(Renewing)
            signed in: robin, a token until 13:50:10, renewing; sleeps
        "#]],
    );
}

#[test]
fn an_answer_that_came_is_not_lost_even_if_it_cannot_be_judged() {
    check(
        refreshing(),
        "12:48:00 Lost(1, 12:48:00)
         12:48:00 Arrived(1, R2)
         12:48:00 NotRenewed(1, unreachable)
         12:48:00 Stored(1)
         12:49:00 Tick",
        expect![[r#"
            12:48:00 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:00 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:00 NotRenewed(1, unreachable) -> Publish(Setback)
            12:48:00 Stored(1) -> Settle(R1, Spent)
            12:49:00 Tick -> Refresh(1, R2), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
}
