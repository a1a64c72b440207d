//! An Okta-shaped authorization server over real HTTP, for tests, for the demo and for development by hand. Never part
//! of the shipped program.
//!
//! It answers on Okta's paths with Okta's members and error texts, for an org server and custom servers. What an admin
//! can set is a field of [`Org`], [`App`] or [`CustomServer`], named as in the console. It is strict: a request that a
//! careful client would not send is recorded, and fails the test when the server is dropped. It misbehaves on order
//! ([`Fault`], [`Gate`]), and shows afterwards what came and what went ([`Received`], [`Issued`]). It keeps nothing on
//! disk, and its passwords are buttons.
//!
//! ```no_run
//! # async fn example() {
//! use gatepass_fake_okta::{Browser, Endpoint, FakeOkta, Fault, Org};
//!
//! let okta = FakeOkta::start(Org::default()).await;
//! okta.sign_in_as("robin");
//! okta.fault(Endpoint::Token, Fault::ResetAfter);
//! // … let the program under test sign in at `okta.issuer()`, with a `Browser` to follow the redirects.
//! # let _ = Browser::new();
//! # }
//! ```
//!
//! Start reading at [`FakeOkta`] for what a test can do, and at `endpoints` for what a client meets.

mod answer;
mod assurance;
mod browser;
mod call;
mod claims;
mod clock;
mod connection;
mod dpop;
mod endpoints;
mod fault;
mod jwt;
mod keys;
mod mint;
mod observe;
mod org;
mod page;
mod parameters;
mod people;
mod server;
mod store;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use browser::{Browser, BrowserOutcome, browse};
pub use fault::{Fault, Gate, RateLimitBody};
pub use keys::OldKey;
pub use observe::{Answered, Endpoint, Issued, Received, TokenKind};
pub use org::{
    AccessPolicy, ApiToken, App, AppKind, Assignment, Claim, ClaimToken, ClaimValue, ClientAuthentication,
    ClientSecret, CustomServer, DEMO_CLIENT_ID, GrantType, GroupFilter, GroupsClaim, GroupsIn, IssuerMode, Lifetimes,
    Org, Par, Rotation, Rule, RuleUsers, Scope, ScopeConsent, TileFlow,
};
pub use parameters::Parameters;
pub use people::{Person, PersonStatus, demo_people, group_id};
pub use server::FakeOkta;

/// Locks, also after a panic elsewhere: a failing test must not hide its reason behind a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
