//! A little disorder, so that a thousand machines that woke together do not ask together.

use std::time::Duration;

/// A source of small random shares. It comes from a seed, because the session machine must do the same for the same
/// inputs; nothing secret is made with it.
#[derive(Clone, Debug)]
pub struct Jitter(Option<u64>);

impl Jitter {
    /// Always zero: for tests, and for anyone who wants the exact instants.
    pub fn none() -> Self {
        Self(None)
    }

    /// The series of this seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(seed))
    }

    /// Some duration from zero up to and without `limit`.
    pub(super) fn up_to(&mut self, limit: Duration) -> Duration {
        let Some(state) = &mut self.0 else { return Duration::ZERO };
        // SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let share = (u128::from(mixed) * u128::from(limit)) >> 64;
        Duration::from_millis(u64::try_from(share).unwrap_or(u64::MAX))
    }
}
