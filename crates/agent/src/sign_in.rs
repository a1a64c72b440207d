//! One sign-in attempt, from the click to the redirect and back to the browser's page: discovers the issuer, opens the
//! listener, sends the browser off, waits for the answer that is ours, hands it to the task, and states on the page
//! what came of it. It refuses to know what the tokens are worth: the task redeems and the session machine decides.
//!
//! An attempt is given up by dropping its future, which closes the port. The task does that, and knows when.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{
    AuthorizationRequest, AuthorizationResponse, Client, Error as OidcError, PendingAuthorization, Prompt, Provider,
    RedirectUri,
};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::redirect::{Arrival, BindError, Outcome, RedirectListener};
use crate::session::AttemptId;
use crate::task::{Edges, News, Reporter, Sharing};
use crate::{AttemptStage, BrowserFailed, Error, Profile, SignInEnd, SignInOptions, SignInWay};

mod device;

/// How many requests of one attempt a browser can be sent to.
const MOST_REQUESTS: usize = 10;

/// How long a person has from the click to the redirect.
pub(crate) const ATTEMPT_LIFE: Duration = Duration::from_secs(5 * 60);

/// A browser that has not asked for the launch address by then has probably not been opened.
const BROWSER_PATIENCE: Duration = Duration::from_secs(15);

/// How long the browser waits, after a silent try, for a request that can go on: less than the listener has it wait.
const GOING_ON: Duration = Duration::from_secs(50);

/// How long the page waits for the session to be stored. A keyring may be showing an unlock prompt.
const STORING_PATIENCE: Duration = Duration::from_secs(20);

/// One attempt.
pub(crate) struct SignIn {
    pub(crate) attempt: AttemptId,
    pub(crate) profile: Arc<Profile>,
    pub(crate) options: SignInOptions,
    /// Those of the profile that no other attempt waits on.
    pub(crate) redirect_uris: Vec<RedirectUri>,
    pub(crate) edges: Arc<Edges>,
    pub(crate) reporter: Reporter,
    /// Where it is tried first without a browser.
    pub(crate) sharing: Option<Sharing>,
    /// Redirects that arrive by a private-use scheme.
    pub(crate) deliveries: mpsc::UnboundedReceiver<Delivery>,
    pub(crate) conclusions: mpsc::UnboundedReceiver<Conclusion>,
    /// Attempts that were given up and whose ports this one may want.
    pub(crate) after: Vec<JoinHandle<()>>,
}

/// Where an attempt waits for its answer, and how its request is made.
pub(crate) struct Bound {
    pub(crate) redirect_uri: RedirectUri,
    /// Where the browser is sent first.
    pub(crate) link: Url,
    /// Whether the server took the request ahead of the browser.
    pub(crate) is_pushed: bool,
}

/// An attempt that waits for its answer, and by whom it was asked of whom.
struct Asked {
    provider: Provider,
    client: Client,
    listener: RedirectListener,
    pending: PendingAuthorization,
    is_silent: bool,
}

/// The redirect that answers an attempt, and all that is needed to redeem it.
pub(crate) struct Redirected {
    pub(crate) pending: PendingAuthorization,
    pub(crate) response: AuthorizationResponse,
    pub(crate) provider: Provider,
    /// As the request was made by it.
    pub(crate) client: Client,
}

/// A redirect that may be for this attempt. One that is not is given back.
pub(crate) struct Delivery {
    pub(crate) response: AuthorizationResponse,
    pub(crate) give_back: oneshot::Sender<Option<AuthorizationResponse>>,
}

/// What the task tells an attempt about its outcome.
pub(crate) enum Conclusion {
    /// The code was redeemed, and what the page may say unless something else comes of it. The session is being stored.
    Redeemed(Outcome),
    /// It is as [`Self::Redeemed`] said.
    AsRedeemed,
    /// What came of it in the end.
    Final(Outcome),
}

impl SignIn {
    /// Carries the attempt through. It reports [`News::Redirected`] or the failure, and nothing after that; nothing at all
    /// where the attempt ended without a browser.
    pub(crate) async fn run(mut self) {
        for closing in self.after.drain(..) {
            // How it ended is of no interest, only that it did.
            let _ = closing.await;
        }
        if self.options.way == SignInWay::Code {
            if let Err(error) = self.on_other_device().await {
                self.reporter.tell(News::SignInFinished(self.attempt, Err(error)));
            }
            return;
        }
        if let Some(sharing) = self.sharing.take()
            && !sharing.needs_browser().await
        {
            return;
        }
        let Asked { provider, client, listener, pending, is_silent } = match self.ask().await {
            Ok(asked) => asked,
            Err(error) => return self.reporter.tell(News::SignInFinished(self.attempt, Err(error))),
        };
        let answered = self.answer(&provider, &client, &listener, pending, is_silent).await;
        self.take_no_more_deliveries().await;
        self.reporter.tell(match answered {
            Ok((pending, response)) => {
                News::Redirected(self.attempt, Box::new(Redirected { pending, response, provider, client }))
            }
            Err(error) => News::SignInFinished(self.attempt, Err(error)),
        });
        listener.finish(self.conclusion().await).await;
    }

