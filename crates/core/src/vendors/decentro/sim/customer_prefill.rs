//! Customer Data Pull (document 000): what the bureau knows of each customer.
//!
//! The subject is the mobile number, else the document's. `98600000NN` reaches row NN of document 000's table, so no row is without a subject;
//! [`EXTRAS`] lists what the table does not show (shapes, empty blocks, Aadhaar numbers that nobody masked, contradictions). Anyone else is
//! known, under the name that follows from the subject whatever the request says. HTTP statuses and codes are assumptions: the document names none but `S00000`.

use serde_json::{Value, json};

use super::refusals::unsanitized;
use super::shapes::{self, Shape, set, with_data};
use super::{World, credentials, is_blank, name_of, text};
use crate::keys::{self, Meaning, Row, Source};
use crate::time::Millis;
use crate::vendors::sim::{Answer, Request, choose, digits};

/// The key of a customer who is known.
pub(super) const SUCCESS: &str = "success_customer_data_pull";

/// The names under which the number of a document is taken: the vendor's text has none, its other interfaces and others' clients have these.
const ID_FIELDS: &[&str] = &["id_number", "document_number", "id_value"];
const DOCUMENT_TYPES: &[&str] = &["Aadhaar", "Driving_License", "PAN", "Passport", "VoterID"];
/// The document's texts, for its sanitation.
const TEXTS: &[&str] = &["reference_id", "consent_purpose", "name", "mobile", "document_type", "inquiry_purpose"];

/// One subject beyond the document's rows, and the gateway's key for it.
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// The mobile number.
    pub(super) number: &'static str,
    /// In what clothes, or with what flaw, the answer comes.
    shape: Shape,
    /// The key of the gateway's answer.
    pub(super) answers: &'static str,
}

impl Extra {
    /// The key or code that the answer carries.
    pub(super) fn vendor_key(&self) -> Option<String> {
        let body = (self.shape)(found("", self.number));
        Answer { status: 200, body, wire_reference: None, credited: None }.key().map(str::to_owned)
    }
}

const fn extra(name: &'static str, number: &'static str, shape: Shape, answers: &'static str) -> Extra {
    Extra { name, number, shape, answers }
}

const NOT_FOUND: &str = keys::RECORD_NOT_FOUND;
const NONSENSE: &str = keys::UNEXPECTED_RESPONSE;

/// What the document's table does not show.
#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    extra("the_guides_shape", "9861000001", guide, SUCCESS),
    extra("snake_case", "9861000002", shapes::snake, SUCCESS),
    extra("data_as_array", "9861000003", shapes::array, SUCCESS),
    extra("additional_fields", "9861000004", shapes::extended, SUCCESS),
    extra("numbers_as_numbers", "9861000005", numbers, SUCCESS),
    extra("phone_only", "9861000006", |envelope| with_data(envelope, |data| json!({ "phoneInfo": data.get("phoneInfo") })), SUCCESS),
    extra("name_only", "9861000007", |envelope| with_data(envelope, |data| json!({ "personalInfo": { "fullName": data.pointer("/personalInfo/fullName") } })), SUCCESS),
    extra("every_field", "9861000008", |envelope| with_data(envelope, every_field), SUCCESS),
    extra("empty_blocks", "9861000010", |envelope| with_data(envelope, |data| emptied(&data)), NOT_FOUND),
    extra("empty_texts", "9861000011", |envelope| data_of(envelope, json!({ "personalInfo": { "fullName": "", "dob": " " }, "phoneInfo": [{ "sequence": "1", "number": "" }] })), NOT_FOUND),
    extra("null_blocks", "9861000012", |envelope| data_of(envelope, json!({ "reportOrderNumber": "60021", "personalInfo": null, "phoneInfo": null })), NOT_FOUND),
    extra("empty_data", "9861000013", |envelope| data_of(envelope, json!({})), NOT_FOUND),
    extra("no_records", "9861000014", |envelope| failed(&envelope, "E00021", None), NOT_FOUND),
    extra("aadhaar_unmasked", "9861000020", unmasked, SUCCESS),
    extra("success_key_in_a_failure", "9861000030", |envelope| set(envelope, "status", "FAILURE".into()), NONSENSE),
    extra("success_with_an_unknown_code", "9861000031", |envelope| set(envelope, "responseCode", "S00042".into()), NONSENSE),
    extra("success_with_a_failures_code", "9861000032", |envelope| set(envelope, "responseCode", "E00021".into()), NONSENSE),
    extra("success_without_a_code", "9861000033", |envelope| set(envelope, "responseCode", Value::Null), NONSENSE),
    extra("success_with_an_unknown_key", "9861000034", |envelope| set(envelope, "responseKey", "success_of_another_kind".into()), NONSENSE),
    extra("failure_with_an_unknown_key", "9861000035", |envelope| failed(&envelope, "E00001", Some("failure_of_another_kind")), NONSENSE),
    extra("data_of_another_type", "9861000036", |envelope| data_of(envelope, "RAHUL SHARMA".into()), NONSENSE),
    extra("blocks_of_another_type", "9861000037", |envelope| data_of(envelope, json!({ "personalInfo": "RAHUL SHARMA", "phoneInfo": 9_876_543_210_u64 })), NONSENSE),
];

