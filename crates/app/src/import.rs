//! A profile as a link or a text that somebody else wrote. It owns what of such a text is believed: nothing but the
//! fields of a form, each as if a person had typed it. Attackers write such links too, so reading one sends nothing,
//! stores nothing and adds nothing: it makes a draft, and the person confirms the host that the form names.
//!
//! No secret can be in one: a profile has none, only how it is proved.

use std::collections::HashSet;

use gatepass_agent::{GroupsFrom, Profile, ProfileParts};
use gatepass_wire::{ProfileDraft, ProfileOptions};
use url::Url;

use crate::report;
use crate::text::people_text;
use crate::words::NotAnImport;

/// What the link begins with, up to its query.
const LINK: &str = "dev.gatepass.desktop://profile";
/// The longest text that is read at all: several profiles' worth.
const MAX_TEXT: usize = 16 * 1024;
/// The longest field that is kept; the form's own limits are narrower.
const MAX_FIELD: usize = 2_000;
/// More than any field has.
const MAX_LINES: usize = 100;

/// Whether an address that the system brought is a link to a profile rather than a redirect: told by its host alone.
pub fn is_link(text: &str) -> bool {
    text.get(..LINK.len()).is_some_and(|start| start.eq_ignore_ascii_case(LINK))
        && matches!(text.as_bytes().get(LINK.len()), None | Some(b'?' | b'/'))
}

/// The link that [`read`] reads.
pub(crate) fn link(profile: &Profile) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("name", &profile.name)
        .append_pair("issuer", profile.issuer.as_str())
        .append_pair("client_id", profile.client_id.as_str())
        .append_pair("scopes", &profile.scopes.to_string());
    for uri in &profile.redirect_uris {
        query.append_pair("redirect_uri", uri.as_str());
    }
    let mut options = report::options(profile);
    for (key, value) in texts_of(&mut options).into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(key, value);
    }
    for (key, _) in flags_of(&mut options).into_iter().filter(|(_, flag)| **flag) {
        query.append_pair(key, "true");
    }
    format!("{LINK}?{}", query.finish())
}

/// The draft that a link or a text of the profiles file describes.
///
/// # Errors
/// Why it is neither.
pub(crate) fn read(text: &str) -> Result<ProfileDraft, NotAnImport> {
    let text = text.trim();
    if text.len() > MAX_TEXT {
        return Err(NotAnImport::TooLong);
    }
    if is_link(text) { read_link(text) } else { read_text(text) }
}

fn read_link(text: &str) -> Result<ProfileDraft, NotAnImport> {
    let link = Url::parse(text).map_err(|_| NotAnImport::DamagedLink)?;
    let mut draft = ProfileDraft::default();
    let mut flags = HashSet::new();
    for (key, value) in link.query_pairs() {
        let field = match &*key {
            "name" => &mut draft.name,
            "issuer" => &mut draft.issuer,
            "client_id" => &mut draft.client_id,
            "scopes" => &mut draft.scopes,
            "redirect_uri" if draft.redirect_uri.is_empty() => &mut draft.redirect_uri,
            "redirect_uri" => {
                draft.redirect_uri = format!("{} {value}", draft.redirect_uri);
                continue;
            }
            key => {
                if let Some((name, flag)) = flags_of(&mut draft.options).into_iter().find(|(name, _)| *name == key) {
                    if !flags.insert(name) {
                        return Err(NotAnImport::SaidTwice);
                    }
                    *flag = value == "true";
                    continue;
                }
                match texts_of(&mut draft.options).into_iter().find(|(name, _)| *name == key) {
                    Some((_, text)) => text,
                    // What a newer version may know.
                    None => continue,
                }
            }
        };
        // Which of two is meant nobody can know, and what a person was shown may be the other.
        if !field.is_empty() {
            return Err(NotAnImport::SaidTwice);
        }
        *field = value.into_owned();
    }
    cleaned(draft)
}

fn read_text(text: &str) -> Result<ProfileDraft, NotAnImport> {
    match &Profile::parts_in_toml(text).map_err(|_| NotAnImport::Neither)?[..] {
        [parts] => cleaned(drafted(parts)),
        [] => Err(NotAnImport::NoProfile),
        _ => Err(NotAnImport::SeveralProfiles),
    }
}

fn drafted(parts: &ProfileParts) -> ProfileDraft {
    ProfileDraft {
        name: parts.name.clone(),
        issuer: parts.issuer.clone(),
        client_id: parts.client_id.clone(),
        redirect_uri: parts.redirect_uris.as_ref().map(|uris| uris.join(" ")).unwrap_or_default(),
        scopes: parts.scopes.clone().unwrap_or_default(),
        options: report::options_of(parts),
    }
}

/// The options that are texts, by their names in a link, which are those of the profiles file. The id of another profile is
/// not among them: a link leaves the machine.
fn texts_of(options: &mut ProfileOptions) -> [(&'static str, &mut String); 8] {
    [
        ("client_authentication", &mut options.client_authentication),
        ("response_mode", &mut options.response_mode),
        ("prompt", &mut options.prompt),
        ("acr_values", &mut options.acr_values),
        ("max_age", &mut options.max_age),
        ("groups_claim", &mut options.groups_claim),
        ("groups_from", &mut options.groups_from),
        ("further_audiences", &mut options.further_audiences),
    ]
}

/// Those that are on or off.
fn flags_of(options: &mut ProfileOptions) -> [(&'static str, &mut bool); 3] {
    [("dpop", &mut options.dpop), ("push", &mut options.push), ("silent_first", &mut options.silent_first)]
}

/// Without what could make a field look like another one.
fn cleaned(draft: ProfileDraft) -> Result<ProfileDraft, NotAnImport> {
    let ProfileDraft { name, issuer, client_id, redirect_uri, scopes, mut options } = draft;
    let fields = [&name, &issuer, &client_id, &redirect_uri, &scopes];
    let is_long =
        |field: &str| field.lines().count() > MAX_LINES || field.lines().any(|line| line.chars().count() > MAX_FIELD);
    if fields.iter().any(|field| is_long(field)) || texts_of(&mut options).iter().any(|(_, text)| is_long(text)) {
        return Err(NotAnImport::FieldTooLong);
    }
    if issuer.trim().is_empty() || client_id.trim().is_empty() {
        return Err(NotAnImport::NoIssuerOrClientId);
    }
    // An id of another machine's means nothing here, or another profile.
    options.sign_in_with.clear();
    let clean = |text: &str| people_text(text.trim(), MAX_FIELD);
    let audiences: Vec<_> = options.further_audiences.lines().map(clean).collect();
    for (_, text) in texts_of(&mut options) {
        *text = clean(text);
    }
    // That somebody insists on an admin's token is nobody else's to say.
    if options.groups_from == GroupsFrom::AdminToken.as_str() {
        options.groups_from.clear();
    }
    // The one that has lines.
    options.further_audiences = audiences.join("\n");
    Ok(ProfileDraft {
        name: people_text(name.trim(), 100),
        issuer: clean(&issuer),
        client_id: clean(&client_id),
        redirect_uri: clean(&redirect_uri),
        scopes: clean(&scopes),
        options,
    })
}

#[cfg(test)]
mod tests;
