//! One person's machine for whole-program tests: the resident without its shell, its local API and redirect listener on
//! real sockets, and only the edges replaced: the keyring is in memory, the browser is an HTTP client, the clock can be
//! moved, and what the shell would do is written down.
//!
//! [`Machine`] is what outlives a restart; [`Running`] is the program while it runs.

mod browser;
mod clock;
mod logs;
mod machine;
mod provider;
mod running;

pub use browser::PersonsBrowser;
pub use clock::MovableClock;
pub use logs::everything_logged;
pub use machine::{Machine, free_redirect_uri, org_and_machine};
pub use provider::CertifiedProvider;
pub use running::Running;
