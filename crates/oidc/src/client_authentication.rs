//! How a client proves that it is the client (OIDC Core section 9), at every endpoint that asks.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::authorization::unguessable;
use crate::secret::ClientSecret;
use crate::{ClientId, SigningKey, Timestamp};

/// How the client proves at the token endpoint that it is the client, by the standard's names.
#[derive(Clone, Debug, Default)]
pub enum ClientAuthentication {
    /// `none`: a public client. The client ID stands in the body and nothing else is sent (RFC 6749 section 3.2.1). No
    /// `Authorization` header, which Okta answers with `invalid_client`.
    #[default]
    None,
    /// `client_secret_basic`: client ID and secret in the `Authorization` header (RFC 6749 section 2.3.1).
    ClientSecretBasic(Credentials<ClientSecret>),
    /// `client_secret_post`: both in the body.
    ClientSecretPost(Credentials<ClientSecret>),
    /// `private_key_jwt`: an assertion signed with a key whose public half the server has (RFC 7523 section 2.2).
    PrivateKeyJwt(Credentials<SigningKey>),
}

/// One credential, or several while one takes the place of another: each is tried where the server does not know the one
/// before it.
#[derive(Clone, Debug)]
pub struct Credentials<T> {
    first: T,
    others: Vec<T>,
}

impl<T> Credentials<T> {
    /// The only one, or the first to try: during a rotation the newest.
    pub fn new(first: T) -> Self {
        Self { first, others: Vec::new() }
    }

    /// The same, and `next` if the server knows none of them.
    #[must_use]
    pub fn or(mut self, next: T) -> Self {
        self.others.push(next);
        self
    }

    /// The one of this place, counted from the first.
    pub fn nth(&self, place: usize) -> Option<&T> {
        self.iter().nth(place)
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// One way to say who asks.
#[derive(Clone, Copy)]
pub(crate) enum Credential<'a> {
    PublicClient,
    Basic(&'a ClientSecret),
    Post(&'a ClientSecret),
    Key(&'a SigningKey),
}

/// What a credential adds to a request.
#[derive(Default)]
pub(crate) struct Attachment {
    pub fields: Vec<(&'static str, SecretString)>,
    /// User and password of the `Authorization` header.
    pub basic: Option<(String, SecretString)>,
}

/// `client_assertion_type` (RFC 7523 section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good for. Okta takes at most an hour.
const ASSERTION_LIFE: Duration = Duration::from_secs(5 * 60);

/// How long ago we say that we signed. What the caller takes for the server's time may be a little ahead of it, and Okta
/// refuses what comes from its future.
const SIGNED_BEFORE: Duration = Duration::from_secs(5);

/// When something is signed, as the server is told it.
pub(crate) fn issued_at(now: Timestamp) -> Timestamp {
    now - SIGNED_BEFORE
}

impl ClientAuthentication {
    /// The credentials in the order in which they are tried.
    pub(crate) fn credentials(&self) -> Vec<Credential<'_>> {
        match self {
            Self::None => vec![Credential::PublicClient],
            Self::ClientSecretBasic(secrets) => secrets.iter().map(Credential::Basic).collect(),
            Self::ClientSecretPost(secrets) => secrets.iter().map(Credential::Post).collect(),
            Self::PrivateKeyJwt(keys) => keys.iter().map(Credential::Key).collect(),
        }
    }
}

impl Credential<'_> {
    /// What says to `endpoint` that `client` asks. For one request: an assertion must not be sent twice.
    pub fn attach(self, client: &ClientId, endpoint: &Url, now: Timestamp) -> Attachment {
        let client_id = || ("client_id", SecretString::from(client.as_str()));
        match self {
            Self::PublicClient => Attachment { fields: vec![client_id()], ..Attachment::default() },
            Self::Post(secret) => {
                let secret = ("client_secret", SecretString::from(secret.expose()));
                Attachment { fields: vec![client_id(), secret], ..Attachment::default() }
            }
            Self::Basic(secret) => {
                let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let (user, password) = (encode(client.as_str()), encode(secret.expose()));
                Attachment { basic: Some((user, password.into())), ..Attachment::default() }
            }
            Self::Key(key) => {
                let assertion = assertion(key, client, endpoint, now).into();
                let fields = vec![
                    ("client_assertion_type", SecretString::from(ASSERTION_TYPE)),
                    ("client_assertion", assertion),
                ];
                Attachment { fields, ..Attachment::default() }
            }
        }
    }
}

/// A JWT by which the client says to one endpoint that it is the client (RFC 7523 section 3). Okta wants the endpoint
/// itself as the audience.
fn assertion(key: &SigningKey, client: &ClientId, endpoint: &Url, now: Timestamp) -> String {
    let issued_at = issued_at(now);
    let header = json!({ "typ": "JWT", "alg": "ES256", "kid": key.key_id() });
    let claims = json!({
        "iss": client.as_str(),
        "sub": client.as_str(),
        "aud": endpoint.as_str(),
        "iat": issued_at.as_unix_seconds(),
        "exp": (issued_at + ASSERTION_LIFE).as_unix_seconds(),
        "jti": unguessable().expose_secret(),
    });
    key.sign(&header, &claims)
}

#[cfg(test)]
mod tests;
