//! The week itself: a queue of events in virtual time. A desktop is driven by what happens to it, and does nothing while
//! its lid is closed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::chance::Chance;
use crate::record::Record;
use crate::scenario::{DAYS, OUTAGE, SECOND, Scenario, TOKEN_LIFE};
use crate::schedule::{Asked, Driver, Schedule, Wanted};
use crate::server::{Server, Verdict};

/// From the word that it will to the machine's sleep. The program begins nothing in it.
const FALLING_ASLEEP: i64 = SECOND;

/// What happens to a desktop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    LidOpens,
    LidCloses,
    /// Somebody who was not let in clicks again.
    SignsIn,
    TimeUp,
    Answered(Verdict),
}

struct Desktop {
    driver: Driver,
    /// When the lid opens and closes, the soonest last.
    lid: Vec<(i64, Event)>,
    is_open: bool,
    /// When it falls asleep with its lid closed; what is under way until then is finished.
    falls_asleep_at: i64,
    is_signed_in: bool,
    /// When it is looked at next; the queue may have older plans, which are then void.
    looked_at: Option<i64>,
    asked: Option<Asked>,
    asked_at: i64,
    /// An answer came while the lid was closed: the connection was gone when it was opened.
    missed: bool,
    token_ends: i64,
    opened_at: i64,
    /// The lid was opened on a token that had ended, and nothing was asked for since.
    woke_without: bool,
    /// The last try failed.
    is_failing: bool,
    /// A renewal failed in the outage, and none worked since.
    failed_in_outage: bool,
}

/// Lives through the week.
pub fn live(scenario: &Scenario, schedule: Schedule) -> Record {
    let mut world = World {
        server: Server::new(scenario),
        desktops: (0..scenario.desktops).map(|n| desktop(scenario, schedule, n)).collect(),
        queue: BinaryHeap::new(),
        record: Record::new(scenario),
        rotates: scenario.rotates,
    };
    for n in 0..scenario.desktops {
        world.next_of_lid(n);
    }
    while let Some(Reverse((now, n, event))) = world.queue.pop() {
        world.happens(now, n, event);
    }
    world.record.n_waiting_at_the_end = world.desktops.iter().filter(|desktop| desktop.failed_in_outage).count();
    world.record
}

fn desktop(scenario: &Scenario, schedule: Schedule, n: u32) -> Desktop {
    let mut chance = Chance::of(scenario.seed, n.into(), 1);
    let week = (0..DAYS).flat_map(|day| scenario.day(n, day).open);
    let mut lid: Vec<_> = week.flat_map(|open| [(open.start, Event::LidOpens), (open.end, Event::LidCloses)]).collect();
    lid.reverse();
    Desktop {
        driver: Driver::new(schedule, chance.bits(), scenario.rotates),
        lid,
        is_open: false,
        falls_asleep_at: 0,
        is_signed_in: false,
        looked_at: None,
        asked: None,
        asked_at: 0,
        missed: false,
        token_ends: i64::MIN,
        opened_at: 0,
        woke_without: false,
        is_failing: false,
        failed_in_outage: false,
    }
}

struct World {
    server: Server,
    desktops: Vec<Desktop>,
    queue: BinaryHeap<Reverse<(i64, u32, Event)>>,
    record: Record,
    /// An answer that nobody received had the only refresh token that is good for more than half a minute.
    rotates: bool,
}

impl World {
    fn happens(&mut self, now: i64, n: u32, event: Event) {
        let desktop = &mut self.desktops[n as usize];
        match event {
            Event::LidOpens => {
                desktop.is_open = true;
                desktop.opened_at = now;
                desktop.woke_without = desktop.is_signed_in && desktop.token_ends <= now;
                self.next_of_lid(n);
                self.opens(now, n);
            }
            Event::LidCloses => {
                desktop.is_open = false;
                desktop.falls_asleep_at = now + FALLING_ASLEEP;
                self.next_of_lid(n);
            }
            Event::SignsIn if desktop.is_open && !desktop.is_signed_in && desktop.asked.is_none() => {
                let wanted = desktop.driver.sign_in(now);
                self.carry_out(now, n, wanted);
            }
            Event::TimeUp if desktop.is_open && desktop.looked_at == Some(now) => {
                desktop.looked_at = None;
                let wanted = desktop.driver.tick(now);
                self.carry_out(now, n, wanted);
            }
            Event::Answered(verdict) if desktop.is_open || now < desktop.falls_asleep_at => {
                self.answered(now, n, verdict)
            }
            Event::Answered(verdict) => {
                desktop.missed = true;
                self.record.n_lost += usize::from(self.rotates && verdict == Verdict::Granted);
            }
            Event::SignsIn | Event::TimeUp => {}
        }
    }

    /// What was missed is made up for.
    fn opens(&mut self, now: i64, n: u32) {
        if std::mem::take(&mut self.desktops[n as usize].missed) {
            self.answered(now, n, Verdict::Silent);
        }
        let desktop = &mut self.desktops[n as usize];
        let wanted = desktop.driver.tick(now);
        self.carry_out(now, n, wanted);
        let desktop = &mut self.desktops[n as usize];
        if !desktop.is_signed_in && desktop.asked.is_none() {
            let wanted = desktop.driver.sign_in(now);
            self.carry_out(now, n, wanted);
        }
    }

    fn answered(&mut self, now: i64, n: u32, verdict: Verdict) {
        let desktop = &mut self.desktops[n as usize];
        let Some(asked) = desktop.asked.take() else { return };
        if verdict == Verdict::Granted {
            let without_since = desktop.token_ends.max(desktop.opened_at);
            if desktop.is_signed_in {
                self.record.without_token(now - without_since);
            }
            desktop.is_signed_in = true;
            desktop.is_failing = false;
            desktop.token_ends = now + TOKEN_LIFE;
            if std::mem::take(&mut desktop.failed_in_outage) {
                self.record.renewed_after_outage(now);
            }
        } else {
            desktop.is_failing = true;
            desktop.failed_in_outage |= OUTAGE.contains(&now) && desktop.is_signed_in;
            if let Asked::SignIn(_) = asked {
                self.queue.push(Reverse((now + 30 * SECOND, n, Event::SignsIn)));
            }
        }
        let wanted = desktop.driver.answered(now, asked, desktop.asked_at, verdict);
        self.carry_out(now, n, wanted);
    }

    fn carry_out(&mut self, now: i64, n: u32, wanted: Wanted) {
        let desktop = &mut self.desktops[n as usize];
        self.record.n_lost += usize::from(wanted.is_lost);
        if let Some(asked) = wanted.ask {
            desktop.asked = Some(asked);
            desktop.asked_at = now;
            let (verdict, takes) = self.server.ask(now);
            self.record.asked(now, verdict, desktop.is_failing);
            if std::mem::take(&mut desktop.woke_without) {
                self.record.began_after_wake(now - desktop.opened_at);
            }
            self.queue.push(Reverse((now + takes, n, Event::Answered(verdict))));
        }
        let wake_at =
            desktop.driver.wake_at().filter(|wake_at| *wake_at < i64::MAX).map(|wake_at| wake_at.max(now + 1));
        if let Some(at) = wake_at.filter(|_| wake_at != desktop.looked_at) {
            self.queue.push(Reverse((at, n, Event::TimeUp)));
        }
        desktop.looked_at = wake_at;
    }

    fn next_of_lid(&mut self, n: u32) {
        if let Some((at, event)) = self.desktops[n as usize].lid.pop() {
            self.queue.push(Reverse((at, n, event)));
        }
    }
}
