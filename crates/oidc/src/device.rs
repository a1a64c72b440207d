//! Signing in on another device (RFC 8628): for where no browser can be opened. It is the lesser way: nothing proves that
//! who enters the code sits at this machine (section 5.4), and the ID token is tied to no `nonce`.
//!
//! Nothing here sleeps or reads a clock: [`DeviceAuthorizationRequest::start`] asks once, and so does each
//! [`PendingDeviceAuthorization::poll`]; the caller waits in between.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::Url;

use crate::error::quoted;
use crate::exchange::{Exchange, Occasion};
use crate::id_token::Demands;
use crate::token_response::lifetime;
use crate::{AcrValues, Check, Client, EndpointHosts, Error, Http, IssuerUrl, Provider, Scopes, Timestamp, TokenSet};

/// How long to wait between two polls where the server does not say (section 3.2), and how much longer after each
/// `slow_down` (section 3.5).
const INTERVAL: Duration = Duration::from_secs(5);
/// What is believed of an interval. Nobody is asked without a pause, and nobody waits for what would never come.
const INTERVALS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5 * 60));
/// What is believed of a code's life: who walks away from it must not come back to one that still works.
const LONGEST_LIFE: Duration = Duration::from_secs(60 * 60);
/// Nobody types more. Okta's have eight letters.
const LONGEST_USER_CODE: usize = 40;
/// What a QR code can hold and a person can look through.
const LONGEST_URI: usize = 512;

pub(crate) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A request to sign in on another device.
#[derive(Clone, Debug)]
pub struct DeviceAuthorizationRequest<'a> {
    /// Whom to ask.
    pub provider: &'a Provider,
    /// Who asks.
    pub client: &'a Client,
    /// What is asked for.
    pub scopes: &'a Scopes,
    /// How the person must authenticate. It cannot be asked for on this way; the answer's `acr` must be one of these.
    pub acr_values: &'a AcrValues,
    /// How long ago the person may have authenticated. It cannot be asked for either; the answer's `auth_time` is held to
    /// it.
    pub max_age: Option<Duration>,
}

impl DeviceAuthorizationRequest<'_> {
    /// Asks for a code (section 3.1), once.
    ///
    /// # Errors
    /// [`Check::Endpoint`] where the person would be sent anywhere but to https on the issuer's host, whatever hosts the
    /// profile names: a code is entered, and a password, where this address leads. [`Error::Nonconforming`] where the
    /// server has no device authorization endpoint, or its answer lacks a part that the standard demands.
    pub async fn start(self, http: &Http, now: Timestamp) -> Result<PendingDeviceAuthorization, Error> {
        let Self { provider, client, scopes, acr_values, max_age } = self;
        let endpoint = provider.metadata().device_authorization_endpoint.as_ref();
        let endpoint =
            endpoint.ok_or_else(|| Error::nonconforming("the server has no device authorization endpoint"))?;
        let exchange = Exchange { provider, client, http, now };
        let answer = exchange.post(endpoint, &[("scope", &scopes.to_string())]).await?;
        let body = answer.reply.success()?.json_object("the device authorization response")?;
        let pending = read(body, provider.issuer(), scopes, now)?;
        Ok(PendingDeviceAuthorization { acr_values: acr_values.clone(), max_age, ..pending })
    }
}

/// Reads what the server said of the code (section 3.2).
fn read(
    body: Map<String, Value>,
    issuer: &IssuerUrl,
    scopes: &Scopes,
    now: Timestamp,
) -> Result<PendingDeviceAuthorization, Error> {
    let missing = |name: &str| Error::nonconforming(format!("no usable `{name}` in the device authorization response"));
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let address = |text: &str| {
        let text = Some(text).filter(|text| text.len() <= LONGEST_URI).ok_or(Error::Untrusted(Check::Endpoint))?;
        crate::metadata::endpoint(text, issuer, &EndpointHosts::default())
    };
    let device_code = text("device_code").ok_or_else(|| missing("device_code"))?;
    // A code that was mended for display would not be the code.
    let user_code =
        text("user_code").filter(|code| quoted(code, LONGEST_USER_CODE) == **code && !code.trim().is_empty());
    let user_code = user_code.ok_or_else(|| missing("user_code"))?;
    let verification_uri = address(text("verification_uri").ok_or_else(|| missing("verification_uri"))?)?;
    let life = body.get("expires_in").and_then(lifetime).filter(|life| !life.is_zero());
    let life = life.ok_or_else(|| missing("expires_in"))?.min(LONGEST_LIFE);
    let (shortest, longest) = INTERVALS;
    Ok(PendingDeviceAuthorization {
        issuer: issuer.clone(),
        device_code: SecretString::from(device_code),
        user_code: user_code.to_owned(),
        verification_uri,
        verification_uri_complete: text("verification_uri_complete").and_then(|text| address(text).ok()),
        interval: body.get("interval").and_then(lifetime).unwrap_or(INTERVAL).clamp(shortest, longest),
        ends_at: now + life,
        scopes: scopes.clone(),
        acr_values: AcrValues::default(),
        max_age: None,
        requested_at: now,
    })
}

