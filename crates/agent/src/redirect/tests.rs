//! Real sockets and a client that writes bytes, as a hostile page or program would. One test per trick.

mod hostile;
mod lead;
mod lifetime;
mod outcome;
mod slow;
#[cfg(target_os = "linux")]
mod strangers;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use gatepass_oidc::{AuthorizationResponse, RedirectUri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use super::server::Limits;
use super::*;
use crate::testing::plain_page;

/// What the browser brings if all is well.
const GENUINE: &str = "code=the-code&state=the-state";

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Far longer than anything here takes, on a machine that is busy with other things too; shorter than the time for which
/// an outcome is kept.
const SOON: Duration = Duration::from_secs(10);

/// What must happen soon: a test that waits in vain says so.
async fn soon<T>(happening: impl Future<Output = T>) -> T {
    timeout(SOON, happening).await.expect("it did not happen")
}

fn bears_our_state(response: &AuthorizationResponse) -> bool {
    response.state_for_tests() == "the-state"
}

/// A port that is free on both loopback addresses, from below the range that systems give to clients: a client socket of
/// another test must not be on it.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 600).expect("less than 600") * 16;
    (0..10_000)
        .map(|_| 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000)
        .find(|port| {
            std::net::TcpListener::bind((V4, *port)).is_ok()
                && (!has_v6() || std::net::TcpListener::bind((V6, *port)).is_ok())
        })
        .expect("one of 10,000 ports is free")
}

fn has_v6() -> bool {
    std::net::TcpListener::bind((V6, 0)).is_ok()
}

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

/// A listener on 127.0.0.1 for the redirect path `/redirect`, and a client's view of it.
struct Trial {
    listener: RedirectListener,
    address: SocketAddr,
}

impl Trial {
    async fn start() -> Self {
        Self::start_within(Limits::default()).await
    }

    async fn start_within(limits: Limits) -> Self {
        Self::start_for(Visitors::of_this_user(), limits).await
    }

    async fn start_for(visitors: Visitors, limits: Limits) -> Self {
        let port = free_port();
        let uris = [uri(&format!("http://127.0.0.1:{port}/redirect"))];
        let listener = RedirectListener::bind_for(&uris, plain_page(), visitors, limits).await.unwrap();
        listener.lead_to(Url::parse("https://example.okta.com/oauth2/v1/authorize?client_id=0oa1").unwrap());
        Self { listener, address: SocketAddr::new(V4, port) }
    }

    /// A request for `target` with a right `Host`, and `more` header lines.
    fn request(&self, method: &str, target: &str, more: &[&str]) -> String {
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for line in more {
            request += line;
            request += "\r\n";
        }
        request + "\r\n"
    }

    fn redirect(&self, parameters: &str) -> String {
        self.request("GET", &format!("/redirect?{parameters}"), &[])
    }

    fn form(&self, body: &str, more: &[&str]) -> String {
        let length = format!("Content-Length: {}", body.len());
        self.request("POST", "/redirect", &[&[length.as_str()], more].concat()) + body
    }

    /// Sends `request` while the listener receives, and insists that it spends nothing.
    async fn turned_away(&self, request: impl AsRef<[u8]>) -> Reply {
        tokio::select! {
            biased;
            _ = self.listener.receive(bears_our_state) => panic!("a request that should be turned away was accepted"),
            reply = send(self.address, request) => reply,
        }
    }

    /// Sends `request`, which must be accepted; then its reply, which must lead to the page of the outcome.
    async fn accepted(&self, request: impl AsRef<[u8]>) -> Reply {
        let mut reply = std::pin::pin!(send(self.address, request));
        tokio::select! {
            biased;
            _ = self.listener.receive(bears_our_state) => {}
            reply = &mut reply => panic!("a request that should be accepted was turned away: {}", reply.raw),
        }
        let reply = reply.await;
        assert_eq!(reply.status, 303, "{}", reply.raw);
        reply
    }

    /// Insists that the attempt still works.
    async fn still_works(&self) {
        self.accepted(self.redirect(GENUINE)).await;
    }

    /// Visits the page at `path` while the attempt ends with `outcome`: what ends it is the visit, long before a page
    /// that nobody visits is given up.
    async fn ends_when_visited(self, path: &str, outcome: Outcome) -> Reply {
        let visit = send(self.address, self.request("GET", path, &[]));
        let (page, ()) = tokio::join!(visit, soon(self.listener.finish(outcome)));
        page
    }

    fn launch_path(&self) -> String {
        self.listener.launch_url().path().to_owned()
    }

    /// Insists on `status` for `request`, and that the attempt still works.
    async fn refuses(request: impl FnOnce(&Self) -> String, status: u16) -> Reply {
        let trial = Self::start().await;
        let reply = trial.turned_away(request(&trial)).await;
        assert_eq!(reply.status, status, "{}", reply.raw);
        trial.still_works().await;
        reply
    }
}

struct Reply {
    /// 0 if the connection was closed without an answer.
    status: u16,
    raw: String,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        let head = self.raw.split("\r\n\r\n").next()?;
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v)
    }

    fn location(&self) -> &str {
        self.header("location").expect("a redirect has a location")
    }

    fn body(&self) -> &str {
        self.raw.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// Sends `request` on a connection of its own, and reads until the server closes it.
async fn send(address: SocketAddr, request: impl AsRef<[u8]>) -> Reply {
    send_on(connect(address).await, request).await
}

async fn send_on(mut stream: TcpStream, request: impl AsRef<[u8]>) -> Reply {
    // The server may have had enough before all is written.
    let _ = soon(stream.write_all(request.as_ref())).await;
    reply_on(stream).await
}

/// Reads until the server closes the connection, which it must have said in the header that it will.
async fn reply_on(mut stream: TcpStream) -> Reply {
    let mut raw = Vec::new();
    let closed = async {
        // A reset ends the reply as well; what came before it is kept.
        while stream.read_buf(&mut raw).await.is_ok_and(|n_bytes| n_bytes > 0) {
            let so_far = String::from_utf8_lossy(&raw);
            let says_close = |head: &str| head.contains("\r\nconnection: close");
            assert!(so_far.split_once("\r\n\r\n").is_none_or(|(head, _)| says_close(head)), "{so_far}");
        }
    };
    soon(closed).await;
    let raw = String::from_utf8(raw).unwrap();
    let status = raw.strip_prefix("HTTP/1.1 ").map_or(0, |rest| rest[..3].parse().unwrap());
    Reply { status, raw }
}
