use gatepass_wire::{
    Action, Answer, CopiedThing, CopyFormat, DeliveredRedirect, Intent, Millis, ProfileDraft, Receipt, Status,
};

use super::*;
use crate::testing::{ACCESS_TOKEN, REFRESH_TOKEN, Running, issuer, renewing, resident, resident_of_robin, wait_for};

const ACME: &str = "acme";

fn id() -> String {
    ACME.into()
}

/// Robin's session, renewed with `access_token` after the start.
async fn signed_in_with(access_token: &str) -> Running {
    let issuer = issuer("/oauth2/default", renewing(access_token)).await;
    let running = resident_of_robin(&issuer).await;
    wait_for(&running.app, |change| {
        change.snapshot.profiles.first().is_some_and(|one| {
            one.status == Status::SignedIn && one.session.as_ref().is_some_and(|session| session.expires_at.is_some())
        })
    })
    .await;
    running
}

/// Carries out an intent that copies, with a shell that answers `reply`; what was copied, and the answer.
async fn copying(
    running: &mut Running,
    intent: Intent,
    reply: Result<Option<Millis>, String>,
) -> (String, bool, Answer) {
    let app = running.app.clone();
    let carrying_out = tokio::spawn(async move { app.carry_out(intent).await });
    let Some(ShellRequest::Copy { text, conceal, reply: to, .. }) = running.shell.requests.recv().await else {
        panic!("something else was asked of the shell");
    };
    assert!(!format!("{text:?}").contains(text.expose()), "a clip does not show itself");
    to.send(reply).unwrap();
    (text.expose().to_owned(), conceal, carrying_out.await.unwrap())
}

#[tokio::test]
async fn the_access_token_goes_to_the_clipboard_and_nowhere_else() {
    let mut running = signed_in_with(ACCESS_TOKEN).await;
    let told = Ok(Some(Millis(30_000)));
    let (text, conceal, answer) = copying(&mut running, Intent::CopyAccessToken { profile: id() }, told).await;
    assert_eq!(text, ACCESS_TOKEN);
    assert!(conceal);
    let Answer::Copied(Receipt { what: CopiedThing::AccessToken, expires_at: Some(_), clears_at }) = &answer else {
        panic!("{answer:?}");
    };
    assert_eq!(*clears_at, Some(Millis(30_000)));

    let present = running.app.changes().borrow().clone();
    for message in [serde_json::to_string(&answer).unwrap(), serde_json::to_string(&*present).unwrap()] {
        assert!(!message.contains(ACCESS_TOKEN) && !message.contains(REFRESH_TOKEN), "{message}");
    }
}

#[tokio::test]
async fn a_token_that_could_run_where_it_is_pasted_is_not_copied() {
    let mut running = signed_in_with("abc';reboot;'").await;
    let answer = tokio::select! {
        answer = running.app.carry_out(Intent::CopyAccessToken { profile: id() }) => answer,
        request = running.shell.requests.recv() => panic!("it reached the shell: {request:?}"),
    };
    assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "token-not-copyable"), "{answer:?}");
}

#[tokio::test]
async fn each_format_goes_to_the_clipboard_concealed_and_is_named_in_the_receipt() {
    let mut running = signed_in_with(ACCESS_TOKEN).await;
    for (what, thing) in [
        (CopyFormat::Token, CopiedThing::AccessToken),
        (CopyFormat::AuthorizationHeader, CopiedThing::AuthorizationHeader),
        (CopyFormat::Curl, CopiedThing::Curl),
        (CopyFormat::Export, CopiedThing::Export),
        (CopyFormat::Json, CopiedThing::Json),
    ] {
        let told = Ok(Some(Millis(30_000)));
        let (text, conceal, answer) = copying(&mut running, Intent::Copy { profile: id(), what }, told).await;
        assert!(text.contains(ACCESS_TOKEN) && !text.contains(REFRESH_TOKEN), "{what:?}");
        assert!(conceal, "{what:?}");
        let Answer::Copied(receipt) = &answer else { panic!("{answer:?}") };
        assert_eq!((receipt.what, receipt.clears_at), (thing, Some(Millis(30_000))));
        assert!(receipt.expires_at.is_some());
        assert!(!serde_json::to_string(&answer).unwrap().contains(ACCESS_TOKEN));
    }
}