/// A code that waits to be entered. Not `Clone`: one poll at a time.
pub struct PendingDeviceAuthorization {
    issuer: IssuerUrl,
    /// Proves that the tokens are for us. Whoever has it can fetch them.
    device_code: SecretString,
    user_code: String,
    verification_uri: Url,
    verification_uri_complete: Option<Url>,
    interval: Duration,
    ends_at: Timestamp,
    scopes: Scopes,
    acr_values: AcrValues,
    max_age: Option<Duration>,
    requested_at: Timestamp,
}

/// What came of one poll.
#[derive(Debug)]
pub enum DevicePoll {
    /// Nobody has entered the code yet, or not said yes. Ask again after [`PendingDeviceAuthorization::interval`].
    Pending,
    /// That was too soon. Ask again after the interval, which is longer from now on.
    SlowDown,
    /// There was no answer, or the server is busy. Ask again, each time after twice the time (section 3.5), and not before
    /// the `retry_after` of an [`Error::Busy`].
    Unanswered(Error),
    /// The code is over: only a new one helps.
    Expired,
    /// The end: what the server granted, or why it did not. The code is spent.
    Finished(Result<Box<TokenSet>, Error>),
}

impl PendingDeviceAuthorization {
    /// What the person enters, as the server wrote it: at most 40 characters, none of which is a control character.
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// Where they enter it.
    pub fn verification_uri(&self) -> &Url {
        &self.verification_uri
    }

    /// The same with the code in it, for a QR code, where the server gives one. Show the code beside it all the same:
    /// the person must see that it is the one on the other screen (section 3.3.1).
    pub fn verification_uri_complete(&self) -> Option<&Url> {
        self.verification_uri_complete.as_ref()
    }

    /// How long to wait before the next poll, and before the first.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// When the code is over, by the clock of the time given to [`DeviceAuthorizationRequest::start`].
    pub fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// Asks the token endpoint, once (section 3.4). A code that is over is not sent.
    ///
    /// The ID token is judged as at any sign-in, save that it has no `nonce` to compare. Where tokens arrive and a check
    /// fails, the refresh token among them is revoked.
    pub async fn poll(&mut self, provider: &Provider, client: &Client, http: &Http, now: Timestamp) -> DevicePoll {
        if *provider.issuer() != self.issuer {
            return DevicePoll::Finished(Err(Error::Untrusted(Check::Issuer)));
        }
        if now >= self.ends_at {
            return DevicePoll::Expired;
        }
        let exchange = Exchange { provider, client, http, now };
        let form = [("grant_type", GRANT_TYPE), ("device_code", self.device_code.expose_secret())];
        match exchange.ask(&form).await {
            Ok(response) => {
                let judged = exchange
                    .judge_fresh(response, Occasion::Device { demands: self.demands(now), scopes: &self.scopes })
                    .await;
                DevicePoll::Finished(judged.map(Box::new))
            }
            Err(error) => self.without_tokens(error),
        }
    }

    fn demands(&self, now: Timestamp) -> Demands<'_> {
        Demands { acr_values: &self.acr_values, max_age: self.max_age, since_request: now.since(self.requested_at) }
    }

    fn without_tokens(&mut self, error: Error) -> DevicePoll {
        match &error {
            Error::Unreachable { .. } | Error::Obstructed { .. } | Error::Busy { .. } => DevicePoll::Unanswered(error),
            Error::Refused { code, .. } => match code.as_str() {
                "authorization_pending" => DevicePoll::Pending,
                "slow_down" => {
                    self.interval += INTERVAL;
                    DevicePoll::SlowDown
                }
                "expired_token" => DevicePoll::Expired,
                _ => DevicePoll::Finished(Err(error)),
            },
            Error::Nonconforming { .. } | Error::Untrusted(_) => DevicePoll::Finished(Err(error)),
        }
    }
}

/// Without the codes: whoever has one of them can take part in the sign-in.
impl fmt::Debug for PendingDeviceAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingDeviceAuthorization").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