fn data_of(envelope: Value, data: Value) -> Value {
    set(envelope, "data", data)
}

/// The answer of the vendor's guide: `seq` for `sequence`, the one e-mail address as an object.
fn guide(envelope: Value) -> Value {
    let envelope = with_data(envelope, |data| {
        let email = data.pointer("/emailInfo/0").cloned();
        set(data, "emailInfo", email.unwrap_or_default())
    });
    let renamed = envelope.to_string().replace("\"sequence\"", "\"seq\"");
    serde_json::from_str(&renamed).unwrap_or(envelope)
}

fn numbers(envelope: Value) -> Value {
    with_data(envelope, |data| {
        let phones = json!([{ "sequence": 1, "typeCode": "M", "number": 9_861_000_005_u64 }]);
        set(set(data, "phoneInfo", phones), "reportOrderNumber", 60_021.into())
    })
}

/// The same blocks without anything in them.
fn emptied(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), emptied(value))).collect(),
        Value::Array(_) => json!([]),
        _ => "".into(),
    }
}

/// Aadhaar numbers in the clear, in their own list and out of place.
fn unmasked(envelope: Value) -> Value {
    let numbers = json!([
        { "idNumber": "234123412346", "sequence": "1" }, { "idNumber": "9999 4105 7058", "sequence": "2" },
        { "idNumber": 999_971_658_847_u64, "sequence": "3" }, { "idNumber": "123456789012", "sequence": "4" },
    ]);
    with_data(envelope, |data| {
        let mut data = data;
        if let Some(identity) = data.get_mut("identityInfo") {
            *identity = set(identity.take(), "aadhaarNumber", numbers);
        }
        let address =
            json!([{ "sequence": "1", "address": "UID 2341-2341-2346, 12 MG ROAD, PUNE", "state": "MAHARASHTRA", "postal": "411001" }]);
        set(data, "addressInfo", address)
    })
}

/// What the bureau rarely knows: income, occupation, and every kind of ID document.
fn every_field(mut data: Value) -> Value {
    if let Some(personal) = data.get_mut("personalInfo") {
        *personal = set(set(personal.take(), "totalIncome", "900000".into()), "occupation", "SALARIED".into());
    }
    let numbers =
        [("drivingLicense", "MH12 20110012345"), ("voterId", "ABC1234566"), ("rationCard", "RC1234567"), ("otherId", "OT1234567")];
    if let Some(identity) = data.get_mut("identityInfo") {
        let with = |identity, (list, number): (&str, &str)| set(identity, list, json!([{ "idNumber": number, "sequence": "1" }]));
        *identity = numbers.into_iter().fold(identity.take(), with);
    }
    data
}

/// The mobile number of a row of document 000's table.
pub(super) fn number_of(row: usize) -> String {
    format!("98600000{row:02}")
}

