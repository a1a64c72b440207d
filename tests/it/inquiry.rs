//! Finding out why a sign-in did not finish, where Okta showed the error on a page of its own: asked without a browser, it
//! says it.

use std::time::Duration;

use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, Org, Par, Received};
use gatepass_tests::{Machine, Running, free_redirect_uri};
use gatepass_wire::{Action, Answer, AttemptStage, Inquiry, Intent, Problem, Profile, Status};

/// An org whose servers take requests ahead of the browser, or do not, and a profile of its one application.
async fn set_up(par: Par, options: &str) -> (FakeOkta, Machine) {
    let redirect_uri = free_redirect_uri();
    let app = App { redirect_uris: vec![redirect_uri.clone()], ..App::default() };
    let (okta, machine) = (FakeOkta::start(Org { clients: vec![app], par, ..Org::default() }).await, Machine::new());
    machine.write_profile(&okta, &[redirect_uri], options);
    (okta, machine)
}

/// Another redirect URI, which the profile tries when the first is taken on this machine, and nobody has registered.
fn add_unregistered(machine: &Machine, registered: &str) {
    machine.edit_profiles(&format!("{registered}\""), &format!("{registered}\", \"{}\"", free_redirect_uri()));
}

/// The admin takes the redirect URI away.
fn forget_redirect_uri(okta: &FakeOkta) {
    okta.expect_trouble();
    okta.edit(|org| org.clients[0].redirect_uris = vec!["http://127.0.0.1:1/another".into()]);
}

/// Signs in as far as Okta's page, which leads nowhere, and gives up.
async fn give_up(running: &Running) -> Problem {
    assert_eq!(running.click_sign_in("work").await, Answer::Done);
    until_in_browser(running).await;
    assert_eq!(running.want(Intent::CancelSignIn { profile: "work".into() }).await, Answer::Done);
    running.until_problem("work").await
}

async fn until_in_browser(running: &Running) {
    let is_there = |profile: &Profile| profile.attempt.as_ref().is_some_and(|it| it.stage == AttemptStage::InBrowser);
    running.until("work", "the browser to come", is_there).await;
}

async fn find_out(running: &Running) -> Answer {
    running.want(Intent::FindOut { profile: "work".into() }).await
}

/// Waits until the problem is this one and nobody is being asked about it.
async fn until_told(running: &Running, code: &str) -> Problem {
    let is_it = |problem: &Problem| problem.code == code && problem.inquiry != Some(Inquiry::UnderWay);
    let is_told = |profile: &Profile| profile.problem.as_ref().is_some_and(is_it);
    running.until("work", code, is_told).await.problem.expect("it was just there")
}

