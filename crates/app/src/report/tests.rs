use super::*;
use crate::testing::{METADATA, issuer, renewing};

fn draft(issuer: &str) -> ProfileDraft {
    ProfileDraft { issuer: issuer.into(), ..ProfileDraft::default() }
}

async fn check(issuer: &str) -> ProfileReport {
    report(&draft(issuer), &HttpPolicy::default(), Timestamp::default()).await
}

/// Looks at an issuer's text that must not be asked for over the network.
async fn without_asking(issuer: &str) -> (FieldStatus, String) {
    let report = check(issuer).await;
    assert_eq!((report.found_issuer, report.host), (None, None), "{issuer}");
    (report.issuer.status, report.issuer.message)
}

#[tokio::test]
async fn what_is_no_issuer_is_told_without_asking_anyone() {
    for (text, status, says) in [
        ("", FieldStatus::Unknown, ""),
        ("acme.okta.com", FieldStatus::Unknown, "whole address"),
        ("acme", FieldStatus::Unknown, "whole address"),
        ("http://acme.okta.com", FieldStatus::Bad, "https://"),
        ("https://{yourOktaDomain}/oauth2/default", FieldStatus::Bad, "placeholder"),
        ("0oa9x2c71kQabc12345", FieldStatus::Bad, "client ID"),
        ("https://acme.okta.com/oauth2/0oa9x2c71kQabc12345", FieldStatus::Bad, "client ID (0oa…)"),
        ("ftp://acme.okta.com", FieldStatus::Bad, "no issuer"),
    ] {
        let (found, message) = without_asking(text).await;
        assert_eq!(found, status, "{text}: {message}");
        assert!(message.contains(says), "{text}: {message}");
    }
}

#[tokio::test]
async fn what_was_found_is_named() {
    let custom = issuer("/oauth2/default", renewing("unused")).await;
    let found = check(&custom).await;
    assert_eq!(found.issuer.message, "Found: custom authorization server, PKCE, device sign-in.");
    assert_eq!(found.issuer.status, FieldStatus::Good);
    assert_eq!(found.found_issuer.as_deref(), Some(custom.as_str()));
    assert_eq!(found.host.as_deref(), custom.strip_prefix("http://").and_then(|rest| rest.split('/').next()));

    let pasted = check(&format!("{custom}/.well-known/oauth-authorization-server")).await;
    assert_eq!(pasted.issuer.status, FieldStatus::Note);
    assert!(
        pasted.issuer.message.ends_with(&format!("The issuer is {custom}: what you pasted is its metadata address."))
    );
    assert_eq!(pasted.found_issuer, Some(custom));

    let org = issuer("", |path| match path {
        "/.well-known/openid-configuration" => {
            (200, METADATA.replace(r#""code_challenge_methods_supported":["S256"]"#, r#""x":1"#))
        }
        _ => (200, r#"{"keys":[]}"#.into()),
    });
    let found = check(&org.await).await;
    assert_eq!(found.issuer.status, FieldStatus::Note);
    assert!(found.issuer.message.starts_with("Found: the org’s own authorization server, device sign-in."));
}

#[tokio::test]
async fn what_is_wrong_with_a_server_is_told() {
    for (status, body, says) in [
        (404, r#"{"errorCode":"E0000007","errorSummary":"Not found: Resource not found: aus1"}"#, "its ID is wrong"),
        (401, r#"{"errorCode":"E0000015","errorSummary":"You do not have permission"}"#, "no custom authorization"),
        (200, "<html>Sign in to the guest network</html>", "not an authorization server"),
        (200, r#"{"issuer":"https://other.okta.com"}"#, "names another issuer"),
        (503, "", "HTTP status 503"),
    ] {
        let issuer = issuer("/oauth2/aus1", move |_| (status, body.to_owned())).await;
        let report = check(&issuer).await;
        assert!(report.issuer.message.contains(says), "{body}: {}", report.issuer.message);
        assert_ne!(report.issuer.status, FieldStatus::Good);
        assert_eq!(report.found_issuer, None);
    }
    let nobody = check("http://127.0.0.1:9").await;
    assert_eq!(nobody.issuer.message, "127.0.0.1:9 cannot be reached. Look at the address and the network.");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let report = check(&format!("http://{}", listener.local_addr().unwrap())).await;
    assert!(report.issuer.message.contains("does not answer"), "{}", report.issuer.message);
}

#[tokio::test]
async fn no_client_id_is_sent_while_a_draft_is_looked_at() {
    let (asked, paths) = std::sync::mpsc::channel();
    let answer = renewing("unused");
    let issuer = issuer("/oauth2/default", move |path| {
        asked.send(path.to_owned()).unwrap();
        answer(path)
    });
    let draft = ProfileDraft { issuer: issuer.await, client_id: "0oa9x2c71kQabc12345".into(), ..Default::default() };
    report(&draft, &HttpPolicy::default(), Timestamp::default()).await;
    let paths: Vec<_> = paths.try_iter().collect();
    assert_eq!(paths, ["/oauth2/default/.well-known/openid-configuration", "/oauth2/default/v1/keys"]);
}

#[test]
fn a_client_id_is_judged_by_its_shape() {
    for (text, status) in [
        ("", FieldStatus::Unknown),
        ("0oa9x2c71kQabc12345", FieldStatus::Good),
        ("aus4kd81abcdefgh5d7", FieldStatus::Bad),
        ("https://acme.okta.com", FieldStatus::Bad),
        ("{clientId}", FieldStatus::Bad),
        ("two words", FieldStatus::Bad),
    ] {
        let report = client_id(text);
        assert_eq!(report.status, status, "{text}");
        assert_eq!(report.message.is_empty(), status != FieldStatus::Bad);
    }
}

#[test]
fn a_redirect_uri_is_one_that_reaches_us() {
    let of_another_scheme = if cfg!(target_os = "macos") {
        ("com.example.other:/redirect", FieldStatus::Bad, "dev.gatepass.desktop:/")
    } else {
        ("com.example.other:/redirect", FieldStatus::Good, "")
    };
    for (text, status, says) in [
        ("", FieldStatus::Good, ""),
        ("http://127.0.0.1:8585/callback", FieldStatus::Good, ""),
        ("dev.gatepass.desktop:/redirect", FieldStatus::Good, ""),
        of_another_scheme,
        ("https://acme.com/callback", FieldStatus::Bad, "https redirect"),
        ("http://acme.com:80/callback", FieldStatus::Bad, "only at localhost"),
        ("http://localhost/callback", FieldStatus::Bad, "port is missing"),
        ("http://localhost:8585/callback?x=1", FieldStatus::Bad, "no ?, #"),
        ("callback", FieldStatus::Bad, "no address"),
    ] {
        let report = redirect_uri(text);
        assert_eq!(report.message.is_empty(), status == FieldStatus::Good, "{text}");
        assert_eq!(report.status, status, "{text}: {}", report.message);
        assert!(report.message.contains(says), "{text}: {}", report.message);
    }
}
