//! The listener, the connections, and the way of a request through the server: recorded, perhaps held or spoiled,
//! answered by its endpoint, stamped with the headers that every answer of Okta has. Start reading at [`FakeOkta`].

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, server::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::answer::{self, Answer, with_header};
use crate::call::{Call, Shared};
use crate::endpoints::{self, Route};
use crate::fault::{Fault, Gate, Order, Orders, RateLimitBody};
use crate::keys::{KeyRing, OldKey, random_value};
use crate::lock;
use crate::observe::{Endpoint, Issued, Journal, Received, Tolerance};
use crate::org::Org;
use crate::parameters::Parameters;

const MAX_FORM: usize = 1024 * 1024;
const HUGE: usize = 16 * 1024 * 1024;
/// Requests per minute in `X-Rate-Limit-Limit`.
const RATE_LIMIT: usize = 1200;

/// A running server. Dropped, it stops listening and cuts its connections.
///
/// # Panics
///
/// On drop, if something unexpected came, a fault was ordered that no request met, and neither
/// [`FakeOkta::allow_unexpected`] nor [`FakeOkta::expect_trouble`] was called; not while already panicking.
pub struct FakeOkta {
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

/// Makes hyper drop the connection without an answer.
#[derive(Debug)]
struct CutConnection;

impl FakeOkta {
    /// Starts a server on 127.0.0.1, for a test.
    ///
    /// # Panics
    ///
    /// If the port is taken.
    pub async fn start(org: Org) -> Self {
        Self::bind(org).await.expect("the port on 127.0.0.1 is free")
    }

    /// Starts a server on 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If the port is taken.
    pub async fn bind(org: Org) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", org.port)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            origin,
            org: Mutex::new(Arc::new(org)),
            clock: crate::clock::Clock::default(),
            keys: Mutex::new(KeyRing::new()),
            store: Mutex::default(),
            orders: Mutex::new(Orders::default()),
            journal: Arc::new(Journal::new()),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Ok(Self { shared, listening })
    }

    /// `http://127.0.0.1:PORT`
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The issuer of the first custom server; `default`, unless the org has others.
    pub fn issuer(&self) -> String {
        let org = self.shared.org();
        org.servers.first().map_or_else(|| self.org_issuer(), |server| self.issuer_of(&server.id))
    }

    /// The issuer of the custom server with this id.
    pub fn issuer_of(&self, server: &str) -> String {
        format!("{}/oauth2/{server}", self.shared.origin)
    }

    /// The issuer of the org server.
    pub fn org_issuer(&self) -> String {
        self.shared.origin.clone()
    }

    /// The client ID of the first application.
    pub fn client_id(&self) -> String {
        self.shared.org().clients.first().map(|app| app.client_id.clone()).unwrap_or_default()
    }

    /// The first redirect URI of the first application.
    pub fn redirect_uri(&self) -> String {
        let org = self.shared.org();
        org.clients.first().and_then(|app| app.redirect_uris.first()).cloned().unwrap_or_default()
    }

    /// Changes the org from now on: people, groups, applications, lifetimes. A new port has no effect.
    pub fn edit(&self, change: impl FnOnce(&mut Org)) {
        change(Arc::make_mut(&mut lock(&self.shared.org)));
    }

    /// From now on the authorize endpoint redirects at once, as this person, without a page. A browser that has an
    /// Okta session of someone else keeps it, unless it is sent with `prompt=login`.
    pub fn sign_in_as(&self, person: &str) {
        self.edit(|org| org.auto_sign_in = Some(person.to_owned()));
    }

    /// Registers one more redirect URI with the first application: for a listener whose port was not known before.
    pub fn register_redirect_uri(&self, uri: &str) {
        self.edit(|org| org.clients.iter_mut().take(1).for_each(|app| app.redirect_uris.push(uri.to_owned())));
    }

    /// Ends all sessions and revokes all tokens of a person, as an admin can.
    pub fn end_sessions_of(&self, person: &str) {
        lock(&self.shared.store).end_all_of(person);
    }

    /// Signs with another key from now on.
    pub fn rotate_keys(&self, old: OldKey) {
        lock(&self.shared.keys).rotate(old);
    }

    /// Sets the server's clock ahead of the system's by `seconds`, or behind. `Date` and all times in tokens follow.
    pub fn skew_clock(&self, seconds: i64) {
        self.shared.clock.skew_by(seconds);
    }

    /// Lets time pass for the server, on top of any skew: codes, tokens and grace periods end.
    pub fn advance_clock(&self, by: Duration) {
        self.shared.clock.advance(crate::store::seconds(by));
    }

