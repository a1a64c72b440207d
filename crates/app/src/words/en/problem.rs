//! Problems in English.

use gatepass_agent::VaultError;

use super::refusal;
use crate::words::{Matter, NotAnImport, Texts, told};

pub(in crate::words) fn texts_of(matter: Matter<'_>, path: &str) -> Texts {
    const NOT_TRUSTED: &str = "The answer cannot be trusted";
    match matter {
        Matter::BrowserFailed => told(
            "No browser could be opened",
            "This system did not open a browser for the sign-in page.",
            "Copy the link and open it in a browser on this machine, or choose a default browser.",
        ),
        Matter::ClipboardFailed => told(
            "Nothing was copied",
            "This system did not let Gatepass write to the clipboard.",
            "Try again; on a desktop without a clipboard manager another program may hold it.",
        ),
        Matter::ListenerFailed => told(
            "The redirect address could not be opened",
            "This system did not let Gatepass listen for the answer of the browser.",
            "Look for a firewall or sandbox that forbids listening on loopback, then try again.",
        ),
        Matter::CodeExpired => {
            told("The code has expired", "Nobody entered it in time.", "Start again to get a new one.")
        }
        Matter::NoBoundKey => told(
            "The key of this session is gone",
            "Its tokens are bound to a key of this computer's (DPoP), and the keyring does not have it any more.",
            "Sign in again; the new session gets a key of its own.",
        ),
        Matter::NoClientKey => told(
            "A key is needed first",
            "This profile proves itself with a key pair (private_key_jwt), and there is none yet.",
            "Make a key under Client authentication, and give its public half to your Okta admin.",
        ),
        Matter::NoClientSecret => told(
            "The client secret is needed first",
            "This profile proves itself with a client secret, and there is none in the keyring.",
            "Copy the secret in Okta's console (Applications → Applications → (your app) → General → Client Credentials), \
             then take it from the clipboard under Client authentication.",
        ),
        Matter::ExchangeRefused => told(
            "Okta does not exchange the token",
            "It exchanges access tokens for another audience for service apps alone, and only where the other authorization \
             server trusts this one.",
            format!(
                "Add a profile of its own for the other authorization server, and sign in there; the browser may ask for \
                 nothing. Whom a server trusts stands under {path}."
            ),
        ),
        Matter::NoApiTokenOnClipboard => told(
            "There is no API token on the clipboard",
            "Okta's API tokens begin with 00 and are one word of at least 32 characters. What is there was left alone.",
            "Okta shows an API token only once, when it is created: copy it there, then take it.",
        ),
        Matter::NoApiTokenWanted => told(
            "This profile needs no API token",
            "It does not look groups up with an admin's token.",
            "A groups claim is the better way.",
        ),
        Matter::NoSecretOnClipboard => told(
            "There is no client secret on the clipboard",
            "A secret is one word of 32 to 128 letters, digits, - and _. What is there was left alone.",
            "Copy it in Okta's console once more, then take it.",
        ),
        Matter::NoSecretWanted => told(
            "This profile needs no client secret",
            "Its client authentication is not by a secret.",
            "Change that first if Okta shows the app with a secret.",
        ),
        Matter::OktaSessionStays { host } => told(
            "Okta still knows you in the browser",
            "Gatepass signed you out and has Okta end its tokens. The Okta session in your browser goes on.",
            format!("To end that one, too, open https://{host} in the browser and sign out there."),
        ),
        Matter::NotACall => told(
            "This cannot be called",
            "It takes a method such as GET, and an https address without characters that a shell would read.",
            "Type the address as the API's documentation has it; put other characters into the command by hand.",
        ),
        Matter::NoIdToken => told(
            "There is no ID token to copy",
            "None came with the last renewal, and it is not kept over a restart.",
            "Sign in again to get one.",
        ),
        Matter::NoSuchProfile => {
            told("This profile is gone", "It was removed or renamed in the meantime.", "Choose another profile.")
        }
        Matter::NotAProfile { field, reason } => told(
            "This cannot be used as a profile",
            format!("{field}: {reason}."),
            "Correct the field and add the profile again.",
        ),
        Matter::NotAnImport(reason) => told(
            "This is not a profile",
            not_an_import(reason),
            "Copy the whole link or text of the profile once more, or ask whoever sent it.",
        ),
        Matter::NotSaved { folder } => told(
            "The profile was not saved",
            format!("No file could be written in {folder}."),
            "Make room there, or copy the profile as text instead.",
        ),
        Matter::NothingToCopy => told("There is nothing to copy", "No token names a group.", "Sign in first."),
        Matter::ProfilesFileNotWritten => told(
            "The profiles file could not be written",
            "Nothing was changed.",
            "Look whether the disk is full, the file is read-only or what stands in it is damaged, then try again.",
        ),
        Matter::ProfilesFileUnreadable { what } => told(
            "Something in the profiles file is wrong",
            format!("{what}."),
            "Correct the file. Gatepass reads it again by itself; what could be read of it, now or before, is in use.",
        ),
        Matter::ChosenBrowserFailed { browser } => told(
            "Your browser could not be opened",
            format!("The settings name {browser} to open the sign-in page, and it did not."),
            "Choose another in Settings under Sign-in, or leave that empty for the system's. The link of a sign-in that \
             waits can be copied.",
        ),
        Matter::NotASetting { key, reason } => {
            told("This cannot be set", format!("{key}: {reason}."), "Correct it. What was set before goes on.")
        }
        Matter::SettingsFileNotWritten => told(
            "The settings file could not be written",
            "Nothing was changed.",
            "Look whether the disk is full, the file is read-only or what stands in it is damaged, then try again.",
        ),
        Matter::SettingsFileUnreadable { what } => told(
            "Something in the settings file is wrong",
            format!("{what}."),
            "Correct the file, or set it anew under Settings. What could be read of it is in use, and the default of the \
             rest.",
        ),
        Matter::StartAtSignInFailed => told(
            "This could not be set",
            "The system did not take it whether Gatepass starts when you sign in.",
            "Set it in the system's own settings for what starts by itself.",
        ),
        Matter::Quitting => {
            told("Gatepass is quitting", "Nothing more is done until it runs again.", "Start Gatepass again.")
        }
        Matter::RedirectUriPending { by } => told(
            "Another sign-in waits at the same address",
            format!("“{by}” signs in at another Okta org and listens at the same redirect address."),
            "Finish or cancel that sign-in first.",
        ),
        Matter::RedirectUrisTaken { taken } => {
            let each: Vec<_> = taken
                .iter()
                .map(|(uri, holder)| format!("{uri} by {}", holder.as_deref().unwrap_or("another program")))
                .collect();
            told(
                "The redirect address is in use",
                format!("Taken on this machine: {}.", each.join(", ")),
                "Close that program and sign in again, or add a second redirect URI to the profile and to the app at Okta.",
            )
        }
        Matter::TokenNotCopyable => told(
            "The token was not copied",
            "It has characters that no token may have (RFC 6750 section 2.1), and pasting them could do harm.",
            "Tell whoever runs the authorization server.",
        ),
        Matter::WouldSignOut => told(
            "This signs you out",
            "With another issuer or client ID it is another sign-in.",
            "Agree to it, then sign in again.",
        ),

        Matter::Keyring(error) => keyring(error),
        Matter::MemoryOnly(because) => {
            let Texts { detail, advice, .. } = keyring(because);
            told("Signed in until you quit", format!("{detail} So the session is kept in memory alone."), advice)
        }
        Matter::NotRenewed(because) => {
            let Texts { title, detail, advice } = keyring(because);
            // What else is damaged comes anew with a sign-in; this would be asked for first.
            let advice = match because {
                VaultError::Corrupt => {
                    "Take the client secret or make a key once more under Client authentication. A profile without either \
                     needs a new sign-in."
                        .into()
                }
                _ => advice,
            };
            told(title, format!("{detail} What Gatepass renews the session with is kept there."), advice)
        }
        Matter::Unread(because) => {
            let Texts { title, detail, advice } = keyring(because);
            told(title, format!("{detail} So it is not known whether you are still signed in."), advice)
        }

        Matter::BrowserNeverCame => told(
            "No browser came",
            "No browser asked for the sign-in page within five minutes.",
            "Sign in again and use Copy link if no browser opens.",
        ),
        Matter::RenewalInDoubt => told(
            "The answer to a renewal was lost",
            "To ask Okta again now could end the session, so Gatepass waits until the access token has ended.",
            "Go on with the access token that you have. To get a new one now, sign in again.",
        ),
        Matter::RenewalLost => told(
            "A renewal was lost on the way",
            "Okta's answer to a renewal never arrived, and Okta did not let Gatepass ask for it a second time.",
            format!(
                "Sign in again. So that this cannot end a session, an Okta admin sets the grace period for token rotation \
                 to 30 seconds or more under {path}."
            ),
        ),
        Matter::RenewalNotKept => told(
            "The last renewal was not kept",
            "The keyring did not take the last renewal of the session, and what it has from before is used up.",
            "Look whether the keyring is unlocked, then sign in again.",
        ),
        Matter::SessionEnded => told(
            "Okta ended the session",
            "Okta no longer accepts what kept you signed in: it expired, or someone ended it.",
            format!(
                "Sign in again. If this happens often, ask your Okta admin about the refresh token's lifetime: {path}, or \
                 the rule of the access policy."
            ),
        ),
        Matter::RequestAccepted => told(
            "Okta takes the request of this sign-in",
            "It was handed the same request without a browser, and had nothing against client ID, redirect URI or scopes. \
             By the standard it checks them then; Okta does not say that it does.",
            format!(
                "The cause is likely what Okta judges in the browser alone: sign-on policy, assignment, the browser itself. Sign \
                 in again and read what it shows; an Okta admin looks at {path}."
            ),
        ),
        Matter::RequestAcceptedNow => told(
            "Okta takes the request now",
            "The profile was changed since this sign-in. Okta was handed the request as it is made now, without a browser, and \
             had nothing against it; whether it had anything against the one before is not known.",
            "Sign in again.",
        ),
        Matter::SessionExpired => told(
            "The session ended",
            "The access token ended, and Okta gave none to renew it with.",
            format!(
                "Sign in again. To stay signed in, ask for the scope offline_access, and an Okta admin ticks Refresh Token \
                 under {path}."
            ),
        ),
        Matter::SignInCancelled => told("The sign-in was cancelled", "You gave it up.", "Sign in when you like."),
        Matter::SignInSuperseded => told(
            "The sign-in was replaced",
            "A newer sign-in or a sign-out took its place.",
            "Nothing needs to be done.",
        ),
        Matter::SignInGivenUp { uris } => told(
            "The sign-in was cancelled",
            "You gave it up in the browser. If Okta showed an error there, Gatepass cannot see it, and says what is likely.",
            redirect_uri_likely(uris, path),
        ),
        Matter::SignInTimedOut { uris } => told(
            "The sign-in was not finished",
            "Nothing came back from the browser within five minutes. If Okta shows an error there, Gatepass cannot see it, \
             and says what is likely.",
            redirect_uri_likely(uris, path),
        ),
        Matter::SignedOut => told("Nobody is signed in", "This needs a session, and there is none.", "Sign in first."),

        Matter::CertificateNotTrusted { host } => told(
            "The connection is not trusted",
            format!(
                "What answered as {host} has a certificate that this system does not trust: the connection is \
                 intercepted, or the system's clock or its store of certificates is wrong."
            ),
            "If your company inspects connections, its certificate authority belongs into this system's store; ask your \
             IT. Otherwise do not use this network.",
        ),
        Matter::Nonconforming { host } => told(
            "The answer makes no sense",
            format!("{host} answered with something that OpenID Connect does not allow."),
            "Look whether the issuer is right and whether a proxy changes answers.",
        ),
        Matter::ProxyFailed { host } => told(
            "The proxy does not let Gatepass through",
            format!("The proxy of this network did not open the way to {host}, or does not answer itself."),
            format!("Look at the proxy settings of this system, or ask whoever runs the proxy to allow {host}."),
        ),
        Matter::ProxyWantsSignIn { host } => told(
            "The proxy wants a password",
            format!("The proxy of this network lets nobody through to {host} who does not sign in at it (status 407)."),
            "Put user and password into the proxy settings of this system, or ask whoever runs the proxy to let \
             programs through.",
        ),
        Matter::RateLimited { host } => told(
            "Okta asked to slow down",
            format!("{host} had too many requests from this network or app."),
            format!("Wait a minute, then try again. An Okta admin sees the limits under {path}."),
        ),
        Matter::ServerBusy { host, status } => told(
            "Okta has trouble",
            format!("{host} answered with HTTP status {status}."),
            "Try again later; status.okta.com tells about outages.",
        ),
        Matter::Unreachable { host } => told(
            "Okta cannot be reached",
            format!("{host} did not answer."),
            "Look at the network or a VPN, then try again.",
        ),
        Matter::WebPageInTheWay { host } => told(
            "This network shows a page of its own",
            format!(
                "A web page answered in place of {host}: most likely this network wants you to sign in to it first."
            ),
            "Open any page in a browser and sign in to the network. If there is nothing to sign in to, look whether the \
             issuer is right.",
        ),

        Matter::BadSignature => told(
            NOT_TRUSTED,
            "The ID token is not signed by a key of the issuer in a way that is allowed.",
            "Do not go on; tell your Okta admin, and look whether a proxy changes answers.",
        ),
        Matter::ClockWrong => told(
            NOT_TRUSTED,
            "By this machine's clock the fresh ID token is out of its time.",
            "Set this machine's clock, then sign in again.",
        ),
        Matter::ForeignEndpoint { host } => told(
            NOT_TRUSTED,
            format!("The metadata names an address that is not https on {host}."),
            "Look whether the issuer is right; a profile can allow further hosts.",
        ),
        Matter::IssuerMismatch { host, .. } => told(
            NOT_TRUSTED,
            format!("The answer names another issuer than the profile does ({host})."),
            format!(
                "Use the issuer that Okta's metadata names: no “-admin” in the host, no slash at the end, and a domain of \
                 your own only where Okta says so under {path}."
            ),
        ),
        Matter::NotOurAnswer => told(
            NOT_TRUSTED,
            "What came back belongs to another sign-in.",
            "Close old sign-in pages and sign in again.",
        ),
        Matter::NotTrusted => told(NOT_TRUSTED, "A verification failed.", "Sign in again."),
        Matter::OtherSubject => told(
            NOT_TRUSTED,
            "The renewed ID token belongs to somebody else.",
            "Sign in again, and tell your Okta admin if it happens twice.",
        ),
        Matter::SignInTooOld => told(
            "The sign-in at Okta is too old",
            "The profile demands a recent sign-in at Okta (max_age). Okta's answer says that yours is older, or does not \
             say when it was.",
            format!(
                "Sign out at Okta in the browser, then sign in again; or set prompt to login in the profile, so that Okta \
                 asks each time. How long a sign-in counts for the app stands under {path}."
            ),
        ),
        Matter::WrongAcr => told(
            "You signed in another way than demanded",
            "The profile demands a kind of sign-in (acr_values), and Okta's answer names another one, or none.",
            format!(
                "Compare acr_values in the profile with Okta's names: Okta passes over what it does not know. What the app \
                 itself demands stands under {path}."
            ),
        ),
        Matter::WrongAudience => {
            told(NOT_TRUSTED, "The ID token was made for another app.", format!("Compare the client ID with {path}."))
        }
        Matter::WrongKey => told(
            "The token is bound to another key",
            "The access token is to be bound to a key of this computer's (DPoP), and it names another one, or none.",
            format!(
                "Sign in again. If it stays, look whether a proxy changes answers, and show this to your Okta admin, who \
                 looks under {path}."
            ),
        ),
        Matter::WrongTokenType => told(
            NOT_TRUSTED,
            "Okta issued a kind of token that was not asked for.",
            format!("An Okta admin unticks it under {path}."),
        ),

        Matter::Refusal(refusal) => refusal::texts_of(refusal, path),
    }
}

