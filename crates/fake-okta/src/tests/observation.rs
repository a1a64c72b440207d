use super::*;
use crate::{Endpoint, Fault, TokenKind};

#[tokio::test]
async fn every_token_that_goes_is_on_record() {
    let setting = setting().await;
    let first = setting.tokens().await;
    let second = setting.refresh(&first["refresh_token"]).await.body;
    let issued = setting.okta.issued();
    for (kind, name) in
        [(TokenKind::Access, "access_token"), (TokenKind::Refresh, "refresh_token"), (TokenKind::Id, "id_token")]
    {
        let values: Vec<_> = issued.iter().filter(|token| token.kind == kind).map(|token| &token.value).collect();
        assert_eq!(values, [first[name].as_str().unwrap(), second[name].as_str().unwrap()]);
    }
    assert!(issued.iter().all(|token| token.person == "robin" && token.client_id == DEMO_CLIENT_ID));
}

#[tokio::test]
async fn requests_are_on_record_in_order_with_their_parameters() {
    let setting = setting().await;
    setting.tokens().await;
    let requests = setting.okta.requests();
    let endpoints: Vec<_> = requests.iter().map(|request| request.endpoint).collect();
    assert_eq!(endpoints, [Some(Endpoint::Authorize), Some(Endpoint::Token)]);
    let names = ["grant_type", "client_id", "redirect_uri", "code", "code_verifier"];
    assert_eq!(requests[1].parameters.names(), names);
    assert_eq!(requests[1].method, "POST");
    assert_eq!(requests[1].header("origin"), None);
    assert_eq!(requests[1].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!((setting.okta.count(Endpoint::Token), setting.okta.requests_to(Endpoint::Keys).len()), (1, 0));
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own_which_is_on_record() {
    let setting = setting().await;
    setting.okta.fault(Endpoint::Keys, Fault::ServerError(500));
    let mut sent = Vec::new();
    for _ in 0..3 {
        let reply = setting.get("/oauth2/v1/keys").await;
        sent.push((reply.status, reply.header("x-okta-request-id").to_owned()));
    }
    let answers = setting.okta.answers_of(Endpoint::Keys);
    assert_eq!(answers.iter().map(|it| (it.status, it.request_id.clone())).collect::<Vec<_>>(), sent);
    sent.dedup_by(|one, other| one.1 == other.1);
    assert_eq!((sent.len(), sent[0].0, sent[1].0), (3, 500, 200));
}

#[tokio::test]
async fn waiting_for_a_request_is_for_one_that_comes_later() {
    let setting = setting().await;
    setting.get("/oauth2/v1/keys?n=1").await;
    let arrival = setting.okta.wait_for_request(Endpoint::Keys);
    setting.get("/oauth2/v1/keys?n=2").await;
    setting.get("/oauth2/v1/keys?n=3").await;
    assert_eq!(arrival.await.parameters.get("n"), Some("2"));
    setting.okta.wait_for_count(Endpoint::Keys, 3).await;
}

/// What the task of a test that waited in vain panicked with, once its time is up.
async fn complaint(waiting: impl Future<Output = ()> + Send + 'static) -> String {
    tokio::time::pause();
    let failed = tokio::spawn(waiting).await.expect_err("nothing comes");
    tokio::time::resume();
    *failed.into_panic().downcast::<String>().expect("words")
}

#[tokio::test]
async fn waiting_in_vain_ends_and_says_for_what_and_what_came_instead() {
    let setting = setting().await;
    setting.get("/oauth2/v1/keys?n=1").await;
    let arrival = setting.okta.wait_for_request(Endpoint::Token);
    let mut gate = setting.okta.hold(Endpoint::Revoke);
    setting.get("/oauth2/v1/keys?n=2").await;

    let said = complaint(async move { drop(arrival.await) }).await;
    assert_eq!(said, "waited 30 s for a request to Token; what came: [\"GET /oauth2/v1/keys\"]");
    let said = complaint(async move { gate.arrived().await }).await;
    assert_eq!(said, "waited 30 s for a request at the gate of Revoke; what came: [\"GET /oauth2/v1/keys\"]");
    // The gate is one that no request came to, which would fail this test by itself.
    setting.okta.clear_faults();

    let okta = std::sync::Arc::new(setting.okta);
    let said = complaint({
        let okta = okta.clone();
        async move { okta.wait_for_count(Endpoint::Keys, 3).await }
    })
    .await;
    assert!(said.contains("3 requests to Keys"), "{said}");
}
