//! The person's browser: an HTTP client that follows redirects into the program's own listener and keeps the page that
//! the person would see.

use std::sync::{Arc, Mutex, PoisonError};

use gatepass_agent::{Browser, BrowserFailed};
use gatepass_fake_okta::BrowserOutcome;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;
use url::Url;

use crate::PATIENCE;

/// The browser that the program under test opens. It does as it was told to when it was made.
pub struct PersonsBrowser {
    runtime: Handle,
    client: Arc<gatepass_fake_okta::Browser>,
    habit: Mutex<Habit>,
    opened: watch::Sender<Vec<Url>>,
    pages: watch::Sender<Vec<BrowserOutcome>>,
}

#[derive(Clone, Copy)]
enum Habit {
    Follow,
    Note,
    Fail,
}

impl PersonsBrowser {
    /// A browser that follows every redirect, on the current runtime.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            runtime: Handle::current(),
            client: Arc::default(),
            habit: Mutex::new(Habit::Follow),
            opened: watch::Sender::new(Vec::new()),
            pages: watch::Sender::new(Vec::new()),
        })
    }

    /// From now on it only notes where it was sent: the person has not looked yet.
    pub fn only_notes(&self) {
        *self.habit.lock().unwrap_or_else(PoisonError::into_inner) = Habit::Note;
    }

    /// From now on it cannot be started.
    pub fn cannot_start(&self) {
        *self.habit.lock().unwrap_or_else(PoisonError::into_inner) = Habit::Fail;
    }

    /// From now on it follows again.
    pub fn follows(&self) {
        *self.habit.lock().unwrap_or_else(PoisonError::into_inner) = Habit::Follow;
    }

    /// How often it was opened.
    pub fn n_opened(&self) -> usize {
        self.opened.borrow().len()
    }

    /// Waits until it was opened `n` times in all; where to, the last time.
    pub async fn opened(&self, n: usize) -> Url {
        let mut opened = self.opened.subscribe();
        let all = timeout(PATIENCE, opened.wait_for(|all| all.len() >= n)).await.expect("the browser to be opened");
        all.expect("the sender is in self")[n - 1].clone()
    }

    /// Waits for the `n`th page that it ended on.
    pub async fn page(&self, n: usize) -> BrowserOutcome {
        let mut pages = self.pages.subscribe();
        let all = timeout(PATIENCE, pages.wait_for(|all| all.len() >= n)).await.expect("the browser to end on a page");
        all.expect("the sender is in self")[n - 1].clone()
    }

    /// The client itself, to go somewhere by hand.
    pub fn client(&self) -> &gatepass_fake_okta::Browser {
        &self.client
    }
}

/// The port's side: held by the program, while the test holds the browser.
pub(crate) struct Opener(pub(crate) Arc<PersonsBrowser>);

impl Browser for Opener {
    fn open(&self, url: &Url) -> Result<(), BrowserFailed> {
        let browser = self.0.clone();
        browser.opened.send_modify(|all| all.push(url.clone()));
        match *browser.habit.lock().unwrap_or_else(PoisonError::into_inner) {
            Habit::Note => Ok(()),
            Habit::Fail => Err(BrowserFailed { reason: "no browser is installed".into() }),
            Habit::Follow => {
                let (to, client, url) = (browser.clone(), browser.client.clone(), url.clone());
                browser.runtime.spawn(async move {
                    // A listener that closes in the middle is what some tests are about; they look at the snapshots.
                    if let Ok(page) = client.browse(url.as_str()).await {
                        to.pages.send_modify(|all| all.push(page));
                    }
                });
                Ok(())
            }
        }
    }
}
