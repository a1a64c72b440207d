//! A request in order, until it is answered: passed silently, refused silently, or put before a person, who says who
//! they are and what they consent to.

use url::form_urlencoded;

use crate::answer::{self, Answer, with_header};
use crate::assurance::{self, Unmet};
use crate::call::Call;
use crate::endpoints::{policy, scopes};
use crate::keys::random_value;
use crate::lock;
use crate::org::{App, GrantType};
use crate::page;
use crate::people::Person;
use crate::store::{Authorization, BrowserSession, ResponseMode};

pub(super) const NOT_ASSIGNED: &str = "User is not assigned to the client application.";
pub(super) const DENIED: &str = "The resource owner or authorization server denied the request.";
const EXPIRED: &str = "Request expired, please start over and try again.";

/// Begins with what the browser's Okta session is good for.
pub(super) fn begin(call: &Call<'_>, authorization: Authorization) -> Answer {
    let is_silent = authorization.prompt == "none";
    let session = call.session().filter(|_| !authorization.prompt.contains("login"));
    match session {
        Some(session) if is_enough(call, &authorization, &session) => consent(call, authorization, &session),
        Some(_) if is_silent => refuse(
            &authorization,
            "login_required",
            "The client specified not to prompt, but the client app requires re-authentication or MFA.",
        ),
        None if is_silent && may_interact_by_code(call, &authorization) => refuse(
            &authorization,
            "interaction_required",
            "Your client is configured to use the interaction code flow and user interaction is required to complete \
             the request.",
        ),
        None if is_silent => refuse(
            &authorization,
            "login_required",
            "The client specified not to prompt, but the user is not logged in.",
        ),
        _ => match &call.org.auto_sign_in {
            Some(person) => match call.org.person(person) {
                Some(person) => start_session(call, authorization, person),
                None => refuse(&authorization, "access_denied", NOT_ASSIGNED),
            },
            None => {
                let transaction = random_value();
                let hint = authorization.login_hint.as_deref();
                let page = page::sign_in(&call.org, hint, "/login/choose", &transaction, &authorization.redirect_uri);
                lock(&call.shared.store).wait_for_person(transaction, authorization);
                page
            }
        },
    }
}

/// The sign-in page's form: a person was chosen, or the person pressed Cancel.
pub(super) fn choose(call: &Call<'_>) -> Answer {
    let transaction = call.parameters().get("transaction").unwrap_or_default();
    let Some(authorization) = lock(&call.shared.store).person_chose(transaction) else {
        return page::error("login_required", EXPIRED);
    };
    if call.parameters().contains("cancel") {
        return refuse(&authorization, "access_denied", DENIED);
    }
    match call.parameters().get("person").and_then(|id| call.org.person(id)) {
        Some(person) => start_session(&call.at(&authorization.server), authorization, person),
        None => refuse(&authorization, "access_denied", NOT_ASSIGNED),
    }
}

/// The consent page's form.
pub(super) fn decide(call: &Call<'_>) -> Answer {
    let transaction = call.parameters().get("transaction").unwrap_or_default();
    let Some((mut authorization, session)) = lock(&call.shared.store).person_decided(transaction) else {
        return page::error("login_required", EXPIRED);
    };
    let call = call.at(&authorization.server);
    match call.parameters().get("decision") {
        Some("allow") => {}
        Some("allow-required") => {
            let optional = scopes::optional(&call);
            authorization.scopes.retain(|scope| !optional.contains(scope));
        }
        _ => return refuse(&authorization, "access_denied", DENIED),
    }
    lock(&call.shared.store).consented(&authorization, &session.person);
    complete(&call, &authorization, &session)
}

/// Whether a session is recent and strong enough for the request.
fn is_enough(call: &Call<'_>, authorization: &Authorization, session: &BrowserSession) -> bool {
    let is_recent = authorization.max_age.is_none_or(|age| call.now - session.auth_time < age);
    let needs_two = call.org.person(&session.person).is_some_and(|person| {
        assurance::answer(&authorization.acr_values, person).is_ok_and(|answer| answer.needs_two_factors)
    });
    is_recent && (session.has_two_factors || !needs_two)
}

