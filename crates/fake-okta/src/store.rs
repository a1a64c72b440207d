//! What the server remembers: codes, grants and the tokens that came of them, browser sessions, sign-ins that wait for
//! a person. Pure state: it is told the time and every random value, knows no HTTP, and decides which of Okta's rules
//! a request meets. Start reading at [`Store::spend_code`] and, in `refresh`, [`Store::refresh`].

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crate::jwt::digest;
use crate::org::GrantType;

mod device;
mod pushed;
mod refresh;
mod secrets;
#[cfg(test)]
mod tests;

pub(crate) use device::{DEVICE_CODE_LIFETIME, Device, PollRefusal};
pub(crate) use pushed::{PUSHED_LIFETIME, Pushed, PushedRefusal};
use refresh::RefreshToken;
pub(crate) use refresh::{RefreshAttempt, RefreshRefusal};
use secrets::DeviceSecret;

/// How long an authorization code can be redeemed, in seconds. Okta's figure.
pub(crate) const CODE_LIFETIME: i64 = 300;

/// Everything the server remembers.
#[derive(Default)]
pub(crate) struct Store {
    grants: Vec<Grant>,
    codes: HashMap<String, Code>,
    refresh_tokens: HashMap<String, RefreshToken>,
    access_tokens: HashMap<String, AccessToken>,
    sessions: HashMap<String, BrowserSession>,
    waiting: HashMap<String, Authorization>,
    awaiting_consent: HashMap<String, (Authorization, BrowserSession)>,
    id_tokens: HashMap<String, GrantId>,
    device_secrets: HashMap<String, DeviceSecret>,
    /// By device code.
    devices: HashMap<String, Device>,
    /// By `request_uri`.
    pushed: HashMap<String, Pushed>,
    /// Person, client, server and scope of each consent.
    consents: HashSet<[String; 4]>,
    used_ids: HashSet<String>,
    reuse_detections: usize,
}

/// Names a [`Grant`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GrantId(usize);

/// One sign-in of one person to one application: what all tokens that came of it have in common, and lose together.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) person: String,
    pub(crate) client_id: String,
    pub(crate) server: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) auth_time: i64,
    pub(crate) has_two_factors: bool,
    /// The `acr` of its tokens.
    pub(crate) acr: Option<String>,
    /// How it began: by code, device or exchange.
    pub(crate) grant_type: GrantType,
    /// The org's address that the authorization request went to.
    pub(crate) origin: String,
    /// The thumbprint of the key that its refresh tokens are bound to (RFC 9449 section 5).
    pub(crate) key: Option<String>,
    started_at: i64,
    ended: Option<Ended>,
}

/// Why a [`Grant`] is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The application revoked it, and should know.
    Revoked,
    /// A code or a refresh token came a second time.
    Reused,
    /// An admin did.
    Withdrawn,
}

/// An authorization request that was found in order, and waits for a person or a code exchange.
#[derive(Clone, Debug, Default)]
pub(crate) struct Authorization {
    pub(crate) client_id: String,
    pub(crate) server: String,
    /// The org's address that the request went to.
    pub(crate) origin: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_mode: ResponseMode,
    pub(crate) state: String,
    pub(crate) nonce: Option<String>,
    /// `None` where the application does not require PKCE and the request had none.
    pub(crate) code_challenge: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) login_hint: Option<String>,
    /// Empty if there was none.
    pub(crate) prompt: String,
    /// In seconds.
    pub(crate) max_age: Option<i64>,
    pub(crate) acr_values: Vec<String>,
    /// Sent as `iss` in the redirect (RFC 9207).
    pub(crate) issuer_in_redirect: Option<String>,
}

/// How the answer to an authorization request travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    #[default]
    Query,
    Fragment,
    FormPost,
}

/// Someone signed in to Okta itself in one browser, known by its cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrowserSession {
    pub(crate) person: String,
    pub(crate) auth_time: i64,
    pub(crate) has_two_factors: bool,
}

struct Code {
    grant: GrantId,
    authorization: Authorization,
    expires_at: i64,
    is_spent: bool,
}

/// An access token and what it was issued with.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) grant: GrantId,
    pub(crate) scopes: Vec<String>,
    /// The thumbprint of the key that it is bound to.
    pub(crate) key: Option<String>,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
    is_revoked: bool,
}

/// What a code exchange presents beside the code.
pub(crate) struct CodeProof<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) server: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) code_verifier: Option<&'a str>,
}

/// Why a code is not redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefusal {
    Unknown,
    Expired,
    Reused,
    AnotherClient,
    AnotherServer,
    AnotherRedirectUri,
    NoChallenge,
    NoVerifier,
    WrongVerifier,
}

