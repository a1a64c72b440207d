use gatepass_oidc::{Check, Error as OidcError, Http, HttpPolicy, Timestamp};
use tokio::time::Instant;
use url::Url;

use super::*;
use crate::task::{Report, SeatNumber};
use crate::testing::{TestClock, no_credentials, plain_page, plain_words};
use crate::{Browser, ProfileParts};

/// A browser that says that all is well, and nothing comes.
struct Nothing;

impl Browser for Nothing {
    fn open(&self, _: &Url) -> Result<(), BrowserFailed> {
        Ok(())
    }
}

fn edges() -> Edges {
    let clock = Arc::new(TestClock::starting_at(Timestamp::from_unix_seconds(1_800_000_000)));
    Edges::new(clock, Arc::new(Nothing), Http::new(HttpPolicy::default()), plain_words, plain_page, no_credentials())
}

/// An attempt whose page is waiting, and the end by which it is told.
fn waiting() -> (SignIn, mpsc::UnboundedSender<Conclusion>) {
    let (tell, conclusions) = mpsc::unbounded_channel();
    let parts = ProfileParts {
        name: "Demo".into(),
        issuer: "http://127.0.0.1:1".into(),
        client_id: "0oa1".into(),
        ..ProfileParts::default()
    };
    let sign_in = SignIn {
        attempt: AttemptId(1),
        profile: Arc::new(Profile::from_parts(&parts).unwrap()),
        options: SignInOptions::default(),
        redirect_uris: Vec::new(),
        edges: Arc::new(edges()),
        reporter: Reporter::new(SeatNumber(1), mpsc::unbounded_channel().0),
        sharing: None,
        deliveries: mpsc::unbounded_channel().1,
        conclusions,
        after: Vec::new(),
    };
    (sign_in, tell)
}

fn robin() -> Outcome {
    Outcome::SignedIn { as_whom: "Robin".into() }
}

fn failed(error: &Error) -> Outcome {
    Outcome::Failed { title: error.to_string(), advice: "go back to Gatepass".into() }
}

fn superseded() -> Outcome {
    failed(&Error::SignInEnded(SignInEnd::Superseded))
}

#[tokio::test(start_paused = true)]
async fn the_page_waits_for_the_keyring_for_twenty_seconds_and_no_longer() {
    let (mut sign_in, tell) = waiting();
    assert!(tell.send(Conclusion::Redeemed(robin())).is_ok());
    let began_at = Instant::now();
    assert_eq!(sign_in.conclusion().await, robin());
    assert_eq!(began_at.elapsed().as_secs(), STORING_PATIENCE.as_secs());
}

#[tokio::test(start_paused = true)]
async fn the_page_says_what_came_of_it_as_soon_as_that_is_known() {
    let failed = failed(&Error::Oidc(OidcError::Untrusted(Check::Nonce)));
    let cases: [(Vec<Conclusion>, Outcome); 4] = [
        (vec![Conclusion::Redeemed(robin()), Conclusion::AsRedeemed], robin()),
        (vec![Conclusion::Redeemed(robin()), Conclusion::Final(superseded())], superseded()),
        (vec![Conclusion::Final(failed.clone())], failed),
        (vec![], superseded()),
    ];
    for (told, expected) in cases {
        let (mut sign_in, tell) = waiting();
        for conclusion in told {
            assert!(tell.send(conclusion).is_ok());
        }
        drop(tell);
        let began_at = Instant::now();
        assert_eq!(sign_in.conclusion().await, expected);
        assert_eq!(began_at.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn a_browser_that_does_not_come_is_missed_after_fifteen_seconds() {
    let uri = RedirectUri::parse("dev.gatepass.desktop:/redirect").unwrap();
    let listener = RedirectListener::bind(&[uri], plain_page()).await.unwrap();
    let (sender, mut reports) = mpsc::unbounded_channel::<Report>();
    let reporter = Reporter::new(SeatNumber(1), sender);
    let began_at = Instant::now();
    tokio::spawn(async move { watch_browser(&edges(), &reporter, AttemptId(1), &listener).await });
    let mut stage = async || match reports.recv().await.unwrap().news {
        News::Moved(AttemptId(1), stage) => stage,
        _ => panic!("something else happened"),
    };
    assert_eq!(stage().await, AttemptStage::OpeningBrowser);
    assert_eq!(stage().await, AttemptStage::BrowserNotSeen);
    assert_eq!(began_at.elapsed().as_secs(), BROWSER_PATIENCE.as_secs());
}
