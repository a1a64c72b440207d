//! The servers that issue the tokens, each behind a relay whose address it calls its own.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use gatepass_desktop_tests::eventually;
use gatepass_fake_okta::{App, DEMO_CLIENT_ID, FakeOkta, Org, Rotation};
use gatepass_relay::HttpRelay;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::step::Step;

/// Which server, and what it does with a refresh token that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Ours, in the shape of Okta.
    FakeOkta(Refresh),
    /// npm's `oidc-provider`, certified by the OpenID Foundation. It knows no grace.
    Certified(Refresh),
}

/// What becomes of a refresh token that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refresh {
    /// It stays the same.
    Persistent,
    /// It is replaced, and still works for so many seconds.
    Rotating {
        /// Seconds.
        grace: u64,
    },
    /// The same, and a program that was killed is started again only when they are over.
    StartedAfterGrace {
        /// Seconds.
        grace: u64,
    },
}

/// A running server behind its relay.
pub struct Issuer {
    /// What stands in front of it.
    pub relay: HttpRelay,
    kind: Kind,
    redirect_uri: String,
    server: Server,
}

enum Server {
    FakeOkta(FakeOkta),
    Certified { own_origin: String, _process: Child },
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::FakeOkta(Refresh::Persistent),
        Self::FakeOkta(Refresh::Rotating { grace: 30 }),
        Self::FakeOkta(Refresh::Rotating { grace: 0 }),
        Self::FakeOkta(Refresh::StartedAfterGrace { grace: 2 }),
        Self::Certified(Refresh::Persistent),
        Self::Certified(Refresh::Rotating { grace: 0 }),
    ];

    /// The server's name and the kind of refresh token, as the table has them.
    pub fn names(self) -> (&'static str, &'static str) {
        let (server, refresh) = match self {
            Self::FakeOkta(refresh) => ("`fake-okta`", refresh),
            Self::Certified(refresh) => ("`oidc-provider`", refresh),
        };
        let refresh = match refresh {
            Refresh::Persistent => "persistent",
            Refresh::Rotating { grace: 0 } => "rotating, no grace",
            Refresh::Rotating { .. } => "rotating, grace 30 s",
            Refresh::StartedAfterGrace { .. } => "rotating, started again after the grace",
        };
        (server, refresh)
    }

    /// The steps of a renewal there.
    pub fn steps(self) -> &'static [Step] {
        match self {
            _ if self.waits_for_the_grace() => &Step::AROUND_THE_ANSWER,
            _ if self.rotates() => &Step::ROTATING,
            _ => &Step::PERSISTENT,
        }
    }

    /// Whether a renewal brings a new refresh token.
    pub fn rotates(self) -> bool {
        let (Self::FakeOkta(refresh) | Self::Certified(refresh)) = self;
        refresh != Refresh::Persistent
    }

    /// Whether a program that was killed is started again only when a used refresh token is dead.
    pub fn waits_for_the_grace(self) -> bool {
        matches!(self, Self::FakeOkta(Refresh::StartedAfterGrace { .. }))
    }

    /// Whether a refresh token is dead when the program is started again after the server has answered: then nothing can
    /// save a session whose answer never came to be stored.
    pub fn forgives_nothing(self) -> bool {
        let (Self::FakeOkta(refresh) | Self::Certified(refresh)) = self;
        matches!(refresh, Refresh::Rotating { grace: 0 } | Refresh::StartedAfterGrace { .. })
    }
}

impl Issuer {
    /// Starts it, with `redirect_uri` registered.
    pub async fn start(kind: Kind, redirect_uri: String) -> anyhow::Result<Self> {
        let relay = HttpRelay::start().await?;
        let server = match kind {
            Kind::FakeOkta(refresh) => {
                let okta = fake_okta(&relay, refresh, &redirect_uri).await?;
                relay.leads_to(okta.address());
                Server::FakeOkta(okta)
            }
            Kind::Certified(refresh) => {
                let (own_origin, process) = certified(&relay, refresh, &redirect_uri).await?;
                relay.leads_to(own_origin.trim_start_matches("http://").parse()?);
                Server::Certified { own_origin, _process: process }
            }
        };
        Ok(Self { relay, kind, redirect_uri, server })
    }

