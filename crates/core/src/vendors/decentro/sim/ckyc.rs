//! CKYC search and download (document 003 sections 4.1 and 4.2): what is answered for each subject.
//!
//! A search by PAN `AAAPH00NNA`, `AAAPC00NNA` reaches row NN (from 01) of the HTTP codes and response codes of section 6.6, a download of a KIN that
//! ends in `80NN`, `81NN`, `84NN` likewise, and `AAAPG00NNA` that of the general response keys; [`SEARCHES`] and [`DOWNLOADS`] list what those tables do not show. PAN `AAAPN....A` has no record until one is
//! added. Everybody else has one, and a download finds by masked KIN whoever was searched for last under it. That no record is `E00021`, and that a
//! foreign authentication factor is HTTP 422, are assumptions.

use serde_json::{Value, json};

use super::registry::{self, PICTURE, Record};
use super::shapes::{self, Shape, set, with_data};
use super::{World, is_blank, kyc, pan, text};
use crate::ids::Pan;
use crate::keys::UNEXPECTED_RESPONSE;
use crate::time::Millis;
use crate::vendors::sim::{Answer, Request, without};

/// One subject beyond the document's tables, and the gateway's key for it.
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// The PAN that is searched for, or the last four digits of the KIN.
    pub(super) subject: &'static str,
    shape: Shape,
    /// The key of the gateway's answer.
    pub(super) answers: &'static str,
}

impl Extra {
    /// The key or code that the answer carries.
    pub(super) fn vendor_key(&self) -> Option<String> {
        let plain = if self.subject.len() == 4 { downloaded("", &Value::Null) } else { searched("", &Value::Null) };
        let answer = Answer { status: 200, body: (self.shape)(plain), wire_reference: None, credited: None };
        answer.key().map(str::to_owned)
    }
}

const fn extra(name: &'static str, subject: &'static str, shape: Shape, answers: &'static str) -> Extra {
    Extra { name, subject, shape, answers }
}

const FOUND: &str = "success_ckyc_search";
const DOWNLOADED: &str = "success_ckyc_download";

/// What section 4.1 does not show.
#[rustfmt::skip]
pub(super) static SEARCHES: &[Extra] = &[
    extra("snake_case", "AAAPD0001A", shapes::snake, FOUND),
    extra("kyc_result", "AAAPD0002A", |envelope| search_result(envelope, "SUCCESS"), FOUND),
    extra("data_as_array", "AAAPD0003A", shapes::array, FOUND),
    extra("additional_fields", "AAAPD0004A", shapes::extended, FOUND),
    extra("unmasked_kin", "AAAPD0005A", |envelope| edited(envelope, "ckycId", "12345678900005".into()), FOUND),
    extra("unmasked_aadhaar", "AAAPD0006A", |envelope| edited(envelope, "identityDetails", json!([{ "idType": "AADHAAR", "idNumber": AADHAAR }])), FOUND),
    extra("without_photo", "AAAPD0007A", |envelope| with_data(envelope, |data| without(data, "photo")), FOUND),
    extra("without_code", "AAAPD0008A", |envelope| without(envelope, "responseCode"), FOUND),
    extra("without_kin", "AAAPX0001A", |envelope| with_data(envelope, |data| without(data, "ckycId")), UNEXPECTED_RESPONSE),
    extra("kin_in_no_form", "AAAPX0002A", |envelope| edited(envelope, "ckycId", "XXXXXXXXXX0002".into()), UNEXPECTED_RESPONSE),
    extra("answers_for_another_pan", "AAAPX0003A", |envelope| edited(envelope, "identityDetails", json!([{ "idType": "PAN", "idNumber": "ABCPE1234F" }])), UNEXPECTED_RESPONSE),
    extra("success_key_in_a_failure", "AAAPX0004A", |envelope| failed(envelope, FOUND), UNEXPECTED_RESPONSE),
    extra("success_with_an_unknown_code", "AAAPX0005A", |envelope| set(envelope, "responseCode", "S00042".into()), UNEXPECTED_RESPONSE),
    extra("kyc_result_of_a_failure", "AAAPX0006A", |envelope| search_result(envelope, "FAILURE"), UNEXPECTED_RESPONSE),
];

