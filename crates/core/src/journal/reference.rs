//! Whether a caller's key may be told where nothing personal may stand: in a journal, in events.

use crate::ids::Kind;

/// What a key may hold of a person: identifiers that cannot be taken for a number of something else.
const PERSONAL: &[Kind] =
    &[Kind::Pan, Kind::Mobile, Kind::Aadhaar, Kind::Vid, Kind::VoterId, Kind::Passport, Kind::DrivingLicence, Kind::Gstin, Kind::Kin];
/// The same where a key is read without its separators. A word and a date, as in `BANK_20260213_143052`, then look like a voter id, a date and a time like a CKYC number.
const GROUPED: &[Kind] = &[Kind::Pan, Kind::Mobile, Kind::Aadhaar, Kind::Gstin];
/// The length of a PAN, of a mobile number, and of a voter id.
const TEN: usize = 10;

/// A caller's key, unless one of our own validators finds a person's identifier in it: document 003 section 11.4 builds keys of PANs.
#[must_use]
pub fn speakable(reference_id: &str) -> Option<&str> {
    // An identifier may be written in groups.
    let joined: String = reference_id.chars().filter(char::is_ascii_alphanumeric).collect();
    let is_personal = reference_id.is_empty() || holds_identifier(reference_id, PERSONAL) || holds_identifier(&joined, GROUPED);
    (!is_personal).then_some(reference_id)
}

fn holds_identifier(text: &str, kinds: &[Kind]) -> bool {
    let is_personal = |text: &str| kinds.iter().any(|kind| kind.read(text).is_ok());
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    // Digits stand in runs; a PAN or a voter id may stand in the middle of other letters.
    let runs = || text.split(|letter: char| !letter.is_ascii_digit());
    let without_trunk = runs().filter(|run| run.len() == TEN.saturating_add(1)).filter_map(|run| run.get(1..));
    let windows = text.as_bytes().windows(TEN).filter_map(|window| std::str::from_utf8(window).ok());
    let has_letters = |text: &&str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
    words.chain(runs()).chain(without_trunk).chain(windows.filter(has_letters)).any(is_personal) || is_personal(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_holds_an_identifier_is_not_told() {
        for personal in [
            "PAN_20260213_143052_ABCPE1234F",
            "abcpe1234f",
            "X9ABCPE1234F1",
            "9876543210",
            "KYC-9876543210-1",
            "REF9876543210",
            "A999941057058",
            "VOTER_ABC1234567",
            "27ABCPE1234F1Z5",
            "CKYC_12345678901234",
            "CUST_98765_43210",
            "ABCPE-1234-F",
            "T20261201-19876543210",
        ] {
            assert_eq!(speakable(personal), None, "{personal}");
        }
        for plain in [
            "BANK_20260213_143052",
            "REF_0001",
            "order-7f3a9c",
            "550e8400-e29b-41d4-a716-446655440000",
            "CHAOS_12",
            "1796543210000",
            "PAY_20261201_0001",
        ] {
            assert_eq!(speakable(plain), Some(plain));
        }
    }
}
