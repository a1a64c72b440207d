//! The relay in front of the issuer: HTTP on loopback, one request a connection, since the program under test pools
//! none. It knows requests by their path and answers by where they end, and no more HTTP than that.

mod exchange;
mod orders;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::{Hold, lock};
use orders::{Order, Orders};

/// Connections that the system completes before anybody has accepted them.
const BACKLOG: u32 = 16;

/// Over loopback the system completes a connection at once, or not at all where its queue is full.
const FILLING: Duration = Duration::from_secs(2);

/// The path of a request that nobody but the relay makes.
const LAST: &str = "/the-last-in-the-queue";

/// Where on its way a request, or its answer, is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// All of the request is here, and the server has nothing of it.
    Request,
    /// The server has done its work and all of the answer is here. So many thousandths of it have been passed on.
    Answer {
        /// 0: nothing was passed on. 1,000: the last byte was.
        permille: u16,
    },
}

/// What becomes of a request without the test's doing anything more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It comes as far as this point, and then the connection is reset.
    Reset(Point),
    /// It comes as far as this point, and then nothing happens until the client gives up.
    Hang(Point),
    /// The server hears nothing of it, and this is answered: a whole HTTP response.
    Say(String),
}

/// How the relay stands to new connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// They are accepted.
    Open,
    /// They are never completed, as where packets are dropped on the way: no route, and nobody who says so.
    Deaf,
    /// They are refused.
    Closed,
}

/// A running relay. It ends with this value, and cuts its connections.
pub struct HttpRelay {
    address: SocketAddr,
    shared: Arc<Shared>,
    doors: mpsc::UnboundedSender<(Door, oneshot::Sender<io::Result<()>>)>,
    task: JoinHandle<()>,
}

/// A request that came.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    path: String,
    is_passed: bool,
}

struct Shared {
    server: Mutex<Option<SocketAddr>>,
    orders: Mutex<Orders>,
    seen: watch::Sender<Vec<Seen>>,
    n_connections: watch::Sender<usize>,
}

impl HttpRelay {
    /// Listens on a free port of 127.0.0.1. Until [`HttpRelay::leads_to`] is called, what comes is reset.
    ///
    /// # Errors
    /// If there is no such port.
    pub async fn start() -> io::Result<Self> {
        let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            server: Mutex::default(),
            orders: Mutex::default(),
            seen: watch::Sender::default(),
            n_connections: watch::Sender::new(0),
        });
        let (doors, received) = mpsc::unbounded_channel();
        let task = tokio::spawn(accept(address, listener, Arc::clone(&shared), received));
        Ok(Self { address, shared, doors, task })
    }

    /// `http://127.0.0.1:PORT`, which the server behind has to call itself.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on requests go to this server.
    pub fn leads_to(&self, server: SocketAddr) {
        *lock(&self.shared.server) = Some(server);
    }

    /// Stops the next request whose path ends with `path` at `point`, before any fate of [`HttpRelay::always`].
    pub fn hold(&self, path: &str, point: Point) -> Hold {
        let (hold, barrier) = Hold::new();
        lock(&self.shared.orders).once(path, Order::Hold(point, barrier));
        hold
    }

    /// The next request whose path ends with `path` meets `fate`.
    pub fn once(&self, path: &str, fate: Fate) {
        lock(&self.shared.orders).once(path, Order::Fate(fate));
    }

    /// Every request whose path ends with `path` meets `fate`, until [`HttpRelay::clear`]. The empty path is all.
    pub fn always(&self, path: &str, fate: Fate) {
        lock(&self.shared.orders).always(path, fate);
    }

    /// Forgets every hold and fate that waits.
    pub fn clear(&self) {
        lock(&self.shared.orders).clear();
    }

    /// Opens or closes the door to new connections. Those that are there stay.
    ///
    /// # Errors
    /// If the port was taken by somebody else while the door was closed.
    pub async fn door(&self, door: Door) -> io::Result<()> {
        let (done, is_done) = oneshot::channel();
        // The task lives as long as this value.
        let _ = self.doors.send((door, done));
        is_done.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
    }

    /// How many requests came whose path ends with `path`.
    pub fn n_requests(&self, path: &str) -> usize {
        self.shared.seen.borrow().iter().filter(|seen| seen.path.ends_with(path)).count()
    }

    /// How many of them were passed on to the server.
    pub fn n_passed(&self, path: &str) -> usize {
        self.shared.seen.borrow().iter().filter(|seen| seen.is_passed && seen.path.ends_with(path)).count()
    }

    /// Waits until `n` requests have come in all whose path ends with `path`.
    pub async fn has_had(&self, path: &str, n: usize) {
        let enough = |all: &Vec<Seen>| all.iter().filter(|seen| seen.path.ends_with(path)).count() >= n;
        // The sender is in self.
        let _ = self.shared.seen.subscribe().wait_for(enough).await;
    }

    /// Waits until no connection is left, not even one that the system has completed and nobody has accepted. A program
    /// that was killed may have said something that still is on its way; after this, the counts are final.
    ///
    /// # Errors
    /// If the door is not open.
    pub async fn is_quiet(&self) -> io::Result<()> {
        // Connections are accepted in the order in which they came: when this one is, all before it were.
        let mut last = TcpStream::connect(self.address).await?;
        self.once(LAST, Fate::Say(String::new()));
        last.write_all(format!("GET {LAST} HTTP/1.1\r\n\r\n").as_bytes()).await?;
        last.read_to_end(&mut Vec::new()).await?;
        // The sender is in self.
        let _ = self.shared.n_connections.subscribe().wait_for(|n| *n == 0).await;
        Ok(())
    }

    /// Whether somebody waits for a connection to be completed: what a client does at a [`Door::Deaf`]. Linux only.
    ///
    /// # Errors
    /// If the system does not list its connections.
    pub fn somebody_knocks(&self) -> io::Result<bool> {
        const SYN_SENT: &str = "02";
        // IPv4 in the byte order of the machine, as `/proc/net/tcp` has it.
        let here = format!("{:08X}:{:04X}", u32::from_ne_bytes([127, 0, 0, 1]), self.address.port());
        let all = std::fs::read_to_string("/proc/net/tcp")?;
        Ok(all.lines().any(|line| {
            let mut columns = line.split_whitespace().skip(2);
            columns.next() == Some(here.as_str()) && columns.next() == Some(SYN_SENT)
        }))
    }
}

