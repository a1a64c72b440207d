//! The shapes that a token is copied in. Each goes into a shell, a header or a file as it is, so that no character gets
//! through that could end a string or run there.

#![expect(clippy::result_large_err, reason = "a problem is moved once, into the answer")]

use gatepass_agent::{GrantedToken, Profile};
use gatepass_oidc::{Scopes, Timestamp, okta};
use gatepass_wire::{CopiedThing, CopyFormat, Problem};
use serde_json::{Map, Value, json};

use crate::problem;

/// In a command, in place of an address that is not plain enough to stand there.
const PLACEHOLDER: &str = "https://api.example.com/";

/// The text for the clipboard. `scopes` are those of the session, where they are known.
///
/// # Errors
/// Where the token is no `b64token`, and where there is no ID token.
pub(super) fn in_format(
    what: CopyFormat,
    granted: &GrantedToken,
    profile: &Profile,
    scopes: Option<&Scopes>,
    now: Timestamp,
) -> Result<String, Problem> {
    let token = match what {
        CopyFormat::IdToken => granted.id_token.as_ref().ok_or_else(problem::no_id_token)?.expose(),
        _ => granted.access_token.expose(),
    };
    if !is_b64token(token) {
        return Err(problem::token_not_copyable());
    }
    Ok(match what {
        CopyFormat::Token | CopyFormat::IdToken => token.to_owned(),
        CopyFormat::AuthorizationHeader => format!("Authorization: Bearer {token}"),
        // Quotes of the kind that every shell knows, Windows' too.
        CopyFormat::Curl => format!(r#"curl -H "Authorization: Bearer {token}" "{}""#, address(profile)),
        // Quoted: a token may begin with a tilde.
        CopyFormat::Export => format!(r#"export ACCESS_TOKEN="{token}""#),
        CopyFormat::Json => as_json(token, granted, scopes, now),
    })
}

/// What the receipt and the log call it.
pub(super) fn copied(what: CopyFormat) -> CopiedThing {
    match what {
        CopyFormat::Token => CopiedThing::AccessToken,
        CopyFormat::AuthorizationHeader => CopiedThing::AuthorizationHeader,
        CopyFormat::Curl => CopiedThing::Curl,
        CopyFormat::Export => CopiedThing::Export,
        CopyFormat::Json => CopiedThing::Json,
        CopyFormat::IdToken => CopiedThing::IdToken,
    }
}

/// Whether a token is in it.
pub(super) fn is_in(what: CopiedThing) -> bool {
    match what {
        CopiedThing::AccessToken
        | CopiedThing::AuthorizationHeader
        | CopiedThing::Curl
        | CopiedThing::Export
        | CopiedThing::Json
        | CopiedThing::IdToken => true,
        CopiedThing::Groups
        | CopiedThing::Group
        | CopiedThing::SignInLink
        | CopiedThing::RedirectUri
        | CopiedThing::ProfileLink
        | CopiedThing::ProfileText
        | CopiedThing::Diagnostics
        | CopiedThing::Place
        | CopiedThing::AdminNote => false,
    }
}

/// The issuer's UserInfo endpoint, which takes any access token with the scope `openid`.
fn address(profile: &Profile) -> String {
    let url = okta::userinfo_endpoint(&profile.issuer).to_string();
    // No `%`: the shell of Windows would put a variable in its place, in quotes too.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]".contains(&byte);
    if url.bytes().all(is_plain) { url } else { PLACEHOLDER.into() }
}

/// By the names of RFC 6749 section 5.1.
fn as_json(token: &str, granted: &GrantedToken, scopes: Option<&Scopes>, now: Timestamp) -> String {
    let mut response = Map::from_iter([("access_token".into(), json!(token)), ("token_type".into(), json!("Bearer"))]);
    if let Some(expires_at) = granted.expires_at {
        response.insert("expires_in".into(), json!(expires_at.since(now).as_secs()));
    }
    let scopes: Vec<_> = scopes.into_iter().flat_map(Scopes::iter).map(|scope| scope.as_str()).collect();
    if !scopes.is_empty() {
        response.insert("scope".into(), json!(scopes.join(" ")));
    }
    Value::Object(response).to_string()
}

/// Whether `token` is a `b64token` (RFC 6750 section 2.1), which is what may stand in an `Authorization` header. Nothing
/// else is copied: a quote or a newline would end a string, or run a command, where it is pasted.
fn is_b64token(token: &str) -> bool {
    let body = token.trim_end_matches('=');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && body.bytes().all(allowed)
}

#[cfg(test)]
mod tests;
