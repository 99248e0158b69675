//! Who reads an answer, and what of it they see.
//!
//! Servers see a person's data as the vendor gave it. A browser session sees of each field what its row in [`FIELDS`] says, at any depth; a row counts for everything below its
//! field. It fails closed, for a vendor may put anything anywhere: a field without a row is hidden, and so is a value that does not have its field's shape.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::VendorRef;
use super::form::with_form;
use super::told::{ISO, simplest};
use crate::ids::Kind;
use crate::script::is_letter;
use crate::{keys, mask, pieces};

/// Who reads an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A caller with a server key.
    Server,
    /// A browser with a session token.
    Browser,
    /// The same, of an answer that is about the customer of its session: it also sees what a form must show.
    Subject,
}

/// What a browser may see of a field: the value where it has this shape, else nothing or its mask.
#[derive(Clone, Copy)]
enum Shape {
    /// Nothing at all.
    Hidden,
    /// A mask of what may be personal.
    Masked(fn(&str) -> String),
    /// A word of the documents' ([`WORDS`]), or the number of one: at most two digits.
    Word,
    /// One or two capital letters.
    Letters,
    /// A vendor's code: at most six digits, perhaps a letter or a sign before them; or a key of the catalogue.
    Code,
    /// A message of the catalogue.
    Message,
    /// So many digits.
    Digits(usize),
    /// A number of less than eight digits, with two decimals at most.
    Amount,
    /// A day, perhaps with a time; or the four digits of a month and year.
    Date,
    /// An IFSC.
    Ifsc,
    /// A bank's code in the network SWIFT: eight or eleven letters and digits, six letters first.
    Swift,
    /// A few words about the branch of a bank, with at most three digits.
    Text,
    /// Yes or no.
    Flag,
    /// What the customer is asked to pay, and to whom: nothing of it is the customer's, and without it nobody can pay.
    Payment,
}

use Shape::{Amount, Code, Date, Digits, Flag, Hidden, Ifsc, Letters, Masked, Message, Payment, Swift, Text, Word};

