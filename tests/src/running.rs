//! The program while it runs, with the shell's part written down.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gatepass_agent::NoticeId;
use gatepass_app::{App, NoticeForPeople, NoticeRequest, Shell, ShellRequest};
use gatepass_wire::{Answer, Change, Groups, GroupsSource, Intent, Problem, Profile, Session, Settings, Status};
use tokio::sync::watch;

use crate::{Called, PATIENCE, run_copied};

/// A running program.
pub struct Running {
    /// The program.
    pub app: App,
    clipboard: watch::Receiver<Option<String>>,
    to_clipboard: watch::Sender<Option<String>>,
    clipboard_cleared_after: watch::Receiver<Option<Duration>>,
    notices: watch::Receiver<Vec<NoticeForPeople>>,
    /// Those of them that can still be seen.
    visible: watch::Receiver<Vec<(NoticeId, NoticeForPeople)>>,
    seen: Arc<Mutex<Vec<Arc<Change>>>>,
}

impl Running {
    pub(crate) fn new(app: App, mut shell: Shell) -> Self {
        let (to_clipboard, clipboard) = watch::channel::<Option<String>>(None);
        let on_clipboard = to_clipboard.clone();
        let (to_cleared, clipboard_cleared_after) = watch::channel(None);
        let (told, notices) = watch::channel(Vec::new());
        let (show, visible) = watch::channel(Vec::new());
        let seen = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(async move {
            while let Some(request) = shell.requests.recv().await {
                match request {
                    ShellRequest::Copy { text, clear_after, reply, .. } => {
                        on_clipboard.send_replace(Some(text.expose().to_owned()));
                        to_cleared.send_replace(clear_after);
                        let _ = reply.send(Ok(None));
                    }
                    ShellRequest::ReadClipboard { is_wanted, reply } => {
                        let there = on_clipboard.borrow().clone().filter(|text| is_wanted(text));
                        let _ = reply.send(Ok(there.map(Into::into)));
                    }
                    ShellRequest::EmptyClipboard { text } => {
                        on_clipboard.send_if_modified(|there| there.take_if(|there| there == text.expose()).is_some());
                    }
                    ShellRequest::StartAtSignIn { reply, .. } => drop(reply.send(Ok(()))),
                    ShellRequest::ShowWindow | ShellRequest::Quit => {}
                }
            }
        });
        tokio::spawn(async move {
            while let Some(request) = shell.notices.recv().await {
                match request {
                    NoticeRequest::Show(id, notice) => {
                        show.send_modify(|all: &mut Vec<_>| all.push((id, *notice.clone())));
                        told.send_modify(|all: &mut Vec<_>| all.push(*notice));
                    }
                    NoticeRequest::TakeBack(id) => show.send_modify(|all| all.retain(|(one, _)| *one != id)),
                }
            }
        });
        let (mut changes, all) = (app.changes(), seen.clone());
        tokio::spawn(async move {
            loop {
                let change = changes.borrow_and_update().clone();
                all.lock().unwrap_or_else(PoisonError::into_inner).push(change);
                if changes.changed().await.is_err() {
                    break;
                }
            }
        });
        Self { app, clipboard, to_clipboard, clipboard_cleared_after, notices, visible, seen }
    }

    /// Waits until the profile `id` is as `wanted`, and returns it.
    pub async fn until(&self, id: &str, what: &str, wanted: impl Fn(&Profile) -> bool) -> Profile {
        let mut changes = self.app.changes();
        let found = changes.wait_for(|change| one(change, id).is_some_and(&wanted));
        let found = tokio::time::timeout(PATIENCE, found).await.map(|found| found.map(|change| change.clone()));
        match found {
            Ok(Ok(change)) => one(&change, id).expect("it was just found").clone(),
            _ => panic!("waited for {what} of {id}; it is {:#?}", self.profile(id)),
        }
    }

