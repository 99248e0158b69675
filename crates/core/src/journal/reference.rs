//! Whether a caller's key may be told where nothing personal may stand: in a journal, in events.

use crate::ids::Kind;

/// What a key may hold of a person: identifiers that cannot be taken for a number of something else.
const PERSONAL: &[Kind] =
    &[Kind::Pan, Kind::Mobile, Kind::Aadhaar, Kind::Vid, Kind::VoterId, Kind::Passport, Kind::DrivingLicence, Kind::Gstin, Kind::Kin];
/// The length of a PAN, of a mobile number, and of a voter id.
const TEN: usize = 10;

/// A caller's key, unless one of our own validators finds a person's identifier in it: document 003 section 11.4 builds keys of PANs.
#[must_use]
pub fn speakable(reference_id: &str) -> Option<&str> {
    let is_personal = |text: &str| PERSONAL.iter().any(|kind| kind.read(text).is_ok());
    let words = reference_id.split(|letter: char| !letter.is_ascii_alphanumeric());
    // Digits stand in runs; a PAN or a voter id may stand in the middle of other letters.
    let runs = reference_id.split(|letter: char| !letter.is_ascii_digit());
    let windows = reference_id.as_bytes().windows(TEN).filter_map(|window| std::str::from_utf8(window).ok());
    let has_letters = |text: &&str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let found = words.chain(runs).chain(windows.filter(has_letters)).any(is_personal) || is_personal(reference_id);
    (!found && !reference_id.is_empty()).then_some(reference_id)
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
        ] {
            assert_eq!(speakable(personal), None, "{personal}");
        }
        for plain in ["BANK_20260213_143052", "REF_0001", "order-7f3a9c", "550e8400-e29b-41d4-a716-446655440000", "CHAOS_12"] {
            assert_eq!(speakable(plain), Some(plain));
        }
    }
}
