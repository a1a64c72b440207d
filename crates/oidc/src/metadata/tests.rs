use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing;

const OKTA: &str = "https://acme.okta.com/oauth2/default";

/// Reads good metadata of `issuer` after one member was replaced.
fn read(issuer: &str, member: &str, value: Value, hosts: &[&str]) -> Result<Metadata, Error> {
    let issuer = IssuerUrl::parse(issuer).unwrap();
    let mut document = testing::metadata(&issuer);
    document[member] = value;
    let hosts = EndpointHosts(hosts.iter().map(|host| host.to_string()).collect());
    Metadata::read(document.as_object().unwrap(), &issuer, &hosts)
}

#[test]
fn another_issuers_metadata_is_refused_to_the_letter() {
    for named in [
        json!("https://acme.okta.com/oauth2/default/"),
        json!("https://ACME.okta.com/oauth2/default"),
        json!("https://acme.okta.com"),
        json!(null),
        json!([OKTA]),
    ] {
        assert_eq!(read(OKTA, "issuer", named, &[]).unwrap_err(), Error::Untrusted(Check::Issuer));
    }
}

#[test]
fn secrets_go_to_the_issuers_host_alone() {
    for address in [
        "http://acme.okta.com/token",
        "https://evil.example/token",
        "https://acme.okta.com.evil.example/token",
        "https://acme.okta.com@evil.example/token",
        "https://robin@acme.okta.com/token",
        "https://:secret@acme.okta.com/token",
        "https://acme.okta.com/token#fragment",
        "http://127.0.0.1/token",
        "ftp://acme.okta.com/token",
        "/token",
        "",
    ] {
        for member in [
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "revocation_endpoint",
            "end_session_endpoint",
            "pushed_authorization_request_endpoint",
            "device_authorization_endpoint",
        ] {
            let error = read(OKTA, member, json!(address), &[]).unwrap_err();
            assert_eq!(error, Error::Untrusted(Check::Endpoint), "{member} {address}");
        }
    }
}

#[test]
fn an_endpoint_elsewhere_is_taken_where_the_profile_names_its_host() {
    let address = json!("https://Keys.acme.example/keys?v=1");
    assert!(read(OKTA, "jwks_uri", address.clone(), &[]).is_err());
    let metadata = read(OKTA, "jwks_uri", address, &["keys.ACME.example"]).unwrap();
    assert_eq!(metadata.jwks_uri.as_str(), "https://keys.acme.example/keys?v=1");
    assert!(read(OKTA, "jwks_uri", json!("http://keys.acme.example/keys"), &["keys.acme.example"]).is_err());
}

#[test]
fn plain_http_is_from_loopback_to_loopback() {
    let demo = "http://127.0.0.1:8080/oauth2/default";
    read(demo, "token_endpoint", json!("http://127.0.0.1:8081/token"), &[]).unwrap();
    for (issuer, address, hosts) in [
        (demo, "http://acme.okta.com/token", &["acme.okta.com"][..]),
        (OKTA, "http://127.0.0.1:8080/token", &["127.0.0.1"]),
        (demo, "http://localhost:8080/token", &[]),
    ] {
        let error = read(issuer, "token_endpoint", json!(address), hosts).unwrap_err();
        assert_eq!(error, Error::Untrusted(Check::Endpoint), "{address}");
    }
}

#[test]
fn what_a_sign_in_needs_must_be_there() {
    for member in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for value in [json!(null), json!(7)] {
            let error = read(OKTA, member, value, &[]).unwrap_err();
            assert!(matches!(&error, Error::Nonconforming { what } if what.contains(member)), "{error:?}");
        }
    }
}

#[test]
fn what_a_sign_in_does_not_need_may_be_missing() {
    let metadata = read(OKTA, "revocation_endpoint", json!(null), &[]).unwrap();
    assert!(metadata.revocation_endpoint.is_none() && metadata.end_session_endpoint.is_some());
    let metadata = read(OKTA, "id_token_signing_alg_values_supported", json!(null), &[]).unwrap();
    assert_eq!(metadata.id_token_algorithms, ["RS256"]);
    assert!(!read(OKTA, "code_challenge_methods_supported", json!(["plain"]), &[]).unwrap().pkce_s256);
    assert!(!read(OKTA, "code_challenge_methods_supported", json!("S256"), &[]).unwrap().pkce_s256);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_endpoint_is_on_the_issuers_host_or_refused(
        text in "(https?:/{0,3})?[a-z:@#?]{0,3}(acme\\.okta\\.com)?[ -~\u{e4}\u{ff0f}\\\\]{0,12}"
    ) {
        if let Ok(metadata) = read(OKTA, "token_endpoint", json!(text), &[]) {
            prop_assert_eq!(metadata.token_endpoint.host_str(), Some("acme.okta.com"));
            prop_assert_eq!(metadata.token_endpoint.scheme(), "https");
            prop_assert_eq!(metadata.token_endpoint.username(), "");
        }
    }

    #[test]
    fn any_json_object_is_read_or_refused(text in "\\{(\"(issuer|jwks_uri|token_endpoint)\":(1|\"a\"|null|\\[\\]),?){0,3}\\}") {
        if let Ok(document) = serde_json::from_str(&text) {
            let issuer = IssuerUrl::parse(OKTA).unwrap();
            prop_assert!(Metadata::read(&document, &issuer, &EndpointHosts::default()).is_err());
        }
    }
}
