//! Pushed authorization requests (RFC 9126): what `authorize` would say, said to the application, and the request kept
//! under a name for the browser to carry.

use std::borrow::Cow;

use serde_json::json;

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::endpoints::Refusal;
use crate::endpoints::authorize::{Mistake, examine};
use crate::endpoints::client::{client_of, refuse};
use crate::keys::random_value;
use crate::lock;
use crate::org::Par;
use crate::parameters::Parameters;
use crate::store::{PUSHED_LIFETIME, Pushed, PushedRefusal};

/// What only proves who the application is, and is no part of the request.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// The pushed authorization request endpoint (RFC 9126 section 2).
pub(super) fn push(call: &Call<'_>) -> Answer {
    match keep(call) {
        Ok(answer) => answer,
        Err((status, error, text)) => answer::oauth_error(status, error, &text),
    }
}

fn keep(call: &Call<'_>) -> Result<Answer, Refusal> {
    let app = client_of(call)?;
    if call.parameters().contains("request_uri") {
        return refuse(call, 400, "invalid_request", "The 'request_uri' parameter must not be present in the request.");
    }
    let parameters = call.parameters().without(&CREDENTIALS).with("client_id", &app.client_id);
    examine(call, &parameters).map_err(|mistake| match mistake {
        Mistake::Shown((error, text)) | Mistake::Told(_, (error, text)) => (400, error, text),
    })?;
    let request_uri = format!("urn:okta:{}", random_value());
    let pushed = Pushed::new(app.client_id.clone(), call.server_id().to_owned(), parameters, call.now);
    lock(&call.shared.store).keep_pushed(request_uri.clone(), pushed);
    Ok(answer::json(201, &json!({ "request_uri": request_uri, "expires_in": PUSHED_LIFETIME })))
}

/// The parameters of an authorization request: those that were pushed, if it names any.
pub(super) fn resolve<'a>(call: &'a Call<'_>) -> Result<Cow<'a, Parameters>, (&'static str, &'static str)> {
    let parameters = call.parameters();
    let Some(request_uri) = parameters.get("request_uri") else { return Ok(Cow::Borrowed(parameters)) };
    let unexpected = |error, text: &'static str| {
        call.unexpected(text);
        Err((error, text))
    };
    if parameters.names().iter().any(|name| !["client_id", "request_uri"].contains(name)) {
        // Okta does not look at them; nor does a client that pushes have a reason to send them.
        call.unexpected("a pushed request has more parameters than client_id and request_uri");
    }
    let client_id = parameters.get("client_id").unwrap_or_default();
    let taken = lock(&call.shared.store).take_pushed(request_uri, client_id, call.server_id(), call.now);
    match taken {
        Ok(pushed) => Ok(Cow::Owned(pushed)),
        // The person left the page before the sign-in open for too long.
        Err(PushedRefusal::Expired) => Err(("invalid_request_uri", "The authorize request_uri is invalid.")),
        Err(PushedRefusal::Unknown) => unexpected("invalid_request_uri", "The authorize request_uri is invalid."),
        Err(PushedRefusal::AnotherServer) => {
            unexpected("invalid_request_uri", "The request_uri was issued for another authorization server.")
        }
        Err(PushedRefusal::AnotherClient) => unexpected(
            "invalid_client",
            "The 'client_id' parameter does not match the expected value for the provided request_uri.",
        ),
    }
}

/// Whether a request that was not pushed is one too few.
pub(super) fn must_push(call: &Call<'_>) -> bool {
    call.org.par == Par::Required && !call.parameters().contains("request_uri")
}
