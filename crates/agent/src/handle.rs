//! What everyone else holds of the agent.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{AccessToken, HttpPolicy, Timestamp};
use tokio::sync::{mpsc, watch};
use url::Url;

use crate::{Browser, Change, Clock, Error, Notice, Profile, ProfileId, Vault, VaultError};

/// What an agent is made of.
pub struct AgentOptions {
    /// The profiles file. It need not exist.
    pub profiles_file: PathBuf,
    /// Names this machine, so that a record restored on another one is not used. Not a secret.
    pub machine: String,
    /// The keyring.
    pub vault: Arc<dyn Vault>,
    /// The browser.
    pub browser: Arc<dyn Browser>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Limits of the HTTP client.
    pub http: HttpPolicy,
}

/// The running agent: the task that owns all sessions.
pub struct Agent {
    /// For everyone who wants something of it.
    pub handle: AgentHandle,
    /// One-time messages to the person. There is one receiver: a notice is shown once.
    pub notices: mpsc::UnboundedReceiver<Notice>,
}

impl Agent {
    /// Reads the profiles, starts the task on the current tokio runtime, and returns at once: sessions are restored
    /// in the background, and the first snapshots may be without them.
    ///
    /// # Errors
    /// [`Error::Oidc`] where no HTTP client can be built. A profiles file that cannot be read is not an error: it shows
    /// in the snapshot.
    pub fn start(options: AgentOptions) -> Result<Self, Error> {
        let _ = options;
        panic!("not written yet")
    }
}

/// Sends wishes to the agent and sees what comes of them. Cheap to clone; the agent ends with [`AgentHandle::quit`].
#[derive(Clone, Debug)]
pub struct AgentHandle {
    changes: watch::Receiver<Arc<Change>>,
}

/// How to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignInOptions {
    /// Have the server ask who it is (`prompt=login`).
    pub as_someone_else: bool,
}

/// How much life an access token must have left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinValidity {
    /// At least a minute, or half of its life if that is less: enough to paste it somewhere.
    ForCopying,
    /// At least this long.
    AtLeast(Duration),
}

/// An access token, handed out.
#[derive(Clone, Debug)]
pub struct GrantedToken {
    /// The token.
    pub access_token: AccessToken,
    /// When it ends, where the server said.
    pub expires_at: Option<Timestamp>,
}

impl AgentHandle {
    /// The present and every change. The first value is the present; a receiver that is slow sees the latest.
    pub fn watch(&self) -> watch::Receiver<Arc<Change>> {
        self.changes.clone()
    }

    /// Begins a sign-in, or brings the page of the one under way back to the browser. Returns when it has begun; what
    /// comes of it shows in the snapshots.
    pub async fn sign_in(&self, profile: &ProfileId, options: SignInOptions) -> Result<(), Error> {
        let _ = (profile, options);
        panic!("not written yet")
    }

    /// Gives the attempt up. Its port is closed when this returns. No attempt is success.
    pub async fn cancel_sign_in(&self, profile: &ProfileId) -> Result<(), Error> {
        let _ = profile;
        panic!("not written yet")
    }

    /// The local address that leads to the sign-in page, while an attempt is under way.
    pub async fn sign_in_link(&self, profile: &ProfileId) -> Result<Url, Error> {
        let _ = profile;
        panic!("not written yet")
    }

    /// Says which session to keep when somebody else signed in.
    pub async fn answer_other_person(&self, profile: &ProfileId, replace: bool) -> Result<(), Error> {
        let _ = (profile, replace);
        panic!("not written yet")
    }

    /// Renews now; joins a renewal in flight. Returns when it is known what came of it.
    pub async fn refresh(&self, profile: &ProfileId) -> Result<(), Error> {
        let _ = profile;
        panic!("not written yet")
    }

    /// Forgets the session and revokes its tokens. Returns when it is forgotten; revocation goes on by itself.
    pub async fn sign_out(&self, profile: &ProfileId) -> Result<(), Error> {
        let _ = profile;
        panic!("not written yet")
    }

    /// An access token with enough life left, renewed first if need be, at most once.
    pub async fn access_token(&self, profile: &ProfileId, min_validity: MinValidity) -> Result<GrantedToken, Error> {
        let _ = (profile, min_validity);
        panic!("not written yet")
    }

    /// Puts the failure of the last sign-in away.
    pub async fn dismiss_problem(&self, profile: &ProfileId) -> Result<(), Error> {
        let _ = profile;
        panic!("not written yet")
    }

    /// Adds a profile to the file and to the agent. Its id is changed if another has it.
    pub async fn add_profile(&self, profile: Profile) -> Result<ProfileId, Error> {
        let _ = profile;
        panic!("not written yet")
    }

    /// Removes a profile: signs it out, then takes it out of the file.
    pub async fn remove_profile(&self, profile: &ProfileId) -> Result<(), Error> {
        let _ = profile;
        panic!("not written yet")
    }

    /// Hands over what arrived by a private-use scheme. It finds its attempt by `state`; a stranger's is ignored.
    /// Returns whether an attempt took it.
    pub async fn deliver_redirect(&self, redirect: Url) -> bool {
        let _ = redirect;
        panic!("not written yet")
    }

    /// Says that the machine woke, or that the network changed: what is overdue is looked at now.
    pub fn look_again(&self) {
        panic!("not written yet")
    }

    /// Ends the agent: pending sign-ins are abandoned, what is being stored is waited for (at most a few seconds).
    pub async fn quit(&self) {
        panic!("not written yet")
    }
}

const _: fn(VaultError) = |_| ();
