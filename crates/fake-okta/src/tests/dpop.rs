use std::time::Duration;

use super::signing::TestKey;
use super::*;
use crate::keys::random_value;
use crate::{Endpoint, Fault};

const NO_NONCE: &str = "Authorization server requires nonce in DPoP proof.";
const UNPARSABLE: &str = "The DPoP proof JWT cannot be parsed.";

/// A server whose application requires DPoP, a key, and a nonce that the server has given.
struct Bound {
    setting: Setting,
    key: TestKey,
    nonce: String,
}

impl Bound {
    async fn new() -> Self {
        let setting = setting_with(|org| org.clients[0].requires_dpop = true).await;
        let mut bound = Self { setting, key: TestKey::new(3), nonce: String::new() };
        let reply = bound.redeem("any").await;
        reply.is_error(400, "use_dpop_nonce", NO_NONCE);
        bound.nonce = reply.header("dpop-nonce").to_owned();
        bound
    }

    fn header(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.public })
    }

    /// The claims of a good proof for the token endpoint.
    fn claims(&self) -> Value {
        let (url, iat) = (self.setting.endpoint("token"), self.setting.okta.now());
        json!({ "htm": "POST", "htu": url, "iat": iat, "jti": random_value(), "nonce": self.nonce })
    }

    fn proof(&self) -> String {
        self.key.sign(&self.header(), &self.claims())
    }

    async fn token(&self, form: &[(&str, &str)], proofs: &[&str]) -> Reply {
        let form = [&[("client_id", DEMO_CLIENT_ID)], form].concat();
        let headers: Vec<_> = proofs.iter().map(|proof| ("dpop", *proof)).collect();
        self.setting.post_with("token", &form, &headers).await
    }

    async fn redeem(&self, code: &str) -> Reply {
        let form = [
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT_URI),
            ("code", code),
            ("code_verifier", VERIFIER),
        ];
        self.token(&form, &[&self.proof()]).await
    }

    async fn tokens(&self) -> Value {
        let reply = self.redeem(&self.setting.code(SCOPES).await).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body
    }

    async fn refresh(&self, refresh_token: &Value, proofs: &[&str]) -> Reply {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str().unwrap())];
        self.token(&form, proofs).await
    }

    /// Asks userinfo with this `Authorization` and, if there is one, this proof.
    async fn userinfo(&self, authorization: &str, proof: Option<&str>) -> Reply {
        let request = self.setting.http.get(self.setting.endpoint("userinfo")).header("authorization", authorization);
        let request = proof.into_iter().fold(request, |request, proof| request.header("dpop", proof));
        Reply::of(request.send().await.unwrap()).await.unwrap()
    }

    fn resource_proof(&self, key: &TestKey, access_token: &str) -> String {
        let mut claims = self.claims();
        claims["htm"] = "GET".into();
        claims["htu"] = self.setting.endpoint("userinfo").into();
        claims["ath"] = crate::jwt::digest(access_token).into();
        claims.as_object_mut().unwrap().remove("nonce");
        key.sign(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": key.public }), &claims)
    }
}

