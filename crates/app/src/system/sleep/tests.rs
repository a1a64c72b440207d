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

/// Follows logind on the bus; ready when it listens.
async fn followed(bus: &PrivateBus) -> mpsc::UnboundedReceiver<News> {
    let ours = bus.connect().await;
    let (tell, news) = mpsc::unbounded_channel();
    let name = ours.unique_name().unwrap().to_string();
    tokio::spawn(async move { listen(&ours, &tell).await });
    bus.until_listening(&name).await;
    news
}

#[tokio::test]
async fn sleep_and_waking_are_heard_of_from_logind_alone() {
    let bus = PrivateBus::start().await;
    let logind = logind(&bus).await;
    let mut news = followed(&bus).await;
    announce(&bus.connect().await, false).await;
    announce(&logind, true).await;
    announce(&logind, "nonsense").await;
    announce(&logind, false).await;
    assert_eq!(news.recv().await, Some(News::FallingAsleep));
    assert_eq!(news.recv().await, Some(News::Woke));
    assert!(news.try_recv().is_err(), "a stranger's word was taken for logind's");
}

#[tokio::test]
async fn a_logind_that_starts_later_or_again_is_heard() {
    let bus = PrivateBus::start().await;
    let mut news = followed(&bus).await;
    for _ in 0..2 {
        let logind = logind(&bus).await;
        announce(&logind, false).await;
        assert_eq!(news.recv().await, Some(News::Woke));
        logind.close().await.unwrap();
    }
}

#[tokio::test]
async fn it_ends_with_the_bus() {
    let mut bus = PrivateBus::start().await;
    let mut news = followed(&bus).await;
    bus.stop();
    assert_eq!(news.recv().await, None);
}