impl Grant {
    /// A grant that begins now, without scopes.
    pub(crate) fn new(
        session: &BrowserSession,
        grant_type: GrantType,
        client_id: &str,
        server: &str,
        now: i64,
    ) -> Self {
        Self {
            person: session.person.clone(),
            client_id: client_id.to_owned(),
            server: server.to_owned(),
            scopes: Vec::new(),
            auth_time: session.auth_time,
            has_two_factors: session.has_two_factors,
            acr: None,
            grant_type,
            origin: String::new(),
            key: None,
            started_at: now,
            ended: None,
        }
    }
}

impl Grant {
    /// What one more application is granted by exchange: the same person, signed in when and as they were.
    pub(crate) fn exchanged(&self, client_id: &str, server: &str, scopes: Vec<String>, now: i64) -> Self {
        Self {
            client_id: client_id.to_owned(),
            server: server.to_owned(),
            scopes,
            grant_type: GrantType::TokenExchange,
            key: None,
            started_at: now,
            ended: None,
            ..self.clone()
        }
    }
}

impl AccessToken {
    /// A token that lives from the first instant of `life` to the second.
    pub(crate) fn new(grant: GrantId, scopes: Vec<String>, key: Option<String>, life: (i64, i64)) -> Self {
        let (issued_at, expires_at) = life;
        Self { grant, scopes, key, issued_at, expires_at, is_revoked: false }
    }
}

impl Store {
    /// Begins a grant and keeps the code for it.
    pub(crate) fn grant_code(
        &mut self,
        code: String,
        authorization: Authorization,
        session: &BrowserSession,
        acr: Option<String>,
        now: i64,
    ) {
        let Authorization { client_id, server, scopes, origin, .. } = &authorization;
        let grant = Grant::new(session, GrantType::Code, client_id, server, now);
        let grant = self.begin(Grant { scopes: scopes.clone(), origin: origin.clone(), acr, ..grant });
        let expires_at = now + CODE_LIFETIME;
        self.codes.insert(code, Code { grant, authorization, expires_at, is_spent: false });
    }

    /// Redeems a code, once. A second time ends the grant (RFC 6749 section 4.1.2). A failed attempt does not spend it.
    ///
    /// Returns the grant and the nonce of the authorization request.
    pub(crate) fn spend_code(
        &mut self,
        code: &str,
        proof: &CodeProof<'_>,
        now: i64,
    ) -> Result<(GrantId, Option<String>), CodeRefusal> {
        let Some(code) = self.codes.get_mut(code) else { return Err(CodeRefusal::Unknown) };
        if code.is_spent {
            let grant = code.grant;
            self.end(grant, Ended::Reused);
            return Err(CodeRefusal::Reused);
        }
        if now >= code.expires_at {
            return Err(CodeRefusal::Expired);
        }
        let authorization = &code.authorization;
        if authorization.client_id != proof.client_id {
            return Err(CodeRefusal::AnotherClient);
        }
        if authorization.server != proof.server {
            return Err(CodeRefusal::AnotherServer);
        }
        if authorization.redirect_uri != proof.redirect_uri {
            return Err(CodeRefusal::AnotherRedirectUri);
        }
        match (&authorization.code_challenge, proof.code_verifier) {
            (None, None) => {}
            (None, Some(_)) => return Err(CodeRefusal::NoChallenge),
            (Some(_), None) => return Err(CodeRefusal::NoVerifier),
            (Some(challenge), Some(verifier)) if digest(verifier) == *challenge => {}
            (Some(_), Some(_)) => return Err(CodeRefusal::WrongVerifier),
        }
        code.is_spent = true;
        Ok((code.grant, authorization.nonce.clone()))
    }

    /// Keeps an access token.
    pub(crate) fn keep_access_token(&mut self, value: String, token: AccessToken) {
        self.access_tokens.insert(value, token);
    }

    /// Remembers what an ID token came of.
    pub(crate) fn keep_id_token(&mut self, value: String, grant: GrantId) {
        self.id_tokens.insert(value, grant);
    }

    /// What an ID token came of, even if that is over.
    pub(crate) fn grant_of_id_token(&self, value: &str) -> Option<&Grant> {
        Some(self.grant(*self.id_tokens.get(value)?))
    }

    /// What an access token came of, even if either is over.
    pub(crate) fn grant_of_access_token(&self, value: &str) -> Option<&Grant> {
        Some(self.grant(self.access_tokens.get(value)?.grant))
    }

    /// Binds what comes of a grant to a key.
    pub(crate) fn bind(&mut self, grant: GrantId, key: Option<String>) {
        self.grants[grant.0].key = key;
    }

