//! When renewal comes by itself: in its turn, after what many go through together, after a sleep, and however long tokens
//! live.

use std::time::Duration;

use expect_test::expect;
use gatepass_oidc::Timestamp;

use super::script::{instant, tokens};
use super::{after, check, run, signed_in};
use crate::session::deadline::Deadline;
use crate::session::held::Upkeep;
use crate::session::machine::Holding;
use crate::session::{AttemptId, Effect, Generation, Input, Jitter, RefreshFailure, ReplyId, SessionMachine};
use crate::{MinValidity, SignInOptions};

#[test]
fn who_asks_is_served_as_soon_as_the_servers_own_time_is_over() {
    let mut machine = signed_in();
    machine.jitter = Jitter::seeded(1);
    let mut step = |at: &str, input| machine.step(instant(at), input);
    step("12:48:00", Input::Tick);
    let busy = gatepass_oidc::Error::Busy { retry_after: Some(Duration::from_secs(40)), status: 429 };
    step("12:48:00", Input::RefreshFinished(Generation(1), Err(RefreshFailure::known(busy))));
    let wanted = MinValidity::AtLeast(Duration::from_secs(3600));
    let effects = step("12:48:39", Input::TokenRequested(ReplyId(1), wanted));
    assert!(matches!(effects[..], [Effect::Reply(ReplyId(1), Err(_))]), "{effects:?}");
    let effects = step("12:48:40", Input::Tick);
    assert!(effects.is_empty(), "by itself it waits longer than it was asked to: {effects:?}");
    let effects = step("12:48:40", Input::TokenRequested(ReplyId(2), wanted));
    assert!(matches!(effects[..], [Effect::Refresh(..), Effect::Publish(_)]), "{effects:?}");
}

/// As [`signed_in`], with the renewal planned for 12:36, and time that stands still at 12:00.
fn due_early() -> SessionMachine {
    let mut machine = signed_in();
    let Holding::Session(session) = &mut machine.holding else { panic!("somebody is signed in") };
    session.upkeep = Upkeep::Waiting { refresh: Deadline::after(instant("12:00:00"), Duration::from_secs(36 * 60)) };
    machine
}

