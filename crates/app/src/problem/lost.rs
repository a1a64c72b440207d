//! A renewal that got lost, in words: its answer on the way, or its refresh token before the keyring had it.

use gatepass_agent::{Profile, RenewalError};
use gatepass_wire::{Action, Problem};

use super::{problem, protocol, quoting, warning};
use crate::words::Matter;

/// Why the session ended when the answer to a renewal was lost.
pub(super) fn answer_lost(description: Option<&str>) -> Problem {
    quoting(problem("renewal-lost", Matter::RenewalLost), description)
}

/// Why there is no session although the keyring has a record.
pub(super) fn not_kept() -> Problem {
    problem("renewal-not-kept", Matter::RenewalNotKept)
}

/// Why there is no renewal before the access token ends.
pub(super) fn in_doubt() -> Problem {
    Problem { action: Some(Action::SignIn), ..warning(problem("renewal-in-doubt", Matter::RenewalInDoubt)) }
}

/// The same while it is so, with what happened to the answer.
pub(super) fn in_doubt_because(because: &RenewalError, profile: &Profile) -> Problem {
    let quote = match because {
        RenewalError::Oidc(error) => protocol::describe(error, profile).quote,
        // Nobody else said anything.
        RenewalError::Vault(_) => None,
    };
    Problem { quote, ..in_doubt() }
}
