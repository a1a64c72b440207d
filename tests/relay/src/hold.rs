//! A message that is stopped on its way until the test lets go.

use std::io;

use tokio::sync::{oneshot, watch};

/// The test's side of a message that is to be stopped. Dropped, it cuts the connection: the message is lost.
pub struct Hold {
    reached: watch::Receiver<bool>,
    release: oneshot::Sender<()>,
}

/// The relay's side.
pub(crate) struct Barrier {
    reached: watch::Sender<bool>,
    release: oneshot::Receiver<()>,
}

/// What is to become of a message that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    GoOn,
    Cut,
}

impl Hold {
    pub(crate) fn new() -> (Self, Barrier) {
        let (sender, reached) = watch::channel(false);
        let (release, released) = oneshot::channel();
        (Self { reached, release }, Barrier { reached: sender, release: released })
    }

    /// Waits until the message has come to where it is stopped. Returns at once if it already has.
    ///
    /// # Errors
    /// If the relay is gone, or the order was cleared, before the message came.
    pub async fn reached(&mut self) -> io::Result<()> {
        let gone = |_| io::Error::new(io::ErrorKind::ConnectionAborted, "the relay was cleared before a message came");
        self.reached.wait_for(|reached| *reached).await.map(drop).map_err(gone)
    }

    /// Whether the message has come to where it is stopped.
    pub fn is_reached(&self) -> bool {
        *self.reached.borrow()
    }

    /// Lets the message go on.
    pub fn release(self) {
        // A connection that is gone does not wait any more.
        let _ = self.release.send(());
    }
}

impl Barrier {
    /// Tells the test, and waits for what it says.
    pub(crate) async fn wait(self) -> Verdict {
        self.reached.send_replace(true);
        match self.release.await {
            Ok(()) => Verdict::GoOn,
            Err(_) => Verdict::Cut,
        }
    }
}
