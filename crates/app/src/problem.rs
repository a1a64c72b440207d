//! The words for people: every error as a title, a sentence of detail and a piece of advice.
//!
//! What a server said is quoted and never decides anything but which words stand beside the quotation; what is *done*
//! about an error was decided in the agent. Codes are stable: code branches on them, and people search for them.

use std::io;

use gatepass_agent::{Error, Explanation, NotAProfile, Profile, SignInEnd, SignedOutReason, VaultError};
use gatepass_oidc::{Error as OidcError, RedirectUri};
use gatepass_wire::{Action, Problem, Severity};

use crate::convert::name;
use crate::text::{MAX_QUOTE, isolated, people_text};

mod lost;
mod protocol;
mod refusal;
mod settings;

pub(crate) use settings::{
    browser_not_opened, not_a_setting, settings_file_not_written, settings_file_unreadable, start_not_set,
};

/// An error of a use case.
pub(crate) fn describe(error: &Error, profile: &Profile) -> Problem {
    match error {
        Error::NoSuchProfile => no_such_profile(),
        Error::SignInRequired(reason) => sign_in_required(reason),
        Error::SignInEnded(end) => sign_in_ended(*end, profile),
        Error::RenewalInDoubt { .. } => lost::in_doubt(),
        Error::Oidc(error) => protocol::describe(error, profile),
        Error::Vault(error) => vault(*error),
        Error::Browser(failed) => quoting(
            problem(
                "browser-failed",
                "No browser could be opened",
                "This system did not open a browser for the sign-in page.",
                "Copy the link and open it in a browser on this machine, or choose a default browser.",
            ),
            Some(&failed.reason),
        ),
        Error::RedirectUrisTaken { taken } => redirect_uris_taken(taken),
        Error::RedirectUriPending { by } => warning(problem(
            "redirect-uri-pending",
            "Another sign-in waits at the same address",
            format!("“{}” signs in at another Okta org and listens at the same redirect address.", isolated(&name(by))),
            "Finish or cancel that sign-in first.",
        )),
        Error::Listener { reason } => quoting(
            problem(
                "listener-failed",
                "The redirect address could not be opened",
                "This system did not let Gatepass listen for the answer of the browser.",
                "Look for a firewall or sandbox that forbids listening on loopback, then try again.",
            ),
            Some(reason),
        ),
        Error::WouldSignOut => warning(problem(
            "would-sign-out",
            "This signs you out",
            "With another issuer or client ID it is another sign-in.",
            "Agree to it, then sign in again.",
        )),
        Error::NotAProfile(wrong) => not_a_profile(wrong),
        Error::ProfilesFile { reason } => quoting(
            problem(
                "profiles-file-not-written",
                "The profiles file could not be written",
                "Nothing was changed.",
                "Look whether the disk is full, the file is read-only or what stands in it is damaged, then try again.",
            ),
            Some(reason),
        ),
        Error::Quitting => note(problem(
            "quitting",
            "Gatepass is quitting",
            "Nothing more is done until it runs again.",
            "Start Gatepass again.",
        )),
    }
}

/// Why renewal does not work just now. The session goes on.
pub(crate) fn offline(because: &OidcError, profile: &Profile) -> Problem {
    let problem = warning(protocol::describe(because, profile));
    let advice = match because {
        // Trying again is of no use before somebody does something about it.
        OidcError::Obstructed { .. } => format!("You stay signed in. {}", problem.advice),
        _ => "Gatepass tries again by itself, and you stay signed in.".into(),
    };
    Problem { advice, action: Some(Action::Refresh), ..problem }
}

/// Why renewal waits for the end of the access token. The session goes on.
pub(crate) fn in_doubt(because: &OidcError, profile: &Profile) -> Problem {
    lost::in_doubt_because(because, profile)
}

/// Why renewal is refused until an admin acts. The session goes on.
pub(crate) fn blocked(because: &OidcError, profile: &Profile) -> Problem {
    let problem = protocol::describe(because, profile);
    Problem { action: problem.action.or(Some(Action::Refresh)), ..problem }
}

/// Why what is held would not survive a restart.
pub(crate) fn memory_only(because: VaultError) -> Problem {
    Problem {
        title: "Signed in until you quit".into(),
        detail: format!("{} So the session is kept in memory alone.", vault(because).detail),
        ..warning(vault(because))
    }
}

/// Why it is not known whether there is a session.
pub(crate) fn unread(because: VaultError) -> Problem {
    Problem {
        detail: format!("{} So it is not known whether you are still signed in.", vault(because).detail),
        ..warning(vault(because))
    }
}

