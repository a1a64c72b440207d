//! The resident: an agent, the local API in front of it, and what is asked of the shell.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use gatepass_agent::{Agent, AgentHandle, AgentOptions, Clock, Event, Notifying, ProfileId};
use gatepass_oidc::HttpPolicy;
use gatepass_wire::{Answer, Cause, Change, Intent, Millis, Problem, ProfileDraft, Resident};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::activity::{self, ActivityLog};
use crate::browser::ChosenBrowser;
use crate::notices::Teller;
use crate::settings::{InEffect, SettingsKeeper};
use crate::words::Phrase;
use crate::{
    Activity, ActivityEntry, AppOptions, NoticeForPeople, NoticeRequest, Paths, ResidentLock, StartError, carry_out,
    convert, language, notices, problem, server, system, words,
};

mod settings;

/// Time for the shell to do what it is asked, and the system with it.
const TIME_FOR_THE_SHELL: Duration = Duration::from_secs(10);

/// Time for the disk to take the last of the activity.
const TIME_TO_WRITE: Duration = Duration::from_secs(2);

/// Links to profiles that come within this time of one that still waits bring nothing forward.
const BETWEEN_LINKS: Duration = Duration::from_secs(10);

/// The resident without its shell. Cheap to clone; it ends with [`App::quit`].
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    agent: AgentHandle,
    changes: watch::Receiver<Arc<Change>>,
    in_tray: watch::Sender<bool>,
    /// What a link brought and nobody has looked at. The latest takes the place of one before.
    offered: watch::Sender<Option<Offered>>,
    /// Each window that watches holds a receiver, so that sending fails where there is no window.
    windows: watch::Sender<()>,
    shell: mpsc::UnboundedSender<ShellRequest>,
    clock: Arc<dyn Clock>,
    settings: Arc<SettingsKeeper>,
    /// Held while settings are changed, which takes several steps.
    changing_settings: Mutex<()>,
    is_looking_at_settings: AtomicBool,
    paths: Paths,
    activity: Arc<ActivityLog>,
    recording: Mutex<Option<JoinHandle<()>>>,
    http: HttpPolicy,
    exports: PathBuf,
    quitting: watch::Sender<bool>,
    server: Mutex<Option<JoinHandle<()>>>,
    _lock: ResidentLock,
}

/// What a link brought.
#[derive(Clone, PartialEq)]
pub(crate) enum Offer {
    /// A profile, for the person to look at.
    Profile(Box<ProfileDraft>),
    /// The wish of an authorization server that the person signs in to this profile.
    SignIn(ProfileId),
}

#[derive(Clone)]
struct Offered {
    what: Offer,
    /// In boot time: when it, or one before it that nobody took, brought the window forward.
    shown_at: Duration,
}

/// What only the shell can do, in order.
#[derive(Debug)]
pub struct Shell {
    /// Things to do.
    pub requests: mpsc::UnboundedReceiver<ShellRequest>,
    /// Things to tell the person, each once; and what of it is over.
    pub notices: mpsc::UnboundedReceiver<NoticeRequest>,
}

/// Something that only the shell can do.
#[derive(Debug)]
pub enum ShellRequest {
    /// No window is watching: start one. (One that watches is told to come forward without the shell.)
    ShowWindow,
    /// The person wants to quit: call [`App::quit`], then end the process.
    Quit,
    /// Put something on the clipboard.
    Copy {
        /// What.
        text: Clip,
        /// Whether it is a secret: kept out of clipboard history where the system allows.
        conceal: bool,
        /// When it is cleared, and at quit at the latest, if it is still there; `None`: it is left.
        clear_after: Option<Duration>,
        /// When it will be cleared, `None` where it is left; or what the system said, in a sentence without full stop.
        reply: oneshot::Sender<Result<Option<Millis>, String>>,
    },
    /// Read the clipboard, if `is_wanted` says so of what is there, and if it is not what was copied from here.
    ReadClipboard {
        /// Whether it is what is looked for.
        is_wanted: fn(&str) -> bool,
        /// What it is; `None` where it is something else.
        reply: oneshot::Sender<Result<Option<SecretString>, String>>,
    },
    /// Empty the clipboard if this is what is still there.
    EmptyClipboard {
        /// What.
        text: Clip,
    },
    /// Have the system start this program, without its window, when the person signs in to it; or not any more.
    StartAtSignIn {
        /// Whether.
        start: bool,
        /// What the system said, in a sentence without full stop.
        reply: oneshot::Sender<Result<(), String>>,
    },
}

