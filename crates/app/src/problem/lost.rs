//! A renewal that got lost, in words: its answer on the way, or its refresh token before the keyring had it.

use gatepass_agent::Profile;
use gatepass_oidc::Error as OidcError;
use gatepass_wire::{Action, Problem};

use super::{problem, protocol, quoting, warning};

/// Why the session ended when the answer to a renewal was lost.
pub(super) fn answer_lost(description: Option<&str>) -> Problem {
    quoting(
        problem(
            "renewal-lost",
            "A renewal was lost on the way",
            "Okta's answer to a renewal never arrived, and Okta did not let Gatepass ask for it a second time.",
            "Sign in again. So that this cannot end a session, an Okta admin sets the grace period for token rotation to \
             30 seconds or more under Applications → (your app) → General → Refresh Token.",
        ),
        description,
    )
}

/// Why there is no session although the keyring has a record.
pub(super) fn not_kept() -> Problem {
    problem(
        "renewal-not-kept",
        "The last renewal was not kept",
        "The keyring did not take the last renewal of the session, and what it has from before is used up.",
        "Look whether the keyring is unlocked, then sign in again.",
    )
}

/// Why there is no renewal before the access token ends.
pub(super) fn in_doubt() -> Problem {
    Problem {
        action: Some(Action::SignIn),
        ..warning(problem(
            "renewal-in-doubt",
            "The answer to a renewal was lost",
            "To ask Okta again now could end the session, so Gatepass waits until the access token has ended.",
            "Go on with the access token that you have. To get a new one now, sign in again.",
        ))
    }
}

/// The same while it is so, with what happened to the answer.
pub(super) fn in_doubt_because(because: &OidcError, profile: &Profile) -> Problem {
    Problem { quote: protocol::describe(because, profile).quote, ..in_doubt() }
}
