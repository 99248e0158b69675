//! A value that must not be seen: PAN, mobile number, account number, name, credential.
//!
//! [`Secret`] has no `Debug`, no `Display` and no `Serialize`, so that it cannot reach a log line, an error text or a body
//! by accident. Reading it is spelled [`Secret::expose`], which is what a reviewer searches for. Its memory is wiped when dropped.

use zeroize::Zeroize;

/// A wrapped personal datum or credential.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Every call is a place where personal data leaves its wrapper.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
