use super::*;

fn paths(folder: &tempfile::TempDir) -> Paths {
    Paths { config: folder.path().join("config"), state: folder.path().join("state") }
}

#[test]
fn there_is_one_resident_and_one_window() {
    let folder = tempfile::tempdir().unwrap();
    let resident = ResidentLock::take(&paths(&folder)).unwrap().expect("the first resident");
    assert!(ResidentLock::take(&paths(&folder)).unwrap().is_none());
    assert!(WindowLock::take(&paths(&folder)).unwrap().is_some(), "the window does not wait for the resident");
    drop(resident);
    assert!(ResidentLock::take(&paths(&folder)).unwrap().is_some(), "a resident that is gone holds nothing");
}

#[cfg(unix)]
#[test]
fn the_folders_are_made_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let paths = paths(&folder);
    paths.make().unwrap();
    for made in [&paths.config, &paths.state] {
        assert_eq!(std::fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
