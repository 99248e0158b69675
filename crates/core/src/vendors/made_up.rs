//! Values that the vendors' simulations make up: they follow from their subject and stay the same from run to run.

use sha2::{Digest, Sha256};

/// Digits that follow from a subject and nothing else: account numbers and the like that stay the same from run to run.
#[must_use]
pub fn digits(subject: &str, purpose: &str, count: usize) -> String {
    let hash = Sha256::digest(format!("{purpose}:{subject}"));
    hash.iter().filter_map(|byte| char::from_digit(u32::from(byte % 10), 10)).take(count).collect()
}

/// One of several values, chosen by the subject.
#[must_use]
pub fn choose<T: Copy + Default>(values: &[T], subject: &str, purpose: &str) -> T {
    let number: usize = digits(subject, purpose, 6).parse().unwrap_or_default();
    values.get(number.checked_rem(values.len()).unwrap_or_default()).copied().unwrap_or_default()
}

/// 32 upper-case hexadecimal digits: the form of the vendor's transaction ids.
#[must_use]
pub fn transaction_id(subject: &str, serial: u64) -> String {
    let mut id = hex::encode_upper(Sha256::digest(format!("transaction:{subject}:{serial}")));
    id.truncate(32);
    id
}
