use std::time::Duration;

use super::*;
use crate::{GrantType, PersonStatus, Scope, ScopeConsent};

const MORE_NEEDED: &str = "The client specified not to prompt, but the client app requires re-authentication or MFA.";
const UNMET: &str = "Unable to meet the authentication requirements imposed by 'acr_values' parameter.";
const DENIED: &str = "The resource owner or authorization server denied the request.";
const TWO: &str = "urn:okta:loa:2fa:any";

impl Setting {
    /// The claims of the ID token that comes of a redirect.
    async fn id_claims(&self, outcome: &BrowserOutcome) -> Value {
        let code = parameter(&outcome.url, "code").unwrap_or_else(|| panic!("no code in {}", outcome.url));
        claims(&self.redeem(&code, &[]).await.body["id_token"])
    }
}

#[tokio::test]
async fn acr_is_the_first_value_that_the_person_can_meet() {
    let setting = setting_with(|org| org.people[1].has_second_factor = false).await;
    let one = "urn:okta:loa:1fa:any";
    let if_possible = "urn:okta:loa:2fa:any:ifpossible";
    for (person, asked, acr, n_methods) in [
        ("robin", "", None, 1),
        ("robin", TWO, Some(TWO), 3),
        ("robin", "phr", Some("phr"), 3),
        ("robin", if_possible, Some(if_possible), 3),
        ("noor", if_possible, Some(if_possible), 1),
        ("noor", "urn:okta:loa:2fa:any urn:okta:loa:1fa:any", Some(one), 1),
        ("robin", "urn:nobody:knows", None, 1),
    ] {
        setting.okta.sign_in_as(person);
        let id = setting.id_claims(&setting.authorize(&[("acr_values", asked)]).await).await;
        assert_eq!(id.get("acr").and_then(Value::as_str), acr, "{person} {asked}");
        assert_eq!(id["amr"].as_array().unwrap().len(), n_methods, "{person} {asked}");
    }
    setting.okta.sign_in_as("noor");
    is_told(&setting.authorize(&[("acr_values", TWO)]).await, "unmet_authentication_requirements", UNMET);
}

#[tokio::test]
async fn a_session_of_one_factor_is_not_enough_for_two() {
    let setting = setting().await;
    let browser = Browser::new();
    browser.browse(&setting.authorize_url(&[])).await.unwrap();
    let silent = setting.authorize_url(&[("acr_values", TWO), ("prompt", "none")]);
    is_told(&browser.browse(&silent).await.unwrap(), "login_required", MORE_NEEDED);
    browser.browse(&setting.authorize_url(&[("acr_values", TWO)])).await.unwrap();
    assert_eq!(setting.id_claims(&browser.browse(&silent).await.unwrap()).await["acr"], TWO);
}

#[tokio::test]
async fn a_refresh_does_not_raise_acr() {
    let setting = setting().await;
    let code = parameter(&setting.authorize(&[("acr_values", TWO)]).await.url, "code").unwrap();
    let tokens = setting.redeem(&code, &[]).await.body;
    setting.okta.advance_clock(Duration::from_secs(100));
    let tokens = setting.refresh(&tokens["refresh_token"]).await.body;
    assert_eq!(claims(&tokens["id_token"])["acr"], TWO);
}

