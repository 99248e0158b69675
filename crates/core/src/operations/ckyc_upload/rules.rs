//! The rules of the fields of a CKYC record: form only, for what a code means is the registry's.
//!
//! A rule takes the trimmed text and answers it in its one form, or says what is wrong. Document 003 section 4.3 gives one sample per coded field
//! and no list, so a code is held to its sample's form: two digits, a country's two letters, one letter. Aadhaar numbers are reduced to their last
//! four digits here, before anything is kept (section 4.3's sample, contract section 2.6).

use crate::ids::{Kind, Reason, is_address};
use crate::pieces::{all, between};
use crate::script;
use crate::time::{from_iso, is_digital_date};

/// What is wrong, and the rest of the sentence "Parameter FIELD should be ...".
pub(super) type Wrong = (Reason, &'static str);

/// One rule.
pub(super) type Rule = fn(&str) -> Result<String, Wrong>;

/// Texts of the record are at most this long, in characters.
const MAX_TEXT: usize = 150;
/// The largest document, decoded, in bytes (document 003 section 4.3).
pub(super) const MAX_DOCUMENT: usize = 1_048_576;

fn when(fits: bool, text: &str, wrong: Wrong) -> Result<String, Wrong> {
    if fits { Ok(text.to_owned()) } else { Err(wrong) }
}

/// Free text, on one line.
pub(super) fn text(text: &str) -> Result<String, Wrong> {
    if text.chars().count() > MAX_TEXT {
        return Err((Reason::Length, "at most 150 characters long"));
    }
    when(!script::has_hidden(text), text, (Reason::Format, "text without control characters"))
}

/// A name: a text with letters and without digits. What else may stand in one is the registry's.
pub(super) fn name(text: &str) -> Result<String, Wrong> {
    let text = self::text(text)?;
    let fits = text.chars().any(script::is_letter) && !text.chars().any(script::is_digit);
    when(fits, &text, (Reason::Value, "a name, with letters and without digits"))
}

/// A two-digit code.
pub(super) fn code(text: &str) -> Result<String, Wrong> {
    when(text.len() == 2 && all(text, u8::is_ascii_digit), text, (Reason::Format, "a code of two digits, such as 01"))
}

/// A state: two digits, or its two letters.
pub(super) fn state(text: &str) -> Result<String, Wrong> {
    let fits = text.len() == 2 && (all(text, u8::is_ascii_digit) || all(text, u8::is_ascii_alphabetic));
    when(fits, &text.to_ascii_uppercase(), (Reason::Format, "the state's code of two digits or two letters"))
}

/// A country: ISO 3166-1 alpha-2.
pub(super) fn country(text: &str) -> Result<String, Wrong> {
    let fits = text.len() == 2 && all(text, u8::is_ascii_alphabetic);
    when(fits, &text.to_ascii_uppercase(), (Reason::Format, "a country's code of two letters, such as IN"))
}

/// `M`, `F` or `T`.
pub(super) fn gender(text: &str) -> Result<String, Wrong> {
    when(matches!(text, "M" | "F" | "T"), text, (Reason::Value, "one of M, F and T"))
}

/// One letter: how the customer was verified.
pub(super) fn letter(text: &str) -> Result<String, Wrong> {
    when(text.len() == 1 && all(text, u8::is_ascii_uppercase), text, (Reason::Format, "one capital letter, such as C"))
}

/// `DD-MM-YYYY`, also where it comes in ISO form.
pub(super) fn date(text: &str) -> Result<String, Wrong> {
    let text = from_iso(text, "-");
    when(is_digital_date(&text, '-'), &text, (Reason::Format, "a date of the form DD-MM-YYYY"))
}

/// A postal code: six digits, the first not 0.
pub(super) fn pincode(text: &str) -> Result<String, Wrong> {
    Kind::Pincode.read(text).map_err(|_| (Reason::Format, "six digits, the first of them not 0"))
}

/// A postal code abroad: letters, digits, spaces and hyphens.
pub(super) fn postal_code(text: &str) -> Result<String, Wrong> {
    let fits = text.len() <= 12 && all(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-'));
    when(fits, text, (Reason::Format, "at most 12 letters, digits, spaces and hyphens"))
}

/// A country's calling code, without plus.
pub(super) fn calling_code(text: &str) -> Result<String, Wrong> {
    let fits = (1..=3).contains(&text.len()) && all(text, u8::is_ascii_digit);
    when(fits, text, (Reason::Format, "one to three digits, such as 91"))
}

/// An Indian mobile number.
pub(super) fn mobile(text: &str) -> Result<String, Wrong> {
    Kind::Mobile.read(text).map_err(|fault| (fault.reason, "10 digits long and start with one of 9, 8, 7 or 6"))
}

/// A mobile number abroad, without the calling code: at most 14 digits (ITU-T E.164).
pub(super) fn foreign_mobile(text: &str) -> Result<String, Wrong> {
    let fits = (4..=14).contains(&text.len()) && all(text, u8::is_ascii_digit);
    when(fits, text, (Reason::Format, "4 to 14 digits, without the calling code"))
}

/// An e-mail address, as far as the document lets it be judged.
pub(super) fn email(text: &str) -> Result<String, Wrong> {
    when(is_address(text), text, (Reason::Format, "an e-mail address"))
}

/// A word in capitals: the kind of a document or of an identity.
pub(super) fn word(text: &str) -> Result<String, Wrong> {
    let upper = text.to_ascii_uppercase();
    let fits = upper.len() <= 40 && all(&upper, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    when(fits, &upper, (Reason::Format, "one word, such as PAN or PHOTO"))
}

/// What a document shows: section 4.3's two, a signature, and the registry's proofs.
const DOCUMENT_TYPES: &str = "PHOTO PHOTOGRAPH POA POI SIGNATURE CANCELLED_CHEQUE BANK_STATEMENT UTILITY_BILL FORM_60 CKYC_FORM";
/// What identifies a person, under the spellings of the documents.
const ID_TYPES: &str =
    "PAN AADHAAR PASSPORT VOTER_ID VOTERID DRIVING_LICENSE DRIVING_LICENCE NREGA NREGA_JOB_CARD NPR RATION_CARD OTHER OTHERS";
/// Images, and pages.
const FORMATS: &str = "JPEG JPG PNG TIFF TIF PDF";

/// A word in capitals that is one of these, or so short that it is a code of the registry's: `A`, `02`.
fn known(text: &str, words: &[&str], wrong: &'static str) -> Result<String, Wrong> {
    let word = word(text)?;
    let is_code = word.len() <= 2 && (all(&word, u8::is_ascii_digit) || word.len() == 1);
    when(is_code || words.iter().any(|words| is_listed(words, &word)), &word, (Reason::Value, wrong))
}

/// Whether a word is in a list of words with spaces between.
fn is_listed(words: &str, word: &str) -> bool {
    between(words, b" ").any(|known| known == word)
}

/// What a document shows.
pub(super) fn document_type(text: &str) -> Result<String, Wrong> {
    known(text, &[DOCUMENT_TYPES, ID_TYPES], "a kind of document that the registry takes, such as PHOTO, SIGNATURE, POA, PAN or PASSPORT")
}

/// What identifies a person.
pub(super) fn id_type(text: &str) -> Result<String, Wrong> {
    known(
        text,
        &[ID_TYPES],
        "a kind of identity that the registry takes, such as PAN, AADHAAR, PASSPORT, VOTER_ID, DRIVING_LICENSE or OTHERS",
    )
}

/// In what format a document is.
pub(super) fn format(text: &str) -> Result<String, Wrong> {
    let upper = word(text)?;
    when(is_listed(FORMATS, &upper), &upper, (Reason::Value, "one of JPEG, JPG, PNG, TIFF, TIF and PDF"))
}

/// The number of a proof of address. Twelve digits are an Aadhaar, whatever the code beside them says.
pub(super) fn proof_number(text: &str) -> Result<String, Wrong> {
    match aadhaar_tail(text) {
        Some(tail) => Ok(["XXXX", tail].concat()),
        None => self::text(text),
    }
}

/// The number of an identity, by its kind.
pub(super) fn identity_number(kind: &str, text: &str) -> Result<String, Wrong> {
    match kind {
        "PAN" => Kind::Pan.read(text).map_err(|fault| (fault.reason, "a PAN, such as ABCPE1234F")),
        "AADHAAR" => {
            let tail = aadhaar_tail(text).or_else(|| masked_tail(text));
            tail.map(|tail| ["XXXX-XXXX-", tail].concat()).ok_or((Reason::Format, "an Aadhaar masked as XXXX-XXXX-1234"))
        }
        _ => proof_number(text),
    }
}

/// The last four digits of twelve, grouped or not.
fn aadhaar_tail(text: &str) -> Option<&str> {
    let is_grouped = all(text, |byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (is_grouped && digits == 12).then(|| last_four(text))?
}

/// The last four digits of what hides the rest; four alone are what Aadhaar allows to keep.
fn masked_tail(text: &str) -> Option<&str> {
    let tail = last_four(text)?;
    let head = text.strip_suffix(tail)?;
    let is_mask = all(head, |byte| matches!(byte, b'X' | b'x' | b'*' | b' ' | b'-'));
    is_mask.then_some(tail)
}

fn last_four(text: &str) -> Option<&str> {
    let tail = text.get(text.len().checked_sub(4)?..)?;
    all(tail, u8::is_ascii_digit).then_some(tail)
}

/// Base64 with padding (RFC 4648 section 4) of at least one and at most [`MAX_DOCUMENT`] bytes.
pub(super) fn base64(text: &str) -> Result<String, Wrong> {
    const FORM: Wrong = (Reason::Format, "Base64 with padding, without line breaks");
    let body = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let padding = text.len().saturating_sub(body.len());
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    if !text.len().is_multiple_of(4) || !body.bytes().all(is_letter) {
        return Err(FORM);
    }
    let decoded = text.len().div_euclid(4).saturating_mul(3).saturating_sub(padding);
    when(decoded <= MAX_DOCUMENT, text, (Reason::Length, "at most 1048576 bytes when decoded"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_aadhaar_leaves_only_its_last_four_digits() {
        for given in ["999941057058", "9999 4105 7058", "9999-4105-7058", "XXXX-XXXX-7058", "xxxxxxxx7058", "**** **** 7058", "7058"] {
            assert_eq!(identity_number("AADHAAR", given).unwrap(), "XXXX-XXXX-7058", "{given}");
        }
        assert_eq!(proof_number("999941057058").unwrap(), "XXXX7058");
        assert_eq!(identity_number("VOTER_ID", "9999 4105 7058").unwrap(), "XXXX7058");
        for given in ["99994105705", "9999410570588", "ABCD-EFGH-7058", "705", ""] {
            assert!(identity_number("AADHAAR", given).is_err(), "{given}");
        }
    }

    #[test]
    fn a_document_is_measured_decoded_to_the_byte() {
        let whole = "A".repeat(MAX_DOCUMENT / 3 * 4);
        assert!(base64(&format!("{whole}AA==")).is_ok(), "1048576 bytes");
        assert_eq!(base64(&format!("{whole}AAA=")).unwrap_err().0, Reason::Length, "1048577 bytes");
        for wrong in ["A", "AA", "AAA", "A===", "=AAA", "AA=A", "AA\nA", "AA_A", "AA-A", "data:image/jpeg;base64,AAAA"] {
            assert_eq!(base64(wrong).unwrap_err().0, Reason::Format, "{wrong}");
        }
    }
}
