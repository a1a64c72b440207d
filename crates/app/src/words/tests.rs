//! What one language says, the other says too: with the same names in it, and the same way through Okta's console.

use gatepass_agent::redirect::TurnedAway;
use gatepass_agent::{Mistake, Wrong};
use gatepass_oidc::okta::{Repair, ServerKind, UnreadableIssuer};
use gatepass_oidc::{NotARedirectUri, NotAnIssuer};

use super::shell::States;
use super::*;
use crate::language::speaking;

mod problems;

const HOST: &str = "acme.okta.com";
const URIS: &[&str] = &["http://localhost:27097/redirect", "http://127.0.0.1:8585/callback"];

fn check_both(what: &str, say: impl Fn() -> Vec<String>) {
    let [english, german] = Language::ALL.map(|language| speaking(language, &say));
    assert_eq!(english.len(), german.len(), "{what}");
    for (english, german) in english.iter().zip(&german) {
        assert_ne!(english, german, "{what}");
        assert_eq!(marks(english), marks(german), "{what}: {english} / {german}");
        assert_eq!(path(english), path(german), "{what}: {english} / {german}");
    }
}

/// The words that no translation changes: with a digit, a stroke or a full stop in them.
fn marks(text: &str) -> Vec<&str> {
    let is_mark = |word: &&str| word.chars().any(|c| c.is_ascii_digit() || matches!(c, '/' | '_' | '.' | '\u{2068}'));
    let words = text.split_whitespace().map(|word| word.trim_matches(|c| ".,;:()“”„‘’".contains(c)));
    let mut marks: Vec<_> = words.filter(is_mark).collect();
    marks.sort_unstable();
    marks
}

/// The stops on the way through Okta's console. Those in brackets are the reader's own.
fn path(text: &str) -> Vec<&str> {
    let stops: Vec<_> = text.split('→').collect();
    let Some(last) = stops.len().checked_sub(1).filter(|last| *last > 0) else { return Vec::new() };
    let named = stops.iter().enumerate().map(|(n, stop)| match n {
        0 => stop.trim().rsplit(' ').next().unwrap_or_default(),
        n if n == last => stop.trim().split([' ', '.', ';', ',']).next().unwrap_or_default(),
        // One path may end here, and another begin.
        _ => stop.split(',').next().unwrap_or_default().trim(),
    });
    named.filter(|stop| !stop.starts_with('(')).collect()
}

/// The form that windows, trays and notices rely on.
fn check_form(Texts { title, detail, advice }: &Texts) {
    assert!(title.chars().count() <= 50 && !title.ends_with('.') && !title.is_empty(), "{title}");
    assert!(detail.ends_with('.') && detail.chars().count() <= 300, "{detail}");
    assert!(advice.ends_with(['.', ')']) && advice.chars().count() <= 300, "{advice}");
    for text in [*title, detail, advice] {
        assert!(!text.contains("  "), "{text}");
    }
}

#[test]
fn the_likely_causes_are_told_in_each_language() {
    check_both("likely causes", likely_causes);
    for language in Language::ALL {
        for cause in speaking(language, likely_causes) {
            assert!(cause.ends_with('.') && cause.chars().count() <= 300, "{cause}");
        }
    }
}

#[test]
fn the_note_for_an_admin_is_labelled_in_each_language() {
    check_both("a note", || {
        let words = NoteWords::of(spoken());
        let NoteWords { head, happened, change, place, place_before, likely, error, when, foot, .. } = words;
        let NoteWords { through_the_browser, description, redirect_uri, scopes, log, program, left_out, .. } = words;
        let all = [head, happened, change, place, place_before, likely, error, when, foot];
        let rest = [through_the_browser, description, redirect_uri, scopes, log, program, left_out];
        all.into_iter().chain(rest).map(|text| (*text).to_owned()).collect()
    });
}

#[test]
fn the_shell_says_everything_in_each_language() {
    let words = || ShellWords::of(spoken());
    check_both("labels", || {
        let ShellWords {
            open,
            quit,
            sign_in,
            sign_in_with_okta,
            cancel_sign_in,
            sign_out,
            refresh,
            copy_access_token,
            ..
        } = words();
        [
            open,
            quit,
            sign_in,
            sign_in_with_okta,
            cancel_sign_in,
            sign_out,
            refresh,
            copy_access_token,
            &words().copy_redirect_uri,
        ]
        .map(|text| (*text).to_owned())
        .into()
    });
    check_both("states", || {
        // The same in both languages: offline.
        let States { signing_in, signed_in, renewing, blocked, sign_in_needed, signed_out, reading, ended, .. } =
            words().states;
        [signing_in, signed_in, renewing, blocked, sign_in_needed, signed_out, reading, ended].map(str::to_owned).into()
    });
    check_both("sentences", || {
        let ShellWords { until_quit, another_until_quit, token_ended, under_a_minute, .. } = words();
        let mut all = vec![(words().left)("7 min"), (words().and_more)("a.b", 2), (words().and_more)("a.b", 10)];
        all.extend([(words().valid_for)("1 h 30 min"), (words().cleared_in)(30)]);
        all.extend([until_quit, another_until_quit, token_ended, under_a_minute].map(|text| (*text).to_owned()));
        all
    });
    check_both("copies", || {
        use gatepass_wire::CopiedThing::*;
        let things = [
            AccessToken,
            AuthorizationHeader,
            Curl,
            Export,
            Json,
            IdToken,
            Groups,
            Group,
            SignInLink,
            RedirectUri,
            ProfileLink,
            ProfileText,
            AdminNote,
        ];
        things.map(|thing| (words().copied)(thing).to_owned()).into()
    });
}

