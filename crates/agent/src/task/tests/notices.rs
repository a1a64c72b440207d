use super::timer::Paused;
use super::*;
use crate::task::notices::MUST_LAST;
use crate::{NoticeKind, VaultError};

fn is_in_memory(shown: &ProfileSnapshot) -> bool {
    session(shown).is_some() && shown.memory_only.is_some()
}

/// Two profiles that are signed in, with a keyring that refuses what comes next.
async fn refused_by_the_keyring() -> Fixture {
    let fixture = Before::new().await.with_session("one", "kept-1").with_session("two", "kept-2").start();
    for one in [id("one"), id("two")] {
        fixture.signed_in(&one).await;
    }
    fixture.vault.fail_with(Some(VaultError::Denied));
    for one in [id("one"), id("two")] {
        fixture.handle.refresh(&one).await.unwrap();
        fixture.shows(&one, is_in_memory).await;
    }
    fixture
}

#[tokio::test(start_paused = true)]
async fn the_one_timer_tells_of_it_when_it_has_lasted() {
    let mut paused = Paused::with_profiles(1);
    paused.task.look_at_everything();
    // Until it is known that the keyring is locked.
    paused.run_timers(1).await;
    paused.task.notify(0, NoticeKind::Unread(VaultError::Locked));
    let since = Instant::now();
    while paused.ends.notices.try_recv().is_err() {
        assert!(since.elapsed() <= MUST_LAST);
        paused.run_timers(1).await;
    }
    assert_eq!(since.elapsed().as_secs(), MUST_LAST.as_secs());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_in_time_is_not_told() {
    let mut fixture = refused_by_the_keyring().await;
    fixture.vault.fail_with(None);
    // By itself, before anybody is told.
    fixture.clock.jump(Duration::from_secs(15));
    fixture.handle.look_again();
    for one in [id("one"), id("two")] {
        fixture.shows(&one, |shown| shown.memory_only.is_none()).await;
    }
    fixture.let_it_last();
    // What is asked next is answered after that.
    fixture.handle.cancel_sign_in(&id("one")).await.unwrap();
    assert!(fixture.notices.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lasts_is_told_of_a_profile_that_has_it_and_taken_back_with_the_last() {
    let mut fixture = refused_by_the_keyring().await;
    // The one that met it first has nothing any more that could be kept.
    let _ = fixture.handle.sign_out(&id("one"), SignOutOptions::default()).await;
    fixture.let_it_last();
    let notice = fixture.told().await;
    assert_eq!((notice.profile, notice.kind), (id("two"), NoticeKind::MemoryOnly(VaultError::Denied)));
    assert!(fixture.notices.try_recv().is_err(), "told more than once");
    fixture.handle.remove_profile(&id("two")).await.unwrap();
    assert_eq!(soon(fixture.notices.recv()).await, Some(Notifying::TakeBack(notice.id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn that_somebody_else_signed_in_is_told_at_once_and_taken_back_with_the_answer() {
    let mut fixture = Before::new().await.with_session("demo", "kept").start();
    let demo = id("demo");
    fixture.signed_in(&demo).await;
    fixture.issuer.sign_in_as("Noor");
    fixture.sign_in(&demo).await;
    let notice = fixture.told().await;
    assert_eq!(notice.kind, NoticeKind::OtherPerson);
    fixture.handle.answer_other_person(&demo, false).await.unwrap();
    assert_eq!(soon(fixture.notices.recv()).await, Some(Notifying::TakeBack(notice.id)));
}