#[tokio::test]
async fn max_age_sends_an_old_session_to_the_sign_in_again() {
    let setting = setting().await;
    let browser = Browser::new();
    let id = setting.id_claims(&browser.browse(&setting.authorize_url(&[])).await.unwrap()).await;
    setting.okta.advance_clock(Duration::from_secs(50));
    let same = setting.id_claims(&browser.browse(&setting.authorize_url(&[("max_age", "100")])).await.unwrap()).await;
    assert_eq!(same["auth_time"], id["auth_time"]);
    let silent = setting.authorize_url(&[("max_age", "20"), ("prompt", "none")]);
    is_told(&browser.browse(&silent).await.unwrap(), "login_required", MORE_NEEDED);
    for max_age in ["20", "0"] {
        let url = setting.authorize_url(&[("max_age", max_age)]);
        let again = setting.id_claims(&browser.browse(&url).await.unwrap()).await;
        assert!(again["auth_time"].as_i64() > id["auth_time"].as_i64(), "{max_age}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    let setting = setting().await;
    let range = "Invalid value for 'max_age' parameter. It should be within range 0 - 2^31-1.";
    let modes = "The response mode is not supported by the authorization server. Valid response modes: [query, \
                 fragment, form_post, okta_post_message].";
    for (changes, error, text) in [
        (&[("max_age", "-1")][..], "invalid_request", range),
        (&[("max_age", "2147483648")], "invalid_request", range),
        (
            &[("max_age", "0"), ("prompt", "none")],
            "invalid_request",
            "'prompt' parameter must not have the value 'none' for request with 'zero' as max_age.",
        ),
        (
            &[("prompt", "select_account")],
            "invalid_request",
            "Invalid value for 'prompt' parameter. Supported values: [none, login, consent, login consent]",
        ),
        (&[("response_mode", "web_message")], "unsupported_response_mode", modes),
        (
            &[("response_mode", "okta_post_message")],
            "unsupported_response_mode",
            "'okta_post_message' response mode cannot be used with the 'code' response type.",
        ),
    ] {
        is_told(&setting.authorize(changes).await, error, text);
    }
    assert_eq!(setting.okta.unexpected().len(), 6);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_application_with_interaction_code_is_told_so_when_nobody_is_signed_in() {
    let setting = setting_with(|org| org.clients[0].grant_types.push(GrantType::InteractionCode)).await;
    let text = "Your client is configured to use the interaction code flow and user interaction is required to \
                complete the request.";
    is_told(&setting.authorize(&[("prompt", "none")]).await, "interaction_required", text);
}

#[tokio::test]
async fn the_page_puts_the_hinted_person_first_in_line() {
    let setting = setting_with(|org| org.auto_sign_in = None).await;
    let page = setting.authorize(&[("login_hint", "noor.haddad@acme.example")]).await;
    assert!(page.body.contains("value=\"noor\" autofocus") && page.body.matches("autofocus").count() == 1);
}

#[tokio::test]
async fn who_is_not_active_is_not_signed_in() {
    let setting = setting().await;
    for (status, text) in
        [(PersonStatus::Staged, "Login failed."), (PersonStatus::PasswordExpired, "The user's password is expired.")]
    {
        setting.okta.edit(|org| org.people[0].status = status);
        let browser = Browser::new();
        is_told(&browser.browse(&setting.authorize_url(&[])).await.unwrap(), "access_denied", text);
        let silent = browser.browse(&setting.authorize_url(&[("prompt", "none")])).await.unwrap();
        assert_eq!(parameter(&silent.url, "error").as_deref(), Some("login_required"), "{status:?}");
    }
}

#[tokio::test]
async fn the_policy_counts_for_who_is_chosen_on_the_page_too() {
    let setting = setting_with(|org| {
        org.auto_sign_in = None;
        org.servers[0].policies.clear();
    })
    .await;
    let browser = Browser::new();
    let page = browser.browse(&setting.authorize_url(&[])).await.unwrap();
    let outcome = browser.press(&page, "person-robin").await.unwrap();
    assert_eq!(parameter(&outcome.url, "error").as_deref(), Some("access_denied"));
}

/// A server whose application requires consent, with a scope that needs it and one that may be left out.
async fn with_consent() -> Setting {
    setting_with(|org| {
        org.clients[0].requires_consent = true;
        org.servers[0].scopes = vec![
            Scope { consent: ScopeConsent::Required, ..Scope::named("calendar") },
            Scope { consent: ScopeConsent::Optional, ..Scope::named("contacts") },
        ];
    })
    .await
}

const ALL: (&str, &str) = ("scope", "openid calendar contacts");

#[tokio::test]
async fn consent_is_asked_for_once_and_remembered() {
    let setting = with_consent().await;
    let browser = Browser::new();
    let url = setting.authorize_url(&[ALL]);
    let text = "The following scopes require user consent: [calendar, contacts].";
    browser.browse(&setting.authorize_url(&[("scope", "openid")])).await.unwrap();
    let silent = setting.authorize_url(&[ALL, ("prompt", "none")]);
    is_told(&browser.browse(&silent).await.unwrap(), "consent_required", text);

    let page = browser.browse(&url).await.unwrap();
    assert!(page.body.contains("<li>calendar</li>") && !page.body.contains("<li>openid</li>"), "{}", page.body);
    let outcome = browser.press(&page, "allow").await.unwrap();
    let tokens = setting.redeem(&parameter(&outcome.url, "code").unwrap(), &[]).await.body;
    assert_eq!(tokens["scope"], ALL.1);
    assert_eq!(browser.press(&page, "allow").await.unwrap().status, Some(400));
    for url in [&url, &silent] {
        assert!(parameter(&browser.browse(url).await.unwrap().url, "code").is_some());
    }
    let page = browser.browse(&setting.authorize_url(&[ALL, ("prompt", "consent")])).await.unwrap();
    assert!(page.body.contains("id=\"allow\""), "prompt=consent asks again");
}

#[tokio::test]
async fn an_optional_scope_can_be_left_out_and_everything_be_denied() {
    let setting = with_consent().await;
    let browser = Browser::new();
    let page = browser.browse(&setting.authorize_url(&[ALL])).await.unwrap();
    is_told(&browser.press(&page, "cancel").await.unwrap(), "access_denied", DENIED);
    let page = browser.browse(&setting.authorize_url(&[ALL])).await.unwrap();
    let outcome = browser.press(&page, "allow-required").await.unwrap();
    let tokens = setting.redeem(&parameter(&outcome.url, "code").unwrap(), &[]).await.body;
    assert_eq!(tokens["scope"], "openid calendar");
    let page = browser.browse(&setting.authorize_url(&[("scope", "openid calendar")])).await.unwrap();
    assert!(parameter(&page.url, "code").is_some());
}

#[tokio::test]
async fn a_trusted_application_asks_for_no_consent_unless_the_request_does() {
    let setting = with_consent().await;
    setting.okta.edit(|org| org.clients[0].requires_consent = false);
    assert!(parameter(&setting.authorize(&[ALL]).await.url, "code").is_some());
    let page = setting.authorize(&[("scope", "openid calendar"), ("prompt", "consent")]).await;
    assert!(page.body.contains("id=\"allow\"") && !page.body.contains("id=\"allow-required\""));
    assert!(parameter(&setting.authorize(&[("scope", "openid"), ("prompt", "consent")]).await.url, "code").is_some());
}
