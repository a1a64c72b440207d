//! The ways in which an authorization server can be asked, and what it answers when it does not do as it was asked.

use gatepass_fake_okta::{
    App, Claim, ClaimToken, CustomServer, Endpoint, FakeOkta, Fault, GroupFilter, GroupsIn, Org, Par, Received,
};
use gatepass_tests::{Machine, free_redirect_uri};
use gatepass_wire::{Answer, DeliveredRedirect, GroupsSource, Intent, Status};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Position;

async fn set_up(org: Org, options: &str) -> (FakeOkta, Machine) {
    let redirect_uri = free_redirect_uri();
    let app = App { redirect_uris: vec![redirect_uri.clone()], ..org.clients[0].clone() };
    let okta = FakeOkta::start(Org { clients: vec![app], ..org }).await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    machine.write_profile(&okta, &[redirect_uri], options);
    (okta, machine)
}

fn asked(okta: &FakeOkta) -> Vec<Received> {
    okta.requests_to(Endpoint::Authorize)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_pushed_where_the_profile_wants_it_or_the_server_does() {
    for (par, options) in [(Par::Offered, "push = true"), (Par::Required, ""), (Par::Required, "push = true")] {
        let (okta, machine) = set_up(Org { par, ..Org::default() }, options).await;
        let running = machine.start().await;
        running.sign_in("work").await;
        assert_eq!(okta.count(Endpoint::Par), 1);
        let [request] = &asked(&okta)[..] else { panic!("one request") };
        let mut names = request.parameters.names();
        names.sort_unstable();
        assert_eq!(names, ["client_id", "request_uri"], "nothing else stands in the address");
        assert_eq!(running.refresh("work").await, Status::SignedIn);
        okta.assert_nothing_unexpected();
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_pushed_request_can_be_opened_again() {
    let (okta, machine) = set_up(Org { par: Par::Required, ..Org::default() }, "").await;
    let running = machine.start().await;
    machine.browser.only_notes();
    assert_eq!(running.click_sign_in("work").await, Answer::Done);
    let launch = machine.browser.opened(1).await;
    // Somebody looks, and goes away again: the request is spent.
    let authority = launch[Position::BeforeHost..Position::AfterPort].to_owned();
    let mut looked = TcpStream::connect(&authority).await.unwrap();
    looked.write_all(format!("GET {} HTTP/1.1\r\nhost: {authority}\r\n\r\n", launch.path()).as_bytes()).await.unwrap();
    let mut led = String::new();
    looked.read_to_string(&mut led).await.unwrap();
    assert!(led.starts_with("HTTP/1.1 303") && led.contains("request_uri="), "{led}");
    machine.browser.follows();
    assert_eq!(running.click_sign_in("work").await, Answer::Done);
    running.until_status("work", Status::SignedIn).await;
    assert_eq!(okta.count(Endpoint::Par), 2);
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_only_offers_to_be_pushed_to_is_asked_by_the_browser() {
    let (okta, machine) = set_up(Org { par: Par::Offered, ..Org::default() }, "").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    assert_eq!(okta.count(Endpoint::Par), 0);
    assert!(asked(&okta)[0].parameters.get("state").is_some());
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_push_is_refused_with_is_known_before_any_browser_is_opened() {
    let (okta, machine) = set_up(Org { par: Par::Offered, ..Org::default() }, "push = true").await;
    okta.expect_trouble();
    okta.edit(|org| org.clients[0].redirect_uris = vec!["http://127.0.0.1:1/another".into()]);
    let running = machine.start().await;
    assert_eq!(running.fail_to_sign_in("work").await.code, "redirect-uri-unknown");
    assert_eq!((machine.browser.n_opened(), okta.count(Endpoint::Authorize)), (0, 0));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_by_form_stands_in_no_address() {
    let (okta, machine) = set_up(Org::default(), "response_mode = \"form_post\"").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    assert_eq!(asked(&okta)[0].parameters.get("response_mode"), Some("form_post"));
    let page = machine.browser.page(1).await;
    for address in &page.visited {
        assert!(!address.as_str().contains("code="), "the code stands in {address}");
    }
    assert!(page.body.contains("Robin Calder"), "{}", page.body);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_is_silent_where_the_okta_session_lives_and_opens_one_tab_where_it_does_not() {
    let (okta, machine) = set_up(Org::default(), "silent_first = true").await;
    let running = machine.start().await;
    // Nobody has an Okta session: the same tab goes on to the page.
    running.sign_in("work").await;
    let prompts = |okta: &FakeOkta| -> Vec<_> {
        asked(okta).iter().map(|request| request.parameters.get("prompt").map(str::to_owned)).collect()
    };
    assert_eq!(prompts(&okta), [Some("none".into()), None]);
    assert_eq!(machine.browser.n_opened(), 1);
    let [silent, full] = &asked(&okta)[..] else { panic!("two requests") };
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(silent.parameters.get(name), full.parameters.get(name), "{name} is used twice");
    }

    // The Okta session lives on in the browser: nobody is asked for anything.
    running.sign_out("work").await;
    running.sign_in("work").await;
    assert_eq!(prompts(&okta)[2..], [Some("none".into())]);
    assert_eq!(machine.browser.n_opened(), 2);

    // Whoever wants to be somebody else is asked who.
    running.sign_out("work").await;
    okta.sign_in_as("noor");
    running.want(Intent::SignIn { profile: "work".into(), as_someone_else: true, with_code: false }).await;
    let session = running.until_status("work", Status::SignedIn).await.session.expect("a session");
    assert_eq!(
        (session.person.name.as_str(), prompts(&okta)[3..].to_vec()),
        ("Noor Haddad", vec![Some("login".into())])
    );
    okta.assert_nothing_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_silent_try_cannot_mend_is_told_as_ever() {
    let (okta, machine) = set_up(Org::default(), "silent_first = true").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    running.sign_out("work").await;
    okta.edit(|org| org.servers[0].policies.clear());
    assert_eq!(running.fail_to_sign_in("work").await.code, "no-matching-policy");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_page_after_a_silent_try_cannot_be_asked_for_the_same_tab_says_why() {
    let refused = Fault::Refuse {
        status: 401,
        error: "access_denied".into(),
        description: "Policy evaluation failed for this request, please check the policy configurations.".into(),
    };
    for (fault, code) in [(refused, "no-matching-policy"), (Fault::ResetBefore, "unreachable")] {
        let (okta, machine) =
            set_up(Org { par: Par::Offered, ..Org::default() }, "push = true\nsilent_first = true").await;
        let running = machine.start().await;
        let mut silent = okta.hold(Endpoint::Authorize);
        assert_eq!(running.click_sign_in("work").await, Answer::Done);
        silent.arrived().await;
        okta.fault(Endpoint::Par, fault);
        silent.release();
        let problem = running.until_problem("work").await;
        let page = machine.browser.page(1).await;
        assert_eq!((problem.code.as_str(), page.status), (code, Some(200)));
        assert!(page.body.contains(&problem.title), "{}", page.body);
        assert_eq!(running.notices(), [], "{code}: the page has told it");

        // The next click begins anew, on the same port.
        running.sign_in("work").await;
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_page_is_left_after_a_silent_try_a_notice_says_why_it_did_not_go_on() {
    let uri = "dev.gatepass.desktop:/callback";
    let app = App { redirect_uris: vec![uri.into()], ..App::default() };
    let okta = FakeOkta::start(Org { clients: vec![app], par: Par::Offered, ..Org::default() }).await;
    okta.sign_in_as("robin");
    let machine = Machine::new();
    machine.write_profile(&okta, &[uri.into()], "push = true\nsilent_first = true");
    let running = machine.start().await;
    assert_eq!(running.click_sign_in("work").await, Answer::Done);
    let handed_over = machine.browser.page(1).await;
    assert_eq!(handed_over.status, None);
    okta.fault(Endpoint::Par, Fault::ResetBefore);
    let redirect = DeliveredRedirect(handed_over.url.to_string());
    running.want(Intent::DeliverRedirect { redirect }).await;
    assert_eq!(running.until_problem("work").await.code, "unreachable");
    assert_eq!((running.noticed().await.len(), machine.browser.n_opened()), (1, 1));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn step_up_is_asked_for_and_the_answer_is_held_to_it() {
    let options = "acr_values = \"urn:okta:loa:2fa:any\"\nmax_age = 300\nprompt = \"login\"";
    let (okta, machine) = set_up(Org::default(), options).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let request = asked(&okta).pop().expect("a request");
    let asked_for = ["acr_values", "max_age", "prompt"].map(|name| request.parameters.get(name));
    assert_eq!(asked_for, [Some("urn:okta:loa:2fa:any"), Some("300"), Some("login")]);
    assert_eq!(running.refresh("work").await, Status::SignedIn, "a renewal is not held to the age of the sign-in");
    running.sign_out("work").await;

    for (fault, code) in [(Fault::AnotherAcr, "wrong-acr"), (Fault::AuthenticatedYesterday, "sign-in-too-old")] {
        okta.fault(Endpoint::Token, fault.clone());
        assert_eq!(running.fail_to_sign_in("work").await.code, code);
        assert!(running.profile("work").session.is_none(), "{fault:?}");
        let answer = running.want(Intent::CopyAccessToken { profile: "work".into() }).await;
        assert!(matches!(answer, Answer::Refused(_)), "{fault:?}: {answer:?}");
    }
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_second_factor_is_told_what_okta_says() {
    let mut org = Org::default();
    org.people[0].has_second_factor = false;
    let (_okta, machine) = set_up(org, "acr_values = \"phr\"").await;
    let running = machine.start().await;
    let problem = running.fail_to_sign_in("work").await;
    assert!(problem.quote.is_some_and(|quote| quote.contains("'acr_values'")));
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_read_where_the_profile_says() {
    let claim = |token| CustomServer {
        claims: Some(vec![Claim::groups("teams", token, GroupFilter::StartsWith("production-".into()))]),
        ..CustomServer::default()
    };
    let places = [
        (ClaimToken::Userinfo, "userinfo", GroupsSource::UserInfo),
        (ClaimToken::Id, "id_token", GroupsSource::IdToken),
        (ClaimToken::Access, "access_token", GroupsSource::AccessToken),
        (ClaimToken::Access, "tokens", GroupsSource::AccessToken),
    ];
    for (token, from, source) in places {
        let org = Org { servers: vec![claim(token)], ..Org::default() };
        let options = format!("groups_claim = \"teams\"\ngroups_from = \"{from}\"");
        let (okta, machine) = set_up(org, &options).await;
        let running = machine.start().await;
        running.sign_in("work").await;
        let told = running.groups("work").await;
        assert_eq!((told.source, told.names.len()), (source, 2), "{from}");
        assert_eq!(okta.count(Endpoint::Userinfo), usize::from(from == "userinfo"));

        okta.edit(|org| org.people[0].groups.retain(|group| group != "production-readers"));
        running.refresh("work").await;
        let told = running.until_groups("work", |groups| groups.names.len() == 1).await;
        assert_eq!((told.source, told.names), (source, vec!["production-deployers".into()]), "{from}");
        running.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_elsewhere_are_not_looked_for_and_a_silent_userinfo_costs_no_session() {
    let in_id_token = GroupsIn { id_token: true, access_token: false, claim: "groups".into() };
    let scopes = "scopes = \"openid profile email groups offline_access\"";
    let org = Org { groups_in: in_id_token, ..Org::default() };
    let (_okta, machine) = set_up(org.clone(), &format!("{scopes}\ngroups_from = \"access_token\"")).await;
    let running = machine.start().await;
    let told = running.sign_in("work").await.session.expect("a session").groups;
    assert_eq!((told.source, told.names), (GroupsSource::NoClaim, vec![]));
    running.quit().await;

    let (okta, machine) = set_up(org, &format!("{scopes}\ngroups_from = \"userinfo\"")).await;
    okta.fault(Endpoint::Userinfo, Fault::ServerError(503));
    let running = machine.start().await;
    running.sign_in("work").await;
    let told = running.groups("work").await;
    assert_eq!((told.source, told.names), (GroupsSource::NoAnswer, vec![]));
    running.refresh("work").await;
    let told = running.until_groups("work", |groups| groups.source == GroupsSource::UserInfo).await;
    assert_eq!(told.names.len(), 37);
    running.quit().await;
}
