//! The certified provider, as a process of its own.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// `oidc-provider` from npm, set up by `tests/provider/server.mjs`. It ends with this value.
pub struct CertifiedProvider {
    /// Its issuer.
    pub issuer: String,
    _process: Child,
}

impl CertifiedProvider {
    /// Its one client.
    pub const CLIENT_ID: &str = "gatepass";

    /// Starts it with `redirect_uri` registered.
    pub async fn start(redirect_uri: &str) -> anyhow::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("provider");
        ensure!(
            folder.join("node_modules").exists(),
            "run script/bootstrap desktop first: the provider is not installed"
        );
        let mut process = Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .env("REDIRECT_URIS", redirect_uri)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("node does not start")?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(issuer) = line.strip_prefix("ready ") {
                // It writes a word now and then, and ends if nobody reads it.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { issuer: issuer.to_owned(), _process: process });
            }
        }
        anyhow::bail!("the provider ended before it was ready")
    }
}
