//! About whom a request asks or an answer tells, as far as a PAN or a mobile number says it; and whether that is the customer of a session (document 003 section 4, prefill).
//!
//! A request names whom its vendor searches by: [`SEARCHED_BY`]. What is only compared, or told, says nothing about whose record comes back. It is about another where any number
//! differs. In an answer any text that is a PAN counts, and mobile numbers in the fields for one; it is about another where no PAN in it is the customer's, for people change
//! their number and not their PAN.
//!
//! A session asks about no mobile number but the one that was proved in it ([`crate::session::Verified`]), and some operations not at all before one was.

use serde_json::Value;

use super::Request;
use crate::ids::{MobileNumber, Pan};
use crate::problem::Problem;
use crate::seal::Index;
use crate::session::{Session, Subject, Verified};

/// The fields of requests by which a vendor finds a person; of a CKYC download the mobile number that is its authentication factor.
const SEARCHED_BY: &[&str] = &["id_number", "mobile", "mobile_number"];

/// The numbers that a request or an answer names.
#[derive(Default)]
pub struct Named {
    pans: Vec<String>,
    mobiles: Vec<String>,
}

impl Named {
    /// Those of the meaning of a request.
    #[must_use]
    pub fn in_request(meaning: &Value) -> Self {
        let mut named = Self::default();
        let asked = meaning.as_object().into_iter().flatten().filter(|(field, _)| SEARCHED_BY.contains(&field.as_str()));
        asked.for_each(|(field, value)| named.add(field, value));
        // The third factor of a download is the mobile number.
        if meaning.get("auth_factor_type").is_some_and(|kind| *kind == 3 || *kind == "3") {
            meaning.get("auth_factor").into_iter().for_each(|factor| named.add("mobile", factor));
        }
        named
    }

    /// Those of the data of an answer.
    #[must_use]
    pub fn in_answer(data: &Value) -> Self {
        let mut named = Self::default();
        named.add("", data);
        named
    }

    fn add(&mut self, field: &str, value: &Value) {
        match value {
            Value::Object(map) => map.iter().for_each(|(field, value)| self.add(field, value)),
            Value::Array(items) => items.iter().for_each(|item| self.add(field, item)),
            Value::String(text) if text.len() <= 16 => self.add_text(field, text),
            _ => {}
        }
    }

    fn add_text(&mut self, field: &str, text: &str) {
        if let Ok(pan) = Pan::parse(text) {
            self.pans.push(pan.expose().to_owned());
        }
        let number = text.strip_prefix("+91").or_else(|| text.strip_prefix("91").filter(|rest| rest.len() == 10)).unwrap_or(text);
        if let ("mobile" | "mobile_number", Ok(mobile)) = (field, MobileNumber::parse(number.trim_start_matches([' ', '-']))) {
            self.mobiles.push(mobile.expose().to_owned());
        }
    }

    /// Whether a request is about a tenant's customer; `None` where nothing says it.
    #[must_use]
    pub fn asks_of(&self, subject: &Subject, index: &Index, tenant: &str) -> Option<bool> {
        let all = |known: &[bool]| (!known.is_empty()).then(|| known.iter().all(|is_same| *is_same));
        let known: Vec<_> = [self.pans(subject, index, tenant), self.mobiles(subject, index, tenant)].concat();
        all(&known)
    }

    /// Whether an answer tells of a tenant's customer; `None` where nothing says it.
    #[must_use]
    pub fn tells_of(&self, subject: &Subject, index: &Index, tenant: &str) -> Option<bool> {
        let pans = self.pans(subject, index, tenant);
        if !pans.is_empty() {
            return Some(pans.contains(&true));
        }
        self.mobiles(subject, index, tenant).contains(&true).then_some(true)
    }

    fn pans(&self, subject: &Subject, index: &Index, tenant: &str) -> Vec<bool> {
        self.pans
            .iter()
            .filter(|_| subject.pan.is_some())
            .map(|pan| Subject::of(index, tenant, Some(pan), None).pan == subject.pan)
            .collect()
    }

    fn mobiles(&self, subject: &Subject, index: &Index, tenant: &str) -> Vec<bool> {
        let of = |mobile: &String| Subject::of(index, tenant, None, Some(mobile)).mobile == subject.mobile;
        self.mobiles.iter().filter(|_| subject.mobile.is_some()).map(of).collect()
    }
}

