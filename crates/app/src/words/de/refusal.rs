//! What the server meant when it said no, in German.

use crate::words::{Refusal, Texts, told};

pub(super) fn texts_of(refusal: Refusal<'_>, path: &str) -> Texts {
    match refusal {
        Refusal::AccessDenied => told(
            "Der Zugriff wurde verweigert",
            "Sie haben bei Okta abgebrochen, oder eine Sign-on Policy der App lässt Sie nicht ein.",
            format!("Melden Sie sich neu an; bleibt es dabei, fragen Sie Ihren Okta-Admin nach {path}."),
        ),
        Refusal::AccessTokenRefused => told(
            "Okta nimmt das Access Token hier nicht an",
            "Es ist abgelaufen oder widerrufen, oder es stammt von einem anderen Authorization Server als dem gefragten.",
            "Melden Sie sich neu an. Bleibt es dabei, vergleichen Sie den Issuer: Oktas eigene API nimmt nur Tokens des Org \
             Authorization Servers.",
        ),
        Refusal::ApiScopesNotGranted => told(
            "Die App hat diese Scopes nicht",
            "Das Profil verlangt Scopes von Oktas eigener API (okta.…), und niemand hat sie der App gewährt.",
            format!("Nehmen Sie sie aus dem Profil, oder ein Okta-Super-Admin gewährt sie unter {path}."),
        ),
        Refusal::AssertionRefused => told(
            "Okta nimmt die Signatur der App nicht an",
            "Das Profil weist die App mit einem Schlüssel aus, und Okta kennt ihn nicht oder nimmt nicht, was er signiert hat.",
            format!(
                "Ein Okta-Admin vergleicht den öffentlichen Schlüssel mit {path}: den dieses Profils, aktiv und zum \
                 Signieren. Sehen Sie auch nach der Uhr dieses Computers."
            ),
        ),
        Refusal::AssuranceNotMet => told(
            "Diese App will eine stärkere Anmeldung",
            "Die Anmeldung, die mit ihr geteilt wird, genügt der Sign-on Policy der App nicht.",
            format!("Melden Sie sich im Browser an. Die Policy steht unter {path}."),
        ),
        Refusal::CancelledElsewhere => told(
            "Die Anmeldung wurde abgebrochen",
            "Sie wurde bei dem Identity Provider aufgegeben, zu dem Okta Sie geschickt hat.",
            "Melden Sie sich neu an, wann Sie möchten.",
        ),
        Refusal::ClaimNotEvaluated => told(
            "Ein Claim ist nicht zu berechnen",
            "Der Ausdruck eines Claims scheitert bei Okta für diese Person.",
            format!("Ein Okta-Admin berichtigt ihn unter {path} und probiert ihn in Token Preview."),
        ),
        Refusal::ClientRefused => told(
            "Okta nimmt diese App nicht an",
            "Die Client ID ist unbekannt, oder die App soll sich auf andere Weise ausweisen.",
            format!(
                "Ein Okta-Admin setzt Client authentication unter {path} auf das, was das Profil hat: None, wenn es kein \
                 Secret hat. Vergleichen Sie dort auch die Client ID."
            ),
        ),
        Refusal::ClientSecretWrong => told(
            "Das Client Secret ist falsch",
            "Okta nimmt das Client Secret nicht an: Es wurde ersetzt oder deaktiviert, oder es gehört zu einer anderen App.",
            format!(
                "Setzen Sie das Secret, das unter {path} aktiv ist, in das Profil, oder fragen Sie Ihren Okta-Admin danach."
            ),
        ),
        Refusal::ClientTakesNoSecret => told(
            "Okta hat das Client Secret nicht genommen",
            "Die App nimmt auf diese Weise kein Client Secret, oder nicht zu dieser Client ID.",
            format!("Vergleichen Sie Client ID und Client authentication des Profils mit {path}."),
        ),
        Refusal::ClientWantsSecret => told(
            "Die App bei Okta verlangt ein Secret",
            "Die App ist als Web-App eingerichtet, die sich mit einem Secret anmeldet, und das Profil hat keines.",
            format!("Ein Okta-Admin setzt Client authentication auf None unter {path} oder legt eine native App an."),
        ),
        Refusal::CodeExpired => told(
            "Die Anmeldung hat zu lange gedauert",
            "Der Code, den der Browser brachte, ist verbraucht oder zu alt; er lebt ein paar Minuten.",
            "Melden Sie sich neu an.",
        ),
        Refusal::CodeGrantOff => told(
            "Die App erlaubt keine Anmeldung im Browser",
            "Der Grant Type Authorization Code ist für diese App bei Okta nicht angehakt.",
            format!("Ein Okta-Admin hakt ihn an unter {path}."),
        ),
        Refusal::ConsentRequired => told(
            "Okta möchte Ihre Zustimmung",
            "Ein Scope, den das Profil verlangt, braucht Ihre Zustimmung, und die geben Sie im Browser.",
            format!(
                "Melden Sie sich neu an und stimmen Sie zu. Damit niemand gefragt wird, nimmt ein Okta-Admin den Haken bei \
                 Require consent weg unter {path}."
            ),
        ),
        Refusal::DeviceCodeExpired => told(
            "Der Code am anderen Gerät ist abgelaufen",
            "Niemand hat ihn rechtzeitig eingegeben, oder er ist verbraucht; er lebt zehn Minuten.",
            "Melden Sie sich neu an, um einen neuen zu bekommen.",
        ),
        Refusal::DpopClock => told(
            "Die Uhr stimmt nicht mit Oktas überein",
            "Okta fand die Zeit in dem, was Gatepass signiert hat, vergangen oder noch nicht gekommen.",
            "Stellen Sie die Uhr dieses Computers und melden Sie sich dann neu an.",
        ),
        Refusal::DpopDemanded => told(
            "Die App verlangt einen Besitznachweis",
            "Die Tokens dieser App sind an einen Schlüssel gebunden (DPoP), und das Profil benutzt keinen.",
            format!("Schalten Sie DPoP im Profil ein, oder ein Okta-Admin nimmt den Haken weg unter {path}."),
        ),
        Refusal::DpopRefused => told(
            "Okta nimmt den Besitznachweis nicht an",
            "Der Schlüssel, an den die Tokens gebunden sind (DPoP), ist nicht der, der signiert hat, oder Okta kennt den \
             Nachweis schon.",
            "Melden Sie sich neu an; das bindet neue Tokens an den Schlüssel von jetzt. Bleibt es dabei, melden Sie es als \
             Fehler von Gatepass.",
        ),
        Refusal::FactorMissing => told(
            "Ihnen fehlt ein Faktor",
            "Das Profil verlangt eine stärkere Anmeldung (acr_values), als Sie bei Okta eingerichtet haben.",
            format!(
                "Richten Sie bei Okta unter Settings, Security methods einen weiteren Faktor ein, oder nehmen Sie acr_values \
                 aus dem Profil. Die Policy der App steht unter {path}."
            ),
        ),
        Refusal::FeatureOff => told(
            "Das hat diese Organisation nicht",
            "Das Profil benutzt etwas, das Okta für diese Organisation nicht eingeschaltet hat.",
            "Schalten Sie es im Profil aus: Pushed Authorization Requests (PAR) etwa hat nicht jede Organisation.",
        ),
        Refusal::GrantTypeOff { on } => told(
            "Die App erlaubt das nicht",
            match on {
                Some(on) => format!(
                    "Ein Grant Type, den Gatepass braucht, ist für diese App bei Okta nicht angehakt. Angehakt sind: {on}."
                ),
                None => "Ein Grant Type, den Gatepass braucht, ist für diese App bei Okta nicht angehakt.".into(),
            },
            format!(
                "Ein Okta-Admin hakt Authorization Code und Refresh Token an unter {path}; für die Anmeldung an einem anderen \
                 Gerät auch Device Authorization."
            ),
        ),
        Refusal::GrantTypeUnsupported => told(
            "Der Server kennt diese Art der Anmeldung nicht",
            "Der Authorization Server unterstützt den verwendeten Grant Type nicht.",
            format!(
                "Vergleichen Sie den Issuer mit {path}, wo auch die Regel der Access Policy die Grant Types nennt."
            ),
        ),
        Refusal::IdpInitiatedOff => told(
            "Okta kann diese Anmeldung nicht beginnen",
            "Eine Kachel oder ein Link bei Okta führte zu einer App, die keine Adresse hat, an der ihre Anmeldung beginnt.",
            format!("Melden Sie sich von Gatepass aus an, oder ein Okta-Admin setzt die Adresse unter {path}."),
        ),
        Refusal::InlineHookFailed => told(
            "Ein Token Hook ist gescheitert",
            "Ein Programm, das Okta fragt, bevor es Tokens ausstellt, hat nicht richtig geantwortet.",
            format!("Ein Okta-Admin sieht nach unter {path} oder stellt die Regel der Access Policy auf keinen."),
        ),
        Refusal::InteractionCodeApp => told(
            "Die App meldet sich auf andere Weise an",
            "Sie steht auf Interaction Code; das ist für Apps, die Oktas Anmeldeseite selbst zeichnen.",
            format!("Ein Okta-Admin hakt stattdessen Authorization Code an unter {path}."),
        ),
        Refusal::InvalidRequest => told(
            "Okta hat die Anfrage nicht verstanden",
            "Okta fand an der Anfrage von Gatepass etwas falsch.",
            format!(
                "Sehen Sie nach Issuer, Client ID und Scopes des Profils; das Zitat sagt, woran Okta sich stört, und ein \
                 Okta-Admin findet mehr unter {path}."
            ),
        ),
        Refusal::LoginFailed => told(
            "Die Anmeldung ist bei Okta gescheitert",
            "Mehr sagt Okta nicht: Das Konto ist vielleicht nicht aktiv, oder ein Identity Provider hat nicht dafür \
             gebürgt.",
            format!("Melden Sie sich neu an. Bleibt es dabei, findet Ihr Okta-Admin den Grund unter {path}."),
        ),
        Refusal::NetworkZone => told(
            "Nicht aus diesem Netzwerk",
            "Die App darf nur aus bestimmten Netzwerken benutzt werden.",
            format!(
                "Verbinden Sie sich mit dem Netzwerk oder VPN Ihrer Organisation und versuchen Sie es noch einmal. Ein \
                 Okta-Admin sieht, mit welchem, unter {path}."
            ),
        ),
        Refusal::NoApiAccessManagement => told(
            "Es gibt keine Custom Authorization Server",
            "Custom Authorization Server brauchen API Access Management, das diese Organisation nicht hat.",
            "Nehmen Sie den Issuer der Organisation selbst: https:// und ihr Host, ohne /oauth2/….",
        ),
        Refusal::NoMatchingPolicy => told(
            "Keine Access Policy lässt diese App ein",
            "Keine Regel des Authorization Servers passt zu dieser App, dieser Person, dem Grant Type und allen verlangten \
             Scopes.",
            format!("Ein Okta-Admin legt eine an unter {path} und probiert sie in Token Preview."),
        ),
        Refusal::NoPermission => told(
            "Das dürfen Sie bei Okta nicht",
            "Der Scope ist da, und Okta verlangt dafür eine Admin-Rolle, die Sie nicht haben.",
            format!("Ein Okta-Admin gibt Ihnen eine Rolle unter {path}, oder das Profil kommt ohne aus."),
        ),
        Refusal::NoScope => told(
            "Es wurde kein Scope verlangt",
            "Das Profil verlangt keinen Scope, und der Server hat keinen, der dann gilt.",
            format!(
                "Geben Sie dem Profil Scopes: openid profile email offline_access. Oder ein Okta-Admin legt einen Default \
                 Scope fest unter {path}."
            ),
        ),
        Refusal::NoSuchServer => told(
            "Diesen Authorization Server gibt es nicht",
            "Okta kennt an der Adresse des Issuers keinen Authorization Server, oder er wurde deaktiviert.",
            format!(
                "Vergleichen Sie den Issuer mit {path}, oder nehmen Sie den der Organisation selbst: ohne /oauth2/…."
            ),
        ),
        Refusal::NotAssigned => told(
            "Diese App ist Ihnen nicht zugewiesen",
            "Die App ist bei Okta weder Ihnen noch einer Ihrer Gruppen zugewiesen.",
            format!("Ein Okta-Admin weist sie zu unter {path}."),
        ),
        Refusal::NotProvisioned => told(
            "Okta findet Ihr Konto nicht",
            "Sie haben sich anderswo ausgewiesen, und Okta konnte das keinem Benutzer zuordnen oder durfte keinen anlegen.",
            format!("Ein Okta-Admin sieht nach Account Linking und Just-in-Time Provisioning unter {path}."),
        ),
        Refusal::OpenidScopeMissing => told(
            "Der Scope openid fehlt",
            "Okta meldet Personen nur an, wo der Scope openid verlangt wird.",
            "Fügen Sie den Scopes des Profils openid hinzu.",
        ),
        Refusal::OrgServerOnly => told(
            "Diese App darf nur zum Org Authorization Server",
            "Die App darf keinen Custom Authorization Server benutzen.",
            "Nehmen Sie den Issuer der Organisation selbst: https:// und ihr Host, ohne /oauth2/….",
        ),
        Refusal::OtherServer => told(
            "Die Sitzung gehört anderswohin",
            "Seit der Anmeldung wurde die Client ID oder der Issuer des Profils geändert.",
            "Melden Sie sich neu an.",
        ),
        Refusal::OurMistake => told(
            "Gatepass hat einen Fehler gemacht",
            "Gatepass hat auf eine Weise gefragt, die Okta nicht annimmt, und keine Einstellung bei Ihnen oder Okta ändert \
             das.",
            "Melden Sie es denen, die Gatepass machen: mit dem, was der Server sagt, und der Diagnose aus den Einstellungen.",
        ),
        Refusal::OutOfOrder => told(
            "Okta ist gestört",
            "Okta kann gerade nicht antworten.",
            "Versuchen Sie es später noch einmal; status.okta.com berichtet von Ausfällen.",
        ),
        Refusal::PasswordExpired => told(
            "Das Passwort ist abgelaufen",
            "Okta verlangt ein neues Passwort, bevor es Sie einlässt.",
            "Ändern Sie das Passwort bei Okta und melden Sie sich dann neu an.",
        ),
        Refusal::PkceMismatch => told(
            "Die Antwort gehört zu einer anderen Anmeldung",
            "Okta hat die Antwort mit dem Proof Key einer anderen Anmeldung verglichen, wie es bei zwei Anmeldungen zugleich \
             geschieht.",
            "Schließen Sie alte Anmeldeseiten und melden Sie sich neu an.",
        ),
        Refusal::ProfileSettingRefused => told(
            "Okta nimmt eine Einstellung nicht an",
            "Das Profil verlangt einen Identity Provider, ein max_age oder einen prompt, den Okta nicht kennt.",
            "Berichtigen Sie es im Profil; das Zitat sagt, woran Okta sich stört.",
        ),
        Refusal::RateLimited => told(
            "Okta bittet um weniger Anfragen",
            "Okta hatte zu viele Anfragen aus diesem Netzwerk oder von dieser App.",
            format!(
                "Warten Sie eine Minute und versuchen Sie es dann noch einmal. Ein Okta-Admin sieht die Grenzen unter {path}."
            ),
        ),
        Refusal::RedirectUriChanged => told(
            "Die Redirect-Adresse hat unterwegs gewechselt",
            "Okta bekam mit dem Code eine andere Redirect-Adresse als mit der Anfrage.",
            "Melden Sie sich neu an; wurde gerade das Profil geändert, lag es daran. Kommt es wieder, melden Sie es als \
             Fehler von Gatepass.",
        ),
        Refusal::RedirectUriUnknown { uris } => told(
            "Okta kennt diese Redirect-Adresse nicht",
            "Die App hat keine solche Sign-in redirect URI; sie muss buchstäblich stimmen, samt Port.",
            format!("Ein Okta-Admin trägt genau {} ein unter {path}.", uris.join(" und ")),
        ),
        Refusal::Refused { code } => told(
            "Okta hat abgelehnt",
            format!("Okta hat mit dem Fehler „{code}“ geantwortet."),
            format!("Zeigen Sie das Ihrem Okta-Admin, der mehr findet unter {path}."),
        ),
        Refusal::RequestTooLarge => told(
            "Die Anfrage wurde zu groß für Okta",
            "Was verlangt wurde, oder was Okta antworten würde, passt nicht in den Kopf einer HTTP-Nachricht.",
            format!("Verlangen Sie im Profil weniger Scopes, oder ein Okta-Admin verringert die Claims unter {path}."),
        ),
        Refusal::ScopeDenied { denied } => told(
            "Ein Scope wurde verweigert",
            match denied {
                Some(denied) => format!("Die Access Policy erlaubt diese Scopes des Profils nicht: {denied}."),
                None => "Die Access Policy erlaubt nicht alle Scopes, die das Profil verlangt.".into(),
            },
            format!("Ein Okta-Admin erlaubt sie unter {path}; oder nehmen Sie sie aus dem Profil."),
        ),
        Refusal::ScopeMissing => told(
            "Dem Access Token fehlt ein Scope",
            "Was von Okta verlangt wurde, braucht einen Scope, den das Access Token nicht hat.",
            "Fügen Sie den Scope dem Profil hinzu und melden Sie sich dann neu an.",
        ),
        Refusal::ScopeNotHere => told(
            "Der Org Authorization Server hat den Scope nicht",
            "Eigene Scopes gibt es nur bei Custom Authorization Servern.",
            format!(
                "Nehmen Sie den Issuer eines Custom Authorization Servers ({path}), oder nehmen Sie den Scope aus dem Profil."
            ),
        ),
        Refusal::ScopesNeedSignIn => told(
            "Neue Scopes brauchen eine neue Anmeldung",
            "Die Sitzung hat nicht alle Scopes bekommen, die das Profil jetzt verlangt.",
            "Melden Sie sich neu an.",
        ),
        Refusal::SignInExpired => told(
            "Die Anmeldeseite stand zu lange offen",
            "Okta hat die Anmeldung aufgegeben, bevor sie fertig war.",
            "Melden Sie sich neu an.",
        ),
        Refusal::SignInInterrupted => told(
            "Okta möchte, dass Sie sich anmelden",
            "Okta braucht Sie im Browser: zum Anmelden, zum Bestätigen, oder weil die Okta-Sitzung dort zu Ende ist.",
            "Melden Sie sich neu an, und bleiben Sie bei der Seite, bis sie sagt, dass Sie fertig sind.",
        ),
        Refusal::TooManyGroups { .. } => told(
            "Zu viele Gruppen",
            "Der Gruppen-Claim trifft mehr Gruppen, als Okta in ein Token tut.",
            format!(
                "Ein Okta-Admin fasst seinen Filter enger unter {path}; oder melden Sie sich im Browser an, nicht an einem \
                 anderen Gerät."
            ),
        ),
        Refusal::UnknownClientId => told(
            "Okta kennt diese Client ID nicht",
            "Keine aktive App dieser Organisation hat die Client ID: ein Tippfehler, eine andere Organisation oder eine App, \
             die deaktiviert wurde.",
            format!("Vergleichen Sie sie mit {path}, und sehen Sie nach dem Host des Issuers."),
        ),
        Refusal::UnknownScope => told(
            "Okta kennt einen Scope nicht",
            "Der Authorization Server hat einen der Scopes nicht, die das Profil verlangt.",
            format!("Nehmen Sie ihn aus dem Profil, oder ein Okta-Admin legt ihn an unter {path}."),
        ),
    }
}
