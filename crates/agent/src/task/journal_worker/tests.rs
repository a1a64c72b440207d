use std::fs;
use std::path::PathBuf;

use super::*;
use crate::ProfileParts;

const AT: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

/// A worker whose page cannot be read, and the page and where it is meanwhile.
struct Unreadable {
    worker: JournalWorker,
    profile: Arc<Profile>,
    page: PathBuf,
    aside: PathBuf,
    _folder: tempfile::TempDir,
}

impl Unreadable {
    /// The page says that R1 was sent.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path().join("refreshes"));
        let profile = Profile::from_parts(&ProfileParts {
            id: Some("work".into()),
            name: "Work".into(),
            issuer: "https://acme.okta.com".into(),
            client_id: "0oademo1gatepass".into(),
            ..ProfileParts::default()
        });
        let profile = Arc::new(profile.unwrap());
        journal.note_sent(&profile, &RefreshToken::new("R1"), AT).unwrap();
        let (page, aside) = (folder.path().join("refreshes/profile-work.json"), folder.path().join("aside"));
        fs::rename(&page, &aside).unwrap();
        // A link that leads to itself: even root cannot read it.
        std::os::unix::fs::symlink(&page, &page).unwrap();
        Self { worker: JournalWorker::start(journal), profile, page, aside, _folder: folder }
    }

    async fn past(&self) -> Past {
        self.worker.past(self.profile.clone(), RefreshToken::new("R1")).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_can_be_read_soon_is_waited_for() {
    let it = Unreadable::new();
    let can_be_read = async {
        sleep(Duration::from_secs(1)).await;
        fs::rename(&it.aside, &it.page).unwrap();
    };
    let (past, ()) = tokio::join!(it.past(), can_be_read);
    assert_eq!(past, Past::Sent { at: AT });
}

#[tokio::test(start_paused = true)]
async fn a_page_that_cannot_be_read_keeps_nobody_waiting_for_long() {
    let it = Unreadable::new();
    let began_at = tokio::time::Instant::now();
    assert_eq!(it.past().await, Past::Unknown);
    assert!(began_at.elapsed() <= PATIENCE);
    // A renewal goes on without its note, and the page is left alone.
    assert!(it.worker.sent(it.profile.clone(), RefreshToken::new("R1"), AT).await);
    assert!(it.page.is_symlink());
}
