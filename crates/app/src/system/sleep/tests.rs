use std::time::Duration;

use tokio::time::timeout;

use super::*;
use crate::testing::PrivateBus;

/// Says what logind says, and not as logind.
async fn announce(as_whom: &Connection, sleeping: impl serde::Serialize + zbus::zvariant::DynamicType) {
    as_whom
        .emit_signal(
            None::<&str>,
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
            "PrepareForSleep",
            &sleeping,
        )
        .await
        .unwrap();
}

async fn logind(bus: &PrivateBus) -> Connection {
    let builder = zbus::connection::Builder::address(bus.address()).unwrap();
    builder.name("org.freedesktop.login1").unwrap().build().await.unwrap()
}

/// Follows logind on the bus.
async fn follow_on(bus: &PrivateBus) -> mpsc::UnboundedReceiver<News> {
    let ours = bus.connect().await;
    let (tell, news) = mpsc::unbounded_channel();
    tokio::spawn(async move { listen(&ours, &tell).await });
    news
}

/// Says things as logind until they are heard: nothing else tells when somebody listens.
async fn until_heard(logind: &Connection, news: &mut mpsc::UnboundedReceiver<News>) {
    let hearing = async {
        loop {
            announce(logind, false).await;
            if let Ok(heard) = timeout(Duration::from_millis(50), news.recv()).await {
                break assert_eq!(heard, Some(News::Woke));
            }
        }
        // What was said more than once is out of the way when something else is heard.
        announce(logind, true).await;
        while news.recv().await != Some(News::FallingAsleep) {}
    };
    timeout(Duration::from_secs(60), hearing).await.expect("it is heard");
}

#[tokio::test]
async fn sleep_and_waking_are_heard_of_from_logind_alone() {
    let bus = PrivateBus::start().await;
    let logind = logind(&bus).await;
    let mut news = follow_on(&bus).await;
    until_heard(&logind, &mut news).await;
    let stranger = bus.connect().await;
    announce(&stranger, true).await;
    // The bus answers in order: by now it has passed on what was said before.
    zbus::fdo::DBusProxy::new(&stranger).await.unwrap().get_id().await.unwrap();
    announce(&logind, "nonsense").await;
    announce(&logind, false).await;
    assert_eq!(news.recv().await, Some(News::Woke), "a stranger's word was taken for logind's");
    assert!(news.try_recv().is_err());
}

#[tokio::test]
async fn a_logind_that_starts_later_or_again_is_heard() {
    let bus = PrivateBus::start().await;
    let mut news = follow_on(&bus).await;
    for _ in 0..2 {
        let logind = logind(&bus).await;
        until_heard(&logind, &mut news).await;
        logind.close().await.unwrap();
    }
}

#[tokio::test]
async fn it_ends_with_the_bus() {
    let mut bus = PrivateBus::start().await;
    let logind = logind(&bus).await;
    let mut news = follow_on(&bus).await;
    until_heard(&logind, &mut news).await;
    bus.stop();
    assert_eq!(news.recv().await, None);
}