#[tokio::test]
async fn an_id_token_that_is_not_there_is_said_to_be_missing() {
    let running = signed_in_with(ACCESS_TOKEN).await;
    let intent = Intent::Copy { profile: id(), what: CopyFormat::IdToken };
    let Answer::Refused(problem) = running.app.carry_out(intent).await else { panic!("not refused") };
    assert_eq!(problem.code, "no-id-token");
}

#[tokio::test]
async fn a_token_that_could_run_where_it_is_pasted_is_copied_in_no_format() {
    let mut running = signed_in_with("abc\"; reboot; \"").await;
    for what in
        [CopyFormat::Token, CopyFormat::AuthorizationHeader, CopyFormat::Curl, CopyFormat::Export, CopyFormat::Json]
    {
        let answer = tokio::select! {
            answer = running.app.carry_out(Intent::Copy { profile: id(), what }) => answer,
            request = running.shell.requests.recv() => panic!("{what:?} reached the shell: {request:?}"),
        };
        assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "token-not-copyable"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_group_that_no_window_was_told_of_is_not_copied() {
    let mut running = signed_in_with(ACCESS_TOKEN).await;
    let intent = Intent::CopyGroup { profile: id(), group: "rm -rf ~".into() };
    let answer = tokio::select! {
        answer = running.app.carry_out(intent) => answer,
        request = running.shell.requests.recv() => panic!("it reached the shell: {request:?}"),
    };
    assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "nothing-to-copy"), "{answer:?}");
}

#[tokio::test]
async fn what_happened_to_a_profile_is_told_newest_first() {
    let mut running = signed_in_with(ACCESS_TOKEN).await;
    copying(&mut running, Intent::Copy { profile: id(), what: CopyFormat::Curl }, Ok(None)).await;
    running.app.record(Some("another"), Activity::SignedOut);
    // What is written is all there once it has quit.
    running.app.quit().await;
    let answer = running.app.carry_out(Intent::Activity { profile: id() }).await;
    let Answer::Activity { entries } = answer else { panic!("{answer:?}") };
    let told: Vec<_> = entries.into_iter().map(|entry| entry.what).collect();
    let at = |wanted: &Activity| told.iter().position(|what| what == wanted);
    let copied = at(&Activity::Copied { thing: CopiedThing::Curl });
    assert!(at(&Activity::Quit) < copied && copied < at(&Activity::Started), "{told:?}");
    assert_eq!(at(&Activity::SignedOut), None, "it is another's");
}

#[test]
fn a_group_name_cannot_pass_for_two() {
    let names = ["ops".to_owned(), "dev\nadmin".to_owned(), "\u{202e}x".to_owned()];
    assert_eq!(one_a_line(&names), "ops\ndevadmin\nx");
}

#[tokio::test]
async fn the_redirect_uri_is_copied_as_it_must_be_registered() {
    let mut running = signed_in_with(ACCESS_TOKEN).await;
    let (text, conceal, answer) = copying(&mut running, Intent::CopyRedirectUri { profile: id() }, Ok(None)).await;
    assert_eq!(text, Profile::DEFAULT_REDIRECT_URI);
    assert!(!conceal);
    let receipt = Receipt { what: CopiedThing::RedirectUri, expires_at: None, clears_at: None };
    assert_eq!(answer, Answer::Copied(receipt));
}

/// Robin's session, which the issuer refuses to renew.
async fn blocked() -> Running {
    let refused = |path: &str| match path {
        path if path.ends_with("/v1/token") => {
            (400, r#"{"error":"unauthorized_client","error_description":"Configured grant types: [implicit]."}"#.into())
        }
        path => renewing(ACCESS_TOKEN)(path),
    };
    let running = resident_of_robin(&issuer("/oauth2/default", refused).await).await;
    wait_for(&running.app, |change| change.snapshot.profiles.first().is_some_and(|one| one.status == Status::Blocked))
        .await;
    running
}

#[tokio::test]
async fn the_note_for_an_admin_is_the_one_that_the_window_was_told_of_and_no_secret() {
    let mut running = blocked().await;
    let (text, conceal, answer) = copying(&mut running, Intent::CopyNoteForAdmin { profile: id() }, Ok(None)).await;
    assert!(!conceal);
    let receipt = Receipt { what: CopiedThing::AdminNote, expires_at: None, clears_at: None };
    assert_eq!(answer, Answer::Copied(receipt));
    let present = running.app.changes().borrow().clone();
    let problem = present.snapshot.profiles[0].problem.as_ref().unwrap();
    assert_eq!(problem.note.as_deref(), Some(text.as_str()));
    assert!(text.contains("unauthorized_client (HTTP 400)") && text.contains("0oa1acme0000000000"), "{text}");
    assert!(!text.contains(REFRESH_TOKEN) && !text.contains("Robin"), "{text}");
}

#[tokio::test]
async fn where_nothing_is_an_admins_no_note_is_copied() {
    let running = signed_in_with(ACCESS_TOKEN).await;
    let answer = running.app.carry_out(Intent::CopyNoteForAdmin { profile: id() }).await;
    assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "nothing-to-copy"), "{answer:?}");
}

