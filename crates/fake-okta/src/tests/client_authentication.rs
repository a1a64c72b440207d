use base64::engine::general_purpose::STANDARD;

use super::signing::TestKey;
use super::*;
use crate::{AppKind, ClientAuthentication, ClientSecret};

const WRONG_METHOD: &str = "Client authentication failed. Either the client or the client credentials are invalid.";
const WRONG_SECRET: &str = "The client secret supplied for a confidential client is invalid.";
const NO_CREDENTIALS: &str = "No client credentials found.";
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What every endpoint that applications post to does with these credentials; a refresh token that is not one at
/// `token`, so that `invalid_grant` means that the client was believed.
async fn authenticated(setting: &Setting, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Reply {
    let form = [&[("grant_type", "refresh_token"), ("refresh_token", "any")], form].concat();
    setting.post_with("token", &form, headers).await
}

fn is_believed(reply: &Reply) {
    reply.is_error(400, "invalid_grant", "The refresh token is invalid or expired.");
}

fn basic(client_id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client_id}:{secret}")))
}

async fn setting_of(authentication: ClientAuthentication) -> Setting {
    let setting = setting_with(|org| {
        org.clients[0].kind = AppKind::Web;
        org.clients[0].client_authentication = authentication;
    })
    .await;
    setting.okta.allow_unexpected();
    setting
}

fn two_secrets() -> Vec<ClientSecret> {
    vec![ClientSecret::active("new+/ secret"), ClientSecret::inactive("old")]
}

#[tokio::test]
async fn a_secret_in_the_header_is_the_configured_one() {
    let setting = setting_of(ClientAuthentication::SecretBasic(two_secrets())).await;
    let good = basic(DEMO_CLIENT_ID, "new%2B%2F+secret");
    is_believed(&authenticated(&setting, &[], &[("authorization", &good)]).await);
    is_believed(&authenticated(&setting, &[("client_id", DEMO_CLIENT_ID)], &[("authorization", &good)]).await);
    setting.okta.edit(|org| {
        let both = ["new+/ secret", "old"].map(ClientSecret::active).to_vec();
        org.clients[0].client_authentication = ClientAuthentication::SecretBasic(both);
    });
    is_believed(&authenticated(&setting, &[], &[("authorization", &basic(DEMO_CLIENT_ID, "old"))]).await);
}

#[tokio::test]
async fn a_secret_that_is_inactive_or_wrong_is_refused_and_nobodys_fault() {
    for (is_basic, secret) in [(true, "old"), (true, "guess"), (false, "old"), (false, "guess")] {
        let setting = setting_of(match is_basic {
            true => ClientAuthentication::SecretBasic(two_secrets()),
            false => ClientAuthentication::SecretPost(two_secrets()),
        })
        .await;
        let reply = match is_basic {
            true => authenticated(&setting, &[], &[("authorization", &basic(DEMO_CLIENT_ID, secret))]).await,
            false => authenticated(&setting, &[("client_id", DEMO_CLIENT_ID), ("client_secret", secret)], &[]).await,
        };
        reply.is_error(401, "invalid_client", WRONG_SECRET);
        assert!(setting.okta.unexpected().is_empty());
    }
}

