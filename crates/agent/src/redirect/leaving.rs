//! The page that sends a browser to Okta's sign-out. The hint that must go with it is a token: it is posted from a page that
//! is shown once, at an address that nobody finds, and so stands in no address, argument or history.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gatepass_oidc::EndSessionRequest;
use hyper::body::Incoming;
use hyper::{Method, Request};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use url::{Position, Url};

use super::answer::{Answer, Refusal};
use super::attempt::{check_host, check_that_a_person_goes_there};
use super::server::{Limits, Server, Site};
use super::unguessable;
use super::visitor::Visitors;
use super::words::PageWords;

/// How long a browser has to come for the page.
const PATIENCE: Duration = Duration::from_secs(60);

/// The page, waiting for the one visit. Dropping it closes its port.
pub(crate) struct LeavingPage {
    url: Url,
    page: Arc<Page>,
    _server: Server,
}

struct Page {
    authority: String,
    path: String,
    words: &'static PageWords,
    /// Taken by whoever comes first.
    request: Mutex<Option<EndSessionRequest>>,
    delivered: watch::Sender<bool>,
}

impl LeavingPage {
    /// Waits at a free port of 127.0.0.1. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// What the system said.
    pub(crate) async fn open(request: EndSessionRequest, words: &'static PageWords) -> io::Result<Self> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let path = format!("/leave/{}", unguessable()?);
        let url = Url::parse(&format!("http://{}{path}", socket.local_addr()?)).map_err(io::Error::other)?;
        let authority = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let (request, delivered) = (Mutex::new(Some(request)), watch::Sender::default());
        let page = Arc::new(Page { authority, path, words, request, delivered });
        let server = Server::start(vec![socket], &page, Visitors::of_this_user(), Limits::default());
        Ok(Self { url, page, _server: server })
    }

    /// Where the browser is to be sent.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the one visit, for a minute. Whether there was one.
    pub(crate) async fn visited(self) -> bool {
        let mut delivered = self.page.delivered.subscribe();
        timeout(PATIENCE, delivered.wait_for(|delivered| *delivered)).await.is_ok_and(|delivered| delivered.is_ok())
    }
}

impl Page {
    fn admit(&self, request: &Request<Incoming>) -> Result<Answer, Refusal> {
        check_host(request, &self.authority)?;
        if request.uri().path() != self.path {
            return Err(Refusal::NoSuchPath);
        }
        // A look without a visit would spend the one there is.
        if request.method() != Method::GET {
            return Err(Refusal::WrongMethod { allowed: "GET" });
        }
        check_that_a_person_goes_there(request.headers())?;
        let request = self.request.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or(Refusal::NoSuchPath)?;
        Answer::posting(request.endpoint(), request.expose_fields(), self.words)
    }
}

impl Site for Page {
    fn words(&self) -> &'static PageWords {
        self.words
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        self.admit(&request).unwrap_or_else(|refusal| refusal.answer(self.words))
    }

    fn note_delivery(&self) {
        self.delivered.send_replace(true);
    }
}

#[cfg(test)]
mod tests;