    async fn ask(&mut self) -> Result<Asked, Error> {
        let provider = self.edges.provider(&self.profile).await?;
        let client = self.edges.credentials.client_for_sign_in(&self.profile).await?;
        let listener = RedirectListener::bind(&self.redirect_uris, (self.edges.page)()).await.map_err(cannot_listen)?;
        let is_silent = self.profile.asking.silent_first && !self.options.as_someone_else;
        let requesting = Requesting { sign_in: self, provider: &provider, client: &client, listener: &listener };
        let pending = requesting.lead(is_silent).await?;
        let bound = Bound {
            redirect_uri: listener.redirect_uri().clone(),
            link: listener.launch_url().clone(),
            is_pushed: request(&self.profile, self.options, &provider, &client, listener.redirect_uri()).is_pushed(),
        };
        self.reporter.tell(News::Bound(self.attempt, bound));
        Ok(Asked { provider, client, listener, pending, is_silent })
    }

    /// Waits for an answer, and returns what it answers. Where somebody comes to the launch address of a request that can be
    /// opened once only and was, another is made, and either may be answered. A silent try that is not enough is followed
    /// by a request that takes its place; the browser that came back waits for it, and where it cannot be made, for the page
    /// that says so.
    async fn answer(
        &mut self,
        provider: &Provider,
        client: &Client,
        listener: &RedirectListener,
        first: PendingAuthorization,
        mut is_silent: bool,
    ) -> Result<(PendingAuthorization, AuthorizationResponse), Error> {
        let (edges, reporter) = (Arc::clone(&self.edges), self.reporter.clone());
        let mut browsing = std::pin::pin!(watch_browser(&edges, &reporter, self.attempt, listener));
        let (mut requests, mut n_made) = (vec![first], 1);
        loop {
            let is_ours = |response: &AuthorizationResponse| requests.iter().any(|one| one.is_answered_by(response));
            let arrival = tokio::select! {
                arrival = listener.arrival(is_ours) => Some(Ok(arrival)),
                response = delivered(&mut self.deliveries, is_ours) => Some(Err(response)),
                () = listener.wanted() => None,
                never = &mut browsing => match never {},
            };
            let requesting = Requesting { sign_in: self, provider, client, listener };
            let Some(arrival) = arrival else {
                if n_made < MOST_REQUESTS {
                    n_made += 1;
                    match requesting.lead(is_silent).await {
                        Ok(next) => requests.push(next),
                        // The one in the other tab is as good as before.
                        Err(error) => tracing::info!(%error, "the page could not be opened again"),
                    }
                }
                continue;
            };
            let response = arrival.as_ref().map_or_else(|response| response, Arrival::response);
            let Some(place) = requests.iter().position(|one| one.is_answered_by(response)) else { continue };
            if !is_silent || !response.wants_interaction() {
                let response = arrival.map_or_else(|response| response, Arrival::accept);
                return Ok((requests.swap_remove(place), response));
            }
            // Nobody was asked for anything yet: the same click goes on to the page.
            is_silent = false;
            listener.lead_nowhere();
            let next = timeout(GOING_ON, requesting.lead(false)).await.unwrap_or_else(|_| Err(took_too_long()));
            match (next, arrival) {
                (Ok(next), Ok(arrival)) => {
                    requests = vec![next];
                    arrival.lead_on();
                }
                // What came by a private-use scheme left no page that could go on.
                (Ok(next), Err(_)) => {
                    requests = vec![next];
                    drop(open(&self.edges, listener));
                }
                (Err(error), Ok(arrival)) => {
                    arrival.accept();
                    self.reporter.tell(News::CameBack(self.attempt));
                    return Err(error);
                }
                (Err(error), Err(_)) => return Err(error),
            }
        }
    }

    /// Gives back what is still offered, so that it can be offered to other attempts on the same redirect URI: this one
    /// has its answer, and may take a while to end.
    async fn take_no_more_deliveries(&mut self) {
        self.deliveries.close();
        while let Some(Delivery { response, give_back }) = self.deliveries.recv().await {
            // Whoever handed it over may have gone.
            let _ = give_back.send(Some(response));
        }
    }

    /// What to state on the page. Waits for the exchange, and not without end for the session to be stored.
    async fn conclusion(&mut self) -> Outcome {
        let (edges, profile) = (self.edges.clone(), self.profile.clone());
        let superseded = || edges.failure(&Error::SignInEnded(SignInEnd::Superseded), &profile);
        let redeemed = match self.conclusions.recv().await {
            Some(Conclusion::Redeemed(outcome)) => outcome,
            Some(Conclusion::Final(outcome)) => return outcome,
            Some(Conclusion::AsRedeemed) | None => return superseded(),
        };
        match timeout(STORING_PATIENCE, self.conclusions.recv()).await {
            Ok(Some(Conclusion::Final(outcome))) => outcome,
            Ok(Some(Conclusion::AsRedeemed | Conclusion::Redeemed(_))) | Err(_) => redeemed,
            Ok(None) => superseded(),
        }
    }
}

