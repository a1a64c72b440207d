//! A running server, and what a test can tell it and ask it. How a request is served is in [`crate::connection`].

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::call::Shared;
use crate::clock::Clock;
use crate::connection::listen;
use crate::dpop::Nonces;
use crate::fault::{Fault, Gate, Order, Orders};
use crate::keys::{KeyRing, OldKey};
use crate::lock;
use crate::observe::{Answered, Endpoint, Issued, Journal, Received, Tolerance};
use crate::org::{App, Org, Rotation};
use crate::store::seconds;

/// A running server. Dropped, it stops listening and cuts its connections.
///
/// # Panics
///
/// On drop, if something unexpected came, a fault was ordered that no request met, and neither
/// [`FakeOkta::allow_unexpected`] nor [`FakeOkta::expect_trouble`] was called; not while already panicking.
pub struct FakeOkta {
    shared: Arc<Shared>,
    address: SocketAddr,
    listening: JoinHandle<()>,
}

impl FakeOkta {
    /// Starts a server on 127.0.0.1, for a test.
    ///
    /// # Panics
    ///
    /// If the port is taken, or the org is one that Okta's console would not save.
    pub async fn start(org: Org) -> Self {
        Self::bind(org).await.expect("the port on 127.0.0.1 is free, and the org one that can be")
    }

    /// Starts a server on 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the org is one that Okta's console would not save.
    pub async fn bind(org: Org) -> io::Result<Self> {
        if let Some(mistake) = org.mistake() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, mistake));
        }
        let listener = TcpListener::bind(("127.0.0.1", org.port)).await?;
        let address = listener.local_addr()?;
        let origin = org.public_origin.clone().unwrap_or_else(|| format!("http://{address}"));
        let shared = Arc::new(Shared {
            origin,
            port: address.port(),
            org: Mutex::new(Arc::new(org)),
            clock: Clock::default(),
            keys: Mutex::new(KeyRing::new()),
            nonces: Mutex::new(Nonces::new()),
            store: Mutex::default(),
            orders: Mutex::new(Orders::default()),
            journal: Arc::new(Journal::new()),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Ok(Self { shared, address, listening })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`: where it listens, or what it was told to call itself.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The address of the org's custom domain, if it has one.
    pub fn custom_origin(&self) -> Option<String> {
        self.shared.custom_origin(&self.shared.org())
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

    /// The address of an application's tile on the dashboard.
    pub fn tile(&self, client_id: &str) -> String {
        format!("{}/home/oidc_client/{client_id}", self.shared.origin)
    }

    /// Changes the org from now on: people, groups, applications, lifetimes. A new port has no effect.
    ///
    /// # Panics
    ///
    /// If Okta's console would not save the change.
    pub fn edit(&self, change: impl FnOnce(&mut Org)) {
        let mut org = lock(&self.shared.org);
        let mut changed = Org::clone(&org);
        change(&mut changed);
        if let Some(mistake) = changed.mistake() {
            panic!("Okta's console would not save this: {mistake}");
        }
        *org = Arc::new(changed);
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

    /// Takes no DPoP nonce any more that was given out so far.
    pub fn renew_dpop_nonces(&self) {
        *lock(&self.shared.nonces) = Nonces::new();
    }

    /// Sets the server's clock ahead of the system's by `seconds`, or behind. `Date` and all times in tokens follow.
    pub fn skew_clock(&self, seconds: i64) {
        self.shared.clock.skew_by(seconds);
    }

    /// Lets time pass for the server, on top of any skew: codes, tokens and grace periods end.
    pub fn advance_clock(&self, by: Duration) {
        self.shared.clock.advance(crate::store::seconds(by));
    }

    /// What time it is for the server, in seconds since the epoch.
    pub fn now(&self) -> i64 {
        self.shared.clock.now()
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

    /// Holds the next request to `endpoint` before any work is done. If its client goes away meanwhile, none ever is.
    pub fn hold(&self, endpoint: Endpoint) -> Gate {
        let (gate, barrier) = Gate::new(endpoint, Arc::clone(&self.shared.journal));
        lock(&self.shared.orders).once(endpoint, Order::HoldRequest(barrier));
        gate
    }

    /// Holds the answer of the next request to `endpoint`: the work is done, and nobody knows yet.
    pub fn hold_answer(&self, endpoint: Endpoint) -> Gate {
        let (gate, barrier) = Gate::new(endpoint, Arc::clone(&self.shared.journal));
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

    /// The answers of one endpoint so far, in the order in which they went.
    pub fn answers_of(&self, endpoint: Endpoint) -> Vec<Answered> {
        self.shared.journal.answered().into_iter().filter(|answer| answer.endpoint == Some(endpoint)).collect()
    }

    /// How many requests an endpoint has had.
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.journal.count(endpoint)
    }

    /// The next request to `endpoint` that comes after this call, whenever the future is polled. The future panics if none
    /// has come half a minute after it was first polled.
    pub fn wait_for_request(&self, endpoint: Endpoint) -> impl Future<Output = Received> + Send + use<> {
        let journal = Arc::clone(&self.shared.journal);
        let skip = journal.n_received();
        journal.wait(endpoint, skip)
    }

    /// Resolves when `endpoint` has had `count` requests in all.
    ///
    /// # Panics
    ///
    /// If it has not within half a minute.
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

    /// Whether no refresh token that was rotated is within its grace any more.
    pub fn is_grace_over(&self) -> bool {
        let grace = |app: &App| match app.refresh {
            Rotation::Static => 0,
            Rotation::Rotate { grace } => seconds(grace),
        };
        let longest = self.shared.org().clients.iter().map(grace).max().unwrap_or_default();
        let last = lock(&self.shared.store).last_rotation();
        last.is_none_or(|last| self.shared.clock.now() >= last + longest)
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
