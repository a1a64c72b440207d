//! The session of one profile as a pure state machine: inputs with times go in, effects come out. It reads no clock,
//! opens no socket and cannot fail; a test of it is a list of lines.
//!
//! The machine owns the session's secrets, since what must never be lost is decided here. Start reading at
//! [`SessionMachine::step`].

mod deadline;
mod held;
mod jitter;
mod keeping;
mod machine;
mod pace;
mod part;
mod renewal;
mod sign_in;
#[cfg(test)]
mod tests;

use gatepass_oidc::{Error as OidcError, IdToken, IdTokenHint, RefreshToken, Scopes, Subject, TokenSet};

use crate::{AttemptStage, CauseKind, Error, GrantedToken, MinValidity, NoticeKind, Person, SignInOptions, VaultError};

pub use jitter::Jitter;
pub use machine::SessionMachine;
pub use part::{AttemptPart, SessionPart};

/// Numbers the sign-ins of a profile, so that the answer of one that was given up is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttemptId(pub u64);

/// Numbers the sessions of a profile, so that an answer to a session that is gone is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation(pub u64);

/// Names someone who waits for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReplyId(pub u64);

/// What the vault keeps of a session.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Renews the session.
    pub refresh_token: RefreshToken,
    /// Who signed in.
    pub subject: Subject,
    /// As they are called.
    pub person: Person,
    /// For sign-out; left out where it does not fit.
    pub id_token_hint: Option<IdTokenHint>,
}

/// What the answer to a refresh is judged against: of a [`Continuation`](gatepass_oidc::Continuation), what the session
/// knows.
#[derive(Clone, Debug)]
pub struct Predecessor {
    /// Whose session it is: a refreshed ID token must name the same (OIDC Core section 12.2).
    pub subject: Subject,
    /// The ID token in hand; `None` from a restart until the next one comes.
    pub id_token: Option<IdToken>,
    /// What was granted; `None` from a restart until the first renewal.
    pub scopes: Option<Scopes>,
}

/// Everything that can happen to a session.
#[derive(Debug)]
pub enum Input {
    /// The vault was read.
    Restored(Result<Option<Kept>, VaultError>),
    /// The person wants to sign in.
    SignInRequested(SignInOptions),
    /// The attempt moved on.
    SignInMoved(AttemptId, AttemptStage),
    /// The attempt ended.
    SignInFinished(AttemptId, Result<Box<TokenSet>, Error>),
    /// The person gave the attempt up.
    SignInCancelled,
    /// The person says which session to keep, after somebody else signed in.
    OtherPersonAnswered {
        /// Take the new one.
        replace: bool,
    },
    /// Somebody wants an access token.
    TokenRequested(ReplyId, MinValidity),
    /// Somebody wants a renewal now.
    RefreshRequested(ReplyId),
    /// A refresh token came, and nothing of its response is judged yet.
    RefreshTokenArrived(Generation, RefreshToken),
    /// The renewal ended.
    RefreshFinished(Generation, Result<Box<TokenSet>, OidcError>),
    /// The vault has, or has not, taken what [`Effect::Persist`] asked for.
    Persisted(Generation, Result<(), VaultError>),
    /// The person wants to sign out, or the profile is being removed.
    SignOutRequested,
    /// The failure of the last sign-in was read.
    ProblemDismissed,
    /// The network is another than it was.
    NetworkChanged,
    /// Time passed; also after waking from sleep.
    Tick,
}

/// What the machine wants done.
#[derive(Debug)]
pub enum Effect {
    /// Read the vault.
    Load,
    /// Begin a sign-in.
    StartSignIn(AttemptId, SignInOptions),
    /// Bring the page of the attempt back to the browser.
    ShowSignIn(AttemptId),
    /// Stop the attempt; its port is to be closed.
    AbandonSignIn(AttemptId),
    /// Ask for new tokens, once, with this refresh token.
    Refresh(Generation, RefreshToken),
    /// Store.
    Persist(Generation, Box<Kept>),
    /// Remove what is stored.
    Erase,
    /// End these tokens at the server.
    Revoke(RefreshToken),
    /// Answer someone who waits.
    Reply(ReplyId, Result<GrantedToken, Error>),
    /// Show the new state.
    Publish(CauseKind),
    /// Tell the person, once.
    Notify(NoticeKind),
}
