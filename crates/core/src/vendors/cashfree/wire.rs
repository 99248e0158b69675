//! Cashfree's JSON, and nothing else: what goes out, and how an answer is read.
//!
//! Read are names in any casing, and numbers, texts and flags in each other's place. The customer's name goes out only where it is what is asked about.
//! Nothing here decides. Source: the README.

use base32ct::{Base32Unpadded, Encoding};
use serde_json::{Map, Value, json};

use crate::operations::{BankVerify, PanVerify};
use crate::time::day_month_year;
use crate::vendors::lenient::{self, flag, text, word};

/// An answer, or an error response; each has some of these.
#[derive(Default)]
pub(super) struct Reply {
    /// `code` of an error response.
    pub(super) code: Option<String>,
    /// `type` of an error response.
    pub(super) error_type: Option<String>,
    /// `reference_id`: theirs.
    pub(super) reference_id: Option<String>,
    /// `verification_id` or `user_id`: ours.
    pub(super) our_reference: Option<String>,
    /// `pan`.
    pub(super) pan: Option<String>,
    /// `pan_status`: a word (`VALID`), or a letter of the Income Tax Department (`E`).
    pub(super) pan_status: Option<String>,
    /// `valid` of verify-PAN-sync.
    pub(super) is_valid: Option<bool>,
    /// `status` of PAN Lite: `VALID`, `INVALID`.
    pub(super) status: Option<String>,
    /// `registered_name`.
    pub(super) registered_name: Option<String>,
    /// `type`: `Individual`, `Business`.
    pub(super) holder_type: Option<String>,
    /// `aadhaar_seeding_status`: `Y`, `R`, `T`, `NA`.
    pub(super) aadhaar_seeding_status: Option<String>,
    /// `last_updated_at`, `DD/MM/YYYY`.
    pub(super) last_updated_at: Option<String>,
    /// `name_match` of PAN Lite: `Y`, `N`.
    pub(super) name_match: Option<String>,
    /// `dob_match` of PAN Lite: `Y`, `N`.
    pub(super) dob_match: Option<String>,
    /// `account_status`: `VALID`, `RECEIVED`, ...
    pub(super) account_status: Option<String>,
    /// `account_status_code`: `ACCOUNT_IS_VALID`, ...
    pub(super) account_status_code: Option<String>,
    /// `bank_account` and `ifsc`: the account that it speaks of.
    pub(super) bank_account: Option<String>,
    pub(super) ifsc: Option<String>,
    /// `name_at_bank`.
    pub(super) name_at_bank: Option<String>,
    /// `utr`.
    pub(super) utr: Option<String>,
}

/// Reads an answer; `None` when the bytes are no JSON object.
pub(super) fn reply(body: &[u8]) -> Option<Reply> {
    lenient::object(body).map(|map| reply_in(&map))
}

/// Reads an answer that is part of something larger.
pub(super) fn reply_in(map: &Map<String, Value>) -> Reply {
    Reply {
        code: word(map, "code"),
        error_type: text(map, "type"),
        reference_id: text(map, "reference_id"),
        our_reference: word(map, "verification_id").or_else(|| word(map, "user_id")),
        pan: word(map, "pan"),
        pan_status: word(map, "pan_status"),
        is_valid: flag(map, "valid"),
        status: word(map, "status"),
        registered_name: text(map, "registered_name"),
        holder_type: text(map, "type"),
        aadhaar_seeding_status: text(map, "aadhaar_seeding_status"),
        last_updated_at: text(map, "last_updated_at"),
        name_match: word(map, "name_match"),
        dob_match: word(map, "dob_match"),
        account_status: word(map, "account_status"),
        account_status_code: word(map, "account_status_code"),
        bank_account: word(map, "bank_account").or_else(|| word(map, "account_number")),
        ifsc: word(map, "ifsc"),
        name_at_bank: text(map, "name_at_bank"),
        utr: text(map, "utr"),
    }
}

