//! Renewals, over a real socket.

use super::*;
use crate::{MinValidity, RenewalError, SignedOutReason, UpkeepSnapshot};

const DEMO: &str = "demo";

async fn restored() -> Fixture {
    Before::new().await.with_session(DEMO, "kept").start()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_session_is_renewed_without_a_browser() {
    let fixture = restored().await;
    let shown = fixture.signed_in(&id(DEMO)).await;
    assert_eq!(session(&shown).unwrap().person.name, "Robin");
    assert_eq!(fixture.issuer.received("/v1/token", "refresh_token"), ["kept"]);
    assert!(fixture.kept(&id(DEMO)).unwrap().contains("refresh-1"));
    assert_eq!(fixture.browser.n_opened(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_another_issuer_is_sent_nowhere() {
    let elsewhere = profile(DEMO, "https://acme.okta.com", "http://localhost:1/redirect");
    let before = Before::new().await.with_profile(DEMO, &free_redirect_uri());
    keep(&before.vault, &before.profiles[0], &elsewhere, "secret");
    let fixture = before.start();
    let mut changes = fixture.handle.watch();
    soon(changes.wait_for(|change| change.cause.kind == CauseKind::Restored)).await.unwrap();
    let refused = fixture.handle.access_token(&id(DEMO), MinValidity::ForCopying).await.unwrap_err();
    assert_eq!(refused, Error::SignInRequired(SignedOutReason::NeverSignedIn));
    fixture.handle.refresh(&id(DEMO)).await.unwrap_err();
    fixture.handle.quit().await;
    assert_eq!(fixture.issuer.n_received(), 0);
    assert!(fixture.kept(&id(DEMO)).unwrap().contains("secret"), "it is the other configuration's, and stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_during_a_refresh_join_it() {
    let fixture = restored().await;
    fixture.signed_in(&id(DEMO)).await;
    fixture.issuer.hold();
    // Not due yet, and not good enough for the third.
    fixture.clock.jump(Duration::from_secs(issuer::LIFETIME / 2));
    let demo = id(DEMO);
    let (first, second, third, ()) = tokio::join!(
        fixture.handle.refresh(&demo),
        fixture.handle.refresh(&demo),
        fixture.handle.access_token(&demo, MinValidity::AtLeast(Duration::from_secs(issuer::LIFETIME / 2 + 1))),
        async {
            fixture.issuer.pending(1).await;
            // All three were sent before this one, so all three are waiting when it is answered.
            fixture.handle.dismiss_problem(&demo).await.unwrap();
            fixture.issuer.release(1);
        },
    );
    first.unwrap();
    second.unwrap();
    assert_eq!(third.unwrap().access_token.expose(), "access-2");
    assert_eq!(fixture.issuer.received("/v1/token", "refresh_token"), ["kept", "refresh-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_refresh_token_is_stored_though_its_response_cannot_be_trusted() {
    let before = Before::new().await.with_session(DEMO, "kept");
    before.issuer.spoil_id_tokens();
    let fixture = before.start();
    let is_retrying = |shown: &ProfileSnapshot| {
        session(shown).is_some_and(|session| matches!(session.upkeep, UpkeepSnapshot::Retrying { .. }))
    };
    let shown = fixture.shows(&id(DEMO), is_retrying).await;
    assert!(!session(&shown).unwrap().has_access_token);
    fixture.handle.quit().await;
    assert!(fixture.kept(&id(DEMO)).unwrap().contains("refresh-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_during_a_refresh_wins() {
    let fixture = restored().await;
    fixture.signed_in(&id(DEMO)).await;
    fixture.issuer.hold();
    let demo = id(DEMO);
    let (refreshed, ()) = tokio::join!(fixture.handle.refresh(&demo), async {
        fixture.issuer.pending(1).await;
        fixture.handle.sign_out(&demo, SignOutOptions::default()).await.unwrap();
        assert_eq!(fixture.kept(&demo), None);
        fixture.issuer.release(1);
    });
    assert_eq!(refreshed, Err(Error::SignInRequired(SignedOutReason::SignedOut)));
    fixture.issuer.arrived("/v1/revoke", 2).await;
    let mut revoked = fixture.issuer.received("/v1/revoke", "token");
    revoked.sort();
    assert_eq!(revoked, ["refresh-1", "refresh-2"]);
    fixture.handle.quit().await;
    assert_eq!(fixture.kept(&demo), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_that_wakes_renews_what_is_due() {
    let fixture = restored().await;
    fixture.signed_in(&id(DEMO)).await;
    fixture.clock.jump(Duration::from_secs(issuer::LIFETIME * 9 / 10));
    fixture.handle.look_again();
    fixture.issuer.arrived("/v1/token", 2).await;
    assert_eq!(fixture.issuer.received("/v1/token", "refresh_token"), ["kept", "refresh-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_four_renewals_begin_at_once() {
    let mut before = Before::new().await;
    before.issuer.hold();
    for n in 0..12 {
        before = before.with_session(&format!("profile-{n}"), &format!("kept-{n}"));
    }
    let fixture = before.start();
    for n in 0..12 {
        fixture.issuer.pending(4.min(12 - n)).await;
        fixture.issuer.release(1);
    }
    for n in 0..12 {
        fixture.signed_in(&id(&format!("profile-{n}"))).await;
    }
    assert_eq!(fixture.issuer.most_pending(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_signed_out_while_its_renewal_waits_for_a_turn_is_not_renewed() {
    let mut before = Before::new().await.without_journal();
    before.issuer.hold();
    for n in 0..5 {
        before = before.with_session(&format!("profile-{n}"), &format!("kept-{n}"));
    }
    let mut fixture = before.start();
    fixture.issuer.pending(4).await;
    let sent = fixture.issuer.received("/v1/token", "refresh_token");
    let waits = (0..5).find(|n| !sent.contains(&format!("kept-{n}"))).unwrap();
    fixture.handle.sign_out(&id(&format!("profile-{waits}")), SignOutOptions::default()).await.unwrap();
    fixture.issuer.release(5);
    for n in (0..5).filter(|n| *n != waits) {
        fixture.signed_in(&id(&format!("profile-{n}"))).await;
    }
    // It waits for all that is under way.
    fixture.handle.quit().await;
    let mut sent = fixture.issuer.received("/v1/token", "refresh_token");
    sent.sort();
    let others: Vec<_> = (0..5).filter(|n| *n != waits).map(|n| format!("kept-{n}")).collect();
    assert_eq!(sent, others);
    assert_eq!(fixture.issuer.received("/v1/revoke", "token"), [format!("kept-{waits}")]);
    assert!(fixture.notices.try_recv().is_err(), "whoever signs out need not be told anything");
}

/// Five sessions, of which one waits for its turn.
async fn one_waits() -> Fixture {
    let mut before = Before::new().await;
    before.issuer.hold();
    for n in 0..5 {
        before = before.with_session(&format!("profile-{n}"), &format!("kept-{n}"));
    }
    let fixture = before.start();
    fixture.issuer.pending(4).await;
    fixture
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_waits_for_its_turn_does_not_leave_while_the_machine_falls_asleep() {
    let fixture = one_waits().await;
    fixture.handle.falling_asleep();
    // Answered in order, so that the task has heard of the sleep.
    fixture.handle.cancel_sign_in(&id("profile-0")).await.unwrap();
    fixture.issuer.release(4);
    let is_put_off = |change: &Arc<Change>| {
        let is_so = |one: &Arc<ProfileSnapshot>| {
            session(one).is_some_and(|session| matches!(session.upkeep, UpkeepSnapshot::Retrying { .. }))
        };
        change.snapshot.profiles.iter().filter(|one| is_so(one)).count() == 1
    };
    soon(fixture.handle.watch().wait_for(is_put_off)).await.unwrap();
    assert_eq!(fixture.issuer.received("/v1/token", "refresh_token").len(), 4);
    fixture.issuer.release(1);
    fixture.clock.jump(Duration::from_secs(60));
    fixture.handle.look_again();
    fixture.issuer.arrived("/v1/token", 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_waits_for_its_turn_does_not_leave_while_the_program_quits() {
    let fixture = one_waits().await;
    // Longer than a renewal that hangs keeps its place.
    fixture.handle.quit().await;
    assert_eq!(fixture.issuer.received("/v1/token", "refresh_token").len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_journal_knows_to_be_spent_is_not_sent_even_if_it_could_not_be_read_before() {
    let issuer = TestIssuer::start(START).await;
    let folder = tempfile::tempdir().unwrap();
    let (journal, profile) =
        (Journal::new(folder.path().into()), profile(DEMO, issuer.url.as_str(), "http://localhost:1/redirect"));
    let token = RefreshToken::new("kept");
    journal.settle(&profile, &token, crate::session::Fate::Spent).unwrap();
    let clock = Arc::new(TestClock::starting_at(START));
    let http = gatepass_oidc::Http::new(HttpPolicy::default());
    let edges = Edges::new(
        clock,
        Arc::<TestBrowser>::default(),
        http,
        crate::testing::plain_words,
        crate::testing::plain_page,
        crate::testing::no_credentials(),
    );
    let (reports, mut reported) = mpsc::unbounded_channel();
    let renewal = work::Renewal {
        edges: Arc::new(edges),
        journal: JournalWorker::start(journal),
        profile: Arc::new(profile),
        generation: crate::session::Generation(0),
        held: seat::Held::default(),
        quiet: quiet::Quiet::default(),
        refresh_token: token,
        before: None,
        predecessor: crate::session::Predecessor { subject: Subject("Robin".into()), id_token: None, scopes: None },
        reporter: Reporter::new(SeatNumber(1), reports),
    };
    soon(renewal.run(Arc::new(Semaphore::new(1)))).await;
    let Some(Report { news: News::RefreshFinished(_, Err(failure)), .. }) = reported.recv().await else {
        panic!("no failure")
    };
    // As if the server had said it: the vault is looked at once more, and the session ends.
    let RenewalError::Oidc(gatepass_oidc::Error::Refused { code, .. }) = failure.error else { panic!("{failure:?}") };
    assert_eq!(code, "invalid_grant");
    assert!(issuer.received("/v1/token", "refresh_token").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn quitting_waits_for_a_refresh_token_on_its_way() {
    let fixture = restored().await;
    fixture.signed_in(&id(DEMO)).await;
    fixture.issuer.hold();
    let demo = id(DEMO);
    let (refreshed, ()) = tokio::join!(fixture.handle.refresh(&demo), async {
        fixture.issuer.pending(1).await;
        // The wish to quit is sent before the answer is.
        tokio::join!(fixture.handle.quit(), async { fixture.issuer.release(1) });
    });
    // Whether the answer or the end came first is open; what is stored is not.
    assert!(matches!(refreshed, Ok(()) | Err(Error::Quitting)));
    assert!(fixture.kept(&demo).unwrap().contains("refresh-2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_falls_asleep_begins_no_renewal_before_it_wakes() {
    let fixture = restored().await;
    fixture.signed_in(&id(DEMO)).await;
    fixture.handle.falling_asleep();
    fixture.clock.jump(Duration::from_secs(issuer::LIFETIME * 9 / 10) - QUIET_BEFORE_SLEEP / 2);
    // Somebody who asks is answered all the same.
    fixture.handle.falling_asleep();
    let token = fixture.handle.access_token(&id(DEMO), MinValidity::AtLeast(Duration::from_secs(1))).await.unwrap();
    assert_eq!(token.access_token.expose(), "access-1");
    assert_eq!(fixture.issuer.received("/v1/token", "refresh_token"), ["kept"]);
    fixture.handle.look_again();
    fixture.issuer.arrived("/v1/token", 2).await;
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_said_it_falls_asleep_and_did_not_goes_on_soon() {
    // Nobody has looked yet, so reading the vault is due.
    let mut paused = timer::Paused::with_profiles(1);
    paused.task.obey(Command::FallingAsleep).await;
    assert_eq!(paused.task.nap(), QUIET_BEFORE_SLEEP);
    // Waking is told by the clock too, for quiet is measured in boot time.
    paused.clock.jump(QUIET_BEFORE_SLEEP);
    assert_eq!(paused.task.nap(), SHORTEST_NAP);
}
