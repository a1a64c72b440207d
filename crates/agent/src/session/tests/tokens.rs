use expect_test::expect;

use super::{after, check, refreshing, signed_in, signed_in_without_renewal, signed_out};

#[test]
fn a_token_with_enough_life_is_handed_out_at_once() {
    check(
        signed_in(),
        "12:10:00 Token(1, 50m)\n 12:10:00 Token(2, copy)",
        expect![[r#"
        12:10:00 Token(1, 50m) -> Reply(1, robin@12:00:00 until 13:00:00)
        12:10:00 Token(2, copy) -> Reply(2, robin@12:00:00 until 13:00:00)
        signed in: robin, a token until 13:00:00, renewal at 12:48:00; wakes at 12:48:00
    "#]],
    );
}

#[test]
fn a_refresh_in_flight_is_shared() {
    check(
        signed_in(),
        "12:10:00 Token(1, 51m)
         12:10:00 Token(2, 55m)
         12:10:01 Refresh(3)
         12:10:01 Token(4, 5m)
         12:48:00 Tick
         12:48:01 Arrived(1, R2)
         12:48:01 Renewed(1, robin, R2, 1h)
         12:48:02 Token(5, 55m)
         12:48:02 Refresh(6)
         12:48:03 Stored(1)",
        // The token in hand goes on serving those for whom it is good enough, until the new one is stored.
        expect![[r#"
            12:10:00 Token(1, 51m) -> Refresh(1, R1), Publish(Renewing)
            12:10:00 Token(2, 55m) ->
            12:10:01 Refresh(3) ->
            12:10:01 Token(4, 5m) -> Reply(4, robin@12:00:00 until 13:00:00)
            12:48:00 Tick ->
            12:48:01 Arrived(1, R2) -> Persist(1, robin R2)
            12:48:01 Renewed(1, robin, R2, 1h) ->
            12:48:02 Token(5, 55m) ->
            12:48:02 Refresh(6) ->
            12:48:03 Stored(1) -> Settle(R1, Spent), Publish(Renewed), Reply(1, robin@12:48:01 until 13:48:01), Reply(2, robin@12:48:01 until 13:48:01), Reply(3, robin@12:48:01 until 13:48:01), Reply(5, robin@12:48:01 until 13:48:01), Reply(6, robin@12:48:01 until 13:48:01)
            signed in: robin, a token until 13:48:01, renewal at 13:36:01; wakes at 13:36:01
        "#]],
    );
}

#[test]
fn a_token_that_lives_shorter_than_wanted_is_renewed_once_and_no_more() {
    check(
        signed_in(),
        "12:10:00 Token(1, 5h)
         12:10:01 Renewed(1, robin, R1, 1h)
         12:10:05 Token(2, 5h)
         12:10:06 Token(3, 5h)",
        expect![[r#"
            12:10:00 Token(1, 5h) -> Refresh(1, R1), Publish(Renewing)
            12:10:01 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed), Reply(1, robin@12:10:01 until 13:10:01)
            12:10:05 Token(2, 5h) -> Reply(2, robin@12:10:01 until 13:10:01)
            12:10:06 Token(3, 5h) -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:10:01, renewing; sleeps
        "#]],
    );
}

#[test]
fn for_copying_a_minute_is_enough_or_half_a_shorter_life() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)\n 12:59:00 Token(1, copy)\n 12:59:00.001 Token(2, copy)",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:59:00 Token(1, copy) -> Reply(1, robin@12:00:00 until 13:00:00)
            12:59:00.001 Token(2, copy) -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
    check(
        after("12:00:00 Tick\n 12:00:00 SignIn\n 12:00:00 SignedIn(1, robin, R1, 60s)\n 12:00:00 Stored(1)"),
        "12:00:30 Token(1, copy)\n 12:00:30.001 Token(2, copy)",
        expect![[r#"
            12:00:30 Token(1, copy) -> Reply(1, robin@12:00:00 until 12:01:00)
            12:00:30.001 Token(2, copy) -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 12:01:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn when_renewal_fails_half_of_what_was_wanted_will_do() {
    check(
        signed_in(),
        "12:30:00 Token(1, 1h)
         12:30:00 Token(2, 61m)
         12:30:00 Refresh(3)
         12:30:00 NotRenewed(1, unreachable)",
        expect![[r#"
            12:30:00 Token(1, 1h) -> Refresh(1, R1), Publish(Renewing)
            12:30:00 Token(2, 61m) ->
            12:30:00 Refresh(3) ->
            12:30:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback), Reply(1, robin@12:00:00 until 13:00:00), Reply(2, unreachable), Reply(3, unreachable)
            signed in: robin, a token until 13:00:00, unreachable, again at 12:30:01; wakes at 12:30:01
        "#]],
    );
}

#[test]
fn programs_do_not_hurry_a_server_that_asked_for_patience_or_refused() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 10m)
         12:50:00 Token(1, 15m)
         12:50:00 Token(2, 30m)",
        expect![[r#"
            12:48:00 NotRenewed(1, busy for 10m) -> Settle(R1, Unspent), Publish(Setback)
            12:50:00 Token(1, 15m) -> Reply(1, robin@12:00:00 until 13:00:00)
            12:50:00 Token(2, 30m) -> Reply(2, busy)
            signed in: robin, a token until 13:00:00, busy, again at 12:58:00; wakes at 12:58:00
        "#]],
    );
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, invalid_client)
         12:50:00 Token(1, 15m)
         12:50:00 Token(2, 30m)",
        expect![[r#"
            12:48:00 NotRenewed(1, invalid_client) -> Settle(R1, Unspent), Notify(blocked: invalid_client), Publish(Setback)
            12:50:00 Token(1, 15m) -> Reply(1, robin@12:00:00 until 13:00:00)
            12:50:00 Token(2, 30m) -> Reply(2, invalid_client)
            signed in: robin, a token until 13:00:00, blocked by invalid_client, again at 13:03:00; wakes at 13:03:00
        "#]],
    );
}

#[test]
fn a_request_tries_at_once_where_only_the_network_was_at_fault() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)\n 12:48:00.500 Token(1, 30m)",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:00.500 Token(1, 30m) -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_session_without_renewal_gives_what_it_has_and_ends_with_it() {
    check(
        signed_in_without_renewal(),
        "12:30:00 Token(1, 30m)
         12:30:00 Token(2, 1h)
         12:30:00 Token(3, 61m)
         12:30:00 Refresh(4)
         12:59:59 Tick
         13:00:00 Tick
         13:00:01 Token(5, 1s)",
        expect![[r#"
            12:30:00 Token(1, 30m) -> Reply(1, robin@12:00:00 until 13:00:00)
            12:30:00 Token(2, 1h) -> Reply(2, robin@12:00:00 until 13:00:00)
            12:30:00 Token(3, 61m) -> Reply(3, sign in: expired)
            12:30:00 Refresh(4) -> Reply(4, sign in: expired)
            12:59:59 Tick ->
            13:00:00 Tick -> Erase, Publish(Ended), Notify(sign in: expired)
            13:00:01 Token(5, 1s) -> Reply(5, sign in: expired)
            signed out: expired at 13:00:00; sleeps
        "#]],
    );
}

#[test]
fn a_request_notices_the_end_before_the_timer_does() {
    check(
        signed_in_without_renewal(),
        "13:00:00 Token(1, 0s)",
        expect![[r#"
        13:00:00 Token(1, 0s) -> Erase, Publish(Ended), Notify(sign in: expired), Reply(1, sign in: expired)
        signed out: expired at 13:00:00; sleeps
    "#]],
    );
    check(
        signed_in_without_renewal(),
        "13:00:00 Refresh(1)",
        expect![[r#"
        13:00:00 Refresh(1) -> Erase, Publish(Ended), Notify(sign in: expired), Reply(1, sign in: expired)
        signed out: expired at 13:00:00; sleeps
    "#]],
    );
}

#[test]
fn a_token_without_renewal_or_end_is_always_handed_out() {
    check(
        after("12:00:00 Tick\n 12:00:00 SignIn\n 12:00:00 SignedIn(1, robin, -, -)"),
        "18:00:00 Tick\n 18:00:00 Token(1, 9h)",
        expect![[r#"
            18:00:00 Tick ->
            18:00:00 Token(1, 9h) -> Reply(1, robin@12:00:00)
            signed in: robin, a token without end, no renewal; sleeps
        "#]],
    );
}

#[test]
fn without_a_session_the_answer_is_to_sign_in() {
    check(
        signed_out(),
        "12:00:00 Token(1, 1s)\n 12:00:00 Refresh(2)",
        expect![[r#"
        12:00:00 Token(1, 1s) -> Reply(1, sign in: never signed in)
        12:00:00 Refresh(2) -> Reply(2, sign in: never signed in)
        signed out: never signed in; sleeps
    "#]],
    );
}

#[test]
fn a_token_that_has_just_ended_is_not_handed_out() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 15m)
         12:59:59.999 Token(1, 0s)
         13:00:00 Token(2, 0s)",
        expect![[r#"
            12:48:00 NotRenewed(1, busy for 15m) -> Settle(R1, Unspent), Publish(Setback)
            12:59:59.999 Token(1, 0s) -> Reply(1, robin@12:00:00 until 13:00:00)
            13:00:00 Token(2, 0s) -> Reply(2, busy)
            signed in: robin, no access token, busy, again at 13:03:00; wakes at 13:03:00
        "#]],
    );
}
