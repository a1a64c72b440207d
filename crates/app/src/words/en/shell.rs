//! Tray, notices, and a window that finds no resident, in English.

use gatepass_wire::CopiedThing;

use crate::words::shell::{NoResident, Noticed, ShellWords, States};
use crate::words::{Texts, told};

pub(in crate::words) static WORDS: ShellWords = ShellWords {
    open: "Open Gatepass",
    quit: "Quit",
    sign_in: "Sign in",
    sign_in_with_okta: "Sign in with Okta…",
    cancel_sign_in: "Cancel sign-in",
    sign_out: "Sign out",
    refresh: "Refresh now",
    copy_access_token: "Copy access token",
    copy_redirect_uri: "Copy redirect address",

    states: States {
        signing_in: "signing in…",
        signed_in: "signed in",
        renewing: "renewing",
        offline: "offline",
        blocked: "blocked",
        sign_in_needed: "sign-in needed",
        signed_out: "signed out",
        reading: "looking in the keyring…",
        ended: "ended",
    },
    until_quit: "until you quit",
    another_until_quit: "; another is signed in until you quit",
    token_ended: ", the access token ended",
    left: |span| format!("{span} left"),
    and_more: |name, more| format!("{name} and {more} more"),
    under_a_minute: "under 1 min",

    copied: |what| match what {
        CopiedThing::AccessToken => "Access token copied",
        CopiedThing::AuthorizationHeader => "Authorization header copied",
        CopiedThing::Curl => "curl line copied",
        CopiedThing::Export => "export line copied",
        CopiedThing::Json => "Access token copied as JSON",
        CopiedThing::IdToken => "ID token copied",
        CopiedThing::Groups => "Groups copied",
        CopiedThing::ExchangedToken => "Access token for another audience copied",
        CopiedThing::Group => "Group copied",
        CopiedThing::GroupId => "Group ID copied",
        CopiedThing::SignInLink => "Sign-in link copied",
        CopiedThing::RedirectUri => "Redirect URI copied",
        CopiedThing::ProfileLink | CopiedThing::ProfileText => "Profile copied",
        CopiedThing::PublicKey => "Public key copied",
        CopiedThing::Code => "Code copied",
        CopiedThing::AdminNote => "Note copied",
        CopiedThing::Diagnostics | CopiedThing::Place => "Copied",
    },
    valid_for: |span| format!("Valid for {span}."),
    cleared_in: |seconds| format!("The clipboard is cleared in {seconds} s."),
};

pub(in crate::words) fn notice(of: Noticed<'_>) -> Texts {
    match of {
        Noticed::Blocked => told(
            "Renewal is blocked",
            "Okta refuses to renew the session until an admin acts.",
            "Open Gatepass to see what to ask for.",
        ),
        Noticed::EndsSoon => told(
            "Sign in again soon",
            "The session ends within a day, and Okta lets no renewal put that off.",
            "Open Gatepass to sign in again.",
        ),
        Noticed::OtherPerson => {
            told("Somebody else signed in", "Nothing is changed until you say in Gatepass which session to keep.", "")
        }
        Noticed::SignInNeeded { because } => told("Sign in again", because, "Open Gatepass to sign in."),
    }
}

pub(in crate::words) fn no_resident(why: NoResident<'_>) -> Texts {
    const GOES_ON: &str = "Gatepass tries again by itself";
    match why {
        NoResident::NotStarted(reason) => told(
            "Gatepass cannot start",
            format!("Your system does not start the program: {reason}."),
            format!("{GOES_ON}. If this lasts, install Gatepass again."),
        ),
        NoResident::FolderNotUsable(words) => told(
            "Gatepass cannot write in its folder",
            format!("{words}."),
            format!("See to it that you can write there. {GOES_ON}."),
        ),
        NoResident::Ended(words) => told(
            "Gatepass cannot start",
            format!("The part of it that keeps your sessions ended with these words: {words}."),
            format!("{GOES_ON}. If this lasts, mend that, or close this window and start Gatepass again."),
        ),
        NoResident::EndedWordless { status, log } => told(
            "Gatepass cannot start",
            format!("The part of it that keeps your sessions ended without a word ({status})."),
            format!("{GOES_ON}. Its log may say more: {log}"),
        ),
        NoResident::Silent => told(
            "Gatepass does not answer",
            "The part of it that keeps your sessions runs, and does not answer this window.",
            format!(
                "{GOES_ON}. If this lasts, end every gatepass-desktop in your system’s list of programs, and start \
                 Gatepass again."
            ),
        ),
        NoResident::NotReached => told(
            "Gatepass did not answer",
            "The part of Gatepass that keeps your sessions stopped or is busy.",
            "It is started again by itself; try once more in a moment.",
        ),
        NoResident::Broken(reason) => told(
            "Gatepass cannot be reached",
            format!("The part of it that keeps your sessions cannot be spoken to: {reason}."),
            format!("{GOES_ON}."),
        ),
        NoResident::Older { theirs, ours } => told(
            "Gatepass was updated",
            format!(
                "The old Gatepass still runs in the background: it speaks version {theirs} of the language between its \
                 parts, and this window version {ours}."
            ),
            "Quit the old one; the new one starts by itself and takes over.",
        ),
        NoResident::Newer { theirs, ours } => told(
            "This window is of an older Gatepass",
            format!(
                "The Gatepass that runs in the background speaks version {theirs} of the language between its parts, \
                 and this window version {ours}."
            ),
            "Close this window and open Gatepass again.",
        ),
    }
}
