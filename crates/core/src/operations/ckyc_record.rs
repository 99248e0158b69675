//! A record of the CKYC registry as a download tells it: its fields and groups, in one table.
//!
//! Document 003 section 4.2 shows the key fields of some fifty; the others are section 4.3's, under whose names a record is uploaded, and those that only
//! the vendor's newer dialect and the registry's own record have. All are texts as they come, an empty one included.

/// How a field is told.
#[derive(Clone, Copy)]
pub enum Told {
    /// A text.
    Text,
    /// An object of these texts.
    Group(&'static [&'static str]),
    /// A list of such objects, under its own name or another.
    List(&'static [&'static str], &'static [&'static str]),
    /// Otherwise: the number, the identities and the death flag.
    Own,
}

use Told::{Group, List, Own, Text};

/// Whether the person has died.
pub const DEATH_FLAG: &str = "death_flag";

/// The fields that are addresses.
pub static ADDRESSES: &[&str] = &["current_address", "permanent_address", "correspondence_address"];

const ADDRESS: &[&str] = &[
    "line1",
    "line2",
    "line3",
    "city",
    "district",
    "state",
    "pincode",
    "country",
    "address_type",
    "proof_of_address",
    "proof_of_address_others",
];

/// Every field of a record, in the document's order; those after `kyc_verified_by` are not in section 4.2.
#[rustfmt::skip]
pub static RECORD: &[(&str, Told)] = &[
    ("ckyc_id", Own), ("ckyc_reference_id", Text), ("full_name", Text), ("fathers_full_name", Text), ("mothers_full_name", Text), ("date_of_birth", Text),
    ("gender", Text), ("marital_status", Text), ("nationality", Text), ("residential_status", Text), ("occupation", Text), ("current_address", Group(ADDRESS)),
    ("permanent_address", Group(ADDRESS)), ("mobile", Text), ("email", Text), ("identity_documents", Own), ("photo", Text), ("signature", Text),
    ("kyc_date", Text), ("kyc_verified_by", Text),
    // The record itself.
    ("constitution_type", Text), ("account_type", Text), ("updated_date", Text), ("remarks", Text),
    // The names.
    ("prefix", Text), ("first_name", Text), ("middle_name", Text), ("last_name", Text),
    ("maiden_prefix", Text), ("maiden_first_name", Text), ("maiden_middle_name", Text), ("maiden_last_name", Text), ("maiden_full_name", Text),
    ("fathers_prefix", Text), ("fathers_first_name", Text), ("fathers_middle_name", Text), ("fathers_last_name", Text),
    ("mothers_prefix", Text), ("mothers_first_name", Text), ("mothers_middle_name", Text), ("mothers_last_name", Text),
    ("spouse_full_name", Text), ("spouse_prefix", Text), ("spouse_first_name", Text), ("spouse_middle_name", Text), ("spouse_last_name", Text),
    // The person.
    ("age", Text), ("citizenship", Text), ("place_of_birth", Text), ("country_of_birth", Text), ("country_of_residence", Text), ("tax_identification_number", Text), (DEATH_FLAG, Own), ("date_of_death", Text),
    ("disability_info", Group(&["is_disabled", "type", "percentage"])),
    // Where the person is reached, and what proves it.
    ("correspondence_address", Group(ADDRESS)), ("same_as_permanent", Text), ("poa", Group(&["document_type", "document_number", "expiry_date"])),
    ("mobile_code", Text), ("residence_phone", Text), ("office_phone", Text), ("fax", Text),
    // Who verified it.
    ("declaration_date", Text), ("declaration_place", Text),
    ("verifier", Group(&["name", "designation", "employee_code", "branch", "place", "date", "institution_name", "institution_code"])),
    ("kyc_verification_details", Group(&["verification_type", "verification_date", "verification_place"])),
    // Images by type, and who belongs to the record.
    ("images", List(&["type", "format", "sequence", "data"], &["documents", "image_details"])),
    ("related_persons", List(&["relation", "name", "ckyc_id"], &["related_person_details"])),
];

/// What a record says of the person's death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Not dead.
    No,
    /// Dead.
    Yes,
    /// A word that nobody knows.
    Unclear,
}

impl Death {
    /// The meaning of a flag's word; an empty one says nothing.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "" => None,
            "true" | "y" | "yes" | "1" | "01" | "deceased" | "dead" => Some(Self::Yes),
            "false" | "n" | "no" | "0" | "00" | "alive" => Some(Self::No),
            _ => Some(Self::Unclear),
        }
    }

    /// As the answer tells it.
    #[must_use]
    pub const fn flag(self) -> Option<bool> {
        match self {
            Self::No => Some(false),
            Self::Yes => Some(true),
            Self::Unclear => None,
        }
    }
}
