//! Every error as a title, a sentence of detail and a piece of advice. Which matter an error is is decided here; how that is
//! said stands in [`words`].
//!
//! What a server said is quoted and never decides anything but which words stand beside the quotation; what is *done*
//! about an error was decided in the agent. Codes are stable: code branches on them, and people search for them.

use std::io;

use gatepass_agent::{
    AuthenticationMethod, Error, Explanation, Mistake, NotAProfile, Profile, RenewalError, SignInEnd, SignedOutReason,
    VaultError,
};
use gatepass_oidc::{Error as OidcError, RedirectUri};
use gatepass_wire::{Action, Problem, Severity};

use crate::convert::name;
use crate::text::{MAX_QUOTE, isolated, people_text};
use crate::words::{self, Matter, NotAnImport, Phrase, Texts};
use job::Job;

mod job;
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
        Error::Oidc(error) | Error::RequestRefused { error, .. } => protocol::describe(error, profile),
        Error::Vault(error) => vault(*error),
        Error::Browser(failed) => quoting(problem("browser-failed", Matter::BrowserFailed), Some(&failed.reason)),
        Error::OktaSessionStays => {
            let host = isolated(&people_text(profile.issuer.authority(), MAX_QUOTE));
            warning(problem("okta-session-stays", Matter::OktaSessionStays { host: &host }))
        }
        Error::NoBoundKey => Problem { action: Some(Action::SignIn), ..problem("no-bound-key", Matter::NoBoundKey) },
        Error::NoCredential(method) => no_credential(*method),
        Error::RedirectUrisTaken { taken } => redirect_uris_taken(taken),
        Error::RedirectUriPending { by } => {
            warning(problem("redirect-uri-pending", Matter::RedirectUriPending { by: &isolated(&name(by)) }))
        }
        Error::Listener { reason } => quoting(problem("listener-failed", Matter::ListenerFailed), Some(reason)),
        Error::RequestAccepted => {
            warning(Problem { action: Some(Action::SignIn), ..problem("request-accepted", Matter::RequestAccepted) })
        }
        Error::RequestAcceptedNow => warning(Problem {
            action: Some(Action::SignIn),
            ..problem("request-accepted-now", Matter::RequestAcceptedNow)
        }),
        Error::WouldSignOut => warning(problem("would-sign-out", Matter::WouldSignOut)),
        Error::NotAProfile(wrong) => not_a_profile(wrong),
        Error::ProfilesFile(mistake) => quoting(
            problem("profiles-file-not-written", Matter::ProfilesFileNotWritten),
            Some(&words::mistake(mistake)),
        ),
        Error::Exchange(OidcError::Refused { code, description, .. })
            if refusal::is_of_exchange(code, description.as_deref()) =>
        {
            quoting(problem("exchange-refused", Matter::ExchangeRefused), description.as_deref())
        }
        Error::Exchange(error) => protocol::describe(error, profile),
        Error::NoSuchAudience => nothing_to_copy(),
        Error::Quitting => note(problem("quitting", Matter::Quitting)),
    }
}

/// What came of the last sign-in of `profile`. One that the person gave up is told too: Okta may have shown them an error
/// that went nowhere else.
pub(crate) fn failed_sign_in(error: &Error, profile: &Profile) -> Problem {
    match error {
        Error::SignInEnded(SignInEnd::Cancelled) => {
            let uris = redirect_uris(profile);
            note(unknown(problem("sign-in-given-up", Matter::SignInGivenUp { uris: &uris })))
        }
        error => describe(error, profile),
    }
}

/// Why renewal does not work just now. The session goes on.
pub(crate) fn offline(because: &RenewalError, profile: &Profile) -> Problem {
    let problem = warning(match because {
        RenewalError::Oidc(error) => protocol::describe(error, profile),
        RenewalError::Vault(error) => problem(keyring_code(*error), Matter::NotRenewed(*error)),
    });
    let advice = match because {
        // Trying again is of no use before somebody does something about it.
        RenewalError::Oidc(OidcError::Obstructed { .. }) | RenewalError::Vault(_) => {
            words::phrase(Phrase::StaySignedIn { advice: &problem.advice })
        }
        RenewalError::Oidc(_) => words::phrase(Phrase::TriesAgain),
    };
    // And nothing for an admin.
    Problem { advice, action: Some(Action::Refresh), console: None, ..problem }
}

