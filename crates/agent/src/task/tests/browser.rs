//! A browser that follows redirects, and those that a test needs instead of one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use tokio::sync::watch;
use url::Url;

use super::soon;
use crate::{Browser, BrowserFailed};

/// Goes where it is sent and notes where it was and what it read at last.
pub struct TestBrowser {
    behaviour: Mutex<Behaviour>,
    opened: watch::Sender<Vec<Url>>,
    page: watch::Sender<Option<String>>,
    /// The last address it was sent to and did not go.
    pub led_to: watch::Sender<Option<Url>>,
}

/// What the browser does with an address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Follows every redirect and reads the page at the end.
    Follows,
    /// Follows redirects as far as the authorization server's, and not back.
    StaysAway,
    /// Does nothing and says that all is well.
    Sleeps,
    /// Cannot be started.
    Fails,
}

impl Default for TestBrowser {
    fn default() -> Self {
        Self {
            behaviour: Mutex::new(Behaviour::Follows),
            opened: watch::channel(Vec::new()).0,
            page: watch::channel(None).0,
            led_to: watch::channel(None).0,
        }
    }
}

impl TestBrowser {
    pub fn does(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    /// Waits until it was opened `n` times; the addresses.
    pub async fn opened(&self, n: usize) -> Vec<Url> {
        soon(self.opened.subscribe().wait_for(|opened| opened.len() >= n)).await.unwrap().clone()
    }

    pub fn n_opened(&self) -> usize {
        self.opened.borrow().len()
    }

    /// Waits for a page to be read to its end.
    pub async fn page(&self) -> String {
        soon(self.page.subscribe().wait_for(Option::is_some)).await.unwrap().clone().unwrap()
    }

    /// Waits for an address that it was sent to and did not go.
    pub async fn led_to(&self) -> Url {
        let url = soon(self.led_to.subscribe().wait_for(Option::is_some)).await.unwrap().clone().unwrap();
        self.led_to.send_replace(None);
        url
    }
}

impl Browser for TestBrowser {
    fn open(&self, url: &Url) -> Result<(), BrowserFailed> {
        self.opened.send_modify(|opened| opened.push(url.clone()));
        let behaviour = *self.behaviour.lock().unwrap();
        match behaviour {
            Behaviour::Sleeps => return Ok(()),
            Behaviour::Fails => return Err(BrowserFailed { reason: "no browser".into() }),
            Behaviour::Follows | Behaviour::StaysAway => {}
        }
        let mut url = url.clone();
        loop {
            // A port that is closed while it is on its way is the test's affair.
            let Some(answer) = get(&url) else { return Ok(()) };
            let Some(location) = answer.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
            }) else {
                self.page.send_replace(Some(answer));
                return Ok(());
            };
            url = url.join(&location).unwrap();
            let is_redirect_uri = !url.path().starts_with("/oauth2/");
            if behaviour == Behaviour::StaysAway && is_redirect_uri {
                self.led_to.send_replace(Some(url));
                return Ok(());
            }
        }
    }
}

/// The whole answer as text.
pub fn get(url: &Url) -> Option<String> {
    let authority = format!("{}:{}", url.host_str()?, url.port()?);
    let mut stream = TcpStream::connect(authority.replace("localhost", "127.0.0.1")).ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let host = format!("{}:{}", url.host_str()?, url.port()?);
    write!(stream, "GET {}{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", url.path()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}
