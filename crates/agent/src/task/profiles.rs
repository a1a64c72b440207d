//! Profiles that come and go: asked for, or edited in the file while the program runs. The task waits for the file where
//! it is asked for something, for a few seconds: it is small, and what is asked next depends on it.
//!
//! An edit of the file counts as what a person would have asked for: a profile that is not there any more is removed and
//! its session signed out, one of another issuer or client is another profile. Where the file is wrong, or empty, or
//! gone, nobody is removed and the profiles that were read last go on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::report::SeatNumber;
use super::seat::Seat;
use super::watching::{Counts, Left, Look};
use super::{Task, new_machine};
use crate::profiles_file::{ProfilesFile, Reading};
use crate::session::Input;
use crate::{CauseKind, Direction, Error, GroupsFrom, Profile, ProfileId, Standing, UpkeepSnapshot, Wrong};

/// How long the task waits for the file. A disk that hangs, as network homes do, must not keep it from everything else.
const PATIENCE: Duration = Duration::from_secs(5);

impl Task {
    /// Makes room for a profile. It is not shown yet.
    pub(super) fn seat(&mut self, profile: Profile) -> usize {
        self.n_seats += 1;
        let seat = Seat::new(SeatNumber(self.n_seats), profile, new_machine(), &self.edges);
        self.seats.push(seat);
        let seat = self.seats.len() - 1;
        self.schedule(seat);
        seat
    }

    pub(super) async fn add_profile(&mut self, profile: Profile) -> Result<ProfileId, Error> {
        let ids: Vec<ProfileId> = self.order.iter().map(|seat| self.seats[*seat].profile.id.clone()).collect();
        let profile = self.with_file(move |file| file.add(profile, |id| ids.contains(id))).await?;
        let id = profile.id.clone();
        let seat = self.seat(profile);
        self.order.push(seat);
        self.publish(CauseKind::Profiles, Some(seat));
        self.step(seat, self.now(seat), Input::Tick);
        Ok(id)
    }

    pub(super) async fn remove_profile(&mut self, profile: &ProfileId) -> Result<(), Error> {
        let seat = self.find(profile)?;
        // Nobody is signed out for a profile that then cannot be removed.
        let id = profile.clone();
        self.with_file(move |file| file.check_removal(&id)).await?;
        self.step(seat, self.now(seat), Input::SignOutRequested);
        self.ports_closed().await;
        let id = profile.clone();
        self.with_file(move |file| file.remove(&id)).await?;
        self.unseat(seat);
        self.forget_groups(seat);
        self.forget_client(seat);
        self.publish(CauseKind::Profiles, None);
        Ok(())
    }

    pub(super) async fn edit_profile(&mut self, profile: Profile, may_sign_out: bool) -> Result<(), Error> {
        let seat = self.find(&profile.id)?;
        let old = Arc::clone(&self.seats[seat].profile);
        if old.issuer == profile.issuer && old.client_id == profile.client_id {
            let edited = self.with_file(move |file| file.edit(&old, &profile)).await?;
            self.follow(seat, edited);
            self.publish(CauseKind::Profiles, Some(seat));
            return Ok(());
        }
        let may_have_session = self.seats[seat].may_have_session();
        if may_have_session && !may_sign_out {
            return Err(Error::WouldSignOut);
        }
        // Nobody is signed out for an edit that then cannot be made.
        let (before, checked) = (Arc::clone(&old), profile.clone());
        self.with_file(move |file| file.check_edit(&before, &checked)).await?;
        // The old machine stays with the old profile: what is revoked, or still arrives, is between it and its issuer.
        if may_have_session {
            self.step(seat, self.now(seat), Input::SignOutRequested);
        } else {
            // What the vault has is not this one's. It may be the very session that the new one finds again.
            self.give_up_sign_in(seat);
        }
        self.ports_closed().await;
        let edited = self.with_file(move |file| file.edit(&old, &profile)).await?;
        let new = self.seat(edited);
        let order = self.order.iter().map(|shown| if *shown == seat { new } else { *shown }).collect();
        self.unseat(seat);
        self.forget_groups(seat);
        self.forget_api_token(seat);
        self.order = order;
        self.publish(CauseKind::Profiles, Some(new));
        self.step(new, self.now(new), Input::Tick);
        Ok(())
    }

    pub(super) async fn move_profile(&mut self, profile: &ProfileId, direction: Direction) -> Result<(), Error> {
        let seat = self.find(profile)?;
        let Some(from) = self.order.iter().position(|shown| *shown == seat) else { return Ok(()) };
        let to = match direction {
            Direction::Up => from.checked_sub(1),
            Direction::Down => Some(from + 1),
        };
        let Some((to, neighbour)) = to.and_then(|to| Some((to, *self.order.get(to)?))) else { return Ok(()) };
        let (one, other) = (profile.clone(), self.seats[neighbour].profile.id.clone());
        self.with_file(move |file| file.swap(&one, &other)).await?;
        self.order.swap(from, to);
        self.publish(CauseKind::Profiles, None);
        Ok(())
    }

    /// Takes in what was seen in the file, as far as it counts by now.
    pub(super) async fn take_in_look(&mut self, look: Look) {
        let Some((reading, counts)) = self.watching.judge(look) else { return };
        let left = self.take_in_profiles(reading, counts);
        self.ports_closed().await;
        self.watching.taken_in(left);
    }

