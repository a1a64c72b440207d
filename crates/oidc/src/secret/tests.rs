use serde_json::json;

use crate::testing::{Canned, KEYS, NOW, SignIn, client, header, http, sign};
use crate::{
    AccessToken, AccessTokenExchange, ApiToken, AuthorizationCode, AuthorizationResponse, Client, ClientAuthentication,
    ClientSecret, Credentials, DeviceSecret, EndSessionRequest, IdTokenHint, NativeSso, RedirectUri, RefreshToken,
    RevocationTarget, Scopes, SigningKey, Subject, okta, prove_possession, refresh,
};

/// Every public type that holds a secret is made here with real ones and printed in both forms of `Debug`.
#[tokio::test]
async fn no_debug_form_tells_a_secret() {
    let mut printed = String::new();
    macro_rules! print {
        ($value:expr) => {
            printed += &format!("{0:?}\n{0:#?}\n", $value)
        };
    }
    let sign_in = SignIn::begin().await;
    let (issuer, provider) = (sign_in.issuer.clone(), sign_in.provider.clone());
    let id_token = sign(&KEYS[0], header(), &sign_in.claims());
    let tokens = sign_in.tokens(&id_token);
    let verifier_is_in = |body: &str| {
        let form: Vec<_> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        form.into_iter().find(|(name, _)| name == "code_verifier").unwrap().1
    };
    let mut secrets = vec![sign_in.parameter("state"), id_token.clone()];
    secrets.extend(["an-access-token", "a-refresh-token", "a-device-secret", "a-code", "h1nt"].map(str::to_owned));

    print!(AccessToken::new("an-access-token"));
    print!(okta::GroupsAsker::Admin(&ApiToken::new("00-an-api-token")));
    secrets.push("00-an-api-token".into());
    print!(AuthorizationCode::new("a-code"));
    print!(IdTokenHint::from_vault("h1nt"));
    let hint = IdTokenHint::from_vault("h1nt");
    let signed_out = RedirectUri::parse("http://localhost:8080/signed-out").unwrap();
    let end_session = EndSessionRequest::new(&provider, &client(), &hint, Some(&signed_out)).unwrap();
    secrets.push(end_session.expose_fields().last().unwrap().1.clone());
    print!(end_session);
    print!(sign_in.address);
    let (device_secret, access_token) = (DeviceSecret::new("a-device-secret"), AccessToken::new("an-access-token"));
    let (subject, audience, scopes) = (&Subject("robin".into()), "api://default", &Scopes::default());
    print!(NativeSso { device_secret: &device_secret, subject_token: &hint, subject, audience, scopes });
    print!(AccessTokenExchange { access_token: &access_token, subject, audience, scopes });
    print!(AuthorizationResponse::parse(b"code=a-code&state=x").unwrap());
    print!(sign_in.redirect("code=a-code"));
    print!(sign_in.redirect("error=access_denied&error_description=a-code"));
    print!(sign_in.pending);
    print!(provider);
    let key = SigningKey::generate();
    secrets.push("s3cret".into());
    secrets.push(key.to_text().expose().trim_start_matches("ES256.").to_owned());
    print!(ClientSecret::new("s3cret"));
    print!(key);
    print!(key.to_text());
    let url = "https://acme.okta.com/".parse().unwrap();
    let proof = prove_possession("GET", &url, &AccessToken::new("an-access-token"), &key, &provider, NOW);
    secrets.push(proof.expose().to_owned());
    print!(proof);
    let credentials = || Credentials::new(ClientSecret::new("s3cret")).or(ClientSecret::new("s3cret"));
    for authentication in [
        ClientAuthentication::ClientSecretBasic(credentials()),
        ClientAuthentication::ClientSecretPost(credentials()),
        ClientAuthentication::PrivateKeyJwt(Credentials::new(key.clone())),
    ] {
        print!(Client { authentication, ..client().bound_to(key.clone()) });
    }

    let nonce = sign_in.parameter("nonce");
    assert!(!printed.contains(&nonce));
    let set = sign_in.redeem(Canned::json(tokens.clone())).await.unwrap();
    secrets.push(verifier_is_in(&issuer.received("/v1/token")[0].body));
    print!(set);
    print!(set.id_token.as_ref().unwrap());
    print!(set.id_token.as_ref().unwrap().to_hint());
    let refresh_token = RefreshToken::new("a-refresh-token");
    print!(refresh_token);
    print!(RevocationTarget::RefreshToken(&refresh_token));
    print!(RevocationTarget::AccessToken(&set.access_token));
    print!(RevocationTarget::DeviceSecret(set.device_secret.as_ref().unwrap()));
    print!(refresh(&refresh_token, &provider, &client(), &http(), NOW).await.unwrap());

    // And the errors of answers that are broken around the secrets.
    let broken = tokens.to_string().replace('}', "");
    for canned in [
        Canned::status(200, &broken),
        Canned::status(400, &broken),
        Canned::status(400, &tokens),
        Canned::status(302, "").with("location", "/?code=a-code"),
        Canned::status(200, json!([tokens])),
    ] {
        issuer.answer("/v1/token", canned);
        let error = refresh(&refresh_token, &provider, &client(), &http(), NOW).await.unwrap_err();
        print!(error);
        printed += &error.to_string();
    }

    for secret in secrets {
        assert!(secret.len() >= 4 && !printed.contains(&secret), "{secret} in:\n{printed}");
    }
}
