//! For this crate's tests: an issuer on loopback whose every answer the test chooses, keys to sign with, and a sign-in
//! that is right in all respects, for a test to spoil one of them.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    AcrValues, AuthorizationRequest, AuthorizationResponse, AuthorizationUrl, Client, ClientId, EndpointHosts, Error,
    Http, HttpPolicy, IssuerUrl, PendingAuthorization, Prompt, Provider, RedirectUri, ResponseMode, Scopes, Timestamp,
    TokenSet,
};

pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);
/// [`NOW`] as a `Date` header.
pub const NOW_AS_DATE: &str = "Fri, 15 Jan 2027 08:00:00 GMT";
pub const CLIENT_ID: &str = "0oa1gjh63g214q0Hq0g4";

/// An answer that a test chose.
#[derive(Clone)]
pub struct Canned {
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: String,
}

impl Canned {
    pub fn json(body: Value) -> Self {
        Self { status: 200, headers: vec![("content-type", "application/json")], body: body.to_string() }
    }

    pub fn status(status: u16, body: impl ToString) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string() }
    }

    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    /// The form that was posted, in order.
    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

#[derive(Default)]
struct State {
    answers: HashMap<String, Canned>,
    /// Answers that are given once each, in order, before the one that stays.
    first_answers: HashMap<String, VecDeque<Canned>>,
    received: Vec<Received>,
}

/// A custom authorization server on 127.0.0.1. Paths are relative to its issuer; what has no answer is a 404.
#[derive(Clone)]
pub struct TestIssuer {
    pub url: IssuerUrl,
    state: Arc<Mutex<State>>,
}

impl TestIssuer {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let issuer = Self { url: IssuerUrl::parse(&format!("{origin}/oauth2/default")).unwrap(), state };
        let server = issuer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                let service = service_fn(move |request| server.clone().serve(request));
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .auto_date_header(false)
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        issuer.answer("/.well-known/openid-configuration", Canned::json(metadata(&issuer.url)));
        issuer.publish_keys(&[&KEYS[0]]);
        issuer.answer("/v1/revoke", Canned::status(200, ""));
        issuer
    }

    async fn serve(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let path = head.uri.path().trim_start_matches("/oauth2/default").to_owned();
        let mut state = self.state.lock().unwrap();
        state.received.push(Received {
            method: head.method.to_string(),
            path: path.clone(),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        let first = state.first_answers.get_mut(&path).and_then(VecDeque::pop_front);
        let canned = first.or_else(|| state.answers.get(&path).cloned());
        let canned = canned.unwrap_or_else(|| Canned::status(404, "nothing here"));
        let mut response = Response::builder().status(canned.status);
        for (name, value) in canned.headers {
            response = response.header(name, value);
        }
        Ok(response.body(Full::from(canned.body)).unwrap())
    }

    pub fn answer(&self, path: &str, canned: Canned) {
        self.state.lock().unwrap().answers.insert(path.to_owned(), canned);
    }

    /// Answers with these once each, in order, and then as [`Self::answer`] said.
    pub fn answer_first<const N: usize>(&self, path: &str, canned: [Canned; N]) {
        self.state.lock().unwrap().first_answers.entry(path.to_owned()).or_default().extend(canned);
    }

    pub fn publish_keys(&self, keys: &[&TestKey]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk.clone()).collect();
        self.answer("/v1/keys", Canned::json(json!({ "keys": keys })));
    }

    /// What arrived at `path` so far.
    pub fn received(&self, path: &str) -> Vec<Received> {
        self.state.lock().unwrap().received.iter().filter(|received| received.path == path).cloned().collect()
    }

    pub async fn discover(&self) -> Result<Provider, Error> {
        Provider::discover(&self.url, &EndpointHosts::default(), &http(), NOW).await
    }
}

/// Metadata as Okta writes it, the members that are used.
pub fn metadata(issuer: &IssuerUrl) -> Value {
    json!({
        "issuer": issuer.as_str(),
        "authorization_endpoint": format!("{issuer}/v1/authorize"),
        "token_endpoint": format!("{issuer}/v1/token"),
        "jwks_uri": format!("{issuer}/v1/keys"),
        "userinfo_endpoint": format!("{issuer}/v1/userinfo"),
        "revocation_endpoint": format!("{issuer}/v1/revoke"),
        "end_session_endpoint": format!("{issuer}/v1/logout"),
        "device_authorization_endpoint": format!("{issuer}/v1/device/authorize"),
        "pushed_authorization_request_endpoint": format!("{issuer}/v1/par"),
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", 7, null],
    })
}

/// One client for all tests: each new one reads the system's trust store.
pub fn http() -> Http {
    static HTTP: LazyLock<Http> = LazyLock::new(|| Http::new(HttpPolicy::default()));
    HTTP.clone()
}

pub fn client() -> Client {
    Client::public(ClientId::new(CLIENT_ID))
}

/// A key of the issuer's. Making one takes a while, so all tests share them.
pub struct TestKey {
    private: rsa::RsaPrivateKey,
    pub jwk: Value,
}

/// Three keys named `key-0`, `key-1` and `key-2`.
pub static KEYS: LazyLock<[TestKey; 3]> = LazyLock::new(|| {
    [0, 1, 2].map(|index| {
        let private = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
        let jwk = json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": format!("key-{index}"),
            "n": URL_SAFE_NO_PAD.encode(private.n().to_bytes_be()),
            "e": URL_SAFE_NO_PAD.encode(private.e().to_bytes_be()),
        });
        TestKey { private, jwk }
    })
});

