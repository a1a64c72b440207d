//! An authorization server on 127.0.0.1 that signs everyone in at once. A test can hold its token endpoint, and see what
//! arrived.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_oidc::{IssuerUrl, Timestamp};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, watch};

use super::soon;

/// Making one takes a while, so all tests share it.
static KEY: LazyLock<rsa::RsaPrivateKey> =
    LazyLock::new(|| rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap());

/// The lifetime of its access tokens, in seconds.
pub const LIFETIME: u64 = 600;

#[derive(Clone)]
pub struct TestIssuer {
    pub url: IssuerUrl,
    state: Arc<State>,
}

struct State {
    now: Timestamp,
    inner: Mutex<Inner>,
    /// Each answer of the token endpoint takes one.
    permits: Semaphore,
    /// How many requests the token endpoint is answering.
    n_pending: watch::Sender<usize>,
    n_received: watch::Sender<usize>,
}

#[derive(Default)]
struct Inner {
    subject: String,
    nonces: VecDeque<(String, String)>,
    spoil_id_tokens: bool,
    shares: bool,
    /// What the next requests that are pushed are answered; the last of it goes on. Nothing: there is no such endpoint.
    pushed: VecDeque<(u16, Value)>,
    n_tokens: usize,
    most_pending: usize,
    received: Vec<(String, Vec<(String, String)>)>,
}

