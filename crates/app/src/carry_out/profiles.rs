//! What is done to profiles: added, edited, duplicated, handed on.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gatepass_agent::{Error, Profile};
use gatepass_wire::{Answer, CopiedThing, Problem, ProfileDraft};

use super::Subject;
use crate::text::people_text;
use crate::{App, import, problem, report};

pub(super) async fn add(app: &App, draft: &ProfileDraft) -> Result<Answer, Problem> {
    let profile = report::read(draft).map_err(|wrong| problem::not_a_profile(&wrong))?;
    add_as_is(app, profile).await
}

/// The longest path that is told whole.
const MAX_PATH: usize = 1000;

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

/// As a file of its own: another of that name is left as it is.
pub(super) async fn save(app: &App, one: &Subject) -> Result<Answer, Problem> {
    let (folder, id, text) = (app.exports().to_owned(), one.id.clone(), one.profile().to_toml());
    let saving = tokio::task::spawn_blocking(move || save_new(&folder, id.as_str(), &text));
    match saving.await.unwrap_or_else(|_| Err(io::Error::other("it was not written"))) {
        Ok(path) => Ok(Answer::Saved { path: people_text(&path.display().to_string(), MAX_PATH) }),
        Err(error) => Err(problem::not_saved(&app.exports().display().to_string(), &error)),
    }
}

fn save_new(folder: &Path, id: &str, text: &str) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let names = std::iter::once(String::new()).chain((2..100).map(|n| format!("-{n}")));
    for name in names.map(|number| format!("gatepass-{id}{number}.toml")) {
        let path = folder.join(name);
        match std::fs::File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            file => return file?.write_all(text.as_bytes()).map(|()| path),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

async fn add_as_is(app: &App, profile: Profile) -> Result<Answer, Problem> {
    match app.agent().add_profile(profile.clone()).await {
        Ok(id) => Ok(Answer::Added { profile: id.to_string() }),
        Err(error) => Err(problem::describe(&error, &profile)),
    }
}
