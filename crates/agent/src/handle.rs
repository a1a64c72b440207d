//! What everyone else holds of the agent.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{
    AccessToken, ApiToken, AuthorizationResponse, ClientSecret, DpopProof, Http, HttpPolicy, IdToken, Timestamp,
    TokenType,
};
use tokio::sync::{mpsc, oneshot, watch};
use url::{Position, Url};

use crate::earlier_groups::EarlierGroups;
use crate::journal::Journal;
use crate::profiles_file::ProfilesFile;
use crate::redirect::PageWords;
use crate::task::{Answer, Command, CredentialKeeper, Edges, KeyWish, Proven, Task, VaultLine};
use crate::{Browser, Change, ClientKeys, Clock, Error, Event, Notifying, Profile, ProfileId, ProfileSnapshot, Vault};

/// What an agent is made of.
pub struct AgentOptions {
    /// The profiles file. It need not exist.
    pub profiles_file: PathBuf,
    /// The folder for notes that let a refresh survive a crash. It need not exist, and no secret is in it.
    pub refreshes: PathBuf,
    /// The folder for the groups of earlier sign-ins. It need not exist.
    pub groups: PathBuf,
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
    /// The words for people, which are not this crate's: what the browser's page says of a sign-in that failed.
    pub explain: Explain,
    /// What the browser's page says beside that, as of now.
    pub page: fn() -> &'static PageWords,
}

/// Puts an error into words.
pub type Explain = fn(&Error, &Profile) -> Explanation;

/// An error in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in a few words.
    pub title: String,
    /// What to do, in a sentence.
    pub advice: String,
}

/// The running agent: the task that owns all sessions.
pub struct Agent {
    /// For everyone who wants something of it.
    pub handle: AgentHandle,
    /// One-time messages to the person, each about one thing; what passes by itself within 20 seconds is not told. There is
    /// one receiver: a notice is shown once.
    pub notices: mpsc::UnboundedReceiver<Notifying>,
    /// Everything that happens, for whoever keeps a log. Drop it if nobody does.
    pub events: mpsc::UnboundedReceiver<Event>,
}

impl Agent {
    /// Reads the profiles, starts the task on the current tokio runtime, and returns at once: sessions are restored
    /// in the background, and the first snapshots may be without them. A profiles file that cannot be read shows in the
    /// snapshot.
    pub fn start(options: AgentOptions) -> Self {
        let AgentOptions { profiles_file, refreshes, groups, machine, vault, browser, clock, http, explain, page } =
            options;
        let vault = VaultLine::start(vault);
        let credentials = CredentialKeeper::new(vault.clone(), machine.clone());
        let edges = Edges::new(clock, browser, Http::new(http), explain, page, credentials);
        let (journal, groups) = (Journal::new(refreshes), EarlierGroups::new(groups));
        let (task, ends) = Task::new(edges, vault, journal, groups, machine, ProfilesFile::new(profiles_file));
        tokio::spawn(task.run());
        let handle = AgentHandle { commands: ends.commands, changes: ends.changes };
        Self { handle, notices: ends.notices, events: ends.events }
    }
}

/// Sends wishes to the agent and sees what comes of them. Cheap to clone. The agent ends with [`AgentHandle::quit`], or
/// when the last handle is dropped; what is asked of it then, and what is still waited for, is [`Error::Quitting`].
///
/// Whatever names a profile that there is not is [`Error::NoSuchProfile`].
#[derive(Clone, Debug)]
pub struct AgentHandle {
    commands: mpsc::UnboundedSender<Command>,
    changes: watch::Receiver<Arc<Change>>,
}

/// How to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignInOptions {
    /// Have the server ask who it is (`prompt=login`).
    pub as_someone_else: bool,
    /// Where the person signs in.
    pub way: SignInWay,
}

/// How to sign out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignOutOptions {
    /// Have the browser end the Okta session, too (OpenID Connect RP-Initiated Logout).
    pub in_browser: bool,
}

/// Where a person signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignInWay {
    /// In the browser of this machine.
    #[default]
    Browser,
    /// In any browser, by a code (RFC 8628). The lesser way: nothing proves that it is entered by who sits here.
    Code,
}

/// Where a profile is moved in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the first.
    Up,
    /// Towards the last.
    Down,
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
    /// How a resource server is to be shown it.
    pub token_type: TokenType,
    /// When it ends, where the server said.
    pub expires_at: Option<Timestamp>,
    /// The ID token that came with it or stayed in hand; `None` from a restart until the next one comes.
    pub id_token: Option<IdToken>,
}

impl AgentHandle {
    /// The present and every change. The first value is the present; a receiver that is slow sees the latest.
    pub fn watch(&self) -> watch::Receiver<Arc<Change>> {
        self.changes.clone()
    }