/// Text for the clipboard, which may be a token.
#[derive(Clone)]
pub struct Clip(SecretString);

impl Clip {
    /// Takes ownership of the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Reads the text, for the clipboard alone.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for Clip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clip([redacted])")
    }
}

impl App {
    /// Starts the agent and the local API on the current tokio runtime. The app keeps `lock` for as long as it lives:
    /// only the one resident may take a dead one's socket away.
    ///
    /// # Errors
    /// Where the local API cannot listen. Then nothing runs.
    pub async fn start(options: AppOptions, lock: ResidentLock) -> Result<(Self, Shell), StartError> {
        options.paths.make()?;
        // Before the agent, which would begin to renew sessions that another resident may own.
        let listener = server::Listener::bind(&options.place, &lock)?;
        let settings = Arc::new(SettingsKeeper::start(options.paths.settings_file()));
        let activity = Arc::new(ActivityLog::start(options.paths.activity_file()));
        activity.keep_for(settings.now().activity_days, options.clock.now());
        let agent = Agent::start(AgentOptions {
            profiles_file: options.paths.profiles_file(),
            refreshes: options.paths.refreshes(),
            groups: options.paths.groups(),
            machine: options.machine,
            vault: options.vault,
            browser: Arc::new(ChosenBrowser { system: options.browser, settings: Arc::clone(&settings) }),
            clock: options.clock.clone(),
            http: options.http.clone(),
            explain: problem::explain,
            page: words::page,
        });
        let in_tray = watch::Sender::new(false);
        let (to_shell, notices) = mpsc::unbounded_channel();
        let windows = watch::Sender::new(());
        let (log, clock) = (Arc::clone(&activity), Arc::clone(&options.clock));
        let teller = Teller::new(
            agent.handle.watch(),
            windows.clone(),
            Arc::clone(&log),
            Arc::clone(&clock),
            Arc::clone(&settings),
        );
        let recording = tokio::spawn(follow(agent.events, agent.notices, log, clock, teller, to_shell));
        let offered = watch::Sender::new(None);
        let changes = publish(
            agent.handle.watch(),
            in_tray.subscribe(),
            offered.subscribe(),
            settings.watch(),
            Arc::clone(&options.clock),
        );
        let (shell, requests) = mpsc::unbounded_channel();
        let app = Self {
            inner: Arc::new(Inner {
                agent: agent.handle,
                changes,
                in_tray,
                offered,
                windows,
                shell,
                clock: options.clock,
                settings,
                changing_settings: Mutex::new(()),
                is_looking_at_settings: AtomicBool::new(false),
                paths: options.paths,
                activity,
                recording: Mutex::new(Some(recording)),
                http: options.http,
                exports: options.exports,
                quitting: watch::Sender::new(false),
                server: Mutex::new(None),
                _lock: lock,
            }),
        };
        let serving = tokio::spawn(server::run(listener, app.clone(), app.inner.quitting.subscribe()));
        *app.inner.server.lock().await = Some(serving);
        app.record(None, Activity::Started);
        Ok((app, Shell { requests, notices }))
    }

    /// The present and every change. The first value is the present; a receiver that is slow sees the latest.
    pub fn changes(&self) -> watch::Receiver<Arc<Change>> {
        self.inner.changes.clone()
    }

    /// Does what a person wants, or says why not: what the local API does too.
    pub async fn carry_out(&self, intent: Intent) -> Answer {
        carry_out::carry_out(self, intent).await
    }

    /// What to say to whoever clicked in the tray or in a notice that it was refused, since they have no other way to
    /// answer. `None` where another notice tells of it.
    pub fn about_refusal(&self, intent: &Intent, problem: Problem) -> Option<NoticeForPeople> {
        let present = Arc::clone(&self.inner.agent.watch().borrow());
        let of = notices::profile_of(intent);
        let one = present.snapshot.profiles.iter().find(|one| Some(one.profile.id.as_str()) == of);
        notices::about_refusal(intent, problem, one.map(|one| convert::status(&one.standing)))
    }

    /// Tells the windows whether the icon stands in a tray.
    pub fn set_in_tray(&self, in_tray: bool) {
        self.inner.in_tray.send_if_modified(|was| std::mem::replace(was, in_tray) != in_tray);
    }

