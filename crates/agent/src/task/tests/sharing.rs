//! Sign-ins out of the session of another profile.

use super::*;
use crate::Asking;

#[tokio::test(flavor = "multi_thread")]
async fn a_device_secret_that_comes_in_place_of_another_is_the_first_sessions() {
    let mut before = Before::new().await.with_profile("first", &free_redirect_uri());
    before.issuer.share();
    let second = profile("second", before.issuer.url.as_str(), &free_redirect_uri());
    let asking = Asking { sign_in_with: Some(id("first")), ..Asking::default() };
    before.profiles.push(Profile { asking, ..second });
    let fixture = before.start();
    let (first, second) = (id("first"), id("second"));
    fixture.sign_in(&first).await;
    fixture.signed_in(&first).await;
    fixture.sign_in(&second).await;
    fixture.signed_in(&second).await;
    assert_eq!(fixture.browser.opened(1).await.len(), 1);
    assert_eq!(fixture.issuer.received("/v1/token", "actor_token"), ["device-secret-1"]);

    // The vault answers in order, so it was stored before the second session.
    assert!(fixture.kept(&first).unwrap().contains("device-secret-2"));
    assert!(!fixture.kept(&second).unwrap().contains("device-secret"));
    fixture.handle.sign_out(&second, SignOutOptions::default()).await.unwrap();
    fixture.issuer.arrived("/v1/revoke", 1).await;
    assert_eq!(fixture.issuer.received("/v1/revoke", "token"), ["refresh-2"]);
    fixture.handle.sign_out(&first, SignOutOptions::default()).await.unwrap();
    fixture.issuer.arrived("/v1/revoke", 3).await;
    let mut ended = fixture.issuer.received("/v1/revoke", "token").split_off(1);
    ended.sort_unstable();
    assert_eq!(ended, ["device-secret-2", "refresh-1"]);
}
