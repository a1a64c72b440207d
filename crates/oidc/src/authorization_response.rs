//! What the browser brought back from the authorization server. Reads, and judges nothing but the form.

use std::collections::HashSet;

use crate::{AuthorizationCode, Error};

/// What the browser brought back (RFC 6749 section 4.1.2). Nothing in it is believed yet.
pub struct AuthorizationResponse {
    /// Ties the response to a request. Compared by [`crate::PendingAuthorization`] alone.
    pub(crate) state: String,
    /// Who says that it answers (RFC 9207 section 2).
    pub(crate) iss: Option<String>,
    pub(crate) outcome: Outcome,
}

/// Success or failure (RFC 6749 sections 4.1.2 and 4.1.2.1).
pub(crate) enum Outcome {
    Code(AuthorizationCode),
    Error { code: String, description: Option<String> },
}

/// Why parameters are not an authorization response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedResponse {
    /// A parameter stands twice (RFC 6749 section 3.1).
    #[error("a parameter stands twice")]
    Duplicate,
    /// Neither `code` nor `error`.
    #[error("neither a code nor an error")]
    Empty,
    /// Both `code` and `error`.
    #[error("both a code and an error")]
    Contradictory,
    /// No `state`: not an answer to anything we asked.
    #[error("no state")]
    NoState,
    /// An `id_token` or `access_token` was handed over directly, which we never ask for (Okta's "Okta Simplified").
    #[error("tokens that nobody asked for")]
    UnrequestedTokens,
    /// An `otp` of an e-mail link, which belongs to the page where the sign-in began.
    #[error("a one-time code of an e-mail")]
    OneTimeCode,
}

impl AuthorizationResponse {
    /// Reads `application/x-www-form-urlencoded` parameters: the query of a redirect, or the body of a form post.
    pub fn parse(parameters: &[u8]) -> Result<Self, MalformedResponse> {
        let mut seen = HashSet::new();
        let (mut code, mut error, mut description) = (None, None, None);
        let (mut state, mut iss, mut tokens, mut otp) = (None, None, false, false);
        for (name, value) in url::form_urlencoded::parse(parameters) {
            match name.as_ref() {
                "code" => code = present(&value),
                "error" => error = present(&value),
                "error_description" => description = present(&value),
                "state" => state = present(&value),
                "iss" => iss = present(&value),
                "id_token" | "access_token" => tokens = true,
                "otp" => otp = true,
                _ => {}
            }
            if !seen.insert(name) {
                return Err(MalformedResponse::Duplicate);
            }
        }
        if tokens {
            return Err(MalformedResponse::UnrequestedTokens);
        }
        let outcome = match (code, error) {
            (Some(code), None) => Outcome::Code(AuthorizationCode::new(code)),
            (None, Some(code)) => Outcome::Error { code, description },
            (None, None) if otp => return Err(MalformedResponse::OneTimeCode),
            (None, None) => return Err(MalformedResponse::Empty),
            (Some(_), Some(_)) => return Err(MalformedResponse::Contradictory),
        };
        let state = state.ok_or(MalformedResponse::NoState)?;
        Ok(Self { state, iss, outcome })
    }

    /// Whether it says that the server cannot answer without showing the person a page; see
    /// [`Error::wants_interaction`](crate::Error::wants_interaction).
    pub fn wants_interaction(&self) -> bool {
        match &self.outcome {
            Outcome::Error { code, .. } => Error::from_code(code, None, 0).wants_interaction(),
            Outcome::Code(_) => false,
        }
    }

    /// The `state`, for tests of those who carry responses without a [`crate::PendingAuthorization`] to judge them.
    #[doc(hidden)]
    pub fn state_for_tests(&self) -> &str {
        &self.state
    }
}

/// A parameter without a value counts as left out (RFC 6749 section 3.1).
fn present(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

impl std::fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthorizationResponse([redacted])")
    }
}

#[cfg(test)]
mod tests;
