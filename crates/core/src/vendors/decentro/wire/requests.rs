//! The bodies that go out, one function per operation, in the documents' dialects.

use serde_json::{Value, json};

use crate::operations::pan_verify::DocumentType;
use crate::operations::{CkycUpload, MobileAccount, PanVerify};
use crate::vendors::Clue;

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

/// The body of CKYC upload (document 003 section 4.3).
pub(in crate::vendors::decentro) fn ckyc_upload(request: &CkycUpload, wire_reference: &str, fi_code: &str, branch_code: &str) -> Value {
    let mut body = json!({ "reference_id": wire_reference, "fi_code": fi_code, "branch_code": branch_code });
    if let Some(map) = body.as_object_mut() {
        map.extend(request.record.clone());
    }
    body
}

/// Why the registry is asked for a record that was uploaded.
const AFTER_UPLOAD: &str = "Confirmation of a CKYC record upload";

/// The body that asks for a record that landed: by its identity (document 003 section 4.1), or by the masked number that was found (4.2).
/// `None` without an identity to ask by.
pub(in crate::vendors::decentro) fn ckyc_upload_status(request: &CkycUpload, wire_reference: &str, clue: Option<&Clue>) -> Option<Value> {
    let mut body = json!({ "reference_id": wire_reference, "consent": true, "consent_purpose": AFTER_UPLOAD });
    let asked = match clue {
        Some(Clue(ckyc_id)) => vec![("ckyc_id", ckyc_id.as_str())],
        None => request.identity().map(|(kind, number)| vec![("document_type", kind), ("id_number", number)])?,
    };
    body.as_object_mut()?.extend(asked.into_iter().map(|(field, text)| (field.to_owned(), text.into())));
    Some(body)
}
