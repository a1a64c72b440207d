//! What is right and wrong about a profile before there is one, field by field, in words; and the profile made of it.
//!
//! Looking at a draft sends nothing but a request for the issuer's public metadata: no client ID leaves before the
//! person has seen whose host it would go to.

use std::time::Duration;

use gatepass_agent::{NotAProfile, Profile, ProfileParts, Wrong};
use gatepass_oidc::okta::{ClientIdSuspicion, ReadIssuer, Repair, UnreadableIssuer};
use gatepass_oidc::{
    Capabilities, Check, EndpointHosts, Error, Http, HttpPolicy, IssuerUrl, Obstacle, Provider, RedirectUri, Timestamp,
    okta,
};
use gatepass_wire::{FieldReport, FieldStatus, ProfileDraft, ProfileOptions, ProfileReport};

use crate::invitation::OUR_SCHEME;
use crate::text::{MAX_QUOTE, people_text};
use crate::words::{Finding, finding};

/// Time for the whole discovery, the person waiting.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// Looks at a draft. Discovers where a whole address stands in the issuer's field.
pub(crate) async fn report(draft: &ProfileDraft, http: &HttpPolicy, now: Timestamp) -> ProfileReport {
    let (issuer, found) = match okta::read_issuer(&draft.issuer) {
        Err(UnreadableIssuer::Empty) => (nothing(), None),
        Err(wrong) => (bad(Finding::Unreadable(&wrong)), None),
        // What is typed so far may be the name of somebody else's host.
        Ok(read) if read.repairs.contains(&Repair::SchemeAdded) => {
            (field(FieldStatus::Unknown, Finding::NotWhole), None)
        }
        Ok(read) => match discover(&read, http, now).await {
            Ok(capabilities) => (found(&read, capabilities), Some(read.issuer)),
            Err(wrong) => (wrong, None),
        },
    };
    ProfileReport {
        issuer,
        client_id: client_id(&draft.client_id),
        redirect_uri: redirect_uri(&draft.redirect_uri),
        host: found.as_ref().map(|issuer| people_text(issuer.authority(), MAX_QUOTE)),
        found_issuer: found.map(|issuer| people_text(issuer.as_str(), MAX_QUOTE)),
    }
}

/// The profile that a draft describes.
///
/// # Errors
/// The first field that is not usable.
pub(crate) fn read(draft: &ProfileDraft) -> Result<Profile, NotAProfile> {
    let issuer = okta::read_issuer(&draft.issuer)
        .map_err(|wrong| NotAProfile { field: "issuer", what: told(&finding(Finding::Unreadable(&wrong))) })?
        .issuer;
    read_with(draft, &issuer)
}

/// What `profile` becomes by a draft of all of it. An issuer that was not touched is not mended either: a profile that
/// works is not to be turned into another issuer's by being renamed.
///
/// # Errors
/// The first field that is not usable.
pub(crate) fn edited(profile: &Profile, draft: &ProfileDraft) -> Result<Profile, NotAProfile> {
    let is_same_issuer = draft.issuer.trim() == profile.issuer.as_str();
    let edited = if is_same_issuer { read_with(draft, &profile.issuer) } else { read(draft) }?;
    // Hosts beside the issuer's are trusted for that issuer alone.
    let endpoint_hosts =
        if edited.issuer == profile.issuer { profile.endpoint_hosts.clone() } else { EndpointHosts::default() };
    Ok(Profile { id: profile.id.clone(), endpoint_hosts, ..edited })
}

