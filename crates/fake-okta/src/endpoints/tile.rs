//! A tile on Okta's dashboard: a sign-in that Okta begins (OpenID Connect Core 4, and *Okta Simplified*).

use url::form_urlencoded;

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::endpoints::sign_in::NOT_ASSIGNED;
use crate::mint;
use crate::org::{App, Assignment, GrantType, TileFlow};
use crate::page;
use crate::store::{BrowserSession, Grant};

/// Opens an application from the dashboard, for whoever is signed in there or is to be without asking.
pub(super) fn open(call: &Call<'_>, client_id: &str) -> Answer {
    let Some(app) = call.org.client(client_id).filter(|app| app.is_active) else {
        return page::error("invalid_client", "Invalid value for 'client_id' parameter.");
    };
    let flow = app.tile.filter(|_| app.assignment != Assignment::FederationBroker);
    let Some(flow) = flow else {
        return page::error("idp_initated_flow_disabled", "IdP-initiated login is disabled for this client.");
    };
    let Some(uri) = &app.initiate_login_uri else {
        return page::error("missing_initiate_login_uri", "initiate_login_uri is missing.");
    };
    match flow {
        TileFlow::Redirect => {
            // The org's address, also where the application uses a custom server.
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("iss", &call.origin()).finish();
            answer::redirect(&format!("{uri}{}{query}", if uri.contains('?') { '&' } else { '?' }))
        }
        TileFlow::Simplified => post_id_token(call, app),
    }
}

/// An ID token that nobody asked for, without `state` and `nonce`, to the first redirect URI.
fn post_id_token(call: &Call<'_>, app: &App) -> Answer {
    let auto = || {
        let person = call.org.auto_sign_in.clone()?;
        Some(BrowserSession { person, auth_time: call.now, has_two_factors: false })
    };
    let Some(session) = call.session().or_else(auto) else {
        return page::error("login_required", "Nobody is signed in to the dashboard.");
    };
    let (person, uri) = (call.org.person(&session.person), app.redirect_uris.first());
    let Some((person, uri)) = person.zip(uri).filter(|(person, _)| app.is_assigned_to(person)) else {
        return page::error("access_denied", NOT_ASSIGNED);
    };
    let mut grant = Grant::new(&session, GrantType::Implicit, &app.client_id, "", call.now);
    grant.origin = call.origin();
    page::form_post(uri, &[("id_token", &mint::unasked_id_token(call, &grant, person))])
}
