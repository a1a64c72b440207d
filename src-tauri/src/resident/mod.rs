//! The role *resident*: keeps the sessions and what belongs to them on the desktop. A Tauri program that never makes a
//! webview. Everything that it reacts to comes together in [`Resident::run`].

mod clipboard;
mod links;
mod notices;
mod sign_in_start;
mod tray;
mod tray_host;
mod tray_icon;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use gatepass_agent::Clock;
use gatepass_app::{App, AppOptions, Logging, Paths, ResidentLock, Shell, ShellRequest, ShellWords};
use gatepass_wire::{Answer, Intent, Millis, Snapshot, Status};
use tauri::{AppHandle, Manager as _, RunEvent};
use tauri_plugin_shell::ShellExt as _;
use tauri_plugin_shell::process::CommandEvent;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::program;
use clipboard::Clipboard;
use links::Links;
use notices::Notices;
use sign_in_start::SignInStart;
use tray_icon::Tray;

/// A renewal that is over sooner is not shown: it would only flicker.
const RENEWING_SHOWN_AFTER: Duration = Duration::from_millis(500);

/// Keeps the sessions until somebody quits. Ends at once where another resident does it already. `started_by_window`: a
/// window reads standard error for as long as this starts.
///
/// # Errors
/// Where the lock, the local API or the event loop cannot be had.
pub fn run(paths: Paths, started_by_window: bool) -> anyhow::Result<ExitCode> {
    program::leave_the_session();
    let hardened = gatepass_app::harden_process();
    let Some(lock) = ResidentLock::take(&paths)? else {
        return Ok(if started_by_window { program::RUNS_ALREADY.into() } else { ExitCode::SUCCESS });
    };
    gatepass_app::start_logging(&paths, Logging::StderrAndFile);
    if let Err(error) = hardened {
        tracing::warn!(%error, "core dumps stay on");
    }
    check_display()?;
    let options = AppOptions { paths, ..AppOptions::of_this_system()? };
    let clock = Arc::clone(&options.clock);
    // Beside the making of the event loop, which takes a while: a window may be waiting for the local API already, and
    // the icon waits for both.
    let starting = tauri::async_runtime::spawn(App::start(options, lock));
    let hosts = tray_host::watch_hosts();
    let builder = tauri::Builder::default();
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_notification::init());
    #[cfg_attr(not(target_os = "macos"), allow(unused_mut, reason = "changed on macOS alone"))]
    let mut tauri = builder
        .plugin(tauri_plugin_shell::init())
        .plugin(tauri_plugin_deep_link::init())
        .build(crate::context())
        .context("the event loop cannot be had")?;
    #[cfg(target_os = "macos")]
    tauri.set_activation_policy(tauri::ActivationPolicy::Accessory);
    let (app, shell) = tauri::async_runtime::block_on(starting)??;
    // Not in Tauri's setup, where an error would end the process with a panic.
    let resident = Resident::new(tauri.handle().clone(), app, clock, hosts)?;
    tauri::async_runtime::spawn(resident.run(shell));
    tauri.run(move |_, event| match event {
        RunEvent::Ready if started_by_window => program::let_go_of_stderr(),
        // There is no window here whose closing could end anything; the resident ends when it is told to.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        _ => {}
    });
    Ok(ExitCode::SUCCESS)
}

struct Resident {
    handle: AppHandle,
    app: App,
    clock: Arc<dyn Clock>,
    clipboard: Clipboard,
    links: Links,
    tray: Tray,
    notices: Arc<Notices>,
    hosts: watch::Receiver<bool>,
    /// What was clicked in the tray or chosen in a notice.
    intents: mpsc::UnboundedReceiver<Intent>,
    renewing_since: Option<Instant>,
}

impl Resident {
    fn new(handle: AppHandle, app: App, clock: Arc<dyn Clock>, hosts: watch::Receiver<bool>) -> std::io::Result<Self> {
        let (to_intents, intents) = mpsc::unbounded_channel();
        Ok(Self {
            clipboard: Clipboard::start(Arc::clone(&clock))?,
            links: Links::start(&handle, &app)?,
            tray: Tray::new(handle.clone(), to_intents.clone()),
            notices: Arc::new(Notices::start(handle.clone(), to_intents)?),
            hosts,
            intents,
            renewing_since: None,
            handle,
            app,
            clock,
        })
    }

