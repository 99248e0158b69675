//! The list of vendor requests received, in order.
//!
//! No personal data: the reference on the wire, the HTTP status and the key that went out, nothing of the bodies.

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
    /// `post` or `status`.
    pub(crate) kind: &'static str,
    /// The `reference_id` in the request.
    pub(crate) wire_reference: Option<String>,
    /// The HTTP status that was sent; `None` when nothing was.
    pub(crate) status: Option<u16>,
    /// The key that was sent; `None` when it could not be read.
    pub(crate) key: Option<String>,
}

impl Call {
    /// As contract section 4 lists it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "at": timestamp(self.at), "vendor": self.vendor, "operation": self.operation, "kind": self.kind,
            "wire_reference": self.wire_reference, "status": self.status, "key": self.key,
        })
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
    fn timestamps_have_milliseconds() {
        assert_eq!(timestamp(1_795_292_332_007), "2026-11-21T20:18:52.007Z");
    }
}
