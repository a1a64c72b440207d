//! `authorize`: what a request asks for, and whether it may. A request whose client or redirect URI is not in order
//! gets Okta's own error page; everything else is told to the application by a redirect. What a person does about a
//! request in order is in [`super::sign_in`].

use crate::answer::Answer;
use crate::call::Call;
use crate::endpoints::{par, scopes, sign_in};
use crate::fault::Fault;
use crate::org::{App, GrantType};
use crate::page;
use crate::parameters::Parameters;
use crate::store::{Authorization, ResponseMode};

/// `error` and `error_description`.
type Refusal = (&'static str, String);

/// Why an authorization request is not in order.
pub(super) enum Mistake {
    /// Shown on Okta's own page.
    Shown(Refusal),
    /// Told to the application.
    Told(Box<Authorization>, Refusal),
}

/// The authorization endpoint (RFC 6749 section 3.1).
pub(super) fn authorize(call: &Call<'_>) -> Answer {
    let parameters = match par::resolve(call) {
        Ok(parameters) => parameters,
        Err((error, text)) => return page::error(error, text),
    };
    let mut authorization = match examine(call, &parameters) {
        Ok(authorization) => authorization,
        Err(Mistake::Shown((error, text))) => return page::error(error, &text),
        Err(Mistake::Told(authorization, (error, text))) => return sign_in::refuse(&authorization, error, &text),
    };
    if par::must_push(call) {
        call.unexpected("the request was not pushed");
        // RFC 9126 section 4; Okta's own words are not known.
        return sign_in::refuse(&authorization, "invalid_request", "Pushed authorization requests are required.");
    }
    match &call.fault {
        Some(Fault::Refuse { error, description, .. }) => {
            return sign_in::refuse(&authorization, error, description);
        }
        Some(Fault::WrongIssuer(issuer)) => authorization.issuer_in_redirect = Some(issuer.clone()),
        _ => {}
    }
    sign_in::begin(call, authorization)
}

/// Reads a request, and checks all of it that needs no person. What is wrong is recorded as unexpected, but for an
/// application that an admin has deactivated.
pub(super) fn examine(call: &Call<'_>, parameters: &Parameters) -> Result<Authorization, Mistake> {
    let show = |error, text: &str| {
        call.unexpected(text);
        Err(Mistake::Shown((error, text.to_owned())))
    };
    if let Some(name) = parameters.duplicate() {
        call.unexpected(&format!("the parameter {name} came twice"));
        let text = "The request contained multiple parameters with the same name.";
        return Err(Mistake::Shown(("invalid_request", text.to_owned())));
    }
    let unknown = "Invalid value for 'client_id' parameter.";
    let Some(app) = parameters.get("client_id").and_then(|client_id| call.org.client(client_id)) else {
        return show("invalid_client", unknown);
    };
    if !app.is_active {
        return Err(Mistake::Shown(("invalid_client", unknown.to_owned())));
    }
    let Some(redirect_uri) = parameters.get("redirect_uri") else {
        return show("invalid_request", "redirect_uri is missing.");
    };
    // To the letter, without parsing: Okta knows no loopback address with any port (RFC 8252 section 7.3).
    if !app.redirect_uris.iter().any(|registered| registered == redirect_uri) {
        return show(
            "invalid_request",
            "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
        );
    }

    let origin = call.origin();
    let mut authorization = Authorization {
        client_id: app.client_id.clone(),
        server: call.server_id().to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        nonce: parameters.get("nonce").map(str::to_owned),
        scopes: scopes::requested(call, parameters),
        login_hint: parameters.get("login_hint").map(str::to_owned),
        acr_values: parameters.words("acr_values"),
        issuer_in_redirect: call.org.answers_with_issuer.then(|| call.issuer(&origin, Some(app))),
        origin,
        ..Authorization::default()
    };
    match read(call, parameters, app, &mut authorization) {
        Ok(()) => Ok(authorization),
        Err(refusal) => {
            call.unexpected(&refusal.1);
            Err(Mistake::Told(Box::new(authorization), refusal))
        }
    }
}

/// Checks everything that is told by a redirect, and fills in what it has read. `state` and the response mode come
/// first, since a refusal needs them.
fn read(call: &Call<'_>, parameters: &Parameters, app: &App, authorization: &mut Authorization) -> Result<(), Refusal> {
    let invalid = |text: &str| Err(("invalid_request", text.to_owned()));

    let state = parameters.get("state").unwrap_or_default();
    if state.is_empty() || !state.chars().all(|c| c.is_ascii_alphanumeric() || ",._-".contains(c)) {
        return invalid("The authentication request has an invalid 'state' parameter.");
    }
    authorization.state = state.to_owned();
    authorization.response_mode = response_mode(parameters)?;
    if parameters.get("response_type") != Some("code") || !app.grant_types.contains(&GrantType::Code) {
        let configured = if app.grant_types.contains(&GrantType::Code) { "code" } else { "" };
        let text = format!(
            "The response type is not supported by the authorization server. Configured response types: [{configured}]."
        );
        return Err(("unsupported_response_type", text));
    }
    scopes::check(call, app, &authorization.scopes)?;
    authorization.code_challenge = match (parameters.get("code_challenge"), parameters.get("code_challenge_method")) {
        (None, _) if app.requires_pkce => return invalid("PKCE code challenge is required by the application."),
        (None, _) => None,
        (Some(challenge), Some("S256")) if is_hash(challenge) => Some(challenge.to_owned()),
        (Some(_), Some("S256")) => return invalid("PKCE code challenge contains illegal characters."),
        (Some(_), _) => return invalid("PKCE code challenge method is not supported. Valid values: [S256]"),
    };
    authorization.prompt = match parameters.get("prompt") {
        Some(prompt @ ("none" | "login" | "consent" | "login consent" | "consent login")) => prompt.to_owned(),
        None => String::new(),
        Some(_) => {
            return invalid(
                "Invalid value for 'prompt' parameter. Supported values: [none, login, consent, login consent]",
            );
        }
    };
    authorization.max_age = match parameters.get("max_age").map(str::parse::<i32>) {
        None => None,
        Some(Ok(0)) if authorization.prompt == "none" => {
            return invalid("'prompt' parameter must not have the value 'none' for request with 'zero' as max_age.");
        }
        Some(Ok(age)) if age >= 0 => Some(age.into()),
        Some(_) => {
            return invalid("Invalid value for 'max_age' parameter. It should be within range 0 - 2^31-1.");
        }
    };
    Ok(())
}

fn response_mode(parameters: &Parameters) -> Result<ResponseMode, Refusal> {
    let text = match parameters.get("response_mode") {
        None | Some("query") => return Ok(ResponseMode::Query),
        Some("fragment") => return Ok(ResponseMode::Fragment),
        Some("form_post") => return Ok(ResponseMode::FormPost),
        Some("okta_post_message") => "'okta_post_message' response mode cannot be used with the 'code' response type.",
        Some(_) => {
            "The response mode is not supported by the authorization server. Valid response modes: [query, fragment, \
             form_post, okta_post_message]."
        }
    };
    Err(("unsupported_response_mode", text.to_owned()))
}

/// 256 bits in base64url, as RFC 7636 section 4.2 makes them.
fn is_hash(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}
