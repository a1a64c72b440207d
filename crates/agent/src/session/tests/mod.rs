//! Traces: a script of times and inputs goes in, and what the machine wants done about each is compared as text. A last
//! line says how the machine stands after it. `UPDATE_EXPECT=1` writes expectations anew.
//!
//! Secrets have names in the scripts (`R1`), access tokens are called by owner and birth (`robin@12:00:00`).

mod clock;
mod device_secret;
mod doubt;
mod gateway;
mod inquiry;
mod jitter;
mod look_again;
mod network;
mod noted;
mod pace;
mod property;
mod renewal;
mod schedules;
mod script;
mod secrets;
mod sign_in;
mod sign_out;
mod tokens;
mod vault;

use expect_test::Expect;

use self::script::{Trace, print_standing};
use super::{Jitter, SessionMachine};

/// Runs `script` on `start` and compares what comes of it.
fn check(start: SessionMachine, script: &str, expected: Expect) {
    expected.assert_eq(&run(start, script));
}

/// Runs `script` on `start`; what comes of it.
fn run(start: SessionMachine, script: &str) -> String {
    let mut machine = start;
    let mut printed = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let trace = Trace::run(&mut machine, line);
        printed.push_str(&trace.to_string());
    }
    printed.push_str(&print_standing(&machine, script));
    printed
}

/// Runs what leads to a beginning.
fn after(script: &str) -> SessionMachine {
    let mut machine = SessionMachine::new(Jitter::none());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        Trace::run(&mut machine, line);
    }
    machine
}

/// Nobody is signed in, and the vault had nothing.
fn signed_out() -> SessionMachine {
    after("11:00:00 Tick\n 11:00:00 Restored(none)")
}

/// Robin is, in generation 1, with the refresh token R1 in the vault and an access token from 12:00 to 13:00, due for
/// renewal at 12:48.
fn signed_in() -> SessionMachine {
    after(
        "11:00:00 Tick
         11:00:00 Restored(none)
         11:59:00 SignIn
         12:00:00 SignedIn(1, robin, R1, 1h)
         12:00:00 Stored(1)",
    )
}

/// Robin is, in generation 1, without a refresh token, until 13:00.
fn signed_in_without_renewal() -> SessionMachine {
    after(
        "11:00:00 Tick
         11:00:00 Restored(none)
         11:59:00 SignIn
         12:00:00 SignedIn(1, robin, -, 1h)",
    )
}

/// As [`signed_in`], with a refresh in flight since 12:48.
fn refreshing() -> SessionMachine {
    let mut machine = signed_in();
    Trace::run(&mut machine, "12:48:00 Tick");
    machine
}
