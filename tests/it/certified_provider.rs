//! The same life against a provider that we did not write: npm's `oidc-provider`, certified by the OpenID Foundation.

use std::time::Duration;

use gatepass_tests::{CertifiedProvider, Machine, free_redirect_uri};
use gatepass_wire::{AccessTokenView, Answer, GroupsSource, Intent, Status};

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_renew_restart_and_sign_out() {
    let redirect_uri = free_redirect_uri();
    let provider = CertifiedProvider::start(&redirect_uri).await.expect("a provider");
    let machine = Machine::new();
    machine.write_profiles(&[("work", &provider.issuer, CertifiedProvider::CLIENT_ID, &redirect_uri)]);
    let running = machine.start().await;
    let session = running.sign_in("work").await.session.expect("a session");
    assert_eq!(session.person.name, "alice Example");
    assert_eq!((session.groups.names.len(), session.groups.source), (3, GroupsSource::IdToken));
    assert!(matches!(session.tokens.access, Some(AccessTokenView::Verified(_))), "{:?}", session.tokens.access);
    assert!(machine.browser.page(1).await.body.contains("alice Example"));
    let first = running.copy("work").await;

    // It rotates and has no grace: each renewal must use what the one before brought.
    for _ in 0..3 {
        let before = running.session("work").expires_at;
        machine.clock.advance(Duration::from_secs(250));
        running.app.look_again();
        running
            .until("work", "a renewal", |profile| {
                profile.status == Status::SignedIn && profile.session.as_ref().is_some_and(|s| s.expires_at > before)
            })
            .await;
    }
    assert_ne!(running.copy("work").await, first);
    running.quit().await;

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(machine.browser.n_opened(), 1);

    assert_eq!(running.want(Intent::SignOut { profile: "work".into() }).await, Answer::Done);
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    running.quit().await;
}