impl TestIssuer {
    pub async fn start(now: Timestamp) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = IssuerUrl::parse(&format!("http://{}/oauth2/default", listener.local_addr().unwrap())).unwrap();
        let inner = Mutex::new(Inner { subject: "Robin".into(), ..Inner::default() });
        let n_pending = watch::channel(0).0;
        let permits = Semaphore::new(Semaphore::MAX_PERMITS);
        let state = Arc::new(State { now, inner, permits, n_pending, n_received: watch::channel(0).0 });
        let issuer = Self { url, state };
        let server = issuer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                let service = service_fn(move |request| server.clone().serve(request));
                // Without `Date`: the time is the test's.
                let connection = hyper::server::conn::http1::Builder::new()
                    .auto_date_header(false)
                    .serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        issuer
    }

    /// Who signs in from now on.
    pub fn sign_in_as(&self, subject: &str) {
        self.inner().subject = subject.into();
    }

    /// Signs ID tokens wrongly from now on.
    pub fn spoil_id_tokens(&self) {
        self.inner().spoil_id_tokens = true;
    }

    /// Gives device secrets out from now on, a new one at each exchange, and access tokens that say whom they are for.
    pub fn share(&self) {
        self.inner().shares = true;
    }

    /// Has requests pushed from now on, which are answered so; the last answer goes on.
    pub fn answer_pushed(&self, answers: impl IntoIterator<Item = (u16, Value)>) {
        self.inner().pushed = answers.into_iter().collect();
    }

    /// Lets the token endpoint answer nothing until [`Self::release`].
    pub fn hold(&self) {
        self.state.permits.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets the token endpoint answer `n` times.
    pub fn release(&self, n: usize) {
        self.state.permits.add_permits(n);
    }

    /// Waits until the token endpoint has `n` requests in hand.
    pub async fn pending(&self, n: usize) {
        soon(self.state.n_pending.subscribe().wait_for(|pending| *pending >= n)).await.unwrap();
    }

    /// The most requests that the token endpoint ever had in hand.
    pub fn most_pending(&self) -> usize {
        self.inner().most_pending
    }

    /// The value of `name` in each request that arrived at `path`, in order.
    pub fn received(&self, path: &str, name: &str) -> Vec<String> {
        let inner = self.inner();
        let forms = inner.received.iter().filter(|(received, _)| received == path);
        forms.flat_map(|(_, form)| form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone())).collect()
    }

    /// Waits until `n` requests have arrived at `path` since it started.
    pub async fn arrived(&self, path: &str, n: usize) {
        let count = || self.inner().received.iter().filter(|(received, _)| received == path).count();
        soon(self.state.n_received.subscribe().wait_for(|_| count() >= n)).await.unwrap();
    }

    /// How many requests arrived, to whatever path.
    pub fn n_received(&self) -> usize {
        self.inner().received.len()
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.state.inner.lock().unwrap()
    }

    async fn serve(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let path = head.uri.path().trim_start_matches("/oauth2/default").to_owned();
        let parameters = head.uri.query().map_or(body.as_ref(), str::as_bytes);
        let form: Vec<(String, String)> = url::form_urlencoded::parse(parameters).into_owned().collect();
        self.inner().received.push((path.clone(), form.clone()));
        self.state.n_received.send_modify(|n| *n += 1);
        let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        Ok(match path.as_str() {
            "/.well-known/openid-configuration" => answer(self.metadata()),
            "/v1/keys" => answer(json!({ "keys": [{
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "key",
                "n": URL_SAFE_NO_PAD.encode(KEY.n().to_bytes_be()),
                "e": URL_SAFE_NO_PAD.encode(KEY.e().to_bytes_be()),
            }] })),
            "/v1/authorize" => {
                let code = format!("code-{}", value("state"));
                self.inner().nonces.push_back((code.clone(), value("nonce").to_owned()));
                let location = format!("{}?code={code}&state={}", value("redirect_uri"), value("state"));
                Response::builder().status(302).header("location", location).body(Full::default()).unwrap()
            }
            "/v1/par" => {
                let mut inner = self.inner();
                let is_last = inner.pushed.len() == 1;
                let next = inner.pushed.pop_front().expect("nothing is pushed to a server that does not offer it");
                if is_last {
                    inner.pushed.push_back(next.clone());
                }
                let (status, body) = next;
                Response::builder().status(status).body(Full::from(body.to_string())).unwrap()
            }
            "/v1/token" => answer(self.tokens(value("client_id"), value("code"), value("grant_type")).await),
            _ => answer(json!({})),
        })
    }

    async fn tokens(&self, client_id: &str, code: &str, grant_type: &str) -> Value {
        self.state.n_pending.send_modify(|n_pending| {
            *n_pending += 1;
            let mut inner = self.inner();
            inner.most_pending = inner.most_pending.max(*n_pending);
        });
        self.state.permits.acquire().await.unwrap().forget();
        self.state.n_pending.send_modify(|pending| *pending -= 1);
        let mut inner = self.inner();
        inner.n_tokens += 1;
        let n = inner.n_tokens;
        let nonce = inner.nonces.iter().find(|(issued, _)| issued == code).map(|(_, nonce)| nonce.clone());
        let mut tokens = json!({
            "access_token": format!("access-{n}"), "refresh_token": format!("refresh-{n}"),
            "token_type": "Bearer", "expires_in": LIFETIME, "scope": "openid offline_access",
        });
        let is_exchange = grant_type.ends_with(":token-exchange");
        if is_exchange {
            tokens["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token".into();
        }
        if inner.shares {
            tokens["access_token"] =
                sign(&json!({ "iss": self.url.as_str(), "aud": "api://default", "jti": n }), false).into();
            tokens["device_secret"] = format!("device-secret-{n}").into();
        }
        if grant_type == "authorization_code" || is_exchange || inner.spoil_id_tokens {
            let now = self.state.now.as_unix_seconds();
            let claims = json!({
                "iss": self.url.as_str(), "sub": inner.subject, "name": inner.subject, "aud": client_id,
                "iat": now, "exp": now + 3600, "nonce": nonce,
            });
            tokens["id_token"] = sign(&claims, inner.spoil_id_tokens).into();
        }
        tokens
    }

    fn metadata(&self) -> Value {
        let issuer = &self.url;
        let pushed = (!self.inner().pushed.is_empty()).then(|| format!("{issuer}/v1/par"));
        json!({
            "issuer": issuer.as_str(),
            "authorization_endpoint": format!("{issuer}/v1/authorize"),
            "token_endpoint": format!("{issuer}/v1/token"),
            "jwks_uri": format!("{issuer}/v1/keys"),
            "revocation_endpoint": format!("{issuer}/v1/revoke"),
            "pushed_authorization_request_endpoint": pushed,
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })
    }
}

fn answer(body: Value) -> Response<Full<Bytes>> {
    Response::builder().header("content-type", "application/json").body(Full::from(body.to_string())).unwrap()
}

fn sign(claims: &Value, wrongly: bool) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": "RS256", "kid": "key" })), part(claims));
    let mut signature = KEY.sign(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&signed)).unwrap();
    signature[0] ^= u8::from(wrongly);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
