use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::testing::TestClock;

const START: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

struct Fixture {
    clock: Arc<TestClock>,
    times: Arc<Times>,
}

fn start() -> Fixture {
    let clock = Arc::new(TestClock::starting_at(START));
    Fixture { times: Arc::new(Times::new(clock.clone())), clock }
}

fn acme() -> IssuerUrl {
    IssuerUrl::parse("https://acme.okta.com/oauth2/default").unwrap()
}

fn globex() -> IssuerUrl {
    IssuerUrl::parse("https://globex.okta.com").unwrap()
}

impl Fixture {
    /// An answer of the issuer's with this `Date`, `took` after it was asked for, in half of which the date was written.
    fn answer(&self, issuer: &IssuerUrl, date: Timestamp, took: Duration) {
        let receiver = (self.times.observer())(issuer.url());
        self.clock.jump(took);
        let whole_seconds = Timestamp::from_unix_seconds(date.as_unix_seconds());
        receiver(whole_seconds);
    }

    fn is_doubted(&self, issuer: &IssuerUrl) -> bool {
        self.times.until_question(issuer).is_some()
    }

    fn error_at(&self, issuer: &IssuerUrl, truth: Timestamp) -> Duration {
        let now = self.times.at_issuer(issuer);
        now.since(truth).max(truth.since(now))
    }
}

#[tokio::test(start_paused = true)]
async fn before_any_answer_it_is_the_wall_clock() {
    let Fixture { clock, times } = start();
    assert_eq!(times.at_issuer(&acme()), START);
    clock.jump(HOUR);
    assert_eq!(times.at_issuer(&acme()), START + HOUR);
    clock.set_back(2 * HOUR);
    times.look(|| 0.0);
    assert_eq!(times.at_issuer(&acme()), START - HOUR);
    assert_eq!(times.shift(&acme()), Shift(0));
}

