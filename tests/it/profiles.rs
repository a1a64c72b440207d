//! Profiles: added in the window, edited by hand, wrong.

use gatepass_fake_okta::{Endpoint, FakeOkta, Org};
use gatepass_tests::{Machine, org_and_machine};
use gatepass_wire::{Answer, FieldStatus, Intent, ProfileDraft};

fn draft(issuer: &str) -> ProfileDraft {
    ProfileDraft { issuer: issuer.into(), client_id: "0oademo1gatepass".into(), ..ProfileDraft::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_metadata_address_of_the_console_is_read_and_no_client_id_is_sent() {
    let okta = FakeOkta::start(Org::default()).await;
    let machine = Machine::new();
    let running = machine.start().await;
    let (origin, issuer) = (okta.origin().to_owned(), okta.issuer());
    for (pasted, meant) in [
        (issuer.clone(), &issuer),
        (format!("{issuer}/"), &issuer),
        (format!("{issuer}/.well-known/openid-configuration"), &issuer),
        (format!("{issuer}/.well-known/oauth-authorization-server"), &issuer),
        (format!("{origin}/.well-known/oauth-authorization-server/oauth2/default"), &issuer),
        (format!("{origin}/.well-known/openid-configuration"), &okta.org_issuer()),
    ] {
        let answer = running.want(Intent::CheckProfile { draft: draft(&pasted) }).await;
        let Answer::Report(report) = answer else { panic!("{answer:?}") };
        assert_ne!(report.issuer.status, FieldStatus::Bad, "{pasted}: {report:?}");
        assert_eq!(report.found_issuer.as_ref(), Some(meant), "{pasted}");
    }
    let sent = format!("{:?}", okta.requests());
    assert!(!sent.contains("0oademo1gatepass"), "the client ID was sent before the host was confirmed");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_not_there_is_told() {
    let okta = FakeOkta::start(Org::default()).await;
    let machine = Machine::new();
    let running = machine.start().await;
    for wrong in
        [okta.issuer_of("nosuchserver"), "http://127.0.0.1:9".into(), "https://{yourOktaDomain}/oauth2/default".into()]
    {
        let answer = running.want(Intent::CheckProfile { draft: draft(&wrong) }).await;
        let Answer::Report(report) = answer else { panic!("{answer:?}") };
        assert_eq!(
            (report.issuer.status, report.found_issuer.clone()),
            (FieldStatus::Bad, None),
            "{wrong}: {report:?}"
        );
        assert!(!report.issuer.message.is_empty());
    }
    okta.allow_unexpected();
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_was_added_is_in_the_file_and_signs_in() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let redirect_uri = gatepass_tests::free_redirect_uri();
    okta.register_redirect_uri(&redirect_uri);
    let mut with_comment = machine.profiles_text();
    with_comment.push_str("\n# A person's own note.\n");
    std::fs::write(machine.paths().profiles_file(), &with_comment).expect("a file");
    let running = machine.start().await;
    let added = ProfileDraft { name: "Data platform".into(), redirect_uri, ..draft(&okta.issuer()) };
    let answer = running.want(Intent::AddProfile { draft: added }).await;
    let Answer::Added { profile } = answer else { panic!("{answer:?}") };
    running.sign_in(&profile).await;
    assert!(
        machine.profiles_text().starts_with(&with_comment),
        "what stood there was changed: {}",
        machine.profiles_text()
    );
    running.quit().await;

    let running = machine.start().await;
    assert_eq!(running.profile(&profile).name, "Data platform");
    running.until_status(&profile, gatepass_wire::Status::SignedIn).await;
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_of_an_org_server_asks_for_groups_and_one_of_a_custom_server_does_not() {
    let okta = FakeOkta::start(Org::default()).await;
    let machine = Machine::new();
    let running = machine.start().await;
    for (issuer, asks) in [(okta.org_issuer(), true), (okta.issuer(), false)] {
        let answer = running.want(Intent::AddProfile { draft: draft(&issuer) }).await;
        let Answer::Added { profile } = answer else { panic!("{answer:?}") };
        let added = running.until(&profile, "the profile", |_| true).await;
        assert_eq!(added.scopes.contains(&"groups".to_owned()), asks, "{issuer}");
    }
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_wrong_does_not_hide_the_others_and_the_message_names_the_line() {
    let (_okta, machine) = org_and_machine(Org::default()).await;
    let good = machine.profiles_text();
    let bad = "\n[[profile]]\nid = \"bad\"\nname = \"Bad\"\nissuer = \"https://acme.okta.com\"\nclient_id = \"0oa\"\nredirect_uris = [\"nonsense\"]\n";
    std::fs::write(machine.paths().profiles_file(), format!("{good}{bad}")).expect("a file");
    let running = machine.start().await;
    running.until_status("work", gatepass_wire::Status::SignedOut).await;
    let problem = running.app.changes().borrow().snapshot.problem.clone().expect("a problem");
    let line = format!("{good}{bad}").lines().position(|line| line.contains("nonsense")).expect("there") + 1;
    assert!(format!("{} {}", problem.detail, problem.advice).contains(&format!("line {line}")), "{problem:?}");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_nonsense_is_never_overwritten() {
    let okta = FakeOkta::start(Org::default()).await;
    let machine = Machine::new();
    machine.write_profiles(&[]);
    std::fs::write(machine.paths().profiles_file(), "this is { not TOML").expect("a file");
    let running = machine.start().await;
    assert!(running.app.changes().borrow().snapshot.problem.is_some());
    let answer = running.want(Intent::AddProfile { draft: draft(&okta.issuer()) }).await;
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
    assert_eq!(machine.profiles_text(), "this is { not TOML");
    assert_eq!(okta.count(Endpoint::Token), 0);
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_by_hand_is_seen_while_a_window_is_open_and_keeps_the_session() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let place = machine.place();
    // A window that watches, as long as the program runs.
    let window = std::thread::spawn(move || {
        gatepass_wire::client::watch(&place, true).expect("it runs").for_each(drop);
    });
    let so_far = okta.count(Endpoint::Token);
    machine.edit_profiles("work profile", "Renamed");
    let began_at = tokio::time::Instant::now();
    let renamed = running.until("work", "the new name", |profile| profile.name == "Renamed").await;
    assert!(renamed.session.is_some() && renamed.memory_only.is_none(), "{renamed:?}");
    assert!(began_at.elapsed() < std::time::Duration::from_secs(20), "it took {:?}", began_at.elapsed());
    machine.edit_profiles("[[profile]]", "[[profile");
    let told = running.until_told_of_the_file(true).await.expect("a problem");
    assert!(told.detail.contains("line"), "{told:?}");
    assert!(running.profile("work").session.is_some(), "the last good profiles go on");
    machine.edit_profiles("[[profile", "[[profile]]");
    assert_eq!(running.until_told_of_the_file(false).await, None);
    assert_eq!(okta.count(Endpoint::Token), so_far, "nothing of it needs a renewal");
    running.quit().await;
    window.join().expect("the window ends with the program");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_keeps_the_session_another_issuer_ends_it_and_removal_too() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    running.sign_in("work").await;
    let of = |profile: &gatepass_wire::Profile| ProfileDraft {
        name: profile.name.clone(),
        issuer: profile.issuer.clone(),
        client_id: profile.client_id.clone(),
        redirect_uri: profile.redirect_uris.join(" "),
        scopes: profile.scopes.join(" "),
        options: profile.options.clone(),
    };
    let edit = |draft, may_sign_out| Intent::EditProfile { profile: "work".into(), draft, may_sign_out };

    let draft = ProfileDraft { name: "Renamed".into(), ..of(&running.profile("work")) };
    assert_eq!(running.want(edit(draft, false)).await, Answer::Done);
    let renamed = running.until("work", "the new name", |profile| profile.name == "Renamed").await;
    assert!(renamed.session.is_some(), "{renamed:?}");
    assert_eq!(okta.count(Endpoint::Revoke), 0);

    let other = ProfileDraft { issuer: okta.org_issuer(), ..of(&renamed) };
    assert_eq!(running.want(edit(other.clone(), false)).await, Answer::SignsOut);
    assert!(running.profile("work").session.is_some(), "nothing is done before the person agreed");
    assert_eq!(running.want(edit(other.clone(), true)).await, Answer::Done);
    let edited = running.until("work", "the other issuer", |profile| profile.issuer == other.issuer).await;
    assert!(edited.session.is_none(), "{edited:?}");
    gatepass_tests::eventually("revoked", || okta.count(Endpoint::Revoke) == 1).await;

    running.until("work", "its keyring", |profile| !profile.reading).await;
    let back = ProfileDraft { issuer: okta.issuer(), ..other };
    assert_eq!(running.want(edit(back, false)).await, Answer::Done, "nobody is signed in, so nobody is asked");
    running.until("work", "its issuer", |profile| profile.issuer == okta.issuer()).await;
    running.sign_in("work").await;
    assert_eq!(running.want(Intent::RemoveProfile { profile: "work".into() }).await, Answer::Done);
    gatepass_tests::eventually("revoked", || okta.count(Endpoint::Revoke) == 2).await;
    assert!(!machine.profiles_text().contains("Renamed"), "{}", machine.profiles_text());
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_saved_beside_what_is_there_and_read_again_and_a_disk_that_refuses_is_told() {
    let (okta, machine) = org_and_machine(Org::default()).await;
    let running = machine.start().await;
    let save = || Intent::SaveProfile { profile: "work".into() };
    let saved = async || match running.want(save()).await {
        Answer::Saved { path } => path,
        other => panic!("not saved: {other:?}"),
    };
    let (first, second) = (saved().await, saved().await);
    assert!(first.ends_with("gatepass-work.toml") && second.ends_with("gatepass-work-2.toml"), "{first}, {second}");
    let text = std::fs::read_to_string(&first).expect("a file");
    assert_eq!(text, std::fs::read_to_string(&second).expect("a file"));
    let Answer::Draft(draft) = running.want(Intent::ReadProfile { text }).await else { panic!("not read") };
    assert_eq!((draft.issuer, draft.client_id), (okta.issuer(), okta.client_id()));

    // A file where the folder would be stops root as well.
    std::fs::remove_dir_all(machine.exports()).expect("a folder");
    std::fs::write(machine.exports(), "").expect("a file");
    let Answer::Refused(problem) = running.want(save()).await else { panic!("not refused") };
    assert_eq!(problem.code, "profile-not-saved");
    running.quit().await;
}
