//! What differs between the grants, as far as an answer is measured against it.

use crate::id_token::Demands;
use crate::{Continuation, IdToken, RefreshToken, Scopes, Subject};

/// What an answer of the token endpoint answers to.
pub(crate) enum Occasion<'a> {
    /// A code that the browser brought.
    SignIn {
        nonce: &'a str,
        demands: Demands<'a>,
        scopes: &'a Scopes,
    },
    /// A code that was entered on another device.
    Device {
        scopes: &'a Scopes,
    },
    Refresh(Continuation<'a>),
}

/// What an answer must be, and what stays where it does not say.
pub(super) struct Measure<'a> {
    pub nonce: Option<&'a str>,
    pub demands: Option<Demands<'a>>,
    pub subject: Option<&'a Subject>,
    /// OIDC Core section 3.1.3.3 demands an ID token at sign-in, section 12.2 allows none at a refresh.
    pub needs_id_token: bool,
    pub scopes: &'a Scopes,
    pub refresh_token: Option<RefreshToken>,
    pub id_token: Option<IdToken>,
}

impl<'a> Measure<'a> {
    /// Nobody is known yet and nothing is carried over.
    fn new(scopes: &'a Scopes) -> Self {
        Self {
            nonce: None,
            demands: None,
            subject: None,
            needs_id_token: true,
            scopes,
            refresh_token: None,
            id_token: None,
        }
    }
}

impl<'a> From<Occasion<'a>> for Measure<'a> {
    fn from(occasion: Occasion<'a>) -> Self {
        match occasion {
            Occasion::SignIn { nonce, demands, scopes } => {
                Self { nonce: Some(nonce), demands: Some(demands), ..Self::new(scopes) }
            }
            Occasion::Device { scopes } => Self::new(scopes),
            Occasion::Refresh(before) => Self {
                subject: Some(before.subject),
                needs_id_token: false,
                refresh_token: Some(before.refresh_token),
                id_token: before.previous,
                ..Self::new(before.scopes)
            },
        }
    }
}
