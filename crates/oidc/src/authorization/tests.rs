use super::*;
use crate::testing::{CLIENT_ID, Canned, KEYS, NOW, SignIn, TestIssuer, Wishes, client, header, http, metadata, sign};
use crate::{MalformedResponse, Obstacle, Scope};

use serde_json::json;
use url::Url;

fn parameters(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn a_request_says_all_that_okta_demands() {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["authorization_endpoint"] = json!(format!("{}/v1/authorize?tenant=a%20b", issuer.url));
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    let provider = issuer.discover().await.unwrap();
    let request = AuthorizationRequest {
        provider: &provider,
        client: &client(),
        redirect_uri: &RedirectUri::parse("http://localhost:8080/callback").unwrap(),
        scopes: &Scopes::parse("openid profile offline_access"),
        prompt: Some(Prompt::LoginAndConsent),
        login_hint: Some("robin+1@acme.example"),
        acr_values: &AcrValues::parse("phr urn:okta:loa:2fa:any"),
        max_age: Some(Duration::from_secs(900)),
        response_mode: ResponseMode::FormPost,
        push: false,
    };
    let (mut address, pending) = request.start(&http(), NOW).await.unwrap();
    let url = address.open(NOW).unwrap();
    let parameters = parameters(&url);
    let value = |name: &str| &parameters.iter().find(|(key, _)| key == name).unwrap().1;
    let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "tenant",
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "login_hint",
        "acr_values",
        "max_age",
        "response_mode",
    ];
    assert_eq!(names, expected);
    assert_eq!(value("tenant"), "a b");
    assert_eq!(value("response_type"), "code");
    assert_eq!(value("client_id"), CLIENT_ID);
    assert_eq!(value("redirect_uri"), "http://localhost:8080/callback");
    assert_eq!(value("scope"), "openid profile offline_access");
    assert_eq!(value("code_challenge_method"), "S256");
    assert_eq!(value("prompt"), "login consent");
    assert_eq!(value("login_hint"), "robin+1@acme.example");
    assert_eq!(value("acr_values"), "phr urn:okta:loa:2fa:any");
    assert_eq!(value("max_age"), "900");
    assert_eq!(value("response_mode"), "form_post");
    assert_eq!(pending.issuer(), &issuer.url);
    assert_eq!(pending.redirect_uri().as_str(), "http://localhost:8080/callback");
    assert_eq!(pending.requested_at(), NOW);
}

#[tokio::test]
async fn a_request_says_nothing_of_what_nobody_wishes() {
    let sign_in = SignIn::begin().await;
    let names = |sign_in: &SignIn| parameters(&sign_in.url).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    for absent in ["prompt", "login_hint", "acr_values", "max_age", "response_mode"] {
        assert!(!names(&sign_in).contains(&absent.to_owned()), "{absent}");
    }
    for (prompt, text) in [(Prompt::None, "none"), (Prompt::Login, "login"), (Prompt::Consent, "consent")] {
        let wishes = Wishes { prompt: Some(prompt), max_age: Some(Duration::ZERO), ..Wishes::default() };
        let sign_in = SignIn::begin_with(sign_in.issuer.clone(), wishes).await;
        assert_eq!((sign_in.parameter("prompt").as_str(), sign_in.parameter("max_age").as_str()), (text, "0"));
    }
}

#[tokio::test]
async fn a_silent_try_that_comes_to_nothing_is_known() {
    for (answer, wants_interaction) in [
        ("error=login_required&error_description=The+client+specified+not+to+prompt", true),
        ("error=interaction_required", true),
        ("error=consent_required", true),
        ("error=account_selection_required", true),
        ("error=access_denied", false),
        ("error=Login_Required", false),
        ("error=app_sign_on_required", false),
        ("error=temporarily_unavailable", false),
    ] {
        let wishes = Wishes { prompt: Some(Prompt::None), ..Wishes::default() };
        let sign_in = SignIn::begin_with(TestIssuer::start().await, wishes).await;
        let response = sign_in.redirect(answer);
        assert_eq!(refusal(sign_in, response).await.wants_interaction(), wants_interaction, "{answer}");
    }
    assert!(!Error::Untrusted(Check::State).wants_interaction());
}

#[tokio::test]
async fn secrets_are_long_of_oktas_alphabet_and_never_the_same() {
    let issuer = TestIssuer::start().await;
    let first = SignIn::begin_at(issuer.clone()).await;
    let second = SignIn::begin_at(issuer).await;
    for name in ["state", "nonce", "code_challenge"] {
        // 43 characters of base64url are 256 bits.
        let value = first.parameter(name);
        assert_eq!(value.len(), 43, "{name}");
        assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{value}");
        assert_ne!(value, second.parameter(name));
    }
    assert_ne!(first.parameter("state"), first.parameter("nonce"));
}

