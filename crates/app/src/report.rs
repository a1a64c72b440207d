//! What is right and wrong about a profile before there is one, field by field, in words; and the profile made of it.
//!
//! Looking at a draft sends nothing but a request for the issuer's public metadata: no client ID leaves before the
//! person has seen whose host it would go to.

use std::time::Duration;

use gatepass_agent::{NotAProfile, Profile, ProfileParts};
use gatepass_oidc::okta::{ClientIdSuspicion, ReadIssuer, Repair, ServerKind, UnreadableIssuer};
use gatepass_oidc::{
    Capabilities, Check, EndpointHosts, Error, Http, HttpPolicy, IssuerUrl, NotARedirectUri, Obstacle, Provider,
    RedirectUri, Timestamp, okta,
};
use gatepass_wire::{FieldReport, FieldStatus, ProfileDraft, ProfileReport};

use crate::text::{MAX_QUOTE, people_text};

/// The private-use scheme that reaches us (RFC 8252 section 7.1): the system hands us no other.
const OUR_SCHEME: &str = "dev.gatepass.desktop";
/// Time for the whole discovery, the person waiting.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// Looks at a draft. Discovers where a whole address stands in the issuer's field.
pub(crate) async fn report(draft: &ProfileDraft, http: &HttpPolicy, now: Timestamp) -> ProfileReport {
    let (issuer, found) = match okta::read_issuer(&draft.issuer) {
        Err(UnreadableIssuer::Empty) => (nothing(), None),
        Err(wrong) => (bad(unreadable(&wrong)), None),
        // What is typed so far may be the name of somebody else's host.
        Ok(read) if read.repairs.contains(&Repair::SchemeAdded) => {
            (field(FieldStatus::Unknown, "Type or paste the whole address, from https:// on."), None)
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
        .map_err(|wrong| NotAProfile { field: "issuer", reason: reason(unreadable(&wrong)) })?
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
            return Err(NotAProfile { field, reason: reason(&report.message) });
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
        ..ProfileParts::default()
    })
}

async fn discover(read: &ReadIssuer, http: &HttpPolicy, now: Timestamp) -> Result<Capabilities, FieldReport> {
    let host = people_text(read.issuer.authority(), MAX_QUOTE);
    let (http, hosts) = (Http::new(http.clone()), EndpointHosts::default());
    match tokio::time::timeout(TIME_LIMIT, Provider::discover(&read.issuer, &hosts, &http, now)).await {
        Ok(Ok(provider)) => Ok(provider.capabilities()),
        Ok(Err(error)) => Err(undiscovered(&error, &host)),
        Err(_) => Err(bad(format!("{host} does not answer. Look at the address and the network."))),
    }
}

fn found(read: &ReadIssuer, can: Capabilities) -> FieldReport {
    let mut what = vec![match can.kind {
        ServerKind::Org => "the org’s own authorization server",
        ServerKind::Custom => "custom authorization server",
    }];
    if can.pkce_s256 {
        what.push("PKCE");
    }
    if can.device_authorization {
        what.push("device sign-in");
    }
    let mut message = format!("Found: {}.", what.join(", "));
    let mut status = FieldStatus::Good;
    if !can.pkce_s256 {
        status = FieldStatus::Note;
        message.push_str(" It does not say that it supports PKCE, which Gatepass always uses.");
    }
    if !read.repairs.is_empty() {
        status = FieldStatus::Note;
        let repairs: Vec<_> = read.repairs.iter().map(|repair| mended(*repair)).collect();
        message.push_str(&format!(" The issuer is {}: {}.", read.issuer, repairs.join(", ")));
    }
    field(status, people_text(&message, 500))
}

fn mended(repair: Repair) -> &'static str {
    match repair {
        Repair::SchemeAdded => "https:// was missing",
        Repair::AdminHost => "“-admin” is the console’s host",
        Repair::TrailingSlash => "it has no slash at the end",
        Repair::MetadataAddress => "what you pasted is its metadata address",
        Repair::EndpointAddress => "what you pasted is one of its endpoints",
        Repair::Decoration => "it has no user, ? or #",
    }
}

fn unreadable(wrong: &UnreadableIssuer) -> &'static str {
    match wrong {
        UnreadableIssuer::Empty => "The issuer is missing.",
        UnreadableIssuer::Placeholder => "A placeholder was left in. Put your org’s own address in its place.",
        UnreadableIssuer::IsClientId => "This is a client ID. It belongs into the field for it.",
        UnreadableIssuer::ClientIdInPath => {
            "A client ID (0oa…) stands where the authorization server’s ID (aus… or default) belongs."
        }
        UnreadableIssuer::Http => "An issuer begins with https://; http would send tokens in the clear.",
        UnreadableIssuer::NotAnIssuer(_) => "This is no issuer. It looks like https://acme.okta.com/oauth2/default.",
    }
}

