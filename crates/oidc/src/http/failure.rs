//! What kept a request from being answered, read from reqwest's errors.

use std::error::Error as StdError;

use crate::error::{Error, Obstacle, quoted};

/// Keeps what the system said at the end of the chain. The URL is left out: it may have a query.
pub(super) fn unanswered(error: reqwest::Error) -> Error {
    let may_have_arrived = !(error.is_connect() || error.is_builder());
    let is_timeout = error.is_timeout();
    let error = error.without_url();
    let mut reason = String::new();
    let mut by = None;
    for cause in chain(&error) {
        reason = quoted(&cause.to_string(), 200);
        by = by.or_else(|| obstacle(cause));
    }
    match by {
        Some(by) if !may_have_arrived => Error::Obstructed { by, reason },
        _ if is_timeout => {
            let what = if may_have_arrived { "answer" } else { "connection" };
            Error::Unreachable { reason: format!("no {what} within the time limit"), may_have_arrived }
        }
        _ => Error::Unreachable { reason, may_have_arrived },
    }
}

/// The error and its causes. An [`std::io::Error`] hides the error that it was made of from its own `source`.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn StdError + 'static)| {
        let inner = error.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
        match inner {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// A proxy is known by hyper-util's words alone: it keeps the types to itself.
fn obstacle(cause: &(dyn StdError + 'static)) -> Option<Obstacle> {
    if let Some(rustls::Error::InvalidCertificate(_)) = cause.downcast_ref() {
        return Some(Obstacle::Certificate);
    }
    match cause.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(Obstacle::ProxySignIn),
        text if text.starts_with("tunnel error: ") || text.starts_with("SOCKS error: ") => Some(Obstacle::Proxy),
        _ => None,
    }
}
