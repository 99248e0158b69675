//! The list of vendor requests received, in order.
//!
//! No personal data: the reference on the wire, the HTTP status and the key that went out, nothing of the bodies.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use toran_core::time::{Millis, rfc3339};

/// One request as a vendor received it.
#[derive(Debug)]
pub(crate) struct Call {
    /// When it was received.
    pub(crate) at: Millis,
    /// The vendor's prefix.
    pub(crate) vendor: &'static str,
    /// The operation's name, or `redirected`.
    pub(crate) operation: &'static str,
    /// `post`, `status`, `encrypt` or `decrypt`.
    pub(crate) kind: &'static str,
    /// The `reference_id` in the request.
    pub(crate) wire_reference: Option<String>,
    /// The HTTP status that was sent; `None` when nothing was.
    pub(crate) status: Option<u16>,
    /// The key that was sent; `None` when it could not be read.
    pub(crate) key: Option<String>,
    /// How many vendor requests had no answer yet when it came, itself included.
    pub(crate) open: usize,
}

impl Call {
    /// As contract section 4 lists it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "at": timestamp(self.at), "vendor": self.vendor, "operation": self.operation, "kind": self.kind,
            "wire_reference": self.wire_reference, "status": self.status, "key": self.key,
            "open": self.open,
        })
    }
}

/// The vendor requests that have no answer yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open(Arc<Mutex<Arc<AtomicUsize>>>);

/// One of them, until it is dropped: answered, or its caller has hung up.
pub(crate) struct Turn(Arc<AtomicUsize>);

impl Open {
    /// Counts one more; answers how many there are with it.
    pub(crate) fn begin(&self) -> (Turn, usize) {
        let count = Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let before = count.fetch_add(1, Ordering::SeqCst);
        (Turn(count), before.saturating_add(1))
    }

    /// Forgets those that are open: a caller that was killed may hang up later.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// `2026-11-21T20:18:52.123Z`.
pub(crate) fn timestamp(at: Millis) -> String {
    format!("{}.{:03}Z", rfc3339(at).trim_end_matches('Z'), at.rem_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_open_until_its_turn_is_over() {
        let open = Open::default();
        let (first, one) = open.begin();
        let (second, two) = open.clone().begin();
        drop((first, second));
        let (turn, again) = open.begin();
        assert_eq!((one, two, again), (1, 2, 1));
        open.forget();
        let (_other, afresh) = open.begin();
        drop(turn);
        let (_last, two) = open.begin();
        assert_eq!((afresh, two), (1, 2), "what was open before counts no more");
    }

    #[test]
    fn timestamps_have_milliseconds() {
        assert_eq!(timestamp(1_795_292_332_007), "2026-11-21T20:18:52.007Z");
    }
}
