use std::io::Write;
use std::sync::Mutex as StdMutex;

use gatepass_wire::{Language, ProfileDraft, Status};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::*;
use crate::testing::{ACCESS_TOKEN, METADATA, REFRESH_TOKEN, issuer, renewing, resident, resident_of_robin, wait_for};

#[tokio::test]
async fn the_first_value_is_the_present_and_nothing_new_is_no_change() {
    let running = resident().await;
    let mut changes = running.app.changes();
    let first = changes.borrow_and_update().revision;
    running.app.set_in_tray(false);
    running.app.set_in_tray(true);
    let change = wait_for(&running.app, |change| change.snapshot.resident.in_tray).await;
    assert_eq!(change.revision, first + 1, "only the icon's coming was news");
    assert_eq!(change.snapshot.resident.version, env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn another_language_is_spoken_at_once_and_the_snapshot_says_which() {
    let running = resident().await;
    let first = running.app.changes().borrow().clone();
    assert_eq!(first.snapshot.resident.language, Language::English);
    crate::speak(Language::German);
    crate::speak(Language::German);
    let change = wait_for(&running.app, |change| change.snapshot.resident.language == Language::German).await;
    assert_eq!(change.revision, first.revision + 1);
    let refused = running.app.carry_out(Intent::Refresh { profile: "nobody".into() }).await;
    let Answer::Refused(problem) = refused else { panic!("{refused:?}") };
    assert_eq!(problem.title, "Dieses Profil gibt es nicht mehr");
}

#[tokio::test]
async fn quitting_twice_is_quitting() {
    let running = resident().await;
    running.app.quit().await;
    running.app.quit().await;
}

#[tokio::test]
async fn a_session_that_ends_is_told_once_in_words() {
    let refusing = |path: &str| match path {
        path if path.ends_with("/v1/token") => {
            (400, r#"{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}"#.into())
        }
        path if path.ends_with("/v1/keys") => (200, r#"{"keys":[]}"#.into()),
        _ => (200, METADATA.into()),
    };
    let issuer = issuer("/oauth2/default", refusing).await;
    let mut running = resident_of_robin(&issuer).await;
    let Some(NoticeRequest::Show(_, notice)) = running.shell.notices.recv().await else { panic!("no notice") };
    assert_eq!((notice.title.as_str(), notice.profile.as_str()), ("Sign in again: \u{2068}Acme\u{2069}", "acme"));
    let ended = wait_for(&running.app, |change| change.snapshot.profiles[0].status == Status::SignInNeeded).await;
    let problem = ended.snapshot.profiles[0].problem.clone().expect("a problem");
    assert_eq!(problem.code, "session-ended");
    assert_eq!(problem.quote.as_deref(), Some("The refresh token is invalid or expired."));
}

#[tokio::test(start_paused = true)]
async fn a_clipboard_that_does_not_answer_is_given_up() {
    let mut running = resident().await;
    let copied = running.app.copy(Clip::new("text"), false).await;
    assert_eq!(copied, Err("the clipboard does not answer".into()));
    assert!(running.shell.requests.try_recv().is_ok(), "it was asked");
}

/// Everything that is written, for a log and for a socket.
#[derive(Clone, Default)]
struct Heard(Arc<StdMutex<Vec<u8>>>);

impl Heard {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One session through everything that can be asked, with a window that watches and a log that keeps all of ours.
#[cfg(unix)]
#[tokio::test]
async fn no_message_and_no_log_line_has_a_token() {
    let log = Heard::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(crate::logging::ALLOWED.replace("=info", "=trace"))
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);

    let issuer = issuer("/oauth2/default", renewing(ACCESS_TOKEN)).await;
    let mut running = resident_of_robin(&issuer).await;
    let mut window = tokio::net::UnixStream::connect(&running.place.path).await.unwrap();
    window.write_all(b"{\"gatepass\":1}\n{\"watch\":{\"window\":true}}\n").await.unwrap();
    let mut told = Heard::default();
    let mut hear = told.clone();
    let watching = tokio::spawn(async move {
        let mut lines = BufReader::new(window).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            hear.write_all(line.as_bytes()).unwrap();
        }
    });
    wait_for(&running.app, |change| {
        change
            .snapshot
            .profiles
            .first()
            .is_some_and(|one| one.session.as_ref().is_some_and(|session| session.expires_at.is_some()))
    })
    .await;

    // A shell that copies.
    let mut requests = std::mem::replace(&mut running.shell.requests, mpsc::unbounded_channel().1);
    let shell = tokio::spawn(async move {
        let mut copied = Vec::new();
        while let Some(request) = requests.recv().await {
            if let ShellRequest::Copy { text, reply, .. } = request {
                copied.push(text.expose().to_owned());
                reply.send(Ok(None)).unwrap();
            }
        }
        copied
    });
    let acme = || "acme".to_owned();
    let code = "dev.gatepass.desktop:/redirect?code=planted-code&state=planted-state";
    let draft =
        || ProfileDraft { issuer: issuer.clone(), client_id: "0oa1acme0000000001".into(), ..Default::default() };
    for intent in [
        Intent::CopyAccessToken { profile: acme() },
        Intent::Refresh { profile: acme() },
        Intent::CopyGroups { profile: acme() },
        Intent::CopyRedirectUri { profile: acme() },
        Intent::CopyNoteForAdmin { profile: acme() },
        Intent::FindOut { profile: acme() },
        Intent::CopySignInLink { profile: acme() },
        Intent::DeliverRedirect { redirect: gatepass_wire::DeliveredRedirect(code.into()) },
        Intent::CheckProfile { draft: draft() },
        Intent::AddProfile { draft: draft() },
        Intent::DismissProblem { profile: acme() },
        Intent::SignOut { profile: acme(), in_browser: false },
        Intent::ShowWindow,
        Intent::Quit,
    ] {
        let answer = running.app.carry_out(intent.clone()).await;
        told.write_all(serde_json::to_string(&answer).unwrap().as_bytes()).unwrap();
        told.write_all(format!("{intent:?} {answer:?}").as_bytes()).unwrap();
    }
    wait_for(&running.app, |change| change.snapshot.profiles[0].status == Status::SignedOut).await;
    running.app.quit().await;
    watching.await.unwrap();
    // The shell's requests end when the last app does.
    drop(running);
    let copied = shell.await.unwrap();
    assert!(copied.iter().any(|text| text == ACCESS_TOKEN), "the token was there to be found: {copied:?}");

    let (told, log) = (told.text(), log.text());
    assert!(told.contains("signed-out") && told.contains("Robin Ito"), "the window heard something");
    assert!(!log.is_empty(), "the log has something");
    for secret in [ACCESS_TOKEN, REFRESH_TOKEN, "planted-code", "planted-state"] {
        assert!(!told.contains(secret), "{secret} was told");
        assert!(!log.contains(secret), "{secret} was logged");
    }
}
