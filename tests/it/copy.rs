//! Handing out the token.

use std::time::Duration;

use gatepass_fake_okta::{Endpoint, Fault, Org, TokenKind};
use gatepass_tests::org_and_machine;
use gatepass_wire::{Answer, CopiedThing, Intent, Status};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_copied_is_what_the_org_issued() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let Answer::Copied(receipt) = running.want(Intent::CopyAccessToken { profile: "work".into() }).await else {
        panic!("it was not copied");
    };
    assert_eq!((receipt.what, receipt.expires_at), (CopiedThing::AccessToken, running.session("work").expires_at));
    let mut issued = okta.issued().into_iter().filter(|token| token.kind == TokenKind::Access).map(|token| token.value);
    assert_eq!(issued.next_back(), running.clipboard());
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_too_little_life_is_renewed_first_and_once() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let first = running.copy("work").await;
    let so_far = okta.count(Endpoint::Token);
    machine.clock.advance(Duration::from_secs(3600 - 59));
    assert_ne!(running.copy("work").await, first);
    assert_eq!(okta.count(Endpoint::Token), so_far + 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_a_shell_would_take_apart_is_not_copied() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    okta.fault(Endpoint::Token, Fault::TokenWithNewline);
    let running = machine.start().await;
    running.click_sign_in("work").await;
    machine.browser.page(1).await;
    running.until("work", "an end", |profile| profile.attempt.is_none()).await;
    if running.profile("work").status == Status::SignedIn {
        let answer = running.want(Intent::CopyAccessToken { profile: "work".into() }).await;
        assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
    }
    assert_eq!(running.clipboard(), None);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_copied_one_a_line() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let answer = running.want(Intent::CopyGroups { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::Copied(_)), "{answer:?}");
    assert_eq!(running.clipboard().expect("a list").lines().count(), 37);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_copied_where_nobody_is_signed_in() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.until_read("work").await;
    running.until_status("work", Status::SignedOut).await;
    let answer = running.want(Intent::CopyAccessToken { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
    assert_eq!(machine.browser.n_opened(), 0);
    running.quit().await;
}
