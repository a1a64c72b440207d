//! Which scopes an authorization server knows, and what it says about the others.

use crate::call::Call;
use crate::org::{App, GrantType, ScopeConsent};
use crate::parameters::Parameters;

/// What every authorization server of Okta has.
const BUILT_IN: [&str; 7] = ["openid", "profile", "email", "address", "phone", "offline_access", "device_sso"];

/// What metadata lists: custom scopes only where *Include in public metadata* is on.
pub(super) fn advertised(call: &Call<'_>) -> Vec<String> {
    let built_in = BUILT_IN.into_iter().map(str::to_owned);
    match call.custom_server() {
        // The org server has `groups` of itself; a custom one only if an admin made it.
        None => built_in.chain(["groups".to_owned()]).collect(),
        Some(server) => {
            let published = server.scopes.iter().filter(|scope| scope.is_published);
            built_in.chain(published.map(|scope| scope.name.clone())).collect()
        }
    }
}

/// The scopes that these parameters ask for; without any the default ones of a custom server.
pub(super) fn requested(call: &Call<'_>, parameters: &Parameters) -> Vec<String> {
    let scopes = parameters.scopes();
    match call.custom_server() {
        Some(server) if scopes.is_empty() => {
            server.scopes.iter().filter(|scope| scope.is_default).map(|scope| scope.name.clone()).collect()
        }
        _ => scopes,
    }
}

/// Those that a person must be asked about where there is consent: custom servers' alone.
pub(super) fn needing_consent(call: &Call<'_>, scopes: &[String]) -> Vec<String> {
    let configured = call.custom_server().map(|server| server.scopes.as_slice()).unwrap_or_default();
    let needs =
        |name: &String| configured.iter().any(|scope| scope.name == *name && scope.consent != ScopeConsent::Implicit);
    scopes.iter().filter(|scope| needs(scope)).cloned().collect()
}

/// Those that a person may leave out.
pub(super) fn optional(call: &Call<'_>) -> Vec<String> {
    let configured = call.custom_server().map(|server| server.scopes.as_slice()).unwrap_or_default();
    let optional = configured.iter().filter(|scope| scope.consent == ScopeConsent::Optional);
    optional.map(|scope| scope.name.clone()).collect()
}

/// Whether a request may ask for these; otherwise `error` and `error_description`.
pub(super) fn check(call: &Call<'_>, app: &App, scopes: &[String]) -> Result<(), (&'static str, String)> {
    let refuse = |text: &str| Err(("invalid_scope", text.to_owned()));
    let is_built_in = |scope: &String| BUILT_IN.contains(&scope.as_str());
    if scopes.is_empty() {
        return match call.custom_server() {
            None => refuse("No scopes were requested."),
            Some(_) => refuse(
                "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
            ),
        };
    }
    let mut others = scopes.iter().filter(|scope| !is_built_in(scope));
    match call.custom_server() {
        None => {
            let (of_okta, custom): (Vec<_>, Vec<_>) =
                others.filter(|scope| *scope != "groups").partition(|scope| scope.starts_with("okta."));
            if !custom.is_empty() {
                return refuse("Custom scopes are not allowed for this request.");
            }
            if of_okta.iter().any(|scope| !app.okta_api_scopes.contains(scope)) {
                return Err(("consent_required", "You are not allowed any of the requested scopes.".to_owned()));
            }
        }
        Some(server) if others.any(|scope| !server.scopes.iter().any(|it| it.name == *scope)) => {
            return refuse("One or more scopes are not configured for the authorization server resource.");
        }
        Some(_) => {}
    }
    if !scopes.iter().any(|scope| scope == "openid") && scopes.iter().any(is_built_in) {
        return refuse("Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope.");
    }
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    if has("device_sso") && !(has("openid") && has("offline_access")) {
        return refuse("The following scopes: [device_sso] must be requested together with [openid, offline_access].");
    }
    if has("offline_access") && !app.grant_types.contains(&GrantType::Refresh) {
        return refuse("The following scopes are not allowed for this request: [offline_access].");
    }
    Ok(())
}
