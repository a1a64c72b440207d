//! The relay in front of the session bus: it passes on what the program under test and the bus say to each other,
//! message by message, and knows those that put a secret into the Secret Service, with their answers. It does not
//! decrypt or change anything, and passes no file descriptors, which the keyring needs none of.

mod message;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tokio::io::AsyncWriteExt;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::hold::{Barrier, Verdict};
use crate::{Hold, lock};
use message::{Framing, Message, Piece};

/// Where on its way a secret is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusPoint {
    /// The program has asked the keyring to keep a secret, and the keyring has heard nothing of it.
    StoreCalled,
    /// The keyring has kept it, and the program does not know.
    StoreAnswered,
    /// The program has read back what it stored, and has not got the answer.
    ReadBackAnswered,
}

/// A running relay. It ends with this value, and cuts its connections.
pub struct BusRelay {
    path: PathBuf,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    bus: PathBuf,
    order: Mutex<Option<(BusPoint, Barrier)>>,
    /// While it is set, nothing that the program says gets to the bus.
    is_frozen: watch::Sender<bool>,
    counts: Mutex<Counts>,
    n_connections: watch::Sender<usize>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    called: usize,
    stored: usize,
}

/// Calls of one connection whose answers matter, by their serial numbers.
type Pending = Arc<Mutex<HashMap<u32, Call>>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Store,
    ReadBack,
}

impl BusRelay {
    /// Listens at `path`, in front of the bus with this address (`DBUS_SESSION_BUS_ADDRESS`).
    ///
    /// # Errors
    /// If the address names no socket file, or `path` cannot be listened at.
    pub fn start(path: &Path, bus_address: &str) -> io::Result<Self> {
        let bus = bus_address
            .strip_prefix("unix:")
            .and_then(|keys| keys.split([',', ';']).find_map(|key| key.strip_prefix("path=")))
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the bus has no socket file"))?;
        let shared = Arc::new(Shared {
            bus: bus.into(),
            order: Mutex::default(),
            is_frozen: watch::Sender::new(false),
            counts: Mutex::default(),
            n_connections: watch::Sender::new(0),
        });
        let task = tokio::spawn(accept(UnixListener::bind(path)?, Arc::clone(&shared)));
        Ok(Self { path: path.to_owned(), shared, task })
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` has to be for the program under test.
    pub fn address(&self) -> String {
        format!("unix:path={}", self.path.display())
    }

    /// Stops the next secret at `point`. One order at a time: a later one takes the place of an earlier one.
    pub fn hold(&self, point: BusPoint) -> Hold {
        let (hold, barrier) = Hold::new();
        *lock(&self.shared.order) = Some((point, barrier));
        hold
    }

    /// From now on nothing that the program says gets to the bus. [`BusRelay::clear`] ends it, and cuts the connections
    /// on which something was said meanwhile.
    pub fn freeze(&self) {
        self.shared.is_frozen.send_replace(true);
    }

    /// Forgets the order that waits and ends a freeze. What is held stays held.
    pub fn clear(&self) {
        *lock(&self.shared.order) = None;
        self.shared.is_frozen.send_replace(false);
    }

    /// Waits until no connection is left. A program that was killed may have said something that still is on its way;
    /// after this, the counts are final.
    pub async fn is_quiet(&self) {
        // The sender is in self.
        let _ = self.shared.n_connections.subscribe().wait_for(|n| *n == 0).await;
    }

    /// How often the program has asked to keep a secret.
    pub fn n_store_calls(&self) -> usize {
        lock(&self.shared.counts).called
    }

    /// How many secrets the keyring has said that it keeps.
    pub fn n_stored(&self) -> usize {
        lock(&self.shared.counts).stored
    }
}

impl Drop for BusRelay {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Shared {
    /// Stops here if that is ordered.
    async fn take_effect(&self, point: BusPoint) -> Verdict {
        let barrier = lock(&self.order).take_if(|(of, _)| *of == point).map(|(_, barrier)| barrier);
        match barrier {
            Some(barrier) => barrier.wait().await,
            None => Verdict::GoOn,
        }
    }

    /// What the bus has answered with this message, if that is anything to us.
    fn answered(&self, message: &Message, pending: &Pending) -> Option<BusPoint> {
        let call = lock(pending).remove(&message.reply_serial()?)?;
        match call {
            Call::ReadBack => Some(BusPoint::ReadBackAnswered),
            Call::Store if message.is_error() => None,
            Call::Store => {
                lock(&self.counts).stored += 1;
                Some(BusPoint::StoreAnswered)
            }
        }
    }
}

/// Accepts for ever. The connections live in this future: dropped, it cuts them all.
async fn accept(listener: UnixListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((program, _)) = accepted else { continue };
                let shared = Arc::clone(&shared);
                shared.n_connections.send_modify(|n| *n += 1);
                connections.spawn(async move {
                    // Ends with an error whenever one of the two goes away.
                    let _ = relay(program, &shared).await;
                    shared.n_connections.send_modify(|n| *n -= 1);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Relays both ways until either side ends or is cut.
async fn relay(program: UnixStream, shared: &Shared) -> io::Result<()> {
    let bus = UnixStream::connect(&shared.bus).await?;
    let (from_program, to_program) = program.into_split();
    let (from_bus, to_bus) = bus.into_split();
    let pending = Pending::default();
    tokio::select! {
        result = program_speaks(from_program, to_bus, shared, &pending) => result,
        result = bus_speaks(from_bus, to_program, shared, &pending) => result,
    }
}

async fn program_speaks(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    pending: &Pending,
) -> io::Result<()> {
    let mut framing = Framing::of_client();
    let mut has_stored = false;
    while let Some(piece) = framing.next(&mut from).await? {
        if let Piece::Message(message) = &piece {
            let call = match message.member() {
                Some("SetSecret" | "CreateItem") => Some(Call::Store),
                Some("GetSecret") if has_stored => Some(Call::ReadBack),
                _ => None,
            };
            // Only the first look after a store is the one at what was stored.
            has_stored = call == Some(Call::Store) || has_stored && call != Some(Call::ReadBack);
            if call == Some(Call::Store) {
                lock(&shared.counts).called += 1;
                if shared.take_effect(BusPoint::StoreCalled).await == Verdict::Cut {
                    return Ok(());
                }
            }
            if let Some(call) = call {
                lock(pending).insert(message.serial(), call);
            }
        }
        if *shared.is_frozen.borrow() {
            // The sender is in `shared`. What was held up is lost, with the connection.
            let _ = shared.is_frozen.subscribe().wait_for(|is_frozen| !is_frozen).await;
            return Ok(());
        }
        to.write_all(piece.bytes()).await?;
    }
    Ok(())
}

async fn bus_speaks(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    pending: &Pending,
) -> io::Result<()> {
    let mut framing = Framing::of_bus();
    while let Some(piece) = framing.next(&mut from).await? {
        if let Piece::Message(message) = &piece
            && let Some(point) = shared.answered(message, pending)
            && shared.take_effect(point).await == Verdict::Cut
        {
            return Ok(());
        }
        to.write_all(piece.bytes()).await?;
    }
    Ok(())
}