    /// Waits until something, or nothing, is wrong with the profiles file; what it is.
    pub async fn until_told_of_the_file(&self, something: bool) -> Option<Problem> {
        let mut changes = self.app.changes();
        let told = changes.wait_for(|change| change.snapshot.problem.is_some() == something);
        let told = tokio::time::timeout(PATIENCE, told).await.expect("a word about the file").expect("it runs");
        told.snapshot.problem.clone()
    }

    /// Waits until the profile is in this one of the six states.
    pub async fn until_status(&self, id: &str, status: Status) -> Profile {
        self.until(id, &format!("{status:?}"), |profile| profile.status == status && profile.attempt.is_none()).await
    }

    /// Waits until it is known what the keyring has for `id`, where that is nothing: who asks for a token waits for it.
    pub async fn until_read(&self, id: &str) {
        let answer = self.want(Intent::CopyAccessToken { profile: id.into() }).await;
        assert!(matches!(answer, Answer::Refused(_)), "there is a session: {answer:?}");
    }

    /// The profile as it is now.
    pub fn profile(&self, id: &str) -> Profile {
        let changes = self.app.changes();
        let present = changes.borrow();
        one(&present, id).unwrap_or_else(|| panic!("no profile {id}")).clone()
    }

    /// The session of the profile as it is now.
    pub fn session(&self, id: &str) -> Session {
        self.profile(id).session.unwrap_or_else(|| panic!("{id} has no session"))
    }

    /// Says what a person wants.
    pub async fn want(&self, intent: Intent) -> Answer {
        tokio::time::timeout(PATIENCE, self.app.carry_out(intent)).await.expect("an answer")
    }

    /// Clicks **Sign in with Okta**.
    pub async fn click_sign_in(&self, id: &str) -> Answer {
        self.want(Intent::SignIn { profile: id.into(), as_someone_else: false, with_code: false }).await
    }

    /// Signs in, with a browser that follows.
    pub async fn sign_in(&self, id: &str) -> Profile {
        assert_eq!(self.click_sign_in(id).await, Answer::Done);
        self.until_status(id, Status::SignedIn).await
    }

    /// Waits until a sign-in has failed; why.
    pub async fn until_problem(&self, id: &str) -> Problem {
        let has_one = |profile: &Profile| profile.problem.is_some() && profile.attempt.is_none();
        self.until(id, "a problem", has_one).await.problem.expect("it was just there")
    }

    /// Signs in, where that fails; why.
    pub async fn fail_to_sign_in(&self, id: &str) -> Problem {
        if self.profile(id).problem.is_some() {
            // What is told must be new.
            self.want(Intent::DismissProblem { profile: id.into() }).await;
            self.until(id, "the problem to be put away", |profile| profile.problem.is_none()).await;
        }
        assert_eq!(self.click_sign_in(id).await, Answer::Done);
        self.until_problem(id).await
    }

    /// Copies the command that calls `url`, and runs it.
    pub async fn call(&self, id: &str, url: &str) -> Called {
        run_copied(&self.copy_curl(id, url).await).await
    }

    /// Copies the command that calls `url`.
    pub async fn copy_curl(&self, id: &str, url: &str) -> String {
        let answer = self.want(Intent::CopyCurl { profile: id.into(), method: "GET".into(), url: url.into() }).await;
        assert!(matches!(answer, Answer::Copied(_)), "{answer:?}");
        self.clipboard().expect("something was copied")
    }

    /// Copies the client secret in Okta's console, and has it taken in; how many there are now.
    pub async fn give_secret(&self, id: &str, secret: &str) -> u32 {
        self.put_on_clipboard(secret);
        match self.want(Intent::TakeClientSecret { profile: id.into() }).await {
            Answer::ClientKeys { secrets, .. } => secrets,
            answer => panic!("{answer:?}"),
        }
    }

    /// The groups of the session, once whoever is to be asked for them has answered, or not.
    pub async fn groups(&self, id: &str) -> Groups {
        let is_known =
            |one: &Profile| one.session.as_ref().is_some_and(|session| session.groups.source != GroupsSource::Asking);
        self.until(id, "word of the groups", is_known).await.session.expect("a session").groups
    }

