//! What is asked of the task by those who hold an [`AgentHandle`](crate::AgentHandle).

use gatepass_oidc::{AccessToken, ApiToken, AuthorizationResponse, ClientSecret, DpopProof};
use tokio::sync::oneshot;
use url::Url;

use crate::{
    ClientKeys, Direction, Error, GrantedToken, MinValidity, Profile, ProfileId, SignInOptions, SignOutOptions,
};

/// Where the answer goes. That nobody waits for it any more is no matter.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, Error>>;

/// What is wanted of a profile's credentials, beside to be told of them.
pub(crate) enum KeyWish {
    Tell,
    AddSecret(ClientSecret),
    MakeKey,
    /// `None`: forget it.
    SetApiToken(Option<ApiToken>),
}

/// A call of a resource server that is to be proved.
pub(crate) struct Proven {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) access_token: AccessToken,
    /// The thumbprint of the key that it is bound to.
    pub(crate) jkt: String,
}

/// One wish. Each has its answer, and a task that ends drops it unanswered.
pub(crate) enum Command {
    SignIn(ProfileId, SignInOptions, Answer<()>),
    CancelSignIn(ProfileId, Answer<()>),
    SignInLink(ProfileId, Answer<Url>),
    AnswerOtherPerson(ProfileId, bool, Answer<()>),
    Refresh(ProfileId, Answer<()>),
    AccessToken(ProfileId, MinValidity, Answer<GrantedToken>),
    SignOut(ProfileId, SignOutOptions, Answer<()>),
    DismissProblem(ProfileId, Answer<()>),
    FindOut(ProfileId, Answer<()>),
    AddProfile(Profile, Answer<ProfileId>),
    RemoveProfile(ProfileId, Answer<()>),
    EditProfile(Profile, bool, Answer<()>),
    MoveProfile(ProfileId, Direction, Answer<()>),
    ClientKeys(ProfileId, KeyWish, Answer<ClientKeys>),
    Prove(ProfileId, Proven, Answer<DpopProof>),
    /// For the further audience of this name, with the access token of the session.
    ExchangeToken(ProfileId, String, AccessToken, Answer<GrantedToken>),
    /// The redirect without its query, and what the query says. The answer is whether an attempt took it.
    DeliverRedirect(String, AuthorizationResponse, oneshot::Sender<bool>),
    FallingAsleep,
    LookAgain,
    LookAtProfiles,
    NetworkChanged,
    Quit(oneshot::Sender<()>),
}