    async fn run(mut self, mut shell: Shell) {
        self.app.follow_system();
        self.ask_about_sign_in();
        let mut changes = self.app.changes();
        let mut ended = std::pin::pin!(asked_to_end());
        loop {
            let change = Arc::clone(&changes.borrow_and_update());
            // Whoever watches is told all of it in another language at once, if it is another.
            gatepass_app::speak(gatepass_app::language_as_set(change.snapshot.settings.language));
            let has_host = *self.hosts.borrow_and_update();
            let draw_again = self.draw(&change.snapshot, has_host).await;
            // After the icon, which a person waits for: the system's tools that register take their time.
            self.links.cover(&change.snapshot);
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { break },
                // Never an error: the sender lives in a thread that ends with the process, or has said its last.
                Ok(()) = self.hosts.changed() => {}
                () = tokio::time::sleep(draw_again) => {}
                Some(intent) = self.intents.recv() => self.carry_out(intent),
                Some(request) = shell.notices.recv() => self.notices.take(request),
                request = shell.requests.recv() => match request {
                    Some(ShellRequest::ShowWindow) => self.open_window(),
                    Some(ShellRequest::Copy { text, conceal, clear_after, reply }) => {
                        self.clipboard.copy(text, conceal, clear_after, reply);
                    }
                    Some(ShellRequest::ReadClipboard { is_wanted, reply }) => self.clipboard.read(is_wanted, reply),
                    Some(ShellRequest::EmptyClipboard { text }) => self.clipboard.empty(text),
                    Some(ShellRequest::StartAtSignIn { start, reply }) => self.start_at_sign_in(start, reply),
                    Some(ShellRequest::Quit) | None => break,
                },
                () = &mut ended => break,
            }
        }
        self.quit().await;
    }

    /// Draws the tray, and says when to draw it again if nothing happens until then.
    async fn draw(&mut self, snapshot: &Snapshot, has_host: bool) -> Duration {
        // Nothing is there yet that could flicker where the icon is still to come.
        if self.tray.is_shown() && snapshot.profiles.iter().any(|profile| profile.status == Status::Renewing) {
            let since = *self.renewing_since.get_or_insert_with(Instant::now);
            if let Some(left) = RENEWING_SHOWN_AFTER.checked_sub(since.elapsed()).filter(|left| !left.is_zero()) {
                return left;
            }
        } else {
            self.renewing_since = None;
        }
        let now = self.now();
        // An icon that was once taken finds a host that comes back by itself; only the first one must be waited for.
        let in_tray = has_host && self.tray.show(tray::render(snapshot, now)).await;
        self.app.set_in_tray(in_tray);
        tray::stays_true_for(snapshot, now)
    }

    /// Does what was clicked, and says what came of it where nothing else would.
    fn carry_out(&self, intent: Intent) {
        let (app, notices, clock) = (self.app.clone(), Arc::clone(&self.notices), Arc::clone(&self.clock));
        tauri::async_runtime::spawn(async move {
            let notice = match app.carry_out(intent.clone()).await {
                Answer::Copied(receipt) => {
                    let words = ShellWords::of(gatepass_app::spoken());
                    Some(notices::about_copy(&receipt, Millis(clock.now().as_unix_millis()), words))
                }
                Answer::Refused(problem) => app.about_refusal(&intent, problem),
                // The tray shows it, or it is the answer to a form.
                _ => None,
            };
            if let Some(notice) = notice.filter(|_| app.settings().notices != gatepass_wire::Notices::None) {
                notices.show(notice);
            }
        });
    }

    /// What the system says about starting this at sign-in counts, whatever the settings have.
    fn ask_about_sign_in(&self) {
        let (app, start) = (self.app.clone(), self.sign_in_start());
        tauri::async_runtime::spawn_blocking(move || match start {
            Ok(start) => app.set_starts_at_sign_in(start.is_on()),
            Err(error) => tracing::warn!(%error, "not known whether the system starts this at sign-in"),
        });
    }

    fn start_at_sign_in(&self, start: bool, reply: oneshot::Sender<Result<(), String>>) {
        let at = self.sign_in_start();
        tauri::async_runtime::spawn_blocking(move || {
            let set = at.and_then(|at| Ok(at.set(start)?));
            let _ = reply.send(set.map_err(|error| error.to_string()));
        });
    }

    fn sign_in_start(&self) -> anyhow::Result<SignInStart> {
        let folders = self.handle.path();
        Ok(SignInStart::of_this_user(&folders.home_dir()?, &folders.config_dir()?))
    }

    /// Starts this program as the window. It outlives the resident if need be: nothing here ends it, and it writes
    /// nothing whose loss would matter.
    fn open_window(&self) {
        let started = program::path()
            .map_err(Into::into)
            .and_then(|path| self.handle.shell().command(path).arg("--window").spawn());
        match started {
            Ok((mut said, _child)) => {
                tauri::async_runtime::spawn(async move {
                    while let Some(event) = said.recv().await {
                        match event {
                            CommandEvent::Stderr(line) => {
                                tracing::info!(target: "gatepass_desktop::window", "{}", String::from_utf8_lossy(&line).trim_end());
                            }
                            CommandEvent::Terminated(end) => tracing::info!(code = end.code, "the window closed"),
                            _ => {}
                        }
                    }
                });
            }
            Err(error) => tracing::error!(%error, "the window cannot be started"),
        }
    }

    async fn quit(self) {
        tracing::info!("quitting");
        self.app.quit().await;
        let clipboard = self.clipboard;
        if let Err(error) = tauri::async_runtime::spawn_blocking(move || clipboard.finish()).await {
            tracing::warn!(%error, "the clipboard was not cleared");
        }
        self.handle.exit(0);
    }

    fn now(&self) -> Millis {
        Millis(self.clock.now().as_unix_millis())
    }
}

/// Returns when the system asks this process to end, at logout for one.
#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        },
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%error, "signals end this process unprepared");
            std::future::pending().await
        }
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "an interrupt ends this process unprepared");
        std::future::pending().await
    }
}

/// GTK ends the process with a panic where it finds no display; this says it in words.
fn check_display() -> anyhow::Result<()> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        anyhow::bail!("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set");
    }
    Ok(())
}
