//! Whole-program tests, by story. One binary, since each would be a link of its own.

mod architecture;
mod certified_provider;
mod copy;
mod hostile_issuer;
mod keyring_trouble;
mod network_faults;
mod profiles;
mod renewal;
mod rotation;
mod secrets;
mod sign_in;
mod sign_out;
mod time;
