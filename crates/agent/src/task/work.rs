//! Work that goes on beside the task and reports back: a refresh, the exchange of a sign-in, a revocation. None of it
//! decides anything.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{
    AccessToken, Client, Continuation, Departure, DeviceSecret, Error as OidcError, RefreshToken, RevocationTarget,
    Timestamp, TokenSet,
};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::edges::Edges;
use super::journal_worker::JournalWorker;
use super::quiet::Quiet;
use super::report::{News, Reporter};
use super::seat::Held;
use crate::session::{AttemptId, Generation, Predecessor, RefreshFailure};
use crate::sign_in::Redirected;
use crate::{Error, Profile, RenewalError};

/// How many renewals begin at the same moment when a laptop wakes with many profiles.
pub(crate) const RENEWALS_AT_ONCE: usize = 4;

/// How long a renewal can keep the next one from beginning. A server that hangs must not hold up the others.
const PLACE_HELD: Duration = Duration::from_secs(5);

/// What is said of an answer that made the code panic which reads it.
pub(super) const UNREADABLE: &str = "the answer could not be read";

/// Before each try to revoke.
const REVOCATION_PAUSES: [Duration; 3] = [Duration::ZERO, Duration::from_secs(2), Duration::from_secs(20)];

/// One refresh.
pub(crate) struct Renewal {
    pub(crate) edges: Arc<Edges>,
    pub(crate) journal: JournalWorker,
    pub(crate) profile: Arc<Profile>,
    pub(crate) generation: Generation,
    /// A session that was signed out meanwhile is not renewed.
    pub(crate) held: Held,
    /// While this is on only one leaves that asks again in time for an answer that was lost: later it might be too late.
    pub(crate) quiet: Quiet,
    pub(crate) refresh_token: RefreshToken,
    /// The request must leave before this, or not at all.
    pub(crate) before: Option<Timestamp>,
    pub(crate) predecessor: Predecessor,
    pub(crate) reporter: Reporter,
}

impl Renewal {
    /// Refreshes once when there is a place among `places`, and reports.
    pub(crate) async fn run(self, places: Arc<Semaphore>) {
        let Self { edges, profile, generation, reporter, .. } = &self;
        let (edges, profile, generation, reporter) =
            (Arc::clone(edges), Arc::clone(profile), *generation, reporter.clone());
        // None is given any more while the program quits: only whoever asks again in time still leaves, and no one is left
        // to tell of the others.
        let place = places.acquire_owned().await.ok();
        if place.is_none() && self.before.is_none() {
            return;
        }
        let mut refreshing = std::pin::pin!(self.refresh());
        let result = tokio::select! {
            result = &mut refreshing => result,
            () = sleep(PLACE_HELD) => {
                drop(place);
                refreshing.await
            }
        };
        if let Err(RefreshFailure { error, lost_at }) = &result {
            tracing::info!(profile = %profile.id, %error, is_lost = lost_at.is_some(), "a renewal failed");
            if let RenewalError::Oidc(error) = error {
                edges.doubt_provider(&profile, error);
            }
        }
        reporter.tell(News::RefreshFinished(generation, result.map(Box::new)));
    }

