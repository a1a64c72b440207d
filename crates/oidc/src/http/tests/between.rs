//! What stands between here and a server: proxies that work, refuse, ask for a password or hang, and certificates of
//! authorities that the system knows or does not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncBufReadExt, BufReader, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::*;
use crate::error::Obstacle;

const HOST: &str = "acme.example";

/// An https server for [`HOST`], whose certificate is of an authority of its own.
struct Server {
    port: u16,
    ca_pem: String,
}

impl Server {
    async fn start() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names = vec![HOST.to_owned(), "localhost".to_owned()];
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &ca).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        let (acceptor, listener) =
            (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { port, ca_pem: ca.pem() }
    }
}

/// What a proxy does with those who come.
#[derive(Clone, Copy)]
enum Manner {
    /// Leads every CONNECT to this port of this machine.
    LeadTo(u16),
    Answer(&'static str),
    Hang,
}

/// An HTTP proxy, and the heads of the requests that came to it.
struct Proxy {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), heads: Arc::default() };
        let heads = proxy.heads.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manner, heads.clone()));
            }
        });
        proxy
    }

    fn route(&self) -> Route {
        Route::Proxy(Url::parse(&format!("http://robin:s3cret@127.0.0.1:{}", self.port)).unwrap())
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, manner: Manner, heads: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    heads.lock().unwrap().push(head);
    match manner {
        Manner::LeadTo(port) => {
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut server).await;
        }
        Manner::Answer(answer) => {
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        Manner::Hang => std::future::pending().await,
    }
}

/// A client whose ways out are these.
fn http_by(routes: Vec<Route>) -> Http {
    let routes = RouteFinder::new(move |_| std::future::ready(routes.clone()));
    let connect_timeout = Duration::from_millis(300);
    Http::new(HttpPolicy { routes: Some(routes), connect_timeout, ..HttpPolicy::default() })
}

fn address() -> Url {
    Url::parse(&format!("https://{HOST}/?code=s3cret")).unwrap()
}

async fn obstacle(http: &Http, url: &Url) -> Obstacle {
    match failure(http, url).await {
        Error::Obstructed { by, reason } => {
            assert!(!reason.contains("s3cret") && !reason.contains("robin"), "{reason}");
            by
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_as_what_stands_in_the_way() {
    for answer in [
        "HTTP/1.1 403 Forbidden\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 2\r\n\r\nno",
        "",
        "nonsense\r\n\r\n",
    ] {
        let proxy = Proxy::start(Manner::Answer(answer)).await;
        assert_eq!(obstacle(&http_by(vec![proxy.route()]), &address()).await, Obstacle::Proxy, "{answer:?}");
        assert_eq!(proxy.heads().len(), 1);
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_told_from_one_that_refuses() {
    let proxy = Proxy::start(Manner::Answer("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")).await;
    assert_eq!(obstacle(&http_by(vec![proxy.route()]), &address()).await, Obstacle::ProxySignIn);
    // It was told the password that stands in the proxy's address.
    assert!(proxy.heads()[0].to_ascii_lowercase().contains("proxy-authorization: basic"), "{:?}", proxy.heads());
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_too() {
    for scheme in ["http", "socks5h"] {
        // Bound, so that nobody else gets the port, and not listening.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let proxy = Url::parse(&format!("{scheme}://{}", socket.local_addr().unwrap())).unwrap();
        assert_eq!(obstacle(&http_by(vec![Route::Proxy(proxy)]), &address()).await, Obstacle::Proxy, "{scheme}");
    }
}

#[tokio::test]
async fn a_proxy_that_hangs_is_given_up_before_the_request_left() {
    let proxy = Proxy::start(Manner::Hang).await;
    assert!(!may_have_arrived(&failure(&http_by(vec![proxy.route()]), &address()).await));
}

#[tokio::test]
async fn where_one_way_leads_nowhere_the_next_is_tried() {
    let server = Server::start().await;
    let refusing = Proxy::start(Manner::Answer("HTTP/1.1 403 Forbidden\r\n\r\n")).await;
    let leading = Proxy::start(Manner::LeadTo(server.port)).await;
    let http = http_by(vec![refusing.route(), leading.route()]);
    // The second leads to the server, whose certificate nobody here knows: as far as it goes without a password.
    assert_eq!(obstacle(&http, &address()).await, Obstacle::Certificate);
    assert_eq!((refusing.heads().len(), leading.heads().len()), (1, 1));
    assert!(leading.heads()[0].starts_with(&format!("CONNECT {HOST}:443 ")), "{:?}", leading.heads());
}

#[tokio::test]
async fn who_finds_the_way_is_not_told_what_is_asked_and_never_asked_for_loopback() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let ears = asked.clone();
    let proxy = Proxy::start(Manner::Answer("")).await;
    let route = proxy.route();
    let routes = RouteFinder::new(move |url: Url| {
        ears.lock().unwrap().push(url.to_string());
        std::future::ready(vec![route.clone()])
    });
    let http = Http::new(HttpPolicy { routes: Some(routes), ..HttpPolicy::default() });
    failure(&http, &address()).await;
    assert_eq!(*asked.lock().unwrap(), [format!("https://{HOST}/")]);
    http.get(&raw(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await).await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 1);
    assert_eq!(proxy.heads().len(), 1);
}

#[tokio::test]
async fn a_new_way_does_not_disturb_what_is_under_way_on_the_old_one() {
    let (slow, other) = (Proxy::start(Manner::Hang).await, Proxy::start(Manner::Answer("")).await);
    let n_asked = AtomicUsize::new(0);
    let ways = [slow.route(), other.route()];
    let routes = RouteFinder::new(move |_| {
        std::future::ready(vec![ways[n_asked.fetch_add(1, Ordering::SeqCst).min(1)].clone()])
    });
    let http = Http::new(HttpPolicy { routes: Some(routes), ..HttpPolicy::default() });
    let address = address();
    let first = tokio::spawn({
        let (http, address) = (http.clone(), address.clone());
        async move { http.get(&address).await.map(drop) }
    });
    let under_way = async {
        while slow.heads().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), under_way).await.expect("the first request gets to its proxy");
    assert_eq!(obstacle(&http, &address).await, Obstacle::Proxy);
    assert!(!first.is_finished());
    assert_eq!((slow.heads().len(), other.heads().len()), (1, 1));
}

#[test]
fn what_is_printed_of_a_proxy_has_no_password() {
    let route = Route::Proxy(Url::parse("http://robin:s3cret@proxy.acme.example:8080").unwrap());
    assert_eq!(format!("{route:?}"), "Proxy(http://proxy.acme.example:8080)");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_named() {
    let server = Server::start().await;
    let url = Url::parse(&format!("https://localhost:{}/?code=s3cret", server.port)).unwrap();
    assert_eq!(obstacle(&http(), &url).await, Obstacle::Certificate);
}

#[cfg(target_os = "linux")]
mod environment;
