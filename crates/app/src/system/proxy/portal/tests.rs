use std::sync::Arc;

use super::*;
use crate::testing::PrivateBus;

/// A portal as the desktop has it, with answers of ours.
struct StandIn {
    answers: Vec<&'static str>,
    asked: Arc<std::sync::Mutex<Vec<String>>>,
    hangs: bool,
}

#[zbus::interface(name = "org.freedesktop.portal.ProxyResolver")]
impl StandIn {
    async fn lookup(&self, uri: String) -> Vec<String> {
        self.asked.lock().unwrap().push(uri);
        if self.hangs {
            std::future::pending::<()>().await;
        }
        self.answers.iter().map(|&answer| answer.to_owned()).collect()
    }
}

struct Desktop {
    portal: Portal,
    asked: Arc<std::sync::Mutex<Vec<String>>>,
    _stand_in: Connection,
    _bus: PrivateBus,
}

impl Desktop {
    async fn start(answers: &[&'static str], hangs: bool) -> Self {
        let bus = PrivateBus::start().await;
        let asked = Arc::default();
        let stand_in = StandIn { answers: answers.to_vec(), asked: Arc::clone(&asked), hangs };
        let connection = zbus::connection::Builder::address(bus.address())
            .unwrap()
            .serve_at("/org/freedesktop/portal/desktop", stand_in)
            .unwrap()
            .name("org.freedesktop.portal.Desktop")
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { portal: portal_at(&bus), asked, _stand_in: connection, _bus: bus }
    }

    async fn ask(&self) -> Vec<Route> {
        self.portal.ask(Url::parse("https://acme.okta.com/").unwrap()).await
    }

    fn n_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn portal_at(bus: &PrivateBus) -> Portal {
    Portal { address: Some(bus.address().to_owned()), ..Portal::of_this_session() }
}

fn proxy(url: &str) -> Route {
    Route::Proxy(Url::parse(url).unwrap())
}

#[tokio::test]
async fn what_the_desktop_says_is_done_in_its_order() {
    let desktop =
        Desktop::start(&["http://proxy.acme.example:8080", "socks5://10.0.0.1:1080", "direct://"], false).await;
    let expected = [proxy("http://proxy.acme.example:8080"), proxy("socks5h://10.0.0.1:1080"), Route::Direct];
    assert_eq!(desktop.ask().await, expected);
    assert_eq!(desktop.ask().await, expected);
    assert_eq!(*desktop.asked.lock().unwrap(), ["https://acme.okta.com/", "https://acme.okta.com/"]);
}

#[tokio::test]
async fn what_the_desktop_says_that_makes_no_sense_is_left_out() {
    let desktop = Desktop::start(&["", "ftp://a", "http://", "PROXY a:80", "socks://a:1", "direct://"], false).await;
    assert_eq!(desktop.ask().await, [proxy("socks5h://a:1"), Route::Direct]);
}

#[tokio::test]
async fn a_portal_that_hangs_is_not_waited_for_twice() {
    let desktop = Desktop::start(&[], true).await;
    let began_at = Instant::now();
    assert_eq!(desktop.ask().await, []);
    assert!(began_at.elapsed() >= PATIENCE && began_at.elapsed() < PATIENCE * 4, "{:?}", began_at.elapsed());
    assert_eq!(desktop.ask().await, []);
    assert_eq!(desktop.n_asked(), 1);
    // Later it is given another chance.
    *desktop.portal.left_alone_until() = Some(Instant::now());
    assert_eq!(desktop.ask().await, []);
    assert_eq!(desktop.n_asked(), 2);
}

#[tokio::test]
async fn without_a_portal_or_a_bus_nobody_knows_a_way() {
    let bus = PrivateBus::start().await;
    let url = Url::parse("https://acme.okta.com/").unwrap();
    assert_eq!(portal_at(&bus).ask(url.clone()).await, []);
    let portal = Portal { address: Some("unix:path=/nowhere/at/all".into()), ..Portal::of_this_session() };
    let began_at = Instant::now();
    assert_eq!(portal.ask(url).await, []);
    assert!(began_at.elapsed() < PATIENCE);
}

#[tokio::test]
async fn a_bus_that_starts_again_is_found_again() {
    let desktop = Desktop::start(&["direct://"], false).await;
    assert_eq!(desktop.ask().await, [Route::Direct]);
    let first = desktop.portal.bus().await.unwrap();
    first.clone().close().await.unwrap();
    let again = desktop.portal.bus().await.unwrap();
    assert_ne!(again.unique_name(), first.unique_name());
    assert_eq!(desktop.ask().await, [Route::Direct]);
}
