//! What work beside the task needs of the world: time, network, the browser, and what is known of each issuer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_oidc::{Capabilities, Error as OidcError, Http, IssuerUrl, Provider, Timestamp};

use super::credential_keeper::CredentialKeeper;
use super::times::Times;
use crate::redirect::{Outcome, PageWords};
use crate::{Browser, Clock, Error, Explain, Explanation, Profile};

/// Issuers move endpoints and drop keys seldom, and announce it long before.
const DISCOVERY_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The edges of the task.
pub(crate) struct Edges {
    pub(crate) times: Arc<Times>,
    pub(crate) browser: Arc<dyn Browser>,
    pub(crate) http: Http,
    explain: Explain,
    /// The words of the browser's page, as of now.
    pub(crate) page: fn() -> &'static PageWords,
    /// What each profile's client proves itself with.
    pub(crate) credentials: CredentialKeeper,
    /// By issuer, and by the hosts that it may use besides its own.
    providers: Mutex<HashMap<(IssuerUrl, Vec<String>), Provider>>,
    n_discoveries: AtomicU64,
}

impl Edges {
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        browser: Arc<dyn Browser>,
        http: Http,
        explain: Explain,
        page: fn() -> &'static PageWords,
        credentials: CredentialKeeper,
    ) -> Self {
        let times = Arc::new(Times::new(clock));
        let http = http.with_dates(times.observer());
        let (providers, n_discoveries) = (Mutex::default(), AtomicU64::new(0));
        Self { times, browser, http, explain, page, credentials, providers, n_discoveries }
    }

    /// What the browser's page says of a sign-in that failed.
    pub(crate) fn failure(&self, error: &Error, profile: &Profile) -> Outcome {
        let Explanation { title, advice } = (self.explain)(error, profile);
        Outcome::Failed { title, advice }
    }

    /// The time by which the profile's session is decided.
    pub(crate) fn now(&self, profile: &Profile) -> Timestamp {
        self.times.at_issuer(&profile.issuer)
    }

    /// The profile's issuer as it describes itself; discovered, unless it was within a day.
    pub(crate) async fn provider(&self, profile: &Profile) -> Result<Provider, OidcError> {
        let now = self.now(profile);
        let known = self.providers().get(&key(profile)).cloned();
        // The issuer's time may have been learned since, and be before what it was taken for.
        let age = |provider: &Provider| {
            let then = provider.discovered_at();
            now.since(then).max(then.since(now))
        };
        if let Some(provider) = known.filter(|provider| age(provider) < DISCOVERY_LIFE) {
            return Ok(provider);
        }
        let provider = Provider::discover(&profile.issuer, &profile.endpoint_hosts, &self.http, now).await?;
        self.providers().insert(key(profile), provider.clone());
        self.n_discoveries.fetch_add(1, Ordering::Release);
        Ok(provider)
    }

    /// What the profile's issuer says it can do; `None` until it was discovered.
    pub(crate) fn capabilities(&self, profile: &Profile) -> Option<Capabilities> {
        self.providers().get(&key(profile)).map(Provider::capabilities)
    }

    /// How often an issuer was discovered: rises when there may be another answer to [`Self::capabilities`].
    pub(crate) fn n_discoveries(&self) -> u64 {
        self.n_discoveries.load(Ordering::Acquire)
    }

    /// Has the issuer discovered anew next time, if `error` can come of metadata that is out of date.
    pub(crate) fn doubt_provider(&self, profile: &Profile, error: &OidcError) {
        if matches!(error, OidcError::Untrusted(_) | OidcError::Nonconforming { .. }) {
            self.providers().remove(&key(profile));
        }
    }

    fn providers(&self) -> MutexGuard<'_, HashMap<(IssuerUrl, Vec<String>), Provider>> {
        self.providers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(profile: &Profile) -> (IssuerUrl, Vec<String>) {
    (profile.issuer.clone(), profile.endpoint_hosts.0.clone())
}
