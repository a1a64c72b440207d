//! What differs between the grants, as far as an answer is measured against it.

use crate::id_token::Demands;
use crate::token_exchange::ACCESS_TOKEN;
use crate::{Check, Continuation, DeviceSecret, Error, IdToken, RefreshToken, Scopes, Subject};

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
        demands: Demands<'a>,
        scopes: &'a Scopes,
    },
    Refresh(Continuation<'a>),
    /// The device secret of another session.
    NativeSso {
        subject: &'a Subject,
        device_secret: DeviceSecret,
        scopes: &'a Scopes,
    },
    /// The access token of this session.
    AccessTokenExchange {
        subject: &'a Subject,
        scopes: &'a Scopes,
    },
}

/// What an answer must be, and what stays where it does not say.
pub(super) struct Measure<'a> {
    pub nonce: Option<&'a str>,
    pub demands: Option<Demands<'a>>,
    pub subject: Option<&'a Subject>,
    /// OIDC Core section 3.1.3.3 demands an ID token at sign-in, section 12.2 allows none at a refresh.
    pub needs_id_token: bool,
    /// Whether the answer must say that it brought an access token (RFC 8693 section 2.2.1).
    pub is_token_exchange: bool,
    pub scopes: &'a Scopes,
    pub refresh_token: Option<RefreshToken>,
    pub device_secret: Option<DeviceSecret>,
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
            is_token_exchange: false,
            scopes,
            refresh_token: None,
            device_secret: None,
            id_token: None,
        }
    }
}

impl Measure<'_> {
    pub fn check_issued_token_type(&self, issued: Option<&str>) -> Result<(), Error> {
        match issued {
            _ if !self.is_token_exchange => Ok(()),
            Some(ACCESS_TOKEN) => Ok(()),
            Some(_) => Err(Error::Untrusted(Check::TokenType)),
            None => Err(Error::nonconforming("the answer does not say what kind of token it brought")),
        }
    }
}

impl<'a> From<Occasion<'a>> for Measure<'a> {
    fn from(occasion: Occasion<'a>) -> Self {
        match occasion {
            Occasion::SignIn { nonce, demands, scopes } => {
                Self { nonce: Some(nonce), demands: Some(demands), ..Self::new(scopes) }
            }
            Occasion::Device { demands, scopes } => Self { demands: Some(demands), ..Self::new(scopes) },
            Occasion::Refresh(before) => Self {
                subject: Some(before.subject),
                needs_id_token: false,
                refresh_token: Some(before.refresh_token),
                device_secret: before.device_secret,
                id_token: before.previous,
                ..Self::new(before.scopes)
            },
            Occasion::NativeSso { subject, device_secret, scopes } => Self {
                subject: Some(subject),
                is_token_exchange: true,
                device_secret: Some(device_secret),
                ..Self::new(scopes)
            },
            Occasion::AccessTokenExchange { subject, scopes } => {
                Self { subject: Some(subject), needs_id_token: false, is_token_exchange: true, ..Self::new(scopes) }
            }
        }
    }
}
