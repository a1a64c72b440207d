//! What changed in a person's groups since they signed in before: asked of the disk once a session, beside the task.

use std::sync::Arc;

use super::Task;
use super::report::News;
use crate::session::Generation;
use crate::{CauseKind, Groups, GroupsBefore, Standing};

/// What is known of earlier groups in the life of one session.
#[derive(Default)]
pub(crate) enum Earlier {
    /// The disk was not asked.
    #[default]
    Unasked,
    /// The same after a sign-in whose groups are still being asked for.
    SignedIn,
    /// It was; what it had is known here once it answered.
    Asked(Option<Arc<GroupsBefore>>),
}

impl Earlier {
    /// What to compare the groups with.
    pub(crate) fn groups(&self) -> Option<&Arc<GroupsBefore>> {
        match self {
            Self::Unasked | Self::SignedIn | Self::Asked(None) => None,
            Self::Asked(known) => known.as_ref(),
        }
    }
}

impl Task {
    /// Asks the disk once a session's groups are known, and has it remember those of a sign-in.
    pub(super) fn compare_groups(&mut self, seat: usize, kind: CauseKind) {
        let is_sign_in = match kind {
            CauseKind::SignedIn if self.seats[seat].profile.groups.from.is_asked() => {
                self.seats[seat].earlier = Earlier::SignedIn;
                return;
            }
            CauseKind::SignedIn => true,
            CauseKind::GroupsTold if matches!(self.seats[seat].earlier, Earlier::SignedIn) => {
                let is_told = |groups: &Arc<Groups>| groups.source.is_told();
                // They may be told yet.
                if !self.seats[seat].asked_groups.as_ref().is_some_and(is_told) {
                    return;
                }
                true
            }
            CauseKind::Renewed if matches!(self.seats[seat].earlier, Earlier::Unasked) => false,
            CauseKind::SignedOut | CauseKind::Ended => {
                self.seats[seat].earlier = Earlier::Unasked;
                return;
            }
            _ => return,
        };
        let now = self.now(seat);
        let profile = Arc::clone(&self.seats[seat].profile);
        let machine = &self.seats[seat].machine;
        let Some(subject) = machine.subject() else { return };
        let Standing::SignedIn(session) = machine.snapshot(now).standing else { return };
        let groups = self.seats[seat].asked_groups.clone().unwrap_or(session.groups);
        let is_told = groups.source.is_told();
        let (generation, reporter) = (machine.generation(), self.reporter(seat));
        let at = self.edges.times.wall_at(self.edges.times.boot());
        let earlier = self.earlier_groups.clone();
        self.seats[seat].earlier = Earlier::Asked(None);
        self.work.spawn(async move {
            let asking = earlier.in_turn(move |earlier| {
                let Groups { names, .. } = &*groups;
                // Without the claim nothing is known of this sign-in's groups, which is not to say that there are none.
                match is_sign_in && is_told {
                    true => Some(earlier.signed_in(&profile, &subject, names, at)),
                    false => earlier.recall(&profile, &subject),
                }
            });
            if let Some(Some(before)) = asking.await {
                reporter.tell(News::GroupsCompared(generation, before));
            }
        });
    }

    /// The disk told what the groups were.
    pub(super) fn groups_compared(&mut self, seat: usize, generation: Generation, before: GroupsBefore) {
        if generation == self.seats[seat].machine.generation() && !self.seats[seat].is_removed {
            self.seats[seat].earlier = Earlier::Asked(Some(before.into()));
            self.publish(CauseKind::GroupsCompared, Some(seat));
        }
    }

    /// Nothing is to be left of a profile that was removed, or made another client's.
    pub(super) fn forget_groups(&mut self, seat: usize) {
        let (earlier, profile) = (self.earlier_groups.clone(), self.seats[seat].profile.id.clone());
        self.work.spawn(async move {
            let _ = earlier.in_turn(move |earlier| earlier.forget(&profile)).await;
        });
    }
}
