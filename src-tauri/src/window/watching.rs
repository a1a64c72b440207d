//! The thread that listens to the resident: tells the page what it says, brings the window forward, closes it when the
//! resident quits, and starts the resident again when it died. Where none answers for longer than a start takes, it tells
//! the page why, and goes on trying.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gatepass_agent::Clock as _;
use gatepass_app::SystemClock;
use gatepass_wire::Theme;
use gatepass_wire::client::{self, ClientError};
use gatepass_wire::place::Place;
use tauri::{Manager as _, Runtime, WebviewWindow};

use super::come_forward;
use super::page::{Page, Told};
use super::theme::Shown;
use super::trouble::Trouble;
use crate::starting::{self, Started};

/// How long to wait before asking again for a resident that was not there: short for as long as a start takes, a second
/// or so on a busy machine.
const PAUSES: [Duration; 14] = {
    let ms = [25, 25, 50, 50, 100, 100, 100, 200, 200, 200, 200, 400, 400, 800];
    let mut pauses = [Duration::ZERO; 14];
    let mut at = 0;
    while at < pauses.len() {
        pauses[at] = Duration::from_millis(ms[at]);
        at += 1;
    }
    pauses
};

/// A resident that died sooner than this after it answered died a short life.
const LIVED: Duration = Duration::from_secs(5);
/// How long to leave it alone then.
const AFTER_A_SHORT_LIFE: Duration = Duration::from_secs(1);
/// How soon to look whether a resident of another version has made room.
const WHILE_ANOTHER_VERSION_RUNS: Duration = Duration::from_secs(1);

/// The window, once there is one, for the thread that listens.
pub struct Listener<R: Runtime> {
    state: Arc<Mutex<State<R>>>,
    shown: Arc<Mutex<Shown>>,
}

enum State<R: Runtime> {
    /// Still being made.
    NotYet,
    Open(WebviewWindow<R>),
    /// The resident quit before there was a window.
    ToBeClosed,
}

/// Starts to listen, and to start the resident where there is none. `log` is where the resident writes its log.
/// `started_by_resident`: that resident is waited for no longer than it lives. `theme` is the one that the window is made
/// in.
///
/// # Errors
/// Where no thread can be started.
pub fn start<R: Runtime>(
    place: Place,
    page: Page,
    log: PathBuf,
    started_by_resident: bool,
    theme: Theme,
) -> std::io::Result<Listener<R>> {
    let listener = Listener::new(theme);
    let for_the_window = Listener { state: Arc::clone(&listener.state), shown: Arc::clone(&listener.shown) };
    std::thread::Builder::new().name("watching".into()).spawn(move || {
        listen(&place, &page, &listener, &log, started_by_resident);
    })?;
    Ok(for_the_window)
}

impl<R: Runtime> Listener<R> {
    fn new(theme: Theme) -> Self {
        Self { state: Arc::new(Mutex::new(State::NotYet)), shown: Arc::new(Mutex::new(Shown::new(theme))) }
    }

    /// Here is the window.
    pub fn window(&self, window: WebviewWindow<R>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match *state {
            State::ToBeClosed => window.app_handle().exit(0),
            State::NotYet | State::Open(_) => *state = State::Open(window),
        }
        drop(state);
        if let Some(theme) = self.shown().is_made() {
            self.draw_in(Some(theme));
        }
    }

    /// Shows the native parts of the window in the theme that is set.
    fn show_in(&self, theme: Theme) {
        let other = self.shown().set(theme);
        if let Some(theme) = other {
            self.draw_in(theme);
        }
    }

    fn draw_in(&self, theme: Option<tauri::Theme>) {
        if let State::Open(window) = &*self.state.lock().unwrap_or_else(PoisonError::into_inner)
            && let Err(error) = window.set_theme(theme)
        {
            tracing::warn!(%error, "the theme could not be set");
        }
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn come_forward(&self) {
        if let State::Open(window) = &*self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            come_forward(window);
        }
    }

    fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Open(window) => window.app_handle().exit(0),
            State::NotYet | State::ToBeClosed => *state = State::ToBeClosed,
        }
    }
}

