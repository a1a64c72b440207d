//! Which scopes an authorization server knows, and what it says about the others.

use crate::call::Call;
use crate::org::{App, GrantType};

/// What every authorization server of Okta has.
const BUILT_IN: [&str; 7] = ["openid", "profile", "email", "address", "phone", "offline_access", "device_sso"];

/// What metadata lists. Custom scopes are not in it, as with Okta's default *Include in public metadata: no*.
pub(super) fn advertised(call: &Call<'_>) -> Vec<&'static str> {
    // The org server has `groups` of itself; a custom one only if an admin made it.
    BUILT_IN.into_iter().chain(call.server.is_none().then_some("groups")).collect()
}

/// Whether an authorization request may ask for these; otherwise `error` and `error_description`.
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
        None if others.any(|scope| scope != "groups") => {
            return refuse("Custom scopes are not allowed for this request.");
        }
        Some(server) if others.any(|scope| !server.scopes.contains(scope)) => {
            return refuse("One or more scopes are not configured for the authorization server resource.");
        }
        _ => {}
    }
    if !scopes.iter().any(|scope| scope == "openid") && scopes.iter().any(is_built_in) {
        return refuse("Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope.");
    }
    if scopes.iter().any(|scope| scope == "offline_access") && !app.grant_types.contains(&GrantType::Refresh) {
        return refuse("The following scopes are not allowed for this request: [offline_access].");
    }
    Ok(())
}
