//! What to call somebody, from the claims of their ID token.

use gatepass_oidc::IdTokenClaims;

use crate::Person;

impl Person {
    /// Names somebody by what their ID token says (OIDC Core section 5.1). A claim that is blank counts as absent. The
    /// text is as the server sent it: whoever shows it makes it safe to show.
    pub(crate) fn of(claims: &IdTokenClaims) -> Self {
        let present = |claim: &Option<String>| claim.clone().filter(|text| !text.trim().is_empty());
        let username = present(&claims.preferred_username);
        let email = present(&claims.email);
        let name = present(&claims.name)
            .or_else(|| username.clone())
            .or_else(|| email.clone())
            .unwrap_or_else(|| claims.subject.0.clone());
        let email = email.or(username).filter(|second| *second != name);
        Self { name, email }
    }
}

#[cfg(test)]
mod tests;
