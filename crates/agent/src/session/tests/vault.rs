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
        expect![[]],
    );
    check(
        after("11:00:00 Tick\n 11:00:01 Restored(robin, R1)"),
        "11:00:02 Arrived(1, R2)
         11:00:02 Renewed(1, robin, R2, 1h)
         11:00:03 Stored(1)",
        expect![[]],
    );
}

#[test]
fn a_session_that_was_kept_outlives_the_lack_of_a_network() {
    check(
        after("11:00:00 Tick\n 11:00:01 Restored(robin, R1)"),
        "11:00:02 NotRenewed(1, unreachable)\n 11:00:02 Token(1, copy)\n 11:00:03 NotRenewed(1, unreachable)",
        expect![[]],
    );
}

#[test]
fn who_asks_before_the_vault_is_read_waits_for_it() {
    let asked = "11:00:00 Token(1, copy)\n 11:00:00 Tick\n 11:00:00 Refresh(2)\n";
    for (answer, expected) in [
        ("11:00:01 Restored(none)", expect![[]]),
        ("11:00:01 Restored(Locked)\n 11:00:02 Token(3, copy)", expect![[]]),
        ("11:00:01 Restored(Corrupt)\n 11:00:02 Token(3, copy)", expect![[]]),
        ("11:00:01 Restored(robin, R1)\n 11:00:02 Renewed(1, robin, R1, 1h)", expect![[]]),
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
         11:01:30 Tick
         11:01:30 Restored(Missing)
         11:03:30 Tick
         11:03:30 Restored(Unresponsive)
         11:07:30 Tick
         11:07:30 Restored(Denied)
         11:12:30 Tick
         11:12:30 Restored(Denied)
         11:17:30 Tick
         11:17:31 Restored(robin, R1)",
        expect![[]],
    );
}

#[test]
fn an_unlock_prompt_does_not_come_between_somebody_and_the_sign_in_page() {
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(Locked)"),
        "11:00:20 SignIn
         11:00:30 Tick
         11:00:40 Cancel
         11:00:40 Tick",
        expect![[]],
    );
}

#[test]
fn after_a_sign_in_an_older_record_is_of_no_interest() {
    let signed_in = "11:00:05 SignIn\n 11:00:30 SignedIn(1, robin, R2, 1h)\n";
    check(after("11:00:00 Tick"), &format!("{signed_in} 11:00:31 Restored(robin, R1)\n 11:00:32 Stored(1)"), expect![[]]);
    check(
        after("11:00:00 Tick\n 11:00:00 Restored(Locked)"),
        &format!("{signed_in} 11:00:31 Stored(1)\n 11:01:00 Tick"),
        expect![[]],
    );
}

#[test]
fn a_damaged_record_counts_as_none_and_stays_until_a_sign_in() {
    check(
        after("11:00:00 Tick"),
        "11:00:00 Restored(Corrupt)\n 11:30:00 Tick\n 11:30:01 SignIn\n 11:31:00 SignedIn(1, robin, R1, 1h)",
        expect![[]],
    );
}

#[test]
fn signing_out_while_the_vault_cannot_be_read_erases_it() {
    check(after("11:00:00 Tick\n 11:00:00 Restored(Locked)"), "11:00:10 SignOut\n 11:00:30 Tick", expect![[]]);
}

#[test]
fn a_vault_that_refuses_a_sign_in_leaves_it_in_memory() {
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:30 SignedIn(1, robin, R1, 1h)
         12:00:31 NotStored(1, Locked)
         12:01:30 Tick
         12:01:31 Tick
         12:01:32 NotStored(1, Locked)
         12:02:32 Tick
         12:02:33 NotStored(1, Missing)
         12:03:33 Tick
         12:03:40 Tick
         12:03:41 Stored(1)
         12:10:00 Tick",
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
    );
}

#[test]
fn signing_in_anew_tries_the_vault_anew() {
    let memory_only = "12:10:00 Refresh(1)\n 12:10:01 Arrived(1, R2)\n 12:10:01 NotStored(1, Locked)\n";
    let signed_in_anew = "12:10:02 SignIn\n 12:10:03 SignedIn(2, robin, R3, 1h)\n";
    check(signed_in(), &format!("{memory_only}{signed_in_anew} 12:10:04 Stored(2)"), expect![[]]);
    check(signed_in(), &format!("{memory_only}{signed_in_anew} 12:10:04 NotStored(2, Locked)"), expect![[]]);
    let signed_in_without_renewal = "12:10:02 SignIn\n 12:10:03 SignedIn(2, robin, -, 1h)\n";
    check(signed_in(), &format!("{memory_only}{signed_in_without_renewal}"), expect![[]]);
}

#[test]
fn what_the_vault_was_not_asked_for_is_no_news() {
    check(signed_in(), "12:10:00 NotStored(1, Locked)\n 12:10:00 NotStored(7, Locked)", expect![[]]);
    check(signed_in_without_renewal(), "12:10:00 Stored(1)\n 12:10:00 Restored(ana, R9)", expect![[]]);
}
