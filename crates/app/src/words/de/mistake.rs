//! What is wrong with something that a person wrote, in German.

use gatepass_agent::{Mistake, Wrong, alternatives};
use gatepass_oidc::{NotARedirectUri, NotAnIssuer};

pub(in crate::words) fn mistake(mistake: &Mistake) -> String {
    let line = mistake.line.map(|line| format!("Zeile {line}: ")).unwrap_or_default();
    let key = mistake.key.map(|key| format!("{key}: ")).unwrap_or_default();
    format!("{line}{key}{}", wrong(&mistake.what))
}

pub(in crate::words) fn wrong(what: &Wrong) -> String {
    match what {
        Wrong::System(said) | Wrong::NotToml(said) | Wrong::Told(said) => said.clone(),
        Wrong::TooLarge => "die Datei ist zu groß".into(),
        Wrong::NotText => "kein Text in UTF-8".into(),
        Wrong::NewerVersion { stated, known } => {
            format!("{stated} ist von einem neueren Gatepass; dieses kennt {known}")
        }
        Wrong::OtherVersion { known } => format!("es muss {known} sein"),
        Wrong::Blank => {
            "die Datei ist leer oder fort; die Profile, die darin standen, gelten, bis Gatepass beendet wird".into()
        }
        Wrong::NoAnswer(seconds) => {
            format!("seit {seconds} Sekunden antwortet die Platte nicht; die Änderung kann noch kommen")
        }
        Wrong::BrokenOff => "das Schreiben misslang".into(),

        Wrong::NotTables => "jedes Profil ist eine Tabelle [[profile]]".into(),
        Wrong::NoPlace => "es lässt sich kein Profil anhängen; nehmen Sie Tabellen [[profile]]".into(),
        Wrong::IdTaken(id) => format!("die ID `{id}` hat schon ein anderes Profil"),
        Wrong::NotThere => "das Profil steht nicht mehr darin".into(),
        Wrong::ChangedMeanwhile => "sein Issuer oder seine Client ID wurde inzwischen in der Datei geändert".into(),
        Wrong::HasTables => "ein Profil mit eigenen Tabellen lässt sich nur von Hand verschieben".into(),

        Wrong::Missing => "fehlt".into(),
        Wrong::NoString => "es muss ein Text in Anführungszeichen sein".into(),
        Wrong::NoStrings => "es muss eine Liste von Texten in Anführungszeichen sein".into(),
        Wrong::NoBoolean => "es muss true oder false sein".into(),
        Wrong::NoneOf(names) => format!("es muss {} sein", alternatives(names, "oder")),
        Wrong::OutOfRange(least, most) => format!("es muss 0 oder eine Zahl von {least} bis {most} sein"),
        Wrong::TooLong => "es ist zu lang".into(),
        Wrong::NotOneLine => "es muss eine Zeile ohne Steuerzeichen sein".into(),

        Wrong::NoId => "1 bis 64 Zeichen aus a-z, 0-9 und -".into(),
        Wrong::NameLength => "1 bis 100 Zeichen".into(),
        Wrong::NoClientId => "höchstens 256 sichtbare Zeichen ohne Leerzeichen".into(),
        Wrong::Issuer(wrong) => issuer(wrong).into(),
        Wrong::Scope(word) => format!("`{word}` ist kein Scope"),
        Wrong::NoOpenid => "`openid` fehlt, ohne das niemand genannt wird".into(),
        Wrong::NoRedirectUri => "mindestens eine wird gebraucht".into(),
        Wrong::RedirectUri { uri, why } => format!("`{uri}`: {}", redirect_uri(*why)),
        Wrong::Host(host) => format!("`{host}` ist kein Hostname in Kleinbuchstaben"),

        Wrong::AcrValue(value) => format!("`{value}` ist kein Name einer Authentication Context Class"),
        Wrong::FormNotOnLoopback => "form_post braucht Redirect URIs auf Loopback".into(),
        Wrong::SilentAndPrompt => {
            "es verträgt sich nicht mit prompt oder max_age = 0, die in jedem Fall eine Seite zeigen".into()
        }
        Wrong::ItsOwnId => "es muss die ID eines anderen Profils sein".into(),
        Wrong::ApiNotOfCustomServer => {
            "Oktas API nimmt nur Tokens des Org Authorization Server, und dieser Issuer ist ein Custom Authorization Server"
                .into()
        }
        Wrong::ApiScopeMissing(scope) => format!("Oktas API braucht `{scope}` unter den Scopes"),
        Wrong::NoAudience(text) => {
            format!("`{text}` besteht nicht aus Issuer, Audience und mindestens einem Scope, durch Leerzeichen getrennt")
        }
        Wrong::AudienceElsewhere(issuer) => {
            format!("`{issuer}` ist kein anderer Custom Authorization Server auf dem Host dieses Profils")
        }
        Wrong::AudienceScope(scope) => format!("`{scope}` gilt nicht für ein Token, das man im Tausch bekommt"),
        Wrong::AudienceTwice(audience) => format!("`{audience}` steht zweimal da"),
        Wrong::NoClaim => "1 bis 100 Zeichen in einer Zeile".into(),

        Wrong::NoProgram => "es beginnt mit keinem Programm".into(),
        Wrong::OpenQuote => "ein Anführungszeichen darin ist nicht geschlossen".into(),
        Wrong::NoProgramName => "hier ist es ein Name wie firefox; ein Pfad oder Argumente werden von Hand in \
             settings.toml geschrieben"
            .into(),
    }
}

fn issuer(wrong: &NotAnIssuer) -> &'static str {
    match wrong {
        NotAnIssuer::NotAUrl => "keine vollständige Adresse in ihrer üblichen Schreibweise",
        NotAnIssuer::NotHttps => "nicht https",
        NotAnIssuer::Decorated => "ein Issuer hat weder ?, # noch Benutzer und keinen Schrägstrich am Ende",
    }
}

fn redirect_uri(wrong: NotARedirectUri) -> &'static str {
    match wrong {
        NotARedirectUri::NotAUri => "keine vollständige Adresse",
        NotARedirectUri::Decorated => "eine Redirect URI hat weder ?, # noch Benutzer",
        NotARedirectUri::NotLoopback => "http ist nur für Loopback-Hosts",
        NotARedirectUri::Https => "ein https-Redirect erreicht keine Desktop-App",
        NotARedirectUri::NoPort => "eine Redirect URI auf Loopback nennt ihren Port",
        NotARedirectUri::SchemeWithoutDot => "ein privates Schema ist eine umgekehrte Domain",
    }
}
