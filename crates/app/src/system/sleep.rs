//! Sleep and waking, as logind announces them: `PrepareForSleep` (org.freedesktop.login1(5)).

use futures_lite::StreamExt as _;
use tokio::sync::mpsc;
use zbus::{Connection, Proxy};

use super::News;

/// Follows logind; returns where there is none, or when the bus ends.
pub(super) async fn follow(tell: mpsc::UnboundedSender<News>) {
    let followed = async { listen(&Connection::system().await?, &tell).await };
    match followed.await {
        Ok(()) => tracing::info!("the system bus ended; waking is noticed within half a minute"),
        Err(error) => tracing::info!(%error, "nobody announces sleep; waking is noticed within half a minute"),
    }
}

/// Passes on what logind says on this bus, also one that starts later or anew.
pub(super) async fn listen(bus: &Connection, tell: &mpsc::UnboundedSender<News>) -> zbus::Result<()> {
    let logind =
        Proxy::new(bus, "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager").await?;
    let mut signals = logind.receive_signal("PrepareForSleep").await?;
    while let Some(signal) = signals.next().await {
        let news = match signal.body().deserialize::<bool>() {
            Ok(true) => News::FallingAsleep,
            Ok(false) => News::Woke,
            Err(error) => {
                tracing::warn!(%error, "logind said something else");
                continue;
            }
        };
        tracing::debug!(?news, "logind");
        if tell.send(news).is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "system-tests")]
mod tests;