/// A JWT with this header and these claims, signed with RS256 by `key` whatever the header says.
pub fn sign(key: &TestKey, header: Value, claims: &Value) -> String {
    sign_with(header, claims, |input| {
        key.private.sign(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(input)).unwrap()
    })
}

pub fn sign_with(header: Value, claims: &Value, signature: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(claims));
    let signature = signature(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

pub fn header() -> Value {
    json!({ "alg": "RS256", "kid": "key-0" })
}

/// Header and claims of a JWT of ours, whose ES256 signature this public key verifies: done by hand, with nothing of ours.
#[track_caller]
pub fn opened(jwt: &str, jwk: &Value) -> (Value, Value) {
    use p256::ecdsa::signature::Verifier;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let coordinate = |name: &str| bytes(jwk[name].as_str().unwrap());
    assert_eq!((jwk["kty"].as_str(), jwk["crv"].as_str()), (Some("EC"), Some("P-256")));
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let parts: Vec<&str> = jwt.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("not three parts: {jwt}") };
    p256::ecdsa::VerifyingKey::from_sec1_bytes(&point)
        .unwrap()
        .verify(
            format!("{header}.{claims}").as_bytes(),
            &p256::ecdsa::Signature::from_slice(&bytes(signature)).unwrap(),
        )
        .unwrap();
    let json = |part: &str| serde_json::from_slice(&bytes(part)).unwrap();
    (json(header), json(claims))
}

/// What a sign-in asks for beside the usual.
pub struct Wishes {
    pub prompt: Option<Prompt>,
    pub acr_values: AcrValues,
    pub max_age: Option<Duration>,
    pub response_mode: ResponseMode,
    pub push: bool,
    pub asked_at: Timestamp,
}

impl Default for Wishes {
    fn default() -> Self {
        let (prompt, acr_values, max_age) = (None, AcrValues::default(), None);
        Self { prompt, acr_values, max_age, response_mode: ResponseMode::Query, push: false, asked_at: NOW }
    }
}

/// A sign-in up to the redirect.
pub struct SignIn {
    pub issuer: TestIssuer,
    pub provider: Provider,
    /// The address as it was opened.
    pub url: Url,
    pub address: AuthorizationUrl,
    pub pending: PendingAuthorization,
}

impl SignIn {
    pub async fn begin() -> Self {
        Self::begin_at(TestIssuer::start().await).await
    }

    pub async fn begin_at(issuer: TestIssuer) -> Self {
        Self::begin_with(issuer, Wishes::default()).await
    }

    pub async fn begin_with(issuer: TestIssuer, wishes: Wishes) -> Self {
        Self::try_to_begin(issuer, wishes).await.unwrap()
    }

    pub async fn try_to_begin(issuer: TestIssuer, wishes: Wishes) -> Result<Self, Error> {
        let provider = issuer.discover().await.unwrap();
        let request = AuthorizationRequest {
            provider: &provider,
            client: &client(),
            redirect_uri: &RedirectUri::parse("http://localhost:8080/callback").unwrap(),
            scopes: &Scopes::parse("openid offline_access"),
            prompt: wishes.prompt,
            login_hint: None,
            acr_values: &wishes.acr_values,
            max_age: wishes.max_age,
            response_mode: wishes.response_mode,
            push: wishes.push,
        };
        let (mut address, pending) = request.start(&http(), wishes.asked_at).await?;
        let url = address.open(wishes.asked_at).unwrap();
        Ok(Self { issuer, provider, url, address, pending })
    }

    /// A parameter of the authorization request, by whatever way the server had it.
    pub fn parameter(&self, name: &str) -> String {
        let pushed = self.issuer.received("/v1/par").last().map(Received::form).unwrap_or_default();
        let carried = self.url.query_pairs().into_owned();
        pushed.into_iter().chain(carried).find(|(key, _)| key == name).unwrap().1
    }

    /// The redirect that answers this request.
    pub fn redirect(&self, rest: &str) -> AuthorizationResponse {
        AuthorizationResponse::parse(format!("{rest}&state={}", self.parameter("state")).as_bytes()).unwrap()
    }

    /// The claims of an ID token that is right.
    pub fn claims(&self) -> Value {
        let now = NOW.as_unix_seconds();
        json!({
            "iss": self.issuer.url.as_str(), "sub": "00uid4BxXw6I6TV4m0g3", "aud": CLIENT_ID,
            "exp": now + 3600, "iat": now, "nonce": self.parameter("nonce"), "name": "Robin",
        })
    }

    /// The token endpoint's answer with this ID token.
    pub fn tokens(&self, id_token: &str) -> Value {
        json!({
            "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": "a-refresh-token", "scope": "openid offline_access", "id_token": id_token,
            "device_secret": "a-device-secret",
        })
    }

    /// Redeems a code for the answer that was chosen.
    pub async fn redeem(self, canned: Canned) -> Result<TokenSet, Error> {
        self.issuer.answer("/v1/token", canned);
        let redirect = self.redirect("code=a-code");
        self.pending.redeem(redirect, &self.provider, &client(), &http(), NOW).await
    }

    /// Redeems a code for an answer with this ID token.
    pub async fn redeem_for(self, id_token: &str) -> Result<TokenSet, Error> {
        let tokens = self.tokens(id_token);
        self.redeem(Canned::json(tokens)).await
    }
}
