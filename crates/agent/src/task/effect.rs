//! Carrying out what a machine wants done. Nothing here waits.

use std::sync::Arc;

use gatepass_oidc::Timestamp;

use super::horizon::Horizon;
use super::report::News;
use super::seat::{Seat, Waiter};
use super::vault_worker::{Job, Order};
use super::{ERASING_AGAIN, Task, work};
use crate::record::{self, Decoded};
use crate::session::{Effect, Generation, Input, Kept, ReplyId};
use crate::{CauseKind, Error, GrantedToken, NoticeKind, SecretRecord, VaultError};

impl Task {
    pub(super) fn carry_out(&mut self, seat: usize, effect: Effect) {
        match effect {
            Effect::Load => self.order(seat, Job::Load),
            Effect::StartSignIn(attempt, options) => self.start_attempt(seat, attempt, options),
            Effect::ShowSignIn(attempt) => self.show_attempt(seat, attempt),
            Effect::AbandonSignIn(attempt) => self.abandon_attempt(seat, attempt),
            Effect::Inquire(attempt, options) => self.inquire(seat, attempt, options),
            Effect::Refresh(generation, refresh_token, before) => {
                let Some(predecessor) = self.seats[seat].machine.predecessor() else { return };
                let renewal = work::Renewal {
                    edges: Arc::clone(&self.edges),
                    journal: self.journal.clone(),
                    profile: Arc::clone(&self.seats[seat].profile),
                    generation,
                    held: self.seats[seat].held.clone(),
                    quiet: self.quiet.clone(),
                    refresh_token,
                    before,
                    predecessor,
                    reporter: self.reporter(seat),
                };
                self.work.spawn(renewal.run(Arc::clone(&self.renewals)));
            }
            Effect::Settle(token, fate) => {
                let profile = Arc::clone(&self.seats[seat].profile);
                self.work.spawn(self.journal.settled(profile, token, fate));
            }
            Effect::Persist(generation, kept) => {
                let key = self.seats[seat].key();
                // What comes now is stored over what would not be removed.
                self.unerased.retain(|(_, unerased, _)| *unerased != key);
                // Also for a profile of this id that was removed: its record would be this one.
                for other in self.seats.iter_mut().filter(|other| other.key() == key) {
                    other.is_to_be_erased = false;
                }
                let record = record::encode(&self.seats[seat].profile, &self.machine_name, &kept);
                self.order(seat, Job::Store(generation, record));
            }
            Effect::Erase => {
                self.seats[seat].is_to_be_erased = true;
                self.order(seat, Job::Erase);
            }
            Effect::Revoke(refresh_token) => {
                let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
                self.work.spawn(work::revoke(edges, profile, work::Revoked::Refresh(refresh_token)));
            }
            Effect::RevokeAccess(access_token) => {
                let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
                self.work.spawn(work::revoke(edges, profile, work::Revoked::Access(access_token)));
            }
            Effect::RevokeDeviceSecret(secret) => {
                let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
                self.work.spawn(work::revoke(edges, profile, work::Revoked::DeviceSecret(secret)));
            }
            Effect::Reply(reply, answer) => {
                self.tell();
                if let Some(waiter) = self.seats[seat].waiters.remove(&reply) {
                    let shift = self.edges.times.shift(&self.seats[seat].profile.issuer);
                    waiter.answer(answer.map(|granted| GrantedToken {
                        expires_at: granted.expires_at.map(|at| shift.apply(at)),
                        ..granted
                    }));
                }
            }
            Effect::Publish(kind) => {
                self.conclude_attempt(seat, kind);
                self.look_for_the_end(seat, kind);
                self.ask_about_person(seat, kind);
                self.compare_groups(seat, kind);
                if !self.seats[seat].is_removed {
                    self.publish(kind, Some(seat));
                }
            }
            Effect::Notify(kind) => self.notify(seat, kind),
        }
    }

    /// Asks, now and then after new tokens came, when the session ends whatever is done.
    fn look_for_the_end(&mut self, seat: usize, kind: CauseKind) {
        let boot = self.edges.times.boot();
        let Seat { machine, horizon, profile, .. } = &mut self.seats[seat];
        match kind {
            CauseKind::SignedIn | CauseKind::SignedOut | CauseKind::Ended => *horizon = Horizon::default(),
            CauseKind::Renewed => {}
            _ => return,
        }
        let Some(token) = machine.refresh_token() else { return };
        if horizon.take_question(boot) {
            let (edges, profile, generation) = (Arc::clone(&self.edges), Arc::clone(profile), machine.generation());
            let reporter = self.reporter(seat);
            // Nobody waits for it, not even whoever quits.
            drop(tokio::spawn(work::introspect(edges, profile, generation, token, reporter)));
        }
    }

