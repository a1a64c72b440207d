//! The last moment for a request to leave: it bounds the connecting (name, TCP, TLS, proxies) and nothing after it. What
//! was sent in time may be answered later.
//!
//! reqwest bounds connecting per client alone, so the bound of one request reaches its connection as a task-local: with
//! no pool, a connection is made within the request that it is for.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tower_layer::Layer;
use tower_service::Service;

/// Until when a request may leave.
#[derive(Clone)]
pub struct Departure {
    /// `None` where nothing but `may_leave` bounds it.
    until: Option<Instant>,
    may_leave: Arc<dyn Fn() -> bool + Send + Sync>,
}

tokio::task_local! {
    static DEPARTURE: Departure;
}

impl Departure {
    /// Within this time from now, and only if `may_leave` says so at the moment at which it would: a timer alone may not
    /// count the time that a machine sleeps. A request that has to be sent once more (with a nonce, by another way, with
    /// another credential) gets no more time for that.
    pub fn new(within: Duration, may_leave: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { until: Instant::now().checked_add(within), may_leave: Arc::new(may_leave) }
    }

    /// Runs what connects and sends.
    pub(super) async fn bounding<T>(self, sending: impl Future<Output = T>) -> T {
        DEPARTURE.scope(self, sending).await
    }
}

/// The connection came too late for its request, which has not left.
#[derive(Debug, thiserror::Error)]
#[error("it took too long until the request could be sent")]
struct TooLate;

/// Makes connections heed the departure of their request.
#[derive(Clone, Copy)]
pub(super) struct Departing;

/// A connector that does.
#[derive(Clone)]
pub(super) struct DepartingConnector<S>(S);

impl<S> Layer<S> for Departing {
    type Service = DepartingConnector<S>;

    fn layer(&self, connector: S) -> Self::Service {
        DepartingConnector(connector)
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl<S, R> Service<R> for DepartingConnector<S>
where
    S: Service<R, Error = BoxError, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let connecting = self.0.call(request);
        Box::pin(async move {
            let Ok(Departure { until, may_leave }) = DEPARTURE.try_with(Clone::clone) else { return connecting.await };
            if !may_leave() {
                return Err(TooLate.into());
            }
            let connection = match until {
                Some(until) => timeout_at(until, connecting).await.map_err(|_| TooLate)??,
                None => connecting.await?,
            };
            if may_leave() { Ok(connection) } else { Err(TooLate.into()) }
        })
    }
}

impl fmt::Debug for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Departure").field("until", &self.until).finish_non_exhaustive()
    }
}
