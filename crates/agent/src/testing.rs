//! What tests of this crate and of those above it put in place of the machine's edges: a vault in memory, a clock that
//! follows tokio's, and the contract that every vault must keep. Nothing of it is part of a shipped program.

mod clock;
mod contract;
mod memory_vault;

pub use clock::TestClock;
pub use contract::vault_contract;
pub use memory_vault::MemoryVault;

use crate::redirect::{PageWords, TurnedAway};
use crate::{Error, Explanation, Profile};

/// A keeper of credentials that has none.
#[cfg(test)]
pub(crate) fn no_credentials() -> crate::task::CredentialKeeper {
    let vault = crate::task::VaultLine::start(std::sync::Arc::<MemoryVault>::default());
    crate::task::CredentialKeeper::new(vault, "this machine".into())
}

#[cfg(test)]
mod tests;

/// Words for the browser's page that only say what there is to say.
pub fn plain_page() -> &'static PageWords {
    static PLAIN: PageWords = PageWords {
        language: "en",
        signed_in: "signed in",
        signed_in_as: |whom| whom.map_or_else(|| "It is somebody.".into(), |whom| format!("It is {whom}.")),
        question: "which session",
        question_of: |now, was| format!("It is {now}, and was {was}."),
        go_back: "Go back.",
        waiting: "waiting",
        waiting_for: "Not known yet.",
        leaving: "leaving",
        leaving_for: "Okta's sign-out comes.",
        leave: "Leave",
        turned_away: |why| match why {
            TurnedAway::AnotherState => ["another state", "Nothing was changed."],
            _ => ["turned away", "Nothing was changed."],
        },
    };
    &PLAIN
}

/// Words for people that only say what there is to say.
pub fn plain_words(error: &Error, _: &Profile) -> Explanation {
    Explanation { title: error.to_string(), advice: "go back to Gatepass".into() }
}
