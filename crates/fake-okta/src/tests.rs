//! The server as a client meets it: a careful one that speaks plain HTTP, so that every wrong step is on purpose.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Client;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier as _;
use rsa::{BigUint, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::{Url, form_urlencoded};

use crate::{App, Browser, BrowserOutcome, DEMO_CLIENT_ID, FakeOkta, Org};

mod api;
mod applications;
mod client_authentication;
mod custom_servers;
mod devices;
mod dpop;
mod exchanges;
mod faults;
mod metadata;
mod observation;
mod prompts;
mod pushed;
mod refresh;
mod sign_in;
mod sign_out;
mod signing;
mod strictness;
mod tiles;

/// No http, so that a [`Browser`] stops there.
const REDIRECT_URI: &str = "test.app:/callback";
const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters";
const SCOPES: &str = "openid profile email groups offline_access";

/// A server, and a client of its first application.
struct Setting {
    okta: FakeOkta,
    http: Client,
    issuer: String,
}

/// The answer to a request.
struct Reply {
    status: u16,
    body: Value,
    headers: reqwest::header::HeaderMap,
}

async fn setting() -> Setting {
    setting_with(|_| {}).await
}

/// Signs in as Robin without asking, unless `change` says otherwise.
async fn setting_with(change: impl FnOnce(&mut Org)) -> Setting {
    let app = App { redirect_uris: vec![REDIRECT_URI.to_owned()], ..App::default() };
    let mut org = Org { clients: vec![app], auto_sign_in: Some("robin".to_owned()), ..Org::default() };
    change(&mut org);
    let okta = FakeOkta::start(org).await;
    Browser::new(); // Installs the TLS provider that reqwest insists on.
    let http = Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    Setting { issuer: okta.issuer(), okta, http }
}

impl Setting {
    /// The same client at the org server.
    fn at_org_server(mut self) -> Self {
        self.issuer = self.okta.org_issuer();
        self
    }

    fn endpoint(&self, name: &str) -> String {
        let base =
            if self.issuer == self.okta.origin() { format!("{}/oauth2", self.issuer) } else { self.issuer.clone() };
        format!("{base}/v1/{name}")
    }

    /// An authorization request in order, but for `changes`; an empty value leaves the parameter out.
    fn authorize_url(&self, changes: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut parameters = vec![
            ("client_id", DEMO_CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", SCOPES),
            ("state", "a-state"),
            ("nonce", "a-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        parameters.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        parameters.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}?{query}", self.endpoint("authorize"))
    }

    async fn authorize(&self, changes: &[(&str, &str)]) -> BrowserOutcome {
        Browser::new().browse(&self.authorize_url(changes)).await.unwrap()
    }

    /// A fresh code for `scopes`.
    async fn code(&self, scopes: &str) -> String {
        let outcome = self.authorize(&[("scope", scopes)]).await;
        parameter(&outcome.url, "code").expect("a code in the redirect")
    }

    async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Reply {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", DEMO_CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("code", code),
            ("code_verifier", VERIFIER),
        ];
        form.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        self.post("token", &form).await
    }

    /// A whole sign-in.
    async fn tokens(&self) -> Value {
        let reply = self.redeem(&self.code(SCOPES).await, &[]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body
    }

    async fn refresh(&self, refresh_token: &Value) -> Reply {
        let refresh_token = refresh_token.as_str().expect("a refresh token");
        let form = [("grant_type", "refresh_token"), ("client_id", DEMO_CLIENT_ID), ("refresh_token", refresh_token)];
        self.post("token", &form).await
    }

    async fn is_active(&self, token: &Value) -> bool {
        let form = [("client_id", DEMO_CLIENT_ID), ("token", token.as_str().expect("a token"))];
        self.post("introspect", &form).await.body["active"].as_bool().unwrap()
    }

    async fn post_with(&self, name: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Reply {
        let mut request = self.http.post(self.endpoint(name)).form(form);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::of(request.send().await.unwrap()).await.unwrap()
    }

    async fn post(&self, name: &str, form: &[(&str, &str)]) -> Reply {
        self.try_post(name, form).await.expect("an answer")
    }

    async fn try_post(&self, name: &str, form: &[(&str, &str)]) -> reqwest::Result<Reply> {
        Reply::of(self.http.post(self.endpoint(name)).form(form).send().await?).await
    }

    async fn get(&self, path: &str) -> Reply {
        let response = self.http.get(format!("{}{path}", self.okta.origin())).send().await.unwrap();
        Reply::of(response).await.unwrap()
    }

    /// The claims of a token that the published keys vouch for.
    async fn verified(&self, token: &Value) -> Option<Value> {
        let keys = Reply::of(self.http.get(self.endpoint("keys")).send().await.unwrap()).await.unwrap().body;
        let token = token.as_str().expect("a token");
        let (message, signature) = token.rsplit_once('.')?;
        let header = decoded(token.split('.').next()?);
        let key = keys["keys"].as_array()?.iter().find(|key| key["kid"] == header["kid"])?;
        let number = |name: &str| Some(BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok()?));
        let public = RsaPublicKey::new(number("n")?, number("e")?).ok()?;
        let signature = Signature::try_from(URL_SAFE_NO_PAD.decode(signature).ok()?.as_slice()).ok()?;
        VerifyingKey::<Sha256>::new(public).verify(message.as_bytes(), &signature).ok()?;
        Some(claims(&Value::from(token)))
    }
}

impl Reply {
    async fn of(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Self { status, body, headers })
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Asserts that this is an OAuth error.
    fn is_error(&self, status: u16, error: &str, description: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body, json!({ "error": error, "error_description": description }));
    }
}

/// The claims of a token, unverified.
fn claims(token: &Value) -> Value {
    decoded(token.as_str().unwrap().split('.').nth(1).unwrap())
}

fn header(token: &Value) -> Value {
    decoded(token.as_str().unwrap().split('.').next().unwrap())
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Asserts that the browser was sent back to the application with this error.
fn is_told(outcome: &BrowserOutcome, error: &str, description: &str) {
    assert!(outcome.url.as_str().starts_with(REDIRECT_URI), "{}", outcome.url);
    assert_eq!(parameter(&outcome.url, "error").as_deref(), Some(error));
    assert_eq!(parameter(&outcome.url, "error_description").as_deref(), Some(description));
}