/// The likeliest cause of a page of Okta's that never leads back.
fn redirect_uri_likely(uris: &[&str], path: &str) -> String {
    format!(
        "If the browser shows “400 Bad Request” about redirect_uri, an Okta admin registers exactly {} under {path}.",
        uris.join(" and ")
    )
}

pub(in crate::words) fn likely_causes(client: &str, policy: &str) -> Vec<String> {
    vec![
        format!(
            "“400 Bad Request” about client_id: the client ID is of another org or mistyped, or its app is not active. \
             Compare it with {client}."
        ),
        format!(
            "Access denied, or a factor that you do not have: a sign-on policy does not let you in. An Okta admin looks at \
             {policy}."
        ),
        "A password that has expired, or an account that is locked: Okta's page says so, and there you mend it or ask \
         your Okta admin."
            .into(),
        "Nothing was wrong, and the page was left before its last step. Then sign in again.".into(),
    ]
}

fn not_an_import(reason: NotAnImport) -> &'static str {
    match reason {
        NotAnImport::DamagedLink => "The link is damaged.",
        NotAnImport::FieldTooLong => "A field in it is too long.",
        NotAnImport::Neither => "It is neither a link nor the text of a profile.",
        NotAnImport::NoIssuerOrClientId => "It has no issuer or no client ID.",
        NotAnImport::NoProfile => "There is no profile in it.",
        NotAnImport::SaidTwice => "The link says the same thing twice.",
        NotAnImport::SeveralProfiles => "There are several profiles in it. Paste one at a time.",
        NotAnImport::TooLong => "It is too long to be a profile.",
    }
}

