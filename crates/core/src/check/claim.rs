//! A claim on a reference, made of a caller's request.

use serde::{Deserialize, Serialize};

use crate::budget::Payer;
use crate::operations::{Class, Operation, Request};
use crate::place::CheckAddress;
use crate::problem::Problem;
use crate::seal::Index;
use crate::vendors::Account;

/// A claim on a reference. It holds personal data, so it is not printed.
#[derive(Serialize, Deserialize)]
pub struct Claim {
    /// Which operation.
    pub operation: Operation,
    /// How this request of it may be repeated.
    pub class: Class,
    /// The owning tenant.
    pub tenant: String,
    /// The caller's key.
    pub reference_id: String,
    /// The keyed hash of the meaning.
    pub fingerprint: String,
    /// The vendor accounts that may carry it out, in the order in which they are asked; none for the operation's first vendor alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Account>,
    /// The word of the request that chooses among the operation's prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    /// Who pays for its rupee, of those who have only so much.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payers: Vec<Payer>,
    /// The place of the consent under which it asks its vendor, as 32 hex digits; none where its request names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// What is asked, as JSON text ([`crate::operations::Request::claimed`]). It is not in the message's first line but behind it.
    #[serde(skip)]
    pub request: String,
}

impl Claim {
    /// The claim of a tenant's request. `accounts`: see [`crate::vendors::accounts`]. `caller_address`: the caller's own, as the edge sees it.
    ///
    /// # Errors
    /// Those of [`Request::claimed`].
    pub fn of(
        request: &Request,
        tenant: &str,
        accounts: Vec<Account>,
        caller_address: Option<&str>,
        index: &Index,
    ) -> Result<Self, Problem> {
        let meaning = request.meaning_text();
        Ok(Self {
            operation: request.operation(),
            class: request.class(),
            tenant: tenant.to_owned(),
            reference_id: request.reference_id().to_owned(),
            fingerprint: index.hash("meaning", &[request.operation().row().name, &meaning]),
            accounts,
            way: request.way().map(str::to_owned),
            payers: Vec::new(),
            consent: None,
            request: request.claimed(meaning, caller_address)?,
        })
    }

    /// Where its check is kept.
    #[must_use]
    pub fn address(&self, index: &Index) -> CheckAddress {
        CheckAddress::new(index, &self.tenant, &self.reference_id)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::{Value, json};

    fn index() -> Index {
        Index::from_hex(&"33".repeat(32)).unwrap()
    }

    fn claim(operation: Operation, body: &Value, caller_address: Option<&str>) -> Result<Claim, Problem> {
        let request = Request::parse(operation, body.as_object().unwrap())?;
        Claim::of(&request, "acme", Vec::new(), caller_address, &index())
    }

    #[test]
    fn the_fingerprint_is_of_operation_and_meaning_and_not_of_how_it_was_written() {
        let pan = |more: Value| {
            let mut body = json!({ "reference_id": "R1", "document_type": "PAN", "id_number": "ABCPE1234F", "consent": "Y", "purpose": "KYC onboarding" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            claim(Operation::PanVerify, &body, None).unwrap().fingerprint
        };
        assert_eq!(pan(json!({})), pan(json!({ "id_number": " abcpe1234f " })));
        assert_ne!(pan(json!({})), pan(json!({ "purpose": "Another purpose" })));
    }

    #[test]
    fn an_address_that_the_request_lacks_is_the_callers_and_none_of_its_meaning() {
        let body = json!({ "reference_id": "R1", "mobile_number": "9876543210", "latlong": "12.9716,77.5946" });
        let from = |address| claim(Operation::DmtCustomer, &body, address);
        let (one, other) = (from(Some("203.0.113.7")).unwrap(), from(Some("203.0.113.8")).unwrap());
        assert_eq!(one.fingerprint, other.fingerprint);
        assert!(one.request.contains("203.0.113.7") && other.request.contains("203.0.113.8"));
        assert_eq!(from(None).err().unwrap().status(), 400);
        assert_eq!(one.address(&index()), CheckAddress::new(&index(), "acme", "R1"));
    }
}
