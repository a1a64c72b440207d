//! What the server meant when it said no, in German.

use crate::words::{Refusal, Texts, told};

pub(super) fn texts_of(refusal: Refusal<'_>) -> Texts {
    match refusal {
        Refusal::AccessDenied => told(
            "Der Zugriff wurde verweigert",
            "Sie haben bei Okta abgebrochen, oder eine Sign-on Policy der App lässt Sie nicht ein.",
            "Melden Sie sich neu an; bleibt es dabei, fragen Sie Ihren Okta-Admin nach Applications → (Ihre App) → Sign On → \
             User authentication.",
        ),
        Refusal::ClaimNotEvaluated => told(
            "Ein Claim ist nicht zu berechnen",
            "Der Ausdruck eines Claims scheitert bei Okta für diese Person.",
            "Ein Okta-Admin berichtigt ihn unter Security → API → Authorization Servers → (Ihr Server) → Claims und probiert \
             ihn in Token Preview.",
        ),
        Refusal::ClientRefused => told(
            "Okta nimmt diese App nicht an",
            "Die Client ID ist unbekannt, oder die App soll sich auf andere Weise ausweisen.",
            "Vergleichen Sie die Client ID, und setzen Sie Client authentication auf None unter Applications → (Ihre App) → \
             General → Client Credentials.",
        ),
        Refusal::ClientWantsSecret => told(
            "Die App bei Okta verlangt ein Secret",
            "Die App ist als Web-App eingerichtet, die sich mit einem Secret anmeldet, und Gatepass ist eine native App ohne \
             eines.",
            "Ein Okta-Admin setzt Client authentication auf None unter Applications → (Ihre App) → General → Client \
             Credentials oder legt eine native App an.",
        ),
        Refusal::CodeExpired => told(
            "Die Anmeldung hat zu lange gedauert",
            "Der Code, den der Browser brachte, ist verbraucht oder zu alt; er lebt ein paar Minuten.",
            "Melden Sie sich neu an.",
        ),
        Refusal::CodeGrantOff => told(
            "Die App erlaubt keine Anmeldung im Browser",
            "Der Grant Type Authorization Code ist für diese App bei Okta nicht angehakt.",
            "Ein Okta-Admin hakt ihn an unter Applications → (Ihre App) → General → General Settings → Grant type.",
        ),
        Refusal::GrantTypeOff => told(
            "Die App erlaubt das nicht",
            "Ein Grant Type, den Gatepass braucht, ist für diese App bei Okta nicht angehakt.",
            "Ein Okta-Admin hakt Authorization Code und Refresh Token an unter Applications → (Ihre App) → General → General \
             Settings → Grant type.",
        ),
        Refusal::GrantTypeUnsupported => told(
            "Der Server kennt diese Art der Anmeldung nicht",
            "Der Authorization Server unterstützt den verwendeten Grant Type nicht.",
            "Sehen Sie nach, ob der Issuer der richtige unter den Authorization Servern Ihrer Organisation ist.",
        ),
        Refusal::InlineHookFailed => told(
            "Ein Token Hook ist gescheitert",
            "Ein Programm, das Okta fragt, bevor es Tokens ausstellt, hat nicht richtig geantwortet.",
            "Ein Okta-Admin sieht nach unter Workflow → Inline Hooks.",
        ),
        Refusal::InvalidRequest => told(
            "Okta hat die Anfrage nicht verstanden",
            "Okta fand an der Anfrage von Gatepass etwas falsch.",
            "Sehen Sie nach Issuer, Client ID und Scopes des Profils; das Zitat sagt, woran Okta sich stört.",
        ),
        Refusal::NetworkZone => told(
            "Nicht aus diesem Netzwerk",
            "Die App darf nur aus bestimmten Netzwerken benutzt werden.",
            "Verbinden Sie sich mit dem Netzwerk oder VPN Ihrer Organisation und versuchen Sie es noch einmal.",
        ),
        Refusal::NoApiAccessManagement => told(
            "Es gibt keine Custom Authorization Server",
            "Custom Authorization Server brauchen API Access Management, das diese Organisation nicht hat.",
            "Nehmen Sie den Issuer der Organisation selbst: https:// und ihr Host, ohne /oauth2/….",
        ),
        Refusal::NoMatchingPolicy => told(
            "Keine Access Policy lässt diese App ein",
            "Keine Regel des Authorization Servers passt zu dieser App, dieser Person und allen verlangten Scopes.",
            "Ein Okta-Admin legt eine an unter Security → API → Authorization Servers → (Ihr Server) → Access Policies.",
        ),
        Refusal::NoScope => told(
            "Es wurde kein Scope verlangt",
            "Das Profil verlangt keinen Scope, und der Server hat keinen, der dann gilt.",
            "Geben Sie dem Profil Scopes: openid profile email offline_access.",
        ),
        Refusal::NoSuchServer => told(
            "Diesen Authorization Server gibt es nicht",
            "Okta kennt an der Adresse des Issuers keinen Authorization Server, oder er wurde deaktiviert.",
            "Vergleichen Sie den Issuer mit Security → API → Authorization Servers, oder nehmen Sie den der Organisation \
             selbst: ohne /oauth2/….",
        ),
        Refusal::NotAssigned => told(
            "Diese App ist Ihnen nicht zugewiesen",
            "Die App ist bei Okta weder Ihnen noch einer Ihrer Gruppen zugewiesen.",
            "Ein Okta-Admin weist sie zu unter Applications → (Ihre App) → Assignments.",
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
        Refusal::RateLimited => told(
            "Okta bittet um weniger Anfragen",
            "Okta hatte zu viele Anfragen aus diesem Netzwerk oder von dieser App.",
            "Warten Sie eine Minute und versuchen Sie es dann noch einmal.",
        ),
        Refusal::RedirectUriChanged => told(
            "Die Redirect-Adresse hat unterwegs gewechselt",
            "Okta bekam mit dem Code eine andere Redirect-Adresse als mit der Anfrage.",
            "Melden Sie sich neu an; wurde gerade das Profil geändert, lag es daran.",
        ),
        Refusal::RedirectUriUnknown { uris } => told(
            "Okta kennt diese Redirect-Adresse nicht",
            "Die App hat keine solche Sign-in redirect URI; sie muss buchstäblich stimmen, samt Port.",
            format!(
                "Ein Okta-Admin trägt genau {} ein unter Applications → (Ihre App) → General → Sign-in redirect URIs.",
                uris.join(" und ")
            ),
        ),
        Refusal::Refused { code } => told(
            "Okta hat abgelehnt",
            format!("Okta hat mit dem Fehler „{code}“ geantwortet."),
            "Zeigen Sie das Ihrem Okta-Admin, der unter Reports → System Log mehr findet.",
        ),
        Refusal::ScopeDenied => told(
            "Ein Scope wurde verweigert",
            "Die Access Policy erlaubt nicht alle Scopes, die das Profil verlangt.",
            "Ein Okta-Admin erlaubt sie unter Security → API → Authorization Servers → (Ihr Server) → Access Policies → \
             (Regel) → Scopes requested; oder nehmen Sie sie aus dem Profil.",
        ),
        Refusal::ScopeNotHere => told(
            "Der Org Authorization Server hat den Scope nicht",
            "Eigene Scopes gibt es nur bei Custom Authorization Servern.",
            "Nehmen Sie den Issuer eines Custom Authorization Servers, oder nehmen Sie den Scope aus dem Profil.",
        ),
        Refusal::SignInInterrupted => told(
            "Okta möchte, dass Sie sich anmelden",
            "Okta braucht Sie im Browser: zum Anmelden, zum Bestätigen, oder weil die Seite zu lange offen stand.",
            "Melden Sie sich neu an, und bleiben Sie bei der Seite, bis sie sagt, dass Sie fertig sind.",
        ),
        Refusal::TooManyGroups => told(
            "Zu viele Gruppen",
            "Der Gruppen-Claim trifft mehr Gruppen, als Okta in ein Token tut.",
            "Ein Okta-Admin fasst seinen Filter enger unter Security → API → Authorization Servers → (Ihr Server) → Claims, \
             oder beim Org Authorization Server unter Applications → (Ihre App) → Sign On.",
        ),
        Refusal::UnknownClientId => told(
            "Okta kennt diese Client ID nicht",
            "Keine aktive App dieser Organisation hat die Client ID: ein Tippfehler, eine andere Organisation oder eine App, \
             die deaktiviert wurde.",
            "Vergleichen Sie sie mit Applications → (Ihre App) → General → Client Credentials, und sehen Sie nach dem Host \
             des Issuers.",
        ),
        Refusal::UnknownScope => told(
            "Okta kennt einen Scope nicht",
            "Der Authorization Server hat einen der Scopes nicht, die das Profil verlangt.",
            "Nehmen Sie ihn aus dem Profil, oder ein Okta-Admin legt ihn an unter Security → API → Authorization Servers → \
             (Ihr Server) → Scopes.",
        ),
    }
}