    /// The same, once `is_it` says that they are those.
    pub async fn until_groups(&self, id: &str, is_it: impl Fn(&Groups) -> bool) -> Groups {
        let is_it = |one: &Profile| one.session.as_ref().is_some_and(|session| is_it(&session.groups));
        self.until(id, "these groups", is_it).await.session.expect("a session").groups
    }

    /// Signs out, and waits until that is what is shown.
    pub async fn sign_out(&self, id: &str) {
        assert_eq!(self.want(Intent::SignOut { profile: id.into(), in_browser: false }).await, Answer::Done);
        self.until_status(id, Status::SignedOut).await;
    }

    /// Copies the access token; what is on the clipboard then.
    pub async fn copy(&self, id: &str) -> String {
        let answer = self.want(Intent::CopyAccessToken { profile: id.into() }).await;
        assert!(matches!(answer, Answer::Copied(_)), "{answer:?}");
        self.clipboard().expect("something was copied")
    }

    /// What is on the clipboard.
    pub fn clipboard(&self) -> Option<String> {
        self.clipboard.borrow().clone()
    }

    /// Copies this elsewhere, as a person does.
    pub fn put_on_clipboard(&self, text: &str) {
        self.to_clipboard.send_replace(Some(text.to_owned()));
    }

    /// When what was copied last is to be cleared.
    pub fn clipboard_cleared_after(&self) -> Option<Duration> {
        *self.clipboard_cleared_after.borrow()
    }

    /// Sets `change` in the settings as they are.
    pub async fn set(&self, change: impl FnOnce(&mut Settings)) -> Answer {
        let mut settings = self.app.settings();
        change(&mut settings);
        self.want(Intent::ChangeSettings { settings }).await
    }

    /// Waits until something, or nothing, is wrong with the settings; what it is.
    pub async fn until_told_of_the_settings(&self, something: bool) -> Option<Problem> {
        let mut changes = self.app.changes();
        let told = changes.wait_for(|change| change.snapshot.settings_problem.is_some() == something);
        let told = tokio::time::timeout(PATIENCE, told).await.expect("a word about the settings").expect("it runs");
        told.snapshot.settings_problem.clone()
    }

    /// The notices so far.
    pub fn notices(&self) -> Vec<NoticeForPeople> {
        self.notices.borrow().clone()
    }

    /// Waits until no notice is left that could be seen.
    pub async fn all_taken_back(&self) {
        let mut visible = self.visible.clone();
        let none = tokio::time::timeout(PATIENCE, visible.wait_for(Vec::is_empty)).await;
        none.expect("the notices are taken back").expect("the program runs");
    }

    /// Waits for the first notice, and returns all there are.
    pub async fn noticed(&self) -> Vec<NoticeForPeople> {
        let mut notices = self.notices.clone();
        let some = tokio::time::timeout(PATIENCE, notices.wait_for(|all| !all.is_empty())).await;
        some.expect("a notice").expect("the program runs").clone()
    }

    /// Clicks **Refresh now** and waits for what comes of it: the status then.
    pub async fn refresh(&self, id: &str) -> Status {
        // A refusal is an answer too: it is in the status.
        self.want(Intent::Refresh { profile: id.into() }).await;
        self.until(id, "the end of the renewal", |profile| profile.status != Status::Renewing).await.status
    }

    /// Every change that a frontend could have been sent so far, as JSON text.
    pub fn everything_sent(&self) -> String {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().map(|change| serde_json::to_string(&**change).expect("it is serializable")).collect()
    }

    /// Every profile as it was made ready for drawing, each as often as it stood in a change: one that did not change
    /// is the same one, at the same address.
    pub fn profiles_drawn(&self) -> Vec<usize> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().flat_map(|change| &change.snapshot.profiles).map(|one| Arc::as_ptr(one).addr()).collect()
    }

    /// Quits.
    pub async fn quit(self) {
        tokio::time::timeout(PATIENCE, self.app.quit()).await.expect("it quits");
    }
}

fn one<'a>(change: &'a Change, id: &str) -> Option<&'a Profile> {
    change.snapshot.profiles.iter().find(|profile| profile.id == id).map(|profile| &**profile)
}
