//! The vault's one worker. Jobs are done one after another in the order they were given, so that what was stored first
//! never lands on top of what was stored or erased later. Each may take as long as an unlock prompt is open: it runs on
//! a blocking thread, and the task hears of it by a report.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::report::{News, Reporter};
use crate::session::Generation;
use crate::{SecretRecord, Vault, VaultError, VaultKey};

/// One call of the vault.
pub(crate) enum Job {
    Load,
    Store(Generation, SecretRecord),
    Erase,
}

/// A job, for whom, and who hears of it.
pub(crate) struct Order {
    pub(crate) key: VaultKey,
    pub(crate) job: Job,
    pub(crate) reporter: Reporter,
}

/// Starts the worker. It ends when the sender is gone and every order is done.
pub(crate) fn start(vault: Arc<dyn Vault>) -> mpsc::UnboundedSender<Order> {
    let (orders, mut received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Order { key, job, reporter }) = received.recv().await {
            reporter.tell(carry_out(Arc::clone(&vault), key, job).await);
        }
    });
    orders
}

async fn carry_out(vault: Arc<dyn Vault>, key: VaultKey, job: Job) -> News {
    // A keyring library that panics has not done what it was asked for, and is no reason to stop asking.
    const PANICKED: VaultError = VaultError::Unresponsive;
    match job {
        Job::Load => {
            let loaded = tokio::task::spawn_blocking(move || vault.load(&key)).await;
            News::Loaded(loaded.unwrap_or(Err(PANICKED)))
        }
        Job::Store(generation, record) => {
            let stored = tokio::task::spawn_blocking(move || vault.store(&key, &record)).await;
            News::Stored(generation, stored.unwrap_or(Err(PANICKED)))
        }
        Job::Erase => {
            let erased = tokio::task::spawn_blocking(move || vault.erase(&key)).await;
            News::Erased(erased.unwrap_or(Err(PANICKED)))
        }
    }
}
