use crate::report::missed;
use crate::scenario::{DAY, MINUTE, OUTAGE, Scenario, WEDNESDAY, is_quiet};
use crate::schedule::Schedule;
use crate::server::{Server, Verdict};
use crate::world::live;

/// Few enough for a debug build, and enough for chance to even out.
const DESKTOPS: u32 = 20_000;

#[test]
fn our_schedule_keeps_the_aims() {
    for rotates in [false, true] {
        let record = live(&Scenario { rotates, ..Scenario::new(DESKTOPS) }, Schedule::Ours);
        assert_eq!(missed(&record), [] as [&str; 0], "rotates: {rotates}");
    }
}

#[test]
fn the_rules_of_thumb_do_not() {
    for rule in [Schedule::FourFifths, Schedule::FiveMinutesBefore] {
        let record = live(&Scenario::new(DESKTOPS / 10), rule);
        let missed = missed(&record);
        assert!(missed.contains(&"quiet hours are not quiet"), "{missed:?}");
        assert!(missed.contains(&"too many requests are refused"), "{missed:?}");
    }
}

#[test]
fn a_week_can_be_lived_through_again() {
    let counts = || {
        let record = live(&Scenario::new(500), Schedule::Ours);
        record.minutes.iter().map(|minute| minute.all()).collect::<Vec<_>>()
    };
    let counted = counts();
    assert!(counted.iter().sum::<u32>() > 500 * 5 * 8, "hardly anybody asked");
    assert_eq!(counted, counts());
}

#[test]
fn the_org_counts_by_the_minute_and_says_when_it_begins_anew() {
    let scenario = Scenario::new(1000);
    let mut server = Server::new(&scenario);
    for _ in 0..scenario.limit() {
        assert_eq!(server.ask(MINUTE).0, Verdict::Granted);
    }
    assert_eq!(server.ask(MINUTE + 20_500).0, Verdict::OverLimit(40));
    assert_eq!(server.ask(2 * MINUTE).0, Verdict::Granted);
    assert_ne!(server.ask(OUTAGE.start).0, Verdict::Granted);
    assert_eq!(server.ask(OUTAGE.end).0, Verdict::Granted);
}

#[test]
fn a_day_is_a_morning_and_an_evening_with_or_without_a_lunch() {
    let scenario = Scenario::new(1000);
    let mut n_with_lunch = 0;
    for desktop in 0..1000 {
        let open = scenario.day(desktop, 2).open;
        assert!(open.iter().all(|part| part.start < part.end && part.start > WEDNESDAY && part.end < WEDNESDAY + DAY));
        n_with_lunch += usize::from(open.len() == 2);
    }
    assert!((450..550).contains(&n_with_lunch), "{n_with_lunch}");
    assert!(!is_quiet(OUTAGE.start) && !is_quiet(OUTAGE.start + 90 * MINUTE) && is_quiet(OUTAGE.start - DAY));
}
