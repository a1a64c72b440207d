//! The keys of an issuer (RFC 7517), fetched again when a token names one that is not among them.

use std::time::Duration;

use openidconnect::JsonWebKey;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet};
use tokio::sync::Mutex;
use url::Url;

use crate::jws::Jws;
use crate::{Check, Error, Http, Timestamp};

/// Unknown key IDs are not worth more than one request in this time.
const REFETCH_INTERVAL: Duration = Duration::from_secs(60);

/// The signing keys behind one `jwks_uri`.
#[derive(Debug)]
pub(crate) struct Keys {
    address: Url,
    /// Locked while fetching, so that those who miss the same key wait for one request.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    keys: Vec<CoreJsonWebKey>,
    refetched_at: Option<Timestamp>,
}

/// The key that verified a signature.
#[derive(Debug)]
pub(crate) struct Verified {
    pub key_id: Option<String>,
}

impl Keys {
    /// Fetches the keys at `address`.
    pub async fn fetch(address: Url, http: &Http) -> Result<Self, Error> {
        let keys = fetch(&address, http).await?;
        Ok(Self { address, state: Mutex::new(State { keys, refetched_at: None }) })
    }

    /// No keys at all, until a token asks for one.
    pub fn none_yet(address: Url) -> Self {
        Self { address, state: Mutex::new(State { keys: Vec::new(), refetched_at: None }) }
    }

    /// Verifies the signature of `jws`, after a look at its algorithm and its critical headers.
    pub async fn verify(&self, jws: &Jws<'_>, http: &Http, now: Timestamp) -> Result<Verified, Error> {
        let algorithm = jws.algorithm().ok_or(Error::Untrusted(Check::Algorithm))?;
        // We understand no extension, so any that must be understood makes the token invalid (RFC 7515 section 4.1.11).
        if jws.header.contains_key("crit") {
            return Err(Error::Untrusted(Check::Signature));
        }
        let mut state = self.state.lock().await;
        if state.candidates(jws).next().is_none() && state.may_refetch(now) {
            state.keys = fetch(&self.address, http).await?;
            state.refetched_at = Some(now);
        }
        // A token without `kid` is tried with every key; a key of another type or use does not verify it.
        state
            .candidates(jws)
            .find(|key| key.verify_signature(&algorithm, jws.signed.as_bytes(), &jws.signature).is_ok())
            .map(|key| Verified { key_id: key.key_id().map(|id| id.as_str().to_owned()) })
            .ok_or(Error::Untrusted(Check::Signature))
    }
}

impl State {
    fn candidates<'a>(&'a self, jws: &'a Jws<'_>) -> impl Iterator<Item = &'a CoreJsonWebKey> {
        let wanted = jws.key_id();
        self.keys.iter().filter(move |key| wanted.is_none() || key.key_id().map(|id| id.as_str()) == wanted)
    }

    /// Time may have been set back since the last request, so the distance counts, not the direction.
    fn may_refetch(&self, now: Timestamp) -> bool {
        self.refetched_at.is_none_or(|at| now.since(at).max(at.since(now)) >= REFETCH_INTERVAL)
    }
}

/// Keys that we do not understand are left out (RFC 7517 section 5).
async fn fetch(address: &Url, http: &Http) -> Result<Vec<CoreJsonWebKey>, Error> {
    let reply = http.get(address).await?.success()?;
    let set: CoreJsonWebKeySet = serde_json::from_slice(&reply.body)
        .map_err(|_| Error::nonconforming("the key set is not a JSON Web Key Set"))?;
    Ok(set.keys().clone())
}