fn listen<R: Runtime>(place: &Place, page: &Page, window: &Listener<R>, log: &Path, started_by_resident: bool) {
    // Whoever quits while a window is on its way must not find everything started again by it.
    let mut is_first_word_due = started_by_resident;
    let tell = |trouble: &Trouble| page.tell(Told::Trouble { problem: trouble.problem(log, gatepass_app::spoken()) });
    let mut patience = Patience::default();
    let mut started = None;
    let mut trouble = Trouble::Silent;
    loop {
        match client::watch(place, true) {
            Ok(stream) => {
                let since = SystemClock.now();
                match follow(stream, page, window) {
                    End::Quit => return window.close(),
                    End::Died => {
                        is_first_word_due = false;
                        page.tell(Told::ResidentGone);
                        patience = Patience::default();
                        // One that dies at once would otherwise be started many times a second.
                        if SystemClock.now().since(since) < LIVED {
                            std::thread::sleep(AFTER_A_SHORT_LIFE);
                        }
                        continue;
                    }
                    End::SaidNothing => trouble = Trouble::Silent,
                }
            }
            Err(ClientError::NotRunning) if is_first_word_due => return window.close(),
            // Between two looks it came, was told to quit, and went.
            Err(ClientError::NotRunning) if started.as_ref().is_some_and(has_quit) => {
                return window.close();
            }
            Err(ClientError::NotRunning) => {
                if patience.absent() {
                    started = Some(starting::start());
                }
                // While one is on its way, the end of the one before it is the best that is known.
                trouble = started.as_ref().and_then(why_not).unwrap_or(trouble);
            }
            Err(ClientError::OtherVersion { theirs }) => {
                // Waiting mends nothing; and whoever quits it shall find the next one started without delay.
                tell(&Trouble::OtherVersion(theirs));
                patience = Patience::default();
                std::thread::sleep(WHILE_ANOTHER_VERSION_RUNS);
                continue;
            }
            Err(ClientError::Broken(error)) => trouble = Trouble::Broken(error.to_string()),
        }
        if patience.is_at_its_end() {
            tell(&trouble);
        }
        std::thread::sleep(patience.pause());
    }
}

/// Whether the resident that was started kept the sessions until it was told to quit.
fn has_quit(started: &std::io::Result<Started>) -> bool {
    started.as_ref().is_ok_and(|started| started.end().is_some_and(|end| end.is_quit()))
}

/// Why the resident that was started does not run; `None` where it does.
fn why_not(started: &std::io::Result<Started>) -> Option<Trouble> {
    match started {
        Ok(started) => started.end().map(Trouble::Ended),
        Err(error) => Some(Trouble::NotStarted(error.to_string())),
    }
}

/// How often in a row it went wrong.
#[derive(Default)]
struct Patience {
    failures: usize,
    /// Those where nobody listened. Counted by themselves: a line that breaks as the resident dies must not stand in for
    /// the failure that starts it again.
    absences: usize,
}

impl Patience {
    /// There is no resident. Whether to start it: once, then it is waited for, since several would race for the lock.
    fn absent(&mut self) -> bool {
        let start = self.absences.is_multiple_of(PAUSES.len());
        self.absences += 1;
        start
    }

    /// Whether it has lasted longer than a start takes.
    fn is_at_its_end(&self) -> bool {
        self.failures >= PAUSES.len()
    }

    /// How long to wait before the next try.
    fn pause(&mut self) -> Duration {
        let pause = PAUSES[self.failures.min(PAUSES.len() - 1)];
        self.failures += 1;
        pause
    }
}

/// How the resident's side of the line ended.
enum End {
    Quit,
    Died,
    /// It took the call and said nothing: too busy, or only just going.
    SaidNothing,
}

fn follow<R: Runtime>(
    stream: impl Iterator<Item = Result<client::Told, ClientError>>,
    page: &Page,
    window: &Listener<R>,
) -> End {
    let mut said_something = false;
    for told in stream {
        match told {
            Ok(client::Told::Change(change)) => {
                said_something = true;
                window.show_in(change.snapshot.settings.theme);
                page.tell(Told::Change { change: Arc::from(change) });
            }
            Ok(client::Told::ComeForward) => window.come_forward(),
            Ok(client::Told::Bye) => return End::Quit,
            Err(error) => {
                tracing::warn!(%error, "lost the resident");
                break;
            }
        }
    }
    if said_something { End::Died } else { End::SaidNothing }
}

#[cfg(test)]
mod tests;
