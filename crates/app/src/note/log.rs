//! How an Okta admin finds a problem in the System Log: `outcome.reason` there is the name that Okta has for the error
//! inside, which its answer does not tell.

/// A search of the System Log for the problem of this code. `None` where it leaves no trace there.
pub(super) fn filter(code: &str) -> Option<String> {
    const FAILED: &str = r#"eventType sw "app.oauth2" and outcome.result eq "FAILURE""#;
    let reasons = reasons(code)?;
    let each: Vec<_> = reasons.iter().map(|reason| of(reason)).collect();
    Some(match each.as_slice() {
        [] => FAILED.to_owned(),
        [one] => format!("{FAILED} and {one}"),
        several => format!("{FAILED} and ({})", several.join(" or ")),
    })
}

/// A star at the end stands for whatever follows.
fn of(reason: &str) -> String {
    match reason.strip_suffix('*') {
        Some(beginning) => format!(r#"outcome.reason sw "{beginning}""#),
        None => format!(r#"outcome.reason eq "{reason}""#),
    }
}

/// What Okta calls it. Empty where it is not known which it is.
fn reasons(code: &str) -> Option<&'static [&'static str]> {
    Some(match code {
        "access-denied" => &["access_denied"],
        "api-scopes-not-granted" => &["no_org_scopes_granted"],
        "assertion-refused" => &["client_assertion_*"],
        "assurance-not-met" => &["client_requires_mfa_native_sso"],
        "claim-not-evaluated" => &["user_claim_evaluation_failure", "system_claim_evaluation_failure"],
        "client-refused" => &["invalid_client", "invalid_token_endpoint_auth_method"],
        "client-secret-wrong" => &["invalid_client_secret"],
        "client-takes-no-secret" => &["invalid_basic_auth_creds"],
        "client-wants-secret" => &["missing_client_credentials"],
        "code-grant-off" => &["unsupported_response_type"],
        "consent-required" => &["consent_required"],
        "dpop-demanded" => &["invalid_dpop_proof_missing_header"],
        "factor-missing" => &["unmet_authentication_requirements"],
        "grant-type-off" => &["unauthorized_client"],
        "grant-type-unsupported" => &["unsupported_grant_type"],
        "idp-initiated-off" => &["idp_initated_flow_disabled", "missing_initiate_login_uri"],
        "inline-hook-failed" => &["callback_returned_error*", "invalid_callout_response"],
        "interaction-code-app" => &["interaction_required"],
        "login-failed" => &["login_failed"],
        "network-zone" => &["disallowed_network_zone"],
        "no-matching-policy" => &["no_matching_policy"],
        "no-scope" => &["no_default_scopes", "missing_scopes"],
        "not-assigned" => &["user_not_assigned"],
        "not-provisioned" => &["jit_*", "link_*", "user_link_error", "user_match_error", "failed_username_transform*"],
        "rate-limited" => &["user_rate_limited"],
        "redirect-uri-unknown" => &["illegal_redirect_uri*", "missing_redirect_uri"],
        "renewal-lost" | "session-ended" => &["invalid_refresh_token"],
        "scope-denied" => &["scope_denied", "no_scope_allowed"],
        "scope-not-here" => &["illegal_custom_scope", "illegal_scope*"],
        "sign-in-given-up" | "sign-in-timed-out" => &["illegal_redirect_uri*", "invalid_client_id"],
        "too-many-groups" => &["too_many_groups_in_groups_claim"],
        "unknown-client-id" => &["invalid_client_id"],
        "unknown-scope" => &["no_matching_scope"],
        "invalid-request" | "no-permission" | "refused" | "request-accepted" | "request-too-large" => &[],
        _ => return None,
    })
}