/// Why renewal waits for the end of the access token. The session goes on.
pub(crate) fn in_doubt(because: &RenewalError, profile: &Profile) -> Problem {
    lost::in_doubt_because(because, profile)
}

/// Why renewal is refused until an admin acts. The session goes on.
pub(crate) fn blocked(because: &OidcError, profile: &Profile) -> Problem {
    let problem = match because {
        // No server said so: there was nothing to show it.
        OidcError::Refused { code, status: 0, .. } if code == "invalid_client" => {
            no_credential(profile.asking.client_authentication)
        }
        OidcError::Refused { code, status: 0, .. } if code == "invalid_dpop_proof" => {
            describe(&Error::NoBoundKey, profile)
        }
        _ => protocol::describe(because, profile),
    };
    Problem { action: problem.action.or(Some(Action::Refresh)), ..problem }
}

/// Why what is held would not survive a restart.
pub(crate) fn memory_only(because: VaultError) -> Problem {
    warning(problem(keyring_code(because), Matter::MemoryOnly(because)))
}

/// Why it is not known whether there is a session.
pub(crate) fn unread(because: VaultError) -> Problem {
    warning(problem(keyring_code(because), Matter::Unread(because)))
}

/// The profiles file as it was found at start or after it was edited.
pub(crate) fn profiles_file_unreadable(mistakes: &[Mistake]) -> Problem {
    let what = people_text(&words::mistakes(mistakes), MAX_QUOTE);
    problem("profiles-file-unreadable", Matter::ProfilesFileUnreadable { what: &what })
}

/// What the browser's page says of a sign-in that failed: the same words as in the window.
pub(crate) fn explain(error: &Error, profile: &Profile) -> Explanation {
    let Problem { title, advice, .. } = describe(error, profile);
    Explanation { title, advice }
}

/// No profile has the id that was asked for.
pub(crate) fn no_such_profile() -> Problem {
    warning(problem("no-such-profile", Matter::NoSuchProfile))
}

/// What was to be added is not a usable profile.
pub(crate) fn not_a_profile(wrong: &NotAProfile) -> Problem {
    let reason = people_text(&words::wrong(&wrong.what), MAX_QUOTE);
    problem("not-a-profile", Matter::NotAProfile { field: wrong.field, reason: &reason })
}

/// What was pasted or opened is no profile.
pub(crate) fn not_an_import(reason: NotAnImport) -> Problem {
    problem("not-an-import", Matter::NotAnImport(reason))
}

/// A profile that is to be handed on was not written.
pub(crate) fn not_saved(folder: &str, error: &io::Error) -> Problem {
    quoting(
        problem("profile-not-saved", Matter::NotSaved { folder: &people_text(folder, MAX_QUOTE) }),
        Some(&error.to_string()),
    )
}

/// The access token has characters that no token has: pasted, a quote or a newline in it could run as a command.
pub(crate) fn token_not_copyable() -> Problem {
    problem("token-not-copyable", Matter::TokenNotCopyable)
}

/// No ID token is in hand.
pub(crate) fn no_id_token() -> Problem {
    note(problem("no-id-token", Matter::NoIdToken))
}

/// There is nothing to copy.
pub(crate) fn nothing_to_copy() -> Problem {
    note(problem("nothing-to-copy", Matter::NothingToCopy))
}

/// The server is to be shown a credential, and there is none.
fn no_credential(method: AuthenticationMethod) -> Problem {
    if method.is_by_secret() {
        problem("no-client-secret", Matter::NoClientSecret)
    } else {
        problem("no-client-key", Matter::NoClientKey)
    }
}

/// The profile's server wants no secret.
pub(crate) fn no_secret_wanted() -> Problem {
    note(problem("no-secret-wanted", Matter::NoSecretWanted))
}

/// What is on the clipboard cannot be a client secret.
pub(crate) fn no_secret_on_clipboard() -> Problem {
    warning(problem("no-secret-on-clipboard", Matter::NoSecretOnClipboard))
}

