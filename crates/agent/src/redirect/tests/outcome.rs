//! Launch, the accepted redirect, and the page that waits for the outcome.

use super::*;

fn signed_in() -> Outcome {
    Outcome::SignedIn { as_whom: "Robin Doe".to_owned() }
}

/// Whether a browser was counted, without waiting for one.
async fn has_launched(trial: &Trial) -> bool {
    timeout(Duration::ZERO, trial.listener.launched()).await.is_ok()
}

#[tokio::test]
async fn the_launch_address_leads_to_the_issuer() {
    let trial = Trial::start().await;
    let visit = send(trial.address, trial.request("GET", &trial.launch_path(), &[]));
    let (reply, ()) = tokio::join!(visit, soon(trial.listener.launched()));
    assert_eq!(reply.status, 303);
    assert_eq!(reply.location(), "https://example.okta.com/oauth2/v1/authorize?client_id=0oa1");
}

#[tokio::test]
async fn the_launch_address_can_be_opened_twice() {
    let trial = Trial::start().await;
    for _ in 0..2 {
        let reply = send(trial.address, trial.request("GET", &trial.launch_path(), &[])).await;
        assert!(reply.location().starts_with("https://example.okta.com/"), "{}", reply.raw);
    }
    trial.still_works().await;
}

#[tokio::test]
async fn a_prefetch_of_the_launch_address_launches_nothing() {
    let trial = Trial::start().await;
    let prefetch = trial.request("GET", &trial.launch_path(), &["Sec-Purpose: prefetch"]);
    assert_eq!(send(trial.address, prefetch).await.status, 503);
    assert!(!has_launched(&trial).await);
    assert_eq!(send(trial.address, trial.request("GET", &trial.launch_path(), &[])).await.status, 303);
    assert!(has_launched(&trial).await);
}

#[tokio::test]
async fn a_head_request_launches_nothing() {
    let trial = Trial::start().await;
    let reply = send(trial.address, trial.request("HEAD", &trial.launch_path(), &[])).await;
    assert_eq!((reply.status, reply.body()), (303, ""));
    assert!(!has_launched(&trial).await);
}

#[tokio::test]
async fn the_launch_address_says_when_it_is_not_ready() {
    let port = free_port();
    let listener =
        RedirectListener::bind(&[uri(&format!("http://127.0.0.1:{port}/redirect"))], plain_page()).await.unwrap();
    let trial = Trial { listener, address: SocketAddr::new(V4, port) };
    assert_eq!(send(trial.address, trial.request("GET", &trial.launch_path(), &[])).await.status, 503);
    assert!(!has_launched(&trial).await);
}

#[tokio::test]
async fn a_launch_after_the_redirect_leads_to_the_outcome() {
    let trial = Trial::start().await;
    let accepted = trial.accepted(trial.redirect(GENUINE)).await;
    let again = send(trial.address, trial.request("GET", &trial.launch_path(), &[])).await;
    assert_eq!(again.location(), accepted.location());
}

#[tokio::test]
async fn an_error_with_our_state_is_received() {
    let trial = Trial::start().await;
    trial.accepted(trial.redirect("error=access_denied&state=the-state")).await;
}

#[tokio::test]
async fn a_redirect_before_anyone_receives_is_kept() {
    let trial = Trial::start().await;
    let browser = tokio::spawn(send(trial.address, trial.redirect(GENUINE)));
    soon(trial.listener.attempt.a_candidate_waits()).await;
    soon(trial.listener.receive(bears_our_state)).await;
    assert_eq!(browser.await.unwrap().status, 303);
}

#[tokio::test]
async fn a_redirect_whose_browser_has_gone_is_received() {
    let trial = Trial::start().await;
    let mut browser = connect(trial.address).await;
    browser.write_all(trial.redirect(GENUINE).as_bytes()).await.unwrap();
    soon(trial.listener.attempt.a_candidate_waits()).await;
    drop(browser);
    soon(trial.listener.receive(bears_our_state)).await;
}

