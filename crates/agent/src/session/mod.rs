//! The session of one profile as a pure state machine: inputs with times go in, effects come out. It reads no clock,
//! opens no socket and cannot fail; a test of it is a list of lines.
//!
//! The machine owns the session's secrets, since what must never be lost is decided here. Start reading at
//! [`SessionMachine::step`].

mod deadline;
mod doubt;
mod haste;
mod held;
mod inquiry;
mod jitter;
mod keeping;
mod machine;
mod pace;
mod part;
mod renewal;
mod sharing;
mod sign_in;
#[cfg(test)]
mod tests;

use gatepass_oidc::{
    AccessToken, DeviceSecret, Error as OidcError, IdToken, IdTokenHint, RefreshToken, Scopes, Subject, Timestamp,
    TokenSet,
};

use crate::{
    AttemptStage, CauseKind, Error, GrantedToken, MinValidity, NoticeKind, Person, RenewalError, SignInOptions,
    VaultError,
};

pub use inquiry::Verdict;
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
    /// For further clients, where there is one; left out last of all.
    pub device_secret: Option<DeviceSecret>,
}

/// What another client of the same issuer can be signed in with ([`NativeSso`](gatepass_oidc::NativeSso)).
#[derive(Clone, Debug)]
pub struct Shareable {
    /// Of the session that it is taken from.
    pub generation: Generation,
    /// Whose session that is.
    pub subject: Subject,
    /// Proves that the other client runs on the same machine.
    pub device_secret: DeviceSecret,
    /// Says whose session that is.
    pub id_token_hint: IdTokenHint,
    /// Whom its access token is for.
    pub audience: String,
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

/// What is known of a refresh token that the vault kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// Nothing: as far as anybody knows it was never used.
    Unused,
    /// It was sent, and the answer never seen: under rotation the server may have spent it.
    Sent {
        /// When it was sent first.
        at: Timestamp,
    },
    /// The journal cannot be read: anything that it could say may be so.
    Unknown,
    /// The server replaced it by one that the vault does not have.
    Spent,
    /// Its session ended, and the vault did not erase it.
    Ended,
}

/// What became of a refresh token that was used or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The server gave it just now, whatever was known of it before.
    Given,
    /// It is as good as before: the server did not use it, or does not rotate.
    Unspent,
    /// It was replaced.
    Spent,
    /// Its session ended.
    Ended,
}

/// Why a renewal brought no tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshFailure {
    /// What went wrong.
    pub error: RenewalError,
    /// When the request was sent, if its answer was lost: the server may have spent the refresh token. `None` where it
    /// surely did not, or where the answer came and its new refresh token was handed in.
    pub lost_at: Option<Timestamp>,
}

impl RefreshFailure {
    /// A failure that left the refresh token as it was.
    pub fn known(error: impl Into<RenewalError>) -> Self {
        Self { error: error.into(), lost_at: None }
    }

    /// The failure of the request itself, sent at `sent_at`.
    pub fn of_request(error: OidcError, sent_at: Timestamp) -> Self {
        let lost_at = error.leaves_outcome_unknown().then_some(sent_at);
        Self { error: error.into(), lost_at }
    }
}

/// Everything that can happen to a session.
#[derive(Debug)]
pub enum Input {
    /// The vault was read; with what it has, what is known of that.
    Restored(Result<Option<(Kept, Past)>, VaultError>),
    /// The person wants to sign in.
    SignInRequested(SignInOptions),
    /// The attempt moved on.
    SignInMoved(AttemptId, AttemptStage),
    /// The server took the attempt's request ahead of the browser: it has said what it has to say of it.
    RequestTaken(AttemptId),
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
    /// Another client was signed in out of this session, and this device secret came in place of the one that was used.
    DeviceSecretArrived(Generation, DeviceSecret),
    /// The renewal ended.
    RefreshFinished(Generation, Result<Box<TokenSet>, RefreshFailure>),
    /// The vault has, or has not, taken what [`Effect::Persist`] asked for.
    Persisted(Generation, Result<(), VaultError>),
    /// The person wants to sign out, or the profile is being removed.
    SignOutRequested,
    /// The failure of the last sign-in was read.
    ProblemDismissed,
    /// The person wants the server asked why the last sign-in did not finish.
    InquiryRequested,
    /// What the server said of the request that this attempt made; `None` where it could not be asked.
    InquiryFinished(AttemptId, Option<Verdict>),
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
    /// Ask the server, without a browser, what it says of the request that this attempt made. Answered by one
    /// [`Input::InquiryFinished`].
    Inquire(AttemptId, SignInOptions),
    /// Ask for new tokens, once, with this refresh token; where an instant is given, only if the request leaves before
    /// it.
    Refresh(Generation, RefreshToken, Option<Timestamp>),
    /// Note what became of this refresh token, for the next start.
    Settle(RefreshToken, Fate),
    /// Store.
    Persist(Generation, Box<Kept>),
    /// Remove what is stored.
    Erase,
    /// End these tokens at the server.
    Revoke(RefreshToken),
    /// End this access token at the server: it came without a refresh token, with which it would end.
    RevokeAccess(AccessToken),
    /// End this device secret at the server, and with it every session that began by it.
    RevokeDeviceSecret(DeviceSecret),
    /// Answer someone who waits.
    Reply(ReplyId, Result<GrantedToken, Error>),
    /// Show the new state.
    Publish(CauseKind),
    /// Tell the person, once.
    Notify(NoticeKind),
}
