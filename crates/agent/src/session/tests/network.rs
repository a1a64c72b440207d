//! What another network does to a retry.

use std::time::Duration;

use expect_test::expect;
use gatepass_oidc::Error as OidcError;

use super::script::instant;
use super::{check, refreshing, signed_in};
use crate::session::{Effect, Input, RefreshFailure};

#[test]
fn a_retry_that_waits_for_a_way_to_the_server_comes_with_the_next_network() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)
         12:48:01 Tick
         12:48:01 NotRenewed(1, unreachable)
         12:48:03 Tick
         12:48:03 NotRenewed(1, unreachable)
         12:48:04 NetworkChanged
         12:48:04 Tick
         12:48:04 NotRenewed(1, obstructed)
         12:48:11 NetworkChanged
         12:48:11 Tick
         12:48:12 Tick
         12:48:12 NotRenewed(1, obstructed)
         12:48:13 NetworkChanged
         12:48:18 Tick
         12:48:19 Tick",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:01 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:03 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:03 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:04 NetworkChanged ->
            12:48:04 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:04 NotRenewed(1, obstructed) -> Settle(R1, Unspent), Publish(Setback)
            12:48:11 NetworkChanged ->
            12:48:11 Tick ->
            12:48:12 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:12 NotRenewed(1, obstructed) -> Settle(R1, Unspent), Publish(Setback)
            12:48:13 NetworkChanged ->
            12:48:18 Tick ->
            12:48:19 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
}

#[test]
fn another_network_does_not_hurry_a_server_that_asked_for_patience() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, busy for 10m)
         12:48:01 NetworkChanged
         12:48:01 Tick",
        expect![[r#"
            12:48:00 NotRenewed(1, busy for 10m) -> Settle(R1, Unspent), Publish(Setback)
            12:48:01 NetworkChanged ->
            12:48:01 Tick ->
            signed in: robin, a token until 13:00:00, busy, again at 12:58:00; wakes at 12:58:00
        "#]],
    );
    check(
        signed_in(),
        "12:30:00 NetworkChanged
         12:30:00 Tick",
        expect![[r#"
            12:30:00 NetworkChanged ->
            12:30:00 Tick ->
            signed in: robin, a token until 13:00:00, renewal at 12:48:00; wakes at 12:48:00
        "#]],
    );
}

#[test]
fn networks_that_come_and_go_bring_a_retry_forward_less_and_less_often() {
    let mut machine = refreshing();
    let start = instant("12:48:00");
    let unreachable = || OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false };
    // The link of a container every ten seconds for two hours, and a server that nobody reaches.
    let mut tries = Vec::new();
    for second in 0..2 * 3600 {
        let now = start + Duration::from_secs(second);
        let mut effects = Vec::new();
        if second % 10 == 0 {
            effects.extend(machine.step(now, Input::NetworkChanged));
        }
        effects.extend(machine.step(now, Input::Tick));
        if second == 0 || effects.iter().any(|effect| matches!(effect, Effect::Refresh(..))) {
            tries.push(second);
            let failure = RefreshFailure::known(unreachable());
            machine.step(now, Input::RefreshFinished(machine.generation, Err(failure)));
        }
    }
    let of_the_last_hour = tries.iter().filter(|second| **second >= 3600).count();
    assert!((12..=24).contains(&of_the_last_hour), "{tries:?}");
    assert!(tries.len() < 60, "{tries:?}");

    // A network that is new after a long time is tried at once.
    let later = start + Duration::from_secs(2 * 3600 + 299);
    machine.step(later, Input::NetworkChanged);
    assert!(machine.wake_at().is_some_and(|at| at <= later), "{tries:?}");
}

#[test]
fn after_a_renewal_the_next_network_hurries_again() {
    check(
        refreshing(),
        "12:48:00 NotRenewed(1, unreachable)
         12:48:01 Tick
         12:48:01 NotRenewed(1, unreachable)
         12:48:01 NetworkChanged
         12:48:01 Tick
         12:48:02 Renewed(1, robin, R1, 1h)
         12:48:03 Refresh(9)
         12:48:03 NotRenewed(1, unreachable)
         12:48:04 Tick
         12:48:04 NotRenewed(1, obstructed)
         12:48:04 NetworkChanged
         12:48:04 Tick",
        expect![[r#"
            12:48:00 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:01 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback)
            12:48:01 NetworkChanged ->
            12:48:01 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:02 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            12:48:03 Refresh(9) -> Refresh(1, R1), Publish(Renewing)
            12:48:03 NotRenewed(1, unreachable) -> Settle(R1, Unspent), Publish(Setback), Reply(9, unreachable)
            12:48:04 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:04 NotRenewed(1, obstructed) -> Settle(R1, Unspent), Publish(Setback)
            12:48:04 NetworkChanged ->
            12:48:04 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, a token until 13:48:02, renewing; sleeps
        "#]],
    );
}
