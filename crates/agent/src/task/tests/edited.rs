//! The profiles file, edited by hand while the agent runs. The time is paused, and every issuer is a port of this
//! machine that nobody listens on: a session that is restored from the vault goes on, offline.

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

struct Edited {
    handle: AgentHandle,
    vault: Arc<MemoryVault>,
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

/// A block of the file: id, name, path of the issuer.
fn block(id: &str, name: &str, issuer: &str) -> String {
    format!(
        "[[profile]]\nid = \"{id}\"\nname = \"{name}\"\nissuer = \"{}\"\nclient_id = \"0oa1\"\n\
         scopes = \"openid offline_access\"\nredirect_uris = [\"http://localhost:27097/redirect\"]\n\n",
        issuer_at(issuer)
    )
}

fn issuer_at(path: &str) -> String {
    format!("http://127.0.0.1:1/{path}")
}

fn file_of(blocks: &[String]) -> String {
    format!("version = 1\n\n{}", blocks.concat())
}

impl Edited {
    /// An agent with these profiles, somebody signed in to each.
    async fn with(ids: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        let blocks: Vec<_> = ids.iter().map(|id| block(id, "Name", "one")).collect();
        std::fs::write(&path, file_of(&blocks)).unwrap();
        let vault = Arc::<MemoryVault>::default();
        for profile in ProfilesFile::new(path.clone()).load().profiles {
            keep(&vault, &profile, &profile, "kept");
        }
        let Agent { handle, .. } = Agent::start(AgentOptions {
            profiles_file: path.clone(),
            refreshes: folder.path().join("refreshes"),
            groups: folder.path().join("groups"),
            machine: MACHINE.into(),
            vault: vault.clone(),
            browser: Arc::<TestBrowser>::default(),
            clock: Arc::new(TestClock::starting_at(START)),
            http: HttpPolicy::default(),
            explain: crate::testing::plain_words,
            page: crate::testing::plain_page,
        });
        let edited = Self { handle, vault, path, _folder: folder };
        edited.until(|shown| shown.profiles.iter().all(|one| session(one).is_some())).await;
        edited
    }