/// What is said of a reverse penny drop.
#[derive(Default)]
pub(super) struct ReversePennyDrop {
    /// `ref_id`: theirs.
    pub(super) ref_id: Option<String>,
    /// `verification_id`: ours.
    pub(super) verification_id: Option<String>,
    /// `status`: `CREATED`, `SUCCESS`, ...
    pub(super) status: Option<String>,
    /// `upi_link`.
    pub(super) upi_link: Option<String>,
    /// `valid_upto`.
    pub(super) valid_upto: Option<String>,
    /// The account that paid, in the fields of the answer.
    pub(super) fields: Map<String, Value>,
}

/// Reads what is said of a reverse penny drop; what is no JSON object says nothing.
pub(super) fn reverse(body: &[u8]) -> ReversePennyDrop {
    lenient::object(body).map(|map| reverse_in(&map)).unwrap_or_default()
}

/// Reads what is said of a reverse penny drop as part of something larger.
pub(super) fn reverse_in(map: &Map<String, Value>) -> ReversePennyDrop {
    let named = [
        ("beneficiary_name", "name_at_bank"),
        ("account_number", "bank_account"),
        ("ifsc", "ifsc"),
        ("utr", "utr"),
        ("upi_vpa", "upi"),
        ("account_type", "account_type"),
    ];
    ReversePennyDrop {
        ref_id: text(map, "ref_id"),
        verification_id: word(map, "verification_id"),
        status: word(map, "status"),
        upi_link: text(map, "upi_link"),
        valid_upto: text(map, "valid_upto"),
        fields: named.into_iter().filter_map(|(field, name)| Some((field.to_owned(), text(map, name)?.into()))).collect(),
    }
}

/// A wire reference as Cashfree takes it: 40 letters and digits, the most that `user_id` may have, in one case. Of the nonce's 16 bytes it keeps 8. `None` for
/// what is no wire reference.
pub(super) fn reference(wire_reference: &str) -> Option<String> {
    let bytes = hex::decode(wire_reference).ok()?;
    let (place_and_nonce, attempt) = (bytes.get(..24)?, bytes.get(32..33)?);
    Some(Base32Unpadded::encode_string(&[place_and_nonce, attempt].concat()))
}

/// The body of verify-PAN-sync. The name is compared here, so it does not go out.
pub(super) fn pan(request: &PanVerify) -> Value {
    json!({ "pan": request.id_number.expose() })
}

/// The body of PAN Lite; `None` without the name or the date of birth.
pub(super) fn pan_lite(request: &PanVerify, reference: &str) -> Option<Value> {
    let born = day_month_year(request.dob.as_ref()?.expose())?;
    Some(json!({
        "verification_id": reference,
        "pan": request.id_number.expose(),
        "name": request.name.as_ref()?.expose(),
        "dob": born.to_string(),
    }))
}

/// The body of the asynchronous bank account verification. The name is compared here, so it does not go out.
pub(super) fn bank_account(request: &BankVerify, reference: &str) -> Value {
    json!({
        "bank_account": request.beneficiary_details.account_number.expose(),
        "ifsc": request.beneficiary_details.ifsc.as_str(),
        "user_id": reference,
    })
}

/// The body of a reverse penny drop. The name is compared here, so it does not go out.
pub(super) fn reverse_penny_drop(reference: &str) -> Value {
    json!({ "verification_id": reference })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_keeps_place_half_the_nonce_and_attempt_in_forty_characters() {
        let wire = |nonce: &str, attempt: &str| format!("{}{nonce}{attempt}", "00112233445566778899aabbccddeeff");
        let written = reference(&wire("ffeeddccbbaa99887766554433221100", "01")).unwrap_or_default();
        assert_eq!((written.as_str(), written.len()), ("aaisem2ekvthpcezvk54zxpo77765xomxovjtcab", 40));
        let others = [wire("ffeeddccbbaa99887766554433221100", "02"), wire("0feeddccbbaa99887766554433221100", "01")];
        assert!(others.iter().all(|other| reference(other).is_some_and(|other| other != written)));
        assert_eq!([reference(""), reference("00"), reference("zz")], [None, None, None]);
    }
}
