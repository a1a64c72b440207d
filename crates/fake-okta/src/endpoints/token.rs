//! `token`: the code exchange and the refresh.

use crate::answer::{self, Answer, with_header};
use crate::call::Call;
use crate::claims;
use crate::dpop;
use crate::endpoints::client::{client_of, refuse_grant_type};
use crate::endpoints::{Refusal, exchange, policy};
use crate::fault::Fault;
use crate::keys::random_value;
use crate::lock;
use crate::mint::{self, Minting};
use crate::org::{App, GrantType};
use crate::store::{CodeProof, CodeRefusal, Ended, Grant, GrantId, PollRefusal, RefreshAttempt, RefreshRefusal, Store};

const ANOTHER_CLIENT: &str = "The grant was issued to another client. Please make sure the 'client_id' matches the one \
                              used at the authorize request.";
const MISSING_PROOF: &str = "The DPoP proof JWT header is missing.";

/// The grant types that this server serves.
#[derive(Clone, Copy)]
enum Served {
    Code,
    Refresh,
    Device,
    Exchange,
}

/// What was granted, before it becomes tokens.
struct Granted {
    id: GrantId,
    scopes: Vec<String>,
    nonce: Option<String>,
    refresh_token: Option<String>,
    key: Option<String>,
    device_secret: Option<String>,
    is_exchanged: bool,
}

/// The token endpoint (RFC 6749 section 3.2).
pub(super) fn token(call: &Call<'_>) -> Answer {
    let answer = grant(call).unwrap_or_else(|(status, error, text)| answer::oauth_error(status, error, &text));
    // Whoever has sent a proof learns the newest nonce from every answer (RFC 9449 section 8.2).
    match call.request.header("dpop") {
        Some(_) => with_header(answer, "dpop-nonce", &lock(&call.shared.nonces).current(call.now)),
        None => answer,
    }
}

fn grant(call: &Call<'_>) -> Result<Answer, Refusal> {
    let app = client_of(call)?;
    let served = grant_type(call, app)?;
    let key = proved_key(call, app)?;
    let granted = match served {
        Served::Code => redeem(call, app, key)?,
        Served::Refresh => refresh(call, app, key)?,
        Served::Device => poll(call, app, key)?,
        Served::Exchange => {
            let id = exchange::exchange(call, app)?;
            first(call, &mut lock(&call.shared.store), id, key)
        }
    };
    respond(call, granted)
}

/// The thumbprint of the key that the request proves to have, before anything is spent.
fn proved_key(call: &Call<'_>, app: &App) -> Result<Option<String>, Refusal> {
    let status = |(error, text): dpop::Refusal| (400, error, text.to_owned());
    match dpop::at_token_endpoint(call).map_err(status)? {
        None if app.requires_dpop => dpop::wrong(call, MISSING_PROOF).map_err(status),
        key => Ok(key),
    }
}

fn grant_type(call: &Call<'_>, app: &App) -> Result<Served, Refusal> {
    let (served, grant_type) = match call.parameters().get("grant_type") {
        Some("authorization_code") => (Served::Code, GrantType::Code),
        Some("refresh_token") => (Served::Refresh, GrantType::Refresh),
        Some("urn:ietf:params:oauth:grant-type:device_code") => (Served::Device, GrantType::Device),
        Some("urn:ietf:params:oauth:grant-type:token-exchange") => (Served::Exchange, GrantType::TokenExchange),
        _ => {
            call.unexpected("no grant type that this server has");
            let text = format!(
                "The authorization grant type is not supported by the authorization server. Configured grant types: \
                 [{}].",
                app.configured_grant_types()
            );
            return Err((400, "unsupported_grant_type", text));
        }
    };
    refuse_browsers(call, served)?;
    if !app.grant_types.contains(&grant_type) {
        return refuse_grant_type(call, app);
    }
    Ok(served)
}

/// The mere presence of `Origin` makes Okta treat a request as a web page's.
fn refuse_browsers(call: &Call<'_>, served: Served) -> Result<(), Refusal> {
    if call.request.header("origin").is_none() {
        return Ok(());
    }
    call.unexpected("a native client sends no Origin");
    Err(match served {
        Served::Refresh | Served::Device | Served::Exchange => {
            let text = "Browser requests to the token endpoint may only use the authorization_code grant_type.";
            (400, "unauthorized_client", text.to_owned())
        }
        Served::Code if !call.parameters().contains("code_verifier") => {
            let text = "Browser requests to the token endpoint must use Proof Key for Code Exchange.";
            (401, "invalid_client", text.to_owned())
        }
        Served::Code => {
            let text =
                "Browser requests to the token endpoint must be made from one of the registered Trusted Origins.";
            (400, "invalid_request", text.to_owned())
        }
    })
}

