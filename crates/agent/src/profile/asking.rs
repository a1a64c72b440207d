//! How a profile asks its authorization server: what an Okta app can be set up to want, by the names that the standards and
//! the profiles file have for it.

use std::time::Duration;

use gatepass_oidc::{AcrValues, Prompt, RedirectUri, ResponseMode};

use super::{NotAProfile, ProfileId, ProfileParts, shortened};
use crate::Wrong;

/// How an authorization server is asked. The default suits a public native app, as most are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    /// How it is proved that we are the client.
    pub client_authentication: AuthenticationMethod,
    /// Whether tokens are bound to a key of this profile (RFC 9449). An answer that is not is refused.
    pub dpop: bool,
    /// How the browser brings the answer back. By a form on loopback alone.
    pub response_mode: ResponseMode,
    /// Which pages the person must see; never [`Prompt::None`].
    pub prompt: Option<Prompt>,
    /// How the person must authenticate; the answer is held to it.
    pub acr_values: AcrValues,
    /// How long ago the person may have authenticated; the answer is held to it. At most `i32::MAX` seconds.
    pub max_age: Option<Duration>,
    /// Whether the request is handed to the server ahead of the browser (RFC 9126), also where that is not demanded.
    pub push: bool,
    /// Whether a click first tries without a page (`prompt=none`), in case the Okta session still lives.
    pub silent_first: bool,
    /// The profile out of whose session a click first tries to sign in, without a browser (OpenID Connect Native SSO for
    /// Mobile Apps). Not this one; there need not be one of that id.
    pub sign_in_with: Option<ProfileId>,
}

/// How a client proves that it is the client (OIDC Core section 9), without what it proves it with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthenticationMethod {
    /// Not at all: a public client.
    #[default]
    None,
    /// By a secret in the `Authorization` header.
    ClientSecretBasic,
    /// By a secret in the body.
    ClientSecretPost,
    /// By an assertion, signed with a key that was made here (RFC 7523).
    PrivateKeyJwt,
}

/// The longest `max_age` that Okta takes, in seconds.
const MAX_AGE: u32 = i32::MAX.unsigned_abs();

/// Values by their names, in the same order.
pub(crate) struct Names<T: 'static, const N: usize>(pub(crate) &'static [&'static str; N], pub(crate) [T; N]);

const METHODS: Names<AuthenticationMethod, 4> = Names(
    &["none", "client_secret_basic", "client_secret_post", "private_key_jwt"],
    [
        AuthenticationMethod::None,
        AuthenticationMethod::ClientSecretBasic,
        AuthenticationMethod::ClientSecretPost,
        AuthenticationMethod::PrivateKeyJwt,
    ],
);
const RESPONSE_MODES: Names<ResponseMode, 2> =
    Names(&["query", "form_post"], [ResponseMode::Query, ResponseMode::FormPost]);
const PROMPTS: Names<Prompt, 3> =
    Names(&["login", "consent", "login consent"], [Prompt::Login, Prompt::Consent, Prompt::LoginAndConsent]);

impl<T: Copy + PartialEq, const N: usize> Names<T, N> {
    /// The value of this name.
    pub(crate) fn value(&self, name: &str) -> Result<T, Wrong> {
        let place = self.0.iter().position(|of| *of == name);
        place.and_then(|place| self.1.get(place)).copied().ok_or(Wrong::NoneOf(self.0))
    }

    /// The name of this value.
    pub(crate) fn name(&self, value: T) -> &'static str {
        let place = self.1.iter().position(|of| *of == value);
        place.and_then(|place| self.0.get(place)).copied().unwrap_or_default()
    }
}

impl AuthenticationMethod {
    /// By its name in the standard.
    pub fn as_str(self) -> &'static str {
        METHODS.name(self)
    }

    /// Whether it is proved by a secret that the authorization server made.
    pub fn is_by_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

