//! What is done to profiles: added, edited, duplicated, handed on.

use gatepass_agent::{Error, Profile};
use gatepass_wire::{Answer, CopiedThing, Problem, ProfileDraft};

use super::Subject;
use crate::text::people_text;
use crate::{App, import, problem, report};

pub(super) async fn add(app: &App, draft: &ProfileDraft) -> Result<Answer, Problem> {
    let profile = report::read(draft).map_err(|wrong| problem::not_a_profile(&wrong))?;
    add_as_is(app, profile).await
}

/// Whoever would lose a session by it is asked first: nothing is done without their word.
pub(super) async fn edit(
    app: &App,
    one: &Subject,
    draft: &ProfileDraft,
    may_sign_out: bool,
) -> Result<Answer, Problem> {
    let edited = report::edited(one.profile(), draft).map_err(|wrong| problem::not_a_profile(&wrong))?;
    match app.agent().edit_profile(edited, may_sign_out).await {
        Err(Error::WouldSignOut) => Ok(Answer::SignsOut),
        done => one.done(done),
    }
}

pub(super) async fn duplicate(app: &App, one: &Subject, name: &str) -> Result<Answer, Problem> {
    let name = people_text(name.trim(), 100);
    let name = if name.is_empty() { one.profile().name.clone() } else { name };
    add_as_is(app, Profile { id: gatepass_agent::ProfileId::of_name(&name), name, ..one.profile().clone() }).await
}

/// The profile as somebody else can import it.
pub(super) fn exported(profile: &Profile, as_link: bool) -> (CopiedThing, String) {
    if as_link {
        (CopiedThing::ProfileLink, import::link(profile))
    } else {
        (CopiedThing::ProfileText, profile.to_toml())
    }
}

async fn add_as_is(app: &App, profile: Profile) -> Result<Answer, Problem> {
    match app.agent().add_profile(profile.clone()).await {
        Ok(id) => Ok(Answer::Added { profile: id.to_string() }),
        Err(error) => Err(problem::describe(&error, &profile)),
    }
}