    /// The next request to `endpoint` that no earlier order is for meets `fault`.
    ///
    /// # Panics
    ///
    /// If the fault changes nothing at this endpoint.
    pub fn fault(&self, endpoint: Endpoint, fault: Fault) {
        assert!(fault.applies_to(endpoint), "{fault:?} changes nothing at {endpoint:?}");
        lock(&self.shared.orders).once(endpoint, Order::Fault(fault));
    }

    /// Every request to `endpoint` meets `fault`, after the orders for single requests, until [`FakeOkta::clear_faults`].
    ///
    /// # Panics
    ///
    /// If the fault changes nothing at this endpoint.
    pub fn fault_always(&self, endpoint: Endpoint, fault: Fault) {
        assert!(fault.applies_to(endpoint), "{fault:?} changes nothing at {endpoint:?}");
        lock(&self.shared.orders).always(endpoint, fault);
    }

    /// Forgets all faults and gates that wait.
    pub fn clear_faults(&self) {
        lock(&self.shared.orders).clear();
    }

    /// Holds the next request to `endpoint` before any work is done.
    pub fn hold(&self, endpoint: Endpoint) -> Gate {
        let (gate, barrier) = Gate::new();
        lock(&self.shared.orders).once(endpoint, Order::HoldRequest(barrier));
        gate
    }

    /// Holds the answer of the next request to `endpoint`: the work is done, and nobody knows yet.
    pub fn hold_answer(&self, endpoint: Endpoint) -> Gate {
        let (gate, barrier) = Gate::new();
        lock(&self.shared.orders).once(endpoint, Order::HoldAnswer(barrier));
        gate
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Received> {
        self.shared.journal.received()
    }

    /// The requests to one endpoint so far.
    pub fn requests_to(&self, endpoint: Endpoint) -> Vec<Received> {
        self.requests().into_iter().filter(|request| request.endpoint == Some(endpoint)).collect()
    }

    /// How many requests an endpoint has had.
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.journal.count(endpoint)
    }

    /// The next request to `endpoint` that comes after this call, whenever the future is polled.
    pub fn wait_for_request(&self, endpoint: Endpoint) -> impl Future<Output = Received> + Send + use<> {
        let journal = Arc::clone(&self.shared.journal);
        let skip = journal.n_received();
        journal.wait(endpoint, skip)
    }

    /// Resolves when `endpoint` has had `count` requests in all.
    pub async fn wait_for_count(&self, endpoint: Endpoint, count: usize) {
        self.shared.journal.wait_for_count(endpoint, count).await;
    }

    /// All tokens so far, in the order of their issue.
    pub fn issued(&self) -> Vec<Issued> {
        self.shared.journal.issued()
    }

    /// How often a refresh token was used again after its grace.
    pub fn reuse_detections(&self) -> usize {
        lock(&self.shared.store).reuse_detections()
    }

    /// The refresh tokens that are neither rotated nor revoked.
    pub fn active_refresh_tokens(&self) -> Vec<String> {
        lock(&self.shared.store).live_refresh_tokens()
    }

    /// Whether the server still stands by this access token.
    pub fn is_active_access_token(&self, value: &str) -> bool {
        lock(&self.shared.store).live_access_token(value, self.shared.clock.now()).is_some()
    }

    /// What came that a careful client would not have sent.
    pub fn unexpected(&self) -> Vec<String> {
        self.shared.journal.all_unexpected()
    }

    /// Unexpected requests are no failure of this test.
    pub fn allow_unexpected(&self) {
        self.shared.journal.tolerate(Tolerance::Allowed);
    }

    /// At least one unexpected request must come, or the test fails.
    pub fn expect_trouble(&self) {
        self.shared.journal.tolerate(Tolerance::Expected);
    }

    /// Fails the test now, and not at the end, if it has reason to fail. What is complained about once is forgotten.
    ///
    /// # Panics
    ///
    /// If something unexpected came that was not allowed, or a fault was ordered that no request met.
    pub fn assert_nothing_unexpected(&self) {
        let unmet = lock(&self.shared.orders).unmet();
        let complaints = self.shared.journal.take_complaints(unmet);
        assert!(complaints.is_empty(), "unexpected at the authorization server:\n- {}", complaints.join("\n- "));
    }
}

impl Drop for FakeOkta {
    fn drop(&mut self) {
        self.listening.abort();
        if !std::thread::panicking() {
            self.assert_nothing_unexpected();
        }
    }
}