/// Every field that an operation answers with, and what a browser sees of it (contract section 2.6). What is not in it is hidden.
#[rustfmt::skip]
static FIELDS: &[(&str, Shape)] = &[
    ("aadhaar_seeding_status", Word),
    ("account_number", Masked(mask::account)),
    ("account_number_validity", Date),
    ("account_status", Word),
    ("account_type", Word),
    ("address", Hidden),
    ("address_info", Hidden),
    ("age", Hidden),
    ("available_balance", Hidden),
    ("bank", Text),
    ("bank_reference_number", Masked(mask::account)),
    ("bank_verify_name_at_bank", Masked(mask::name)),
    ("bank_verify_name_match_result", Word),
    ("bank_verify_name_match_score", Amount),
    ("bank_verify_payment_mode", Word),
    ("bank_verify_status", Word),
    ("bank_verify_txn_id", Masked(mask::account)),
    ("bank_verify_utr", Masked(mask::account)),
    ("beneficiary_name", Masked(mask::name)),
    ("branch", Text),
    ("branch_verification_response_key", Code),
    ("card_number", Masked(mask::account)),
    ("card_status", Code),
    ("category", Word),
    ("centre", Text),
    ("citizenship", Hidden),
    ("city", Text),
    ("ckyc_id", Masked(mask::kin)),
    ("ckyc_reference_id", Masked(mask::account)),
    ("constitution_type", Word),
    ("contact", Hidden),
    ("correspondence_address", Hidden),
    ("country_of_birth", Hidden),
    ("country_of_residence", Hidden),
    ("created_on", Date),
    ("current_address", Hidden),
    ("customer_id", Masked(mask::account)),
    ("date_of_birth", Hidden),
    ("date_of_death", Hidden),
    ("death_flag", Flag),
    ("declaration_date", Date),
    ("declaration_place", Hidden),
    ("default_wallet", Flag),
    ("disability_info", Hidden),
    ("district", Text),
    ("dob", Hidden),
    ("dob_match", Flag),
    ("doc_number", Masked(mask::account)),
    ("doc_type", Word),
    ("document_number", Masked(mask::account)),
    ("document_type", Word),
    ("email", Masked(mask::email)),
    ("email_address", Masked(mask::email)),
    ("entity_name", Hidden),
    ("expiry_date", Date),
    ("failure_reason", Word),
    ("father_name", Masked(mask::name)),
    ("fathers_first_name", Masked(mask::name)),
    ("fathers_full_name", Masked(mask::name)),
    ("fathers_last_name", Masked(mask::name)),
    ("fathers_middle_name", Masked(mask::name)),
    ("fathers_prefix", Hidden),
    ("fax", Masked(mask::account)),
    ("first_name", Masked(mask::name)),
    ("form60", Flag),
    ("form60_expiry", Date),
    ("full_name", Masked(mask::name)),
    ("gender", Hidden),
    ("id_number", Masked(id_number)),
    ("id_type", Word),
    ("ifsc", Ifsc),
    ("image_type", Word),
    ("images", Hidden),
    ("imps", Word),
    ("kyc_date", Date),
    ("kyc_name", Word),
    ("kyc_type_flag", Flag),
    ("kyc_verification_details", Hidden),
    ("kyc_verified_by", Hidden),
    ("last_four_digit", Digits(4)),
    ("last_name", Masked(mask::name)),
    ("last_updated_at", Date),
    ("maiden_first_name", Masked(mask::name)),
    ("maiden_full_name", Masked(mask::name)),
    ("maiden_last_name", Masked(mask::name)),
    ("maiden_middle_name", Masked(mask::name)),
    ("maiden_prefix", Hidden),
    ("marital_status", Hidden),
    ("micr", Digits(9)),
    ("middle_name", Masked(mask::name)),
    ("migrated_user_flag", Flag),
    ("mobile", Masked(mask::mobile)),
    ("mobile_code", Hidden),
    ("mobile_number", Masked(mask::mobile)),
    ("mothers_first_name", Masked(mask::name)),
    ("mothers_full_name", Masked(mask::name)),
    ("mothers_last_name", Masked(mask::name)),
    ("mothers_middle_name", Masked(mask::name)),
    ("mothers_prefix", Hidden),
    ("name", Masked(mask::name)),
    ("name_as_per_bank", Masked(mask::name)),
    ("name_match", Flag),
    ("name_match_result", Word),
    ("name_match_score", Amount),
    ("nationality", Hidden),
    ("neft", Word),
    ("number", Masked(mask::account)),
    ("occupation", Hidden),
    ("office_phone", Masked(mask::account)),
    ("ovd_name", Masked(mask::name)),
    ("pan_aadhaar_seeding_status", Word),
    ("pan_valid", Flag),
    ("pan_verify_category", Word),
    ("pan_verify_name", Masked(mask::name)),
    ("pan_verify_status", Letters),
    ("pan_verify_txn_id", Masked(mask::account)),
    ("payment", Payment),
    ("payment_mode", Word),
    ("payout_amount", Amount),
    ("payout_status", Word),
    ("permanent_address", Hidden),
    ("photo", Hidden),
    ("place_of_birth", Hidden),
    ("prefix", Hidden),
    ("product_profile", Hidden),
    ("profile_id", Code),
    ("re_kyc", Flag),
    ("re_kyc_expiry", Date),
    ("related_persons", Hidden),
    ("remarks", Hidden),
    ("replaced_by", Hidden),
    ("report_order_number", Masked(mask::account)),
    ("reported_date", Date),
    ("residence_phone", Masked(mask::account)),
    ("residential_status", Hidden),
    ("risk_category", Hidden),
    ("risk_score", Hidden),
    ("rtgs", Word),
    ("same_as_permanent", Hidden),
    ("sequence", Amount),
    ("signature", Hidden),
    ("spouse_first_name", Masked(mask::name)),
    ("spouse_full_name", Masked(mask::name)),
    ("spouse_last_name", Masked(mask::name)),
    ("spouse_middle_name", Masked(mask::name)),
    ("spouse_prefix", Hidden),
    ("state", Text),
    ("status", Word),
    ("status_code", Code),
    ("status_desc", Message),
    ("status_description", Word),
    ("subwallet_id", Masked(mask::account)),
    ("subwallet_name", Hidden),
    ("swift", Swift),
    ("tax_identification_number", Masked(mask::account)),
    ("total_income", Hidden),
    ("transaction_profile_id", Code),
    ("transaction_region_name", Word),
    ("transaction_status", Word),
    ("transaction_type", Word),
    ("type", Word),
    ("type_code", Letters),
    ("updated_date", Date),
    ("updated_on", Date),
    ("upi", Word),
    ("upi_vpa", Masked(mask::vpa)),
    ("urn", Masked(mask::account)),
    ("utr", Masked(mask::account)),
    ("validation_type", Word),
    ("verifier", Hidden),
];