#[tokio::test]
async fn another_method_than_the_configured_one_is_refused() {
    let id = ("client_id", DEMO_CLIENT_ID);
    let (header, body) = (basic(DEMO_CLIENT_ID, "s"), ("client_secret", "s"));
    let header = [("authorization", header.as_str())];
    let secrets = vec![ClientSecret::active("s")];

    let setting = setting_of(ClientAuthentication::SecretBasic(secrets.clone())).await;
    authenticated(&setting, &[id, body], &[]).await.is_error(401, "invalid_client", WRONG_METHOD);
    authenticated(&setting, &[id], &[]).await.is_error(401, "invalid_client", NO_CREDENTIALS);

    let setting = setting_of(ClientAuthentication::SecretPost(secrets)).await;
    is_believed(&authenticated(&setting, &[id, body], &[]).await);
    authenticated(&setting, &[], &header).await.is_error(401, "invalid_client", WRONG_METHOD);
    authenticated(&setting, &[body], &[]).await.is_error(401, "invalid_client", NO_CREDENTIALS);

    let setting = setting_of(ClientAuthentication::PrivateKeyJwt(vec![TestKey::new(1).registered("k")])).await;
    authenticated(&setting, &[id, body], &[]).await.is_error(401, "invalid_client", WRONG_METHOD);
    authenticated(&setting, &[id], &header).await.is_error(401, "invalid_client", WRONG_METHOD);
    authenticated(&setting, &[id], &[]).await.is_error(401, "invalid_client", NO_CREDENTIALS);
    assert_eq!(setting.okta.unexpected().len(), 3);

    let setting = setting_with(|_| {}).await;
    let text = "Found Authentication header but was not valid client credentials.";
    authenticated(&setting, &[id], &header).await.is_error(401, "invalid_client", text);
    authenticated(&setting, &[id, body], &[]).await.is_error(401, "invalid_client", WRONG_METHOD);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn credentials_come_once_and_never_in_the_address() {
    let setting = setting_of(ClientAuthentication::SecretPost(vec![ClientSecret::active("s")])).await;
    let form = [("client_id", DEMO_CLIENT_ID), ("client_secret", "s")];
    let text = "Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization \
                header, credentials in the post body, or a client_assertion in the post body.";
    let header = basic(DEMO_CLIENT_ID, "s");
    authenticated(&setting, &form, &[("authorization", &header)]).await.is_error(401, "invalid_request", text);

    let url = format!("{}?client_secret=s", setting.endpoint("token"));
    let request = setting.http.post(url).form(&[("client_id", DEMO_CLIENT_ID)]);
    let reply = Reply::of(request.send().await.unwrap()).await.unwrap();
    let text = "Client credentials cannot be supplied via query parameters.";
    reply.is_error(400, "invalid_request", text);
}

#[tokio::test]
async fn the_other_endpoints_ask_the_same_of_a_client() {
    let setting = setting_of(ClientAuthentication::SecretBasic(vec![ClientSecret::active("s")])).await;
    let header = basic(DEMO_CLIENT_ID, "s");
    for name in ["introspect", "revoke"] {
        let reply = setting.post_with(name, &[("token", "any")], &[("authorization", &header)]).await;
        assert_eq!(reply.status, 200, "{name}");
        let reply = setting.post(name, &[("client_id", DEMO_CLIENT_ID), ("token", "any")]).await;
        reply.is_error(401, "invalid_client", NO_CREDENTIALS);
    }
}

#[tokio::test]
async fn a_header_that_is_not_encoded_as_a_form_is_no_credential() {
    let setting = setting_of(ClientAuthentication::SecretBasic(vec![ClientSecret::active("a")])).await;
    let text = "Found Authentication header but was not valid client credentials.";
    for header in [basic(DEMO_CLIENT_ID, "a&b"), basic(DEMO_CLIENT_ID, "a=b"), "Basic ?".to_owned(), "a".to_owned()] {
        authenticated(&setting, &[], &[("authorization", &header)]).await.is_error(401, "invalid_client", text);
    }
}

#[tokio::test]
async fn a_request_that_is_no_form_is_refused() {
    let setting = setting().await;
    let request = setting.http.post(setting.endpoint("token")).json(&json!({ "client_id": DEMO_CLIENT_ID }));
    let reply = Reply::of(request.send().await.unwrap()).await.unwrap();
    let text = "The content type must be application/x-www-form-urlencoded.";
    reply.is_error(400, "invalid_request", text);
    setting.okta.expect_trouble();
}

/// A server whose application has the key `k`, its pair, and the claims of a good assertion.
async fn with_key() -> (Setting, TestKey, Value) {
    let key = TestKey::new(1);
    let setting = setting_of(ClientAuthentication::PrivateKeyJwt(vec![key.registered("k")])).await;
    let now = setting.okta.now();
    let claims = json!({
        "iss": DEMO_CLIENT_ID, "sub": DEMO_CLIENT_ID, "aud": setting.endpoint("token"), "iat": now, "exp": now + 300,
        "jti": crate::keys::random_value(),
    });
    (setting, key, claims)
}

async fn assert_with(setting: &Setting, assertion: &str) -> Reply {
    authenticated(setting, &[("client_assertion_type", TYPE), ("client_assertion", assertion)], &[]).await
}

#[tokio::test]
async fn a_good_assertion_is_believed_once() {
    let (setting, key, claims) = with_key().await;
    let header = json!({ "alg": "ES256", "kid": "k" });
    let assertion = key.sign(&header, &claims);
    is_believed(&assert_with(&setting, &assertion).await);
    let text = "The client_assertion token has already been used.";
    assert_with(&setting, &assertion).await.is_error(401, "invalid_client", text);
    // `jti` is optional, and `aud` may be a list of one.
    let mut claims = claims;
    claims.as_object_mut().unwrap().remove("jti");
    claims["aud"] = json!([claims["aud"]]);
    is_believed(&assert_with(&setting, &key.sign(&header, &claims)).await);
}

#[tokio::test]
async fn a_wrong_assertion_is_refused_for_the_reason_that_it_is_wrong_for() {
    let (setting, key, claims) = with_key().await;
    let now = setting.okta.now();
    let good = json!({ "alg": "ES256", "kid": "k" });
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        key.sign(&good, &claims)
    };
    let metadata = format!("{}/.well-known/openid-configuration", setting.issuer);
    let mine = [
        (
            with("aud", setting.issuer.as_str().into()),
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
        ),
        (
            with("aud", json!([claims["aud"], metadata])),
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
        ),
        (with("iss", "0oanobody".into()), "The issuer claim for client_assertion is not a valid client_id."),
        (with("sub", "00urobin".into()), "The subject claim for client_assertion is not a valid client_id."),
        (with("exp", Value::Null), "The client_assertion must contain the 'exp' claim as seconds since epoch."),
        ("x.y.z".to_owned(), "The parsing of the client_assertion failed."),
        (TestKey::new(2).sign(&good, &claims), "The client_assertion signature is invalid."),
        (
            key.sign(&json!({ "alg": "HS256", "kid": "k" }), &claims),
            "The client_assertion JWT signature algorithm is invalid.",
        ),
    ];
    let clocks_or_admins = [
        (with("exp", (now - 1).into()), "The client_assertion token is expired."),
        (with("exp", (now + 3700).into()), "The client_assertion token has an expiration too far into the future."),
        (with("iat", (now + 100).into()), "The client_assertion token must be issued before the current time."),
        (key.sign(&json!({ "alg": "ES256", "kid": "gone" }), &claims), "The client_assertion JWT kid is invalid."),
    ];
    for (assertion, text) in &clocks_or_admins {
        assert_with(&setting, assertion).await.is_error(401, "invalid_client", text);
    }
    assert!(setting.okta.unexpected().is_empty(), "{:?}", setting.okta.unexpected());
    for (assertion, text) in &mine {
        assert_with(&setting, assertion).await.is_error(401, "invalid_client", text);
    }
    assert_eq!(setting.okta.unexpected().len(), mine.len());
}