    /// Begins a sign-in, or brings the page of the one under way back to the browser. Returns when it has begun; what
    /// comes of it shows in the snapshots.
    pub async fn sign_in(&self, profile: &ProfileId, options: SignInOptions) -> Result<(), Error> {
        self.ask(|answer| Command::SignIn(profile.clone(), options, answer)).await
    }

    /// Gives the attempt up. Its port is closed when this returns. No attempt is success.
    pub async fn cancel_sign_in(&self, profile: &ProfileId) -> Result<(), Error> {
        self.ask(|answer| Command::CancelSignIn(profile.clone(), answer)).await
    }

    /// The local address that leads to the sign-in page, while an attempt is under way.
    pub async fn sign_in_link(&self, profile: &ProfileId) -> Result<Url, Error> {
        self.ask(|answer| Command::SignInLink(profile.clone(), answer)).await
    }

    /// Says which session to keep when somebody else signed in.
    pub async fn answer_other_person(&self, profile: &ProfileId, replace: bool) -> Result<(), Error> {
        self.ask(|answer| Command::AnswerOtherPerson(profile.clone(), replace, answer)).await
    }

    /// Renews now; joins a renewal in flight. Returns when it is known what came of it.
    pub async fn refresh(&self, profile: &ProfileId) -> Result<(), Error> {
        self.ask(|answer| Command::Refresh(profile.clone(), answer)).await
    }

    /// Forgets the session and revokes its tokens. Returns when it is forgotten; revocation goes on by itself.
    ///
    /// # Errors
    /// [`Error::OktaSessionStays`] where the session is forgotten, and the one in the browser cannot be ended from here.
    pub async fn sign_out(&self, profile: &ProfileId, options: SignOutOptions) -> Result<(), Error> {
        self.ask(|answer| Command::SignOut(profile.clone(), options, answer)).await
    }

    /// An access token with enough life left, renewed first if need be, at most once.
    pub async fn access_token(&self, profile: &ProfileId, min_validity: MinValidity) -> Result<GrantedToken, Error> {
        self.ask(|answer| Command::AccessToken(profile.clone(), min_validity, answer)).await
    }

    /// Puts the failure of the last sign-in away.
    pub async fn dismiss_problem(&self, profile: &ProfileId) -> Result<(), Error> {
        self.ask(|answer| Command::DismissProblem(profile.clone(), answer)).await
    }

    /// Has the server asked, without a browser, why the last sign-in did not finish, where nobody knows
    /// ([`Error::is_unexplained`]): the same request is handed to it ahead (RFC 9126), which it may log. Returns when it has
    /// answered: what it said has taken the place of the failure in the snapshot. Joins an inquiry that is under way; where
    /// there is nothing to find out, as where the sign-in handed its request over itself, nothing is asked.
    ///
    /// # Errors
    /// Why it could not be asked, or what it has against the question and not against what the browser carried. The failure
    /// stays as it was.
    pub async fn find_out(&self, profile: &ProfileId) -> Result<(), Error> {
        self.ask(|answer| Command::FindOut(profile.clone(), answer)).await
    }

    /// Adds a profile to the file and to the agent. Its id is changed if another has it.
    pub async fn add_profile(&self, profile: Profile) -> Result<ProfileId, Error> {
        self.ask(|answer| Command::AddProfile(profile, answer)).await
    }

    /// Removes a profile: signs it out, then takes it out of the file.
    pub async fn remove_profile(&self, profile: &ProfileId) -> Result<(), Error> {
        self.ask(|answer| Command::RemoveProfile(profile.clone(), answer)).await
    }

    /// Makes the profile of this id what `profile` says, in the file and here. Another issuer or client ID makes it
    /// another client's: its session is signed out first, forgotten and revoked where it came from. Other changes keep
    /// the session. Where nobody is signed in, what the vault has stays: the profile may become that one's again.
    ///
    /// # Errors
    /// [`Error::WouldSignOut`] if that would end a session and the person has not agreed, `may_sign_out`. Nothing was
    /// changed then.
    pub async fn edit_profile(&self, profile: Profile, may_sign_out: bool) -> Result<(), Error> {
        self.ask(|answer| Command::EditProfile(profile, may_sign_out, answer)).await
    }

    /// Moves a profile one place up or down. At the end of the list that changes nothing, and is success.
    pub async fn move_profile(&self, profile: &ProfileId, direction: Direction) -> Result<(), Error> {
        self.ask(|answer| Command::MoveProfile(profile.clone(), direction, answer)).await
    }

    /// What the profile's client has to prove itself with.
    ///
    /// # Errors
    /// [`Error::Vault`] where the vault cannot be read; so with the three below, and where it does not take what is new.
    pub async fn client_keys(&self, profile: &ProfileId) -> Result<ClientKeys, Error> {
        self.ask(|answer| Command::ClientKeys(profile.clone(), KeyWish::Tell, answer)).await
    }