/// The words of the documents' status and type fields, in their simplest form: small letters, no blank or underscore.
#[rustfmt::skip]
static WORDS: &[&str] = &[
    // The end of a verification, a transfer, a seeding.
    "success", "failed", "failure", "pending", "unknown", "valid", "invalid", "closed", "active", "inactive", "blocked", "expired", "verified", "notverified",
    "fake", "deactivated", "deleted", "notfound", "linked", "notlinked", "notapplicable", "successful", "unsuccessful", "notsuccessful", "yes", "no", "y", "n", "true", "false", "na", "r",
    // Why an account was not credited.
    "accountdoesnotexistorisclosed", "accountclosed", "accountisclosed",
    // How well two names match, and how an account was asked about.
    "fullmatch", "partialmatch", "poorpartialmatch", "nomatch", "pennydrop", "reversepennydrop", "penniless", "pennyless", "hybrid", "imps", "neft", "rtgs", "upi",
    // Accounts.
    "savings", "current", "nre", "nro", "nreaccount", "nroaccount", "joint", "normal", "simplified", "small",
    // Holders and documents.
    "person", "individual", "company", "huf", "hinduundividedfamily", "firm", "limitedliabilitypartnership", "llp", "trust", "government", "localauthority",
    "associationofpersons", "aop", "bodyofindividuals", "boi", "artificialjuridicalperson", "ajp", "aadhaar", "pan", "passport", "voterid", "drivinglicense", "drivinglicence",
    "nregajobcard", "ckyc", "jpg", "jpeg", "png", "pdf", "tiff",
    // Prepaid cards.
    "minkyc", "fullkyc", "domestic", "international", "pos", "ecom", "atm",
];

fn hidden(_: &str) -> String {
    "X".repeat(6)
}

/// The number of a document; one that comes masked as an Aadhaar number keeps that form.
fn id_number(text: &str) -> String {
    if text.starts_with("XXXX XXXX ") { mask::aadhaar(text) } else { mask::pan(text) }
}

impl Shape {
    /// The text as a browser sees it.
    fn show(self, text: &str) -> String {
        let is_shown = match self {
            Hidden | Flag => false,
            Masked(mask) => return mask(text),
            Word => WORDS.contains(&simplest(text).as_str()) || is_short_number(text, 2),
            Letters => text.len() <= 2 && pieces::all(text, u8::is_ascii_uppercase),
            Code => is_code(text) || keys::rows().any(|row| row.key == text),
            Message => keys::rows().any(|row| row.message == text),
            Digits(count) => text.len() == count && pieces::all(text, u8::is_ascii_digit),
            Amount => is_amount(text),
            Date => is_date(text) || is_short_number(text, 4),
            Ifsc => Kind::Ifsc.read(text).is_ok(),
            Swift => is_swift(text),
            Text => is_place(text),
            Payment => true,
        };
        if is_shown || text.is_empty() { text.to_owned() } else { hidden(text) }
    }
}

/// Digits, and no more than so many.
pub(super) fn is_short_number(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && pieces::all(text, u8::is_ascii_digit)
}

fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix(|c: char| c == '-' || c.is_ascii_uppercase()).unwrap_or(text);
    is_short_number(digits, 6)
}

fn is_amount(text: &str) -> bool {
    let (whole, decimals) = pieces::at_first(text, b".").unwrap_or((text, "0"));
    is_short_number(whole, 7) && is_short_number(decimals, 2)
}

/// `2024-01-31`, `31/01/2024`, `31-Jan-2024`, and behind it a time: nothing in which a number of another kind could stand.
pub(super) fn is_date(text: &str) -> bool {
    let (day, time) = text.split_at_checked(text.find([' ', 'T']).unwrap_or(text.len())).unwrap_or((text, ""));
    let is_month = |part: &str| part.len() == 3 && pieces::all(part, u8::is_ascii_alphabetic);
    let is_day = match day.split(['-', '/']).collect::<Vec<_>>()[..] {
        [first, month, last] => {
            let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
            is_short_number(year, 4) && is_short_number(day, 2) && (is_short_number(month, 2) || is_month(month))
        }
        _ => false,
    };
    let time = time.trim_start_matches([' ', 'T']).trim_end_matches('Z');
    let (clock, fraction) = pieces::at_first(time, b".").unwrap_or((time, ""));
    let fraction = fraction.split(['+', '-']).next().unwrap_or_default();
    let is_clock = clock.is_empty() || clock.split(['+', '-']).flat_map(|part| part.split(':')).all(|part| is_short_number(part, 2));
    is_day && is_clock && text.len() <= 32 && (fraction.is_empty() || is_short_number(fraction, 6))
}

/// Letters of any script, the signs that stand in the names of places and banks, and no more digits than a sector or a block has.
fn is_place(text: &str) -> bool {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    text.len() <= 60 && digits <= 3 && text.chars().all(|c| is_letter(c) || c.is_ascii_digit() || " .,&'()-/".contains(c))
}

fn is_swift(text: &str) -> bool {
    let (bank, rest) = text.split_at_checked(6).unwrap_or((text, ""));
    matches!(rest.len(), 2 | 5)
        && pieces::all(bank, u8::is_ascii_uppercase)
        && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Who said so, as the audience sees it: a browser has no use for a transaction of the vendor's.
pub(super) fn render_vendor(vendor: &VendorRef, audience: Audience) -> Cow<'_, VendorRef> {
    match audience {
        Audience::Server => Cow::Borrowed(vendor),
        Audience::Browser | Audience::Subject => Cow::Owned(VendorRef {
            name: vendor.name.clone(),
            transaction_id: vendor.transaction_id.as_deref().map(mask::account),
            code: vendor.code.as_deref().map(|code| Code.show(code)),
        }),
    }
}

/// The value as the audience sees it.
pub(super) fn render(value: &Value, audience: Audience) -> Cow<'_, Value> {
    match audience {
        Audience::Server => Cow::Borrowed(value),
        Audience::Browser => Cow::Owned(masked(value)),
        Audience::Subject => Cow::Owned(with_form(masked(value), value)),
    }
}

/// Whether a field has a row.
#[cfg(test)]
pub(super) fn is_listed(name: &str) -> bool {
    let name = name.strip_suffix(ISO).unwrap_or(name);
    FIELDS.iter().any(|(field, _)| *field == name)
}

fn masked(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), masked_field(name, value))).collect(),
        Value::Array(items) => items.iter().map(masked).collect(),
        other => shown(Hidden, other),
    }
}

fn masked_field(name: &str, value: &Value) -> Value {
    // A date in ISO form is shown as the date is.
    let name = name.strip_suffix(ISO).unwrap_or(name);
    match (FIELDS.iter().find(|(field, _)| *field == name).map(|(_, shape)| *shape), value) {
        (Some(shape), value) => shown(shape, value),
        // A name for what is below: its fields speak for themselves.
        (None, _) => masked(value),
    }
}

