//! What the listener knows of one attempt, and what it decides about each request: a function of the request and of
//! facts that are each told once. No sockets here.

use std::time::Duration;

use gatepass_oidc::AuthorizationResponse;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};
use url::{Url, form_urlencoded};

use super::Outcome;
use super::answer::{Answer, Refusal};
use super::server::{Limits, Site};
use super::words::PageWords;

/// No authorization response comes near: Okta's codes and states are a few hundred bytes.
const MAX_BODY: usize = 16 * 1024;

/// Where the attempt can be visited.
pub(super) struct Addresses {
    /// The only `Host` that is answered.
    pub(super) authority: String,
    pub(super) redirect_path: Option<String>,
    pub(super) launch_path: String,
    pub(super) done_path: String,
}

/// One of the [`Addresses`].
#[derive(Clone, Copy)]
enum Place {
    Redirect,
    Launch,
    Done,
}

/// An authorization response that waits for a verdict. Whose it is nobody knows yet.
pub(super) struct Candidate {
    pub(super) response: AuthorizationResponse,
    state: String,
    verdict: oneshot::Sender<Verdict>,
}

enum Verdict {
    Accepted,
    LedOn,
    Refused,
}

impl Candidate {
    /// Sends the browser that brought it to where the launch address leads by now.
    pub(super) fn lead_on(self) {
        let _ = self.verdict.send(Verdict::LedOn);
    }

    /// Turns the browser that brought it away.
    pub(super) fn refuse(self) {
        // Where the browser has gone meanwhile there is nobody to tell.
        let _ = self.verdict.send(Verdict::Refused);
    }
}

/// Where the launch address leads.
#[derive(Clone, Debug)]
pub(crate) struct Lead {
    url: Url,
    /// Whether it may be followed once only, and until when (RFC 9126 section 4).
    once_until: Option<Instant>,
    is_spent: bool,
}

impl Lead {
    /// It may be followed as often as one likes, or once and before an end.
    pub(crate) fn new(url: Url, once_until: Option<Instant>) -> Self {
        Self { url, once_until, is_spent: false }
    }

    fn can_be_followed(&self) -> bool {
        !self.is_spent && self.once_until.is_none_or(|end| Instant::now() < end)
    }

    /// Where it leads whoever comes now; `None` where it does not any more, or where a look ahead would spend it.
    pub(super) fn follow(&mut self, is_visit: bool) -> Option<Url> {
        let is_once = self.once_until.is_some();
        if !self.can_be_followed() || (is_once && !is_visit) {
            return None;
        }
        self.is_spent = is_once;
        Some(self.url.clone())
    }
}

/// The facts of one attempt, shared by its connections.
pub(super) struct Attempt {
    addresses: Addresses,
    limits: Limits,
    words: &'static PageWords,
    candidates: mpsc::Sender<Candidate>,
    lead: watch::Sender<Option<Lead>>,
    /// Somebody wants to be led on, and there is nowhere to lead them any more.
    wanted: Notify,
    launched: watch::Sender<bool>,
    /// The `state` of the accepted response. It is spent: comparing it in variable time tells nothing of use.
    accepted: watch::Sender<Option<String>>,
    outcome: watch::Sender<Option<Outcome>>,
    delivered: watch::Sender<bool>,
}

impl Attempt {
    /// An attempt that nobody has visited yet.
    pub(super) fn new(
        addresses: Addresses,
        candidates: mpsc::Sender<Candidate>,
        limits: Limits,
        words: &'static PageWords,
    ) -> Self {
        Self {
            addresses,
            limits,
            words,
            candidates,
            lead: watch::Sender::default(),
            wanted: Notify::new(),
            launched: watch::Sender::default(),
            accepted: watch::Sender::default(),
            outcome: watch::Sender::default(),
            delivered: watch::Sender::default(),
        }
    }

    /// Sets where the launch address leads.
    pub(super) fn lead_to(&self, lead: Lead) {
        self.lead.send_replace(Some(lead));
    }

    /// From now on the launch address leads nowhere, and has whoever comes wait.
    pub(super) fn lead_nowhere(&self) {
        self.lead.send_modify(|lead| {
            if let Some(lead) = lead {
                lead.is_spent = true;
            }
        });
    }

    /// Resolves when somebody has come to the launch address since it leads nowhere any more.
    pub(super) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Resolves when a browser has asked for the launch address.
    pub(super) async fn launched(&self) {
        // The sender is in `self`, so it cannot be gone.
        let _ = self.launched.subscribe().wait_for(|launched| *launched).await;
    }

