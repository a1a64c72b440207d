//! All that frontends may know. No secret is in any type here, and none is serializable: `gatepass-app` converts.
//! Instants are by the wall clock, which is what people see.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{AccessTokenContent, Capabilities, IdTokenClaims, RedirectUri, Scopes, Timestamp};

use url::Url;

use crate::{Error, Mistake, Profile, ProfileId, RenewalError, SignedOutReason, VaultError};

/// A new snapshot, and why there is one.
#[derive(Clone, Debug)]
pub struct Change {
    /// Rises with every change in the life of one agent.
    pub revision: u64,
    /// What happened, and to which profile.
    pub cause: Cause,
    /// What is true now.
    pub snapshot: Snapshot,
}

/// Why there is a new snapshot. For people and logs; code looks at the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What happened.
    pub kind: CauseKind,
    /// To which profile; `None` where it is about all of them.
    pub profile: Option<ProfileId>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// Nothing: the present, for a new subscriber.
    Present,
    /// A sign-in began, moved on or was cancelled.
    SignIn,
    /// A sign-in ended well.
    SignedIn,
    /// A sign-in failed.
    SignInFailed,
    /// Somebody else signed in; the person must say which session to keep.
    OtherPerson,
    /// A renewal began.
    Renewing,
    /// A renewal ended well.
    Renewed,
    /// A renewal failed, and the session goes on.
    Setback,
    /// A session ended without the person wanting it.
    Ended,
    /// The person signed out.
    SignedOut,
    /// The vault was read, and what was in it is known.
    Restored,
    /// Whoever was asked for the groups answered, or not.
    GroupsTold,
    /// It is known what the groups were before.
    GroupsCompared,
    /// The keyring took or refused a record.
    Stored,
    /// A problem was put away.
    Dismissed,
    /// The server is being asked why a sign-in did not finish, or was.
    Inquiry,
    /// A server has described itself: what it can do is known, or is something else than before.
    Discovered,
    /// Profiles were added, changed or removed.
    Profiles,
    /// The clock was set, or a server's was learned: instants are shown anew.
    Clock,
}

/// Every profile and how it stands.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// In the order of the profiles file.
    pub profiles: Vec<Arc<ProfileSnapshot>>,
    /// What is wrong with the profiles file.
    pub profiles_file_mistakes: Vec<Mistake>,
}

/// One profile and how it stands.
#[derive(Clone, Debug)]
pub struct ProfileSnapshot {
    /// The configuration.
    pub profile: Arc<Profile>,
    /// What its authorization server says it can do; `None` until that was asked.
    pub capabilities: Option<Capabilities>,
    /// Signed in or not.
    pub standing: Standing,
    /// The sign-in that is under way, beside whatever session there is.
    pub attempt: Option<AttemptSnapshot>,
    /// Somebody else signed in: who was, who is now.
    pub other_person: Option<(Person, Person)>,
    /// Why the last sign-in failed, until it is dismissed or the next begins. `SignInEnded(Cancelled)` only where the
    /// browser had the page by then: it may have shown an error that goes nowhere else.
    pub failed_sign_in: Option<Error>,
    /// How it stands about asking the server why ([`AgentHandle::find_out`](crate::AgentHandle::find_out)); `None` where it
    /// has nothing to say that is not known.
    pub inquiry: Option<Inquiry>,
    /// Set while what is held would not survive a restart.
    pub memory_only: Option<VaultError>,
    /// Whether the vault is being asked for a session and has not answered yet: nobody is signed in, for all that is known.
    pub is_reading: bool,
    /// Set while the vault could not be read, so that it is not known whether there is a session.
    pub unread: Option<VaultError>,
}

/// How it stands about asking the server why a sign-in did not finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inquiry {
    /// It can be asked.
    Possible,
    /// It was, and has not answered yet.
    UnderWay,
}

/// Signed in or not.
#[derive(Clone, Debug)]
pub enum Standing {
    /// Nobody is.
    SignedOut {
        /// Why.
        because: SignedOutReason,
        /// When it ended, if there was a session in this agent's life.
        at: Option<Timestamp>,
    },
    /// Somebody is.
    SignedIn(Box<SessionSnapshot>),
}

/// A session without its secrets.
#[derive(Clone, Debug)]
pub struct SessionSnapshot {
    /// Who.
    pub person: Person,
    /// End of the access token in hand; `None` while there is none or it has no end.
    pub expires_at: Option<Timestamp>,
    /// The end of the session that no renewal puts off; `None` where it is not known.
    pub ends_at: Option<Timestamp>,
    /// Whole life of the access token in hand.
    pub lifetime: Option<Duration>,
    /// Whether there is an access token in hand that has not ended.
    pub has_access_token: bool,
    /// Whether there is a refresh token.
    pub renewable: bool,
    /// How the renewal stands.
    pub upkeep: UpkeepSnapshot,
    /// Their groups.
    pub groups: Arc<Groups>,
    /// What to compare them with; `None` where nothing is known of earlier sign-ins.
    pub groups_before: Option<Arc<GroupsBefore>>,
    /// The inside of the access token, as far as it may be told.
    pub access_token: Option<Arc<AccessTokenContent>>,
    /// Whether the access token is bound to a key (RFC 9449).
    pub is_bound: bool,
    /// How long the access token is, in bytes.
    pub access_token_size: Option<usize>,
    /// The claims of the ID token.
    pub id_token: Option<Arc<IdTokenClaims>>,
    /// How long the ID token is, in bytes.
    pub id_token_size: Option<usize>,
    /// What was granted.
    pub scopes: Scopes,
}