    /// A profiles file for it, with the one profile `work`.
    pub fn profiles(&self) -> String {
        let client_id = match self.kind {
            Kind::FakeOkta(_) => DEMO_CLIENT_ID,
            Kind::Certified(_) => "gatepass",
        };
        format!(
            "version = 1\n\n[[profile]]\nid = \"work\"\nname = \"Work\"\nissuer = \"{}/oauth2/default\"\nclient_id = \
             \"{client_id}\"\nscopes = \"openid profile email groups offline_access\"\nredirect_uris = [\"{}\"]\n",
            self.relay.origin(),
            self.redirect_uri
        )
    }

    /// How often a refresh token came again that was spent.
    pub async fn n_reused(&self) -> anyhow::Result<u64> {
        match &self.server {
            Server::FakeOkta(okta) => Ok(okta.reuse_detections() as u64),
            Server::Certified { own_origin, .. } => {
                let counts: Value =
                    gatepass_desktop_tests::http().get(format!("{own_origin}/counts")).send().await?.json().await?;
                counts["reused"].as_u64().context("no count")
            }
        }
    }

    /// Waits for what has to be over before a program that was killed is started again.
    pub async fn may_start_again(&self) -> anyhow::Result<()> {
        let Server::FakeOkta(okta) = &self.server else { return Ok(()) };
        if !self.kind.waits_for_the_grace() {
            return Ok(());
        }
        eventually("the end of the grace", || async {
            ensure!(okta.is_grace_over(), "a refresh token that was used still works");
            Ok(())
        })
        .await
    }

    /// What came that a careful client would not have sent. A spent token is no surprise where there is no grace.
    pub fn unexpected(&self) -> Vec<String> {
        match &self.server {
            Server::FakeOkta(okta) if !self.kind.forgives_nothing() => okta.unexpected(),
            Server::FakeOkta(_) | Server::Certified { .. } => Vec::new(),
        }
    }
}

async fn fake_okta(relay: &HttpRelay, refresh: Refresh, redirect_uri: &str) -> anyhow::Result<FakeOkta> {
    let refresh = match refresh {
        Refresh::Persistent => Rotation::Static,
        Refresh::Rotating { grace } | Refresh::StartedAfterGrace { grace } => {
            Rotation::Rotate { grace: Duration::from_secs(grace) }
        }
    };
    let app = App { redirect_uris: vec![redirect_uri.to_owned()], refresh, ..App::default() };
    let org = Org { public_origin: Some(relay.origin()), clients: vec![app], ..Org::default() };
    let okta = FakeOkta::bind(org).await?;
    // Looked at by `Issuer::unexpected`, and no reason to panic.
    okta.allow_unexpected();
    okta.sign_in_as("robin");
    Ok(okta)
}

async fn certified(relay: &HttpRelay, refresh: Refresh, redirect_uri: &str) -> anyhow::Result<(String, Child)> {
    let rotates = match refresh {
        Refresh::Persistent => "0",
        Refresh::Rotating { grace: 0 } => "1",
        Refresh::Rotating { .. } | Refresh::StartedAfterGrace { .. } => bail!("oidc-provider knows no grace"),
    };
    let mut process = Command::new("node")
        .arg("server.mjs")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../provider"))
        .env("REDIRECT_URIS", redirect_uri)
        .env("PUBLIC_ORIGIN", relay.origin())
        .env("ROTATE", rotates)
        // It would be renewed by itself in the middle of a kill.
        .env("ACCESS_TOKEN_SECONDS", "3600")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("node does not start")?;
    let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
    let mut own_origin = None;
    while let Some(line) = lines.next_line().await? {
        if let Some(origin) = line.strip_prefix("listens ") {
            own_origin = Some(origin.to_owned());
        }
        if line.starts_with("ready ") {
            // It writes a word now and then, and ends if nobody reads it.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((own_origin.context("it does not say where it listens")?, process));
        }
    }
    bail!("the provider ended before it was ready")
}
