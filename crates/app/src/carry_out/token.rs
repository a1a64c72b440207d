//! The shapes that a token is copied in. Each goes into a shell, a header or a file as it is, so that no character gets
//! through that could end a string or run there.

#![expect(clippy::result_large_err, reason = "a problem is moved once, into the answer")]

use gatepass_agent::{GrantedToken, Profile};
use gatepass_oidc::{DpopProof, Scopes, Timestamp, TokenType, okta};
use gatepass_wire::{CopiedThing, CopyFormat, Problem};
use serde_json::{Map, Value, json};
use url::Url;

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
        CopyFormat::AuthorizationHeader => format!("Authorization: {} {token}", scheme(granted)),
        // Quotes of the kind that every shell knows, Windows' too.
        CopyFormat::Curl => format!(r#"curl -H "Authorization: {} {token}" "{}""#, scheme(granted), address(profile)),
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
        | CopiedThing::ExchangedToken
        | CopiedThing::AuthorizationHeader
        | CopiedThing::Curl
        | CopiedThing::Export
        | CopiedThing::Json
        | CopiedThing::IdToken => true,
        CopiedThing::Groups
        | CopiedThing::Group
        | CopiedThing::GroupId
        | CopiedThing::SignInLink
        | CopiedThing::RedirectUri
        | CopiedThing::ProfileLink
        | CopiedThing::ProfileText
        | CopiedThing::Diagnostics
        | CopiedThing::PublicKey
        | CopiedThing::Code
        | CopiedThing::Place
        | CopiedThing::AdminNote => false,
    }
}

/// A call of a resource server, safe to stand in a command.
pub(super) struct Call {
    method: &'static str,
    url: Url,
}

/// The methods of RFC 9110 that a person would try with a token.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

impl Call {
    /// Reads a call as somebody typed it.
    ///
    /// # Errors
    /// Where it is none, or has a character that a shell could take for its own.
    pub(super) fn read(method: &str, url: &str) -> Result<Self, Problem> {
        let method = METHODS.into_iter().find(|known| known.eq_ignore_ascii_case(method.trim()));
        let is_safe = |url: &Url| {
            let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
            let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
            // `%` would be a variable to the shell of Windows.
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]?=&+,".contains(&byte);
            scheme && url.as_str().bytes().all(is_plain) && url.username().is_empty() && url.password().is_none()
        };
        let url = Url::parse(url.trim()).ok().filter(is_safe);
        match (method, url) {
            (Some(method), Some(url)) => Ok(Self { method, url }),
            _ => Err(problem::not_a_call()),
        }
    }

    pub(super) fn method(&self) -> &str {
        self.method
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The command.
    ///
    /// # Errors
    /// As [`in_format`].
    pub(super) fn as_curl(&self, granted: &GrantedToken, proof: Option<&DpopProof>) -> Result<String, Problem> {
        let token = granted.access_token.expose();
        if !is_b64token(token) {
            return Err(problem::token_not_copyable());
        }
        // With -X, curl would wait for the body that no answer to HEAD has.
        let method = match self.method {
            "GET" => String::new(),
            "HEAD" => "-I ".to_owned(),
            method => format!("-X {method} "),
        };
        // Brackets are a pattern to curl, which would ask more than once.
        let method = if self.url.as_str().contains(['[', ']']) { format!("-g {method}") } else { method };
        let proof = proof.map(|proof| format!(r#"-H "DPoP: {}" "#, proof.expose())).unwrap_or_default();
        let scheme = scheme(granted);
        Ok(format!(r#"curl {method}-H "Authorization: {scheme} {token}" {proof}"{}""#, self.url))
    }
}

/// The authentication scheme of the token (RFC 6750 section 2.1, RFC 9449 section 7.1).
fn scheme(granted: &GrantedToken) -> &'static str {
    match granted.token_type {
        TokenType::Bearer => "Bearer",
        TokenType::Dpop { .. } => "DPoP",
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
    let mut response =
        Map::from_iter([("access_token".into(), json!(token)), ("token_type".into(), json!(scheme(granted)))]);
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
