//! Our pages in `docs/okta`, lived by: an org is set up by a page's steps, the page's profile is put into the profiles file,
//! and the page's commands are pasted into a shell. What a step says is held against the org of the test, so that neither
//! changes alone.

use gatepass_agent::ProfileParts;
use gatepass_fake_okta::{
    App, AppKind, Claim, ClaimToken, ClaimValue, ClientAuthentication, GrantType, GroupFilter, GroupsClaim, Rotation,
    Rule, RuleUsers,
};
use gatepass_tests::{Called, Page, free_port, run_copied};
use gatepass_wire::{Answer, CopyFormat, FieldStatus, ProfileDraft};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::*;

/// The grants that can be ticked in the console, by their names there.
const GRANTS: [(GrantType, &str); 9] = [
    (GrantType::Code, "Authorization Code"),
    (GrantType::Refresh, "Refresh Token"),
    (GrantType::Device, "Device Authorization"),
    (GrantType::TokenExchange, "Token Exchange"),
    (GrantType::Implicit, "Implicit (hybrid)"),
    (GrantType::ClientCredentials, "Client Credentials"),
    (GrantType::InteractionCode, "Interaction Code"),
    (GrantType::Password, "Resource Owner Password"),
    (GrantType::SamlAssertion, "SAML 2.0 Assertion"),
];

/// A page with a profile, an org that was set up by it, and the machine of a person who did what it says.
pub(super) struct LivedBy {
    pub(super) okta: FakeOkta,
    pub(super) machine: Machine,
    /// The page, with this org and this machine in place of its examples.
    pub(super) page: Page,
    /// The profile on it.
    pub(super) id: String,
}

impl LivedBy {
    /// Sets up the org, and writes the page's profile with its own server and free ports: nothing else of it is changed.
    pub(super) async fn new(page: &Page, id: &str, mut org: Org) -> Self {
        let written = page.parts(id);
        let mut page = page.clone();
        for uri in written.redirect_uris.iter().flatten() {
            let port = Url::parse(uri).ok().and_then(|uri| uri.port()).expect("a port");
            let [of_page, ours] = [port, free_port()].map(|port| format!("http://localhost:{port}/"));
            page = page.with(&of_page, &ours);
            let registered = org.clients.iter_mut().flat_map(|app| &mut app.redirect_uris);
            registered.for_each(|uri| *uri = uri.replace(&of_page, &ours));
        }
        let okta = FakeOkta::start(org).await;
        okta.sign_in_as("robin");
        let issuer = Url::parse(&written.issuer).expect("an issuer").origin().ascii_serialization();
        let page = page.with(&issuer, &okta.custom_origin().unwrap_or_else(|| okta.origin().to_owned()));
        let machine = Machine::new();
        machine.write_profiles_file(&format!("version = 1\n\n{}\n", page.profile(id)));
        Self { okta, machine, page, id: id.to_owned() }
    }

    /// Signs in with the page's profile, once the window says of its issuer what the page says.
    pub(super) async fn sign_in(&self) -> Running {
        let running = self.machine.start().await;
        let draft = ProfileDraft { issuer: self.page.parts(&self.id).issuer, ..ProfileDraft::default() };
        let answer = running.want(Intent::CheckProfile { draft }).await;
        let Answer::Report(report) = answer else { panic!("{answer:?}") };
        assert_eq!(report.issuer.status, FieldStatus::Good, "{report:?}");
        says(self.page.text(), &format!("*{}*", report.issuer.message));
        running.sign_in(&self.id).await;
        running
    }

    /// Copies the export line, and pastes it into a shell with the page's lines that have these words.
    pub(super) async fn call(&self, running: &Running, words: &str) -> Called {
        says(self.page.text(), "**Copy as… → export line**");
        let block = self.page.block("sh", words);
        let lines = block.lines().filter(|line| !line.starts_with("curl ") || line.contains(words));
        let export = copied(running, CopyFormat::Export).await;
        run_copied(&[&*export].into_iter().chain(lines).collect::<Vec<_>>().join("\n")).await
    }

    /// The copied command is the page's line with these words, to the token in it.
    pub(super) async fn is_the_copied_command(&self, running: &Running, words: &str) {
        let (command, token) = (copied(running, CopyFormat::Curl).await, copied(running, CopyFormat::Token).await);
        let line = self.page.block("sh", words).lines().find(|line| line.contains(words)).expect("it is there");
        // Quotes keep an address together that has something to keep together.
        let line = line.replace("$ACCESS_TOKEN", &token).replace("$ISSUER", &self.page.parts(&self.id).issuer);
        assert_eq!(command.replace('"', ""), line.replace('"', ""));
        assert_eq!(run_copied(&command).await.json()["name"], "Robin Calder");
    }
}

/// What is on the clipboard after **Copy as…**.
async fn copied(running: &Running, what: CopyFormat) -> String {
    let answer = running.want(Intent::Copy { profile: only(running), what }).await;
    assert!(matches!(answer, Answer::Copied(_)), "{answer:?}");
    running.clipboard().expect("something was copied")
}

