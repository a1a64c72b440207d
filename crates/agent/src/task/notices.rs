//! What the person is told, each thing once. It owns what is to be told and what was told and still is so: what may pass
//! by itself is told only if it lasts, and what is over is taken back.

use std::mem::discriminant;
use std::time::Duration;

use tokio::sync::mpsc;

use super::Task;
use super::seat::Seat;
use crate::{Notice, NoticeId, NoticeKind, Notifying, SignedOutReason, Standing, UpkeepSnapshot, VaultError};

/// What passes by itself sooner is not told.
pub(super) const MUST_LAST: Duration = Duration::from_secs(20);

/// What is so, whether told yet or not.
pub(super) struct Notices {
    to: mpsc::UnboundedSender<Notifying>,
    open: Vec<Open>,
    last: NoticeId,
}

/// Something that is so.
struct Open {
    seat: usize,
    kind: NoticeKind,
    told: Told,
}

enum Told {
    /// In boot time: when it is, if it is so until then.
    From(Duration),
    As(NoticeId),
}

impl Notices {
    pub(super) fn new(to: mpsc::UnboundedSender<Notifying>) -> Self {
        Self { to, open: Vec::new(), last: NoticeId(0) }
    }

    /// When there is something to tell, in boot time.
    pub(super) fn due_at(&self) -> Option<Duration> {
        self.open.iter().filter_map(|open| open.is_told_from()).min()
    }

    fn send(&self, word: Notifying) {
        // Nobody may be there to tell.
        let _ = self.to.send(word);
    }
}

impl Open {
    fn is_told_from(&self) -> Option<Duration> {
        match self.told {
            Told::From(from) => Some(from),
            Told::As(_) => None,
        }
    }

    /// Whether the other one is this one. All profiles have the same keyring: what is wrong with it is one thing.
    fn is(&self, seat: usize, kind: &NoticeKind) -> bool {
        match (is_of_the_keyring(&self.kind), is_of_the_keyring(kind)) {
            (true, true) => true,
            (false, false) => self.seat == seat && discriminant(&self.kind) == discriminant(kind),
            _ => false,
        }
    }
}

impl Task {
    /// Something is so that the person is to be told: at once, or if it lasts. What is known already is not told again.
    pub(super) fn notify(&mut self, seat: usize, kind: NoticeKind) {
        if self.notices.open.iter().any(|open| open.is(seat, &kind)) {
            return;
        }
        let time = if may_pass(&kind) { MUST_LAST } else { Duration::ZERO };
        let told = Told::From(self.edges.times.boot() + time);
        self.notices.open.push(Open { seat, kind, told });
        self.tell_what_lasted();
    }

    /// A sign-in ended that no page in the browser tells the end of. One that was cancelled did not fail.
    pub(super) fn tell_of_failed_sign_in(&mut self, seat: usize) {
        if let Some(error) = self.seats[seat].shown.failed_sign_in.clone() {
            self.notify(seat, NoticeKind::SignInFailed(error));
        }
    }

    /// Tells what was so for long enough.
    pub(super) fn tell_what_lasted(&mut self) {
        let boot = self.edges.times.boot();
        for n in 0..self.notices.open.len() {
            let Open { seat, kind, told } = &mut self.notices.open[n];
            if !matches!(told, Told::From(from) if *from <= boot) {
                continue;
            }
            let id = NoticeId(self.notices.last.0 + 1);
            *told = Told::As(id);
            // The profile that met the keyring's refusal first may have none of it any more.
            if is_of_the_keyring(kind) && !has_keyring_trouble(&self.seats[*seat]) {
                *seat = self.seats.iter().position(has_keyring_trouble).unwrap_or(*seat);
            }
            let profile = &self.seats[*seat].profile;
            let notice =
                Notice { id, profile: profile.id.clone(), profile_name: profile.name.clone(), kind: kind.clone() };
            self.notices.last = id;
            self.notices.send(Notifying::Show(notice));
        }
    }

    /// Takes back what is not so any more, by what is shown of the profiles.
    pub(super) fn settle_notices(&mut self) {
        let mut over = Vec::new();
        self.notices.open.retain(|open| {
            let is_so = is_so(&open.kind, open.seat, &self.seats);
            if let (false, Told::As(id)) = (is_so, &open.told) {
                over.push(*id);
            }
            is_so
        });
        over.into_iter().for_each(|id| self.notices.send(Notifying::TakeBack(id)));
    }
}

/// Whether it can end without the person.
fn may_pass(kind: &NoticeKind) -> bool {
    match kind {
        NoticeKind::Blocked(_) | NoticeKind::MemoryOnly(_) => true,
        NoticeKind::Unread(_) => is_of_the_keyring(kind),
        NoticeKind::SignInNeeded(_) | NoticeKind::EndsSoon | NoticeKind::OtherPerson | NoticeKind::SignInFailed(_) => {
            false
        }
    }
}

/// Whether it is about the keyring rather than a profile.
fn is_of_the_keyring(kind: &NoticeKind) -> bool {
    match kind {
        NoticeKind::MemoryOnly(error) | NoticeKind::Unread(error) => !is_of_a_record(*error),
        NoticeKind::SignInNeeded(_)
        | NoticeKind::Blocked(_)
        | NoticeKind::EndsSoon
        | NoticeKind::OtherPerson
        | NoticeKind::SignInFailed(_) => false,
    }
}

/// Whether the keyring has no trouble with the records of others.
fn is_of_a_record(error: VaultError) -> bool {
    matches!(error, VaultError::Corrupt | VaultError::TooLarge)
}

fn has_keyring_trouble(seat: &Seat) -> bool {
    let mut errors = [seat.shown.memory_only, seat.shown.unread].into_iter().flatten();
    !seat.is_removed && errors.any(|error| !is_of_a_record(error))
}

fn is_so(kind: &NoticeKind, seat: usize, seats: &[Seat]) -> bool {
    if is_of_the_keyring(kind) {
        return seats.iter().any(has_keyring_trouble);
    }
    let seat = &seats[seat];
    if seat.is_removed {
        return false;
    }
    match (kind, &seat.shown.standing) {
        (NoticeKind::SignInNeeded(_), Standing::SignedOut { because, .. }) => {
            !matches!(because, SignedOutReason::NeverSignedIn | SignedOutReason::SignedOut)
        }
        // Until a renewal succeeds: one that is under way, or does not come through, lifts nothing.
        (NoticeKind::Blocked(_), Standing::SignedIn(session)) => {
            !matches!(session.upkeep, UpkeepSnapshot::Waiting { .. } | UpkeepSnapshot::None)
        }
        (NoticeKind::EndsSoon, Standing::SignedIn(_)) => seat.horizon.is_warned_of(),
        (NoticeKind::SignInNeeded(_) | NoticeKind::Blocked(_) | NoticeKind::EndsSoon, _) => false,
        (NoticeKind::OtherPerson, _) => seat.shown.other_person.is_some(),
        (NoticeKind::SignInFailed(error), _) => seat.shown.failed_sign_in.as_ref() == Some(error),
        (NoticeKind::MemoryOnly(_), _) => seat.shown.memory_only.is_some(),
        (NoticeKind::Unread(_), _) => seat.shown.unread.is_some(),
    }
}