#[tokio::test]
async fn an_assertion_needs_its_type_and_an_application_with_a_key_for_signatures() {
    let (setting, key, claims) = with_key().await;
    let assertion = key.sign(&json!({ "alg": "ES256", "kid": "k" }), &claims);
    let reply = authenticated(&setting, &[("client_assertion", &assertion)], &[]).await;
    reply.is_error(400, "invalid_request", "The client_assertion_type is invalid.");
    let form = [("client_id", "0oaanother"), ("client_assertion_type", TYPE), ("client_assertion", &assertion)];
    let text = "Invalid value for 'client_id' parameter.";
    authenticated(&setting, &form, &[]).await.is_error(401, "invalid_client", text);

    let mut for_encryption = key.registered("k");
    for_encryption["use"] = "enc".into();
    for (authentication, text) in [
        (
            ClientAuthentication::PrivateKeyJwt(vec![for_encryption]),
            "The client_assertion JWT needs to be signed using a signing key.",
        ),
        (
            ClientAuthentication::PrivateKeyJwt(Vec::new()),
            "The client does not have a JWKSet configured, but the client_assertion requires one.",
        ),
        (ClientAuthentication::SecretBasic(vec![ClientSecret::active("s")]), WRONG_METHOD),
    ] {
        setting.okta.edit(|org| org.clients[0].client_authentication = authentication);
        assert_with(&setting, &assertion).await.is_error(401, "invalid_client", text);
    }
}
