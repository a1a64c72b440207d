//! What every resource of Okta asks of a request: an access token that lives, presented as it must be (RFC 6750, and
//! RFC 9449 section 7 where it is bound to a key).

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::dpop;
use crate::lock;
use crate::store::AccessToken;

/// Why a request is not let in, as `WWW-Authenticate` tells it.
pub(super) struct Challenge {
    pub(super) scheme: &'static str,
    pub(super) status: u16,
    pub(super) error: &'static str,
    pub(super) text: &'static str,
}

impl Challenge {
    pub(super) fn answer(&self) -> Answer {
        answer::challenge(self.scheme, self.status, self.error, self.text)
    }
}

/// The access token that a request presents, if it is of the server that was asked.
pub(super) fn access_token(call: &Call<'_>) -> Result<AccessToken, Challenge> {
    let authorization = call.request.header("authorization").unwrap_or_default();
    let (scheme, value) = authorization.split_once(' ').unwrap_or_default();
    let is_dpop = scheme == "DPoP";
    let token = Some(value).filter(|_| is_dpop || scheme == "Bearer").and_then(|value| live(call, value));
    let Some(token) = token else {
        let text = why_not(call, value);
        return Err(Challenge { scheme: "Bearer", status: 401, error: "invalid_token", text });
    };
    let wrong = |status, error, text| {
        call.unexpected(text);
        Err(Challenge { scheme: "DPoP", status, error, text })
    };
    match (&token.key, is_dpop) {
        (None, false) => Ok(token),
        (None, true) => wrong(401, "invalid_token", "The presented access_token is not DPoP bound."),
        (Some(_), false) => {
            let text = "The resource request must use the DPoP authentication scheme when using a DPoP bound token.";
            wrong(400, "invalid_request", text)
        }
        (Some(key), true) => match dpop::at_resource(call, value) {
            Ok(Some(proved)) if proved == *key => Ok(token),
            Ok(Some(_)) => {
                wrong(400, "invalid_dpop_proof", "The access_token is not bound to the provided DPoP proof.")
            }
            Ok(None) => wrong(400, "invalid_request", "The resource request requires a DPoP proof."),
            Err((error, text)) => Err(Challenge { scheme: "DPoP", status: 400, error, text }),
        },
    }
}

/// What is wrong with an access token. That time or an admin has ended it is nobody's fault.
fn why_not(call: &Call<'_>, value: &str) -> &'static str {
    let store = lock(&call.shared.store);
    match store.access_token(value) {
        Some(token) if store.grant(token.grant).server != call.server_id() => {
            call.unexpected("no access token of this server");
            if call.server.is_none() {
                "The access token provided is not intended for Okta."
            } else {
                "The access token provided has an invalid issuer."
            }
        }
        Some(token) if call.now >= token.expires_at => "The token has expired.",
        Some(_) => "The access token has been revoked.",
        None => {
            call.unexpected("no access token of this server");
            "The access token is invalid."
        }
    }
}

/// The access token of this value, if it is of the server that was asked, and alive.
pub(super) fn live(call: &Call<'_>, value: &str) -> Option<AccessToken> {
    let store = lock(&call.shared.store);
    let token = store.live_access_token(value, call.now)?;
    (store.grant(token.grant).server == call.server_id()).then(|| token.clone())
}