/// What section 4.2 does not show.
#[rustfmt::skip]
pub(super) static DOWNLOADS: &[Extra] = &[
    extra("with_code", "8101", |envelope| set(envelope, "responseCode", "S00000".into()), DOWNLOADED),
    extra("snake_case", "8201", shapes::snake, DOWNLOADED),
    extra("personal_details", "8202", personal_details, DOWNLOADED),
    extra("data_as_array", "8203", shapes::array, DOWNLOADED),
    extra("additional_fields", "8204", shapes::extended, DOWNLOADED),
    extra("unmasked_aadhaar", "8205", |envelope| edited(envelope, "identityDocuments", json!([{ "type": "AADHAAR", "number": AADHAAR }])), DOWNLOADED),
    extra("large_images", "8206", |envelope| edited(edited(envelope, "photo", large(900_000)), "signature", large(300_000)), DOWNLOADED),
    extra("without_images", "8207", |envelope| with_data(envelope, |data| without(without(data, "photo"), "signature")), DOWNLOADED),
    extra("no_record", "8208", |_| kyc::failure("", NO_RECORD, None), "failure_record_not_found"),
    extra("whole_record", "8209", |envelope| with_data(envelope, registry::whole), DOWNLOADED),
    extra("deceased", "8210", |envelope| edited(edited(envelope, "deathFlag", "Y".into()), "dateOfDeath", "01-01-2024".into()), DOWNLOADED),
    extra("without_kin", "8211", |envelope| with_data(envelope, |data| without(data, "ckycId")), UNEXPECTED_RESPONSE),
    extra("masked_kin", "8212", |envelope| edited(envelope, "ckycId", "$XXXX8212$".into()), UNEXPECTED_RESPONSE),
    extra("answers_for_another_kin", "8213", |envelope| edited(envelope, "ckycId", "12345678901234".into()), UNEXPECTED_RESPONSE),
    extra("success_key_in_a_failure", "8214", |envelope| failed(envelope, DOWNLOADED), UNEXPECTED_RESPONSE),
    extra("success_with_an_unknown_code", "8215", |envelope| set(envelope, "responseCode", "S00042".into()), UNEXPECTED_RESPONSE),
];

const NO_RECORD: &str = "E00021";
/// Well-formed, and nobody's.
const AADHAAR: &str = "234123412346";

/// The answer in the clothes of its subject.
fn dressed(extras: &[Extra], subject: &str, envelope: Value) -> Value {
    match extras.iter().find(|extra| extra.subject == subject) {
        Some(extra) => (extra.shape)(envelope),
        None => envelope,
    }
}

fn edited(envelope: Value, field: &str, value: Value) -> Value {
    with_data(envelope, |data| set(data, field, value))
}

fn failed(envelope: Value, key: &str) -> Value {
    set(set(envelope, "status", "FAILURE".into()), "responseKey", key.into())
}

/// Base64 of so many characters.
fn large(length: usize) -> Value {
    format!("{}{}", PICTURE.trim_end_matches('='), "A".repeat(length)).into()
}

/// The search's envelope of the vendor's public guide.
fn search_result(mut envelope: Value, kyc_status: &str) -> Value {
    let mut take = |field: &str| envelope.pointer_mut(&format!("/data/{field}")).map(Value::take);
    let data = json!({
        "kycStatus": kyc_status, "message": "CKYC details fetched",
        "kycResult": {
            "ckycId": take("ckycId"), "fullName": take("fullName"), "age": "36", "kycDate": take("kycDate"), "updatedDate": "15-06-2023",
            "fathersFullName": take("fathersFullName"), "imageType": "jpg", "photo": take("photo"),
            "identityDetails": { "identity": [{ "status": "03", "type": "PAN" }] },
        },
    });
    set(set(envelope, "data", data), "responseKey", FOUND.into())
}

/// The download's envelope of the vendor's public guide, as far as it is known; the misspelling is the vendor's.
fn personal_details(envelope: Value) -> Value {
    let kin = envelope.pointer("/data/ckycId").cloned();
    let details = json!({
        "constituitonType": "01", "accountType": "01", "ckycNo": kin, "ckycReferenceId": "IN000000000000", "prefix": "MR", "firstName": "RAHUL",
        "lastName": "SHARMA",
    });
    let result = json!({ "kycStatus": "SUCCESS", "kycResult": { "personalIdentifiableData": { "personalDetails": details } } });
    set(set(set(envelope, "data", result), "responseCode", "S00000".into()), "responseKey", DOWNLOADED.into())
}

/// `POST /kyc/ckyc/search`.
pub(in crate::vendors::decentro) fn search(world: &mut World, request: &Request, _now: Millis) -> Answer {
    kyc::post(world, request, search_refusal, answer_search)
}

fn search_refusal(body: &Value) -> Option<&'static str> {
    let number = text(body, "id_number").unwrap_or_default();
    match text(body, "document_type") {
        Some("PAN") if Pan::parse(number).is_err() => Some("error_invalid_pan"),
        Some("PAN" | "Aadhaar" | "Passport" | "Voter ID" | "Driving_License" | "CKYC number") => {
            if number.is_empty() {
                Some("error_invalid_payload")
            } else {
                consent_refusal(body)
            }
        }
        _ => Some("error_invalid_document_type"),
    }
}