fn keyring(error: VaultError) -> Texts {
    match error {
        VaultError::Locked => told(
            "The keyring is locked",
            "The system's keyring is locked and was not unlocked.",
            "Unlock the keyring. Gatepass tries again by itself within a few minutes.",
        ),
        VaultError::Denied => told(
            "The keyring was denied",
            "You or the system denied Gatepass access to the keyring.",
            "Allow Gatepass in the keyring's settings. Gatepass tries again by itself within a few minutes.",
        ),
        VaultError::Missing => told(
            "There is no keyring",
            "No keyring runs on this system.",
            "Install or start one (GNOME Keyring, KWallet, KeePassXC). Gatepass tries again by itself within a few minutes.",
        ),
        VaultError::Corrupt => told(
            "The keyring's record cannot be read",
            "What the keyring holds for this profile is damaged or of another version.",
            "Sign in again to replace it.",
        ),
        VaultError::TooLarge => told(
            "The keyring takes no record of this size",
            "The refresh token is larger than this system's keyring takes.",
            "Nothing needs to be done; sign in again after a restart.",
        ),
        VaultError::Unresponsive => told(
            "The keyring does not answer",
            "The system's keyring did not answer in time.",
            "Look for a password dialog behind other windows. Gatepass tries again by itself within a few minutes.",
        ),
    }
}
