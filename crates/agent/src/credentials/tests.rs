use super::*;
use crate::ProfileParts;

fn profile(method: &str) -> Profile {
    Profile::from_parts(&ProfileParts {
        name: "Work".into(),
        issuer: "https://acme.okta.com".into(),
        client_id: "0oa9x2c71kQ".into(),
        client_authentication: Some(method.into()),
        ..ProfileParts::default()
    })
    .unwrap()
}

fn secrets(of: &ClientCredentials) -> Vec<&str> {
    of.secrets.iter().map(ClientSecret::expose).collect()
}

#[test]
fn what_is_kept_comes_back_to_the_same_client_on_the_same_machine_alone() {
    let work = profile("client_secret_post");
    let mut kept = ClientCredentials::default();
    kept.add_secret(ClientSecret::new("s3cret \u{e4}\""));
    let (key, dpop_key) = (kept.make_key().key_id().to_owned(), SigningKey::generate());
    assert!(kept.bind_to(&dpop_key) && !kept.bind_to(&dpop_key));
    kept.set_api_token(Some(ApiToken::new("00t0ken")));
    let record = kept.encode(&work, "here");
    assert!(record.expose().is_ascii() && !format!("{kept:?}{record:?}").contains("s3cret"));
    assert!(!format!("{kept:?}{record:?}").contains("00t0ken"));
    let read = ClientCredentials::decode(&work, "here", &record).unwrap();
    assert_eq!((secrets(&read), read.keys()[0].key_id()), (vec!["s3cret \u{e4}\""], key.as_str()));
    assert_eq!(read.dpop_key().map(SigningKey::key_id), Some(dpop_key.key_id()));
    assert_eq!(read.api_token().map(ApiToken::expose), Some("00t0ken"));
    let other_client = Profile { client_id: gatepass_oidc::ClientId::new("0oaother"), ..work.clone() };
    let other_issuer =
        Profile { issuer: gatepass_oidc::IssuerUrl::parse("https://b.okta.com").unwrap(), ..work.clone() };
    for (whose, machine) in [(&other_client, "here"), (&other_issuer, "here"), (&work, "there")] {
        let read = ClientCredentials::decode(whose, machine, &record).unwrap();
        assert!(read.secrets.is_empty() && read.keys.is_empty() && read.dpop_key.is_none());
        assert!(read.api_token().is_none());
    }
    for damaged in
        ["", "{}", &record.expose().replace("\"v\":1", "\"v\":2"), &record.expose().replace("ES256.", "RS256.")]
    {
        let read = ClientCredentials::decode(&work, "here", &SecretRecord::new(damaged));
        assert_eq!(read.unwrap_err(), VaultError::Corrupt, "{damaged}");
    }
}

/// What a server is shown by the credentials as they are now.
fn shown(kept: &ClientCredentials, method: &str) -> ClientAuthentication {
    kept.client(&profile(method)).unwrap().authentication
}

#[test]
fn during_a_rotation_the_old_one_stays_until_the_new_one_was_seen_to_work() {
    let mut kept = ClientCredentials::default();
    kept.add_secret(ClientSecret::new("old"));
    let old_alone = shown(&kept, "client_secret_post");
    assert!(!kept.worked(&old_alone, 0));
    kept.add_secret(ClientSecret::new("new"));
    assert_eq!(secrets(&kept), ["new", "old"]);
    let both = shown(&kept, "client_secret_basic");
    assert!(!kept.worked(&both, 1), "the new one is not registered yet");
    assert!(!kept.worked(&old_alone, 0), "the old one worked while the new one was being added");
    assert_eq!(secrets(&kept), ["new", "old"]);
    assert!(kept.worked(&both, 0));
    assert_eq!(secrets(&kept), ["new"]);

    let old = kept.make_key().key_id().to_owned();
    let by_old = shown(&kept, "private_key_jwt");
    let new = kept.make_key().key_id().to_owned();
    assert_ne!(old, new);
    assert_eq!(kept.make_key().key_id(), new, "a third would push out the one that works");
    assert!(!kept.worked(&by_old, 0) && kept.keys().len() == 2);
    let by_both = shown(&kept, "private_key_jwt");
    assert!(!kept.worked(&by_both, 1) && kept.worked(&by_both, 0));
    assert_eq!(kept.keys()[0].key_id(), new);
    assert_eq!((kept.keys().len(), kept.n_secrets()), (1, 1));
}

#[test]
fn secrets_that_were_mistaken_push_out_one_another_and_never_the_one_that_works() {
    let mut kept = ClientCredentials::default();
    for secret in ["good", "wrong", "wrong, too"] {
        kept.add_secret(ClientSecret::new(secret));
    }
    assert_eq!(secrets(&kept), ["wrong, too", "good"]);
    kept.add_secret(ClientSecret::new("good"));
    assert_eq!(secrets(&kept), ["good", "wrong, too"], "none of them twice");
}

#[test]
fn a_client_without_what_its_server_wants_asks_nobody() {
    let mut kept = ClientCredentials::default();
    assert!(kept.client(&profile("none")).is_ok());
    for method in ["client_secret_basic", "client_secret_post", "private_key_jwt"] {
        let profile = profile(method);
        let missing = Error::NoCredential(profile.asking.client_authentication);
        assert_eq!(kept.client(&profile).unwrap_err(), missing);
    }
    kept.add_secret(ClientSecret::new("a"));
    assert!(kept.client(&profile("client_secret_basic")).is_ok());
    assert!(kept.client(&profile("private_key_jwt")).is_err());
    kept.make_key();
    assert!(kept.client(&profile("private_key_jwt")).is_ok());
}