#[test]
fn every_notice_is_told_in_each_language() {
    let notices = [Noticed::Blocked, Noticed::EndsSoon, Noticed::OtherPerson, Noticed::SignInNeeded { because: "" }];
    for of in notices {
        for language in Language::ALL {
            let Texts { title, detail, .. } = notice(language, of);
            assert!(title.chars().count() <= 50 && (detail.ends_with('.') || detail.is_empty()), "{title}");
        }
        check_both("notices", || {
            let Texts { title, detail, advice } = notice(spoken(), of);
            [title.to_owned(), detail, advice].into_iter().filter(|text| !text.is_empty()).collect()
        });
    }
}

#[test]
fn that_no_resident_answers_is_told_in_each_language() {
    for why in [
        NoResident::NotStarted("a/b"),
        NoResident::FolderNotUsable("a/b"),
        NoResident::Ended("a/b"),
        NoResident::EndedWordless { status: "exit status: 101", log: "/a/b.log" },
        NoResident::Silent,
        NoResident::NotReached,
        NoResident::Broken("a/b"),
        NoResident::Older { theirs: 1, ours: 2 },
        NoResident::Newer { theirs: 2, ours: 1 },
    ] {
        for language in Language::ALL {
            let told = why.told(language);
            check_form(&Texts { advice: told.advice.replace("/a/b.log", "b."), ..told });
        }
        check_both("no resident", || {
            let Texts { title, detail, advice } = why.told(spoken());
            vec![title.to_owned(), detail, advice]
        });
    }
}

#[test]
fn what_is_said_of_a_draft_is_said_in_each_language() {
    let unreadable = [
        UnreadableIssuer::Empty,
        UnreadableIssuer::Placeholder,
        UnreadableIssuer::IsClientId,
        UnreadableIssuer::ClientIdInPath,
        UnreadableIssuer::Http,
        gatepass_oidc::okta::read_issuer("ftp://acme.okta.com").unwrap_err(),
    ];
    let repairs = [
        Repair::SchemeAdded,
        Repair::AdminHost,
        Repair::TrailingSlash,
        Repair::MetadataAddress,
        Repair::EndpointAddress,
        Repair::Decoration,
    ];
    let uris = [
        NotARedirectUri::NotAUri,
        NotARedirectUri::Decorated,
        NotARedirectUri::NotLoopback,
        NotARedirectUri::Https,
        NotARedirectUri::NoPort,
        NotARedirectUri::SchemeWithoutDot,
    ];
    let others = [
        Finding::NotWhole,
        Finding::Found { kind: ServerKind::Org, pkce: true, device_sign_in: true },
        Finding::Found { kind: ServerKind::Custom, pkce: false, device_sign_in: false },
        Finding::NoPkce,
        Finding::CertificateNotTrusted { host: HOST },
        Finding::ForeignEndpoint { host: HOST },
        Finding::NoAnswer { host: HOST },
        Finding::NoCustomServers { host: HOST },
        Finding::NoServerThere { code: "E0000007" },
        Finding::NoSuchServer,
        Finding::NotAServer { host: HOST },
        Finding::NotTrusted { host: HOST },
        Finding::OtherIssuer,
        Finding::ProxyFailed { host: HOST },
        Finding::Refused { host: HOST, code: "E0000007" },
        Finding::ServerBusy { host: HOST, status: 503 },
        Finding::Unreachable { host: HOST },
        Finding::WebPageInTheWay { host: HOST },
        Finding::ClientIdIsServerId,
        Finding::ClientIdIsUrl,
        Finding::ClientIdPlaceholder,
        Finding::NotAClientId,
        Finding::OtherScheme { ours: "dev.gatepass.desktop" },
    ];
    let mended =
        repairs.iter().map(|repair| Finding::Mended { issuer: URIS[0], repairs: std::slice::from_ref(repair) });
    let all = others.into_iter().chain(mended);
    for of in all.chain(unreadable.iter().map(Finding::Unreadable)).chain(uris.map(Finding::NotARedirectUri)) {
        check_both("a draft", || vec![finding(of)]);
    }
}