/// `POST /v2/financial_services/data/pull`.
pub(in crate::vendors::decentro) fn post(world: &mut World, request: &Request, _now: Millis) -> Answer {
    let reference = request.reference();
    let transaction = world.next_transaction(reference.as_deref().unwrap_or_default());
    let fresh = reference.as_deref().is_some_and(|reference| world.burn(reference));
    let body = request.object().map(Value::Object);
    let refused = secret_refusal(request).or_else(|| body.as_ref().map_or(Some(keys::MALFORMED_REQUEST), |body| refusal(body, fresh)));
    let (status, body) = match refused {
        Some(key) => refused_as(&transaction, key),
        None => answer(&transaction, &body.unwrap_or_default()),
    };
    Answer { status, body, wire_reference: reference, credited: None }
}

/// What is wrong with the credentials.
fn secret_refusal(request: &Request) -> Option<&'static str> {
    let ours = [("client_id", credentials::CLIENT_ID), ("client_secret", credentials::CLIENT_SECRET)];
    if ours.iter().any(|(header, value)| request.header(header) != Some(*value)) {
        return Some("error_unauthorized_module");
    }
    match request.header("module_secret").unwrap_or_default() {
        credentials::FINANCIAL_SERVICES_MODULE_SECRET => None,
        "" => Some("error_empty_module_secret"),
        _ => Some("error_invalid_module_secret"),
    }
}

/// The first key, in the order of the document's table, that the request deserves. Where the table has none, a request is malformed.
fn refusal(body: &Value, fresh: bool) -> Option<&'static str> {
    let blank = |field| is_blank(body, field);
    [
        (true, consent_refusal(body.get("consent"))),
        (blank("reference_id") || blank("consent_purpose") || !is_typed(body), Some(keys::MALFORMED_REQUEST)),
        (texts().any(|field| unsanitized(body, field)), Some(keys::UNSANITIZED_VALUES)),
        (blank("name"), Some("error_empty_name")),
        (!fresh, Some(keys::DUPLICATE_REFERENCE)),
        (!has_document(body) && blank("mobile"), Some("error_empty_mobile")),
    ]
    .into_iter()
    .find_map(|(is_broken, key)| key.filter(|_| is_broken))
}

fn consent_refusal(consent: Option<&Value>) -> Option<&'static str> {
    match consent {
        None | Some(Value::Null) => Some("error_empty_consent"),
        Some(Value::String(text)) if text.trim().is_empty() => Some("error_empty_consent"),
        Some(Value::Bool(given)) => (!given).then_some("error_false_consent"),
        Some(_) => Some("error_invalid_consent"),
    }
}

fn texts() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().chain(ID_FIELDS).copied()
}

/// Whether the texts are texts, as far as they are there.
fn is_typed(body: &Value) -> bool {
    texts().filter_map(|field| body.get(field)).all(|value| value.is_string() || value.is_null())
}

fn has_document(body: &Value) -> bool {
    DOCUMENT_TYPES.contains(&text(body, "document_type").unwrap_or_default()) && id_number(body).is_some()
}

fn id_number(body: &Value) -> Option<&str> {
    ID_FIELDS.iter().find_map(|field| text(body, field)).filter(|number| !number.is_empty())
}

fn answer(transaction: &str, body: &Value) -> (u16, Value) {
    let subject = text(body, "mobile").filter(|number| !number.is_empty()).or_else(|| id_number(body)).unwrap_or_default();
    let row = subject.strip_prefix("98600000").and_then(|index| index.parse().ok());
    if let Some(row) = row.and_then(|index| keys::rows_of(Source::D000).nth(index)).filter(|row| row.key != SUCCESS) {
        return refused_as(transaction, row.key);
    }
    let found = with_data(found(transaction, subject), |data| with_document(data, body));
    let extra = EXTRAS.iter().find(|extra| extra.number == subject);
    (
        200,
        match extra {
            Some(extra) => (extra.shape)(found),
            None => found,
        },
    )
}

/// The document by which the customer was found is among theirs.
fn with_document(mut data: Value, body: &Value) -> Value {
    const LISTS: &[(&str, &str)] = &[
        ("Aadhaar", "aadhaarNumber"),
        ("Driving_License", "drivingLicense"),
        ("PAN", "panNumber"),
        ("Passport", "passportNumber"),
        ("VoterID", "voterId"),
    ];
    let list = LISTS.iter().find(|(word, _)| text(body, "document_type") == Some(word));
    if let (Some((_, list)), Some(number), Some(identity)) = (list, id_number(body), data.get_mut("identityInfo")) {
        let shown = if *list == "aadhaarNumber" { format!("XXXXXXXX{}", number.get(8..).unwrap_or_default()) } else { number.to_owned() };
        *identity = set(identity.take(), list, json!([{ "idNumber": shown, "sequence": "1" }]));
    }
    data
}

