//! One vocabulary, whatever the dialect (003 sections 2.3 and 3.1): of every answer of every simulation each status word is in the documents' first spelling, and
//! each date has the same date in ISO form beside it.

use serde_json::Value;
use toran_core::vendors::Reading;

use super::answers::answers;

/// The words that are told of each field of a state; a number is the code of one. What is no word of the documents is the vendor's own, and listed as such.
#[rustfmt::skip]
const WORDS: &[(&str, &[&str])] = &[
    ("transaction_status", &["Success", "Failed", "Pending", "Unknown"]), ("bank_verify_status", &["Success", "Failed", "Pending", "Unknown"]),
    ("account_status", &["Valid", "Invalid", "Closed", "NRE", "NRO", "INCONCLUSIVE", "0"]),
    ("validation_type", &["Penny Drop", "Penniless", "Hybrid"]), ("payment_mode", &["IMPS"]), ("bank_verify_payment_mode", &["IMPS"]),
    ("category", &["individual", "company", "huf", "firm", "aop", "trust", "boi", "local authority", "artificial juridical person", "government"]),
    ("pan_verify_category", &["individual", "company", "huf", "firm", "aop", "trust", "boi", "local authority", "artificial juridical person", "government"]),
    ("aadhaar_seeding_status", &["Successful", "Unsuccessful", "Not Applicable"]), ("pan_aadhaar_seeding_status", &["Successful", "Unsuccessful", "Not Applicable"]),
    ("payout_status", &["SUCCESS", "FAILURE", "PENDING"]), ("account_type", &["SAVINGS", "CURRENT", "NRO", "NRE", "01"]),
    ("status", &["valid", "SUCCESS", "FAILED", "03"]),
];

fn fields<'a>(value: &'a Value, found: &mut Vec<(&'a str, &'a str, Option<&'a Value>)>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                fields(value, found);
                found.extend(value.as_str().map(|text| (name.as_str(), text, map.get(&format!("{name}_iso")))));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, found)),
        _ => {}
    }
}

/// Day, month and year in one of the forms that the documents show.
fn looks_like_a_date(text: &str) -> bool {
    let parts: Vec<_> = text.split(['-', '/']).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts[..], [first, middle, last] if is_number(&first) && is_number(&last) && first.len() + last.len() == 6 && (2..=3).contains(&middle.len()))
}

#[test]
fn every_status_word_is_the_documents_and_every_date_has_its_iso_form() {
    let (mut words, mut dates) = (0, 0);
    for answer in answers() {
        let Reading::Final(finding) = answer.reading() else { continue };
        let mut found = Vec::new();
        fields(&finding.data, &mut found);
        fields(&finding.record, &mut found);
        for (name, text, iso) in found {
            if let Some((_, known)) = WORDS.iter().find(|(field, _)| *field == name) {
                assert!(known.contains(&text), "{}: {name} {text}", answer.id);
                words += 1;
            }
            if looks_like_a_date(text) && !name.ends_with("_iso") {
                let iso = iso.and_then(Value::as_str).unwrap_or_else(|| panic!("{}: {name} {text}", answer.id));
                assert!(iso.len() == 10 && iso.as_bytes()[4] == b'-', "{iso}");
                dates += 1;
            } else if !name.ends_with("_iso") {
                assert_eq!(iso, None, "{}: {name} {text}", answer.id);
            }
        }
    }
    assert!(words > 200 && dates > 100, "{words} {dates}");
}
