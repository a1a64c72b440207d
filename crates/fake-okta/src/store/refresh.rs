//! Refresh tokens: how they live, rotate and die.

use std::time::Duration;

use crate::org::Rotation;
use crate::store::{Ended, Grant, GrantId, Store, seconds};

/// A refresh token, by its value.
pub(super) struct RefreshToken {
    pub(super) grant: GrantId,
    last_used_at: i64,
    rotated_at: Option<i64>,
}

/// What a refresh presents, and the rules it meets.
pub(crate) struct RefreshAttempt<'a> {
    pub(crate) value: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) server: &'a str,
    /// The scopes asked for; empty for those of the sign-in.
    pub(crate) scopes: &'a [String],
    pub(crate) rotation: Rotation,
    pub(crate) idle_lifetime: Option<Duration>,
    pub(crate) absolute_lifetime: Option<Duration>,
    /// The value of the next token, should this one be rotated.
    pub(crate) successor: String,
}

/// A refresh that was granted.
#[derive(Debug)]
pub(crate) struct Refreshed {
    pub(crate) grant: GrantId,
    pub(crate) scopes: Vec<String>,
    /// The refresh token to use from now on.
    pub(crate) refresh_token: String,
}

/// Why a refresh is not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RefreshRefusal {
    Unknown,
    Expired,
    Reused,
    Ended(Ended),
    AnotherClient,
    AnotherServer,
    ScopesDenied(Vec<String>),
}

impl Store {
    /// Keeps the first refresh token of a grant.
    pub(crate) fn keep_refresh_token(&mut self, value: String, grant: GrantId, now: i64) {
        self.refresh_tokens.insert(value, RefreshToken { grant, last_used_at: now, rotated_at: None });
    }

    /// The grant of a refresh token, whatever else is true of it, unless it is over.
    pub(crate) fn grant_of_refresh_token(&self, value: &str) -> Option<&Grant> {
        let grant = &self.grants[self.refresh_tokens.get(value)?.grant.0];
        grant.ended.is_none().then_some(grant)
    }

    /// Uses a refresh token. Reuse of a rotated one after its grace ends the grant with all its tokens (RFC 9700
    /// section 4.14.2). Within the grace the use counts, and the token issued meanwhile stays alive too.
    pub(crate) fn refresh(&mut self, attempt: RefreshAttempt<'_>, now: i64) -> Result<Refreshed, RefreshRefusal> {
        let Some(token) = self.refresh_tokens.get_mut(attempt.value) else { return Err(RefreshRefusal::Unknown) };
        let id = token.grant;
        let grant = &self.grants[id.0];
        if grant.client_id != attempt.client_id {
            return Err(RefreshRefusal::AnotherClient);
        }
        if grant.server != attempt.server {
            return Err(RefreshRefusal::AnotherServer);
        }
        if let Some(ended) = grant.ended {
            return Err(RefreshRefusal::Ended(ended));
        }
        let has_passed =
            |lifetime: Option<Duration>, since: i64| lifetime.is_some_and(|life| now >= since + seconds(life));
        if has_passed(attempt.absolute_lifetime, grant.started_at)
            || has_passed(attempt.idle_lifetime, token.last_used_at)
        {
            return Err(RefreshRefusal::Expired);
        }
        let grace = match attempt.rotation {
            Rotation::Static => None,
            Rotation::Rotate { grace } => Some(seconds(grace)),
        };
        if token.rotated_at.is_some_and(|rotated_at| now >= rotated_at + grace.unwrap_or_default()) {
            self.end(id, Ended::Reused);
            self.reuse_detections += 1;
            return Err(RefreshRefusal::Reused);
        }
        let denied: Vec<_> = attempt.scopes.iter().filter(|scope| !grant.scopes.contains(scope)).cloned().collect();
        if !denied.is_empty() {
            return Err(RefreshRefusal::ScopesDenied(denied));
        }
        let scopes = if attempt.scopes.is_empty() { grant.scopes.clone() } else { attempt.scopes.to_vec() };
        token.last_used_at = now;
        // Narrowed to scopes without `offline_access`, the answer has no refresh token, so this one must stay.
        if grace.is_none() || !scopes.iter().any(|scope| scope == "offline_access") {
            return Ok(Refreshed { grant: id, scopes, refresh_token: attempt.value.to_owned() });
        }
        token.rotated_at.get_or_insert(now);
        self.keep_refresh_token(attempt.successor.clone(), id, now);
        Ok(Refreshed { grant: id, scopes, refresh_token: attempt.successor })
    }

    /// The grant of a refresh token that is neither rotated nor ended. Lifetimes are not looked at.
    pub(crate) fn live_refresh_token(&self, value: &str) -> Option<&Grant> {
        let token = self.refresh_tokens.get(value)?;
        let grant = &self.grants[token.grant.0];
        (token.rotated_at.is_none() && grant.ended.is_none()).then_some(grant)
    }

    /// When a live refresh token ends if nobody uses it, with these lifetimes.
    pub(crate) fn refresh_token_ends_at(
        &self,
        value: &str,
        idle: Option<Duration>,
        whole: Option<Duration>,
    ) -> Option<i64> {
        let grant = self.live_refresh_token(value)?;
        let idle_end = idle.map(|life| self.refresh_tokens[value].last_used_at + seconds(life));
        let end = whole.map(|life| grant.started_at + seconds(life));
        [idle_end, end].into_iter().flatten().min()
    }

    /// All refresh tokens that are neither rotated nor ended.
    pub(crate) fn live_refresh_tokens(&self) -> Vec<String> {
        self.refresh_tokens.keys().filter(|value| self.live_refresh_token(value).is_some()).cloned().collect()
    }

    /// When a refresh token was last used for the first time, and so rotated.
    pub(crate) fn last_rotation(&self) -> Option<i64> {
        self.refresh_tokens.values().filter_map(|token| token.rotated_at).max()
    }

    /// How often a refresh token was reused after its grace.
    pub(crate) fn reuse_detections(&self) -> usize {
        self.reuse_detections
    }
}