/// The profile asks nothing with an API token.
pub(crate) fn no_api_token_wanted() -> Problem {
    note(problem("no-api-token-wanted", Matter::NoApiTokenWanted))
}

/// What is on the clipboard cannot be an API token.
pub(crate) fn no_api_token_on_clipboard() -> Problem {
    warning(problem("no-api-token-on-clipboard", Matter::NoApiTokenOnClipboard))
}

/// What was typed is no call of a server.
pub(crate) fn not_a_call() -> Problem {
    warning(problem("not-a-call", Matter::NotACall))
}

/// The clipboard refused.
pub(crate) fn clipboard_failed(reason: &str) -> Problem {
    quoting(problem("clipboard-failed", Matter::ClipboardFailed), Some(reason))
}

/// Why there is no session where one is needed.
pub(crate) fn sign_in_required(reason: &SignedOutReason) -> Problem {
    let problem = match reason {
        SignedOutReason::NeverSignedIn | SignedOutReason::SignedOut => note(problem("signed-out", Matter::SignedOut)),
        SignedOutReason::Refused { description, .. } => {
            quoting(problem("session-ended", Matter::SessionEnded), description.as_deref())
        }
        SignedOutReason::AnswerLost { description, .. } => lost::answer_lost(description.as_deref()),
        SignedOutReason::NotKept => lost::not_kept(),
        SignedOutReason::Expired => problem("session-expired", Matter::SessionExpired),
    };
    Problem { action: Some(Action::SignIn), ..problem }
}

fn sign_in_ended(end: SignInEnd, profile: &Profile) -> Problem {
    match end {
        SignInEnd::Cancelled => note(problem("sign-in-cancelled", Matter::SignInCancelled)),
        SignInEnd::CodeExpired => {
            Problem { action: Some(Action::SignIn), ..problem("code-expired", Matter::CodeExpired) }
        }
        SignInEnd::Superseded => note(problem("sign-in-superseded", Matter::SignInSuperseded)),
        SignInEnd::TimedOut { browser_seen: false } => {
            Problem { action: Some(Action::SignIn), ..problem("browser-never-came", Matter::BrowserNeverCame) }
        }
        SignInEnd::TimedOut { browser_seen: true } => {
            unknown(problem("sign-in-timed-out", Matter::SignInTimedOut { uris: &redirect_uris(profile) }))
        }
    }
}

/// Okta shows some errors on a page of its own and never redirects, so that waiting in vain is all that is seen of them
/// here. The likeliest is in `problem` already.
fn unknown(problem: Problem) -> Problem {
    Problem { action: Some(Action::CopyRedirectUri), likely: words::likely_causes(), ..problem }
}

/// To be registered at Okta.
fn redirect_uris(profile: &Profile) -> Vec<&str> {
    profile.redirect_uris.iter().map(RedirectUri::as_str).collect()
}

fn redirect_uris_taken(taken: &[(RedirectUri, Option<String>)]) -> Problem {
    let each: Vec<_> =
        taken.iter().map(|(uri, holder)| (uri, holder.as_deref().map(|holder| isolated(&name(holder))))).collect();
    problem("redirect-uris-taken", Matter::RedirectUrisTaken { taken: &each })
}

/// What is wrong with the keyring.
pub(crate) fn vault(error: VaultError) -> Problem {
    problem(keyring_code(error), Matter::Keyring(error))
}

fn keyring_code(error: VaultError) -> &'static str {
    match error {
        VaultError::Locked => "keyring-locked",
        VaultError::Denied => "keyring-denied",
        VaultError::Missing => "keyring-missing",
        VaultError::Corrupt => "keyring-corrupt",
        VaultError::TooLarge => "keyring-too-small",
        VaultError::Unresponsive => "keyring-unresponsive",
    }
}

/// An error that the person or an admin must act on, which most are.
fn problem(code: &str, matter: Matter<'_>) -> Problem {
    let Job { whose, place } = job::of(&matter);
    let Texts { title, detail, advice } = words::of(matter, place);
    let console = place.map(|place| Box::new(place.path(&words::own())));
    Problem { whose, console, ..Problem::new(code, title, detail, advice) }
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
mod table;
#[cfg(test)]
mod tests;