#[test]
fn the_browsers_page_speaks_each_language_and_its_words_are_markup() {
    let says = || {
        let words = page();
        let whys = [
            TurnedAway::NoHost,
            TurnedAway::AnotherUser,
            TurnedAway::AnotherHost,
            TurnedAway::NoSuchPath,
            TurnedAway::WrongMethod,
            TurnedAway::NotANavigation,
            TurnedAway::Prefetch,
            TurnedAway::Unreadable,
            TurnedAway::UnrequestedTokens,
            TurnedAway::OneTimeCode,
            TurnedAway::TooLarge,
            TurnedAway::NoBody,
            TurnedAway::AnotherState,
            TurnedAway::NotReady,
        ];
        let mut all: Vec<_> = whys.into_iter().flat_map(words.turned_away).map(str::to_owned).collect();
        all.extend(
            [words.signed_in, words.question, words.go_back, words.waiting, words.waiting_for].map(str::to_owned),
        );
        all.extend([
            (words.signed_in_as)(None),
            (words.signed_in_as)(Some("R.D.")),
            (words.question_of)("K.D.", "R.D."),
        ]);
        all
    };
    check_both("the page", says);
    for language in Language::ALL {
        assert_eq!(speaking(language, page).language, language.tag());
        for text in speaking(language, says) {
            assert!(!text.contains(['<', '>', '&', '"']), "{text}");
        }
    }
}

#[test]
fn every_phrase_is_said_in_each_language() {
    let phrases = [Phrase::NameWithoutLetters, Phrase::StaySignedIn { advice: HOST }, Phrase::TriesAgain];
    check_both("phrases", || phrases.map(phrase).into());
}

#[test]
fn every_mistake_is_told_in_each_language() {
    let redirect_uri = |why| Wrong::RedirectUri { uri: "https://a.example/b".into(), why };
    let mistakes = [
        Wrong::TooLarge,
        Wrong::NotText,
        Wrong::NewerVersion { stated: 7, known: 1 },
        Wrong::OtherVersion { known: 1 },
        Wrong::Blank,
        Wrong::NoAnswer(5),
        Wrong::BrokenOff,
        Wrong::NotTables,
        Wrong::NoPlace,
        Wrong::IdTaken("work-2".into()),
        Wrong::NotThere,
        Wrong::ChangedMeanwhile,
        Wrong::HasTables,
        Wrong::Missing,
        Wrong::NoString,
        Wrong::NoStrings,
        Wrong::NoBoolean,
        Wrong::NoneOf(&["a1", "b2", "c3"]),
        Wrong::OutOfRange(10, 600),
        Wrong::TooLong,
        Wrong::NotOneLine,
        Wrong::NoId,
        Wrong::NameLength,
        Wrong::NoClientId,
        Wrong::Issuer(NotAnIssuer::NotAUrl),
        Wrong::Issuer(NotAnIssuer::NotHttps),
        Wrong::Issuer(NotAnIssuer::Decorated),
        Wrong::Scope("a1".into()),
        Wrong::NoOpenid,
        Wrong::NoRedirectUri,
        redirect_uri(NotARedirectUri::NotAUri),
        redirect_uri(NotARedirectUri::Decorated),
        redirect_uri(NotARedirectUri::NotLoopback),
        redirect_uri(NotARedirectUri::Https),
        redirect_uri(NotARedirectUri::NoPort),
        redirect_uri(NotARedirectUri::SchemeWithoutDot),
        Wrong::Host("A.Example".into()),
        Wrong::AcrValue("a.b".into()),
        Wrong::FormNotOnLoopback,
        Wrong::SilentAndPrompt,
        Wrong::ItsOwnId,
        Wrong::ApiNotOfCustomServer,
        Wrong::ApiScopeMissing("a.b"),
        Wrong::NoAudience("a1".into()),
        Wrong::AudienceElsewhere("a1".into()),
        Wrong::AudienceScope("a1".into()),
        Wrong::AudienceTwice("a1".into()),
        Wrong::NoClaim,
        Wrong::NoProgram,
        Wrong::OpenQuote,
        Wrong::NoProgramName,
    ];
    check_both("mistakes", || mistakes.iter().map(wrong).collect());
    let at = Mistake { line: Some(3), key: Some("name"), what: Wrong::Missing };
    check_both("a mistake and its place", || vec![mistake(&at)]);
    assert_eq!(
        speaking(Language::German, || super::mistakes(&[at.clone(), Wrong::NotText.into()])),
        "Zeile 3: name: fehlt; kein Text in UTF-8"
    );
}
