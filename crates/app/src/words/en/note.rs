//! The note for an Okta admin, in English.

use crate::words::NoteWords;

pub(in crate::words) static WORDS: NoteWords = NoteWords {
    head: "For our Okta admin: a sign-in with Gatepass needs your help.",
    happened: "What happened",
    change: "What would help",
    place: "Where in Okta's console",
    place_before: "The same in the older Developer Console",
    likely: "It may also be",
    error: "Error",
    through_the_browser: "through the browser",
    description: "Okta's description",
    request_id: "Okta's request ID",
    when: "When",
    issuer: "Issuer",
    client_id: "Client ID",
    redirect_uri: "Redirect URI in use",
    redirect_uris: "Redirect URIs",
    scopes: "Scopes asked for",
    log: "System Log (Reports → System Log), search for",
    program: "Seen by",
    left_out: "(left out)",
    foot: "No token, code or password is in this note, and no name of a person.",
};
