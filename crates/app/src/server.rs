//! The local API's server: who may speak, how much, how long. What is said is in `gatepass_wire::frame`, what is done
//! about it in [`App::carry_out`].
//!
//! Whoever connects is a program of the same user, and is still not trusted with our time or memory: a line is bounded,
//! so is the time to send or to take one, and so is the number of connections. A watcher that falls behind skips to the
//! latest snapshot and holds up nobody.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use gatepass_wire::frame::{self, Hello, Message, Request};
use gatepass_wire::{Cause, Change};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, sleep_until, timeout};

use crate::App;

#[cfg_attr(unix, path = "server/unix.rs")]
#[cfg_attr(windows, path = "server/windows.rs")]
mod system;

pub(crate) use system::Listener;

/// The longest request. Far above any intent, and small enough for all connections to send one at once.
const MAX_REQUEST: u64 = 256 * 1024;
/// Time for a client to say hello and what it wants.
const TIME_TO_ASK: Duration = Duration::from_secs(5);
/// Time for a client to take a line.
const TIME_TO_TAKE: Duration = Duration::from_secs(10);
/// Time between two changes that a watcher is told, at least. Nobody sees more, and a line has all profiles in it.
const APART: Duration = Duration::from_millis(50);
/// Of that which telling took: a snapshot that is large is told less often.
const REST: u32 = 4;
/// Who has a window open may have edited the files of profiles and settings.
const LOOK_AT_FILES: Duration = Duration::from_secs(2);
/// Connections at one time; one more is closed at once.
const MAX_CONNECTIONS: usize = 64;
/// Time for answers under way when the resident quits.
const TIME_TO_END: Duration = Duration::from_secs(1);

/// Serves until `quitting`. The socket is gone when this returns.
pub(crate) async fn run(listener: Listener, app: App, mut quitting: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            _ = quitting.wait_for(|quitting| *quitting) => break,
        };
        match accepted {
            Ok(Some(_)) if connections.len() >= MAX_CONNECTIONS => tracing::warn!("too many local connections"),
            Ok(Some(stream)) => {
                let (app, quitting) = (app.clone(), quitting.clone());
                connections.spawn(async move {
                    if let Err(error) = serve(stream, &app, quitting).await {
                        tracing::debug!(kind = ?error.kind(), "a local connection broke");
                    }
                });
            }
            Ok(None) => tracing::warn!("a program of another user was turned away"),
            Err(error) => {
                // Out of descriptors, most likely: without a pause this loop would take a whole core.
                tracing::warn!(%error, "no local connection could be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let _ = timeout(TIME_TO_END, async { while connections.join_next().await.is_some() {} }).await;
}

/// One connection from hello to its end.
async fn serve(stream: impl AsyncRead + AsyncWrite, app: &App, quitting: watch::Receiver<bool>) -> io::Result<()> {
    let (from, to) = tokio::io::split(stream);
    tokio::pin!(to);
    let mut from = BufReader::new(from).take(MAX_REQUEST);
    // Before reading, so that a client of another version learns ours even if we cannot read its own.
    write_line(&mut to, &Hello { gatepass: frame::VERSION }).await?;
    let request = timeout(TIME_TO_ASK, read_request(&mut from)).await??;
    match request {
        Some(Request::Do(intent)) => {
            let answer = app.carry_out(intent).await;
            write_line(&mut to, &Message::Answer(answer)).await?;
            to.shutdown().await
        }
        Some(Request::Watch { window }) => {
            let mut gone = [0];
            tokio::select! {
                told = tell(&mut to, app, window, quitting) => told,
                // A watcher has nothing more to say; what can be read is its end.
                _ = from.get_mut().read(&mut gone) => Ok(()),
            }
        }
        None => Ok(()),
    }
}

/// The client's hello and its request; `None` where it speaks another version or said nothing.
async fn read_request(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Request>> {
    match read_line(from).await? {
        Some(Hello { gatepass: frame::VERSION }) => read_line(from).await,
        Some(Hello { gatepass }) => {
            tracing::info!(theirs = gatepass, ours = frame::VERSION, "a client of another version");
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Sends the present, then each change, or the latest of several; to a window also the wish to see it. Says goodbye when
/// the resident quits: a stream that ends without it is one that died, and the window starts it again.
async fn tell(
    to: &mut (impl AsyncWrite + Unpin),
    app: &App,
    window: bool,
    mut quitting: watch::Receiver<bool>,
) -> io::Result<()> {
    // Before the present is sent: a window that has drawn itself can be relied on to come forward.
    let mut forward = window.then(|| app.register_window());
    let mut changes = app.changes();
    let present = changes.borrow_and_update().clone();
    write_line(to, &Message::Change(Box::new(Change { cause: Cause::Present, ..Change::clone(&present) }))).await?;
    let mut rested_at = Instant::now();
    let mut looking = tokio::time::interval(LOOK_AT_FILES);
    looking.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let change = async {
            sleep_until(rested_at).await;
            changes.changed().await
        };
        tokio::select! {
            changed = change => {
                if changed.is_err() {
                    break;
                }
                let began_at = Instant::now();
                let change: Arc<Change> = changes.borrow_and_update().clone();
                write_line(to, &Message::Change(Box::new(Change::clone(&change)))).await?;
                rested_at = Instant::now() + APART.max(began_at.elapsed() * REST);
            }
            _ = looking.tick(), if window => {
                app.agent().look_at_profiles();
                app.look_at_settings();
            }
            () = wanted(&mut forward) => write_line(to, &Message::ComeForward).await?,
            () = quit(&mut quitting) => break,
        }
    }
    write_line(to, &Message::Bye).await
}

/// Returns when the resident quits, and keeps nothing borrowed.
async fn quit(quitting: &mut watch::Receiver<bool>) {
    let _ = quitting.wait_for(|quitting| *quitting).await;
}

/// Returns when somebody wants to see this window; never for a watcher that is none.
async fn wanted(forward: &mut Option<watch::Receiver<()>>) {
    if let Some(forward) = forward
        && forward.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

async fn write_line(to: &mut (impl AsyncWrite + Unpin), value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    timeout(TIME_TO_TAKE, async {
        to.write_all(&line).await?;
        to.flush().await
    })
    .await?
}

async fn read_line<T: DeserializeOwned>(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line).await?;
    if line.is_empty() {
        return Ok(None);
    }
    // The reason is left out: serde_json quotes what it read, which may be a redirect with a code in it.
    serde_json::from_slice(&line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
