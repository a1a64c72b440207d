//! The note for an Okta admin, in German.

use crate::words::NoteWords;

pub(in crate::words) static WORDS: NoteWords = NoteWords {
    head: "An unseren Okta-Admin: Eine Anmeldung mit Gatepass braucht Ihre Hilfe.",
    happened: "Was geschehen ist",
    change: "Was helfen würde",
    place: "Wo in Oktas Konsole",
    place_before: "Dasselbe in der älteren Developer Console",
    likely: "Es kann auch sein",
    error: "Fehler",
    through_the_browser: "über den Browser",
    description: "Oktas Beschreibung",
    request_id: "Oktas Request ID",
    when: "Wann",
    issuer: "Issuer",
    client_id: "Client ID",
    redirect_uri: "Verwendete Redirect URI",
    redirect_uris: "Redirect URIs",
    scopes: "Verlangte Scopes",
    log: "System Log (Reports → System Log), Suche nach",
    program: "Gesehen von",
    left_out: "(weggelassen)",
    foot: "In dieser Notiz steht kein Token, kein Code, kein Passwort und kein Name einer Person.",
};
