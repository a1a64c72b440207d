//! Misbehaviour on order: what a request can be made to meet, and the queue in which the orders wait. Which fault does
//! what to a token is in [`crate::mint`]; what happens to a connection, in [`crate::connection`].

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::observe::{Endpoint, Journal};

/// What the next request to an endpoint meets instead of, or on top of, a proper answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No answer, ever; the connection stays open until the client or the server goes. Nothing was done.
    Hang,
    /// The connection is cut, and nothing was done.
    ResetBefore,
    /// The work is done, a code spent, a refresh token rotated; then the connection is cut before the answer.
    ResetAfter,
    /// The work is done; then only the first half of the answer's body arrives, with nothing to tell that by.
    HalfAnswer,
    /// Status 429.
    TooManyRequests {
        /// `Retry-After` in seconds, which Okta does not promise.
        retry_after: Option<u64>,
        /// In how many seconds `X-Rate-Limit-Reset` lies.
        reset_in: i64,
        /// Which of Okta's two bodies it has.
        body: RateLimitBody,
    },
    /// This status with Okta's `E0000009` or, for 503, `E0000010`.
    ServerError(u16),
    /// Status 200 and somebody else's page: a captive portal.
    Html,
    /// 16 MiB of white space before an empty JSON object.
    HugeBody,
    /// An OAuth error. At [`Endpoint::Authorize`] it travels on the redirect, and `status` is not used.
    Refuse {
        /// The HTTP status.
        status: u16,
        /// `error`
        error: String,
        /// `error_description`
        description: String,
    },
    /// At [`Endpoint::Token`] the `iss` of the ID token; at [`Endpoint::Metadata`] the `issuer` of the document; at
    /// [`Endpoint::Authorize`] an `iss` (RFC 9207) in the redirect, where Okta sends none.
    WrongIssuer(String),
    /// The ID token is signed by a key that is not published, under the name of one that is.
    WrongSignature,
    /// The ID token is for another client.
    WrongAudience,
    /// The ID token has a nonce that nobody sent.
    WrongNonce,
    /// The ID token has no nonce.
    MissingNonce,
    /// The ID token ended an hour ago.
    Expired,
    /// The ID token does not say which key signed it.
    NoKid,
    /// The ID token names a key that is not published.
    UnknownKid,
    /// The ID token is not signed: `alg` is `none` (RFC 7519 section 6).
    AlgNone,
    /// The ID token's `at_hash` is that of another access token.
    AtHashWrong,
    /// The ID token is somebody else's.
    OtherSubject,
    /// The ID token's `acr` is one that nobody asked for.
    AnotherAcr,
    /// The ID token's `auth_time` is that of the day before.
    AuthenticatedYesterday,
    /// The response has no ID token.
    NoIdToken,
    /// The response has no refresh token, and a refresh does not rotate.
    NoRefreshToken,
    /// The access token is a bearer token although a DPoP proof came (RFC 9449 section 5).
    BearerDespiteProof,
    /// The access token's `cnf` names another key than the one that was proved.
    BoundToAnotherKey,
    /// The access token has a quote and a newline in it.
    TokenWithNewline,
}

/// The two bodies that Okta sends with status 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimitBody {
    /// `E0000047`
    Api,
    /// An OAuth error `invalid_grant`, which looks like the end of a session and is not.
    InvalidGrant,
}

/// A request held in the server. Dropped, it lets the request go on.
pub struct Gate {
    endpoint: Endpoint,
    journal: Arc<Journal>,
    /// Requests that had come when the gate was put up.
    skip: usize,
    arrived: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

/// The server's side of a [`Gate`].
pub(crate) struct Barrier {
    arrived: oneshot::Sender<()>,
    release: oneshot::Receiver<()>,
}

/// What a request was ordered to meet.
pub(crate) enum Order {
    Fault(Fault),
    HoldRequest(Barrier),
    HoldAnswer(Barrier),
}

/// The orders that wait.
#[derive(Default)]
pub(crate) struct Orders {
    once: VecDeque<(Endpoint, Order)>,
    always: Vec<(Endpoint, Fault)>,
}

impl Gate {
    pub(crate) fn new(endpoint: Endpoint, journal: Arc<Journal>) -> (Self, Barrier) {
        let (arrived_sender, arrived) = oneshot::channel();
        let (release, release_receiver) = oneshot::channel();
        let skip = journal.n_received();
        let gate = Self { endpoint, journal, skip, arrived, release };
        (gate, Barrier { arrived: arrived_sender, release: release_receiver })
    }

