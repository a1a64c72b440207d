//! Whose it is to mend a problem, and where in Okta's console.

use gatepass_wire::Whose;

use crate::words::{Matter, Place, Refusal};

/// Who mends it, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub(super) whose: Whose,
    /// Where an Okta admin mends it or looks it up. Where there is such a place, there is a note for them.
    pub(super) place: Option<Place>,
}

/// Whose job `matter` is.
pub(super) fn of(matter: &Matter<'_>) -> Job {
    match matter {
        Matter::Refusal(refusal) => of_refusal(refusal),
        // What was wrong is not known, so the first look is at what the browser shows.
        Matter::SignInTimedOut { .. } | Matter::SignInGivenUp { .. } => yours_at(Place::RedirectUris),
        // It is judged in the browser alone, and by no policy likelier than by that one.
        Matter::RequestAccepted => yours_at(Place::SignOnPolicy),
        Matter::ExchangeRefused => yours_at(Place::AuthorizationServers),
        Matter::SessionExpired => admins(Place::GrantTypes),
        Matter::RenewalLost | Matter::SessionEnded => yours_at(Place::RefreshToken),
        Matter::IssuerMismatch { org: true, .. } => yours_at(Place::OrgIssuer),
        Matter::IssuerMismatch { org: false, .. } => yours_at(Place::ServerIssuer),
        Matter::WrongAudience => yours_at(Place::ClientCredentials),
        Matter::WrongAcr | Matter::SignInTooOld => yours_at(Place::SignOnPolicy),
        Matter::WrongKey => yours_at(Place::Dpop),
        Matter::WrongTokenType => admins(Place::Dpop),
        Matter::RateLimited { .. } => yours_at(Place::RateLimits),
        Matter::ServerBusy { .. } | Matter::Nonconforming { .. } => Job { whose: Whose::Okta, place: None },
        _ => YOURS,
    }
}

fn of_refusal(refusal: &Refusal<'_>) -> Job {
    match refusal {
        Refusal::ApiScopesNotGranted => admins(Place::OktaApiScopes),
        Refusal::AssertionRefused => admins(Place::PublicKeys),
        Refusal::ClaimNotEvaluated | Refusal::RequestTooLarge => admins(Place::Claims),
        Refusal::ClientRefused | Refusal::ClientWantsSecret => admins(Place::ClientCredentials),
        Refusal::CodeGrantOff | Refusal::GrantTypeOff { .. } | Refusal::InteractionCodeApp => admins(Place::GrantTypes),
        Refusal::DpopDemanded => admins(Place::Dpop),
        Refusal::IdpInitiatedOff => admins(Place::InitiateLoginUri),
        Refusal::InlineHookFailed => admins(Place::InlineHooks),
        Refusal::NoMatchingPolicy => admins(Place::AccessPolicies),
        Refusal::NoPermission => admins(Place::Administrators),
        Refusal::NotAssigned => admins(Place::Assignments),
        Refusal::NotProvisioned => admins(Place::IdentityProviders),
        Refusal::RedirectUriUnknown { .. } => admins(Place::RedirectUris),
        Refusal::Refused { .. } => admins(Place::SystemLog),
        Refusal::ScopeDenied { .. } => admins(Place::ScopesRequested),
        Refusal::TooManyGroups { org: true } => admins(Place::OrgGroupsClaim),
        Refusal::TooManyGroups { org: false } => admins(Place::Claims),
        Refusal::UnknownScope => admins(Place::Scopes),

        Refusal::AccessDenied => yours_at(Place::SignOnPolicy),
        Refusal::AssuranceNotMet | Refusal::FactorMissing => yours_at(Place::SignOnPolicy),
        Refusal::ClientSecretWrong | Refusal::ClientTakesNoSecret | Refusal::UnknownClientId => {
            yours_at(Place::ClientCredentials)
        }
        Refusal::ConsentRequired => yours_at(Place::UserConsent),
        Refusal::GrantTypeUnsupported | Refusal::NoSuchServer | Refusal::ScopeNotHere => {
            yours_at(Place::AuthorizationServers)
        }
        Refusal::InvalidRequest | Refusal::LoginFailed => yours_at(Place::SystemLog),
        Refusal::NetworkZone => yours_at(Place::Networks),
        Refusal::NoScope => yours_at(Place::Scopes),
        Refusal::RateLimited => yours_at(Place::RateLimits),

        Refusal::OutOfOrder => Job { whose: Whose::Okta, place: None },
        Refusal::OurMistake | Refusal::RedirectUriChanged => Job { whose: Whose::Gatepass, place: None },

        Refusal::AccessTokenRefused
        | Refusal::CancelledElsewhere
        | Refusal::CodeExpired
        | Refusal::DeviceCodeExpired
        | Refusal::DpopClock
        | Refusal::DpopRefused
        | Refusal::FeatureOff
        | Refusal::NoApiAccessManagement
        | Refusal::OpenidScopeMissing
        | Refusal::OrgServerOnly
        | Refusal::OtherServer
        | Refusal::PasswordExpired
        | Refusal::PkceMismatch
        | Refusal::ProfileSettingRefused
        | Refusal::ScopeMissing
        | Refusal::ScopesNeedSignIn
        | Refusal::SignInExpired
        | Refusal::SignInInterrupted => YOURS,
    }
}

const YOURS: Job = Job { whose: Whose::You, place: None };

fn admins(place: Place) -> Job {
    Job { whose: Whose::Admin, place: Some(place) }
}

/// The person's own to try, with a place where an admin finds more.
fn yours_at(place: Place) -> Job {
    Job { whose: Whose::You, place: Some(place) }
}
