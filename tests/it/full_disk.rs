//! A disk that is full or read-only: a small one of this test's own, mounted where nobody else sees it.

use std::path::{Path, PathBuf};
use std::process::Command;

use gatepass_app::Activity;
use gatepass_fake_okta::Org;
use gatepass_tests::org_and_machine;
use gatepass_wire::{Answer, Intent, ProfileDraft};

const NAME: &str = "full_disk::a_disk_that_is_full_or_read_only_loses_nothing_and_is_told";

/// Runs this test again, alone, with the small disk as its folder for temporary files.
fn again_on_a_small_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = r#"mount -t tmpfs -o size=256k small "$1" && TMPDIR="$1" GATEPASS_SMALL_DISK="$1" "$2" --exact "$3""#;
    let run = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", script, "sh"])
        .arg(folder.path())
        .arg(std::env::current_exe().expect("this program"))
        .arg(NAME)
        .output()
        .expect("unshare is there");
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && said.contains("1 passed"), "a disk of its own needs user namespaces: {said}");
}

fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut n = 1 << 20;
    let mut filler = std::fs::File::create(&path).expect("a file");
    while n > 0 {
        if std::io::Write::write_all(&mut filler, &vec![0; n]).is_err() {
            n /= 2;
        }
    }
    path
}

/// Makes a folder read-only by a mount of its own: the disk itself cannot be, while files on it are open.
fn make_read_only(folder: &Path) {
    run(Command::new("mount").arg("--bind").args([folder, folder]));
    run(Command::new("mount").args(["-o", "remount,bind,ro"]).arg(folder));
}

fn run(command: &mut Command) {
    assert!(command.status().is_ok_and(|status| status.success()), "{command:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_or_read_only_loses_nothing_and_is_told() {
    let Some(disk) = std::env::var_os("GATEPASS_SMALL_DISK").map(PathBuf::from) else {
        return tokio::task::spawn_blocking(again_on_a_small_disk).await.expect("it ran");
    };
    let (okta, machine) = org_and_machine(Org::default()).await;
    assert!(machine.paths().state.starts_with(&disk), "this is not the small disk");
    let running = machine.start().await;
    running.sign_in("work").await;
    let before = machine.profiles_text();
    let draft = || ProfileDraft { issuer: okta.org_issuer(), client_id: okta.client_id(), ..ProfileDraft::default() };

    for trouble in ["full", "read-only"] {
        let filler = (trouble == "full").then(|| fill(&disk));
        if trouble == "read-only" {
            make_read_only(&machine.paths().config);
        }
        let refused = running.want(Intent::AddProfile { draft: draft() }).await;
        assert!(
            matches!(&refused, Answer::Refused(problem) if problem.code == "profiles-file-not-written"),
            "{trouble}: {refused:?}"
        );
        // Another issuer would sign out: not where the file cannot say so afterwards.
        let edit = Intent::EditProfile { profile: "work".into(), draft: draft(), may_sign_out: true };
        let refused = running.want(edit).await;
        assert!(
            matches!(&refused, Answer::Refused(problem) if problem.code == "profiles-file-not-written"),
            "{trouble}: {refused:?}"
        );
        // Nor does a removal sign out that the file does not take.
        let refused = running.want(Intent::RemoveProfile { profile: "work".into() }).await;
        assert!(
            matches!(&refused, Answer::Refused(problem) if problem.code == "profiles-file-not-written"),
            "{trouble}: {refused:?}"
        );
        assert_eq!(machine.profiles_text(), before, "{trouble}");
        running.refresh("work").await;
        running.copy("work").await;
        match filler {
            Some(filler) => std::fs::remove_file(filler).expect("it is there"),
            None => run(Command::new("umount").arg(machine.paths().config)),
        }
    }

    let added = running.want(Intent::AddProfile { draft: draft() }).await;
    assert!(matches!(added, Answer::Added { .. }), "{added:?}");
    assert!(machine.profiles_text().starts_with(&before));
    running.quit().await;
    // What happened meanwhile may be lost to the log; what came after is in it.
    let running = machine.start().await;
    let app = running.app.clone();
    running.quit().await;
    let log = app.activity().await;
    assert!(log.iter().any(|entry| entry.what == Activity::SignedIn), "{log:?}");
    assert_eq!(log.iter().filter(|entry| entry.what == Activity::Quit).count(), 2, "{log:?}");
}
