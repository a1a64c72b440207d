use std::process::Command;

use super::*;

const STAGE: &str = "GATEPASS_TEST_IN_NAMESPACE";

/// In a network namespace of its own, where a link can be changed without disturbing anybody.
#[tokio::test]
async fn a_change_of_addresses_and_routes_is_heard() {
    if std::env::var_os(STAGE).is_some() {
        return hear_changes().await;
    }
    let test = "system::network::tests::a_change_of_addresses_and_routes_is_heard";
    let output = tokio::task::spawn_blocking(move || {
        let this = std::env::current_exe().unwrap();
        Command::new("unshare").arg("-rn").arg(this).args(["--exact", test, "--nocapture"]).env(STAGE, "1").output()
    });
    let output = output.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

async fn hear_changes() {
    let (tell, mut news) = mpsc::unbounded_channel();
    let following = tokio::spawn(follow(tell));
    let ip = |arguments: &'static str| {
        let output = Command::new("ip").args(arguments.split(' ')).output().unwrap();
        assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    };
    // Until it listens the change is made again: nothing else says when that is.
    let first = async {
        loop {
            ip("link set lo up");
            let heard = tokio::time::timeout(std::time::Duration::from_millis(50), news.recv()).await;
            match heard {
                Ok(heard) => break heard,
                Err(_) => ip("link set lo down"),
            }
        }
    };
    let patience = std::time::Duration::from_secs(20);
    assert_eq!(tokio::time::timeout(patience, first).await.unwrap(), Some(News::NetworkChanged));
    for change in ["addr add 10.9.9.9/8 dev lo", "route add 10.8.0.0/16 dev lo", "addr del 10.9.9.9/8 dev lo"] {
        while news.try_recv().is_ok() {}
        ip(change);
        let heard = tokio::time::timeout(patience, news.recv()).await.expect(change);
        assert_eq!(heard, Some(News::NetworkChanged));
    }
    following.abort();
}
