//! No secret leaves by a side door: a whole life is lived, and then everything that was logged, sent to a frontend,
//! written to a file or shown in the browser is searched for every secret that the org gave out.

use gatepass_fake_okta::{Endpoint, Fault, Org};
use gatepass_tests::{everything_logged, org_and_machine};
use gatepass_wire::{Intent, Status};

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_sent_shown_or_written() {
    everything_logged();
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.refresh("work").await;
    okta.fault(Endpoint::Token, Fault::WrongSignature);
    running.refresh("work").await;
    running.until_status("work", Status::Offline).await;
    okta.fault(Endpoint::Token, Fault::Html);
    running.refresh("work").await;
    running.refresh("work").await;
    running.until_status("work", Status::SignedIn).await;
    running.copy("work").await;
    running.want(Intent::SignOut { profile: "work".into(), in_browser: false }).await;
    running.until_status("work", Status::SignedOut).await;
    okta.wait_for_count(Endpoint::Revoke, 1).await;

    let page = machine.browser.page(1).await;
    let mut places = vec![
        ("the log", everything_logged()),
        ("what a frontend is sent", running.everything_sent()),
        ("the page in the browser", page.body.clone()),
        ("the address of that page", page.url.to_string()),
        ("the address that the browser is started with", machine.browser.opened(1).await.to_string()),
    ];
    running.quit().await;
    places.extend(machine.files());

    let mut secrets: Vec<String> = okta.issued().into_iter().map(|token| token.value).collect();
    for request in okta.requests() {
        // Not the nonce: it is spent, and stands among the verified claims of the ID token.
        for name in ["code", "code_verifier", "refresh_token", "state"] {
            secrets.extend(request.parameters.get(name).map(str::to_owned));
        }
    }
    let log = machine.paths().activity_file();
    assert!(std::fs::read_to_string(log).is_ok_and(|log| log.contains("signed-in")), "there is no activity to search");
    assert!(secrets.len() > 8, "the org gave out too little to search for");
    assert!(places[0].1.contains("gatepass"), "nothing was logged, so nothing was searched");
    for (place, text) in &places {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{place} has a secret in it");
        }
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_writes_only_its_user_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let draft = gatepass_wire::ProfileDraft {
        issuer: okta.org_issuer(),
        client_id: okta.client_id(),
        ..gatepass_wire::ProfileDraft::default()
    };
    running.want(Intent::AddProfile { draft }).await;
    let place = machine.place();
    let activity = machine.paths().activity_file();
    gatepass_tests::eventually("the activity log", || activity.exists()).await;
    for path in [
        &activity,
        &place.path,
        &machine.paths().state,
        place.path.parent().expect("a folder"),
        &machine.paths().profiles_file(),
    ] {
        let mode = std::fs::metadata(path).unwrap_or_else(|_| panic!("no {}", path.display())).permissions().mode();
        if *path != machine.paths().profiles_file() {
            assert_eq!(mode & 0o077, 0, "{} is open to others: {mode:o}", path.display());
        } else {
            assert_eq!(mode & 0o022, 0, "{} can be written by others: {mode:o}", path.display());
        }
    }
    running.quit().await;
}
