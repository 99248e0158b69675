//! The records of the sandbox's CKYC registry: made up, and the same from run to run.
//!
//! A record is the data of document 003 section 4.2, under the document's names. That of `ABCPE1234F` is the document's sample; every other
//! one follows from the PAN, KIN or document that it is found by. No person, address or picture is real.

use serde_json::{Value, json};

use super::name_of;
use super::shapes::set;
use crate::ids::Pan;
use crate::vendors::sim::{choose, digits};

/// The document's test person.
const SAMPLE_PAN: &str = "ABCPE1234F";
const SAMPLE_KIN: &str = "12345678901234";
/// A picture of one point.
pub(super) const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// A person's record.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// What a download answers.
    pub(super) data: Value,
    /// When it was last searched for, in requests; 0 for never.
    pub(super) searched: u64,
}

impl Record {
    /// The record that is found by a PAN, a KIN or another document's number.
    pub(super) fn of(subject: &str) -> Self {
        let is_sample = matches!(subject, SAMPLE_PAN | SAMPLE_KIN) || is_samples_composite(subject);
        let pan = if is_sample { SAMPLE_PAN.to_owned() } else { pan_of(subject) };
        let kin = if is_sample { SAMPLE_KIN.to_owned() } else { kin_of(subject) };
        Self { data: person(&pan, &kin), searched: 0 }
    }

    /// All digits of its KIN.
    pub(super) fn kin(&self) -> &str {
        self.text("/ckycId")
    }