    /// Keeps a secret that the authorization server made for the profile's client. The one before it stays until this one
    /// was seen to work.
    pub async fn add_client_secret(&self, profile: &ProfileId, secret: ClientSecret) -> Result<ClientKeys, Error> {
        self.ask(|answer| Command::ClientKeys(profile.clone(), KeyWish::AddSecret(secret), answer)).await
    }

    /// Makes a key pair for the profile's client assertions. Its public half is for the admin to register; the key before
    /// it stays until this one was seen to work, and until then no third one is made.
    pub async fn make_client_key(&self, profile: &ProfileId) -> Result<ClientKeys, Error> {
        self.ask(|answer| Command::ClientKeys(profile.clone(), KeyWish::MakeKey, answer)).await
    }

    /// Keeps the API token that an admin insists on, in place of the one before, to ask Okta's API for the person's groups
    /// with; `None` forgets it.
    pub async fn set_api_token(&self, profile: &ProfileId, token: Option<ApiToken>) -> Result<ClientKeys, Error> {
        self.ask(|answer| Command::ClientKeys(profile.clone(), KeyWish::SetApiToken(token), answer)).await
    }

    /// An access token for one of the profile's further audiences, in exchange for that of its session, which is renewed
    /// first if it has too little life left (RFC 8693). It is kept nowhere: each call exchanges anew.
    ///
    /// # Errors
    /// Those of [`Self::access_token`]; [`Error::NoSuchAudience`]; [`Error::Exchange`] with what the audience's server says.
    pub async fn access_token_for(&self, profile: &ProfileId, audience: &str) -> Result<GrantedToken, Error> {
        let is_named = |one: &&Arc<ProfileSnapshot>| one.profile.id == *profile;
        let names = |one: &Arc<ProfileSnapshot>| {
            one.profile.further_audiences.iter().any(|further| further.audience == audience)
        };
        if self.changes.borrow().snapshot.profiles.iter().find(is_named).is_some_and(|one| !names(one)) {
            return Err(Error::NoSuchAudience);
        }
        let GrantedToken { access_token, .. } = self.access_token(profile, MinValidity::ForCopying).await?;
        let audience = audience.to_owned();
        self.ask(|answer| Command::ExchangeToken(profile.clone(), audience, access_token, answer)).await
    }

    /// A proof for one call of a resource server with an access token that is bound to the profile's key, whose thumbprint
    /// is `jkt` (RFC 9449 section 7.1). It is good for minutes, and once.
    ///
    /// # Errors
    /// [`Error::NoBoundKey`] where the key of this thumbprint is not the profile's.
    pub async fn prove_possession(
        &self,
        profile: &ProfileId,
        method: &str,
        url: Url,
        access_token: AccessToken,
        jkt: String,
    ) -> Result<DpopProof, Error> {
        let call = Proven { method: method.to_owned(), url, access_token, jkt };
        self.ask(|answer| Command::Prove(profile.clone(), call, answer)).await
    }

    /// Hands over what arrived by a private-use scheme. It finds its attempt by `state`; a stranger's is ignored.
    /// Returns whether an attempt took it.
    pub async fn deliver_redirect(&self, redirect: Url) -> bool {
        let redirect_uri = redirect[..Position::AfterPath].to_owned();
        let Ok(response) = AuthorizationResponse::parse(redirect.query().unwrap_or_default().as_bytes()) else {
            return false;
        };
        let (answer, taken) = oneshot::channel();
        let asked = self.commands.send(Command::DeliverRedirect(redirect_uri, response, answer));
        asked.is_ok() && taken.await.unwrap_or(false)
    }

    /// Says that somebody may look: the profiles file is looked at now rather than within half a minute.
    pub fn look_at_profiles(&self) {
        // An agent that has ended has nothing to look at.
        let _ = self.commands.send(Command::LookAtProfiles);
    }

    /// Says that the machine woke: what is overdue is done now.
    pub fn look_again(&self) {
        // An agent that has ended has nothing to look at.
        let _ = self.commands.send(Command::LookAgain);
    }

    /// Says that the machine is about to sleep: for some seconds no renewal begins by itself, since sleep could cut off
    /// its answer. [`Self::look_again`] ends that.
    pub fn falling_asleep(&self) {
        let _ = self.commands.send(Command::FallingAsleep);
    }

    /// Says that the network is another than it was: sessions that could not reach their server try again soon.
    pub fn network_changed(&self) {
        let _ = self.commands.send(Command::NetworkChanged);
    }

    /// Ends the agent: pending sign-ins are abandoned, what is being stored is waited for (at most a few seconds).
    pub async fn quit(&self) {
        let (answer, ended) = oneshot::channel();
        if self.commands.send(Command::Quit(answer)).is_ok() {
            // Another one's word may have ended the agent before ours was heard.
            let _ = ended.await;
        }
    }

    /// Sends a wish and waits for its answer.
    async fn ask<T>(&self, command: impl FnOnce(Answer<T>) -> Command) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(command(answer)).map_err(|_| Error::Quitting)?;
        answered.await.unwrap_or(Err(Error::Quitting))
    }
}
