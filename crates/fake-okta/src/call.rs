//! One request on its way through the server: what it brought, and what of the server it sees.

use std::sync::{Arc, Mutex};

use crate::clock::Clock;
use crate::dpop::Nonces;
use crate::fault::{Fault, Orders};
use crate::keys::KeyRing;
use crate::lock;
use crate::observe::{Issued, Journal, Received, TokenKind};
use crate::org::{App, CustomServer, IssuerMode, Org};
use crate::parameters::Parameters;
use crate::store::{BrowserSession, Grant, Store};

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) origin: String,
    pub(crate) port: u16,
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
    /// The address of the org's custom domain, if it has one.
    pub(crate) fn custom_origin(&self, org: &Org) -> Option<String> {
        org.custom_domain.as_ref().map(|host| format!("http://{host}:{}", self.port))
    }

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

    /// The org's address that the request went to: its own, or that of its custom domain.
    pub(crate) fn origin(&self) -> String {
        let custom = self.shared.custom_origin(&self.org);
        let is_custom = |origin: &String| self.request.header("host") == origin.strip_prefix("http://");
        custom.filter(is_custom).unwrap_or_else(|| self.shared.origin.clone())
    }

    /// The issuer of the server that the request went to, for an authorization request that went to `origin`. The
    /// setting of the application counts at the org server, that of the server at a custom one.
    pub(crate) fn issuer(&self, origin: &str, app: Option<&App>) -> String {
        let mode = match self.custom_server() {
            Some(server) => server.issuer_mode,
            None => app.map_or(IssuerMode::Dynamic, |app| app.issuer_mode),
        };
        let origin = match mode {
            IssuerMode::OktaUrl => self.shared.origin.clone(),
            IssuerMode::CustomUrl => self.shared.custom_origin(&self.org).unwrap_or_else(|| self.shared.origin.clone()),
            IssuerMode::Dynamic => origin.to_owned(),
        };
        match &self.server {
            None => origin,
            Some(id) => format!("{origin}/oauth2/{id}"),
        }
    }

    /// The issuer of what comes of a grant.
    pub(crate) fn issuer_of(&self, grant: &Grant) -> String {
        self.issuer(&grant.origin, self.org.client(&grant.client_id))
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

    /// The same request as if it had gone to this custom server, or to the org server if there is no id: for pages, whose
    /// addresses belong to the org.
    pub(crate) fn at(&self, server: &str) -> Self {
        Self {
            shared: self.shared,
            org: Arc::clone(&self.org),
            now: self.now,
            server: Some(server.to_owned()).filter(|id| !id.is_empty()),
            request: self.request.clone(),
            fault: self.fault.clone(),
        }
    }

    /// Okta's session of the browser, if someone who still exists has signed in with it.
    pub(crate) fn session(&self) -> Option<BrowserSession> {
        let session = lock(&self.shared.store).session(self.session_cookie()?).cloned()?;
        self.org.person(&session.person).is_some().then_some(session)
    }

    /// The value of the cookie that Okta's session has.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        let cookies = self.request.header("cookie")?;
        cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("sid="))
    }
}
