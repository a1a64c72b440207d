//! What is done about a gateway that has no answer: the server behind it may have done its work, and everybody asks.

use std::time::Duration;

use expect_test::expect;
use gatepass_oidc::Error as OidcError;

use super::script::instant;
use super::{after, check, refreshing};
use crate::session::{Effect, Input, Jitter, RefreshFailure};

#[test]
fn a_gateway_in_trouble_is_asked_again_three_times_and_then_left_in_peace() {
    check(
        refreshing(),
        "12:48:00 LostBehindGateway(1, 12:48:00)
         12:48:00 LostBehindGateway(1, 12:48:00)
         12:48:04 Tick
         12:48:05 Tick
         12:48:05 LostBehindGateway(1, 12:48:05)
         12:48:16 Tick
         12:48:17 Tick
         12:48:17 LostBehindGateway(1, 12:48:17)
         12:48:29 Tick
         12:59:59 Tick
         13:00:00 Tick",
        expect![[r#"
            12:48:00 LostBehindGateway(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:00 LostBehindGateway(1, 12:48:00) -> Publish(Setback)
            12:48:04 Tick ->
            12:48:05 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:05 LostBehindGateway(1, 12:48:05) -> Publish(Setback)
            12:48:16 Tick ->
            12:48:17 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            12:48:17 LostBehindGateway(1, 12:48:17) -> Publish(Setback)
            12:48:29 Tick ->
            12:59:59 Tick ->
            13:00:00 Tick -> Refresh(1, R1), Publish(Renewing)
            signed in: robin, no access token, renewing; sleeps
        "#]],
    );
    // Without an access token to live on, the try outside the safe time comes right after it.
    check(
        after("12:00:00 Tick\n 12:00:00 Restored(robin, R1)"),
        "12:00:00 LostBehindGateway(1, 12:00:00)
         12:00:00 LostBehindGateway(1, 12:00:00)
         12:00:05 Tick
         12:00:05 LostBehindGateway(1, 12:00:05)
         12:00:17 Tick
         12:00:17 LostBehindGateway(1, 12:00:17)
         12:00:46 Tick
         12:00:47 Tick
         12:00:47 LostBehindGateway(1, 12:00:47)",
        expect![[r#"
            12:00:00 LostBehindGateway(1, 12:00:00) -> Refresh(1, R1, before 12:00:30)
            12:00:00 LostBehindGateway(1, 12:00:00) -> Publish(Setback)
            12:00:05 Tick -> Refresh(1, R1, before 12:00:30), Publish(Renewing)
            12:00:05 LostBehindGateway(1, 12:00:05) -> Publish(Setback)
            12:00:17 Tick -> Refresh(1, R1, before 12:00:30), Publish(Renewing)
            12:00:17 LostBehindGateway(1, 12:00:17) -> Publish(Setback)
            12:00:46 Tick ->
            12:00:47 Tick -> Refresh(1, R1), Publish(Renewing)
            12:00:47 LostBehindGateway(1, 12:00:47) -> Publish(Setback)
            signed in: robin, no access token, busy, again at 12:12:02; wakes at 12:12:02
        "#]],
    );
}

#[test]
fn no_share_of_the_pauses_makes_a_gateway_be_asked_a_fourth_time() {
    for seed in 0..50 {
        let mut machine = refreshing();
        machine.jitter = Jitter::seeded(seed);
        let is_sent = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Refresh(..)));
        let (mut is_under_way, mut n_again) = (true, 0);
        for millis in (0..30_000).step_by(50) {
            let now = instant("12:48:00") + Duration::from_millis(millis);
            if !is_under_way {
                is_under_way = is_sent(&machine.step(now, Input::Tick));
                n_again += usize::from(is_under_way);
            }
            while is_under_way {
                let error = OidcError::Busy { retry_after: None, status: 504 };
                let failure = Err(RefreshFailure::of_request(error, now));
                is_under_way = is_sent(&machine.step(now, Input::RefreshFinished(machine.generation, failure)));
                n_again += usize::from(is_under_way);
            }
        }
        assert_eq!(n_again, 3, "seed {seed}");
    }
}

#[test]
fn after_a_hang_a_gateway_in_trouble_is_asked_once_more_in_time() {
    check(
        refreshing(),
        "12:48:25 Lost(1, 12:48:00)
         12:48:25 LostBehindGateway(1, 12:48:25)
         12:48:28 Tick",
        expect![[r#"
            12:48:25 Lost(1, 12:48:00) -> Refresh(1, R1, before 12:48:30)
            12:48:25 LostBehindGateway(1, 12:48:25) -> Publish(Setback)
            12:48:28 Tick -> Refresh(1, R1, before 12:48:30), Publish(Renewing)
            signed in: robin, a token until 13:00:00, renewing; sleeps
        "#]],
    );
}