/// A service as people call it with the token, which answers with the request as it came. Its address.
pub(super) async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (mut stream, mut head) = (BufReader::new(stream), String::new());
            while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).await.is_ok_and(|read| read > 0) {}
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{head}", head.len());
            stream.write_all(answer.as_bytes()).await.expect("the caller waits");
        }
    });
    origin
}

/// The service got the token by the page's command, and nothing else was put in its place.
pub(super) async fn got_the_token(called: &Called, running: &Running, path: &str) {
    let token = copied(running, CopyFormat::Token).await;
    assert_eq!(called.status, 200);
    says(&called.body, &format!("GET {path} HTTP/1.1\r\n"));
    says(&called.body, &format!("\r\nAuthorization: Bearer {token}\r\n"));
}

/// A passage has these words.
pub(super) fn says(passage: &str, words: &str) {
    assert!(passage.contains(words), "no {words} in:\n{passage}");
}

/// A passage ticks these grants and no others.
pub(super) fn ticks(passage: &str, ticked: &[GrantType]) {
    for (grant, name) in GRANTS {
        let is_there = passage.contains(&format!("**{name}**"));
        assert_eq!(is_there, ticked.contains(&grant), "{name} in:\n{passage}");
    }
}

/// A passage makes this app.
pub(super) fn makes_app(passage: &str, app: &App) {
    ticks(passage, &app.grant_types);
    says(passage, if app.kind == AppKind::Native { "**Native Application**" } else { "**Web Application**" });
    app.redirect_uris.iter().for_each(|uri| says(passage, &format!("`{uri}`")));
    let is_rotated = passage.contains("**Rotate token after every use**");
    assert_eq!(is_rotated, matches!(app.refresh, Rotation::Rotate { .. }), "{passage}");
    let is_public = app.client_authentication == ClientAuthentication::None;
    let says_none = ["*Client authentication* **None**", "*Client authentication* is **None**"];
    assert_eq!(says_none.iter().any(|none| passage.contains(none)), is_public, "{passage}");
}

/// A passage makes this claim of a custom server.
pub(super) fn makes_claim(passage: &str, claim: &Claim) {
    says(passage, &format!("*Name* `{}`", claim.name));
    says(
        passage,
        match claim.token {
            ClaimToken::Access => "*Include in token type* **Access Token**",
            ClaimToken::Id => "*Include in token type* **ID Token**, **Always**",
            ClaimToken::Userinfo => "*Include in token type* **ID Token**, **Userinfo / id_token request**",
        },
    );
    let ClaimValue::Groups(filter) = &claim.value else { panic!("no claim about groups: {claim:?}") };
    says(passage, "*Value type* **Groups**");
    says(passage, &format!("*Filter* {}", in_console(filter)));
    assert!(claim.scopes.is_empty(), "{claim:?}");
    says(passage, "*Include in* **Any scope**");
}

/// A passage makes this groups claim of an app, on the org's own server.
pub(super) fn makes_groups_claim(passage: &str, claim: &GroupsClaim) {
    says(passage, "*Groups claim type* **Filter**");
    says(passage, &format!("*Groups claim filter* `{}`", claim.name));
    says(passage, &in_console(&claim.filter));
}

fn in_console(filter: &GroupFilter) -> String {
    match filter {
        GroupFilter::StartsWith(start) => format!("**Starts with** `{start}`"),
        GroupFilter::Equals(name) => format!("**Equals** `{name}`"),
        GroupFilter::Contains(part) => format!("**Contains** `{part}`"),
        GroupFilter::Regex(pattern) => format!("**Matches regex** `{pattern}`"),
    }
}

/// A passage makes this rule of an access policy.
pub(super) fn makes_rule(passage: &str, rule: &Rule) {
    ticks(passage, &rule.grant_types);
    assert_eq!((&rule.users, &rule.scopes), (&RuleUsers::AnyAssigned, &None));
    says(passage, "**Any user assigned the app**");
    says(passage, "**Any scopes**");
}

/// The page's form asks for what stands in its profile.
pub(super) fn asks_for(page: &Page, profile: &ProfileParts) {
    says(page.row("Issuer"), &format!("`{}`", profile.issuer));
    says(page.row("Redirect URI"), &format!("`{}`", profile.redirect_uris.as_ref().expect("it names some")[0]));
    says(page.row("Scopes"), &format!("`{}`", profile.scopes.as_ref().expect("it names some")));
    const GROUPS_ROW: &str = "More options → *Where your groups are*";
    match profile.groups_from.as_deref() {
        Some("access_token") => says(page.row(GROUPS_ROW), "**In the access token**"),
        Some("userinfo") => says(page.row(GROUPS_ROW), "**At the UserInfo endpoint**"),
        None => assert!(!page.text().contains(GROUPS_ROW), "the profile has no groups_from"),
        Some(other) => panic!("no name in the window for {other}"),
    }
}

/// The ID of the custom server in a profile's issuer.
pub(super) fn server_id(profile: &ProfileParts) -> String {
    profile.issuer.rsplit_once("/oauth2/").expect("the issuer of a custom server").1.to_owned()
}
