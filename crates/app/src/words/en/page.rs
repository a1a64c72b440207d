//! The browser's page in English.

use gatepass_agent::redirect::{PageWords, TurnedAway};

pub(in crate::words) static WORDS: PageWords = PageWords {
    language: "en",
    signed_in: "Signed in",
    signed_in_as: |whom| {
        whom.map_or_else(|| "You are signed in.".into(), |whom| format!("You are signed in as {whom}."))
    },
    question: "One question is left",
    question_of: |now, was| {
        format!(
            "{now} signed in just now; before, it was {was}. Gatepass asks in its window which session to keep. You can \
             close this tab and answer there."
        )
    },
    go_back: "You can close this tab and go back to Gatepass.",
    waiting: "Finishing the sign-in",
    waiting_for: "Gatepass is still waiting for Okta. This page looks again by itself.",
    leaving: "Signing out of Okta",
    leaving_for: "Okta is asked to end your session in this browser.",
    leave: "Sign out",
    turned_away,
};

fn turned_away(why: TurnedAway) -> [&'static str; 2] {
    const GO_BACK: &str = "Nothing was changed. Go back to Gatepass to see whether it still waits for you.";
    match why {
        TurnedAway::NoHost => ["This request cannot be read", "It does not name one host."],
        TurnedAway::AnotherUser => [
            "This browser belongs to another user",
            "Gatepass answers the programs of the one user it runs as. Open the link in a browser of theirs.",
        ],
        TurnedAway::AnotherHost => {
            ["This is not the place", "The request was meant for another host, and is not answered here."]
        }
        TurnedAway::NoSuchPath => ["There is nothing here", GO_BACK],
        TurnedAway::WrongMethod => ["This cannot be done here", "A browser visits this address, no more."],
        TurnedAway::NotANavigation => {
            ["Not from inside another page", "This address can be visited. It cannot be fetched or embedded by a page."]
        }
        TurnedAway::Prefetch => ["Not in advance", "This address answers when it is visited."],
        TurnedAway::Unreadable => ["This answer cannot be read", GO_BACK],
        TurnedAway::UnrequestedTokens => [
            "Gatepass did not ask for this",
            "A token was sent here that belongs to no sign-in of Gatepass, so it was thrown away. Open Gatepass and sign in \
             there. If Okta's dashboard led here, an admin sets Login flow of the app to redirect to the app, in place of \
             Okta Simplified.",
        ],
        TurnedAway::OneTimeCode => [
            "The code belongs to another page",
            "Go back to the browser tab where you began to sign in, and enter the code of the e-mail there.",
        ],
        TurnedAway::TooLarge => ["This answer is too large", GO_BACK],
        TurnedAway::NoBody => ["The answer did not arrive", GO_BACK],
        TurnedAway::AnotherState => ["This is not the sign-in that Gatepass is waiting for", GO_BACK],
        TurnedAway::NotReady => ["Not yet", "Gatepass is not ready. Try again."],
    }
}
