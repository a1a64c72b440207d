//! Problems in German.

use gatepass_agent::VaultError;

use super::refusal;
use crate::words::{Matter, NotAnImport, Texts, told};

pub(in crate::words) fn texts_of(matter: Matter<'_>, path: &str) -> Texts {
    const NOT_TRUSTED: &str = "Der Antwort ist nicht zu trauen";
    match matter {
        Matter::BrowserFailed => told(
            "Es ließ sich kein Browser öffnen",
            "Dieses System hat für die Anmeldeseite keinen Browser geöffnet.",
            "Kopieren Sie den Link und öffnen Sie ihn in einem Browser auf diesem Computer, oder legen Sie einen \
             Standardbrowser fest.",
        ),
        Matter::ClipboardFailed => told(
            "Es wurde nichts kopiert",
            "Dieses System lässt Gatepass nicht in die Zwischenablage schreiben.",
            "Versuchen Sie es noch einmal; auf einem Desktop ohne Verwaltung der Zwischenablage hält vielleicht ein anderes \
             Programm sie fest.",
        ),
        Matter::ListenerFailed => told(
            "Die Redirect-Adresse war nicht zu öffnen",
            "Dieses System lässt Gatepass nicht auf die Antwort des Browsers warten.",
            "Sehen Sie nach, ob eine Firewall oder Sandbox verbietet, auf der Loopback-Adresse zu lauschen, und versuchen Sie \
             es dann noch einmal.",
        ),
        Matter::CodeExpired => told(
            "Der Code ist abgelaufen",
            "Niemand hat ihn rechtzeitig eingegeben.",
            "Beginnen Sie neu, um einen anderen zu bekommen.",
        ),
        Matter::NoBoundKey => told(
            "Der Schlüssel dieser Sitzung ist fort",
            "Ihre Tokens sind an einen Schlüssel dieses Computers gebunden (DPoP), und der Schlüsselbund hat ihn nicht mehr.",
            "Melden Sie sich neu an; die neue Sitzung bekommt einen eigenen Schlüssel.",
        ),
        Matter::NoClientKey => told(
            "Zuerst wird ein Schlüssel gebraucht",
            "Dieses Profil weist sich mit einem Schlüsselpaar aus (private_key_jwt), und es gibt noch keines.",
            "Erzeugen Sie unter Client-Authentifizierung einen, und geben Sie die öffentliche Hälfte Ihrem Okta-Admin.",
        ),
        Matter::NoClientSecret => told(
            "Zuerst wird das Client Secret gebraucht",
            "Dieses Profil weist sich mit einem Client Secret aus, und im Schlüsselbund ist keines.",
            "Kopieren Sie es in Oktas Konsole (Applications → Applications → (Ihre App) → General → Client Credentials), \
             und übernehmen Sie es unter Client-Authentifizierung aus der Zwischenablage.",
        ),
        Matter::ExchangeRefused => told(
            "Okta tauscht das Token nicht ein",
            "Access Tokens für eine andere Audience tauscht es nur für Service-Apps ein, und nur wo der andere Authorization \
             Server diesem vertraut.",
            format!(
                "Legen Sie für den anderen Authorization Server ein eigenes Profil an, und melden Sie sich dort an; der Browser \
                 fragt dabei vielleicht nichts. Wem ein Server vertraut, steht unter {path}."
            ),
        ),
        Matter::NoApiTokenOnClipboard => told(
            "In der Zwischenablage ist kein API-Token",
            "Oktas API-Tokens beginnen mit 00 und sind ein Wort von mindestens 32 Zeichen. Was dort steht, blieb unberührt.",
            "Okta zeigt ein API-Token nur einmal, wenn es erstellt wird: Kopieren Sie es dort, und übernehmen Sie es dann.",
        ),
        Matter::NoApiTokenWanted => told(
            "Dieses Profil braucht kein API-Token",
            "Es sucht Gruppen nicht mit dem Token eines Admins.",
            "Ein Gruppen-Claim ist der bessere Weg.",
        ),
        Matter::NoSecretOnClipboard => told(
            "In der Zwischenablage ist kein Client Secret",
            "Ein Secret ist ein Wort von 32 bis 128 Buchstaben, Ziffern, - und _. Was dort steht, blieb unberührt.",
            "Kopieren Sie es in Oktas Konsole noch einmal, und übernehmen Sie es dann.",
        ),
        Matter::NoSecretWanted => told(
            "Dieses Profil braucht kein Client Secret",
            "Seine Client-Authentifizierung geht nicht über ein Secret.",
            "Ändern Sie das zuerst, wenn Okta bei der App ein Secret zeigt.",
        ),
        Matter::OktaSessionStays { host } => told(
            "Okta kennt Sie im Browser noch",
            "Gatepass hat Sie abgemeldet und lässt Okta die Tokens beenden. Die Okta-Sitzung in Ihrem Browser geht weiter.",
            format!("Um auch sie zu beenden, öffnen Sie im Browser https://{host} und melden sich dort ab."),
        ),
        Matter::NotACall => told(
            "Das lässt sich nicht aufrufen",
            "Es braucht eine Methode wie GET und eine https-Adresse ohne Zeichen, die eine Shell läse.",
            "Tippen Sie die Adresse, wie sie in der Beschreibung der API steht; andere Zeichen setzen Sie von Hand ein.",
        ),
        Matter::NoIdToken => told(
            "Es gibt kein ID Token zu kopieren",
            "Mit der letzten Erneuerung kam keines, und über einen Neustart wird es nicht aufgehoben.",
            "Melden Sie sich neu an, um eines zu bekommen.",
        ),
        Matter::NoSuchProfile => told(
            "Dieses Profil gibt es nicht mehr",
            "Es wurde inzwischen entfernt oder umbenannt.",
            "Wählen Sie ein anderes Profil.",
        ),
        Matter::NotAProfile { field, reason } => told(
            "Das ist als Profil nicht brauchbar",
            format!("Feld {field}: {reason}."),
            "Berichtigen Sie das Feld und fügen Sie das Profil noch einmal hinzu.",
        ),
        Matter::NotAnImport(reason) => told(
            "Das ist kein Profil",
            not_an_import(reason),
            "Kopieren Sie den ganzen Link oder Text des Profils noch einmal, oder fragen Sie, wer ihn geschickt hat.",
        ),
        Matter::NotSaved { folder } => told(
            "Das Profil wurde nicht gesichert",
            format!("In {folder} war keine Datei zu schreiben."),
            "Schaffen Sie dort Platz, oder kopieren Sie das Profil stattdessen als Text.",
        ),
        Matter::NothingToCopy => {
            told("Es gibt nichts zu kopieren", "Kein Token nennt eine Gruppe.", "Melden Sie sich zuerst an.")
        }
        Matter::ProfilesFileNotWritten => told(
            "Die Profildatei war nicht zu schreiben",
            "Es wurde nichts geändert.",
            "Sehen Sie nach, ob der Datenträger voll, die Datei schreibgeschützt oder ihr Inhalt beschädigt ist, und versuchen \
             Sie es dann noch einmal.",
        ),
        Matter::ProfilesFileUnreadable { what } => told(
            "In der Profildatei stimmt etwas nicht",
            format!("Darin steht: {what}."),
            "Berichtigen Sie die Datei. Gatepass liest sie von selbst neu; was jetzt oder vorher daraus zu lesen war, gilt.",
        ),
        Matter::ChosenBrowserFailed { browser } => told(
            "Ihr Browser war nicht zu öffnen",
            format!("Die Einstellungen nennen {browser} für die Anmeldeseite, und das hat sie nicht geöffnet."),
            "Wählen Sie in den Einstellungen unter Anmeldung einen anderen, oder lassen Sie das Feld für den des Systems leer. \
             Der Link einer wartenden Anmeldung lässt sich kopieren.",
        ),
        Matter::NotASetting { key, reason } => told(
            "Das lässt sich nicht einstellen",
            format!("Einstellung {key}: {reason}."),
            "Berichtigen Sie es. Bis dahin gilt, was vorher eingestellt war.",
        ),
        Matter::SettingsFileNotWritten => told(
            "Die Datei der Einstellungen war nicht zu schreiben",
            "Es wurde nichts geändert.",
            "Sehen Sie nach, ob die Platte voll, die Datei schreibgeschützt oder ihr Inhalt beschädigt ist, und versuchen \
             Sie es noch einmal.",
        ),
        Matter::SettingsFileUnreadable { what } => told(
            "In der Datei der Einstellungen stimmt etwas nicht",
            format!("Darin steht: {what}."),
            "Berichtigen Sie die Datei, oder stellen Sie es unter Einstellungen neu ein. Was daraus zu lesen war, gilt, und \
             sonst die Vorgabe.",
        ),
        Matter::StartAtSignInFailed => told(
            "Das ließ sich nicht einstellen",
            "Das System hat nicht angenommen, ob Gatepass bei der Anmeldung am Rechner startet.",
            "Stellen Sie es in den Einstellungen des Systems für Autostart ein.",
        ),
        Matter::Quitting => {
            told("Gatepass wird beendet", "Bis es wieder läuft, geschieht nichts mehr.", "Starten Sie Gatepass neu.")
        }
        Matter::RedirectUriPending { by } => told(
            "Dort wartet schon eine andere Anmeldung",
            format!(
                "„{by}“ meldet sich bei einer anderen Okta-Organisation an und wartet an derselben Redirect-Adresse."
            ),
            "Schließen Sie zuerst jene Anmeldung ab, oder brechen Sie sie ab.",
        ),
        Matter::RedirectUrisTaken { taken } => {
            let each: Vec<_> = taken
                .iter()
                .map(|(uri, holder)| format!("{uri} von {}", holder.as_deref().unwrap_or("einem anderen Programm")))
                .collect();
            told(
                "Die Redirect-Adresse ist belegt",
                format!("Auf diesem Computer belegt: {}.", each.join(", ")),
                "Schließen Sie jenes Programm und melden Sie sich neu an, oder tragen Sie im Profil und in der App bei Okta \
                 eine zweite Redirect URI ein.",
            )
        }
        Matter::TokenNotCopyable => told(
            "Das Token wurde nicht kopiert",
            "Es enthält Zeichen, die kein Token haben darf (RFC 6750, Abschnitt 2.1); sie einzufügen könnte schaden.",
            "Sagen Sie es denen, die den Authorization Server betreiben.",
        ),
        Matter::WouldSignOut => told(
            "Das meldet Sie ab",
            "Mit anderem Issuer oder anderer Client ID ist es eine andere Anmeldung.",
            "Stimmen Sie zu und melden Sie sich dann neu an.",
        ),

        Matter::Keyring(error) => keyring(error),
        Matter::MemoryOnly(because) => {
            let Texts { detail, advice, .. } = keyring(because);
            told("Angemeldet bis zum Beenden", format!("{detail} Darum bleibt die Sitzung nur im Speicher."), advice)
        }
        Matter::NotRenewed(because) => {
            let Texts { title, detail, advice } = keyring(because);
            // What else is damaged comes anew with a sign-in; this would be asked for first.
            let advice = match because {
                VaultError::Corrupt => {
                    "Übernehmen Sie unter Client-Authentifizierung das Client Secret noch einmal, oder erzeugen Sie dort einen \
                     Schlüssel. Ein Profil ohne beides braucht eine neue Anmeldung."
                        .into()
                }
                _ => advice,
            };
            told(title, format!("{detail} Was Gatepass zum Erneuern der Sitzung braucht, liegt dort."), advice)
        }
        Matter::Unread(because) => {
            let Texts { title, detail, advice } = keyring(because);
            told(title, format!("{detail} Darum ist nicht bekannt, ob Sie noch angemeldet sind."), advice)
        }

        Matter::BrowserNeverCame => told(
            "Es kam kein Browser",
            "Fünf Minuten lang hat kein Browser nach der Anmeldeseite gefragt.",
            "Melden Sie sich neu an, und nehmen Sie „Link kopieren“, wenn sich kein Browser öffnet.",
        ),
        Matter::RenewalInDoubt => told(
            "Die Antwort auf eine Erneuerung ging verloren",
            "Okta jetzt noch einmal zu fragen könnte die Sitzung beenden; darum wartet Gatepass, bis das Access Token \
             abgelaufen ist.",
            "Arbeiten Sie mit dem Access Token weiter, das Sie haben. Um jetzt ein neues zu bekommen, melden Sie sich neu an.",
        ),
        Matter::RenewalLost => told(
            "Eine Erneuerung ging unterwegs verloren",
            "Oktas Antwort auf eine Erneuerung kam nie an, und Okta ließ Gatepass nicht ein zweites Mal danach fragen.",
            format!(
                "Melden Sie sich neu an. Damit das keine Sitzung beenden kann, setzt ein Okta-Admin die Grace Period for \
                 Token Rotation auf 30 Sekunden oder mehr unter {path}."
            ),
        ),
        Matter::RenewalNotKept => told(
            "Die letzte Erneuerung wurde nicht aufgehoben",
            "Der Schlüsselbund hat die letzte Erneuerung der Sitzung nicht genommen, und was er von vorher hat, ist \
             verbraucht.",
            "Sehen Sie nach, ob der Schlüsselbund entsperrt ist, und melden Sie sich dann neu an.",
        ),
        Matter::SessionEnded => told(
            "Okta hat die Sitzung beendet",
            "Okta nimmt nicht mehr an, was Sie angemeldet hielt: Es ist abgelaufen, oder jemand hat es beendet.",
            format!(
                "Melden Sie sich neu an. Geschieht das oft, fragen Sie Ihren Okta-Admin nach der Lebensdauer des Refresh \
                 Tokens: {path} oder die Regel der Access Policy."
            ),
        ),
        Matter::RequestAccepted => told(
            "Okta nimmt die Anfrage dieser Anmeldung an",
            "Okta bekam dieselbe Anfrage ohne Browser und hatte nichts gegen Client ID, Redirect URI oder Scopes. Nach dem \
             Standard prüft es sie dabei; Okta selbst sagt das nicht.",
            format!(
                "Wohl liegt es an dem, was Okta nur im Browser beurteilt: an der Sign-on Policy, der Zuweisung oder am Browser \
                 selbst. Melden Sie sich neu an und lesen Sie, was Okta dort zeigt; ein Okta-Admin sieht nach unter {path}."
            ),
        ),
        Matter::RequestAcceptedNow => told(
            "Okta nimmt die Anfrage jetzt an",
            "Das Profil wurde seit dieser Anmeldung geändert. Okta bekam die Anfrage, wie sie jetzt gestellt wird, ohne Browser \
             und hatte nichts dagegen; ob es gegen die vorige etwas hatte, ist nicht bekannt.",
            "Melden Sie sich neu an.",
        ),
        Matter::SessionExpired => told(
            "Die Sitzung ist beendet",
            "Das Access Token ist abgelaufen, und Okta gab keines mit, um es zu erneuern.",
            format!(
                "Melden Sie sich neu an. Damit Sie angemeldet bleiben, verlangen Sie den Scope offline_access, und ein \
                 Okta-Admin hakt Refresh Token an unter {path}."
            ),
        ),
        Matter::SignInCancelled => told(
            "Die Anmeldung wurde abgebrochen",
            "Sie haben sie aufgegeben.",
            "Melden Sie sich an, wann Sie möchten.",
        ),
        Matter::SignInSuperseded => told(
            "Die Anmeldung wurde ersetzt",
            "Eine neuere Anmeldung oder eine Abmeldung trat an ihre Stelle.",
            "Es ist nichts zu tun.",
        ),
        Matter::SignInGivenUp { uris } => told(
            "Die Anmeldung wurde abgebrochen",
            "Sie haben sie im Browser aufgegeben. Zeigte Okta dort einen Fehler, kann Gatepass ihn nicht sehen und sagt, was \
             wahrscheinlich ist.",
            redirect_uri_likely(uris, path),
        ),
        Matter::SignInTimedOut { uris } => told(
            "Die Anmeldung wurde nicht abgeschlossen",
            "Fünf Minuten lang kam nichts vom Browser zurück. Zeigt Okta dort einen Fehler, kann Gatepass ihn nicht sehen und \
             sagt, was wahrscheinlich ist.",
            redirect_uri_likely(uris, path),
        ),
        Matter::SignedOut => told(
            "Niemand ist angemeldet",
            "Dazu braucht es eine Sitzung, und es gibt keine.",
            "Melden Sie sich zuerst an.",
        ),

        Matter::CertificateNotTrusted { host } => told(
            "Der Verbindung ist nicht zu trauen",
            format!(
                "Was als {host} geantwortet hat, hat ein Zertifikat, dem dieses System nicht traut: Die Verbindung wird \
                 abgefangen, oder Uhr oder Zertifikatspeicher des Systems stimmen nicht."
            ),
            "Prüft Ihr Unternehmen Verbindungen, gehört seine Zertifizierungsstelle in den Speicher dieses Systems; fragen Sie \
             Ihre IT. Sonst benutzen Sie dieses Netzwerk nicht.",
        ),
        Matter::Nonconforming { host } => told(
            "Die Antwort ergibt keinen Sinn",
            format!("{host} hat mit etwas geantwortet, das OpenID Connect nicht erlaubt."),
            "Sehen Sie nach, ob der Issuer stimmt und ob ein Proxy Antworten verändert.",
        ),
        Matter::ProxyFailed { host } => told(
            "Der Proxy lässt Gatepass nicht durch",
            format!("Der Proxy dieses Netzwerks hat den Weg zu {host} nicht geöffnet, oder er antwortet selbst nicht."),
            format!(
                "Sehen Sie in den Proxy-Einstellungen dieses Systems nach, oder bitten Sie, wer den Proxy betreibt, {host} \
                 zu erlauben."
            ),
        ),
        Matter::ProxyWantsSignIn { host } => told(
            "Der Proxy verlangt ein Passwort",
            format!("Der Proxy dieses Netzwerks lässt nur zu {host} durch, wer sich bei ihm anmeldet (Status 407)."),
            "Tragen Sie Benutzer und Passwort in den Proxy-Einstellungen dieses Systems ein, oder bitten Sie, wer den Proxy \
             betreibt, Programme durchzulassen.",
        ),
        Matter::RateLimited { host } => told(
            "Okta bittet um weniger Anfragen",
            format!("{host} hatte zu viele Anfragen aus diesem Netzwerk oder von dieser App."),
            format!(
                "Warten Sie eine Minute und versuchen Sie es dann noch einmal. Ein Okta-Admin sieht die Grenzen unter {path}."
            ),
        ),
        Matter::ServerBusy { host, status } => told(
            "Okta ist gestört",
            format!("{host} hat mit HTTP-Status {status} geantwortet."),
            "Versuchen Sie es später noch einmal; status.okta.com berichtet von Ausfällen.",
        ),
        Matter::Unreachable { host } => told(
            "Okta ist nicht zu erreichen",
            format!("{host} hat nicht geantwortet."),
            "Sehen Sie nach dem Netzwerk oder einem VPN und versuchen Sie es dann noch einmal.",
        ),
        Matter::WebPageInTheWay { host } => told(
            "Dieses Netzwerk zeigt eine eigene Seite",
            format!(
                "Anstelle von {host} hat eine Webseite geantwortet: Wahrscheinlich sollen Sie sich zuerst bei diesem \
                 Netzwerk anmelden."
            ),
            "Öffnen Sie eine beliebige Seite im Browser und melden Sie sich beim Netzwerk an. Gibt es da nichts anzumelden, \
             sehen Sie nach, ob der Issuer stimmt.",
        ),

        Matter::BadSignature => told(
            NOT_TRUSTED,
            "Das ID Token ist nicht so mit einem Schlüssel des Issuers signiert, wie es erlaubt ist.",
            "Machen Sie nicht weiter; sagen Sie es Ihrem Okta-Admin, und sehen Sie nach, ob ein Proxy Antworten verändert.",
        ),
        Matter::ClockWrong => told(
            NOT_TRUSTED,
            "Nach der Uhr dieses Computers ist das frische ID Token außerhalb seiner Zeit.",
            "Stellen Sie die Uhr dieses Computers und melden Sie sich dann neu an.",
        ),
        Matter::ForeignEndpoint { host } => told(
            NOT_TRUSTED,
            format!("Die Metadaten nennen eine Adresse, die nicht https auf {host} ist."),
            "Sehen Sie nach, ob der Issuer stimmt; ein Profil kann weitere Hosts erlauben.",
        ),
        Matter::IssuerMismatch { host, .. } => told(
            NOT_TRUSTED,
            format!("Die Antwort nennt einen anderen Issuer als das Profil ({host})."),
            format!(
                "Nehmen Sie den Issuer, den Oktas Metadaten nennen: ohne „-admin“ im Host, ohne Schrägstrich am Ende, und \
                 eine eigene Domain nur, wo Okta es sagt unter {path}."
            ),
        ),
        Matter::NotOurAnswer => told(
            NOT_TRUSTED,
            "Was zurückkam, gehört zu einer anderen Anmeldung.",
            "Schließen Sie alte Anmeldeseiten und melden Sie sich neu an.",
        ),
        Matter::NotTrusted => told(NOT_TRUSTED, "Eine Prüfung ist gescheitert.", "Melden Sie sich neu an."),
        Matter::OtherSubject => told(
            NOT_TRUSTED,
            "Das erneuerte ID Token gehört jemand anderem.",
            "Melden Sie sich neu an, und sagen Sie es Ihrem Okta-Admin, wenn es zweimal geschieht.",
        ),
        Matter::SignInTooOld => told(
            "Die Anmeldung bei Okta ist zu alt",
            "Das Profil verlangt eine frische Anmeldung bei Okta (max_age). Oktas Antwort sagt, dass Ihre älter ist, oder \
             verschweigt, von wann sie ist.",
            format!(
                "Melden Sie sich im Browser bei Okta ab und dann neu an; oder stellen Sie im Profil prompt auf login, damit \
                 Okta jedes Mal fragt. Wie lange eine Anmeldung für die App gilt, steht unter {path}."
            ),
        ),
        Matter::WrongAcr => told(
            "Sie haben sich anders angemeldet als verlangt",
            "Das Profil verlangt eine Art der Anmeldung (acr_values), und Oktas Antwort nennt eine andere oder keine.",
            format!(
                "Vergleichen Sie acr_values im Profil mit Oktas Namen: Was Okta nicht kennt, übergeht es. Was die App selbst \
                 verlangt, steht unter {path}."
            ),
        ),
        Matter::WrongAudience => told(
            NOT_TRUSTED,
            "Das ID Token wurde für eine andere App ausgestellt.",
            format!("Vergleichen Sie die Client ID mit {path}."),
        ),
        Matter::WrongKey => told(
            "Das Token ist an einen anderen Schlüssel gebunden",
            "Das Access Token soll an einen Schlüssel dieses Computers gebunden sein (DPoP) und nennt einen anderen oder \
             keinen.",
            format!(
                "Melden Sie sich neu an. Bleibt es dabei, sehen Sie nach, ob ein Proxy Antworten verändert, und zeigen Sie \
                 es Ihrem Okta-Admin, der nachsieht unter {path}."
            ),
        ),
        Matter::WrongTokenType => told(
            NOT_TRUSTED,
            "Okta hat eine Art von Token ausgestellt, die nicht verlangt war.",
            format!("Ein Okta-Admin nimmt den Haken weg unter {path}."),
        ),

        Matter::Refusal(refusal) => refusal::texts_of(refusal, path),
    }
}

