//! The vault's side of a session: reading it at start, storing refresh tokens, and going on in memory where the vault
//! does not take them.

use std::time::Duration;

use gatepass_oidc::Timestamp;

use super::deadline::Deadline;
use super::doubt::Doubt;
use super::held::Session;
use super::machine::Holding;
use super::{Effect, Fate, Generation, Kept, Past, SessionMachine};
use crate::{CauseKind, Error, NoticeKind, SignedOutReason, VaultError};

/// How soon a vault that could not be read is read again; doubled with each failure.
const FIRST_READING_AGAIN: Duration = Duration::from_secs(30);
const LAST_READING_AGAIN: Duration = Duration::from_secs(5 * 60);

/// How soon a vault that refused a record is offered it again: before anybody is told, and then now and then.
const FIRST_STORING_AGAIN: Duration = Duration::from_secs(15);
const STORING_AGAIN: Duration = Duration::from_secs(60);

/// What is known of the vault.
#[derive(Default)]
pub(super) struct Keeping {
    reading: Reading,
    /// Why the last reading failed, until one succeeds or there is something newer than what could be read.
    pub(super) unread: Option<VaultError>,
    /// Readings that were asked for and not answered. Only the last answer is about the present.
    n_loading: u32,
    /// Records of this generation that the vault was given and has not answered for. It answers in order, so the last
    /// answer is the one about the newest record.
    pub(super) n_storing: u32,
    /// Set while the vault does not have what is held.
    pub(super) memory_only: Option<VaultError>,
    store_again: Option<Deadline>,
}

/// Whether the vault was read.
#[derive(Default)]
enum Reading {
    #[default]
    NotBegun,
    UnderWay {
        n_failures: u32,
    },
    Failed {
        again: Deadline,
        n_failures: u32,
    },
    /// It was, or need not be.
    Done,
}

impl Keeping {
    /// Whether it will be known shortly if there is a session.
    pub(super) fn is_reading(&self) -> bool {
        matches!(self.reading, Reading::NotBegun | Reading::UnderWay { .. })
    }

    /// Whether the vault is being asked for the first time, so that neither a session nor the lack of one can be shown.
    /// After a failure that failure is shown, also while it is asked again.
    pub(super) fn is_first_reading(&self) -> bool {
        matches!(self.reading, Reading::NotBegun | Reading::UnderWay { n_failures: 0 })
    }

    /// Why it is not known whether there is a session. A record that is damaged counts as none.
    pub(super) fn obstacle(&self) -> Option<VaultError> {
        match self.reading {
            Reading::Failed { .. } => self.unread,
            Reading::NotBegun | Reading::UnderWay { .. } | Reading::Done => None,
        }
    }

    /// From here on nothing that the vault may have is of interest. Returns whether it was shown that it is being read, or
    /// could not be.
    pub(super) fn give_up_reading(&mut self) -> bool {
        let was_shown = self.is_first_reading() || self.unread.is_some();
        self.reading = Reading::Done;
        self.unread = None;
        was_shown
    }

    /// Nothing is held, so nothing is missing from the vault.
    pub(super) fn forget(&mut self) {
        self.memory_only = None;
        self.store_again = None;
    }

    pub(super) fn notice_time(&mut self, now: Timestamp) {
        if let Reading::Failed { again, .. } = &mut self.reading {
            again.clamp(now);
        }
        if let Some(again) = &mut self.store_again {
            again.clamp(now);
        }
    }
}

impl SessionMachine {
    pub(super) fn restored(
        &mut self,
        now: Timestamp,
        result: Result<Option<(Kept, Past)>, VaultError>,
        out: &mut Vec<Effect>,
    ) {
        let is_last = self.keeping.n_loading == 1;
        self.keeping.n_loading = self.keeping.n_loading.saturating_sub(1);
        if let Some(refused) = self.refused().filter(|_| is_last) {
            return self.looked_again(now, refused, result, out);
        }
        let Reading::UnderWay { n_failures } = self.keeping.reading else {
            // A sign-out while the vault was being read wins. After a sign-in the record is an older one, or the very
            // one that was stored since: it is left alone, since revoking a predecessor can end the whole family.
            if let (Ok(Some((kept, _))), Holding::Nothing { .. }) = (result, &self.holding) {
                self.revoke_kept(kept, out);
            }
            return;
        };
        match result {
            Ok(Some((kept, past))) => self.found(now, kept, past, out),
            Ok(None) => {
                self.keeping.give_up_reading();
                out.push(Effect::Publish(CauseKind::Restored));
                self.answer_waiters(&Err(Error::SignInRequired(SignedOutReason::NeverSignedIn)), out);
            }
            Err(error) => self.reading_failed(now, error, n_failures, out),
        }
    }