/// What an authorization request is made of.
struct Requesting<'a> {
    sign_in: &'a SignIn,
    provider: &'a Provider,
    client: &'a Client,
    listener: &'a RedirectListener,
}

impl Requesting<'_> {
    /// Makes a request and has the launch address lead to it; what knows its answer.
    async fn lead(&self, is_silent: bool) -> Result<PendingAuthorization, Error> {
        let SignIn { profile, options, edges, .. } = self.sign_in;
        let request = request(profile, *options, self.provider, self.client, self.listener.redirect_uri());
        let request = match is_silent {
            true => AuthorizationRequest { prompt: Some(Prompt::None), ..request },
            false => request,
        };
        let now = edges.now(profile);
        let (mut address, pending) = request.start(&edges.http, now).await?;
        let ends_in = address.ends_at().map(|end| end.since(now));
        // It was made just now, so it can be opened.
        let url = address.open(now).ok_or(Error::SignInEnded(SignInEnd::Superseded))?;
        match ends_in {
            Some(left) => self.listener.lead_once_to(url, Instant::now() + left),
            None => self.listener.lead_to(url),
        }
        Ok(pending)
    }
}

/// What a sign-in asks of the server, with the pages that it is to show.
pub(crate) fn request<'a>(
    profile: &'a Profile,
    options: SignInOptions,
    provider: &'a Provider,
    client: &'a Client,
    redirect_uri: &'a RedirectUri,
) -> AuthorizationRequest<'a> {
    let asking = &profile.asking;
    AuthorizationRequest {
        provider,
        client,
        redirect_uri,
        scopes: &profile.scopes,
        prompt: match (options.as_someone_else, asking.prompt) {
            (true, Some(Prompt::Consent | Prompt::LoginAndConsent)) => Some(Prompt::LoginAndConsent),
            (true, _) => Some(Prompt::Login),
            (false, prompt) => prompt,
        },
        login_hint: None,
        acr_values: &asking.acr_values,
        max_age: asking.max_age,
        response_mode: asking.response_mode,
        push: asking.push,
    }
}

/// Whether sign-ins by both profiles ask the server the same, but for the redirect URI: whatever [`request`] takes of one.
pub(crate) fn ask_the_same(one: &Profile, other: &Profile) -> bool {
    let (asking, otherwise) = (&one.asking, &other.asking);
    one.scopes == other.scopes
        && asking.prompt == otherwise.prompt
        && asking.acr_values == otherwise.acr_values
        && asking.max_age == otherwise.max_age
        && asking.response_mode == otherwise.response_mode
}

/// Has the browser opened at the launch address, on a thread that may take as long as it likes.
fn open(edges: &Edges, listener: &RedirectListener) -> JoinHandle<Result<(), BrowserFailed>> {
    let (browser, link) = (Arc::clone(&edges.browser), listener.launch_url().clone());
    tokio::task::spawn_blocking(move || browser.open(&link))
}

/// Opens the browser and reports how far it is. Never ends: whether a browser came decides nothing.
async fn watch_browser(
    edges: &Edges,
    reporter: &Reporter,
    attempt: AttemptId,
    listener: &RedirectListener,
) -> Infallible {
    let moved = |stage| reporter.tell(News::Moved(attempt, stage));
    moved(AttemptStage::OpeningBrowser);
    let opening = open(edges, listener);
    let mut launched = std::pin::pin!(listener.launched());
    tokio::select! {
        biased;
        () = &mut launched => {}
        // Some browsers stay in the foreground until they are closed, so opening may take as long as it likes.
        _ = timeout(BROWSER_PATIENCE, failing(opening)) => {
            moved(AttemptStage::BrowserNotSeen);
            launched.await;
        }
    }
    moved(AttemptStage::InBrowser);
    std::future::pending().await
}

/// Resolves only if the browser could not be opened.
async fn failing(opening: JoinHandle<Result<(), BrowserFailed>>) {
    match opening.await {
        Ok(Ok(())) => std::future::pending().await,
        Ok(Err(error)) => tracing::warn!(%error, "no browser"),
        Err(_) => tracing::warn!("opening the browser panicked"),
    }
}

/// The first of the redirects that arrive otherwise than through the listener for which `accept` says yes.
async fn delivered(
    deliveries: &mut mpsc::UnboundedReceiver<Delivery>,
    accept: impl Fn(&AuthorizationResponse) -> bool,
) -> AuthorizationResponse {
    while let Some(Delivery { response, give_back }) = deliveries.recv().await {
        let is_ours = accept(&response);
        let (ours, back) = if is_ours { (Some(response), None) } else { (None, Some(response)) };
        // Whoever handed it over may have gone; that changes nothing.
        let _ = give_back.send(back);
        if let Some(response) = ours {
            return response;
        }
    }
    std::future::pending().await
}

fn took_too_long() -> Error {
    let reason = "no answer in time".into();
    Error::Oidc(OidcError::Unreachable { reason, may_have_arrived: true })
}

fn cannot_listen(error: BindError) -> Error {
    match error {
        BindError::Taken { uris } => Error::RedirectUrisTaken { taken: uris },
        other => Error::Listener { reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests;
