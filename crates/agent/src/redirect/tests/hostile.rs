//! What any page or program can send to a port of this machine.

use super::*;

#[tokio::test]
async fn another_path_is_not_found() {
    for path in ["/", "/redirect/", "/Redirect", "//redirect", "/redirect%2f", "/%72edirect", "/start/", "/done/"] {
        Trial::refuses(|trial| trial.request("GET", &format!("{path}?{GENUINE}"), &[]), 404).await;
    }
}

#[tokio::test]
async fn a_favicon_asked_for_first_changes_nothing() {
    let headers = ["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"];
    Trial::refuses(|trial| trial.request("GET", "/favicon.ico", &headers), 404).await;
}

#[tokio::test]
async fn another_method_is_refused_and_told_which_are_allowed() {
    for method in ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"] {
        let target = format!("/redirect?{GENUINE}");
        let reply = Trial::refuses(|trial| trial.request(method, &target, &[]), 405).await;
        assert_eq!(reply.header("allow"), Some("GET, POST"), "{method}");
    }
    let reply = Trial::refuses(|trial| trial.request("POST", &trial.launch_path(), &["Content-Length: 0"]), 405).await;
    assert_eq!(reply.header("allow"), Some("GET, HEAD"));
}

#[tokio::test]
async fn another_host_is_misdirected() {
    // The first is DNS rebinding: a name of the attacker's that now means 127.0.0.1.
    for host in [
        "evil.example:PORT",
        "evil.example",
        "localhost:PORT",
        "127.0.0.1",
        "[::1]:PORT",
        "127.0.0.1:PORT.evil.example",
    ] {
        let request = |trial: &Trial| {
            let host = host.replace("PORT", &trial.address.port().to_string());
            format!("GET /redirect?{GENUINE} HTTP/1.1\r\nHost: {host}\r\n\r\n")
        };
        Trial::refuses(request, 421).await;
    }
}

#[tokio::test]
async fn no_host_and_two_hosts_are_bad_requests() {
    Trial::refuses(|_| format!("GET /redirect?{GENUINE} HTTP/1.1\r\n\r\n"), 400).await;
    Trial::refuses(|trial| trial.request("GET", &format!("/redirect?{GENUINE}"), &["Host: evil.example"]), 400).await;
}

#[tokio::test]
async fn a_host_in_the_request_line_is_checked_too() {
    let target = format!("http://evil.example/redirect?{GENUINE}");
    Trial::refuses(|trial| trial.request("GET", &target, &[]), 421).await;
}

#[tokio::test]
async fn a_strangers_state_does_not_end_the_attempt() {
    let reply = Trial::refuses(|trial| trial.redirect("code=the-code&state=another"), 400).await;
    // A person who went astray reads why, and that nothing is lost.
    for text in ["another state", "Nothing was changed."] {
        assert!(reply.body().contains(text), "{}", reply.raw);
    }
}

#[tokio::test]
async fn a_strangers_error_does_not_end_the_attempt() {
    Trial::refuses(|trial| trial.redirect("error=access_denied&state=another"), 400).await;
}

#[tokio::test]
async fn no_state_does_not_end_the_attempt() {
    for parameters in ["code=the-code", "code=the-code&state=", "error=access_denied", "", "state=the-state"] {
        Trial::refuses(|trial| trial.redirect(parameters), 400).await;
    }
    Trial::refuses(|trial| trial.request("GET", "/redirect", &[]), 400).await;
}

#[tokio::test]
async fn a_duplicate_parameter_is_refused() {
    for parameters in [
        "code=the-code&code=the-code&state=the-state",
        "code=the-code&state=the-state&state=another",
        "code=the-code&state=another&state=the-state",
        "code=the-code&state=the-state&%73tate=the-state",
    ] {
        Trial::refuses(|trial| trial.redirect(parameters), 400).await;
    }
}

#[tokio::test]
async fn a_query_that_is_not_utf8_is_refused() {
    Trial::refuses(|trial| trial.redirect("code=the-code&state=%ff%fe"), 400).await;

    let trial = Trial::start().await;
    let mut raw = b"GET /redirect?code=\xff\xfe&state=\xff".to_vec();
    raw.extend_from_slice(&trial.request("", "", &[]).as_bytes()[1..]);
    assert_eq!(trial.turned_away(raw).await.status, 400);
    trial.still_works().await;
}

