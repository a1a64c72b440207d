//! The vault's one worker. Jobs are done one after another in the order they were given, so that what was stored first
//! never lands on top of what was stored or erased later. Each may take as long as an unlock prompt is open: it runs on
//! a blocking thread, and the task hears of it by a report.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

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

type Call = Box<dyn FnOnce(&dyn Vault) + Send>;

/// What the worker is sent.
enum Errand {
    Order(Order),
    /// Something else, whose answer goes to whoever waits.
    Call(Call),
}

/// The way to the worker. Cheap to clone.
#[derive(Clone)]
pub(crate) struct VaultLine(mpsc::UnboundedSender<Errand>);

impl VaultLine {
    /// Starts the worker. It ends when the last way to it is gone and everything is done.
    pub(crate) fn start(vault: Arc<dyn Vault>) -> Self {
        let (errands, mut received) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(errand) = received.recv().await {
                let vault = Arc::clone(&vault);
                match errand {
                    Errand::Order(Order { key, job, reporter }) => reporter.tell(carry_out(vault, key, job).await),
                    // A panic drops the answer, which says enough.
                    Errand::Call(call) => drop(tokio::task::spawn_blocking(move || call(&*vault)).await),
                }
            }
        });
        Self(errands)
    }

    /// Gives an order. False if nobody works any more.
    pub(crate) fn order(&self, order: Order) -> bool {
        self.0.send(Errand::Order(order)).is_ok()
    }

    /// Has something done when it is its turn, and waits for it.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (answer, answered) = oneshot::channel();
        let call = move |vault: &dyn Vault| drop(answer.send(work(vault)));
        // A worker that is gone drops the answer with the errand.
        let _ = self.0.send(Errand::Call(Box::new(call)));
        answered.await.unwrap_or(Err(VaultError::Unresponsive))
    }
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
