//! A command that was copied, pasted into a shell: programs that we did not write use the token.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

/// What came of a copied `curl` command.
#[derive(Debug)]
pub struct Called {
    /// The status of the answer.
    pub status: u16,
    /// Its head, in lower case.
    pub head: String,
    /// Its body.
    pub body: String,
}

impl Called {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// Runs a command as a person does who pastes it: in the system's shell, with the system's `curl`.
pub async fn run_copied(command: &str) -> Called {
    // Loopback is asked directly, whatever proxy the machine has.
    let line = format!("{command} --silent --show-error --include --noproxy \"*\"");
    let (shell, switch) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let running = Command::new(shell).arg(switch).arg(line).stdin(Stdio::null()).output();
    let output = running.await.expect("a shell");
    assert!(output.status.success(), "curl says: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Called { status, head: head.to_lowercase(), body: body.to_owned() }
}
