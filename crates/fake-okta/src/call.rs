//! One request on its way through the server: what it brought, and what of the server it sees.

use std::sync::{Arc, Mutex};

use crate::clock::Clock;
use crate::dpop::Nonces;
use crate::fault::{Fault, Orders};
use crate::keys::KeyRing;
use crate::lock;
use crate::observe::{Issued, Journal, Received, TokenKind};
use crate::org::{CustomServer, Org};
use crate::parameters::Parameters;
use crate::store::Store;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) origin: String,
    /// Replaced whole when a test edits it, so that one request sees one org.
    pub(crate) org: Mutex<Arc<Org>>,
    pub(crate) clock: Clock,
    pub(crate) keys: Mutex<KeyRing>,
    pub(crate) nonces: Mutex<Nonces>,
    pub(crate) store: Mutex<Store>,
    pub(crate) orders: Mutex<Orders>,
    pub(crate) journal: Arc<Journal>,
}

/// One request.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) org: Arc<Org>,
    pub(crate) now: i64,
    /// The id of the custom server in the path; `None` for the org server.
    pub(crate) server: Option<String>,
    pub(crate) request: Received,
    /// What the endpoint is to get wrong.
    pub(crate) fault: Option<Fault>,
}

impl Shared {
    /// The org as it is now.
    pub(crate) fn org(&self) -> Arc<Org> {
        Arc::clone(&lock(&self.org))
    }
}

impl<'a> Call<'a> {
    pub(crate) fn new(shared: &'a Shared, server: Option<String>, request: Received) -> Self {
        Self { shared, org: shared.org(), now: shared.clock.now(), server, request, fault: None }
    }

    /// Takes the time and the org as they are now.
    pub(crate) fn look_again(&mut self) {
        self.org = self.shared.org();
        self.now = self.shared.clock.now();
    }

    pub(crate) fn parameters(&self) -> &Parameters {
        &self.request.parameters
    }

    /// The address that the request went to, without the query.
    pub(crate) fn url(&self) -> String {
        let host = self.request.header("host").unwrap_or_default();
        format!("http://{host}{}", self.request.path)
    }

    /// The issuer that the request went to.
    pub(crate) fn issuer(&self) -> String {
        match &self.server {
            None => self.shared.origin.clone(),
            Some(id) => format!("{}/oauth2/{id}", self.shared.origin),
        }
    }

    /// The custom server that the request went to; `None` for the org server.
    pub(crate) fn custom_server(&self) -> Option<&CustomServer> {
        let id = self.server.as_deref()?;
        self.org.servers.iter().find(|server| server.id == id)
    }

    /// Whether the server that the request went to exists.
    pub(crate) fn has_server(&self) -> bool {
        self.server.is_none() || self.custom_server().is_some()
    }

    /// Names the server in the store: its id, or nothing for the org server.
    pub(crate) fn server_id(&self) -> &str {
        self.server.as_deref().unwrap_or_default()
    }

    /// Records that a careful client would not have sent this request.
    pub(crate) fn unexpected(&self, why: &str) {
        if self.org.log_requests {
            eprintln!("! {why}");
        }
        self.shared.journal.unexpected(format!("{} {}: {why}", self.request.method, self.request.path));
    }

    /// Records that a token goes out.
    pub(crate) fn issue(&self, kind: TokenKind, person: &str, client_id: &str, value: &str) {
        let (person, client_id, value) = (person.to_owned(), client_id.to_owned(), value.to_owned());
        self.shared.journal.issue(Issued { kind, person, client_id, value, issued_at: self.now });
    }

    /// The value of the cookie that Okta's session has.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        let cookies = self.request.header("cookie")?;
        cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("sid="))
    }
}
