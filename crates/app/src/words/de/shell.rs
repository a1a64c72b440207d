//! Tray, notices, and a window that finds no resident, in German.

use gatepass_wire::CopiedThing;

use crate::words::shell::{NoResident, Noticed, ShellWords, States};
use crate::words::{Texts, told};

pub(in crate::words) static WORDS: ShellWords = ShellWords {
    open: "Gatepass öffnen",
    quit: "Beenden",
    sign_in: "Neu anmelden",
    sign_in_with_okta: "Mit Okta anmelden…",
    cancel_sign_in: "Anmeldung abbrechen",
    sign_out: "Abmelden",
    refresh: "Jetzt erneuern",
    copy_access_token: "Access Token kopieren",
    copy_redirect_uri: "Redirect-Adresse kopieren",

    states: States {
        signing_in: "Anmeldung läuft…",
        signed_in: "angemeldet",
        renewing: "wird erneuert",
        offline: "offline",
        blocked: "blockiert",
        sign_in_needed: "Anmeldung nötig",
        signed_out: "abgemeldet",
        reading: "Schlüsselbund wird gelesen…",
        ended: "beendet",
    },
    until_quit: "bis zum Beenden",
    another_until_quit: "; ein anderes ist bis zum Beenden angemeldet",
    token_ended: ", das Access Token ist abgelaufen",
    left: |span| format!("noch {span}"),
    and_more: |name, more| match more {
        1 => format!("{name} und ein weiteres"),
        more => format!("{name} und {more} weitere"),
    },
    under_a_minute: "unter 1 min",

    copied: |what| match what {
        CopiedThing::AccessToken => "Access Token kopiert",
        CopiedThing::AuthorizationHeader => "Authorization-Header kopiert",
        CopiedThing::Curl => "curl-Zeile kopiert",
        CopiedThing::Export => "export-Zeile kopiert",
        CopiedThing::Json => "Access Token als JSON kopiert",
        CopiedThing::IdToken => "ID Token kopiert",
        CopiedThing::Groups => "Gruppen kopiert",
        CopiedThing::ExchangedToken => "Access Token für eine andere Audience kopiert",
        CopiedThing::Group => "Gruppe kopiert",
        CopiedThing::GroupId => "Gruppen-ID kopiert",
        CopiedThing::SignInLink => "Anmelde-Link kopiert",
        CopiedThing::RedirectUri => "Redirect-Adresse kopiert",
        CopiedThing::ProfileLink | CopiedThing::ProfileText => "Profil kopiert",
        CopiedThing::PublicKey => "Öffentlicher Schlüssel kopiert",
        CopiedThing::Code => "Code kopiert",
        CopiedThing::AdminNote => "Notiz kopiert",
        CopiedThing::Diagnostics | CopiedThing::Place => "Kopiert",
    },
    valid_for: |span| format!("Noch {span} gültig."),
    cleared_in: |seconds| format!("Die Zwischenablage wird in {seconds} s geleert."),
};

pub(in crate::words) fn notice(of: Noticed<'_>) -> Texts {
    match of {
        Noticed::Blocked => told(
            "Die Erneuerung ist blockiert",
            "Okta lehnt es ab, die Sitzung zu erneuern, bis ein Admin handelt.",
            "Öffnen Sie Gatepass, um zu sehen, worum Sie bitten müssen.",
        ),
        Noticed::EndsSoon => told(
            "Bald neu anmelden",
            "Die Sitzung endet innerhalb eines Tages, und Okta lässt das durch keine Erneuerung hinausschieben.",
            "Öffnen Sie Gatepass, um sich neu anzumelden.",
        ),
        Noticed::OtherPerson => told(
            "Jemand anderes hat sich angemeldet",
            "Es ändert sich nichts, bis Sie in Gatepass sagen, welche Sitzung Sie behalten.",
            "",
        ),
        Noticed::SignInNeeded { because } => told("Neu anmelden", because, "Öffnen Sie Gatepass, um sich anzumelden."),
    }
}

pub(in crate::words) fn no_resident(why: NoResident<'_>) -> Texts {
    const GOES_ON: &str = "Gatepass versucht es von selbst wieder";
    match why {
        NoResident::NotStarted(reason) => told(
            "Gatepass startet nicht",
            format!("Ihr System startet das Programm nicht: {reason}."),
            format!("{GOES_ON}. Bleibt es dabei, installieren Sie Gatepass neu."),
        ),
        NoResident::FolderNotUsable(words) => told(
            "Gatepass kann nicht in seinen Ordner schreiben",
            format!("Der Grund: {words}."),
            format!("Sorgen Sie dafür, dass Sie dort schreiben können. {GOES_ON}."),
        ),
        NoResident::Ended(words) => told(
            "Gatepass startet nicht",
            format!("Der Teil, der Ihre Sitzungen hält, endete mit diesen Worten: {words}."),
            format!(
                "{GOES_ON}. Bleibt es dabei, beheben Sie das, oder schließen Sie dieses Fenster und starten Sie Gatepass neu."
            ),
        ),
        NoResident::EndedWordless { status, log } => told(
            "Gatepass startet nicht",
            format!("Der Teil, der Ihre Sitzungen hält, endete ohne ein Wort ({status})."),
            format!("{GOES_ON}. Sein Protokoll sagt vielleicht mehr: {log}"),
        ),
        NoResident::Silent => told(
            "Gatepass antwortet nicht",
            "Der Teil, der Ihre Sitzungen hält, läuft und antwortet diesem Fenster nicht.",
            format!(
                "{GOES_ON}. Bleibt es dabei, beenden Sie jedes gatepass-desktop in der Programmliste Ihres Systems und \
                 starten Sie Gatepass neu."
            ),
        ),
        NoResident::NotReached => told(
            "Gatepass hat nicht geantwortet",
            "Der Teil von Gatepass, der Ihre Sitzungen hält, ist stehen geblieben oder beschäftigt.",
            "Er startet von selbst neu; versuchen Sie es gleich noch einmal.",
        ),
        NoResident::Broken(reason) => told(
            "Gatepass ist nicht zu erreichen",
            format!("Mit dem Teil, der Ihre Sitzungen hält, ist nicht zu sprechen: {reason}."),
            format!("{GOES_ON}."),
        ),
        NoResident::Older { theirs, ours } => told(
            "Gatepass wurde aktualisiert",
            format!(
                "Im Hintergrund läuft noch das alte Gatepass: Es spricht Version {theirs} der Sprache zwischen seinen \
                 Teilen, und dieses Fenster Version {ours}."
            ),
            "Beenden Sie das alte; das neue startet von selbst und übernimmt.",
        ),
        NoResident::Newer { theirs, ours } => told(
            "Dieses Fenster ist von einem älteren Gatepass",
            format!(
                "Das Gatepass im Hintergrund spricht Version {theirs} der Sprache zwischen seinen Teilen, und dieses \
                 Fenster Version {ours}."
            ),
            "Schließen Sie dieses Fenster und öffnen Sie Gatepass neu.",
        ),
    }
}
