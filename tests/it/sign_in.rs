//! Signing in, as a person lives it.

use gatepass_fake_okta::{App, Endpoint, FakeOkta, Fault, Org};
use gatepass_tests::{Machine, eventually, free_redirect_uri, org_and_machine};
use gatepass_wire::{Action, Answer, AttemptStage, GroupsSource, Intent, Severity, Status};

#[tokio::test(flavor = "multi_thread")]
async fn one_click_and_the_window_knows_who_is_there() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    let before = running.until_status("work", Status::SignedOut).await;
    assert!(before.demo, "an issuer on loopback is labelled");

    let profile = running.sign_in("work").await;
    let session = profile.session.expect("a session");
    assert_eq!(session.person.name, "Robin Calder");
    assert_eq!(session.person.email.as_deref(), Some("robin.calder@acme.example"));
    assert_eq!((session.groups.names.len(), session.groups.source), (37, GroupsSource::IdToken));
    assert!(session.renewable && session.expires_at.is_some() && session.refresh_at < session.expires_at);

    let page = machine.browser.page(1).await;
    assert!(page.body.contains("Robin Calder") && page.body.contains("close this tab"), "{}", page.body);
    assert!(!page.url.as_str().contains("code="), "the code stands in {}", page.url);
    assert!(machine.browser.opened(1).await.as_str().starts_with("http://127.0.0.1:"), "a local address first");
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_can_sign_in_whatever_their_groups_and_script() {
    for (person, n_groups) in [("noor", 0), ("sam", 1500), ("yael", 5)] {
        let (okta, machine) = org_and_machine(Org::default()).await;
        okta.sign_in_as(person);
        let running = machine.start().await;
        let session = running.sign_in("work").await.session.expect("a session");
        assert_eq!(session.groups.names.len(), n_groups, "{person}");
        assert!(!session.person.name.is_empty(), "{person}");
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_servers_access_token_is_not_looked_into() {
    let okta = FakeOkta::start(Org::default()).await;
    let machine = Machine::new();
    let redirect_uri = free_redirect_uri();
    okta.register_redirect_uri(&redirect_uri);
    okta.sign_in_as("robin");
    machine.write_profiles(&[("org", &okta.org_issuer(), &okta.client_id(), &redirect_uri)]);
    let running = machine.start().await;
    let session = running.sign_in("org").await.session.expect("a session");
    assert_eq!(session.tokens.access, Some(gatepass_wire::AccessTokenView::OrgServer));
    assert_eq!(session.groups.names.len(), 37);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_brings_the_first_attempt_back() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    machine.browser.only_notes();
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let first = machine.browser.opened(1).await;
    running.click_sign_in("work").await;
    let second = machine.browser.opened(2).await;
    assert_eq!(first, second, "one attempt, one address");

    machine.browser.client().browse(second.as_str()).await.expect("the page");
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(okta.count(Endpoint::Authorize), 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_can_be_copied_when_no_browser_starts() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    machine.browser.cannot_start();
    let running = machine.start().await;
    running.click_sign_in("work").await;
    running
        .until("work", "the browser to be missed", |profile| {
            profile.attempt.as_ref().is_some_and(|attempt| attempt.stage == AttemptStage::BrowserNotSeen)
        })
        .await;
    let answer = running.want(Intent::CopySignInLink { profile: "work".into() }).await;
    assert!(matches!(answer, Answer::Copied(_)), "{answer:?}");
    let link = running.clipboard().expect("a link");
    machine.browser.client().browse(&link).await.expect("the page");
    running.until_status("work", Status::SignedIn).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_attempt_closes_its_port_and_is_no_error() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    machine.browser.only_notes();
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let address = machine.browser.opened(1).await;
    let answer = running.want(Intent::CancelSignIn { profile: "work".into() }).await;
    assert_eq!(answer, Answer::Done);
    let profile = running.until_status("work", Status::SignedOut).await;
    assert_eq!(profile.problem, None, "a cancel is not an error");
    assert!(machine.browser.client().browse(address.as_str()).await.is_err(), "the port is open");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_okta_refuses_is_told_in_words_and_in_the_browser() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    okta.fault(
        Endpoint::Authorize,
        Fault::Refuse {
            status: 400,
            error: "access_denied".into(),
            description: "User is not assigned to the client application.".into(),
        },
    );
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let profile = running.until("work", "a problem", |profile| profile.problem.is_some()).await;
    let problem = profile.problem.expect("a problem");
    assert_eq!(profile.status, Status::SignedOut);
    assert!(problem.advice.contains("Assignments"), "{problem:?}");
    assert_eq!(problem.quote.as_deref(), Some("User is not assigned to the client application."));
    let page = machine.browser.page(1).await;
    assert!(page.body.contains(&problem.title), "the browser says: {}", page.body);

    assert_eq!(running.want(Intent::DismissProblem { profile: "work".into() }).await, Answer::Done);
    running.until("work", "the problem to be put away", |profile| profile.problem.is_none()).await;
    assert_eq!(running.notices(), [], "the browser said it");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_given_up_before_oktas_error_page_says_what_is_likely() {
    let okta = FakeOkta::start(Org::default()).await;
    okta.allow_unexpected();
    let machine = Machine::new();
    let redirect_uri = free_redirect_uri();
    machine.write_profiles(&[("work", &okta.issuer(), &okta.client_id(), &redirect_uri)]);
    let running = machine.start().await;
    running.click_sign_in("work").await;
    assert_eq!(machine.browser.page(1).await.status, Some(400));
    let is_in_browser = |attempt: &gatepass_wire::Attempt| attempt.stage == AttemptStage::InBrowser;
    running
        .until("work", "the browser to be seen", |profile| profile.attempt.as_ref().is_some_and(is_in_browser))
        .await;
    assert_eq!(running.want(Intent::CancelSignIn { profile: "work".into() }).await, Answer::Done);
    let profile = running.until("work", "what is likely", |profile| profile.problem.is_some()).await;
    let problem = profile.problem.expect("a problem");
    assert_eq!((problem.code.as_str(), problem.severity), ("sign-in-given-up", Severity::Note));
    assert!(problem.advice.contains(&redirect_uri) && !problem.likely.is_empty(), "{problem:?}");
    assert_eq!(running.notices(), [], "the person knows");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_uri_that_okta_does_not_know_stays_on_oktas_page_and_the_advice_names_it() {
    let okta = FakeOkta::start(Org::default()).await;
    okta.allow_unexpected();
    let machine = Machine::new();
    let redirect_uri = free_redirect_uri();
    machine.write_profiles(&[("work", &okta.issuer(), &okta.client_id(), &redirect_uri)]);
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let page = machine.browser.page(1).await;
    assert_eq!(page.status, Some(400));
    assert!(page.body.contains("redirect_uri"), "{}", page.body);
    let is_in_browser = |attempt: &gatepass_wire::Attempt| attempt.stage == AttemptStage::InBrowser;
    running
        .until("work", "the browser to be seen", |profile| profile.attempt.as_ref().is_some_and(is_in_browser))
        .await;
    // Okta never calls back; five minutes later the person is told what that may mean.
    machine.clock.advance(std::time::Duration::from_secs(301));
    running.app.look_again();
    let profile = running.until("work", "the time limit", |profile| profile.problem.is_some()).await;
    let problem = profile.problem.expect("a problem");
    assert!(problem.advice.contains(&redirect_uri) || problem.detail.contains(&redirect_uri), "{problem:?}");
    assert_eq!(problem.action, Some(Action::CopyRedirectUri));
    // No window is open, and the page in the browser is not ours.
    let [notice] = &running.noticed().await[..] else { panic!("{:?}", running.notices()) };
    assert!(notice.title.contains(&problem.title) && notice.body.contains(&redirect_uri), "{notice:?}");
    let copied = running.want(notice.action.clone().expect("an action").intent).await;
    assert!(matches!(copied, Answer::Copied(_)), "{copied:?}");
    assert_eq!(running.clipboard(), Some(redirect_uri.clone()));
    let copied = running.want(Intent::CopyNoteForAdmin { profile: "work".into() }).await;
    assert!(matches!(copied, Answer::Copied(_)), "{copied:?}");
    let note = running.clipboard().expect("a note");
    for fact in [&redirect_uri, &okta.issuer(), &okta.client_id(), "illegal_redirect_uri", " UTC\n"] {
        assert!(note.contains(fact), "no {fact} in {note}");
    }
    running.click_sign_in("work").await;
    running.all_taken_back().await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_moves_on_to_the_next_redirect_uri() {
    let okta = FakeOkta::start(Org::default()).await;
    okta.sign_in_as("robin");
    let (taken, free) = (free_redirect_uri(), free_redirect_uri());
    let port: u16 = taken.rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok()).expect("a port");
    let holder = std::net::TcpListener::bind(("127.0.0.1", port)).expect("it was free");
    okta.register_redirect_uri(&taken);
    okta.register_redirect_uri(&free);
    let machine = Machine::new();
    machine.write_profiles(&[("work", &okta.issuer(), &okta.client_id(), &taken)]);
    machine.edit_profiles(&format!("[\"{taken}\"]"), &format!("[\"{taken}\", \"{free}\"]"));
    let running = machine.start().await;
    running.sign_in("work").await;
    let request = okta.requests_to(Endpoint::Authorize).pop().expect("a request");
    assert_eq!(request.parameters.get("redirect_uri"), Some(free.as_str()));
    drop(holder);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_every_port_is_taken_the_message_says_by_whom() {
    let okta = FakeOkta::start(Org::default()).await;
    let machine = Machine::for_org(&okta);
    let taken = machine.profiles_text();
    let port: u16 = taken
        .split("redirect_uris = [\"http://127.0.0.1:")
        .nth(1)
        .and_then(|rest| rest.split('/').next()?.parse().ok())
        .expect("a port");
    let holder = std::net::TcpListener::bind(("127.0.0.1", port)).expect("it was free");
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let profile = running.until("work", "a problem", |profile| profile.problem.is_some()).await;
    let problem = profile.problem.expect("a problem");
    let told = format!("{} {}", problem.detail, problem.advice);
    assert!(told.contains(&port.to_string()), "{problem:?}");
    if cfg!(target_os = "linux") {
        // This very process holds it. The kernel cuts a program's name at 15 characters.
        let name = std::fs::read_to_string("/proc/self/comm").expect("Linux");
        assert!(told.contains(name.trim()), "{problem:?} does not name {name}");
    }
    assert_eq!(machine.browser.n_opened(), 0, "no browser is opened for nothing");
    assert_eq!(running.noticed().await.len(), 1);
    drop(holder);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_else_is_asked_for_by_prompt_login() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    let answer = running.want(Intent::SignIn { profile: "work".into(), as_someone_else: true, with_code: false }).await;
    assert_eq!(answer, Answer::Done);
    running.until_status("work", Status::SignedIn).await;
    let request = okta.requests_to(Endpoint::Authorize).pop().expect("a request");
    assert_eq!(request.parameters.get("prompt"), Some("login"));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_replaces_a_session_only_after_the_question() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let robins = okta.active_refresh_tokens();
    // The next sign-in takes the port, and whoever still waits for a page there goes without.
    machine.browser.page(1).await;

    okta.sign_in_as("noor");
    running.want(Intent::SignIn { profile: "work".into(), as_someone_else: true, with_code: false }).await;
    let asked = running.until("work", "the question", |profile| profile.other_person.is_some()).await;
    assert_eq!(asked.session.expect("Robin's goes on").person.name, "Robin Calder");
    let question = asked.other_person.expect("a question");
    assert_eq!(question.was.name, "Robin Calder");
    let page = machine.browser.page(2).await;
    assert!(page.body.contains("asks in its window") && page.body.contains(&question.now.name), "{}", page.body);
    assert!(!page.body.contains("You are signed in"), "the page knows the answer already: {}", page.body);
    assert!(okta.active_refresh_tokens().iter().any(|token| robins.contains(token)), "Robin's was revoked too early");

    let answer = running.want(Intent::AnswerOtherPerson { profile: "work".into(), replace: true }).await;
    assert_eq!(answer, Answer::Done);
    let now = running
        .until("work", "the new person", |profile| {
            profile.session.as_ref().is_some_and(|session| session.person.name != "Robin Calder")
        })
        .await;
    assert_eq!(now.other_person, None);
    eventually("Robin's refresh token to be revoked", || {
        !okta.active_refresh_tokens().iter().any(|token| robins.contains(token))
    })
    .await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_who_stays_keeps_a_session_that_works() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let robins = okta.active_refresh_tokens();
    okta.sign_in_as("noor");
    running.want(Intent::SignIn { profile: "work".into(), as_someone_else: true, with_code: false }).await;
    running.until("work", "the question", |profile| profile.other_person.is_some()).await;
    running.want(Intent::AnswerOtherPerson { profile: "work".into(), replace: false }).await;
    let profile = running.until("work", "the answer", |profile| profile.other_person.is_none()).await;
    assert_eq!(profile.session.expect("a session").person.name, "Robin Calder");
    eventually("the stranger's to be revoked, and Robin's not", || okta.active_refresh_tokens() == robins).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_by_a_private_scheme_finds_its_attempt() {
    // The second is spelled like a link to a profile.
    for uri in ["dev.gatepass.desktop:/callback", "dev.gatepass.desktop://profile/callback"] {
        a_redirect_finds_its_attempt_at(uri).await;
    }
}

async fn a_redirect_finds_its_attempt_at(uri: &str) {
    let okta = FakeOkta::start(Org {
        clients: vec![App { redirect_uris: vec![uri.into()], ..App::default() }],
        ..Org::default()
    })
    .await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    machine.write_profiles(&[("work", &okta.issuer(), &okta.client_id(), uri)]);
    let running = machine.start().await;
    running.click_sign_in("work").await;
    let page = machine.browser.page(1).await;
    assert_eq!(page.status, None, "the browser hands it to the system");

    let deliver = |redirect: String| Intent::DeliverRedirect { redirect: gatepass_wire::DeliveredRedirect(redirect) };
    running.want(deliver(format!("{uri}?code=stolen&state=strange"))).await;
    assert!(running.profile("work").attempt.is_some(), "a stranger's redirect ended the attempt");
    running.want(deliver(page.url.to_string())).await;
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(okta.count(Endpoint::Token), 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_issuers_on_one_redirect_uri_are_never_pending_together() {
    let (okta, other) = (FakeOkta::start(Org::default()).await, FakeOkta::start(Org::default()).await);
    let machine = Machine::new();
    let redirect_uri = free_redirect_uri();
    okta.register_redirect_uri(&redirect_uri);
    other.register_redirect_uri(&redirect_uri);
    machine.write_profiles(&[
        ("one", &okta.issuer(), &okta.client_id(), &redirect_uri),
        ("two", &other.issuer(), &other.client_id(), &redirect_uri),
    ]);
    machine.browser.only_notes();
    let running = machine.start().await;
    running.click_sign_in("one").await;
    machine.browser.opened(1).await;
    let answer = running.click_sign_in("two").await;
    let Answer::Refused(problem) = answer else { panic!("{answer:?}") };
    assert!(problem.detail.contains("one profile"), "{problem:?}");
    assert_eq!(machine.browser.n_opened(), 1);
    running.quit().await;
}
