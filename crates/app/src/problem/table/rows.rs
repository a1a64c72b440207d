//! What can come from Okta, row by row. Texts are Okta's own; what it puts in place of a name is in brackets.

use gatepass_agent::{BrowserFailed, Error, SignInEnd, SignedOutReason};
use gatepass_oidc::{Check, Error as OidcError};

/// One kind of trouble.
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) came: Vec<Came>,
}

/// What comes in.
pub(super) enum Came {
    /// An `error` code with its description and HTTP status; 0 where it comes back through the browser.
    Refused(&'static str, &'static str, u16),
    /// The same from an org's own authorization server.
    RefusedByOrg(&'static str, &'static str, u16),
    /// Something else: what it is, and as what the agent knows it.
    Seen(&'static str, Error),
    /// Something that never reaches Gatepass, or no person: what it is, and why not.
    Never(&'static str, &'static str),
}

use Came::{Never, Refused, RefusedByOrg, Seen};

pub(super) const NOTHING: &str = "nothing: Okta shows the error on a page of its own, and the sign-in runs out of time";
const ASKED: &str = "nothing, and Okta takes the same request when it is asked what is wrong with it";
const ASKED_SINCE: &str = "nothing, and Okta takes the request when it is asked, of a profile that was changed since";
const GIVEN_UP: &str = "nothing, and the person cancels";
const SIGN_OUT: &str = "Okta shows it in the browser after a sign-out. Gatepass has forgotten the session by then";

fn timed_out() -> Error {
    Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true })
}

fn busy(status: u16) -> Error {
    Error::Oidc(OidcError::Busy { retry_after: None, status })
}

fn untrusted(check: Check) -> Error {
    Error::Oidc(OidcError::Untrusted(check))
}

/// All of them.
pub(super) fn rows() -> Vec<Row> {
    let all = asking_to_sign_in().into_iter().chain(scopes_and_policies()).chain(tokens()).chain(the_rest());
    all.enumerate().map(|(index, came)| Row { number: index + 1, came }).collect()
}

/// Rows 1 to 16: the app, its credentials, its grant types.
fn asking_to_sign_in() -> Vec<Vec<Came>> {
    vec![
        vec![
            Seen(NOTHING, timed_out()),
            Seen(GIVEN_UP, Error::SignInEnded(SignInEnd::Cancelled)),
            Seen(ASKED, Error::RequestAccepted),
            Seen(ASKED_SINCE, Error::RequestAcceptedNow),
            Refused(
                "invalid_request",
                "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
                400,
            ),
        ],
        vec![Seen(NOTHING, timed_out()), Refused("missing_redirect_uri", "redirect_uri is missing.", 400)],
        vec![Seen(NOTHING, timed_out()), Refused("invalid_client", "Invalid value for 'client_id' parameter.", 401)],
        vec![Refused("invalid_client", "No client credentials found.", 401)],
        vec![Refused(
            "invalid_client",
            "Client authentication failed. Either the client or the client credentials are invalid.",
            401,
        )],
        vec![Refused("invalid_client", "The client secret supplied for a confidential client is invalid.", 401)],
        vec![Refused("invalid_client", "Found Authentication header but was not valid client credentials.", 401)],
        vec![Refused(
            "invalid_client",
            "Browser requests to the token endpoint must use Proof Key for Code Exchange.",
            401,
        )],
        vec![
            Refused(
                "unauthorized_client",
                "Browser requests to the token endpoint may only use the authorization_code grant_type.",
                400,
            ),
            Refused(
                "invalid_scope",
                "Browser requests to the token endpoint may not include the offline_access scope.",
                400,
            ),
            Refused(
                "invalid_request",
                "Browser requests to the token endpoint must be made from one of the registered Trusted Origins.",
                400,
            ),
        ],
        vec![Refused("invalid_request", "PKCE code challenge is required by the application.", 0)],
        vec![
            Refused("invalid_grant", "PKCE verification failed.", 400),
            Refused("invalid_request", "PKCE code verifier is required by the application.", 400),
            Refused(
                "invalid_request",
                "PKCE code challenge should be specified in the authorize request for code verification.",
                400,
            ),
        ],
        vec![
            Refused("invalid_request", "PKCE code challenge method is not supported. Valid values: [S256]", 0),
            Refused("invalid_request", "PKCE code challenge contains illegal characters.", 0),
        ],
        vec![Refused("invalid_request", "The authentication request has an invalid 'state' parameter.", 0)],
        vec![Refused(
            "unsupported_response_type",
            "The response type is not supported by the authorization server. Configured response types: [token].",
            0,
        )],
        vec![
            Refused(
                "unauthorized_client",
                "The client is not authorized to use the provided grant type. Configured grant types: [implicit].",
                400,
            ),
            Refused("unauthorized_client", "The client is not authorized to use the provided grant type.", 400),
        ],
        vec![Refused(
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server. Configured grant types: [x].",
            400,
        )],
    ]
}