    async fn refresh(self) -> Result<TokenSet, RefreshFailure> {
        let Self { edges, journal, profile, generation, held, quiet, refresh_token, before, predecessor, reporter } =
            self;
        // Discovery and other renewals may have taken their time, and connecting may.
        let may_leave = {
            let (edges, profile) = (Arc::clone(&edges), Arc::clone(&profile));
            move || {
                let is_in_time = match before {
                    Some(before) => edges.now(&profile) < before,
                    None => !quiet.is_on(edges.times.boot()),
                };
                held.is(generation) && is_in_time
            }
        };
        let too_late = || {
            let reason = "it took too long until the request could be sent, or the machine fell asleep".into();
            RefreshFailure::known(OidcError::Unreachable { reason, may_have_arrived: false })
        };
        if !may_leave() {
            return Err(too_late());
        }
        let provider = {
            let (edges, profile) = (Arc::clone(&edges), Arc::clone(&profile));
            let unreadable = || OidcError::Nonconforming { what: UNREADABLE.into() };
            contained(async move { edges.provider(&profile).await }, unreadable).await.map_err(RefreshFailure::known)?
        };
        let client =
            edges.credentials.client(&profile).await.map_err(|error| RefreshFailure::known(unproved(error)))?;
        // Not even noted: to note a token as sent makes others spent.
        if !may_leave() {
            return Err(too_late());
        }
        let sent_at = edges.now(&profile);
        let may_be_sent = journal.sent(Arc::clone(&profile), refresh_token.clone(), sent_at).await;
        // What the server would say to a token that was replaced or whose session ended: the journal could not be read
        // when the session was restored, and now it can.
        if !may_be_sent {
            return Err(RefreshFailure::known(unsaid("invalid_grant")));
        }
        let within = before.map_or(Duration::MAX, |before| before.since(edges.now(&profile)));
        let http = edges.http.clone().departing(Departure::new(within, may_leave));
        let response = {
            let (edges, profile, provider, client) =
                (Arc::clone(&edges), Arc::clone(&profile), provider.clone(), client.clone());
            let refresh_token = refresh_token.clone();
            let asking = async move {
                gatepass_oidc::refresh(&refresh_token, &provider, &client, &http, edges.now(&profile)).await
            };
            let unreadable = || OidcError::Unreachable { reason: UNREADABLE.into(), may_have_arrived: true };
            let asked = contained(asking, unreadable).await;
            asked.map_err(|error| RefreshFailure::of_request(error, sent_at))?
        };
        // Before any check: the one that was sent is spent, whatever else the response holds.
        let refresh_token = match response.refresh_token() {
            Some(new) => {
                reporter.tell(News::RefreshTokenArrived(generation, new.clone()));
                new.clone()
            }
            None => refresh_token,
        };
        let verifying = async move {
            let continuation = Continuation {
                subject: &predecessor.subject,
                refresh_token,
                // The session keeps it, and may have another by the time that the answer is here.
                device_secret: None,
                previous: predecessor.id_token,
                scopes: predecessor.scopes.as_ref().unwrap_or(&profile.scopes),
            };
            let tokens = response.verify(continuation, &provider, &client, &edges.http, edges.now(&profile)).await?;
            note_what_worked(&edges, &profile, &client, &tokens).await;
            Ok(tokens)
        };
        let unreadable = || OidcError::Nonconforming { what: UNREADABLE.into() };
        contained(verifying, unreadable).await.map_err(RefreshFailure::known)
    }
}

/// Trades the code of a redirect for tokens, and reports. Nothing stops it: tokens that nobody wants any more must
/// still arrive, so that they can be revoked.
pub(crate) async fn redeem(
    edges: Arc<Edges>,
    profile: Arc<Profile>,
    attempt: AttemptId,
    redirected: Redirected,
    reporter: Reporter,
) {
    let redeeming = {
        let (edges, profile) = (Arc::clone(&edges), Arc::clone(&profile));
        async move {
            let Redirected { pending, response, provider, client } = redirected;
            let tokens = pending.redeem(response, &provider, &client, &edges.http, edges.now(&profile)).await?;
            welcome(&edges, &profile, &client, &tokens).await;
            Ok(tokens)
        }
    };
    let unreadable = || OidcError::Nonconforming { what: UNREADABLE.into() };
    let result = contained(redeeming, unreadable).await;
    if let Err(error) = &result {
        tracing::info!(profile = %profile.id, %error, "a code was not redeemed");
        edges.doubt_provider(&profile, error);
    }
    reporter.tell(News::SignInFinished(attempt, result.map(Box::new).map_err(Error::Oidc)));
}

/// What is ended at the server.
pub(crate) enum Revoked {
    Refresh(RefreshToken),
    Access(AccessToken),
    DeviceSecret(DeviceSecret),
}

