//! Schedules: what must hold whatever happens in whatever order. A small world with a server that ends a session if a
//! replaced refresh token comes back too late, a vault that refuses, is slow or goes back to an old record, answers that
//! get lost, a clock that is set, and kills at any moment. A failure names its seed: `GATEPASS_SCHEDULES_SEED=<seed>`
//! runs that schedule alone, `GATEPASS_SCHEDULES=<n>` runs so many.
//!
//! What each assertion is worth was tried by removing the rule that it holds; the table stands at [`world`].

mod disk;
mod rng;
mod server;
mod world;

use rng::Rng;
use server::Policy;
use world::{Rules, World};

/// Enough for every rule to be noticed many times if it is broken, in a few seconds.
const SCHEDULES: u64 = 4_000;
const EVENTS: usize = 80;

#[test]
fn no_schedule_breaks_a_rule() {
    run_all(false);
}

/// The same where the protocol allows survival: half a minute of grace or no rotation, no more than two answers in a row
/// lost and asked for again in time, a vault and a clock that do as they should.
#[test]
fn where_survival_is_possible_no_refresh_token_is_ever_used_too_late() {
    run_all(true);
}

fn run_all(is_kind: bool) {
    if let Some(seed) = setting("GATEPASS_SCHEDULES_SEED") {
        return run(seed, is_kind);
    }
    for seed in 0..setting("GATEPASS_SCHEDULES").unwrap_or(SCHEDULES) {
        let ran = std::panic::catch_unwind(|| run(seed, is_kind));
        assert!(ran.is_ok(), "run it alone with GATEPASS_SCHEDULES_SEED={seed}");
    }
}

fn run(seed: u64, is_kind: bool) {
    let mut rng = Rng::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ u64::from(is_kind));
    let graces = if is_kind { [30_000, 45_000, 60_000] } else { [0, 5_000, 30_000] };
    let rotating = Policy::Rotating { grace: rng.pick(&graces) };
    let rules = Rules {
        is_kind,
        policy: if rng.chance(15) { Policy::Persistent } else { rotating },
        life: rng.pick(&[Some(20), Some(60), Some(3600), Some(3600), None]),
        trouble: rng.pick(&[5, 30, 60]),
    };
    let mut world = World::new(rng, rules);
    for _ in 0..EVENTS {
        world.something_happens();
    }
    world.comes_to_rest();
}

#[expect(clippy::disallowed_methods, reason = "a test is told by its environment how long to run")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}