/// Rows 17 to 31: who may, and what for.
fn scopes_and_policies() -> Vec<Vec<Came>> {
    vec![
        vec![Refused(
            "access_denied",
            "Policy evaluation failed for this request, please check the policy configurations.",
            401,
        )],
        vec![Refused("access_denied", "User is not assigned to the client application.", 0)],
        vec![
            Refused(
                "access_denied",
                "Some of the requested scopes were denied by the policy. Denied scopes: [groups].",
                400,
            ),
            Refused("access_denied", "Policy evaluation succeeded, but all the requested scopes were rejected.", 400),
        ],
        vec![Refused(
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
            0,
        )],
        vec![
            Refused("invalid_scope", "Custom scopes are not allowed for this request.", 0),
            Refused("invalid_scope", "The following scopes are not allowed for this request: [x].", 0),
        ],
        vec![Never(
            "`invalid_scope` “Cannot request 'openid' scopes using client credentials.”",
            "Gatepass signs people in and never asks for a token of a machine (client_credentials)",
        )],
        vec![
            Refused(
                "invalid_scope",
                "The authorization server resource does not have any configured default scopes, 'scope' must be \
                 provided.",
                0,
            ),
            Refused("invalid_scope", "No scopes were requested.", 0),
        ],
        vec![
            Refused(
                "access_denied",
                "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope.",
                403,
            ),
            Refused(
                "invalid_scope",
                "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope.",
                0,
            ),
        ],
        vec![
            Refused("consent_required", "The following scopes require user consent: [x].", 0),
            Refused("consent_required", "You are not allowed any of the requested scopes.", 0),
        ],
        vec![
            Refused("login_required", "The client specified not to prompt, but the user is not logged in.", 0),
            Refused(
                "login_required",
                "The client specified not to prompt, but the client app requires re-authentication or MFA.",
                0,
            ),
            Refused(
                "login_required",
                "A 'prompt' value of 'none' requires an existing session to successfully authorize.",
                0,
            ),
            Refused("login_required", "Request expired, please start over and try again.", 0),
        ],
        vec![Refused(
            "interaction_required",
            "Your client is configured to use the interaction code flow and user interaction is required to complete the \
             request.",
            0,
        )],
        vec![
            Refused(
                "unmet_authentication_requirements",
                "Unable to meet the authentication requirements imposed by 'acr_values' parameter.",
                0,
            ),
            Seen(
                "an ID token whose `acr` is none of those that the profile demands",
                untrusted(Check::AuthenticationContext),
            ),
            Seen("an ID token whose `auth_time` is older than `max_age`", untrusted(Check::AuthenticationTime)),
        ],
        vec![Refused("access_denied", "The resource owner or authorization server denied the request.", 0)],
        vec![Refused("access_denied", "The request is made from outside the client's permitted network zones.", 0)],
        vec![
            Refused("access_denied", "The user's password is expired.", 0),
            Refused("access_denied", "Login failed.", 0),
            Refused("access_denied", "User canceled the social login request.", 0),
            Refused("access_denied", "User creation was disabled.", 0),
            Refused("access_denied", "User linking was denied by the callout service.", 0),
            Refused("access_denied", "The username transform 'robin@acme.com' is invalid.", 0),
            Refused("jit_failure_missing_fields", "Unable to create the user.", 0),
        ],
    ]
}

