//! Signing in on another device (RFC 8628): where the codes come from, and the pages at `/activate`.

use rsa::rand_core::{OsRng, RngCore as _};
use serde_json::json;

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::endpoints::client::{client_of, refuse_grant_type};
use crate::endpoints::sign_in::{DENIED, NOT_ASSIGNED, keep_session};
use crate::endpoints::{Refusal, policy, scopes};
use crate::keys::random_value;
use crate::lock;
use crate::org::{App, GrantType};
use crate::page;
use crate::people::Person;
use crate::store::{BrowserSession, DEVICE_CODE_LIFETIME, Device, Grant, seconds};

/// No vowels, so that no word comes of it, and nothing that looks like something else (RFC 8628 section 6.1).
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
const WRONG_CODE: (&str, &str) = ("invalid_user_code", "The user code is invalid or has expired.");

/// The device authorization endpoint (RFC 8628 section 3.1).
pub(super) fn authorize(call: &Call<'_>) -> Answer {
    match client_of(call).and_then(|app| begin(call, app)) {
        Ok(answer) => answer,
        Err((status, error, text)) => answer::oauth_error(status, error, &text),
    }
}

fn begin(call: &Call<'_>, app: &App) -> Result<Answer, Refusal> {
    if !app.grant_types.contains(&GrantType::Device) {
        return refuse_grant_type(call, app);
    }
    let scopes = scopes::requested(call, call.parameters());
    if let Err((error, text)) = scopes::check(call, app, &scopes) {
        call.unexpected(&text);
        return Err((400, error, text));
    }
    let (device_code, user_code, origin) = (random_value(), user_code(), call.origin());
    let interval = seconds(call.org.device_interval);
    let ids = (app.client_id.clone(), call.server_id().to_owned(), origin.clone());
    let device = Device::new(user_code.clone(), ids, scopes, interval, call.now);
    if !lock(&call.shared.store).keep_device(device_code.clone(), device, call.now) {
        call.unexpected("too many device sign-ins at once");
        let text = "Too many user codes generated. Please try again later.";
        return Err((429, "too_many_user_codes", text.to_owned()));
    }
    let body = json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": format!("{origin}/activate"),
        "verification_uri_complete": format!("{origin}/activate?user_code={user_code}"),
        "expires_in": DEVICE_CODE_LIFETIME,
        "interval": interval,
    });
    Ok(answer::json(200, &body))
}

/// The pages at `/activate`: which code, who signs in, whether to allow it.
pub(super) fn activate(call: &Call<'_>) -> Answer {
    let parameters = call.parameters();
    let Some(user_code) = parameters.get("user_code").or(parameters.get("transaction")) else {
        return page::user_code(&call.org);
    };
    let user_code = user_code.trim().to_uppercase();
    let Some(device) = lock(&call.shared.store).device_by_user_code(&user_code, call.now).cloned() else {
        return page::error(WRONG_CODE.0, WRONG_CODE.1);
    };
    if parameters.contains("cancel") {
        return decide(call, &device, None);
    }
    match (parameters.get("decision"), call.session()) {
        (Some("allow"), Some(session)) => decide(call, &device, Some(&session)),
        (Some(_), _) => decide(call, &device, None),
        (None, Some(session)) => confirm(call, &device, &session),
        (None, None) => {
            let chosen = parameters.get("person").or(call.org.auto_sign_in.as_deref());
            match chosen.and_then(|id| call.org.person(id)) {
                Some(person) => sign_in(call, &device, person),
                None => page::sign_in(&call.org, None, "/activate", &user_code, ""),
            }
        }
    }
}

fn sign_in(call: &Call<'_>, device: &Device, person: &Person) -> Answer {
    if let Some(text) = person.status.refusal() {
        return page::error("access_denied", text);
    }
    let session = BrowserSession { person: person.id.clone(), auth_time: call.now, has_two_factors: false };
    let answer = confirm(call, device, &session);
    keep_session(call, session, answer)
}

fn confirm(call: &Call<'_>, device: &Device, session: &BrowserSession) -> Answer {
    let name = call.org.person(&session.person).map_or("", |person| &person.name);
    page::confirm_device(&call.org, &device.user_code, name)
}

/// Allows the sign-in for the person of the session, as far as assignment and policy do; or denies it.
fn decide(call: &Call<'_>, device: &Device, session: Option<&BrowserSession>) -> Answer {
    let refuse = |status, error, text: &str| {
        lock(&call.shared.store).refuse_device(&device.user_code, status, error, text.to_owned());
        page::device_done(&call.org, false)
    };
    let Some(session) = session else { return refuse(403, "access_denied", DENIED) };
    let (app, person) = (call.org.client(&device.client_id), call.org.person(&session.person));
    let Some((_, person)) = app.zip(person).filter(|(app, person)| app.is_assigned_to(person)) else {
        return refuse(400, "access_denied", NOT_ASSIGNED);
    };
    let at_server = call.at(&device.server);
    if let Err((status, error, text)) =
        policy::check(&at_server, &device.client_id, person, GrantType::Device, &device.scopes)
    {
        return refuse(status, error, &text);
    }
    let mut grant = Grant::new(session, GrantType::Device, &device.client_id, &device.server, call.now);
    (grant.scopes, grant.origin) = (device.scopes.clone(), device.origin.clone());
    lock(&call.shared.store).allow_device(&device.user_code, grant);
    page::device_done(&call.org, true)
}

fn user_code() -> String {
    let letter = |_| char::from(LETTERS[OsRng.next_u32() as usize % LETTERS.len()]);
    (0..8).map(letter).collect()
}
