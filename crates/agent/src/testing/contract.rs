use crate::{ProfileId, SecretRecord, Vault, VaultError, VaultKey};

/// Checks that `vault` does what the agent relies on. It writes under two keys of its own and leaves nothing behind.
///
/// # Panics
/// Where the vault breaks the contract, or fails.
pub fn vault_contract(vault: &dyn Vault) {
    let key = |name| VaultKey::session(ProfileId::parse(name).expect("the names below are ids"));
    let (one, other) = (key("contract-one"), key("contract-other"));
    let erase = |key| vault.erase(key).expect("erase");
    let load = |key| vault.load(key).expect("load").map(|record| record.expose().to_owned());
    let store = |key, text: &str| vault.store(key, &SecretRecord::new(text)).expect("store");

    erase(&one);
    erase(&other);
    assert_eq!(load(&one), None, "what was never stored is not there");
    erase(&one);

    store(&one, "first");
    assert_eq!(load(&one).as_deref(), Some("first"), "what was stored is there");
    store(&one, "second");
    assert_eq!(load(&one).as_deref(), Some("second"), "a record is stored in place of the one before");
    assert_eq!(load(&other), None, "another key has nothing to do with it");

    // Every character that a record can have, at the length that every keyring must take.
    let printable: String = (' '..='~').cycle().take(2_000).collect();
    store(&other, &printable);
    assert_eq!(load(&other), Some(printable), "2,000 bytes come back as they were");
    assert_eq!(load(&one).as_deref(), Some("second"), "and leave the other record alone");

    // Refresh tokens of some servers are as large as this, and so are records with an ID token beside them.
    for (length, what) in [(9_000, "a large record"), (12_000, "a larger one"), (300, "a small one after it")] {
        let text: String = ('!'..='}').cycle().take(length).collect();
        store(&one, &text);
        assert!(load(&one).is_some_and(|loaded| loaded == text), "{what} comes back as it was");
    }

    erase(&one);
    assert_eq!(load(&one), None, "what was erased is gone");
    assert!(load(&other).is_some(), "and nothing else is");
    erase(&other);
    assert_eq!(load(&other), None);

    // A keyring may refuse a record that is very large, and then says so; it does not cut it.
    let large = "x".repeat(100_000);
    match vault.store(&one, &SecretRecord::new(large.as_str())) {
        Ok(()) => assert_eq!(load(&one), Some(large)),
        Err(error) => assert_eq!(error, VaultError::TooLarge),
    }
    erase(&one);
}
