//! What needs no sign-in: discovery documents, the published keys, and the facts about the org.

use serde_json::json;

use crate::answer::{self, Answer, with_header};
use crate::assurance;
use crate::call::Call;
use crate::endpoints::scopes;
use crate::fault::Fault;
use crate::jwt::ALGORITHMS;
use crate::lock;
use crate::org::{GrantType, Par};

const GRANT_TYPES: [GrantType; 4] = [GrantType::Code, GrantType::Refresh, GrantType::Device, GrantType::TokenExchange];
const AUTHENTICATION_METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

/// The metadata of the authorization server, for OpenID Connect discovery and RFC 8414 alike.
pub(super) fn document(call: &Call<'_>) -> Answer {
    let client_id = call.parameters().get("client_id");
    let app = client_id.and_then(|client_id| call.org.client(client_id));
    if client_id.is_some() && app.is_none() {
        return answer::api_error(400, "invalid_client", "Invalid value for 'client_id' parameter.");
    }
    let own_issuer = call.issuer(&call.origin(), app);
    let issuer = match &call.fault {
        Some(Fault::WrongIssuer(issuer)) => issuer.clone(),
        _ => call.org.metadata_issuer.clone().unwrap_or_else(|| own_issuer.clone()),
    };
    // The org server's issuer has no path, and its endpoints do.
    let base = match &call.server {
        None => format!("{own_issuer}/oauth2"),
        Some(_) => own_issuer,
    };
    let (par, device) = (format!("{base}/v1/par"), format!("{base}/v1/device/authorize"));
    let has = |grant: &GrantType| *grant != GrantType::Device || call.org.has_device_authorization;
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/v1/authorize"),
        "token_endpoint": format!("{base}/v1/token"),
        "userinfo_endpoint": format!("{base}/v1/userinfo"),
        "jwks_uri": format!("{base}/v1/keys"),
        "introspection_endpoint": format!("{base}/v1/introspect"),
        "revocation_endpoint": format!("{base}/v1/revoke"),
        "end_session_endpoint": format!("{base}/v1/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": GRANT_TYPES.into_iter().filter(has).map(GrantType::as_str).collect::<Vec<_>>(),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": scopes::advertised(call),
        "token_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "introspection_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
        "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "revocation_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "acr_values_supported": assurance::KNOWN,
        "claims_supported": [
            "iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "idp", "nonce", "name",
            "preferred_username", "email", "email_verified", "at_hash",
        ],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ALGORITHMS,
        "request_parameter_supported": false,
    });
    if call.org.has_device_authorization {
        document["device_authorization_endpoint"] = device.into();
    }
    if call.org.par != Par::Absent {
        document["pushed_authorization_request_endpoint"] = par.into();
        document["require_pushed_authorization_requests"] = (call.org.par == Par::Required).into();
    }
    if call.org.answers_with_issuer {
        document["authorization_response_iss_parameter_supported"] = true.into();
    }
    with_header(answer::json(200, &document), "cache-control", "max-age=86400, must-revalidate")
}

/// The published keys.
pub(super) fn keys(call: &Call<'_>) -> Answer {
    let published = lock(&call.shared.keys).published();
    with_header(answer::json(200, &published), "cache-control", "max-age=4838400, must-revalidate")
}

/// What tells an Okta org from any other host.
pub(super) fn organization(call: &Call<'_>) -> Answer {
    let alternate = call.shared.custom_origin(&call.org).map(|origin| json!({ "href": origin }));
    let mut facts = json!({
        "id": "00o1acme0gatepass",
        "pipeline": "idx",
        "_links": { "organization": { "href": call.shared.origin } },
        "settings": { "analyticsCollectionEnabled": false },
    });
    if let Some(alternate) = alternate {
        facts["_links"]["alternate"] = alternate;
    }
    answer::json(200, &facts)
}
