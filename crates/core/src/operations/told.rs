//! How an answer is told, whatever dialect its vendor spoke: the words of status fields in the documents' first spelling, and beside each date the same
//! date in ISO form (`dob` and `dob_iso`).
//!
//! Every reading of every vendor passes here once, on its way from the vendor to the check. A word that no document has, and what is no date of the
//! calendar, stay as they came. Nothing is decided here.

use serde_json::{Map, Value};

use super::Finding;
use crate::time::written_parts;

/// What the name of a date ends with beside it.
pub(super) const ISO: &str = "_iso";

/// The longest text in which a date is looked for: a day, and a time with its fraction and zone.
const LONGEST_DATE: usize = 40;

/// A word of the documents, as it is told and as it may come; letters' case and what stands between words do not count.
type Word = (&'static str, &'static [&'static str]);

/// The status fields, and their words (documents 000 to 004).
#[rustfmt::skip]
static VOCABULARY: &[(&[&str], &[Word])] = &[
    // 003 section 3.1; the status look-up calls it Failure.
    (&["transaction_status", "bank_verify_status"], &[("Success", &[]), ("Failed", &["failure"]), ("Pending", &[]), ("Unknown", &[])]),
    (&["account_status"], &[("Valid", &[]), ("Invalid", &[]), ("Closed", &[]), ("NRE", &["nreaccount"]), ("NRO", &["nroaccount"])]),
    (&["validation_type"], &[("Reverse Penny Drop", &[]), ("Penny Drop", &[]), ("Penniless", &["pennyless"]), ("Hybrid", &[])]),
    (&["payment_mode", "bank_verify_payment_mode"], &[("IMPS", &[]), ("NEFT", &[]), ("RTGS", &[]), ("UPI", &[])]),
    // 003 sections 2.3, 2.5 and 2.6; 004.
    (&["status"], &[("valid", &[]), ("invalid", &[]), ("fake", &[]), ("deactivated", &[]), ("deleted", &[]), ("not_found", &[]), ("SUCCESS", &[]), ("FAILED", &[])]),
    (&["category", "pan_verify_category"], &[
        ("individual", &["person"]), ("company", &[]), ("huf", &[]), ("firm", &[]), ("aop", &[]), ("trust", &[]), ("boi", &[]), ("local authority", &[]),
        ("artificial juridical person", &[]), ("government", &[]),
    ]),
    (&["aadhaar_seeding_status", "pan_aadhaar_seeding_status"], &[("Successful", &[]), ("Unsuccessful", &[]), ("Not Applicable", &[])]),
    // 001.
    (&["payout_status"], &[("SUCCESS", &[]), ("FAILURE", &["failed"]), ("PENDING", &[])]),
    (&["account_type"], &[("SAVINGS", &["saving"]), ("CURRENT", &[]), ("NRO", &["nroaccount"]), ("NRE", &["nreaccount"]), ("JOINT", &[])]),
    // 000 and 002.
    (&["gender"], &[("Male", &[]), ("Female", &[])]),
    (&["risk_category"], &[("Low", &[]), ("Medium", &[]), ("High", &[])]),
    (&["kyc_name"], &[("MIN_KYC", &[]), ("FULL_KYC", &[])]),
    (&["status_description"], &[("Active", &[])]),
];

impl Finding {
    /// The same, in the one vocabulary.
    #[must_use]
    pub fn told(self) -> Self {
        Self { data: told(self.data), record: told(self.record), ..self }
    }
}

fn told(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(told_fields(map)),
        Value::Array(items) => items.into_iter().map(told).collect(),
        other => other,
    }
}

fn told_fields(map: Map<String, Value>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in map {
        let iso = value.as_str().and_then(iso).map(|day| ([&name, ISO].concat(), day));
        let value = match value {
            Value::String(text) => spelt(&name, &text).map_or(Value::String(text), Value::from),
            other => told(other),
        };
        fields.insert(name, value);
        fields.extend(iso.map(|(name, day)| (name, day.into())));
    }
    fields
}

/// The document's spelling of a field's word, where it has the word.
fn spelt(field: &str, text: &str) -> Option<&'static str> {
    let (_, words) = VOCABULARY.iter().find(|(fields, _)| fields.contains(&field))?;
    let simplest = simplest(text);
    let is_meant = |(word, others): &&Word| self::simplest(word) == simplest || others.contains(&simplest.as_str());
    words.iter().find(is_meant).map(|(word, _)| *word)
}

/// Small letters, and nothing between words.
pub(super) fn simplest(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, ' ' | '_' | '-')).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn iso(text: &str) -> Option<String> {
    let (year, month, day) = Some(text).filter(|text| text.len() <= LONGEST_DATE).and_then(written_parts)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_spelling_of_a_word_becomes_the_documents_first() {
        for (fields, words) in VOCABULARY {
            for ((field, (word, others)), spelling) in fields.iter().flat_map(|field| words.iter().map(move |word| (field, word))).zip(0..)
            {
                let mut spellings = vec![(*word).to_owned(), word.to_uppercase(), word.to_lowercase(), word.replace([' ', '_'], "-")];
                spellings.extend(others.iter().map(|other| (*other).to_owned()));
                for text in spellings {
                    assert_eq!(spelt(field, &text), Some(*word), "{spelling} {field} {text}");
                }
            }
        }
        for (field, text) in
            [("transaction_status", "Reversed"), ("account_status", "Dormant"), ("name", "valid"), ("status", "03"), ("status", "")]
        {
            assert_eq!(spelt(field, text), None, "{field} {text}");
        }
    }

    #[test]
    fn beside_each_date_stands_the_same_date_in_iso_form_at_any_depth() {
        let value = json!({ "dob": "15/08/1990", "list": [{ "kyc_date": "15-08-2023", "n": 1 }], "created_on": "15-Jun-2023", "re_kyc_expiry": "0822" });
        let expected = json!({
            "dob": "15/08/1990", "dob_iso": "1990-08-15", "list": [{ "kyc_date": "15-08-2023", "kyc_date_iso": "2023-08-15", "n": 1 }],
            "created_on": "15-Jun-2023", "created_on_iso": "2023-06-15", "re_kyc_expiry": "0822",
        });
        assert_eq!(told(value).to_string(), expected.to_string());
    }
}