/// Ends a token at the server, if that can be done soon. Nobody waits for it or hears of it.
pub(crate) async fn revoke(edges: Arc<Edges>, profile: Arc<Profile>, token: Revoked) {
    for pause in REVOCATION_PAUSES {
        sleep(pause).await;
        let tried = async {
            let client = edges.credentials.client(&profile).await.map_err(unproved)?;
            let provider = edges.provider(&profile).await?;
            let target = match &token {
                Revoked::Refresh(token) => RevocationTarget::RefreshToken(token),
                Revoked::Access(token) => RevocationTarget::AccessToken(token),
                Revoked::DeviceSecret(secret) => RevocationTarget::DeviceSecret(secret),
            };
            gatepass_oidc::revoke(target, &provider, &client, &edges.http, edges.now(&profile)).await?;
            Ok::<_, RenewalError>(())
        };
        match tried.await {
            Ok(()) => return,
            Err(
                error @ (RenewalError::Vault(_)
                | RenewalError::Oidc(
                    OidcError::Unreachable { .. } | OidcError::Obstructed { .. } | OidcError::Busy { .. },
                )),
            ) => {
                tracing::debug!(profile = %profile.id, %error, "a revocation did not get through");
            }
            Err(error) => return tracing::info!(profile = %profile.id, %error, "a revocation was not taken"),
        }
    }
}

/// Asks when a refresh token ends, and reports, for a session of this generation. A server that does not say is no news.
pub(crate) async fn introspect(
    edges: Arc<Edges>,
    profile: Arc<Profile>,
    generation: Generation,
    token: RefreshToken,
    reporter: Reporter,
) {
    let asking = async {
        let client = edges.credentials.client(&profile).await.map_err(unproved)?;
        let provider = edges.provider(&profile).await?;
        let now = edges.now(&profile);
        Ok::<_, RenewalError>(gatepass_oidc::introspect(&token, &provider, &client, &edges.http, now).await?)
    };
    match asking.await {
        Ok(told) => reporter.tell(News::Introspected(generation, told.expires_at)),
        Err(error) => tracing::debug!(profile = %profile.id, %error, "the issuer does not say when the session ends"),
    }
}

/// Asks the profile's issuer what time it is. The answer is heard of where every `Date` is.
pub(crate) async fn ask_time(edges: Arc<Edges>, profile: Arc<Profile>) {
    if let Err(error) = gatepass_oidc::Provider::ask_time(&profile.issuer, &edges.http).await {
        tracing::debug!(profile = %profile.id, %error, "the issuer did not say what time it is");
    }
}

/// That there is nothing to prove us with, as it is to those who wait for an answer of the server: without a credential it
/// would refuse, and whether there is one only the keyring knows.
fn unproved(error: Error) -> RenewalError {
    match error {
        Error::Vault(error) => RenewalError::Vault(error),
        Error::NoCredential(_) => unsaid("invalid_client").into(),
        Error::NoBoundKey => unsaid("invalid_dpop_proof").into(),
        other => OidcError::Unreachable { reason: other.to_string(), may_have_arrived: false }.into(),
    }
}

/// A refusal that the server need not be asked for.
fn unsaid(code: &str) -> OidcError {
    OidcError::Refused { code: code.into(), description: None, status: 0, request_id: None }
}

/// Keeps what the tokens of a sign-in depend on.
pub(crate) async fn welcome(edges: &Edges, profile: &Profile, client: &Client, tokens: &TokenSet) {
    edges.credentials.adopt(profile, client).await;
    note_what_worked(edges, profile, client, tokens).await;
}

/// Remembers which of several credentials the server took.
async fn note_what_worked(edges: &Edges, profile: &Profile, client: &Client, tokens: &TokenSet) {
    if let Some(place) = tokens.credential {
        edges.credentials.worked(profile, client, place).await;
    }
}

/// The result of `work`, or an error if it panics: a bug in reading what a server sent must not leave a session waiting
/// for ever.
pub(super) async fn contained<T: Send + 'static>(
    work: impl Future<Output = Result<T, OidcError>> + Send + 'static,
    panicked: impl FnOnce() -> OidcError,
) -> Result<T, OidcError> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(panicked()))
}