    fn take_in_profiles(&mut self, reading: Reading, counts: Counts) -> Left {
        let Reading { profiles, mut mistakes, is_blank } = reading;
        let (mut left, mut is_change) = (Left::Nothing, false);
        let before = self.order.clone();
        let mut present: HashMap<ProfileId, usize> =
            before.iter().map(|seat| (self.seats[*seat].profile.id.clone(), *seat)).collect();
        let mut order = Vec::with_capacity(profiles.len());
        for profile in profiles {
            let Some(seat) = present.remove(&profile.id) else {
                tracing::info!(profile = %profile.id, "added in the profiles file");
                let seat = self.seat(profile);
                self.step(seat, self.now(seat), Input::Tick);
                order.push(seat);
                is_change = true;
                continue;
            };
            let own = &self.seats[seat].profile;
            if **own == profile {
                order.push(seat);
            } else if own.issuer == profile.issuer && own.client_id == profile.client_id {
                tracing::info!(profile = %profile.id, "changed in the profiles file");
                self.follow(seat, profile);
                order.push(seat);
                is_change = true;
            } else if self.set_aside(seat) {
                tracing::info!(profile = %profile.id, "another issuer or client in the profiles file");
                let new = self.seat(profile);
                self.step(new, self.now(new), Input::Tick);
                order.push(new);
                is_change = true;
            } else {
                order.push(seat);
                left = Left::Busy;
            }
        }
        let is_whole = mistakes.is_empty() && !is_blank;
        let missing: HashSet<usize> = present.into_values().collect();
        for seat in before.iter().copied().filter(|seat| missing.contains(seat)) {
            if !is_whole {
                order.push(seat);
            } else if counts < Counts::Removals {
                order.push(seat);
                left = if left == Left::Busy { Left::Busy } else { Left::Removals };
            } else {
                tracing::info!(profile = %self.seats[seat].profile.id, "removed in the profiles file");
                self.step(seat, self.now(seat), Input::SignOutRequested);
                self.unseat(seat);
                self.forget_groups(seat);
                self.forget_client(seat);
                is_change = true;
            }
        }
        if mistakes.is_empty() && is_blank && !order.is_empty() {
            mistakes.push(Wrong::Blank.into());
        }
        is_change |= mistakes != self.file_mistakes || order != before;
        self.file_mistakes = mistakes;
        self.order = order;
        if is_change {
            self.publish(CauseKind::Profiles, None);
        }
        left
    }

    /// Makes the profile another one of the same issuer and client. An API token that it does not want any more is an
    /// admin's, and is kept for no second thoughts.
    fn follow(&mut self, seat: usize, profile: Profile) {
        if profile.groups.from != GroupsFrom::AdminToken {
            self.forget_api_token(seat);
        }
        let is_asked_otherwise = self.seats[seat].profile.groups != profile.groups;
        self.seats[seat].follow(profile);
        self.seats[seat].draw(&self.edges);
        if is_asked_otherwise {
            self.ask_for_groups(seat);
        }
    }

    /// Makes room for another profile of the same id: of another issuer or client, to which nothing of this one's may be
    /// sent. Its record stays in the vault, where it is nobody's, for the edit may be taken back. False while an answer
    /// is on its way that brings a new record.
    fn set_aside(&mut self, seat: usize) -> bool {
        self.give_up_sign_in(seat);
        let now = self.now(seat);
        let part = self.seats[seat].machine.snapshot(now);
        let is_renewing = matches!(&part.standing, Standing::SignedIn(session)
            if session.upkeep == UpkeepSnapshot::Refreshing);
        if is_renewing || part.attempt.is_some() {
            return false;
        }
        if part.memory_only.is_some() {
            // The vault does not have it, so nothing could bring it back.
            self.step(seat, now, Input::SignOutRequested);
        }
        self.unseat(seat);
        self.forget_api_token(seat);
        let seat = &mut self.seats[seat];
        seat.is_set_aside = true;
        seat.waiters.drain().for_each(|(_, waiter)| waiter.answer(Err(Error::NoSuchProfile)));
        true
    }

    /// Gives up a sign-in under way, and one as somebody else that waits for an answer. A session goes on.
    fn give_up_sign_in(&mut self, seat: usize) {
        let now = self.now(seat);
        self.step(seat, now, Input::SignInCancelled);
        self.step(seat, now, Input::OtherPersonAnswered { replace: false });
    }

    /// The profile is not shown any more and does nothing by itself.
    fn unseat(&mut self, seat: usize) {
        self.seats[seat].is_removed = true;
        self.order.retain(|shown| *shown != seat);
        self.schedule(seat);
    }

    /// Does something with the file on a thread that may wait for the disk. An edit that takes too long counts as not
    /// made; should it land after all, it is noticed as one by hand is.
    async fn with_file<T: Send + 'static>(
        &mut self,
        edit: impl FnOnce(&ProfilesFile) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (file, turn) = (self.file.clone(), Arc::clone(&self.file_turn));
        let edited = async {
            let turn = turn.lock_owned().await;
            let edited = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                let result = edit(&file);
                (result, file.load().mistakes)
            });
            edited.await.map_err(|_| Wrong::BrokenOff)
        };
        let hangs = |_| Wrong::NoAnswer(PATIENCE.as_secs());
        let edited = timeout(PATIENCE, edited).await.map_err(hangs).flatten();
        let (result, mistakes) = edited.map_err(|wrong| Error::ProfilesFile(wrong.into()))?;
        // A look from before the edit must not undo it.
        self.watching.edited();
        self.file_mistakes = mistakes;
        result
    }
}