    /// Shows what a link brought, for the person to look at. Links in a row bring the window forward once: any
    /// page can open one after another.
    pub(crate) fn offer(&self, what: Offer) {
        let now = self.inner.clock.boot();
        let mut is_in_a_row = false;
        self.inner.offered.send_modify(|offered| {
            let before = offered.as_ref().map(|before| before.shown_at);
            is_in_a_row = before.is_some_and(|at| now.saturating_sub(at) < BETWEEN_LINKS);
            let shown_at = before.filter(|_| is_in_a_row).unwrap_or(now);
            *offered = Some(Offered { what, shown_at });
        });
        if !is_in_a_row {
            self.show_window();
        }
    }

    /// Puts what a link brought away, if it is still what is shown. Whether it was.
    pub(crate) fn take_offered(&self, what: &Offer) -> bool {
        self.inner.offered.send_if_modified(|offered| offered.take_if(|offered| offered.what == *what).is_some())
    }

    /// Says that the machine woke: what is overdue is done now.
    pub fn look_again(&self) {
        self.inner.agent.look_again();
    }

    /// From now on follows what the system tells of sleep, waking and changes of the network. Call it once.
    pub fn follow_system(&self) {
        let mut quitting = self.inner.quitting.subscribe();
        let following = system::follow(self.inner.agent.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = following => {}
                // An error says that the app is gone.
                _ = quitting.wait_for(|quitting| *quitting) => {}
            }
        });
    }

    /// Ends the local API, then the agent. Answers under way are given a moment; the socket is gone when this returns.
    pub async fn quit(&self) {
        if !self.inner.quitting.send_replace(true) {
            self.record(None, Activity::Quit);
        }
        self.inner.agent.quit().await;
        if let Some(serving) = self.inner.server.lock().await.take()
            && let Err(error) = serving.await
        {
            tracing::error!(%error, "the local API ended badly");
        }
        // The agent has ended, and its events with it.
        if let Some(recording) = self.inner.recording.lock().await.take() {
            // What hangs on a disk is lost rather than the end.
            if tokio::time::timeout(TIME_TO_WRITE, recording).await.is_err() {
                tracing::warn!("not all that happened was taken down before quitting");
            }
        }
        let activity = Arc::clone(&self.inner.activity);
        let finishing = tokio::task::spawn_blocking(move || activity.finish());
        if tokio::time::timeout(TIME_TO_WRITE, finishing).await.is_err() {
            tracing::warn!("not all activity was written before quitting");
        }
    }

    /// What happened on this machine, oldest first, as far as it is kept: a month at most. Reads a file.
    pub async fn activity(&self) -> Vec<ActivityEntry> {
        let activity = Arc::clone(&self.inner.activity);
        tokio::task::spawn_blocking(move || activity.read()).await.unwrap_or_default()
    }

    /// Keeps it in the activity log.
    pub(crate) fn record(&self, profile: Option<&str>, what: Activity) {
        let at = convert::millis(self.inner.clock.now());
        self.inner.activity.record(ActivityEntry { at, profile: profile.map(str::to_owned), what });
    }

    pub(crate) fn agent(&self) -> &AgentHandle {
        &self.inner.agent
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    pub(crate) fn http(&self) -> &HttpPolicy {
        &self.inner.http
    }

    /// Where profiles are saved that are to be handed on.
    pub(crate) fn exports(&self) -> &Path {
        &self.inner.exports
    }

    /// Registers a window: what is received says that it shall come forward.
    pub(crate) fn register_window(&self) -> watch::Receiver<()> {
        self.inner.windows.subscribe()
    }

    /// Brings the windows forward that watch, or asks the shell for one.
    pub(crate) fn show_window(&self) {
        if self.inner.windows.send(()).is_err() {
            self.ask_shell(ShellRequest::ShowWindow);
        }
    }

    /// Puts text on the clipboard through the shell.
    pub(crate) async fn copy(&self, text: Clip, conceal: bool) -> Result<Option<Millis>, String> {
        let seconds = self.inner.settings.now().clipboard_seconds;
        let clear_after = (conceal && seconds > 0).then(|| Duration::from_secs(seconds.into()));
        let (reply, replied) = oneshot::channel();
        self.ask_shell(ShellRequest::Copy { text, conceal, clear_after, reply });
        answered(replied, Phrase::ClipboardSilent).await
    }

    /// Empties the clipboard through the shell if this is what is still there.
    pub(crate) fn empty_clipboard(&self, text: Clip) {
        self.ask_shell(ShellRequest::EmptyClipboard { text });
    }

    /// Reads the clipboard through the shell, if what is there is wanted.
    pub(crate) async fn read_clipboard(&self, is_wanted: fn(&str) -> bool) -> Result<Option<SecretString>, String> {
        let (reply, replied) = oneshot::channel();
        self.ask_shell(ShellRequest::ReadClipboard { is_wanted, reply });
        answered(replied, Phrase::ClipboardSilent).await
    }

    pub(crate) fn ask_shell(&self, request: ShellRequest) {
        // A shell that is gone is quitting; nobody is left to tell.
        let _ = self.inner.shell.send(request);
    }
}

