//! Which proxy leads to an address. The environment comes first, then the system's settings, both of which the HTTP
//! client reads itself. Linux has no such settings but the desktop's, whose portal is asked; it knows of configuration
//! scripts too.

use gatepass_oidc::RouteFinder;

#[cfg(target_os = "linux")]
mod portal;

/// Who knows the ways out beside the HTTP client itself; nobody where the environment names a proxy.
pub(crate) fn route_finder() -> Option<RouteFinder> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let environment_decides = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].into_iter().any(is_set);
    if environment_decides { None } else { of_the_desktop() }
}

#[cfg(target_os = "linux")]
fn of_the_desktop() -> Option<RouteFinder> {
    let portal = std::sync::Arc::new(portal::Portal::of_this_session());
    Some(RouteFinder::new(move |url| {
        let portal = std::sync::Arc::clone(&portal);
        async move { portal.ask(url).await }
    }))
}

#[cfg(not(target_os = "linux"))]
fn of_the_desktop() -> Option<RouteFinder> {
    None
}
