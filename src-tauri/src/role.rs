//! What this process is to be, read from its arguments. Anybody can write them (a link in a web page starts the program
//! with the link as its argument), so they choose a role and nothing more.

use gatepass_wire::DeliveredRedirect;

/// What this process is to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Role {
    /// `--resident`: keep the sessions, show no window. `--resident --started-by-window` where a window starts it.
    Resident {
        /// A window reads on standard error why the start failed, and is gone some time later.
        started_by_window: bool,
    },
    /// Show the window. `--window` where the resident starts it.
    Window {
        /// The resident asked for it and knows the answer to "is there one": a second window then just ends, and so does
        /// one whose resident quit before it could be asked.
        started_by_resident: bool,
    },
    /// One address with a private-use scheme (RFC 8252 section 7.1): hand it to the resident and end.
    Deliver(DeliveredRedirect),
    /// Arguments that mean nothing.
    Misused(String),
}

impl Role {
    /// Reads the arguments that follow the program's name.
    pub fn of(arguments: impl IntoIterator<Item = String>) -> Self {
        let arguments: Vec<String> = arguments.into_iter().collect();
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Role::Window { started_by_resident: false },
            ["--resident"] => Role::Resident { started_by_window: false },
            ["--resident", "--started-by-window"] => Role::Resident { started_by_window: true },
            ["--window"] => Role::Window { started_by_resident: true },
            [address] if has_private_scheme(address) => Role::Deliver(DeliveredRedirect(address.to_owned())),
            // Cut, and without what may be a code: the words end up in a log.
            [first, ..] => Role::Misused(first.chars().take_while(|c| !matches!(c, '?' | '#')).take(40).collect()),
        }
    }
}

/// Whether `text` begins with a scheme that names a domain in reverse, as all private-use schemes do. `mailto:` and
/// `https:` are not ours to take.
pub fn has_private_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| is_private_scheme(scheme))
}

/// See [`has_private_scheme`].
pub fn is_private_scheme(scheme: &str) -> bool {
    let mut characters = scheme.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
        && scheme.contains('.')
}

#[cfg(test)]
mod tests;
