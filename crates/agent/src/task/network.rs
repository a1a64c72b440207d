//! Changes of the network. Those that follow each other for hours, as where the links of containers come and go, must
//! not fill the log of what happened, nor have servers asked over and over. How often a retry is brought forward is for
//! each session to say.

use std::time::Duration;

use super::Task;
use super::looking::random_share;
use crate::Event;
use crate::session::Input;

/// One entry of the log stands for all changes within this time.
const TOLD_APART: Duration = Duration::from_secs(10 * 60);

/// How often servers are asked for the time because of it.
const ASKED_APART: Duration = Duration::from_secs(60);

/// When a change of the network last had which consequence, in boot time.
#[derive(Default)]
pub(super) struct Heeded {
    told_at: Option<Duration>,
    asked_at: Option<Duration>,
}

impl Task {
    /// The network is another than it was: what only waits for it need not wait longer.
    pub(super) fn network_changed(&mut self) {
        let boot = self.edges.times.boot();
        if take_turn(&mut self.network.told_at, boot, TOLD_APART) {
            self.telling.log(Event::NetworkChanged);
        }
        if take_turn(&mut self.network.asked_at, boot, ASKED_APART) {
            self.edges.times.ask_soon(random_share);
        }
        for seat in 0..self.seats.len() {
            if !self.seats[seat].is_removed {
                self.step(seat, self.now(seat), Input::NetworkChanged);
            }
        }
        self.look_at_everything();
    }
}

/// Whether something that was done at `last` may be done again.
fn take_turn(last: &mut Option<Duration>, now: Duration, apart: Duration) -> bool {
    let is_time = last.is_none_or(|last| now >= last + apart);
    if is_time {
        *last = Some(now);
    }
    is_time
}
