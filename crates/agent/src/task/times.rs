//! What time it is: for each server by its own clock, and for people by the wall clock.
//!
//! Sessions are decided by the time of the server that gave the tokens, which is boot time plus what its `Date` headers
//! taught. So it does not matter how wrong the wall clock is, nor who sets it, nor how long the machine sleeps. People
//! see the wall clock, so what is shown to them is moved by the difference ([`Shift`]).
//!
//! Where wall clock and boot time part, either somebody set the wall clock, or boot time stood still while the machine
//! did (a virtual machine that was paused). Only the server can tell which: it is asked, and until it answers boot time
//! is believed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_oidc::{DateObserver, IssuerUrl, Timestamp};
use tokio::sync::Notify;
use url::Url;

use crate::Clock;

/// Less than this is no difference: a `Date` has whole seconds, and clocks are a little off.
const TOLERANCE: u64 = 2_000;

/// A `Date` that is further from the wall clock is no clock's. (A wall clock that is wrong by as much finds every
/// certificate out of its time, and never hears of a `Date`.)
const ABSURD: u64 = 366 * 24 * 60 * 60 * 1000;

/// After a jump a server is asked within this time, so that the machines of a company, whose clocks were set together,
/// do not ask together.
const ASKING_SPREAD: Duration = Duration::from_secs(3);

/// How soon a server is asked again that did not answer; doubled each time.
const FIRST_ASKING_AGAIN: Duration = Duration::from_secs(10);
const LAST_ASKING_AGAIN: Duration = Duration::from_secs(5 * 60);

/// The clocks, and what was learned of those of the servers.
pub(crate) struct Times {
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
    /// Something was learned that changes what is due or what is shown.
    learned: Notify,
}

struct Known {
    /// The wall clock less boot time, in milliseconds, as when it last jumped.
    wall: i64,
    /// By host and port.
    servers: HashMap<String, Server>,
    /// Rises when what was shown to people before is to be shown anew.
    revision: u64,
}

struct Server {
    /// Its clock less boot time, in milliseconds.
    offset: i64,
    /// Set from a jump until it has answered.
    doubt: Option<Doubt>,
}

struct Doubt {
    /// When the jump was seen, in boot time. An answer to an earlier question may have been written before it.
    since: Duration,
    /// When it is asked, in boot time.
    ask_at: Duration,
    /// What is waited if it does not answer.
    patience: Duration,
}

/// From the time of a server to the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shift(i64);

impl Shift {
    /// The instant as the wall clock shows it.
    pub(crate) fn apply(self, at: Timestamp) -> Timestamp {
        Timestamp::from_unix_millis(at.as_unix_millis().saturating_add(self.0))
    }
}