/// The likeliest cause of a page of Okta's that never leads back.
fn redirect_uri_likely(uris: &[&str], path: &str) -> String {
    format!(
        "Zeigt der Browser „400 Bad Request“ zu redirect_uri, trägt ein Okta-Admin genau {} ein unter {path}.",
        uris.join(" und ")
    )
}

pub(in crate::words) fn likely_causes(client: &str, policy: &str) -> Vec<String> {
    vec![
        format!(
            "„400 Bad Request“ zu client_id: Die Client ID gehört zu einer anderen Organisation oder ist vertippt, oder ihre \
             App ist nicht aktiv. Vergleichen Sie sie mit {client}."
        ),
        format!(
            "Zugriff verweigert, oder ein Faktor, den Sie nicht haben: Eine Sign-on Policy lässt Sie nicht ein. Ein \
             Okta-Admin sieht nach unter {policy}."
        ),
        "Ein abgelaufenes Passwort oder ein gesperrtes Konto: Oktas Seite sagt es, und dort beheben Sie es oder fragen \
         Ihren Okta-Admin."
            .into(),
        "Es war nichts falsch, und die Seite wurde vor dem letzten Schritt verlassen. Dann melden Sie sich neu an.".into(),
    ]
}

fn not_an_import(reason: NotAnImport) -> &'static str {
    match reason {
        NotAnImport::DamagedLink => "Der Link ist beschädigt.",
        NotAnImport::FieldTooLong => "Ein Feld darin ist zu lang.",
        NotAnImport::Neither => "Es ist weder ein Link noch der Text eines Profils.",
        NotAnImport::NoIssuerOrClientId => "Issuer oder Client ID fehlt.",
        NotAnImport::NoProfile => "Es ist kein Profil darin.",
        NotAnImport::SaidTwice => "Der Link sagt dasselbe zweimal.",
        NotAnImport::SeveralProfiles => "Es sind mehrere Profile darin. Fügen Sie eines nach dem anderen ein.",
        NotAnImport::TooLong => "Es ist zu lang für ein Profil.",
    }
}

