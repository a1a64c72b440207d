use std::time::Duration;

use super::*;
use crate::{OldKey, Rotation};

const DEAD: &str = "The refresh token is invalid or expired.";

#[tokio::test]
async fn a_refresh_rotates_and_its_id_token_has_no_nonce() {
    let setting = setting().await;
    let first = setting.tokens().await;
    let second = setting.refresh(&first["refresh_token"]).await.body;
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    let (before, after) = (claims(&first["id_token"]), setting.verified(&second["id_token"]).await.unwrap());
    assert!(after.get("nonce").is_none());
    assert_eq!(after["sub"], before["sub"]);
    assert_eq!(after["auth_time"], before["auth_time"]);
    assert_eq!(setting.okta.active_refresh_tokens(), [second["refresh_token"].as_str().unwrap()]);
}

#[tokio::test]
async fn a_persistent_refresh_token_comes_back_as_it_was() {
    let setting = setting_with(|org| org.clients[0].refresh = Rotation::Static).await;
    let first = setting.tokens().await;
    let second = setting.refresh(&first["refresh_token"]).await.body;
    assert_eq!(second["refresh_token"], first["refresh_token"]);
}

#[tokio::test]
async fn reuse_within_the_grace_is_forgiven_and_after_it_kills_the_family() {
    let setting = setting().await;
    let first = setting.tokens().await;
    assert!(setting.okta.is_grace_over(), "nothing was rotated");
    let second = setting.refresh(&first["refresh_token"]).await.body;
    assert!(!setting.okta.is_grace_over());
    let third = setting.refresh(&first["refresh_token"]).await;
    assert_eq!(third.status, 200);
    setting.okta.assert_nothing_unexpected();

    setting.okta.advance_clock(Duration::from_secs(31));
    assert!(setting.okta.is_grace_over());
    setting.refresh(&first["refresh_token"]).await.is_error(400, "invalid_grant", DEAD);
    assert_eq!(setting.okta.reuse_detections(), 1);
    setting.refresh(&second["refresh_token"]).await.is_error(400, "invalid_grant", DEAD);
    for tokens in [&first, &second, &third.body] {
        assert!(!setting.is_active(&tokens["access_token"]).await);
    }
    assert!(setting.okta.active_refresh_tokens().is_empty());
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn an_unused_refresh_token_dies_and_that_is_nobodys_fault() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.advance_clock(Duration::from_secs(7 * 24 * 3600));
    setting.refresh(&tokens["refresh_token"]).await.is_error(400, "invalid_grant", DEAD);
}

#[tokio::test]
async fn what_an_admin_ended_is_refused_and_nobodys_fault() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.end_sessions_of("robin");
    setting.refresh(&tokens["refresh_token"]).await.is_error(400, "invalid_grant", DEAD);
}

#[tokio::test]
async fn groups_follow_the_directory_at_the_next_refresh() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    setting.okta.edit(|org| org.people[0].groups.truncate(3));
    let tokens = setting.refresh(&tokens["refresh_token"]).await.body;
    assert_eq!(claims(&tokens["id_token"])["groups"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_token_of_one_server_is_not_taken_by_another() {
    let setting = setting().await;
    let tokens = setting.tokens().await;
    let setting = setting.at_org_server();
    let reply = setting.refresh(&tokens["refresh_token"]).await;
    reply.is_error(400, "invalid_request", "The grant was issued for another authorization server.");
    assert!(!setting.is_active(&tokens["access_token"]).await);
    setting.okta.expect_trouble();
}

#[tokio::test]
async fn rotated_keys_sign_under_a_new_name() {
    let setting = setting().await;
    let first = setting.tokens().await;
    setting.okta.rotate_keys(OldKey::Kept);
    let second = setting.refresh(&first["refresh_token"]).await.body;
    assert_ne!(header(&first["id_token"])["kid"], header(&second["id_token"])["kid"]);
    assert!(setting.verified(&first["id_token"]).await.is_some());
    assert!(setting.verified(&second["id_token"]).await.is_some());

    setting.okta.rotate_keys(OldKey::Withdrawn);
    assert!(setting.verified(&first["id_token"]).await.is_some());
    assert!(setting.verified(&second["id_token"]).await.is_none());
}

#[tokio::test]
async fn tokens_and_date_follow_the_skewed_clock() {
    let setting = setting().await;
    let honest = claims(&setting.tokens().await["id_token"])["iat"].as_i64().unwrap();
    setting.okta.skew_clock(-86_400);
    let reply = setting.redeem(&setting.code(SCOPES).await, &[]).await;
    let skewed = claims(&reply.body["id_token"]);
    let iat = skewed["iat"].as_i64().unwrap();
    assert!((honest - 86_401..=honest - 86_300).contains(&iat), "{honest} {iat}");
    assert_eq!(skewed["exp"], iat + 3600);
    let date = httpdate::parse_http_date(reply.header("date")).unwrap();
    let date = date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(i64::try_from(date).unwrap().abs_diff(iat) <= 1);
}
