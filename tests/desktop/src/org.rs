//! The Okta-shaped org, as a program of its own: what it prints is what an admin would hand out.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running org. It ends with this value.
pub struct Org {
    /// The issuer of its custom authorization server.
    pub issuer: String,
    /// The client ID of its app.
    pub client_id: String,
    /// A profiles file for it.
    pub profiles: String,
    _process: Child,
    /// Kept open: a program that prints into a closed pipe ends.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Org {
    /// Starts `program` (fake-okta) with `arguments` and reads what it prints.
    pub async fn start(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut process = Command::new(program)
            .args(arguments)
            .arg("--until-stdin-closes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("fake-okta does not start")?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let mut profiles = String::new();
        while let Some(line) = lines.next_line().await? {
            if !profiles.is_empty() || line.starts_with("version = ") {
                profiles.push_str(&line);
                profiles.push('\n');
            }
            if line.starts_with("redirect_uris") {
                break;
            }
        }
        let value = |key: &str| {
            let line = profiles.lines().find(|line| line.starts_with(key)).with_context(|| format!("no {key}"))?;
            line.split('"').nth(1).map(str::to_owned).with_context(|| format!("no value in {line}"))
        };
        Ok(Self {
            issuer: value("issuer")?,
            client_id: value("client_id")?,
            profiles: profiles.clone(),
            _process: process,
            _output: lines,
        })
    }

    /// What the org says about a token it is shown (RFC 7662): fails unless it issued it and it is alive.
    pub async fn confirms(&self, token: &str) -> anyhow::Result<Value> {
        let answer: Value = crate::http()
            .post(format!("{}/v1/introspect", self.issuer))
            .form(&[("token", token), ("client_id", &self.client_id)])
            .send()
            .await?
            .json()
            .await?;
        ensure!(answer["active"] == true, "the org does not know this token as alive");
        Ok(answer)
    }
}
