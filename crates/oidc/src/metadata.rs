//! The metadata document of an issuer (OIDC Discovery section 3), as far as it is used here, with its endpoints judged.

use serde_json::{Map, Value};
use url::Url;

use crate::issuer::is_loopback;
use crate::{Check, EndpointHosts, Error, IssuerUrl, device};

/// Judged metadata: every endpoint in it may be used.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    pub issuer: IssuerUrl,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub jwks_uri: Url,
    pub userinfo_endpoint: Option<Url>,
    pub revocation_endpoint: Option<Url>,
    pub introspection_endpoint: Option<Url>,
    pub end_session_endpoint: Option<Url>,
    pub device_authorization_endpoint: Option<Url>,
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// A request that was not pushed is refused (RFC 9126 section 5).
    pub requires_pushed_authorization_requests: bool,
    pub pkce_s256: bool,
    /// `grant_types_supported`, where the document says.
    pub grant_types: Option<Vec<String>>,
    /// `authorization_response_iss_parameter_supported` (RFC 9207 section 3): a redirect without `iss` is then refused.
    pub promises_iss: bool,
    /// `id_token_signing_alg_values_supported`; RS256 where the document does not say (OIDC Core section 15.1).
    pub id_token_algorithms: Vec<String>,
}

impl Metadata {
    /// Where the document of `issuer` lies (OIDC Discovery section 4).
    pub fn address(issuer: &IssuerUrl) -> Result<Url, Error> {
        Url::parse(&format!("{issuer}/.well-known/openid-configuration"))
            .map_err(|_| Error::nonconforming("the issuer has no metadata address"))
    }

    /// Judges a document that was fetched for `issuer`. Members that are not used are ignored, whatever they are.
    pub fn read(document: &Map<String, Value>, issuer: &IssuerUrl, hosts: &EndpointHosts) -> Result<Self, Error> {
        // To the letter (OIDC Discovery section 4.3): another issuer's metadata must not pass for this one's.
        if document.get("issuer").and_then(Value::as_str) != Some(issuer.as_str()) {
            return Err(Error::Untrusted(Check::Issuer));
        }
        let optional = |name: &str| match document.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => endpoint(text, issuer, hosts).map(Some),
            Some(_) => Err(Error::nonconforming(format!("`{name}` in the metadata is not a string"))),
        };
        let required =
            |name: &str| optional(name)?.ok_or_else(|| Error::nonconforming(format!("the metadata has no `{name}`")));
        let is_true = |name: &str| document.get(name) == Some(&Value::Bool(true));
        let strings = |name: &str| {
            let list = document.get(name)?.as_array()?;
            Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        };
        Ok(Self {
            issuer: issuer.clone(),
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            jwks_uri: required("jwks_uri")?,
            userinfo_endpoint: optional("userinfo_endpoint")?,
            revocation_endpoint: optional("revocation_endpoint")?,
            introspection_endpoint: optional("introspection_endpoint")?,
            end_session_endpoint: optional("end_session_endpoint")?,
            device_authorization_endpoint: optional("device_authorization_endpoint")?,
            pushed_authorization_request_endpoint: optional("pushed_authorization_request_endpoint")?,
            requires_pushed_authorization_requests: is_true("require_pushed_authorization_requests"),
            pkce_s256: strings("code_challenge_methods_supported").is_some_and(|list| list.iter().any(|m| m == "S256")),
            grant_types: strings("grant_types_supported"),
            promises_iss: is_true("authorization_response_iss_parameter_supported"),
            id_token_algorithms: strings("id_token_signing_alg_values_supported")
                .unwrap_or_else(|| vec!["RS256".into()]),
        })
    }

    /// Whether somebody can sign in on another device (RFC 8628). Where no grant types are listed, the endpoint says it: what a
    /// silent list stands for (RFC 8414 section 2) has no place in it for any grant that has an endpoint of its own.
    pub fn offers_device_authorization(&self) -> bool {
        let is_listed = |listed: &Vec<String>| listed.iter().any(|grant| grant == device::GRANT_TYPE);
        self.device_authorization_endpoint.is_some() && self.grant_types.as_ref().is_none_or(is_listed)
    }
}

/// An endpoint that secrets may be sent to: https on the issuer's host or one that the profile names, without user and
/// fragment. Plain http only from loopback to loopback.
pub(crate) fn endpoint(text: &str, issuer: &IssuerUrl, hosts: &EndpointHosts) -> Result<Url, Error> {
    let untrusted = Error::Untrusted(Check::Endpoint);
    let url = Url::parse(text).map_err(|_| untrusted.clone())?;
    let scheme_fits = match url.scheme() {
        "https" => true,
        "http" => issuer.is_loopback() && is_loopback(&url),
        _ => false,
    };
    let host_fits = url.host_str().is_some_and(|host| {
        issuer.url().host_str() == Some(host) || hosts.0.iter().any(|named| named.eq_ignore_ascii_case(host))
    });
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if scheme_fits && host_fits && bare { Ok(url) } else { Err(untrusted) }
}

#[cfg(test)]
mod tests;
