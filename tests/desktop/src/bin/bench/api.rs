//! The resident's local API, spoken by hand: two lines out, two lines in.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

/// A client of the resident that listens at this socket.
pub struct Api {
    socket: PathBuf,
}

/// A request that was sent and is not answered yet.
pub struct Asked(BufReader<UnixStream>);

impl Api {
    /// A client of the resident whose socket is `socket`.
    pub fn at(socket: &Path) -> Self {
        Self { socket: socket.to_owned() }
    }

    /// Says what a person wants, and waits until the resident has answered something else than a refusal.
    pub fn want(&self, intent: Value) -> anyhow::Result<Value> {
        self.ask(intent)?.answer()
    }

    /// Says what a person wants.
    pub fn ask(&self, intent: Value) -> anyhow::Result<Asked> {
        self.send(&json!({ "do": intent }))
    }

    /// The first profile and how it stands.
    pub fn profile(&self) -> anyhow::Result<Value> {
        let mut change = self.send(&json!({ "watch": { "window": false } }))?.line()?;
        let profile = change.pointer_mut("/change/snapshot/profiles/0").context("there is no profile")?;
        Ok(profile.take())
    }

    fn send(&self, request: &Value) -> anyhow::Result<Asked> {
        let mut stream = UnixStream::connect(&self.socket)?;
        stream.write_all(format!("{}\n{request}\n", json!({ "gatepass": 1 })).as_bytes())?;
        Ok(Asked(BufReader::new(stream)))
    }
}

impl Asked {
    /// Waits for the answer.
    pub fn answer(self) -> anyhow::Result<Value> {
        let answer = self.line()?;
        ensure!(answer["answer"]["answer"] != "refused", "it was refused: {answer}");
        Ok(answer)
    }

    /// The line that follows the resident's greeting.
    fn line(mut self) -> anyhow::Result<Value> {
        let mut lines = [String::new(), String::new()];
        for line in &mut lines {
            self.0.read_line(line)?;
        }
        serde_json::from_str(&lines[1]).context("the resident did not answer")
    }
}
