use expect_test::expect;

use super::{after, check, refreshing, signed_in, signed_in_without_renewal};

#[test]
fn after_a_long_sleep_what_is_due_is_done_once() {
    check(signed_in(), "23:00:00 Tick\n 23:00:00 Tick\n 23:00:00 Token(1, copy)", expect![[]]);
    check(signed_in_without_renewal(), "23:00:00 Tick\n 23:00:00 Tick", expect![[]]);
}

#[test]
fn a_clock_that_is_set_back_does_not_put_renewal_off() {
    check(signed_in(), "09:00:00 Tick\n 09:47:59 Tick\n 09:48:00 Tick", expect![[]]);
}

#[test]
fn a_clock_that_is_set_back_does_not_put_a_retry_off() {
    check(refreshing(), "12:48:00 NotRenewed(1, unreachable)\n 11:00:00 Tick\n 11:00:01 Tick", expect![[]]);
    check(refreshing(), "12:48:00 NotRenewed(1, invalid_client)\n 11:00:00 Tick\n 11:15:00 Tick", expect![[]]);
}

#[test]
fn a_clock_that_is_set_back_does_not_lengthen_a_token() {
    check(signed_in_without_renewal(), "09:00:00 Token(1, 1h)\n 09:30:00 Token(2, 1h)\n 10:00:00 Tick", expect![[]]);
}

#[test]
fn a_clock_that_is_set_back_does_not_put_the_vault_off() {
    check(after("11:00:00 Tick\n 11:00:00 Restored(Locked)"), "09:00:00 Tick\n 09:00:30 Tick", expect![[]]);
    check(
        refreshing(),
        "12:48:01 Arrived(1, R2)
         12:48:01 NotStored(1, Locked)
         12:48:01 Renewed(1, robin, R2, 1h)
         09:00:00 Tick
         09:01:00 Tick",
        expect![[]],
    );
}