/// What the shell replied; `silence` says that it did not.
async fn answered<T>(replied: oneshot::Receiver<Result<T, String>>, silence: Phrase<'_>) -> Result<T, String> {
    match tokio::time::timeout(TIME_FOR_THE_SHELL, replied).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(words::phrase(Phrase::Quitting)),
        Err(_) => Err(words::phrase(silence)),
    }
}

/// Makes wire changes of the agent's, with revisions of its own, since the news of tray and settings are changes too. Ends with the
/// agent.
fn publish(
    mut agent: watch::Receiver<Arc<gatepass_agent::Change>>,
    mut in_tray: watch::Receiver<bool>,
    mut offered: watch::Receiver<Option<Offered>>,
    mut settings: watch::Receiver<InEffect>,
    clock: Arc<dyn Clock>,
) -> watch::Receiver<Arc<Change>> {
    let mut converter = convert::Converter::default();
    let mut language = language::changes();
    let mut present = move |agent: &mut watch::Receiver<Arc<gatepass_agent::Change>>,
                            in_tray: bool,
                            offered: Option<Offered>,
                            in_effect: &InEffect,
                            revision,
                            news: bool| {
        let change = agent.borrow_and_update().clone();
        let resident = Resident { version: env!("CARGO_PKG_VERSION").into(), in_tray, language: language::spoken() };
        let cause = if news { convert::cause(change.cause.kind) } else { Cause::Other };
        let offered = offered.map(|one| one.what);
        let snapshot = converter.snapshot(&change.snapshot, resident, offered, in_effect, clock.now());
        Arc::new(Change { revision, cause, snapshot })
    };
    let in_effect = settings.borrow_and_update().clone();
    let first =
        present(&mut agent, *in_tray.borrow_and_update(), offered.borrow_and_update().clone(), &in_effect, 1, true);
    let (to, changes) = watch::channel(first);
    tokio::spawn(async move {
        for revision in 2.. {
            let news = tokio::select! {
                changed = agent.changed() => match changed { Ok(()) => true, Err(_) => break },
                Ok(()) = in_tray.changed() => false,
                Ok(()) = offered.changed() => false,
                Ok(()) = settings.changed() => false,
                Ok(()) = language.changed() => false,
            };
            let (in_tray, offered) = (*in_tray.borrow_and_update(), offered.borrow_and_update().clone());
            let in_effect = settings.borrow_and_update().clone();
            to.send_replace(present(&mut agent, in_tray, offered, &in_effect, revision, news));
        }
    });
    changes
}

/// Keeps what the agent says happened, then hands on what is to be said of it. Ends with the agent.
async fn follow(
    mut events: mpsc::UnboundedReceiver<Event>,
    mut notices: mpsc::UnboundedReceiver<Notifying>,
    log: Arc<ActivityLog>,
    clock: Arc<dyn Clock>,
    teller: Teller,
    shell: mpsc::UnboundedSender<NoticeRequest>,
) {
    loop {
        tokio::select! {
            biased;
            Some(event) = events.recv() => {
                if let Some((profile, what)) = activity::of(&event) {
                    log.record(ActivityEntry { at: convert::millis(clock.now()), profile, what });
                }
            }
            Some(word) = notices.recv() => {
                if let Some(request) = teller.take(word).await {
                    // A shell that is gone is quitting; nobody is left to tell.
                    let _ = shell.send(request);
                }
            }
            else => break,
        }
    }
}

#[cfg(test)]
mod tests;
