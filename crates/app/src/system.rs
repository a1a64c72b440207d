//! What the system tells of itself beside the keyring: that it falls asleep and wakes, that the network is another, and
//! which proxy leads to an address. All of it makes things happen sooner; nothing depends on it.
//!
//! Sleep is announced on Linux alone (by logind): no crate that is looked after does it for the others, where the
//! agent finds out by itself within half a minute.

mod network;
mod proxy;
#[cfg(target_os = "linux")]
mod sleep;

use std::time::Duration;

use gatepass_agent::AgentHandle;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

pub(crate) use proxy::route_finder;

/// Something that the system tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only logind tells of sleep"))]
enum News {
    FallingAsleep,
    Woke,
    NetworkChanged,
}

/// A network comes in many small steps: addresses, routes, names. It is there when none has followed for this long.
const SETTLED: Duration = Duration::from_secs(1);

/// However long the steps go on, somebody looks.
const LONGEST_SETTLING: Duration = Duration::from_secs(4);

/// An interface that comes and goes all the time is not worth more looks than this.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);

/// Tells the agent what the system tells, for as long as it is polled.
pub(crate) async fn follow(agent: AgentHandle) {
    let (tell, news) = mpsc::unbounded_channel();
    #[cfg(target_os = "linux")]
    let watching = futures_lite::future::zip(sleep::follow(tell.clone()), network::follow(tell));
    #[cfg(not(target_os = "linux"))]
    let watching = network::follow(tell);
    let telling = pass_on(news, |news| match news {
        News::FallingAsleep => agent.falling_asleep(),
        News::Woke => agent.look_again(),
        News::NetworkChanged => agent.network_changed(),
    });
    tokio::join!(watching, telling);
}

/// Passes news on: sleep and waking at once, changes of network when they have settled.
async fn pass_on(mut news: mpsc::UnboundedReceiver<News>, mut tell: impl FnMut(News)) {
    // Since when the network changes, and when that is passed on.
    let mut changing: Option<(Instant, Instant)> = None;
    let mut last_look: Option<Instant> = None;
    loop {
        let settled_at = changing.map_or_else(Instant::now, |(_, at)| at);
        tokio::select! {
            () = sleep_until(settled_at), if changing.is_some() => {
                changing = None;
                last_look = Some(Instant::now());
                tell(News::NetworkChanged);
            }
            one = news.recv() => match one {
                Some(News::NetworkChanged) => {
                    let now = Instant::now();
                    let began_at = changing.map_or(now, |(began_at, _)| began_at);
                    let at = (now + SETTLED).min(began_at + LONGEST_SETTLING);
                    changing = Some((began_at, last_look.map_or(at, |last| at.max(last + BETWEEN_LOOKS))));
                }
                Some(other) => tell(other),
                None => return,
            },
        }
    }
}

#[cfg(test)]
mod tests;