    /// The server said when the refresh token ends.
    pub(super) fn introspected(&mut self, seat: usize, generation: Generation, end: Option<Timestamp>) {
        let Seat { machine, horizon, .. } = &mut self.seats[seat];
        if generation == machine.generation() && horizon.learn(end) {
            self.publish(CauseKind::Clock, Some(seat));
            self.warn_of_the_end(seat, self.now(seat));
        }
    }

    /// Warns the person once, the day before the session ends whatever is done.
    pub(super) fn warn_of_the_end(&mut self, seat: usize, now: Timestamp) {
        if self.seats[seat].is_session() && self.seats[seat].horizon.take_warning(now) {
            self.notify(seat, NoticeKind::EndsSoon);
        }
    }

    /// A number for the machine to answer by.
    pub(super) fn expect_reply(&mut self, seat: usize, waiter: Waiter) -> ReplyId {
        self.n_replies += 1;
        let reply = ReplyId(self.n_replies);
        self.seats[seat].waiters.insert(reply, waiter);
        reply
    }

    /// The vault was read: what it has goes to the machine, with what the journal knows of it.
    pub(super) fn loaded(&mut self, seat: usize, now: Timestamp, loaded: Result<Option<SecretRecord>, VaultError>) {
        let read = self.read_record(seat, loaded);
        self.tell_of_reading(seat, read.as_ref().map(drop).map_err(|error| *error));
        match read {
            Ok(Some(kept)) => {
                let past = self.journal.past(Arc::clone(&self.seats[seat].profile), kept.refresh_token.clone());
                let reporter = self.reporter(seat);
                self.work.spawn(async move { reporter.tell(News::Recalled(Box::new(kept), past.await)) });
            }
            Ok(None) => self.step(seat, now, Input::Restored(Ok(None))),
            Err(error) => self.step(seat, now, Input::Restored(Err(error))),
        }
    }

    /// What a record is to this profile. One that is not ours is not used, and stays until a sign-in stores over it.
    fn read_record(
        &self,
        seat: usize,
        loaded: Result<Option<SecretRecord>, VaultError>,
    ) -> Result<Option<Kept>, VaultError> {
        let profile = &self.seats[seat].profile;
        let Some(record) = loaded? else { return Ok(None) };
        match record::decode(profile, &self.machine_name, &record) {
            Decoded::Kept(kept) => Ok(Some(kept)),
            Decoded::Foreign => {
                tracing::warn!(profile = %profile.id, "the stored session belongs to another issuer, client or machine");
                Ok(None)
            }
            Decoded::Corrupt => Err(VaultError::Corrupt),
        }
    }

    /// The vault removed a record, or did not. A session that was ended must not come back with the next start, so the
    /// vault is asked again until it did or has a new record.
    pub(super) fn erased(&mut self, seat: usize, erased: Result<(), VaultError>) {
        match erased {
            // What the journal knows is about records that are gone. One that was stored since has not been used yet:
            // the vault answers in order.
            Ok(()) => drop(self.work.spawn(self.journal.forget(Arc::clone(&self.seats[seat].profile)))),
            Err(error) => {
                let profile = &self.seats[seat].profile.id;
                tracing::warn!(%profile, %error, "a record was not removed from the keyring");
                // What was stored since took the record's place, and must not be erased in its stead.
                if self.seats[seat].is_to_be_erased {
                    let again_at = self.edges.times.boot() + ERASING_AGAIN;
                    self.unerased.push((self.seats[seat].number, self.seats[seat].key(), again_at));
                }
            }
        }
        self.tell();
        for answer in self.seats[seat].erasing.drain(..) {
            let _ = answer.send(erased.map_err(Error::Vault));
        }
    }

    pub(super) fn erase_again_if_due(&mut self) {
        let boot = self.edges.times.boot();
        let due: Vec<_> = self.unerased.extract_if(.., |(_, _, again_at)| *again_at <= boot).collect();
        for (number, ..) in due {
            if let Some(seat) = self.seated(number) {
                self.order(seat, Job::Erase);
            }
        }
    }

    pub(super) fn order(&mut self, seat: usize, job: Job) {
        let order = Order { key: self.seats[seat].key(), job, reporter: self.reporter(seat) };
        // The worker lives as long as the task.
        if self.vault.order(order) {
            self.n_vault_orders += 1;
        }
    }

    /// Tells the person that the vault cannot be read if a second reading fails: at a login the keyring may come after us.
    /// What is wrong with one record is told of each.
    pub(super) fn tell_of_reading(&mut self, seat: usize, loaded: Result<(), VaultError>) {
        let Err(error) = loaded else {
            self.seats[seat].n_unread = 0;
            return;
        };
        self.seats[seat].n_unread = self.seats[seat].n_unread.saturating_add(1);
        let is_worth_telling = matches!(error, VaultError::Corrupt) || self.seats[seat].n_unread == 2;
        if is_worth_telling {
            self.notify(seat, NoticeKind::Unread(error));
        }
    }
}
