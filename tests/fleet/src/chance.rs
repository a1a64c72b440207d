//! Chance from a seed, so that a week can be lived through again.

/// A series of random numbers.
pub struct Chance(u64);

impl Chance {
    /// The series of this seed, for this one and this purpose.
    pub fn of(seed: u64, who: u64, what: u64) -> Self {
        let mut chance =
            Self(seed ^ who.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ what.wrapping_mul(0xa076_1d64_78bd_642f));
        chance.bits();
        chance
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `from` up to and without `to`.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = u128::from(to.abs_diff(from));
        let share = (u128::from(self.bits()) * width) >> 64;
        from + i64::try_from(share).unwrap_or(0)
    }

    /// True `n` times in a hundred.
    pub fn percent(&mut self, n: i64) -> bool {
        self.between(0, 100) < n
    }

    /// Around `mean`, with this standard deviation, and never further than three of them: the sum of twelve draws, which
    /// is as good as normal.
    pub fn around(&mut self, mean: i64, deviation: i64) -> i64 {
        let sum: i64 = (0..12).map(|_| self.between(0, deviation)).sum();
        (sum + mean - 6 * deviation).clamp(mean - 3 * deviation, mean + 3 * deviation)
    }
}
