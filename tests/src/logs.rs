//! Everything that any test of this process has logged, at every level, to search for secrets.

use std::io;
use std::sync::{Mutex, Once, PoisonError};

static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static COLLECTING: Once = Once::new();

/// Collects from now on; what was collected so far. Our own targets at the finest level, and everyone else's too: a
/// library that logs a request's body must not be able to log a token.
pub fn everything_logged() -> String {
    COLLECTING.call_once(|| {
        let collector =
            tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(|| Collector).finish();
        // Another test may have set one; the first stays.
        let _ = tracing::subscriber::set_global_default(collector);
    });
    String::from_utf8_lossy(&LOGGED.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

struct Collector;

impl io::Write for Collector {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