/// HTTP status and body of a row of the document that is no yes.
fn refused_as(transaction: &str, key: &'static str) -> (u16, Value) {
    let row = keys::find(Source::D000, key, None);
    let (status, code) = match (key, row.map(|row| row.meaning)) {
        ("error_empty_module_secret" | "error_invalid_module_secret", _) => (401, "E00008"),
        (_, Some(Meaning::Operator)) => (403, "E00008"),
        ("error_decentro_error", _) => (500, "E00001"),
        ("error_provider_error", _) => (200, "E00045"),
        ("error_unexpected_response", _) => (200, "E00001"),
        _ => (400, "E00009"),
    };
    (status, envelope(transaction, "FAILURE", code, row.map_or("", |row: &Row| row.message), Some(key)))
}

fn failed(envelope_of_success: &Value, code: &str, key: Option<&str>) -> Value {
    let transaction = text(envelope_of_success, "decentroTxnId").unwrap_or_default();
    envelope(transaction, "FAILURE", code, keys::message(code), key)
}

fn envelope(transaction: &str, status: &str, code: &str, message: &str, key: Option<&str>) -> Value {
    let body = json!({ "decentroTxnId": transaction, "status": status, "responseCode": code, "message": message });
    key.map_or(body.clone(), |key| set(body, "responseKey", key.into()))
}

fn found(transaction: &str, subject: &str) -> Value {
    let envelope = envelope(transaction, "SUCCESS", "S00000", "PreFill Details fetched successfully", Some(SUCCESS));
    set(envelope, "data", data(subject))
}

/// Everything that the document lists; a subject that is no mobile number has one that follows from it.
fn data(subject: &str) -> Value {
    let is_mobile = subject.len() == 10 && subject.bytes().all(|byte| byte.is_ascii_digit());
    let mobile = if is_mobile { subject.to_owned() } else { format!("98{}", digits(subject, "mobile", 8)) };
    let name = name_of(subject);
    let email = format!("{}@example.com", name.to_ascii_lowercase().replace(' ', "."));
    let pan = if subject == "9876543210" { "ABCPE1234F".to_owned() } else { format!("AAAPD{}Z", digits(subject, "pan", 4)) };
    json!({
        "reportOrderNumber": digits(subject, "report", 9),
        "personalInfo": {
            "fullName": name, "dob": format!("{}-06-15", choose(&[1961, 1974, 1985, 1990, 1999], subject, "year of birth")),
            "gender": choose(&["Male", "Female"], subject, "gender"), "totalIncome": "", "occupation": "", "age": choose(&["36", "41", "52"], subject, "age"),
        },
        "phoneInfo": [
            { "sequence": "1", "reportedDate": "2025-03-31", "typeCode": "M", "number": mobile },
            { "sequence": "2", "reportedDate": "2019-11-30", "typeCode": "H", "number": format!("22{}", digits(subject, "landline", 8)) },
        ],
        "emailInfo": [{ "sequence": "1", "reportedDate": "2024-12-31", "emailAddress": email }],
        "identityInfo": {
            "panNumber": [{ "idNumber": pan, "sequence": "1" }],
            "passportNumber": [{ "idNumber": format!("Z1{}", digits(subject, "passport", 6)), "sequence": "1" }],
            "drivingLicense": [], "voterId": [],
            "aadhaarNumber": [{ "idNumber": format!("XXXXXXXX{}", digits(subject, "aadhaar", 4)), "sequence": "1" }],
            "rationCard": [], "otherId": [],
        },
        "addressInfo": [{
            "sequence": "1", "address": "1 SANDBOX ROAD PUNE", "state": "MAHARASHTRA", "type": "Primary", "postal": "411001",
            "reportedDate": "2025-03-31",
        }],
    })
}
