//! What is wrong with a profile, and what an admin must be told of it.

use gatepass_agent as agent;
use gatepass_oidc::{Error as OidcError, RedirectUri, Timestamp};
use gatepass_wire as wire;

use crate::note::{self, Answered};
use crate::problem;

/// What is wrong, before it is put into words.
pub(super) enum Trouble<'a> {
    SignIn(&'a agent::Error),
    Ended(&'a agent::SignedOutReason),
    Retrying(&'a agent::RenewalError),
    InDoubt(&'a agent::RenewalError),
    Blocked(&'a OidcError),
    Unread(agent::VaultError),
}

impl<'a> Trouble<'a> {
    /// The one to show: what the person did last comes before what happened by itself.
    pub(super) fn of(one: &'a agent::ProfileSnapshot) -> Option<Self> {
        use agent::{SignedOutReason, Standing, UpkeepSnapshot};
        if let Some(failed) = &one.failed_sign_in {
            return Some(Self::SignIn(failed));
        }
        match &one.standing {
            Standing::SignedIn(session) => match &session.upkeep {
                UpkeepSnapshot::Retrying { because, .. } => Some(Self::Retrying(because)),
                UpkeepSnapshot::InDoubt { because, .. } => Some(Self::InDoubt(because)),
                UpkeepSnapshot::Blocked { because, .. } => Some(Self::Blocked(because)),
                UpkeepSnapshot::Waiting { .. } | UpkeepSnapshot::Refreshing | UpkeepSnapshot::None => None,
            },
            Standing::SignedOut { because, .. } => match because {
                SignedOutReason::Refused { .. }
                | SignedOutReason::AnswerLost { .. }
                | SignedOutReason::NotKept
                | SignedOutReason::Expired => Some(Self::Ended(because)),
                SignedOutReason::NeverSignedIn | SignedOutReason::SignedOut => None,
            },
        }
        .or(one.unread.map(Self::Unread))
    }

    pub(super) fn in_words(&self, one: &agent::ProfileSnapshot) -> wire::Problem {
        let profile = &one.profile;
        match self {
            Self::SignIn(failed) => wire::Problem { inquiry: inquiry(one), ..problem::failed_sign_in(failed, profile) },
            Self::Ended(because) => problem::sign_in_required(because),
            Self::Retrying(because) => problem::offline(because, profile),
            Self::InDoubt(because) => problem::in_doubt(because, profile),
            Self::Blocked(because) => problem::blocked(because, profile),
            Self::Unread(because) => problem::unread(*because),
        }
    }

    /// What the server answered, where that is what is wrong.
    fn answered(&self) -> Option<Answered<'a>> {
        use agent::SignedOutReason;
        let error = match self {
            Self::SignIn(agent::Error::Oidc(error) | agent::Error::RequestRefused { error, .. }) => error,
            Self::Retrying(agent::RenewalError::Oidc(error)) | Self::InDoubt(agent::RenewalError::Oidc(error)) => error,
            Self::Blocked(error) => error,
            // The one answer to a renewal that ends a session (RFC 6749 section 5.2).
            Self::Ended(
                SignedOutReason::Refused { request_id, .. } | SignedOutReason::AnswerLost { request_id, .. },
            ) => {
                let request_id = request_id.as_deref();
                return Some(Answered { code: Some("invalid_grant"), status: 400, request_id });
            }
            Self::SignIn(_) | Self::Retrying(_) | Self::InDoubt(_) | Self::Ended(_) | Self::Unread(_) => return None,
        };
        match error {
            OidcError::Refused { code, status, request_id, .. } => {
                Some(Answered { code: Some(code), status: *status, request_id: request_id.as_deref() })
            }
            OidcError::Busy { status, .. } => Some(Answered { code: None, status: *status, request_id: None }),
            _ => None,
        }
    }
}

/// Whether the server can be asked why the sign-in did not finish: it has to take requests ahead of the browser (RFC 9126).
fn inquiry(one: &agent::ProfileSnapshot) -> Option<wire::Inquiry> {
    one.capabilities.filter(|can| can.pushed_authorization)?;
    one.inquiry.map(|inquiry| match inquiry {
        agent::Inquiry::Possible => wire::Inquiry::Possible,
        agent::Inquiry::UnderWay => wire::Inquiry::UnderWay,
    })
}

/// What is known of a profile's trouble from the snapshots before.
#[derive(Default)]
pub(super) struct Trail {
    /// In use at the last sign-in, once one was bound.
    redirect_uri: Option<RedirectUri>,
    /// Code and quotation of the problem, and since when it is there.
    since: Option<(String, Option<String>, Timestamp)>,
}

impl Trail {
    /// Takes note of a snapshot of the profile, and writes the note for an admin where there is something for one.
    pub(super) fn follow(
        &mut self,
        one: &agent::ProfileSnapshot,
        drawn: &mut wire::Profile,
        version: &str,
        now: Timestamp,
    ) {
        if let Some(attempt) = &one.attempt {
            self.redirect_uri.clone_from(&attempt.redirect_uri);
        }
        let Some(problem) = &mut drawn.problem else {
            self.since = None;
            return;
        };
        let known = self.since.take().filter(|(code, quote, _)| *code == problem.code && *quote == problem.quote);
        let since = known.map_or(now, |(_, _, since)| since);
        self.since = Some((problem.code.clone(), problem.quote.clone(), since));
        let ended_at = match one.standing {
            agent::Standing::SignedOut { at, .. } if one.failed_sign_in.is_none() => at,
            _ => None,
        };
        let refused_with = match &one.failed_sign_in {
            Some(agent::Error::RequestRefused { redirect_uri, .. }) => Some(&**redirect_uri),
            _ => None,
        };
        let facts = note::Facts {
            problem,
            answered: Trouble::of(one).and_then(|trouble| trouble.answered()),
            profile: &one.profile,
            redirect_uri: refused_with.or(self.redirect_uri.as_ref()),
            at: ended_at.unwrap_or(since),
            version,
        };
        problem.note = note::for_admin(&facts);
    }
}

#[cfg(test)]
mod tests;
