//! What is asked about the person beside their tokens, where the profile wants it: what the issuer's UserInfo endpoint says,
//! or which groups Okta's API knows. It begins when tokens are in use, so no token and no sign-in waits for it, and nothing
//! that goes wrong with it ends anything.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::okta::{GroupsAsker, groups};
use gatepass_oidc::{ApiToken, Client, Error as OidcError, Subject, TokenSet, userinfo};
use tokio::time::timeout;

use super::Task;
use super::edges::Edges;
use super::report::{News, Reporter};
use crate::groups::Asked;
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
        let (edges, reporter) = (Arc::clone(&self.edges), self.reporter(seat));
        let one = &mut self.seats[seat];
        // Whatever is still asked for is asked as things were before.
        one.groups_question += 1;
        let (true, Some((subject, tokens))) = (one.profile.groups.from.is_asked(), one.machine.in_hand(now)) else {
            return;
        };
        let (subject, tokens) = (subject.clone(), tokens.clone());
        one.asked_groups.get_or_insert_with(|| Groups::asking().into());
        let profile = Arc::clone(&one.profile);
        let asking = Asking { edges, profile, question: one.groups_question, subject, tokens, reporter };
        // Nobody waits for it, not even whoever quits.
        drop(tokio::spawn(asking.run()));
    }

    /// Somebody answered, or not. Only the answer to the last question counts, and none after the end of the session.
    pub(super) fn groups_told(&mut self, seat: usize, question: u64, asked: Asked) {
        let one = &mut self.seats[seat];
        if question != one.groups_question || one.is_removed {
            return;
        }
        // That there was no answer says nothing of what was told before.
        let is_told = |known: &Arc<Groups>| known.source.is_told();
        if !(asked.is_nothing() && one.asked_groups.as_ref().is_some_and(is_told)) {
            one.asked_groups = Some(Groups::asked(asked, &one.profile.groups).into());
        }
        self.compare_groups(seat, CauseKind::GroupsTold);
        self.publish(CauseKind::GroupsTold, Some(seat));
    }
}

/// With what the question is asked, beside the tokens in hand.
enum By {
    Person(Client),
    Admin(ApiToken),
}

/// One question.
struct Asking {
    edges: Arc<Edges>,
    profile: Arc<Profile>,
    /// Which of this profile's.
    question: u64,
    subject: Subject,
    tokens: TokenSet,
    reporter: Reporter,
}

impl Asking {
    async fn run(self) {
        let (question, reporter) = (self.question, self.reporter.clone());
        // What makes the code panic which reads it is no answer either.
        let asked = tokio::spawn(async move { self.ask().await }).await;
        reporter.tell(News::GroupsTold(question, asked.unwrap_or(Asked::NoAnswer)));
    }

    async fn ask(&self) -> Asked {
        self.try_to().await.unwrap_or_else(|error| {
            tracing::info!(profile = %self.profile.id, %error, "nothing is told about the person");
            match error {
                Error::Vault(_) => Asked::Unread,
                _ => Asked::NoAnswer,
            }
        })
    }

    async fn try_to(&self) -> Result<Asked, Error> {
        let Self { edges, profile, subject, tokens, .. } = self;
        let (credentials, http, from) = (&edges.credentials, &edges.http, profile.groups.from);
        let by = match from {
            GroupsFrom::AdminToken => match credentials.api_token(profile).await? {
                Some(token) => By::Admin(token),
                None => return Ok(Asked::NoApiToken),
            },
            _ => By::Person(credentials.client(profile).await?),
        };
        let provider = edges.provider(profile).await?;
        let now = edges.now(profile);
        let asking = async {
            let asker = match &by {
                By::Person(client) if from == GroupsFrom::UserInfo => {
                    return userinfo(tokens, subject, &provider, client, http, now).await.map(Asked::UserInfo);
                }
                By::Person(client) => GroupsAsker::Person(tokens, client),
                By::Admin(token) => GroupsAsker::Admin(token),
            };
            groups(subject, asker, &provider, http, now).await.map(Asked::Groups)
        };
        match timeout(PATIENCE, asking).await {
            Ok(Err(error @ OidcError::Refused { .. })) => {
                tracing::info!(profile = %profile.id, %error, "whoever asks about the person is refused");
                Ok(Asked::Refused)
            }
            Ok(asked) => Ok(asked?),
            Err(_) => Ok(Asked::NoAnswer),
        }
    }
}