#[test]
fn a_renewal_that_was_slept_over_waits_for_its_turn_while_the_token_is_good_for_long() {
    check(
        due_early(),
        "12:40:00 Tick\n 12:47:59 Tick",
        expect![[r#"
            12:40:00 Tick ->
            12:47:59 Tick ->
            signed in: robin, a token until 13:00:00, renewal at 12:56:40; wakes at 12:56:40
        "#]],
    );
    // Asleep again meanwhile: past four fifths it waits no longer, though its turn would be at 12:56:40.
    check(
        due_early(),
        "12:40:00 Tick\n 12:52:00 Tick",
        expect![[r#"
            12:40:00 Tick ->
            12:52:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_renewal_that_was_slept_over_comes_at_once_where_it_would_be_late() {
    for wake in ["12:48:00", "12:55:00", "13:00:00", "21:00:00"] {
        let trace = run(due_early(), &format!("{wake} Tick"));
        assert!(trace.starts_with(&format!("{wake} Tick -> Refresh(1, R1)")), "{trace}");
    }
}

#[test]
fn a_request_does_not_wait_for_a_turn() {
    check(
        due_early(),
        "12:40:00 Tick\n 12:40:01 Token(1, 30m)",
        expect![[r#"
            12:40:00 Tick ->
            12:40:01 Token(1, 30m) -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_token_that_lives_for_a_week_is_renewed_every_day() {
    check(
        after(
            "11:00:00 Tick
             11:00:00 Restored(none)
             11:59:00 SignIn
             12:00:00 SignedIn(1, robin, R1, 168h)
             12:00:00 Stored(1)",
        ),
        "35:59:59 Tick
         36:00:00 Tick
         36:00:00 Renewed(1, robin, -, 168h)
         60:00:00 Tick",
        expect![[r#"
            35:59:59 Tick ->
            36:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            36:00:00 Renewed(1, robin, -, 168h) -> Settle(R1, Unspent), Publish(Renewed)
            60:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 204:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_token_of_a_week_that_was_slept_over_is_renewed_at_once_after_a_day() {
    check(
        after(
            "11:00:00 Tick
             11:00:00 Restored(none)
             11:59:00 SignIn
             12:00:00 SignedIn(1, robin, R1, 168h)
             12:00:00 Stored(1)",
        ),
        "84:00:00 Tick",
        expect![[r#"
            84:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 180:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn a_short_life_is_not_renewed_within_five_seconds() {
    check(
        after("12:00:00 Tick\n 12:00:00 SignIn\n 12:00:00 SignedIn(1, robin, R1, 2s)\n 12:00:00 Stored(1)"),
        "12:00:04.999 Tick\n 12:00:05 Tick",
        expect![[r#"
            12:00:04.999 Tick ->
            12:00:05 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
}

/// How long after its receipt, in minutes, a token is renewed at the soonest and at the latest that `bring` brought.
fn renewed_between(bring: impl Fn(&mut SessionMachine) -> Timestamp) -> (u64, u64) {
    let planned: Vec<u64> = (0..1000)
        .map(|seed| {
            let mut machine = signed_in();
            machine.jitter = Jitter::seeded(seed);
            let received_at = bring(&mut machine);
            machine.wake_at().unwrap().since(received_at).as_secs() / 60
        })
        .collect();
    (*planned.iter().min().unwrap(), *planned.iter().max().unwrap())
}

fn renewed(machine: &mut SessionMachine, at: &str) -> Timestamp {
    let now = instant(at);
    let tokens = tokens(now, "robin", Some("R1"), Some(Duration::from_secs(3600)));
    machine.step(now, Input::RefreshFinished(machine.generation, Ok(tokens)));
    now
}

#[test]
fn a_renewal_in_its_turn_leads_to_the_next_and_any_other_to_a_time_of_its_own() {
    let in_turn = renewed_between(|machine| {
        machine.step(instant("12:48:00"), Input::Tick);
        renewed(machine, "12:48:00")
    });
    assert_eq!(in_turn, (36, 47));
    let slept_over = renewed_between(|machine| {
        machine.step(instant("14:00:00"), Input::Tick);
        renewed(machine, "14:00:00")
    });
    assert_eq!((slept_over.0, slept_over.1 / 10), (9, 4), "{slept_over:?}");
    let after_a_failure = renewed_between(|machine| {
        machine.step(instant("12:48:00"), Input::Tick);
        let error = gatepass_oidc::Error::Busy { retry_after: None, status: 503 };
        machine
            .step(instant("12:48:00"), Input::RefreshFinished(machine.generation, Err(RefreshFailure::known(error))));
        machine.step(instant("12:48:02"), Input::Tick);
        renewed(machine, "12:48:02")
    });
    assert_eq!((after_a_failure.0, after_a_failure.1 / 10), (9, 4), "{after_a_failure:?}");
}

#[test]
fn after_a_sign_in_renewal_comes_at_a_time_of_its_own_and_never_late() {
    let now = instant("12:00:00");
    let (earliest, latest) = (instant("12:09:36"), instant("12:48:00"));
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let mut machine = SessionMachine::new(Jitter::seeded(seed));
        machine.step(now, Input::Tick);
        machine.step(now, Input::SignInRequested(SignInOptions::default()));
        let tokens = tokens(now, "robin", Some("R1"), Some(Duration::from_secs(3600)));
        machine.step(now, Input::SignInFinished(AttemptId(1), Ok(tokens)));
        machine.step(now, Input::Persisted(machine.generation, Ok(())));
        let at = machine.wake_at().unwrap();
        assert!(earliest <= at && at <= latest, "{at}");
        seen.insert(at);
    }
    assert!(seen.len() > 150, "only {} different instants", seen.len());
}
