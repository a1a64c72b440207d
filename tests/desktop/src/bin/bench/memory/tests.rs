use std::process::{Command, Stdio};

use super::*;

#[tokio::test]
async fn what_a_program_started_is_a_part_of_it_until_it_ends() {
    // `cat` reads until its input closes: it runs for as long as this test wants.
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    assert!(tree(std::process::id()).unwrap().contains(&child.id()));
    assert_eq!(tree(child.id()).unwrap(), [child.id()]);
    assert!(held(child.id()).unwrap() > 0.0);

    drop(child.stdin.take());
    child.wait().unwrap();
    gone(&[child.id()]).await.unwrap();
    assert!(held(child.id()).is_err(), "a program that ended holds nothing");
}