#[tokio::test]
async fn a_page_that_fetches_cross_origin_is_refused() {
    for headers in [
        ["Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"],
        ["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
        ["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: document"],
        ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
        ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: object"],
        ["Sec-Fetch-Mode: websocket", "Sec-Fetch-Dest: websocket"],
    ] {
        let reply = Trial::refuses(|trial| trial.request("GET", &format!("/redirect?{GENUINE}"), &headers), 403).await;
        assert!(!reply.raw.to_ascii_lowercase().contains("access-control-"), "{}", reply.raw);
    }
}

#[tokio::test]
async fn a_preflight_is_granted_nothing() {
    let headers = [
        "Origin: https://evil.example",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Private-Network: true",
    ];
    let reply = Trial::refuses(|trial| trial.request("OPTIONS", "/redirect", &headers), 405).await;
    assert!(!reply.raw.to_ascii_lowercase().contains("access-control-"), "{}", reply.raw);
}

#[tokio::test]
async fn a_prefetch_spends_nothing() {
    for header in ["Sec-Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "Purpose: prefetch", "X-Moz: Prefetch"] {
        Trial::refuses(|trial| trial.request("GET", &format!("/redirect?{GENUINE}"), &[header]), 503).await;
    }
}

#[tokio::test]
async fn a_navigation_that_says_so_is_accepted() {
    let trial = Trial::start().await;
    let headers = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: cross-site"];
    trial.accepted(trial.request("GET", &format!("/redirect?{GENUINE}"), &headers)).await;
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_post_is_received() {
    for content_type in [FORM, "Content-Type: Application/X-WWW-Form-Urlencoded; charset=UTF-8"] {
        let trial = Trial::start().await;
        // Chunked too: a browser does not, a proxy may.
        let origin = "Origin: https://example.okta.com";
        trial.accepted(trial.form(GENUINE, &[content_type, origin])).await;
    }
    let trial = Trial::start().await;
    let head = trial.request("POST", "/redirect", &[FORM, "Transfer-Encoding: chunked"]);
    trial.accepted(format!("{head}{:x}\r\n{GENUINE}\r\n0\r\n\r\n", GENUINE.len())).await;
}

#[tokio::test]
async fn a_post_of_something_else_is_refused() {
    Trial::refuses(|trial| trial.form(GENUINE, &[]), 415).await;
    Trial::refuses(|trial| trial.form(GENUINE, &["Content-Type: text/plain"]), 415).await;
    Trial::refuses(|trial| trial.form(GENUINE, &["Content-Type: multipart/form-data; boundary=x"]), 415).await;
    Trial::refuses(|trial| trial.form(GENUINE, &[FORM, "Content-Type: text/plain"]), 415).await;
}

#[tokio::test]
async fn the_query_of_a_form_post_is_not_looked_at() {
    let request = |trial: &Trial| trial.request("POST", &format!("/redirect?{GENUINE}"), &[FORM, "Content-Length: 0"]);
    Trial::refuses(request, 400).await;
}

#[tokio::test]
async fn a_body_too_large_is_refused() {
    let padded = |size: usize| format!("{GENUINE}&padding={}", "x".repeat(size - GENUINE.len() - "&padding=".len()));
    Trial::refuses(|trial| trial.form(&padded(16 * 1024 + 1), &[FORM]), 413).await;
    // Its length is not announced.
    let chunked = |trial: &Trial| {
        let head = trial.request("POST", "/redirect", &[FORM, "Transfer-Encoding: chunked"]);
        format!("{head}{:x}\r\n{}\r\n0\r\n\r\n", 20_000, padded(20_000))
    };
    Trial::refuses(chunked, 413).await;

    let trial = Trial::start().await;
    trial.accepted(trial.form(&padded(16 * 1024), &[FORM])).await;
}

#[tokio::test]
async fn a_body_that_breaks_off_has_not_arrived() {
    let chunked = |trial: &Trial| trial.request("POST", "/redirect", &[FORM, "Transfer-Encoding: chunked"]);
    Trial::refuses(|trial| chunked(trial) + "this is no chunk\r\n", 408).await;

    let trial = Trial::start().await;
    let mut browser = connect(trial.address).await;
    let half = trial.request("POST", "/redirect", &[FORM, "Content-Length: 100"]) + GENUINE;
    browser.write_all(half.as_bytes()).await.unwrap();
    browser.shutdown().await.unwrap();
    assert_eq!(reply_on(browser).await.status, 408);
    trial.still_works().await;
}

#[tokio::test]
async fn eight_megabytes_are_refused_and_the_refusal_arrives() {
    let trial = Trial::start_within(Limits { linger: Duration::from_secs(20), ..Limits::default() }).await;
    let mut browser = connect(trial.address).await;
    let form = trial.form(&"x".repeat(8_000_000), &[FORM]);
    // A reset in the middle of it would be all that some systems show of the connection.
    soon(browser.write_all(form.as_bytes())).await.expect("what is sent in vain is taken in");
    browser.shutdown().await.unwrap();
    assert_eq!(reply_on(browser).await.status, 413);
    trial.still_works().await;
}

#[tokio::test]
async fn a_header_of_a_megabyte_is_refused() {
    for size in [70_000, 1_000_000] {
        let padding = format!("X-Padding: {}", "x".repeat(size));
        let trial = Trial::start().await;
        let reply = trial.turned_away(trial.request("GET", &format!("/redirect?{GENUINE}"), &[&padding])).await;
        // The connection may be reset before the 431 is read.
        assert!([0, 431].contains(&reply.status), "{}", reply.raw);
        trial.still_works().await;
    }
}

#[tokio::test]
async fn many_cookies_of_other_programs_on_localhost_are_borne() {
    let trial = Trial::start().await;
    let cookies = format!("Cookie: {}", "name=value; ".repeat(2_500));
    trial.accepted(trial.request("GET", &format!("/redirect?{GENUINE}"), &[&cookies])).await;
}

#[tokio::test]
async fn garbage_is_refused() {
    for garbage in ["\0\0\0\0\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\r\n\r\n", "GET\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n"]
    {
        let trial = Trial::start().await;
        let reply = trial.turned_away(garbage).await;
        assert_eq!(reply.status, 400, "{}", reply.raw);
        trial.still_works().await;
    }
}

#[tokio::test]
async fn garbage_behind_a_request_is_never_read_as_another() {
    let trial = Trial::start().await;
    let garbage = "\0\r\n\u{1}garbage\r\n\r\n";
    let reply = trial.accepted(trial.redirect(GENUINE) + garbage).await;
    assert_eq!(reply.raw.matches("HTTP/1.1 ").count(), 1, "{}", reply.raw);

    let trial = Trial::start().await;
    let two = trial.redirect("code=the-code&state=another") + &trial.redirect(GENUINE);
    let reply = trial.turned_away(two).await;
    assert_eq!((reply.status, reply.raw.matches("HTTP/1.1 ").count()), (400, 1), "{}", reply.raw);
}

#[tokio::test]
async fn nothing_of_a_request_is_in_an_answer() {
    let trial = Trial::start().await;
    let strange = "code=c0de&state=st4te&error_description=d3scription";
    let replies = [
        trial.turned_away(trial.redirect(strange)).await,
        trial.turned_away(trial.redirect(&strange.replace("code", "error"))).await,
        trial.turned_away(trial.form(strange, &[FORM])).await,
        trial.turned_away(trial.form(strange, &[])).await,
        trial.turned_away(trial.request("GET", &format!("/c0de?{strange}"), &["X-Note: st4te"])).await,
        trial.accepted(trial.redirect(&format!("{GENUINE}&more=d3scription"))).await,
    ];
    for reply in &replies {
        for text in ["c0de", "st4te", "d3scription", "the-code", "the-state"] {
            assert!(!reply.raw.contains(text), "{text} in {}", reply.raw);
        }
    }
}

#[tokio::test]
async fn every_answer_has_the_strict_headers() {
    let trial = Trial::start().await;
    let mut replies = vec![
        trial.turned_away(trial.redirect("code=the-code&state=another")).await,
        trial.turned_away(trial.request("GET", "/", &[])).await,
        trial.turned_away(trial.request("PUT", "/redirect", &[])).await,
        trial.turned_away(trial.form("", &[])).await,
        trial.turned_away(trial.request("GET", &trial.launch_path(), &[])).await,
    ];
    let accepted = trial.accepted(trial.redirect(GENUINE)).await;
    let done = accepted.location().to_owned();
    replies.push(accepted);
    replies.push(send(trial.address, trial.request("HEAD", &done, &[])).await);
    trial.listener.attempt.conclude(Outcome::SignedIn { as_whom: String::new() });
    replies.push(send(trial.address, trial.request("GET", &done, &[])).await);
    for reply in &replies {
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("connection", "close"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{name} in {}", reply.raw);
        }
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.ends_with("base-uri 'none'; form-action 'none'; frame-ancestors 'none'"), "{policy}");
        assert!(!reply.raw.contains("<script"), "{}", reply.raw);
    }
}
