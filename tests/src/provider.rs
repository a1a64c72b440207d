//! The certified provider, as a process of its own.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use gatepass_fake_okta::Browser;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use url::Url;

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
        Self::start_with(redirect_uri, &json!({})).await
    }

    /// Starts it with `redirect_uri` registered for a client with these settings, by their names in OpenID Connect Dynamic
    /// Client Registration.
    pub async fn start_with(redirect_uri: &str, client: &Value) -> anyhow::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("provider");
        ensure!(
            folder.join("node_modules").exists(),
            "run script/bootstrap desktop first: the provider is not installed"
        );
        let mut process = Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .env("REDIRECT_URIS", redirect_uri)
            .env("CLIENT", client.to_string())
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

    /// The public keys of its client, from now on.
    pub async fn know_keys(&self, keys: &[Value]) -> anyhow::Result<()> {
        let address = Url::parse(&self.issuer)?.join("/client-keys")?;
        let fields = vec![("keys".to_owned(), json!({ "keys": keys }).to_string())];
        let answer = Browser::new().post(&address, fields).await?;
        ensure!(answer.status == Some(200), "{answer:?}");
        Ok(())
    }
}

/// What `jose` from npm makes of JWTs, which are described as `tests/provider/verify.mjs` says.
///
/// # Errors
/// If one does not verify.
pub async fn verified_by_jose(jwts: &[Value]) -> anyhow::Result<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("provider");
    let mut process = Command::new("node")
        .arg("verify.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("node does not start")?;
    let mut input = process.stdin.take().context("no input")?;
    input.write_all(Value::from(jwts).to_string().as_bytes()).await?;
    drop(input);
    let output = process.wait_with_output().await?;
    ensure!(output.status.success(), "jose says: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
