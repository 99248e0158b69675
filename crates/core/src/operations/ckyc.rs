//! What the operations on the CKYC registry share: its number, the identities of a record, and that onboarding never waits for it.
//!
//! The registry's number (KIN) has 14 digits; since January 2025 a search shows only its last four, as `$XXXX1234$` (document 003 section 4.1). A full
//! Aadhaar number in a record is masked, wherever the vendor wrote it. Not checked: whether a number was ever issued.

use serde_json::{Map, Value};

use super::{Finding, Note, without_aadhaar};
use crate::ids::{Fault, Kin, Pan, Reason, aadhaar};
use crate::keys::Action;
use crate::pieces;

/// The digits that a masked one shows.
const SHOWN: usize = 4;
/// The digits of an Aadhaar number.
const AADHAAR_DIGITS: usize = 12;

/// What a caller does who got no answer from the registry (sections 4.1 and 8.9, for its hours of maintenance).
pub(super) const GO_ON: &str = "Onboarding does not wait for CKYC: go on without the prefill, and ask again later.";

/// A CKYC identification number, as far as it is told.
pub enum CkycId {
    /// All 14 digits.
    Full(Kin),
    /// The last four, as the registry masks it.
    Masked(String),
}

impl CkycId {
    /// `$XXXX1234$` or 14 digits, nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let shown = text.strip_prefix("$XXXX").and_then(|rest| rest.strip_suffix('$'));
        if shown.is_some_and(|digits| digits.len() == SHOWN && pieces::all(digits, u8::is_ascii_digit)) {
            return Some(Self::Masked(text.to_owned()));
        }
        Kin::parse(text).ok().filter(|kin| !kin.is_reference() && kin.expose() == text).map(Self::Full)
    }

    /// The field's rule.
    pub(super) fn field(text: &str) -> Result<String, Fault> {
        const FORMS: &str = "Parameter ckyc_id should be the masked number of a search, such as $XXXX0000$, or 14 digits.";
        Self::parse(text).map(|id| id.expose().to_owned()).ok_or_else(|| Fault::new("ckyc_id", Reason::Format, FORMS))
    }

    /// As it was told.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Full(kin) => kin.expose(),
            Self::Masked(text) => text,
        }
    }

    /// `$XXXX1234$`.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Full(kin) => kin.masked(),
            Self::Masked(text) => text.clone(),
        }
    }

    /// Whether both can be one number.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Full(one), Self::Full(other)) => one.expose() == other.expose(),
            _ => self.masked() == other.masked(),
        }
    }
}

/// One identity of a record, whatever the vendor calls its fields.
pub struct Identity {
    /// Its kind, in the vendor's word.
    pub kind: Option<String>,
    /// Its number; an Aadhaar masked.
    pub number: Option<String>,
    /// What the registry says of it.
    pub status: Option<String>,
}

impl Identity {
    /// An identity of a vendor's answer. Twelve digits are taken for an Aadhaar number under whatever name they come.
    #[must_use]
    pub fn new(kind: Option<String>, number: Option<String>, status: Option<String>) -> Self {
        let called_aadhaar = kind.as_deref().is_some_and(|kind| kind.to_ascii_lowercase().contains("aadha"));
        let may_be_aadhaar = |number: &str| {
            let digits = number.chars().filter(char::is_ascii_digit).count();
            digits == AADHAAR_DIGITS && number.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ' ' | '-'))
        };
        let told = |number: String| if called_aadhaar || may_be_aadhaar(&number) { aadhaar::masked(&number) } else { number };
        let number = number.map(told);
        Self { kind, number, status }
    }

    /// The identity as an answer tells it, under the document's names.
    pub(super) fn told(self, kind: &str, number: &str) -> Value {
        let fields = [(kind, self.kind), (number, self.number), ("status", self.status)];
        fields.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?)))).collect()
    }
}

/// The PANs among the identities: a number is what it is, whatever its type is called.
pub(super) fn pans(identities: &[Identity]) -> Vec<String> {
    let numbers = identities.iter().filter_map(|identity| identity.number.as_deref());
    numbers.filter_map(|number| Pan::parse(number).ok()).map(|pan| pan.expose().to_owned()).collect()
}

/// The fields of `found` in the order of `names` and nothing else, without any Aadhaar number but in a picture's letters.
pub(super) fn ordered(names: &[&str], mut found: Map<String, Value>) -> Value {
    without_aadhaar(names.iter().filter_map(|name| Some(((*name).to_owned(), found.remove(*name)?))).collect())
}

/// Without a record the customer is onboarded all the same: fresh data, and an upload after the approval (sections 4.1 and 8.8).
#[must_use]
pub fn without_record(finding: Finding) -> Finding {
    let note = Note {
        code: "fresh_kyc_required".into(),
        message: "There is no CKYC record to prefill from: capture fresh KYC data, and upload it after maker-checker approval.".into(),
    };
    Finding { action: Action::Proceed, notes: vec![note], ..finding }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_number_is_masked_or_has_14_digits() {
        for text in ["$XXXX1234$", "12345678901234", "00000000000000"] {
            assert_eq!(CkycId::parse(text).unwrap().expose(), text);
        }
        for text in [
            "",
            "$XXXX123$",
            "$XXXX12345$",
            "$xxxx1234$",
            "XXXX1234",
            "$XXXX12३4$",
            "1234567890123",
            "123456789012345",
            "IN000000000000",
            "1234567890123X",
            "$XXXX1234",
            "$$XXXX1234$",
        ] {
            assert!(CkycId::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_masked_number_fits_those_with_its_last_four_digits() {
        let fits = |one: &str, other: &str| CkycId::parse(one).unwrap().fits(&CkycId::parse(other).unwrap());
        assert!(fits("$XXXX1234$", "12345678901234") && fits("12345678901234", "$XXXX1234$") && fits("$XXXX1234$", "$XXXX1234$"));
        assert!(!fits("$XXXX1235$", "12345678901234") && !fits("92345678901234", "12345678901234"));
    }

    #[test]
    fn an_aadhaar_number_is_masked_under_whatever_name() {
        let number = |kind: &str, number: &str| Identity::new(Some(kind.into()), Some(number.into()), None).number.unwrap();
        for (kind, text) in
            [("AADHAAR", "234123412346"), ("E", "2341 2341 2346"), ("Proof", "2341-2341-2346"), ("Aadhar", "23412341234 6x")]
        {
            let told = number(kind, text);
            assert!(told.starts_with("XXXX XXXX ") && !told.contains("2341"), "{kind}: {told}");
        }
        assert_eq!(number("AADHAAR", "XXXX-XXXX-1234"), "XXXX-XXXX-1234");
        assert_eq!(number("PAN", "ABCPE1234F"), "ABCPE1234F");
        assert_eq!(number("DRIVING_LICENSE", "MH1420110012345"), "MH1420110012345");
    }
}
