//! What is done about each [`Intent`]: the one place where a wish of a frontend meets the agent.

#![expect(clippy::result_large_err, reason = "a problem is moved once, into the answer")]

use std::sync::Arc;

use gatepass_agent::{Error, MinValidity, Profile, ProfileId, ProfileSnapshot, SignInOptions};
use gatepass_wire::{Answer, CopiedThing, Intent, Millis, Problem, ProfileDraft, Receipt};
use url::Url;

use crate::convert::millis;
use crate::text::{MAX_GROUP, people_text};
use crate::{Activity, App, Clip, ShellRequest, problem, report};

/// Does it, or says why not.
pub(crate) async fn carry_out(app: &App, intent: Intent) -> Answer {
    attempt(app, intent).await.unwrap_or_else(Answer::Refused)
}

async fn attempt(app: &App, intent: Intent) -> Result<Answer, Problem> {
    let agent = app.agent();
    match intent {
        Intent::SignIn { profile, as_someone_else } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.sign_in(&one.id, SignInOptions { as_someone_else }).await)
        }
        Intent::CancelSignIn { profile } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.cancel_sign_in(&one.id).await)
        }
        Intent::AnswerOtherPerson { profile, replace } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.answer_other_person(&one.id, replace).await)
        }
        Intent::Refresh { profile } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.refresh(&one.id).await)
        }
        Intent::SignOut { profile } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.sign_out(&one.id).await)
        }
        Intent::DismissProblem { profile } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.dismiss_problem(&one.id).await)
        }
        Intent::CopyAccessToken { profile } => copy_access_token(app, &Subject::find(app, &profile)?).await,
        Intent::CopyGroups { profile } => copy_groups(app, &Subject::find(app, &profile)?).await,
        Intent::CopySignInLink { profile } => {
            let one = Subject::find(app, &profile)?;
            let link = agent.sign_in_link(&one.id).await.map_err(|error| one.problem(&error))?;
            copy(app, &one, CopiedThing::SignInLink, link.as_str(), None).await
        }
        Intent::CopyRedirectUri { profile } => {
            let one = Subject::find(app, &profile)?;
            let in_use = one.now.attempt.as_ref().and_then(|attempt| attempt.redirect_uri.as_ref());
            let uri = in_use.or(one.profile().redirect_uris.first()).ok_or_else(problem::nothing_to_copy)?;
            copy(app, &one, CopiedThing::RedirectUri, uri.as_str(), None).await
        }
        Intent::CheckProfile { draft } => {
            Ok(Answer::Report(report::report(&draft, app.http(), app.clock().now()).await))
        }
        Intent::AddProfile { draft } => add_profile(app, &draft).await,
        Intent::DeliverRedirect { redirect } => {
            let taken = match Url::parse(&redirect.0) {
                Ok(redirect) => agent.deliver_redirect(redirect).await,
                Err(_) => false,
            };
            if !taken {
                // Any program can open such a link. Nothing of it is written down: it may have a code in it.
                tracing::info!("a redirect that no sign-in waits for was ignored");
            }
            Ok(Answer::Done)
        }
        Intent::ShowWindow => {
            app.show_window();
            Ok(Answer::Done)
        }
        Intent::Quit => {
            app.ask_shell(ShellRequest::Quit);
            Ok(Answer::Done)
        }
    }
}

/// The profile that an intent is about, as it is now.
struct Subject {
    id: ProfileId,
    now: Arc<ProfileSnapshot>,
}

impl Subject {
    fn find(app: &App, id: &str) -> Result<Self, Problem> {
        let id = ProfileId::parse(id).ok_or_else(problem::no_such_profile)?;
        let changes = app.agent().watch();
        let present = changes.borrow();
        let now = present.snapshot.profiles.iter().find(|one| one.profile.id == id).cloned();
        Ok(Self { id, now: now.ok_or_else(problem::no_such_profile)? })
    }

    fn profile(&self) -> &Profile {
        &self.now.profile
    }

    fn problem(&self, error: &Error) -> Problem {
        problem::describe(error, self.profile())
    }

    fn done(&self, result: Result<(), Error>) -> Result<Answer, Problem> {
        result.map(|()| Answer::Done).map_err(|error| self.problem(&error))
    }
}

async fn copy_access_token(app: &App, one: &Subject) -> Result<Answer, Problem> {
    let granted =
        app.agent().access_token(&one.id, MinValidity::ForCopying).await.map_err(|error| one.problem(&error))?;
    let token = granted.access_token.expose();
    if !is_b64token(token) {
        return Err(problem::token_not_copyable());
    }
    copy(app, one, CopiedThing::AccessToken, token, granted.expires_at.map(millis)).await
}

async fn copy_groups(app: &App, one: &Subject) -> Result<Answer, Problem> {
    let names = match &one.now.standing {
        gatepass_agent::Standing::SignedIn(session) => &session.groups.names[..],
        gatepass_agent::Standing::SignedOut { .. } => &[],
    };
    if names.is_empty() {
        return Err(problem::nothing_to_copy());
    }
    copy(app, one, CopiedThing::Groups, &one_a_line(names), None).await
}

/// Group names as they are drawn, so that no name can pass for two.
fn one_a_line(names: &[String]) -> String {
    let lines: Vec<_> = names.iter().map(|name| people_text(name, MAX_GROUP)).collect();
    lines.join("\n")
}

/// Through the shell to the clipboard. Only a token is concealed.
async fn copy(
    app: &App,
    one: &Subject,
    what: CopiedThing,
    text: &str,
    expires_at: Option<Millis>,
) -> Result<Answer, Problem> {
    let conceal = what == CopiedThing::AccessToken;
    let clears_at = app.copy(Clip::new(text), conceal).await.map_err(|reason| problem::clipboard_failed(&reason))?;
    app.record(Some(one.id.as_str()), Activity::Copied { thing: what });
    Ok(Answer::Copied(Receipt { what, expires_at, clears_at }))
}

async fn add_profile(app: &App, draft: &ProfileDraft) -> Result<Answer, Problem> {
    let profile = report::read(draft).map_err(|wrong| problem::not_a_profile(&wrong))?;
    match app.agent().add_profile(profile.clone()).await {
        Ok(id) => Ok(Answer::Added { profile: id.to_string() }),
        Err(error) => Err(problem::describe(&error, &profile)),
    }
}

/// Whether `token` is a `b64token` (RFC 6750 section 2.1), which is what may stand in an `Authorization` header. Nothing
/// else is copied: a quote or a newline would end a string, or run a command, where it is pasted.
fn is_b64token(token: &str) -> bool {
    let body = token.trim_end_matches('=');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && body.bytes().all(allowed)
}

#[cfg(test)]
mod tests;
