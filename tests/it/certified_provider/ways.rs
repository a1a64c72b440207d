//! What Okta apps can want beside the usual, of the provider that we did not write.

use serde_json::json;

use super::*;

/// A provider whose client has these settings, and a machine with the profile for it.
async fn set_up(client: Value, options: &str) -> (CertifiedProvider, Machine) {
    let redirect_uri = free_redirect_uri();
    let provider = CertifiedProvider::start_with(&redirect_uri, &client).await.expect("a provider");
    let machine = Machine::new();
    machine.write_profile_of(
        &provider.issuer,
        CertifiedProvider::CLIENT_ID,
        &[redirect_uri],
        &format!("scopes = \"openid profile email groups offline_access\"\n{options}"),
    );
    (provider, machine)
}

/// Renews twice, is there again after a restart, and signs out.
async fn lives(machine: &Machine, running: Running) {
    for _ in 0..2 {
        assert_eq!(running.refresh("work").await, Status::SignedIn);
    }
    running.quit().await;
    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    running.copy("work").await;
    running.sign_out("work").await;
    running.quit().await;
}

/// The thumbprint of the key that the access token is bound to, verified.
fn bound_to(running: &Running) -> String {
    let tokens = running.session("work").tokens;
    assert!(tokens.is_bound);
    let Some(AccessTokenView::Verified(verified)) = tokens.access else { panic!("{:?}", tokens.access) };
    let cnf = verified.claims.into_iter().find(|claim| claim.name == "cnf").expect("it is bound");
    format!("{:?}", cnf.value)
}

/// Makes a key pair and registers its public half; that half.
async fn register_key(provider: &CertifiedProvider, running: &Running) -> Value {
    let Answer::ClientKeys { keys, .. } = running.want(Intent::MakeClientKey { profile: "work".into() }).await else {
        panic!("no key")
    };
    let key: Value = serde_json::from_str(&keys[0].jwk).expect("a JWK");
    provider.know_keys(std::slice::from_ref(&key)).await.expect("the provider takes it");
    key
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_bound_by_a_proof_with_the_providers_nonce() {
    let (provider, machine) = set_up(json!({ "dpop_bound_access_tokens": true }), "dpop = true").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let key = bound_to(&running);
    assert_eq!(running.refresh("work").await, Status::SignedIn);
    assert_eq!(bound_to(&running), key);
    let refresh_token = stored(&machine)["refresh_token"].clone();
    assert!(is_active(&provider, &machine, &refresh_token).await);
    running.quit().await;

    let running = machine.start().await;
    running.until_status("work", Status::SignedIn).await;
    running.copy("work").await;
    assert_eq!(bound_to(&running), key, "a restart proves the same key");
    let refresh_token = stored(&machine)["refresh_token"].clone();
    running.sign_out("work").await;
    running.quit().await;
    assert!(!is_active(&provider, &machine, &refresh_token).await, "it was revoked");

    machine.edit_profiles("dpop = true", "dpop = false");
    let running = machine.start().await;
    running.until_read("work").await;
    running.fail_to_sign_in("work").await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_pushed_where_the_client_must() {
    let client = json!({ "require_pushed_authorization_requests": true });
    let (provider, machine) = set_up(client, "push = true").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    assert_eq!(count(&provider, "pushed").await, 1);
    lives(&machine, running).await;

    machine.edit_profiles("push = true", "push = false");
    let running = machine.start().await;
    running.until_read("work").await;
    running.fail_to_sign_in("work").await;
    assert_eq!(count(&provider, "pushed").await, 1);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_believed_by_its_secret_both_ways() {
    let secret = "a-secret-that-this-client-has_0123456789";
    for method in ["client_secret_basic", "client_secret_post"] {
        let client = json!({ "token_endpoint_auth_method": method, "client_secret": secret });
        let (_provider, machine) = set_up(client, &format!("client_authentication = \"{method}\"")).await;
        let running = machine.start().await;
        running.give_secret("work", "another-secret-than-that_0123456789").await;
        running.fail_to_sign_in("work").await;
        running.give_secret("work", secret).await;
        running.sign_in("work").await;
        lives(&machine, running).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_believed_by_its_signature() {
    let client = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "here" });
    let (provider, machine) = set_up(client, "client_authentication = \"private_key_jwt\"").await;
    let running = machine.start().await;
    register_key(&provider, &running).await;
    running.sign_in("work").await;
    lives(&machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_of_a_key_that_the_provider_does_not_know_is_none() {
    let client = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "here" });
    let (_provider, machine) = set_up(client, "client_authentication = \"private_key_jwt\"").await;
    let running = machine.start().await;
    running.want(Intent::MakeClientKey { profile: "work".into() }).await;
    running.fail_to_sign_in("work").await;
    assert!(running.profile("work").session.is_none());
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_comes_by_form() {
    let (_provider, machine) = set_up(json!({}), "response_mode = \"form_post\"").await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let page = machine.browser.page(1).await;
    assert!(page.visited.iter().all(|address| !address.as_str().contains("code=")), "{:?}", page.visited);
    lives(&machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_entered_on_another_device() {
    let (_provider, machine) = set_up(json!({}), "").await;
    let running = machine.start().await;
    let sign_in = Intent::SignIn { profile: "work".into(), as_someone_else: false, with_code: true };
    assert_eq!(running.want(sign_in).await, Answer::Done);
    let has_code = |profile: &Profile| profile.attempt.as_ref().is_some_and(|attempt| attempt.code.is_some());
    let attempt = running.until("work", "a code", has_code).await.attempt;
    let code = attempt.and_then(|attempt| attempt.code).expect("it was just there");
    let address = code.address_with_code.expect("the provider sends one");

    let device = Browser::new();
    let question = device.browse(&address).await.expect("the provider answers");
    let allowed = device.press(&question, "allow").await.expect("the provider answers");
    assert!(allowed.body.contains("id=\"activated\""), "{}", allowed.body);
    let session = running.until_status("work", Status::SignedIn).await.session.expect("a session");
    assert_eq!((session.person.name.as_str(), machine.browser.n_opened()), ("alice Example", 0));
    lives(&machine, running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_goes_together() {
    let client = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": "here",
        "dpop_bound_access_tokens": true,
        "require_pushed_authorization_requests": true,
    });
    let options =
        "client_authentication = \"private_key_jwt\"\ndpop = true\npush = true\nresponse_mode = \"form_post\"";
    let (provider, machine) = set_up(client, options).await;
    let running = machine.start().await;
    register_key(&provider, &running).await;
    running.sign_in("work").await;
    bound_to(&running);
    assert_eq!(count(&provider, "pushed").await, 1);
    lives(&machine, running).await;
}