/// Rows 32 to 54: tokens and their servers.
fn tokens() -> Vec<Vec<Came>> {
    vec![
        vec![Refused("invalid_grant", "The authorization code is invalid or has expired.", 400)],
        vec![Refused(
            "invalid_grant",
            "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
            400,
        )],
        vec![
            Refused("invalid_grant", "The grant was issued to another client.", 400),
            Refused("invalid_request", "The grant was issued for another authorization server.", 400),
        ],
        vec![Refused("invalid_grant", "The refresh token is invalid or expired.", 400)],
        vec![Seen(
            "a good answer without `refresh_token`, and its access token has ended",
            Error::SignInRequired(SignedOutReason::Expired),
        )],
        vec![Refused(
            "access_denied",
            "Some of the scopes requested for the refresh request were not granted in the original authorize request. \
             Denied scopes: x.",
            400,
        )],
        vec![Never(
            "`authorization_pending` “The device authorization is pending. Please try again later.”",
            "it is how waiting for the other device looks. Gatepass goes on asking",
        )],
        vec![Never(
            "`slow_down` “Slow down the polling frequency. Please try again later.”",
            "Gatepass asks less often from then on",
        )],
        vec![
            Refused("expired_token", "The device code has expired.", 400),
            Refused("invalid_grant", "The device code is invalid or has expired.", 400),
        ],
        vec![Never(
            "`invalid_user_code` “The user code is invalid or has expired.”",
            "Okta shows it where the code is typed. Type it again; once its time is over, it is number 40",
        )],
        vec![Seen("`too_many_user_codes` (HTTP 429) “Too many user codes generated.”", busy(429))],
        vec![
            Refused(
                "server_error",
                "The groups claim matched too many groups and must be configured to match fewer groups.",
                400,
            ),
            RefusedByOrg(
                "server_error",
                "The groups claim matched too many groups and must be configured to match fewer groups.",
                400,
            ),
        ],
        vec![
            Refused("server_error", "The 'x' user claim could not be evaluated.", 400),
            Refused("server_error", "The 'x' system claim could not be evaluated.", 400),
        ],
        vec![
            Refused("server_error", "The callback service returned an error.", 400),
            Refused("server_error", "The callout service returned an invalid response.", 0),
        ],
        vec![
            Seen("HTTP 503, whatever it says (`E0000010` “Service is in read only mode”)", busy(503)),
            Seen("`temporarily_unavailable`, through the browser", busy(0)),
            Refused("E0000009", "Internal Server Error", 400),
        ],
        vec![
            Seen("HTTP 429, whatever it says (`invalid_grant`, too)", busy(429)),
            Refused("E0000047", "API call exceeded rate limit due to too many requests.", 0),
        ],
        vec![Never(
            "`use_dpop_nonce` “Authorization server requires nonce in DPoP proof.”",
            "it is the first half of every request with a proof of possession. Gatepass asks again with the nonce",
        )],
        vec![
            Refused("invalid_dpop_proof", "The DPoP proof JWT header is missing.", 400),
            Refused("invalid_request", "The resource request requires a DPoP proof.", 400),
            Refused("invalid_dpop_proof", "The DPoP proof JWT is issued in the future.", 400),
            Refused("invalid_dpop_proof", "The DPoP proof JWT is issued more than five minutes in the past.", 400),
            Refused("invalid_dpop_proof", "Invalid DPoP Public Key binding in refresh token", 400),
            Refused("invalid_dpop_proof", "The DPoP proof JWT has already been used.", 400),
            Seen("an access token that is bound to another key (`cnf`)", untrusted(Check::KeyBinding)),
        ],
        vec![Seen("an ID token or metadata that name another issuer", untrusted(Check::Issuer))],
        vec![
            Seen("an ID token that has ended already", untrusted(Check::Expiry)),
            Seen("an ID token that was issued in the future", untrusted(Check::IssuedAt)),
        ],
        vec![Refused("E0000007", "Not found: Resource not found: ausx (AuthorizationServer)", 404)],
        vec![Refused("E0000015", "You do not have permission to access the feature you are requesting", 401)],
        vec![Refused("unauthorized_client", "This client cannot use a custom authorization server.", 400)],
    ]
}

