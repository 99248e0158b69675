//! The bodies that go out, one function per operation, in the documents' dialects.

use serde_json::{Value, json};

use crate::ids::MobileNumber;
use crate::operations::bank_verify::{AMOUNT, ValidationType};
use crate::operations::ckyc_upload::REPLACES;
use crate::operations::pan_verify::DocumentType;
use crate::operations::{BankVerify, CkycDownload, CkycSearch, CkycUpload, CustomerPrefill, MobileAccount, PanVerify, ckyc_search};

/// The body of Mobile to Account (document 001, request parameters).
pub(in crate::vendors::decentro) fn mobile_account(request: &MobileAccount, wire_reference: &str, consumer_urn: &str) -> Value {
    let mut body = json!({
        "reference_id": wire_reference,
        "consumer_urn": consumer_urn,
        "mobile_number": request.mobile_number.expose(),
        "fetch_branch_details": request.fetch_branch_details,
    });
    // Optional there; a consent that nobody stated is not stated for them.
    if let (Some(granted), Some(map)) = (request.is_consent_granted, body.as_object_mut()) {
        map.insert("is_consent_granted".into(), granted.into());
    }
    body
}

/// The body of PAN verification (document 003 section 2.2).
pub(in crate::vendors::decentro) fn pan_verify(request: &PanVerify, wire_reference: &str) -> Value {
    let mut body = json!({
        "reference_id": wire_reference,
        "document_type": request.document_type.as_str(),
        "id_number": request.id_number.expose(),
        "consent": "Y",
        "purpose": request.purpose,
    });
    if let (true, Some(map)) = (request.document_type == DocumentType::PanCompare, body.as_object_mut()) {
        let name = request.name.as_ref().map(|name| ("name", name.expose()));
        let dob = request.dob.as_ref().map(|dob| ("dob", dob.expose().as_str()));
        map.extend(name.into_iter().chain(dob).map(|(field, text)| (field.to_owned(), text.into())));
    }
    body
}

/// The body of account validation (document 003 sections 3.1 and 3.4). Penniless has no amount.
pub(in crate::vendors::decentro) fn bank_verify(request: &BankVerify, wire_reference: &str) -> Value {
    let mut body = json!({
        "reference_id": wire_reference,
        "purpose_message": request.purpose_message,
        "beneficiary_details": {
            "account_number": request.beneficiary_details.account_number.expose(),
            "ifsc": request.beneficiary_details.ifsc.as_str(),
            "name": request.beneficiary_details.sanitized_name(),
        },
        "validation_type": request.validation_type.as_str(),
        "perform_name_match": request.perform_name_match,
    });
    if let (true, Some(map)) = (request.validation_type != ValidationType::Penniless, body.as_object_mut()) {
        map.insert("transfer_amount".into(), AMOUNT.into());
    }
    body
}

/// The body of CKYC upload (document 003 section 4.3).
pub(in crate::vendors::decentro) fn ckyc_upload(request: &CkycUpload, wire_reference: &str, fi_code: &str, branch_code: &str) -> String {
    let ours = [("reference_id", wire_reference), ("fi_code", fi_code), ("branch_code", branch_code)];
    request.record.to_json_with(&ours, &["reference_id", REPLACES])
}

/// The vendor's words for what a CKYC search goes by: the document has only the first, the others are its public guide's.
const CKYC_DOCUMENT_TYPES: &[(ckyc_search::DocumentType, &str)] = &[
    (ckyc_search::DocumentType::Pan, "PAN"),
    (ckyc_search::DocumentType::Aadhaar, "Aadhaar"),
    (ckyc_search::DocumentType::Passport, "Passport"),
    (ckyc_search::DocumentType::VoterId, "Voter ID"),
    (ckyc_search::DocumentType::DrivingLicense, "Driving_License"),
    (ckyc_search::DocumentType::Kin, "CKYC number"),
];

/// The body of CKYC search (document 003 section 4.1).
pub(in crate::vendors::decentro) fn ckyc_search(request: &CkycSearch, wire_reference: &str) -> Value {
    let word = CKYC_DOCUMENT_TYPES.iter().find(|(document_type, _)| *document_type == request.document_type).map(|(_, word)| *word);
    json!({
        "reference_id": wire_reference,
        "document_type": word,
        "id_number": request.id_number.expose(),
        "consent": true,
        "consent_purpose": request.consent_purpose,
    })
}

/// The body of CKYC download (document 003 section 4.2); the authentication factor is its public guide's.
pub(in crate::vendors::decentro) fn ckyc_download(request: &CkycDownload, wire_reference: &str) -> Value {
    let mut body = json!({
        "reference_id": wire_reference,
        "ckyc_id": request.ckyc_id.expose(),
        "consent": true,
        "consent_purpose": request.consent_purpose,
    });
    if let (Some(factor), Some(map)) = (&request.auth_factor, body.as_object_mut()) {
        map.insert("auth_factor_type".into(), factor.number.into());
        map.insert("auth_factor".into(), factor.value.expose().as_str().into());
    }
    body
}

/// The body of Customer Data Pull (document 000; the vendor's guide): the request's own fields, the document's number under the name that is set.
pub(in crate::vendors::decentro) fn customer_prefill(request: &CustomerPrefill, wire_reference: &str, id_field: &str) -> Value {
    let mut body = json!({
        "reference_id": wire_reference,
        "consent": true,
        "consent_purpose": request.consent_purpose,
        "name": request.name.expose(),
    });
    let document = request.document.as_ref();
    let texts = [
        ("mobile", request.mobile.as_ref().map(MobileNumber::expose)),
        ("document_type", document.map(|document| document.document_type.as_str())),
        (id_field, document.map(|document| document.id_number.expose().as_str())),
        ("inquiry_purpose", request.inquiry_purpose.as_deref()),
    ];
    if let Some(map) = body.as_object_mut() {
        map.extend(texts.into_iter().filter_map(|(field, text)| Some((field.to_owned(), text?.into()))));
    }
    body
}