/// What was asked for, but for what is made anew for each request.
fn asked(request: &Received) -> Vec<(String, String)> {
    let names =
        request.parameters.names().into_iter().filter(|name| !["state", "nonce", "code_challenge"].contains(name));
    let value = |name: &str| request.parameters.get(name).unwrap_or_default().to_owned();
    names.map(|name| (name.to_owned(), value(name))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_okta_showed_on_its_own_page_is_told_as_if_the_sign_in_had_got_it() {
    let (okta, machine) = set_up(Par::Offered, "prompt = \"consent\"\nacr_values = \"urn:okta:loa:2fa:any\"").await;
    forget_redirect_uri(&okta);
    let running = machine.start().await;
    running.click_sign_in("work").await;
    assert_eq!(machine.browser.page(1).await.status, Some(400));
    until_in_browser(&running).await;
    machine.clock.advance(Duration::from_secs(301));
    running.app.look_again();
    let timed_out = running.until_problem("work").await;
    assert_eq!((timed_out.code.as_str(), timed_out.inquiry), ("sign-in-timed-out", Some(Inquiry::Possible)));
    assert_eq!(running.noticed().await.len(), 1);
    assert_eq!(okta.count(Endpoint::Par), 0, "never by itself");

    assert_eq!(find_out(&running).await, Answer::Done);
    let found = until_told(&running, "redirect-uri-unknown").await;
    assert_eq!(found.inquiry, None);
    let (pushed, seen) = (okta.requests_to(Endpoint::Par), okta.requests_to(Endpoint::Authorize));
    assert_eq!((pushed.len(), asked(&pushed[0])), (1, asked(&seen[0])), "the very same request");
    assert_eq!(machine.browser.n_opened(), 1, "no page is opened for it");
    // The notice said what is not so any more, and who asked is looking.
    running.all_taken_back().await;
    assert_eq!(running.notices().len(), 1);

    machine.edit_profiles("prompt", "push = true\nprompt");
    running.app.look_again();
    running.until("work", "the edit", |profile| profile.options.push).await;
    let got = running.fail_to_sign_in("work").await;
    assert_eq!(Problem { note: None, ..got }, Problem { note: None, ..found });
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_okta_takes_the_request_the_cause_is_said_to_be_elsewhere() {
    let (okta, machine) = set_up(Par::Offered, "dpop = true").await;
    let running = machine.start().await;
    let given_up = give_up(&running).await;
    assert_eq!((given_up.code.as_str(), given_up.inquiry), ("sign-in-given-up", Some(Inquiry::Possible)));
    assert_eq!(find_out(&running).await, Answer::Done);
    let accepted = until_told(&running, "request-accepted").await;
    assert_eq!(accepted.inquiry, None);
    assert!(accepted.detail.contains("Okta does not say that it does"), "{accepted:?}");
    assert!(accepted.console.is_some_and(|path| path.now.contains("Sign On → User authentication")));
    // There is nothing more to ask, and nothing of it stays.
    assert_eq!(find_out(&running).await, Answer::Done);
    assert_eq!(okta.count(Endpoint::Par), 1);
    assert_eq!(running.profile("work").status, Status::SignedOut);
    okta.sign_in_as("robin");
    running.sign_in("work").await;
    assert_eq!(running.profile("work").problem, None);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_is_asked_about_the_redirect_uri_that_the_sign_in_used() {
    let (okta, machine) = set_up(Par::Offered, "").await;
    let registered = okta.redirect_uri();
    add_unregistered(&machine, &registered);
    let running = machine.start().await;
    give_up(&running).await;
    assert_eq!(find_out(&running).await, Answer::Done);
    let accepted = until_told(&running, "request-accepted").await;
    assert!(accepted.note.is_some_and(|note| note.contains(&format!("Redirect URI in use: {registered}\n"))));
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_uri_that_is_refused_after_an_edit_is_the_one_in_the_note() {
    let (okta, machine) = set_up(Par::Offered, "").await;
    let (registered, old, unknown) = (okta.redirect_uri(), free_redirect_uri(), free_redirect_uri());
    machine.edit_profiles(&registered, &old);
    okta.expect_trouble();
    let running = machine.start().await;
    give_up(&running).await;
    machine.edit_profiles(&format!("{old}\""), &format!("{registered}\", \"{unknown}\""));
    running.app.look_again();
    running.until("work", "the edit", |profile| profile.redirect_uris.len() == 2).await;
    assert_eq!(find_out(&running).await, Answer::Done);
    let refused = until_told(&running, "redirect-uri-unknown").await;
    let note = refused.note.expect("an admin can mend it");
    assert!(note.contains(&format!("Redirect URI in use: {unknown}\n")), "{note}");
    assert_eq!(okta.count(Endpoint::Par), 2);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_sign_in_handed_its_request_over_itself_there_is_nothing_to_ask() {
    for (par, options) in [(Par::Offered, "push = true"), (Par::Required, "")] {
        let (okta, machine) = set_up(par, options).await;
        let running = machine.start().await;
        let given_up = give_up(&running).await;
        assert_eq!((given_up.code.as_str(), given_up.inquiry), ("sign-in-given-up", None));
        assert_eq!(find_out(&running).await, Answer::Done);
        assert_eq!(until_told(&running, "sign-in-given-up").await, given_up);
        assert_eq!(okta.count(Endpoint::Par), 1, "by the sign-in");
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_okta_says_against_being_asked_is_told_and_the_problem_stays() {
    let (okta, machine) = set_up(Par::Offered, "").await;
    let running = machine.start().await;
    let given_up = give_up(&running).await;
    let feature_off = "The requested feature is not enabled in this environment.";
    let wrong_secret = "The client secret supplied for a confidential client is invalid.";
    for (status, error, description, code) in [
        (400, "access_denied", feature_off, "feature-off"),
        (401, "invalid_client", wrong_secret, "client-secret-wrong"),
    ] {
        okta.fault(Endpoint::Par, Fault::Refuse { status, error: error.into(), description: description.into() });
        let Answer::Refused(refusal) = find_out(&running).await else { panic!("the request was not looked at") };
        assert_eq!(refusal.code, code);
        assert_eq!(until_told(&running, "sign-in-given-up").await, given_up);
    }
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_request_ahead_is_not_asked() {
    let (okta, machine) = set_up(Par::Absent, "").await;
    let running = machine.start().await;
    let given_up = give_up(&running).await;
    assert_eq!((given_up.code.as_str(), given_up.inquiry), ("sign-in-given-up", None));
    // Whoever asks all the same is told why not.
    let Answer::Refused(refusal) = find_out(&running).await else { panic!("it cannot be asked") };
    assert_eq!((refusal.code.as_str(), okta.count(Endpoint::Par)), ("nonconforming", 0));
    assert_eq!(until_told(&running, "sign-in-given-up").await, given_up);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_okta_does_not_answer_that_is_told_and_the_problem_stays() {
    let (okta, machine) = set_up(Par::Offered, "").await;
    let running = machine.start().await;
    let given_up = give_up(&running).await;
    for (fault, code) in [(Fault::ResetBefore, "unreachable"), (Fault::ServerError(503), "server-busy")] {
        okta.fault(Endpoint::Par, fault);
        let Answer::Refused(refusal) = find_out(&running).await else { panic!("it did not answer") };
        assert_eq!(refusal.code, code);
        assert_eq!(until_told(&running, "sign-in-given-up").await, given_up);
    }
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_begun_meanwhile_wins() {
    let (okta, machine) = set_up(Par::Offered, "").await;
    let running = machine.start().await;
    give_up(&running).await;
    let mut gate = okta.hold_answer(Endpoint::Par);
    let asking = tokio::spawn({
        let app = running.app.clone();
        async move { app.carry_out(Intent::FindOut { profile: "work".into() }).await }
    });
    gate.arrived().await;
    let is_under_way =
        |profile: &Profile| profile.problem.as_ref().is_some_and(|it| it.inquiry == Some(Inquiry::UnderWay));
    running.until("work", "the question to be under way", is_under_way).await;
    okta.sign_in_as("robin");
    machine.browser.only_notes();
    assert_eq!(running.click_sign_in("work").await, Answer::Done);
    let page = machine.browser.opened(2).await;
    gate.release();
    assert_eq!(asking.await.expect("no panic"), Answer::Done);
    machine.browser.client().browse(page.as_str()).await.expect("the page");
    assert_eq!(running.until_status("work", Status::SignedIn).await.problem, None);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_profile_that_is_edited_meanwhile_only_the_request_of_now_is_said_to_be_taken() {
    let (okta, machine) = set_up(Par::Offered, "").await;
    let registered = okta.redirect_uri();
    let unknown = free_redirect_uri();
    machine.edit_profiles(&registered, &unknown);
    okta.expect_trouble();
    let running = machine.start().await;
    give_up(&running).await;
    let mut gate = okta.hold_answer(Endpoint::Par);
    let asking = tokio::spawn({
        let app = running.app.clone();
        async move { app.carry_out(Intent::FindOut { profile: "work".into() }).await }
    });
    gate.arrived().await;
    machine.edit_profiles(&unknown, &registered);
    running.app.look_again();
    running.until("work", "the edit", |profile| profile.redirect_uris == [registered.clone()]).await;
    gate.release();
    assert_eq!(asking.await.expect("no panic"), Answer::Done);
    let accepted = until_told(&running, "request-accepted-now").await;
    assert_eq!((accepted.action, accepted.inquiry), (Some(Action::SignIn), None));
    assert!(accepted.detail.starts_with("The profile was changed since this sign-in."), "{accepted:?}");
    assert_eq!(okta.count(Endpoint::Par), 2);
    running.quit().await;
}
