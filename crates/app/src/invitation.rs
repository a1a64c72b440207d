//! A sign-in that somebody else begins (OIDC Core section 4): Okta's dashboard opens the app's *Initiate login URI* with
//! `iss`. Any page can open such an address, so nothing of it is obeyed: it finds a profile of that org, and the person
//! is asked. `target_link_uri` and `login_hint` are not read.

use gatepass_agent::{Profile, ProfileId};
use gatepass_oidc::IssuerUrl;
use url::Url;

/// Longer addresses are not Okta's.
const MAX_LINK: usize = 2_048;

/// The profile that an address asks to be signed in to, of profiles and whether somebody is signed in to each: the first
/// without a session, else the first, whose issuer has the origin of `iss`, and one of whose
/// redirect URIs has the scheme of the address, or which came by our own. Okta names the org, whatever authorization
/// server the app uses.
pub(crate) fn profile_of<'a>(link: &str, profiles: impl Iterator<Item = (&'a Profile, bool)>) -> Option<ProfileId> {
    let url = Some(link).filter(|link| link.len() <= MAX_LINK).and_then(|link| Url::parse(link).ok())?;
    let mut named = url.query_pairs().filter(|(name, _)| name == "iss");
    let (Some((_, iss)), None) = (named.next(), named.next()) else { return None };
    // An answer to a request, or tokens that nobody asked for, are not an invitation.
    let is_answer = |name: &str| matches!(name, "code" | "state" | "error" | "id_token" | "access_token");
    if url.query_pairs().any(|(name, _)| is_answer(&name)) {
        return None;
    }
    // Without the slash that Okta puts behind an org.
    let iss = IssuerUrl::parse(iss.trim_end_matches('/')).ok()?;
    let is_of_profile = |profile: &Profile| {
        let schemes = profile.redirect_uris.iter().filter_map(|uri| uri.private_scheme());
        profile.issuer.authority() == iss.authority()
            && (url.scheme() == OUR_SCHEME || schemes.into_iter().any(|scheme| scheme == url.scheme()))
    };
    let wanted = profiles.filter(|(profile, _)| is_of_profile(profile));
    wanted.min_by_key(|(_, has_session)| *has_session).map(|(profile, _)| profile.id.clone())
}

/// The scheme that every profile may be reached by.
pub(crate) const OUR_SCHEME: &str = "dev.gatepass.desktop";

#[cfg(test)]
mod tests;
