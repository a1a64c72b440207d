//! What is right and wrong about a profile before there is one, in German.

use gatepass_oidc::NotARedirectUri;
use gatepass_oidc::okta::{Repair, ServerKind, UnreadableIssuer};

use crate::words::draft::Finding;

pub(in crate::words) fn finding(of: Finding<'_>) -> String {
    match of {
        Finding::NotWhole => "Tippen oder fügen Sie die ganze Adresse ein, ab https://.".into(),
        Finding::Unreadable(wrong) => unreadable(wrong).into(),

        Finding::Found { kind, pkce, device_sign_in } => {
            let kind = match kind {
                ServerKind::Org => "der Org Authorization Server",
                ServerKind::Custom => "ein Custom Authorization Server",
            };
            let (pkce, device) = (pkce.then_some("PKCE"), device_sign_in.then_some("Anmeldung per Gerät"));
            let all: Vec<_> = [Some(kind), pkce, device].into_iter().flatten().collect();
            format!("Gefunden: {}.", all.join(", "))
        }
        Finding::NoPkce => "Er sagt nicht, dass er PKCE unterstützt, das Gatepass immer benutzt.".into(),
        Finding::Mended { issuer, repairs } => {
            let repairs: Vec<_> = repairs.iter().map(|repair| mended(*repair)).collect();
            format!("Der Issuer ist {issuer}: {}.", repairs.join(", "))
        }
        Finding::CertificateNotTrusted { host } => {
            format!("Das Zertifikat von {host} ist von keiner Stelle, der dieses System traut.")
        }
        Finding::ForeignEndpoint { host } => {
            format!("Seine Metadaten nennen Adressen, die nicht https auf {host} sind.")
        }
        Finding::NoAnswer { host } => format!("{host} antwortet nicht. Sehen Sie nach Adresse und Netzwerk."),
        Finding::NoCustomServers { host } => format!(
            "Diese Organisation hat keine Custom Authorization Server. Nehmen Sie ihren Org Authorization Server: \
             https://{host}."
        ),
        Finding::NoServerThere { code } => format!("Dort gibt es keinen Authorization Server ({code})."),
        Finding::NoSuchServer => {
            "Okta kennt dort keinen Authorization Server: Seine ID stimmt nicht, oder er wurde deaktiviert.".into()
        }
        Finding::NotAServer { host } => format!("Was bei {host} antwortet, ist kein Authorization Server von Okta."),
        Finding::NotTrusted { host } => format!("Der Antwort von {host} ist nicht zu trauen."),
        Finding::OtherIssuer => "Der Server dort nennt einen anderen Issuer. Kopieren Sie den Issuer aus seinen \
             Metadaten, oder fragen Sie Ihren Admin, ob die eigene Domain oder die von okta.com gemeint ist."
            .into(),
        Finding::ProxyFailed { host } => format!("Der Proxy lässt keine Anfrage zu {host} durch."),
        Finding::Refused { host, code } => format!("{host} hat abgelehnt: {code}."),
        Finding::ServerBusy { host, status } => {
            format!("{host} ist gestört (HTTP-Status {status}). Versuchen Sie es nach einer Weile noch einmal.")
        }
        Finding::Unreachable { host } => format!("{host} ist nicht zu erreichen. Sehen Sie nach Adresse und Netzwerk."),
        Finding::WebPageInTheWay { host } => format!(
            "Bei {host} antwortet eine Webseite: Es ist kein Authorization Server von Okta, oder Sie sollen sich zuerst \
             bei diesem Netzwerk anmelden."
        ),

        Finding::ClientIdIsServerId => {
            "Das ist die ID eines Authorization Servers (aus…). Die Client ID der App beginnt mit 0oa.".into()
        }
        Finding::ClientIdIsUrl => "Das ist eine Adresse. Die Client ID ist ein Wort wie 0oa9x2c71kQ…".into(),
        Finding::ClientIdPlaceholder => {
            "Hier blieb ein Platzhalter stehen. Setzen Sie die Client ID der App an seine Stelle.".into()
        }
        Finding::NotAClientId => "Keine Client ID hat diese Zeichen oder diese Länge.".into(),

        Finding::NotARedirectUri(wrong) => not_a_redirect_uri(&wrong).into(),
        Finding::OtherScheme { ours } => format!("Von den privaten Schemata erreicht nur {ours}:/… Gatepass."),
    }
}

fn mended(repair: Repair) -> &'static str {
    match repair {
        Repair::SchemeAdded => "https:// fehlte",
        Repair::AdminHost => "„-admin“ ist der Host der Konsole",
        Repair::TrailingSlash => "am Ende steht kein Schrägstrich",
        Repair::MetadataAddress => "was Sie eingefügt haben, ist die Adresse seiner Metadaten",
        Repair::EndpointAddress => "was Sie eingefügt haben, ist einer seiner Endpunkte",
        Repair::Decoration => "er hat weder Benutzer noch ? oder #",
    }
}

fn unreadable(wrong: &UnreadableIssuer) -> &'static str {
    match wrong {
        UnreadableIssuer::Empty => "Der Issuer fehlt.",
        UnreadableIssuer::Placeholder => {
            "Hier blieb ein Platzhalter stehen. Setzen Sie die Adresse Ihrer Organisation an seine Stelle."
        }
        UnreadableIssuer::IsClientId => "Das ist eine Client ID. Sie gehört in das Feld dafür.",
        UnreadableIssuer::ClientIdInPath => {
            "Eine Client ID (0oa…) steht, wo die ID des Authorization Servers (aus… oder default) hingehört."
        }
        UnreadableIssuer::Http => "Ein Issuer beginnt mit https://; http würde Tokens unverschlüsselt schicken.",
        UnreadableIssuer::NotAnIssuer(_) => {
            "Das ist kein Issuer. Er sieht aus wie https://acme.okta.com/oauth2/default."
        }
    }
}

fn not_a_redirect_uri(wrong: &NotARedirectUri) -> &'static str {
    match wrong {
        NotARedirectUri::NotAUri => "Das ist keine Adresse. Sie sieht aus wie http://localhost:27097/redirect.",
        NotARedirectUri::Decorated => "Eine Redirect URI hat hier weder ?, # noch Benutzer.",
        NotARedirectUri::NotLoopback => "http erreicht diesen Computer nur unter localhost, 127.0.0.1 oder [::1].",
        NotARedirectUri::Https => {
            "Eine Desktop-App kann keinen https-Redirect empfangen. Nehmen Sie http://localhost und einen Port."
        }
        NotARedirectUri::NoPort => "Der Port fehlt: Okta vergleicht ihn, darum muss er feststehen.",
        NotARedirectUri::SchemeWithoutDot => "Ein Schema ohne Punkt kann jedem gehören.",
    }
}
