use serde_json::{Value, json};

use super::*;
use crate::testing::{Canned, KEYS, NOW, NOW_AS_DATE, SignIn, TestIssuer, Wishes, client, header, http, sign};

const MINUTE: Duration = Duration::from_secs(60);

/// Signs in with these wishes, where the ID token has these claims beside the usual.
async fn sign_in(wishes: Wishes, more: Value) -> Result<(), Error> {
    let sign_in = SignIn::begin_with(TestIssuer::start().await, wishes).await;
    let mut claims = sign_in.claims();
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    sign_in.redeem_for(&sign(&KEYS[0], header(), &claims)).await.map(drop)
}

#[tokio::test]
async fn an_acr_is_one_of_those_that_were_asked_for() {
    let asked = || Wishes { acr_values: AcrValues::parse("phr urn:okta:loa:2fa:any"), ..Wishes::default() };
    sign_in(asked(), json!({ "acr": "urn:okta:loa:2fa:any" })).await.unwrap();
    for more in [
        json!({ "acr": "urn:okta:loa:1fa:any" }),
        json!({ "acr": "PHR" }),
        json!({ "acr": "" }),
        json!({ "acr": ["phr"] }),
        json!({}),
    ] {
        let error = sign_in(asked(), more.clone()).await.unwrap_err();
        assert_eq!(error, Error::Untrusted(Check::AuthenticationContext), "{more}");
    }
    sign_in(Wishes::default(), json!({ "acr": "anything" })).await.unwrap();
}

#[tokio::test]
async fn an_authentication_is_as_recent_as_was_asked_for() {
    let now = NOW.as_unix_seconds();
    for (max_age, auth_time, is_recent) in [
        (MINUTE, json!(now), true),
        (MINUTE, json!(now - 60), true),
        (MINUTE, json!(now - 60 - 30), true),
        (MINUTE, json!(now - 60 - 31), false),
        (MINUTE, json!(now - 86_400), false),
        (MINUTE, json!(now + 300), true),
        (MINUTE, json!(now + 301), false),
        (MINUTE, json!(null), false),
        (MINUTE, json!("now"), false),
        (Duration::ZERO, json!(now), true),
        (Duration::ZERO, json!(now - 30), true),
        (Duration::ZERO, json!(now - 31), false),
        (Duration::MAX, json!(0), true),
        (Duration::MAX, json!(null), false),
    ] {
        let wishes = Wishes { max_age: Some(max_age), ..Wishes::default() };
        let expected = if is_recent { Ok(()) } else { Err(Error::Untrusted(Check::AuthenticationTime)) };
        assert_eq!(sign_in(wishes, json!({ "auth_time": auth_time })).await, expected, "{max_age:?} {auth_time}");
    }
    sign_in(Wishes::default(), json!({ "auth_time": 0 })).await.unwrap();
    sign_in(Wishes::default(), json!({})).await.unwrap();
}

/// The person takes their time at the issuer's page, and the laptop's clock is hours away from the issuer's.
#[tokio::test]
async fn an_age_is_reckoned_from_the_request_by_the_servers_clock() {
    for offset in [-7200, 0, 7200] {
        for (auth_time, expected) in [(-240, Ok(())), (-331, Err(Error::Untrusted(Check::AuthenticationTime)))] {
            let wishes = Wishes {
                max_age: Some(Duration::ZERO),
                asked_at: Timestamp::from_unix_seconds(NOW.as_unix_seconds() + offset - 300),
                ..Wishes::default()
            };
            let sign_in = SignIn::begin_with(TestIssuer::start().await, wishes).await;
            let mut claims = sign_in.claims();
            claims["auth_time"] = json!(NOW.as_unix_seconds() + auth_time);
            let tokens = sign_in.tokens(&sign(&KEYS[0], header(), &claims));
            sign_in.issuer.answer("/v1/token", Canned::json(tokens).with("date", NOW_AS_DATE));
            let redirect = sign_in.redirect("code=a-code");
            let ours = Timestamp::from_unix_seconds(NOW.as_unix_seconds() + offset);
            let result = sign_in.pending.redeem(redirect, &sign_in.provider, &client(), &http(), ours).await;
            assert_eq!(result.map(drop), expected, "{offset} {auth_time}");
        }
    }
}