#[tokio::test]
async fn a_clipboard_that_refuses_is_told() {
    let mut running = signed_in_with(ACCESS_TOKEN).await;
    let refused = Err("no clipboard\u{202e}".to_owned());
    let (_, _, answer) = copying(&mut running, Intent::CopyAccessToken { profile: id() }, refused).await;
    let Answer::Refused(problem) = answer else { panic!("{answer:?}") };
    assert_eq!((problem.code.as_str(), problem.quote.as_deref()), ("clipboard-failed", Some("no clipboard")));
}

#[tokio::test]
async fn signing_out_forgets_and_what_is_then_asked_for_is_refused() {
    let mut running = signed_in_with(ACCESS_TOKEN).await;
    assert_eq!(running.app.carry_out(Intent::SignOut { profile: id(), in_browser: false }).await, Answer::Done);
    let out = wait_for(&running.app, |change| change.snapshot.profiles[0].status == Status::SignedOut).await;
    assert_eq!(out.snapshot.profiles[0].session, None);
    for intent in [Intent::CopyAccessToken { profile: id() }, Intent::Refresh { profile: id() }] {
        let Answer::Refused(problem) = running.app.carry_out(intent).await else { panic!("not refused") };
        assert_eq!((problem.code.as_str(), problem.action), ("signed-out", Some(Action::SignIn)));
    }
    let Answer::Refused(problem) = running.app.carry_out(Intent::CopyGroups { profile: id() }).await else {
        panic!("not refused");
    };
    assert_eq!(problem.code, "nothing-to-copy");
    assert!(running.shell.requests.try_recv().is_err());
}

