//! Why a resource server turned an access token away: the `WWW-Authenticate` of its answer (RFC 6750 section 3, RFC 9449
//! section 7.1), in the form of RFC 9110 section 11.6.1.

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

/// What a challenge says went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub error: String,
    pub description: Option<String>,
}

impl Challenge {
    /// The first one for our kind of token that names an error. Without one, the server only says that it wants a token.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter();
        values.into_iter().find_map(|value| read(&String::from_utf8_lossy(value.as_bytes())))
    }
}

/// Challenges and their parameters are separated by the same comma; a parameter that begins a challenge has the scheme
/// in front.
fn read(text: &str) -> Option<Challenge> {
    let (mut is_ours, mut error, mut description) = (false, None, None);
    for element in elements(text) {
        let (name, value) = element.split_once('=').unwrap_or((element, ""));
        let name = name.trim();
        let (scheme, name) = match name.split_once(char::is_whitespace) {
            Some((scheme, name)) => (Some(scheme), name.trim_start()),
            None if value.is_empty() => (Some(name), ""),
            None => (None, name),
        };
        if let Some(scheme) = scheme {
            if error.is_some() {
                break;
            }
            is_ours = ["bearer", "dpop"].iter().any(|ours| scheme.eq_ignore_ascii_case(ours));
            description = None;
        }
        match name.to_ascii_lowercase().as_str() {
            "error" if is_ours => error = Some(unquoted(value)).filter(|error| !error.is_empty()),
            "error_description" => description = Some(unquoted(value)),
            _ => {}
        }
    }
    error.map(|error| Challenge { error, description })
}

/// What stands between commas that are not in a quoted string.
fn elements(text: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |c| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_quoted,
            '"' => is_quoted = !is_quoted,
            ',' => return !is_quoted,
            _ => {}
        }
        false
    })
    .map(str::trim)
    .filter(|element| !element.is_empty())
}

/// A token, or a quoted string without its quotes and escapes (RFC 9110 section 5.6.4).
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut is_escaped = false;
    inner
        .chars()
        .filter(|&c| {
            is_escaped = c == '\\' && !is_escaped;
            !is_escaped
        })
        .collect()
}

#[cfg(test)]
mod tests;
