//! What is kept of an HTTP answer, and what its status means. Knows nothing of how it was fetched.

use std::time::{Duration, SystemTime};

use reqwest::header::{AGE, DATE, HeaderMap, LINK, RETRY_AFTER};
use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value};

use crate::challenge::Challenge;
use crate::error::Obstacle;
use crate::{Error, Timestamp};

/// An answer of the authorization server.
pub(crate) struct Reply {
    pub status: u16,
    /// The server's clock as it sent this.
    pub server_time: Option<Timestamp>,
    /// How long the server wants to be left alone.
    pub retry_after: Option<Duration>,
    /// Why an access token was turned away.
    pub challenge: Option<Challenge>,
    /// What the next DPoP proof for this server is to hold.
    pub dpop_nonce: Option<String>,
    /// Where a list goes on, as it was written (RFC 8288).
    pub next_page: Option<String>,
    /// What Okta calls the request.
    pub request_id: Option<String>,
    /// May hold tokens. Empty where [`is_busy`](Self::is_busy).
    pub body: Zeroizing<Vec<u8>>,
    /// There was more than is read of a body: what stands in [`body`](Self::body) is the beginning.
    pub is_too_long: bool,
}

impl Reply {
    /// Whether the server did not look at the request at all: 429, whatever `error` its body names, and 5xx.
    pub fn is_busy(&self) -> bool {
        self.status == 429 || (500..600).contains(&self.status)
    }

    /// Whether the server knows no client with these credentials (RFC 6749 section 5.2), and so did nothing else.
    pub fn refuses_client(&self) -> bool {
        self.status == 401 && self.has_error("invalid_client")
    }

    /// Whether the server looked at nothing, since it wants a DPoP proof with the nonce that it sent (RFC 9449 section 8).
    pub fn wants_dpop_nonce(&self) -> bool {
        self.status == 400 && self.dpop_nonce.is_some() && self.has_error("use_dpop_nonce")
    }

    /// Whether the body's `error` is this one.
    fn has_error(&self, code: &str) -> bool {
        let body: Map<String, Value> = serde_json::from_slice(&self.body).unwrap_or_default();
        body.get("error").and_then(Value::as_str) == Some(code)
    }

    /// The answer, if it is a success.
    pub fn success(self) -> Result<Self, Error> {
        match self.status {
            200..300 if self.is_too_long => {
                Err(Error::nonconforming(format!("a body of more than {} bytes", self.body.len())))
            }
            200..300 => Ok(self),
            status if self.is_busy() => Err(Error::Busy { retry_after: self.retry_after, status }),
            status @ 300..400 => {
                Err(Error::nonconforming(format!("a redirect (status {status}), which is not followed")))
            }
            status => Err(self.refusal(status)),
        }
    }

    /// The body as a JSON object. What is wrong with it is not told, since it may hold tokens.
    pub fn json_object(&self, what: &str) -> Result<Map<String, Value>, Error> {
        serde_json::from_slice(&self.body).map_err(|_| self.is_not(what, "a JSON object"))
    }

    /// The same as a list of JSON objects.
    pub fn json_objects(&self, what: &str) -> Result<Vec<Map<String, Value>>, Error> {
        serde_json::from_slice(&self.body).map_err(|_| self.is_not(what, "a list of JSON objects"))
    }

    fn is_not(&self, what: &str, expected: &str) -> Error {
        self.web_page().unwrap_or_else(|| Error::nonconforming(format!("{what} is not {expected}")))
    }

    /// Somebody's page, which an authorization server never sends to us: it answers in JSON, errors too.
    fn web_page(&self) -> Option<Error> {
        let is_markup = self.body.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        let is_markup = is_markup.trim_ascii_start().starts_with(b"<");
        let reason = format!("a web page with status {}", self.status);
        is_markup.then_some(Error::Obstructed { by: Obstacle::WebPage, reason })
    }

    /// The body of a token response. A success that cannot be read says that the server was at work, and what it answered
    /// is lost: one that is too long; one that is empty, or begins as a JSON object and does not end as one, which broke
    /// off on the way, and a server without `Content-Length` leaves nobody else to notice; and one that is something else,
    /// unless it is somebody's page.
    pub fn token_response(self) -> Result<Map<String, Value>, Error> {
        let lost = |reason: &str| Error::Unreachable { reason: reason.to_owned(), may_have_arrived: true };
        if (200..300).contains(&self.status) && self.is_too_long {
            return Err(lost("the answer is too long"));
        }
        let reply = self.success()?;
        reply.json_object("the token response").map_err(|error| match reply.body.trim_ascii_start().first() {
            None | Some(b'{') => lost("the answer broke off"),
            Some(_) if matches!(error, Error::Nonconforming { .. }) => lost("the answer is not a token response"),
            Some(_) => error,
        })
    }