/// Lets a session ask what its customer has proved that they may.
///
/// # Errors
/// 403 for a mobile number that was not proved in it, and where the operation needs a proof and there is none.
pub fn proved(session: &Session, request: &Request, index: &Index, tenant: &str) -> Result<(), Problem> {
    let named = Named::in_request(&request.meaning()).mobiles;
    if is_proved(session.verified.as_ref(), &named, request.operation().row().needs_proof, index, tenant) {
        Ok(())
    } else {
        Err(Problem::of_unproved())
    }
}

fn is_proved(verified: Option<&Verified>, named: &[String], needs_proof: bool, index: &Index, tenant: &str) -> bool {
    match verified {
        None => named.is_empty() && !needs_proof,
        Some(verified) => named.iter().all(|mobile| Verified::of(index, tenant, mobile, verified.at) == *verified),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn index() -> Index {
        Index::from_hex(&"3".repeat(64)).unwrap()
    }

    fn subject() -> Subject {
        Subject::of(&index(), "acme", Some("ABCPE1234F"), Some("9876543210"))
    }

    #[test]
    fn a_request_is_about_the_customer_where_all_that_it_names_is_theirs() {
        let asks = |meaning: Value| Named::in_request(&meaning).asks_of(&subject(), &index(), "acme");
        assert_eq!(asks(json!({ "id_number": "ABCPE1234F", "mobile": "9876543210" })), Some(true));
        assert_eq!(asks(json!({ "mobile_number": "9876543211" })), Some(false));
        assert_eq!(asks(json!({ "id_number": "ABCPE1234G", "mobile": "9876543210" })), Some(false));
        assert_eq!(asks(json!({ "ckyc_id": "$XXXX1234$", "auth_factor_type": 3, "auth_factor": "9876543211" })), Some(false));
        assert_eq!(asks(json!({ "ckyc_id": "$XXXX1234$", "auth_factor_type": 2, "auth_factor": "6876543210" })), None);
        assert_eq!(asks(json!({ "reference_id": "ABCPE1234G", "purpose": "KYC" })), None);
        // Whose record it is these do not say.
        for field in ["pan", "name", "purpose", "consent_purpose"] {
            assert_eq!(asks(json!({ "ckyc_id": "$XXXX1234$", field.to_owned(): "ABCPE1234F" })), None, "{field}");
        }
        assert_eq!(Named::in_request(&json!({ "id_number": "ABCPE1234F" })).asks_of(&subject(), &index(), "other"), Some(false));
    }

    #[test]
    fn a_session_asks_about_the_number_that_it_proved_and_some_things_only_then() {
        let proof = Verified::of(&index(), "acme", "9876543210", 7);
        let allowed = |verified: Option<&Verified>, meaning: Value, needs_proof| {
            is_proved(verified, &Named::in_request(&meaning).mobiles, needs_proof, &index(), "acme")
        };
        let factor = |number: &str| json!({ "ckyc_id": "$XXXX1234$", "auth_factor_type": 3, "auth_factor": number });
        for (meaning, needs_proof, unproved, proved) in [
            (json!({ "mobile_number": "9876543210" }), true, false, true),
            (json!({ "mobile_number": "9876543211" }), true, false, false),
            (json!({ "mobile": "9876543210", "id_number": "ABCPE1234F" }), true, false, true),
            (json!({ "id_number": "ABCPE1234F" }), true, false, true),
            (json!({ "id_number": "ABCPE1234F" }), false, true, true),
            (factor("9876543210"), false, false, true),
            (factor("9876543211"), false, false, false),
        ] {
            assert_eq!(
                [allowed(None, meaning.clone(), needs_proof), allowed(Some(&proof), meaning.clone(), needs_proof)],
                [unproved, proved],
                "{meaning}"
            );
        }
        let other_tenants = Verified::of(&index(), "other", "9876543210", 7);
        assert!(!allowed(Some(&other_tenants), json!({ "mobile_number": "9876543210" }), true));
    }

    #[test]
    fn an_answer_tells_of_another_where_no_pan_in_it_is_the_customers() {
        let tells = |data: Value| Named::in_answer(&data).tells_of(&subject(), &index(), "acme");
        assert_eq!(tells(json!({ "identity_documents": [{ "type": "PAN", "number": "ABCPE1234F" }], "mobile": "9876543211" })), Some(true));
        assert_eq!(
            tells(json!({ "identity_documents": [{ "type": "PAN", "number": "ABCPE1234G" }], "mobile": "9876543210" })),
            Some(false)
        );
        assert_eq!((tells(json!({ "mobile": "+919876543210" })), tells(json!({ "mobile": "9876543211" }))), (Some(true), None));
        assert_eq!(tells(json!({ "full_name": "RAHUL SHARMA" })), None);
    }
}
