//! The bodies that go out, one function per operation, in the documents' dialects.

use serde_json::{Value, json};

use crate::operations::bank_verify::{AMOUNT, ValidationType};
use crate::operations::pan_verify::DocumentType;
use crate::operations::{BankVerify, MobileAccount, PanVerify};

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