fn consent_refusal(body: &Value) -> Option<&'static str> {
    match body.get("consent") {
        Some(Value::Bool(true)) => is_blank(body, "consent_purpose").then_some("error_empty_purpose"),
        Some(Value::Bool(false)) => Some("error_consent_false"),
        _ => Some("error_invalid_consent_type"),
    }
}

fn answer_search(world: &mut World, transaction: &str, body: &Value) -> (u16, Value) {
    let subject = text(body, "id_number").unwrap_or_default();
    let row = kyc::row_of(kyc::TABLES, subject, pan::number_of);
    if let Some(answer) = row.and_then(|row| kyc::row_answer(row, transaction)) {
        return answer;
    }
    if is_unrecorded(subject) && !world.registry.contains_key(subject) {
        return (200, kyc::failure(transaction, NO_RECORD, None));
    }
    let serial = world.serial;
    let record = world.registry.entry(subject.to_owned()).or_insert_with(|| Record::of(subject));
    record.searched = serial;
    (200, dressed(SEARCHES, subject, searched(transaction, &registry::found(record))))
}

fn is_unrecorded(subject: &str) -> bool {
    Pan::parse(subject).is_ok() && subject.starts_with("AAAPN")
}

fn searched(transaction: &str, data: &Value) -> Value {
    json!({ "decentroTxnId": transaction, "status": "SUCCESS", "responseCode": "S00000", "data": data })
}

/// `POST /kyc/ckyc/download`.
pub(in crate::vendors::decentro) fn download(world: &mut World, request: &Request, _now: Millis) -> Answer {
    kyc::post(world, request, download_refusal, answer_download)
}

fn download_refusal(body: &Value) -> Option<&'static str> {
    let id = text(body, "ckyc_id").unwrap_or_default();
    let shown = id.strip_prefix("$XXXX").and_then(|rest| rest.strip_suffix('$')).unwrap_or(id);
    let is_id = shown.bytes().all(|byte| byte.is_ascii_digit()) && matches!((id.len(), shown.len()), (10, 4) | (14, 14));
    if is_id { consent_refusal(body) } else { Some("error_invalid_payload") }
}

/// The masked KIN of a row, counted from 0.
pub(super) fn id_of(mark: char, row: usize) -> String {
    format!(
        "$XXXX{}{:02}$",
        match mark {
            'H' => "80",
            'C' => "81",
            _ => "84",
        },
        row.saturating_add(1)
    )
}

fn answer_download(world: &mut World, transaction: &str, body: &Value) -> (u16, Value) {
    let id = text(body, "ckyc_id").unwrap_or_default();
    let masked = if id.len() == 14 { registry::masked(id) } else { id.to_owned() };
    let known = world.registry.values().filter(|record| record.kin() == id || registry::masked(record.kin()) == id);
    let known = known.max_by_key(|record| record.searched).cloned();
    if known.is_none()
        && let Some(answer) = kyc::row_of(kyc::TABLES, &masked, id_of).and_then(|row| kyc::row_answer(row, transaction))
    {
        return answer;
    }
    let record = known.unwrap_or_else(|| Record::of(&if id.len() == 14 { id.to_owned() } else { registry::unmasked(id) }));
    if !is_the_customers(&record, body) {
        return (422, json!({ "message": "Unprocessable Entity" }));
    }
    let shown = masked.trim_start_matches("$XXXX").trim_end_matches('$');
    (200, dressed(DOWNLOADS, shown, downloaded(transaction, &record.data)))
}

/// Whether the authentication factor is the record's; without one nothing is asked.
fn is_the_customers(record: &Record, body: &Value) -> bool {
    let Some(said) = text(body, "auth_factor") else { return true };
    let born = record.text("/dateOfBirth");
    let (day_and_month, year) = born.rsplit_once('-').unwrap_or_default();
    let (day, month) = day_and_month.split_once('-').unwrap_or_default();
    match body.get("auth_factor_type").and_then(Value::as_u64) {
        Some(1) => said == format!("{year}-{month}-{day}"),
        Some(2) => said == format!("{}{year}", record.text("/currentAddress/pincode")),
        Some(3) => said == record.text("/mobile"),
        _ => false,
    }
}

/// Section 4.2's sample has no response code; the subject of the row `S00000` has.
fn downloaded(transaction: &str, data: &Value) -> Value {
    json!({ "decentroTxnId": transaction, "status": "SUCCESS", "data": data })
}
