//! What only a process with an environment of its own can show.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// Names the file with the authority, and makes a test go on in a process of its own: the environment of this one is
/// shared by all tests.
const STAGE: &str = "GATEPASS_TEST_STAGE";

fn run_again(test: &str, stage: &Path, environment: &[(&str, String)]) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("http::tests::between::environment::{test}"), "--nocapture"])
        .env(STAGE, stage)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

fn stage() -> Option<PathBuf> {
    std::env::var_os(STAGE).map(PathBuf::from)
}

#[tokio::test]
async fn a_companys_authority_in_the_systems_store_is_trusted_through_the_environments_proxy() {
    if stage().is_some() {
        // The proxy and the store are the environment's here.
        assert_eq!(http().get(&address()).await.unwrap().body.as_slice(), b"hello");
        return;
    }
    let server = Server::start().await;
    let proxy = Proxy::start(Manner::LeadTo(server.port)).await;
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("ca.pem");
    std::fs::write(&store, &server.ca_pem).unwrap();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let environment = vec![
            ("SSL_CERT_FILE", store.display().to_string()),
            (variable, format!("http://127.0.0.1:{}", proxy.port)),
        ];
        let (before, store) = (proxy.heads().len(), store.clone());
        let test = "a_companys_authority_in_the_systems_store_is_trusted_through_the_environments_proxy";
        tokio::task::spawn_blocking(move || run_again(test, &store, &environment)).await.unwrap();
        assert_eq!(proxy.heads().len(), before + 1, "{variable}");
    }
}
