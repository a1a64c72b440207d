//! The task against a real socket on either side: an authorization server on loopback, and a browser that follows
//! redirects. Where no socket is needed the time is paused.

mod browser;
mod edited;
mod inquiry;
mod issuer;
mod notices;
mod profiles;
mod renewal;
mod sharing;
mod sign_in;
mod timer;
mod vault;

use gatepass_oidc::{HttpPolicy, IdTokenHint, RefreshToken, Subject};

use super::*;
use crate::record;
use crate::session::Kept;
use crate::testing::{MemoryVault, TestClock};
use crate::{
    Agent, AgentHandle, AgentOptions, Notice, Person, Profile, ProfileParts, ProfileSnapshot, SessionSnapshot,
    SignInOptions, SignOutOptions, Standing, Vault,
};
use browser::{Behaviour, TestBrowser};
use issuer::TestIssuer;

const START: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);
const MACHINE: &str = "this machine";

/// An agent, and everything around it that a test wants to touch.
struct Fixture {
    handle: AgentHandle,
    notices: mpsc::UnboundedReceiver<Notifying>,
    issuer: TestIssuer,
    vault: Arc<MemoryVault>,
    clock: Arc<TestClock>,
    browser: Arc<TestBrowser>,
    folder: tempfile::TempDir,
}

/// What is there before the agent starts.
struct Before {
    issuer: TestIssuer,
    vault: Arc<MemoryVault>,
    profiles: Vec<Profile>,
    has_journal: bool,
}

impl Before {
    async fn new() -> Self {
        Self { issuer: TestIssuer::start(START).await, vault: Arc::default(), profiles: Vec::new(), has_journal: true }
    }

    fn with_profile(mut self, id: &str, redirect_uri: &str) -> Self {
        self.profiles.push(profile(id, self.issuer.url.as_str(), redirect_uri));
        self
    }

    /// A profile that somebody signed in to before, with this refresh token.
    fn with_session(self, id: &str, refresh_token: &str) -> Self {
        let before = self.with_profile(id, &free_redirect_uri());
        let profile = before.profiles.last().unwrap();
        keep(&before.vault, profile, profile, refresh_token);
        before
    }

    /// No journal can be written: as good as a full disk, and even root is refused.
    fn without_journal(self) -> Self {
        Self { has_journal: false, ..self }
    }

    fn start(self) -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        if !self.has_journal {
            std::fs::write(folder.path().join("refreshes"), "").unwrap();
        }
        let path = folder.path().join("profiles.toml");
        for profile in self.profiles {
            ProfilesFile::new(path.clone()).add(profile, |_| false).unwrap();
        }
        let clock = Arc::new(TestClock::starting_at(START));
        let browser = Arc::<TestBrowser>::default();
        let Agent { handle, notices, .. } = Agent::start(AgentOptions {
            profiles_file: path,
            refreshes: folder.path().join("refreshes"),
            groups: folder.path().join("groups"),
            machine: MACHINE.into(),
            vault: self.vault.clone(),
            browser: browser.clone(),
            clock: clock.clone(),
            http: HttpPolicy::default(),
            explain: crate::testing::plain_words,
            page: crate::testing::plain_page,
        });
        Fixture { handle, notices, issuer: self.issuer, vault: self.vault, clock, browser, folder }
    }
}

impl Fixture {
    /// Waits until what is shown of the profile is so.
    async fn shows(&self, id: &ProfileId, mut so: impl FnMut(&ProfileSnapshot) -> bool) -> Arc<ProfileSnapshot> {
        let mut changes = self.handle.watch();
        let mut shown = None;
        let is_so = |change: &Arc<Change>| {
            shown = change.snapshot.profiles.iter().find(|shown| shown.profile.id == *id).cloned();
            shown.as_deref().is_some_and(&mut so)
        };
        soon(changes.wait_for(is_so)).await.unwrap();
        shown.unwrap()
    }

    async fn signed_in(&self, id: &ProfileId) -> Arc<ProfileSnapshot> {
        self.shows(id, |shown| session(shown).is_some_and(|session| session.has_access_token)).await
    }

    /// Whether somebody is signed in, as it is shown now.
    fn is_signed_in(&self, id: &ProfileId) -> bool {
        let change = self.handle.watch().borrow().clone();
        change.snapshot.profiles.iter().any(|shown| shown.profile.id == *id && session(shown).is_some())
    }

    /// What the vault has for the profile, as text.
    fn kept(&self, id: &ProfileId) -> Option<String> {
        self.vault.load(&VaultKey::session(id.clone())).unwrap().map(|record| record.expose().to_owned())
    }

    /// The next notice, which is to come.
    async fn told(&mut self) -> Notice {
        match soon(self.notices.recv()).await {
            Some(Notifying::Show(notice)) => notice,
            other => panic!("{other:?}"),
        }
    }

    /// Lets the time pass after which what does not pass by itself is told.
    fn let_it_last(&self) {
        self.clock.jump(super::notices::MUST_LAST);
        self.handle.look_again();
    }

    async fn sign_in(&self, id: &ProfileId) {
        self.handle.sign_in(id, SignInOptions::default()).await.unwrap();
    }
}

/// What must happen soon: a test that waits in vain says so.
async fn soon<T>(happening: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), happening).await.expect("it did not happen")
}

fn id(text: &str) -> ProfileId {
    ProfileId::parse(text).unwrap()
}

fn profile(id: &str, issuer: &str, redirect_uri: &str) -> Profile {
    Profile::from_parts(&ProfileParts {
        id: Some(id.into()),
        name: format!("Profile {id}"),
        issuer: issuer.into(),
        client_id: "0oademo1gatepass".into(),
        redirect_uris: Some(vec![redirect_uri.into()]),
        ..ProfileParts::default()
    })
    .unwrap()
}

/// Stores under `whose` what `of` would have stored.
fn keep(vault: &MemoryVault, whose: &Profile, of: &Profile, refresh_token: &str) {
    let kept = Kept {
        refresh_token: RefreshToken::new(refresh_token),
        subject: Subject("Robin".into()),
        person: Person { name: "Robin".into(), email: None },
        id_token_hint: Some(IdTokenHint::from_vault("a.b.c")),
        device_secret: None,
    };
    vault.store(&VaultKey::session(whose.id.clone()), &record::encode(of, MACHINE, &kept)).unwrap();
}

fn session(shown: &ProfileSnapshot) -> Option<&SessionSnapshot> {
    match &shown.standing {
        Standing::SignedIn(session) => Some(session),
        Standing::SignedOut { .. } => None,
    }
}

fn free_redirect_uri() -> String {
    format!("http://127.0.0.1:{}/redirect", free_port())
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