impl Times {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let known = Known { wall: wall_offset(&*clock), servers: HashMap::new(), revision: 0 };
        Self { clock, known: Mutex::new(known), learned: Notify::new() }
    }

    /// Time that nobody can set, and that does not stop while the machine sleeps.
    pub(crate) fn boot(&self) -> Duration {
        self.clock.boot()
    }

    /// The wall clock at this boot time, but for a jump that [`Self::look`] has not seen yet.
    pub(crate) fn wall_at(&self, boot: Duration) -> Timestamp {
        at(self.known().wall, boot)
    }

    /// The time at the issuer's server; the wall clock until one of its answers was seen.
    pub(crate) fn at_issuer(&self, issuer: &IssuerUrl) -> Timestamp {
        let boot = self.boot();
        let known = self.known();
        at(known.servers.get(issuer.authority()).map_or(known.wall, |server| server.offset), boot)
    }

    /// How instants of the issuer are shown to people.
    pub(crate) fn shift(&self, issuer: &IssuerUrl) -> Shift {
        let known = self.known();
        Shift(known.servers.get(issuer.authority()).map_or(0, |server| known.wall.saturating_sub(server.offset)))
    }

    /// Rises when what was shown to people before is to be shown anew.
    pub(crate) fn revision(&self) -> u64 {
        self.known().revision
    }

    /// Returns when something was learned from an answer that changes what is due or what is shown.
    pub(crate) async fn learned(&self) {
        self.learned.notified().await;
    }

    /// Sees whether wall clock and boot time have parted. If so, every server is doubted: `spread` of it, between zero
    /// and one, is how much of the longest wait passes before it is asked.
    pub(crate) fn look(&self, mut spread: impl FnMut() -> f64) {
        let wall = wall_offset(&*self.clock);
        let boot = self.boot();
        let mut known = self.known();
        if wall.abs_diff(known.wall) <= TOLERANCE {
            return;
        }
        tracing::info!(by_ms = wall.saturating_sub(known.wall), "the wall clock jumped");
        known.wall = wall;
        known.revision += 1;
        for server in known.servers.values_mut() {
            let ask_at = boot + ASKING_SPREAD.mul_f64(spread());
            server.doubt = Some(Doubt { since: boot, ask_at, patience: FIRST_ASKING_AGAIN });
        }
    }

    /// Has doubted servers asked soon, since the network may be back.
    pub(crate) fn ask_soon(&self, mut spread: impl FnMut() -> f64) {
        let boot = self.boot();
        for doubt in self.known().servers.values_mut().filter_map(|server| server.doubt.as_mut()) {
            let ask_at = boot + ASKING_SPREAD.mul_f64(spread());
            doubt.ask_at = doubt.ask_at.min(ask_at);
            doubt.patience = FIRST_ASKING_AGAIN;
        }
    }

    /// Whether the issuer's server is to be asked for the time now. One that is, is not again before it had some time
    /// to answer.
    pub(crate) fn take_question(&self, issuer: &IssuerUrl) -> bool {
        let boot = self.boot();
        let mut known = self.known();
        let doubt = known.servers.get_mut(issuer.authority()).and_then(|server| server.doubt.as_mut());
        let Some(doubt) = doubt.filter(|doubt| doubt.ask_at <= boot) else { return false };
        doubt.ask_at = boot + doubt.patience;
        doubt.patience = (doubt.patience * 2).min(LAST_ASKING_AGAIN);
        true
    }

    /// How long until the issuer's server is to be asked, if it is in doubt.
    pub(crate) fn until_question(&self, issuer: &IssuerUrl) -> Option<Duration> {
        let boot = self.boot();
        let known = self.known();
        let doubt = known.servers.get(issuer.authority())?.doubt.as_ref()?;
        Some(doubt.ask_at.saturating_sub(boot))
    }

    /// What is told of each `Date` that a server sends. Boot time is read as the request leaves and as the answer comes,
    /// since minutes can lie between them, and a night's sleep.
    pub(crate) fn observer(self: &Arc<Self>) -> DateObserver {
        let times = Arc::clone(self);
        Arc::new(move |url: &Url| {
            let (times, host, asked) = (Arc::clone(&times), url.authority().to_owned(), times.boot());
            Box::new(move |date| times.saw(host, date, asked, times.boot()))
        })
    }

    /// Learns from a `Date` that was written between these two boot times.
    fn saw(&self, host: String, date: Timestamp, asked: Duration, answered: Duration) {
        let date = date.as_unix_millis();
        // It was cut off to whole seconds.
        let earliest = date.saturating_sub(millis(answered));
        let latest = date.saturating_add(1_000).saturating_sub(millis(asked)).max(earliest);
        let agrees = |offset: i64| offset.clamp(earliest, latest).abs_diff(offset) <= TOLERANCE;
        let mut known = self.known();
        let wall = known.wall;
        let doubt = known.servers.get(&host).and_then(|server| server.doubt.as_ref());
        if doubt.is_some_and(|doubt| asked < doubt.since) {
            return;
        }
        // What was believed is kept while it can be true, so that instants do not tremble with each answer.
        if let Some(server) = known.servers.get_mut(&host).filter(|server| agrees(server.offset)) {
            server.doubt = None;
            return;
        }
        let middle = earliest.midpoint(latest);
        if middle.abs_diff(wall) > ABSURD {
            return tracing::warn!(%host, "the server's clock is wrong by more than a year and is not believed");
        }
        let offset = if agrees(wall) { wall } else { middle };
        let before = known.servers.insert(host.clone(), Server { offset, doubt: None });
        let before = before.map_or(wall, |server| server.offset);
        if offset != before {
            tracing::info!(%host, by_ms = offset.saturating_sub(before), "the server's clock is another than was thought");
            known.revision += 1;
            self.learned.notify_one();
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wall_offset(clock: &dyn Clock) -> i64 {
    clock.now().as_unix_millis().saturating_sub(millis(clock.boot()))
}

fn at(offset: i64, boot: Duration) -> Timestamp {
    Timestamp::from_unix_millis(offset.saturating_add(millis(boot)))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