impl Asking {
    /// Reads it out of the parts of a profile with these redirect URIs.
    pub(super) fn from_parts(parts: &ProfileParts, redirect_uris: &[RedirectUri]) -> Result<Self, NotAProfile> {
        let response_mode =
            named("response_mode", parts.response_mode.as_deref(), &RESPONSE_MODES)?.unwrap_or_default();
        if response_mode == ResponseMode::FormPost && redirect_uris.iter().any(|uri| uri.loopback().is_none()) {
            return Err(NotAProfile::new("response_mode", Wrong::FormNotOnLoopback));
        }
        let prompt = named("prompt", parts.prompt.as_deref(), &PROMPTS)?;
        if parts.max_age.is_some_and(|seconds| seconds > MAX_AGE) {
            return Err(NotAProfile::new("max_age", Wrong::OutOfRange(1, MAX_AGE)));
        }
        if parts.silent_first && (prompt.is_some() || parts.max_age == Some(0)) {
            return Err(NotAProfile::new("silent_first", Wrong::SilentAndPrompt));
        }
        Ok(Self {
            client_authentication: named("client_authentication", parts.client_authentication.as_deref(), &METHODS)?
                .unwrap_or_default(),
            dpop: parts.dpop,
            response_mode,
            prompt,
            acr_values: acr_values(parts.acr_values.as_deref().unwrap_or_default())?,
            max_age: parts.max_age.map(|seconds| Duration::from_secs(seconds.into())),
            push: parts.push,
            silent_first: parts.silent_first,
            sign_in_with: sign_in_with(parts)?,
        })
    }

    /// Writes it into the parts of a profile: what is as it is by default is left out.
    pub(super) fn write(&self, parts: &mut ProfileParts) {
        let by_default = Self::default();
        let unless = |is_default: bool, name: &'static str| (!is_default).then(|| name.to_owned());
        let method = self.client_authentication;
        parts.client_authentication = unless(method == by_default.client_authentication, METHODS.name(method));
        parts.dpop = self.dpop;
        let mode = self.response_mode;
        parts.response_mode = unless(mode == by_default.response_mode, RESPONSE_MODES.name(mode));
        parts.prompt = self.prompt.map(|prompt| PROMPTS.name(prompt).to_owned());
        parts.acr_values = (!self.acr_values.is_empty()).then(|| self.acr_values.to_string());
        parts.max_age = self.max_age.map(|age| u32::try_from(age.as_secs()).unwrap_or(MAX_AGE));
        parts.push = self.push;
        parts.silent_first = self.silent_first;
        parts.sign_in_with = self.sign_in_with.as_ref().map(|id| id.as_str().to_owned());
    }
}

fn sign_in_with(parts: &ProfileParts) -> Result<Option<ProfileId>, NotAProfile> {
    let wrong = |what| NotAProfile::new("sign_in_with", what);
    let text = parts.sign_in_with.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match text {
        Some(text) if Some(text) == parts.id.as_deref() => Err(wrong(Wrong::ItsOwnId)),
        Some(text) => ProfileId::parse(text).map(Some).ok_or_else(|| wrong(Wrong::NoId)),
        None => Ok(None),
    }
}

/// The value that a text names; an empty one names none.
pub(super) fn named<T: Copy + PartialEq, const N: usize>(
    field: &'static str,
    text: Option<&str>,
    names: &Names<T, N>,
) -> Result<Option<T>, NotAProfile> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| names.value(text)).transpose().map_err(|wrong| NotAProfile::new(field, wrong))
}

fn acr_values(text: &str) -> Result<AcrValues, NotAProfile> {
    match text.split_ascii_whitespace().find(|value| !value.bytes().all(|byte| byte.is_ascii_graphic())) {
        Some(value) => Err(NotAProfile::new("acr_values", Wrong::AcrValue(shortened(value)))),
        None => Ok(AcrValues::parse(text)),
    }
}
