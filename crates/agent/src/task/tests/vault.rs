//! The vault's worker, and a task that goes on while the vault does not answer.

use std::sync::{Condvar, Mutex};

use super::*;
use crate::task::vault_worker::{Job, Order};
use crate::{MinValidity, NoticeKind, SecretRecord, VaultError};

/// A vault that does nothing until it is opened, and notes what it was asked in which order.
#[derive(Default)]
struct SlowVault {
    is_open: Mutex<bool>,
    opened: Condvar,
    done: Mutex<Vec<String>>,
}

impl SlowVault {
    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    fn note(&self, what: String) {
        drop(self.opened.wait_while(self.is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
        self.done.lock().unwrap().push(what);
    }
}

impl Vault for SlowVault {
    fn load(&self, key: &VaultKey) -> Result<Option<SecretRecord>, VaultError> {
        self.note(format!("load {}", key.entry()));
        Ok(None)
    }

    fn store(&self, key: &VaultKey, record: &SecretRecord) -> Result<(), VaultError> {
        self.note(format!("store {} {}", key.entry(), record.expose()));
        Ok(())
    }

    fn erase(&self, key: &VaultKey) -> Result<(), VaultError> {
        self.note(format!("erase {}", key.entry()));
        Err(VaultError::Locked)
    }
}

#[tokio::test]
async fn jobs_are_done_in_the_order_they_were_given_and_each_is_reported() {
    let vault = Arc::<SlowVault>::default();
    let orders = VaultLine::start(vault.clone());
    let (sender, mut reports) = mpsc::unbounded_channel();
    let reporter = Reporter::new(SeatNumber(7), sender);
    let give = |id: &str, job| {
        let order = Order { key: VaultKey::session(super::id(id)), job, reporter: reporter.clone() };
        assert!(orders.order(order));
    };
    use crate::session::Generation;
    give("one", Job::Load);
    give("one", Job::Store(Generation(1), SecretRecord::new("old")));
    give("two", Job::Erase);
    give("one", Job::Store(Generation(2), SecretRecord::new("new")));
    give("one", Job::Erase);
    assert!(reports.try_recv().is_err());
    vault.open();
    let mut heard = Vec::new();
    for _ in 0..5 {
        let report = reports.recv().await.unwrap();
        assert_eq!(report.seat, SeatNumber(7));
        heard.push(match report.news {
            News::Loaded(Ok(None)) => "loaded",
            News::Stored(Generation(1), Ok(())) => "stored 1",
            News::Stored(Generation(2), Ok(())) => "stored 2",
            News::Erased(Err(VaultError::Locked)) => "not erased",
            _ => "something else",
        });
    }
    assert_eq!(heard, ["loaded", "stored 1", "not erased", "stored 2", "not erased"]);
    let done = vault.done.lock().unwrap().clone();
    assert_eq!(done, ["load one", "store one old", "erase two", "store one new", "erase one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_panics_is_one_that_does_not_answer() {
    struct Panicking;
    impl Vault for Panicking {
        fn load(&self, _: &VaultKey) -> Result<Option<SecretRecord>, VaultError> {
            panic!("as some keyring libraries do")
        }
        fn store(&self, _: &VaultKey, _: &SecretRecord) -> Result<(), VaultError> {
            Ok(())
        }
        fn erase(&self, _: &VaultKey) -> Result<(), VaultError> {
            Ok(())
        }
    }
    let orders = VaultLine::start(Arc::new(Panicking));
    let (sender, mut reports) = mpsc::unbounded_channel();
    for job in [Job::Load, Job::Erase] {
        let order =
            Order { key: VaultKey::session(id("one")), job, reporter: Reporter::new(SeatNumber(1), sender.clone()) };
        assert!(orders.order(order));
    }
    assert!(matches!(reports.recv().await.unwrap().news, News::Loaded(Err(VaultError::Unresponsive))));
    assert!(matches!(reports.recv().await.unwrap().news, News::Erased(Ok(()))));
}

/// An agent with a vault that does nothing yet, and what is around it.
struct Slow {
    agent: Agent,
    issuer: TestIssuer,
    vault: Arc<SlowVault>,
    browser: Arc<TestBrowser>,
    clock: Arc<TestClock>,
    _folder: tempfile::TempDir,
}

impl Slow {
    async fn start() -> Self {
        let issuer = TestIssuer::start(START).await;
        let vault = Arc::<SlowVault>::default();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        let demo = profile("demo", issuer.url.as_str(), &free_redirect_uri());
        ProfilesFile::new(path.clone()).add(demo, |_| false).unwrap();
        let browser = Arc::<TestBrowser>::default();
        let clock = Arc::new(TestClock::starting_at(START));
        let agent = Agent::start(AgentOptions {
            profiles_file: path,
            refreshes: folder.path().join("refreshes"),
            groups: folder.path().join("groups"),
            machine: MACHINE.into(),
            vault: vault.clone(),
            browser: browser.clone(),
            clock: clock.clone(),
            http: HttpPolicy::default(),
            explain: crate::testing::plain_words,
            page: crate::testing::plain_page,
        });
        Self { agent, issuer, vault, browser, clock, _folder: folder }
    }
}

impl Drop for Slow {
    /// So that a test that fails with the vault closed ends, instead of waiting for its thread for ever.
    fn drop(&mut self) {
        self.vault.open();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_session_waits_for_the_vault() {
    let slow = Slow::start().await;
    let Slow { agent, issuer, vault, browser, .. } = &slow;
    let demo = id("demo");
    agent.handle.dismiss_problem(&demo).await.unwrap();
    agent.handle.sign_in(&demo, SignInOptions::default()).await.unwrap();
    issuer.arrived("/v1/token", 1).await;
    agent.handle.dismiss_problem(&demo).await.unwrap();
    assert!(vault.done.lock().unwrap().is_empty());
    // Nobody is signed in before it is stored.
    vault.open();
    let mut changes = agent.handle.watch();
    soon(changes.wait_for(|change| session(&change.snapshot.profiles[0]).is_some())).await.unwrap();
    assert!(browser.page().await.contains("Robin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_after_a_record_that_could_not_be_erased_stays() {
    let slow = Slow::start().await;
    let (agent, vault, demo) = (&slow.agent, &slow.vault, id("demo"));
    let mut signing_out = std::pin::pin!(agent.handle.sign_out(&demo, SignOutOptions::default()));
    // Asked for before the sign-in is: in a task of its own it could come after it, and cancel it.
    tokio::select! {
        biased;
        early = &mut signing_out => panic!("the vault does not answer yet, but {early:?}"),
        () = std::future::ready(()) => {}
    }
    agent.handle.dismiss_problem(&demo).await.unwrap();
    agent.handle.sign_in(&demo, SignInOptions::default()).await.unwrap();
    slow.issuer.arrived("/v1/token", 1).await;
    vault.open();
    assert_eq!(soon(signing_out).await, Err(Error::Vault(VaultError::Locked)));
    let mut changes = agent.handle.watch();
    soon(changes.wait_for(|change| session(&change.snapshot.profiles[0]).is_some())).await.unwrap();
    slow.clock.jump(Duration::from_secs(60));
    agent.handle.look_again();
    agent.handle.quit().await;
    let done = vault.done.lock().unwrap().clone();
    let last = done.last().unwrap();
    assert!(last.starts_with("store demo"), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_vault_refuses_goes_on_in_memory() {
    let mut fixture = Before::new().await.with_profile("demo", &free_redirect_uri()).start();
    let demo = id("demo");
    let mut changes = fixture.handle.watch();
    soon(changes.wait_for(|change| change.cause.kind == CauseKind::Restored)).await.unwrap();
    fixture.vault.fail_with(Some(VaultError::Denied));
    fixture.sign_in(&demo).await;
    let shown = fixture.signed_in(&demo).await;
    assert_eq!(shown.memory_only, Some(VaultError::Denied));
    fixture.let_it_last();
    let notice = fixture.told().await;
    assert_eq!((notice.profile, notice.kind), (demo.clone(), NoticeKind::MemoryOnly(VaultError::Denied)));
    fixture.handle.access_token(&demo, MinValidity::ForCopying).await.unwrap();
    fixture.vault.fail_with(None);
    // It is offered again a minute after the answer, and that answer may still be on its way.
    let offering = async {
        while fixture.kept(&demo).is_none() {
            fixture.clock.jump(Duration::from_secs(60));
            fixture.handle.look_again();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(offering).await;
    fixture.shows(&demo, |shown| shown.memory_only.is_none()).await;
    assert!(fixture.kept(&demo).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_could_not_be_erased_is_erased_later() {
    let fixture = Before::new().await.with_session("demo", "kept").start();
    let demo = id("demo");
    fixture.signed_in(&demo).await;
    fixture.vault.fail_with(Some(VaultError::Locked));
    assert_eq!(fixture.handle.sign_out(&demo, SignOutOptions::default()).await, Err(Error::Vault(VaultError::Locked)));
    assert!(!fixture.is_signed_in(&demo));
    fixture.vault.fail_with(None);
    assert!(fixture.kept(&demo).is_some());
    fixture.clock.jump(Duration::from_secs(60));
    fixture.handle.look_again();
    fixture.handle.quit().await;
    assert_eq!(fixture.kept(&demo), None);
}

/// Waits until the snapshot of every profile is so.
async fn all_show(fixture: &Fixture, so: impl Fn(&ProfileSnapshot) -> bool) {
    let mut changes = fixture.handle.watch();
    soon(changes.wait_for(|change| change.snapshot.profiles.iter().all(|one| so(one)))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn that_the_keyring_refuses_is_told_once_for_all_profiles_and_again_after_it_worked() {
    let before = Before::new().await.with_session("one", "kept-1").with_session("two", "kept-2");
    let before = before.with_session("three", "kept-3");
    let mut fixture = before.start();
    all_show(&fixture, |one| session(one).is_some_and(|session| session.has_access_token)).await;
    for _ in 0..2 {
        fixture.vault.fail_with(Some(VaultError::Locked));
        for id in ["one", "two", "three"] {
            fixture.handle.refresh(&super::id(id)).await.unwrap();
        }
        all_show(&fixture, |one| one.memory_only.is_some()).await;
        assert!(fixture.notices.try_recv().is_err(), "it may pass");
        fixture.let_it_last();
        let notice = fixture.told().await;
        assert_eq!(notice.kind, NoticeKind::MemoryOnly(VaultError::Locked));
        assert!(fixture.notices.try_recv().is_err(), "told more than once");
        fixture.vault.fail_with(None);
        for id in ["one", "two", "three"] {
            fixture.handle.refresh(&super::id(id)).await.unwrap();
        }
        all_show(&fixture, |one| one.memory_only.is_none()).await;
        assert_eq!(soon(fixture.notices.recv()).await, Some(Notifying::TakeBack(notice.id)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_comes_late_gives_the_sessions_back_and_is_told_of_only_if_that_lasts() {
    let before = Before::new().await.with_session("one", "kept-1").with_session("two", "kept-2");
    before.vault.fail_with(Some(VaultError::Missing));
    let mut fixture = before.start();
    all_show(&fixture, |one| one.unread == Some(VaultError::Missing)).await;
    assert!(fixture.notices.try_recv().is_err(), "at a login the keyring may come after us");
    for _ in 0..2 {
        assert!(fixture.notices.try_recv().is_err(), "at a login the keyring may come after us");
        fixture.clock.jump(Duration::from_secs(31));
        fixture.handle.look_again();
        // Whoever asks is answered when the reading under way is over: the other profile's may still be.
        for id in ["one", "two"] {
            fixture.handle.refresh(&super::id(id)).await.unwrap_err();
        }
    }
    let notice = fixture.told().await;
    assert_eq!(notice.kind, NoticeKind::Unread(VaultError::Missing));
    fixture.vault.fail_with(None);
    fixture.clock.jump(Duration::from_secs(301));
    fixture.handle.look_again();
    all_show(&fixture, |one| session(one).is_some_and(|session| session.has_access_token)).await;
    assert_eq!(soon(fixture.notices.recv()).await, Some(Notifying::TakeBack(notice.id)), "told more than once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_a_newer_version_stays_until_a_sign_in_replaces_it() {
    let before = Before::new().await.with_profile("demo", &free_redirect_uri());
    let demo = id("demo");
    let newer = "{\"v\":2,\"refresh\":\"token\"}";
    before.vault.store(&VaultKey::session(demo.clone()), &SecretRecord::new(newer)).unwrap();
    let mut fixture = before.start();
    fixture.shows(&demo, |shown| shown.unread == Some(VaultError::Corrupt)).await;
    assert_eq!(fixture.told().await.kind, NoticeKind::Unread(VaultError::Corrupt));
    fixture.handle.refresh(&demo).await.unwrap_err();
    fixture.handle.look_again();
    fixture.handle.cancel_sign_in(&demo).await.unwrap();
    assert_eq!(fixture.kept(&demo).as_deref(), Some(newer));
    fixture.sign_in(&demo).await;
    fixture.signed_in(&demo).await;
    assert!(fixture.kept(&demo).unwrap().contains("\"v\":1"));
}
