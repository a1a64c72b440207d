//! The note for an Okta admin: it names the request that Okta refused, by which the System Log knows it.

use gatepass_fake_okta::{Endpoint, FakeOkta, Fault, Org};
use gatepass_tests::org_and_machine;
use gatepass_wire::{Problem, Status};

/// The request ID that the note has in it, if any.
fn named(problem: &Problem) -> Option<&str> {
    let note = problem.note.as_deref().expect("a note");
    note.lines().find_map(|line| line.strip_prefix("Okta's request ID: "))
}

/// That of the last answer of the token endpoint.
fn sent_last(okta: &FakeOkta) -> String {
    let last = okta.answers_of(Endpoint::Token).pop().expect("an answer");
    assert!(last.status >= 400, "{last:?}");
    last.request_id
}

fn refuse(error: &str, description: &str) -> Fault {
    Fault::Refuse { status: 400, error: error.into(), description: description.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_named_by_the_id_that_okta_sent_with_it() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    let no_policy = || refuse("access_denied", "Policy evaluation failed for this request.");
    okta.fault(Endpoint::Token, no_policy());
    let problem = running.fail_to_sign_in("work").await;
    assert_eq!(named(&problem), Some(&*sent_last(&okta)), "{problem:?}");

    // A renewal that stays refused is told with the ID of its last refusal.
    running.sign_in("work").await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        okta.fault(Endpoint::Token, no_policy());
        assert_eq!(running.refresh("work").await, Status::Blocked);
        let problem = running.profile("work").problem.expect("a problem");
        ids.push(sent_last(&okta));
        assert_eq!(named(&problem), ids.last().map(String::as_str), "{problem:?}");
    }
    assert_ne!(ids[0], ids[1]);

    // So is the end of the session.
    okta.fault(Endpoint::Token, refuse("invalid_grant", "The refresh token is invalid or expired."));
    running.refresh("work").await;
    let problem = running.until_status("work", Status::SignInNeeded).await.problem.expect("a problem");
    assert_eq!((problem.code.as_str(), named(&problem)), ("session-ended", Some(&*sent_last(&okta))));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_through_the_browser_has_no_id_that_could_be_named() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    okta.edit(|org| org.servers[0].policies.clear());
    let running = machine.start().await;
    let problem = running.fail_to_sign_in("work").await;
    assert_eq!((problem.code.as_str(), named(&problem)), ("no-matching-policy", None));
    running.quit().await;
}
