//! The words for what is right and wrong about a profile before there is one.

use gatepass_oidc::NotARedirectUri;
use gatepass_oidc::okta::{Repair, ServerKind, UnreadableIssuer};
use gatepass_wire::Language;

use super::{de, en};
use crate::language::spoken;

/// Something about a field of a form.
#[derive(Clone, Copy)]
pub(crate) enum Finding<'a> {
    // The issuer, from its text.
    NotWhole,
    Unreadable(&'a UnreadableIssuer),

    // The issuer, from what answers there.
    Found {
        kind: ServerKind,
        pkce: bool,
        device_sign_in: bool,
    },
    NoPkce,
    /// At least one repair.
    Mended {
        issuer: &'a str,
        repairs: &'a [Repair],
    },
    CertificateNotTrusted {
        host: &'a str,
    },
    ForeignEndpoint {
        host: &'a str,
    },
    NoAnswer {
        host: &'a str,
    },
    NoCustomServers {
        host: &'a str,
    },
    NoServerThere {
        code: &'a str,
    },
    NoSuchServer,
    NotAServer {
        host: &'a str,
    },
    NotTrusted {
        host: &'a str,
    },
    OtherIssuer,
    ProxyFailed {
        host: &'a str,
    },
    Refused {
        host: &'a str,
        code: &'a str,
    },
    ServerBusy {
        host: &'a str,
        status: u16,
    },
    Unreachable {
        host: &'a str,
    },
    WebPageInTheWay {
        host: &'a str,
    },

    // The client ID.
    ClientIdIsServerId,
    ClientIdIsUrl,
    ClientIdPlaceholder,
    NotAClientId,

    // The redirect URI.
    NotARedirectUri(NotARedirectUri),
    /// The private scheme is not `ours`.
    OtherScheme {
        ours: &'a str,
    },
}

/// In a sentence or two.
pub(crate) fn finding(of: Finding<'_>) -> String {
    match spoken() {
        Language::English => en::draft::finding(of),
        Language::German => de::draft::finding(of),
    }
}
