//! What can go wrong with an authorization server, by what the caller can do about it.

use std::time::Duration;

/// A failure of network or protocol. No response body and no secret is ever in it; text from the server is bounded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No answer, or one that broke off: no route, name not resolved, connection refused or reset, TLS, time limit. Try
    /// again later.
    #[error("the authorization server could not be reached: {reason}")]
    Unreachable {
        /// What the system said, without any URL query.
        reason: String,
        /// Whether the request may have reached the server: the outcome of what it asked for is then unknown.
        may_have_arrived: bool,
    },
    /// Something on the way stood in the server's place, and what was asked for was not done. Try again later.
    #[error("something stands between here and the authorization server ({by:?}): {reason}")]
    Obstructed {
        /// What it was.
        by: Obstacle,
        /// What the system said.
        reason: String,
    },
    /// The server is there and cannot answer now: 429 or 5xx, `temporarily_unavailable`. Try again, not before
    /// `retry_after` where it is given (RFC 9110 section 10.2.3, or Okta's `X-Rate-Limit-Reset` less its `Date`).
    #[error("the authorization server is busy")]
    Busy {
        /// How long to wait at least.
        retry_after: Option<Duration>,
        /// The HTTP status.
        status: u16,
    },
    /// The server understood and said no (RFC 6749 sections 4.1.2.1 and 5.2).
    #[error("the authorization server refused: {code}")]
    Refused {
        /// The `error` code, or Okta's `errorCode`; at most 100 characters.
        code: String,
        /// The `error_description` or `errorSummary`, at most 200 characters. For display only, never to decide by.
        description: Option<String>,
        /// The HTTP status; 0 where it came by redirect.
        status: u16,
        /// What Okta calls the request (`X-Okta-Request-Id`), for an admin to find it by: at most 64 letters, digits, `-`
        /// and `_`. `None` where it came by redirect.
        request_id: Option<String>,
    },
    /// The answer is not what the standard asks for: HTML where JSON belongs, a missing member, a body too large.
    #[error("the authorization server's answer does not conform: {what}")]
    Nonconforming {
        /// What is wrong, in our words.
        what: String,
    },
    /// A verification failed: the answer must not be believed.
    #[error("the answer cannot be trusted: {0:?}")]
    Untrusted(Check),
}

impl Error {
    /// Whether the server may have done what it was asked for all the same, so that asking again can be asking twice.
    /// Under rotation that is what a refresh token must not be used for (RFC 9700 section 4.14.2).
    ///
    /// A gateway speaks for a server that may have been at work (502, 504 and the private 520 to 527); with 429, 500
    /// and 503 the server itself says that it did nothing, and with a refusal why. A page where JSON belongs comes from
    /// somebody in between. Only the failure of the request itself tells this: of one that came before or after it,
    /// such as a fetch of keys, the answer means nothing.
    pub fn leaves_outcome_unknown(&self) -> bool {
        match self {
            Self::Unreachable { may_have_arrived, .. } => *may_have_arrived,
            Self::Busy { status, .. } => matches!(status, 502 | 504 | 520..=527),
            Self::Obstructed { .. } | Self::Refused { .. } | Self::Nonconforming { .. } | Self::Untrusted(_) => false,
        }
    }

    /// Whether the server says that it cannot answer without showing the person a page (OIDC Core section 3.1.2.6): what a
    /// silent try ([`Prompt::None`](crate::Prompt::None)) comes to where there is no session, or where something must be
    /// agreed to. The same request without that prompt helps.
    pub fn wants_interaction(&self) -> bool {
        const CODES: [&str; 4] =
            ["login_required", "interaction_required", "consent_required", "account_selection_required"];
        matches!(self, Self::Refused { code, .. } if CODES.contains(&code.as_str()))
    }

    pub(crate) fn nonconforming(what: impl Into<String>) -> Self {
        Self::Nonconforming { what: what.into() }
    }

    /// What an `error` code of the server's means to us, by redirect (status 0) or by HTTP.
    pub(crate) fn from_code(code: &str, description: Option<&str>, status: u16) -> Self {
        if code == "temporarily_unavailable" {
            return Self::Busy { retry_after: None, status };
        }
        let description = description.map(|text| quoted(text, 200));
        Self::Refused { code: quoted(code, 100), description, status, request_id: None }
    }
}

/// Text of the server's as it may be shown: at most `limit` characters, without control characters and without those
/// that turn the direction of the text around them.
pub(crate) fn quoted(text: &str, limit: usize) -> String {
    let harmless = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(harmless).take(limit).collect()
}

/// What stands between here and an authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// A proxy that cannot be reached, or that does not let the request through.
    Proxy,
    /// A proxy that wants somebody to sign in at it first (status 407).
    ProxySignIn,
    /// The certificate is not of an authority that this system trusts, or not of this host, or not of this time: TLS is
    /// intercepted, or the system is out of date.
    Certificate,
    /// A web page where JSON belongs: the sign-in page of a network, or the page of a filter.
    WebPage,
}

/// The verification that rejected a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// `state` of the redirect (RFC 6749 section 10.12).
    State,
    /// `iss` of metadata, redirect (RFC 9207) or ID token.
    Issuer,
    /// `aud` of the ID token.
    Audience,
    /// `azp` of the ID token.
    AuthorizedParty,
    /// The signature of the ID token, or no key for it.
    Signature,
    /// An algorithm that is not allowed.
    Algorithm,
    /// `acr` of the ID token is none of those that were asked for.
    AuthenticationContext,
    /// `auth_time` of the ID token: the person authenticated too long ago, or it is not said when.
    AuthenticationTime,
    /// `nonce` of the ID token.
    Nonce,
    /// `exp` of the ID token.
    Expiry,
    /// `iat` of the ID token, or its `nbf` (RFC 7519 section 4.1.5).
    IssuedAt,
    /// `at_hash` of the ID token.
    AccessTokenHash,
    /// The ID token has no `sub`, or a refreshed one has another (OIDC Core sections 2 and 12.2).
    Subject,
    /// An endpoint that is not https on the issuer's host or one that the profile names.
    Endpoint,
    /// `token_type` is not the one asked for (RFC 6749 section 7.1, RFC 9449 section 5), or `issued_token_type` is not
    /// (RFC 8693 section 2.2.1).
    TokenType,
    /// `cnf.jkt` of an access token that was to be bound to our key (RFC 9449 section 6.1).
    KeyBinding,
}

#[cfg(test)]
mod tests;
