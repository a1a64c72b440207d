//! What is asked about the person beside their tokens, where the profile wants it: what the issuer's UserInfo endpoint says,
//! or which groups Okta's API knows. It begins when tokens are in use, so no token and no sign-in waits for it, and nothing
//! that goes wrong with it ends anything.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::okta::{GroupsAsker, groups};
use gatepass_oidc::{Error as OidcError, Subject, TokenSet, userinfo};
use tokio::time::timeout;

use super::Task;
use super::edges::Edges;
use super::report::{News, Reporter};
use crate::groups::Asked;
use crate::session::Generation;
use crate::{CauseKind, Error, Groups, GroupsFrom, Profile};

/// How long an answer is waited for. A list of groups is cut into pages that come one after the other.
const PATIENCE: Duration = Duration::from_secs(60);

impl Task {
    /// Asks about the person once there are new tokens to ask with.
    pub(super) fn ask_about_person(&mut self, seat: usize, kind: CauseKind) {
        match kind {
            CauseKind::SignedIn | CauseKind::SignedOut | CauseKind::Ended => self.seats[seat].asked_groups = None,
            CauseKind::Renewed => {}
            _ => return,
        }
        self.ask_for_groups(seat);
    }

    /// Asks for the groups with the tokens in hand, if they are to be asked for and somebody is signed in.
    pub(super) fn ask_for_groups(&mut self, seat: usize) {
        let now = self.now(seat);
        let reporter = self.reporter(seat);
        let one = &self.seats[seat];
        let (true, Some((subject, tokens))) = (one.profile.groups.from.is_asked(), one.machine.in_hand(now)) else {
            return;
        };
        let asking = Asking {
            edges: Arc::clone(&self.edges),
            profile: Arc::clone(&one.profile),
            generation: one.machine.generation(),
            subject: subject.clone(),
            tokens: tokens.clone(),
            reporter,
        };
        // Nobody waits for it, not even whoever quits.
        drop(tokio::spawn(asking.run()));
    }

    /// Somebody answered, or not. An answer to what is not wanted any more says nothing.
    pub(super) fn groups_told(&mut self, seat: usize, generation: Generation, profile: &Profile, asked: Asked) {
        let one = &mut self.seats[seat];
        if generation != one.machine.generation() || one.profile.groups != profile.groups || one.is_removed {
            return;
        }
        let groups = Groups::asked(asked, &profile.groups);
        // That there was no answer says nothing of what was told before.
        let is_told = |known: &Arc<Groups>| known.source.is_told();
        if !(groups.is_unanswered() && one.asked_groups.as_ref().is_some_and(is_told)) {
            one.asked_groups = Some(groups.into());
        }
        self.compare_groups(seat, CauseKind::GroupsTold);
        self.publish(CauseKind::GroupsTold, Some(seat));
    }
}

/// One question.
struct Asking {
    edges: Arc<Edges>,
    profile: Arc<Profile>,
    generation: Generation,
    subject: Subject,
    tokens: TokenSet,
    reporter: Reporter,
}

impl Asking {
    async fn run(self) {
        let (profile, generation, reporter) = (Arc::clone(&self.profile), self.generation, self.reporter.clone());
        // What makes the code panic which reads it is no answer either.
        let asked = tokio::spawn(async move { timeout(PATIENCE, self.ask()).await });
        let asked = match asked.await {
            Ok(Ok(asked)) => asked,
            Ok(Err(_)) | Err(_) => Asked::NoAnswer,
        };
        reporter.tell(News::GroupsTold(generation, profile, asked));
    }

    async fn ask(&self) -> Asked {
        let error = match self.try_to().await {
            Ok(asked) => return asked,
            Err(error) => error,
        };
        tracing::info!(profile = %self.profile.id, %error, "nothing is told about the person");
        match error {
            Error::Oidc(OidcError::Refused { .. }) => Asked::Refused,
            Error::Oidc(_) => Asked::NoAnswer,
            // The keyring has what is to be asked with.
            _ => Asked::Unread,
        }
    }

    async fn try_to(&self) -> Result<Asked, Error> {
        let Self { edges, profile, subject, tokens, .. } = self;
        let (credentials, http) = (&edges.credentials, &edges.http);
        let list = async |asker| {
            let (provider, now) = (edges.provider(profile).await?, edges.now(profile));
            Ok::<_, Error>(Asked::Groups(groups(subject, asker, &provider, http, now).await?))
        };
        match profile.groups.from {
            GroupsFrom::AdminToken => match credentials.api_token(profile).await? {
                Some(token) => list(GroupsAsker::Admin(&token)).await,
                None => Ok(Asked::NoApiToken),
            },
            GroupsFrom::OktaApi => {
                let client = credentials.client(profile).await?;
                list(GroupsAsker::Person(tokens, &client)).await
            }
            GroupsFrom::UserInfo | GroupsFrom::Tokens | GroupsFrom::IdToken | GroupsFrom::AccessToken => {
                let client = credentials.client(profile).await?;
                let (provider, now) = (edges.provider(profile).await?, edges.now(profile));
                Ok(Asked::UserInfo(userinfo(tokens, subject, &provider, &client, http, now).await?))
            }
        }
    }
}
