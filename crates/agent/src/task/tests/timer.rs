//! The one timer, in paused time: no socket is opened here.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{NoticeKind, SecretRecord, VaultError};

/// A vault that is locked, and counts how often it is read.
#[derive(Default)]
struct LockedVault {
    n_loads: AtomicUsize,
}

impl Vault for LockedVault {
    fn load(&self, _: &VaultKey) -> Result<Option<SecretRecord>, VaultError> {
        self.n_loads.fetch_add(1, Ordering::Relaxed);
        Err(VaultError::Locked)
    }

    fn store(&self, _: &VaultKey, _: &SecretRecord) -> Result<(), VaultError> {
        Err(VaultError::Locked)
    }

    fn erase(&self, _: &VaultKey) -> Result<(), VaultError> {
        Err(VaultError::Locked)
    }
}

pub(super) struct Paused {
    pub(super) task: Task,
    pub(super) ends: Ends,
    vault: Arc<LockedVault>,
    pub(super) clock: Arc<TestClock>,
    _folder: tempfile::TempDir,
}

impl Paused {
    pub(super) fn with_profiles(n: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        let mut text = String::from("version = 1\n");
        for n in 0..n {
            text += &format!(
                "[[profile]]\nid = \"p{n}\"\nname = \"P\"\nissuer = \"https://acme.okta.com\"\nclient_id = \"0oa1\"\n"
            );
        }
        std::fs::write(&path, text).unwrap();
        let (vault, clock) = (Arc::<LockedVault>::default(), Arc::new(TestClock::starting_at(START)));
        let http = gatepass_oidc::Http::new(HttpPolicy::default());
        let line = VaultLine::start(vault.clone());
        let edges = Edges::new(
            clock.clone(),
            Arc::<TestBrowser>::default(),
            http,
            crate::testing::plain_words,
            crate::testing::plain_page,
            CredentialKeeper::new(line.clone(), MACHINE.into()),
        );
        let journal = crate::journal::Journal::new(folder.path().join("refreshes"));
        let groups = crate::earlier_groups::EarlierGroups::new(folder.path().join("groups"));
        let (task, ends) = Task::new(edges, line, journal, groups, MACHINE.into(), ProfilesFile::new(path));
        assert_eq!(task.seats.len(), n);
        Self { task, ends, vault, clock, _folder: folder }
    }

    /// Does what [`Task::run`] does until `wakes` timers have gone off; when they did.
    pub(super) async fn run_timers(&mut self, wakes: usize) -> Vec<Instant> {
        let mut woken_at = Vec::new();
        while woken_at.len() < wakes {
            match self.task.next_wake().await {
                Wake::Told(report) => self.task.take_in(report),
                Wake::Looked(look) => self.task.take_in_look(look).await,
                Wake::TimeUp => {
                    woken_at.push(Instant::now());
                    self.task.do_what_is_due();
                }
                Wake::TimeLearned => self.task.look_at_everything(),
                Wake::Asked(_) | Wake::Forsaken | Wake::WorkEnded => {}
            }
        }
        woken_at
    }
}

#[tokio::test(start_paused = true)]
async fn one_timer_serves_a_thousand_profiles() {
    let mut paused = Paused::with_profiles(1_000);
    paused.task.look_at_everything();
    let began_at = Instant::now();
    // A hundred wakes for a thousand profiles, of which each has a deadline of its own.
    let woken_at = paused.run_timers(100).await;
    assert!(paused.vault.n_loads.load(Ordering::Relaxed) >= 5_000);
    assert!(woken_at[99] - began_at >= Duration::from_secs(40 * 60), "{:?}", woken_at[99] - began_at);
    for pair in woken_at.windows(2) {
        assert!(pair[1] - pair[0] <= LONGEST_NAP + Duration::from_millis(1), "{:?}", pair[1] - pair[0]);
    }
    // One keyring for all of them is told of once.
    let Ok(Notifying::Show(notice)) = paused.ends.notices.try_recv() else { panic!("nothing is told") };
    assert_eq!(notice.kind, NoticeKind::Unread(VaultError::Locked));
    assert!(paused.ends.notices.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_suspended_machine_is_noticed_within_half_a_minute() {
    let mut paused = Paused::with_profiles(1);
    paused.task.look_at_everything();
    // By then the vault is read again every five minutes.
    paused.run_timers(60).await;
    let n_loads = paused.vault.n_loads.load(Ordering::Relaxed);
    paused.run_timers(2).await;
    assert_eq!(paused.vault.n_loads.load(Ordering::Relaxed), n_loads);
    paused.clock.jump(Duration::from_secs(3600));
    let slept_at = Instant::now();
    paused.run_timers(2).await;
    assert_eq!(paused.vault.n_loads.load(Ordering::Relaxed), n_loads + 1);
    assert!(slept_at.elapsed() <= 2 * LONGEST_NAP);
}

#[tokio::test(start_paused = true)]
async fn while_nothing_can_be_due_the_file_is_all_that_is_looked_at() {
    let mut paused = Paused::with_profiles(0);
    assert_eq!(paused.task.nap(), LONGEST_NAP);
    let began_at = Instant::now();
    paused.run_timers(120).await;
    assert!(began_at.elapsed() >= Duration::from_secs(3600), "{:?}", began_at.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_stays_due_does_not_keep_the_processor_busy() {
    let paused = Paused::with_profiles(1);
    // Nobody has looked yet, so reading the vault has been due since the beginning of time.
    assert_eq!(paused.task.nap(), SHORTEST_NAP);
}

#[tokio::test(start_paused = true)]
async fn networks_that_come_and_go_are_logged_now_and_then() {
    let mut paused = Paused::with_profiles(1);
    for _ in 0..360 {
        paused.task.obey(Command::NetworkChanged).await;
        paused.clock.jump(Duration::from_secs(10));
    }
    let mut n_logged = 0;
    while let Ok(event) = paused.ends.events.try_recv() {
        n_logged += usize::from(matches!(event, Event::NetworkChanged));
    }
    assert_eq!(n_logged, 6, "an hour of a link that comes and goes");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_is_told_at_once_and_renewals_together() {
    let mut paused = Paused::with_profiles(2);
    let told = |paused: &Paused| paused.ends.changes.borrow().cause.kind;
    paused.task.publish(CauseKind::Present, None);
    paused.task.publish(CauseKind::Renewed, Some(0));
    paused.task.publish(CauseKind::Renewed, Some(1));
    assert_eq!(told(&paused), CauseKind::Present, "they wait for others");
    paused.task.publish(CauseKind::SignedIn, Some(0));
    assert_eq!(told(&paused), CauseKind::SignedIn);
    assert_eq!(paused.task.telling.due_at(), None, "nothing is left to tell");
}
