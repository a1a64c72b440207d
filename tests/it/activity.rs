//! The activity log: what happened, over restarts, and nothing that is nobody's business.

use gatepass_app::{Activity, ActivityEntry};
use gatepass_fake_okta::{Endpoint, Fault, Org};
use gatepass_tests::org_and_machine;
use gatepass_wire::{CopiedThing, Intent, Status};

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_happened_is_in_the_log_also_after_a_restart() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    okta.fault(Endpoint::Token, Fault::ServerError(503));
    running.refresh("work").await;
    running.until_status("work", Status::Offline).await;
    running.refresh("work").await;
    running.until_status("work", Status::SignedIn).await;
    // What the agent says is written down beside what is done for a person, a moment later.
    let is_renewal = |entry: &ActivityEntry| matches!(entry.what, Activity::Renewed { .. });
    while !running.app.activity().await.iter().any(is_renewal) {
        tokio::task::yield_now().await;
    }
    running.copy("work").await;
    running.want(Intent::CopyRedirectUri { profile: "work".into() }).await;
    running.quit().await;

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    okta.end_sessions_of("robin");
    running.refresh("work").await;
    running.until_status("work", Status::SignInNeeded).await;
    running.quit().await;

    let running = machine.start().await;
    let app = running.app.clone();
    // What is waited for when it quits is the disk.
    running.quit().await;
    let log = app.activity().await;
    let about_work: Vec<_> =
        log.iter().filter(|entry| entry.profile.as_deref() == Some("work")).map(|entry| &entry.what).collect();
    let is_renewed = |what: &&Activity| matches!(what, Activity::Renewed { expires_at: Some(_) });
    let mut rest = about_work.iter();
    let mut next = || *rest.next().expect("one more entry");
    assert_eq!(next(), &Activity::SignedIn);
    assert!(matches!(next(), Activity::Setback { code, .. } if code == "server-busy"), "{about_work:?}");
    assert!(is_renewed(&next()), "{about_work:?}");
    assert_eq!(next(), &Activity::Copied { thing: CopiedThing::AccessToken });
    assert_eq!(next(), &Activity::Copied { thing: CopiedThing::RedirectUri });
    assert_eq!(next(), &Activity::Restored);
    assert!(is_renewed(&next()), "{about_work:?}");
    assert_eq!(next(), &Activity::Ended { code: "session-ended".into() });
    assert_eq!(next(), &Activity::Noticed { about: "sign-in-needed".into() });
    assert_eq!(rest.next(), None);
    assert_eq!(log.iter().filter(|entry| entry.what == Activity::Started).count(), 3);
    assert!(log.windows(2).all(|pair| pair[0].at <= pair[1].at), "{log:?}");
}
