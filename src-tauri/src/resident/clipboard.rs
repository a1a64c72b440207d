//! The clipboard, on a thread of its own: on X11 and Wayland its content is served by whoever set it, so one `Clipboard`
//! lives as long as the resident. What is concealed stays out of clipboard history where the system has a way to ask for
//! that, and is taken away after a while and at quit, if it is still there.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use gatepass_agent::Clock;
use gatepass_app::Clip;
use gatepass_oidc::Timestamp;
use gatepass_wire::Millis;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// How long a secret stays.
const CLEARS_AFTER: Duration = Duration::from_secs(30);
/// How long quitting waits for the clipboard. An X server that hangs must not keep the resident alive.
const QUIT_LIMIT: Duration = Duration::from_secs(2);

/// The thread that has the clipboard. Cheap to clone.
#[derive(Clone)]
pub struct Clipboard {
    orders: mpsc::Sender<Order>,
}

/// When what was copied is cleared (`None`: it is left), or what the system said, in words.
pub type Copied = Result<Option<Millis>, String>;

enum Order {
    Copy { text: Clip, conceal: bool, reply: oneshot::Sender<Copied> },
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

    /// Puts `text` on the clipboard. `reply` is dropped unanswered only after [`Clipboard::finish`].
    pub fn copy(&self, text: Clip, conceal: bool, reply: oneshot::Sender<Copied>) {
        // The thread ends with `finish` alone; then the resident is quitting and nobody waits for the reply.
        let _ = self.orders.send(Order::Copy { text, conceal, reply });
    }

    /// Takes away what is concealed, and waits for that.
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
}

impl Keeper {
    fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, system: None, concealed: None }
    }

    fn run(mut self, orders: &mpsc::Receiver<Order>) {
        loop {
            // A second at a stretch, and the wall clock: a laptop that slept has passed the time all the same.
            let order = match &self.concealed {
                Some(concealed) => orders.recv_timeout(concealed.left(self.clock.now()).min(Duration::from_secs(1))),
                None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match order {
                Ok(Order::Copy { text, conceal, reply }) => {
                    let copied = self.copy(&text, conceal);
                    let _ = reply.send(copied);
                }
                Ok(Order::Finish { done }) => {
                    self.clear();
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

    fn copy(&mut self, text: &Clip, conceal: bool) -> Copied {
        self.set(text.expose(), conceal).map_err(|error| {
            // A clipboard that failed may have lost its display: the next copy opens it anew.
            self.system = None;
            in_words(&error)
        })?;
        self.concealed = conceal.then(|| Concealed::new(text.expose(), self.clock.now()));
        Ok(self.concealed.as_ref().map(|concealed| Millis(concealed.clears_at.as_unix_millis())))
    }

    fn set(&mut self, text: &str, conceal: bool) -> Result<(), arboard::Error> {
        let system = match &mut self.system {
            Some(system) => system,
            closed => closed.insert(arboard::Clipboard::new()?),
        };
        let set = system.set();
        let set = if conceal { kept_out_of_history(set) } else { set };
        set.text(text)
    }

    /// Takes the secret away if it is still there. If somebody else's text is there, that is left alone.
    fn clear(&mut self) {
        let (Some(concealed), Some(system)) = (self.concealed.take(), &mut self.system) else { return };
        let cleared = match system.get_text().map(Zeroizing::new) {
            Ok(text) if concealed.is(&text) => system.clear(),
            Ok(_) | Err(arboard::Error::ContentNotAvailable) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = cleared {
            tracing::warn!(%error, "the clipboard could not be cleared");
        }
    }
}

/// What is remembered of a secret on the clipboard: enough to know it again, and not the secret.
struct Concealed {
    hash: [u8; 32],
    copied_at: Timestamp,
    clears_at: Timestamp,
}

impl Concealed {
    fn new(text: &str, now: Timestamp) -> Self {
        Self { hash: Sha256::digest(text).into(), copied_at: now, clears_at: now + CLEARS_AFTER }
    }

    fn is(&self, text: &str) -> bool {
        self.hash == <[u8; 32]>::from(Sha256::digest(text))
    }

    fn is_due(&self, now: Timestamp) -> bool {
        // A clock that was set back must not keep the secret there longer.
        now >= self.clears_at || now < self.copied_at
    }

    fn left(&self, now: Timestamp) -> Duration {
        if self.is_due(now) { Duration::ZERO } else { self.clears_at.since(now) }
    }
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
