//! The week that the fleet lives through: when people open and close their lids, and what the org does meanwhile. Times
//! are milliseconds since Monday, 0:00.

use std::ops::Range;

use crate::chance::Chance;

pub const SECOND: i64 = 1000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
pub const DAYS: i64 = 5;
pub const WEDNESDAY: i64 = 2 * DAY;

/// Life of an access token: what Okta gives where nobody changes it.
pub const TOKEN_LIFE: i64 = HOUR;

/// The day begins around nine: two thirds of the people within a quarter of an hour of it.
const MORNING: (i64, i64) = (9 * HOUR, 15 * MINUTE);
/// And ends around half past five.
const EVENING: (i64, i64) = (17 * HOUR + 30 * MINUTE, 20 * MINUTE);
/// Those who closed their lids over lunch open them within these ten minutes.
pub const LUNCH_ENDS: Range<i64> = 13 * HOUR..13 * HOUR + 10 * MINUTE;
/// For how long they were closed.
const LUNCH_TAKES: Range<i64> = 30 * MINUTE..75 * MINUTE;
/// The issuer does not work on Wednesday.
pub const OUTAGE: Range<i64> = WEDNESDAY + 10 * HOUR + 30 * MINUTE..WEDNESDAY + 11 * HOUR;

/// What differs from week to week.
#[derive(Clone, Copy)]
pub struct Scenario {
    pub desktops: u32,
    pub seed: u64,
    /// How many of a hundred people close their lids over lunch.
    pub lids_closed: i64,
    /// The limit, in hundredths of what the fleet asks for when nothing happens.
    pub limit_percent: u32,
    /// How the issuer fails in the outage.
    pub outage: Outage,
    /// Whether each renewal replaces the refresh token.
    pub rotates: bool,
}

/// How the issuer fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Half of the requests are answered with 503, the other half not at all.
    Answers,
    /// Nobody can connect.
    NoConnection,
}

/// One person's day: from when to when the lid is open.
pub struct Day {
    pub open: Vec<Range<i64>>,
}

impl Scenario {
    pub fn new(desktops: u32) -> Self {
        Self { desktops, seed: 1, lids_closed: 50, limit_percent: 250, outage: Outage::Answers, rotates: false }
    }

    /// Token requests a minute that the org allows. A token of an hour is renewed after 42 minutes on average.
    pub fn limit(&self) -> u32 {
        self.desktops / 42 * self.limit_percent / 100
    }

    pub fn day(&self, desktop: u32, day: i64) -> Day {
        let mut chance = Chance::of(self.seed, desktop.into(), 100 + day.unsigned_abs());
        let opens = chance.around(MORNING.0, MORNING.1);
        let closes = chance.around(EVENING.0, EVENING.1);
        let lunch_ends = chance.between(LUNCH_ENDS.start, LUNCH_ENDS.end);
        let lunch_takes = chance.between(LUNCH_TAKES.start, LUNCH_TAKES.end);
        let (before, after) = if chance.percent(self.lids_closed) {
            (opens..lunch_ends - lunch_takes, Some(lunch_ends..closes))
        } else {
            (opens..closes, None)
        };
        let open = std::iter::once(before).chain(after);
        Day { open: open.map(|part| day * DAY + part.start..day * DAY + part.end).collect() }
    }
}

/// Whether nothing happens at that time that many people do together: from an hour after nine until the first lids close
/// before lunch, and from an hour after lunch until the first go home; on Wednesday the afternoon alone.
pub fn is_quiet(at: i64) -> bool {
    let (day, time) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    let morning = 10 * HOUR..LUNCH_ENDS.start - LUNCH_TAKES.end;
    let afternoon = 14 * HOUR + 10 * MINUTE..16 * HOUR + 30 * MINUTE;
    (morning.contains(&time) && day != WEDNESDAY / DAY) || afternoon.contains(&time)
}
