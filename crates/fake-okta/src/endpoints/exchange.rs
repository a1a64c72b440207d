//! Token exchange (RFC 8693) in the two forms that an application of a person may use: Native SSO, where a device
//! secret and an ID token sign in one more application, and an access token for the audience of another custom server.

use crate::call::Call;
use crate::endpoints::client::refuse;
use crate::endpoints::sign_in::NOT_ASSIGNED;
use crate::endpoints::{Refusal, policy, scopes};
use crate::lock;
use crate::org::{App, CustomServer, GrantType};
use crate::store::{Grant, GrantId};

pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const DEVICE_SECRET: &str = "urn:x-oath:params:oauth:token-type:device-secret";

/// What is exchanged.
struct Subject<'a> {
    grant: Grant,
    device_secret: Option<&'a str>,
}

/// Begins a grant by exchange.
pub(super) fn exchange(call: &Call<'_>, app: &App) -> Result<GrantId, Refusal> {
    let Some(server) = call.custom_server() else {
        let text = "'urn:ietf:params:oauth:grant-type:token-exchange' grant type is not supported.";
        return refuse(call, 400, "unsupported_grant_type", text);
    };
    let parameters = call.parameters();
    if parameters.get("requested_token_type").is_some_and(|wanted| wanted != ACCESS_TOKEN) {
        return refuse(call, 400, "invalid_request", "'requested_token_type' is invalid or not supported.");
    }
    let subject = match (required(call, "subject_token_type")?, parameters.get("actor_token_type")) {
        (ID_TOKEN, Some(DEVICE_SECRET)) => signed_in_by_device_secret(call)?,
        (_, Some(DEVICE_SECRET)) => {
            let text =
                format!("When 'actor_token_type' is '{DEVICE_SECRET}', 'subject_token_type' must be '{ID_TOKEN}'.");
            return refuse(call, 400, "invalid_request", &text);
        }
        (_, Some(_)) => return refuse(call, 400, "invalid_request", "'actor_token_type' is invalid or not supported."),
        (ACCESS_TOKEN, None) => with_access_token(call, app, server)?,
        (ID_TOKEN, None) => return missing(call, "actor_token_type"),
        (_, None) => {
            return refuse(call, 400, "invalid_request", "'subject_token_type' is invalid or not supported.");
        }
    };
    if parameters.get("audience") != Some(&server.audience) {
        let text = "Token Exchange requests must include a valid audience of the authorization server.";
        return refuse(call, 400, "invalid_target", text);
    }
    let Subject { grant: first, device_secret } = subject;
    let scopes = scopes::requested(call, parameters);
    if let Err((error, text)) = scopes::check(call, app, &scopes) {
        return refuse(call, 400, error, &text);
    }
    let Some(person) = call.org.person(&first.person).filter(|person| app.is_assigned_to(person)) else {
        return Err((400, "access_denied", NOT_ASSIGNED.to_owned()));
    };
    policy::check(call, &app.client_id, person, GrantType::TokenExchange, &scopes)?;
    let needing_consent = scopes::needing_consent(call, &scopes);
    if app.requires_consent && !needing_consent.is_empty() {
        let text = format!(
            "The following scopes require user consent: [{}]. To access protected scopes using the token_exchange \
             password grant type, please uncheck 'Require consent' in the app settings or set the apps 'consent_method' \
             to 'TRUSTED'.",
            needing_consent.join(", ")
        );
        return Err((400, "consent_required", text));
    }
    let grant = first.exchanged(&app.client_id, call.server_id(), scopes, call.now);
    Ok(lock(&call.shared.store).exchange(device_secret, grant, call.now))
}

/// Native SSO: the ID token may have expired, and must be of the person of the secret.
fn signed_in_by_device_secret<'a>(call: &'a Call<'_>) -> Result<Subject<'a>, Refusal> {
    let (secret, id_token) = (required(call, "actor_token")?, required(call, "subject_token")?);
    let store = lock(&call.shared.store);
    let wrong_actor = "'actor_token' is invalid.";
    let Some(grant) = store.grant_of_device_secret(secret).filter(|grant| grant.server == call.server_id()) else {
        return refuse(call, 400, "invalid_request", wrong_actor);
    };
    let subject = store.grant_of_id_token(id_token).filter(|it| it.server == grant.server && it.person == grant.person);
    if subject.is_none() {
        return refuse(call, 400, "invalid_request", "'subject_token' is invalid.");
    }
    if !store.is_live_device_secret(secret, policy::lifetimes(call, grant), call.now) {
        // Time, an admin, or another application has ended it.
        return Err((400, "invalid_request", wrong_actor.to_owned()));
    }
    Ok(Subject { grant: grant.clone(), device_secret: Some(secret) })
}

/// On behalf of the person: an access token of this server or of one that it trusts.
fn with_access_token<'a>(call: &'a Call<'_>, app: &App, server: &CustomServer) -> Result<Subject<'a>, Refusal> {
    if !app.may_act_on_behalf {
        return refuse(call, 400, "invalid_request", "Only service clients may use on-behalf token exchange.");
    }
    let value = required(call, "subject_token")?;
    let store = lock(&call.shared.store);
    let Some(grant) = store.grant_of_access_token(value).filter(|grant| grant.client_id == app.client_id) else {
        return refuse(call, 400, "invalid_request", "'subject_token' is invalid.");
    };
    if store.live_access_token(value, call.now).is_none() {
        let text = "The 'subject_token' either expired or the session associated with it was terminated.";
        return Err((400, "invalid_grant", text.to_owned()));
    }
    if grant.server != server.id && !server.trusted_servers.contains(&grant.server) {
        let text = "The 'subject_token' issuer isn't a trusted authorization server.";
        return Err((403, "access_denied", text.to_owned()));
    }
    if scopes::requested(call, call.parameters()).iter().any(|scope| scope == "openid") {
        let text = "Can't request 'openid' scopes using the Token Exchange flow for a service app.";
        return refuse(call, 400, "invalid_scope", text);
    }
    Ok(Subject { grant: grant.clone(), device_secret: None })
}

fn required<'a>(call: &'a Call<'_>, name: &str) -> Result<&'a str, Refusal> {
    call.parameters().get(name).map_or_else(|| missing(call, name), Ok)
}

fn missing<T>(call: &Call<'_>, name: &str) -> Result<T, Refusal> {
    refuse(call, 400, "invalid_request", &format!("The required parameter '{name}' is missing."))
}
