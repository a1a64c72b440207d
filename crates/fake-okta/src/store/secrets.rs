//! Device secrets (OpenID Connect Native SSO): what several applications of one device share, and lose together.

use crate::org::Lifetimes;
use crate::store::{Ended, Grant, GrantId, Store, seconds};

/// A device secret.
pub(super) struct DeviceSecret {
    /// What was granted with it; the first is the sign-in that it came of.
    grants: Vec<GrantId>,
    last_used_at: i64,
    is_revoked: bool,
}

impl Store {
    /// Keeps the secret of a sign-in.
    pub(crate) fn keep_device_secret(&mut self, value: String, grant: GrantId, now: i64) {
        self.device_secrets.insert(value, DeviceSecret { grants: vec![grant], last_used_at: now, is_revoked: false });
    }

    /// The sign-in that a secret came of, whatever else is true of it.
    pub(crate) fn grant_of_device_secret(&self, value: &str) -> Option<&Grant> {
        Some(self.grant(*self.device_secrets.get(value)?.grants.first()?))
    }

    /// Whether a secret works. It lives as long as the first refresh token would, unless an admin ends it.
    pub(crate) fn is_live_device_secret(&self, value: &str, lifetimes: Lifetimes, now: i64) -> bool {
        let (Some(secret), Some(grant)) = (self.device_secrets.get(value), self.grant_of_device_secret(value)) else {
            return false;
        };
        let is_over = lifetimes.refresh_token.is_some_and(|life| now >= grant.started_at + seconds(life))
            || lifetimes.refresh_idle.is_some_and(|life| now >= secret.last_used_at + seconds(life));
        !is_over && !secret.is_revoked && grant.ended != Some(Ended::Withdrawn)
    }

    /// Begins a grant, with a secret if it came of one.
    pub(crate) fn exchange(&mut self, device_secret: Option<&str>, grant: Grant, now: i64) -> GrantId {
        let id = self.begin(grant);
        if let Some(secret) = device_secret.and_then(|value| self.device_secrets.get_mut(value)) {
            secret.grants.push(id);
            secret.last_used_at = now;
        }
        id
    }

    /// Revokes a secret, with everything that any application was granted with it, if one of them is this client.
    /// Whether there was anything to revoke.
    pub(super) fn revoke_device_secret(&mut self, value: &str, client_id: &str) -> bool {
        let Some(secret) = self.device_secrets.get_mut(value) else { return false };
        let grants = secret.grants.clone();
        if !grants.iter().any(|grant| self.grants[grant.0].client_id == client_id) {
            return false;
        }
        secret.is_revoked = true;
        for grant in grants {
            // The others cannot know.
            let is_own = self.grants[grant.0].client_id == client_id;
            self.end(grant, if is_own { Ended::Revoked } else { Ended::Withdrawn });
        }
        true
    }
}