/// RFC 7638 for a key of P-256, spelled out.
fn thumbprint(key: &TestKey) -> String {
    let (x, y) = (&key.public["x"], &key.public["y"]);
    crate::jwt::digest(&format!(r#"{{"crv":"P-256","kty":"EC","x":{x},"y":{y}}}"#))
}

#[tokio::test]
async fn a_proof_with_the_servers_nonce_gets_a_token_that_is_bound_to_its_key() {
    let bound = Bound::new().await;
    let tokens = bound.tokens().await;
    assert_eq!(tokens["token_type"], "DPoP");
    let key = json!({ "jkt": thumbprint(&bound.key) });
    assert_eq!(claims(&tokens["access_token"])["cnf"], key);
    let form = [("client_id", DEMO_CLIENT_ID), ("token", tokens["access_token"].as_str().unwrap())];
    let told = bound.setting.post("introspect", &form).await.body;
    assert_eq!((&told["token_type"], &told["cnf"]), (&json!("DPoP"), &key));
}

#[tokio::test]
async fn a_proof_binds_also_where_none_is_required() {
    let bound = Bound::new().await;
    bound.setting.okta.edit(|org| org.clients[0].requires_dpop = false);
    assert_eq!(bound.tokens().await["token_type"], "DPoP");
    assert_eq!(bound.setting.tokens().await["token_type"], "Bearer");
}

#[tokio::test]
async fn the_challenge_spends_neither_code_nor_refresh_token() {
    let mut bound = Bound::new().await;
    let tokens = bound.tokens().await;
    let code = bound.setting.code(SCOPES).await;
    bound.setting.okta.renew_dpop_nonces();
    let reply = bound.redeem(&code).await;
    reply.is_error(400, "use_dpop_nonce", NO_NONCE);
    bound.refresh(&tokens["refresh_token"], &[&bound.proof()]).await.is_error(400, "use_dpop_nonce", NO_NONCE);
    bound.nonce = reply.header("dpop-nonce").to_owned();
    assert_eq!(bound.redeem(&code).await.status, 200);
    assert_eq!(bound.refresh(&tokens["refresh_token"], &[&bound.proof()]).await.status, 200);
}

#[tokio::test]
async fn a_nonce_is_renewed_every_day_and_works_for_three_more() {
    let bound = Bound::new().await;
    let day = Duration::from_secs(24 * 3600);
    for _ in 0..3 {
        bound.setting.okta.advance_clock(day);
        let reply = bound.redeem(&bound.setting.code(SCOPES).await).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_ne!(reply.header("dpop-nonce"), bound.nonce);
    }
    bound.setting.okta.advance_clock(day);
    bound.redeem("any").await.is_error(400, "use_dpop_nonce", NO_NONCE);
}

#[tokio::test]
async fn a_token_request_without_proof_or_with_two_is_refused() {
    let bound = Bound::new().await;
    bound.token(&[("grant_type", "refresh_token"), ("refresh_token", "any")], &[]).await.is_error(
        400,
        "invalid_dpop_proof",
        "The DPoP proof JWT header is missing.",
    );
    let form = [("grant_type", "refresh_token"), ("refresh_token", "any")];
    let reply = bound.token(&form, &[&bound.proof(), &bound.proof()]).await;
    reply.is_error(400, "invalid_dpop_proof", "Multiple DPoP proof JWT headers are not allowed.");
    bound.setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_wrong_proof_is_refused_for_the_reason_that_it_is_wrong_for() {
    let bound = Bound::new().await;
    let now = bound.setting.okta.now();
    let with_header = |name: &str, value: Value| {
        let mut header = bound.header();
        header[name] = value;
        bound.key.sign(&header, &bound.claims())
    };
    let with_claim = |name: &str, value: Value| {
        let mut claims = bound.claims();
        claims[name] = value;
        bound.key.sign(&bound.header(), &claims)
    };
    let with_member = |name: &str, value: &str| {
        let mut key = bound.key.public.clone();
        key[name] = value.into();
        with_header("jwk", key)
    };
    let url = bound.setting.endpoint("token");
    let mine = [
        (with_header("typ", "JWT".into()), "'typ' must be 'dpop+jwt' in the DPoP proof JWT."),
        (with_header("alg", "HS256".into()), "The DPoP proof JWT signature algorithm is invalid."),
        (with_header("jwk", Value::Null), "The DPoP proof JWT is invalid."),
        (with_member("d", "secret"), "The DPoP proof JWT is invalid."),
        (with_member("kid", "k"), "The DPoP proof JWT is invalid."),
        (with_header("jwk", TestKey::new(4).public), "The DPoP proof JWT signature is invalid."),
        ("x.y.z".to_owned(), UNPARSABLE),
        (with_claim("htm", "GET".into()), "'htm' claim in the DPoP proof JWT is invalid."),
        (with_claim("htu", format!("{url}?a=b").into()), "'htu' claim in the DPoP proof JWT is invalid."),
        (with_claim("iat", "now".into()), "'iat' claim in the DPoP proof JWT is invalid."),
        (with_claim("jti", "".into()), "'jti' claim in the DPoP proof JWT is invalid."),
    ];
    let clocks = [
        (with_claim("iat", (now + 60).into()), "The DPoP proof JWT is issued in the future."),
        (with_claim("iat", (now - 301).into()), "The DPoP proof JWT is issued more than five minutes in the past."),
        (with_claim("exp", (now - 1).into()), "The DPoP proof JWT is expired."),
    ];
    let form = [("grant_type", "refresh_token"), ("refresh_token", "any")];
    for (proof, text) in &clocks {
        bound.token(&form, &[proof]).await.is_error(400, "invalid_dpop_proof", text);
    }
    bound.token(&form, &[&with_claim("nonce", "guess".into())]).await.is_error(400, "use_dpop_nonce", NO_NONCE);
    assert!(bound.setting.okta.unexpected().is_empty());
    for (proof, text) in &mine {
        bound.token(&form, &[proof]).await.is_error(400, "invalid_dpop_proof", text);
    }
    assert_eq!(bound.setting.okta.unexpected().len(), mine.len());
    bound.setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_proof_counts_once_even_if_it_was_only_challenged() {
    let bound = Bound::new().await;
    let mut without_nonce = bound.claims();
    without_nonce.as_object_mut().unwrap().remove("nonce");
    let challenged = bound.key.sign(&bound.header(), &without_nonce);
    let mut again = without_nonce;
    again["nonce"] = bound.nonce.as_str().into();
    let form = [("grant_type", "refresh_token"), ("refresh_token", "any")];
    bound.token(&form, &[&challenged]).await.is_error(400, "use_dpop_nonce", NO_NONCE);
    let reply = bound.token(&form, &[&bound.key.sign(&bound.header(), &again)]).await;
    reply.is_error(400, "invalid_dpop_proof", "The DPoP proof JWT has already been used.");
    bound.setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_refresh_token_is_bound_to_the_key_of_the_sign_in() {
    let mut bound = Bound::new().await;
    let tokens = bound.tokens().await;
    let own = bound.proof();
    bound.key = TestKey::new(4);
    let reply = bound.refresh(&tokens["refresh_token"], &[&bound.proof()]).await;
    reply.is_error(400, "invalid_dpop_proof", "Invalid DPoP Public Key binding in refresh token");
    bound.setting.okta.edit(|org| org.clients[0].requires_dpop = false);
    let reply = bound.refresh(&tokens["refresh_token"], &[]).await;
    reply.is_error(400, "invalid_dpop_proof", "The DPoP proof JWT header is missing.");
    let reply = bound.refresh(&tokens["refresh_token"], &[&own]).await;
    assert_eq!((reply.status, &reply.body["token_type"]), (200, &json!("DPoP")));
    bound.setting.okta.expect_trouble();
}

#[tokio::test]
async fn userinfo_wants_a_proof_for_a_bound_token_and_none_for_another() {
    let bound = Bound::new().await;
    let tokens = bound.tokens().await;
    let token = tokens["access_token"].as_str().unwrap();
    let (with_dpop, as_bearer) = (format!("DPoP {token}"), format!("Bearer {token}"));
    let reply = bound.userinfo(&with_dpop, Some(&bound.resource_proof(&bound.key, token))).await;
    assert_eq!((reply.status, &reply.body["name"]), (200, &json!("Robin Calder")));
    bound.setting.okta.assert_nothing_unexpected();

    let is_challenge = |reply: Reply, status, error: &str, text: &str| {
        assert_eq!(reply.status, status);
        let challenge = format!("DPoP error=\"{error}\", error_description=\"{text}\"");
        assert_eq!(reply.header("www-authenticate"), challenge);
    };
    let text = "The resource request must use the DPoP authentication scheme when using a DPoP bound token.";
    is_challenge(bound.userinfo(&as_bearer, None).await, 400, "invalid_request", text);
    let text = "The resource request requires a DPoP proof.";
    is_challenge(bound.userinfo(&with_dpop, None).await, 400, "invalid_request", text);
    let text = "'ath' claim in the DPoP proof does not match the presented access_token.";
    let proof = bound.resource_proof(&bound.key, "another");
    is_challenge(bound.userinfo(&with_dpop, Some(&proof)).await, 400, "invalid_dpop_proof", text);
    let text = "The access_token is not bound to the provided DPoP proof.";
    let proof = bound.resource_proof(&TestKey::new(4), token);
    is_challenge(bound.userinfo(&with_dpop, Some(&proof)).await, 400, "invalid_dpop_proof", text);

    bound.setting.okta.edit(|org| org.clients[0].requires_dpop = false);
    let unbound = bound.setting.tokens().await;
    let token = unbound["access_token"].as_str().unwrap();
    let proof = bound.resource_proof(&bound.key, token);
    let text = "The presented access_token is not DPoP bound.";
    is_challenge(bound.userinfo(&format!("DPoP {token}"), Some(&proof)).await, 401, "invalid_token", text);
    bound.setting.okta.expect_trouble();
}

#[tokio::test]
async fn a_token_can_be_of_the_wrong_kind_or_of_the_wrong_key() {
    let bound = Bound::new().await;
    bound.setting.okta.fault(Endpoint::Token, Fault::BearerDespiteProof);
    let tokens = bound.tokens().await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert!(claims(&tokens["access_token"]).get("cnf").is_none());
    bound.setting.okta.fault(Endpoint::Token, Fault::BoundToAnotherKey);
    let tokens = bound.tokens().await;
    assert_eq!(tokens["token_type"], "DPoP");
    assert_ne!(claims(&tokens["access_token"])["cnf"]["jkt"], thumbprint(&bound.key));
}
