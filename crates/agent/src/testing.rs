//! What tests of this crate and of those above it put in place of the machine's edges: a vault in memory, a clock that
//! follows tokio's, and the contract that every vault must keep. Nothing of it is part of a shipped program.

mod clock;
mod contract;
mod memory_vault;

pub use clock::TestClock;
pub use contract::vault_contract;
pub use memory_vault::MemoryVault;

use crate::{Error, Explanation, Profile};

#[cfg(test)]
mod tests;

/// Words for people that only say what there is to say.
pub fn plain_words(error: &Error, _: &Profile) -> Explanation {
    Explanation { title: error.to_string(), advice: "go back to Gatepass".into() }
}
