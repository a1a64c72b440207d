//! Measures what the program costs while nobody uses it, and what a renewal and a profile cost: the resident without its
//! shell, in a process of its own for each number of profiles, against an Okta-shaped server in another. `script/bench
//! idle` runs it. It prints Markdown.
//!
//! An idle hour is put together from what can be measured in a minute: sixty times a minute in which nothing is due, and
//! the renewals that come due in an hour, each at what it costs where all profiles are renewed at a start.
#![allow(clippy::print_stdout, reason = "it prints what it measured")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

use std::time::{Duration, Instant};

use anyhow::Context as _;
use gatepass_agent::{ProfileId, Vault as _, VaultKey};
use gatepass_fake_okta::{App, Endpoint, FakeOkta, Org, Rotation};
use gatepass_tests::{Machine, free_redirect_uri, org_and_machine};
use gatepass_wire::{Intent, Status};
#[cfg(unix)]
use nix::sys::{resource::UsageWho, time::TimeValLike as _};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

const PROFILES: [u32; 3] = [1, 10, 1000];
const MINUTE: Duration = Duration::from_secs(60);
/// A token of an hour is renewed after 42 minutes on average.
const RENEWALS_AN_HOUR: f64 = 60.0 / 42.0;

const N_RENEWALS: usize = 40;
/// The first ones open connections, fill caches, and are not like those that follow.
const N_NOT_COUNTED: usize = 5;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => measure().await,
        ["sleeper"] => sleeper().await,
        ["resident", profiles, issuer, client_id, redirect_uri] => {
            resident(profiles.parse()?, issuer, client_id, redirect_uri).await
        }
        _ => anyhow::bail!("it is started without arguments"),
    }
}

async fn measure() -> anyhow::Result<()> {
    let org = Org { clients: vec![App { refresh: Rotation::Static, ..App::default() }], ..Org::default() };
    let okta = FakeOkta::start(org).await;
    okta.sign_in_as("robin");
    let (issuer, client_id) = (okta.issuer(), okta.client_id());
    println!("| | a minute of nothing, CPU | wake-ups | a renewal, CPU | an idle hour, CPU | memory |");
    println!("|---|---:|---:|---:|---:|---:|");
    let bare = child(&["sleeper"]).await?;
    println!(
        "| a program that sleeps | {} | {:.0} | | {} | {:.1} MB |",
        millis(bare[0]),
        bare[1],
        millis(60.0 * bare[0]),
        bare[3]
    );
    let mut memory = Vec::new();
    for profiles in PROFILES {
        let redirect_uri = free_redirect_uri();
        okta.register_redirect_uri(&redirect_uri);
        let figures = child(&["resident", &profiles.to_string(), &issuer, &client_id, &redirect_uri]).await?;
        let [idle, wakes, renewal, megabytes] = figures;
        let hour = 60.0 * idle + RENEWALS_AN_HOUR * f64::from(profiles) * renewal;
        println!(
            "| {profiles} profile{} | {} | {wakes:.0} | {} | {} | {megabytes:.1} MB |",
            if profiles == 1 { "" } else { "s" },
            millis(idle),
            millis(renewal),
            millis(hour)
        );
        memory.push((f64::from(profiles), megabytes));
    }
    let [_, (few, least), (many, most)] = memory[..] else { anyhow::bail!("three sizes") };
    println!("\n- Memory of a profile, from {few:.0} to {many:.0}: {:.1} kB.", (most - least) * 1000.0 / (many - few));
    drop(okta);
    let (beyond, refused) = latencies().await?;
    println!("- A renewal beyond the server's own time, median of {}: {}.", N_RENEWALS - N_NOT_COUNTED, millis(beyond));
    println!("- From a refused refresh token to the notice: {} (aim: under 1 s).", millis(refused));
    Ok(())
}

/// Runs this program in another role, and reads the four figures that it prints.
async fn child(arguments: &[&str]) -> anyhow::Result<[f64; 4]> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    let line = lines.next_line().await?.context("it ended without a word")?;
    let figures = line.split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    child.wait().await?;
    figures.try_into().map_err(|_| anyhow::anyhow!("not four figures: {line}"))
}

