//! What a profile's client proves itself with: a secret that is taken from the clipboard, and keys that are made here. And
//! the API token of an admin who insists on it.

use gatepass_agent::{ClientKeys, GroupsFrom};
use gatepass_oidc::{ApiToken, ClientSecret};
use gatepass_wire::{Answer, CopiedThing, Problem, PublicKey};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::Subject;
use crate::{App, Clip, problem};

/// Shorter than any secret that a server makes, longer than what people choose.
const SHORTEST_SECRET: usize = 32;
/// Okta's have 64.
const LONGEST_SECRET: usize = 128;

pub(super) async fn told(app: &App, one: &Subject) -> Result<Answer, Problem> {
    answered(one, app.agent().client_keys(&one.id).await)
}

pub(super) async fn make(app: &App, one: &Subject) -> Result<Answer, Problem> {
    answered(one, app.agent().make_client_key(&one.id).await)
}

/// Only for a profile whose server wants one.
pub(super) async fn take_secret(app: &App, one: &Subject) -> Result<Answer, Problem> {
    if !one.profile().asking.client_authentication.is_by_secret() {
        return Err(problem::no_secret_wanted());
    }
    let text = on_clipboard(app, is_secret).await?.ok_or_else(problem::no_secret_on_clipboard)?;
    let secret = text.expose_secret().trim();
    if secret == one.profile().client_id.as_str() {
        return Err(problem::no_secret_on_clipboard());
    }
    let kept = answered(one, app.agent().add_client_secret(&one.id, ClientSecret::new(secret)).await)?;
    leave_nothing(app, &text);
    Ok(kept)
}

/// Only for a profile that says that it wants an admin's.
pub(super) async fn take_api_token(app: &App, one: &Subject) -> Result<Answer, Problem> {
    if one.profile().groups.from != GroupsFrom::AdminToken {
        return Err(problem::no_api_token_wanted());
    }
    let text = on_clipboard(app, is_api_token).await?.ok_or_else(problem::no_api_token_on_clipboard)?;
    let token = ApiToken::new(text.expose_secret().trim());
    let kept = answered(one, app.agent().set_api_token(&one.id, Some(token)).await)?;
    leave_nothing(app, &text);
    Ok(kept)
}

/// What is on the clipboard if it can be what is wanted: what else a person copied is nobody's business.
async fn on_clipboard(app: &App, is_it: fn(&str) -> bool) -> Result<Option<SecretString>, Problem> {
    app.read_clipboard(is_it).await.map_err(|reason| problem::clipboard_failed(&reason))
}

/// It is kept, so it need not lie there. What came since stays.
fn leave_nothing(app: &App, text: &SecretString) {
    app.empty_clipboard(Clip::new(text.expose_secret()));
}

pub(super) async fn forget_api_token(app: &App, one: &Subject) -> Result<Answer, Problem> {
    answered(one, app.agent().set_api_token(&one.id, None).await)
}

pub(super) async fn copy(app: &App, one: &Subject, key: &str) -> Result<Answer, Problem> {
    let keys = app.agent().client_keys(&one.id).await.map_err(|error| one.problem(&error))?;
    let wanted = keys.public_keys.iter().find(|jwk| kid_of(jwk) == key).ok_or_else(problem::nothing_to_copy)?;
    super::copy(app, one, CopiedThing::PublicKey, wanted, None).await
}

fn answered(one: &Subject, keys: Result<ClientKeys, gatepass_agent::Error>) -> Result<Answer, Problem> {
    let keys = keys.map_err(|error| one.problem(&error))?;
    Ok(Answer::ClientKeys {
        has_api_token: keys.has_api_token,
        secrets: u32::try_from(keys.n_secrets).unwrap_or(u32::MAX),
        keys: keys.public_keys.into_iter().map(|jwk| PublicKey { kid: kid_of(&jwk), jwk }).collect(),
    })
}

fn kid_of(jwk: &str) -> String {
    let jwk: Value = serde_json::from_str(jwk).unwrap_or_default();
    jwk.get("kid").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether a text looks like a client secret that a server made: one long word of letters, digits, `-` and `_`. A page that was
/// taken over can ask for this, so that passwords, tokens with full stops and addresses stay where they are.
fn is_secret(text: &str) -> bool {
    let text = text.trim();
    (SHORTEST_SECRET..=LONGEST_SECRET).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether a text looks like an API token of Okta's, which all begin alike.
fn is_api_token(text: &str) -> bool {
    text.trim().starts_with("00") && is_secret(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_secret_stays_on_the_clipboard() {
        assert!(is_secret(" mZ5n_Qk-3s7p9Xw2LrT8vB4cD6eF1gH0jK5mN7pQ9sT2uV4x \n"));
        let long = "a".repeat(257);
        for text in [
            "",
            "password",
            "two words that are long",
            "a\nb0123456789012345678901234567890",
            "s\u{e4}0123456789012345678901234567890",
            "https://api.example.com/a0123456789",
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMHUxIn0.c2ln",
            "correct-horse-battery",
            &long,
        ] {
            assert!(!is_secret(text), "{text}");
        }
    }

    #[test]
    fn an_api_token_is_told_from_other_secrets() {
        assert!(is_api_token(" 00QCjAl4MlV-WPXM0123456789abcdefghijklmnopq\n"));
        for text in
            ["QCjAl4MlV-WPXM0123456789abcdefghijklmnopqrst", "00QCjAl4MlV", "00 QCjAl4MlV-WPXM0123456789abcdefghij"]
        {
            assert!(!is_api_token(text), "{text}");
        }
    }
}