fn undiscovered(error: &Error, host: &str) -> FieldReport {
    match error {
        Error::Unreachable { .. } => bad(format!("{host} cannot be reached. Look at the address and the network.")),
        Error::Obstructed { by: Obstacle::WebPage, .. } => bad(format!(
            "A web page answers at {host}: it is not an authorization server of Okta, or this network wants you to \
             sign in to it first."
        )),
        Error::Obstructed { by: Obstacle::Proxy | Obstacle::ProxySignIn, .. } => {
            bad(format!("The proxy does not let a request to {host} through."))
        }
        Error::Obstructed { by: Obstacle::Certificate, .. } => {
            bad(format!("The certificate of {host} is not of an authority that this system trusts."))
        }
        Error::Busy { status, .. } => {
            field(FieldStatus::Note, format!("{host} has trouble (HTTP status {status}). Try again in a while."))
        }
        Error::Refused { code, .. } if code == "E0000007" => {
            bad("Okta knows no authorization server there: its ID is wrong, or it was deactivated.")
        }
        Error::Refused { code, .. } if code == "E0000015" => {
            bad(format!("This org has no custom authorization servers. Use its own: https://{host}."))
        }
        Error::Refused { code, status: 404, .. } => {
            bad(format!("There is no authorization server there ({}).", people_text(code, 100)))
        }
        Error::Refused { code, .. } => bad(format!("{host} refused: {}.", people_text(code, 100))),
        Error::Nonconforming { .. } => bad(format!("What answers at {host} is not an authorization server of Okta.")),
        Error::Untrusted(Check::Issuer) => bad(
            "The server there names another issuer. Copy the issuer from its metadata, or ask your admin whether the \
             custom domain or the okta.com one is meant.",
        ),
        Error::Untrusted(Check::Endpoint) => bad(format!("Its metadata names addresses that are not https on {host}.")),
        Error::Untrusted(_) => bad(format!("The answer of {host} cannot be trusted.")),
    }
}

fn client_id(text: &str) -> FieldReport {
    if text.trim().is_empty() {
        return nothing();
    }
    match okta::suspect_client_id(text) {
        ClientIdSuspicion::Plausible => field(FieldStatus::Good, ""),
        ClientIdSuspicion::AuthorizationServerId => {
            bad("This is an authorization server’s ID (aus…). The app’s client ID begins with 0oa.")
        }
        ClientIdSuspicion::Url => bad("This is an address. The client ID is a word like 0oa9x2c71kQ…"),
        ClientIdSuspicion::Placeholder => bad("A placeholder was left in. Put the app’s client ID in its place."),
        ClientIdSuspicion::BadCharacters => bad("No client ID has these characters or this length."),
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
            Some(scheme) if scheme != OUR_SCHEME => {
                bad(format!("Of the private schemes only {OUR_SCHEME}:/… reaches Gatepass."))
            }
            // That Okta has it too cannot be seen from here, and the form says so beneath the field.
            _ => field(FieldStatus::Good, ""),
        },
        Err(wrong) => bad(match wrong {
            NotARedirectUri::NotAUri => "This is no address. It looks like http://localhost:27097/redirect.",
            NotARedirectUri::Decorated => "A redirect URI here has no ?, # or user.",
            NotARedirectUri::NotLoopback => "http reaches this machine only at localhost, 127.0.0.1 or [::1].",
            NotARedirectUri::Https => {
                "A desktop app cannot receive an https redirect. Use http://localhost and a port."
            }
            NotARedirectUri::NoPort => "The port is missing: Okta compares it, so it must be fixed.",
            NotARedirectUri::SchemeWithoutDot => "A scheme without a dot can belong to anyone.",
        }),
    }
}

/// A message as the reason of a [`NotAProfile`], which has no full stop.
fn reason(message: &str) -> String {
    message.trim_end_matches('.').to_owned()
}

fn nothing() -> FieldReport {
    field(FieldStatus::Unknown, "")
}

fn bad(message: impl Into<String>) -> FieldReport {
    field(FieldStatus::Bad, message)
}

fn field(status: FieldStatus, message: impl Into<String>) -> FieldReport {
    FieldReport { status, message: message.into() }
}

#[cfg(test)]
mod tests;
