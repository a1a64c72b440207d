//! `authorize`, and where the sign-in page sends who was chosen. A request whose client or redirect URI is not in
//! order gets Okta's own error page; everything else is told to the application by a redirect.

use url::form_urlencoded;

use crate::answer::{self, Answer, with_header};
use crate::call::Call;
use crate::endpoints::{policy, scopes};
use crate::fault::Fault;
use crate::keys::random_value;
use crate::lock;
use crate::org::{App, GrantType};
use crate::page;
use crate::store::{Authorization, BrowserSession, ResponseMode};

const NOT_ASSIGNED: &str = "User is not assigned to the client application.";

/// `error` and `error_description`.
type Refusal = (&'static str, String);

/// The authorization endpoint (RFC 6749 section 3.1).
pub(super) fn authorize(call: &Call<'_>) -> Answer {
    let parameters = call.parameters();
    let show = |error: &str, text: &str| {
        call.unexpected(text);
        page::error(error, text)
    };
    if let Some(name) = parameters.duplicate() {
        call.unexpected(&format!("the parameter {name} came twice"));
        return page::error("invalid_request", "The request contained multiple parameters with the same name.");
    }
    let Some(app) = parameters.get("client_id").and_then(|client_id| call.org.client(client_id)) else {
        return show("invalid_client", "Invalid value for 'client_id' parameter.");
    };
    if !app.is_active {
        return page::error("invalid_client", "Invalid value for 'client_id' parameter.");
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

    let mut authorization = Authorization {
        client_id: app.client_id.clone(),
        server: call.server_id().to_owned(),
        origin: call.origin(),
        redirect_uri: redirect_uri.to_owned(),
        response_mode: ResponseMode::Query,
        state: String::new(),
        nonce: parameters.get("nonce").map(str::to_owned),
        code_challenge: None,
        scopes: scopes::requested(call, parameters),
        login_hint: parameters.get("login_hint").map(str::to_owned),
        issuer_in_redirect: None,
    };
    if let Err((error, description)) = examine(call, app, &mut authorization) {
        call.unexpected(&description);
        return refuse(&authorization, error, &description);
    }
    match &call.fault {
        Some(Fault::Refuse { error, description, .. }) => return refuse(&authorization, error, description),
        Some(Fault::WrongIssuer(issuer)) => authorization.issuer_in_redirect = Some(issuer.clone()),
        _ => {}
    }
    sign_in(call, authorization)
}

/// The sign-in page's form: a person was chosen, or the person pressed Cancel.
pub(super) fn choose(call: &Call<'_>) -> Answer {
    let transaction = call.parameters().get("transaction").unwrap_or_default();
    let Some(authorization) = lock(&call.shared.store).person_chose(transaction) else {
        return page::error("login_required", "Request expired, please start over and try again.");
    };
    if call.parameters().contains("cancel") {
        return refuse(
            &authorization,
            "access_denied",
            "The resource owner or authorization server denied the request.",
        );
    }
    match call.parameters().get("person").and_then(|id| call.org.person(id)) {
        Some(person) => start_session(call, &authorization, &person.id.clone()),
        None => refuse(&authorization, "access_denied", NOT_ASSIGNED),
    }
}

/// Checks everything that is told by a redirect, and fills in what it has read. `state` and the response mode come
/// first, since a refusal needs them.
fn examine(call: &Call<'_>, app: &App, authorization: &mut Authorization) -> Result<(), Refusal> {
    let parameters = call.parameters();
    let invalid = |text: &str| Err(("invalid_request", text.to_owned()));

    let state = parameters.get("state").unwrap_or_default();
    if state.is_empty() || !state.chars().all(|c| c.is_ascii_alphanumeric() || ",._-".contains(c)) {
        return invalid("The authentication request has an invalid 'state' parameter.");
    }
    authorization.state = state.to_owned();
    authorization.response_mode = match parameters.get("response_mode") {
        None | Some("query") => ResponseMode::Query,
        Some("fragment") => ResponseMode::Fragment,
        Some("form_post") => ResponseMode::FormPost,
        Some("okta_post_message") => {
            let text = "'okta_post_message' response mode cannot be used with the 'code' response type.";
            return Err(("unsupported_response_mode", text.to_owned()));
        }
        Some(_) => return Err(("unsupported_response_mode", "The response mode is not supported.".to_owned())),
    };
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
    if !matches!(
        parameters.get("prompt"),
        None | Some("none" | "login" | "consent" | "login consent" | "consent login")
    ) {
        return invalid(
            "Invalid value for 'prompt' parameter. Supported values: [none, login, consent, login consent]",
        );
    }
    if parameters.get("max_age").is_some_and(|age| age.parse::<u32>().is_err()) {
        return invalid("Invalid value for 'max_age' parameter.");
    }
    Ok(())
}

/// A request in order: passed silently, refused silently, or answered by a person.
fn sign_in(call: &Call<'_>, authorization: Authorization) -> Answer {
    let prompt = call.parameters().get("prompt").unwrap_or_default();
    let max_age = call.parameters().get("max_age").and_then(|age| age.parse::<i64>().ok());
    let is_fresh = |session: &BrowserSession| max_age.is_none_or(|age| call.now - session.auth_time < age);
    let session = call
        .session_cookie()
        .filter(|_| !prompt.contains("login"))
        .and_then(|cookie| lock(&call.shared.store).session(cookie).cloned())
        .filter(|session| is_fresh(session) && call.org.person(&session.person).is_some());
    match session {
        Some(session) => complete(call, &authorization, &session),
        None if prompt == "none" => refuse(
            &authorization,
            "login_required",
            "The client specified not to prompt, but the user is not logged in.",
        ),
        None => match &call.org.auto_sign_in {
            Some(person) if call.org.person(person).is_some() => start_session(call, &authorization, person),
            Some(_) => refuse(&authorization, "access_denied", NOT_ASSIGNED),
            None => {
                let transaction = random_value();
                let page = page::sign_in(&call.org, &authorization, &transaction);
                lock(&call.shared.store).wait_for_person(transaction, authorization);
                page
            }
        },
    }
}

fn start_session(call: &Call<'_>, authorization: &Authorization, person: &str) -> Answer {
    let session = BrowserSession { person: person.to_owned(), auth_time: call.now };
    let answer = complete(call, authorization, &session);
    let cookie = random_value();
    let answer = with_header(answer, "set-cookie", &format!("sid={cookie}; Path=/; HttpOnly; SameSite=Lax"));
    lock(&call.shared.store).start_session(cookie, session);
    answer
}

fn complete(call: &Call<'_>, authorization: &Authorization, session: &BrowserSession) -> Answer {
    let (app, person) = (call.org.client(&authorization.client_id), call.org.person(&session.person));
    let Some((_, person)) = app.zip(person).filter(|(app, person)| app.is_assigned_to(person)) else {
        return refuse(authorization, "access_denied", NOT_ASSIGNED);
    };
    let Authorization { client_id, scopes, .. } = authorization;
    if let Err((_, error, text)) = policy::check(call, client_id, person, GrantType::Code, scopes) {
        return refuse(authorization, error, &text);
    }
    let code = random_value();
    lock(&call.shared.store).grant_code(code.clone(), authorization.clone(), session, call.now);
    deliver(authorization, vec![("code", &code)])
}

fn refuse(authorization: &Authorization, error: &str, description: &str) -> Answer {
    deliver(authorization, vec![("error", error), ("error_description", description)])
}

fn deliver<'a>(authorization: &'a Authorization, mut answer: Vec<(&'a str, &'a str)>) -> Answer {
    // Empty if it is the state that was refused: what it contains is not sent on.
    if !authorization.state.is_empty() {
        answer.push(("state", &authorization.state));
    }
    if let Some(issuer) = &authorization.issuer_in_redirect {
        answer.push(("iss", issuer));
    }
    let uri = &authorization.redirect_uri;
    let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&answer).finish();
    match authorization.response_mode {
        ResponseMode::Query => {
            answer::redirect(&format!("{uri}{}{encoded}", if uri.contains('?') { '&' } else { '?' }))
        }
        ResponseMode::Fragment => answer::redirect(&format!("{uri}#{encoded}")),
        ResponseMode::FormPost => page::form_post(uri, &answer),
    }
}

/// 256 bits in base64url, as RFC 7636 section 4.2 makes them.
fn is_hash(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}