    /// A text of it, by its place.
    pub(super) fn text(&self, pointer: &str) -> &str {
        self.data.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Whether these are the last four digits of the test person's Aadhaar number and the day of birth, under whatever name.
fn is_samples_composite(subject: &str) -> bool {
    matches!(subject.split('|').collect::<Vec<_>>()[..], ["1234", _, "01-01-1990", _])
}

/// The KIN as a search shows it.
pub(super) fn masked(kin: &str) -> String {
    format!("$XXXX{}$", kin.get(10..).unwrap_or_default())
}

/// The KIN that a masked one stands for where nobody was searched for: its last four digits decide.
pub(super) fn unmasked(id: &str) -> String {
    let shown = id.trim_start_matches("$XXXX").trim_end_matches('$');
    if masked(SAMPLE_KIN) == id { SAMPLE_KIN.to_owned() } else { format!("{}{shown}", digits(shown, "kin", 10)) }
}

fn pan_of(subject: &str) -> String {
    if Pan::parse(subject).is_ok() { subject.to_owned() } else { format!("AAAPZ{}A", digits(subject, "pan", 4)) }
}

/// A KIN is itself; any other subject's ends in the last four digits that the subject has.
fn kin_of(subject: &str) -> String {
    if subject.len() == 14 && subject.bytes().all(|byte| byte.is_ascii_digit()) {
        return subject.to_owned();
    }
    let own: String = subject.chars().filter(char::is_ascii_digit).collect();
    let shown = own.len().checked_sub(4).and_then(|start| own.get(start..)).map_or_else(|| digits(subject, "kin", 4), str::to_owned);
    format!("{}{shown}", digits(subject, "kin", 10))
}

/// The data of section 4.2.
fn person(pan: &str, kin: &str) -> Value {
    let is_sample = pan == SAMPLE_PAN;
    let made_up = |sample: &str, other: String| if is_sample { sample.to_owned() } else { other };
    let name = name_of(pan);
    let family = name.split(' ').next_back().unwrap_or_default();
    let year = made_up("1990", choose(&["1961", "1974", "1985", "1999"], pan, "year of birth").to_owned());
    let given = name.to_ascii_lowercase().replace(' ', ".");
    let address = json!({
        "line1": made_up("123, MG Road", format!("{} Sandbox Road", digits(pan, "house", 3))), "line2": "Sector 5",
        "city": "Gurgaon", "state": "Haryana", "pincode": made_up("122001", format!("1{}", digits(pan, "pincode", 5))), "country": "India",
    });
    json!({
        "ckycId": kin, "ckycReferenceId": made_up("REF123456", format!("REF{}", digits(pan, "reference", 6))),
        "fullName": name, "fathersFullName": format!("SURESH {family}"), "mothersFullName": format!("SUNITA {family}"),
        "dateOfBirth": format!("01-01-{year}"), "gender": choose(&["M", "F"], pan, "gender"), "maritalStatus": "Single", "nationality": "Indian",
        "residentialStatus": "Resident Individual", "occupation": "Service",
        "currentAddress": address, "permanentAddress": address,
        "mobile": made_up("9876543210", format!("98{}", digits(pan, "mobile", 8))), "email": format!("{given}@example.com"),
        "identityDocuments": [
            { "type": "PAN", "number": pan },
            { "type": "AADHAAR", "number": format!("XXXX-XXXX-{}", made_up("1234", digits(pan, "aadhaar", 4))) },
        ],
        "photo": PICTURE, "signature": PICTURE, "kycDate": "15-06-2023", "kycVerifiedBy": "SOME_FI_CODE",
    })
}

/// The record with everything that section 4.2 leaves out ("50+ fields"), under section 4.3's names.
pub(super) fn whole(data: Value) -> Value {
    let address = |data: Value, name: &str| {
        let whole = data.get(name).cloned().unwrap_or_default();
        let more = [
            ("line3", "Near the fort"),
            ("district", "Gurgaon"),
            ("addressType", "01"),
            ("proofOfAddress", "01"),
            ("proofOfAddressOthers", "Gas bill"),
        ];
        set(data, name, more.into_iter().fold(whole, |address, (field, text)| set(address, field, text.into())))
    };
    let data = ["currentAddress", "permanentAddress"].into_iter().fold(data, address);
    let data = FURTHER_TEXTS.iter().fold(data, |data, (field, text)| set(data, field, (*text).into()));
    further_groups().as_object().into_iter().flatten().fold(data, |data, (field, value)| set(data, field, value.clone()))
}

#[rustfmt::skip]
const FURTHER_TEXTS: &[(&str, &str)] = &[
    ("constitutionType", "01"), ("accountType", "01"), ("updatedDate", "16-06-2023"), ("remarks", "UPDATED BY BRANCH"),
    ("prefix", "MR"), ("firstName", "RAHUL"), ("middleName", "KUMAR"), ("lastName", "SHARMA"),
    ("maidenPrefix", "MS"), ("maidenFirstName", "SUNITA"), ("maidenMiddleName", "DEVI"), ("maidenLastName", "VERMA"), ("maidenFullName", "MS SUNITA VERMA"),
    ("fathersPrefix", "MR"), ("fathersFirstName", "SURESH"), ("fathersMiddleName", "KUMAR"), ("fathersLastName", "SHARMA"),
    ("mothersPrefix", "MRS"), ("mothersFirstName", "SUNITA"), ("mothersMiddleName", "DEVI"), ("mothersLastName", "SHARMA"),
    ("spouseFullName", "PRIYA SHARMA"), ("spousePrefix", "MRS"), ("spouseFirstName", "PRIYA"), ("spouseMiddleName", "DEVI"), ("spouseLastName", "SHARMA"),
    ("age", "36"), ("citizenship", "IN"), ("placeOfBirth", "PUNE"), ("countryOfBirth", "IN"), ("countryOfResidence", "IN"), ("taxIdentificationNumber", "TIN0001234"),
    ("deathFlag", "N"), ("dateOfDeath", ""), ("sameAsPermanent", "N"), ("mobileCode", "91"), ("residencePhone", "02226541234"), ("officePhone", "02226545678"), ("fax", "02226540000"),
    ("declarationDate", "15-06-2023"), ("declarationPlace", "Mumbai"),
];

fn further_groups() -> Value {
    json!({
        "disabilityInfo": { "isDisabled": true, "type": "01", "percentage": "40" },
        "correspondenceAddress": {
            "line1": "5, Lake Road", "line2": "Near the lake", "line3": "Ward 5", "city": "Pune", "district": "Pune", "state": "27", "pincode": "411001", "country": "IN",
            "addressType": "02", "proofOfAddress": "02", "proofOfAddressOthers": "Gas bill",
        },
        "poa": { "documentType": "01", "documentNumber": "XXXX1234", "expiryDate": "31-12-2030" },
        "verifier": {
            "name": "A COMPLIANCE OFFICER", "designation": "Compliance Officer", "employeeCode": "EMP001", "branch": "001", "place": "Mumbai",
            "date": "15-06-2023", "institutionName": "A BROKER", "institutionCode": "IN0001",
        },
        "kycVerificationDetails": { "verificationType": "C", "verificationDate": "15-06-2023", "verificationPlace": "Mumbai" },
        "images": [
            { "type": "PHOTO", "format": "PNG", "sequence": "1", "data": PICTURE }, { "type": "POA", "format": "PNG", "sequence": "2", "data": PICTURE },
        ],
        "relatedPersons": [{ "relation": "01", "name": "PRIYA SHARMA", "ckycId": "$XXXX5678$" }],
    })
}

/// What a search tells of a record (section 4.1).
pub(super) fn found(record: &Record) -> Value {
    let whole = &record.data;
    let mut shown = json!({ "ckycId": masked(record.kin()) });
    for field in ["ckycReferenceId", "fullName", "kycDate", "fathersFullName", "photo"] {
        shown = set(shown, field, whole.get(field).cloned().unwrap_or_default());
    }
    let pan = whole.pointer("/identityDocuments/0/number").cloned().unwrap_or_default();
    set(shown, "identityDetails", json!([{ "idType": "PAN", "idNumber": pan }]))
}
