//! Profiles that come and go, and what a handle answers when there is nothing to answer for.

use url::Url;

use super::*;
use crate::{Direction, MinValidity};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_thing_a_watcher_sees_is_the_present() {
    let fixture = Before::new().await.with_profile("one", &free_redirect_uri()).with_session("two", "kept").start();
    let present = fixture.handle.watch().borrow().clone();
    let ids: Vec<_> = present.snapshot.profiles.iter().map(|shown| shown.profile.id.as_str()).collect();
    assert_eq!(ids, ["one", "two"]);
    fixture.signed_in(&id("two")).await;
    let later = fixture.handle.watch().borrow().clone();
    assert!(later.revision > present.revision);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_added_to_file_and_agent_under_an_id_of_its_own() {
    let fixture = Before::new().await.with_profile("demo", &free_redirect_uri()).start();
    let path = fixture.folder.path().join("profiles.toml");
    let by_hand = format!("{}\n# mind the gap\n", std::fs::read_to_string(&path).unwrap());
    std::fs::write(&path, &by_hand).unwrap();
    let another = profile("demo", fixture.issuer.url.as_str(), &free_redirect_uri());
    let added = fixture.handle.add_profile(another).await.unwrap();
    assert_eq!(added.as_str(), "demo-2");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with(&by_hand));
    let change = fixture.handle.watch().borrow().clone();
    assert!(change.snapshot.profiles.iter().any(|shown| shown.profile.id == added));
    fixture.sign_in(&added).await;
    fixture.signed_in(&added).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_profile_is_signed_out_and_gone() {
    let fixture = Before::new().await.with_session("demo", "kept").with_profile("other", &free_redirect_uri()).start();
    let demo = id("demo");
    fixture.signed_in(&demo).await;
    fixture.handle.remove_profile(&demo).await.unwrap();
    let change = fixture.handle.watch().borrow().clone();
    assert_eq!(change.cause, Cause { kind: CauseKind::Profiles, profile: None });
    assert_eq!(change.snapshot.profiles.len(), 1);
    fixture.issuer.arrived("/v1/revoke", 1).await;
    assert_eq!(fixture.issuer.received("/v1/revoke", "token"), ["refresh-1"]);
    let path = fixture.folder.path().join("profiles.toml");
    assert_eq!(ProfilesFile::new(path).load().profiles.len(), 1);
    assert_eq!(fixture.handle.refresh(&demo).await, Err(Error::NoSuchProfile));
    fixture.handle.quit().await;
    assert_eq!(fixture.kept(&demo), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_for_a_removed_profile_is_revoked_and_never_its_namesakes() {
    let before = Before::new().await.with_session("demo", "kept");
    before.issuer.hold();
    let fixture = before.start();
    let demo = id("demo");
    fixture.issuer.pending(1).await;
    fixture.handle.remove_profile(&demo).await.unwrap();
    let namesake = profile("demo", fixture.issuer.url.as_str(), &free_redirect_uri());
    assert_eq!(fixture.handle.add_profile(namesake).await.unwrap(), demo);
    fixture.issuer.release(1);
    fixture.issuer.arrived("/v1/revoke", 2).await;
    let mut revoked = fixture.issuer.received("/v1/revoke", "token");
    revoked.sort();
    assert_eq!(revoked, ["kept", "refresh-1"]);
    fixture.handle.quit().await;
    assert_eq!(fixture.kept(&demo), None);
    assert!(session(&fixture.handle.watch().borrow().snapshot.profiles[0]).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_newer_version_is_shown_as_a_problem_and_left_alone() {
    let fixture = Before::new().await.with_session("demo", "kept").start();
    fixture.signed_in(&id("demo")).await;
    let path = fixture.folder.path().join("profiles.toml");
    std::fs::write(&path, "version = 2\n").unwrap();
    let another = profile("other", fixture.issuer.url.as_str(), &free_redirect_uri());
    let refused = fixture.handle.add_profile(another).await.unwrap_err();
    assert!(matches!(refused, Error::ProfilesFile { .. }));
    // Nobody is signed out of a profile that cannot be removed.
    for text in ["version = 2\n", "[profile]\nid = \"demo\"\n"] {
        std::fs::write(&path, text).unwrap();
        fixture.handle.remove_profile(&id("demo")).await.unwrap_err();
        assert!(fixture.is_signed_in(&id("demo")));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_in_the_file_is_in_the_first_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profiles.toml");
    std::fs::write(&path, "version = 1\n[[profile]]\nid = \"demo\"\n").unwrap();
    let agent = Agent::start(AgentOptions {
        profiles_file: path,
        refreshes: folder.path().join("refreshes"),
        groups: folder.path().join("groups"),
        machine: MACHINE.into(),
        vault: Arc::<MemoryVault>::default(),
        browser: Arc::<TestBrowser>::default(),
        clock: Arc::new(TestClock::starting_at(START)),
        http: HttpPolicy::default(),
        explain: crate::testing::plain_words,
        page: crate::testing::plain_page,
    });
    let mistakes = agent.handle.watch().borrow().snapshot.profiles_file_mistakes.clone();
    assert_eq!(mistakes[0].to_string(), "line 3: name: missing");
}

/// What each call of the handle answers for the profile.
async fn answers(handle: &AgentHandle, profile: &ProfileId) -> Vec<Error> {
    vec![
        handle.sign_in(profile, SignInOptions::default()).await.unwrap_err(),
        handle.cancel_sign_in(profile).await.unwrap_err(),
        handle.sign_in_link(profile).await.unwrap_err(),
        handle.answer_other_person(profile, true).await.unwrap_err(),
        handle.refresh(profile).await.unwrap_err(),
        handle.sign_out(profile, SignOutOptions::default()).await.unwrap_err(),
        handle.access_token(profile, MinValidity::ForCopying).await.unwrap_err(),
        handle.dismiss_problem(profile).await.unwrap_err(),
        handle.remove_profile(profile).await.unwrap_err(),
        handle.move_profile(profile, Direction::Up).await.unwrap_err(),
        handle
            .edit_profile(super::profile(profile.as_str(), "http://127.0.0.1:1/a", &free_redirect_uri()), true)
            .await
            .unwrap_err(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_profile_is_an_error_of_every_call() {
    let fixture = Before::new().await.start();
    assert_eq!(answers(&fixture.handle, &id("stranger")).await, vec![Error::NoSuchProfile; 11]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_quitting_every_call_says_so() {
    let fixture = Before::new().await.with_profile("demo", &free_redirect_uri()).start();
    let mut changes = fixture.handle.watch();
    fixture.handle.quit().await;
    assert_eq!(answers(&fixture.handle, &id("demo")).await, vec![Error::Quitting; 11]);
    let another = profile("other", fixture.issuer.url.as_str(), &free_redirect_uri());
    assert_eq!(fixture.handle.add_profile(another).await, Err(Error::Quitting));
    let redirect = Url::parse("dev.gatepass.desktop:/redirect?code=c&state=s").unwrap();
    assert!(!fixture.handle.deliver_redirect(redirect).await);
    fixture.handle.look_again();
    fixture.handle.quit().await;
    while changes.changed().await.is_ok() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_ends_when_nobody_holds_it() {
    let fixture = Before::new().await.with_profile("demo", &free_redirect_uri()).start();
    let mut changes = fixture.handle.watch();
    drop(fixture.handle);
    while changes.changed().await.is_ok() {}
}

/// Of the issuers that a fixture's profile may be moved to: one that nobody is at.
const ELSEWHERE: &str = "http://127.0.0.1:1/elsewhere";

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_renamed_keeps_its_session_and_the_file_its_comments() {
    let fixture = Before::new().await.with_session("demo", "kept").start();
    let demo = id("demo");
    let before = fixture.signed_in(&demo).await.profile.as_ref().clone();
    let path = fixture.folder.path().join("profiles.toml");
    let by_hand = format!("# mine\n{}colour = \"blue\" # not ours\n", std::fs::read_to_string(&path).unwrap());
    std::fs::write(&path, &by_hand).unwrap();
    let renamed = Profile {
        name: "Renamed".into(),
        scopes: gatepass_oidc::Scopes::parse("openid offline_access"),
        redirect_uris: vec![gatepass_oidc::RedirectUri::parse("http://localhost:27098/redirect").unwrap()],
        ..before
    };
    fixture.handle.edit_profile(renamed.clone(), false).await.unwrap();
    let shown = fixture.handle.watch().borrow().snapshot.profiles[0].clone();
    assert_eq!(*shown.profile, renamed);
    assert!(session(&shown).is_some_and(|session| session.has_access_token));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# mine\n") && text.ends_with("colour = \"blue\" # not ours\n"), "{text}");
    assert_eq!(ProfilesFile::new(path).load().profiles, [renamed]);
    assert_eq!(fixture.issuer.received("/v1/revoke", "token"), Vec::<String>::new());
    fixture.handle.quit().await;
    assert!(fixture.kept(&demo).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_in_the_window_keeps_what_was_edited_by_hand_meanwhile() {
    let fixture = Before::new().await.with_session("demo", "kept").start();
    fixture.signed_in(&id("demo")).await;
    let path = fixture.folder.path().join("profiles.toml");
    let shown = || fixture.handle.watch().borrow().snapshot.profiles[0].profile.as_ref().clone();
    for (scopes, client) in [("openid", "0oademo1gatepass"), ("openid offline_access", "0oaother")] {
        let before = shown();
        let by_hand = format!("{} by hand", before.name);
        std::fs::write(&path, std::fs::read_to_string(&path).unwrap().replace(&before.name, &by_hand)).unwrap();
        let scopes = gatepass_oidc::Scopes::parse(scopes);
        let edited = Profile { scopes, client_id: gatepass_oidc::ClientId::new(client), ..before };
        fixture.handle.edit_profile(edited.clone(), true).await.unwrap();
        let both = Profile { name: by_hand, ..edited };
        assert_eq!(shown(), both);
        assert_eq!(ProfilesFile::new(path.clone()).load().profiles, [both]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_gets_another_issuer_or_client_is_signed_out_and_revoked_where_it_was() {
    for edit in [
        |profile: &mut Profile| profile.issuer = gatepass_oidc::IssuerUrl::parse(ELSEWHERE).unwrap(),
        |profile: &mut Profile| profile.client_id = gatepass_oidc::ClientId::new("0oaother"),
    ] {
        let fixture = Before::new().await.with_session("demo", "kept").with_profile("z", &free_redirect_uri()).start();
        let demo = id("demo");
        let mut edited = fixture.signed_in(&demo).await.profile.as_ref().clone();
        edit(&mut edited);
        let groups = fixture.folder.path().join("groups/profile-demo.json");
        std::fs::create_dir_all(groups.parent().unwrap()).unwrap();
        std::fs::write(&groups, "those of an earlier sign-in").unwrap();
        fixture.handle.edit_profile(edited.clone(), true).await.unwrap();
        let shown = fixture.handle.watch().borrow().snapshot.profiles.clone();
        assert_eq!((shown.len(), &*shown[0].profile), (2, &edited));
        assert!(session(&shown[0]).is_none());
        fixture.issuer.arrived("/v1/revoke", 1).await;
        assert_eq!(fixture.issuer.received("/v1/revoke", "token"), ["refresh-1"]);
        assert_eq!(fixture.issuer.received("/v1/revoke", "client_id"), ["0oademo1gatepass"]);
        let path = fixture.folder.path().join("profiles.toml");
        assert_eq!(ProfilesFile::new(path).load().profiles[0], edited);
        fixture.handle.quit().await;
        assert_eq!(fixture.kept(&demo), None);
        assert!(!groups.exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_after_an_edit_is_revoked_where_it_came_from_and_never_the_new_ones() {
    let before = Before::new().await.with_session("demo", "kept");
    before.issuer.hold();
    let fixture = before.start();
    let demo = id("demo");
    fixture.issuer.pending(1).await;
    let shown = fixture.handle.watch().borrow().snapshot.profiles[0].clone();
    let edited = Profile { client_id: gatepass_oidc::ClientId::new("0oaother"), ..shown.profile.as_ref().clone() };
    fixture.handle.edit_profile(edited, true).await.unwrap();
    fixture.issuer.release(1);
    fixture.issuer.arrived("/v1/revoke", 2).await;
    let mut revoked = fixture.issuer.received("/v1/revoke", "token");
    revoked.sort();
    assert_eq!(revoked, ["kept", "refresh-1"]);
    fixture.handle.quit().await;
    assert_eq!(fixture.kept(&demo), None);
    assert!(session(&fixture.handle.watch().borrow().snapshot.profiles[0]).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_under_way_is_given_up_by_an_edit_to_another_client() {
    let before = Before::new().await.with_profile("demo", &free_redirect_uri());
    before.issuer.hold();
    let fixture = before.start();
    let demo = id("demo");
    fixture.shows(&demo, |shown| !shown.is_reading).await;
    fixture.sign_in(&demo).await;
    fixture.issuer.pending(1).await;
    let shown = fixture.handle.watch().borrow().snapshot.profiles[0].clone();
    let edited = Profile { client_id: gatepass_oidc::ClientId::new("0oaother"), ..shown.profile.as_ref().clone() };
    fixture.handle.edit_profile(edited, false).await.unwrap();
    fixture.issuer.release(1);
    fixture.issuer.arrived("/v1/revoke", 1).await;
    assert_eq!(fixture.issuer.received("/v1/revoke", "token"), ["refresh-1"]);
    let shown = fixture.handle.watch().borrow().snapshot.profiles[0].clone();
    assert!(shown.attempt.is_none() && session(&shown).is_none());
    fixture.handle.quit().await;
    assert_eq!(fixture.kept(&demo), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_out_by_an_edit_without_having_agreed_not_even_while_the_keyring_is_read() {
    for is_read in [true, false] {
        let before = Before::new().await.with_session("demo", "kept");
        before.vault.fail_with((!is_read).then_some(crate::VaultError::Locked));
        let fixture = before.start();
        let demo = id("demo");
        if is_read {
            fixture.signed_in(&demo).await;
        }
        let shown = fixture.handle.watch().borrow().snapshot.profiles[0].clone();
        let edited = Profile { client_id: gatepass_oidc::ClientId::new("0oaother"), ..shown.profile.as_ref().clone() };
        assert_eq!(fixture.handle.edit_profile(edited, false).await, Err(Error::WouldSignOut));
        let now = fixture.handle.watch().borrow().snapshot.profiles[0].clone();
        assert_eq!(now.profile, shown.profile);
        fixture.handle.quit().await;
        fixture.vault.fail_with(None);
        assert!(fixture.kept(&demo).is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_out_for_an_edit_that_cannot_be_made() {
    let fixture = Before::new().await.with_session("demo", "kept").start();
    let demo = id("demo");
    let edited = Profile {
        issuer: gatepass_oidc::IssuerUrl::parse(ELSEWHERE).unwrap(),
        ..fixture.signed_in(&demo).await.profile.as_ref().clone()
    };
    let path = fixture.folder.path().join("profiles.toml");
    for text in ["version = 2\n", "version = 1\n", "nonsense"] {
        std::fs::write(&path, text).unwrap();
        let refused = fixture.handle.edit_profile(edited.clone(), true).await.unwrap_err();
        assert!(matches!(refused, Error::ProfilesFile { .. }));
        assert!(fixture.is_signed_in(&demo));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_are_moved_in_the_file_and_here_as_far_as_there_is_room() {
    let uri = free_redirect_uri();
    let fixture = Before::new().await.with_profile("a", &uri).with_profile("b", &uri).with_profile("c", &uri).start();
    let path = fixture.folder.path().join("profiles.toml");
    for (moved, direction, order) in [
        ("a", Direction::Up, ["a", "b", "c"]),
        ("a", Direction::Down, ["b", "a", "c"]),
        ("c", Direction::Up, ["b", "c", "a"]),
        ("a", Direction::Down, ["b", "c", "a"]),
    ] {
        fixture.handle.move_profile(&id(moved), direction).await.unwrap();
        let change = fixture.handle.watch().borrow().clone();
        let shown: Vec<_> = change.snapshot.profiles.iter().map(|one| one.profile.id.as_str()).collect();
        assert_eq!(shown, order);
        let read = ProfilesFile::new(path.clone()).load().profiles;
        assert_eq!(read.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), order);
    }
}