impl Drop for HttpRelay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What stands behind the door.
enum Listening {
    Open(TcpListener),
    /// The queue of connections that the system completes by itself is full of our own.
    Deaf {
        listener: TcpListener,
        fillers: Vec<TcpStream>,
    },
    Closed,
}

impl Listening {
    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        match self {
            Self::Open(listener) => listener.accept().await,
            Self::Deaf { .. } | Self::Closed => std::future::pending().await,
        }
    }

    async fn become_like(self, door: Door, address: SocketAddr) -> (Self, io::Result<()>) {
        let listener = match self {
            Self::Open(listener) => Ok(listener),
            Self::Deaf { listener, fillers } => {
                // While they are in the queue, a client that comes now is not let in before it knocks again.
                for _ in fillers {
                    if let Err(error) = listener.accept().await {
                        return (Self::Open(listener), Err(error));
                    }
                }
                Ok(listener)
            }
            Self::Closed if door == Door::Closed => return (Self::Closed, Ok(())),
            Self::Closed => listen(address),
        };
        match (listener, door) {
            (Err(error), _) => (Self::Closed, Err(error)),
            (Ok(listener), Door::Open) => (Self::Open(listener), Ok(())),
            (Ok(_), Door::Closed) => (Self::Closed, Ok(())),
            (Ok(listener), Door::Deaf) => {
                let mut fillers = Vec::new();
                // The queue takes one more than it was asked to.
                for _ in 0..=BACKLOG {
                    match timeout(FILLING, TcpStream::connect(address)).await {
                        Ok(Ok(filler)) => fillers.push(filler),
                        Ok(Err(error)) => return (Self::Open(listener), Err(error)),
                        // Somebody else has taken a place in it just now.
                        Err(_) => break,
                    }
                }
                (Self::Deaf { listener, fillers }, Ok(()))
            }
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts for ever. The connections live in this future: dropped, it cuts them all.
async fn accept(
    address: SocketAddr,
    listener: TcpListener,
    shared: Arc<Shared>,
    mut doors: mpsc::UnboundedReceiver<(Door, oneshot::Sender<io::Result<()>>)>,
) {
    let mut connections = JoinSet::new();
    let mut listening = Listening::Open(listener);
    loop {
        tokio::select! {
            accepted = listening.accept() => {
                // A connection that was gone before it was accepted is nobody's problem.
                let Ok((client, _)) = accepted else { continue };
                let shared = Arc::clone(&shared);
                shared.n_connections.send_modify(|n| *n += 1);
                connections.spawn(async move {
                    // Ends with an error whenever one of the two goes away, which is what this is for.
                    let _ = exchange::relay(client, &shared).await;
                    shared.n_connections.send_modify(|n| *n -= 1);
                });
            }
            Some((door, done)) = doors.recv() => {
                let (now, result) = listening.become_like(door, address).await;
                listening = now;
                let _ = done.send(result);
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
