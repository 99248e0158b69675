//! The bodies that go out, one function per operation, in the documents' dialects.

use serde_json::{Value, json};

use crate::operations::pan_verify::DocumentType;
use crate::operations::{MobileAccount, PanVerify};

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
