//! Measures how long the program takes from the browser's redirect to a session whose token can be used. A part of
//! `script/bench`, which reads what it prints: a line for each sign-in, with the microseconds of the whole and those of
//! a token request by hand, which is what the authorization server takes for itself.
//!
//! Everything but browser and keyring is the program's own: the listener, the exchange, the checks, the task.
#![allow(clippy::print_stdout, reason = "it prints what it measured")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

use std::time::{Duration, Instant};

use anyhow::Context as _;
use gatepass_fake_okta::{FakeOkta, Org};
use gatepass_tests::{Machine, free_redirect_uri, org_and_machine};
use gatepass_wire::{Intent, Status};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;
use url::form_urlencoded::Serializer;

const N_SIGN_INS: usize = 40;
/// The first ones open connections, fill caches, and are not like those that follow.
const N_NOT_COUNTED: usize = 5;

/// The pair of RFC 7636 appendix B.
const CODE_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CODE_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (okta, machine) = org_and_machine(Org::default()).await;
    machine.browser.only_notes();
    let by_hand = free_redirect_uri();
    okta.register_redirect_uri(&by_hand);
    let running = machine.start().await;
    for n in 0..N_SIGN_INS {
        running.click_sign_in("work").await;
        let redirect = redirect(&machine, n + 1).await?;

        let sent = Instant::now();
        let usable = async {
            running.until_status("work", Status::SignedIn).await;
            sent.elapsed()
        };
        let (answer, whole) = tokio::join!(get(&redirect), usable);
        // The page that says what came of it; the port closes when it was fetched.
        get(&answer?.leads_to(&redirect)?).await?;
        let exchange = exchange_by_hand(&okta, &by_hand).await?;
        if n >= N_NOT_COUNTED {
            println!("{} {}", whole.as_micros(), exchange.as_micros());
        }
        running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await;
        running.until_status("work", Status::SignedOut).await;
    }
    running.quit().await;
    Ok(())
}

/// Goes where the program sent the browser the `n`th time, up to the address that leads back to it.
async fn redirect(machine: &Machine, n: usize) -> anyhow::Result<Url> {
    let launch = machine.browser.opened(n).await;
    let authorize = get(&launch).await?.leads_to(&launch)?;
    get(&authorize).await?.leads_to(&authorize)
}

/// What the authorization server takes to trade a code for tokens, and the network to carry it.
async fn exchange_by_hand(okta: &FakeOkta, redirect_uri: &str) -> anyhow::Result<Duration> {
    let mut authorize = Url::parse(&format!("{}/v1/authorize", okta.issuer()))?;
    authorize.query_pairs_mut().extend_pairs([
        ("client_id", okta.client_id().as_str()),
        ("response_type", "code"),
        ("scope", "openid profile email groups offline_access"),
        ("redirect_uri", redirect_uri),
        ("state", "by-hand"),
        ("nonce", "by-hand"),
        ("code_challenge", CODE_CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    let redirect = get(&authorize).await?.leads_to(&authorize)?;
    let code = redirect.query_pairs().find(|(name, _)| name == "code").context("no code in the redirect")?.1;
    let body = Serializer::new(String::new())
        .extend_pairs([
            ("grant_type", "authorization_code"),
            ("client_id", &okta.client_id()),
            ("redirect_uri", redirect_uri),
            ("code", &code),
            ("code_verifier", CODE_VERIFIER),
        ])
        .finish();
    let form = format!(
        "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let token = Url::parse(&format!("{}/v1/token", okta.issuer()))?;
    let sent = Instant::now();
    let answer = exchange("POST", &token, &form).await?;
    let took = sent.elapsed();
    anyhow::ensure!(answer.0.starts_with("HTTP/1.1 200"), "the token request by hand was refused");
    Ok(took)
}

/// An answer, head and all.
struct Answer(String);

impl Answer {
    fn leads_to(&self, from: &Url) -> anyhow::Result<Url> {
        let mut fields = self.0.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(": "));
        let (_, location) = fields
            .find(|(name, _)| name.eq_ignore_ascii_case("location"))
            .with_context(|| format!("{} leads nowhere", from.path()))?;
        Ok(from.join(location)?)
    }
}

async fn get(url: &Url) -> anyhow::Result<Answer> {
    exchange("GET", url, "Accept: text/html\r\n\r\n").await
}

/// One request on a connection of its own, without an HTTP client whose time would be measured too.
async fn exchange(method: &str, url: &Url, rest: &str) -> anyhow::Result<Answer> {
    let (host, port) = (url.host_str().context("no host")?, url.port().context("no port")?);
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    let request = format!("{method} {target} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n{rest}");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(Answer(String::from_utf8_lossy(&answer).into_owned()))
}
