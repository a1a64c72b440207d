//! The commands of the page: one for each intent that the window has a control for, each passing it on. The resident
//! decides whether and how. None of them can answer a token, since no [`Answer`] can carry one.

use gatepass_app::{NoResident, Texts};
use gatepass_wire::client::{self, ClientError};
use gatepass_wire::place::Place;
use gatepass_wire::{Answer, CopyFormat, Intent, Kept, Problem, ProfileDraft, Settings, Severity};
use tauri::ipc::Channel;
use tauri::{Builder, Runtime, State};

use super::page::{Page, Told};

/// Adds the commands to a Tauri program. Which of them the page may call stands in `capabilities/window.json`.
pub fn with_handler<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        watch,
        sign_in,
        cancel_sign_in,
        copy_sign_in_link,
        answer_other_person,
        client_keys,
        take_client_secret,
        take_api_token,
        forget_api_token,
        make_client_key,
        copy_public_key,
        copy_curl,
        copy_code,
        refresh,
        sign_out,
        copy_access_token,
        copy,
        copy_token_for,
        copy_groups,
        copy_group,
        copy_redirect_uri,
        copy_note_for_admin,
        find_out,
        dismiss_problem,
        activity,
        check_profile,
        add_profile,
        edit_profile,
        duplicate_profile,
        move_profile,
        remove_profile,
        copy_profile,
        save_profile,
        read_profile,
        take_offered,
        answer_invitation,
        change_settings,
        places,
        copy_place,
        copy_diagnostics,
        quit
    ])
}

#[tauri::command]
fn watch(page: State<'_, Page>, channel: Channel<Told>) {
    page.listens(channel);
}

#[tauri::command]
async fn sign_in(
    place: State<'_, Place>,
    profile: String,
    as_someone_else: bool,
    with_code: bool,
) -> Result<Answer, ()> {
    pass_on(&place, Intent::SignIn { profile, as_someone_else, with_code }).await
}

#[tauri::command]
async fn client_keys(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::ClientKeys { profile }).await
}

#[tauri::command]
async fn take_client_secret(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::TakeClientSecret { profile }).await
}

#[tauri::command]
async fn take_api_token(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::TakeApiToken { profile }).await
}

#[tauri::command]
async fn forget_api_token(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::ForgetApiToken { profile }).await
}

#[tauri::command]
async fn make_client_key(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::MakeClientKey { profile }).await
}

#[tauri::command]
async fn copy_public_key(place: State<'_, Place>, profile: String, key: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyPublicKey { profile, key }).await
}

#[tauri::command]
async fn copy_curl(place: State<'_, Place>, profile: String, method: String, url: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyCurl { profile, method, url }).await
}

#[tauri::command]
async fn copy_code(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyCode { profile }).await
}

#[tauri::command]
async fn cancel_sign_in(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CancelSignIn { profile }).await
}

#[tauri::command]
async fn copy_sign_in_link(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopySignInLink { profile }).await
}

#[tauri::command]
async fn answer_other_person(place: State<'_, Place>, profile: String, replace: bool) -> Result<Answer, ()> {
    pass_on(&place, Intent::AnswerOtherPerson { profile, replace }).await
}

#[tauri::command]
async fn refresh(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::Refresh { profile }).await
}

#[tauri::command]
async fn sign_out(place: State<'_, Place>, profile: String, in_browser: bool) -> Result<Answer, ()> {
    pass_on(&place, Intent::SignOut { profile, in_browser }).await
}

#[tauri::command]
async fn copy_access_token(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyAccessToken { profile }).await
}

#[tauri::command]
async fn copy(place: State<'_, Place>, profile: String, what: CopyFormat) -> Result<Answer, ()> {
    pass_on(&place, Intent::Copy { profile, what }).await
}

#[tauri::command]
async fn copy_token_for(place: State<'_, Place>, profile: String, audience: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyTokenFor { profile, audience }).await
}

#[tauri::command]
async fn copy_groups(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyGroups { profile }).await
}

#[tauri::command]
async fn copy_group(place: State<'_, Place>, profile: String, group: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyGroup { profile, group }).await
}

#[tauri::command]
async fn copy_redirect_uri(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyRedirectUri { profile }).await
}

