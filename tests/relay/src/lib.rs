//! Relays that stand between a program under test and what it talks to, and see every step from outside: [`HttpRelay`]
//! between it and its issuer, `BusRelay` between it and its keyring. A test says where a message is to be stopped, and
//! is told when it has come there ([`Hold`]); what it does meanwhile, killing the program say, is its own affair.
//!
//! Nothing here knows OAuth, and nothing is decided by time: what passes is passed at once, what is held is held until
//! the test lets go.

#[cfg(unix)]
mod bus;
mod hold;
mod http;

#[cfg(unix)]
pub use bus::{BusPoint, BusRelay};
pub use hold::Hold;
pub use http::{Door, Fate, HttpRelay, Point};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also after a panic elsewhere: a failing test must not hide its reason behind a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