fn redeem(call: &Call<'_>, app: &App, key: Option<String>) -> Result<Granted, Refusal> {
    let parameters = call.parameters();
    let proof = CodeProof {
        client_id: &app.client_id,
        server: call.server_id(),
        redirect_uri: parameters.get("redirect_uri").unwrap_or_default(),
        code_verifier: parameters.get("code_verifier"),
    };
    let mut store = lock(&call.shared.store);
    let spent = store.spend_code(parameters.get("code").unwrap_or_default(), &proof, call.now);
    let (id, nonce) = spent.map_err(|refusal| code_refused(call, refusal))?;
    Ok(Granted { nonce, ..first(call, &mut store, id, key) })
}

/// The first tokens of a grant.
fn first(call: &Call<'_>, store: &mut Store, id: GrantId, key: Option<String>) -> Granted {
    store.bind(id, key.clone());
    let scopes = store.grant(id).scopes.clone();
    let wants_refresh_token =
        scopes.iter().any(|scope| scope == "offline_access") && call.fault != Some(Fault::NoRefreshToken);
    let refresh_token = wants_refresh_token.then(random_value);
    if let Some(value) = &refresh_token {
        store.keep_refresh_token(value.clone(), id, call.now);
    }
    let is_exchanged = store.grant(id).grant_type == GrantType::TokenExchange;
    let shares = !is_exchanged && call.server.is_some() && scopes.iter().any(|scope| scope == "device_sso");
    let device_secret = shares.then(random_value);
    if let Some(value) = &device_secret {
        store.keep_device_secret(value.clone(), id, call.now);
    }
    Granted { id, scopes, nonce: None, refresh_token, key, device_secret, is_exchanged }
}

fn poll(call: &Call<'_>, app: &App, key: Option<String>) -> Result<Granted, Refusal> {
    let device_code = call.parameters().get("device_code").unwrap_or_default();
    let mut store = lock(&call.shared.store);
    match store.poll_device(device_code, &app.client_id, call.server_id(), call.now) {
        Ok(id) => Ok(first(call, &mut store, id, key)),
        Err(refusal) => Err(poll_refused(call, refusal)),
    }
}

fn poll_refused(call: &Call<'_>, refusal: PollRefusal) -> Refusal {
    // That time is over, or that nobody has answered yet, is how it goes; all others are a client's fault.
    if !matches!(refusal, PollRefusal::Expired | PollRefusal::Pending | PollRefusal::Refused { .. }) {
        call.unexpected(&format!("a device code that is not redeemed: {refusal:?}"));
    }
    let (error, text) = match refusal {
        PollRefusal::Refused { status, error, text } => return (status, error, text),
        PollRefusal::Unknown | PollRefusal::Taken => ("invalid_grant", "The device code is invalid or has expired."),
        PollRefusal::AnotherClient => ("invalid_grant", ANOTHER_CLIENT),
        PollRefusal::Expired => ("expired_token", "The device code has expired."),
        PollRefusal::TooFast => ("slow_down", "Slow down the polling frequency. Please try again later."),
        PollRefusal::Pending => {
            ("authorization_pending", "The device authorization is pending. Please try again later.")
        }
    };
    (400, error, text.to_owned())
}

fn code_refused(call: &Call<'_>, refusal: CodeRefusal) -> Refusal {
    // A code that has expired is what a laptop that slept brings; all others are a client's fault.
    if refusal != CodeRefusal::Expired {
        call.unexpected(&format!("a code that is not redeemed: {refusal:?}"));
    }
    let (error, text) = match refusal {
        CodeRefusal::Unknown | CodeRefusal::Expired | CodeRefusal::Reused => {
            ("invalid_grant", "The authorization code is invalid or has expired.")
        }
        CodeRefusal::AnotherClient => ("invalid_grant", ANOTHER_CLIENT),
        CodeRefusal::AnotherServer => ("invalid_request", "The grant was issued for another authorization server."),
        CodeRefusal::AnotherRedirectUri => (
            "invalid_grant",
            "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
        ),
        CodeRefusal::NoChallenge => (
            "invalid_request",
            "PKCE code challenge should be specified in the authorize request for code verification.",
        ),
        CodeRefusal::NoVerifier => ("invalid_request", "PKCE code verifier is required by the application."),
        CodeRefusal::WrongVerifier => ("invalid_grant", "PKCE verification failed."),
    };
    (400, error, text.to_owned())
}

