//! Bands and thresholds of document 003: the tables by which a score is told and decided.
//!
//! Bands are section 3.2's. A policy is chosen by the pair of sources (section 11.2). A document that only says "manual review" of a mismatch gives no
//! leave to reject: then nothing below the match is more than a review. Vetoes are not here: they keep the score down (`reasons`).

/// The bands of section 3.2, each with its lowest score.
pub(crate) static BANDS: &[(u8, &str)] = &[(85, "FULL_MATCH"), (50, "PARTIAL_MATCH"), (20, "POOR_PARTIAL_MATCH"), (0, "NO_MATCH")];

/// What to do about a pair of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The same person.
    Match,
    /// A person must look.
    Review,
    /// Not the same person.
    NoMatch,
}

impl Decision {
    /// The contract's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Review => "review",
            Self::NoMatch => "no_match",
        }
    }
}

/// Whose names are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// The PAN's and what the customer typed (sections 2.7, 11.2).
    #[default]
    PanCustomer,
    /// The PAN's and the bank's (section 3.2).
    PanBank,
    /// The PAN's and Aadhaar's (section 11.2).
    PanAadhaar,
    /// The PAN's and the KYC registration agency's (section 11.2).
    PanKra,
    /// The PAN's and the CKYC registry's (section 11.2).
    PanCkyc,
}

/// Name, policy, lowest score of a match, lowest score of a review.
static POLICIES: &[(&str, Policy, u8, u8)] = &[
    ("pan_customer", Policy::PanCustomer, 85, 60),
    ("pan_bank", Policy::PanBank, 85, 20),
    ("pan_aadhaar", Policy::PanAadhaar, 80, 0),
    ("pan_kra", Policy::PanKra, 85, 0),
    ("pan_ckyc", Policy::PanCkyc, 85, 0),
];

impl Policy {
    /// The policy of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        POLICIES.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    pub(super) fn decide(self, score: u8) -> Decision {
        let (lowest_match, lowest_review) = POLICIES.iter().find(|row| row.1 == self).map_or((85, 60), |row| (row.2, row.3));
        match score {
            score if score >= lowest_match => Decision::Match,
            score if score >= lowest_review => Decision::Review,
            _ => Decision::NoMatch,
        }
    }
}

/// The band of a score of 0 to 100.
pub(super) fn band(score: u8) -> &'static str {
    BANDS.iter().find(|(lowest, _)| score >= *lowest).map_or("NO_MATCH", |(_, word)| word)
}
