use gatepass_oidc::{EndpointHosts, Http, HttpPolicy, IdTokenHint, IssuerUrl, Provider, Timestamp};

use super::*;
use crate::testing::plain_page;

/// A page that leads to a server whose metadata come from a real socket.
async fn page() -> LeavingPage {
    let (issuer, _server) = metadata_server().await;
    let http = Http::new(HttpPolicy::default());
    let issuer = IssuerUrl::parse(&issuer).unwrap();
    let now = Timestamp::from_unix_seconds(1_800_000_000);
    let provider = Provider::discover(&issuer, &EndpointHosts::default(), &http, now).await.unwrap();
    let client = gatepass_oidc::Client::public(gatepass_oidc::ClientId::new("0oa1"));
    let hint = IdTokenHint::from_vault("hint.<\"&>.x");
    LeavingPage::open(EndSessionRequest::new(&provider, &client, &hint, None).unwrap(), plain_page()).await.unwrap()
}

/// One that answers every request with the metadata of itself.
async fn metadata_server() -> (String, tokio::task::JoinHandle<()>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let body = serde_json::json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "response_types_supported": ["code"],
        "keys": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
    .to_string();
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
            let _ = stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes()).await;
        }
    });
    (issuer, serving)
}

/// What a visit with these extra headers is answered.
async fn visit(url: &Url, method: &str, headers: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let address = &url[Position::BeforeHost..Position::AfterPort];
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n", url.path());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_shown_once_and_posts_the_hint_to_the_server_alone() {
    let page = page().await;
    let url = page.url().clone();
    let nowhere = url.join("/leave/guessed").unwrap();
    for (url, method, headers) in [
        (&nowhere, "GET", ""),
        (&url, "HEAD", ""),
        (&url, "POST", ""),
        (&url, "GET", "sec-fetch-mode: cors\r\n"),
        (&url, "GET", "sec-purpose: prefetch\r\n"),
    ] {
        let answer = visit(url, method, headers).await;
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.contains("hint."), "{method} {headers}: {answer}");
    }
    let answer = visit(&url, "GET", "sec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(r#"name="id_token_hint" value="hint.&lt;&quot;&amp;&gt;.x""#), "{answer}");
    assert!(!answer.contains("hint.<") && !url.as_str().contains("hint"), "{answer}");
    let policy = answer.lines().find(|line| line.starts_with("content-security-policy")).unwrap();
    assert!(policy.contains("form-action http://127.0.0.1:") && policy.contains("script-src 'sha256-"), "{policy}");
    assert!(visit(&url, "GET", "").await.starts_with("HTTP/1.1 404"), "a second visit is answered nothing");
    assert!(page.visited().await);
}

#[test]
fn the_script_of_the_page_is_the_one_that_its_policy_names() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let endpoint = Url::parse("https://acme.okta.com/oauth2/v1/logout").unwrap();
    let markup = crate::redirect::page::posting(&endpoint, &[], plain_page());
    let script = markup.split_once("<script>").and_then(|(_, rest)| rest.split_once("</script>")).unwrap().0;
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(script));
    let policy = crate::redirect::page::posting_policy(&endpoint);
    assert!(policy.ends_with(&format!("script-src 'sha256-{hash}'")), "{policy}");
    assert!(policy.contains("form-action https://acme.okta.com;"), "{policy}");
}