    /// Sends the browser of `candidate`, and every later one with the same `state`, to the page of the outcome.
    pub(super) fn accept(&self, candidate: Candidate) -> AuthorizationResponse {
        self.accepted.send_replace(Some(candidate.state));
        let _ = candidate.verdict.send(Verdict::Accepted);
        candidate.response
    }

    /// Whether a response was accepted: then a browser is on its way to the page of the outcome.
    pub(super) fn has_accepted(&self) -> bool {
        self.accepted.borrow().is_some()
    }

    /// Tells the waiting page what came of the attempt.
    pub(super) fn conclude(&self, outcome: Outcome) {
        self.outcome.send_replace(Some(outcome));
    }

    /// Resolves when the page which states the outcome has reached a browser.
    pub(super) async fn delivered(&self) {
        let _ = self.delivered.subscribe().wait_for(|delivered| *delivered).await;
    }

    /// Resolves when a browser waits for a verdict.
    #[cfg(test)]
    pub(super) async fn a_candidate_waits(&self) {
        while self.candidates.capacity() == self.candidates.max_capacity() {
            tokio::task::yield_now().await;
        }
    }

    /// Resolves when a browser waits for the outcome.
    #[cfg(test)]
    pub(super) async fn a_page_waits(&self) {
        while self.outcome.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
    }

    /// What to answer `request`.
    pub(super) async fn answer<B: Body<Data = Bytes>>(&self, request: Request<B>) -> Answer
    where
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.admit(request).await.unwrap_or_else(|refusal| {
            tracing::debug!(?refusal, "turned a request away");
            refusal.answer(self.words)
        })
    }

    async fn admit<B: Body<Data = Bytes>>(&self, request: Request<B>) -> Result<Answer, Refusal>
    where
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        check_host(&request, &self.addresses.authority)?;
        let place = self.addresses.place(request.uri().path()).ok_or(Refusal::NoSuchPath)?;
        check_method(request.method(), place)?;
        check_that_a_person_goes_there(request.headers())?;
        match place {
            Place::Redirect => self.receive(&parameters(request, self.limits.body).await?).await,
            Place::Launch => self.launch(request.method()).await,
            Place::Done => Ok(self.done(request.method()).await),
        }
    }

    async fn receive(&self, parameters: &[u8]) -> Result<Answer, Refusal> {
        let response = AuthorizationResponse::parse(parameters).map_err(Refusal::Malformed)?;
        // Once, since a response with two does not parse.
        let state = form_urlencoded::parse(parameters).find(|(name, _)| name == "state").map(|(_, value)| value);
        let state = state.ok_or(Refusal::AnotherState)?.into_owned();
        match timeout(self.limits.verdict, self.judge(response, state)).await {
            Ok(Verdict::Accepted) => Answer::see_other(&self.addresses.done_path),
            Ok(Verdict::LedOn) => Answer::see_other(&self.addresses.launch_path),
            Ok(Verdict::Refused) => Err(Refusal::AnotherState),
            Err(_) => Err(Refusal::NotReady),
        }
    }

    /// Asks whoever receives. When a response is accepted meanwhile (this tab was opened twice, or reloaded), one with
    /// the same `state` is as good as it, and never redeemed; nothing else is.
    async fn judge(&self, response: AuthorizationResponse, state: String) -> Verdict {
        let mut accepted = self.accepted.subscribe();
        let (verdict, judged) = oneshot::channel();
        let candidate = Candidate { response, state: state.clone(), verdict };
        let asked = async {
            // Where nobody receives any more, the candidate is dropped, and its verdict with it.
            let _ = self.candidates.send(candidate).await;
            match judged.await {
                Ok(verdict) => verdict,
                Err(_) => std::future::pending().await,
            }
        };
        let settled = async {
            let accepted = accepted.wait_for(Option::is_some).await;
            if accepted.is_ok_and(|accepted| accepted.as_ref() == Some(&state)) {
                Verdict::Accepted
            } else {
                Verdict::Refused
            }
        };
        tokio::select! {
            verdict = settled => verdict,
            verdict = asked => verdict,
        }
    }

    async fn launch(&self, method: &Method) -> Result<Answer, Refusal> {
        if self.has_accepted() {
            return Answer::see_other(&self.addresses.done_path);
        }
        let is_visit = method == Method::GET;
        let leads = self.follow(is_visit).ok_or(Refusal::NotReady)?;
        if is_visit {
            self.launched.send_replace(true);
        }
        match leads {
            Some(url) => Answer::see_other(url.as_str()),
            None if is_visit => self.launch_anew().await,
            None => Ok(Answer::waiting(self.words)),
        }
    }

    /// Has whoever comes wait for where to go next; not for ever: the page looks again.
    async fn launch_anew(&self) -> Result<Answer, Refusal> {
        let mut leads = self.lead.subscribe();
        self.wanted.notify_one();
        let next = leads.wait_for(|lead| lead.as_ref().is_some_and(Lead::can_be_followed));
        if timeout(self.limits.lead, next).await.is_ok_and(|next| next.is_ok())
            && let Some(Some(url)) = self.follow(true)
        {
            return Answer::see_other(url.as_str());
        }
        Ok(Answer::waiting(self.words))
    }

    /// Where the launch address leads now; `None` before it has led anywhere.
    fn follow(&self, is_visit: bool) -> Option<Option<Url>> {
        let mut leads = None;
        self.lead.send_if_modified(|lead| {
            leads = lead.as_mut().map(|lead| lead.follow(is_visit));
            false
        });
        leads
    }

    async fn done(&self, method: &Method) -> Answer {
        let mut outcome = self.outcome.subscribe();
        // HEAD is answered as things stand: nobody waits before a page that has no body.
        let patience = if method == Method::GET { self.limits.outcome } else { Duration::ZERO };
        let known = match timeout(patience, outcome.wait_for(Option::is_some)).await {
            Ok(Ok(outcome)) => outcome.clone(),
            _ => None,
        };
        match known {
            Some(outcome) => {
                let mut answer = Answer::outcome(&outcome, self.words);
                answer.states_outcome &= method == Method::GET;
                answer
            }
            None => Answer::waiting(self.words),
        }
    }
}