fn may_interact_by_code(call: &Call<'_>, authorization: &Authorization) -> bool {
    let app = call.org.client(&authorization.client_id);
    app.is_some_and(|app| app.grant_types.contains(&GrantType::InteractionCode))
}

fn start_session(call: &Call<'_>, authorization: Authorization, person: &Person) -> Answer {
    if let Some(text) = person.status.refusal() {
        return refuse(&authorization, "access_denied", text);
    }
    let has_two_factors =
        assurance::answer(&authorization.acr_values, person).is_ok_and(|answer| answer.needs_two_factors);
    let session = BrowserSession { person: person.id.clone(), auth_time: call.now, has_two_factors };
    let answer = consent(call, authorization, &session);
    keep_session(call, session, answer)
}

/// Gives the browser the cookie of a session.
pub(super) fn keep_session(call: &Call<'_>, session: BrowserSession, answer: Answer) -> Answer {
    let cookie = random_value();
    let answer = with_header(answer, "set-cookie", &format!("sid={cookie}; Path=/; HttpOnly; SameSite=Lax"));
    lock(&call.shared.store).start_session(cookie, session);
    answer
}

/// Asks for consent where there must be some, of a person who may have what is asked for.
fn consent(call: &Call<'_>, authorization: Authorization, session: &BrowserSession) -> Answer {
    let (app, person) = (call.org.client(&authorization.client_id), call.org.person(&session.person));
    let Some((app, person)) = app.zip(person).filter(|(app, person)| app.is_assigned_to(person)) else {
        return refuse(&authorization, "access_denied", NOT_ASSIGNED);
    };
    let Authorization { client_id, scopes, .. } = &authorization;
    if let Err((_, error, text)) = policy::check(call, client_id, person, GrantType::Code, scopes) {
        return refuse(&authorization, error, &text);
    }
    if let Err(Unmet) = assurance::answer(&authorization.acr_values, person) {
        return refuse(
            &authorization,
            "unmet_authentication_requirements",
            "Unable to meet the authentication requirements imposed by 'acr_values' parameter.",
        );
    }
    let missing = missing_consent(call, app, &authorization, session);
    if missing.is_empty() {
        return complete(call, &authorization, session);
    }
    if authorization.prompt == "none" {
        let text = format!("The following scopes require user consent: [{}].", missing.join(", "));
        return refuse(&authorization, "consent_required", &text);
    }
    let transaction = random_value();
    let has_optional = scopes::optional(call).iter().any(|scope| missing.contains(scope));
    let page =
        page::consent(&call.org, &missing, has_optional, "/login/consent", &transaction, &authorization.redirect_uri);
    lock(&call.shared.store).wait_for_consent(transaction, authorization, session.clone());
    page
}

/// The scopes that the person must consent to now. `prompt=consent` asks again for what was given.
fn missing_consent(call: &Call<'_>, app: &App, authorization: &Authorization, session: &BrowserSession) -> Vec<String> {
    let asks_again = authorization.prompt.contains("consent");
    if !asks_again && !app.requires_consent {
        return Vec::new();
    }
    let store = lock(&call.shared.store);
    let is_missing = |scope: &String| asks_again || !store.has_consented(authorization, &session.person, scope);
    scopes::needing_consent(call, &authorization.scopes).into_iter().filter(is_missing).collect()
}

fn complete(call: &Call<'_>, authorization: &Authorization, session: &BrowserSession) -> Answer {
    let code = random_value();
    let person = call.org.person(&session.person);
    let acr = person.and_then(|person| assurance::answer(&authorization.acr_values, person).ok()?.acr);
    lock(&call.shared.store).grant_code(code.clone(), authorization.clone(), session, acr, call.now);
    deliver(authorization, vec![("code", &code)])
}

/// Tells the application that nothing comes of its request.
pub(super) fn refuse(authorization: &Authorization, error: &str, description: &str) -> Answer {
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