fn refresh(call: &Call<'_>, app: &App, key: Option<String>) -> Result<Granted, Refusal> {
    let value = call.parameters().get("refresh_token").unwrap_or_default();
    let grant = lock(&call.shared.store).grant_of_refresh_token(value).cloned();
    let bound_to = grant.as_ref().and_then(|grant| grant.key.clone());
    if bound_to.is_some() && key != bound_to {
        let text = if key.is_none() { MISSING_PROOF } else { "Invalid DPoP Public Key binding in refresh token" };
        return dpop::wrong(call, text).map_err(|(error, text)| (400, error, text.to_owned()));
    }
    if let Some(grant) = grant.as_ref().filter(|grant| is_for(grant, call, app))
        && let Some(person) = call.org.person(&grant.person)
    {
        // What an admin has to mend must not cost the refresh token.
        policy::check(call, &app.client_id, person, grant.grant_type, &grant.scopes)?;
        claims::check(call, grant, person)?;
    }
    let lifetimes = grant.map(|grant| policy::lifetimes(call, &grant));
    let hides_token = call.fault == Some(Fault::NoRefreshToken);
    let attempt = RefreshAttempt {
        value,
        client_id: &app.client_id,
        server: call.server_id(),
        scopes: &call.parameters().scopes(),
        // A rotation that nobody is told of would end the session.
        rotation: if hides_token { crate::org::Rotation::Static } else { app.refresh },
        idle_lifetime: lifetimes.and_then(|lifetimes| lifetimes.refresh_idle),
        absolute_lifetime: lifetimes.and_then(|lifetimes| lifetimes.refresh_token),
        successor: random_value(),
    };
    let refreshed = lock(&call.shared.store).refresh(attempt, call.now);
    let refreshed = refreshed.map_err(|refusal| refresh_refused(call, refusal))?;
    let answers_token = !hides_token && refreshed.scopes.iter().any(|scope| scope == "offline_access");
    Ok(Granted {
        id: refreshed.grant,
        nonce: None,
        refresh_token: answers_token.then_some(refreshed.refresh_token),
        scopes: refreshed.scopes,
        key,
        device_secret: None,
        is_exchanged: false,
    })
}

fn is_for(grant: &Grant, call: &Call<'_>, app: &App) -> bool {
    grant.client_id == app.client_id && grant.server == call.server_id()
}

fn refresh_refused(call: &Call<'_>, refusal: RefreshRefusal) -> Refusal {
    // A client cannot know that time or an admin, or its own earlier reuse, has ended a token.
    let is_clients_fault =
        !matches!(refusal, RefreshRefusal::Expired | RefreshRefusal::Ended(Ended::Withdrawn | Ended::Reused));
    if is_clients_fault {
        call.unexpected(&format!("a refresh that is not granted: {refusal:?}"));
    }
    match refusal {
        RefreshRefusal::ScopesDenied(denied) => {
            let text = format!(
                "Some of the scopes requested for the refresh request were not granted in the original authorize \
                 request. Denied scopes: [{}].",
                denied.join(", ")
            );
            (400, "access_denied", text)
        }
        RefreshRefusal::AnotherClient => (400, "invalid_grant", ANOTHER_CLIENT.to_owned()),
        RefreshRefusal::AnotherServer => {
            (400, "invalid_request", "The grant was issued for another authorization server.".to_owned())
        }
        RefreshRefusal::Unknown | RefreshRefusal::Expired | RefreshRefusal::Reused | RefreshRefusal::Ended(_) => {
            ended()
        }
    }
}

fn ended() -> Refusal {
    (400, "invalid_grant", "The refresh token is invalid or expired.".to_owned())
}

fn respond(call: &Call<'_>, granted: Granted) -> Result<Answer, Refusal> {
    let grant = lock(&call.shared.store).grant(granted.id).clone();
    let Some(person) = call.org.person(&grant.person) else {
        // Deactivated since the sign-in.
        return Err(ended());
    };
    if !call.org.client(&grant.client_id).is_some_and(|app| app.is_assigned_to(person)) {
        // Unassigned since the sign-in, which revokes (OIDC reference, "Limits").
        return Err(ended());
    }
    let minting = Minting {
        id: granted.id,
        grant: &grant,
        person,
        scopes: &granted.scopes,
        nonce: granted.nonce.as_deref(),
        key: granted.key.as_deref(),
        refresh_token: granted.refresh_token,
        device_secret: granted.device_secret,
        issued_token_type: granted.is_exchanged.then_some(exchange::ACCESS_TOKEN),
    };
    Ok(answer::json(200, &mint::token_response(call, minting)?))
}