    pub(super) fn persisted(
        &mut self,
        now: Timestamp,
        generation: Generation,
        result: Result<(), VaultError>,
        out: &mut Vec<Effect>,
    ) {
        if generation != self.generation || self.keeping.n_storing == 0 {
            return;
        }
        self.keeping.n_storing -= 1;
        if self.keeping.n_storing > 0 {
            return;
        }
        if let Some(session) = self.session_mut() {
            session.is_being_stored = false;
            // Whether the vault took what replaced them or not: what it has of them is not to be used again.
            let replaced = std::mem::take(&mut session.replaced);
            out.extend(replaced.into_iter().map(|token| Effect::Settle(token, Fate::Spent)));
        }
        let before = self.keeping.memory_only;
        self.keeping.memory_only = result.err();
        let again = if before.is_none() { FIRST_STORING_AGAIN } else { STORING_AGAIN };
        self.keeping.store_again = result.err().map(|_| Deadline::after(now, again));
        if let (None, Err(error)) = (before, result) {
            out.push(Effect::Notify(NoticeKind::MemoryOnly(error)));
        }
        // What is published with new tokens shows the mark as well.
        if !self.settle(now, out) && self.keeping.memory_only != before {
            out.push(Effect::Publish(CauseKind::Stored));
        }
        self.refresh_for_waiters(now, out);
    }

    /// Hands a refresh token that is new to the vault, before anything else is done with what it came with.
    pub(super) fn store_new_refresh_token(&mut self, out: &mut Vec<Effect>) {
        if let Some(session) = self.session_mut() {
            session.is_being_stored = true;
        }
        self.store(out);
    }

    /// When the vault is to be read.
    pub(super) fn load_at(&self) -> Option<Timestamp> {
        match self.keeping.reading {
            Reading::NotBegun => Some(Timestamp::default()),
            // Reading may raise an unlock prompt, which must not come between somebody and the sign-in page.
            Reading::Failed { again, .. } if self.attempt.is_none() => Some(again.at),
            Reading::Failed { .. } | Reading::UnderWay { .. } | Reading::Done => None,
        }
    }

    /// When the vault is to be offered again what it refused.
    pub(super) fn store_again_at(&self) -> Option<Timestamp> {
        self.keeping.store_again.filter(|_| self.keeping.n_storing == 0).map(|again| again.at)
    }

    pub(super) fn load_if_due(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let n_failures = match self.keeping.reading {
            Reading::NotBegun => 0,
            Reading::Failed { again, n_failures } if again.is_due(now) && self.attempt.is_none() => n_failures,
            Reading::Failed { .. } | Reading::UnderWay { .. } | Reading::Done => return,
        };
        self.keeping.reading = Reading::UnderWay { n_failures };
        self.load(out);
    }

    /// Reads the vault.
    pub(super) fn load(&mut self, out: &mut Vec<Effect>) {
        self.keeping.n_loading += 1;
        out.push(Effect::Load);
    }

    pub(super) fn store_again_if_due(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.store_again_at().is_some_and(|again| again <= now) {
            self.store(out);
        }
    }

    /// What the vault had at the start.
    fn found(&mut self, now: Timestamp, kept: Kept, past: Past, out: &mut Vec<Effect>) {
        self.keeping.give_up_reading();
        match past {
            Past::Unused | Past::Sent { .. } | Past::Unknown => {
                self.begin_generation();
                let mut session = Session::restored(kept);
                session.doubt = Doubt::of(past, now);
                self.holding = Holding::Session(Box::new(session));
                self.refresh(now, out);
                out.push(Effect::Publish(CauseKind::Restored));
            }
            // The one that replaced it was kept in memory alone, and went with it. To use this one would be taken for
            // a theft (RFC 9700 section 4.14.2).
            Past::Spent => {
                self.note_spent(&kept.refresh_token);
                self.end(now, SignedOutReason::NotKept, out);
            }
            // The person signed out, or was told that the session ended.
            Past::Ended => {
                let because = SignedOutReason::SignedOut;
                self.note_spent(&kept.refresh_token);
                self.holding = Holding::Nothing { because: because.clone(), since: None };
                self.revoke_kept(kept, out);
                out.push(Effect::Erase);
                out.push(Effect::Publish(CauseKind::Restored));
                self.answer_waiters(&Err(Error::SignInRequired(because)), out);
            }
        }
    }

    /// Hands the vault what is held, in the place of what it has.
    pub(super) fn store(&mut self, out: &mut Vec<Effect>) {
        if let Some(kept) = self.session().and_then(Session::kept) {
            self.keeping.n_storing += 1;
            out.push(Effect::Persist(self.generation, kept));
        }
    }

    fn reading_failed(&mut self, now: Timestamp, error: VaultError, n_failures: u32, out: &mut Vec<Effect>) {
        let before = self.keeping.unread.replace(error);
        let (reading, answer) = match error {
            // Reading again would find the same. The record stays until a sign-in stores over it: perhaps it is a newer
            // version's.
            VaultError::Corrupt | VaultError::TooLarge => {
                (Reading::Done, Error::SignInRequired(SignedOutReason::NeverSignedIn))
            }
            VaultError::Locked | VaultError::Denied | VaultError::Missing | VaultError::Unresponsive => {
                let again = (FIRST_READING_AGAIN * (1 << n_failures.min(8))).min(LAST_READING_AGAIN);
                let reading =
                    Reading::Failed { again: Deadline::after(now, again), n_failures: n_failures.saturating_add(1) };
                (reading, Error::Vault(error))
            }
        };
        self.keeping.reading = reading;
        if before != Some(error) {
            out.push(Effect::Publish(CauseKind::Stored));
        }
        self.answer_waiters(&Err(answer), out);
    }
}
