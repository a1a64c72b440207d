//! The device secret of a session: what further clients on this machine are signed in with (OpenID Connect Native SSO for
//! Mobile Apps). It is kept as the refresh token is, and its end is the end of every session that began by it; so only
//! what the person ends ends it.

use gatepass_oidc::DeviceSecret;

use super::held::Session;
use super::machine::Holding;
use super::{Effect, Generation, Kept, SessionMachine, Shareable};
use crate::SignedOutReason;

impl SessionMachine {
    /// What another client can be signed in with out of this session; `None` where something of it is missing. From a
    /// restart until the first renewal it is not known whom the access token is for.
    pub fn shareable(&self) -> Option<Shareable> {
        let session = self.session()?;
        Some(Shareable {
            generation: self.generation,
            subject: session.subject.clone(),
            device_secret: session.device_secret.clone()?,
            id_token_hint: session.id_token_hint.clone()?,
            audience: session.in_hand.as_ref()?.content.audience()?.to_owned(),
        })
    }

    /// The device secret in hand was replaced when another client was signed in with it.
    pub(super) fn device_secret_arrived(
        &mut self,
        generation: Generation,
        secret: DeviceSecret,
        out: &mut Vec<Effect>,
    ) {
        let is_current = generation == self.generation;
        match &mut self.holding {
            Holding::Session(session) if is_current => {
                if session.take_device_secret(secret) {
                    self.store(out);
                }
            }
            Holding::Nothing { because: SignedOutReason::SignedOut, .. } => {
                out.push(Effect::RevokeDeviceSecret(secret));
            }
            // Whoever signed in again meanwhile did not sign the other client out, nor did a session that ended by itself.
            Holding::Session(_) | Holding::Nothing { .. } => {}
        }
    }

    /// Has all that a vault kept of a session ended at the server.
    pub(super) fn revoke_kept(&mut self, kept: Kept, out: &mut Vec<Effect>) {
        self.revoke(kept.refresh_token, out);
        out.extend(kept.device_secret.map(Effect::RevokeDeviceSecret));
    }
}

impl Session {
    /// Takes a device secret in the place of the one before. False where it is the same.
    pub(super) fn take_device_secret(&mut self, secret: DeviceSecret) -> bool {
        let is_new = self.device_secret.as_ref().is_none_or(|held| held.expose() != secret.expose());
        self.device_secret = Some(secret);
        is_new
    }
}
