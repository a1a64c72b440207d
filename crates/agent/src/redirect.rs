//! The redirect listener: the little HTTP server on loopback that a browser comes back to, open for one sign-in attempt.
//!
//! It owns the addresses of the attempt: the redirect path, an unguessable launch address that leads to the issuer, and
//! an unguessable page that waits for the outcome and states it. Every page that the person visits can send requests
//! here, and on most systems every user of the machine, so nothing that arrives is believed and nothing but an answer with our `state` changes anything. What an answer
//! means, and whether its code is any good, it refuses to know: the caller judges and redeems.
//!
//! What is decided about each request stands in `attempt`, sockets and limits in `server`, who may connect at all in
//! `visitor`, what a person reads in `page`. No query, no body and no header value is ever logged.

mod answer;
mod attempt;
mod bind;
mod holder;
mod leaving;
mod page;
#[cfg(any(target_os = "linux", test))]
mod proc_net;
mod server;
#[cfg(target_os = "linux")]
mod sock_diag;
#[cfg(test)]
mod tests;
mod visitor;
mod words;

use std::fmt;
use std::io;
use std::sync::Arc;

use gatepass_oidc::{AuthorizationResponse, RedirectUri};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, timeout};
use url::{Position, Url};

use attempt::{Addresses, Attempt, Candidate, Lead};
pub use bind::BindError;
pub(crate) use leaving::LeavingPage;
use server::{Limits, Server};
use visitor::Visitors;
pub use words::{PageWords, TurnedAway};

/// The addresses of one attempt: open while it is pending, closed when the page that states the outcome is delivered,
/// or at once when this is dropped.
///
/// ```no_run
/// # use gatepass_agent::redirect::{Outcome, PageWords, RedirectListener};
/// # use gatepass_oidc::{PendingAuthorization, RedirectUri};
/// # async fn sign_in(uris: &[RedirectUri], words: &'static PageWords, start: impl Fn(&RedirectUri) -> (url::Url, PendingAuthorization))
/// # -> Result<(), Box<dyn std::error::Error>> {
/// let listener = RedirectListener::bind(uris, words).await?;
/// let (authorization_url, pending) = start(listener.redirect_uri());
/// listener.lead_to(authorization_url);
/// // The browser is sent to `listener.launch_url()`.
/// let response = listener.receive(|response| pending.is_answered_by(response)).await;
/// // `pending.redeem(response, …)` says what came of it.
/// # drop(response);
/// listener.finish(Outcome::SignedIn { as_whom: "Robin Doe".to_owned() }).await;
/// # Ok(()) }
/// ```
pub struct RedirectListener {
    redirect_uri: RedirectUri,
    launch_url: Url,
    attempt: Arc<Attempt>,
    candidates: Mutex<mpsc::Receiver<Candidate>>,
    limits: Limits,
    /// Held for its `Drop`, which closes every socket.
    _server: Server,
}

/// What came of an attempt, in words for the person who looks at the browser. Text from outside may stand in it: the
/// page shows it as text, bidi-isolated, without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The attempt ended with a session.
    SignedIn {
        /// The name the person knows themselves by; may be empty.
        as_whom: String,
    },
    /// Somebody else signed in than the session belongs to: which one to keep is asked elsewhere.
    OtherPerson {
        /// Whose session goes on until the answer.
        was: String,
        /// Who signed in just now.
        now: String,
    },
    /// The attempt ended without one.
    Failed {
        /// What went wrong, short.
        title: String,
        /// What to do about it, a sentence.
        advice: String,
    },
}

impl RedirectListener {
    /// Binds every loopback address that one of `uris` means, tried in order. `localhost` means 127.0.0.1 and ::1,
    /// those of them that the machine has; if either is taken the URI is taken. For a private-use scheme, whose answers
    /// arrive elsewhere, only the launch address is bound, on any free port of 127.0.0.1. Its pages speak `words`.
    ///
    /// Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`BindError`], if none of `uris` can be listened on.
    pub async fn bind(uris: &[RedirectUri], words: &'static PageWords) -> Result<Self, BindError> {
        Self::bind_for(uris, words, Visitors::of_this_user(), Limits::default()).await
    }

    /// The redirect URI in use.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// The local address that the browser is sent to first. Its path is unguessable; it redirects to the authorization
    /// URL, each time it is opened, so that "open the page again" and a copied link work. Once an answer was received
    /// it leads to the page of the outcome instead.
    pub fn launch_url(&self) -> &Url {
        &self.launch_url
    }

