//! `logout`: RP-initiated sign-out, in the browser that holds the session.

use crate::answer::{self, Answer, with_header};
use crate::call::Call;
use crate::lock;
use crate::observe::TokenKind;
use crate::page;

/// Ends the browser's Okta session, if it is that of the person in `id_token_hint`. Tokens stay as they are.
pub(super) fn sign_out(call: &Call<'_>) -> Answer {
    let parameters = call.parameters();
    let show = |error: &str, text: &str| {
        call.unexpected(text);
        page::error(error, text)
    };
    let hint = parameters.get("id_token_hint").unwrap_or_default();
    let issued = call.shared.journal.issued();
    // An expired ID token is good enough.
    let Some(hint) = issued.iter().find(|token| token.kind == TokenKind::Id && token.value == hint) else {
        return show("invalid_request", "The 'id_token_hint' parameter is missing or invalid.");
    };
    let landing = parameters.get("post_logout_redirect_uri");
    let is_registered = |uri: &str| {
        let app = call.org.client(&hint.client_id);
        app.is_some_and(|app| app.post_logout_redirect_uris.iter().any(|registered| registered == uri))
    };
    if landing.is_some_and(|uri| !is_registered(uri)) {
        return show(
            "invalid_request",
            "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings.",
        );
    }

    let mut store = lock(&call.shared.store);
    if let Some(device_secret) = parameters.get("device_secret") {
        store.revoke(device_secret, &hint.client_id);
    }
    if let Some(cookie) = call.session_cookie()
        && let Some(session) = store.session(cookie)
    {
        if session.person != hint.person {
            return page::error(
                "id_token_does_not_match_session",
                "The ID token subject does not match the current session's user.",
            );
        }
        store.end_session(cookie);
    }
    let answer = match (landing, parameters.get("state")) {
        (None, _) => page::signed_out(&call.org),
        (Some(uri), None) => answer::redirect(uri),
        (Some(uri), Some(state)) => {
            let state = url::form_urlencoded::byte_serialize(state.as_bytes()).collect::<String>();
            answer::redirect(&format!("{uri}{}state={state}", if uri.contains('?') { '&' } else { '?' }))
        }
    };
    with_header(answer, "set-cookie", "sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}