/// How the renewal of a session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpkeepSnapshot {
    /// Nothing to do until then.
    Waiting {
        /// When it is renewed.
        refresh_at: Timestamp,
    },
    /// A renewal is in flight.
    Refreshing,
    /// The last one failed for a reason that passes.
    Retrying {
        /// When it is tried again.
        retry_at: Timestamp,
        /// Why it failed.
        because: RenewalError,
    },
    /// The answer to the last one was lost, and the refresh token may be spent: it rests until the access token ends.
    InDoubt {
        /// When it is tried again.
        retry_at: Timestamp,
        /// How the answer was lost, or why it could not be asked for again.
        because: RenewalError,
    },
    /// The last one was refused for a reason that only an admin can lift.
    Blocked {
        /// When it is tried again all the same.
        retry_at: Timestamp,
        /// What the server said.
        because: gatepass_oidc::Error,
    },
    /// There is no refresh token: the session ends with its access token.
    None,
}

/// A person, as the ID token names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// `name`, else `preferred_username`, else `email`, else `sub`.
    pub name: String,
    /// `email`, else `preferred_username`, where it is not the name already.
    pub email: Option<String>,
}

/// The groups that a token names, or Okta's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// Names, in the server's order.
    pub names: Vec<String>,
    /// The IDs by which Okta knows them, in the same order; empty where names are all that is told.
    pub ids: Vec<String>,
    /// Where they were read.
    pub source: GroupsSource,
}

/// The groups at an earlier sign-in of the same person: at the one before this session's, or at this session's own if it
/// is the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupsBefore {
    /// When that was.
    pub at: Timestamp,
    /// Names, in the server's order.
    pub names: Vec<String>,
}

/// Where groups were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupsSource {
    /// The ID token.
    IdToken,
    /// The verified access token.
    AccessToken,
    /// What the UserInfo endpoint says.
    UserInfo,
    /// Okta's API.
    OktaApi,
    /// There is no such claim where it was looked for.
    NoClaim,
    /// Okta's API does not tell them to this person.
    ApiRefused,
    /// Okta's API does not take the admin's API token, or does not tell them to that admin.
    ApiTokenRefused,
    /// Whoever was asked gave no answer that can be used.
    NoAnswer,
    /// Okta's API is to be asked with an admin's API token, and there is none.
    NoApiToken,
    /// The keyring does not say what there is to ask with.
    KeyringSilent,
    /// They are being asked for.
    Asking,
    /// There is no token to look in or to ask with: restored and not renewed yet.
    NotYet,
}

impl GroupsSource {
    /// Whether the groups were told: an empty list says then that there are none.
    pub fn is_told(self) -> bool {
        matches!(self, Self::IdToken | Self::AccessToken | Self::UserInfo | Self::OktaApi)
    }
}

/// What a profile's client has to prove itself with, without the secrets themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientKeys {
    /// How many secrets there are. Two while one takes the place of another.
    pub n_secrets: usize,
    /// The public halves of the keys that were made here, as JWKs (RFC 7517), the newest first. Two while one takes the
    /// place of another.
    pub public_keys: Vec<String>,
    /// Whether there is an admin's API token.
    pub has_api_token: bool,
}

/// A sign-in that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptSnapshot {
    /// How far it is.
    pub stage: AttemptStage,
    /// The redirect URI in use, once one is bound.
    pub redirect_uri: Option<RedirectUri>,
    /// What is entered on another device, once the server has given it.
    pub code: Option<DeviceCode>,
    /// When it is given up.
    pub ends_at: Timestamp,
}

/// A code for signing in on another device (RFC 8628 section 3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    /// What is entered, as the server wrote it: up to 40 characters, harmless.
    pub user_code: String,
    /// Where.
    pub verification_uri: Url,
    /// The same with the code in it, for a picture that a phone reads.
    pub verification_uri_complete: Option<Url>,
}

/// How far a sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptStage {
    /// Discovering, binding.
    Preparing,
    /// The browser was started and has not come.
    OpeningBrowser,
    /// No browser came within 15 seconds.
    BrowserNotSeen,
    /// The person is busy in the browser.
    InBrowser,
    /// The person enters a code on another device.
    OnOtherDevice,
    /// The redirect came.
    Exchanging,
    /// The tokens came; the vault is storing the session. It cannot be cancelled any more.
    Storing,
}

/// A word to whoever shows notices. What must happen exactly once is not left to snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notifying {
    /// Show it.
    Show(Notice),
    /// What it says is over: take it back where it can still be seen.
    TakeBack(NoticeId),
}

/// Names a notice in the life of one agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(pub u64);

/// A one-time message to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which one.
    pub id: NoticeId,
    /// About which profile.
    pub profile: ProfileId,
    /// Its name.
    pub profile_name: String,
    /// What happened.
    pub kind: NoticeKind,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The session ended; only a sign-in helps.
    SignInNeeded(SignedOutReason),
    /// Renewal is refused; an admin must act.
    Blocked(gatepass_oidc::Error),
    /// The keyring refuses: signed in until you quit.
    MemoryOnly(VaultError),
    /// The keyring cannot be read, so that it is not known whether there is a session.
    Unread(VaultError),
    /// The session ends within a day, whatever is done: only a sign-in helps.
    EndsSoon,
    /// Somebody else signed in, and no answer can be given but in the window.
    OtherPerson,
    /// A sign-in failed, and no page of ours in the browser said so.
    SignInFailed(Error),
}
