//! The clipboard, on a thread of its own: on X11 and Wayland its content is served by whoever set it, so one `Clipboard`
//! lives as long as the resident. What is concealed stays out of clipboard history where the system has a way to ask for
//! that, and is taken away after the time that is set and at quit, if it is still there.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use gatepass_agent::Clock;
use gatepass_app::Clip;
use gatepass_oidc::Timestamp;
use gatepass_wire::Millis;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// How often clearing is tried before it is given up: another program may be busy with the clipboard for a while.
const CLEARING_TRIES: u32 = 20;
/// How long quitting waits for the clipboard. An X server that hangs must not keep the resident alive.
const QUIT_LIMIT: Duration = Duration::from_secs(2);

/// The thread that has the clipboard. Cheap to clone.
#[derive(Clone)]
pub struct Clipboard {
    orders: mpsc::Sender<Order>,
}

/// When what was copied is cleared (`None`: it is left), or what the system said, in words.
pub type Copied = Result<Option<Millis>, String>;

/// What is there; `None` where it is something else; or what the system said.
pub type ReadText = Result<Option<SecretString>, String>;

enum Order {
    Copy { text: Clip, conceal: bool, clear_after: Option<Duration>, reply: oneshot::Sender<Copied> },
    Read { is_wanted: fn(&str) -> bool, reply: oneshot::Sender<ReadText> },
    Empty { text: Clip },
    Finish { done: mpsc::SyncSender<()> },
}

impl Clipboard {
    /// Starts the thread. The system's clipboard is opened with the first copy.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let (orders, received) = mpsc::channel();
        std::thread::Builder::new().name("clipboard".into()).spawn(move || Keeper::new(clock).run(&received))?;
        Ok(Self { orders })
    }

    /// Puts `text` on the clipboard; with `clear_after`, until then. `reply` is dropped unanswered only after [`Clipboard::finish`].
    pub fn copy(&self, text: Clip, conceal: bool, clear_after: Option<Duration>, reply: oneshot::Sender<Copied>) {
        // The thread ends with `finish` alone; then the resident is quitting and nobody waits for the reply.
        let _ = self.orders.send(Order::Copy { text, conceal, clear_after, reply });
    }

    /// Reads what is there, if it is wanted and was not copied from here: nobody gets a token back by asking for a secret.
    pub fn read(&self, is_wanted: fn(&str) -> bool, reply: oneshot::Sender<ReadText>) {
        let _ = self.orders.send(Order::Read { is_wanted, reply });
    }

    /// Empties it, if this is still there.
    pub fn empty(&self, text: Clip) {
        let _ = self.orders.send(Order::Empty { text });
    }

    /// Takes away what is to be cleared, and waits for that.
    pub fn finish(&self) {
        let (done, finished) = mpsc::sync_channel(1);
        if self.orders.send(Order::Finish { done }).is_ok() && finished.recv_timeout(QUIT_LIMIT).is_err() {
            tracing::warn!("the clipboard did not answer in time; what was copied may still be there");
        }
    }
}

struct Keeper {
    clock: Arc<dyn Clock>,
    system: Option<arboard::Clipboard>,
    concealed: Option<Concealed>,
    /// Of what was copied last from here.
    last: Option<[u8; 32]>,
}