    /// Sets where the launch address leads. Until then it says that it is not ready.
    pub fn lead_to(&self, authorization_url: Url) {
        self.attempt.lead_to(Lead::new(authorization_url, None));
    }

    /// The same for an address that may be opened once, and before this end. Whoever comes later waits, and
    /// [`Self::wanted`] says so.
    pub(crate) fn lead_once_to(&self, authorization_url: Url, end: Instant) {
        self.attempt.lead_to(Lead::new(authorization_url, Some(end)));
    }

    /// From now on the launch address has whoever comes wait for where it leads next.
    pub(crate) fn lead_nowhere(&self) {
        self.attempt.lead_nowhere();
    }

    /// Resolves when somebody waits at the launch address, which leads nowhere any more.
    pub(crate) async fn wanted(&self) {
        self.attempt.wanted().await;
    }

    /// Resolves when a browser has asked for the launch address. A prefetch is nobody's act and does not count.
    pub async fn launched(&self) {
        self.attempt.launched().await;
    }

    /// The first authorization response for which `accept` says yes; the others get an answer that leaves the attempt
    /// alone. An answer that arrives before this is called waits for it a while. May be dropped and called again.
    ///
    /// Resolves once: after an answer was accepted a further call waits for ever. It never resolves for a private-use
    /// scheme.
    pub async fn receive(&self, accept: impl Fn(&AuthorizationResponse) -> bool) -> AuthorizationResponse {
        self.arrival(accept).await.accept()
    }

    /// The same, before it is decided what becomes of the browser that brought it. One that is dropped undecided leaves
    /// its browser waiting for a while.
    pub(crate) async fn arrival(&self, accept: impl Fn(&AuthorizationResponse) -> bool) -> Arrival<'_> {
        let mut candidates = self.candidates.lock().await;
        while !self.attempt.has_accepted()
            && let Some(candidate) = candidates.recv().await
        {
            if accept(&candidate.response) {
                return Arrival { listener: self, candidate };
            }
            candidate.refuse();
        }
        std::future::pending().await
    }

    /// Tells the waiting page what came of the attempt, and closes when that page was delivered. If no browser asks for
    /// it within 30 seconds, closes all the same; if no answer was received, at once, since no page waits.
    pub async fn finish(self, outcome: Outcome) {
        self.attempt.conclude(outcome);
        if self.attempt.has_accepted() {
            // Whether it was delivered or the time is up, what follows is the same: dropping `self` closes.
            let _ = timeout(self.limits.grace, self.attempt.delivered()).await;
        }
    }

    async fn bind_for(
        uris: &[RedirectUri],
        words: &'static PageWords,
        visitors: Visitors,
        limits: Limits,
    ) -> Result<Self, BindError> {
        let bound = bind::first_free(uris).await?;
        let launch_path = format!("/start/{}", unguessable()?);
        let launch_url = Url::parse(&format!("http://{}{launch_path}", bound.authority)).map_err(io::Error::other)?;
        // As a browser spells it in `Host`: without `:80`.
        let authority = launch_url[Position::BeforeHost..Position::AfterPort].to_owned();
        let addresses = Addresses {
            authority,
            redirect_path: bound.redirect_path,
            launch_path,
            done_path: format!("/done/{}", unguessable()?),
        };
        // One place for each connection that can be served at a time.
        let (sender, candidates) = mpsc::channel(limits.connections);
        let attempt = Arc::new(Attempt::new(addresses, sender, limits, words));
        let server = Server::start(bound.sockets, &attempt, visitors, limits);
        Ok(Self {
            redirect_uri: bound.uri,
            launch_url,
            attempt,
            candidates: Mutex::new(candidates),
            limits,
            _server: server,
        })
    }
}

/// An authorization response that is ours, and a browser that waits to be told where to go.
pub(crate) struct Arrival<'a> {
    listener: &'a RedirectListener,
    candidate: Candidate,
}

impl Arrival<'_> {
    pub(crate) fn response(&self) -> &AuthorizationResponse {
        &self.candidate.response
    }

    /// It is the answer: its browser goes to the page of the outcome.
    pub(crate) fn accept(self) -> AuthorizationResponse {
        self.listener.attempt.accept(self.candidate)
    }

    /// It is not the last word: its browser goes where the launch address leads by now.
    pub(crate) fn lead_on(self) {
        self.candidate.lead_on();
    }
}

impl fmt::Debug for RedirectListener {
    /// Without the launch address: knowing it is what lets a browser in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedirectListener").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// A path segment of 128 random bits: nobody finds it who was not sent there.
fn unguessable() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
