//! What work beside the task needs of the world: time, network, the browser, and what is known of each issuer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_oidc::{Client, Error as OidcError, Http, IssuerUrl, Provider, Timestamp};

use crate::redirect::Outcome;
use crate::{Browser, Clock, Error, Explain, Explanation, Profile};

/// Issuers move endpoints and drop keys seldom, and announce it long before.
const DISCOVERY_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The edges of the task.
pub(crate) struct Edges {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) browser: Arc<dyn Browser>,
    pub(crate) http: Http,
    explain: Explain,
    /// By issuer, and by the hosts that it may use besides its own.
    providers: Mutex<HashMap<(IssuerUrl, Vec<String>), Provider>>,
}

impl Edges {
    pub(crate) fn new(clock: Arc<dyn Clock>, browser: Arc<dyn Browser>, http: Http, explain: Explain) -> Self {
        Self { clock, browser, http, explain, providers: Mutex::default() }
    }

    /// What the browser's page says of a sign-in that failed.
    pub(crate) fn failure(&self, error: &Error, profile: &Profile) -> Outcome {
        let Explanation { title, advice } = (self.explain)(error, profile);
        Outcome::Failed { title, advice }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The profile's issuer as it describes itself; discovered, unless it was within a day.
    pub(crate) async fn provider(&self, profile: &Profile) -> Result<Provider, OidcError> {
        let now = self.now();
        let known = self.providers().get(&key(profile)).cloned();
        if let Some(provider) = known.filter(|provider| now.since(provider.discovered_at()) < DISCOVERY_LIFE) {
            return Ok(provider);
        }
        let provider = Provider::discover(&profile.issuer, &profile.endpoint_hosts, &self.http, now).await?;
        self.providers().insert(key(profile), provider.clone());
        Ok(provider)
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

/// Who we are to the profile's issuer.
pub(crate) fn client_of(profile: &Profile) -> Client {
    Client::public(profile.client_id.clone())
}

fn key(profile: &Profile) -> (IssuerUrl, Vec<String>) {
    (profile.issuer.clone(), profile.endpoint_hosts.0.clone())
}
