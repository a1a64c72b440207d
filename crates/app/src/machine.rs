//! A name for this machine, for vault records: one that was restored from a backup on another machine is not used.
//!
//! The system's own machine id is meant to stay confidential (machine-id(5)), so it is hashed with our name and never
//! kept. Where the system has none, a random one is kept in the state folder.

use std::path::Path;

use sha2::{Digest, Sha256};

const OURS: &str = "dev.gatepass.desktop machine";

/// The name: 32 hexadecimal digits, the same at every start.
pub(crate) fn name(state: &Path) -> String {
    let id = match machine_uid::get() {
        Ok(id) if is_usable(&id) => id,
        _ => kept_id(state),
    };
    hashed(&id)
}

/// Whether the system has named the machine: in images the file is empty or says "uninitialized" until the first boot.
fn is_usable(id: &str) -> bool {
    let id = id.trim();
    id.len() >= 16 && id != "uninitialized" && id.chars().any(|digit| !matches!(digit, '0' | '-'))
}

fn hashed(id: &str) -> String {
    let digest = Sha256::new().chain_update(OURS).chain_update([0]).chain_update(id.trim()).finalize();
    hex(&digest[..16])
}

/// The random id in the state folder, made where there is none. Where it cannot be kept, it lives as long as the
/// process, and records of the last start are not used.
fn kept_id(state: &Path) -> String {
    let file = state.join("machine");
    if let Ok(kept) = std::fs::read_to_string(&file)
        && is_usable(&kept)
    {
        return kept;
    }
    let mut random = [0; 16];
    if let Err(error) = getrandom::fill(&mut random) {
        tracing::warn!(%error, "no randomness for a machine id");
    }
    let id = hex(&random);
    if let Err(error) = std::fs::write(&file, &id) {
        tracing::warn!(%error, "the machine id cannot be kept");
    }
    id
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_same_at_every_start_and_not_the_machine_id() {
        let folder = tempfile::tempdir().unwrap();
        let first = name(folder.path());
        assert_eq!(first, name(folder.path()));
        assert_eq!(first.len(), 32);
        if let Ok(id) = machine_uid::get() {
            assert_ne!(first, id.trim());
        }
    }

    #[test]
    fn a_machine_without_an_id_keeps_a_random_one() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(kept_id(here.path()), kept_id(here.path()));
        assert_ne!(kept_id(here.path()), kept_id(there.path()));
    }

    #[test]
    fn an_id_that_every_fresh_image_has_is_none() {
        for id in
            ["", "\n", "uninitialized", "00000000000000000000000000000000", "00000000-0000-0000-0000-000000000000"]
        {
            assert!(!is_usable(id), "{id:?}");
        }
        assert!(is_usable("b08dfa6083e7567a1921a715000001fb\n"));
    }
}
