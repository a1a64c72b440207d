//! The pages that a person sees in the browser: who signs in, what went wrong, signed out. No script, but for the one
//! line that sends a `form_post` response.

use crate::answer::{self, Answer, with_header};
use crate::keys::random_value;
use crate::org::Org;
use crate::people::Person;

const STYLE: &str = include_str!("page/style.css");

/// Asks who signs in, for a form that goes to `action`. Each person is a button `#person-ID`; `#cancel` is one too.
pub(crate) fn sign_in(org: &Org, hint: Option<&str>, action: &str, transaction: &str, redirect_uri: &str) -> Answer {
    let name = escape(&org.name);
    let people: String =
        org.people.iter().map(|person| person_button(person, hint == Some(person.email.as_str()))).collect();
    let content = format!(
        r#"<p class="org">{name}</p>
<h1>Choose who signs in</h1>
<p class="note">A demo: nobody here has a password.</p>
<form method="post" action="{action}">
<input type="hidden" name="transaction" value="{transaction}">
<ul>
{people}</ul>
<button class="cancel" id="cancel" name="cancel" value="yes">Cancel</button>
</form>"#
    );
    page(200, &format!("{name} – choose who signs in"), &content, "", &target(redirect_uri))
}

/// Asks the person to consent to these scopes. The buttons are `#allow`, `#cancel` and, where some of the scopes are
/// optional, `#allow-required`.
pub(crate) fn consent(
    org: &Org,
    scopes: &[String],
    has_optional: bool,
    action: &str,
    transaction: &str,
    redirect_uri: &str,
) -> Answer {
    let name = escape(&org.name);
    let scopes: String = scopes.iter().map(|scope| format!("<li>{}</li>\n", escape(scope))).collect();
    let allow_required = match has_optional {
        true => {
            r#"<button class="choice" id="allow-required" name="decision" value="allow-required">Allow only what is required</button>"#
        }
        false => "",
    };
    let content = format!(
        r#"<p class="org">{name}</p>
<h1>Allow this?</h1>
<p class="note">The application asks for:</p>
<form method="post" action="{action}">
<input type="hidden" name="transaction" value="{transaction}">
<ul class="scopes">
{scopes}</ul>
<button class="choice" id="allow" name="decision" value="allow">Allow</button>
{allow_required}
<button class="cancel" id="cancel" name="decision" value="cancel">Cancel</button>
</form>"#
    );
    page(200, &format!("{name} – allow this?"), &content, "", &target(redirect_uri))
}

/// Asks for the code that a device shows.
pub(crate) fn user_code(org: &Org) -> Answer {
    let name = escape(&org.name);
    let content = format!(
        r#"<p class="org">{name}</p>
<h1>Activate your device</h1>
<form method="post" action="/activate">
<label>The code on your device
<input name="user_code" value="" autocomplete="off" autocapitalize="characters" required autofocus></label>
<button class="choice" id="next">Next</button>
</form>"#
    );
    page(200, &format!("{name} – activate your device"), &content, "", "'self'")
}

/// Asks whether the device with this code may be signed in. The buttons are `#allow` and `#cancel`.
pub(crate) fn confirm_device(org: &Org, user_code: &str, person: &str) -> Answer {
    let (name, user_code, person) = (escape(&org.name), escape(user_code), escape(person));
    let content = format!(
        r#"<p class="org">{name}</p>
<h1>Sign in this device?</h1>
<p class="note">It shows the code <strong>{user_code}</strong>, and will be signed in as <bdi>{person}</bdi>.</p>
<form method="post" action="/activate">
<input type="hidden" name="transaction" value="{user_code}">
<button class="choice" id="allow" name="decision" value="allow">Allow</button>
<button class="cancel" id="cancel" name="decision" value="cancel">Cancel</button>
</form>"#
    );
    page(200, &format!("{name} – sign in this device?"), &content, "", "'self'")
}

/// Where a device sign-in ends in the browser.
pub(crate) fn device_done(org: &Org, is_allowed: bool) -> Answer {
    let name = escape(&org.name);
    let (id, words) = match is_allowed {
        true => ("activated", "Device activated"),
        false => ("not-activated", "Device not activated"),
    };
    let content = format!(r#"<p class="org">{name}</p><h1 id="{id}">{words}</h1>"#);
    page(200, &format!("{name} – {words}"), &content, "", "'none'")
}

/// Okta's own error page. It never redirects.
pub(crate) fn error(error: &str, text: &str) -> Answer {
    let (error, text) = (escape(error), escape(text));
    let content = format!(
        r#"<h1>400 Bad Request</h1>
<p>Your request resulted in an error.</p>
<p id="error" role="alert"><strong>{error}</strong><br>{text}</p>"#
    );
    page(400, "Bad Request", &content, "", "'none'")
}

/// Where a sign-out ends that names no other place.
pub(crate) fn signed_out(org: &Org) -> Answer {
    let name = escape(&org.name);
    let content = format!(r#"<p class="org">{name}</p><h1 id="signed-out">You are signed out</h1>"#);
    page(200, &format!("{name} – signed out"), &content, "", "'none'")
}

/// Sends the response by a form (OAuth 2.0 Form Post Response Mode), of itself or by the button where scripts are off.
pub(crate) fn form_post(uri: &str, response: &[(&str, &str)]) -> Answer {
    let inputs: String = response
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escape(value)))
        .collect();
    let content = format!(
        r#"<h1>Signing you in</h1>
<form method="post" action="{}" id="form-post">
{inputs}<button>Continue</button>
</form>"#,
        escape(uri)
    );
    page(200, "Signing you in", &content, "document.forms[0].submit()", &target(uri))
}

fn person_button(person: &Person, is_hinted: bool) -> String {
    let Person { id, name, email, groups, .. } = person;
    let (id, name, email) = (escape(id), escape(name), escape(email));
    let initial = name.chars().next().unwrap_or('?');
    let groups = match groups.len() {
        0 => "no groups".to_owned(),
        1 => "1 group".to_owned(),
        n if n >= 1000 => format!("{},{:03} groups", n / 1000, n % 1000),
        n => format!("{n} groups"),
    };
    let autofocus = if is_hinted { " autofocus" } else { "" };
    format!(
        r#"<li><button class="person" id="person-{id}" name="person" value="{id}"{autofocus}>
<span class="initial" aria-hidden="true">{initial}</span>
<span class="who"><bdi class="name">{name}</bdi><span class="email">{email}</span></span>
<span class="groups">{groups}</span>
</button></li>
"#
    )
}

/// Chromium applies `form-action` to the redirects after a form too, so the page must allow the place where the
/// response goes: the origin of an http redirect URI, the scheme of any other.
fn target(redirect_uri: &str) -> String {
    let allowed = url::Url::parse(redirect_uri).ok().map(|uri| match uri.scheme() {
        "http" | "https" => uri.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    });
    format!("'self' {}", allowed.unwrap_or_default())
}

fn page(status: u16, title: &str, content: &str, script: &str, form_action: &str) -> Answer {
    let nonce = random_value();
    let script = if script.is_empty() { String::new() } else { format!("<script nonce=\"{nonce}\">{script}</script>") };
    let html = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style nonce="{nonce}">
{STYLE}</style>
</head>
<body>
<main>
{content}
</main>
{script}
</body>
</html>
"#
    );
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; \
         form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    );
    let answer = answer::body(status, "text/html; charset=utf-8", html);
    let answer = with_header(answer, "content-security-policy", &policy);
    let answer = with_header(answer, "x-content-type-options", "nosniff");
    with_header(answer, "referrer-policy", "no-referrer")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