#[tokio::test]
async fn a_second_redirect_leads_to_the_same_page_and_is_not_received() {
    let trial = Trial::start().await;
    let first = trial.accepted(trial.redirect(GENUINE)).await;
    for again in [GENUINE, "code=another-code&state=the-state"] {
        let second = trial.turned_away(trial.redirect(again)).await;
        assert_eq!((second.status, second.location()), (303, first.location()), "{}", second.raw);
    }
    let stranger = trial.turned_away(trial.redirect("code=the-code&state=another")).await;
    assert_eq!(stranger.status, 400, "{}", stranger.raw);
}

#[tokio::test]
async fn of_two_redirects_at_once_one_is_received() {
    let trial = Trial::start().await;
    let receive = async {
        trial.listener.receive(bears_our_state).await;
        // Waits for ever.
        trial.listener.receive(bears_our_state).await
    };
    let both = async {
        tokio::join!(
            send(trial.address, trial.redirect(GENUINE)),
            send(trial.address, trial.redirect("code=another-code&state=the-state")),
        )
    };
    let (one, other) = tokio::select! {
        _ = receive => panic!("both were received"),
        both = both => both,
    };
    assert_eq!((one.status, other.status), (303, 303));
    assert_eq!(one.location(), other.location());
}

#[tokio::test]
async fn the_page_waits_for_the_outcome_and_states_it() {
    let trial = Trial::start().await;
    let done = trial.accepted(trial.redirect(GENUINE)).await.location().to_owned();
    let mut browser = tokio::spawn(send(trial.address, trial.request("GET", &done, &[])));
    soon(trial.listener.attempt.a_page_waits()).await;
    assert!(
        timeout(Duration::from_millis(50), &mut browser).await.is_err(),
        "it was answered before there was an outcome"
    );
    soon(trial.listener.finish(signed_in())).await;
    let page = browser.await.unwrap();
    assert_eq!((page.status, page.header("refresh")), (200, None));
    assert!(page.body().contains("It is <strong><bdi>Robin Doe</bdi></strong>."), "{}", page.raw);
    assert!(page.body().contains("Go back."), "{}", page.raw);
}

#[tokio::test]
async fn the_page_states_what_went_wrong() {
    let trial = Trial::start().await;
    let done = trial.accepted(trial.redirect(GENUINE)).await.location().to_owned();
    let failed = Outcome::Failed { title: "Okta refused".to_owned(), advice: "Ask your <b>admin</b>.".to_owned() };
    let page = trial.ends_when_visited(&done, failed).await;
    assert!(page.body().contains("<h1><bdi>Okta refused</bdi></h1>"), "{}", page.raw);
    assert!(page.body().contains("<bdi>Ask your &lt;b&gt;admin&lt;/b&gt;.</bdi>"), "{}", page.raw);
}

#[tokio::test]
async fn a_page_that_waited_long_asks_again_by_itself() {
    let trial = Trial::start_within(Limits { outcome: Duration::from_millis(50), ..Limits::default() }).await;
    let done = trial.accepted(trial.redirect(GENUINE)).await.location().to_owned();
    let page = send(trial.address, trial.request("GET", &done, &[])).await;
    assert_eq!((page.status, page.header("refresh")), (200, Some("1")), "{}", page.raw);
    let page = trial.ends_when_visited(&done, signed_in()).await;
    assert!(page.body().contains("Robin Doe"), "{}", page.raw);
}

#[tokio::test]
async fn only_a_page_that_was_read_ends_the_wait() {
    let trial = Trial::start().await;
    let done = trial.accepted(trial.redirect(GENUINE)).await.location().to_owned();
    let head = trial.request("HEAD", &done, &[]);
    let prefetch = trial.request("GET", &done, &["Sec-Purpose: prefetch"]);
    let visit = trial.request("GET", &done, &[]);
    let mut finish = std::pin::pin!(trial.listener.finish(signed_in()));
    let others = async {
        assert_eq!(send(trial.address, head).await.status, 200);
        assert_eq!(send(trial.address, prefetch).await.status, 503);
    };
    tokio::select! {
        () = &mut finish => panic!("nobody has read the page yet"),
        () = others => {}
    }
    assert!(timeout(Duration::from_millis(50), &mut finish).await.is_err(), "nobody has read the page yet");
    let (page, ()) = tokio::join!(send(trial.address, visit), soon(finish));
    assert!(page.body().contains("Robin Doe"), "{}", page.raw);
}