    /// OAuth's error body (RFC 6749 section 5.2), its challenge (RFC 6750 section 3), or the body of Okta's API, which its
    /// OAuth endpoints use now and then.
    fn refusal(&self, status: u16) -> Error {
        let body: Map<String, Value> = serde_json::from_slice(&self.body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let error = match (text("error"), &self.challenge, text("errorCode")) {
            (Some(code), _, _) => Error::from_code(code, text("error_description"), status),
            (None, Some(challenge), _) => Error::from_code(&challenge.error, challenge.description.as_deref(), status),
            (None, None, Some(code)) => Error::from_code(code, text("errorSummary"), status),
            (None, None, None) => self
                .web_page()
                .unwrap_or_else(|| Error::nonconforming(format!("status {status} without an error code"))),
        };
        match error {
            Error::Busy { status, .. } => Error::Busy { retry_after: self.retry_after, status },
            Error::Refused { code, description, status, .. } => {
                Error::Refused { code, description, status, request_id: self.request_id.clone() }
            }
            other => other,
        }
    }
}

/// `Date` (RFC 9110 section 6.6.1), plus `Age` where a cache answered (RFC 9111 section 5.1).
pub(crate) fn server_time(headers: &HeaderMap) -> Option<Timestamp> {
    let date = http_date(text(headers, DATE.as_str())?)?;
    let age = text(headers, AGE.as_str()).and_then(|age| age.trim().parse().ok()).unwrap_or(0);
    Some(date + Duration::from_secs(age))
}

/// `Date` as the server itself wrote it just now, so not where a cache answered (RFC 9111 section 5.1).
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    if headers.contains_key(AGE) { None } else { http_date(text(headers, DATE.as_str())?) }
}

/// `Retry-After` in either form (RFC 9110 section 10.2.3). Without one, status 429 has Okta's `X-Rate-Limit-Reset`, in
/// Unix seconds of the server's clock; Okta sends that header with every answer, so elsewhere it means nothing.
/// At least a second, so that nobody spins; at most a day, so that a typing error of an admin does not sign people out.
pub(crate) fn retry_after(headers: &HeaderMap, status: u16) -> Option<Duration> {
    let date = || http_date(text(headers, DATE.as_str())?);
    let asked = match text(headers, RETRY_AFTER.as_str()).map(str::trim) {
        Some(value) => match value.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => http_date(value).zip(date()).map(|(until, date)| until.since(date)),
        },
        None => None,
    };
    let reset = || {
        let reset = text(headers, "x-rate-limit-reset").filter(|_| status == 429)?.trim().parse().ok()?;
        Some(Timestamp::from_unix_seconds(reset).since(date()?))
    };
    let wait = asked.or_else(reset)?;
    Some(wait.clamp(Duration::from_secs(1), Duration::from_secs(24 * 60 * 60)))
}

/// `DPoP-Nonce`, if it is one by RFC 9449 section 8.1, and not longer than any that was seen.
pub(crate) fn dpop_nonce(headers: &HeaderMap) -> Option<String> {
    let is_allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    text(headers, "dpop-nonce")
        .filter(|nonce| (1..=1024).contains(&nonce.len()) && nonce.bytes().all(is_allowed))
        .map(str::to_owned)
}

/// The target of the link to the next page (RFC 8288 section 3), which Okta writes into a header of its own.
pub(crate) fn next_page(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    // A target has no angle bracket in it (RFC 3986), so each link begins at one.
    values.flat_map(|value| value.split('<').skip(1)).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = |parameter: &str| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let value = value.trim().trim_end_matches(',').trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel") && value.split_ascii_whitespace().any(|one| one == "next")
        };
        parameters.split(';').any(is_next).then(|| target.to_owned())
    })
}

/// `X-Okta-Request-Id`, if it is harmless to write down and not longer than any that was seen.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text(headers, "x-okta-request-id")
        .filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(is_allowed))
        .map(str::to_owned)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn http_date(text: &str) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(text).ok()?;
    let since_epoch = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_unix_seconds(i64::try_from(since_epoch.as_secs()).ok()?))
}

#[cfg(test)]
mod tests;