#[tokio::test]
async fn a_code_is_traded_with_all_that_proves_the_request() {
    use sha2::{Digest, Sha256};
    let sign_in = SignIn::begin().await;
    let (issuer, challenge) = (sign_in.issuer.clone(), sign_in.parameter("code_challenge"));
    let id_token = sign(&KEYS[0], header(), &sign_in.claims());
    let tokens = sign_in.redeem_for(&id_token).await.unwrap();

    let requests = issuer.received("/v1/token");
    let [request] = requests.as_slice() else { panic!("one request, not {}", requests.len()) };
    assert_eq!(request.method, "POST");
    let form = request.form();
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["grant_type", "code", "redirect_uri", "code_verifier", "client_id"]);
    let [grant_type, code, redirect_uri, verifier, client_id] = form.map_values();
    assert_eq!((grant_type, code, client_id), ("authorization_code", "a-code", CLIENT_ID));
    assert_eq!(redirect_uri, "http://localhost:8080/callback");
    let hash = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, Sha256::digest(verifier));
    assert_eq!(hash, challenge);

    assert_eq!(tokens.access_token.expose(), "an-access-token");
    assert_eq!(tokens.refresh_token.unwrap().expose(), "a-refresh-token");
    assert_eq!(tokens.device_secret.unwrap().expose(), "a-device-secret");
    assert_eq!(tokens.id_token.unwrap().to_hint().expose(), id_token);
    assert_eq!(tokens.scopes, Scopes::parse("openid offline_access"));
    assert_eq!(tokens.received_at, NOW);
    assert_eq!(tokens.expires_at, Some(NOW + std::time::Duration::from_secs(3600)));
    assert!(issuer.received("/v1/revoke").is_empty());
}

trait Values {
    fn map_values<const N: usize>(&self) -> [&str; N];
}

impl Values for Vec<(String, String)> {
    fn map_values<const N: usize>(&self) -> [&str; N] {
        let values: Vec<&str> = self.iter().map(|(_, value)| value.as_str()).collect();
        values.try_into().unwrap()
    }
}

#[tokio::test]
async fn a_stranger_s_redirect_is_told_from_ours() {
    let sign_in = SignIn::begin().await;
    let state = sign_in.parameter("state");
    assert!(sign_in.pending.is_answered_by(&sign_in.redirect("code=a-code")));
    for other in ["x", &state[1..], &format!("{state}x"), &state.to_ascii_uppercase()] {
        let response = AuthorizationResponse::parse(format!("code=a-code&state={other}").as_bytes()).unwrap();
        assert!(!sign_in.pending.is_answered_by(&response), "{other}");
    }
    assert_eq!(AuthorizationResponse::parse(b"code=a-code").unwrap_err(), MalformedResponse::NoState);
}

/// Redeems this response, and shows that no code has left.
async fn refusal(sign_in: SignIn, response: AuthorizationResponse) -> Error {
    let result = sign_in.pending.redeem(response, &sign_in.provider, &client(), &http(), NOW).await;
    assert!(sign_in.issuer.received("/v1/token").is_empty(), "the code must not leave");
    result.unwrap_err()
}

#[tokio::test]
async fn a_wrong_state_spends_no_code() {
    let sign_in = SignIn::begin().await;
    let response = AuthorizationResponse::parse(b"code=a-code&state=x").unwrap();
    assert_eq!(refusal(sign_in, response).await, Error::Untrusted(Check::State));
}

#[tokio::test]
async fn a_wrong_state_is_found_before_an_error_is_believed() {
    let sign_in = SignIn::begin().await;
    let response = AuthorizationResponse::parse(b"error=access_denied&state=x").unwrap();
    assert_eq!(refusal(sign_in, response).await, Error::Untrusted(Check::State));
}

#[tokio::test]
async fn an_error_in_the_redirect_is_a_refusal() {
    let sign_in = SignIn::begin().await;
    let response = sign_in.redirect("error=access_denied&error_description=User+is+not+assigned%0A.");
    let expected = Error::Refused {
        code: "access_denied".into(),
        description: Some("User is not assigned.".into()),
        status: 0,
        request_id: None,
    };
    assert_eq!(refusal(sign_in, response).await, expected);
}

#[tokio::test]
async fn a_busy_server_in_the_redirect_refuses_nothing() {
    let sign_in = SignIn::begin().await;
    let response = sign_in.redirect("error=temporarily_unavailable");
    assert_eq!(refusal(sign_in, response).await, Error::Busy { retry_after: None, status: 0 });
}

#[tokio::test]
async fn an_iss_in_the_redirect_is_compared_to_the_letter() {
    let sign_in = SignIn::begin().await;
    let response = sign_in.redirect(&format!("code=a-code&iss={}/", sign_in.issuer.url));
    assert_eq!(refusal(sign_in, response).await, Error::Untrusted(Check::Issuer));
}

