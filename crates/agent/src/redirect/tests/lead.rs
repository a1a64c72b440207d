use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::redirect::attempt::Lead;

#[tokio::test(start_paused = true)]
async fn what_may_be_followed_once_is_followed_once_by_a_visit_and_not_after_its_end() {
    let url = Url::parse("https://acme.okta.com/oauth2/v1/authorize").unwrap();
    let mut whole = Lead::new(url.clone(), None);
    for is_visit in [true, false, true] {
        assert_eq!(whole.follow(is_visit).as_ref(), Some(&url));
    }
    let end = Instant::now() + Duration::from_secs(60);
    let mut pushed = Lead::new(url.clone(), Some(end));
    assert_eq!(pushed.follow(false), None, "a look ahead spends nothing");
    assert_eq!(pushed.follow(true).as_ref(), Some(&url));
    assert_eq!(pushed.follow(true), None);
    let mut late = Lead::new(url, Some(end));
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(late.follow(true), None);
}
