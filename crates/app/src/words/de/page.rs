//! The browser's page in German.

use gatepass_agent::redirect::{PageWords, TurnedAway};

pub(in crate::words) static WORDS: PageWords = PageWords {
    language: "de",
    signed_in: "Angemeldet",
    signed_in_as: |whom| {
        whom.map_or_else(|| "Sie sind angemeldet.".into(), |whom| format!("Sie sind angemeldet als {whom}."))
    },
    question: "Eine Frage bleibt",
    question_of: |now, was| {
        format!(
            "Gerade hat sich {now} angemeldet; vorher war es {was}. Gatepass fragt in seinem Fenster, welche Sitzung Sie \
             behalten. Sie können diesen Tab schließen und dort antworten."
        )
    },
    go_back: "Sie können diesen Tab schließen und zu Gatepass zurückkehren.",
    waiting: "Die Anmeldung wird abgeschlossen",
    waiting_for: "Gatepass wartet noch auf Okta. Diese Seite sieht von selbst wieder nach.",
    leaving: "Abmeldung bei Okta",
    leaving_for: "Okta wird gebeten, Ihre Sitzung in diesem Browser zu beenden.",
    leave: "Abmelden",
    turned_away,
};

fn turned_away(why: TurnedAway) -> [&'static str; 2] {
    const GO_BACK: &str = "Es wurde nichts geändert. Sehen Sie in Gatepass nach, ob es noch auf Sie wartet.";
    match why {
        TurnedAway::NoHost => ["Diese Anfrage ist nicht zu lesen", "Sie nennt nicht genau einen Host."],
        TurnedAway::AnotherUser => [
            "Dieser Browser gehört einem anderen Benutzer",
            "Gatepass antwortet nur Programmen des Benutzers, unter dem es läuft. Öffnen Sie den Link in dessen Browser.",
        ],
        TurnedAway::AnotherHost => {
            ["Das ist nicht der Ort", "Die Anfrage galt einem anderen Host und wird hier nicht beantwortet."]
        }
        TurnedAway::NoSuchPath => ["Hier ist nichts", GO_BACK],
        TurnedAway::WrongMethod => ["Das geht hier nicht", "Diese Adresse wird mit einem Browser besucht, mehr nicht."],
        TurnedAway::NotANavigation => [
            "Nicht aus einer anderen Seite heraus",
            "Diese Adresse lässt sich besuchen. Eine Seite kann sie weder abrufen noch einbetten.",
        ],
        TurnedAway::Prefetch => ["Nicht im Voraus", "Diese Adresse antwortet, wenn sie besucht wird."],
        TurnedAway::Unreadable => ["Diese Antwort ist nicht zu lesen", GO_BACK],
        TurnedAway::UnrequestedTokens => [
            "Danach hat Gatepass nicht gefragt",
            "Hierher wurde ein Token geschickt, das zu keiner Anmeldung von Gatepass gehört; es wurde verworfen. Öffnen Sie \
             Gatepass und melden Sie sich dort an. Wenn Oktas Übersicht hierher führte, stellt ein Admin den Login flow der \
             App von Okta Simplified auf die Weiterleitung zur App um.",
        ],
        TurnedAway::OneTimeCode => [
            "Der Code gehört auf eine andere Seite",
            "Gehen Sie zurück zu dem Browser-Tab, in dem die Anmeldung begann, und geben Sie den Code der E-Mail dort ein.",
        ],
        TurnedAway::TooLarge => ["Diese Antwort ist zu groß", GO_BACK],
        TurnedAway::NoBody => ["Die Antwort kam nicht an", GO_BACK],
        TurnedAway::AnotherState => ["Das ist nicht die Anmeldung, auf die Gatepass wartet", GO_BACK],
        TurnedAway::NotReady => ["Noch nicht", "Gatepass ist nicht bereit. Versuchen Sie es noch einmal."],
    }
}
