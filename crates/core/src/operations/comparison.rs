//! Whether the record that came is of whom it was asked: what the caller gave about a person, held against what the record tells of one.
//!
//! A registry or bureau finds by a number, and numbers are mistyped, shared and masked to four digits. So a yes about somebody else is no yes: what
//! differs, and what was given to be compared and is not told, makes it a review. A record is never refused here. Nothing that is compared is quoted.

use super::{Finding, Note};
use crate::keys::Action;
use crate::names::{Decision, Policy, match_names};
use crate::pieces;
use crate::time::written_parts;

/// What was found to differ so far, as parts of a sentence.
#[derive(Default)]
pub(super) struct Comparison {
    differences: Vec<String>,
}

/// What it means that the record does not tell a fact.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Untold {
    /// Nothing: the document does not promise it.
    Nothing,
    /// It was given to be compared, and was not.
    Doubt,
}

impl Comparison {
    /// The name that was given, and the record's; a record without a name is nobody's.
    pub(super) fn name(&mut self, given: Option<&str>, told: Option<&str>, policy: Policy) {
        let Some(given) = given else { return };
        let Some(told) = told.filter(|told| !told.trim().is_empty()) else { return self.is_untold("name") };
        let compared = match_names(told, given, policy);
        if compared.decision != Decision::Match {
            let mut codes: Vec<_> = compared.reasons.iter().map(|reason| reason.code).collect();
            codes.dedup();
            self.differences.push(["the name differs (", &pieces::listed(&codes), ")"].concat());
        }
    }

    /// The day of birth that was given, and the record's, each in any form.
    pub(super) fn born(&mut self, given: Option<&str>, told: Option<&str>, untold: Untold) {
        let Some(given) = given.and_then(written_parts) else { return };
        match told.map(written_parts) {
            Some(Some(told)) if told == given => {}
            Some(Some(_)) => self.differs("date of birth"),
            Some(None) | None if untold == Untold::Doubt => self.is_untold("date of birth"),
            Some(None) | None => {}
        }
    }

    /// A fact that was given, and those of its kind in the record: it is one of them.
    pub(super) fn one_of<'a>(&mut self, what: &str, given: Option<&str>, told: impl IntoIterator<Item = &'a str>, untold: Untold) {
        let Some(given) = given else { return };
        let mut told = told.into_iter().peekable();
        if told.peek().is_none() {
            if untold == Untold::Doubt {
                self.is_untold(what);
            }
        } else if !told.any(|told| same(given, told)) {
            self.differs(what);
        }
    }

    fn differs(&mut self, what: &str) {
        self.differences.push(["the ", what, " differs"].concat());
    }

    fn is_untold(&mut self, what: &str) {
        self.differences.push(["it tells no ", what].concat());
    }

    /// The finding, for review where anything differs.
    pub(super) fn judge(self, mut finding: Finding) -> Finding {
        if !self.differences.is_empty() {
            let differences: Vec<_> = self.differences.iter().map(String::as_str).collect();
            let message =
                ["The record may be another person's: ", &pieces::listed(&differences), ". Compare it with the customer before using it."];
            finding.action = Action::Review;
            finding.notes.insert(0, Note { message: message.concat().into(), ..Note::new(OTHER_PERSON, "") });
        }
        finding
    }
}

/// The code of the note.
const OTHER_PERSON: &str = "other_person";

/// Whether two numbers are one: letters and digits alone count. A masked one (`XXXX-XXXX-1234`) is told as far as it shows.
fn same(given: &str, told: &str) -> bool {
    let plain = |text: &str| text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect::<Vec<_>>();
    let (given, told) = (plain(given), plain(told));
    let is_mask = |text: &[u8]| text.starts_with(b"XXXX");
    let shown = told.iter().rev().take_while(|byte| **byte != b'X').count();
    given == told || (is_mask(&told) && given.len() >= shown && pieces::shared(&given, &told).1 >= shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_in_any_punctuation_and_under_a_mask() {
        for (given, told) in [
            ("ABCPE1234F", "abcpe1234f"),
            ("MH12 20110012345", "MH1220110012345"),
            ("234123412346", "XXXX XXXX 2346"),
            ("1234", "XXXX-XXXX-1234"),
        ] {
            assert!(same(given, told), "{given} {told}");
        }
        for (given, told) in
            [("ABCPE1234F", "ABCPE1235F"), ("234123412346", "XXXX XXXX 2347"), ("9876543210", "9876543211"), ("9876543210", "")]
        {
            assert!(!same(given, told), "{given} {told}");
        }
    }
}
