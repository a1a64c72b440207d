//! A thousand profiles: what they cost grows with their number and no faster, and the server is not overrun.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use gatepass_agent::{ProfileId, Vault, VaultKey};
use gatepass_fake_okta::{App, Endpoint, FakeOkta, Org, Rotation};
use gatepass_tests::{Machine, Running, free_redirect_uri};
use gatepass_wire::{Change, Status};

const N: usize = 1_000;

/// Renewals that may be on their way at one time.
const AT_ONCE: usize = 4;

fn key(n: usize) -> VaultKey {
    VaultKey::session(ProfileId::parse(&id(n)).expect("an id"))
}

fn id(n: usize) -> String {
    format!("p{n}")
}

/// A machine with as many profiles, all of them signed in when the program last ran. One person has one refresh token
/// here, which does not rotate.
async fn machine_of_many() -> (FakeOkta, Machine) {
    let static_token = App { refresh: Rotation::Static, ..App::default() };
    let okta = FakeOkta::start(Org { clients: vec![static_token], ..Org::default() }).await;
    let machine = Machine::new();
    let redirect_uri = free_redirect_uri();
    okta.register_redirect_uri(&redirect_uri);
    okta.sign_in_as("robin");
    let (issuer, client, ids) = (okta.issuer(), okta.client_id(), (0..N).map(id).collect::<Vec<_>>());
    let profile = |id| (id, issuer.as_str(), client.as_str(), redirect_uri.as_str());

    machine.write_profiles(&[profile(ids[0].as_str())]);
    let running = machine.start().await;
    running.sign_in(&ids[0]).await;
    running.quit().await;
    let record = machine.vault.load(&key(0)).expect("a vault").expect("a record");
    for n in 1..N {
        machine.vault.store(&key(n), &record).expect("a vault");
    }
    machine.write_profiles(&ids.iter().map(|id| profile(id)).collect::<Vec<_>>());
    (okta, machine)
}

async fn until(running: &Running, what: &str, so: impl Fn(&Change) -> bool) -> Arc<Change> {
    let mut changes = running.app.changes();
    // In a build without optimisation, on a machine that does other things too.
    let found = tokio::time::timeout(Duration::from_secs(300), changes.wait_for(|change| so(change))).await;
    found.unwrap_or_else(|_| panic!("waited for {what}")).expect("it runs").clone()
}

fn all_signed_in_until_after(change: &Change, expires_at: i64) -> bool {
    change.snapshot.profiles.iter().all(|profile| {
        profile.status == Status::SignedIn
            && profile.session.as_ref().and_then(|session| session.expires_at).is_some_and(|at| at.0 > expires_at)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_profiles_are_restored_and_renewed_at_a_cost_that_grows_with_their_number_alone() {
    let (okta, machine) = machine_of_many().await;
    let so_far = okta.count(Endpoint::Token);

    // The first requests are held, so that it can be seen how many come at once.
    let gates: Vec<_> = (0..2 * AT_ONCE).map(|_| okta.hold(Endpoint::Token)).collect();
    let running = machine.start().await;
    okta.wait_for_count(Endpoint::Token, so_far + AT_ONCE).await;
    let one_more =
        tokio::time::timeout(Duration::from_secs(1), okta.wait_for_count(Endpoint::Token, so_far + AT_ONCE + 1));
    assert!(one_more.await.is_err(), "all renewals began at once");
    okta.clear_faults();
    drop(gates);

    let restored = until(&running, "all to be signed in", |change| all_signed_in_until_after(change, 0)).await;
    assert_eq!(restored.snapshot.profiles.len(), N);
    let ends =
        restored.snapshot.profiles.iter().filter_map(|one| one.session.as_ref()?.expires_at).max().expect("ends");
    // For the server too: else its answers soon tell that this machine's clock is ahead, and that nothing is due.
    let nearly_an_hour = Duration::from_secs(55 * 60);
    okta.advance_clock(nearly_an_hour);
    machine.clock.advance(nearly_an_hour);
    running.app.look_again();
    let renewed = until(&running, "all to be renewed", |change| all_signed_in_until_after(change, ends.0)).await;

    // One renewal for each, twice, and nothing asked in vain.
    let asked = okta.count(Endpoint::Token) - so_far;
    assert!((2 * N..=2 * N + 2 * AT_ONCE).contains(&asked), "{asked} requests");
    assert!(okta.count(Endpoint::Metadata) <= 2 * AT_ONCE && okta.count(Endpoint::Keys) <= 2 * AT_ONCE);

    // Each profile is made ready for drawing when it changed: restored, renewing, renewed; and again.
    let drawn: HashSet<_> = running.profiles_drawn().into_iter().collect();
    assert!(drawn.len() <= 8 * N, "{} profiles drawn", drawn.len());
    // And many changes are told together.
    assert!(renewed.revision <= 3 * N as u64, "{} changes told", renewed.revision);
    okta.assert_nothing_unexpected();
    running.quit().await;
}
