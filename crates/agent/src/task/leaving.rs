//! What a sign-out does beside forgetting: it ends the Okta session in the browser, where the person asks for that. Nothing of
//! it holds the sign-out up.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{Client, EndSessionRequest, IdTokenHint};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Task;
use super::command::Answer;
use super::edges::Edges;
use crate::redirect::LeavingPage;
use crate::{Error, Profile, SignOutOptions};

/// How long whoever signs out waits for the browser to be sent on its way.
const PATIENCE: Duration = Duration::from_secs(5);

impl Task {
    /// Begins it, before the machine forgets what it takes. Whoever waits is told at the end of the sign-out, by the answer
    /// that is returned, of what cannot be done.
    pub(super) fn leave(&mut self, seat: usize, options: SignOutOptions, answer: Answer<()>) -> Answer<()> {
        let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
        if !options.in_browser {
            return answer;
        }
        let hint = self.seats[seat].machine.id_token_hint();
        let leaving = tokio::spawn(timeout(PATIENCE, leave(edges, profile, hint)));
        let (forgotten, is_forgotten) = oneshot::channel::<Result<(), Error>>();
        tokio::spawn(async move {
            // A task that ends drops its end, and whoever waits hears of that.
            let Ok(forgotten) = is_forgotten.await else { return };
            let left = leaving.await.ok().and_then(Result::ok).unwrap_or(Err(Error::OktaSessionStays));
            let _ = answer.send(forgotten.and(left));
        });
        forgotten
    }
}

/// Sends the browser to the page that leads to the server's sign-out. Returns when that page waits for it.
async fn leave(edges: Arc<Edges>, profile: Arc<Profile>, hint: Option<IdTokenHint>) -> Result<(), Error> {
    let stays = |_| Error::OktaSessionStays;
    let hint = hint.ok_or(Error::OktaSessionStays)?;
    let provider = edges.provider(&profile).await.map_err(|error| {
        tracing::info!(profile = %profile.id, %error, "the Okta session cannot be ended");
        Error::OktaSessionStays
    })?;
    let client = Client::public(profile.client_id.clone());
    let request = EndSessionRequest::new(&provider, &client, &hint, None).ok_or(Error::OktaSessionStays)?;
    let page = LeavingPage::open(request, (edges.page)()).await.map_err(stays)?;
    let (browser, link) = (Arc::clone(&edges.browser), page.url().clone());
    let opening = tokio::task::spawn_blocking(move || browser.open(&link));
    tokio::spawn(async move {
        let is_visited = page.visited().await;
        tracing::info!(profile = %profile.id, is_visited, "the browser was sent to the sign-out");
    });
    match opening.await {
        Ok(Err(failed)) => Err(Error::Browser(failed)),
        Ok(Ok(())) | Err(_) => Ok(()),
    }
}
