//! What a client meets: which path belongs to which endpoint of which authorization server, and who answers there.

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::observe::Endpoint;
use crate::org::Par;

mod assertion;
mod authorize;
mod client;
mod device;
mod exchange;
mod groups;
mod metadata;
mod par;
pub(crate) mod policy;
mod resource;
mod scopes;
mod sign_in;
mod sign_out;
mod standing;
mod tile;
mod token;

/// Status, `error` and `error_description` of an answer in JSON.
pub(crate) type Refusal = (u16, &'static str, String);

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The id of a custom server, which need not exist; `None` for the org server.
    pub(crate) server: Option<String>,
    pub(crate) endpoint: Endpoint,
}

impl Route {
    /// The route of a path, if it is one of Okta's that this server knows.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let (server, endpoint) = match parts.as_slice() {
            [".well-known", "openid-configuration" | "oauth-authorization-server"] => (None, Endpoint::Metadata),
            // The shape of RFC 8414 section 3.1, and the older one that Okta's console shows.
            [".well-known", "oauth-authorization-server", "oauth2", id] => (Some(*id), Endpoint::Metadata),
            ["oauth2", id, ".well-known", "openid-configuration" | "oauth-authorization-server"] => {
                (Some(*id), Endpoint::Metadata)
            }
            [".well-known", "okta-organization"] => (None, Endpoint::Organization),
            ["login", "choose"] => (None, Endpoint::SignIn),
            ["login", "consent"] => (None, Endpoint::Consent),
            ["api", "v1", "users", _, "groups"] => (None, Endpoint::Groups),
            ["home", "oidc_client", _] => (None, Endpoint::Tile),
            ["activate"] => (None, Endpoint::Activate),
            ["oauth2", "v1", "device", "authorize"] => (None, Endpoint::DeviceAuthorize),
            ["oauth2", id, "v1", "device", "authorize"] => (Some(*id), Endpoint::DeviceAuthorize),
            ["oauth2", "v1", name] => (None, named(name)?),
            ["oauth2", id, "v1", name] => (Some(*id), named(name)?),
            _ => return None,
        };
        Some(Self { server: server.map(str::to_owned), endpoint })
    }
}

/// Answers as Okta would, or with the flaw in [`Call::fault`].
pub(crate) fn answer(call: &Call<'_>, route: Option<&Route>) -> Answer {
    let Some(Route { endpoint, .. }) = route else {
        // Browsers ask for it of themselves.
        if call.request.path != "/favicon.ico" {
            call.unexpected("there is no such path");
        }
        return answer::api_error(404, "E0000007", "Not found: Resource not found");
    };
    if !call.has_server() {
        let summary = format!("Not found: Resource not found: {} (AuthorizationServer)", call.server_id());
        return answer::api_error(404, "E0000007", &summary);
    }
    if call.server.is_some() && !call.org.has_api_access_management {
        return answer::api_error(
            401,
            "E0000015",
            "You do not have permission to access the feature you are requesting",
        );
    }
    match (*endpoint, call.request.method.as_str()) {
        (Endpoint::Metadata, "GET") => metadata::document(call),
        (Endpoint::Organization, "GET") => metadata::organization(call),
        (Endpoint::Keys, "GET") => metadata::keys(call),
        (Endpoint::Authorize, "GET" | "POST") => authorize::authorize(call),
        (Endpoint::SignIn, "POST") => sign_in::choose(call),
        (Endpoint::Consent, "POST") => sign_in::decide(call),
        (Endpoint::Par, "POST") if call.org.par != Par::Absent => par::push(call),
        (Endpoint::DeviceAuthorize, "POST") if call.org.has_device_authorization => device::authorize(call),
        (Endpoint::Activate, "GET" | "POST") => device::activate(call),
        (Endpoint::Token, "POST") => token::token(call),
        (Endpoint::Userinfo, "GET" | "POST") => standing::userinfo(call),
        (Endpoint::Introspect, "POST") => standing::introspect(call),
        (Endpoint::Revoke, "POST") => standing::revoke(call),
        (Endpoint::Logout, "GET" | "POST") => sign_out::sign_out(call),
        (Endpoint::Groups, "GET") => groups::of_user(call, call.request.part(4)),
        (Endpoint::Tile, "GET") => tile::open(call, call.request.part(3)),
        _ => {
            call.unexpected("this endpoint does not take that method");
            answer::api_error(405, "E0000022", "The endpoint does not support the provided HTTP method")
        }
    }
}

fn named(name: &str) -> Option<Endpoint> {
    Some(match name {
        "keys" => Endpoint::Keys,
        "authorize" => Endpoint::Authorize,
        "token" => Endpoint::Token,
        "par" => Endpoint::Par,
        "userinfo" => Endpoint::Userinfo,
        "introspect" => Endpoint::Introspect,
        "revoke" => Endpoint::Revoke,
        "logout" => Endpoint::Logout,
        _ => return None,
    })
}
