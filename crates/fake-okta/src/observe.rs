//! What a test can see afterwards, or wait for: the requests that came, the tokens that went, and everything that a
//! careful client would not have done.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use crate::lock;
use crate::parameters::Parameters;

/// An endpoint, of whichever authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// OpenID Connect discovery and both shapes of RFC 8414.
    Metadata,
    /// `/.well-known/okta-organization`
    Organization,
    /// `keys`
    Keys,
    /// `authorize`
    Authorize,
    /// Where the sign-in page sends who was chosen.
    SignIn,
    /// Where the consent page sends what was decided.
    Consent,
    /// `par`
    Par,
    /// `device/authorize`
    DeviceAuthorize,
    /// The pages at `/activate`.
    Activate,
    /// `token`
    Token,
    /// `userinfo`
    Userinfo,
    /// `introspect`
    Introspect,
    /// `revoke`
    Revoke,
    /// `logout`
    Logout,
    /// `/api/v1/users/{user}/groups`
    Groups,
    /// A tile on the dashboard.
    Tile,
}

/// A request that came. It is a fake: values are kept as they were.
#[derive(Clone, Debug)]
pub struct Received {
    /// The endpoint, if the path is one.
    pub endpoint: Option<Endpoint>,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// Query, then form.
    pub parameters: Parameters,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
}

/// An answer that went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The endpoint that was asked, if the path is one.
    pub endpoint: Option<Endpoint>,
    /// The HTTP status.
    pub status: u16,
    /// `x-okta-request-id`, another one for each.
    pub request_id: String,
}

/// A token that went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Which kind.
    pub kind: TokenKind,
    /// Whose, by [`crate::Person::id`].
    pub person: String,
    /// The application's client ID.
    pub client_id: String,
    /// The token.
    pub value: String,
    /// When, by the server's clock, in seconds since the epoch.
    pub issued_at: i64,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
    /// An ID token.
    Id,
    /// A device secret.
    DeviceSecret,
}

/// How long a test waits for a request: far longer than a program that works takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the server saw and did.
pub(crate) struct Journal {
    entries: Mutex<Entries>,
    n_received: watch::Sender<usize>,
}

#[derive(Default)]
struct Entries {
    received: Vec<Received>,
    answered: Vec<Answered>,
    issued: Vec<Issued>,
    unexpected: Vec<String>,
    tolerance: Tolerance,
}

/// What a test thinks of unexpected requests.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tolerance {
    /// There must be none.
    #[default]
    None,
    /// There may be some.
    Allowed,
    /// There must be some.
    Expected,
}

impl Received {
    /// The part of the path after this many slashes, or nothing.
    pub(crate) fn part(&self, n_slashes: usize) -> &str {
        self.path.split('/').nth(n_slashes).unwrap_or_default()
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self { entries: Mutex::default(), n_received: watch::Sender::new(0) }
    }

    pub(crate) fn receive(&self, request: Received) {
        let mut entries = lock(&self.entries);
        entries.received.push(request);
        let n_received = entries.received.len();
        drop(entries);
        self.n_received.send_replace(n_received);
    }

    pub(crate) fn answer(&self, answer: Answered) {
        lock(&self.entries).answered.push(answer);
    }

    pub(crate) fn issue(&self, token: Issued) {
        lock(&self.entries).issued.push(token);
    }

    /// Records what a careful client would not have done.
    pub(crate) fn unexpected(&self, what: String) {
        lock(&self.entries).unexpected.push(what);
    }

    pub(crate) fn tolerate(&self, tolerance: Tolerance) {
        lock(&self.entries).tolerance = tolerance;
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.entries).received.clone()
    }

    pub(crate) fn answered(&self) -> Vec<Answered> {
        lock(&self.entries).answered.clone()
    }

    pub(crate) fn issued(&self) -> Vec<Issued> {
        lock(&self.entries).issued.clone()
    }

    pub(crate) fn all_unexpected(&self) -> Vec<String> {
        lock(&self.entries).unexpected.clone()
    }

    /// Takes what the test must be told: what it did not allow, or that nothing came of what it expected. `unmet`
    /// counts as unexpected too.
    pub(crate) fn take_complaints(&self, unmet: Vec<String>) -> Vec<String> {
        let mut entries = lock(&self.entries);
        let unexpected = std::mem::take(&mut entries.unexpected);
        let mut complaints = match entries.tolerance {
            Tolerance::None => unexpected,
            Tolerance::Expected if unexpected.is_empty() => vec!["trouble was expected and none came".to_owned()],
            Tolerance::Expected => {
                // Said once: a later look must not ask for new trouble.
                entries.tolerance = Tolerance::Allowed;
                Vec::new()
            }
            Tolerance::Allowed => return Vec::new(),
        };
        complaints.extend(unmet);
        complaints
    }

    /// Resolves with the first request to `endpoint` among those after the first `skip` requests of any kind.
    ///
    /// The future panics if it comes to nothing within [`PATIENCE`].
    pub(crate) fn wait(self: Arc<Self>, endpoint: Endpoint, skip: usize) -> impl Future<Output = Received> + use<> {
        let mut changes = self.n_received.subscribe();
        async move {
            let first = || {
                let entries = lock(&self.entries);
                entries.received.iter().skip(skip).find(|it| it.endpoint == Some(endpoint)).cloned()
            };
            let came = async {
                loop {
                    if let Some(found) = first() {
                        return found;
                    }
                    // The sender lives in `self`, so it is not gone.
                    let _ = changes.changed().await;
                }
            };
            self.within_patience(came, &format!("a request to {endpoint:?}"), skip).await
        }
    }

    /// Resolves when `endpoint` has had `count` requests in all.
    ///
    /// # Panics
    ///
    /// If it has not within [`PATIENCE`].
    pub(crate) async fn wait_for_count(&self, endpoint: Endpoint, count: usize) {
        let mut changes = self.n_received.subscribe();
        // The sender lives in `self`, so it is not gone.
        let came = async { drop(changes.wait_for(|_| self.count(endpoint) >= count).await) };
        self.within_patience(came, &format!("{count} requests to {endpoint:?}"), 0).await;
    }

    /// Waits for `coming`, and fails with what came since the first `skip` requests in place of what was waited for.
    pub(crate) async fn within_patience<T>(&self, coming: impl Future<Output = T>, what: &str, skip: usize) -> T {
        match tokio::time::timeout(PATIENCE, coming).await {
            Ok(came) => came,
            Err(_) => {
                let received = self.received();
                let instead: Vec<_> =
                    received.iter().skip(skip).map(|it| format!("{} {}", it.method, it.path)).collect();
                panic!("waited {} s for {what}; what came: {instead:?}", PATIENCE.as_secs());
            }
        }
    }

    pub(crate) fn count(&self, endpoint: Endpoint) -> usize {
        lock(&self.entries).received.iter().filter(|it| it.endpoint == Some(endpoint)).count()
    }

    pub(crate) fn n_received(&self) -> usize {
        *self.n_received.borrow()
    }
}