    /// Saves the file as most editors do: another one in its place.
    fn save(&self, text: &str) {
        let new = self.path.with_extension("new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(new, &self.path).unwrap();
    }

    /// Waits until the snapshot is so; how long that took.
    async fn until(&self, so: impl Fn(&Snapshot) -> bool) -> Duration {
        let began_at = Instant::now();
        soon(self.handle.watch().wait_for(|change| so(&change.snapshot))).await.unwrap();
        began_at.elapsed()
    }

    /// Lets an hour pass in which the snapshot is never so.
    async fn never(&self, so: impl Fn(&Snapshot) -> bool) {
        let mut changes = self.handle.watch();
        let seen = tokio::time::timeout(HOUR, changes.wait_for(|change| so(&change.snapshot))).await;
        assert!(seen.is_err(), "it happened: {:?}", self.shown());
    }

    fn shown(&self) -> Snapshot {
        self.handle.watch().borrow().snapshot.clone()
    }

    fn is_kept(&self, id: &str) -> bool {
        self.vault.load(&VaultKey::session(super::id(id))).unwrap().is_some()
    }
}

fn ids(shown: &Snapshot) -> Vec<&str> {
    shown.profiles.iter().map(|one| one.profile.id.as_str()).collect()
}

fn names(shown: &Snapshot) -> Vec<&str> {
    shown.profiles.iter().map(|one| one.profile.name.as_str()).collect()
}

fn all_signed_in(shown: &Snapshot) -> bool {
    shown.profiles.iter().all(|one| session(one).is_some())
}

#[tokio::test(start_paused = true)]
async fn what_is_added_or_renamed_by_hand_is_there_without_a_restart() {
    let edited = Edited::with(&["one", "two"]).await;
    edited.save(&file_of(&[block("new", "New", "one"), block("two", "Renamed", "one"), block("one", "Name", "one")]));
    let took = edited.until(|shown| names(shown) == ["New", "Renamed", "Name"]).await;
    assert!(took <= Duration::from_secs(32), "nobody looked for {took:?}");
    let shown = edited.shown();
    assert!(session(&shown.profiles[1]).is_some() && session(&shown.profiles[2]).is_some(), "{shown:?}");
    assert_eq!(shown.profiles_file_mistakes, []);
}

#[tokio::test(start_paused = true)]
async fn somebody_who_looks_sees_an_edit_within_two_seconds() {
    let edited = Edited::with(&["one"]).await;
    edited.save(&file_of(&[block("one", "Renamed", "one")]));
    edited.handle.look_at_profiles();
    let took = edited.until(|shown| names(shown) == ["Renamed"]).await;
    assert!(took <= Duration::from_secs(2), "it took {took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_block_that_is_taken_out_is_a_profile_that_is_removed() {
    let edited = Edited::with(&["one", "two"]).await;
    edited.save(&file_of(&[block("two", "Name", "one")]));
    edited.handle.look_at_profiles();
    let took = edited.until(|shown| ids(shown) == ["two"]).await;
    assert!(took >= Duration::from_secs(10), "an edit was not given time: {took:?}");
    edited.handle.quit().await;
    assert!(!edited.is_kept("one") && edited.is_kept("two"));
}

#[tokio::test(start_paused = true)]
async fn the_last_block_can_be_taken_out_too() {
    let edited = Edited::with(&["one"]).await;
    edited.save("version = 1\n");
    edited.until(|shown| ids(shown).is_empty()).await;
    edited.handle.quit().await;
    assert!(!edited.is_kept("one"));
}

#[tokio::test(start_paused = true)]
async fn a_block_that_is_put_back_soon_loses_nothing() {
    let edited = Edited::with(&["one", "two"]).await;
    let text = std::fs::read_to_string(&edited.path).unwrap();
    edited.save(&file_of(&[block("two", "Renamed", "one")]));
    edited.handle.look_at_profiles();
    edited.until(|shown| names(shown) == ["Renamed", "Name"]).await;
    edited.save(&text);
    edited.until(|shown| names(shown) == ["Name", "Name"]).await;
    edited.never(|shown| shown.profiles.len() != 2 || !all_signed_in(shown)).await;
    assert!(edited.is_kept("one") && edited.is_kept("two"));
}

#[tokio::test(start_paused = true)]
async fn while_the_file_is_nonsense_the_last_good_profiles_go_on() {
    let edited = Edited::with(&["one", "two"]).await;
    let text = std::fs::read_to_string(&edited.path).unwrap();
    for (nonsense, told) in [
        ("version = 1\n[[profile]]\nid = \"one", 3),
        ("version = 7\n", 1),
        ("version = 1\n\n[[profile]]\nid = \"two\"\n", 4),
    ] {
        edited.save(nonsense);
        edited
            .until(|shown| shown.profiles_file_mistakes.first().is_some_and(|mistake| mistake.line == Some(told)))
            .await;
        edited.never(|shown| shown.profiles.len() != 2 || !all_signed_in(shown)).await;
        edited.save(&text);
        edited.until(|shown| shown.profiles_file_mistakes.is_empty()).await;
        assert_eq!(ids(&edited.shown()), ["one", "two"]);
    }
    assert!(edited.is_kept("one") && edited.is_kept("two"));
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_empty_or_gone_removes_nobody_and_is_told() {
    let edited = Edited::with(&["one", "two"]).await;
    let text = std::fs::read_to_string(&edited.path).unwrap();
    let gone = |edited: &Edited| std::fs::remove_file(&edited.path).unwrap();
    let empty = |edited: &Edited| std::fs::write(&edited.path, "").unwrap();
    let comment = |edited: &Edited| edited.save("# later\n");
    for lose in [gone, empty, comment] {
        lose(&edited);
        edited.until(|shown| !shown.profiles_file_mistakes.is_empty()).await;
        edited.never(|shown| shown.profiles.len() != 2 || !all_signed_in(shown)).await;
        edited.save(&text);
        edited.until(|shown| shown.profiles_file_mistakes.is_empty()).await;
    }
    assert!(edited.is_kept("one") && edited.is_kept("two"));
}

#[tokio::test(start_paused = true)]
async fn a_profile_of_another_issuer_has_nothing_of_the_session_and_gets_it_back_with_the_issuer() {
    let edited = Edited::with(&["one"]).await;
    let text = std::fs::read_to_string(&edited.path).unwrap();
    edited.save(&file_of(&[block("one", "Name", "other")]));
    let other = issuer_at("other");
    edited
        .until(|shown| shown.profiles[0].profile.issuer.as_str() == other && session(&shown.profiles[0]).is_none())
        .await;
    edited.never(|shown| session(&shown.profiles[0]).is_some()).await;
    assert!(edited.is_kept("one"), "the edit may be taken back");
    edited.save(&text);
    edited.until(all_signed_in).await;
    assert_eq!(edited.shown().profiles[0].profile.issuer.as_str(), issuer_at("one"));
}

#[tokio::test(start_paused = true)]
async fn a_slip_in_the_file_that_is_mended_in_the_window_loses_nothing() {
    let edited = Edited::with(&["one"]).await;
    let right = edited.shown().profiles[0].profile.as_ref().clone();
    for may_sign_out in [false, true] {
        edited.save(&file_of(&[block("one", "Name", "slip")]));
        edited.until(|shown| shown.profiles[0].profile.issuer != right.issuer && !shown.profiles[0].is_reading).await;
        assert!(session(&edited.shown().profiles[0]).is_none());
        edited.handle.edit_profile(right.clone(), may_sign_out).await.unwrap();
        edited.until(all_signed_in).await;
        edited.never(|shown| !all_signed_in(shown)).await;
        assert!(edited.is_kept("one"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_of_a_profile_that_becomes_another_is_answered() {
    let edited = Edited::with(&["one"]).await;
    edited.vault.fail_with(Some(crate::VaultError::Locked));
    edited.save(&file_of(&[block("one", "Name", "other")]));
    edited.until(|shown| shown.profiles[0].unread.is_some()).await;
    let answer = soon(edited.handle.refresh(&id("one"))).await;
    assert_eq!(answer, Err(Error::Vault(crate::VaultError::Locked)));
}

/// Lets time pass until it has happened; how long that took. By itself no time passes while a thread waits for the disk.
#[cfg(unix)]
async fn time_until<T>(happened: &tokio::task::JoinHandle<T>) -> Duration {
    let began_at = Instant::now();
    while !happened.is_finished() {
        assert!(began_at.elapsed() < HOUR, "it did not happen");
        tokio::time::advance(Duration::from_millis(100)).await;
    }
    began_at.elapsed()
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_file_that_hangs_keeps_whoever_edits_it_waiting_for_seconds_and_an_edit_that_lands_later_counts() {
    let edited = Edited::with(&["one"]).await;
    let text = std::fs::read_to_string(&edited.path).unwrap();
    let one = edited.shown().profiles[0].profile.as_ref().clone();
    let new = Profile { id: id("new"), ..one.clone() };
    // Whoever reads a pipe waits for what is written to it.
    std::fs::remove_file(&edited.path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&edited.path).status().unwrap().success());
    let adding = tokio::spawn({
        let handle = edited.handle.clone();
        async move { handle.add_profile(new).await }
    });
    // It can be opened once somebody reads.
    let path = edited.path.clone();
    let opened = tokio::task::spawn_blocking(move || std::fs::File::options().write(true).open(path));
    let mut pipe = soon(opened).await.unwrap().unwrap();
    assert!(time_until(&adding).await <= Duration::from_secs(6));
    assert!(matches!(adding.await.unwrap(), Err(Error::ProfilesFile { .. })));
    edited.handle.dismiss_problem(&one.id).await.unwrap();
    // No edit overtakes another.
    let renaming = tokio::spawn({
        let handle = edited.handle.clone();
        async move { handle.edit_profile(Profile { name: "Renamed".into(), ..one }, false).await }
    });
    assert!(time_until(&renaming).await <= Duration::from_secs(6));
    assert!(matches!(renaming.await.unwrap(), Err(Error::ProfilesFile { .. })));
    std::io::Write::write_all(&mut pipe, text.as_bytes()).unwrap();
    drop(pipe);
    edited.until(|shown| ids(shown) == ["one", "new"]).await;
    assert_eq!(names(&edited.shown()), ["Name", "Name"]);
    edited.handle.quit().await;
}