    /// Revokes a token of this client (RFC 7009). A refresh token takes the whole grant with it, an access token only
    /// itself, a device secret all that came of it. Whether there was anything to revoke.
    pub(crate) fn revoke(&mut self, value: &str, client_id: &str) -> bool {
        if let Some(token) = self.refresh_tokens.get(value) {
            let grant = token.grant;
            let is_own = self.grants[grant.0].client_id == client_id;
            if is_own {
                self.end(grant, Ended::Revoked);
            }
            return is_own;
        }
        match self.access_tokens.get_mut(value) {
            Some(token) if self.grants[token.grant.0].client_id == client_id => {
                token.is_revoked = true;
                true
            }
            Some(_) => false,
            None => self.revoke_device_secret(value, client_id),
        }
    }

    /// Ends all grants and browser sessions of a person, as an admin can.
    pub(crate) fn end_all_of(&mut self, person: &str) {
        let all: Vec<_> = (0..self.grants.len()).filter(|at| self.grants[*at].person == person).collect();
        for at in all {
            self.end(GrantId(at), Ended::Withdrawn);
        }
        self.sessions.retain(|_, session| session.person != person);
    }

    /// The grant of this id.
    pub(crate) fn grant(&self, id: GrantId) -> &Grant {
        &self.grants[id.0]
    }

    /// The access token of this value, if the server still stands by it.
    pub(crate) fn live_access_token(&self, value: &str, now: i64) -> Option<&AccessToken> {
        let token = self.access_tokens.get(value)?;
        let is_live = !token.is_revoked && now < token.expires_at && self.grants[token.grant.0].ended.is_none();
        is_live.then_some(token)
    }

    /// The access token of this value, even if it is over.
    pub(crate) fn access_token(&self, value: &str) -> Option<&AccessToken> {
        self.access_tokens.get(value)
    }

    /// Whether an id of what may come only once has not come before.
    pub(crate) fn is_first_use(&mut self, id: String) -> bool {
        self.used_ids.insert(id)
    }

    /// Keeps an authorization request until a person has chosen.
    pub(crate) fn wait_for_person(&mut self, transaction: String, authorization: Authorization) {
        self.waiting.insert(transaction, authorization);
    }

    /// Takes back what [`Store::wait_for_person`] kept; once.
    pub(crate) fn person_chose(&mut self, transaction: &str) -> Option<Authorization> {
        self.waiting.remove(transaction)
    }

    /// Keeps an authorization request until the person has decided about consent.
    pub(crate) fn wait_for_consent(
        &mut self,
        transaction: String,
        authorization: Authorization,
        session: BrowserSession,
    ) {
        self.awaiting_consent.insert(transaction, (authorization, session));
    }

    /// Takes back what [`Store::wait_for_consent`] kept; once.
    pub(crate) fn person_decided(&mut self, transaction: &str) -> Option<(Authorization, BrowserSession)> {
        self.awaiting_consent.remove(transaction)
    }

    /// Remembers that a person consents to the scopes of a request.
    pub(crate) fn consented(&mut self, authorization: &Authorization, person: &str) {
        let consents = authorization.scopes.iter().map(|scope| consent(authorization, person, scope));
        self.consents.extend(consents);
    }

    /// Whether a person has consented to a scope of a request, now or at an earlier one.
    pub(crate) fn has_consented(&self, authorization: &Authorization, person: &str, scope: &str) -> bool {
        self.consents.contains(&consent(authorization, person, scope))
    }

    /// Keeps a browser session under the value of its cookie.
    pub(crate) fn start_session(&mut self, cookie: String, session: BrowserSession) {
        self.sessions.insert(cookie, session);
    }

    /// The browser session of this cookie.
    pub(crate) fn session(&self, cookie: &str) -> Option<&BrowserSession> {
        self.sessions.get(cookie)
    }

    /// Forgets a browser session.
    pub(crate) fn end_session(&mut self, cookie: &str) {
        self.sessions.remove(cookie);
    }

    fn begin(&mut self, grant: Grant) -> GrantId {
        self.grants.push(grant);
        GrantId(self.grants.len() - 1)
    }

    /// The first reason stays: later ones are its consequences.
    fn end(&mut self, grant: GrantId, why: Ended) {
        self.grants[grant.0].ended.get_or_insert(why);
    }
}

fn consent(authorization: &Authorization, person: &str, scope: &str) -> [String; 4] {
    [person, &authorization.client_id, &authorization.server, scope].map(str::to_owned)
}

/// Whole seconds; more than an `i64` holds is for ever.
pub(crate) fn seconds(duration: Duration) -> i64 {
    // Halved so that adding it to an instant cannot overflow.
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX).min(i64::MAX / 2)
}