fn keyring(error: VaultError) -> Texts {
    match error {
        VaultError::Locked => told(
            "Der Schlüsselbund ist gesperrt",
            "Der Schlüsselbund des Systems ist gesperrt und wurde nicht entsperrt.",
            "Entsperren Sie den Schlüsselbund. Gatepass versucht es in ein paar Minuten von selbst wieder.",
        ),
        VaultError::Denied => told(
            "Der Schlüsselbund wurde verweigert",
            "Sie oder das System haben Gatepass den Zugriff auf den Schlüsselbund verweigert.",
            "Erlauben Sie Gatepass in den Einstellungen des Schlüsselbunds. Gatepass versucht es in ein paar Minuten von \
             selbst wieder.",
        ),
        VaultError::Missing => told(
            "Es gibt keinen Schlüsselbund",
            "Auf diesem System läuft kein Schlüsselbund.",
            "Installieren oder starten Sie einen (GNOME Keyring, KWallet, KeePassXC). Gatepass versucht es in ein paar Minuten \
             von selbst wieder.",
        ),
        VaultError::Corrupt => told(
            "Der Eintrag im Schlüsselbund ist nicht zu lesen",
            "Was der Schlüsselbund zu diesem Profil hat, ist beschädigt oder von einer anderen Version.",
            "Melden Sie sich neu an, um es zu ersetzen.",
        ),
        VaultError::TooLarge => told(
            "Der Eintrag ist zu groß für den Schlüsselbund",
            "Das Refresh Token ist größer, als der Schlüsselbund dieses Systems es nimmt.",
            "Es ist nichts zu tun; melden Sie sich nach einem Neustart neu an.",
        ),
        VaultError::Unresponsive => told(
            "Der Schlüsselbund antwortet nicht",
            "Der Schlüsselbund des Systems hat nicht rechtzeitig geantwortet.",
            "Sehen Sie nach einer Passwortabfrage hinter anderen Fenstern. Gatepass versucht es in ein paar Minuten von selbst \
             wieder.",
        ),
    }
}
