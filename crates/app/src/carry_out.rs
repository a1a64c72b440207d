//! What is done about each [`Intent`]: the one place where a wish of a frontend meets the agent.

#![expect(clippy::result_large_err, reason = "a problem is moved once, into the answer")]

use std::sync::Arc;

use gatepass_agent::{
    Direction, Error, MinValidity, Profile, ProfileId, ProfileSnapshot, SessionSnapshot, SignInOptions, SignInWay,
    SignOutOptions, Standing,
};
use gatepass_oidc::TokenType;
use gatepass_wire::{Answer, CopiedThing, CopyFormat, Intent, Millis, Problem, Receipt};
use url::Url;

use crate::app::Offer;
use crate::convert::millis;
use crate::text::{MAX_GROUP, people_text};
use crate::{Activity, App, Clip, ShellRequest, import, invitation, problem, report};

mod keys;
mod profiles;
mod settings;
mod token;

/// Entries of the activity that one answer has: more than a busy week of one profile.
const MAX_ACTIVITY: usize = 500;

/// Does it, or says why not.
pub(crate) async fn carry_out(app: &App, intent: Intent) -> Answer {
    attempt(app, intent).await.unwrap_or_else(Answer::Refused)
}

async fn attempt(app: &App, intent: Intent) -> Result<Answer, Problem> {
    let agent = app.agent();
    match intent {
        Intent::SignIn { profile, as_someone_else, with_code } => {
            let one = Subject::find(app, &profile)?;
            let way = if with_code { SignInWay::Code } else { SignInWay::Browser };
            one.done(agent.sign_in(&one.id, SignInOptions { as_someone_else, way }).await)
        }
        Intent::ClientKeys { profile } => keys::told(app, &Subject::find(app, &profile)?).await,
        Intent::TakeClientSecret { profile } => keys::take_secret(app, &Subject::find(app, &profile)?).await,
        Intent::TakeApiToken { profile } => keys::take_api_token(app, &Subject::find(app, &profile)?).await,
        Intent::ForgetApiToken { profile } => keys::forget_api_token(app, &Subject::find(app, &profile)?).await,
        Intent::MakeClientKey { profile } => keys::make(app, &Subject::find(app, &profile)?).await,
        Intent::CopyPublicKey { profile, key } => keys::copy(app, &Subject::find(app, &profile)?, &key).await,
        Intent::CopyCurl { profile, method, url } => {
            copy_curl(app, &Subject::find(app, &profile)?, &method, &url).await
        }
        Intent::CopyCode { profile } => {
            let one = Subject::find(app, &profile)?;
            let code = one.now.attempt.as_ref().and_then(|attempt| attempt.code.as_ref());
            copy(app, &one, CopiedThing::Code, &code.ok_or_else(problem::nothing_to_copy)?.user_code, None).await
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
        Intent::SignOut { profile, in_browser } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.sign_out(&one.id, SignOutOptions { in_browser }).await)
        }
        Intent::DismissProblem { profile } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.dismiss_problem(&one.id).await)
        }
        Intent::FindOut { profile } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.find_out(&one.id).await)
        }
        Intent::CopyAccessToken { profile } => copy_token(app, &Subject::find(app, &profile)?, CopyFormat::Token).await,
        Intent::Copy { profile, what } => copy_token(app, &Subject::find(app, &profile)?, what).await,
        Intent::CopyTokenFor { profile, audience } => {
            copy_token_for(app, &Subject::find(app, &profile)?, &audience).await
        }
        Intent::CopyGroup { profile, group } => copy_group(app, &Subject::find(app, &profile)?, &group).await,
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
        Intent::CopyNoteForAdmin { profile } => copy_note(app, &Subject::find(app, &profile)?).await,
        Intent::Activity { profile } => {
            let one = Subject::find(app, &profile)?;
            let is_about = |about: &Option<String>| about.as_deref().is_none_or(|about| about == one.id.as_str());
            let all = app.activity().await.into_iter().rev();
            Ok(Answer::Activity { entries: all.filter(|entry| is_about(&entry.profile)).take(MAX_ACTIVITY).collect() })
        }
        Intent::CheckProfile { draft } => {
            Ok(Answer::Report(report::report(&draft, app.http(), app.clock().now()).await))
        }
        Intent::AddProfile { draft } => profiles::add(app, &draft).await,
        Intent::EditProfile { profile, draft, may_sign_out } => {
            profiles::edit(app, &Subject::find(app, &profile)?, &draft, may_sign_out).await
        }
        Intent::DuplicateProfile { profile, name } => {
            profiles::duplicate(app, &Subject::find(app, &profile)?, &name).await
        }
        Intent::MoveProfile { profile, up } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.move_profile(&one.id, if up { Direction::Up } else { Direction::Down }).await)
        }
        Intent::RemoveProfile { profile } => {
            let one = Subject::find(app, &profile)?;
            one.done(agent.remove_profile(&one.id).await)
        }
        Intent::CopyProfile { profile, as_link } => {
            let one = Subject::find(app, &profile)?;
            let (what, text) = profiles::exported(one.profile(), as_link);
            copy(app, &one, what, &text, None).await
        }
        Intent::SaveProfile { profile } => profiles::save(app, &Subject::find(app, &profile)?).await,
        Intent::ReadProfile { text } => match import::read(&text) {
            Ok(draft) => Ok(Answer::Draft(draft)),
            Err(reason) => Err(problem::not_an_import(reason)),
        },
        Intent::TakeOffered { draft } => {
            app.take_offered(&Offer::Profile(draft.into()));
            Ok(Answer::Done)
        }
        Intent::AnswerInvitation { profile, accept } => {
            let one = Subject::find(app, &profile)?;
            if app.take_offered(&Offer::SignIn(one.id.clone())) && accept {
                return one.done(agent.sign_in(&one.id, SignInOptions::default()).await);
            }
            Ok(Answer::Done)
        }
        Intent::ChangeSettings { settings } => settings::change(app, settings).await,
        Intent::Places => Ok(Answer::Places { places: app.places() }),
        Intent::CopyPlace { of } => settings::copy_place(app, of).await,
        Intent::CopyDiagnostics { with_names } => settings::copy_diagnostics(app, with_names).await,
        Intent::DeliverRedirect { redirect } => {
            deliver(app, &redirect.0).await;
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

/// What the system's link handler brought. A sign-in that waits for it comes first: its redirect URI may be spelled like a
/// link to a profile. Any program can open such links, so one that is neither brings nothing forward, and nothing of it is
/// written down: it may have a code in it.
async fn deliver(app: &App, link: &str) {
    let taken = match Url::parse(link) {
        Ok(redirect) => app.agent().deliver_redirect(redirect).await,
        Err(_) => false,
    };
    if taken {
        return;
    }
    let present = app.agent().watch().borrow().clone();
    if let Some(profile) = invitation::profile_of(link, present.snapshot.profiles.iter().map(with_standing)) {
        return app.offer(Offer::SignIn(profile));
    }
    if !import::is_link(link) {
        return tracing::info!("a redirect that no sign-in waits for was ignored");
    }
    match import::read(link) {
        Ok(draft) => app.offer(Offer::Profile(draft.into())),
        Err(reason) => tracing::info!(?reason, "a link to a profile was ignored"),
    }
}

fn with_standing(one: &Arc<ProfileSnapshot>) -> (&Profile, bool) {
    (&one.profile, matches!(one.standing, Standing::SignedIn(_)))
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

    fn session(&self) -> Option<&SessionSnapshot> {
        match &self.now.standing {
            Standing::SignedIn(session) => Some(session),
            Standing::SignedOut { .. } => None,
        }
    }

    fn problem(&self, error: &Error) -> Problem {
        problem::describe(error, self.profile())
    }

    fn done(&self, result: Result<(), Error>) -> Result<Answer, Problem> {
        result.map(|()| Answer::Done).map_err(|error| self.problem(&error))
    }
}

async fn copy_token(app: &App, one: &Subject, what: CopyFormat) -> Result<Answer, Problem> {
    let granted =
        app.agent().access_token(&one.id, MinValidity::ForCopying).await.map_err(|error| one.problem(&error))?;
    let scopes = one.session().map(|session| &session.scopes);
    let text = token::in_format(what, &granted, one.profile(), scopes, app.clock().now())?;
    // The ID token's own end is no matter: it has told who signed in, and opens nothing.
    let expires_at = granted.expires_at.filter(|_| what != CopyFormat::IdToken).map(millis);
    copy(app, one, token::copied(what), &text, expires_at).await
}

async fn copy_token_for(app: &App, one: &Subject, audience: &str) -> Result<Answer, Problem> {
    let granted = app.agent().access_token_for(&one.id, audience).await.map_err(|error| one.problem(&error))?;
    let text = token::in_format(CopyFormat::Token, &granted, one.profile(), None, app.clock().now())?;
    copy(app, one, CopiedThing::ExchangedToken, &text, granted.expires_at.map(millis)).await
}

/// A command that calls `url`. What an address can have in it that a shell or a server reads otherwise than a browser is
/// refused rather than mended.
async fn copy_curl(app: &App, one: &Subject, method: &str, url: &str) -> Result<Answer, Problem> {
    let call = token::Call::read(method, url)?;
    let granted =
        app.agent().access_token(&one.id, MinValidity::ForCopying).await.map_err(|error| one.problem(&error))?;
    let proof = match &granted.token_type {
        TokenType::Bearer => None,
        TokenType::Dpop { jkt } => {
            let (token, jkt) = (granted.access_token.clone(), jkt.clone());
            let proof = app.agent().prove_possession(&one.id, call.method(), call.url().clone(), token, jkt).await;
            Some(proof.map_err(|error| one.problem(&error))?)
        }
    };
    let text = call.as_curl(&granted, proof.as_ref())?;
    copy(app, one, CopiedThing::Curl, &text, granted.expires_at.map(millis)).await
}

async fn copy_groups(app: &App, one: &Subject) -> Result<Answer, Problem> {
    let names = one.session().map_or(&[][..], |session| &session.groups.names);
    if names.is_empty() {
        return Err(problem::nothing_to_copy());
    }
    copy(app, one, CopiedThing::Groups, &one_a_line(names), None).await
}

/// Only a name or an ID that a window was told: what is pasted is then what was seen.
async fn copy_group(app: &App, one: &Subject, group: &str) -> Result<Answer, Problem> {
    let present = app.changes().borrow().clone();
    let shown = present.snapshot.profiles.iter().find(|profile| profile.id == one.id.as_str());
    let groups = shown.and_then(|profile| profile.session.as_ref()).map(|session| &session.groups);
    let is_among = |told: &[String]| told.iter().any(|told| told == group);
    let what = match groups {
        Some(groups) if is_among(&groups.names) || is_among(&groups.left) => CopiedThing::Group,
        Some(groups) if is_among(&groups.ids) => CopiedThing::GroupId,
        Some(_) | None => return Err(problem::nothing_to_copy()),
    };
    copy(app, one, what, group, None).await
}

/// The one that the window was told of: what is pasted is then about what was seen.
async fn copy_note(app: &App, one: &Subject) -> Result<Answer, Problem> {
    let present = app.changes().borrow().clone();
    let shown = present.snapshot.profiles.iter().find(|profile| profile.id == one.id.as_str());
    let note = shown.and_then(|profile| profile.problem.as_ref()?.note.as_deref());
    copy(app, one, CopiedThing::AdminNote, note.ok_or_else(problem::nothing_to_copy)?, None).await
}

/// Group names as they are drawn, so that no name can pass for two.
fn one_a_line(names: &[String]) -> String {
    let lines: Vec<_> = names.iter().map(|name| people_text(name, MAX_GROUP)).collect();
    lines.join("\n")
}

async fn copy(
    app: &App,
    one: &Subject,
    what: CopiedThing,
    text: &str,
    expires_at: Option<Millis>,
) -> Result<Answer, Problem> {
    copy_for(app, Some(one.id.as_str()), what, text, expires_at).await
}

/// Through the shell to the clipboard. Only what has a token in it is concealed.
async fn copy_for(
    app: &App,
    profile: Option<&str>,
    what: CopiedThing,
    text: &str,
    expires_at: Option<Millis>,
) -> Result<Answer, Problem> {
    let conceal = token::is_in(what);
    let clears_at = app.copy(Clip::new(text), conceal).await.map_err(|reason| problem::clipboard_failed(&reason))?;
    app.record(profile, Activity::Copied { thing: what });
    Ok(Answer::Copied(Receipt { what, expires_at, clears_at }))
}

#[cfg(test)]
mod tests;