#[tokio::test(start_paused = true)]
async fn small_differences_are_none() {
    let fixture = start();
    for millis in [0, 400, 999, 1_500] {
        fixture.answer(&acme(), START - Duration::from_millis(millis), Duration::from_millis(40));
        assert_eq!(fixture.times.shift(&acme()), Shift(0), "{millis}");
    }
    assert_eq!(fixture.times.revision(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_wrong_is_put_right_for_its_issuer_alone() {
    let fixture = start();
    fixture.answer(&acme(), START + 3 * HOUR, SECOND / 10);
    assert!(fixture.error_at(&acme(), START + 3 * HOUR) <= 2 * SECOND);
    assert!(fixture.error_at(&globex(), START) <= 2 * SECOND);
    // What is shown is by the wall clock all the same.
    let ends_at = fixture.times.at_issuer(&acme()) + HOUR;
    assert_eq!(fixture.times.shift(&acme()).apply(ends_at), fixture.clock.now() + HOUR);
    fixture.times.learned().await;
}

#[tokio::test(start_paused = true)]
async fn instants_do_not_tremble_with_each_answer() {
    let fixture = start();
    fixture.answer(&acme(), START + HOUR, SECOND / 10);
    let shift = fixture.times.shift(&acme());
    let revision = fixture.times.revision();
    for n in 0..50 {
        let truth = START + HOUR + fixture.clock.now().since(START);
        fixture.answer(&acme(), truth + SECOND * (n % 3), SECOND * n / 10);
        assert_eq!(fixture.times.shift(&acme()), shift);
    }
    assert_eq!(fixture.times.revision(), revision);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_read_after_a_nights_sleep_teaches_nothing_wrong() {
    let fixture = start();
    fixture.answer(&acme(), START, SECOND);
    let sent_at = fixture.clock.now();
    fixture.answer(&acme(), sent_at, 9 * HOUR);
    assert_eq!(fixture.times.at_issuer(&acme()), sent_at + 9 * HOUR);
    assert_eq!(fixture.times.shift(&acme()), Shift(0));
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_is_set_changes_what_is_shown_and_nothing_else() {
    let fixture = start();
    fixture.answer(&acme(), START, SECOND / 10);
    let now = fixture.times.at_issuer(&acme());
    fixture.clock.set_ahead(2 * HOUR);
    fixture.times.look(|| 0.0);
    assert_eq!(fixture.times.at_issuer(&acme()), now);
    assert_eq!(fixture.times.shift(&acme()).apply(now), now + 2 * HOUR);
    assert_eq!(fixture.times.revision(), 1);
    assert!(fixture.times.take_question(&acme()));
    fixture.answer(&acme(), now, SECOND / 10);
    assert!(!fixture.is_doubted(&acme()));
    assert_eq!(fixture.times.at_issuer(&acme()), now + SECOND / 10);
    assert_eq!(fixture.times.revision(), 1, "the server had nothing new to say");
}

#[tokio::test(start_paused = true)]
async fn a_virtual_machine_that_was_paused_goes_on_at_the_servers_time() {
    let fixture = start();
    fixture.answer(&acme(), START, SECOND / 10);
    fixture.clock.set_ahead(2 * HOUR);
    fixture.times.look(|| 0.0);
    assert!(fixture.times.take_question(&acme()));
    fixture.answer(&acme(), START + 2 * HOUR, SECOND / 10);
    assert!(fixture.error_at(&acme(), START + 2 * HOUR) <= 2 * SECOND);
    // The wall clock was right, so it is taken to the millisecond.
    assert_eq!(fixture.times.shift(&acme()), Shift(0));
}

#[tokio::test(start_paused = true)]
async fn an_answer_from_before_a_jump_settles_nothing() {
    let fixture = start();
    fixture.answer(&acme(), START, SECOND / 10);
    let receiver = (fixture.times.observer())(acme().url());
    fixture.clock.jump(SECOND / 10);
    fixture.clock.set_ahead(2 * HOUR);
    fixture.times.look(|| 0.0);
    receiver(START);
    assert!(fixture.is_doubted(&acme()), "it was written before the machine stood still");
    fixture.answer(&acme(), START + 2 * HOUR, SECOND / 10);
    assert!(!fixture.is_doubted(&acme()));
}

#[tokio::test(start_paused = true)]
async fn after_a_jump_the_server_is_asked_once_and_again_only_after_a_while() {
    let fixture = start();
    fixture.answer(&acme(), START, SECOND / 10);
    assert!(!fixture.times.take_question(&acme()), "nothing happened");
    fixture.clock.set_back(HOUR);
    fixture.times.look(|| 0.5);
    assert_eq!(fixture.times.until_question(&acme()), Some(ASKING_SPREAD / 2));
    assert!(!fixture.times.take_question(&acme()));
    assert!(!fixture.times.take_question(&globex()), "nothing was learned of it that could be in doubt");
    let mut waited = Vec::new();
    for _ in 0..8 {
        let wait = fixture.times.until_question(&acme()).unwrap();
        fixture.clock.jump(wait);
        assert!(fixture.times.take_question(&acme()));
        assert!(!fixture.times.take_question(&acme()));
        waited.push(wait.as_secs());
    }
    assert_eq!(waited, [1, 10, 20, 40, 80, 160, 300, 300]);
    fixture.times.ask_soon(|| 0.9);
    assert!(fixture.times.until_question(&acme()).unwrap() < ASKING_SPREAD);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_slewed_has_not_jumped() {
    let fixture = start();
    fixture.answer(&acme(), START, SECOND / 10);
    fixture.clock.set_ahead(Duration::from_millis(1_900));
    fixture.times.look(|| 0.0);
    assert!(!fixture.is_doubted(&acme()));
    assert_eq!(fixture.times.revision(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_years_off_is_not_believed() {
    let fixture = start();
    for date in [Timestamp::default(), START + 500 * 24 * HOUR, Timestamp::from_unix_millis(i64::MAX)] {
        fixture.answer(&acme(), date, SECOND / 10);
    }
    assert_eq!(fixture.times.shift(&acme()), Shift(0));
    assert_eq!(fixture.times.revision(), 0);
}