fn read_with(draft: &ProfileDraft, issuer: &IssuerUrl) -> Result<Profile, NotAProfile> {
    for (field, report) in
        [("client_id", client_id(&draft.client_id)), ("redirect_uris", redirect_uri(&draft.redirect_uri))]
    {
        if report.status == FieldStatus::Bad {
            return Err(NotAProfile { field, what: told(&report.message) });
        }
    }
    let name = match draft.name.trim() {
        "" => issuer.authority(),
        name => name,
    };
    let redirect_uris: Vec<_> = draft.redirect_uri.split_whitespace().map(str::to_owned).collect();
    let scopes = draft.scopes.trim();
    Profile::from_parts(&ProfileParts {
        name: people_text(name, 100),
        issuer: issuer.as_str().to_owned(),
        client_id: draft.client_id.clone(),
        scopes: (!scopes.is_empty()).then(|| scopes.to_owned()),
        redirect_uris: (!redirect_uris.is_empty()).then_some(redirect_uris),
        ..parts_of(&draft.options)?
    })
}

/// What an app wants, as the parts of a profile. What is empty is as it is by default.
fn parts_of(options: &ProfileOptions) -> Result<ProfileParts, NotAProfile> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let max_age = some(&options.max_age).map(|seconds| seconds.parse()).transpose();
    let out_of_range = |_| NotAProfile { field: "max_age", what: Wrong::OutOfRange(1, i32::MAX.unsigned_abs()) };
    Ok(ProfileParts {
        client_authentication: some(&options.client_authentication),
        dpop: options.dpop,
        response_mode: some(&options.response_mode),
        prompt: some(&options.prompt),
        acr_values: some(&options.acr_values),
        max_age: max_age.map_err(out_of_range)?,
        push: options.push,
        silent_first: options.silent_first,
        sign_in_with: some(&options.sign_in_with),
        groups_claim: some(&options.groups_claim),
        groups_from: some(&options.groups_from),
        further_audiences: options.further_audiences.lines().map(str::to_owned).collect(),
        ..ProfileParts::default()
    })
}

/// What a profile's app wants, as it stands in a form.
pub(crate) fn options(profile: &Profile) -> ProfileOptions {
    options_of(&profile.to_parts())
}

