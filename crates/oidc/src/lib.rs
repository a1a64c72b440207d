//! The protocol between Gatepass and an authorization server: discovery, the authorization request and its response,
//! the code exchange, sign-in on another device, refresh, token exchange, UserInfo, revocation, sign-out, and the
//! judgement of ID tokens.
//!
//! This crate keeps nothing and knows no time but the one it is given: no keyring, no disk, no clock, no logging of
//! bodies. It uses the `openidconnect` crate inside; none of that crate's types appear in a public signature.
//!
//! Start reading at [`AuthorizationRequest`]: it turns into a URL for the browser and a [`PendingAuthorization`], which
//! alone can turn the browser's [`AuthorizationResponse`] into a [`TokenSet`].

mod acr;
mod authorization;
mod authorization_response;
mod challenge;
mod client;
mod client_authentication;
#[cfg(test)]
mod conformance;
mod device;
mod dpop;
mod error;
mod exchange;
mod http;
mod id_token;
mod introspection;
mod issuer;
mod jws;
mod keys;
mod metadata;
pub mod okta;
mod provider;
mod redirect_uri;
mod refresh;
mod reply;
mod resource;
mod revocation;
mod scope;
mod secret;
mod sign_out;
mod signing_key;
#[cfg(test)]
mod testing;
mod timestamp;
mod token_exchange;
mod token_response;
mod token_set;
mod userinfo;

pub use acr::AcrValues;
pub use authorization::{AuthorizationRequest, AuthorizationUrl, PendingAuthorization, Prompt, ResponseMode};
pub use authorization_response::{AuthorizationResponse, MalformedResponse};
pub use client::{Client, ClientId};
pub use client_authentication::{ClientAuthentication, Credentials};
pub use device::{DeviceAuthorizationRequest, DevicePoll, PendingDeviceAuthorization};
pub use dpop::prove_possession;
pub use error::{Check, Error, Obstacle};
pub use http::{DateObserver, DateReceiver, Departure, Http, HttpPolicy, Route, RouteFinder};
pub use id_token::{IdToken, IdTokenClaims, IdTokenHint, Subject};
pub use introspection::{Introspection, introspect};
pub use issuer::{IssuerUrl, NotAnIssuer};
pub use provider::{Capabilities, EndpointHosts, Provider};
pub use redirect_uri::{LoopbackHost, NotARedirectUri, RedirectUri};
pub use refresh::{Continuation, RefreshResponse, refresh};
pub use revocation::{RevocationTarget, revoke};
pub use scope::{Scope, Scopes};
pub use secret::{
    AccessToken, ApiToken, AuthorizationCode, ClientSecret, DeviceSecret, DpopProof, RefreshToken, SigningKeyText,
};
pub use sign_out::EndSessionRequest;
pub use signing_key::{NotASigningKey, SigningKey};
pub use timestamp::Timestamp;
pub use token_exchange::{AccessTokenExchange, NativeSso};
pub use token_set::{AccessTokenClaims, AccessTokenContent, Opaque, TokenSet, TokenType};
pub use userinfo::{UserInfo, userinfo};