#[tokio::test]
async fn an_iss_that_the_metadata_promises_must_come() {
    let issuer = TestIssuer::start().await;
    let mut document = metadata(&issuer.url);
    document["authorization_response_iss_parameter_supported"] = json!(true);
    issuer.answer("/.well-known/openid-configuration", Canned::json(document));
    let sign_in = SignIn::begin_at(issuer.clone()).await;
    let response = sign_in.redirect("code=a-code");
    assert_eq!(refusal(sign_in, response).await, Error::Untrusted(Check::Issuer));

    let sign_in = SignIn::begin_at(issuer).await;
    let id_token = sign(&KEYS[0], header(), &sign_in.claims());
    let tokens = sign_in.tokens(&id_token);
    sign_in.issuer.answer("/v1/token", Canned::json(tokens));
    let response = sign_in.redirect(&format!("code=a-code&iss={}", sign_in.issuer.url));
    sign_in.pending.redeem(response, &sign_in.provider, &client(), &http(), NOW).await.unwrap();
}

#[tokio::test]
async fn a_code_goes_to_the_issuer_that_was_asked_and_to_no_other() {
    let sign_in = SignIn::begin().await;
    let response = sign_in.redirect("code=a-code");
    let other = SignIn::begin().await;
    let result = sign_in.pending.redeem(response, &other.provider, &client(), &http(), NOW).await;
    assert_eq!(result.unwrap_err(), Error::Untrusted(Check::Issuer));
    assert!(other.issuer.received("/v1/token").is_empty());
}

#[tokio::test]
async fn tokens_that_nobody_will_use_are_revoked() {
    let sign_in = SignIn::begin().await;
    let issuer = sign_in.issuer.clone();
    let id_token = sign(&KEYS[1], header(), &sign_in.claims());
    let error = sign_in.redeem_for(&id_token).await.unwrap_err();
    assert_eq!(error, Error::Untrusted(Check::Signature));
    let revoked: Vec<_> = issuer.received("/v1/revoke").iter().map(|request| request.form()).collect();
    let [form] = revoked.as_slice() else { panic!("one revocation, not {}", revoked.len()) };
    assert_eq!(form.map_values(), ["a-refresh-token", "refresh_token", CLIENT_ID]);
}

#[tokio::test]
async fn a_failed_revocation_does_not_hide_the_failed_check() {
    let sign_in = SignIn::begin().await;
    sign_in.issuer.answer("/v1/revoke", Canned::status(503, ""));
    let id_token = sign(&KEYS[1], header(), &sign_in.claims());
    assert_eq!(sign_in.redeem_for(&id_token).await.unwrap_err(), Error::Untrusted(Check::Signature));
}

#[tokio::test]
async fn an_answer_that_lacks_a_part_is_refused() {
    for (member, value, expected) in [
        ("access_token", json!(null), Error::nonconforming("no access token")),
        ("id_token", json!(null), Error::nonconforming("no ID token")),
        ("id_token", json!("not a token"), Error::nonconforming("the ID token is not a signed JWT")),
        ("token_type", json!("DPoP"), Error::Untrusted(Check::TokenType)),
        ("token_type", json!(null), Error::Untrusted(Check::TokenType)),
    ] {
        let sign_in = SignIn::begin().await;
        let issuer = sign_in.issuer.clone();
        let mut tokens = sign_in.tokens(&sign(&KEYS[0], header(), &sign_in.claims()));
        tokens[member] = value;
        assert_eq!(sign_in.redeem(Canned::json(tokens)).await.unwrap_err(), expected, "{member}");
        assert_eq!(issuer.received("/v1/revoke").len(), 1, "{member}");
    }
}

#[tokio::test]
async fn what_the_answer_does_not_say_is_what_was_asked_for() {
    let sign_in = SignIn::begin().await;
    let mut tokens = sign_in.tokens(&sign(&KEYS[0], header(), &sign_in.claims()));
    for member in ["scope", "expires_in", "refresh_token"] {
        tokens[member] = json!(null);
    }
    let tokens = sign_in.redeem(Canned::json(tokens)).await.unwrap();
    assert!(tokens.scopes.contains(&Scope::offline_access()));
    assert_eq!(tokens.expires_at, None);
    assert!(tokens.refresh_token.is_none());
}

#[tokio::test]
async fn a_hotels_welcome_page_is_no_answer() {
    let sign_in = SignIn::begin().await;
    let error = sign_in.redeem(Canned::status(200, "<html>Welcome</html>")).await.unwrap_err();
    assert!(matches!(error, Error::Obstructed { by: Obstacle::WebPage, .. }), "{error:?}");
}

#[tokio::test]
async fn a_laptop_whose_clock_is_wrong_signs_in_by_the_servers() {
    for offset in [-7200, 7200] {
        let sign_in = SignIn::begin().await;
        let mut claims = sign_in.claims();
        claims["iat"] = json!(NOW.as_unix_seconds());
        let tokens = sign_in.tokens(&sign(&KEYS[0], header(), &claims));
        let answer = Canned::json(tokens).with("date", crate::testing::NOW_AS_DATE);
        sign_in.issuer.answer("/v1/token", answer.clone());
        let response = sign_in.redirect("code=a-code");
        let ours = Timestamp::from_unix_seconds(NOW.as_unix_seconds() + offset);
        let tokens = sign_in.pending.redeem(response, &sign_in.provider, &client(), &http(), ours).await.unwrap();
        // What is counted down is counted by our clock.
        assert_eq!(tokens.expires_at, Some(ours + std::time::Duration::from_secs(3600)));
    }
}