/// Rows 55 to 72: sign-out, Okta's API, what comes uninvited, this machine.
fn the_rest() -> Vec<Vec<Came>> {
    let taken = Error::RedirectUrisTaken { taken: Vec::new() };
    vec![
        vec![Never(
            "`invalid_request` “The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app \
             settings.”",
            SIGN_OUT,
        )],
        vec![Never(
            "`id_token_does_not_match_session` “The ID token subject does not match the current session's user.”",
            SIGN_OUT,
        )],
        vec![
            Refused("invalid_token", "The access token is invalid.", 401),
            Refused("invalid_token", "The access token provided is not intended for Okta.", 401),
        ],
        vec![Refused("insufficient_scope", "The access token provided does not contain the required scopes.", 403)],
        vec![Refused("E0000006", "You do not have permission to perform the requested action", 403)],
        vec![Refused("E0000011", "Invalid token provided", 401)],
        vec![Never(
            "`E0000001` “Api validation failed”, `E0000003`, `E0000005`, `E0000022`",
            "they answer programs that set Okta up, which Gatepass does not do",
        )],
        vec![Seen(NOTHING, timed_out())],
        vec![
            Refused("idp_initated_flow_disabled", "IdP-initiated login is disabled for this client.", 0),
            Refused("missing_initiate_login_uri", "initiate_login_uri is missing.", 0),
        ],
        vec![Refused("invalid_grant", "The client's assurance requirements are not met.", 400)],
        vec![
            Refused("invalid_request", "The request contained multiple parameters with the same name.", 400),
            Refused("invalid_client", "Cannot supply multiple client credentials.", 401),
        ],
        vec![Refused(
            "unsupported_response_mode",
            "'okta_post_message' response mode cannot be used with the 'code' response type.",
            0,
        )],
        vec![
            Refused("invalid_request", "Identity provider is not valid.", 0),
            Refused("invalid_request", "Invalid value for 'max_age' parameter.", 0),
            Refused("invalid_request", "Invalid value for 'prompt' parameter. Supported values: [none]", 0),
        ],
        vec![Refused("E0000256", "This request produced a response with a header too large to be processed.", 414)],
        vec![Seen("a redirect with another `state`, or with none", untrusted(Check::State))],
        vec![
            Seen("every port of the profile is in use", taken),
            Seen("the system does not let Gatepass listen", Error::Listener { reason: "denied".into() }),
            Seen("no browser opens", Error::Browser(BrowserFailed { reason: "there is none".into() })),
        ],
        vec![
            Refused("server_error", "The requested feature is not enabled in this environment.", 403),
            Refused("access_denied", "The requested feature is not enabled in this environment.", 400),
        ],
        vec![
            Refused(
                "invalid_client",
                "The audience claim for client_assertion must be the endpoint invoked for the request.",
                401,
            ),
            Refused("invalid_client", "The client JWKSet is invalid.", 401),
            Refused("invalid_client", "The client secret is too short to verify a JWT HMAC.", 401),
        ],
    ]
}
