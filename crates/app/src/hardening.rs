//! What a process that holds tokens asks of the system for itself.

/// Turns core dumps off for this process and its children: a dump would hold every token in memory.
///
/// `PR_SET_DUMPABLE` is left alone: a process that is not dumpable is denied every desktop portal, and the window reads
/// the dark theme through one.
///
/// # Errors
/// What the system said. Nothing depends on it; it is worth a line in the log.
pub fn harden_process() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    }
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use rustix::process::{Resource, getrlimit};

    #[test]
    fn a_hardened_process_leaves_no_core_behind() {
        super::harden_process().unwrap();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
    }
}
