use expect_test::expect;

use super::{after, check, refreshing, signed_in, signed_in_without_renewal, signed_out};

#[test]
fn a_token_with_enough_life_is_handed_out_at_once() {
    check(signed_in(), "12:10:00 Token(1, 50m)\n 12:10:00 Token(2, copy)", expect![[]]);
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
        expect![[]],
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
        expect![[]],
    );
}

#[test]
fn for_copying_a_minute_is_enough_or_half_a_shorter_life() {
    check(refreshing(), "12:48:00 NotRenewed(1, unreachable)\n 12:59:00 Token(1, copy)\n 12:59:00.001 Token(2, copy)", expect![[]]);
    check(
        after("12:00:00 Tick\n 12:00:00 SignIn\n 12:00:00 SignedIn(1, robin, R1, 60s)\n 12:00:00 Stored(1)"),
        "12:00:30 Token(1, copy)\n 12:00:30.001 Token(2, copy)",
        expect![[]],
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
        expect![[]],
    );
}

#[test]
fn programs_do_not_hurry_a_server_that_asked_for_patience_or_refused() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 10m)
         12:50:00 Token(1, 15m)
         12:50:00 Token(2, 30m)",
        expect![[]],
    );
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, invalid_client)
         12:50:00 Token(1, 15m)
         12:50:00 Token(2, 30m)",
        expect![[]],
    );
}

#[test]
fn a_request_tries_at_once_where_only_the_network_was_at_fault() {
    check(refreshing(), "12:48:00 NotRenewed(1, unreachable)\n 12:48:00.500 Token(1, 30m)", expect![[]]);
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
        expect![[]],
    );
}

#[test]
fn a_request_notices_the_end_before_the_timer_does() {
    check(signed_in_without_renewal(), "13:00:00 Token(1, 0s)", expect![[]]);
    check(signed_in_without_renewal(), "13:00:00 Refresh(1)", expect![[]]);
}

#[test]
fn a_token_without_renewal_or_end_is_always_handed_out() {
    check(
        after("12:00:00 Tick\n 12:00:00 SignIn\n 12:00:00 SignedIn(1, robin, -, -)"),
        "18:00:00 Tick\n 18:00:00 Token(1, 9h)",
        expect![[]],
    );
}

#[test]
fn without_a_session_the_answer_is_to_sign_in() {
    check(signed_out(), "12:00:00 Token(1, 1s)\n 12:00:00 Refresh(2)", expect![[]]);
}
