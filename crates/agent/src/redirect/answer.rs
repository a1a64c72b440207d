//! The answers of the listener: a redirect, or a page that says what is the case. Each has the same strict headers, and
//! none repeats anything of the request.

use gatepass_oidc::MalformedResponse;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use url::Url;

use super::Outcome;
use super::page;
use super::words::{PageWords, TurnedAway};

/// An HTTP response, and what its delivery means.
pub(super) struct Answer {
    pub(super) response: Response<Full<Bytes>>,
    /// It states the outcome of the attempt to a person: once it is delivered, the listener has done its work.
    pub(super) states_outcome: bool,
}

impl Answer {
    /// On to `location` by a GET request whatever this one was (RFC 9700 section 4.12: not 307).
    pub(super) fn see_other(location: &str) -> Result<Self, Refusal> {
        let location = HeaderValue::from_str(location).map_err(|_| Refusal::NotReady)?;
        let mut answer = Self::page(StatusCode::SEE_OTHER, String::new());
        answer.response.headers_mut().insert(header::LOCATION, location);
        Ok(answer)
    }

    /// The page that states `outcome`.
    pub(super) fn outcome(outcome: &Outcome, words: &PageWords) -> Self {
        Self { states_outcome: true, ..Self::page(StatusCode::OK, page::outcome(outcome, words)) }
    }

    /// The page that says that the outcome is not known yet. The browser asks again by itself, without a script.
    pub(super) fn waiting(words: &PageWords) -> Self {
        let mut answer = Self::page(StatusCode::OK, page::waiting(words));
        answer.response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("1"));
        answer
    }

    /// The page that posts `fields` to `endpoint` at once; a person without scripts clicks.
    pub(super) fn posting(
        endpoint: &Url,
        fields: &[(&'static str, String)],
        words: &PageWords,
    ) -> Result<Self, Refusal> {
        let mut answer = Self::page(StatusCode::OK, page::posting(endpoint, fields, words));
        let policy = page::posting_policy(endpoint);
        let policy = HeaderValue::from_str(&policy).map_err(|_| Refusal::NotReady)?;
        answer.response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        answer.states_outcome = true;
        Ok(answer)
    }

    fn page(status: StatusCode, html: String) -> Self {
        let mut response = Response::new(Full::from(html));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        for (name, value) in STRICT_HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::CONTENT_SECURITY_POLICY));
        Self { response, states_outcome: false }
    }
}

/// There is no CORS header among them, on purpose: no page of another origin reads an answer of ours.
const STRICT_HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Why a request is turned away. None of these changes the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No `Host`, or more than one (RFC 9112 section 3.2).
    NoHost,
    /// The program that asks belongs to another user of this machine.
    AnotherUser,
    /// `Host` is not ours: a name of someone else's was pointed at loopback (DNS rebinding).
    AnotherHost,
    /// Not one of the attempt's paths.
    NoSuchPath,
    /// The path is there for the named methods.
    WrongMethod { allowed: &'static str },
    /// A page fetched, embedded or framed the address instead of going there.
    NotANavigation,
    /// Nobody asked: the browser looks ahead.
    Prefetch,
    /// The parameters are not an authorization response.
    Malformed(MalformedResponse),
    /// A POST of something else than a form.
    NotAForm,
    /// More than an authorization response can be.
    TooLarge,
    /// The body did not arrive, or not in time.
    NoBody,
    /// An authorization response, but not to our request.
    AnotherState,
    /// Nothing here can judge or lead on at the moment.
    NotReady,
}

impl Refusal {
    /// The page that says so.
    pub(super) fn answer(self, words: &PageWords) -> Answer {
        let (status, why) = self.meaning();
        let mut answer = Answer::page(status, page::refusal(why, words));
        if let Self::WrongMethod { allowed } = self {
            answer.response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
        }
        answer
    }

    fn meaning(self) -> (StatusCode, TurnedAway) {
        match self {
            Self::NoHost => (StatusCode::BAD_REQUEST, TurnedAway::NoHost),
            Self::AnotherUser => (StatusCode::FORBIDDEN, TurnedAway::AnotherUser),
            Self::AnotherHost => (StatusCode::MISDIRECTED_REQUEST, TurnedAway::AnotherHost),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, TurnedAway::NoSuchPath),
            Self::WrongMethod { .. } => (StatusCode::METHOD_NOT_ALLOWED, TurnedAway::WrongMethod),
            Self::NotANavigation => (StatusCode::FORBIDDEN, TurnedAway::NotANavigation),
            Self::Prefetch => (StatusCode::SERVICE_UNAVAILABLE, TurnedAway::Prefetch),
            Self::Malformed(MalformedResponse::UnrequestedTokens) => {
                (StatusCode::BAD_REQUEST, TurnedAway::UnrequestedTokens)
            }
            Self::Malformed(MalformedResponse::OneTimeCode) => (StatusCode::BAD_REQUEST, TurnedAway::OneTimeCode),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, TurnedAway::Unreadable),
            Self::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, TurnedAway::Unreadable),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, TurnedAway::TooLarge),
            Self::NoBody => (StatusCode::REQUEST_TIMEOUT, TurnedAway::NoBody),
            Self::AnotherState => (StatusCode::BAD_REQUEST, TurnedAway::AnotherState),
            Self::NotReady => (StatusCode::SERVICE_UNAVAILABLE, TurnedAway::NotReady),
        }
    }
}