/// As little as a program can be that wakes twice a minute.
async fn sleeper() -> anyhow::Result<()> {
    let napping = tokio::spawn(async {
        loop {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
    });
    let (cpu, wakes) = a_minute().await?;
    napping.abort();
    println!("{cpu} {wakes} 0 {}", megabytes()?);
    Ok(())
}

/// Signs in once, gives that sign-in to all profiles, starts anew, and sits still.
async fn resident(profiles: u32, issuer: &str, client_id: &str, redirect_uri: &str) -> anyhow::Result<()> {
    let machine = Machine::new();
    machine.write_profiles(&[("work", issuer, client_id, redirect_uri)]);
    let running = machine.start().await;
    running.sign_in("work").await;
    running.quit().await;

    let key = |id: &str| ProfileId::parse(id).map(VaultKey::session).context("an id");
    let record = machine.vault.load(&key("work")?)?.context("the sign-in was stored")?;
    let ids: Vec<String> = (0..profiles).map(|n| format!("work-{n}")).collect();
    let all: Vec<_> = ids.iter().map(|id| (id.as_str(), issuer, client_id, redirect_uri)).collect();
    machine.write_profiles(&all);
    for id in &ids {
        machine.vault.store(&key(id)?, &record)?;
    }
    let before = cpu()?;
    let (app, mut shell) = machine.start_unobserved().await;
    tokio::spawn(async move { while shell.notices.recv().await.is_some() {} });
    let mut changes = app.changes();
    changes
        .wait_for(|change| change.snapshot.profiles.iter().all(|profile| profile.status == Status::SignedIn))
        .await?;
    let renewal = (cpu()? - before) / f64::from(profiles);
    let (idle, wakes) = a_minute().await?;
    println!("{idle} {wakes} {renewal} {}", megabytes()?);
    app.quit().await;
    Ok(())
}

/// Seconds of CPU time and wake-ups of this process in a minute.
async fn a_minute() -> anyhow::Result<(f64, f64)> {
    // What was just begun is finished first, and threads that nobody needs any more have ended: that takes 10 seconds.
    tokio::time::sleep(Duration::from_secs(15)).await;
    let before = (cpu()?, wakes()?);
    tokio::time::sleep(MINUTE).await;
    Ok((cpu()? - before.0, wakes()? - before.1))
}

/// Seconds of CPU time of this process so far, threads that have ended included.
#[cfg(unix)]
fn cpu() -> anyhow::Result<f64> {
    let usage = nix::sys::resource::getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(micros as f64 / 1e6)
}

/// How often its threads went to sleep so far, which is how often they were woken.
#[cfg(unix)]
fn wakes() -> anyhow::Result<f64> {
    Ok(nix::sys::resource::getrusage(UsageWho::RUSAGE_SELF)?.voluntary_context_switches() as f64)
}

#[cfg(not(unix))]
fn cpu() -> anyhow::Result<f64> {
    anyhow::bail!("this is measured on Unix")
}

#[cfg(not(unix))]
fn wakes() -> anyhow::Result<f64> {
    anyhow::bail!("this is measured on Unix")
}

fn megabytes() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    Ok(number_after(&status, "VmRSS:").context("no VmRSS")? / 1000.0)
}

fn number_after(text: &str, label: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Seconds that a renewal takes beyond the server's own time, and seconds until a refused one is answered.
async fn latencies() -> anyhow::Result<(f64, f64)> {
    let org = Org { clients: vec![App { refresh: Rotation::Static, ..App::default() }], ..Org::default() };
    let (okta, machine) = org_and_machine(org).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let mut beyond = Vec::new();
    for n in 0..N_RENEWALS {
        let sent = Instant::now();
        running.want(Intent::Refresh { profile: "work".into() }).await;
        let whole = sent.elapsed();
        let by_hand = refresh_by_hand(&okta).await?;
        if n >= N_NOT_COUNTED {
            beyond.push(whole.as_secs_f64() - by_hand.as_secs_f64());
        }
    }
    beyond.sort_by(f64::total_cmp);
    okta.end_sessions_of("robin");
    let so_far = okta.count(Endpoint::Token);
    let sent = Instant::now();
    running.want(Intent::Refresh { profile: "work".into() }).await;
    running.noticed().await;
    let refused = sent.elapsed().as_secs_f64();
    anyhow::ensure!(okta.count(Endpoint::Token) > so_far, "it did not ask");
    running.quit().await;
    Ok((beyond[beyond.len() / 2], refused))
}

/// What the authorization server takes to renew, and the network to carry it.
async fn refresh_by_hand(okta: &FakeOkta) -> anyhow::Result<Duration> {
    let token = okta.active_refresh_tokens().pop().context("nobody is signed in")?;
    let url = url::Url::parse(&format!("{}/v1/token", okta.issuer()))?;
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "refresh_token"), ("client_id", &okta.client_id()), ("refresh_token", &token)])
        .finish();
    let (host, port) = (url.host_str().context("no host")?, url.port().context("no port")?);
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        url.path(),
        body.len()
    );
    let sent = Instant::now();
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let took = sent.elapsed();
    anyhow::ensure!(answer.starts_with(b"HTTP/1.1 200"), "the refresh by hand was refused");
    Ok(took)
}

fn millis(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}