/// The profiles file as it was found at start or after it was edited.
pub(crate) fn profiles_file_unreadable(what: &str) -> Problem {
    problem(
        "profiles-file-unreadable",
        "Something in the profiles file is wrong",
        format!("{}.", people_text(what, MAX_QUOTE)),
        "Correct the file. Gatepass reads it again by itself; what could be read of it, now or before, is in use.",
    )
}

/// What the browser's page says of a sign-in that failed: the same words as in the window.
pub(crate) fn explain(error: &Error, profile: &Profile) -> Explanation {
    let Problem { title, advice, .. } = describe(error, profile);
    Explanation { title, advice }
}

/// No profile has the id that was asked for.
pub(crate) fn no_such_profile() -> Problem {
    warning(problem(
        "no-such-profile",
        "This profile is gone",
        "It was removed or renamed in the meantime.",
        "Choose another profile.",
    ))
}

/// What was to be added is not a usable profile.
pub(crate) fn not_a_profile(wrong: &NotAProfile) -> Problem {
    problem(
        "not-a-profile",
        "This cannot be used as a profile",
        format!("{}: {}.", wrong.field, people_text(&wrong.reason, MAX_QUOTE)),
        "Correct the field and add the profile again.",
    )
}

/// What was pasted or opened is no profile.
pub(crate) fn not_an_import(reason: &str) -> Problem {
    problem(
        "not-an-import",
        "This is not a profile",
        reason,
        "Copy the whole link or text of the profile once more, or ask whoever sent it.",
    )
}

/// A profile that is to be handed on was not written.
pub(crate) fn not_saved(folder: &str, error: &io::Error) -> Problem {
    quoting(
        problem(
            "profile-not-saved",
            "The profile was not saved",
            format!("No file could be written in {}.", people_text(folder, MAX_QUOTE)),
            "Make room there, or copy the profile as text instead.",
        ),
        Some(&error.to_string()),
    )
}

/// The access token has characters that no token has: pasted, a quote or a newline in it could run as a command.
pub(crate) fn token_not_copyable() -> Problem {
    problem(
        "token-not-copyable",
        "The token was not copied",
        "It has characters that no token may have (RFC 6750 section 2.1), and pasting them could do harm.",
        "Tell whoever runs the authorization server.",
    )
}

/// No ID token is in hand.
pub(crate) fn no_id_token() -> Problem {
    note(problem(
        "no-id-token",
        "There is no ID token to copy",
        "None came with the last renewal, and it is not kept over a restart.",
        "Sign in again to get one.",
    ))
}

/// There is nothing to copy.
pub(crate) fn nothing_to_copy() -> Problem {
    note(problem("nothing-to-copy", "There is nothing to copy", "No token names a group.", "Sign in first."))
}

/// The clipboard refused.
pub(crate) fn clipboard_failed(reason: &str) -> Problem {
    quoting(
        problem(
            "clipboard-failed",
            "Nothing was copied",
            "This system did not let Gatepass write to the clipboard.",
            "Try again; on a desktop without a clipboard manager another program may hold it.",
        ),
        Some(reason),
    )
}

/// Why there is no session where one is needed.
pub(crate) fn sign_in_required(reason: &SignedOutReason) -> Problem {
    let problem = match reason {
        SignedOutReason::NeverSignedIn | SignedOutReason::SignedOut => note(problem(
            "signed-out",
            "Nobody is signed in",
            "This needs a session, and there is none.",
            "Sign in first.",
        )),
        SignedOutReason::Refused { description } => quoting(
            problem(
                "session-ended",
                "Okta ended the session",
                "Okta no longer accepts what kept you signed in: it expired, or someone ended it.",
                "Sign in again. If this happens often, ask your Okta admin about the refresh token lifetime.",
            ),
            description.as_deref(),
        ),
        SignedOutReason::AnswerLost { description } => lost::answer_lost(description.as_deref()),
        SignedOutReason::NotKept => lost::not_kept(),
        SignedOutReason::Expired => problem(
            "session-expired",
            "The session ended",
            "The access token ended, and Okta gave none to renew it with.",
            "Sign in again. To stay signed in, an Okta admin ticks Refresh Token under Applications → (your app) → \
             General → Grant type.",
        ),
    };
    Problem { action: Some(Action::SignIn), ..problem }
}