/// A value of a field of this shape, and what is below one like the field.
fn shown(shape: Shape, value: &Value) -> Value {
    match (shape, value) {
        (_, Value::Null) | (Flag | Word, Value::Bool(_)) => value.clone(),
        (shape, Value::String(text)) => shape.show(text).into(),
        (Amount | Code | Digits(_) | Payment, Value::Number(number)) if shape.show(&number.to_string()) == number.to_string() => {
            value.clone()
        }
        (_, Value::Bool(_) | Value::Number(_)) => hidden("").into(),
        (shape, Value::Object(map)) => map.iter().map(|(below, value)| (below.clone(), shown(shape, value))).collect(),
        (shape, Value::Array(items)) => items.iter().map(|item| shown(shape, item)).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_below_a_masked_field_is_masked_like_it() {
        let value = json!({ "current_address": { "line1": "123, MG Road", "lines": ["Sector 5", 6], "country": null }, "city": "Gurgaon" });
        let shown = json!({ "current_address": { "line1": "XXXXXX", "lines": ["XXXXXX", "XXXXXX"], "country": null }, "city": "Gurgaon" });
        assert_eq!(*render(&value, Audience::Browser), shown);
    }

    #[test]
    fn a_browser_sees_masks_at_any_depth_and_a_server_sees_everything() {
        let value = json!({ "upi_vpa": "rahul@okbank", "list": [{ "account_number": "1234567890" }], "ifsc": "SBIN0001077" });
        assert_eq!(*render(&value, Audience::Server), value);
        assert_eq!(
            *render(&value, Audience::Browser),
            json!({ "upi_vpa": "r***@okbank", "list": [{ "account_number": "XXXXXX7890" }], "ifsc": "SBIN0001077" })
        );
    }

    #[test]
    fn a_value_is_shown_where_it_has_its_fields_shape() {
        for (field, shown, masked) in [
            (
                "kyc_date",
                vec!["2024-01-31", "31/01/2024", "31-Jan-2024", "2024-01-31T10:20:30.123456Z", "2024-01-31 10:20:30", "0828"],
                vec!["2345-6789-0123", "1-1-1 987654:3210", "1-1-1T9876543210", "98765-43210", "24-JANE-DOE", "31/01/2024 ABCPE1234F"],
            ),
            ("payout_amount", vec!["1.00", "1", "1234567.89"], vec!["9876543.210", "98765432", "-", "1.2.3"]),
            (
                "branch",
                vec!["SECTOR 17", "M G Road, Pune (Main)", "\u{92a}\u{941}\u{923}\u{947}"],
                vec!["rahul@okbank", "9876543210", "ABCPE1234F"],
            ),
            ("status", vec!["valid", "Penny Drop", "03"], vec!["RAHUL", "ABCPE1234F", "987"]),
            ("status_code", vec!["-1", "S00000", "error_provider_error"], vec!["9876543210", "rahul_sharma"]),
            ("swift", vec!["SBININBB", "SBININBB104"], vec!["ABCPE1234F", "9876543210"]),
            ("micr", vec!["411002003"], vec!["9876543210", "ABCDEFGHI"]),
            ("ifsc", vec!["SBIN0001077"], vec!["ABCPE1234F", "RAHULSHARMA"]),
        ] {
            let seen = |text: &&str| render(&json!({ field: text }), Audience::Browser)[field] == json!(text);
            assert!(shown.iter().all(seen), "{field}: {:?}", shown.iter().find(|text| !seen(text)));
            assert!(!masked.iter().any(seen), "{field}: {:?}", masked.iter().find(|text| seen(text)));
        }
    }

    #[test]
    fn a_masked_aadhaar_number_keeps_its_form() {
        let value = json!([{ "id_number": "XXXX XXXX 2346" }, { "id_number": "ABCPE1234F" }, { "id_number": "XXXXXXXX2346" }]);
        let seen = json!([{ "id_number": "XXXX XXXX 2346" }, { "id_number": "XXXXXX234F" }, { "id_number": "XXXXXX2346" }]);
        assert_eq!(*render(&value, Audience::Browser), seen);
    }
}