/// The same, of parts that nobody checked.
pub(crate) fn options_of(parts: &ProfileParts) -> ProfileOptions {
    let text = |text: &Option<String>| people_text(text.as_deref().unwrap_or_default(), 1_000);
    ProfileOptions {
        client_authentication: text(&parts.client_authentication),
        dpop: parts.dpop,
        response_mode: text(&parts.response_mode),
        prompt: text(&parts.prompt),
        acr_values: text(&parts.acr_values),
        max_age: parts.max_age.map(|age| age.to_string()).unwrap_or_default(),
        push: parts.push,
        silent_first: parts.silent_first,
        sign_in_with: text(&parts.sign_in_with),
        groups_claim: text(&parts.groups_claim),
        groups_from: text(&parts.groups_from),
        further_audiences: parts
            .further_audiences
            .iter()
            .map(|one| people_text(one, 1_000))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

async fn discover(read: &ReadIssuer, http: &HttpPolicy, now: Timestamp) -> Result<Capabilities, FieldReport> {
    let host = people_text(read.issuer.authority(), MAX_QUOTE);
    let (http, hosts) = (Http::new(http.clone()), EndpointHosts::default());
    match tokio::time::timeout(TIME_LIMIT, Provider::discover(&read.issuer, &hosts, &http, now)).await {
        Ok(Ok(provider)) => Ok(provider.capabilities()),
        Ok(Err(error)) => Err(undiscovered(&error, &host)),
        Err(_) => Err(bad(Finding::NoAnswer { host: &host })),
    }
}

fn found(read: &ReadIssuer, can: Capabilities) -> FieldReport {
    let found = Finding::Found { kind: can.kind, pkce: can.pkce_s256, device_sign_in: can.device_authorization };
    let mended = Finding::Mended { issuer: read.issuer.as_str(), repairs: &read.repairs };
    let (no_pkce, mended) = ((!can.pkce_s256).then_some(Finding::NoPkce), (!read.repairs.is_empty()).then_some(mended));
    let is_good = no_pkce.is_none() && mended.is_none();
    let all: Vec<_> = [Some(found), no_pkce, mended].into_iter().flatten().map(finding).collect();
    let status = if is_good { FieldStatus::Good } else { FieldStatus::Note };
    FieldReport { status, message: people_text(&all.join(" "), 500) }
}

fn undiscovered(error: &Error, host: &str) -> FieldReport {
    match error {
        Error::Unreachable { .. } => bad(Finding::Unreachable { host }),
        Error::Obstructed { by: Obstacle::WebPage, .. } => bad(Finding::WebPageInTheWay { host }),
        Error::Obstructed { by: Obstacle::Proxy | Obstacle::ProxySignIn, .. } => bad(Finding::ProxyFailed { host }),
        Error::Obstructed { by: Obstacle::Certificate, .. } => bad(Finding::CertificateNotTrusted { host }),
        Error::Busy { status, .. } => field(FieldStatus::Note, Finding::ServerBusy { host, status: *status }),
        Error::Refused { code, .. } if code == "E0000007" => bad(Finding::NoSuchServer),
        Error::Refused { code, .. } if code == "E0000015" => bad(Finding::NoCustomServers { host }),
        Error::Refused { code, status: 404, .. } => bad(Finding::NoServerThere { code: &people_text(code, 100) }),
        Error::Refused { code, .. } => bad(Finding::Refused { host, code: &people_text(code, 100) }),
        Error::Nonconforming { .. } => bad(Finding::NotAServer { host }),
        Error::Untrusted(Check::Issuer) => bad(Finding::OtherIssuer),
        Error::Untrusted(Check::Endpoint) => bad(Finding::ForeignEndpoint { host }),
        Error::Untrusted(_) => bad(Finding::NotTrusted { host }),
    }
}

fn client_id(text: &str) -> FieldReport {
    if text.trim().is_empty() {
        return nothing();
    }
    match okta::suspect_client_id(text) {
        ClientIdSuspicion::Plausible => good(),
        ClientIdSuspicion::AuthorizationServerId => bad(Finding::ClientIdIsServerId),
        ClientIdSuspicion::Url => bad(Finding::ClientIdIsUrl),
        ClientIdSuspicion::Placeholder => bad(Finding::ClientIdPlaceholder),
        ClientIdSuspicion::BadCharacters => bad(Finding::NotAClientId),
    }
}

fn redirect_uri(text: &str) -> FieldReport {
    let uris: Vec<_> = text.split_whitespace().collect();
    let reports = if uris.is_empty() {
        vec![one_redirect_uri(Profile::DEFAULT_REDIRECT_URI)]
    } else {
        uris.into_iter().map(one_redirect_uri).collect()
    };
    let bad = reports.iter().position(|report| report.status == FieldStatus::Bad);
    reports.into_iter().nth(bad.unwrap_or(0)).unwrap_or_else(nothing)
}

fn one_redirect_uri(text: &str) -> FieldReport {
    match RedirectUri::parse(text) {
        Ok(uri) => match uri.private_scheme() {
            // The bundle's Info.plist names the schemes there, and nothing else can.
            Some(scheme) if cfg!(target_os = "macos") && scheme != OUR_SCHEME => {
                bad(Finding::OtherScheme { ours: OUR_SCHEME })
            }
            // That Okta has it too cannot be seen from here, and the form says so beneath the field.
            _ => good(),
        },
        Err(wrong) => bad(Finding::NotARedirectUri(wrong)),
    }
}

/// A message as what is wrong with a field, which has no full stop.
fn told(message: &str) -> Wrong {
    Wrong::Told(message.trim_end_matches('.').to_owned())
}

fn nothing() -> FieldReport {
    FieldReport { status: FieldStatus::Unknown, message: String::new() }
}

fn good() -> FieldReport {
    FieldReport { status: FieldStatus::Good, message: String::new() }
}

fn bad(what: Finding<'_>) -> FieldReport {
    field(FieldStatus::Bad, what)
}

fn field(status: FieldStatus, what: Finding<'_>) -> FieldReport {
    FieldReport { status, message: finding(what) }
}

#[cfg(test)]
mod tests;