impl Keeper {
    fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, system: None, concealed: None, last: None }
    }

    fn run(mut self, orders: &mpsc::Receiver<Order>) {
        loop {
            // A second at a stretch, and the wall clock: a laptop that slept has passed the time all the same.
            let order = match &self.concealed {
                Some(concealed) => orders.recv_timeout(concealed.left(self.clock.now()).min(Duration::from_secs(1))),
                None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match order {
                Ok(Order::Copy { text, conceal, clear_after, reply }) => {
                    let copied = self.copy(&text, conceal, clear_after);
                    let _ = reply.send(copied);
                }
                Ok(Order::Read { is_wanted, reply }) => {
                    let text = self.read(is_wanted);
                    let _ = reply.send(text);
                }
                Ok(Order::Empty { text }) => self.empty(&text),
                Ok(Order::Finish { done }) => {
                    // Nobody waits long for a program that quits, and there is no later.
                    for _ in 0..3 {
                        self.clear();
                    }
                    let _ = done.send(());
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {
                    if self.concealed.as_ref().is_some_and(|concealed| concealed.is_due(self.clock.now())) {
                        self.clear();
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn copy(&mut self, text: &Clip, conceal: bool, clear_after: Option<Duration>) -> Copied {
        self.set(text.expose(), conceal).map_err(|error| {
            // A clipboard that failed may have lost its display: the next copy opens it anew.
            self.system = None;
            in_words(&error)
        })?;
        self.last = Some(digest(text.expose()));
        self.concealed = clear_after.map(|after| Concealed::new(text.expose(), after, self.clock.now()));
        Ok(self.concealed.as_ref().map(|concealed| Millis(concealed.clears_at.as_unix_millis())))
    }

    fn read(&mut self, is_wanted: fn(&str) -> bool) -> ReadText {
        let last = self.last;
        let read = self.system().and_then(|system| match system.get_text().map(Zeroizing::new) {
            Ok(text) if is_wanted(&text) && last != Some(digest(&text)) => Ok(Some(SecretString::from(text.as_str()))),
            Ok(_) | Err(arboard::Error::ContentNotAvailable) => Ok(None),
            Err(error) => Err(error),
        });
        read.map_err(|error| {
            self.system = None;
            in_words(&error)
        })
    }

    fn empty(&mut self, text: &Clip) {
        let emptied = self.system().and_then(|system| match system.get_text().map(Zeroizing::new) {
            Ok(there) if *there == text.expose() => system.clear(),
            Ok(_) | Err(arboard::Error::ContentNotAvailable) => Ok(()),
            Err(error) => Err(error),
        });
        if let Err(error) = emptied {
            self.system = None;
            tracing::warn!(%error, "a secret that was taken from the clipboard is still there");
        }
    }

    /// The system's clipboard, opened if it is not.
    fn system(&mut self) -> Result<&mut arboard::Clipboard, arboard::Error> {
        match &mut self.system {
            Some(system) => Ok(system),
            closed => Ok(closed.insert(arboard::Clipboard::new()?)),
        }
    }

    fn set(&mut self, text: &str, conceal: bool) -> Result<(), arboard::Error> {
        let set = self.system()?.set();
        let set = if conceal { kept_out_of_history(set) } else { set };
        set.text(text)
    }

    /// Takes the secret away if it is still there. If somebody else's text is there, that is left alone. A clipboard
    /// that fails is opened anew and asked again a second later.
    fn clear(&mut self) {
        let Some(concealed) = self.concealed.take() else { return };
        let cleared = self.system().and_then(|system| match system.get_text().map(Zeroizing::new) {
            Ok(text) if concealed.is(&text) => system.clear(),
            Ok(_) | Err(arboard::Error::ContentNotAvailable) => Ok(()),
            Err(error) => Err(error),
        });
        if let Err(error) = cleared {
            self.system = None;
            self.concealed = concealed.once_more(self.clock.now());
            if self.concealed.is_none() {
                tracing::warn!(%error, "the clipboard could not be cleared");
            }
        }
    }
}

/// What is remembered of a secret on the clipboard: enough to know it again, and not the secret.
struct Concealed {
    hash: [u8; 32],
    copied_at: Timestamp,
    clears_at: Timestamp,
    tries_left: u32,
}

impl Concealed {
    fn new(text: &str, clear_after: Duration, now: Timestamp) -> Self {
        Self { hash: digest(text), copied_at: now, clears_at: now + clear_after, tries_left: CLEARING_TRIES }
    }

    /// The same, to be cleared in a second; `None` where it was tried often enough.
    fn once_more(self, now: Timestamp) -> Option<Self> {
        let tries_left = self.tries_left.checked_sub(1)?;
        Some(Self { copied_at: now, clears_at: now + Duration::from_secs(1), tries_left, ..self })
    }

    fn is(&self, text: &str) -> bool {
        self.hash == digest(text)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        // A clock that was set back must not keep the secret there longer.
        now >= self.clears_at || now < self.copied_at
    }

    fn left(&self, now: Timestamp) -> Duration {
        if self.is_due(now) { Duration::ZERO } else { self.clears_at.since(now) }
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn kept_out_of_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    #[cfg(target_os = "macos")]
    use arboard::SetExtApple as _;
    #[cfg(target_os = "linux")]
    use arboard::SetExtLinux as _;
    #[cfg(windows)]
    use arboard::SetExtWindows as _;
    #[cfg(windows)]
    let set = set.exclude_from_cloud().exclude_from_monitoring();
    set.exclude_from_history()
}

fn in_words(error: &arboard::Error) -> String {
    match error {
        arboard::Error::ClipboardOccupied => "another program is busy with the clipboard".into(),
        arboard::Error::ClipboardNotSupported => "this desktop has no clipboard that a program may write".into(),
        other => format!("the system's clipboard failed: {other}"),
    }
}

#[cfg(test)]
mod tests;