#[tokio::test]
async fn what_is_about_no_profile_is_refused() {
    let running = resident().await;
    let none = || "no/such".to_owned();
    for intent in [
        Intent::SignIn { profile: none(), as_someone_else: false, with_code: false },
        Intent::CancelSignIn { profile: "nobody".into() },
        Intent::AnswerOtherPerson { profile: none(), replace: true },
        Intent::Refresh { profile: none() },
        Intent::SignOut { profile: none(), in_browser: false },
        Intent::DismissProblem { profile: none() },
        Intent::CopyAccessToken { profile: none() },
        Intent::Copy { profile: none(), what: CopyFormat::Token },
        Intent::CopyGroups { profile: none() },
        Intent::CopyGroup { profile: none(), group: "ops".into() },
        Intent::Activity { profile: none() },
        Intent::CopySignInLink { profile: none() },
        Intent::CopyRedirectUri { profile: none() },
        Intent::CopyNoteForAdmin { profile: none() },
        Intent::FindOut { profile: none() },
        Intent::EditProfile { profile: none(), draft: ProfileDraft::default(), may_sign_out: true },
        Intent::DuplicateProfile { profile: none(), name: String::new() },
        Intent::MoveProfile { profile: none(), up: true },
        Intent::RemoveProfile { profile: none() },
        Intent::CopyProfile { profile: none(), as_link: true },
        Intent::SaveProfile { profile: none() },
    ] {
        let answer = running.app.carry_out(intent).await;
        assert!(matches!(&answer, Answer::Refused(problem) if problem.code == "no-such-profile"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_profile_is_added_as_it_was_mended() {
    let running = resident().await;
    let draft = ProfileDraft {
        name: String::new(),
        issuer: "https://acme-admin.okta.com/oauth2/default/.well-known/openid-configuration".into(),
        client_id: " 0oa9x2c71kQabc12345 ".into(),
        ..ProfileDraft::default()
    };
    let Answer::Added { profile } = running.app.carry_out(Intent::AddProfile { draft: draft.clone() }).await else {
        panic!("not added");
    };
    let change = wait_for(&running.app, |change| !change.snapshot.profiles.is_empty()).await;
    let added = &change.snapshot.profiles[0];
    assert_eq!(added.id, profile);
    assert_eq!(added.issuer, "https://acme.okta.com/oauth2/default");
    assert_eq!(added.name, "acme.okta.com");
    assert_eq!(added.client_id, "0oa9x2c71kQabc12345");
    assert_eq!(added.redirect_uris, [Profile::DEFAULT_REDIRECT_URI]);

    let swapped = ProfileDraft { client_id: "aus4kd81abcdefgh5d7".into(), ..draft };
    let Answer::Refused(problem) = running.app.carry_out(Intent::AddProfile { draft: swapped }).await else {
        panic!("not refused");
    };
    assert_eq!(problem.code, "not-a-profile");
}

#[tokio::test]
async fn what_only_the_shell_can_do_is_asked_of_it() {
    let mut running = resident().await;
    assert_eq!(running.app.carry_out(Intent::ShowWindow).await, Answer::Done);
    assert!(matches!(running.shell.requests.recv().await, Some(ShellRequest::ShowWindow)));
    assert_eq!(running.app.carry_out(Intent::Quit).await, Answer::Done);
    assert!(matches!(running.shell.requests.recv().await, Some(ShellRequest::Quit)));
}

#[tokio::test]
async fn a_redirect_that_nobody_waits_for_is_ignored() {
    let running = resident().await;
    for redirect in ["dev.gatepass.desktop:/redirect?code=c&state=s", "not an address"] {
        let intent = Intent::DeliverRedirect { redirect: DeliveredRedirect(redirect.into()) };
        assert_eq!(running.app.carry_out(intent).await, Answer::Done);
    }
}

#[tokio::test]
async fn a_link_to_a_profile_opens_the_window_and_adds_nothing() {
    let mut running = resident().await;
    let deliver = |link: &str| Intent::DeliverRedirect { redirect: DeliveredRedirect(link.into()) };
    running.app.carry_out(deliver("dev.gatepass.desktop://profile?issuer=x")).await;
    assert_eq!(running.app.changes().borrow().snapshot.offered, None);
    let link = "dev.gatepass.desktop://profile?name=A%E2%80%AEB&issuer=https://acme.okta.com&client_id=0oa1";
    assert_eq!(running.app.carry_out(deliver(link)).await, Answer::Done);
    assert!(matches!(running.shell.requests.recv().await, Some(ShellRequest::ShowWindow)));
    let change = wait_for(&running.app, |change| change.snapshot.offered.is_some()).await;
    let draft = change.snapshot.offered.clone().unwrap();
    assert_eq!((&*draft.name, &*draft.issuer, &*draft.client_id), ("AB", "https://acme.okta.com", "0oa1"));
    assert!(change.snapshot.profiles.is_empty());
    // Another one comes before the window has put the first away.
    let next = "dev.gatepass.desktop://profile?issuer=https://acme.okta.com&client_id=0oa2";
    running.app.carry_out(deliver(next)).await;
    running.app.carry_out(Intent::TakeOffered { draft }).await;
    let is_next = |draft: &ProfileDraft| draft.client_id == "0oa2";
    let change = wait_for(&running.app, |change| change.snapshot.offered.as_ref().is_some_and(is_next)).await;
    let draft = change.snapshot.offered.clone().unwrap();
    running.app.carry_out(Intent::TakeOffered { draft }).await;
    wait_for(&running.app, |change| change.snapshot.offered.is_none()).await;
    running.app.carry_out(Intent::Quit).await;
    let request = running.shell.requests.recv().await;
    assert!(matches!(request, Some(ShellRequest::Quit)), "links in a row bring the window forward once: {request:?}");
    running.app.carry_out(deliver(link)).await;
    let request = running.shell.requests.recv().await;
    assert!(matches!(request, Some(ShellRequest::ShowWindow)), "the last was put away: {request:?}");
}
