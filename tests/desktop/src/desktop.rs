//! One person's machine: folders of their own, the programs under test, and the environment they are started in.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use tokio::process::{Child, Command};

use crate::{Browser, Org, Window, eventually};

/// A machine with nothing on it yet.
pub struct Desktop {
    folder: tempfile::TempDir,
    program: PathBuf,
    fake_okta: PathBuf,
}

impl Desktop {
    /// A machine whose programs are those of `GATEPASS_BIN` (a folder with `gatepass-desktop` and `fake-okta`).
    pub fn new() -> anyhow::Result<Self> {
        Self::of_programs("GATEPASS_BIN")
    }

    /// The same, with the programs of the folder that this variable names.
    pub fn of_programs(variable: &str) -> anyhow::Result<Self> {
        let programs = std::env::var_os(variable).with_context(|| format!("{variable} names no folder of programs"))?;
        let programs = PathBuf::from(programs);
        let desktop = Self {
            folder: tempfile::Builder::new().prefix("gatepass-desktop-").tempdir()?,
            program: programs.join("gatepass-desktop"),
            fake_okta: programs.join("fake-okta"),
        };
        ensure!(desktop.program.exists(), "{} is not built", desktop.program.display());
        Ok(desktop)
    }

    /// The program under test.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// A folder of this machine.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The environment that the program is started in.
    pub fn environment(&self) -> Vec<(String, String)> {
        let at = |name: &str| self.path(name).display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        vec![
            ("PATH".into(), format!("{}:{path}", at("bin"))),
            ("GATEPASS_CONFIG_DIR".into(), at("config")),
            ("GATEPASS_STATE_DIR".into(), at("state")),
            ("GATEPASS_RUNTIME_DIR".into(), at("runtime")),
            ("NO_AT_BRIDGE".into(), "1".into()),
        ]
    }

    /// Starts the org on a free port, with a redirect URI whose port is free too, and `arguments`.
    pub async fn org(&self, arguments: &[&str]) -> anyhow::Result<Org> {
        let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let redirect_uri = format!("http://localhost:{free}/redirect");
        let mut all = vec!["--port", "0", "--redirect-uri", &redirect_uri];
        all.extend_from_slice(arguments);
        Org::start(&self.fake_okta, &all).await
    }

    /// Writes the profiles file, as an admin's instructions would have the person do.
    pub fn write_profiles(&self, profiles: &str) -> anyhow::Result<()> {
        std::fs::create_dir_all(self.path("config"))?;
        Ok(std::fs::write(self.path("config").join("profiles.toml"), profiles)?)
    }

    /// The system's browser.
    pub async fn browser(&self) -> anyhow::Result<Browser> {
        Browser::start(&self.path("bin"), &self.path("opened")).await
    }

    /// Starts the resident.
    pub async fn resident(&self) -> anyhow::Result<Resident> {
        self.resident_in(&[]).await
    }

    /// Starts the resident with `more` in its environment.
    pub async fn resident_in(&self, more: &[(&str, String)]) -> anyhow::Result<Resident> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.path("resident.log"))?;
        let process = Command::new(&self.program)
            .arg("--resident")
            .envs(self.environment())
            .envs(more.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let resident = Resident { process };
        let socket = self.path("runtime").join("api");
        eventually("the resident to listen", || async {
            Ok(tokio::net::UnixStream::connect(&socket).await.map(drop)?)
        })
        .await?;
        Ok(resident)
    }

    /// Opens the window.
    pub async fn window(&self) -> anyhow::Result<Window> {
        Window::open(&self.program, &["--window"], &self.environment()).await
    }

    /// What is on the clipboard.
    pub async fn clipboard(&self) -> anyhow::Result<String> {
        let output = Command::new("xclip").args(["-selection", "clipboard", "-out"]).output().await?;
        ensure!(output.status.success(), "the clipboard is empty");
        Ok(String::from_utf8(output.stdout)?)
    }

    /// How many windows of the program are on the screen.
    pub async fn n_windows(&self) -> anyhow::Result<usize> {
        let search = ["search", "--onlyvisible", "--name", "^Gatepass$"];
        let output = Command::new("xdotool").args(search).output().await?;
        Ok(String::from_utf8_lossy(&output.stdout).lines().count())
    }

    /// Waits for one resident and one window.
    pub async fn one_of_each(&self) -> anyhow::Result<()> {
        eventually("one resident and a window", || async {
            let (residents, n) = (self.processes("--resident")?, self.n_windows().await?);
            ensure!(residents.len() == 1 && n == 1, "residents {residents:?}, {n} windows");
            Ok(())
        })
        .await
    }

    /// Processes of the program under test, by their command lines: the program itself and WebKit's helpers under it.
    pub fn processes(&self, with: &str) -> anyhow::Result<Vec<u32>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            let entry = entry?;
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
            let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            let runtime = format!("GATEPASS_RUNTIME_DIR={}", self.path("runtime").display());
            let is_ours = environment.split(|&b| b == 0).any(|variable| variable == runtime.as_bytes());
            if is_ours && String::from_utf8_lossy(&command).contains(with) {
                found.push(pid);
            }
        }
        Ok(found)
    }
}

impl Drop for Desktop {
    /// Ends what a failed test left running, or it would disturb the next.
    fn drop(&mut self) {
        for pid in self.processes("").unwrap_or_default() {
            if let Some(pid) = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw) {
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            }
        }
    }
}

/// The resident, as the process that it is.
pub struct Resident {
    process: Child,
}

impl Resident {
    /// Its process ID.
    pub fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Kills it, as a crash would.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.process.kill().await?)
    }

    /// Waits until it has ended by itself.
    pub async fn ended(mut self) -> anyhow::Result<()> {
        let status = tokio::time::timeout(crate::PATIENCE, self.process.wait()).await.context("it still runs")??;
        ensure!(status.success(), "it ended with {status}");
        Ok(())
    }
}
