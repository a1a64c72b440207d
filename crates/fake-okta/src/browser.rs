//! A browser for tests that need none to be seen: it follows redirects, keeps Okta's cookie, sends `form_post` pages
//! and presses buttons. It knows HTTP and the forms of [`crate::page`], and no more HTML than that.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use anyhow::{Context as _, ensure};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Response, redirect};
use url::Url;

use crate::lock;

const MAX_REDIRECTS: usize = 20;

/// Where a journey of a [`Browser`] ended.
#[derive(Clone, Debug)]
pub struct BrowserOutcome {
    /// The last address.
    pub url: Url,
    /// The status of the page; `None` if the last address is not http, so that a browser hands it to another program.
    pub status: Option<u16>,
    /// The page.
    pub body: String,
    /// All addresses on the way, the last one included.
    pub visited: Vec<Url>,
}

/// A browser with a cookie jar.
pub struct Browser {
    client: Client,
    /// By host and port, then by name; a real browser has no regard for the port, which would only let tests disturb
    /// each other. Paths and lifetimes are not looked at.
    cookies: Mutex<HashMap<String, BTreeMap<String, String>>>,
}

struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

/// Follows `url` in a fresh [`Browser`].
///
/// # Errors
///
/// As [`Browser::browse`].
pub async fn browse(url: &str) -> anyhow::Result<BrowserOutcome> {
    Browser::new().browse(url).await
}

impl Browser {
    /// A browser that nobody has signed in with.
    pub fn new() -> Self {
        // Fails if there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // No trusted certificates: all of this is loopback, and a bare machine has none to load.
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            // A server closes a connection that idles whenever it likes, also just as the next request leaves.
            .pool_max_idle_per_host(0)
            .tls_certs_only([])
            .build()
            .expect("the settings above are constants");
        Self { client, cookies: Mutex::default() }
    }

    /// Opens `url` and goes on until there is a page that wants a person, or an address that is not http.
    ///
    /// # Errors
    ///
    /// If a server does not answer, or sends the browser in circles.
    pub async fn browse(&self, url: &str) -> anyhow::Result<BrowserOutcome> {
        self.travel(Method::GET, Url::parse(url)?, Vec::new()).await
    }

    /// Sends a form to `url`, as a page of a program's own does, and goes on from there.
    ///
    /// # Errors
    ///
    /// As [`Browser::browse`].
    pub async fn post(&self, url: &Url, fields: Vec<(String, String)>) -> anyhow::Result<BrowserOutcome> {
        self.travel(Method::POST, url.clone(), fields).await
    }

    /// Presses the button with this id on the page where `outcome` ended: `person-robin`, `cancel`.
    ///
    /// # Errors
    ///
    /// If there is no such button, and as [`Browser::browse`].
    pub async fn press(&self, outcome: &BrowserOutcome, button: &str) -> anyhow::Result<BrowserOutcome> {
        let mut form = Form::on(&outcome.body).context("no form on the page")?;
        let marker = format!("id=\"{button}\"");
        let tag = tags(&outcome.body, "button").find(|tag| tag.contains(&marker));
        let tag = tag.with_context(|| format!("no button {button} on the page"))?;
        form.fields.extend(attribute(tag, "name").zip(attribute(tag, "value")));
        self.travel(Method::POST, outcome.url.join(&form.action)?, form.fields).await
    }

    /// Opens the `verification_uri_complete` of a device sign-in as this person, by [`crate::Person::id`], and allows it.
    ///
    /// # Errors
    ///
    /// If the page is not that of a sign-in that waits, and as [`Browser::browse`].
    pub async fn allow_device(&self, url: &str, person: &str) -> anyhow::Result<BrowserOutcome> {
        self.answer_device(url, person, "allow").await
    }

    /// The same, and cancels it.
    ///
    /// # Errors
    ///
    /// As [`Browser::allow_device`].
    pub async fn deny_device(&self, url: &str, person: &str) -> anyhow::Result<BrowserOutcome> {
        self.answer_device(url, person, "cancel").await
    }

    async fn answer_device(&self, url: &str, person: &str, button: &str) -> anyhow::Result<BrowserOutcome> {
        let mut page = self.browse(url).await?;
        // Not asked for if the browser has an Okta session.
        let who = format!("person-{person}");
        if page.body.contains(&format!("id=\"{who}\"")) {
            page = self.press(&page, &who).await?;
        }
        self.press(&page, button).await
    }

    async fn travel(&self, method: Method, url: Url, form: Vec<(String, String)>) -> anyhow::Result<BrowserOutcome> {
        let (mut method, mut url, mut form) = (method, url, form);
        let mut visited = Vec::new();
        loop {
            ensure!(visited.len() < MAX_REDIRECTS, "redirected more than {MAX_REDIRECTS} times");
            visited.push(url.clone());
            if url.scheme() != "http" {
                return Ok(BrowserOutcome { url, status: None, body: String::new(), visited });
            }
            let response = self.send(method, &url, &form).await?;
            let status = response.status();
            if let Some(location) = response.headers().get(LOCATION).filter(|_| status.is_redirection()) {
                url = url.join(location.to_str()?)?;
                (method, form) = (Method::GET, Vec::new());
                continue;
            }
            let body = response.text().await?;
            match Form::on(&body).filter(|_| body.contains("id=\"form-post\"")) {
                Some(post) => {
                    url = url.join(&post.action)?;
                    (method, form) = (Method::POST, post.fields);
                }
                None => return Ok(BrowserOutcome { url, status: Some(status.as_u16()), body, visited }),
            }
        }
    }

    async fn send(&self, method: Method, url: &Url, form: &[(String, String)]) -> anyhow::Result<Response> {
        let site = url.origin().ascii_serialization();
        let mut request = self.client.request(method.clone(), url.clone());
        if let Some(cookies) = lock(&self.cookies).get(&site) {
            let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if method == Method::POST {
            request = request.form(form);
        }
        let response = request.send().await?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie has a name and a value")?;
            lock(&self.cookies).entry(site.clone()).or_default().insert(name.to_owned(), value.to_owned());
        }
        Ok(response)
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Form {
    fn on(html: &str) -> Option<Self> {
        let action = attribute(tags(html, "form").next()?, "action")?;
        let fields =
            tags(html, "input").filter_map(|tag| attribute(tag, "name").zip(attribute(tag, "value"))).collect();
        Some(Self { action, fields })
    }
}

fn tags<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    html.split(&format!("<{name} ")).skip(1).filter_map(|rest| rest.split('>').next()).collect::<Vec<_>>().into_iter()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let value = rest.split('"').next()?;
    let value = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    Some(value.replace("&amp;", "&"))
}
