use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::testing::{NOW, opened};

fn endpoint() -> Url {
    Url::parse("https://acme.okta.com/oauth2/default/v1/token").unwrap()
}

fn fields(attachment: &Attachment) -> Vec<(&str, &str)> {
    attachment.fields.iter().map(|(name, value)| (*name, value.expose_secret())).collect()
}

fn assertion_of(attachment: &Attachment) -> &str {
    let [("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)] = fields(attachment)[..] else {
        panic!("{:?}", fields(attachment))
    };
    assertion
}

#[test]
fn a_public_client_names_itself_and_no_more() {
    let attachment = Credential::PublicClient.attach(&ClientId::new("c"), &endpoint(), NOW);
    assert_eq!(fields(&attachment), [("client_id", "c")]);
    assert!(attachment.basic.is_none());
}

#[test]
fn a_secret_is_posted_as_it_is() {
    let secret = ClientSecret::new("s:e c%é");
    let attachment = Credential::Post(&secret).attach(&ClientId::new("c"), &endpoint(), NOW);
    assert_eq!(fields(&attachment), [("client_id", "c"), ("client_secret", "s:e c%é")]);
    assert!(attachment.basic.is_none());
}

#[test]
fn client_id_and_secret_are_encoded_for_the_header() {
    let secret = ClientSecret::new("s:e c%é+&~");
    let attachment = Credential::Basic(&secret).attach(&ClientId::new("c:1"), &endpoint(), NOW);
    let (user, password) = attachment.basic.as_ref().unwrap();
    // RFC 6749 appendix B, written by hand: a colon in the client ID must not end it.
    assert_eq!((user.as_str(), password.expose_secret()), ("c%3A1", "s%3Ae+c%25%C3%A9%2B%26%7E"));
    assert!(fields(&attachment).is_empty(), "Okta takes one kind of credentials and no second");
}

#[test]
fn an_assertion_says_who_asks_whom_and_until_when() {
    let key = SigningKey::generate();
    let attachment = Credential::Key(&key).attach(&ClientId::new("c"), &endpoint(), NOW);
    assert!(attachment.basic.is_none());
    let jwk: Value = serde_json::from_str(&key.public_jwk()).unwrap();
    let (header, claims) = opened(assertion_of(&attachment), &jwk);
    assert_eq!(header, json!({ "typ": "JWT", "alg": "ES256", "kid": jwk["kid"] }));
    let now = NOW.as_unix_seconds();
    let expected = json!({
        "iss": "c", "sub": "c", "aud": "https://acme.okta.com/oauth2/default/v1/token",
        "iat": now - 5, "exp": now + 295, "jti": claims["jti"],
    });
    assert_eq!(claims, expected);
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.len() >= 22), "{claims}");
}

#[test]
fn an_assertion_is_for_one_request() {
    let key = SigningKey::generate();
    let jwk = serde_json::from_str(&key.public_jwk()).unwrap();
    let made: HashSet<String> = (0..10)
        .map(|_| {
            let attachment = Credential::Key(&key).attach(&ClientId::new("c"), &endpoint(), NOW);
            opened(assertion_of(&attachment), &jwk).1["jti"].to_string()
        })
        .collect();
    assert_eq!(made.len(), 10);
}

#[test]
fn credentials_are_tried_in_their_order() {
    let secret = |text: &str| ClientSecret::new(text);
    let credentials = Credentials::new(secret("1")).or(secret("2")).or(secret("3"));
    let authentication = ClientAuthentication::ClientSecretPost(credentials);
    let order: Vec<&str> = authentication
        .credentials()
        .into_iter()
        .map(|credential| match credential {
            Credential::Post(secret) => secret.expose(),
            _ => panic!("another method"),
        })
        .collect();
    assert_eq!(order, ["1", "2", "3"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Any reader of the standard finds ID and secret again, whatever is in them.
    #[test]
    fn the_header_is_read_again(id in "\\PC{1,20}", secret in "\\PC{1,40}") {
        let id = ClientId::new(id);
        let attachment = Credential::Basic(&ClientSecret::new(secret.clone())).attach(&id, &endpoint(), NOW);
        let (user, password) = attachment.basic.unwrap();
        let header = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        let sent = String::from_utf8(STANDARD.decode(header).unwrap()).unwrap();
        let (user, password) = sent.split_once(':').unwrap();
        let read = |text: &str| -> String {
            url::form_urlencoded::parse(format!("x={text}").as_bytes()).next().unwrap().1.into_owned()
        };
        prop_assert_eq!((read(user), read(password)), (id.as_str().to_owned(), secret));
    }
}
