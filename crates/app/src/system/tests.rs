use std::sync::{Arc, Mutex};

use super::*;

/// What was passed on, and how many milliseconds after the start.
type Passed = Arc<Mutex<Vec<(News, u128)>>>;

fn passing_on() -> (mpsc::UnboundedSender<News>, Passed, tokio::task::JoinHandle<()>) {
    let (tell, news) = mpsc::unbounded_channel();
    let passed = Passed::default();
    let (log, began_at) = (passed.clone(), Instant::now());
    let passing =
        tokio::spawn(pass_on(news, move |one| log.lock().unwrap().push((one, began_at.elapsed().as_millis()))));
    (tell, passed, passing)
}

async fn after(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn a_network_that_comes_in_steps_is_looked_at_once() {
    let (tell, passed, passing) = passing_on();
    for _ in 0..5 {
        tell.send(News::NetworkChanged).unwrap();
        after(300).await;
    }
    after(20_000).await;
    assert_eq!(*passed.lock().unwrap(), [(News::NetworkChanged, 2_200)]);
    drop(tell);
    passing.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_network_that_never_settles_is_looked_at_now_and_then() {
    let (tell, passed, _passing) = passing_on();
    for _ in 0..300 {
        tell.send(News::NetworkChanged).unwrap();
        after(100).await;
    }
    let at: Vec<u128> = passed.lock().unwrap().iter().map(|(_, at)| *at).collect();
    assert_eq!(at.first(), Some(&4_000));
    assert!(at.len() <= 3 && at.windows(2).all(|pair| pair[1] - pair[0] >= 10_000), "{at:?}");
}

#[tokio::test(start_paused = true)]
async fn sleep_and_waking_wait_for_nothing() {
    let (tell, passed, _passing) = passing_on();
    for news in [News::NetworkChanged, News::FallingAsleep, News::Woke] {
        tell.send(news).unwrap();
    }
    after(5_000).await;
    let expected = [(News::FallingAsleep, 0), (News::Woke, 0), (News::NetworkChanged, 1_000)];
    assert_eq!(*passed.lock().unwrap(), expected);
}
