//! Which application a request is from, and the proof of it: the same at every endpoint that applications post to.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use crate::call::Call;
use crate::endpoints::{Refusal, assertion};
use crate::org::{App, ClientAuthentication, ClientSecret};

const UNKNOWN: &str = "Invalid value for 'client_id' parameter.";
const WRONG_METHOD: &str = "Client authentication failed. Either the client or the client credentials are invalid.";
const NO_CREDENTIALS: &str = "No client credentials found.";
const WRONG_SECRET: &str = "The client secret supplied for a confidential client is invalid.";
const WRONG_BASIC: &str = "Found Authentication header but was not valid client credentials.";
const MULTIPLE: &str = "Cannot supply multiple client credentials. Use one of the following: credentials in the \
                        Authorization header, credentials in the post body, or a client_assertion in the post body.";

/// The application that a request is from. A refusal is recorded as unexpected, but for what an admin alone can have
/// done: another status, secret or key.
pub(super) fn client_of<'a>(call: &'a Call<'_>) -> Result<&'a App, Refusal> {
    let parameters = call.parameters();
    if parameters.duplicate().is_some() {
        return refuse(call, 400, "invalid_request", "The request contained multiple parameters with the same name.");
    }
    let is_form = |value: &str| value.starts_with("application/x-www-form-urlencoded");
    if !call.request.header("content-type").is_some_and(is_form) {
        return refuse(call, 400, "invalid_request", "The content type must be application/x-www-form-urlencoded.");
    }
    let credentials = ["client_id", "client_secret", "client_assertion", "client_assertion_type"];
    if credentials.iter().any(|name| parameters.is_in_query(name)) {
        return refuse(call, 400, "invalid_request", "Client credentials cannot be supplied via query parameters.");
    }
    let header = call.request.header("authorization");
    match (header, parameters.get("client_secret"), parameters.get("client_assertion")) {
        (Some(header), None, None) => by_header(call, header),
        (None, Some(secret), None) => by_secret_in_body(call, secret),
        (None, None, Some(assertion)) => assertion::client(call, assertion),
        (None, None, None) => by_name_alone(call),
        _ => refuse(call, 401, "invalid_request", MULTIPLE),
    }
}

/// The application with this client ID, which must be active.
pub(super) fn active<'a>(call: &'a Call<'_>, client_id: &str) -> Result<&'a App, Refusal> {
    match call.org.client(client_id) {
        Some(app) if app.is_active => Ok(app),
        // Deactivated by an admin.
        Some(_) => Err((401, "invalid_client", UNKNOWN.to_owned())),
        None => refuse(call, 401, "invalid_client", UNKNOWN),
    }
}

/// Records the request as unexpected and refuses it.
pub(super) fn refuse<T>(call: &Call<'_>, status: u16, error: &'static str, text: &str) -> Result<T, Refusal> {
    call.unexpected(text);
    Err((status, error, text.to_owned()))
}

/// Refuses an application that has not the grant type that it asks by.
pub(super) fn refuse_grant_type<T>(call: &Call<'_>, app: &App) -> Result<T, Refusal> {
    let text = format!(
        "The client is not authorized to use the provided grant type. Configured grant types: [{}].",
        app.configured_grant_types()
    );
    refuse(call, 400, "unauthorized_client", &text)
}

/// Refuses the client of a request that has another method than the one that is configured.
pub(super) fn refuse_method<T>(call: &Call<'_>) -> Result<T, Refusal> {
    refuse(call, 401, "invalid_client", WRONG_METHOD)
}

fn by_name_alone<'a>(call: &'a Call<'_>) -> Result<&'a App, Refusal> {
    let Some(client_id) = call.parameters().get("client_id") else {
        return refuse(call, 401, "invalid_client", NO_CREDENTIALS);
    };
    let app = active(call, client_id)?;
    match app.client_authentication {
        ClientAuthentication::None => Ok(app),
        _ => refuse(call, 401, "invalid_client", NO_CREDENTIALS),
    }
}

fn by_header<'a>(call: &'a Call<'_>, header: &str) -> Result<&'a App, Refusal> {
    let Some((client_id, secret)) = basic_credentials(header) else {
        return refuse(call, 401, "invalid_client", WRONG_BASIC);
    };
    let is_another = call.parameters().get("client_id").is_some_and(|named| named != client_id);
    if is_another || call.org.client(&client_id).is_none() {
        return refuse(call, 401, "invalid_client", WRONG_BASIC);
    }
    let app = active(call, &client_id)?;
    match &app.client_authentication {
        ClientAuthentication::SecretBasic(secrets) => with_secret(app, secrets, &secret),
        ClientAuthentication::None => refuse(call, 401, "invalid_client", WRONG_BASIC),
        ClientAuthentication::SecretPost(_) | ClientAuthentication::PrivateKeyJwt(_) => refuse_method(call),
    }
}

fn by_secret_in_body<'a>(call: &'a Call<'_>, secret: &str) -> Result<&'a App, Refusal> {
    let Some(client_id) = call.parameters().get("client_id") else {
        return refuse(call, 401, "invalid_client", NO_CREDENTIALS);
    };
    let app = active(call, client_id)?;
    match &app.client_authentication {
        ClientAuthentication::SecretPost(secrets) => with_secret(app, secrets, secret),
        _ => refuse_method(call),
    }
}

fn with_secret<'a>(app: &'a App, secrets: &[ClientSecret], secret: &str) -> Result<&'a App, Refusal> {
    if secrets.iter().any(|it| it.is_active && it.value == secret) {
        return Ok(app);
    }
    Err((401, "invalid_client", WRONG_SECRET.to_owned()))
}

/// Client ID and secret of RFC 6749 section 2.3.1: each form-urlencoded, then joined, then base64.
fn basic_credentials(header: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    Some((form_decoded(client_id)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    // What was encoded has neither of these; left in, they would end the value.
    if text.contains(['&', '=']) {
        return None;
    }
    let (value, _) = form_urlencoded::parse(text.as_bytes()).next().unwrap_or((Cow::Borrowed(""), Cow::Borrowed("")));
    Some(value.into_owned())
}