    /// Waits until the request has come as far as the gate. Returns at once if it already has.
    ///
    /// # Panics
    ///
    /// If none comes within half a minute, or the server is gone or the order cleared before.
    pub async fn arrived(&mut self) {
        // A second call finds the channel used up, which means the same: it has arrived.
        if !self.arrived.is_terminated() {
            let what = format!("a request at the gate of {:?}", self.endpoint);
            let arrived = self.journal.within_patience(&mut self.arrived, &what, self.skip).await;
            arrived.expect("a request comes before the server goes or the gate is cleared");
        }
    }

    /// Lets the request go on.
    pub fn release(self) {
        // A request whose client has gone does not wait any more.
        let _ = self.release.send(());
    }
}

impl Barrier {
    pub(crate) async fn pass(self) {
        // Either end may have been dropped: a test that does not watch, or one that has seen enough.
        let _ = self.arrived.send(());
        let _ = self.release.await;
    }
}

impl Orders {
    /// The next request to `endpoint` meets `order`.
    pub(crate) fn once(&mut self, endpoint: Endpoint, order: Order) {
        self.once.push_back((endpoint, order));
    }

    /// Every request to `endpoint` meets `fault`, once the orders for single requests are used up.
    pub(crate) fn always(&mut self, endpoint: Endpoint, fault: Fault) {
        self.always.retain(|(at, _)| *at != endpoint);
        self.always.push((endpoint, fault));
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn next(&mut self, endpoint: Endpoint) -> Option<Order> {
        if let Some(at) = self.once.iter().position(|(wanted, _)| *wanted == endpoint) {
            return self.once.remove(at).map(|(_, order)| order);
        }
        self.always.iter().find(|(wanted, _)| *wanted == endpoint).map(|(_, fault)| Order::Fault(fault.clone()))
    }

    /// The orders for single requests that no request has met: a test that thinks it tested something.
    pub(crate) fn unmet(&self) -> Vec<String> {
        self.once
            .iter()
            .map(|(endpoint, order)| match order {
                Order::Fault(fault) => format!("no request met the fault {fault:?} at {endpoint:?}"),
                Order::HoldRequest(_) | Order::HoldAnswer(_) => format!("no request came to the gate at {endpoint:?}"),
            })
            .collect()
    }
}

impl Fault {
    /// Whether the fault changes anything at this endpoint.
    pub(crate) fn applies_to(&self, endpoint: Endpoint) -> bool {
        match self {
            Self::Hang
            | Self::ResetBefore
            | Self::ResetAfter
            | Self::HalfAnswer
            | Self::TooManyRequests { .. }
            | Self::ServerError(_)
            | Self::Html
            | Self::HugeBody
            | Self::Refuse { .. } => true,
            Self::WrongIssuer(_) => matches!(endpoint, Endpoint::Token | Endpoint::Metadata | Endpoint::Authorize),
            Self::WrongSignature
            | Self::WrongAudience
            | Self::WrongNonce
            | Self::MissingNonce
            | Self::Expired
            | Self::NoKid
            | Self::UnknownKid
            | Self::AlgNone
            | Self::AtHashWrong
            | Self::OtherSubject
            | Self::AnotherAcr
            | Self::AuthenticatedYesterday
            | Self::NoIdToken
            | Self::NoRefreshToken
            | Self::BearerDespiteProof
            | Self::BoundToAnotherKey
            | Self::TokenWithNewline => endpoint == Endpoint::Token,
        }
    }
}
