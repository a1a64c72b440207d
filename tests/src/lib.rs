//! One person's machine for whole-program tests: the resident without its shell, its local API and redirect listener on
//! real sockets, and only the edges replaced: the keyring is in memory, the browser is an HTTP client, the clock can be
//! moved, and what the shell would do is written down.
//!
//! [`Machine`] is what outlives a restart; [`Running`] is the program while it runs.

mod browser;
mod call;
mod clock;
mod logs;
mod machine;
mod page;
mod provider;
#[cfg(target_os = "linux")]
mod resource_server;
mod running;

pub use browser::PersonsBrowser;
pub use call::{Called, run_copied};
pub use clock::MovableClock;
pub use logs::everything_logged;
pub use machine::{Machine, free_port, free_redirect_uri, org_and_machine};
pub use page::Page;
pub use provider::{CertifiedProvider, verified_by_jose};
#[cfg(target_os = "linux")]
pub use resource_server::ResourceServer;
pub use running::Running;

/// How long anything may take. Only a broken program gets there.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(40);

/// Looks until `is_so`, and fails with `what` if it never is.
pub async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let looking = async {
        while !is_so() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let seen = tokio::time::timeout(PATIENCE, looking).await;
    assert!(seen.is_ok(), "waited for {what}");
}