impl Site for Attempt {
    fn words(&self) -> &'static PageWords {
        self.words
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        self.answer(request).await
    }

    fn note_delivery(&self) {
        self.delivered.send_replace(true);
    }
}

impl Addresses {
    /// The place that `path` is, compared to the letter.
    fn place(&self, path: &str) -> Option<Place> {
        if self.redirect_path.as_deref() == Some(path) {
            Some(Place::Redirect)
        } else if path == self.launch_path {
            Some(Place::Launch)
        } else if path == self.done_path {
            Some(Place::Done)
        } else {
            None
        }
    }
}

/// A name that someone pointed at loopback must not reach us, or a page of theirs would be of our origin. A request line
/// with a host in it must name ours as well (RFC 9112 section 3.2.2).
pub(super) fn check_host<B>(request: &Request<B>, authority: &str) -> Result<(), Refusal> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Refusal::NoHost) };
    let target = request.uri().authority();
    if host != authority || target.is_some_and(|target| target.as_str() != authority) {
        return Err(Refusal::AnotherHost);
    }
    Ok(())
}

fn check_method(method: &Method, place: Place) -> Result<(), Refusal> {
    let (methods, allowed) = match place {
        Place::Redirect => ([Method::GET, Method::POST], "GET, POST"),
        Place::Launch | Place::Done => ([Method::GET, Method::HEAD], "GET, HEAD"),
    };
    if methods.contains(method) { Ok(()) } else { Err(Refusal::WrongMethod { allowed }) }
}

/// Browsers say what a request is for (Fetch Metadata). One that does not say is let through: not all do, and `state`
/// decides anyway.
///
/// A prefetch is refused on every address, as browsers expect of a server that does not want it: they come again when
/// the person does. So it launches nothing, spends no code and delivers no page.
pub(super) fn check_that_a_person_goes_there(headers: &HeaderMap) -> Result<(), Refusal> {
    let says = |name: &str, word: &str| headers.get(name).is_none_or(|value| value == word);
    if !says("sec-fetch-mode", "navigate") || !says("sec-fetch-dest", "document") {
        return Err(Refusal::NotANavigation);
    }
    // Chrome; Chrome before 2022 and Safari; Firefox.
    let looks_ahead = |name: &str| {
        let value = headers.get(name).map_or(&[][..], HeaderValue::as_bytes);
        value.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"prefetch"))
    };
    if ["sec-purpose", "purpose", "x-moz"].into_iter().any(looks_ahead) {
        return Err(Refusal::Prefetch);
    }
    Ok(())
}

/// The parameters of a redirect: its query, or its form (OAuth 2.0 Form Post Response Mode, section 2).
async fn parameters<B: Body<Data = Bytes>>(request: Request<B>, limit: Duration) -> Result<Bytes, Refusal>
where
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if request.method() == Method::GET {
        return Ok(Bytes::from(request.uri().query().unwrap_or_default().to_owned()));
    }
    if !is_form(request.headers()) {
        return Err(Refusal::NotAForm);
    }
    let body = Limited::new(request.into_body(), MAX_BODY).collect();
    match timeout(limit, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Refusal::NoBody),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else { return false };
    let essence = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}