fn sign_in_ended(end: SignInEnd, profile: &Profile) -> Problem {
    match end {
        SignInEnd::Cancelled => {
            note(problem("sign-in-cancelled", "The sign-in was cancelled", "You gave it up.", "Sign in when you like."))
        }
        SignInEnd::Superseded => note(problem(
            "sign-in-superseded",
            "The sign-in was replaced",
            "A newer sign-in or a sign-out took its place.",
            "Nothing needs to be done.",
        )),
        SignInEnd::TimedOut { browser_seen: false } => Problem {
            action: Some(Action::SignIn),
            ..problem(
                "browser-never-came",
                "No browser came",
                "No browser asked for the sign-in page within five minutes.",
                "Sign in again and use Copy link if no browser opens.",
            )
        },
        // Okta shows this error on a page of its own and never redirects, so waiting in vain is all that we see of it.
        SignInEnd::TimedOut { browser_seen: true } => redirect_uri_unknown(
            "sign-in-timed-out",
            "The sign-in was not finished",
            "Nothing came back from the browser within five minutes.",
            "If the browser shows “400 Bad Request” about redirect_uri, an Okta admin registers exactly",
            profile,
        ),
    }
}

/// Ends in the redirect URI to register and the action to copy it.
fn redirect_uri_unknown(code: &str, title: &str, detail: &str, advice: &str, profile: &Profile) -> Problem {
    let uris: Vec<_> = profile.redirect_uris.iter().map(RedirectUri::as_str).collect();
    Problem {
        action: Some(Action::CopyRedirectUri),
        ..problem(
            code,
            title,
            detail,
            format!(
                "{advice} {} under Applications → (your app) → General → Sign-in redirect URIs.",
                uris.join(" and ")
            ),
        )
    }
}

fn redirect_uris_taken(taken: &[(RedirectUri, Option<String>)]) -> Problem {
    let each: Vec<_> = taken
        .iter()
        .map(|(uri, holder)| match holder {
            Some(holder) => format!("{uri} by {}", isolated(&name(holder))),
            None => format!("{uri} by another program"),
        })
        .collect();
    problem(
        "redirect-uris-taken",
        "The redirect address is in use",
        format!("Taken on this machine: {}.", each.join(", ")),
        "Close that program and sign in again, or add a second redirect URI to the profile and to the app at Okta.",
    )
}

/// What is wrong with the keyring.
pub(crate) fn vault(error: VaultError) -> Problem {
    let (code, title, detail, advice) = match error {
        VaultError::Locked => (
            "keyring-locked",
            "The keyring is locked",
            "The system's keyring is locked and was not unlocked.",
            "Unlock the keyring. Gatepass tries again by itself within a few minutes.",
        ),
        VaultError::Denied => (
            "keyring-denied",
            "The keyring was denied",
            "You or the system denied Gatepass access to the keyring.",
            "Allow Gatepass in the keyring's settings. Gatepass tries again by itself within a few minutes.",
        ),
        VaultError::Missing => (
            "keyring-missing",
            "There is no keyring",
            "No keyring runs on this system.",
            "Install or start one (GNOME Keyring, KWallet, KeePassXC). Gatepass tries again by itself within a few minutes.",
        ),
        VaultError::Corrupt => (
            "keyring-corrupt",
            "The keyring's record cannot be read",
            "What the keyring holds for this profile is damaged or of another version.",
            "Sign in again to replace it.",
        ),
        VaultError::TooLarge => (
            "keyring-too-small",
            "The keyring takes no record of this size",
            "The refresh token is larger than this system's keyring takes.",
            "Nothing needs to be done; sign in again after a restart.",
        ),
        VaultError::Unresponsive => (
            "keyring-unresponsive",
            "The keyring does not answer",
            "The system's keyring did not answer in time.",
            "Look for a password dialog behind other windows. Gatepass tries again by itself within a few minutes.",
        ),
    };
    problem(code, title, detail, advice)
}

/// An error that the person or an admin must act on, which most are.
fn problem(code: &str, title: &str, detail: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem {
        code: code.into(),
        title: title.into(),
        detail: detail.into(),
        advice: advice.into(),
        action: None,
        severity: Severity::Error,
        quote: None,
    }
}

fn warning(problem: Problem) -> Problem {
    Problem { severity: Severity::Warning, ..problem }
}

fn note(problem: Problem) -> Problem {
    Problem { severity: Severity::Note, ..problem }
}

/// With what a server or the system said.
fn quoting(problem: Problem, said: Option<&str>) -> Problem {
    Problem { quote: said.map(|said| people_text(said, MAX_QUOTE)).filter(|said| !said.is_empty()), ..problem }
}

#[cfg(test)]
mod tests;