/// Connections live in the set, so aborting this task cuts them all.
async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that was gone before it was accepted is nobody's problem.
                let Ok((stream, _)) = accepted else { continue };
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    let service = service_fn(|request| serve(&shared, request));
                    // Ends with an error whenever a client goes away or a fault cuts the connection.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(shared: &Arc<Shared>, request: Request<Incoming>) -> Result<Answer, CutConnection> {
    let (head, body) = request.into_parts();
    let form = Limited::new(body, MAX_FORM).collect().await.map_err(|_| CutConnection)?.to_bytes();
    let route = Route::of(head.uri.path());
    let endpoint = route.as_ref().map(|route| route.endpoint);
    let parameters = Parameters::parse(head.uri.query().unwrap_or_default(), &form);
    let received = Received {
        endpoint,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        parameters: parameters.clone(),
        headers: headers_of(&head.headers),
    };
    let order = endpoint.and_then(|endpoint| lock(&shared.orders).next(endpoint));
    shared.journal.receive(received.clone());

    let mut call = Call::new(shared, route.as_ref().and_then(|route| route.server.clone()), received);
    let answer = match order {
        None => endpoints::answer(&call, route.as_ref()),
        Some(Order::HoldRequest(barrier)) => {
            barrier.pass().await;
            // Time and org may have changed meanwhile.
            call.look_again();
            endpoints::answer(&call, route.as_ref())
        }
        Some(Order::HoldAnswer(barrier)) => {
            let answer = endpoints::answer(&call, route.as_ref());
            barrier.pass().await;
            answer
        }
        Some(Order::Fault(Fault::Hang)) => std::future::pending().await,
        Some(Order::Fault(Fault::ResetBefore)) => return Err(CutConnection),
        Some(Order::Fault(Fault::ResetAfter)) => {
            endpoints::answer(&call, route.as_ref());
            return Err(CutConnection);
        }
        Some(Order::Fault(fault)) => match spoiled(&call, endpoint, &fault) {
            Some(answer) => answer,
            None => {
                call.fault = Some(fault);
                endpoints::answer(&call, route.as_ref())
            }
        },
    };
    if call.org.log_requests {
        eprintln!(
            "{} {} [{}] {}",
            head.method,
            head.uri.path(),
            parameters.names().join(" "),
            answer.status().as_u16()
        );
    }
    Ok(stamped(&call, answer))
}

/// The answer that takes the place of the endpoint's, if the fault is of that kind.
fn spoiled(call: &Call<'_>, endpoint: Option<Endpoint>, fault: &Fault) -> Option<Answer> {
    match fault {
        Fault::TooManyRequests { retry_after, reset_in, body } => {
            let description = "API call exceeded rate limit due to too many requests.";
            let answer = match body {
                RateLimitBody::Api => answer::api_error(429, "E0000047", description),
                RateLimitBody::InvalidGrant => answer::oauth_error(429, "invalid_grant", description),
            };
            let answer = with_header(answer, "x-rate-limit-remaining", "0");
            let answer = with_header(answer, "x-rate-limit-reset", &(call.now + reset_in).to_string());
            Some(match retry_after {
                Some(seconds) => with_header(answer, "retry-after", &seconds.to_string()),
                None => answer,
            })
        }
        Fault::ServerError(503) => Some(answer::api_error(503, "E0000010", "Service is in read only mode")),
        Fault::ServerError(status) => Some(answer::api_error(*status, "E0000009", "Internal Server Error")),
        Fault::Html => Some(answer::body(200, "text/html", "<!doctype html><title>Welcome to the Wi-Fi</title>")),
        Fault::HugeBody => {
            let mut body = vec![b' '; HUGE];
            body.extend_from_slice(b"{}");
            Some(answer::body(200, "application/json", body))
        }
        Fault::Refuse { status, error, description } if endpoint != Some(Endpoint::Authorize) => {
            Some(answer::oauth_error(*status, error, description))
        }
        _ => None,
    }
}

/// The headers that every answer has; those that an endpoint or a fault has set stay.
fn stamped(call: &Call<'_>, answer: Answer) -> Answer {
    let now = u64::try_from(call.now).unwrap_or_default();
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(now));
    let remaining = RATE_LIMIT - 1 - call.shared.journal.n_received() % RATE_LIMIT;
    let headers = [
        ("date", date),
        ("x-okta-request-id", random_value()),
        ("x-rate-limit-limit", RATE_LIMIT.to_string()),
        ("x-rate-limit-remaining", remaining.to_string()),
        ("x-rate-limit-reset", (call.now - call.now % 60 + 60).to_string()),
    ];
    headers.into_iter().fold(answer, |answer, (name, value)| match answer.headers().contains_key(name) {
        true => answer,
        false => with_header(answer, name, &value),
    })
}

fn headers_of(headers: &hyper::HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

impl std::fmt::Display for CutConnection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection is cut")
    }
}

impl std::error::Error for CutConnection {}
