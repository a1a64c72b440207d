//! One sign-in attempt, from the click to the redirect and back to the browser's page: discovers the issuer, opens the
//! listener, sends the browser off, waits for the answer that is ours, hands it to the task, and states on the page
//! what came of it. It refuses to know what the tokens are worth: the task redeems and the session machine decides.
//!
//! An attempt is given up by dropping its future, which closes the port. The task does that, and knows when.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{
    AcrValues, AuthorizationRequest, AuthorizationResponse, PendingAuthorization, Prompt, Provider, RedirectUri,
    ResponseMode,
};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::redirect::{BindError, Outcome, RedirectListener};
use crate::session::AttemptId;
use crate::task::{Edges, News, Reporter, client_of};
use crate::{AttemptStage, BrowserFailed, Error, Profile, SignInEnd, SignInOptions};

/// How long a person has from the click to the redirect.
pub(crate) const ATTEMPT_LIFE: Duration = Duration::from_secs(5 * 60);

/// A browser that has not asked for the launch address by then has probably not been opened.
const BROWSER_PATIENCE: Duration = Duration::from_secs(15);

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
    /// Redirects that arrive by a private-use scheme.
    pub(crate) deliveries: mpsc::UnboundedReceiver<Delivery>,
    pub(crate) conclusions: mpsc::UnboundedReceiver<Conclusion>,
    /// Attempts that were given up and whose ports this one may want.
    pub(crate) after: Vec<JoinHandle<()>>,
}

/// The redirect that answers an attempt, and all that is needed to redeem it.
pub(crate) struct Redirected {
    pub(crate) pending: PendingAuthorization,
    pub(crate) response: AuthorizationResponse,
    pub(crate) provider: Provider,
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
    /// Carries the attempt through. It reports [`News::Redirected`] or the failure, and nothing after that.
    pub(crate) async fn run(mut self) {
        for closing in self.after.drain(..) {
            // How it ended is of no interest, only that it did.
            let _ = closing.await;
        }
        match self.ask().await {
            Ok((listener, redirected)) => {
                self.take_no_more_deliveries().await;
                self.reporter.tell(News::Redirected(self.attempt, Box::new(redirected)));
                listener.finish(self.conclusion().await).await;
            }
            Err(error) => self.reporter.tell(News::SignInFinished(self.attempt, Err(error))),
        }
    }

    async fn ask(&mut self) -> Result<(RedirectListener, Redirected), Error> {
        let provider = self.edges.provider(&self.profile).await?;
        let listener = RedirectListener::bind(&self.redirect_uris, (self.edges.page)()).await.map_err(cannot_listen)?;
        let request = AuthorizationRequest {
            provider: &provider,
            client: &client_of(&self.profile),
            redirect_uri: listener.redirect_uri(),
            scopes: &self.profile.scopes,
            prompt: self.options.as_someone_else.then_some(Prompt::Login),
            login_hint: None,
            acr_values: &AcrValues::default(),
            max_age: None,
            response_mode: ResponseMode::Query,
            push: false,
        };
        let (mut address, pending) = request.start(&self.edges.http, self.edges.now(&self.profile)).await?;
        let authorization_url = address.open(self.edges.now(&self.profile));
        listener.lead_to(authorization_url.ok_or(Error::SignInEnded(SignInEnd::TimedOut { browser_seen: false }))?);
        self.reporter.tell(News::Bound {
            attempt: self.attempt,
            redirect_uri: listener.redirect_uri().clone(),
            link: listener.launch_url().clone(),
        });
        let is_ours = |response: &AuthorizationResponse| pending.is_answered_by(response);
        let browsing = watch_browser(&self.edges, &self.reporter, self.attempt, &listener);
        let response = tokio::select! {
            response = listener.receive(is_ours) => response,
            response = delivered(&mut self.deliveries, is_ours) => response,
            never = browsing => match never {},
        };
        Ok((listener, Redirected { pending, response, provider }))
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

/// Opens the browser and reports how far it is. Never ends: whether a browser came decides nothing.
async fn watch_browser(
    edges: &Edges,
    reporter: &Reporter,
    attempt: AttemptId,
    listener: &RedirectListener,
) -> Infallible {
    let moved = |stage| reporter.tell(News::Moved(attempt, stage));
    moved(AttemptStage::OpeningBrowser);
    let browser = Arc::clone(&edges.browser);
    let link = listener.launch_url().clone();
    let opening = tokio::task::spawn_blocking(move || browser.open(&link));
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

fn cannot_listen(error: BindError) -> Error {
    match error {
        BindError::Taken { uris } => Error::RedirectUrisTaken { taken: uris },
        other => Error::Listener { reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests;
