//! What is right and wrong about a profile before there is one, in English.

use gatepass_oidc::NotARedirectUri;
use gatepass_oidc::okta::{Repair, ServerKind, UnreadableIssuer};

use crate::words::draft::Finding;

pub(in crate::words) fn finding(of: Finding<'_>) -> String {
    match of {
        Finding::NotWhole => "Type or paste the whole address, from https:// on.".into(),
        Finding::Unreadable(wrong) => unreadable(wrong).into(),

        Finding::Found { kind, pkce, device_sign_in } => {
            let kind = match kind {
                ServerKind::Org => "the org’s own authorization server",
                ServerKind::Custom => "custom authorization server",
            };
            let (pkce, device) = (pkce.then_some("PKCE"), device_sign_in.then_some("device sign-in"));
            let all: Vec<_> = [Some(kind), pkce, device].into_iter().flatten().collect();
            format!("Found: {}.", all.join(", "))
        }
        Finding::NoPkce => "It does not say that it supports PKCE, which Gatepass always uses.".into(),
        Finding::Mended { issuer, repairs } => {
            let repairs: Vec<_> = repairs.iter().map(|repair| mended(*repair)).collect();
            format!("The issuer is {issuer}: {}.", repairs.join(", "))
        }
        Finding::CertificateNotTrusted { host } => {
            format!("The certificate of {host} is not of an authority that this system trusts.")
        }
        Finding::ForeignEndpoint { host } => format!("Its metadata names addresses that are not https on {host}."),
        Finding::NoAnswer { host } => format!("{host} does not answer. Look at the address and the network."),
        Finding::NoCustomServers { host } => {
            format!("This org has no custom authorization servers. Use its own: https://{host}.")
        }
        Finding::NoServerThere { code } => format!("There is no authorization server there ({code})."),
        Finding::NoSuchServer => {
            "Okta knows no authorization server there: its ID is wrong, or it was deactivated.".into()
        }
        Finding::NotAServer { host } => format!("What answers at {host} is not an authorization server of Okta."),
        Finding::NotTrusted { host } => format!("The answer of {host} cannot be trusted."),
        Finding::OtherIssuer => {
            "The server there names another issuer. Copy the issuer from its metadata, or ask your \
             admin whether the custom domain or the okta.com one is meant."
                .into()
        }
        Finding::ProxyFailed { host } => format!("The proxy does not let a request to {host} through."),
        Finding::Refused { host, code } => format!("{host} refused: {code}."),
        Finding::ServerBusy { host, status } => {
            format!("{host} has trouble (HTTP status {status}). Try again in a while.")
        }
        Finding::Unreachable { host } => format!("{host} cannot be reached. Look at the address and the network."),
        Finding::WebPageInTheWay { host } => format!(
            "A web page answers at {host}: it is not an authorization server of Okta, or this network wants you to \
             sign in to it first."
        ),

        Finding::ClientIdIsServerId => {
            "This is an authorization server’s ID (aus…). The app’s client ID begins with 0oa.".into()
        }
        Finding::ClientIdIsUrl => "This is an address. The client ID is a word like 0oa9x2c71kQ…".into(),
        Finding::ClientIdPlaceholder => "A placeholder was left in. Put the app’s client ID in its place.".into(),
        Finding::NotAClientId => "No client ID has these characters or this length.".into(),

        Finding::NotARedirectUri(wrong) => not_a_redirect_uri(&wrong).into(),
        Finding::OtherScheme { ours } => format!("Of the private schemes only {ours}:/… reaches Gatepass."),
    }
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

fn not_a_redirect_uri(wrong: &NotARedirectUri) -> &'static str {
    match wrong {
        NotARedirectUri::NotAUri => "This is no address. It looks like http://localhost:27097/redirect.",
        NotARedirectUri::Decorated => "A redirect URI here has no ?, # or user.",
        NotARedirectUri::NotLoopback => "http reaches this machine only at localhost, 127.0.0.1 or [::1].",
        NotARedirectUri::Https => "A desktop app cannot receive an https redirect. Use http://localhost and a port.",
        NotARedirectUri::NoPort => "The port is missing: Okta compares it, so it must be fixed.",
        NotARedirectUri::SchemeWithoutDot => "A scheme without a dot can belong to anyone.",
    }
}
