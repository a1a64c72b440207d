//! Whole-program tests, by story. One binary, since each would be a link of its own.

mod activity;
mod architecture;
mod asking;
mod bound_tokens;
mod certified_provider;
mod client_authentication;
mod copy;
#[cfg(target_os = "linux")]
mod full_disk;
mod further_audiences;
mod groups;
mod groups_by_api;
mod hostile_issuer;
mod inquiry;
mod keyring_trouble;
mod many;
mod native_sso;
mod network_faults;
mod note;
mod other_device;
mod profiles;
mod renewal;
#[cfg(target_os = "linux")]
mod resource_server;
mod rotation;
mod secrets;
mod seeds;
mod settings;
mod sign_in;
mod sign_out;
mod slow_server;
mod time;
