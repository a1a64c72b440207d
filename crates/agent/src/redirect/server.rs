//! Sockets, connections and their limits. What is answered is a [`Site`]'s affair.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::answer::{Answer, Refusal};
use super::visitor::Visitors;
use super::words::PageWords;

/// A redirect is a request line with a query, and the cookies that other programs on `localhost` left in the browser.
const MAX_HEADER: usize = 64 * 1024;

/// How long anything may take, and how much of it may happen at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Until the header of a request has arrived.
    pub(super) header: Duration,
    /// Until its body has arrived.
    pub(super) body: Duration,
    /// Until someone has said whether an authorization response is ours, and where to go if it is not the last word. The
    /// authorization server may be asked for that first, and has a time limit of its own.
    pub(super) verdict: Duration,
    /// How long whoever comes to the launch address is held until it leads somewhere; the browser asks again afterwards.
    pub(super) lead: Duration,
    /// How long the page of the outcome is held; the browser asks again afterwards.
    pub(super) outcome: Duration,
    /// How long a known outcome waits for a browser to ask for it.
    pub(super) grace: Duration,
    /// How long a client that was answered may go on sending.
    pub(super) linger: Duration,
    /// Connections served at a time. Further ones wait.
    pub(super) connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(5),
            body: Duration::from_secs(5),
            verdict: Duration::from_secs(60),
            lead: Duration::from_secs(10),
            outcome: Duration::from_secs(60),
            grace: Duration::from_secs(30),
            linger: Duration::from_secs(1),
            connections: 64,
        }
    }
}

/// What is served.
pub(super) trait Site: Send + Sync + 'static {
    /// The words of its pages.
    fn words(&self) -> &'static PageWords;
    /// What to answer `request`.
    fn answer(&self, request: Request<Incoming>) -> impl Future<Output = Answer> + Send;
    /// Notes that the page which states the outcome has reached a browser.
    fn note_delivery(&self);
}

/// The running server. Dropping it closes the ports before `drop` returns, and the connections with them.
pub(super) struct Server {
    sockets: Vec<Arc<Socket>>,
    /// One per socket. Each owns the connections that came in through it.
    _accepting: JoinSet<()>,
}

impl Server {
    /// Serves `site` on `listeners` to `visitors`.
    pub(super) fn start(
        listeners: Vec<TcpListener>,
        site: &Arc<impl Site>,
        visitors: Visitors,
        limits: Limits,
    ) -> Self {
        let sockets: Vec<_> = listeners.into_iter().map(|listener| Arc::new(Socket::new(listener))).collect();
        let places = Arc::new(Semaphore::new(limits.connections));
        let mut accepting = JoinSet::new();
        for socket in &sockets {
            accepting.spawn(accept(Arc::clone(socket), Arc::clone(site), Arc::clone(&places), visitors, limits));
        }
        Self { sockets, _accepting: accepting }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.sockets.iter().for_each(|socket| socket.close());
    }
}

/// A listening socket that can be closed from outside the task that accepts on it: an aborted task lets go of what it
/// owns only when the runtime comes round to it, and the next attempt may want the port before that.
struct Socket(Mutex<Option<TcpListener>>);

impl Socket {
    fn new(listener: TcpListener) -> Self {
        Self(Mutex::new(Some(listener)))
    }

    /// The next connection; `None` when the socket was closed.
    async fn accept(&self) -> Option<std::io::Result<TcpStream>> {
        poll_fn(|task| match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(listener) => listener.poll_accept(task).map(|accepted| Some(accepted.map(|(stream, _)| stream))),
            None => Poll::Ready(None),
        })
        .await
    }

    fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

async fn accept(socket: Arc<Socket>, site: Arc<impl Site>, places: Arc<Semaphore>, visitors: Visitors, limits: Limits) {
    let mut connections = JoinSet::new();
    while let Some(accepted) = socket.accept().await {
        let Ok(stream) = accepted else {
            // Out of file descriptors, say. The connection is still there: asking again at once would spin.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Whoever comes while all places are taken waits in the kernel's queue: every place is free again in time.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let site = Arc::clone(&site);
        connections.spawn(async move {
            serve(stream, &*site, visitors, limits).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Serves the one request of a connection. A stranger gets a page too: it may be the browser of this very person, run as
/// another user on purpose.
async fn serve(stream: TcpStream, site: &impl Site, visitors: Visitors, limits: Limits) {
    let is_turned_away = visitors.turn_away(&stream).await;
    let states_outcome = AtomicBool::new(false);
    let service = service_fn(|request| async {
        let answer =
            if is_turned_away { Refusal::AnotherUser.answer(site.words()) } else { site.answer(request).await };
        states_outcome.store(answer.states_outcome, Ordering::Relaxed);
        Ok::<_, Infallible>(answer.response)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_header_size(MAX_HEADER)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .without_shutdown();
    // Bounded by the limits of its parts: header, body, verdict, lead, outcome. An answer fits into the socket's buffer.
    let Ok(parts) = connection.await else { return };
    let mut stream = parts.io.into_inner();
    if stream.shutdown().await.is_err() {
        return;
    }
    if states_outcome.into_inner() {
        site.note_delivery();
    }
    // A socket that is closed with bytes unread is reset, and a reset can overtake the answer.
    let _ = timeout(limits.linger, tokio::io::copy(&mut stream, &mut tokio::io::sink())).await;
}
