//! `fake-okta`: the server on its own, for the demo and for development by hand. Prints a profile to paste.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use gatepass_fake_okta::{FakeOkta, GrantType, Org, Rotation};
use tokio::sync::oneshot;

const USAGE: &str = "\
An Okta-shaped authorization server on 127.0.0.1, for demos and development.

Usage: fake-okta [OPTIONS]

  --port PORT                 the port; 0 for any [9080]
  --access-token-seconds N    how long access tokens live [120]
  --static                    refresh tokens stay the same when used
  --grace SECONDS             how long a replaced refresh token still works [30]
  --auto PERSON               sign in as robin, noor, sam or yael without asking
  --device                    tick the grant Device Authorization
  --groups N                  give robin so many groups
  --redirect-uri URI          register this redirect URI instead of the default ones; can be repeated
  --print-profile             print the profile and nothing else
  --until-stdin-closes        stop when standard input ends
  --help                      print this
";

struct Options {
    org: Org,
    prints_profile_only: bool,
    until_stdin_closes: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fake-okta: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let Some(options) = Options::parse(std::env::args().skip(1))? else {
        print(USAGE.trim_end());
        return Ok(());
    };
    let (port, redirect_uris) = (options.org.port, options.org.clients[0].redirect_uris.clone());
    let okta = FakeOkta::bind(options.org).await.with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
    // By hand, anything may come; what is odd shows in the log.
    okta.allow_unexpected();

    let profile = profile(&okta, &redirect_uris);
    if options.prints_profile_only {
        print(profile.trim_end());
    } else {
        let (issuer, client_id) = (okta.issuer(), okta.client_id());
        print(&format!("Issuer     {issuer}\nClient ID  {client_id}\n\nA profile to paste:\n\n{profile}"));
    }
    wait_for_the_end(options.until_stdin_closes).await
}

impl Options {
    /// `None` if help was asked for.
    fn parse(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Option<Self>> {
        let mut org =
            Org { port: 9080, access_token_lifetime: Duration::from_secs(120), log_requests: true, ..Org::default() };
        let (mut prints_profile_only, mut until_stdin_closes) = (false, false);
        let mut redirect_uris = Vec::new();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--port" => org.port = number(&value()?)?,
                "--access-token-seconds" => org.access_token_lifetime = Duration::from_secs(number(&value()?)?),
                "--static" => org.clients[0].refresh = Rotation::Static,
                "--grace" => {
                    let grace = Duration::from_secs(number(&value()?)?);
                    org.clients[0].refresh = Rotation::Rotate { grace };
                }
                "--auto" => org.auto_sign_in = Some(value()?),
                "--device" => org.clients[0].grant_types.push(GrantType::Device),
                "--groups" => {
                    org.people[0].groups = (1..=number(&value()?)?).map(|n: u32| format!("group-{n:04}")).collect()
                }
                "--redirect-uri" => redirect_uris.push(value()?),
                "--print-profile" => prints_profile_only = true,
                "--until-stdin-closes" => until_stdin_closes = true,
                "--help" | "-h" => return Ok(None),
                _ => bail!("unknown option {argument}; --help lists them"),
            }
        }
        if let Some(person) = &org.auto_sign_in
            && !org.people.iter().any(|it| it.id == *person)
        {
            bail!("nobody here is called {person}");
        }
        if !redirect_uris.is_empty() {
            org.clients[0].redirect_uris = redirect_uris;
        }
        Ok(Some(Self { org, prints_profile_only, until_stdin_closes }))
    }
}

/// A profile as the program's file has them. Debug formatting of text is TOML's quoting, for URIs.
fn profile(okta: &FakeOkta, redirect_uris: &[String]) -> String {
    let mut toml = String::from("version = 1\n\n[[profile]]\nid = \"demo\"\nname = \"Demo org\"\n");
    // Writing to a `String` does not fail.
    let _ = writeln!(toml, "issuer = {:?}", okta.issuer());
    let _ = writeln!(toml, "client_id = {:?}", okta.client_id());
    let _ = writeln!(toml, "scopes = \"openid profile email groups offline_access\"");
    let _ = writeln!(toml, "redirect_uris = {redirect_uris:?}");
    toml
}

fn number<T: FromStr>(text: &str) -> anyhow::Result<T> {
    text.parse().ok().with_context(|| format!("{text} is not a number that fits"))
}

#[allow(clippy::print_stdout, reason = "the profile on standard output is what the program is started for")]
fn print(text: &str) {
    println!("{text}");
}

/// Waits for a signal, or for the end of standard input: a parent's death ends us too.
async fn wait_for_the_end(until_stdin_closes: bool) -> anyhow::Result<()> {
    let (stdin_closed, closed) = oneshot::channel::<()>();
    if until_stdin_closes {
        // A thread of its own, since tokio would wait for a blocked read at exit.
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            let _ = stdin_closed.send(());
        });
    }
    // Without that thread the sender is gone, which is an error and so does not match.
    tokio::select! {
        Ok(()) = closed => Ok(()),
        ended = terminated() => ended,
    }
}

#[cfg(unix)]
async fn terminated() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn terminated() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
