//! What can go wrong, by what the person can do about it.

use gatepass_oidc::{RedirectUri, Timestamp};

use crate::{BrowserFailed, VaultError};

/// Why something that was asked of the agent was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No profile has this id.
    #[error("no such profile")]
    NoSuchProfile,
    /// Only a sign-in helps.
    #[error("sign in first")]
    SignInRequired(SignedOutReason),
    /// The sign-in did not finish.
    #[error("the sign-in ended: {0:?}")]
    SignInEnded(SignInEnd),
    /// The answer to the last renewal was lost, and asking again before the access token has ended could end the session
    /// for nothing.
    #[error("the answer to the last renewal was lost")]
    RenewalInDoubt {
        /// When it is tried again: the end of the access token.
        until: Timestamp,
    },
    /// Network or protocol.
    #[error(transparent)]
    Oidc(#[from] gatepass_oidc::Error),
    /// The keyring.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The browser could not be started.
    #[error(transparent)]
    Browser(#[from] BrowserFailed),
    /// The profile's authorization server is to be shown a secret or a key, and there is none.
    #[error("there is nothing for {}", .0.as_str())]
    NoCredential(crate::AuthenticationMethod),
    /// The session is forgotten and its tokens are being revoked; the Okta session in the browser goes on, since there is
    /// nothing to name it by, or the server cannot be asked to.
    #[error("the Okta session in the browser goes on")]
    OktaSessionStays,
    /// The key that the session's tokens are bound to is gone: only a sign-in helps.
    #[error("the key that the tokens are bound to is gone")]
    NoBoundKey,
    /// The sign-in did not finish, nobody knows why, and the server has nothing against its request: what stood in the way is
    /// judged elsewhere.
    #[error("the authorization server takes the request of the sign-in that did not finish")]
    RequestAccepted,
    /// The sign-in did not finish, and nobody knows why. Its profile was edited since, and the server has nothing against the
    /// request that it makes now.
    #[error("the authorization server takes the request that the profile makes now")]
    RequestAcceptedNow,
    /// The sign-in did not finish, and the server said why when it was asked.
    #[error("{error}")]
    RequestRefused {
        /// What it said.
        error: gatepass_oidc::Error,
        /// With which it was asked.
        redirect_uri: Box<RedirectUri>,
    },
    /// Every redirect URI of the profile is taken on this machine.
    #[error("every redirect URI is taken")]
    RedirectUrisTaken {
        /// Each with the program that holds its port, where the system tells.
        taken: Vec<(RedirectUri, Option<String>)>,
    },
    /// Another sign-in, of another issuer, is pending on the same redirect URI (RFC 9700 section 4.4).
    #[error("another sign-in waits on the same redirect URI")]
    RedirectUriPending {
        /// The name of the profile whose sign-in it is.
        by: String,
    },
    /// The redirect listener could not be opened for another reason.
    #[error("the redirect listener could not be opened: {reason}")]
    Listener {
        /// What the system said.
        reason: String,
    },
    /// The edit would end the profile's session, and the person has not agreed to that. Nothing was changed.
    #[error("the edit would sign the profile out")]
    WouldSignOut,
    /// What was to be added is not a usable profile.
    #[error(transparent)]
    NotAProfile(#[from] crate::NotAProfile),
    /// The profiles file could not be written; nothing was changed.
    #[error("the profiles file could not be written: {0}")]
    ProfilesFile(crate::Mistake),
    /// The session's access token was not exchanged for one of a further audience. The session is as it was.
    #[error("the token was not exchanged: {0}")]
    Exchange(gatepass_oidc::Error),
    /// The profile has no further audience of this name.
    #[error("no such audience")]
    NoSuchAudience,
    /// The agent has ended.
    #[error("Gatepass is quitting")]
    Quitting,
}

impl Error {
    /// Whether a sign-in ended by this without anybody saying why: Okta may have shown an error on a page of its own.
    pub fn is_unexplained(&self) -> bool {
        matches!(self, Self::SignInEnded(SignInEnd::Cancelled | SignInEnd::TimedOut { browser_seen: true }))
    }
}

/// Why nobody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedOutReason {
    /// Nobody ever was.
    NeverSignedIn,
    /// The person signed out.
    SignedOut,
    /// The authorization server answered `invalid_grant` to the refresh token; what it said beside that.
    Refused {
        /// `error_description`, bounded.
        description: Option<String>,
        /// What Okta calls the request that it refused.
        request_id: Option<String>,
    },
    /// The answer to a renewal was lost, and the authorization server answered `invalid_grant` when it was asked again:
    /// it had spent the refresh token, and allows no second use of one.
    AnswerLost {
        /// `error_description`, bounded.
        description: Option<String>,
        /// What Okta calls the request that it refused.
        request_id: Option<String>,
    },
    /// The vault has a refresh token that is known to be spent: it did not take the last renewal, and the session was
    /// kept in memory alone until the program ended.
    NotKept,
    /// The access token ended and there was no refresh token.
    Expired,
}

/// How a sign-in ended without a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInEnd {
    /// The person cancelled it. Not an error, and not told as one.
    Cancelled,
    /// Five minutes passed.
    TimedOut {
        /// Whether a browser ever asked for the page.
        browser_seen: bool,
    },
    /// Nobody entered the code in time.
    CodeExpired,
    /// A newer sign-in or a sign-out took its place.
    Superseded,
}

/// Why a renewal brought no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewalError {
    /// Network or protocol.
    #[error(transparent)]
    Oidc(#[from] gatepass_oidc::Error),
    /// Nothing was sent: what the client proves itself with is in the keyring, and that did not give it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<RenewalError> for Error {
    fn from(error: RenewalError) -> Self {
        match error {
            RenewalError::Oidc(error) => Self::Oidc(error),
            RenewalError::Vault(error) => Self::Vault(error),
        }
    }
}
