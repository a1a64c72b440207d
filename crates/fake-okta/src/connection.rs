//! The connections, and the way of a request through the server: recorded, perhaps held or spoiled, answered by its
//! endpoint, stamped with the headers that every answer of Okta has. Knows no endpoint from another.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::answer::{self, Answer, with_header};
use crate::call::{Call, Shared};
use crate::endpoints::{self, Route};
use crate::fault::{Fault, Order, RateLimitBody};
use crate::keys::random_value;
use crate::lock;
use crate::observe::{Answered, Endpoint, Received};
use crate::parameters::Parameters;

const MAX_FORM: usize = 1024 * 1024;
const HUGE: usize = 16 * 1024 * 1024;
/// Requests per minute in `X-Rate-Limit-Limit`.
const RATE_LIMIT: usize = 1200;

/// Makes hyper drop the connection without an answer.
#[derive(Debug)]
struct CutConnection;

/// Accepts connections for ever. They live in this future: dropped, it cuts them all.
pub(crate) async fn listen(listener: TcpListener, shared: Arc<Shared>) {
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
        Some(Order::Fault(Fault::HalfAnswer)) => half(endpoints::answer(&call, route.as_ref())).await,
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
    let request_id = random_value();
    let answer = stamped(&call, answer, &request_id);
    shared.journal.answer(Answered { endpoint, status: answer.status().as_u16(), request_id });
    Ok(answer)
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

/// The answer with the second half of its body gone.
async fn half(answer: Answer) -> Answer {
    let (head, body) = answer.into_parts();
    // The body is in memory: nothing can fail.
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Answer::from_parts(head, Full::new(bytes.slice(..bytes.len() / 2)))
}

/// The headers that every answer has; those that an endpoint or a fault has set stay.
fn stamped(call: &Call<'_>, answer: Answer, request_id: &str) -> Answer {
    let now = u64::try_from(call.now).unwrap_or_default();
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(now));
    let remaining = RATE_LIMIT - 1 - call.shared.journal.n_received() % RATE_LIMIT;
    let headers = [
        ("date", date),
        ("x-okta-request-id", request_id.to_owned()),
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
