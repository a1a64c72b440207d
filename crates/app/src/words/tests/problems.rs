//! Every problem that there is.

use super::*;

#[test]
fn every_problem_is_told_in_each_language() {
    let uri = RedirectUri::parse(URIS[0]).unwrap();
    let keyring = [
        VaultError::Locked,
        VaultError::Denied,
        VaultError::Missing,
        VaultError::Corrupt,
        VaultError::TooLarge,
        VaultError::Unresponsive,
    ];
    let imports = [
        NotAnImport::DamagedLink,
        NotAnImport::FieldTooLong,
        NotAnImport::Neither,
        NotAnImport::NoIssuerOrClientId,
        NotAnImport::NoProfile,
        NotAnImport::SaidTwice,
        NotAnImport::SeveralProfiles,
        NotAnImport::TooLong,
    ];
    let refusals = [
        Refusal::AccessDenied,
        Refusal::AccessTokenRefused,
        Refusal::ApiScopesNotGranted,
        Refusal::AssertionRefused,
        Refusal::AssuranceNotMet,
        Refusal::CancelledElsewhere,
        Refusal::ClaimNotEvaluated,
        Refusal::ClientRefused,
        Refusal::ClientSecretWrong,
        Refusal::ClientTakesNoSecret,
        Refusal::ClientWantsSecret,
        Refusal::CodeExpired,
        Refusal::CodeGrantOff,
        Refusal::ConsentRequired,
        Refusal::DeviceCodeExpired,
        Refusal::DpopClock,
        Refusal::DpopDemanded,
        Refusal::DpopRefused,
        Refusal::FactorMissing,
        Refusal::FeatureOff,
        Refusal::GrantTypeOff { on: None },
        Refusal::GrantTypeOff { on: Some("\u{2068}implicit\u{2069}") },
        Refusal::GrantTypeUnsupported,
        Refusal::IdpInitiatedOff,
        Refusal::InlineHookFailed,
        Refusal::InteractionCodeApp,
        Refusal::InvalidRequest,
        Refusal::LoginFailed,
        Refusal::NetworkZone,
        Refusal::NoApiAccessManagement,
        Refusal::NoMatchingPolicy,
        Refusal::NoPermission,
        Refusal::NoScope,
        Refusal::NoSuchServer,
        Refusal::NotAssigned,
        Refusal::NotProvisioned,
        Refusal::OpenidScopeMissing,
        Refusal::OrgServerOnly,
        Refusal::OtherServer,
        Refusal::OurMistake,
        Refusal::OutOfOrder,
        Refusal::PasswordExpired,
        Refusal::PkceMismatch,
        Refusal::ProfileSettingRefused,
        Refusal::RateLimited,
        Refusal::RedirectUriChanged,
        Refusal::RedirectUriUnknown { uris: URIS },
        Refusal::Refused { code: "new_code_1" },
        Refusal::RequestTooLarge,
        Refusal::ScopeDenied { denied: None },
        Refusal::ScopeDenied { denied: Some("\u{2068}x\u{2069}") },
        Refusal::ScopeMissing,
        Refusal::ScopeNotHere,
        Refusal::ScopesNeedSignIn,
        Refusal::SignInExpired,
        Refusal::SignInInterrupted,
        Refusal::TooManyGroups { org: false },
        Refusal::UnknownClientId,
        Refusal::UnknownScope,
    ];
    let taken = [(&uri, Some("\u{2068}mongosh\u{2069}".to_owned())), (&uri, None)];
    let others = [
        Matter::BrowserFailed,
        Matter::ClipboardFailed,
        Matter::ListenerFailed,
        Matter::NoIdToken,
        Matter::NoSuchProfile,
        Matter::NotAProfile { field: "client_id", reason: "no https" },
        Matter::ChosenBrowserFailed { browser: "firefox" },
        Matter::NotASetting { key: "theme", reason: "no colour" },
        Matter::SettingsFileNotWritten,
        Matter::SettingsFileUnreadable { what: "line 8" },
        Matter::StartAtSignInFailed,
        Matter::NotSaved { folder: "/home/robin" },
        Matter::NothingToCopy,
        Matter::ProfilesFileNotWritten,
        Matter::ProfilesFileUnreadable { what: "line 7" },
        Matter::Quitting,
        Matter::RedirectUriPending { by: "\u{2068}Kong\u{2069}" },
        Matter::RedirectUrisTaken { taken: &taken },
        Matter::TokenNotCopyable,
        Matter::WouldSignOut,
        Matter::BrowserNeverCame,
        Matter::RenewalInDoubt,
        Matter::RenewalLost,
        Matter::RenewalNotKept,
        Matter::SessionEnded,
        Matter::SessionExpired,
        Matter::SignInCancelled,
        Matter::SignInGivenUp { uris: URIS },
        Matter::SignInSuperseded,
        Matter::SignInTimedOut { uris: URIS },
        Matter::SignedOut,
        Matter::CertificateNotTrusted { host: HOST },
        Matter::Nonconforming { host: HOST },
        Matter::ProxyFailed { host: HOST },
        Matter::ProxyWantsSignIn { host: HOST },
        Matter::RateLimited { host: HOST },
        Matter::ServerBusy { host: HOST, status: 503 },
        Matter::Unreachable { host: HOST },
        Matter::WebPageInTheWay { host: HOST },
        Matter::BadSignature,
        Matter::ClockWrong,
        Matter::ForeignEndpoint { host: HOST },
        Matter::IssuerMismatch { host: HOST, org: true },
        Matter::NotOurAnswer,
        Matter::NotTrusted,
        Matter::OtherSubject,
        Matter::SignInTooOld,
        Matter::WrongAcr,
        Matter::WrongAudience,
        Matter::WrongKey,
        Matter::WrongTokenType,
    ];
    let all = others.into_iter().chain(refusals.map(Matter::Refusal)).chain(imports.map(Matter::NotAnImport)).chain(
        keyring
            .iter()
            .flat_map(|e| [Matter::Keyring(*e), Matter::MemoryOnly(*e), Matter::NotRenewed(*e), Matter::Unread(*e)]),
    );
    for matter in all {
        // The longest way, so that every sentence has room for any.
        let told = || of(matter, Some(Place::ScopesRequested));
        for language in Language::ALL {
            check_form(&speaking(language, told));
        }
        let english = told().title;
        check_both(english, || {
            let Texts { title, detail, advice } = told();
            vec![title.to_owned(), detail, advice]
        });
    }
}