#[tauri::command]
async fn copy_note_for_admin(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyNoteForAdmin { profile }).await
}

#[tauri::command]
async fn find_out(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::FindOut { profile }).await
}

#[tauri::command]
async fn dismiss_problem(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::DismissProblem { profile }).await
}

#[tauri::command]
async fn activity(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::Activity { profile }).await
}

#[tauri::command]
async fn check_profile(place: State<'_, Place>, draft: ProfileDraft) -> Result<Answer, ()> {
    pass_on(&place, Intent::CheckProfile { draft }).await
}

#[tauri::command]
async fn add_profile(place: State<'_, Place>, draft: ProfileDraft) -> Result<Answer, ()> {
    pass_on(&place, Intent::AddProfile { draft }).await
}

#[tauri::command]
async fn edit_profile(
    place: State<'_, Place>,
    profile: String,
    draft: ProfileDraft,
    may_sign_out: bool,
) -> Result<Answer, ()> {
    pass_on(&place, Intent::EditProfile { profile, draft, may_sign_out }).await
}

#[tauri::command]
async fn duplicate_profile(place: State<'_, Place>, profile: String, name: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::DuplicateProfile { profile, name }).await
}

#[tauri::command]
async fn move_profile(place: State<'_, Place>, profile: String, up: bool) -> Result<Answer, ()> {
    pass_on(&place, Intent::MoveProfile { profile, up }).await
}

#[tauri::command]
async fn remove_profile(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::RemoveProfile { profile }).await
}

#[tauri::command]
async fn copy_profile(place: State<'_, Place>, profile: String, as_link: bool) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyProfile { profile, as_link }).await
}

#[tauri::command]
async fn save_profile(place: State<'_, Place>, profile: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::SaveProfile { profile }).await
}

#[tauri::command]
async fn read_profile(place: State<'_, Place>, text: String) -> Result<Answer, ()> {
    pass_on(&place, Intent::ReadProfile { text }).await
}

#[tauri::command]
async fn take_offered(place: State<'_, Place>, draft: ProfileDraft) -> Result<Answer, ()> {
    pass_on(&place, Intent::TakeOffered { draft }).await
}

#[tauri::command]
async fn answer_invitation(place: State<'_, Place>, profile: String, accept: bool) -> Result<Answer, ()> {
    pass_on(&place, Intent::AnswerInvitation { profile, accept }).await
}

#[tauri::command]
async fn change_settings(place: State<'_, Place>, settings: Settings) -> Result<Answer, ()> {
    pass_on(&place, Intent::ChangeSettings { settings }).await
}

#[tauri::command]
async fn places(place: State<'_, Place>) -> Result<Answer, ()> {
    pass_on(&place, Intent::Places).await
}

#[tauri::command]
async fn copy_place(place: State<'_, Place>, of: Kept) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyPlace { of }).await
}

#[tauri::command]
async fn copy_diagnostics(place: State<'_, Place>, with_names: bool) -> Result<Answer, ()> {
    pass_on(&place, Intent::CopyDiagnostics { with_names }).await
}

#[tauri::command]
async fn quit(place: State<'_, Place>) -> Result<Answer, ()> {
    ask(&place, client::quit).await
}

async fn pass_on(place: &Place, intent: Intent) -> Result<Answer, ()> {
    ask(place, |place| client::ask(place, intent)).await
}

/// Asks on a blocking thread, since the client of the local API blocks. Never an `Err`: what failed is an answer too
/// (Tauri wants a `Result` of a command that borrows its state).
async fn ask(
    place: &Place,
    how: impl FnOnce(&Place) -> Result<Answer, ClientError> + Send + 'static,
) -> Result<Answer, ()> {
    let place = place.clone();
    let asked = tauri::async_runtime::spawn_blocking(move || how(&place)).await;
    Ok(match asked {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            tracing::warn!(%error, "an intent was not passed on");
            not_reached()
        }
        Err(error) => {
            tracing::error!(%error, "asking the resident failed");
            not_reached()
        }
    })
}

fn not_reached() -> Answer {
    let Texts { title, detail, advice } = NoResident::NotReached.told(gatepass_app::spoken());
    let problem = Problem::new("resident-not-reached", title, detail, advice);
    Answer::Refused(Problem { severity: Severity::Warning, ..problem })
}
